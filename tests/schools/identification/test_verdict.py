"""Verdicts: the worked examples of the method, the demo municipality, and what must hold for any results."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.identification import (
    Difference,
    Flag,
    Identification,
    Result,
    Rules,
    SchoolFacts,
    Verdict,
    difference,
    identify,
)
from tests.factories.identification import make_rules, procedure, svetlobor, vpr

SECONDARY = SchoolFacts(kind="СОШ")


def verdict_of(*results: Result, **changes: Any) -> Identification:
    return identify(results, make_rules(**changes), 2026, SECONDARY)


QUIET_2025 = (vpr("RU", 5, 3, 40, 2025), vpr("MA", 6, 2, 30, 2025), vpr("RU", 8, 5, 60, 2025))
SMALL_CLASSES = (vpr("RU", 5, 2, 3), vpr("MA", 5, 1, 3), vpr("RU", 6, 3, 3))


# Worked examples. Source: domain specification, 1.4


def test_e1_exactly_thirty_per_cent_counts() -> None:
    result = verdict_of(vpr("RU", 5, 12, 40), vpr("MA", 6, 9, 30), vpr("RU", 7, 11, 48), *QUIET_2025)

    assert (result.c1, result.c2, result.verdict) == (True, False, Verdict.SHNOR)


def test_e2_near_thirty_is_not_rounded_up() -> None:
    result = verdict_of(vpr("RU", 6, 5, 17), vpr("MA", 6, 4, 14))

    assert (result.c1, result.c2, result.verdict) == (False, False, Verdict.RISK_GROUP)


@pytest.mark.parametrize(
    ("combine", "verdict"),
    [("ANY", Verdict.SHNOR), ("C2_ONLY", Verdict.SHNOR), ("ALL", Verdict.CLEAR), ("C1_ONLY", Verdict.CLEAR)],
)
def test_e3_repeat_alone_is_enough_unless_both_are_asked(combine: str, verdict: Verdict) -> None:
    result = verdict_of(vpr("RU", 8, 31, 65), vpr("MA", 8, 10, 65), vpr("RU", 8, 26, 65, 2025), combine=combine)

    assert (result.c1, result.c2, result.verdict) == (False, True, verdict)


@pytest.mark.parametrize(
    ("least", "c1", "verdict"),
    [(1, True, Verdict.SHNOR), (10, False, Verdict.INSUFFICIENT_DATA)],
)
def test_e4_rural_school_depends_on_the_least_number_of_participants(
    least: int,
    c1: bool,
    verdict: Verdict,
) -> None:
    result = verdict_of(*SMALL_CLASSES, min_participants=least)

    assert (result.c1, result.verdict) == (c1, verdict)
    assert (Flag.SMALL_N in result.flags) is (least == 10)


def test_e5_marked_zeros_are_flagged_and_not_rewarded() -> None:
    results = (
        vpr("RU", 4, 0, 12, markers=("4РУ",)),
        vpr("RU", 5, 0, 14, markers=("5РУ",)),
        vpr("RU", 6, 3, 13),
    )

    assert verdict_of(*results).verdict is Verdict.CLEAR
    assert Flag.MARKER in verdict_of(*results).flags
    assert Flag.MARKER not in verdict_of(*results, objectivity_mode="IGNORE").flags
    assert verdict_of(*results, objectivity_mode="DROP_PROCEDURE").verdict is Verdict.INSUFFICIENT_DATA


def test_e6_basic_school_is_judged_over_the_procedures_it_can_have() -> None:
    basic = SchoolFacts(kind="ООШ", last_grade=9)

    result = identify([vpr("RU", 5, 1, 20), vpr("MA", 5, 2, 20)], make_rules(), 2026, basic)

    assert result.verdict is Verdict.CLEAR
    assert not [part for part in result.parts if part.procedure.kind == "EGE" or part.procedure.grade > 9]


def test_e7_large_school_is_compared_in_integers() -> None:
    assert verdict_of(vpr("RU", 5, 299, 1000), vpr("MA", 5, 299, 1000)).verdict is Verdict.RISK_GROUP
    assert verdict_of(vpr("RU", 5, 300, 1000), vpr("MA", 5, 300, 1000)).verdict is Verdict.SHNOR


def test_e8_new_calculation_is_compared_with_the_published_list() -> None:
    assert difference({3, 5, 9}, {3, 5, 15}) == Difference(entered=frozenset({15}), left=frozenset({9}))
    assert not difference({3, 5}, [5, 3])


# The demo municipality. Source: domain specification, 8.1

LAST_GRADES = {14: 9, 15: 9, 16: 9, 17: 9, 18: 9, 19: 9, 20: 4}


def demo_list(**changes: Any) -> set[int]:
    rules = make_rules(**changes)
    return {
        number
        for number, results in svetlobor().items()
        if identify(
            results,
            rules,
            2026,
            SchoolFacts(last_grade=LAST_GRADES.get(number, 11)),
        ).verdict
        is Verdict.SHNOR
    }


@pytest.mark.parametrize(
    ("changes", "schools"),
    [
        pytest.param({"min_participants": 1}, {3, 5, 8, 9, 11, 15, 19}, id="either, anyone counts"),
        pytest.param({"min_participants": 10}, {3, 5, 8, 9, 11}, id="either, from ten"),
        pytest.param({"min_participants": 10, "combine": "ALL"}, {3, 5, 8, 11}, id="both, from ten"),
    ],
)
def test_demo_municipality_has_the_expected_list(changes: dict[str, Any], schools: set[int]) -> None:
    assert demo_list(**changes) == schools


@pytest.mark.parametrize(
    ("school", "low", "repeated", "low_from_ten"),
    [
        pytest.param(3, (8, 8), 6, (8, 8), id="3"),
        pytest.param(5, (9, 10), 8, (9, 10), id="5"),
        pytest.param(8, (7, 8), 7, (7, 8), id="8 evening"),
        pytest.param(9, (0, 2), 0, (0, 2), id="9 exactly thirty twice"),
        pytest.param(11, (7, 6), 4, (7, 6), id="11"),
        pytest.param(15, (6, 7), 4, (0, 0), id="15 small"),
        pytest.param(19, (8, 9), 5, (0, 0), id="19 small"),
        *[
            pytest.param(number, (0, 0), 0, (0, 0), id=f"{number} quiet")
            for number in (1, 2, 4, 6, 7, 10, 12, 13, 14, 16, 17, 18, 20)
        ],
    ],
)
def test_demo_school_has_the_expected_low_procedures(
    school: int,
    low: tuple[int, int],
    repeated: int,
    low_from_ten: tuple[int, int],
) -> None:
    assert low_counts(school, make_rules()) == low
    assert low_counts(school, make_rules(min_participants=10)) == low_from_ten
    assert len(identify(svetlobor()[school], make_rules(), 2026, SECONDARY).repeated) == repeated


def low_counts(school: int, rules: Rules) -> tuple[int, int]:
    before, now = (len(identify(svetlobor()[school], rules, year, SECONDARY).low) for year in (2025, 2026))
    return before, now


def test_demo_school_9_stands_exactly_at_the_threshold() -> None:
    result = identify(svetlobor()[9], make_rules(), 2026, SECONDARY)

    assert [(part.low, part.participants, part.pupils_above_threshold) for part in result.low] == [
        (12, 40, 1),
        (9, 30, 1),
    ]


def test_demo_school_12_is_in_the_risk_group() -> None:
    assert identify(svetlobor()[12], make_rules(), 2026, SECONDARY).verdict is Verdict.RISK_GROUP


# Parameters


def test_low_in_each_of_the_required_years() -> None:
    now = (vpr("RU", 5, 20, 40), vpr("MA", 5, 20, 40))
    before = (vpr("RU", 6, 20, 40, 2025), vpr("MA", 6, 20, 40, 2025))

    assert verdict_of(*now, *before, years_required=2).c1 is True
    assert verdict_of(*now, *QUIET_2025, years_required=2).c1 is False
    assert verdict_of(*now, *before, years_required=3).c1 is False


def test_silent_required_year_makes_data_insufficient() -> None:
    now = (vpr("RU", 5, 20, 40), vpr("MA", 5, 20, 40))

    assert verdict_of(*now, years_required=2).verdict is Verdict.INSUFFICIENT_DATA
    assert verdict_of(*now, combine="ALL").verdict is Verdict.INSUFFICIENT_DATA
    assert verdict_of(*now, combine="ALL", missing_mode="TREAT_AS_OK").verdict is Verdict.CLEAR
    assert verdict_of(*now).verdict is Verdict.SHNOR


@pytest.mark.parametrize(
    ("changes", "before", "verdict"),
    [
        pytest.param({"combine": "ALL"}, (vpr("RU", 5, 2, 5, 2025),), Verdict.INSUFFICIENT_DATA, id="other work known"),
        pytest.param(
            {"combine": "ALL"}, (vpr("RU", 8, 2, 60, 2025),), Verdict.INSUFFICIENT_DATA, id="one of two known"
        ),
        pytest.param(
            {"combine": "ALL"},
            (vpr("RU", 8, 2, 60, 2025), vpr("MA", 8, 2, 60, 2025)),
            Verdict.CLEAR,
            id="both known and good",
        ),
        pytest.param(
            {"combine": "C2_ONLY"}, (vpr("MA", 5, 1, 30, 2025),), Verdict.INSUFFICIENT_DATA, id="repeat alone"
        ),
        pytest.param({}, (vpr("MA", 5, 1, 30, 2025),), Verdict.SHNOR, id="condition 1 is enough"),
    ],
)
def test_missing_work_of_the_year_before_is_not_a_good_one(
    changes: dict[str, Any], before: tuple[Result, ...], verdict: Verdict
) -> None:
    result = verdict_of(vpr("RU", 8, 31, 65), vpr("MA", 8, 31, 65), *before, **changes)

    assert result.verdict is verdict
    assert (Flag.PREVIOUS_YEAR in result.flags) is (verdict is not Verdict.CLEAR)


def test_repeat_that_cannot_be_checked_is_named() -> None:
    result = verdict_of(vpr("RU", 5, 20, 30), vpr("MA", 5, 1, 30), vpr("MA", 5, 1, 30, 2025))

    assert result.verdict is Verdict.CLEAR
    (reason,) = [each for each in result.reasons if each.code == "REPEAT_UNKNOWN"]
    assert reason.text == "Повтор не проверен, учтённые результаты есть не за все годы: ВПР-РУ-5."


@pytest.mark.parametrize(
    ("results", "changes"),
    [
        pytest.param(
            (vpr("RU", 5, 20, 40), vpr("MA", 5, 1, 40)),
            {"combine": "ALL"},
            id="one low work of the two that are asked for",
        ),
        pytest.param(
            (vpr("RU", 5, 20, 40), vpr("MA", 5, 20, 40), vpr("RU", 5, 1, 40, 2025), vpr("MA", 5, 1, 40, 2025)),
            {"combine": "C1_ONLY", "years_required": 3},
            id="the second of three years is good",
        ),
    ],
)
def test_answer_that_no_missing_year_could_turn_is_an_answer(
    results: tuple[Result, ...], changes: dict[str, Any]
) -> None:
    result = verdict_of(*results, **changes)

    assert result.verdict is Verdict.CLEAR
    assert Flag.PREVIOUS_YEAR in result.flags


RU_5, MA_5, RU_6 = procedure("VPR", "RU", 5), procedure("VPR", "MA", 5), procedure("VPR", "RU", 6)


@pytest.mark.parametrize(
    ("results", "held", "verdict"),
    [
        pytest.param(
            [vpr("RU", 5, 1, 40)], {RU_5, MA_5, RU_6}, Verdict.INSUFFICIENT_DATA, id="one of three came: good"
        ),
        pytest.param(
            [vpr("RU", 5, 20, 40)], {RU_5, MA_5, RU_6}, Verdict.INSUFFICIENT_DATA, id="one of three came: low"
        ),
        pytest.param([vpr("RU", 5, 20, 40)], {RU_5, MA_5}, Verdict.INSUFFICIENT_DATA, id="low, the other may be too"),
        pytest.param([vpr("RU", 5, 1, 40)], {RU_5, MA_5}, Verdict.CLEAR, id="good: the other alone is not enough"),
        pytest.param([vpr("RU", 5, 20, 40)], {RU_5}, Verdict.CLEAR, id="nothing else was held"),
        pytest.param(
            [vpr("RU", 5, 20, 40), vpr("MA", 5, 1, 40)], {RU_5, MA_5, RU_6}, Verdict.CLEAR, id="as many as are needed"
        ),
    ],
)
def test_too_few_works_of_the_year_cannot_say_no(results: list[Result], held: set[Any], verdict: Verdict) -> None:
    facts = SchoolFacts(kind="СОШ", expected={2026: held})

    found = identify(results, make_rules(repeat_same_procedure=False, risk_group_rule=None), 2026, facts)

    assert found.verdict is verdict
    said = [each.text for each in found.reasons if each.code == "FEW_COUNTED"]
    assert said == ([FEW_COUNTED] if verdict is Verdict.INSUFFICIENT_DATA else [])


FEW_COUNTED = (
    "За 2026 год учтено работ: 1, для условия нужно 2. Остальные не поступили или не учтены: сказать, что условие не "
    "выполнено, нельзя."
)


@pytest.mark.parametrize(
    ("before", "held", "verdict"),
    [
        pytest.param(
            [vpr("RU", 6, 1, 40, 2025)], {RU_5, MA_5, RU_6}, Verdict.INSUFFICIENT_DATA, id="one of three came"
        ),
        pytest.param([vpr("RU", 6, 1, 40, 2025)], {RU_6}, Verdict.CLEAR, id="nothing else was held that year"),
        pytest.param(
            [vpr("RU", 6, 1, 40, 2025), vpr("RU", 5, 20, 40, 2025)], {RU_5, MA_5, RU_6}, Verdict.CLEAR, id="two came"
        ),
    ],
)
def test_required_year_with_too_few_works_is_not_a_good_one(
    before: list[Result], held: set[Any], verdict: Verdict
) -> None:
    facts = SchoolFacts(kind="СОШ", expected={2026: [RU_5, MA_5], 2025: held})
    now = [vpr("RU", 5, 20, 40), vpr("MA", 5, 20, 40)]

    found = identify([*now, *before], make_rules(combine="C1_ONLY", years_required=2), 2026, facts)

    assert found.verdict is verdict
    assert [str(each) for each in found.reasons if each.code == "FEW_COUNTED"] == (
        ["FEW_COUNTED:2025 1/2"] if verdict is Verdict.INSUFFICIENT_DATA else []
    )


@pytest.mark.parametrize(("held", "clear"), [((RU_5, MA_5), 2), ((RU_5, MA_5, RU_6), 1)])
def test_year_with_too_few_works_is_no_year_without_conditions(held: tuple[Any, ...], clear: int) -> None:
    results = [vpr("RU", 5, 1, 40), vpr("MA", 5, 1, 40), vpr("RU", 5, 1, 40, 2025)]
    facts = SchoolFacts(kind="СОШ", expected={2026: [RU_5, MA_5], 2025: held}, listed_years=frozenset({2024}))

    found = identify(results, make_rules(), 2026, facts)

    assert (found.verdict, found.clear_years) == (Verdict.CLEAR, clear)


def test_risk_group_by_the_only_work_is_no_year_without_conditions() -> None:
    facts = SchoolFacts(kind="СОШ", expected={2026: [RU_5, MA_5, RU_6]}, listed_years=frozenset({2025}))

    found = identify([vpr("RU", 5, 11, 40)], make_rules(), 2026, facts)

    assert (found.verdict, found.clear_years) == (Verdict.RISK_GROUP, 0)
    assert [str(each) for each in found.reasons if each.code == "FEW_COUNTED"] == ["FEW_COUNTED:2026 1/2"]


def test_verdict_that_leans_on_the_year_before_warns_of_its_small_and_marked_works() -> None:
    now = vpr("RU", 8, 31, 65)

    small = verdict_of(now, vpr("RU", 8, 2, 5, 2025))
    marked = verdict_of(now, vpr("RU", 8, 20, 50, 2025, markers=("8РУ",)))

    assert (small.verdict, small.flags) == (Verdict.SHNOR, (Flag.SMALL_SAMPLE, Flag.NO_DATA))
    assert (marked.verdict, marked.flags) == (Verdict.SHNOR, (Flag.MARKER, Flag.NO_DATA))
    (reason,) = [each for each in marked.reasons if each.code == "MARKER"]
    assert reason.text.startswith("ВПР, русский язык, 8 класс, 2025 год: признаки необъективности результатов")


def test_small_work_of_a_year_before_that_decides_nothing_is_no_warning() -> None:
    result = verdict_of(vpr("RU", 8, 31, 65), vpr("RU", 8, 5, 65, 2025), vpr("MA", 8, 2, 5, 2025))

    assert Flag.SMALL_SAMPLE not in result.flags


def test_grades_of_one_subject_count_once_when_asked() -> None:
    results = (vpr("RU", 5, 20, 40), vpr("RU", 6, 20, 40))

    assert verdict_of(*results).c1 is True
    assert verdict_of(*results, count_subject_once=True).c1 is False
    assert verdict_of(*results, vpr("MA", 6, 20, 40), count_subject_once=True).c1 is True


def test_repeat_can_be_switched_off() -> None:
    results = (vpr("RU", 8, 31, 65), vpr("MA", 8, 10, 65), vpr("RU", 8, 26, 65, 2025))

    result = verdict_of(*results, repeat_same_procedure=False)

    assert (result.c2, result.repeated, result.verdict) == (False, (), Verdict.CLEAR)


def test_excluded_type_is_not_judged_but_shown() -> None:
    evening = SchoolFacts(kind="О(С)ОШ")

    result = identify(svetlobor()[8], make_rules(exclude_types=["О(С)ОШ"]), 2026, evening)

    assert result.verdict is Verdict.EXCLUDED
    assert len(result.low) == 8
    assert str(result.reasons[0]) == "EXCLUDED_TYPE:О(С)ОШ"


def test_excluded_type_is_in_no_list_of_markers() -> None:
    evening = SchoolFacts(kind="О(С)ОШ")
    rules = make_rules(exclude_types=["О(С)ОШ"], objectivity_mode="SEPARATE_LIST")

    assert identify([vpr("RU", 5, 0, 40, markers=("5РУ",))], rules, 2026, evening).is_marked is False


def test_dropped_procedure_does_not_count_against_the_school() -> None:
    results = (vpr("RU", 5, 20, 40, markers=("5РУ",)), vpr("MA", 5, 20, 40))

    assert verdict_of(*results).c1 is True
    assert verdict_of(*results, objectivity_mode="DROP_PROCEDURE").c1 is False


@pytest.mark.parametrize(("mode", "verdict"), [("NO_DATA", "INSUFFICIENT_DATA"), ("TREAT_AS_OK", "CLEAR")])
def test_school_that_wrote_nothing_is_good_only_if_the_rule_says_so(mode: str, verdict: str) -> None:
    assert verdict_of(missing_mode=mode).verdict == verdict


def test_result_without_a_low_count_is_no_data() -> None:
    unknown = Result(kind="VPR", subject="RU", grade=5, year=2026, participants=20, low=None)

    result = verdict_of(unknown)

    assert result.counted == ()
    assert result.verdict is Verdict.INSUFFICIENT_DATA


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        pytest.param({}, Verdict.RISK_GROUP, id="25 per cent is in"),
        pytest.param({"risk_group_rule": None}, Verdict.CLEAR, id="no risk group"),
        pytest.param({"risk_group_rule": {"share_min": "25.01"}}, Verdict.CLEAR, id="bound above"),
        pytest.param({"risk_group_rule": {"min_procedures": 2}}, Verdict.CLEAR, id="two asked"),
    ],
)
def test_risk_group_has_its_own_bounds(changes: dict[str, Any], verdict: Verdict) -> None:
    assert verdict_of(vpr("RU", 5, 10, 40), vpr("MA", 5, 1, 40), **changes).verdict is verdict


def test_procedure_outside_the_universe_is_left_aside() -> None:
    kdr = Result(kind="KDR", subject="MA", grade=6, year=2026, participants=20, low=20)

    assert verdict_of(kdr, vpr("RU", 5, 1, 20)).low == ()


def test_only_expected_procedures_can_be_missed() -> None:
    facts = SchoolFacts(expected={2026: [procedure("VPR", "RU", 5), procedure("VPR", "MA", 5)]})

    result = identify([vpr("RU", 5, 1, 20)], make_rules(), 2026, facts)

    assert [part.code for part in result.current] == ["ВПР-РУ-5", "ВПР-МА-5"]


def test_few_participants_under_a_verdict_raise_a_warning() -> None:
    assert Flag.SMALL_SAMPLE in verdict_of(*SMALL_CLASSES).flags
    assert Flag.SMALL_SAMPLE not in verdict_of(vpr("RU", 5, 12, 40), vpr("MA", 5, 12, 40)).flags


def test_worst_is_the_highest_share_of_the_counted() -> None:
    result = verdict_of(vpr("RU", 5, 12, 40), vpr("MA", 6, 31, 60), vpr("RU", 6, 3, 3), min_participants=10)

    assert result.worst is not None
    assert result.worst.code == "ВПР-МА-6"
    assert verdict_of().worst is None


def test_result_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="comes twice"):
        verdict_of(vpr("RU", 5, 12, 40), vpr("RU", 5, 1, 40))


def test_more_low_works_than_participants_are_refused() -> None:
    with pytest.raises(ValueError, match="41 low works of 40"):
        vpr("RU", 5, 41, 40)


# Whatever the results


@st.composite
def results_of_a_school(draw: st.DrawFn) -> list[Result]:
    keys = draw(
        st.lists(
            st.tuples(st.sampled_from(["RU", "MA"]), st.integers(4, 8), st.sampled_from([2025, 2026])),
            unique=True,
            max_size=12,
        ),
    )
    counts = [(draw(st.integers(1, 120)), key) for key in keys]
    return [
        vpr(subject, grade, draw(st.integers(0, participants)), participants, year)
        for participants, (subject, grade, year) in counts
    ]


@given(
    results=results_of_a_school(),
    thresholds=st.tuples(st.integers(1, 10_000), st.integers(1, 10_000)),
    combine=st.sampled_from(["ANY", "ALL", "C1_ONLY", "C2_ONLY"]),
)
def test_raising_the_threshold_never_adds_a_school(
    results: list[Result],
    thresholds: tuple[int, int],
    combine: str,
) -> None:
    lower, higher = (f"{each / 100:.2f}" for each in sorted(thresholds))

    if verdict_of(*results, share_threshold_pct=higher, combine=combine).verdict is Verdict.SHNOR:
        assert verdict_of(*results, share_threshold_pct=lower, combine=combine).verdict is Verdict.SHNOR


@given(results=results_of_a_school().filter(bool), data=st.data(), least=st.integers(1, 12))
def test_one_more_low_work_never_removes_a_school(
    results: list[Result],
    data: st.DataObject,
    least: int,
) -> None:
    index = data.draw(st.integers(0, len(results) - 1))
    one = results[index]
    more = [*results]
    more[index] = vpr(one.subject, one.grade, (one.low or 0) + 1, one.participants + 1, one.year)

    if verdict_of(*results, min_participants=least).verdict is Verdict.SHNOR:
        assert verdict_of(*more, min_participants=least).verdict is Verdict.SHNOR


@given(tens=st.integers(1, 400))
def test_exactly_thirty_per_cent_always_counts(tens: int) -> None:
    at = verdict_of(vpr("RU", 5, 3 * tens, 10 * tens), vpr("MA", 5, 3 * tens, 10 * tens))
    below = verdict_of(vpr("RU", 5, 3 * tens - 1, 10 * tens), vpr("MA", 5, 3 * tens - 1, 10 * tens))

    assert at.verdict is Verdict.SHNOR
    assert below.verdict is not Verdict.SHNOR


@given(results=results_of_a_school())
def test_every_list_verdict_has_a_reason(results: list[Result]) -> None:
    result = verdict_of(*results)

    codes = {str(reason.code) for reason in result.reasons}
    assert (result.verdict is Verdict.SHNOR) == bool(codes & {"C1", "C2"})
    assert Verdict.MANUAL is not result.verdict
