"""What the scoring is fed with."""

import pytest

from riskprofiles.observations import VPR_LOW_SHARE, observed_shares
from riskprofiles.scoring import Share
from schools.models import AssessmentResult
from tests.factories.schools import make_result, make_school

pytestmark = pytest.mark.django_db


def test_each_work_of_vpr_is_one_observation() -> None:
    school = make_school()
    make_result(school=school, marks=(3, 10, 8, 4), subject="RU")
    make_result(school=school, marks=(0, 10, 8, 2), subject="MA")

    shares = observed_shares(school, 2026)[VPR_LOW_SHARE]

    assert set(shares) == {Share(numerator=3, denominator=25), Share(numerator=0, denominator=20)}


def test_other_schools_years_and_procedures_are_left_out() -> None:
    school = make_school()
    make_result(school=make_school())
    make_result(school=school, year=2025)
    make_result(school=school, procedure="OGE")

    assert observed_shares(school, 2026) == {VPR_LOW_SHARE: []}


def test_work_without_marks_is_no_observation() -> None:
    school = make_school()
    AssessmentResult.objects.create(school=school, procedure="VPR", year=2026, subject="RU", grade=5, participants=20)

    assert observed_shares(school, 2026) == {VPR_LOW_SHARE: []}


def test_without_a_year_of_results_nothing_is_observed() -> None:
    assert observed_shares(make_school(), None) == {}
