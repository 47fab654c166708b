"""Forms of lists that come from a document: which list, and which schools are in it."""

from typing import Any, Final, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone

from accounts.forms import RowChoiceField
from accounts.models import User
from accounts.permissions import Permission
from schools.access import scope_of
from schools.choices import ListKind
from schools.forms import Since
from schools.models import Territory

PASTED_CHARS: Final = 200_000
FIRST_YEAR: Final = 2015
REASON_LENGTH: Final = 10


class OutsideListForm(forms.Form):
    """A list that an order fixed elsewhere: its kind, year of results and territory."""

    kind = forms.ChoiceField(
        label="Вид перечня",
        choices=ListKind.choices,
        error_messages={"required": "Выберите вид перечня.", "invalid_choice": "Выберите вид из предложенных."},
    )
    year = forms.IntegerField(
        label="По результатам года",
        error_messages=dict.fromkeys(("required", "invalid"), "Введите год четырьмя цифрами."),
    )
    territory = RowChoiceField(
        Territory.objects.none(),
        label="Территория",
        empty_label=None,
        error_messages={"required": "Выберите территорию.", "invalid_choice": "Выберите территорию из списка."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "outside_%s", **kwargs})
        scope = scope_of(user, Permission.PUBLISH_LIST)
        field: Any = self.fields["territory"]
        field.queryset = Territory.objects.filter(scope.territories_q()).order_by("level", "name", "pk")

    def clean_year(self) -> int:
        """Refuse a year that is a slip of the finger: a list rests on results that there are or soon will be."""
        year: int = self.cleaned_data["year"]
        last = timezone.localdate().year + 1
        if not FIRST_YEAR <= year <= last:
            raise forms.ValidationError(f"Введите год от {FIRST_YEAR} до {last}.")
        return year


class SchoolsForm(forms.Form):
    """Schools for a list: ticked in the search, pasted one in a line, or in a workbook."""

    school = forms.MultipleChoiceField(required=False)
    pasted = forms.CharField(
        label="Вставьте школы, по одной в строке: название, ИНН или логин",
        required=False,
        max_length=PASTED_CHARS,
        widget=forms.Textarea(attrs={"rows": 5, "class": "form-control"}),
        error_messages={"max_length": "Слишком много текста. Вставьте школы в несколько приёмов."},
    )
    file = forms.FileField(
        label="Или выберите книгу XLSX",
        required=False,
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".xlsx"}),
        error_messages={"empty": "Файл пуст. Выберите другой."},
    )
    note = forms.CharField(
        label="Примечание к каждой школе",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        error_messages={"max_length": "Слишком длинно: не больше 500 знаков."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "add_%s", **kwargs})
        field: Any = self.fields["school"]
        ticked = self.data.getlist("school") if hasattr(self.data, "getlist") else []
        field.choices = [(key, key) for key in ticked]  # which of them exist is asked where they are added

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned[name] for name in ("school", "pasted", "file")):
            self.add_error(None, "Отметьте школы в поиске, вставьте их или выберите книгу.")
        return cleaned

    def leave(self, lines: list[str]) -> None:
        """Keep only these lines in the field of pasted schools, to be corrected."""
        data = cast("QueryDict", self.data).copy()
        data["pasted"] = "\n".join(lines)
        self.data = data


class ExclusionForm(forms.Form):
    """When a school left a published list and why; the order is a form of its own beside it."""

    excluded_on = forms.DateField(
        label="Исключена с",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Укажите дату исключения.", "invalid": "Введите дату в виде ДД.ММ.ГГГГ."},
    )
    note = forms.CharField(
        label="Почему",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "Слишком длинно: не больше 1000 знаков."},
    )

    @property
    def since(self) -> Since | None:
        """Return what the order brings about, for its date; None without a day."""
        day = self.cleaned_data.get("excluded_on")
        return Since("исключена школа", day) if day else None


class AnnulmentForm(forms.Form):
    """Since when an exclusion is void and why; the document is a form of its own beside it."""

    annulled_on = forms.DateField(
        label="Исключение отменено с",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Укажите дату отмены.", "invalid": "Введите дату в виде ДД.ММ.ГГГГ."},
    )
    note = forms.CharField(
        label="Почему исключение отменено",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Напишите, почему исключение отменено.",
            "max_length": "Слишком длинно: не больше 1000 знаков.",
        },
    )

    @property
    def since(self) -> Since | None:
        """Return what the document brings about, for its date; None without a day."""
        day = self.cleaned_data.get("annulled_on")
        return Since("отменено исключение", day) if day else None


class AmendmentForm(forms.Form):
    """A school that a person puts into the draft of a counted list, or takes out of it, with the reason."""

    school = forms.UUIDField(
        label="Школа", error_messages={"required": "Отметьте школу.", "invalid": "Такой школы нет."}
    )
    reason = forms.CharField(
        label="Почему",
        min_length=REASON_LENGTH,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        error_messages={
            "required": "Напишите причину: она останется рядом с перечнем.",
            "min_length": f"Напишите не менее {REASON_LENGTH} знаков: причина останется рядом с перечнем.",
            "max_length": "Слишком длинно: не больше 1000 знаков.",
        },
    )
