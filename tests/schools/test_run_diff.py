"""The diff of two calculations: who moves, and whether it was the data or the rule."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.identification import PartState, Result, SchoolFacts, Verdict, identify
from schools.run_diff import (
    PARAMETERS,
    Judged,
    Move,
    SchoolChange,
    Side,
    Source,
    moves,
    school_change,
    source_words,
    work_changes,
)
from schools.what_if import QUICK
from tests.factories.identification import make_rules, vpr

KIND = "СОШ"
LOW = [vpr("RU", 5, 12, 40), vpr("MA", 6, 9, 30)]  # E1: exactly 30 % in two works
QUIET = [vpr("RU", 5, 11, 40), vpr("MA", 6, 9, 30)]


def side(year: int = 2026, **changes: Any) -> Side:
    return Side(rules=make_rules(**changes), year=year)


def judged(results: list[Result], of: Side, kind: str = KIND) -> Judged:
    outcome = identify(results, of.rules, of.year, SchoolFacts(kind=kind))
    return Judged(verdict=outcome.verdict, kind=kind, parts=outcome.parts)


def change_of(
    was: list[Result], now: list[Result], old: Side, new: Side, kinds: tuple[str, str] = (KIND, KIND)
) -> SchoolChange[str]:
    return school_change("№ 1", judged(was, old, kinds[0]), judged(now, new, kinds[1]), old, new)


def test_schools_enter_leave_and_stay() -> None:
    assert moves("абв", "бвг") == {Move.ENTERED: {"г"}, Move.LEFT: {"а"}, Move.STAYED: {"б", "в"}}


def test_corrected_counts_put_a_school_in() -> None:
    old = new = side()

    change = change_of(QUIET, LOW, old, new)

    assert (change.move, change.source, change.enough) == (Move.ENTERED, Source.DATA, ())
    (work,) = change.works
    assert (work.before.low, work.after.low, work.crossing) == (11, 12, 1) if work.before and work.after else False
    assert source_words(change, old, new) == "Изменились данные, правило то же."


def test_lower_threshold_puts_a_school_in() -> None:
    old, new = side(), side(share_threshold_pct="27")

    change = change_of(QUIET, QUIET, old, new)

    assert (change.move, change.source, change.enough) == (Move.ENTERED, Source.RULE, ("share_threshold_pct",))
    assert [(work.procedure.subject, work.crossing, work.is_recounted) for work in change.works] == [("RU", 1, False)]
    assert source_words(change, old, new) == "Изменилось правило: порог доли."


@pytest.mark.parametrize(
    ("before", "after", "enough"),
    [
        pytest.param({}, {"min_procedures": 3}, ("min_procedures",), id="more procedures"),
        pytest.param({}, {"min_participants": 35}, ("min_participants",), id="more participants"),
        pytest.param({}, {"combine": "ALL"}, ("combine",), id="both conditions"),
        pytest.param({}, {"exclude_types": [KIND]}, ("exclude_types",), id="type left out"),
        pytest.param(
            {}, {"min_procedures": 3, "share_threshold_pct": "35"}, ("share_threshold_pct", "min_procedures"), id="two"
        ),
    ],
)
def test_parameter_that_takes_a_school_out_is_named(
    before: dict[str, Any], after: dict[str, Any], enough: tuple[str, ...]
) -> None:
    change = change_of(LOW, LOW, side(**before), side(**after))

    assert (change.move, change.source, change.enough) == (Move.LEFT, Source.RULE, enough)


def test_rule_and_data_that_only_together_move_a_school() -> None:
    old, new = side(), side(min_procedures=3)
    more = [*QUIET, vpr("RU", 6, 12, 40), vpr("MA", 7, 12, 40)]
    one_low = [vpr("RU", 5, 2, 40), vpr("MA", 6, 2, 30)]

    change = change_of(LOW, QUIET, old, new)

    assert change.source is Source.EITHER
    assert "хватило бы и одного нового правила (число процедур)" in source_words(change, old, new)
    assert change_of(one_low, more, old, new).source is Source.DATA
    assert source_words(change_of(one_low, more, old, new), old, new).endswith("; правило вывода не меняет.")


def test_neither_alone_is_said_so() -> None:
    old, new = side(), side(share_threshold_pct="25", min_procedures=3)
    was = [vpr("RU", 5, 11, 40), vpr("MA", 6, 11, 40)]
    now = [*was, vpr("RU", 6, 11, 40)]

    change = change_of(was, now, old, new)

    assert (change.move, change.source) == (Move.ENTERED, Source.TOGETHER)
    assert "по отдельности вывода не изменили бы" in source_words(change, old, new)


def test_other_year_is_matched_by_age() -> None:
    old, new = side(2025), side(2026)
    was = [vpr("RU", 5, 2, 40, 2025), vpr("MA", 5, 2, 40, 2025)]
    now = [vpr("RU", 5, 20, 40), vpr("MA", 5, 20, 40)]

    change = change_of(was, now, old, new)

    assert [(work.before.year, work.after.year) for work in change.works if work.before and work.after] == [
        (2025, 2026),
        (2025, 2026),
    ]
    assert source_words(change, old, new) == "Другие результаты: 2026 год вместо 2025, правило то же."


def test_work_that_a_rule_does_not_look_at_is_no_missing_result() -> None:
    """The rule of the other side reads one year: of the year before it can say nothing."""
    before = [vpr("RU", 5, 12, 40, 2025), vpr("MA", 5, 1, 40, 2025)]
    old, new = side(), side(repeat_same_procedure=False, combine="C1_ONLY")

    works = change_of([*LOW, *before], [*LOW, *before], old, new).works

    assert [(work.procedure.subject, work.years) for work in works] == [("RU", (2025, None))]
    assert works[0].is_read_by_both is False


def test_small_class_that_is_no_longer_counted_is_a_change_without_new_counts() -> None:
    old, new = side(), side(min_participants=35)

    works = work_changes(judged(LOW, old), judged(LOW, new), old, new)

    (work,) = works
    assert work.after is not None
    assert (work.after.state, work.is_recounted, work.is_counted_otherwise) == (PartState.SMALL_N, False, True)


def test_what_crossed_the_threshold_stands_first() -> None:
    was = [vpr("MA", 4, 1, 40), *QUIET]
    now = [vpr("MA", 4, 2, 40), *LOW]

    works = work_changes(judged(was, side()), judged(now, side()), side(), side())

    assert [(work.procedure.grade, work.crossing) for work in works] == [(5, 1), (4, 0)]


def test_school_on_one_side_only() -> None:
    new = school_change("№ 1", None, judged(LOW, side()), side(), side())
    gone = school_change("№ 1", judged(LOW, side()), None, side(), side())

    assert (new.move, new.source) == (Move.ENTERED, Source.APPEARED)
    assert (gone.move, gone.source) == (Move.LEFT, Source.GONE)
    assert "Во втором расчёте школы нет" in source_words(gone, side(), side())


def test_school_that_stays_needs_no_words_and_shows_its_corrected_rows() -> None:
    change = change_of(LOW, [vpr("RU", 5, 14, 40), LOW[1]], side(), side())

    assert (change.move, source_words(change, side(), side())) == (Move.STAYED, "")
    assert [work.is_recounted for work in change.works] == [True]


def test_rules_over_other_years_give_no_false_cause() -> None:
    old, new = side(), side(years_required=3)

    change = change_of(LOW, LOW, old, new)

    assert change.source is Source.UNKNOWN
    assert "разные работы или годы" in source_words(change, old, new)


def test_other_works_of_the_same_data_are_a_change_of_the_rule() -> None:
    old, new = side(), side(years_required=3)
    before, after = judged(LOW, old), judged(LOW, new)

    change = school_change("школа", before, after, old, new, is_same_data=True)
    same_rule = school_change("школа", before, after, new, new, is_same_data=True)

    assert (change.source, change.enough) == (Source.OTHER_RULE, ())
    assert source_words(change, old, new) == "Изменилось правило, результаты те же."
    assert same_rule.source is not Source.OTHER_RULE


@given(low=st.integers(0, 40), later=st.integers(0, 40), percent=st.sampled_from(["25", "30", "40"]))
def test_cause_is_never_empty_for_a_school_that_moved(low: int, later: int, percent: str) -> None:
    old, new = side(), side(share_threshold_pct=percent)
    was, now = ([vpr("RU", 5, n, 40), vpr("MA", 5, 40, 40)] for n in (low, later))

    change = change_of(was, now, old, new)

    verdicts = [judged(was, old).verdict is Verdict.SHNOR, judged(now, new).verdict is Verdict.SHNOR]
    if verdicts[0] is not verdicts[1]:
        assert change.source in {Source.RULE, Source.DATA, Source.EITHER, Source.TOGETHER}
        assert source_words(change, old, new)


def test_every_parameter_that_can_move_a_school_has_a_name() -> None:
    assert set(PARAMETERS) == QUICK


@pytest.mark.parametrize(
    ("was_held", "is_held", "results", "move", "words"),
    [
        pytest.param(False, True, (LOW, QUIET), Move.STAYED, "не в обоих расчётах", id="kept by the exit rule"),
        pytest.param(True, False, (QUIET, QUIET), Move.LEFT, "второй не оставляет", id="kept no longer"),
        pytest.param(False, True, (QUIET, QUIET), Move.ENTERED, "Второй расчёт оставляет", id="kept now"),
    ],
)
def test_exit_rule_is_named_as_what_keeps_a_school(
    was_held: bool, is_held: bool, results: tuple[list[Result], list[Result]], move: Move, words: str
) -> None:
    old = new = side()
    before = replace(judged(results[0], old), is_held=was_held)
    after = replace(judged(results[1], new), is_held=is_held)

    change = school_change("№ 1", before, after, old, new)

    assert (change.move, change.source) == (move, Source.EXIT_RULE)
    assert words in source_words(change, old, new)
