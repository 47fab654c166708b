"""Forms of identification: start a run, try other thresholds, decide on a school."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django import forms
from django.urls import reverse

from accounts.forms import RowChoiceField
from accounts.models import User
from accounts.permissions import Permission
from schools.access import Scope, scope_of
from schools.actions.identification import REASON_LENGTH, Ruling, goes_against_rule, missing_reasons
from schools.actions.rule_sets import DEFAULT_CODE
from schools.choices import EXCLUSION_REASONS, INCLUSION_REASONS, Decision, DecisionReason
from schools.identification import Combine
from schools.models import (
    AssessmentResult,
    IdentificationRuleSet,
    IdentificationRun,
    LegalAct,
    SchoolVerdict,
    Territory,
)

CHOOSE: Final = [("", "Выберите причину")]
COMBINE_TITLES: Final = {
    Combine.ANY: "достаточно одного",
    Combine.ALL: "нужны оба",
    Combine.C1_ONLY: "только процедуры года",
    Combine.C2_ONLY: "только повтор",
}
JUSTIFICATION_LENGTH: Final = 50


class TerritoryYearForm(forms.Form):
    """What a run is about: a territory where the person may start one, a year that has data."""

    territory = RowChoiceField(
        queryset=Territory.objects.none(),
        label="Территория",
        empty_label=None,
        error_messages={"required": "Выберите территорию.", "invalid_choice": "Выберите территорию из списка."},
    )
    year = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = scope_of(user, Permission.RUN_IDENTIFICATION)
        territories = Territory.objects.filter(scope.territories_q()).order_by("level", "name", "pk")
        self.fields["territory"].queryset = territories  # type: ignore[attr-defined]
        self.fields["year"].choices = self.years_of(scope)  # type: ignore[attr-defined]

    def years_of(self, scope: Scope) -> list[tuple[int, str]]:
        """Return the years to choose from, the newest first."""
        raise NotImplementedError

    @property
    def has_years(self) -> bool:
        return bool(self.fields["year"].choices)  # type: ignore[attr-defined]


class StartForm(TerritoryYearForm):
    """A territory, a year that has results, a rule."""

    year = forms.TypedChoiceField(
        coerce=int,
        label="По результатам года",
        error_messages={"required": "Выберите год.", "invalid_choice": "За этот год результатов нет."},
    )
    rule_set = RowChoiceField(
        queryset=IdentificationRuleSet.objects.all(),
        label="Правило",
        required=False,
        empty_label=None,
        error_messages={"invalid_choice": "Выберите правило из списка."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.offer_rules(user)

    def years_of(self, scope: Scope) -> list[tuple[int, str]]:
        results = AssessmentResult.objects.filter(scope.schools_q("school__")).order_by("-year")
        return [(year, str(year)) for year in results.values_list("year", flat=True).distinct()]

    def offer_rules(self, user: User) -> None:
        """Offer the newest version of each rule set before the older ones; choose the set that was used last."""
        field: Any = self.fields["rule_set"]
        self.rule_sets = IdentificationRuleSet.objects.offered_to(user).order_by("-year", "code", "-version", "pk")
        field.queryset = self.rule_sets
        newest = list({each.code: each for each in reversed(self.rule_sets)}.values())[::-1]
        older = [each for each in self.rule_sets if each not in newest]
        groups = (("Последние версии", newest), ("Прежние версии", older))
        field.choices = [(title, [(each.pk, rule_choice(each)) for each in group]) for title, group in groups if group]
        field.initial = usual_rule(user, self.rule_sets)
        field.widget.attrs.update({"hx-get": reverse("identification:rule_words"), "hx-target": "#chosen-rule"})
        field.widget.attrs.update({"hx-swap": "outerHTML", "hx-trigger": "change"})

    @property
    def chosen_rule(self) -> IdentificationRuleSet | None:
        """Return the rule that the page shows as chosen."""
        value = str(self["rule_set"].value())
        return next((each for each in self.rule_sets if str(each.pk) == value), None)


def rule_choice(rule_set: IdentificationRuleSet) -> str:
    return f"{rule_set}{', черновик' if rule_set.is_draft else ''}: {rule_set.title}"


def usual_rule(user: User, rule_sets: Iterable[IdentificationRuleSet]) -> UUID | None:
    """Return the newest finished version of the set that was used last, at first of the shipped one.

    Who has used a version of their own is not led back to what is shipped, though its text may be corrected since.
    """
    runs = IdentificationRun.objects.visible_to(user).newest_first()
    used = runs.values_list("rule_set__code", "rule_set__based_on").first()
    code, own = used or (DEFAULT_CODE, None)
    finished = (each for each in rule_sets if each.code == code and not each.is_draft)
    return next((each.pk for each in finished if each.based_on_id or not own), None)


def between(low: int, high: int) -> dict[str, str]:
    """Return the same words for every way to miss the bounds of a number."""
    return dict.fromkeys(("required", "invalid", "min_value", "max_value"), f"Введите число от {low} до {high}.")


class TrialForm(forms.Form):
    """Thresholds of a trial that stores nothing. Names are those of `identification.Rules`."""

    share_threshold_pct = forms.DecimalField(
        label="Доля низких не менее, %",
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
        label="Процедур за порогом", min_value=1, max_value=50, error_messages=between(1, 50)
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

    combine = forms.ChoiceField(
        label="Соединение условий",
        required=False,
        choices=[("", "как в правиле"), *((str(each), title) for each, title in COMBINE_TITLES.items())],
        error_messages={"invalid_choice": "Выберите соединение из предложенных."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            css = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = f"{css} {css}-sm"

    def changes(self) -> dict[str, Any]:
        """Return the parameters as a rule set stores them."""
        asked = {name: value for name, value in self.cleaned_data.items() if name in TrialForm.base_fields}
        changes = {**asked, "share_threshold_pct": str(asked["share_threshold_pct"])}
        return {name: value for name, value in changes.items() if value != ""}

    @classmethod
    def initial_of(cls, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters of a run; a whole threshold without its zeros."""
        threshold = Decimal(parameters["share_threshold_pct"])
        whole = int(threshold) if threshold == int(threshold) else threshold
        return {**{name: parameters.get(name) for name in cls.base_fields}, "share_threshold_pct": whole}


