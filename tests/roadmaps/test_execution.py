"""Metrics of execution, without a database."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadmaps.execution import (
    Execution,
    ExecutionStatus,
    MeasureFacts,
    Ratio,
    by_key,
    execution,
    standing,
    total,
)

TODAY = date(2026, 11, 24)
BEFORE, AFTER = date(2026, 11, 23), date(2026, 11, 25)
Status = ExecutionStatus


def facts(status: ExecutionStatus, due: date | None = AFTER, done_on: date | None = None) -> MeasureFacts:
    return MeasureFacts(status=status, due=due, done_on=done_on)


def percents(result: Execution) -> tuple[float | None, float | None]:
    """Return «исполнено» and «в срок»."""
    done, in_time = (each.percent for each in (result.done, result.in_time))
    return None if done is None else float(done), None if in_time is None else float(in_time)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        pytest.param(facts(Status.NOT_STARTED), Status.NOT_STARTED, id="not started, time left"),
        pytest.param(facts(Status.NOT_STARTED, BEFORE), Status.OVERDUE, id="not started, term over"),
        pytest.param(facts(Status.IN_PROGRESS, TODAY), Status.IN_PROGRESS, id="the day of the term is still in time"),
        pytest.param(facts(Status.IN_PROGRESS, BEFORE), Status.OVERDUE, id="in progress, term over"),
        pytest.param(facts(Status.POSTPONED), Status.POSTPONED, id="moved to a later term"),
        pytest.param(facts(Status.POSTPONED, BEFORE), Status.OVERDUE, id="moved, and that term is over"),
        pytest.param(facts(Status.OVERDUE), Status.IN_PROGRESS, id="marked overdue, term is ahead"),
        pytest.param(facts(Status.OVERDUE, None), Status.IN_PROGRESS, id="marked overdue, no term"),
        pytest.param(facts(Status.IN_PROGRESS, None), Status.IN_PROGRESS, id="no term is never late"),
        pytest.param(facts(Status.DONE, BEFORE, BEFORE), Status.DONE, id="done on the day of the term"),
        pytest.param(facts(Status.DONE, BEFORE, TODAY), Status.DONE_LATE, id="marked done, but after the term"),
        pytest.param(facts(Status.DONE_LATE, AFTER, TODAY), Status.DONE, id="marked late, but in time"),
        pytest.param(facts(Status.DONE_LATE, BEFORE), Status.DONE_LATE, id="day of doing unknown, the mark stands"),
        pytest.param(facts(Status.DONE, BEFORE), Status.DONE, id="done long ago is not overdue"),
        pytest.param(facts(Status.DONE, AFTER, AFTER), Status.IN_PROGRESS, id="done after the day, time left"),
        pytest.param(facts(Status.DONE_LATE, BEFORE, AFTER), Status.OVERDUE, id="done after the day, term over"),
        pytest.param(facts(Status.DONE, None, AFTER), Status.IN_PROGRESS, id="done after the day, no term"),
        pytest.param(facts(Status.PARTIAL, BEFORE), Status.PARTIAL, id="partly done stays so"),
        pytest.param(facts(Status.CANCELLED, BEFORE), Status.CANCELLED, id="cancelled is never late"),
        pytest.param(facts(Status.NOT_APPLICABLE, BEFORE), Status.NOT_APPLICABLE, id="not applicable is never late"),
    ],
)
def test_standing_comes_from_dates(measure: MeasureFacts, expected: ExecutionStatus) -> None:
    assert standing(measure, TODAY) is expected


def test_both_metrics_have_their_own_denominators() -> None:
    result = execution(
        [
            facts(Status.DONE, BEFORE, BEFORE),
            facts(Status.DONE, BEFORE, BEFORE),
            facts(Status.DONE_LATE, BEFORE, TODAY),
            facts(Status.PARTIAL, BEFORE),
            facts(Status.NOT_STARTED, BEFORE),
            facts(Status.IN_PROGRESS, AFTER),
            facts(Status.CANCELLED),
            facts(Status.NOT_APPLICABLE),
        ],
        TODAY,
    )

    assert result.done == Ratio(numerator=3, denominator=6)
    assert result.in_time == Ratio(numerator=2, denominator=5)
    assert (result.total, result.overdue) == (8, 1)
    assert percents(result) == (50.0, 40.0)


def test_complete_and_in_time_is_hundred_and_hundred() -> None:
    full = execution([facts(Status.DONE, BEFORE, BEFORE)] * 3 + [facts(Status.CANCELLED)], TODAY)
    late = execution([facts(Status.DONE, BEFORE, BEFORE), facts(Status.DONE, BEFORE, TODAY)], TODAY)

    assert (*percents(full), full.is_complete_and_in_time) == (100.0, 100.0, True)
    assert (*percents(late), late.is_complete_and_in_time) == (100.0, 50.0, False)


@pytest.mark.parametrize(
    "measures",
    [
        pytest.param([], id="no measures"),
        pytest.param([facts(Status.CANCELLED), facts(Status.NOT_APPLICABLE)], id="all left out"),
    ],
)
def test_empty_denominator_has_no_percentage(measures: list[MeasureFacts]) -> None:
    result = execution(measures, TODAY)

    assert (result.done.percent, result.in_time.percent) == (None, None)
    assert result.is_complete_and_in_time is False


def test_nothing_due_yet_has_no_share_in_time() -> None:
    result = execution([facts(Status.IN_PROGRESS)], TODAY)

    assert percents(result) == (0.0, None)


def test_share_is_exact() -> None:
    one_of_three = [facts(Status.DONE, AFTER, TODAY), facts(Status.IN_PROGRESS), facts(Status.IN_PROGRESS)]

    assert execution(one_of_three, TODAY).done.percent == Fraction(100, 3)


def test_schools_roll_up_by_counts_and_not_by_percentages() -> None:
    schools = by_key(
        [
            ("школа 1", facts(Status.DONE, BEFORE, BEFORE)),
            ("школа 2", facts(Status.IN_PROGRESS)),
            ("школа 2", facts(Status.IN_PROGRESS)),
            ("школа 2", facts(Status.IN_PROGRESS)),
        ],
        TODAY,
    )

    assert {name: percents(each)[0] for name, each in schools.items()} == {"школа 1": 100.0, "школа 2": 0.0}
    assert total(schools.values()).done == Ratio(numerator=1, denominator=4)


def test_total_of_nothing_is_empty() -> None:
    assert total([]) == Execution(counts={})


days = st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31))
measures = st.builds(MeasureFacts, status=st.sampled_from(ExecutionStatus), due=days, done_on=days)


@given(st.lists(measures))
def test_percentages_stay_within_a_hundred(every: list[MeasureFacts]) -> None:
    result = execution(every, TODAY)

    for ratio in (result.done, result.in_time):
        assert ratio.percent is None or 0 <= ratio.percent <= 100
    assert result.total == len(every)


@given(st.lists(measures), days.filter(bool))
def test_overdue_only_grows_with_time_where_nothing_is_done_meanwhile(every: list[MeasureFacts], later: date) -> None:
    early, late = sorted([TODAY, later])
    known = [each for each in every if each.done_on is None or each.done_on <= early]

    assert execution(known, early).overdue <= execution(known, late).overdue
