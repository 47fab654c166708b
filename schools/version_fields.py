"""Fields that the forms of versions share: of rules, and of cluster sets."""

from typing import Any, Final

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet

from accounts.forms import RowChoiceField
from accounts.models import User
from schools.forms import YEARS
from schools.models import LegalAct
from schools.models.versions import Version

TEXT_LENGTH: Final = 4000


class CodeField(forms.CharField):
    """A code of letters, figures and hyphens, given back as codes are written, in capitals."""

    def __init__(self, **kwargs: Any) -> None:
        written = RegexValidator(r"^[A-Za-zА-ЯЁа-яё0-9][A-Za-zА-ЯЁа-яё0-9-]*\Z", "Пишите буквы, цифры и дефис.")
        super().__init__(max_length=40, validators=[written], **kwargs)

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).upper()


class LinesField(forms.CharField):
    """A text of several lines, told apart as it is stored: browsers send other ends of lines."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


def title_field() -> forms.CharField:
    return forms.CharField(label="Название", max_length=250, error_messages={"required": "Укажите название."})


def year_field(label: str, help_text: str = "") -> forms.IntegerField:
    told = f"Введите год от {YEARS[0]} до {YEARS[1]}."
    return forms.IntegerField(
        label=label,
        min_value=YEARS[0],
        max_value=YEARS[1],
        help_text=help_text,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), told),
    )


def basis_field() -> RowChoiceField[LegalAct]:
    """Return the field of the document that a version rests on; the form offers `acts_for`."""
    return RowChoiceField(
        queryset=LegalAct.objects.none(),
        label="Документ-основание",
        required=False,
        empty_label="не указан",
        error_messages={"invalid_choice": "Выберите документ из списка."},
    )


def acts_for(version: Version | None, user: User) -> QuerySet[LegalAct]:
    """Return the documents of territories that the person sees, and the one that the version has."""
    acts = LegalAct.objects.visible_to(user).filter(school__isnull=True)
    chosen = version.basis_document_id if version else None
    return (acts | LegalAct.objects.filter(pk=chosen)).distinct() if chosen else acts
