"""What must hold of a verdict for any results: order, missing years, bounds, what one more fact may change."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.identification import (
    Identification,
    Part,
    PartState,
    Result,
    SchoolFacts,
    Verdict,
    identify,
    wilson_interval,
)
from tests.factories.identification import make_rules, vpr

SECONDARY = SchoolFacts(kind="СОШ")
KEYS = st.tuples(st.sampled_from(["RU", "MA"]), st.integers(4, 8), st.sampled_from([2024, 2025, 2026]))


@st.composite
def school_results(draw: st.DrawFn, *, most: int = 60) -> list[Result]:
    keys = draw(st.lists(KEYS, unique=True, max_size=10))
    rows = [(key, draw(st.integers(1, most))) for key in keys]
    return [vpr(subject, grade, draw(st.integers(0, n)), n, year) for (subject, grade, year), n in rows]


def judge(results: list[Result], **changes: Any) -> Identification:
    return identify(results, make_rules(**changes), 2026, SECONDARY)


@given(results=school_results(), seed=st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(results: list[Result], seed: Any) -> None:
    shuffled = [*results]
    seed.shuffle(shuffled)

    assert judge(shuffled) == judge(results)


@given(results=school_results())
def test_year_that_the_rule_does_not_look_at_changes_nothing(results: list[Result]) -> None:
    recent = [result for result in results if result.year >= 2025]

    assert judge(recent) == judge(results)


@given(results=school_results())
def test_every_part_is_a_row_or_a_gap(results: list[Result]) -> None:
    known = {(result.year, result.procedure): result for result in results}

    for part in judge(results).parts:
        result = known.get((part.year, part.procedure))
        assert (part.low, part.participants) == ((result.low, result.participants) if result else (None, None))
        assert (part.state is PartState.NO_DATA) is (result is None)


@given(results=school_results())
def test_part_is_low_exactly_when_its_share_reaches_thirty_per_cent(results: list[Result]) -> None:
    for part in judge(results).parts:
        assert part.is_low is (part.share is not None and part.share >= Fraction(30, 100))


@given(results=school_results(), least=st.integers(1, 40))
def test_asking_for_more_participants_never_adds_a_low_procedure(results: list[Result], least: int) -> None:
    strict = {part.procedure for part in judge(results, min_participants=least + 1).low}

    assert strict <= {part.procedure for part in judge(results, min_participants=least).low}


@given(results=school_results(), least=st.integers(1, 4))
def test_asking_for_more_procedures_never_makes_the_first_condition_easier(results: list[Result], least: int) -> None:
    assert judge(results, min_procedures=least).c1 or not judge(results, min_procedures=least + 1).c1


@given(results=school_results())
def test_both_conditions_are_never_easier_than_either(results: list[Result]) -> None:
    both, either = (judge(results, combine=combine).verdict for combine in ("ALL", "ANY"))

    assert both is not Verdict.SHNOR or either is Verdict.SHNOR


@given(results=school_results())
def test_repeated_procedure_is_low_now_and_the_year_before(results: list[Result]) -> None:
    verdict = judge(results)
    before = {part.procedure for part in verdict.parts if part.year == 2025 and part.is_low}

    assert {part.procedure for part in verdict.repeated} == {part.procedure for part in verdict.low} & before


@given(results=school_results())
def test_school_in_the_list_is_in_it_whatever_is_missing_elsewhere(results: list[Result]) -> None:
    strict, kind = (judge(results, missing_mode=mode).verdict for mode in ("NO_DATA", "TREAT_AS_OK"))

    assert (strict is Verdict.SHNOR) is (kind is Verdict.SHNOR)


@given(results=school_results())
def test_every_part_of_a_verdict_survives_storage(results: list[Result]) -> None:
    for part in judge(results).parts:
        assert Part.from_json(part.to_json()) == part


@given(results=school_results().filter(bool))
def test_worst_share_is_the_largest_of_the_counted(results: list[Result]) -> None:
    verdict = judge(results)
    shares = [part.share for part in verdict.counted if part.share is not None]

    assert (verdict.worst.share if verdict.worst else None) == max(shares, default=None)


@given(participants=st.integers(1, 500), data=st.data())
def test_distance_to_the_threshold_is_exact_in_pupils(participants: int, data: st.DataObject) -> None:
    low = data.draw(st.integers(0, participants))
    (part,) = [each for each in judge([vpr("RU", 5, low, participants)]).current if each.participants]
    assert part.pupils_to_threshold is not None
    assert part.pupils_above_threshold is not None

    assert (part.pupils_to_threshold == 0) is part.is_low
    assert 10 * (low + part.pupils_to_threshold) >= 3 * participants
    assert 10 * (low - part.pupils_above_threshold) < 3 * participants


@given(participants=st.integers(1, 500), data=st.data())
def test_interval_holds_the_share_and_lies_within_bounds(participants: int, data: st.DataObject) -> None:
    low = data.draw(st.integers(0, participants))

    lower, upper = wilson_interval(low, participants)

    assert 0 <= lower <= 100 * low / participants + 1e-9
    assert 100 * low / participants - 1e-9 <= upper <= 100


@given(tens=st.integers(1, 40))
def test_larger_class_with_the_same_share_has_a_narrower_interval(tens: int) -> None:
    narrow, wide = wilson_interval(6 * tens, 20 * tens), wilson_interval(3 * tens, 10 * tens)

    assert narrow[1] - narrow[0] < wide[1] - wide[0]


# Edges of the threshold. Source: domain specification, 1.3 and 1.4


@pytest.mark.parametrize(
    ("low", "participants", "is_low"),
    [
        pytest.param(1, 1, True, id="one of one"),
        pytest.param(0, 1, False, id="none of one"),
        pytest.param(1, 3, True, id="33.33"),
        pytest.param(1, 4, False, id="25.00"),
        pytest.param(2, 6, True, id="33.33 of six"),
        pytest.param(2, 7, False, id="28.57"),
        pytest.param(3, 10, True, id="exactly thirty"),
        pytest.param(29, 97, False, id="29.90 reads as thirty when rounded"),
        pytest.param(30, 100, True, id="exactly thirty of a hundred"),
        pytest.param(59, 197, False, id="29.95"),
        pytest.param(2999, 10_000, False, id="29.99"),
        pytest.param(3000, 10_000, True, id="exactly thirty of ten thousand"),
    ],
)
def test_share_is_compared_before_it_is_rounded(low: int, participants: int, is_low: bool) -> None:
    (part,) = [each for each in judge([vpr("RU", 5, low, participants)]).current if each.participants]

    assert part.is_low is is_low


@pytest.mark.parametrize(
    ("threshold", "low"),
    [
        pytest.param("29.99", 2999, id="below by a hundredth"),
        pytest.param("30", 3000, id="at"),
        pytest.param("30.01", 3001, id="above by a hundredth"),
        pytest.param("100", 10_000, id="everybody"),
        pytest.param("0.01", 1, id="a single pupil"),
    ],
)
def test_threshold_with_hundredths_asks_for_whole_pupils(threshold: str, low: int) -> None:
    def is_low(count: int) -> bool:
        return bool(judge([vpr("RU", 5, count, 10_000)], share_threshold_pct=threshold).low)

    assert is_low(low)
    assert not is_low(low - 1)


@pytest.mark.parametrize(
    ("participants", "counted", "small"),
    [
        pytest.param(4, False, True, id="one fewer than asked"),
        pytest.param(5, True, True, id="as many as asked"),
        pytest.param(9, True, True, id="last that is warned of"),
        pytest.param(10, True, False, id="first that is not"),
    ],
)
def test_bounds_of_small_classes_are_inclusive(participants: int, counted: bool, small: bool) -> None:
    verdict = judge([vpr("RU", 5, participants, participants)], min_participants=5)
    (part,) = [each for each in verdict.current if each.participants]

    assert (part.state is PartState.COUNTED) is counted
    assert part.is_small is small


@pytest.mark.parametrize(
    ("years", "is_repeated"),
    [
        pytest.param((2025, 2026), True, id="two in a row"),
        pytest.param((2024, 2026), False, id="a year between"),
        pytest.param((2026,), False, id="the first year"),
        pytest.param((2025,), False, id="only the year before"),
    ],
)
def test_repeat_needs_two_years_in_a_row(years: tuple[int, ...], is_repeated: bool) -> None:
    assert judge([vpr("RU", 5, 20, 40, year) for year in years]).c2 is is_repeated


@pytest.mark.parametrize(
    ("now", "before"),
    [
        pytest.param(("RU", 6), ("RU", 5), id="the same children a grade later"),
        pytest.param(("RU", 5), ("MA", 5), id="another subject"),
    ],
)
def test_repeat_is_of_one_procedure_and_not_of_one_class(now: tuple[str, int], before: tuple[str, int]) -> None:
    assert judge([vpr(*now, 20, 40), vpr(*before, 20, 40, 2025)]).c2 is False


def test_work_that_nobody_wrote_is_counted_by_nobody() -> None:
    verdict = judge([vpr("RU", 5, 0, 0), vpr("MA", 5, 20, 40)])

    assert [part.code for part in verdict.counted] == ["ВПР-МА-5"]
    assert [part.code for part in verdict.low] == ["ВПР-МА-5"]
