"""Counts behind delivered percentages."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.intake.percents import count_of_share, counts_of_shares, is_share_of, share_of_count, sum_fits

marks = st.lists(st.integers(0, 2400), min_size=4, max_size=4).filter(lambda counts: 0 < sum(counts) < 10_000)


@given(marks)
def test_any_counts_come_back_from_percentages_of_two_decimals(counts: list[int]) -> None:
    participants = sum(counts)
    shares = [share_of_count(count, participants) for count in counts]

    assert counts_of_shares(shares, participants) == tuple(counts)
    assert sum_fits(shares)
    assert all(is_share_of(share, count, participants) for share, count in zip(shares, counts, strict=True))


@given(marks.filter(lambda counts: sum(counts) < 1000))
def test_one_decimal_is_enough_for_a_school(counts: list[int]) -> None:
    participants = sum(counts)
    shares = [round(Decimal(100 * count) / participants, 1) for count in counts]

    assert counts_of_shares(shares, participants) == tuple(counts)


@pytest.mark.parametrize(
    ("percent", "participants", "count"),
    [("2.63", 38, 1), ("33.33", 3, 1), ("66.67", 3, 2), ("50", 1, 1), ("0", 7, 0), ("100", 7, 7)],
)
def test_count_of_a_share_rounds_halves_up(percent: str, participants: int, count: int) -> None:
    assert count_of_share(Decimal(percent), participants) == count


def test_share_of_nobody_is_zero() -> None:
    assert share_of_count(0, 0) == Decimal("0.00")


@pytest.mark.parametrize(
    ("shares", "fits"), [((50, 50), True), ((50, "50.5"), True), ((50, "50.51"), False), ((), False)]
)
def test_sum_may_miss_a_hundred_by_half_a_point(shares: tuple[int | str, ...], fits: bool) -> None:
    assert sum_fits([Decimal(share) for share in shares]) == fits


def test_three_percent_of_38_is_nobody_s_share() -> None:
    assert not is_share_of(Decimal(3), 1, 38)
    assert is_share_of(Decimal("2.63"), 1, 38)
