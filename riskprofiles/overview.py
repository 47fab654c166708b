"""What the page of a profile shows around the factors: stages with dates, and whose turn it is. No queries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils import timezone

from accounts.pieces import Step
from accounts.russian import count, short_date
from riskprofiles.choices import ORDERED_STATES, ProfileState
from riskprofiles.models import ProfileFactor, RiskProfile
from riskprofiles.workflow import FACTORS, ProfileFacts

VERIFIED_STATES: Final = frozenset({ProfileState.VERIFIED, *ORDERED_STATES})
STATE_KINDS: Final = {
    ProfileState.DRAFT: "draft",
    ProfileState.SCHOOL_REVIEW: "work",
    ProfileState.CURATOR_VERIFICATION: "check",
    ProfileState.VERIFIED: "done",
    ProfileState.REOPENED: "fix",
    ProfileState.APPROVED: "agreed",
    ProfileState.ARCHIVED: "archive",
}
TURNS: Final = {
    ProfileState.DRAFT: "Координатор проверяет расчёт и направляет профиль школе.",
    ProfileState.SCHOOL_REVIEW: "Школа заполняет самодиагностику.",
    ProfileState.CURATOR_VERIFICATION: "Куратор даёт заключение по каждому фактору.",
    ProfileState.REOPENED: "Куратор пересматривает заключения.",
    ProfileState.APPROVED: "Профиль утверждён. По выбранным рискам составляется дорожная карта.",
    ProfileState.ARCHIVED: "Профиль в архиве.",
}


def day(moment: datetime | None) -> str:
    return short_date(timezone.localtime(moment).date()) if moment else ""


def steps(profile: RiskProfile, facts: ProfileFacts) -> list[Step]:
    is_verified = profile.state in VERIFIED_STATES
    is_approved = profile.state in ORDERED_STATES
    return [
        Step(
            title="Расчёт",
            state="now" if profile.state == ProfileState.DRAFT else "done",
            note=day(profile.calculated_at),
        ),
        Step(title="Самоанализ школы", state=review_state(profile), note=day(profile.reviewed_at)),
        Step(
            title="Верификация",
            state="done" if is_verified else "now" if profile.is_being_judged else "",
            note=day(profile.verified_at) if is_verified else f"{facts.judged} из {facts.factors}",
        ),
        Step(
            title="Выбор рисков",
            state="done" if facts.activated else "now" if profile.state == ProfileState.VERIFIED else "",
            note=count(facts.activated, FACTORS) if facts.activated else "",
        ),
        Step(
            title="Утверждение",
            state=approval_state(profile, facts),
            note=profile.order.requisites if is_approved and profile.order else "",
        ),
    ]


def review_state(profile: RiskProfile) -> str:
    if profile.state == ProfileState.SCHOOL_REVIEW:
        return "now"
    return "done" if profile.reviewed_at else ""


def approval_state(profile: RiskProfile, facts: ProfileFacts) -> str:
    if profile.state in ORDERED_STATES:
        return "done"
    return "now" if profile.state == ProfileState.VERIFIED and facts.activated else ""


def turn(profile: RiskProfile, facts: ProfileFacts, *, has_curator: bool = True) -> str:
    """Return whose turn it is, as a sentence."""
    if profile.is_being_judged and not has_curator:
        return "Профиль ждёт куратора: школе его не назначили, и дать заключение некому."
    if profile.state == ProfileState.VERIFIED:
        if facts.can_be_activated and not facts.activated:
            return "Школа выбирает риски, с которыми будет работать в этом году."
        return "Координатор утверждает профиль приказом."
    return TURNS.get(ProfileState(profile.state), "")


def chosen_factor(factors: Sequence[ProfileFactor], wanted: str) -> ProfileFactor | None:
    """Return the factor whose card is open: the wanted one, else the first without a verdict, else the first."""
    for factor in factors:
        if str(factor.pk) == wanted:
            return factor
    return next((factor for factor in factors if not factor.verdict), factors[0] if factors else None)


def next_factor(factors: Sequence[ProfileFactor], current: ProfileFactor) -> ProfileFactor | None:
    """Return the next factor without a verdict after the current one, from the beginning if need be."""
    place = [factor.pk for factor in factors].index(current.pk)
    turned = [*factors[place + 1 :], *factors[:place]]
    return next((factor for factor in turned if not factor.verdict), None)
