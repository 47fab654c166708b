"""Schools of a cluster compared work by work; each with numbers that can be checked by hand."""

import json
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.identification import (
    Case,
    Compared,
    Comparison,
    Flag,
    Identification,
    Procedure,
    Reason,
    SchoolFacts,
    Verdict,
    WorkPlace,
    judge,
    works_of,
)
from tests.factories.identification import make_rules, vpr

CITY = SchoolFacts(kind="СОШ", locality="город", students=500, expected={})
RU5, MA5 = Procedure("VPR", "RU", 5), Procedure("VPR", "MA", 5)


def by_work(**changes: Any) -> dict[str, Any]:
    return {"relative_rule": {"cluster_by": ["KIND"], "min_schools": 4, "measure": "EACH_WORK", **changes}}


def pair(russian: int | None, maths: int | None, *, of: int = 40) -> Case:
    """Return a school with low works of `of` in two works; None: it has not written the work."""
    given_low = {"RU": russian, "MA": maths}
    return Case(works_of([vpr(subject, 5, low, of) for subject, low in given_low.items() if low is not None]), CITY)


def outcomes_of(schools: Sequence[tuple[int | None, int | None]], **changes: Any) -> dict[int, Identification]:
    cases = {number: pair(*lows) for number, lows in enumerate(schools)}
    return judge(cases, make_rules(**{**by_work(), **changes}), 2026)


def named(outcomes: dict[int, Identification]) -> list[int]:
    return [key for key, outcome in outcomes.items() if outcome.verdict is Verdict.SHNOR]


def comparison_of(outcome: Identification) -> Comparison:
    assert outcome.comparison is not None
    return outcome.comparison


def work_of(outcome: Identification, procedure: Procedure) -> WorkPlace:
    return next(work for work in comparison_of(outcome).works if work.procedure == procedure)


def reasons_of(outcome: Identification, code: str) -> list[Reason]:
    return [reason for reason in outcome.reasons if reason.code == code]


EIGHT = [(low, 9 - low) for low in range(1, 9)]  # 1…8 of 40 in Russian, 8…1 in mathematics


# How many works


def test_one_work_in_the_lowest_quarter_is_not_two() -> None:
    """A quarter of eight is two: schools 6, 7 are behind in Russian, 0, 1 in mathematics, nobody in both."""
    outcomes = outcomes_of(EIGHT)

    assert named(outcomes) == []
    assert {key: [work.is_behind for work in comparison_of(each).works] for key, each in outcomes.items()} == {
        **{key: [False, True] for key in (0, 1)},
        **{key: [False, False] for key in (2, 3, 4, 5)},
        **{key: [True, False] for key in (6, 7)},
    }


def test_one_work_is_enough_when_the_rule_says_so() -> None:
    assert named(outcomes_of(EIGHT, **by_work(min_procedures=1))) == [0, 1, 6, 7]


def test_two_works_in_the_lowest_quarter_name_the_school() -> None:
    """School 7 has 8 of 40 in both: the last of eight twice."""
    outcomes = outcomes_of([*[(low, low) for low in range(1, 8)], (8, 8)])

    assert named(outcomes) == [6, 7]


def test_total_may_hide_what_single_works_show() -> None:
    """20/40 in Russian and 0/40 in mathematics is 25 % in all, like everybody else; by works it is the last in one."""
    schools = [(20, 0), *[(10, 10)] * 4]

    assert named(outcomes_of(schools, **by_work(min_procedures=1))) == [0]
    assert named(outcomes_of(schools, **by_work(measure="TOTAL"))) == []


def test_grades_of_a_subject_are_one_when_the_rule_counts_subjects() -> None:
    """Russian of grades 5 and 6 are two works and one subject."""
    cases = {low: Case(works_of([vpr("RU", 5, low, 40), vpr("RU", 6, low, 40)]), CITY) for low in range(1, 9)}

    both, once = (judge(cases, make_rules(**by_work(), count_subject_once=is_once), 2026) for is_once in (False, True))

    assert named(both) == [7, 8]
    assert named(once) == []
    assert reasons_of(once[8], "RELATIVE_COUNT")[0].reference == "1/2"


