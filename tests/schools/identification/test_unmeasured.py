"""Results that do not tell the low ones, and works that did not come: what the rule says is not known."""

from dataclasses import replace
from typing import Any

import pytest

from schools.identification import Flag, Identification, PartState, Result, SchoolFacts, Verdict, identify
from tests.factories.identification import make_rules, procedure, vpr

RU_5, MA_5 = procedure("VPR", "RU", 5), procedure("VPR", "MA", 5)
QUARTER = {"low_definition": {"VPR": "LOWER_QUARTILE"}}


def unmeasured(subject: str, participants: int = 40, year: int = 2026) -> Result:
    return replace(vpr(subject, 5, 0, participants, year), low=None)


def said(*results: Result, **changes: Any) -> Identification:
    rules = make_rules(procedures=[RU_5._asdict(), MA_5._asdict()], **changes)
    held = frozenset({RU_5, MA_5})
    return identify(results, rules, 2026, SchoolFacts(expected={2025: held, 2026: held}))


def reasons(found: Identification, code: str) -> list[str]:
    return [reason.text for reason in found.reasons if reason.code == code]


def test_result_without_scores_is_told_apart_from_a_missing_one() -> None:
    found = said(unmeasured("RU"), unmeasured("RU", year=2025), unmeasured("MA", year=2025), **QUARTER)

    assert [(part.code, part.year, part.state, part.participants, part.low) for part in found.parts] == [
        ("ВПР-РУ-5", 2026, PartState.NO_DATA, 40, None),
        ("ВПР-МА-5", 2026, PartState.NO_DATA, None, None),
        ("ВПР-РУ-5", 2025, PartState.NO_DATA, 40, None),
        ("ВПР-МА-5", 2025, PartState.NO_DATA, 40, None),
    ]
    assert reasons(found, "NO_DATA") == ["Нет результатов: ВПР-МА-5."]
    assert reasons(found, "LOW_UNKNOWN") == [
        (
            "Результаты за 2026 год есть, но распределения первичных баллов нет, низкие не известны: "
            "ВПР, русский язык, 5 класс."
        ),
        (
            "Результаты за 2025 год есть, но распределения первичных баллов нет, низкие не известны: "
            "ВПР, русский язык, 5 класс; ВПР, математика, 5 класс."
        ),
    ]
    assert {Flag.LOW_UNKNOWN, Flag.NO_DATA} <= set(found.flags)


def test_marks_that_were_not_delivered_are_named_by_what_lacks() -> None:
    found = said(unmeasured("RU"), vpr("MA", 5, 1, 40))

    assert reasons(found, "LOW_UNKNOWN") == [
        (
            "Результаты за 2026 год есть, но числа низких результатов в них нет, низкие не известны: "
            "ВПР, русский язык, 5 класс."
        )
    ]
    assert Flag.NO_DATA not in found.flags


def test_work_that_nobody_wrote_is_no_result() -> None:
    found = said(unmeasured("RU", participants=0), vpr("MA", 5, 1, 40))

    assert reasons(found, "NO_DATA") == ["Нет результатов: ВПР-РУ-5."]
    assert Flag.LOW_UNKNOWN not in found.flags


@pytest.mark.parametrize(
    ("now", "before", "is_unknown"),
    [
        pytest.param(vpr("RU", 5, 20, 40), unmeasured("RU", year=2025), True, id="low, the year before not measured"),
        pytest.param(vpr("RU", 5, 20, 40), vpr("RU", 5, 1, 40, 2025), False, id="low, good the year before"),
        pytest.param(unmeasured("RU"), vpr("RU", 5, 20, 40, 2025), True, id="not measured, low before"),
        pytest.param(unmeasured("RU"), vpr("RU", 5, 1, 40, 2025), False, id="not measured, good before"),
        pytest.param(unmeasured("RU"), None, True, id="not measured, nothing before"),
        pytest.param(None, vpr("RU", 5, 20, 40, 2025), True, id="missing, low before"),
        pytest.param(None, unmeasured("RU", year=2025), True, id="missing, not measured before"),
        pytest.param(None, vpr("RU", 5, 1, 40, 2025), False, id="missing, good before"),
        pytest.param(None, None, False, id="no such class in either year"),
        pytest.param(vpr("RU", 5, 1, 40), vpr("RU", 5, 20, 40, 2025), False, id="good, low before"),
    ],
)
def test_repeat_is_known_to_be_absent_only_where_a_year_is_known_to_be_good(
    now: Result | None, before: Result | None, *, is_unknown: bool
) -> None:
    plain = (vpr("MA", 5, 1, 40), vpr("MA", 5, 1, 40, 2025))

    found = said(*plain, *filter(None, (now, before)))

    assert not found.c2
    assert (Flag.REPEAT_UNKNOWN in found.flags) is is_unknown
    assert bool(reasons(found, "REPEAT_UNKNOWN")) is is_unknown


def test_repeat_that_was_found_leaves_nothing_unknown() -> None:
    found = said(vpr("RU", 5, 20, 40), vpr("RU", 5, 20, 40, 2025), unmeasured("MA"), unmeasured("MA", year=2025))

    assert found.c2
    assert Flag.REPEAT_UNKNOWN not in found.flags


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"combine": "C2_ONLY"}, Verdict.INSUFFICIENT_DATA),
        ({"combine": "C2_ONLY", "missing_mode": "TREAT_AS_OK"}, Verdict.CLEAR),
        ({}, Verdict.CLEAR),
    ],
)
def test_work_of_the_year_that_may_be_a_repeat_is_no_good_one(changes: dict[str, Any], verdict: Verdict) -> None:
    """Where the repeat alone decides, not knowing it is not «no»; where either condition does, it is told."""
    good = [vpr("MA", 5, 1, 40), vpr("RU", 5, 20, 40, 2025), vpr("MA", 5, 1, 40, 2025)]

    found = said(*good, min_procedures=1, **changes)

    assert found.verdict is verdict


def test_rule_without_repeats_asks_nothing_of_them() -> None:
    found = said(unmeasured("RU"), vpr("MA", 5, 1, 40), repeat_same_procedure=False, combine="C1_ONLY")

    assert Flag.REPEAT_UNKNOWN not in found.flags
