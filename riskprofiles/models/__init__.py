"""Catalogues of risk factors, risk profiles of schools, self-diagnosis."""

from riskprofiles.models.catalogue import FactorCatalogue, RiskFactor
from riskprofiles.models.diagnosis import SelfDiagnosis, SelfDiagnosisUpload
from riskprofiles.models.profile import ProfileFactor, RiskProfile

__all__ = [
    "FactorCatalogue",
    "ProfileFactor",
    "RiskFactor",
    "RiskProfile",
    "SelfDiagnosis",
    "SelfDiagnosisUpload",
]
