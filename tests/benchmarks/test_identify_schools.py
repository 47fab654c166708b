"""The measurement compares like with like: the statement names the schools that the rule names."""

import pytest

from benchmarks import identify_schools
from benchmarks.identify_schools import YEARS, Ground
from schools.models import AssessmentResult, IdentificationRun, School, SchoolVerdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground(monkeypatch: pytest.MonkeyPatch) -> Ground:
    monkeypatch.setattr(identify_schools, "MADE", 24)
    monkeypatch.setattr(identify_schools, "COPIES", 2)
    monkeypatch.setattr(identify_schools, "call_command", lambda *_args, **_options: None)
    return Ground()


def test_all_alternatives_name_the_same_schools(ground: Ground) -> None:
    ground.statement()
    ground.run()
    ground.judge()

    assert ground.named
    assert SchoolVerdict.objects.count() == School.objects.count() == 48
    assert set(AssessmentResult.objects.values_list("year", flat=True)) == set(YEARS)


def test_schools_that_are_copies_have_the_same_results(ground: Ground) -> None:
    counts = sorted(school.results.count() for school in School.objects.filter(name__startswith="МБОУ"))

    assert counts[::2] == counts[1::2]
    assert ground.region.children.count() == 24


def test_measured_run_leaves_nothing_behind(ground: Ground) -> None:
    ground.run()
    ground.clear()

    assert not IdentificationRun.objects.exists()


def test_alternatives_that_differ_stop_the_measurement(ground: Ground) -> None:
    ground.expect(3)

    with pytest.raises(RuntimeError, match="4 schools are named instead of 3"):
        ground.expect(4)
