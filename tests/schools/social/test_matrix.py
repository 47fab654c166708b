"""Schools between results and conditions, counted and placed."""

import pytest
from pytest_django import DjangoAssertNumQueries

from schools.actions.identification import run_identification
from schools.actions.rule_sets import load_rule_set
from schools.models import IdentificationRun, School, Territory
from schools.social import Quadrant, SocialVerdict
from schools.social_matrix import matrix_of, placed, segment_conditions, segment_counts
from schools.social_pages import NAMES_SHOWN
from tests.factories.lists import make_low_school
from tests.factories.schools import make_result, make_school, make_territory
from tests.factories.social import AT, HARD, WORKED, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def territory() -> Territory:
    return make_territory()


def make_quiet(territory: Territory, **fields: str) -> School:
    school = make_school(territory=territory, **fields)
    make_result(school=school, marks=(0, 20, 10, 10))
    return school


def judged(territory: Territory) -> IdentificationRun:
    return run_identification(rule_set=load_rule_set(by=None), territory=territory, year=2026, by=None, at=AT)


def test_every_school_stands_in_one_cell(territory: Territory) -> None:
    every = {
        make_low_school(territory=territory): HARD,
        make_low_school(territory=territory): WORKED,
        make_quiet(territory): HARD,
        make_quiet(territory): WORKED,
        make_low_school(territory=territory): {},  # conditions not known
        make_school(territory=territory): HARD,  # results not known
    }
    results, run = judged(territory), make_run(every)

    counts = placed(run, results)

    assert counts.quadrants == dict.fromkeys(Quadrant, 1) | {Quadrant.UNKNOWN: 2}
    assert counts.verdicts == {SocialVerdict.SHNSU: 3, SocialVerdict.CLEAR: 2, SocialVerdict.INSUFFICIENT_DATA: 1}


def test_counts_agree_with_the_lists_behind_them(territory: Territory) -> None:
    every = {make_quiet(territory): HARD, make_low_school(territory=territory): HARD, make_quiet(territory): {}}
    results, run = judged(territory), make_run(every)
    numbers = segment_counts(placed(run, results))

    listed = {
        name: run.indices.beside(results).filter(condition).count()
        for name, _, condition in segment_conditions(results)
    }

    assert listed == numbers == {"hard": 2, "rest": 0, "unknown": 1, "resilient": 1}


def test_without_results_there_are_verdicts_alone(territory: Territory) -> None:
    run = make_run({make_quiet(territory): HARD})

    counts = placed(run, None)

    assert (counts.verdicts, counts.quadrants) == ({SocialVerdict.SHNSU: 1}, {})
    assert [name for name, _, _ in segment_conditions(None)] == ["hard", "rest", "unknown"]


def test_cell_names_the_first_schools_and_counts_the_rest(territory: Territory) -> None:
    every = [make_quiet(territory, name=f"Школа {number:02}") for number in range(NAMES_SHOWN + 2)]
    results, run = judged(territory), make_run(dict.fromkeys(every, HARD))

    matrix = matrix_of(run, results, placed(run, results).quadrants)

    assert matrix.resilient.count == NAMES_SHOWN + 2
    assert matrix.resilient.words.startswith("Школа 00, Школа 01")
    assert matrix.resilient.words.endswith("Школа 09, ещё 2")
    assert matrix.unknown.words == ""
    assert [[cell.count for cell in cells] for _, cells in matrix.rows] == [[0, 0], [12, 0]]


@pytest.mark.parametrize("schools", [1, 6])
def test_matrix_takes_the_same_queries_for_any_number_of_schools(
    schools: int, territory: Territory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    every = [make_quiet(territory) for _ in range(schools)]
    results, run = judged(territory), make_run(dict.fromkeys(every, HARD))

    with django_assert_num_queries(2):
        matrix_of(run, results, placed(run, results).quadrants)
