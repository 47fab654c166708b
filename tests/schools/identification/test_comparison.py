"""Schools against schools: clusters, quartiles, deviations, rankings; each with numbers that can be checked by hand."""

import json
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
    Result,
    SchoolFacts,
    Verdict,
    judge,
    works_of,
)
from schools.identification.comparison import size_class
from tests.factories.identification import make_rules, vpr

RELATIVE = {"cluster_by": ["KIND"], "min_schools": 4}
CITY = SchoolFacts(kind="СОШ", locality="город", students=500, expected={})


def case(*results: Result, facts: SchoolFacts = CITY) -> Case:
    return Case(works_of(results), facts)


def shares(*low: int, of: int = 40, **changes: Any) -> dict[int, Identification]:
    """Judge schools with one work each: the number of low works of 40."""
    return judge({place: case(vpr("RU", 5, each, of)) for place, each in enumerate(low)}, make_rules(**changes), 2026)


def named(outcomes: dict[Any, Identification]) -> list[Any]:
    return [key for key, outcome in outcomes.items() if outcome.verdict is Verdict.SHNOR]


def relative(**changes: Any) -> dict[str, Any]:
    return {"relative_rule": {**RELATIVE, **changes}}


# Quartile and percentile


def test_lowest_quarter_of_eight_schools_is_two() -> None:
    """1, 2, …, 8 of 40: the worst two are a quarter of eight."""
    outcomes = shares(1, 2, 3, 4, 5, 6, 7, 8, **relative())

    assert named(outcomes) == [6, 7]
    worst = outcomes[7].comparison
    assert worst is not None
    assert (worst.schools, worst.place, worst.tail, worst.low, worst.participants) == (8, 8, 1, 8, 40)


def test_quarter_of_seven_schools_is_one_and_not_two() -> None:
    """100 * 2 schools > 25 * 7: nothing is rounded up."""
    assert named(shares(1, 2, 3, 4, 5, 6, 7, **relative())) == [6]


def test_tie_at_the_border_names_nobody_of_it() -> None:
    """A quarter of eight is two; three schools share the worst place, so all of them stay out."""
    assert named(shares(1, 2, 3, 4, 5, 9, 9, 9, **relative())) == []
    assert named(shares(1, 2, 3, 4, 5, 6, 9, 9, **relative())) == [6, 7]


def test_cluster_where_all_are_alike_names_nobody() -> None:
    assert named(shares(*[8] * 12, **relative())) == []


def test_school_without_low_works_is_never_behind() -> None:
    assert named(shares(0, 0, 0, 0, **relative(statistic="PERCENTILE", cut="99"))) == []


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        pytest.param("10", [9], id="one of ten"),
        pytest.param("19.99", [9], id="a hundredth short of two"),
        pytest.param("20", [8, 9], id="exactly two of ten"),
    ],
)
def test_percentile_counts_whole_schools(cut: str, expected: list[int]) -> None:
    assert named(shares(*range(1, 11), **relative(statistic="PERCENTILE", cut=cut))) == expected


def test_share_is_of_all_counted_works_and_weighs_participants() -> None:
    """10/20 + 1/80 = 11/100 is better than 6/40 = 15 %, though the mean of the two shares is 25.6 %."""
    cases = {
        "mixed": case(vpr("RU", 5, 10, 20), vpr("MA", 5, 1, 80)),
        "even": case(vpr("RU", 5, 6, 40)),
        "good": case(vpr("RU", 5, 1, 40)),
        "best": case(vpr("RU", 5, 0, 40)),
    }

    outcomes = judge(cases, make_rules(**relative()), 2026)

    assert named(outcomes) == ["even"]


