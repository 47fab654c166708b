"""How pieces of facts are counted out of rows already read. No database."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.facts.cautions import counted_caution
from reports.facts.frame import frame_of, place_of
from reports.facts.parts import CautionCode, Share
from reports.facts.queries import act_of, measure_facts, name_in_report
from reports.facts.r1 import cautions as cautions_of_r1
from reports.facts.r1 import outcome
from reports.facts.r4 import before_list, submitted_share
from reports.facts.r4 import cautions as cautions_of_r4
from reports.facts.r8 import ground, grounds_of
from roadmaps.execution import ExecutionStatus
from roadmaps.models import Measure
from schools.choices import Procedure as Kind
from schools.identification import Part, PartState, Procedure
from schools.models import LegalAct, School, SchoolPeriod, Territory
from tests.factories.facts import make_act_facts, make_execution, make_listed, make_plan, make_spec

LISTED = date(2026, 1, 30)
SPEC = make_spec(Territory(name="Округ", name_genitive="Округа"))


def part(name: str, year: int, low: int | None = 10, **fields: Any) -> Part:
    """Return a part with 20 participants and a threshold of 6; name: subject of ВПР in grade 5."""
    known: dict[str, Any] = {"state": PartState.COUNTED, "participants": 20, "needed": 6}
    return Part(procedure=Procedure(kind="VPR", subject=name, grade=5), year=year, low=low, **{**known, **fields})


def period(name: str, since: date | None = None) -> SchoolPeriod:
    return SchoolPeriod(name=name, valid_from=since)


# Grounds of a list


def grounds(parts: list[Part], *, first: int | None) -> list[tuple[int, str, int]]:
    return [(one.condition, one.procedure, one.year) for one in grounds_of(parts, 2026, first=first)]


def test_low_works_from_the_first_year_on_are_grounds() -> None:
    parts = [part("RU", 2024), part("RU", 2025), part("MA", 2026)]

    assert [(one[0], one[2]) for one in grounds(parts, first=2025)] == [(1, 2025), (1, 2026)]


def test_condition_that_does_not_hold_gives_no_ground() -> None:
    assert grounds([part("RU", 2025), part("RU", 2026)], first=None) == []


def test_work_that_is_not_low_or_not_counted_is_no_ground() -> None:
    parts = [part("RU", 2026, low=5), part("MA", 2026, state=PartState.SMALL_N), part("BI", 2026, low=None)]

    assert grounds(parts, first=2026) == []


def test_repeated_work_is_told_with_both_years() -> None:
    parts = [part("RU", 2025), part("RU", 2026, is_repeated=True)]

    found = grounds(parts, first=None)

    assert [(condition, year) for condition, _, year in found] == [(2, 2025), (2, 2026)]
    assert len({name for _, name, _ in found}) == 1


def test_grounds_go_by_year_whatever_the_order_of_the_parts() -> None:
    parts = [part("RU", 2026), part("RU", 2025)]

    assert grounds(parts, first=2025) == grounds(parts[::-1], first=2025)


def test_ground_has_the_counts_and_no_data_is_no_pupil() -> None:
    known, unknown = ground(1, part("RU", 2026)), ground(2, part("RU", 2026, low=None, participants=None))

    assert (known.low, known.participants) == (10, 20)
    assert (unknown.low, unknown.participants) == (0, 0)
    assert known.procedure.endswith("5 класс")


# Shares


@pytest.mark.parametrize(
    ("submitted", "share"),
    [
        ((True, False, True), Share(numerator=2, denominator=3)),
        ((True, None), Share(numerator=1, denominator=1)),
        ((None, None), Share(numerator=None, denominator=None)),
        ((), Share(numerator=None, denominator=None)),
        ((False,), Share(numerator=0, denominator=1)),
    ],
    ids=["some", "one not asked", "nobody asked", "no schools", "nobody handed in"],
)
def test_handed_in_are_counted_of_those_asked(submitted: tuple[bool | None, ...], share: Share) -> None:
    assert submitted_share(tuple(make_execution(is_submitted=one) for one in submitted)) == share


@given(st.dictionaries(st.integers(2020, 2026), st.tuples(st.integers(0, 9), st.integers(10, 20)), min_size=1))
def test_outcome_is_of_the_newest_year_beside_the_one_before(years: dict[int, tuple[int, int]]) -> None:
    found = outcome(Kind.VPR, "RU", years)

    newest = max(years)
    assert found.year == newest
    assert (found.now.numerator, found.now.denominator) == years[newest]
    assert (found.before.numerator, found.before.denominator) == years.get(newest - 1, (None, None))


def test_outcome_names_its_procedure_and_subject_in_words() -> None:
    found = outcome(Kind.VPR, "MA", {2026: (1, 10)})

    assert (found.procedure, found.subject) == ("ВПР", "математика")


# Names of the time


@pytest.mark.parametrize(
    ("periods", "name"),
    [
        ([period("СОШ № 5")], "СОШ № 5"),
        ([period("СОШ № 5"), period("СШ № 5", date(2025, 9, 1))], "СШ № 5"),
        ([period("СОШ № 5"), period("СШ № 5", date(2026, 1, 1))], "СШ № 5"),
        ([period("СОШ № 5"), period("СШ № 5", date(2026, 9, 1))], "СШ № 5 (до 01.09.2026 — СОШ № 5)"),
        ([period("СОШ № 5"), period("СШ № 5", date(2026, 12, 26))], "СОШ № 5"),
        ([period("СШ № 5", date(2027, 1, 1))], "СШ № 5"),
        (
            [period("ООШ № 5"), period("СОШ № 5", date(2026, 3, 1)), period("СШ № 5", date(2026, 9, 1))],
            "СШ № 5 (до 01.09.2026 — СОШ № 5)",
        ),
        ([period("СШ № 5"), period("СШ № 5", date(2026, 9, 1))], "СШ № 5"),
        (
            [period("СОШ № 5"), period("СШ № 5", date(2026, 3, 1)), period("СШ № 5", date(2026, 9, 1))],
            "СШ № 5 (до 01.03.2026 — СОШ № 5)",
        ),
    ],
    ids=[
        "one name",
        "renamed before the period",
        "renamed on its first day",
        "renamed within it",
        "renamed after the data",
        "opened after the data",
        "renamed twice",
        "another kind",
        "renamed, then another kind",
    ],
)
def test_name_is_that_of_the_time_with_the_former_one_beside_it(periods: list[SchoolPeriod], name: str) -> None:
    assert name_in_report(periods, SPEC) == name


# Cautions


def codes(found: list[Any]) -> list[CautionCode]:
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("approved", "is_early"), [(date(2026, 1, 29), True), (LISTED, False), (date(2026, 3, 17), False), (None, False)]
)
def test_plan_approved_before_the_list_is_noticed(approved: date | None, is_early: bool) -> None:
    plan = make_plan(approval=make_act_facts(date=approved) if approved else None)

    assert bool(before_list((make_listed(),), plan)) is is_early


def test_caution_about_an_early_plan_names_both_days() -> None:
    plan = make_plan(approval=make_act_facts(date=date(2026, 1, 29)))

    [found] = before_list((make_listed(),), plan)

    assert "29.01.2026, раньше приказа о перечне (30.01.2026)" in found.text


def test_latest_order_of_several_lists_counts() -> None:
    later = make_listed(basis=make_act_facts(date=date(2026, 5, 1)))

    assert before_list((make_listed(), later), make_plan())
    assert before_list((make_listed(basis=None),), make_plan()) == []
    assert before_list((make_listed(),), None) == []


def test_complete_report_has_no_cautions() -> None:
    assert cautions_of_r4(SPEC, (make_listed(),), make_plan(), (make_execution(),)) == []


def test_report_about_a_school_misses_no_plan_of_the_territory() -> None:
    spec = make_spec(SPEC.territory, school=School(name="СОШ № 5"))

    assert codes(cautions_of_r4(SPEC, (make_listed(),), None, ())) == [CautionCode.NO_ROADMAP]
    assert cautions_of_r4(spec, (make_listed(),), None, ()) == []


def test_everything_that_is_missing_is_told_in_order() -> None:
    schools = (make_execution(is_submitted=False), make_execution("СОШ № 5", counted=None))

    assert codes(cautions_of_r1(SPEC, (), None, schools, profiles=None, cycle=None)) == [
        CautionCode.NO_LIST,
        CautionCode.NO_ROADMAP,
        CautionCode.NO_PROFILE,
        CautionCode.NO_MONITORING,
        CautionCode.SCHOOLS_NOT_SUBMITTED,
        CautionCode.SCHOOLS_WITHOUT_ROADMAP,
    ]


def test_school_not_asked_is_not_late() -> None:
    found = cautions_of_r4(SPEC, (make_listed(),), make_plan(), (make_execution(is_submitted=None),))

    assert found == []


@given(st.integers(1, 30))
def test_caution_names_three_schools_at_most(number: int) -> None:
    names = [f"СОШ № {one}" for one in range(1, number + 1)]

    [found] = counted_caution(CautionCode.SCHOOLS_WITHOUT_ROADMAP, names)

    assert sum(name in found.text for name in ["СОШ № 1,", "СОШ № 2,"]) <= 3
    assert ("и другие" in found.text) is (number > 3)
    assert "СОШ № 4" not in found.text


# Frames


def test_frame_has_the_question_of_the_report() -> None:
    frame = frame_of(SPEC)

    assert (frame.dated, frame.as_of, frame.year) == (SPEC.dated, SPEC.as_of, 2026)
    assert frame.place == place_of(SPEC.territory)
    assert frame.place.name_genitive == "Округа"


def test_act_is_told_by_its_kind_in_words() -> None:
    act = LegalAct(kind="order", issuer_genitive="директора", date=LISTED, number="7", title="")

    found = act_of(act)

    assert found is not None
    assert (found.kind, found.date, found.number) == ("приказ", LISTED, "7")
    assert act_of(None) is None


def test_measure_without_a_term_has_none_in_the_facts() -> None:
    facts = measure_facts(Measure(status="done", due_date=None, done_on=LISTED))

    assert (facts.status, facts.due, facts.done_on) == (ExecutionStatus.DONE, None, LISTED)
