"""Dynamics, without a database."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.comparability import Cause, Remark
from schools.dynamics import (
    Bounds,
    Change,
    Count,
    SchoolTrend,
    Trend,
    View,
    Work,
    change,
    changes,
    school_trend,
)

RU5 = Work(procedure="VPR", grade=5, subject="RU")


def compare(before: tuple[int, int] | None, after: tuple[int, int] | None, work: Work = RU5) -> Change:
    """Compare (low, participants) of two years."""
    old, new = (None if each is None else Count(low=each[0], participants=each[1]) for each in (before, after))
    return change(work, old, new)


# Worked examples. Source: domain specification, 2.2


def test_14_of_60_to_38_of_67_is_declining_and_significant() -> None:
    result = compare((14, 60), (38, 67))

    assert result.points is not None
    assert result.z is not None
    assert round(float(result.points), 2) == 33.38
    assert round(result.z, 2) == 3.82
    assert (result.trend, result.is_significant) == (Trend.DECLINING, True)


def test_21_of_65_to_23_of_58_is_stable() -> None:
    result = compare((21, 65), (23, 58))

    assert result.points is not None
    assert round(float(result.points), 2) == 7.35
    assert (result.trend, result.is_significant) == (Trend.STABLE, False)


@pytest.mark.parametrize(
    ("before", "after", "trend"),
    [
        pytest.param((20, 100), (30, 100), Trend.DECLINING, id="exactly ten points more"),
        pytest.param((200, 1000), (299, 1000), Trend.STABLE, id="a little less than ten more"),
        pytest.param((30, 100), (20, 100), Trend.IMPROVING, id="exactly ten points less"),
        pytest.param((299, 1000), (200, 1000), Trend.STABLE, id="a little less than ten less"),
        pytest.param((0, 40), (0, 40), Trend.STABLE, id="nobody in both years"),
        pytest.param((5, 9), (0, 40), Trend.INSUFFICIENT_DATA, id="nine before"),
        pytest.param((5, 40), (9, 9), Trend.INSUFFICIENT_DATA, id="nine now"),
        pytest.param((5, 10), (0, 10), Trend.IMPROVING, id="ten are enough"),
        pytest.param(None, (5, 40), Trend.NOT_WRITTEN, id="nothing before"),
        pytest.param((5, 40), None, Trend.NOT_WRITTEN, id="nothing now"),
    ],
)
def test_trend_has_bounds_of_ten_points(
    before: tuple[int, int] | None,
    after: tuple[int, int] | None,
    trend: Trend,
) -> None:
    assert compare(before, after).trend is trend


def test_insufficient_data_keep_their_participants() -> None:
    result = compare((1, 4), (2, 5))

    assert (result.trend, result.participants) == (Trend.INSUFFICIENT_DATA, (4, 5))
    assert result.points == 15
    assert compare(None, (2, 5)).participants == (None, 5)


def test_change_without_a_level_is_not_called_significant() -> None:
    few = compare((0, 5), (5, 5))
    forbidden = change(RU5, Count(low=2, participants=40), Count(low=30, participants=40), remarks=(FORBIDDEN,))

    assert (few.trend, few.is_significant) == (Trend.INSUFFICIENT_DATA, None)
    assert (forbidden.trend, forbidden.is_significant) == (Trend.NOT_COMPARABLE, None)
    assert few.z is not None


def test_low_not_delivered_is_no_share() -> None:
    result = change(RU5, Count(low=None, participants=40), Count(low=3, participants=40))

    assert (result.points, result.z, result.is_significant) == (None, None, None)
    assert result.trend is Trend.NOT_CALCULATED


@pytest.mark.parametrize("low", [0, 40])
def test_no_spread_has_no_statistic(low: int) -> None:
    result = compare((low, 40), (low, 40))

    assert result.points == 0
    assert (result.z, result.is_significant) == (None, None)


def test_bounds_are_parameters() -> None:
    bounds = Bounds(declining_from=Fraction(5), small_n=3)

    result = change(RU5, Count(low=0, participants=4), Count(low=1, participants=4), bounds)

    assert result.trend is Trend.DECLINING


# Two views


COUNTS = {
    (2025, Work(procedure="VPR", grade=4, subject="RU")): Count(low=4, participants=40),
    (2025, Work(procedure="VPR", grade=5, subject="RU")): Count(low=20, participants=40),
    (2026, Work(procedure="VPR", grade=5, subject="RU")): Count(low=5, participants=40),
    (2026, Work(procedure="VPR", grade=6, subject="RU")): Count(low=10, participants=40),
    (2024, Work(procedure="VPR", grade=5, subject="RU")): Count(low=40, participants=40),
}


def test_parallel_view_compares_the_same_grade() -> None:
    result = changes(COUNTS, 2026, View.PARALLEL)

    assert [(each.work.grade, each.points) for each in result] == [(4, None), (5, Fraction(-75, 2)), (6, None)]


def test_cohort_view_compares_the_same_children() -> None:
    result = changes(COUNTS, 2026, View.COHORT)

    assert [(each.work.grade, each.points) for each in result] == [(5, Fraction(5, 2)), (6, Fraction(-25))]


# A school


IMPROVING, STABLE, DECLINING = ((30, 40), (10, 40)), ((10, 40), (11, 40)), ((5, 40), (20, 40))
TINY = ((1, 4), (4, 4))


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        pytest.param([IMPROVING, IMPROVING, STABLE], SchoolTrend.IMPROVING, id="two better, none worse"),
        pytest.param([IMPROVING, STABLE], SchoolTrend.MIXED, id="one better is not enough"),
        pytest.param([IMPROVING, IMPROVING, DECLINING], SchoolTrend.MIXED, id="better and worse"),
        pytest.param([DECLINING, STABLE], SchoolTrend.DECLINING, id="one worse, none better"),
        pytest.param([STABLE, STABLE], SchoolTrend.STABLE, id="all stable"),
        pytest.param([TINY, TINY], SchoolTrend.INSUFFICIENT_DATA, id="nothing comparable"),
        pytest.param([], SchoolTrend.INSUFFICIENT_DATA, id="nothing"),
    ],
)
def test_school_is_judged_over_its_works(
    pairs: list[tuple[tuple[int, int], tuple[int, int]]],
    expected: SchoolTrend,
) -> None:
    every = [compare(before, after) for before, after in pairs]

    assert school_trend(every, {"RU", "MA"}) is expected


def test_other_subjects_do_not_judge_a_school() -> None:
    history = Work(procedure="VPR", grade=6, subject="HI")

    every = [compare(*IMPROVING), compare(*IMPROVING), compare(*DECLINING, work=history)]

    assert school_trend(every, {"RU", "MA"}) is SchoolTrend.IMPROVING


counts = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_reversed_years_have_the_opposite_change(before: tuple[int, int], after: tuple[int, int]) -> None:
    forth, back = compare(before, after), compare(after, before)

    assert forth.points == -(back.points or 0)
    assert forth.is_significant == back.is_significant
    opposite = {Trend.IMPROVING: Trend.DECLINING, Trend.DECLINING: Trend.IMPROVING}
    assert forth.trend is opposite.get(back.trend, back.trend)


@given(counts, counts, st.integers(1, 9))
def test_larger_groups_with_equal_shares_are_never_less_significant(
    before: tuple[int, int],
    after: tuple[int, int],
    times: int,
) -> None:
    small = compare(before, after)
    large = compare((before[0] * times, before[1] * times), (after[0] * times, after[1] * times))

    assert abs(large.z or 0) >= abs(small.z or 0) - 1e-9


# What stands between two years


WARNED = Remark(cause=Cause.SCALE, text="Шкала другая")
FORBIDDEN = Remark(cause=Cause.TIME, text="Писали осенью", forbids=True)


def test_remark_stands_beside_the_level() -> None:
    result = change(RU5, Count(low=20, participants=40), Count(low=5, participants=40), remarks=(WARNED,))

    assert (result.trend, result.remarks) == (Trend.IMPROVING, (WARNED,))


def test_forbidding_remark_takes_the_level_and_leaves_the_numbers() -> None:
    result = change(RU5, Count(low=20, participants=40), Count(low=5, participants=40), remarks=(FORBIDDEN,))

    assert (result.trend, result.points) == (Trend.NOT_COMPARABLE, Fraction(-75, 2))
    assert school_trend([result, result], {"RU"}) is SchoolTrend.INSUFFICIENT_DATA


def test_forbidding_remark_is_no_ground_where_data_are_missing_anyway() -> None:
    result = change(RU5, None, Count(low=5, participants=40), remarks=(FORBIDDEN,))

    assert result.trend is Trend.NOT_WRITTEN


def test_remarks_come_work_by_work() -> None:
    def remarks_of(work: Work) -> tuple[Remark, ...]:
        return (WARNED,) if work.grade == 6 else ()

    result = changes(COUNTS, 2026, View.COHORT, remarks_of=remarks_of)

    assert [(each.work.grade, each.remarks) for each in result] == [(5, ()), (6, (WARNED,))]
