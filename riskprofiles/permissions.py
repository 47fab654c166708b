"""Who may do what with a profile now: the right by role and scope, and the state."""

from accounts.models import User
from accounts.permissions import Permission
from riskprofiles.choices import ProfileState
from riskprofiles.models import RiskProfile, SelfDiagnosis
from schools.access import may


def can_fill(user: User, diagnosis: SelfDiagnosis) -> bool:
    return diagnosis.is_open and may(user, Permission.FILL_SELF_DIAGNOSIS, diagnosis.profile.school)


def can_judge(user: User, profile: RiskProfile) -> bool:
    return profile.is_being_judged and may(user, Permission.VERIFY_RISK_PROFILE, profile.school)


def can_activate(user: User, profile: RiskProfile) -> bool:
    return profile.state == ProfileState.VERIFIED and may(user, Permission.FILL_SELF_DIAGNOSIS, profile.school)


def can_send(user: User, profile: RiskProfile) -> bool:
    return profile.state == ProfileState.DRAFT and may(user, Permission.APPROVE_RISK_PROFILE, profile.school)


def can_approve(user: User, profile: RiskProfile) -> bool:
    return profile.state == ProfileState.VERIFIED and may(user, Permission.APPROVE_RISK_PROFILE, profile.school)


def can_reopen(user: User, profile: RiskProfile) -> bool:
    return profile.state in {ProfileState.VERIFIED, ProfileState.APPROVED} and may(
        user, Permission.APPROVE_RISK_PROFILE, profile.school
    )
