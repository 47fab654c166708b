"""Fields and forms that every section shares."""

from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


SIZES = [("", "100 %"), ("125", "125 %"), ("150", "150 %"), ("200", "200 %")]
CONTRASTS = [("", "Обычные"), ("bw", "Чёрным по белому"), ("wb", "Белым по чёрному")]
SPACINGS = [("", "Обычные"), ("wide", "Увеличенные")]


class PreferencesForm(forms.Form):
    """«Версия для слабовидящих»: an empty value is the default look."""

    size = forms.ChoiceField(choices=SIZES, required=False)
    contrast = forms.ChoiceField(choices=CONTRASTS, required=False)
    space = forms.ChoiceField(choices=SPACINGS, required=False)


class RowChoiceField(forms.ModelChoiceField[Row], Generic[Row]):
    """A row out of those offered. A key that is none at all is answered as one not offered, and never quoted."""

    def to_python(self, value: Any) -> Row | None:
        try:
            return super().to_python(value)
        except forms.ValidationError as refused:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from refused


class RowsChoiceField(forms.ModelMultipleChoiceField[Row], Generic[Row]):
    """The same for several rows."""

    default_error_messages: ClassVar = {"invalid_choice": "Выберите из предложенных."}

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except forms.ValidationError as refused:
            if refused.code == "required":
                raise
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from refused
