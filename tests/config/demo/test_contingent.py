"""What the demo region tells of the conditions of its schools."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.demo.contingent import HARDNESS, MARKED, PEAKED, YEAR, Conditions, scores_of, spread_over
from config.demo.files import MAX_PRIMARY, rows
from schools.models import AssessmentResult, School, SchoolSocialIndex, SchoolStatistic, SocialIndexRun
from schools.objectivity import SignKind
from schools.objectivity_reading import signs_of_results
from schools.similar_reading import resemblance
from schools.social import SocialVerdict
from tests.demo import demo_region

SCORED = [row for row in rows() if (row.procedure, row.grade, row.year) == ("VPR", 4, 2026)]


def test_scores_agree_with_the_marks() -> None:
    for row in SCORED:
        counts = scores_of(row)
        assert sum(counts) == sum(row.marks)
        assert len(counts) == MAX_PRIMARY[row.subject] + 1


def test_scores_fall_into_their_marks() -> None:
    row = next(row for row in SCORED if row.subject == "MA" and row.marks[0])
    counts = scores_of(row)

    assert (sum(counts[:6]), sum(counts[6:10]), sum(counts[10:15]), sum(counts[15:])) == row.marks


def test_scores_are_spread_or_heaped() -> None:
    assert list(spread_over(4, 10, 14, is_heaped=False)) == [10, 11, 12, 13]
    assert list(spread_over(4, 10, 14, is_heaped=True)) == [10, 10, 10, 12]
    assert list(spread_over(0, 10, 14, is_heaped=True)) == []


@pytest.mark.parametrize("hardness", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("students", [12, 26, 900])
def test_parts_never_exceed_their_whole(hardness: float, students: int) -> None:
    school = School(students=students, kind="СОШ", locality="село")
    conditions = Conditions(school=school, hardness=hardness)
    contingent, context = conditions.contingent(), conditions.context()

    assert min(*contingent.values(), *context.values()) >= 0
    assert contingent["parents_higher"] + contingent["parents_vocational"] == contingent["parents"]
    assert contingent["full_families"] <= students
    categories = ("teachers_top_category", "teachers_first_category", "teachers_no_category")
    assert sum(context[item] for item in categories) == context["teachers"]


# The region


@pytest.fixture
def _own_files() -> None:
    """Leave the files of the region where they are; the suite's fixture of this name would hide them."""


@pytest.fixture(scope="module")
def region(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[None]:
    folder: Path = tmp_path_factory.mktemp("contingent")
    with demo_region(django_db_blocker, tmp_path_factory, folder / "files"):
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("region")
def test_forms_are_imported_for_every_school_that_told() -> None:
    told = SchoolStatistic.objects.filter(form="SA-2", year=YEAR).values_list("school__login", flat=True)

    assert set(told) == set(HARDNESS)


@pytest.mark.django_db
@pytest.mark.usefixtures("region")
def test_index_shows_every_verdict() -> None:
    run = SocialIndexRun.objects.get()
    verdicts = dict(run.indices.values_list("school__login", "verdict"))

    assert set(verdicts.values()) == set(SocialVerdict)
    assert verdicts["edu900008"] == SocialVerdict.SHNSU
    assert verdicts["edu900020"] == verdicts["edu900018"] == SocialVerdict.INSUFFICIENT_DATA
    partly = SchoolSocialIndex.objects.get(school__login="edu900017")
    assert [part.code for part in partly.evidence if not part.is_known] == ["foster"]


@pytest.mark.django_db
@pytest.mark.usefixtures("region")
def test_signs_are_there_to_be_found() -> None:
    found = {
        login: {
            sign.kind
            for work in signs_of_results(AssessmentResult.objects.filter(school__login=login))
            for sign in work.signs
        }
        for login in (PEAKED, MARKED)
    }

    assert SignKind.PEAK in found[PEAKED]
    assert SignKind.CONFIRMED in found[MARKED]
    assert AssessmentResult.objects.exclude(objectivity_markers=[]).count() == 4


@pytest.mark.django_db
@pytest.mark.usefixtures("region")
def test_school_in_hard_conditions_has_a_group_and_a_mentor() -> None:
    found = resemblance(School.objects.select_related("territory").get(login="edu900011"))

    assert len(found.group) >= 3
    assert found.mentors
