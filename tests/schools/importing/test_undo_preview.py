"""What undoing would bring back, and what stands on it, told before anybody asks for it."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.permissions import Role
from schools.actions.identification import run_identification
from schools.actions.import_apply import undo_batch
from schools.actions.rule_sets import load_rule_set
from schools.importing import undo_preview as previews
from schools.importing.undo_preview import (
    Conclusions,
    conclusions_on,
    later_batches,
    undo_lines,
    undo_preview,
    undo_waits_for,
)
from schools.models import IdentificationRun, ImportBatch
from tests.factories.imports import AT, MARKS, ImportGround, marks_of
from tests.factories.lists import make_published_list
from tests.factories.schools import make_result, make_school, make_user

pytestmark = pytest.mark.django_db
OTHER = (2, 2, 30, 4)
HOUR = timedelta(hours=1)


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


@pytest.fixture
def batch(ground: ImportGround) -> ImportBatch:
    return ground.applied({"Ф3.xlsx": marks_of({ground.first: MARKS, ground.second: MARKS})})


def corrected(ground: ImportGround, hours: int = 1) -> ImportBatch:
    return ground.applied({"правка.xlsx": marks_of({ground.first: OTHER})}, at=AT + hours * HOUR)


def run_over(ground: ImportGround, *, year: int = 2026, at: datetime = AT + HOUR) -> IdentificationRun:
    rule_set = load_rule_set(by=None)
    return run_identification(rule_set=rule_set, territory=ground.territory, year=year, by=None, at=at)


def test_new_rows_would_go(batch: ImportBatch) -> None:
    [line] = undo_lines(batch)

    assert (line.title, line.removed, line.restored) == ("Результаты", 2, 0)


def test_changed_rows_would_get_their_old_values_and_same_ones_are_not_counted(ground: ImportGround) -> None:
    make_result(school=ground.first, grade=4, marks=OTHER)
    make_result(school=ground.second, grade=4, marks=MARKS, max_primary=38)

    [line] = undo_lines(ground.applied({"Ф3.xlsx": marks_of({ground.first: MARKS, ground.second: MARKS})}))

    assert (line.removed, line.restored) == (0, 1)


def test_batch_that_nothing_stands_on_names_none(ground: ImportGround, batch: ImportBatch) -> None:
    assert undo_preview(batch, ground.coordinator).later == []


def test_later_batch_is_named_with_the_rows_that_it_wrote(ground: ImportGround, batch: ImportBatch) -> None:
    later = corrected(ground)

    [found] = later_batches(batch, ground.coordinator)

    assert (found.batch, found.rows, found.is_visible) == (later, 1, True)


def test_earlier_batch_stands_on_nothing(ground: ImportGround, batch: ImportBatch) -> None:
    later = corrected(ground)

    assert later_batches(later, ground.coordinator) == []
    assert later_batches(batch, ground.coordinator)


def test_later_batch_that_found_the_rows_as_they_are_is_named_too(ground: ImportGround, batch: ImportBatch) -> None:
    later = ground.applied({"то же.xlsx": marks_of({ground.first: MARKS})}, at=AT + HOUR)

    assert [(found.batch, found.rows) for found in later_batches(batch, ground.coordinator)] == [(later, 1)]


def test_undone_batch_stands_on_nothing(ground: ImportGround, batch: ImportBatch) -> None:
    undo_batch(batch=corrected(ground), by=ground.coordinator, at=AT + 2 * HOUR)

    assert later_batches(batch, ground.coordinator) == []


def test_batch_about_another_work_stands_on_nothing(ground: ImportGround, batch: ImportBatch) -> None:
    ground.applied({"5.xlsx": marks_of({ground.first: MARKS}, grade=5)}, at=AT + HOUR)

    assert later_batches(batch, ground.coordinator) == []


def test_batch_that_one_may_not_open_is_told_without_a_link(ground: ImportGround, batch: ImportBatch) -> None:
    corrected(ground)
    stranger = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_school().territory)

    assert [found.is_visible for found in later_batches(batch, stranger)] == [False]


def test_large_batch_leaves_the_comparison_to_undoing(
    ground: ImportGround, batch: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    corrected(ground)
    monkeypatch.setattr(previews, "COMPARED", 1)

    preview = undo_preview(batch, ground.coordinator)

    assert (len(preview.lines), preview.later, preview.is_compared) == (1, [], False)


def test_runs_and_lists_made_of_the_rows_are_counted(ground: ImportGround, batch: ImportBatch) -> None:
    """One published list of one run; the other run came later and has none."""
    run = run_over(ground)
    make_published_list(run, ground.coordinator)
    run_over(ground)

    assert conclusions_on(batch) == Conclusions(runs=2, lists=1)


@pytest.mark.parametrize(
    ("year", "hours"),
    [pytest.param(2026, -1, id="made before"), pytest.param(2024, 1, id="reads other years")],
)
def test_run_that_read_nothing_of_the_batch_is_not_counted(
    ground: ImportGround, batch: ImportBatch, year: int, hours: int
) -> None:
    make_result(school=ground.first, grade=5, marks=OTHER, year=year)
    run_over(ground, year=year, at=AT + hours * HOUR)

    assert conclusions_on(batch) == Conclusions()


def test_run_over_other_schools_is_not_counted(ground: ImportGround, batch: ImportBatch) -> None:
    stranger = make_result(grade=4, marks=OTHER).school
    run_identification(rule_set=load_rule_set(by=None), territory=stranger.territory, year=2026, by=None, at=AT + HOUR)

    assert conclusions_on(batch) == Conclusions()


def test_conclusions_take_as_many_queries_for_three_runs_as_for_one(
    ground: ImportGround, batch: ImportBatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for runs in (1, 2, 3):
        run_over(ground)
        with django_assert_num_queries(3):
            assert conclusions_on(batch).runs == runs


def test_page_of_a_large_batch_asks_nothing(
    ground: ImportGround, batch: ImportBatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    corrected(ground)

    with django_assert_num_queries(0):
        assert undo_waits_for(batch, ground.coordinator, previews.COMPARED + 1) == []


def test_what_undoing_waits_for_takes_as_many_queries_for_three_batches_as_for_one(
    ground: ImportGround, batch: ImportBatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asked = []
    for hours in (1, 2, 3):
        marks = (hours, 2, 30, 4)
        ground.applied({f"{hours}.xlsx": marks_of({ground.first: marks})}, at=AT + hours * HOUR)
        with CaptureQueriesContext(connection) as queries:
            assert len(undo_waits_for(batch, ground.coordinator, 2)) == hours
        asked.append(len(queries))

    assert asked == [4, 4, 4]


def test_what_undoing_waits_for_is_one_query_when_nothing_stands_on_the_rows(
    ground: ImportGround, batch: ImportBatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert undo_waits_for(batch, ground.coordinator, 2) == []


def test_undone_batch_waits_for_nothing(ground: ImportGround, batch: ImportBatch) -> None:
    undone = undo_batch(batch=batch, by=ground.coordinator, at=AT + HOUR)

    assert undo_waits_for(undone, ground.coordinator, 2) == []
