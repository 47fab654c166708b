"""What the curator does: a verdict on each factor, a return to the school, the end of the verification."""

from datetime import datetime

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from riskprofiles.actions.profiles import move
from riskprofiles.actions.transitions import locked
from riskprofiles.choices import DiagnosisState, ProfileState
from riskprofiles.errors import RemarksRequired, VerdictRefused
from riskprofiles.models import ProfileFactor, RiskProfile, SelfDiagnosis
from riskprofiles.review import Judgement
from riskprofiles.scoring import RiskLevel
from riskprofiles.verdicts import VerdictFault, judged_level


@transaction.atomic
def judge_factor(
    *,
    factor: ProfileFactor,
    verdict: Judgement,
    by: User,
    at: datetime,
    level: RiskLevel | None = None,
    reason: str = "",
) -> ProfileFactor:
    """Store the curator's verdict beside the calculated level, which stays as it is. Raises VerdictRefused.

    level: what the curator picked; needed for «значимость изменена» and «добавлен».
    """
    current = ProfileFactor.objects.get(pk=factor.pk)
    check_is_judged(locked(current.profile))
    before = current.verified_level or current.proposed_level
    try:
        verified = judged_level(verdict, proposed=current.proposed_level, chosen=level, reason=reason)
    except VerdictFault as fault:
        raise VerdictRefused(str(fault)) from fault
    current.verdict, current.verified_level = verdict, verified
    current.verified_by, current.verified_at = by, at
    current.verification_reason = reason.strip()
    if verified == RiskLevel.NONE:
        current.is_activated, current.activated_at = False, None
    current.save()
    record(
        AuditCode.RISK_FACTOR_VERIFIED,
        actor=by,
        obj=current,
        verdict=str(verdict),
        before=before and str(before),
        after=str(verified),
    )
    return current


def check_is_judged(profile: RiskProfile) -> None:
    if not profile.is_being_judged:
        raise VerdictRefused(
            f"Заключение даётся на этапе верификации. Сейчас профиль в состоянии «{profile.get_state_display()}».",
        )


@transaction.atomic
def add_factor(
    *,
    profile: RiskProfile,
    title: str,
    level: RiskLevel,
    reason: str,
    by: User,
    at: datetime,
) -> ProfileFactor:
    """Add an own factor that the curator saw in the school, verified at once. Raises VerdictRefused."""
    current = locked(profile)
    check_is_judged(current)
    if not title.strip():
        raise VerdictRefused("Назовите риск.")
    factor = ProfileFactor.objects.create(profile=current, own_title=title.strip())
    return judge_factor(factor=factor, verdict=Judgement.ADDED, level=level, reason=reason, by=by, at=at)


@transaction.atomic
def return_to_school(*, profile: RiskProfile, remarks: str, by: User, at: datetime) -> RiskProfile:
    """Send the profile back with remarks and open its self-diagnosis. Raises RemarksRequired, TransitionRefused."""
    if not remarks.strip():
        raise RemarksRequired("Напишите, что школе нужно исправить.")
    current = move(profile, ProfileState.SCHOOL_REVIEW, by=by, at=at, remarks=remarks.strip())
    diagnosis = SelfDiagnosis.objects.select_for_update().get(profile=current)
    diagnosis.state, diagnosis.remarks = DiagnosisState.RETURNED, remarks.strip()
    diagnosis.save()
    record(AuditCode.SELF_DIAGNOSIS_RETURNED, actor=by, obj=diagnosis)
    return current


@transaction.atomic
def complete_verification(*, profile: RiskProfile, by: User, at: datetime) -> RiskProfile:
    """End the verification once every factor is judged; the self-diagnosis is accepted. Raises TransitionRefused."""
    current = move(profile, ProfileState.VERIFIED, by=by, at=at, verified_at=at, remarks="")
    diagnosis = SelfDiagnosis.objects.select_for_update().get(profile=current)
    diagnosis.state, diagnosis.remarks = DiagnosisState.ACCEPTED, ""
    diagnosis.save()
    return current