def test_equal_shares_of_different_numbers_are_equal() -> None:
    """1/3 and 2/6 and 33/99 are one share: a tie, however they are counted."""
    cases = {number: case(vpr("RU", 5, number // 3, number)) for number in (3, 6, 99)}
    cases |= {number: case(vpr("RU", 5, 0, number)) for number in (10, 11, 12, 13, 14, 15, 16, 17, 18)}

    outcomes = judge(cases, make_rules(**relative()), 2026)

    assert {outcomes[number].comparison.tail for number in (3, 6, 99)} == {3}  # type: ignore[union-attr]
    assert named(outcomes) == [3, 6, 99]


# Deviations


def test_school_two_deviations_above_the_mean_is_named() -> None:
    """Nine schools with 0 of 40 and one with 10: mean 1, variance (9 + 81) / 10 = 9, z = (10 - 1) / 3 = 3."""
    worst = shares(*[0] * 9, 10, **relative(statistic="ZSCORE", cut="3"))

    assert named(worst) == [9]
    assert worst[9].comparison is not None
    assert worst[9].comparison.deviation == 3.0
    assert named(shares(*[0] * 9, 10, **relative(statistic="ZSCORE", cut="3.01"))) == []


def test_deviation_below_the_mean_is_negative_and_never_named() -> None:
    outcomes = shares(0, 10, 10, 10, **relative(statistic="ZSCORE", cut="0.01"))

    assert outcomes[0].comparison is not None
    assert outcomes[0].comparison.deviation == -1.7321
    assert named(outcomes) == [1, 2, 3]


def test_cluster_without_spread_has_no_deviations() -> None:
    outcomes = shares(5, 5, 5, 5, **relative(statistic="ZSCORE", cut="0.01"))

    assert named(outcomes) == []
    assert {outcome.comparison.deviation for outcome in outcomes.values() if outcome.comparison} == {None}


# Clusters


def test_school_is_compared_with_its_own_kind_only() -> None:
    """The lycée is the worst of four lycées with 4 of 40; the evening schools are worse and not its business."""
    lyceum, evening = (SchoolFacts(kind=kind, expected={}) for kind in ("лицей", "О(С)ОШ"))
    cases = {f"lyceum {low}": case(vpr("RU", 5, low, 40), facts=lyceum) for low in (1, 2, 3, 4)}
    cases |= {f"evening {low}": case(vpr("RU", 5, low, 40), facts=evening) for low in (21, 22, 23, 24)}

    outcomes = judge(cases, make_rules(**relative()), 2026)

    assert named(outcomes) == ["lyceum 4", "evening 24"]
    assert outcomes["lyceum 4"].comparison is not None
    assert outcomes["lyceum 4"].comparison.cluster == ("лицей",)


def test_small_cluster_says_nothing_and_says_so() -> None:
    outcomes = shares(1, 2, 30, **relative())

    assert {outcome.verdict for outcome in outcomes.values()} == {Verdict.INSUFFICIENT_DATA}
    assert outcomes[2].comparison is not None
    assert outcomes[2].comparison.state is Compared.FEW_SCHOOLS
    assert Flag.NOT_COMPARED in outcomes[2].flags
    assert "3, считая эту: этого мало" in " ".join(reason.text for reason in outcomes[2].reasons)


def test_school_of_unknown_size_is_in_no_cluster() -> None:
    unknown = SchoolFacts(kind="СОШ", students=None, expected={})
    cases = {place: case(vpr("RU", 5, place, 40)) for place in range(1, 5)}
    cases[9] = case(vpr("RU", 5, 20, 40), facts=unknown)

    outcome = judge(cases, make_rules(**relative(cluster_by=["KIND", "SIZE"])), 2026)[9]

    assert outcome.comparison is not None
    assert (outcome.comparison.state, outcome.verdict) == (Compared.NO_CLUSTER, Verdict.INSUFFICIENT_DATA)


@pytest.mark.parametrize(
    ("students", "expected"),
    [(1, "до 100"), (100, "до 100"), (101, "101–300"), (300, "101–300"), (600, "301–600"), (601, "более 600")],
)
def test_size_class_includes_its_last_number(students: int, expected: str) -> None:
    assert size_class(students, (100, 300, 600)) == expected


def test_social_conditions_make_clusters_of_their_own() -> None:
    facts = {flag: SchoolFacts(kind="СОШ", is_socially_difficult=flag, expected={}) for flag in (True, False, None)}
    cases = {(flag, low): case(vpr("RU", 5, low, 40), facts=facts[flag]) for flag in facts for low in (1, 2, 3, 4)}

    outcomes = judge(cases, make_rules(**relative(cluster_by=["SOCIAL"])), 2026)

    assert named(outcomes) == [(True, 4), (False, 4)]
    assert outcomes[None, 4].verdict is Verdict.INSUFFICIENT_DATA


def test_school_is_compared_inside_the_cluster_that_the_region_gave_it() -> None:
    """The worked example of the methodology: of five in «А» the worst is one, of four in «Б» one, of none nobody.

    40 pupils each, low: А — 4, 6, 8, 10, 12; Б — 16, 18, 20, 24. Without clusters the worst two of nine are in Б.
    """
    clusters = {"А": (4, 6, 8, 10, 12), "Б": (16, 18, 20, 24), None: (40,)}
    cases = {
        (cluster, low): case(vpr("RU", 5, low, 40), facts=SchoolFacts(kind="СОШ", cluster=cluster, expected={}))
        for cluster, numbers in clusters.items()
        for low in numbers
    }

    outcomes = judge(cases, make_rules(**relative(cluster_by=["ASSIGNED"], cluster_set="SPB")), 2026)

    assert named(outcomes) == [("А", 12), ("Б", 24)]
    compared = {key: outcome.comparison for key, outcome in outcomes.items() if outcome.comparison}
    assert [(compared[key].cluster, compared[key].schools) for key in (("А", 12), ("Б", 24))] == [
        (("кластер «А»",), 5),
        (("кластер «Б»",), 4),
    ]
    assert (compared[None, 40].state, Flag.NOT_COMPARED in outcomes[None, 40].flags) == (Compared.NO_CLUSTER, True)
    del cases[None, 40]
    assert named(judge(cases, make_rules(**relative()), 2026)) == [("Б", 20), ("Б", 24)]


def test_excluded_kinds_are_no_part_of_a_cluster() -> None:
    evening = SchoolFacts(kind="О(С)ОШ", locality="город", expected={})
    cases = {place: case(vpr("RU", 5, place, 40)) for place in range(1, 5)}
    cases[40] = case(vpr("RU", 5, 40, 40), facts=evening)

    outcomes = judge(cases, make_rules(**relative(cluster_by=["LOCALITY"]), exclude_types=["О(С)ОШ"]), 2026)

    assert named(outcomes) == [4]
    assert (outcomes[40].verdict, outcomes[40].comparison) == (Verdict.EXCLUDED, None)


def test_school_without_results_is_not_compared() -> None:
    cases = {place: case(vpr("RU", 5, place, 40)) for place in range(1, 5)}
    cases[9] = case()

    outcome = judge(cases, make_rules(**relative()), 2026)[9]

    assert outcome.comparison is not None
    assert (outcome.comparison.state, outcome.verdict) == (Compared.NO_RESULTS, Verdict.INSUFFICIENT_DATA)


# How it joins the conditions on the school itself


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        pytest.param("SOLE", ["behind"], id="alone"),
        pytest.param("ANY", ["low", "behind"], id="either"),
        pytest.param("ALL", [], id="both, and nobody has both"),
    ],
)
def test_comparison_joins_the_conditions(use: str, expected: list[str]) -> None:
    """«low» has two works at the threshold and 24/100 in all; «behind» has one work and 12/40 = 30 % in all."""
    cases = {
        "low": case(vpr("RU", 5, 6, 20), vpr("MA", 5, 6, 20), vpr("RU", 6, 0, 60)),
        "behind": case(vpr("RU", 5, 12, 40)),
        "ordinary": case(vpr("RU", 5, 2, 40)),
        "good": case(vpr("RU", 5, 0, 40)),
    }

    assert named(judge(cases, make_rules(**relative(use=use)), 2026)) == expected


def test_both_conditions_may_hold() -> None:
    cases = {low: case(vpr("RU", 5, low, 40), vpr("MA", 5, low, 40)) for low in (12, 13, 14, 20)}

    assert named(judge(cases, make_rules(**relative(use="ALL")), 2026)) == [20]


def test_school_that_needs_both_and_cannot_be_compared_is_unknown() -> None:
    cases = {low: case(vpr("RU", 5, low, 40), vpr("MA", 5, low, 40)) for low in (1, 20)}

    outcomes = judge(cases, make_rules(**relative(use="ALL")), 2026)

    assert [outcomes[low].verdict for low in (1, 20)] == [Verdict.CLEAR, Verdict.INSUFFICIENT_DATA]


# Ranking


def test_where_only_a_comparison_decides_there_is_no_zone_below_the_threshold() -> None:
    outcomes = shares(*range(2, 10), **relative(use="SOLE"), share_threshold_pct="22.5")
    alone = shares(9, **relative(use="SOLE"))

    assert {str(outcome.verdict) for outcome in outcomes.values()} == {"SHNOR", "CLEAR"}
    assert shares(*range(2, 10), 11, **relative(use="ANY"))[8].verdict is Verdict.SHNOR
    assert shares(11, **relative(use="ANY"))[0].verdict is Verdict.RISK_GROUP
    assert shares(11, **relative(use="SOLE"))[0].verdict is Verdict.INSUFFICIENT_DATA
    assert alone[0].verdict is Verdict.INSUFFICIENT_DATA


def ranking(**changes: Any) -> dict[str, Any]:
    return {"ranking_rule": {"groups": ["VPR", "OGE"], "cut_kind": "SCHOOLS", "cut": 1, "min_schools": 3, **changes}}


def oge(low: int, participants: int = 40) -> Result:
    return Result(kind="OGE", subject="MA", grade=9, year=2026, participants=participants, low=low)


def test_groups_of_indicators_weigh_the_same_whatever_they_hold() -> None:
    """Three schools, ВПР of two works and one ОГЭ. Positions: best 0, middle 1/2, worst 1.

    A: ВПР 1 and 1 (mean 1), ОГЭ 0: total 1/2. B: ВПР 1/2 and 0 (mean 1/4), ОГЭ 1: total 5/8.
    C: ВПР 0 and 1/2 (mean 1/4), ОГЭ 1/2: total 3/8. B is the last, though A is the worst in two works of three.
    """
    cases = {
        "A": case(vpr("RU", 5, 9, 40), vpr("MA", 5, 9, 40), oge(1)),
        "B": case(vpr("RU", 5, 5, 40), vpr("MA", 5, 1, 40), oge(9)),
        "C": case(vpr("RU", 5, 1, 40), vpr("MA", 5, 5, 40), oge(5)),
    }

    outcomes = judge(cases, make_rules(**ranking()), 2026)

    assert named(outcomes) == ["B"]
    last = outcomes["B"].comparison
    assert last is not None
    assert (last.place, last.schools) == (3, 3)
    assert [tuple(rank) for rank in last.groups] == [("VPR", 1, 3), ("OGE", 3, 3)]
    assert [tuple(rank) for rank in last.indicators] == [("VPR-MA-5", 1, 3), ("VPR-RU-5", 2, 3), ("OGE-MA-9", 3, 3)]


def test_place_in_the_ranking_is_said_in_words() -> None:
    cases = {low: case(vpr("RU", 5, low, 40), oge(low)) for low in (1, 2, 3)}

    reasons = judge(cases, make_rules(**ranking()), 2026)[3].reasons

    assert reasons[0].text == "Место в рейтинге: 3 из 3. По группам: ВПР — 3 из 3; ОГЭ — 3 из 3."


def test_school_is_ranked_by_the_works_that_it_has() -> None:
    """«small» has no ОГЭ: it is the second of four by ВПР and by that alone."""
    cases: dict[str, Case] = {str(low): case(vpr("RU", 5, low, 40), oge(low)) for low in (1, 5, 9)}
    cases["small"] = case(vpr("RU", 5, 2, 40))

    outcomes = judge(cases, make_rules(**ranking()), 2026)

    assert outcomes["small"].comparison is not None
    assert outcomes["small"].comparison.place == 2
    assert named(outcomes) == ["9"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"cut": 2}, [9, 10], id="two schools"),
        pytest.param({"cut_kind": "PERCENT", "cut": "10"}, [10], id="a tenth of ten"),
        pytest.param({"cut_kind": "PERCENT", "cut": "9.99"}, [], id="less than one school"),
    ],
)
def test_last_of_the_ranking_are_named(changes: dict[str, Any], expected: list[int]) -> None:
    cases = {low: case(vpr("RU", 5, low, 40)) for low in range(1, 11)}

    assert named(judge(cases, make_rules(**ranking(**changes, groups=["VPR"])), 2026)) == expected


