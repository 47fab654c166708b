"""Small works, marked works, pooled works: each with numbers that can be checked by hand."""

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.russian import NBSP
from schools.identification import (
    Course,
    Flag,
    Identification,
    Part,
    PartState,
    Procedure,
    Result,
    SchoolFacts,
    Verdict,
    identify,
)
from tests.factories.identification import make_rules, vpr

FACTS = SchoolFacts(kind="СОШ", expected={})


def judged(*results: Result, **changes: Any) -> Identification:
    return identify(results, make_rules(**changes), 2026, FACTS)


def states(identification: Identification) -> dict[str, str]:
    return {part.code: str(part.state) for part in identification.current}


def part(identification: Identification, subject: str, grade: int) -> Part:
    (found,) = [each for each in identification.current if each.procedure == Procedure("VPR", subject, grade)]
    return found


def test_marked_small_works_speak_neither_in_a_pool_nor_alone() -> None:
    rule = {"pool_small_schools": "GRADES", "min_participants": 7, "objectivity_mode": "SEPARATE_LIST"}
    low = [vpr(subject, grade, counts[0], counts[1]) for subject in ("RU", "MA") for grade, counts in POOLED_LOW]
    zeros = [vpr(subject, grade, 0, 6, markers=(f"{grade}",)) for subject in ("RU", "MA") for grade in (4, 7)]

    plain, marked = judged(*low, **rule), judged(*low, *zeros, **rule)

    assert (plain.verdict, marked.verdict) == (Verdict.SHNOR, Verdict.SHNOR)
    assert marked.is_marked
    assert part(marked, "RU", 4).state is PartState.SMALL_N


POOLED_LOW: Final = ((5, (3, 6)), (6, (3, 6)))


def test_repeat_of_pools_of_other_grades_names_the_grades_of_each_year() -> None:
    rule = {"pool_small_schools": "GRADES", "min_participants": 10}
    before = (vpr("RU", 5, 3, 6, 2025), vpr("RU", 6, 3, 6, 2025))

    result = judged(vpr("RU", 6, 3, 6), vpr("RU", 7, 3, 6), *before, **rule)

    (reason,) = [each for each in result.reasons if each.code == "C2"]
    assert str(reason).replace(NBSP, " ") == "C2:ВПР-РУ-5+6 2025 6/12=50,00 % → ВПР-РУ-6+7 2026 6/12=50,00 %"
    assert reason.text.replace(NBSP, " ").startswith(
        "Малые классы одного предмета, сложенные вместе, два года подряд: 2025 год, ВПР, русский язык, 5 и 6 классы"
    )


@pytest.mark.parametrize("mode", ["NO_DATA", "TREAT_AS_OK"])
@pytest.mark.parametrize("pooling", ["NONE", "GRADES", "YEARS"])
def test_work_that_nobody_wrote_is_a_work_that_did_not_come(mode: str, pooling: str) -> None:
    rows = (vpr("RU", 5, 1, 20), vpr("MA", 5, 2, 20))
    rule = {"missing_mode": mode, "pool_small_schools": pooling, "min_participants": 10}

    written, absent = judged(*rows, vpr("RU", 6, 0, 0), **rule), judged(*rows, **rule)

    assert part(written, "RU", 6).state is PartState.NO_DATA
    assert written.verdict is absent.verdict


# Pooling over grades


def test_small_grades_of_a_subject_are_counted_together() -> None:
    """RU 5: 2 of 4, RU 6: 1 of 6; together 3 of 10, exactly 30 %."""
    result = judged(vpr("RU", 5, 2, 4), vpr("RU", 6, 1, 6), pool_small_schools="GRADES", min_participants=10)

    assert states(result) == {"ВПР-РУ-5": "POOLED", "ВПР-РУ-6": "POOLED", "ВПР-РУ-5+6": "COUNTED"}
    (pooled,) = result.low
    assert (pooled.low, pooled.participants, pooled.needed) == (3, 10, 3)
    assert [tuple(piece) for piece in pooled.pieces] == [(5, 2026, "", 4, 2), (6, 2026, "", 6, 1)]


def test_pooled_grades_are_one_procedure_and_not_two() -> None:
    pool = {"pool_small_schools": "GRADES", "min_participants": 10}
    russian = (vpr("RU", 5, 4, 6), vpr("RU", 6, 4, 6))

    assert judged(*russian, **pool).c1 is False
    assert judged(*russian, vpr("MA", 5, 4, 6), vpr("MA", 6, 4, 6), **pool).c1 is True