@pytest.mark.parametrize(("use", "expected"), [("SOLE", [7]), ("ANY", [0, 7]), ("ALL", [])])
def test_works_in_the_cut_join_the_conditions_of_the_school(use: str, expected: list[int]) -> None:
    """School 0 has 12/40 = 30 % in Russian in both years and is the last in one work only; school 7 is last in two."""
    cases = {number: pair(number, number) for number in range(1, 8)}
    cases[7] = pair(8, 8)
    cases[0] = Case(
        works_of([vpr("RU", 5, 12, 40), vpr("RU", 5, 12, 40, 2025), vpr("MA", 5, 0, 40)]),
        CITY,
    )

    outcomes = judge(cases, make_rules(**by_work(statistic="PERCENTILE", cut="25", use=use)), 2026)

    assert sorted(named(outcomes)) == expected


# Each statistic


def test_percentile_counts_whole_schools_of_the_work() -> None:
    """Ten schools with the work: 19,99 % is one school, 20 % two."""
    schools = [(low, low) for low in range(1, 11)]

    assert named(outcomes_of(schools, **by_work(statistic="PERCENTILE", cut="19.99"))) == [9]
    assert named(outcomes_of(schools, **by_work(statistic="PERCENTILE", cut="20"))) == [8, 9]


def test_deviation_is_of_the_work_and_exact_at_the_border() -> None:
    """Nine schools with 0 of 40 and one with 10: mean 1, variance 9, deviation 3; mean share 2,5 %."""
    schools = [*[(0, 0)] * 9, (10, 10)]
    outcomes = outcomes_of(schools, **by_work(statistic="ZSCORE", cut="3"))

    assert named(outcomes) == [9]
    assert (work_of(outcomes[9], RU5).deviation, work_of(outcomes[9], RU5).mean) == (300, 250)
    assert work_of(outcomes[0], RU5).deviation == -33  # (0 - 1) / 3, digits beyond cut off
    assert named(outcomes_of(schools, **by_work(statistic="ZSCORE", cut="3.01"))) == []


def test_deviation_is_never_shown_larger_than_it_is() -> None:
    """0, 0, 1 of 3: mean 1/3, variance 2/9, deviation √2 = 1,41421…: 1,41 and not yet 1,42."""
    cases = {number: Case(works_of([vpr("RU", 5, low, 3)]), CITY) for number, low in enumerate((0, 0, 1))}
    rule = by_work(statistic="ZSCORE", cut="1.42", min_schools=2, min_procedures=1)

    outcomes = judge(cases, make_rules(**rule), 2026)

    assert work_of(outcomes[2], RU5).deviation == 141
    assert named(outcomes) == []


# Ties


