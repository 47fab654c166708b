"""Forms that several sections share."""

from typing import Any

from django import forms

from schools.models import LegalAct, School, Territory


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

    def for_body(self, body: Territory | School) -> LegalAct:
        """Return the act, not saved yet, of a territory or a school."""
        act: LegalAct = self.save(commit=False)
        act.territory = body if isinstance(body, Territory) else None
        act.school = body if isinstance(body, School) else None
        return act
