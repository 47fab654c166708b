"""What the portal has measured of a school, as the scoring wants it."""

from collections.abc import Mapping, Sequence
from typing import Final

from riskprofiles.scoring import Share
from schools.choices import Procedure
from schools.models import AssessmentResult, School

VPR_LOW_SHARE: Final = "vpr_low_share"


def observed_shares(school: School, year: int | None) -> Mapping[str, Sequence[Share]]:
    """Return code of an indicator -> its observations for a year of results.

    Only the works of ВПР are here so far; repeaters and ГИА failures come with the school's own statistics.
    """
    if year is None:
        return {}
    works = AssessmentResult.objects.for_years(year).filter(school=school, procedure=Procedure.VPR)
    shares = [Share(numerator=work.low, denominator=work.participants) for work in works if work.low is not None]
    return {VPR_LOW_SHARE: shares}
