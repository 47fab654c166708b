"""Catalogues of risk factors, risk profiles of schools, self-diagnosis, forms of schools, surveys."""

from riskprofiles.models.catalogue import FactorCatalogue, RiskFactor
from riskprofiles.models.diagnosis import SelfDiagnosis, SelfDiagnosisUpload
from riskprofiles.models.forms import SchoolForm
from riskprofiles.models.profile import ProfileFactor, RiskProfile
from riskprofiles.models.surveys import SurveyTally

__all__ = [
    "FactorCatalogue",
    "ProfileFactor",
    "RiskFactor",
    "RiskProfile",
    "SchoolForm",
    "SelfDiagnosis",
    "SelfDiagnosisUpload",
    "SurveyTally",
]