def test_grade_that_is_large_enough_is_left_out_of_the_pool() -> None:
    result = judged(
        vpr("RU", 5, 0, 20),
        vpr("RU", 6, 4, 6),
        vpr("RU", 7, 4, 6),
        pool_small_schools="GRADES",
        min_participants=10,
    )

    assert states(result) == {
        "ВПР-РУ-5": "COUNTED",
        "ВПР-РУ-6": "POOLED",
        "ВПР-РУ-7": "POOLED",
        "ВПР-РУ-6+7": "COUNTED",
    }


def test_grades_that_are_too_few_even_together_stay_small() -> None:
    result = judged(vpr("RU", 5, 3, 4), vpr("RU", 6, 3, 5), pool_small_schools="GRADES", min_participants=10)

    assert states(result) == {"ВПР-РУ-5": "SMALL_N", "ВПР-РУ-6": "SMALL_N"}
    assert result.verdict is Verdict.INSUFFICIENT_DATA


def test_single_small_grade_has_nothing_to_be_pooled_with() -> None:
    result = judged(vpr("RU", 5, 3, 4), vpr("MA", 6, 3, 8), pool_small_schools="GRADES", min_participants=10)

    assert set(states(result).values()) == {"SMALL_N"}


def test_pool_of_two_years_running_repeats() -> None:
    small = [vpr("RU", grade, 3, 6, year) for grade in (5, 6) for year in (2025, 2026)]

    result = judged(*small, pool_small_schools="GRADES", min_participants=10)

    assert result.c2 is True
    assert [each.code for each in result.repeated] == ["ВПР-РУ-5+6"]


def test_pool_says_in_words_what_was_added_up() -> None:
    result = judged(vpr("RU", 5, 2, 4), vpr("RU", 6, 1, 6), pool_small_schools="GRADES", min_participants=10)

    texts = {str(reason.code): reason.text.replace(NBSP, " ") for reason in result.reasons}
    assert texts["POOLED"] == (
        "ВПР, русский язык, 5 и 6 классы вместе: участников мало, сложены вместе — "
        "5 класс 2026 года 2 из 4, 6 класс 2026 года 1 из 6."
    )
    assert Flag.POOLED in result.flags


# Pooling over years


def test_small_work_is_counted_with_the_year_before() -> None:
    """2 of 6 now, 1 of 4 a year ago: 3 of 10; the year before that is not needed."""
    result = judged(
        vpr("RU", 5, 2, 6),
        vpr("RU", 5, 1, 4, 2025),
        vpr("RU", 5, 9, 9, 2024),
        pool_small_schools="YEARS",
        min_participants=10,
    )

    pooled = part(result, "RU", 5)
    assert (pooled.state, pooled.low, pooled.participants, pooled.years) == (PartState.COUNTED, 3, 10, (2025, 2026))
    assert pooled.fraction_text.replace(NBSP, " ") == "2025–2026 3/10=30,00 %"


def test_third_year_is_taken_when_two_are_not_enough_and_no_fourth() -> None:
    rows = (vpr("RU", 5, 2, 4), vpr("RU", 5, 1, 3, 2025), vpr("RU", 5, 0, 3, 2024), vpr("RU", 5, 5, 5, 2023))
    pool = {"pool_small_schools": "YEARS"}

    assert part(judged(*rows, **pool, min_participants=10), "RU", 5).years == (2024, 2025, 2026)
    assert part(judged(*rows, **pool, min_participants=11), "RU", 5).state is PartState.SMALL_N


def test_year_without_the_work_is_passed_over() -> None:
    rows = (vpr("RU", 5, 2, 6), vpr("RU", 5, 2, 6, 2024))

    pooled = part(judged(*rows, pool_small_schools="YEARS", min_participants=10), "RU", 5)

    assert (pooled.low, pooled.participants, pooled.years) == (4, 12, (2024, 2026))


def test_years_that_share_works_are_no_repeat_of_each_other() -> None:
    """Both years are low only together with the work of 2025: one bad class must not count as two years."""
    rows = (vpr("RU", 5, 0, 6), vpr("RU", 5, 6, 6, 2025), vpr("RU", 5, 0, 6, 2024))

    result = judged(*rows, pool_small_schools="YEARS", min_participants=10)

    assert [each.is_low for each in result.parts] == [True, True]
    assert result.c2 is False


