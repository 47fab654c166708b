"""Changes of catalogues, profiles and self-diagnoses: each in one transaction, with its audit event."""

from riskprofiles.actions.activation import activate_factors
from riskprofiles.actions.catalogues import load_catalogues
from riskprofiles.actions.diagnosis import (
    add_own_factor,
    remove_own_factor,
    save_answer,
    submit_self_diagnosis,
)
from riskprofiles.actions.profiles import (
    approve_profile,
    archive_profile,
    calculate_profile,
    open_profile,
    open_profiles,
    reopen_profile,
    send_to_school,
)
from riskprofiles.actions.uploads import apply_upload, discard_upload, receive_upload
from riskprofiles.actions.verification import (
    add_factor,
    complete_verification,
    judge_factor,
    return_to_school,
)

__all__ = [
    "activate_factors",
    "add_factor",
    "add_own_factor",
    "apply_upload",
    "approve_profile",
    "archive_profile",
    "calculate_profile",
    "complete_verification",
    "discard_upload",
    "judge_factor",
    "load_catalogues",
    "open_profile",
    "open_profiles",
    "receive_upload",
    "remove_own_factor",
    "reopen_profile",
    "return_to_school",
    "save_answer",
    "send_to_school",
    "submit_self_diagnosis",
]
