"""What people type into monitoring."""

from typing import Any

from django import forms

from accounts.forms import RowChoiceField, RowsChoiceField
from accounts.models import User
from monitoring.actions.submissions import Value
from monitoring.choices import Stage
from monitoring.models import MetricSet, MonitoringCycle
from schools.models import School, Territory
from schools.support import on_support

WHOLE_NUMBER = "Введите целое число от 0 до 1 000 000. Сейчас в поле «{value}»."
LARGEST = 1_000_000
REMARK_CHARS = 2000
REPEATED_CHARS = 40
YEARS = (2015, 2100)
WRONG_DATE = {"invalid": "Введите дату в виде ДД.ММ.ГГГГ."}
WRONG_YEAR = f"Укажите год от {YEARS[0]} до {YEARS[1]}."


class CountField(forms.IntegerField):
    """A count: a whole number from 0, or nothing. The message repeats what was typed.

    Spaces between digits are those of «1 846» copied from a table.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=LARGEST, required=False, **kwargs)

    def clean(self, value: Any) -> int | None:
        try:
            number: int | None = super().clean("".join(str(value or "").split()))
        except forms.ValidationError:
            raise forms.ValidationError(WHOLE_NUMBER.format(value=value[:REPEATED_CHARS])) from None
        return number


class ReadingForm(forms.Form):
    """One metric of a school. seen_version: the version that the page showed."""

    numerator = CountField()
    denominator = CountField()
    absence_reason = forms.CharField(
        max_length=250,
        required=False,
        error_messages={"max_length": "Не больше 250 знаков. Сократите причину."},
    )
    comment = forms.CharField(max_length=500, required=False)
    seen_version = forms.IntegerField(min_value=0)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        numerator, denominator = cleaned.get("numerator"), cleaned.get("denominator")
        if numerator is not None and denominator is not None and numerator > denominator:
            text = f"Доля не бывает больше 100 %: {numerator} из {denominator}. Проверьте оба числа."
            self.add_error("numerator", text)
        if cleaned.get("absence_reason") and (numerator is not None or denominator is not None):
            self.add_error("absence_reason", "Укажите либо числа, либо причину, по которой их нет.")
        return cleaned

    def value(self) -> Value:
        data = self.cleaned_data
        return Value(
            numerator=data["numerator"],
            denominator=data["denominator"],
            absence_reason=data["absence_reason"],
            comment=data["comment"],
        )


class CycleForm(forms.ModelForm[MonitoringCycle]):
    """A new cycle; the order it rests on is `schools.forms.LegalActForm` on the same page."""

    schools = RowsChoiceField(
        School.objects.none(),
        label="Участвуют в цикле",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Выберите хотя бы одну школу.", "invalid_choice": "Выберите школы из списка."},
    )

    class Meta:
        model = MonitoringCycle
        fields = ("stage", "territory", "year", "metric_set", "as_of_date", "opens_on", "deadline")
        labels = {"stage": "Этап"}
        error_messages = {
            "stage": {"required": "Выберите этап.", "invalid_choice": "Выберите этап из предложенных."},
            "territory": {"required": "Выберите территорию."},
            "year": {"required": "Укажите год."},
            "metric_set": {"required": "Выберите показатели."},
            "as_of_date": {"required": "Укажите, на какую дату собираются данные.", **WRONG_DATE},
            "opens_on": {"required": "Укажите, когда начинается сбор.", **WRONG_DATE},
            "deadline": {"required": "Укажите, до какого дня школы сдают показатели.", **WRONG_DATE},
        }
        field_classes = dict.fromkeys(("territory", "metric_set"), RowChoiceField)
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in (
                "as_of_date",
                "opens_on",
                "deadline",
            )
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [("", "Выберите этап"), *Stage.choices]  # type: ignore[attr-defined]  # a choice
        for name, words in (("territory", "Выберите территорию"), ("metric_set", "Выберите показатели")):
            self.fields[name].empty_label = words  # type: ignore[attr-defined]  # a choice of rows
        self.fields["territory"].queryset = Territory.objects.visible_to(user).municipalities()  # type: ignore[attr-defined]  # a choice of rows
        self.fields["metric_set"].queryset = MetricSet.objects.order_by("-version")  # type: ignore[attr-defined]  # a choice of rows
        for name in ("territory", "metric_set"):
            self.fields[name].initial = only_choice(self.fields[name])
        self.fields["schools"].initial = on_support(School.objects.visible_to(user))
        self.fields["schools"].queryset = School.objects.visible_to(user).active()  # type: ignore[attr-defined]  # a choice of rows

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        years = {name: getattr(cleaned.get(name), "year", None) for name in ("as_of_date", "opens_on", "deadline")}
        for name, year in {**years, "year": cleaned.get("year")}.items():
            if year is not None and not YEARS[0] <= year <= YEARS[1]:
                self.add_error(name, WRONG_YEAR)
        territory = cleaned.get("territory")
        strangers = [s.name for s in cleaned.get("schools", []) if territory and s.territory_id != territory.pk]
        if strangers:
            self.add_error("schools", f"Эти школы не из выбранной территории: {', '.join(strangers)}.")
        return cleaned


def only_choice(field: Any) -> Any:
    """Return the row of a field of choice that has just one, None when there is something to choose."""
    rows = list(field.queryset[:2])
    return rows[0] if len(rows) == 1 else None


class RemarkForm(forms.Form):
    """Why readings go back to the school."""

    remark = forms.CharField(
        label="Что исправить",
        max_length=REMARK_CHARS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Напишите, что исправить: школа увидит это замечание.",
            "max_length": f"Не больше {REMARK_CHARS} знаков. Сократите замечание.",
        },
    )
