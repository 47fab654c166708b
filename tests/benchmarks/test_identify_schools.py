"""The measurement compares like with like: the statement says of every school what the rule says."""

import pytest

from benchmarks import identify_schools
from benchmarks.identify_schools import YEARS, Ground
from schools.models import AssessmentResult, IdentificationRun, School, SchoolVerdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground(monkeypatch: pytest.MonkeyPatch) -> Ground:
    monkeypatch.setattr(identify_schools, "SCHOOLS", 48)
    monkeypatch.setattr(identify_schools, "call_command", lambda *_args, **_options: None)
    return Ground()


def test_all_alternatives_say_the_same_of_every_school(ground: Ground) -> None:
    for alternative in (ground.statement, ground.run, ground.judge):
        alternative()
        ground.check()

    assert len(ground.answer) == School.objects.count() == 48
    assert {verdict for verdict, *_ in ground.answer.values()} >= {"SHNOR", "CLEAR"}
    assert set(AssessmentResult.objects.values_list("year", flat=True)) == set(YEARS)


def test_work_that_nobody_counted_is_no_good_one_to_either(ground: Ground) -> None:
    """A school with nothing but unknown counts, one with empty works, one with no results at all."""
    unknown, empty, silent = School.objects.all()[:3]
    AssessmentResult.objects.filter(school=unknown).update(mark2=None, below_min=None)
    AssessmentResult.objects.filter(school=empty).update(participants=0, mark2=0, mark3=0, mark4=0, mark5=0)
    AssessmentResult.objects.filter(school=silent).delete()

    ground.statement()
    ground.check()
    ground.run()
    ground.check()

    assert {ground.answer[each.pk][0] for each in (unknown, empty, silent)} == {"INSUFFICIENT_DATA"}


def test_one_work_of_those_that_others_wrote_says_too_little_to_either(ground: Ground) -> None:
    low, good = School.objects.exclude(kind="НОШ")[:2]
    for school, mark2 in ((low, 30), (good, 0)):
        kept = AssessmentResult.objects.filter(school=school, year=2026, procedure="VPR", subject="RU")[0]
        AssessmentResult.objects.filter(school=school).exclude(pk=kept.pk).delete()
        AssessmentResult.objects.filter(pk=kept.pk).update(
            participants=40, mark2=mark2, mark3=40 - mark2, mark4=0, mark5=0
        )

    for alternative in (ground.statement, ground.run):
        alternative()
        ground.check()

    assert {ground.answer[each.pk][0] for each in (low, good)} == {"INSUFFICIENT_DATA"}


def test_measured_run_leaves_nothing_behind(ground: Ground) -> None:
    ground.run()
    assert SchoolVerdict.objects.exists()

    ground.check()
    assert not IdentificationRun.objects.exists()


def test_alternatives_that_differ_stop_the_measurement(ground: Ground) -> None:
    ground.statement()
    ground.check()
    ground.rows = [(school, "SHNOR", 17, 17, 17) for school, *_ in ground.rows]

    with pytest.raises(RuntimeError, match="48 schools are judged differently"):
        ground.check()
