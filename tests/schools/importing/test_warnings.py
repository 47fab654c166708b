"""A jump against last year is found by exact integers, and one pupil is never a jump."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.importing.warnings import YearCounts, jumps, participants_jumped, share_jumped


@pytest.mark.parametrize(
    ("before", "now", "jumped"),
    [
        pytest.param(100, 130, False, id="30 % is not more than 30 %"),
        pytest.param(100, 131, True, id="31 % more"),
        pytest.param(100, 69, True, id="31 % less"),
        pytest.param(100, 70, False, id="30 % less"),
        pytest.param(3, 4, False, id="one pupil of a village school"),
        pytest.param(3, 5, True, id="two pupils of a village school"),
        pytest.param(0, 1, False, id="one pupil where nobody was"),
        pytest.param(0, 2, True, id="a class where nobody was"),
    ],
)
def test_participants(before: int, now: int, *, jumped: bool) -> None:
    assert participants_jumped(before, now) is jumped


@pytest.mark.parametrize(
    ("before", "now", "jumped"),
    [
        pytest.param((10, 100), (13, 100), False, id="from 10 % to 13 %"),
        pytest.param((10, 100), (14, 100), True, id="from 10 % to 14 %"),
        pytest.param((10, 100), (7, 100), False, id="from 10 % to 7 %"),
        pytest.param((10, 100), (6, 100), True, id="from 10 % to 6 %"),
        pytest.param((1, 10), (2, 10), False, id="one pupil of ten"),
        pytest.param((1, 10), (3, 10), True, id="two pupils of ten"),
        pytest.param((1, 10), (11, 100), False, id="other numbers, nearly the same share"),
        pytest.param((0, 50), (1, 50), False, id="the first low result"),
        pytest.param((0, 50), (2, 50), True, id="two where none was"),
        pytest.param((5, 50), (0, 50), True, id="all gone"),
        pytest.param((None, 50), (9, 50), False, id="unknown the year before"),
        pytest.param((9, 50), (None, 50), False, id="unknown now"),
        pytest.param((0, 0), (9, 50), False, id="nobody the year before"),
    ],
)
def test_share_of_low_results(before: tuple[int | None, int], now: tuple[int | None, int], *, jumped: bool) -> None:
    was, is_now = (YearCounts(low=low, participants=of) for low, of in (before, now))

    assert share_jumped(was, is_now) is jumped


def test_words_name_both_years_with_counts() -> None:
    found = jumps(YearCounts(participants=60, low=3), YearCounts(participants=38, low=12))

    assert [jump.text_ru for jump in found] == [
        "участников 38, год назад 60: изменение больше 30 %",
        "доля «2» 31,6 % (12 из 38), год назад 5,0 % (3 из 60): изменение больше 30 %".replace(
            " %", "\u00a0%", 1
        ).replace("5,0 %", "5,0\u00a0%"),
    ]


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_same_year_again_never_jumps(low: int, rest: int) -> None:
    counts = YearCounts(participants=low + rest, low=low)

    assert list(jumps(counts, counts)) == []


@given(st.integers(1, 300), st.integers(0, 300), st.integers(0, 300), st.integers(1, 20))
def test_share_is_judged_alike_in_schools_of_any_size(of: int, low: int, other: int, times: int) -> None:
    """Judge the same shares with all counts multiplied: the rule is about shares beyond the weight of one pupil."""
    was = YearCounts(participants=of, low=min(low, of))
    now = YearCounts(participants=of, low=min(other, of))
    larger = [YearCounts(participants=one.participants * times, low=(one.low or 0) * times) for one in (was, now)]

    if share_jumped(was, now):
        assert share_jumped(*larger)
