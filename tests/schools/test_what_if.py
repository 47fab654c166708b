"""The quick conditions: the same schools as the rule itself names, whatever the data and the thresholds."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.identification import (
    Combine,
    LowDefinition,
    ObjectivityMode,
    Pooling,
    RelativeRule,
    Result,
    Rules,
    SchoolFacts,
    Verdict,
    identify,
)
from schools.what_if import Tally, fits_evidence, is_quick, judges_alone, naming, works_of_parts, works_of_results
from tests.factories.identification import make_rules, procedure, vpr

YEAR = 2026
KINDS = ("СОШ", "О(С)ОШ")
KEYS = st.tuples(st.sampled_from(["RU", "MA"]), st.integers(4, 7), st.sampled_from([2024, 2025, 2026]))


@st.composite
def school_results(draw: st.DrawFn) -> list[Result]:
    """Return works of three years; counts near 30 % on purpose, every fifth with a marker."""
    keys = draw(st.lists(KEYS, unique=True, max_size=14))
    rows = [(key, draw(st.integers(1, 40)), draw(st.integers(0, 4)) == 0) for key in keys]
    return [
        vpr(subject, grade, draw(st.integers(0, n)), n, year, markers=("4РУ",) if is_marked else ())
        for (subject, grade, year), n, is_marked in rows
    ]


@st.composite
def quick_rules(draw: st.DrawFn) -> Rules:
    repeat = draw(st.booleans())
    ways = list(Combine) if repeat else [Combine.ANY, Combine.C1_ONLY]
    return make_rules(
        share_threshold_pct=draw(st.sampled_from(["30", "25", "27.55", "50", "100", "0.01"])),
        min_procedures=draw(st.integers(1, 4)),
        years_required=draw(st.integers(1, 3)),
        min_participants=draw(st.integers(1, 20)),
        repeat_same_procedure=repeat,
        combine=str(draw(st.sampled_from(ways))),
        count_subject_once=draw(st.booleans()),
        objectivity_mode=draw(st.sampled_from(["IGNORE", "FLAG", "DROP_PROCEDURE"])),
        exclude_types=draw(st.sampled_from([[], ["О(С)ОШ"]])),
        low_definition={**make_rules().low_definition, "VPR": draw(st.sampled_from(["MARK_2", "LOWER_QUARTILE"]))},
    )


@given(results=school_results(), rules=quick_rules(), kind=st.sampled_from(KINDS))
def test_quick_answer_is_that_of_the_rule(results: list[Result], rules: Rules, kind: str) -> None:
    verdict = identify(results, rules, YEAR, SchoolFacts(kind=kind)).verdict

    assert naming(rules, YEAR)(works_of_results(results), kind) is (verdict is Verdict.SHNOR)


@given(results=school_results(), stored=quick_rules(), asked=quick_rules(), kind=st.sampled_from(KINDS))
def test_stored_parts_answer_for_another_rule_that_they_fit(
    results: list[Result], stored: Rules, asked: Rules, kind: str
) -> None:
    parts = [part.to_json() for part in identify(results, stored, YEAR, SchoolFacts(kind=kind)).parts]
    verdict = identify(results, asked, YEAR, SchoolFacts(kind=kind)).verdict

    if fits_evidence(stored, asked):
        assert naming(asked, YEAR)(works_of_parts(parts), kind) is (verdict is Verdict.SHNOR)


@pytest.mark.parametrize(
    ("low", "participants", "is_low"),
    [
        pytest.param(12, 40, True, id="exactly 30 per cent"),
        pytest.param(11, 40, False, id="one pupil less"),
        pytest.param(299, 1000, False, id="29.9 is not 30"),
        pytest.param(5, 17, False, id="29.41 is not rounded"),
    ],
)
def test_threshold_is_exact(low: int, participants: int, is_low: bool) -> None:
    works = [Tally("VPR", "RU", 5, YEAR, participants, low, has_markers=False)]

    assert naming(make_rules(min_procedures=1), YEAR)(works, "СОШ") is is_low


def test_works_without_counts_are_left_aside() -> None:
    gap = {"kind": "VPR", "subject": "RU", "grade": 5, "year": YEAR, "participants": None, "low": None, "markers": []}

    assert works_of_parts([gap]) == []
    assert works_of_results([vpr("RU", 5, 3, 10), replace(vpr("MA", 5, 3, 10), low=None)]) == [
        Tally("VPR", "RU", 5, YEAR, 10, 3, has_markers=False),
    ]


def test_rule_of_more_than_the_conditions_is_not_quick() -> None:
    rules = make_rules()

    assert is_quick(rules)
    assert is_quick(make_rules(small_n_warning=20, share_threshold_pct="25"))
    assert not is_quick(replace(rules, pool_small_schools=Pooling.GRADES))
    assert not is_quick(replace(rules, relative_rule=RelativeRule()))
    assert not is_quick(replace(rules, objectivity_mode=ObjectivityMode.SEPARATE_LIST))


def test_rule_that_asks_scores_of_the_region_judges_no_school_alone() -> None:
    scored = make_rules(low_definition={**make_rules().low_definition, "VPR": "LOWER_QUARTILE"})

    assert is_quick(scored)
    assert not judges_alone(scored)
    assert judges_alone(make_rules())
    assert not judges_alone(replace(make_rules(), relative_rule=RelativeRule()))


@pytest.mark.parametrize(
    ("stored", "asked", "fits"),
    [
        pytest.param({}, {"share_threshold_pct": "25"}, True, id="another threshold"),
        pytest.param({}, {"years_required": 3}, False, id="a year that was not stored"),
        pytest.param({"years_required": 3}, {}, True, id="fewer years"),
        pytest.param({"objectivity_mode": "IGNORE"}, {"objectivity_mode": "DROP_PROCEDURE"}, False, id="lost markers"),
    ],
)
def test_evidence_fits_what_it_holds(stored: dict[str, Any], asked: dict[str, Any], fits: bool) -> None:
    assert fits_evidence(make_rules(**stored), make_rules(**asked)) is fits


def test_evidence_lacks_other_procedures_and_other_meanings_of_low() -> None:
    rules = make_rules()
    more = replace(rules, procedures=(*rules.procedures, procedure("KDR", "RU", 8)))
    other = replace(rules, low_definition={**rules.low_definition, "EGE": LowDefinition.MARK_2})

    assert not fits_evidence(rules, more)
    assert not fits_evidence(rules, other)