class VersionForm(TrialForm):
    """The thresholds of a trial, to be kept as a new version of the rule with the reason for it."""

    justification = forms.CharField(
        label="Почему меняется правило",
        min_length=JUSTIFICATION_LENGTH,
        max_length=2000,
        widget=forms.Textarea(
            attrs={"rows": 3, "data-counter": "version-n", "aria-describedby": "version-hint", "class": "form-control"}
        ),
        error_messages={
            "required": f"Напишите обоснование: не менее {JUSTIFICATION_LENGTH} знаков.",
            "min_length": f"Напишите не менее {JUSTIFICATION_LENGTH} знаков: обоснование хранится с версией.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="version_%s", **kwargs)
        for name in TrialForm.base_fields:
            self.fields[name].widget = self.fields[name].hidden_widget()


class ReasonedForm(forms.Form):
    """A decision that tells all it lacks at once, before the action checks it under a lock."""

    def goes_against_rule(self, decision: Decision) -> bool:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        decision = Decision(cleaned.get("decision", Decision.WAITING))
        if self.goes_against_rule(decision):
            missing = missing_reasons(decision, cleaned.get("reason", ""), cleaned.get("text", ""))
            for name in missing.keys() - self.errors.keys():
                self.add_error(name, missing[name])
        return cleaned


class DecisionForm(ReasonedForm):
    """A decision on a school; which reason and how much text it needs is the rule of the action."""

    decision = forms.ChoiceField(
        label="Решение",
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
        self.verdict = verdict
        reasons = EXCLUSION_REASONS if verdict.is_named_by_rule else INCLUSION_REASONS
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            *CHOOSE,
            *((reason.value, reason.label) for reason in reasons),
        ]

    def goes_against_rule(self, decision: Decision) -> bool:
        return goes_against_rule(self.verdict, decision)

    @classmethod
    def of(cls, verdict: SchoolVerdict) -> "DecisionForm":
        """Return the form as the verdict stands."""
        initial = {
            "decision": verdict.decision,
            "reason": verdict.decision_code,
            "text": verdict.decision_text,
        }
        return cls(initial=initial, verdict=verdict)


class BulkForm(ReasonedForm):
    """One decision on several schools that the rule names."""

    decision = forms.ChoiceField(
        choices=[(each.value, each.label) for each in (Decision.INCLUDED, Decision.EXCLUDED, Decision.POSTPONED)],
        error_messages={"required": "Выберите решение.", "invalid_choice": "Выберите решение из предложенных."},
    )
    reason = forms.ChoiceField(
        label="Причина",
        required=False,
        choices=[*CHOOSE, *((reason.value, reason.label) for reason in EXCLUSION_REASONS)],
        error_messages={"invalid_choice": "Выберите причину из списка."},
        widget=forms.Select(attrs={"class": "form-select form-select-sm", "id": "bulk-reason"}),
    )
    text = forms.CharField(
        label="Обоснование",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"class": "form-control form-control-sm", "id": "bulk-text", "rows": 2}),
    )

    def goes_against_rule(self, decision: Decision) -> bool:
        return decision == Decision.EXCLUDED

    def ruling(self, document: LegalAct | None) -> Ruling:
        return Ruling(
            decision=Decision(self.cleaned_data["decision"]),
            reason_code=self.cleaned_data["reason"],
            text=self.cleaned_data["text"],
            document=document,
        )