def test_tie_at_the_border_names_nobody_of_it() -> None:
    """A quarter of eight is two; three schools share the worst place of each work, so all of them stay out."""
    outcomes = outcomes_of([(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (9, 9), (9, 9), (9, 9)])

    assert named(outcomes) == []
    assert [work_of(outcomes[key], RU5)[3:6] for key in (4, 5, 7)] == [(8, 5, 4), (8, 6, 3), (8, 6, 3)]


def test_equal_shares_of_different_numbers_have_one_place() -> None:
    """1/3, 2/6 and 33/99 are one share."""
    cases = {number: Case(works_of([vpr("RU", 5, number // 3, number)]), CITY) for number in (3, 6, 99)}
    cases |= {number: Case(works_of([vpr("RU", 5, 0, number)]), CITY) for number in range(10, 19)}

    outcomes = judge(cases, make_rules(**by_work(min_procedures=1)), 2026)

    assert {work_of(outcomes[number], RU5)[3:6] for number in (3, 6, 99)} == {(12, 10, 3)}
    assert named(outcomes) == [3, 6, 99]


def test_school_without_low_works_is_never_behind() -> None:
    assert named(outcomes_of([(0, 0)] * 4, **by_work(statistic="PERCENTILE", cut="99"))) == []


# What cannot be compared


def test_work_that_few_schools_have_is_left_out_and_said() -> None:
    """Three schools have mathematics, four are asked for: one work of two is compared, two are needed."""
    outcomes = outcomes_of([(1, 1), (2, 2), (3, 30), (4, None)])

    assert work_of(outcomes[2], MA5).is_behind is None
    assert comparison_of(outcomes[2]).state is Compared.FEW_SCHOOLS
    assert outcomes[2].verdict is Verdict.INSUFFICIENT_DATA
    assert Flag.NOT_COMPARED in outcomes[2].flags
    (reason,) = reasons_of(outcomes[2], "NOT_COMPARED")
    assert reason.reference == "FEW_SCHOOLS 1/2"
    assert "сравнить можно работ — 1 из 2" in reason.text


def test_school_with_one_work_that_is_compared_is_judged_by_it() -> None:
    """Nothing was left out of school 3: it simply has one work, as with condition 1, so «no» is the answer."""
    outcome = outcomes_of([(1, 1), (2, 2), (3, 30), (4, None)])[3]

    assert (comparison_of(outcome).state, comparison_of(outcome).holds) == (Compared.COMPARED, False)
    assert outcome.verdict is Verdict.CLEAR


def test_school_without_results_and_without_cluster_stay_as_before() -> None:
    unknown = Case(works_of([vpr("RU", 5, 9, 40)]), SchoolFacts(kind="", expected={}))
    cases = {**{number: pair(number, number) for number in range(1, 5)}, 8: Case({}, CITY), 9: unknown}

    outcomes = judge(cases, make_rules(**by_work()), 2026)

    assert comparison_of(outcomes[8]).state is Compared.NO_RESULTS
    assert comparison_of(outcomes[9]).state is Compared.NO_CLUSTER


# Reasons and storage


def test_reasons_name_the_place_in_the_cluster() -> None:
    """18 schools with 1…18 of 40: the fourteenth has 14/40 = 35 %, the mean is 9,5/40 = 23,75 %."""
    schools = [(low, 0) for low in range(1, 19)]
    outcomes = outcomes_of(schools, **by_work(statistic="PERCENTILE", cut="30", min_procedures=1))

    (work,) = reasons_of(outcomes[13], "RELATIVE_WORK")
    assert str(work).replace("\xa0", " ") == "RELATIVE_WORK:ВПР-РУ-5 14/40=35,00 % 14/18"
    assert work.text.replace("\xa0", " ") == (
        "ВПР, русский язык, 5 класс: 14-е место из 18 школ кластера (СОШ). Доля низких результатов 35,00 % (14 из 40), "
        "в среднем 23,75 %, хуже среднего на 0,86 стандартного отклонения."
    )
    (count,) = reasons_of(outcomes[13], "RELATIVE_COUNT")
    assert count.text == (
        "Среди похожих (СОШ), каждая работа отдельно: за границей — 1 из 2, нужно не менее 1. "
        "Места в кластере: ВПР-РУ-5 — 14 из 18; ВПР-МА-5 — 1 из 18. Школа отстаёт от похожих школ."
    )


def test_school_in_a_wide_cut_may_be_better_than_the_mean() -> None:
    """1, 2, 3, 9 of 40, three quarters of them are the worst: the school with 2 is one and still above the mean."""
    schools: list[tuple[int | None, int | None]] = [(1, 0), (2, 0), (3, 0), (9, 0)]
    outcomes = outcomes_of(schools, **by_work(statistic="PERCENTILE", cut="75", min_procedures=1))

    (work,) = reasons_of(outcomes[1], "RELATIVE_WORK")  # mean 3,75, deviation √9,6875 = 3,112…; (2 - 3,75) / 3,112
    assert "лучше среднего на 0,56 стандартного отклонения" in work.text


def test_school_that_is_not_behind_has_its_places_too() -> None:
    outcome = outcomes_of(EIGHT)[3]

    assert reasons_of(outcome, "RELATIVE_WORK") == []
    assert "ВПР-РУ-5 — 4 из 8; ВПР-МА-5 — 5 из 8. Школа не отстаёт" in reasons_of(outcome, "RELATIVE_COUNT")[0].text


def test_places_survive_storage() -> None:
    comparison = comparison_of(outcomes_of(EIGHT)[7])

    assert Comparison.from_json(json.loads(json.dumps(comparison.to_json()))) == comparison
    assert len(comparison.works) == 2


def test_rule_of_the_total_stores_what_it_always_has() -> None:
    """Stored runs of such rules, and new ones, are alike to the byte: nothing is said of single works."""
    outcome = outcomes_of(EIGHT, **by_work(measure="TOTAL"))[7]

    assert outcome.details == {
        "comparison": {
            "state": "COMPARED",
            "holds": False,
            "schools": 8,
            "place": 1,
            "tail": 8,
            "cluster": ("СОШ",),
            "low": 9,
            "participants": 80,
            "mean": 11.25,
            "deviation": None,
            "indicators": (),
            "groups": (),
        }
    }
    assert Comparison.from_json(outcome.details["comparison"]).works == ()
    assert outcome.grounds[0] == ["RELATIVE", False]


def test_rule_stored_before_the_parameter_compares_the_total() -> None:
    stored = make_rules(relative_rule={"cluster_by": ["KIND"]}).relative_rule

    assert stored is not None
    assert stored.measure == "TOTAL"


# For any results

LOWS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=4, max_size=12)
STATISTICS = st.sampled_from([("QUARTILE", "25"), ("PERCENTILE", "40"), ("ZSCORE", "0.5")])


@given(schools=LOWS, statistic=STATISTICS)
def test_place_and_tail_are_counts_of_better_schools(schools: Any, statistic: tuple[str, str]) -> None:
    outcomes = outcomes_of(schools, **by_work(statistic=statistic[0], cut=statistic[1]))

    for russian, outcome in zip((first for first, _ in schools), outcomes.values(), strict=True):
        better = sum(other < russian for other, _ in schools)
        assert work_of(outcome, RU5)[3:6] == (len(schools), better + 1, len(schools) - better)


@given(schools=LOWS, statistic=STATISTICS)
def test_worse_school_is_behind_whenever_a_better_one_is(schools: Any, statistic: tuple[str, str]) -> None:
    outcomes = outcomes_of(schools, **by_work(statistic=statistic[0], cut=statistic[1]))

    ordered = sorted(outcomes, key=lambda key: schools[key][0])
    for better, worse in pairwise(ordered):
        assert work_of(outcomes[worse], RU5).is_behind or not work_of(outcomes[better], RU5).is_behind


@given(schools=LOWS, cut=st.integers(1, 99))
def test_no_work_ever_names_more_schools_than_the_cut_holds(schools: Any, cut: int) -> None:
    outcomes = outcomes_of(schools, **by_work(statistic="PERCENTILE", cut=str(cut)))

    for procedure in (RU5, MA5):
        behind = sum(bool(work_of(outcome, procedure).is_behind) for outcome in outcomes.values())
        assert 100 * behind <= cut * len(schools)


@given(schools=LOWS, statistic=STATISTICS, least=st.integers(1, 2))
def test_asking_for_more_works_never_adds_a_school(schools: Any, statistic: tuple[str, str], least: int) -> None:
    few, many = (
        named(outcomes_of(schools, **by_work(statistic=statistic[0], cut=statistic[1], min_procedures=number)))
        for number in (least, least + 1)
    )

    assert set(many) <= set(few)


@given(schools=LOWS, seed=st.randoms(use_true_random=False))
def test_order_of_schools_does_not_matter(schools: Any, seed: Any) -> None:
    keys = list(range(len(schools)))
    seed.shuffle(keys)
    rules = make_rules(**by_work())

    shuffled = judge({key: pair(*schools[key]) for key in keys}, rules, 2026)

    assert shuffled == judge({key: pair(*schools[key]) for key in sorted(keys)}, rules, 2026)


@given(schools=LOWS, times=st.integers(2, 5))
def test_larger_classes_with_the_same_shares_change_nothing(schools: Any, times: int) -> None:
    rules = make_rules(**by_work(statistic="ZSCORE", cut="0.75"))
    plain, large = (
        judge({key: pair(one * by, two * by, of=40 * by) for key, (one, two) in enumerate(schools)}, rules, 2026)
        for by in (1, times)
    )

    assert named(plain) == named(large)


@given(schools=LOWS)
def test_deviation_is_that_of_exact_fractions(schools: Any) -> None:
    """Between the hundredths shown and the next ones, squared, without a root."""
    outcomes = outcomes_of(schools)
    shares = [Fraction(first, 40) for first, _ in schools]
    mean = sum(shares, Fraction(0)) / len(shares)
    variance = sum(((share - mean) ** 2 for share in shares), Fraction(0)) / len(shares)

    for key, share in enumerate(shares):
        shown = work_of(outcomes[key], RU5).deviation
        assert (shown is None) is (variance == 0)
        if shown is not None:
            assert shown**2 * variance <= 10_000 * (share - mean) ** 2 < (abs(shown) + 1) ** 2 * variance