def test_schools_that_share_the_last_place_do_not_fit_under_a_cut_of_one() -> None:
    cases = {place: case(vpr("RU", 5, low, 40)) for place, low in enumerate((1, 2, 9, 9))}

    assert named(judge(cases, make_rules(**ranking(groups=["VPR"])), 2026)) == []


def test_ranking_of_too_few_schools_says_nothing() -> None:
    cases = {low: case(vpr("RU", 5, low, 40)) for low in (1, 9)}

    outcomes = judge(cases, make_rules(**ranking(groups=["VPR"])), 2026)

    assert {outcome.verdict for outcome in outcomes.values()} == {Verdict.INSUFFICIENT_DATA}


# Whatever the results

FEW = st.lists(st.tuples(st.integers(0, 30), st.integers(30, 60)), min_size=1, max_size=14)
RULES = st.sampled_from(
    [
        relative(),
        relative(statistic="PERCENTILE", cut="33.33"),
        relative(statistic="ZSCORE", cut="0.5"),
        relative(use="ANY"),
        relative(use="ALL"),
        ranking(groups=["VPR"], cut=2),
        ranking(groups=["VPR"], cut_kind="PERCENT", cut=30),
    ],
)


def cases_of(rows: list[tuple[int, int]]) -> dict[int, Case]:
    return {
        place: case(vpr("RU", 5, low, number), vpr("MA", 5, low // 2, number))
        for place, (low, number) in enumerate(rows)
    }


@given(rows=FEW, changes=RULES, random=st.randoms(use_true_random=False))
def test_order_of_schools_does_not_matter(rows: list[tuple[int, int]], changes: dict[str, Any], random: Any) -> None:
    cases = cases_of(rows)
    shuffled = list(cases)
    random.shuffle(shuffled)

    assert judge({key: cases[key] for key in shuffled}, make_rules(**changes), 2026) == judge(
        cases,
        make_rules(**changes),
        2026,
    )


@given(rows=FEW, changes=RULES, data=st.data())
def test_one_more_low_work_never_removes_a_school(
    rows: list[tuple[int, int]],
    changes: dict[str, Any],
    data: st.DataObject,
) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    low, number = rows[place]
    more = [*rows]
    more[place] = (min(low + 1, number), number)

    before = named(judge(cases_of(rows), make_rules(**changes), 2026))
    after = named(judge(cases_of(more), make_rules(**changes), 2026))

    assert place not in before or place in after


@given(
    rows=FEW, cuts=st.tuples(st.integers(1, 9_999), st.integers(1, 9_999)), statistic=st.sampled_from(["PERCENTILE"])
)
def test_wider_cut_never_removes_a_school(rows: list[tuple[int, int]], cuts: tuple[int, int], statistic: str) -> None:
    narrow, wide = (
        set(named(judge(cases_of(rows), make_rules(**relative(statistic=statistic, cut=f"{cut / 100:.2f}")), 2026)))
        for cut in sorted(cuts)
    )

    assert narrow <= wide


@given(rows=FEW, cuts=st.tuples(st.integers(1, 400), st.integers(1, 400)))
def test_more_deviations_never_add_a_school(rows: list[tuple[int, int]], cuts: tuple[int, int]) -> None:
    easy, strict = (
        set(named(judge(cases_of(rows), make_rules(**relative(statistic="ZSCORE", cut=f"{cut / 100:.2f}")), 2026)))
        for cut in sorted(cuts)
    )

    assert strict <= easy


@given(rows=FEW)
def test_quartile_never_names_more_than_a_quarter(rows: list[tuple[int, int]]) -> None:
    assert 4 * len(named(judge(cases_of(rows), make_rules(**relative()), 2026))) <= len(rows)


@given(rows=FEW, changes=RULES)
def test_comparison_survives_storage(rows: list[tuple[int, int]], changes: dict[str, Any]) -> None:
    for outcome in judge(cases_of(rows), make_rules(**changes), 2026).values():
        comparison = outcome.comparison
        assert comparison is not None
        assert Comparison.from_json(json.loads(json.dumps(comparison.to_json()))) == comparison
