"""What orders did to lists around the day of the data: whom a report speaks of, and what it says of the others."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from reports.errors import NothingToReport
from reports.facts import r1, r4, r8, r8s
from reports.facts.frame import ReportSpec
from reports.facts.parts import CautionCode, Circle, ListChange, ListTurn
from schools.actions.identification import decide
from schools.choices import Decision, DecisionReason, ListKind, ListState
from schools.models import School, SchoolList, Territory
from tests.factories.facts import make_spec
from tests.factories.lists import (
    AT,
    REASON,
    cancel,
    include_everyone,
    make_exclusion,
    make_list,
    make_low_school,
    make_published_list,
    make_run,
)
from tests.factories.roadmaps import make_running
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
AUGUST, SEPTEMBER, NOVEMBER = date(2026, 8, 31), date(2026, 9, 20), date(2026, 11, 20)
Told = tuple[ListTurn, int, tuple[str, ...], tuple[str, ...]]


@pytest.fixture
def territory() -> Territory:
    return make_territory(name="Округ", name_genitive="Округа")


@pytest.fixture
def schools(territory: Territory) -> list[School]:
    return [make_school(territory=territory, name=f"СОШ № {number}") for number in (3, 5)]


def school_year(territory: Territory, as_of: date = AUGUST, *, school: School | None = None) -> ReportSpec:
    """Return the question about 2025/2026."""
    spec = make_spec(territory, kind="R1", as_of=as_of, school=school)
    return replace(spec, period_from=date(2025, 9, 1), period_to=AUGUST)


def told(changes: tuple[ListChange, ...] | None) -> list[Told]:
    return [(each.turn, each.year, each.left, each.kept) for each in changes or ()]


def cautions(facts: r1.R1Facts | r8.R8Facts) -> list[CautionCode]:
    return [each.code for each in facts.cautions]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


# Published later


def test_list_published_after_the_day_is_told_and_not_used(territory: Territory, schools: list[School]) -> None:
    make_list(schools, year=2026, day=SEPTEMBER)

    facts = r1.collect(school_year(territory))

    assert (facts.lists, facts.schools) == ((), ())
    assert told(facts.changes) == [(ListTurn.PUBLISHED_LATER, 2026, (), ())]
    assert facts.changes is not None
    assert (facts.changes[0].since, facts.changes[0].basis and facts.changes[0].basis.number) == (SEPTEMBER, "100")
    assert cautions(facts)[0] == CautionCode.NO_LIST
    assert plain(facts.cautions[-1].text) == (
        "На 31.08.2026 перечень по результатам 2026 года (приказ от 20.09.2026 № 100) ещё не был опубликован. "
        "Если справка должна говорить о нём, укажите в поле «Данные на» день не раньше 20.09.2026."
    )


def test_list_published_after_the_day_leaves_the_one_in_force(territory: Territory, schools: list[School]) -> None:
    make_list(schools[:1], year=2025, day=date(2025, 10, 1))
    make_list(schools[1:], year=2026, day=SEPTEMBER)

    facts = r1.collect(school_year(territory))

    assert [(each.year, each.names) for each in facts.lists] == [(2025, ("СОШ № 3",))]
    assert [each.school for each in facts.schools] == ["СОШ № 3"]
    assert told(facts.changes) == [(ListTurn.PUBLISHED_LATER, 2026, (), ())]


def test_same_report_of_a_later_day_uses_it(territory: Territory, schools: list[School]) -> None:
    make_list(schools, year=2026, day=SEPTEMBER)

    facts = r1.collect(school_year(territory, SEPTEMBER))

    assert [each.year for each in facts.lists] == [2026]
    assert facts.changes == ()


def test_list_that_came_later_and_went_again_is_not_told(territory: Territory, schools: list[School]) -> None:
    cancel(make_list(schools, year=2026, day=SEPTEMBER), day=NOVEMBER)

    assert r1.collect(school_year(territory)).changes == ()


@pytest.mark.parametrize("is_listed", [True, False])
def test_list_of_the_region_is_told_where_it_names_schools(
    territory: Territory, schools: list[School], *, is_listed: bool
) -> None:
    stranger = make_school(territory=make_territory(parent=territory.parent))
    assert territory.parent
    named = schools if is_listed else [stranger]
    make_list(named, year=2026, kind=ListKind.REGIONAL, territory=territory.parent, day=SEPTEMBER)

    assert len(r1.collect(school_year(territory)).changes or ()) == is_listed


def test_list_is_told_to_the_school_that_it_names_alone(territory: Territory, schools: list[School]) -> None:
    make_list(schools[:1], year=2026, day=SEPTEMBER)

    changes = [r4.collect(school_year(territory, school=school)).changes for school in schools]

    assert [told(each) for each in changes] == [[(ListTurn.PUBLISHED_LATER, 2026, (), ())], []]


# Annulled


def test_annulled_list_is_named_with_the_schools_that_leave_with_it(
    territory: Territory, schools: list[School]
) -> None:
    gone = make_school(territory=territory, name="СОШ № 9")
    school_list = make_list([*schools, gone], year=2026)
    make_exclusion(school_list, gone)  # left it before
    make_running(school=schools[1])
    cancel(school_list, day=NOVEMBER)

    facts = r1.collect(make_spec(territory, kind="R1"))

    assert (facts.lists, [each.school for each in facts.schools]) == ((), ["СОШ № 5"])
    assert told(facts.changes) == [
        (ListTurn.ANNULLED, 2026, ("СОШ № 3",), ("СОШ № 5",)),
        (ListTurn.EXCLUDED, 2026, ("СОШ № 9",), ()),
    ]
    assert facts.changes is not None
    assert (facts.changes[0].since, facts.changes[0].order and facts.changes[0].order.number) == (NOVEMBER, "700")
    assert facts.circle is Circle.PLANNED
    assert CautionCode.LIST_ANNULLED in cautions(facts)


def test_annulled_list_does_not_hand_over_to_an_older_one_in_silence(
    territory: Territory, schools: list[School]
) -> None:
    make_list(schools[:1], year=2025, day=date(2025, 10, 1))
    cancel(make_list(schools, year=2026), day=NOVEMBER)

    facts = r1.collect(make_spec(territory, kind="R1"))

    assert [each.year for each in facts.lists] == [2025]
    assert told(facts.changes) == [(ListTurn.ANNULLED, 2026, ("СОШ № 5",), ("СОШ № 3",))]


def test_annulled_list_older_than_the_one_in_force_is_no_matter(territory: Territory, schools: list[School]) -> None:
    cancel(make_list(schools, year=2025, day=date(2025, 10, 1)), day=date(2025, 11, 1))
    make_list(schools[:1], year=2026)

    facts = r1.collect(make_spec(territory, kind="R1"))

    assert (told(facts.changes), facts.circle) == ([], Circle.LISTED)


def test_list_annulled_after_the_day_is_in_force_on_it(territory: Territory, schools: list[School]) -> None:
    cancel(make_list(schools, year=2025, day=date(2025, 10, 1)), day=NOVEMBER)

    facts = r1.collect(school_year(territory))

    assert [each.names for each in facts.lists] == [("СОШ № 3", "СОШ № 5")]
    assert told(facts.changes) == [(ListTurn.ANNULLED_LATER, 2025, (), ())]
    assert plain(facts.cautions[-1].text) == (
        "Перечень по результатам 2025 года (приказ от 01.10.2025 № 100) действовал на 31.08.2026, с 20.11.2026 он "
        "отменён (приказ от 20.11.2026 № 700)."
    )


# Annulled, and another one of the same year


@pytest.fixture
def former(territory: Territory, schools: list[School]) -> SchoolList:
    """The list of 20 September, annulled in November; its successor of 1 December holds one of its schools."""
    former = cancel(make_list(schools, year=2026, day=SEPTEMBER), day=NOVEMBER)
    make_list(schools[:1], year=2026, day=date(2026, 12, 1))
    return former


def turns_of(facts: r1.R1Facts | r8.R8Facts) -> list[str]:
    turns = {CautionCode.LIST_ANNULLED, CautionCode.LIST_ANNULLED_LATER, CautionCode.LIST_PUBLISHED_LATER}
    return [plain(each.text) for each in facts.cautions if each.code in turns]


@pytest.mark.usefixtures("former")
@pytest.mark.parametrize("collect", [r1.collect, r8.collect])
def test_new_list_and_the_annulled_one_are_told_apart_by_their_orders(
    collect: Callable[[ReportSpec], r1.R1Facts | r8.R8Facts], territory: Territory
) -> None:
    before, after = (collect(make_spec(territory, as_of=date(2026, month, 25))) for month in (10, 12))

    assert turns_of(before) == [
        (
            "Перечень по результатам 2026 года (приказ от 20.09.2026 № 100) действовал на 25.10.2026, с 20.11.2026 он "
            "отменён (приказ от 20.11.2026 № 700)."
        ),
        (
            "Новый перечень по результатам 2026 года (приказ от 01.12.2026 № 100) опубликован позже 25.10.2026: с "
            "01.12.2026. Если справка должна говорить о нём, укажите в поле «Данные на» день не раньше 01.12.2026."
        ),
    ]
    assert turns_of(after) == [
        (
            "Прежний перечень по результатам 2026 года (приказ от 20.09.2026 № 100) отменён с 20.11.2026 (приказ от "
            "20.11.2026 № 700): справка его не учитывает."
        )
    ]


@pytest.mark.usefixtures("former")
def test_kept_schools_are_told_by_the_list_and_by_the_roadmap_apart(
    territory: Territory, schools: list[School]
) -> None:
    make_running(school=schools[1])

    facts = r1.collect(make_spec(territory, kind="R1", as_of=date(2026, 12, 25)))

    assert facts.changes is not None
    (change,) = facts.changes
    assert (change.listed, change.planned, change.left) == (("СОШ № 3",), ("СОШ № 5",), ())


# Excluded, and nobody


def test_excluded_schools_are_named_with_their_order(territory: Territory, schools: list[School]) -> None:
    school_list = make_list(schools, year=2026)
    make_exclusion(school_list, schools[0], day=date(2026, 11, 10))
    make_running(school=schools[0])

    facts = r4.collect(make_spec(territory))

    assert told(facts.changes) == [(ListTurn.EXCLUDED, 2026, (), ("СОШ № 3",))]
    assert facts.changes is not None
    assert (facts.changes[0].since, facts.changes[0].order and facts.changes[0].order.number) == (
        date(2026, 11, 10),
        "901",
    )
    assert r1.collect(make_spec(territory, kind="R1")).circle is Circle.BOTH


def test_list_in_force_without_a_school_is_told(territory: Territory) -> None:
    make_list([], year=2026, territory=territory)

    facts = r1.collect(make_spec(territory, kind="R1"))

    assert told(facts.changes) == [(ListTurn.NAMES_NOBODY, 2026, (), ())]


# R8


def test_list_of_r8_is_the_one_of_the_day(territory: Territory, schools: list[School]) -> None:
    make_list(schools[:1], year=2025, day=date(2025, 10, 1))
    make_list(schools, year=2026, day=SEPTEMBER)

    facts = [r8.collect(school_year(territory, day)) for day in (AUGUST, SEPTEMBER)]

    assert [each.year for each in facts] == [2025, 2026]
    assert cautions(facts[0]) == [CautionCode.LIST_PUBLISHED_LATER]


def test_r8_refuses_a_list_that_came_later_and_says_which_day_to_ask_for(
    territory: Territory, schools: list[School]
) -> None:
    make_list(schools, year=2026, day=SEPTEMBER)

    with pytest.raises(NothingToReport) as refusal:
        r8.collect(school_year(territory))

    assert refusal.value.text.replace("\u00a0", " ") == (
        "На 31.08.2026 перечень по результатам 2026 года ещё не был опубликован: приказ отдела образования "
        "от 20.09.2026 № 100. Укажите в поле «Данные на» день не раньше даты приказа."
    )


def test_list_annulled_after_the_day_is_no_draft(territory: Territory, schools: list[School]) -> None:
    cancel(make_list(schools, year=2026, day=SEPTEMBER), day=NOVEMBER)

    facts = r8.collect(make_spec(territory, kind="R8", as_of=date(2026, 10, 31)))

    assert ([each.name for each in facts.schools], facts.missing) == (["СОШ № 3", "СОШ № 5"], ())
    assert facts.annulled is not None
    assert facts.annulled.turn is ListTurn.ANNULLED_LATER
    assert cautions(facts) == [CautionCode.LIST_ANNULLED_LATER]


def test_draft_after_an_annulled_list_says_what_it_follows(territory: Territory, schools: list[School]) -> None:
    cancel(make_list(schools, year=2026), day=NOVEMBER)
    make_list(schools[:1], year=2026, state=ListState.DRAFT)

    facts = r8.collect(make_spec(territory, kind="R8"))

    assert ([each.name for each in facts.schools], facts.annulled) == (["СОШ № 3"], None)
    assert cautions(facts) == [CautionCode.LIST_NOT_PUBLISHED, CautionCode.LIST_ANNULLED]


def test_decision_for_the_next_list_is_not_told_of_the_annulled_one(territory: Territory) -> None:
    make_low_school(territory=territory)
    run, person = make_run(territory=territory), make_user()
    cancel(make_published_list(run, person), day=NOVEMBER)
    decide(
        verdict=run.verdicts.get(),
        decision=Decision.EXCLUDED,
        reason_code=DecisionReason.SMALL_SAMPLE,
        text=REASON,
        by=person,
        at=AT.replace(month=12),
    )

    facts = r8.collect(make_spec(territory, kind="R8", as_of=date(2026, 10, 31)))

    assert (len(facts.schools), facts.taken_out) == (1, ())


# R8S


@pytest.fixture
def listed(territory: Territory) -> SchoolList:
    make_low_school(territory=territory, name="Низкая")
    run = make_run(territory=territory)
    include_everyone(run, make_user())
    return make_published_list(run)  # its order is of 15 October


def extract(school_list: SchoolList, day: date) -> r8s.R8SFacts:
    school = school_list.items.get().school
    return r8s.collect(make_spec(school_list.territory, kind="R8S", school=school, as_of=day))


def test_extract_tells_the_list_and_the_exclusions_of_the_day(listed: SchoolList) -> None:
    make_exclusion(listed, listed.items.get().school, day=date(2026, 11, 10))

    facts = [extract(listed, date(2026, 11, day)) for day in (9, 10)]

    assert [each.left.split(":")[0] for each in facts] == ["", "исключена с 10.11.2026"]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 10, 14), "На 14.10.2026 перечень по результатам 2026 года ещё не был опубликован: приказ "),
        (NOVEMBER, "Перечень по результатам 2026 года отменён: приказ "),
    ],
)
def test_extract_of_a_day_without_the_list_says_why(listed: SchoolList, day: date, words: str) -> None:
    if day == NOVEMBER:
        cancel(listed, day=NOVEMBER)

    with pytest.raises(NothingToReport, match=words):
        extract(listed, day)


def test_extract_of_a_list_annulled_since_says_so_and_keeps_later_decisions_out(listed: SchoolList) -> None:
    cancel(listed, day=NOVEMBER)
    assert listed.run
    verdict = listed.run.verdicts.get()
    assert (grounds := extract(listed, date(2026, 10, 31)).grounds)
    assert grounds.decision == "Включена"
    decide(
        verdict=verdict,
        decision=Decision.EXCLUDED,
        reason_code=DecisionReason.SMALL_SAMPLE,
        text=REASON,
        by=make_user(),
        at=AT.replace(month=12),
    )

    facts = extract(listed, date(2026, 10, 31))

    assert facts.annulled is not None
    assert [each.code for each in facts.cautions] == [CautionCode.LIST_ANNULLED_LATER]
    assert facts.grounds is not None
    assert facts.grounds.decision == ""
