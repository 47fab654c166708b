"""Forms that several sections share."""

from datetime import date
from typing import Any, Final, NamedTuple

from django import forms
from django.utils import timezone

from accounts.russian import short_date
from schools.actions.acts import stored_as
from schools.errors import ActRefused
from schools.models import LegalAct, School, Territory

YEARS: Final = (1990, 2100)
SURE: Final = "date_is_right"  # asked only about a date that is hardly meant


class Since(NamedTuple):
    """What a document brings about, «исключена школа», and since when."""

    what: str
    day: date


class Before(NamedTuple):
    """What a document usually comes after: «расчёт проведён», and when that was."""

    what: str
    day: date


class LegalActForm(forms.ModelForm[LegalAct]):
    """The order that something rests on: chosen words as they will stand in documents.

    before: a date earlier than this is asked about, as one that has not come is. since: one later than this is, for
    what a document brings about usually comes after it.
    """

    class Meta:
        model = LegalAct
        fields = ("kind", "issuer_genitive", "date", "number", "title")
        labels = {"issuer_genitive": "Чей документ", "title": "О чём"}
        help_texts = {"issuer_genitive": "В родительном падеже: «управления образования … округа»"}
        widgets = {"date": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        error_messages = {
            "kind": {"required": "Выберите вид документа.", "invalid_choice": "Выберите вид из предложенных."},
            "number": {"required": "Укажите номер документа."},
            "date": {"required": "Укажите дату документа.", "invalid": "Введите дату в виде ДД.ММ.ГГГГ."},
            "issuer_genitive": {"required": "Укажите, чей это документ."},
        }

    def __init__(self, *args: Any, before: Before | None = None, since: Since | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "act")
        super().__init__(*args, **kwargs)
        self.before, self.since = before, since

    def clean_date(self) -> date | None:
        """Refuse a year that is a slip of the finger: the document would stand above or below all others."""
        day: date | None = self.cleaned_data["date"]
        if day and not YEARS[0] <= day.year <= YEARS[1]:
            raise forms.ValidationError(f"Укажите год от {YEARS[0]} до {YEARS[1]}.")
        return day

    def clean(self) -> dict[str, Any]:
        """Ask about a date that is hardly meant: nothing can rest on an order that was not there."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        day = cleaned.get("date")
        if day and (doubt := self.doubt_about(day)):
            self.fields[SURE] = forms.BooleanField(label="Дата верна", required=False)
            self.order_fields(("kind", "issuer_genitive", "date", SURE))
            if not self.data.get(self.add_prefix(SURE)):
                self.add_error("date", f"{doubt} Исправьте её или отметьте «Дата верна».")
        return cleaned

    def doubt_about(self, day: date) -> str:
        """Return what is odd about a date, "" for an ordinary one."""
        if day > timezone.localdate():
            return f"Дата {short_date(day)} ещё не наступила."
        if self.before and day < self.before.day:
            return f"Дата {short_date(day)} раньше, чем {self.before.what} ({short_date(self.before.day)})."
        if self.since and day > self.since.day:
            return f"Дата {short_date(day)} позже, чем {self.since.what} ({short_date(self.since.day)})."
        return ""

    def is_valid_for(self, body: Territory | School) -> bool:
        """Answer whether the act may be stored as one of a body: the same requisites are not those of another act."""
        if not self.is_valid():
            return False
        try:
            if act := self.document(body):
                stored_as(act)
        except ActRefused as refusal:
            self.refuse(refusal)
        return not self.errors

    def refuse(self, refusal: ActRefused) -> None:
        """Tell a refusal at its field: somebody may store the document between the check of the form and the action."""
        self.add_error(refusal.field, refusal.text)

    def document(self, body: Territory | School) -> LegalAct | None:
        """Return the act, not stored yet."""
        return self.for_body(body)

    def for_body(self, body: Territory | School) -> LegalAct:
        """Return the act, not saved yet, of a territory or a school."""
        act: LegalAct = self.save(commit=False)
        act.territory = body if isinstance(body, Territory) else None
        act.school = body if isinstance(body, School) else None
        return act
