"""Forms of the pages of profiles."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.forms import RowChoiceField
from accounts.models import User
from accounts.permissions import Permission
from riskprofiles.choices import LEVEL_CHOICES, RISK_LEVEL_CHOICES, VERDICT_CHOICES
from riskprofiles.models import FactorCatalogue, ProfileFactor
from riskprofiles.scoring import RiskLevel
from schools.access import scope_of
from schools.models import SchoolList

REASON_CHARS = 2000


class OpenProfilesForm(forms.Form):
    """For the schools of which list, for which year, by which catalogue."""

    school_list = RowChoiceField(
        SchoolList.objects.none(),
        label="Перечень",
        empty_label=None,
        error_messages={
            "required": "Выберите опубликованный перечень.",
            "invalid_choice": "Выберите перечень из списка.",
        },
    )
    year = forms.IntegerField(
        label="Год профиля",
        min_value=2015,
        max_value=2100,
        error_messages={
            "required": "Укажите год профиля.",
            "invalid": "Введите год числом, например 2027.",
            "min_value": "Год не раньше 2015.",
            "max_value": "Год не позже 2100.",
        },
    )
    catalogue = RowChoiceField(
        FactorCatalogue.objects.newest_first(),
        label="Каталог факторов",
        empty_label=None,
        error_messages={"required": "Выберите каталог факторов.", "invalid_choice": "Выберите каталог из списка."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists = SchoolList.objects.published().filter(
            scope_of(user, Permission.APPROVE_RISK_PROFILE).territories_q("territory__")
        )
        field = self.fields["school_list"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        field.queryset = lists.select_related("territory")


class VerdictForm(forms.Form):
    """The curator's word on one factor."""

    verdict = forms.ChoiceField(
        choices=VERDICT_CHOICES,
        widget=forms.RadioSelect,
        label="Заключение",
        error_messages={
            "required": "Выберите заключение.",
            "invalid_choice": "Выберите заключение из предложенных.",
        },
    )
    level = forms.TypedChoiceField(
        choices=[("", "выберите"), *LEVEL_CHOICES],
        coerce=RiskLevel,
        empty_value=None,
        required=False,
        label="Значимость",
        error_messages={"invalid_choice": "Выберите значимость из предложенных."},
    )
    reason = forms.CharField(
        required=False,
        max_length=REASON_CHARS,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Обоснование для школы",
        error_messages={"max_length": f"Не больше {REASON_CHARS} знаков. Сократите текст."},
    )

    @classmethod
    def for_factor(cls, factor: ProfileFactor) -> "VerdictForm":
        """Return the form with the verdict as it stands; before there is any, nothing is chosen for the curator."""
        return cls(
            initial={
                "verdict": factor.verdict or "",
                "level": factor.verified_level or "",
                "reason": factor.verification_reason,
            }
        )


class AddedFactorForm(forms.Form):
    """A risk that the curator saw and the catalogue does not have."""

    title = forms.CharField(label="Риск", max_length=250, error_messages={"required": "Назовите риск."})
    level = forms.TypedChoiceField(
        choices=RISK_LEVEL_CHOICES,
        coerce=RiskLevel,
        label="Значимость",
        error_messages={"required": "Выберите значимость.", "invalid_choice": "Выберите значимость из предложенных."},
    )
    reason = forms.CharField(
        max_length=REASON_CHARS,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="Обоснование",
        error_messages={"required": "Напишите, на чём основан вывод."},
    )


class ReasonForm(forms.Form):
    """Words that go with a return or a reopening."""

    reason = forms.CharField(
        required=False, max_length=REASON_CHARS, error_messages={"max_length": f"Не больше {REASON_CHARS} знаков."}
    )


class SeenVersionForm(forms.Form):
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Заполненная форма",
        allow_empty_file=True,  # the gate says it better
        max_length=None,
        error_messages={"required": "Выберите файл заполненной формы.", "missing": "Выберите файл заполненной формы."},
    )

    def clean_file(self) -> UploadedFile[bytes]:
        if len(self.files.getlist("file")) > 1:
            raise forms.ValidationError("Выберите один файл .xlsx.")
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        return file
