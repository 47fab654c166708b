"""Input of people: a new roadmap, remarks, reports of execution, evidence."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django import forms

from accounts.models import User
from accounts.permissions import Permission
from roadmaps.actions.reporting import REPORTED
from roadmaps.choices import EvidenceKind, MeasureStatus, RevisionReason, RoadmapKind
from roadmaps.uploads import ALLOWED, CHECKS
from schools.access import scope_of
from schools.models import School, Territory

WRONG_DATE: Final = {"invalid": "Введите дату в виде ДД.ММ.ГГГГ."}
YEARS: Final = (2015, 2100)
LONGEST_YEARS: Final = 10
YEAR_IN_LABEL: Final = re.compile(r"\b20\d\d\b")


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RoadmapForm(forms.Form):
    """A new roadmap of a school or a territory that the person keeps."""

    owner = forms.ChoiceField(label="Чья карта", error_messages={"required": "Выберите школу или территорию."})
    kind = forms.ChoiceField(label="Вид", choices=RoadmapKind.choices, initial=RoadmapKind.ROADMAP)
    year_label = forms.CharField(
        label="Год",
        max_length=40,
        help_text="Например: 2026 или 2026/27 учебный год",
        error_messages={"required": "Укажите год карты."},
    )
    title = forms.CharField(label="Название", max_length=300, required=False, help_text="Можно не заполнять")
    goal = forms.CharField(label="Цель", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    period_from = forms.DateField(
        label="Начало",
        widget=date_input(),
        error_messages={"required": "Укажите начало периода.", **WRONG_DATE},
    )
    period_to = forms.DateField(
        label="Окончание",
        widget=date_input(),
        error_messages={"required": "Укажите окончание периода.", **WRONG_DATE},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = owners_for(user)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)  # noqa: S101  for the types
        owner.choices = [("", "Выберите"), *((key, str(thing)) for key, thing in self.owners.items())]

    def clean_year_label(self) -> str:
        label: str = self.cleaned_data["year_label"].strip()
        if not YEAR_IN_LABEL.search(label):
            raise forms.ValidationError("Укажите год цифрами, например: 2026 или 2026/27 учебный год.")
        return label

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("period_from"), cleaned.get("period_to")
        for name in ("period_from", "period_to"):
            if cleaned.get(name) and not YEARS[0] <= cleaned[name].year <= YEARS[1]:
                self.add_error(name, f"Укажите год от {YEARS[0]} до {YEARS[1]}.")
        if first and last and first > last:
            self.add_error("period_to", "Карта не может закончиться раньше, чем началась. Проверьте даты.")
        elif first and last and last.year - first.year > LONGEST_YEARS:
            self.add_error("period_to", f"Карта длиннее {LONGEST_YEARS} лет. Проверьте даты.")
        return cleaned

    @property
    def chosen_owner(self) -> School | Territory:
        return self.owners[self.cleaned_data["owner"]]


def owners_for(user: User) -> dict[str, School | Territory]:
    """Return whose roadmaps the person keeps: primary key as text -> school or territory; territories first."""
    territories = Territory.objects.filter(scope_of(user, Permission.EDIT_MUNICIPAL_ROADMAP).territories_q())
    schools = School.objects.active().filter(scope_of(user, Permission.EDIT_ROADMAP).schools_q())
    things: Iterable[School | Territory] = [*territories, *schools]
    return {str(thing.pk): thing for thing in things}


def year_period(today: date) -> dict[str, Any]:
    """Return the period that a new roadmap begins with: the year, from autumn on the next one."""
    year = today.year + (today.month >= 9)
    return {"year_label": str(year), "period_from": date(year, 1, 1), "period_to": date(year, 12, 31)}


class RemarkForm(forms.Form):
    reason = forms.CharField(required=False, max_length=2000)


class RevisionForm(forms.Form):
    """Why an approved roadmap changes."""

    reason = forms.ChoiceField(label="Причина изменений", choices=RevisionReason.choices)
    note = forms.CharField(label="Пояснение", required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


class ReportForm(forms.Form):
    """How a measure stands, as those who carry it out say."""

    status = forms.ChoiceField(
        label="Статус",
        choices=[(status.value, status.label) for status in REPORTED],
        error_messages={"required": "Выберите статус.", "invalid_choice": "Выберите статус из предложенных."},
    )
    done_on = forms.DateField(
        label="Дата исполнения",
        required=False,
        widget=date_input(),
        error_messages=WRONG_DATE,
        help_text="Для исполненного. Позже срока — «исполнено с нарушением срока»",
    )
    progress = forms.IntegerField(
        label="Готовность, %",
        required=False,
        min_value=0,
        max_value=100,
        error_messages={
            "min_value": "Введите число от 0 до 100.",
            "max_value": "Введите число от 0 до 100.",
            "invalid": "Введите целое число от 0 до 100.",
        },
    )
    actual_result = forms.CharField(
        label="Фактический результат",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_status(self) -> MeasureStatus:
        return MeasureStatus(self.cleaned_data["status"])


class EvidenceForm(forms.Form):
    """A file, a link or the requisites of a document."""

    kind = forms.ChoiceField(
        label="Вид документа",
        choices=EvidenceKind.choices,
        error_messages={
            "required": "Выберите вид документа.",
            "invalid_choice": "Выберите вид документа из предложенных.",
        },
    )
    file = forms.FileField(
        label="Файл",
        required=False,
        help_text=f"{ALLOWED}, до 20 МБ",
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{suffix}" for suffix in CHECKS)}),
        max_length=200,
        error_messages={"empty": "Файл пустой. Выберите другой.", "max_length": "Сократите имя файла до 200 знаков."},
    )
    url = forms.URLField(
        label="или ссылка",
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": "Введите адрес страницы, например https://school.example/plan."},
    )
    text = forms.CharField(
        label="или реквизиты документа",
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"placeholder": "Приказ от 05.03.2026 № 12"}),
    )
