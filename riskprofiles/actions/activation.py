"""The school's choice of the risks it works on."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from riskprofiles.actions.transitions import locked
from riskprofiles.choices import ProfileState
from riskprofiles.errors import ActivationRefused
from riskprofiles.models import ProfileFactor, RiskProfile
from riskprofiles.review import activation


@transaction.atomic
def activate_factors(*, profile: RiskProfile, factors: Collection[UUID], by: User, at: datetime) -> tuple[str, ...]:
    """Make exactly these verified factors active; return warnings, such as on an unusual number.

    Raises ActivationRefused outside the verified state and for a factor that is not a verified risk of the profile.
    """
    current = locked(profile)
    if current.state != ProfileState.VERIFIED:
        raise ActivationRefused(
            f"Выбирать риски можно, пока профиль верифицирован и не утверждён. Сейчас: {current.get_state_display()}.",
        )
    rows = {factor.pk: factor for factor in current.factors.in_order()}
    if foreign := set(factors) - set(rows):
        raise ActivationRefused(f"Факторов не из этого профиля: {len(foreign)}. Обновите страницу.")
    choice = activation({pk: row.review for pk, row in rows.items()}, factors)
    if not choice.is_allowed:
        raise ActivationRefused(" ".join(choice.problems))
    for pk, factor in rows.items():
        set_active(factor, is_active=pk in choice.chosen, at=at)
    record(AuditCode.RISK_PROFILE_CHANGED, actor=by, obj=current, activated=len(choice.chosen))
    return choice.warnings


def set_active(factor: ProfileFactor, *, is_active: bool, at: datetime) -> None:
    if factor.is_activated != is_active:
        factor.is_activated, factor.activated_at = is_active, at if is_active else None
        factor.save()
