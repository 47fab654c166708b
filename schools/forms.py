"""Forms that several sections share."""

from datetime import date
from typing import Any, Final

from django import forms
from django.utils import timezone

from accounts.russian import short_date
from schools.models import LegalAct, School, Territory

YEARS: Final = (1990, 2100)
SURE: Final = "date_is_right"  # asked only about a date that has not come


class LegalActForm(forms.ModelForm[LegalAct]):
    """The order that something rests on: chosen words as they will stand in documents."""

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "act")
        super().__init__(*args, **kwargs)

    def clean_date(self) -> date | None:
        """Refuse a year that is a slip of the finger: the document would stand above or below all others."""
        day: date | None = self.cleaned_data["date"]
        if day and not YEARS[0] <= day.year <= YEARS[1]:
            raise forms.ValidationError(f"Укажите год от {YEARS[0]} до {YEARS[1]}.")
        return day

    def clean(self) -> dict[str, Any]:
        """Ask about a date that has not come: published with it, a list would tell schools of an order to be."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        day = cleaned.get("date")
        if day and day > timezone.localdate():
            self.fields[SURE] = forms.BooleanField(label="Дата верна, документ датирован будущим днём", required=False)
            self.order_fields(("kind", "issuer_genitive", "date", SURE))
            if not self.data.get(self.add_prefix(SURE)):
                what = f"Дата {short_date(day)} ещё не наступила."
                self.add_error("date", f"{what} Исправьте её или отметьте «Дата верна».")
        return cleaned

    def for_body(self, body: Territory | School) -> LegalAct:
        """Return the act, not saved yet, of a territory or a school."""
        act: LegalAct = self.save(commit=False)
        act.territory = body if isinstance(body, Territory) else None
        act.school = body if isinstance(body, School) else None
        return act
