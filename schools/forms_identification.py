"""Forms of identification: start a run, try other thresholds, decide on a school."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms

from accounts.models import User
from accounts.permissions import Permission
from schools.access import scope_of
from schools.actions.identification import REASON_LENGTH
from schools.choices import EXCLUSION_REASONS, INCLUSION_REASONS, Decision, DecisionReason
from schools.models import AssessmentResult, IdentificationRuleSet, SchoolVerdict, Territory

CHOOSE: Final = [("", "Выберите причину")]


class StartForm(forms.Form):
    """What to judge: a territory of the person, a year that has results, a rule."""

    territory = forms.ModelChoiceField(
        queryset=Territory.objects.none(),
        label="Территория",
        empty_label=None,
        error_messages={"required": "Выберите территорию.", "invalid_choice": "Выберите территорию из списка."},
    )
    year = forms.TypedChoiceField(
        coerce=int,
        label="По результатам года",
        error_messages={"required": "Выберите год.", "invalid_choice": "За этот год результатов нет."},
    )
    rule_set = forms.ModelChoiceField(
        queryset=IdentificationRuleSet.objects.all(),
        label="Правило",
        required=False,
        empty_label=None,
        error_messages={"invalid_choice": "Выберите правило из списка."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = scope_of(user, Permission.RUN_IDENTIFICATION)
        territories = Territory.objects.filter(scope.territories_q()).order_by("level", "name", "pk")
        years = AssessmentResult.objects.filter(scope.schools_q("school__")).order_by("-year")
        self.fields["territory"].queryset = territories  # type: ignore[attr-defined]
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            (year, str(year)) for year in years.values_list("year", flat=True).distinct()
        ]

    @property
    def has_years(self) -> bool:
        return bool(self.fields["year"].choices)  # type: ignore[attr-defined]


def between(low: int, high: int) -> dict[str, str]:
    """Return the same words for every way to miss the bounds of a number."""
    return dict.fromkeys(("required", "invalid", "min_value", "max_value"), f"Введите число от {low} до {high}.")


class TrialForm(forms.Form):
    """Thresholds of a trial that stores nothing. Names are those of `identification.Rules`."""

    share_threshold_pct = forms.DecimalField(
        label="Доля «2» не менее, %",
        min_value=1,
        max_value=100,
        decimal_places=2,
        max_digits=5,
        localize=True,  # people write «30,5»
        error_messages={
            **between(1, 100),
            "max_decimal_places": "Не больше двух знаков после запятой.",
            "max_digits": "Введите число от 1 до 100.",
        },
    )
    min_procedures = forms.IntegerField(
        label="Процедур ниже порога", min_value=1, max_value=50, error_messages=between(1, 50)
    )
    years_required = forms.TypedChoiceField(
        coerce=int,
        label="За сколько лет",
        choices=[(1, "1 год"), (2, "2 года"), (3, "3 года")],
        error_messages={"required": "Выберите от 1 до 3 лет.", "invalid_choice": "Выберите от 1 до 3 лет."},
    )
    min_participants = forms.IntegerField(
        label="Участников не менее", min_value=1, max_value=1000, error_messages=between(1, 1000)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            css = "form-select" if isinstance(field, forms.TypedChoiceField) else "form-control"
            field.widget.attrs["class"] = f"{css} {css}-sm"

    def changes(self) -> dict[str, Any]:
        """Return the parameters as a rule set stores them."""
        return {**self.cleaned_data, "share_threshold_pct": str(self.cleaned_data["share_threshold_pct"])}

    @classmethod
    def initial_of(cls, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters of a run; a whole threshold without its zeros."""
        threshold = Decimal(parameters["share_threshold_pct"])
        whole = int(threshold) if threshold == int(threshold) else threshold
        return {**{name: parameters.get(name) for name in cls.base_fields}, "share_threshold_pct": whole}


class DecisionForm(forms.Form):
    """A decision on a school; which reason and how much text it needs is checked by the action."""

    decision = forms.ChoiceField(
        choices=Decision.choices,
        error_messages={
            "required": "Выберите решение.",
            "invalid_choice": "Выберите решение из предложенных.",
        },
    )
    reason = forms.ChoiceField(
        label="Причина",
        required=False,
        choices=[*CHOOSE, *DecisionReason.choices],
        error_messages={"invalid_choice": "Выберите причину из списка."},
        widget=forms.Select(attrs={"class": "form-select mb-2"}),
    )
    text = forms.CharField(
        label="Обоснование",
        required=False,
        max_length=4000,
        widget=forms.Textarea(
            attrs={
                "class": "form-control",
                "rows": 3,
                "data-counter": "why-count",
                "aria-describedby": "why-hint",
            },
        ),
    )
    text_length = REASON_LENGTH

    def __init__(self, *args: Any, verdict: SchoolVerdict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = EXCLUSION_REASONS if verdict.is_named_by_rule else INCLUSION_REASONS
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            *CHOOSE,
            *((reason.value, reason.label) for reason in reasons),
        ]

    @classmethod
    def of(cls, verdict: SchoolVerdict) -> "DecisionForm":
        """Return the form as the verdict stands."""
        initial = {
            "decision": verdict.decision,
            "reason": verdict.decision_code,
            "text": verdict.decision_text,
        }
        return cls(initial=initial, verdict=verdict)
