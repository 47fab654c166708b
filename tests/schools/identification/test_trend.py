"""Three lists over three years, and what becomes of a school that was in a list; numbers can be checked by hand."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.russian import NBSP
from schools.identification import (
    Case,
    Course,
    Identification,
    Result,
    SchoolFacts,
    Standing,
    Trend,
    Verdict,
    identify,
    judge,
    works_of,
)
from tests.factories.identification import make_rules, procedure, vpr

FACTS = SchoolFacts(kind="СОШ", expected={})
YEARS = (2024, 2025, 2026)


def year_of(year: int, low: int, high: int | None = 20) -> list[Result]:
    """Return two works of 40 with as many low and high marks each."""
    return [vpr(subject, 5, low, 40, year, high=high) for subject in ("RU", "MA")]


def trend_of(*low: int, high: int | None = 20, **changes: Any) -> Identification:
    """Judge a school by the low works of 2024, 2025, 2026."""
    results = [result for year, each in zip(YEARS, low, strict=False) for result in year_of(year, each, high)]
    return identify(results, make_rules(trend_rule={"years": 3, "high_share_pct": 50}, **changes), 2026, FACTS)


@pytest.mark.parametrize(
    ("low", "course", "verdict"),
    [
        pytest.param((12, 12, 12), Course.LOW, Verdict.SHNOR, id="30 % in each of three years"),
        pytest.param((11, 12, 12), Course.RISK, Verdict.RISK_GROUP, id="not in the first"),
        pytest.param((12, 11, 12), Course.RISK, Verdict.RISK_GROUP, id="not in the second"),
        pytest.param((2, 2, 12), Course.RISK, Verdict.RISK_GROUP, id="only in the last"),
        pytest.param((12, 12, 2), Course.ORDINARY, Verdict.CLEAR, id="low before, not now"),
        pytest.param((2, 2, 2), Course.HIGH, Verdict.CLEAR, id="20 of 40 high in each"),
        pytest.param((2, 2, 11), Course.HIGH, Verdict.RISK_GROUP, id="near the threshold now"),
    ],
)
def test_three_years_make_three_lists(low: tuple[int, ...], course: Course, verdict: Verdict) -> None:
    result = trend_of(*low)

    assert result.trend is not None
    assert (result.trend.course, result.verdict) == (course, verdict)
    assert result.is_high is (verdict is Verdict.CLEAR and course is Course.HIGH)


def test_high_results_are_counted_exactly() -> None:
    """20 of 40 is exactly 50 %, 19 of 40 is 47.5 %."""
    assert trend_of(0, 0, 0, high=20).is_high is True
    assert trend_of(0, 0, 0, high=19).is_high is False


def test_high_marks_that_were_not_delivered_make_no_high_results() -> None:
    assert trend_of(0, 0, 0, high=None).is_high is False


def test_low_work_in_any_year_makes_no_high_results() -> None:
    results = [*year_of(2024, 0), *year_of(2025, 0), *year_of(2026, 0), vpr("RU", 6, 12, 40, 2025, high=28)]

    result = identify(results, make_rules(trend_rule={"high_share_pct": 50}), 2026, FACTS)

    assert result.trend is not None
    assert result.trend.course is Course.ORDINARY
    assert [(year.year, year.low, year.counted) for year in result.trend.years] == [
        (2026, 0, 2),
        (2025, 1, 3),
        (2024, 0, 2),
    ]


def test_year_without_results_makes_the_trend_unknown() -> None:
    results = [*year_of(2024, 0), *year_of(2026, 0)]

    result = identify(results, make_rules(trend_rule={}), 2026, FACTS)

    assert result.trend is not None
    assert (result.trend.course, result.is_high) == (Course.UNKNOWN, False)


def test_trend_is_said_in_words_from_the_earliest_year() -> None:
    (reason,) = [each for each in trend_of(12, 12, 12).reasons if each.code == "TREND"]

    assert str(reason) == "TREND:LOW 2024–2026"
    assert reason.text == (
        "Низкие результаты в каждом году: 2024 — за порогом 2 из 2; 2025 — за порогом 2 из 2; 2026 — за порогом 2 из 2."
    )


@given(low=st.tuples(*[st.integers(0, 40)] * 3), thresholds=st.tuples(st.integers(1, 10_000), st.integers(1, 10_000)))
def test_raising_the_threshold_never_adds_a_school(low: tuple[int, int, int], thresholds: tuple[int, int]) -> None:
    lower, higher = (f"{each / 100:.2f}" for each in sorted(thresholds))

    if trend_of(*low, share_threshold_pct=higher).verdict is Verdict.SHNOR:
        assert trend_of(*low, share_threshold_pct=lower).verdict is Verdict.SHNOR


@given(low=st.tuples(*[st.integers(0, 39)] * 3), place=st.integers(0, 2))
def test_one_more_low_work_never_removes_a_school(low: tuple[int, int, int], place: int) -> None:
    more = [*low]
    more[place] += 1

    if trend_of(*low).verdict is Verdict.SHNOR:
        assert trend_of(*more).verdict is Verdict.SHNOR


def test_low_in_every_year_that_is_known_is_told_apart_from_a_good_year() -> None:
    results = [*year_of(2025, 12), *year_of(2026, 12)]

    result = identify(results, make_rules(trend_rule={"years": 3}), 2026, FACTS)

    assert result.trend is not None
    assert (result.trend.course, result.verdict) == (Course.KNOWN_LOW, Verdict.RISK_GROUP)
    (reason,) = [each for each in result.reasons if each.code == "TREND"]
    assert reason.text.replace(NBSP, " ") == (
        "Низкие результаты в каждом году, за который они известны: 2024 — нет учтённых результатов; "
        "2025 — за порогом 2 из 2; 2026 — за порогом 2 из 2."
    )


def test_small_works_of_the_last_year_leave_three_lists_without_an_answer() -> None:
    results = [*year_of(2024, 0), *year_of(2025, 0), vpr("RU", 5, 0, 40), vpr("MA", 5, 0, 5), vpr("RU", 6, 0, 5)]

    def verdict(**changes: Any) -> Verdict:
        return identify(results, make_rules(min_participants=10, **changes), 2026, FACTS).verdict

    assert verdict() is Verdict.INSUFFICIENT_DATA
    assert verdict(trend_rule={"years": 3}) is Verdict.INSUFFICIENT_DATA


def test_year_with_one_work_of_several_is_no_known_year_of_three_lists() -> None:
    held = [procedure("VPR", subject, 5) for subject in ("RU", "MA")]
    facts = SchoolFacts(kind="СОШ", expected=dict.fromkeys((2024, 2025, 2026), held))
    lows = {2024: [12, 12], 2025: [12], 2026: [12, 12]}
    results = [
        vpr(subject, 5, low, 40, year)
        for year, of_year in lows.items()
        for subject, low in zip(("RU", "MA"), of_year, strict=False)
    ]

    found = identify(results, make_rules(trend_rule={"years": 3}), 2026, facts)

    assert found.trend is not None
    assert (found.trend.course, found.verdict) == (Course.KNOWN_LOW, Verdict.RISK_GROUP)


def test_marked_results_do_not_make_a_school_stably_high() -> None:
    def course(**fields: Any) -> Course:
        results = [*year_of(2024, 0), *year_of(2025, 0), *year_of(2026, 0), vpr("RU", 6, 0, 40, high=40, **fields)]
        trend = identify(results, make_rules(trend_rule={"high_share_pct": 50}), 2026, FACTS).trend
        assert trend is not None
        return trend.course

    assert course() is Course.HIGH
    assert course(markers=("6РУ",)) is Course.ORDINARY


@given(low=st.lists(st.integers(0, 40), max_size=3))
def test_trend_survives_storage(low: list[int]) -> None:
    trend = trend_of(*low).trend

    assert trend is not None
    assert Trend.from_json(json.loads(json.dumps(trend.to_json()))) == trend


# What becomes of a school that was in a list


def stood(*low: int, listed: tuple[int, ...], **changes: Any) -> Identification:
    """Judge by the low works of the last years; two years without conditions let a school out."""
    years = range(2026 - len(low) + 1, 2027)
    results = [result for year, each in zip(years, low, strict=True) for result in year_of(year, each)]
    facts = SchoolFacts(kind="СОШ", expected={}, listed_years=frozenset(listed))
    return identify(results, make_rules(**changes), 2026, facts)


@pytest.mark.parametrize(
    ("low", "listed", "standing", "clear"),
    [
        pytest.param((12,), (), Standing.ENTERS, 0, id="named for the first time"),
        pytest.param((1,), (), Standing.NONE, 0, id="never named"),
        pytest.param((12, 12), (2025,), Standing.STAYS, 0, id="named again"),
        pytest.param((12, 1), (2025,), Standing.HELD, 1, id="one year without conditions of two"),
        pytest.param((12, 1, 1), (2024,), Standing.LEAVES, 2, id="two years without conditions"),
        pytest.param((12, 12, 1), (2024,), Standing.HELD, 1, id="conditions held between, though no list did"),
        pytest.param((1, 1, 1), (2025,), Standing.HELD, 1, id="years up to the list do not count"),
        pytest.param((12, 1, 12), (2024,), Standing.STAYS, 0, id="named again after a year"),
        pytest.param((12, 1, 1, 12), (2023,), Standing.ENTERS, 0, id="named anew when it had left"),
        pytest.param((12, 1, 1, 12, 1), (2022,), Standing.NONE, 0, id="out, though conditions held later in no list"),
        pytest.param((12, 1, 1, 1), (2023,), Standing.NONE, 0, id="left a year ago"),
        pytest.param((1, 12, 1), (2021, 2025), Standing.HELD, 1, id="only the last list counts"),
    ],
)
def test_school_stays_until_enough_years_without_conditions(
    low: tuple[int, ...],
    listed: tuple[int, ...],
    standing: Standing,
    clear: int,
) -> None:
    result = stood(*low, listed=listed)

    assert (result.standing, result.clear_years) == (standing, clear)


def test_year_without_results_is_no_year_without_conditions() -> None:
    facts = SchoolFacts(kind="СОШ", expected={}, listed_years=frozenset({2023}))
    results = [*year_of(2024, 1), *year_of(2026, 1)]

    result = identify(results, make_rules(), 2026, facts)

    assert (result.standing, result.clear_years) == (Standing.HELD, 1)


def test_school_that_has_left_is_not_called_back_by_a_year_without_results() -> None:
    facts = SchoolFacts(kind="СОШ", expected={}, listed_years=frozenset({2020}))
    results = [*year_of(2021, 1), *year_of(2022, 1)]

    assert identify(results, make_rules(), 2026, facts).standing is Standing.NONE
    assert identify([*results, *year_of(2026, 12)], make_rules(), 2026, facts).standing is Standing.ENTERS


def test_rule_says_how_many_years_it_takes() -> None:
    assert stood(12, 1, listed=(2025,), exit_rule={"years_clear": 1}).standing is Standing.LEAVES
    assert stood(12, 1, 1, listed=(2024,), exit_rule={"years_clear": 3}).standing is Standing.HELD


def test_standing_is_said_in_words() -> None:
    held, leaves = stood(12, 1, listed=(2025,)), stood(12, 1, 1, listed=(2024,))

    assert str(held.reasons[0]) == "STAYS:1/2"
    assert held.reasons[0].text.replace(NBSP, " ").endswith("лет без условий подряд 1, для выхода нужно 2.")
    assert str(leaves.reasons[0]) == "LEAVES:2/2"


def test_excluded_school_has_no_standing() -> None:
    assert stood(12, 1, listed=(2025,), exclude_types=["СОШ"]).standing is Standing.NONE


def test_standing_under_a_rule_that_compares_schools_judges_earlier_years_too() -> None:
    """Of four schools the worst one is named each year; «was» was it in 2024, not since."""
    rules = make_rules(relative_rule={"cluster_by": ["KIND"], "min_schools": 4})
    lows = {"was": (9, 1, 1), "is": (5, 9, 9), "good": (2, 2, 2), "best": (0, 0, 0)}
    cases = {
        key: Case(
            works_of(result for year, each in zip(YEARS, low, strict=True) for result in year_of(year, each)),
            SchoolFacts(kind="СОШ", expected={}, listed_years=frozenset({2024} if key == "was" else ())),
        )
        for key, low in lows.items()
    }

    outcomes = judge(cases, rules, 2026)

    assert (outcomes["was"].standing, outcomes["was"].clear_years) == (Standing.LEAVES, 2)
    assert outcomes["is"].standing is Standing.ENTERS
