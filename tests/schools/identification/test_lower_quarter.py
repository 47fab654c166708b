"""Where the lower quarter of the primary scores ends, and who is in it: numbers that one can count by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.identification import (
    Quarter,
    Result,
    SchoolFacts,
    ScoredWork,
    Verdict,
    identify,
    low_in_quarter,
    quarters_from,
    quarters_of,
    stored_quarters,
)
from schools.identification.lower_quarter import quarter_of
from tests.factories.identification import make_rules, procedure

WORK = ScoredWork(2026, procedure("VPR", "RU", 4), "spring", "none")
HISTOGRAMS = st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=1, max_size=6)


def of_schools(*histograms: list[int], work: ScoredWork = WORK) -> dict[ScoredWork, Quarter]:
    return quarters_of((work, histogram, sum(histogram)) for histogram in histograms)


@pytest.mark.parametrize(
    ("total", "quarter"),
    [
        pytest.param([1, 1, 1, 1], Quarter(0, 3, 1, 4), id="exactly a quarter has the least score"),
        pytest.param([0, 1, 1, 2], Quarter(1, 3, 1, 4), id="nobody has a score of 0"),
        pytest.param([10, 14, 30, 46], Quarter(2, 3, 54, 100), id="24 of 100 are short of a quarter"),
        pytest.param([10, 15, 30, 45], Quarter(1, 3, 25, 100), id="25 of 100 are one"),
        pytest.param([10, 40, 30, 20], Quarter(1, 3, 50, 100), id="those of one score belong to it together"),
        pytest.param([5, 0, 0, 0], None, id="all have one score"),
        pytest.param([1, 0, 1, 9], None, id="with those of the best score everybody is in it"),
        pytest.param([0, 0, 0, 0], None, id="nobody wrote"),
        pytest.param([], None, id="no scores"),
    ],
)
def test_boundary_is_the_least_score_that_a_quarter_does_not_exceed(total: list[int], quarter: Quarter | None) -> None:
    assert quarter_of(total) == quarter


def test_schools_of_a_region_are_added_up() -> None:
    """0: 3 of 20; 0 and 1: 3 + 2 = 5 of 20."""
    assert of_schools([3, 1, 4, 2], [0, 1, 4, 5]) == {WORK: Quarter(1, 3, 5, 20)}


def test_works_are_measured_each_by_itself() -> None:
    later, advanced = WORK._replace(year=2027), WORK._replace(level="advanced")
    rows = [(WORK, [1, 1, 2], 4), (later, [0, 1, 3], 4), (advanced, [1, 1, 1, 5], 8)]

    assert quarters_of(rows) == {WORK: Quarter(0, 2, 1, 4), later: Quarter(1, 2, 1, 4), advanced: Quarter(1, 3, 2, 8)}


def test_histogram_that_is_not_of_all_participants_takes_no_part() -> None:
    rows = [(WORK, [1, 1, 2], 4), (WORK, [9, 0, 0], 10), (WORK, [], 5), (WORK, [0, 0, 0], 0)]

    assert quarters_of(rows) == {WORK: Quarter(0, 2, 1, 4)}


def test_of_two_scales_of_a_work_that_of_most_participants_stands() -> None:
    rows = [(WORK, [1, 1, 2], 4), (WORK, [1, 2, 1, 1], 5)]

    assert quarters_of(rows) == quarters_of(rows[::-1]) == {WORK: Quarter(1, 3, 3, 5)}


def test_of_two_scales_with_as_many_participants_the_longer_one_stands() -> None:
    rows = [(WORK, [2, 1, 2], 5), (WORK, [2, 1, 1, 1], 5)]

    assert quarters_of(rows) == quarters_of(rows[::-1]) == {WORK: Quarter(0, 3, 2, 5)}


@pytest.mark.parametrize(
    ("histogram", "participants", "low"),
    [
        pytest.param([3, 1, 4, 2], 10, 4, id="3 with 0 and 1 with 1"),
        pytest.param([0, 0, 4, 6], 10, 0, id="nobody is a number"),
        pytest.param([3, 1, 4, 2], 11, None, id="one participant has no score"),
        pytest.param([], 10, None, id="no histogram"),
        pytest.param([3, 1, 6], 10, None, id="another scale"),
    ],
)
def test_school_has_as_many_low_works_as_are_in_the_quarter(
    histogram: list[int], participants: int, low: int | None
) -> None:
    assert low_in_quarter(histogram, participants, Quarter(1, 3, 5, 20)) == low


def test_without_a_quarter_nothing_is_known() -> None:
    assert low_in_quarter([3, 1, 4, 2], 10, None) is None


def test_quarters_survive_storage() -> None:
    quarters = {WORK: Quarter(1, 3, 5, 20), WORK._replace(year=2025): Quarter(0, 3, 9, 20)}

    assert stored_quarters(quarters)[0] == [2025, "VPR", "RU", 4, "spring", "none", 0, 3, 9, 20]
    assert quarters_from(stored_quarters(quarters)) == quarters


@given(histograms=HISTOGRAMS)
def test_quarter_holds_a_quarter_and_without_its_boundary_less(histograms: list[list[int]]) -> None:
    quarter = of_schools(*histograms).get(WORK)
    total = [sum(column) for column in zip(*histograms, strict=True)]

    if quarter is None:
        best = max((score for score, number in enumerate(total) if number), default=0)
        assert 4 * sum(total[:best]) < sum(total) or not any(total)
        return
    assert quarter.low == sum(total[: quarter.score + 1])
    assert 4 * sum(total[: quarter.score]) < quarter.participants <= 4 * quarter.low


@given(histograms=HISTOGRAMS)
def test_schools_together_have_the_low_works_of_the_quarter(histograms: list[list[int]]) -> None:
    quarter = of_schools(*histograms).get(WORK)
    lows = [low_in_quarter(histogram, sum(histogram), quarter) for histogram in histograms]

    assert sum(low or 0 for low in lows) == (quarter.low if quarter else 0)


@given(histogram=st.lists(st.integers(0, 9), min_size=4, max_size=4), score=st.integers(0, 2))
def test_higher_boundary_never_makes_fewer_low_works(histogram: list[int], score: int) -> None:
    here, above = (low_in_quarter(histogram, sum(histogram), Quarter(each, 3, 1, 4)) for each in (score, score + 1))

    assert (here is None) is (above is None)
    assert (here or 0) <= (above or 0)


def judged(histogram: list[int], quarter: Quarter, threshold: int = 30) -> Verdict:
    """Return what a rule of one work says of a school by its scores."""
    rules = make_rules(
        procedures=[WORK.procedure._asdict()],
        low_definition={"VPR": "LOWER_QUARTILE"},
        min_procedures=1,
        share_threshold_pct=str(threshold),
        risk_group_rule=None,
    )
    participants = sum(histogram)
    low = low_in_quarter(histogram, participants, quarter)
    result = Result(kind="VPR", subject="RU", grade=4, year=2026, participants=participants, low=low)
    return identify([result], rules, 2026, SchoolFacts(kind="СОШ")).verdict


@given(histogram=st.lists(st.integers(0, 9), min_size=4, max_size=4), score=st.integers(0, 3), least=st.integers(1, 98))
def test_raising_the_threshold_never_adds_a_school(histogram: list[int], score: int, least: int) -> None:
    quarter = Quarter(score, 3, 1, 4)
    easy, strict = judged(histogram, quarter, least), judged(histogram, quarter, least + 1)

    assert strict is not Verdict.SHNOR or easy is Verdict.SHNOR


@given(histogram=st.lists(st.integers(0, 9), min_size=4, max_size=4), score=st.integers(0, 2))
def test_work_that_falls_into_the_quarter_never_removes_a_school(histogram: list[int], score: int) -> None:
    """One pupil with the score above the boundary gets the boundary itself, which stays."""
    quarter = Quarter(score, 3, 1, 4)
    if not histogram[score + 1]:
        return
    worse = [*histogram]
    worse[score], worse[score + 1] = worse[score] + 1, worse[score + 1] - 1

    assert judged(histogram, quarter) is not Verdict.SHNOR or judged(worse, quarter) is Verdict.SHNOR
