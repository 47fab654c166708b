"""The question of a new report, as people put it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission
from accounts.russian import count, short_date
from reports.choices import ONE_SCHOOL_KINDS, SCHOOL_KINDS, TODAY_KINDS, FileFormat, ReportKind
from reports.periods import Period, periods_on, spans_on
from reports.requests import ReportRequest, day_of_data
from schools.access import scope_of
from schools.models import School, Territory
from schools.models.registry import SchoolQuerySet

OWN_PERIOD: Final = "own"
FIRST_YEAR: Final = 2015  # no results are older
SCHOOLS: Final = "школа,школы,школ"
OF_SCHOOLS: Final = ", ".join(f"«{ReportKind(kind).label}»" for kind in sorted(SCHOOL_KINDS))
ONE_SCHOOL: Final = f"Одна школа (только {OF_SCHOOLS})"  # a page without scripts says it too
OF_TODAY: Final = ", ".join(f"«{ReportKind(kind).label}»" for kind in sorted(TODAY_KINDS))
ASKED: Final = frozenset({"kind", "scope", "period", "period_from", "period_to", "as_of"})
SCHOOLS_OFFERED: Final = 200  # longer lists belong to a page of their own


class ScopeSelect(forms.Select):
    """Territories and schools; single schools are offered with the kinds that are about one school."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        if str(option["value"]).startswith("school:"):
            option["attrs"]["data-when"] = f"kind={'|'.join(sorted(SCHOOL_KINDS))}"
        return option