@pytest.mark.parametrize(
    ("now", "before", "older", "is_named"),
    [
        # 2026: 0 of 4 and 8 of 8 of 2025 are 8 of 12. The work of 2025 is counted: in 2025 it says nothing more.
        ((0, 4), (8, 8), (0, 4), False),
        # 2026 stands alone: 12 of 12. 2025: 0 of 4 and 8 of 8 of 2024 are 8 of 12.
        ((12, 12), (0, 4), (8, 8), True),
        # 2026: 4 of 4 and 8 of 8 of 2025; nothing is left for 2025.
        ((4, 4), (8, 8), (8, 8), False),
        # 2026: 4 of 4 with 2025 and 2024, for 5 of 5 are too few.
        ((4, 4), (1, 1), (9, 9), False),
    ],
)
def test_one_work_makes_no_two_years(
    now: tuple[int, int], before: tuple[int, int], older: tuple[int, int], is_named: bool
) -> None:
    rows = (vpr("RU", 5, *now), vpr("RU", 5, *before, 2025), vpr("RU", 5, *older, 2024))
    rule = {"pool_small_schools": "YEARS", "min_participants": 10, "min_procedures": 1, "combine": "C1_ONLY"}

    assert (judged(*rows, **rule, years_required=2).verdict is Verdict.SHNOR) is is_named
    assert judged(*rows, **rule).verdict is Verdict.SHNOR


def test_one_work_makes_no_list_of_two_years() -> None:
    rows = (vpr("RU", 5, 0, 4), vpr("RU", 5, 8, 8, 2025), vpr("RU", 5, 0, 4, 2024))
    trend = {"years": 2, "high_share_pct": "70"}

    result = judged(*rows, pool_small_schools="YEARS", min_participants=10, min_procedures=1, trend_rule=trend)

    assert result.trend is not None
    assert result.trend.course is Course.RISK
    assert [(year.year, year.low) for year in result.trend.years] == [(2026, 1), (2025, 0)]


def test_year_whose_low_work_another_one_has_counted_is_not_high_for_that() -> None:
    """2025: 10 of 30 are a third. With the 4 of 2026 they are 29.4 %: low in 2025, and not once more in 2026."""
    good = [vpr("RU", 5, 0, 20, year, high=20) for year in (2025, 2026)]
    rows = (*good, vpr("RU", 6, 0, 4, high=4), vpr("RU", 6, 10, 30, 2025, high=20))
    trend = {"years": 2, "high_share_pct": "1"}

    result = judged(*rows, pool_small_schools="YEARS", min_participants=10, min_procedures=2, trend_rule=trend)

    assert result.trend is not None
    assert [year.low for year in result.trend.years] == [0, 0]
    assert result.trend.course is Course.ORDINARY


def test_years_that_share_nothing_may_repeat() -> None:
    rows = (vpr("RU", 5, 4, 12), vpr("RU", 5, 3, 6, 2025), vpr("RU", 5, 3, 6, 2024))

    assert judged(*rows, pool_small_schools="YEARS", min_participants=10).c2 is True


def test_dropped_works_are_not_pooled() -> None:
    rows = (vpr("RU", 5, 2, 4, markers=("5РУ",)), vpr("RU", 6, 1, 6))

    result = judged(*rows, pool_small_schools="GRADES", min_participants=10, objectivity_mode="DROP_PROCEDURE")

    assert set(states(result).values()) == {"SMALL_N"}


@given(
    small=st.lists(
        st.tuples(st.integers(4, 8), st.integers(1, 9)), min_size=1, max_size=5, unique_by=lambda row: row[0]
    ),
    data=st.data(),
)
def test_pooling_loses_and_invents_no_participant(small: list[tuple[int, int]], data: st.DataObject) -> None:
    results = [vpr("RU", grade, data.draw(st.integers(0, number)), number) for grade, number in small]

    result = judged(*results, pool_small_schools="GRADES", min_participants=10)

    whole = [each for each in result.current if each.state is PartState.COUNTED]
    pooled = [each for each in result.current if each.state is PartState.POOLED]
    assert sum(each.participants or 0 for each in whole) == sum(each.participants or 0 for each in pooled)
    assert sum(each.low or 0 for each in whole) == sum(each.low or 0 for each in pooled)


@given(
    rows=st.lists(st.tuples(st.sampled_from(["RU", "MA"]), st.integers(4, 8)), min_size=1, unique=True),
    pooling=st.sampled_from(["GRADES", "YEARS"]),
    years=st.integers(1, 3),
    data=st.data(),
)
def test_one_work_that_turns_low_never_removes_a_school_whatever_is_pooled(
    rows: list[tuple[str, int]],
    pooling: str,
    years: int,
    data: st.DataObject,
) -> None:
    counts = {(row, year): data.draw(st.integers(1, 12)) for row in rows for year in (2024, 2025, 2026)}
    lows = {key: data.draw(st.integers(0, number)) for key, number in counts.items()}
    key = data.draw(st.sampled_from(sorted(counts)))
    more = {**lows, key: min(lows[key] + 1, counts[key])}

    def verdict(low: dict[Any, int]) -> Verdict:
        results = [vpr(*row, low[row, year], number, year) for (row, year), number in counts.items()]
        return judged(*results, pool_small_schools=pooling, min_participants=10, years_required=years).verdict

    if verdict(lows) is Verdict.SHNOR:
        assert verdict(more) is Verdict.SHNOR


