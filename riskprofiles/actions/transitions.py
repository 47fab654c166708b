"""One step of a profile along the table of states."""

from collections.abc import Iterable

from accounts.errors import TransitionRefused
from riskprofiles.choices import (
    PROFILE_TRANSITIONS,
    SUBMITTED_DIAGNOSIS_STATES,
    ProfileState,
    Transition,
)
from riskprofiles.models import ProfileFactor, RiskProfile, SelfDiagnosis
from riskprofiles.workflow import ProfileFacts


def locked(profile: RiskProfile) -> RiskProfile:
    """Return the fresh row of a profile, held until the transaction ends."""
    return RiskProfile.objects.select_for_update(of=("self",)).select_related("school").get(pk=profile.pk)


def find_transition(profile: RiskProfile, target: ProfileState) -> Transition:
    """Return the step to a state. Raises TransitionRefused, naming the states that can be reached."""
    steps = [step for step in PROFILE_TRANSITIONS if step.source == profile.state]
    for step in steps:
        if step.target == target:
            return step
    raise TransitionRefused.by_table(
        "Рисковый профиль",
        current=profile.get_state_display(),
        wanted=target.label,
        allowed=[step.target.label for step in steps],
    )


def check_transition(profile: RiskProfile, target: ProfileState) -> None:
    """Raise TransitionRefused when the step is not allowed, or say what must be done first."""
    step = find_transition(profile, target)
    if reason := step.refusal(facts_of(profile)):
        raise TransitionRefused(reason)


def facts_of(profile: RiskProfile) -> ProfileFacts:
    diagnosis = SelfDiagnosis.objects.filter(profile=profile).first()
    return facts_from(profile.factors.all(), diagnosis)


def facts_from(factors: Iterable[ProfileFactor], diagnosis: SelfDiagnosis | None) -> ProfileFacts:
    rows = list(factors)
    return ProfileFacts(
        factors=len(rows),
        judged=sum(bool(factor.verdict) for factor in rows),
        can_be_activated=sum(factor.is_risk for factor in rows),
        activated=sum(factor.is_activated for factor in rows),
        self_diagnosis_is_checked=bool(diagnosis and diagnosis.state in SUBMITTED_DIAGNOSIS_STATES),
    )