class PeriodSelect(forms.Select):
    """Times; several years are offered with the kind that is about them."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        if "-" in str(option["value"]):
            option["attrs"]["data-when"] = f"kind={ReportKind.R9}"
        return option


class ReportForm(forms.Form):
    kind = forms.ChoiceField(
        label="Вид",
        choices=ReportKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите вид справки."},
    )
    scope = forms.ChoiceField(
        label="Охват", widget=ScopeSelect, error_messages={"required": "Выберите территорию или школу."}
    )
    period = forms.ChoiceField(label="Период", widget=PeriodSelect, error_messages={"required": "Выберите период."})
    period_from = forms.DateField(label="С", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    period_to = forms.DateField(label="По", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    as_of = forms.DateField(
        label="Данные на",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Перечни, приказы и карты — какими они были в этот день. Пусто — последний день периода, но не позже "
        f"сегодняшнего. {OF_TODAY} — всегда на сегодня.",
        error_messages={"invalid": "Введите дату в виде ДД.ММ.ГГГГ."},
    )
    signer_position = forms.CharField(label="Подписывает: должность", max_length=250, required=False)
    signer_name = forms.CharField(label="И.О. Фамилия", max_length=120, required=False)
    formats = forms.MultipleChoiceField(
        label="Формат",
        choices=FileFormat.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": "Выберите хотя бы один формат."},
    )

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        self.user, self.today = user, today
        self.periods = {period.code: period for period in (*periods_on(today), *spans_on(today))}
        super().__init__(*args, **kwargs)
        self.choose("scope", scope_choices(user, str(self["scope"].value() or "")))
        own = [(OWN_PERIOD, "Свой период…")]
        self.choose("period", [(code, period.title) for code, period in self.periods.items()] + own)
        self.initial = {**self.first_choices(), **self.initial}

    def choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = choices

    def first_choices(self) -> dict[str, Any]:
        return {
            "kind": ReportKind.R1,
            "period": next(iter(self.periods)),
            "signer_position": self.user.position,
            "signer_name": self.user.signature_name if self.user.position else "",
            "formats": [FileFormat.PDF, FileFormat.XLSX],
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.check_signer(cleaned)
        self.check_school(cleaned)
        if cleaned.get("period") == OWN_PERIOD:
            self.check_own_period(cleaned)
        if cleaned.get("as_of") and cleaned.get("kind") not in TODAY_KINDS and not self.errors:
            self.check_day(cleaned["as_of"])
        return cleaned

    def check_day(self, day: date) -> None:
        """Refuse a day before the period, of which it knows nothing, and one that nobody has seen yet."""
        start = self.chosen_period().start
        if day > self.today:
            self.add_error("as_of", f"Этот день ещё не наступил. Укажите день не позже {short_date(self.today)}.")
        elif day < start:
            self.add_error("as_of", f"Период начинается {short_date(start)}. Укажите день не раньше.")

    def check_signer(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("signer_name") and not cleaned.get("signer_position"):
            self.add_error("signer_position", "Укажите должность: без неё подпись не оформить.")
        if cleaned.get("signer_position") and not cleaned.get("signer_name"):
            self.add_error("signer_name", "Укажите инициалы и фамилию, например: И.К. Воронов.")

    def check_school(self, cleaned: dict[str, Any]) -> None:
        is_school = str(cleaned.get("scope", "")).startswith("school:")
        if is_school and cleaned.get("kind") not in SCHOOL_KINDS:
            self.add_error("scope", "Этот вид составляется по территории. Выберите «Все школы».")
        if cleaned.get("scope") and not is_school and cleaned.get("kind") in ONE_SCHOOL_KINDS:
            self.add_error("scope", "Этот вид составляется по одной школе. Выберите школу.")

    def check_own_period(self, cleaned: dict[str, Any]) -> None:
        start, end = cleaned.get("period_from"), cleaned.get("period_to")
        if not start and "period_from" not in self.errors:
            self.add_error("period_from", "Укажите первый день периода.")
        if not end and "period_to" not in self.errors:
            self.add_error("period_to", "Укажите последний день периода.")
        if start and end and start > end:
            self.add_error("period_to", f"Период заканчивается раньше, чем начинается: {end:%d.%m.%Y}.")
        for name, day in (("period_from", start), ("period_to", end)):
            if day and not FIRST_YEAR <= day.year <= self.today.year + 1:
                self.add_error(name, f"Укажите год от {FIRST_YEAR} до {self.today.year + 1}.")

    def chosen_period(self) -> Period:
        cleaned = self.cleaned_data
        known = self.periods.get(cleaned["period"])
        return known or Period(code=OWN_PERIOD, title="", start=cleaned["period_from"], end=cleaned["period_to"])

    def request(self) -> ReportRequest:
        """Return the question of a valid form. Raises ActionRefused."""
        cleaned, period = self.cleaned_data, self.chosen_period()
        level, pk = cleaned["scope"].split(":")
        school = School.objects.get(pk=pk) if level == "school" else None
        return ReportRequest(
            kind=cleaned["kind"],
            territory=school.territory_id if school else UUID(pk),
            school=school.pk if school else None,
            period_from=period.start,
            period_to=period.end,
            as_of=day_of_data(cleaned["kind"], asked=cleaned["as_of"], end=period.end, today=self.today),
            dated=self.today,
            signer_position=cleaned["signer_position"],
            signer_name=cleaned["signer_name"],
            executor=executor_line(self.user, signer=cleaned["signer_name"]),
            formats=tuple(sorted(cleaned["formats"])),
        )


def executor_line(user: User, *, signer: str) -> str:
    """Return requisite 25, «Фамилия И. О., должность, телефон»; nothing when the person signs too."""
    if signer == user.signature_name:
        return ""
    return ", ".join(part for part in (user.short_name, user.position, user.phone) if part)


def scope_choices(user: User, asked: str = "") -> list[Any]:
    """Return the territories and schools that the person may report on.

    asked: «school:…» of a page that leads here; of too many schools it is offered alone.
    """
    scope = scope_of(user, Permission.BUILD_REPORTS)
    territories = list(Territory.objects.filter(scope.territories_q()).order_by("level", "name", "pk"))
    choices: list[Any] = [
        (f"territory:{territory.pk}", f"Все школы: {territory} ({count(number, SCHOOLS)})")
        for territory, number in zip(territories, school_counts(territories), strict=True)
    ]
    schools = School.objects.active().filter(scope.schools_q()).order_by("name", "pk")
    named = [(f"school:{school.pk}", school.name) for school in schools[: SCHOOLS_OFFERED + 1]]
    if len(named) > SCHOOLS_OFFERED:
        named = asked_school(schools, asked)
    if named:
        choices.append((ONE_SCHOOL, named))
    return choices


def asked_school(schools: SchoolQuerySet, asked: str) -> list[tuple[str, str]]:
    try:
        found = schools.filter(pk=UUID(asked.removeprefix("school:")))
    except ValueError:  # nothing is asked, a territory, or a forged text
        return []
    return [(f"school:{school.pk}", school.name) for school in found]


def school_counts(territories: list[Territory]) -> list[int]:
    """Return how many active schools each territory has; a region has those of its municipalities."""
    pairs = School.objects.active().values_list("territory_id", "territory__parent_id")
    own = list(pairs) if territories else []
    return [sum(territory.pk in pair for pair in own) for territory in territories]


def new_form(user: User, data: Any = None, *, asked: Mapping[str, str] | None = None) -> ReportForm:
    """Return the form. asked: what the page that leads here has chosen, of the fields that a question has."""
    initial = {name: value for name, value in (asked or {}).items() if name in ASKED and value}
    return ReportForm(data, user=user, today=timezone.localdate(), initial=initial)