# Markers of bias


MARKED = ("5РУ",)


@pytest.mark.parametrize(
    ("mode", "low_state", "good_state"),
    [
        pytest.param("IGNORE", "COUNTED", "COUNTED", id="ignored"),
        pytest.param("FLAG", "COUNTED", "COUNTED", id="flagged"),
        pytest.param("DROP_PROCEDURE", "DROPPED", "DROPPED", id="dropped"),
        pytest.param("SEPARATE_LIST", "COUNTED", "SET_ASIDE", id="separate list: evidence for, never against"),
    ],
)
def test_marked_work_is_counted_as_the_mode_says(mode: str, low_state: str, good_state: str) -> None:
    low = judged(vpr("RU", 5, 20, 40, markers=MARKED), objectivity_mode=mode)
    good = judged(vpr("RU", 5, 0, 40, markers=MARKED), objectivity_mode=mode)

    assert states(low) == {"ВПР-РУ-5": low_state}
    assert states(good) == {"ВПР-РУ-5": good_state}


def test_separate_list_takes_the_school_with_markers() -> None:
    marked = judged(vpr("RU", 5, 0, 40, markers=MARKED), vpr("MA", 5, 1, 40), objectivity_mode="SEPARATE_LIST")
    plain = judged(vpr("RU", 5, 0, 40), vpr("MA", 5, 1, 40), objectivity_mode="SEPARATE_LIST")
    flagged = judged(vpr("RU", 5, 0, 40, markers=MARKED), vpr("MA", 5, 1, 40))

    assert (marked.is_marked, plain.is_marked, flagged.is_marked) == (True, False, False)
    assert "признаки необъективности" in str(marked.reasons[0].text)
    assert "не говорит в пользу школы" in str(marked.reasons[0].text)


def test_marked_zeros_do_not_make_a_school_good() -> None:
    """Two works of three are marked and good; one plain work is not enough to say that nothing is wrong."""
    rows = (vpr("RU", 4, 0, 12, markers=("4РУ",)), vpr("RU", 5, 0, 14, markers=MARKED), vpr("RU", 6, 3, 13))

    assert judged(*rows, objectivity_mode="SEPARATE_LIST").verdict is Verdict.INSUFFICIENT_DATA
    assert judged(*rows, objectivity_mode="FLAG").verdict is Verdict.CLEAR


def test_marked_low_work_still_names_the_school() -> None:
    rows = (vpr("RU", 5, 20, 40, markers=MARKED), vpr("MA", 5, 20, 40))

    assert judged(*rows, objectivity_mode="SEPARATE_LIST").verdict is Verdict.SHNOR


def test_marked_work_near_the_threshold_is_a_risk() -> None:
    rows = (vpr("RU", 5, 11, 40, markers=MARKED), vpr("MA", 5, 1, 40), vpr("MA", 6, 1, 40))

    assert judged(*rows, objectivity_mode="SEPARATE_LIST").verdict is Verdict.RISK_GROUP


# More years


@pytest.mark.parametrize(
    ("years", "is_repeated"),
    [
        pytest.param((2024, 2025, 2026), True, id="three in a row"),
        pytest.param((2025, 2026), False, id="only two"),
        pytest.param((2024, 2026), False, id="a year between"),
    ],
)
def test_repeat_may_be_asked_for_three_years(years: tuple[int, ...], is_repeated: bool) -> None:
    result = judged(*(vpr("RU", 5, 20, 40, year) for year in years), repeat_years=3)

    assert result.c2 is is_repeated


def test_repeat_of_three_years_names_all_of_them() -> None:
    result = judged(*(vpr("RU", 5, 20, 40, year) for year in (2024, 2025, 2026)), repeat_years=3)

    (reason,) = [each for each in result.reasons if each.code == "C2"]
    assert reason.reference.replace(NBSP, " ") == (
        "ВПР-РУ-5 2024 20/40=50,00 % → 2025 20/40=50,00 % → 2026 20/40=50,00 %"
    )


def test_each_silent_year_that_is_looked_at_is_named() -> None:
    result = judged(vpr("RU", 5, 1, 40), years_required=3)

    assert [str(reason) for reason in result.reasons] == ["PREVIOUS_YEAR:2025", "PREVIOUS_YEAR:2024"]
