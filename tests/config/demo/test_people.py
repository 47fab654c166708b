"""The people, days and stories of the demo region agree with one another. No database."""

import csv
from collections import Counter
from datetime import date
from random import Random

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.permissions import Role
from config.demo import files, monitored, planned, profiled
from config.demo.calendar import DemoCalendar
from config.demo.people import MUNICIPALITY, NEIGHBOUR, PEOPLE, REGION, make_people, places
from config.demo.planned import PERIOD, PLANS, year_label
from config.demo.profiled import STORIES, answers_to
from config.demo.region import DemoRegion
from config.demo.territories import MUNICIPALITY_FIELDS, NEIGHBOUR_FIELDS, REGION_FIELDS
from riskprofiles.answers import Field
from riskprofiles.scoring import RiskLevel
from roadmaps.library import offered
from schools.intake.identifiers import inn_of
from schools.models import School, Territory

TODAY = date(2026, 11, 2)
CALENDAR = DemoCalendar(today=TODAY)
LOGINS = {person.login: person for person in PEOPLE}
SCHOOLS = {row.login for row in files.rows()}


def registry() -> list[dict[str, str]]:
    with (files.DATA / "schools.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


# People


def test_sign_ins_do_not_repeat() -> None:
    assert [login for login, times in Counter(person.login for person in PEOPLE).items() if times > 1] == []


def test_every_role_of_the_portal_has_somebody() -> None:
    assert {person.role for person in PEOPLE} == set(Role)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.login)
def test_person_is_named_in_three_words_and_has_a_position(person: object) -> None:
    one = LOGINS[person.login]  # type: ignore[attr-defined]  # a Person, as pytest gives it

    assert len(one.name.split()) == 3
    assert one.position


def test_everybody_stands_in_a_territory_or_in_schools_of_the_demo() -> None:
    for person in PEOPLE:
        if isinstance(person.where, str):
            assert person.where in {REGION, MUNICIPALITY, NEIGHBOUR}
        else:
            assert person.where
            assert set(person.where) <= SCHOOLS


def test_administrator_of_a_school_has_one_school() -> None:
    admins = [person for person in PEOPLE if person.role == Role.SCHOOL_ADMIN]

    assert {len(person.where) for person in admins} == {1}
    assert len({person.where for person in admins}) == len(admins)


def test_scope_of_a_territory_is_one_and_of_schools_one_each() -> None:
    territories = {REGION: Territory(name="Область")}
    schools = {login: School(login=login) for login in SCHOOLS}

    assert places(LOGINS["region"], territories, schools) == [{"territory": territories[REGION]}]
    assert [place["school"].login for place in places(LOGINS["mentor"], {}, schools)] == ["edu900003", "edu900011"]  # type: ignore[union-attr]  # schools alone


def test_region_of_territories_alone_asks_for_no_school(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr("config.demo.people.make_person", lambda person, *_: made.append(person.login))

    make_people(territories={}, schools={}, random=Random(1), only_territories=True)

    assert made == [person.login for person in PEOPLE if isinstance(person.where, str)]


# Days


@given(st.integers(-200, 200))
def test_days_are_counted_from_today(offset: int) -> None:
    assert (CALENDAR.day(offset) - TODAY).days == offset
    assert timezone.localdate(CALENDAR.moment(offset)) == CALENDAR.day(offset)


def test_moment_is_of_local_time() -> None:
    moment = timezone.localtime(CALENDAR.moment(-3, 15, 5))

    assert (moment.hour, moment.minute, moment.date()) == (15, 5, date(2026, 10, 30))


@pytest.mark.parametrize(
    ("first", "last", "label"),
    [
        (date(2026, 1, 10), date(2026, 12, 1), "2026 год"),
        (date(2026, 9, 1), date(2027, 5, 31), "2026/2027 учебный год"),
    ],
)
def test_year_of_a_roadmap_is_calendar_or_academic(first: date, last: date, label: str) -> None:
    assert year_label(first, last) == label


def test_orders_of_the_demo_are_not_stored_before_they_are_registered() -> None:
    district = Territory(authority_genitive="управления образования", name="Округ")
    region = DemoRegion(territories={MUNICIPALITY: district}, schools={}, calendar=CALENDAR)

    order = region.order(offset=-2, number="7", title="Об итогах")
    own = region.school_order(School(name="СОШ № 1"), offset=-1, number="8", title="Об итогах")

    assert (order.territory, order.date, order.issuer_genitive) == (
        district,
        date(2026, 10, 31),
        "управления образования",
    )
    assert (own.school.name, own.date, own.issuer_genitive) == ("СОШ № 1", date(2026, 11, 1), "директора")  # type: ignore[union-attr]  # given above


# Stories


def test_every_story_is_of_a_school_with_its_own_administrator() -> None:
    for story in STORIES:
        assert LOGINS[story.admin].where == (story.login,)


def test_stories_stop_at_different_steps() -> None:
    assert {story.last for story in STORIES} == {"approved", "activated", "handed_in", "review"}
    assert len({story.login for story in STORIES}) == len(STORIES)


def test_answer_that_a_risk_is_irrelevant_says_nothing_more() -> None:
    assert answers_to(None) == {Field.RELEVANT: False}


def test_answer_that_a_risk_is_relevant_fills_the_form() -> None:
    answer = answers_to((RiskLevel.HIGH, "Курсы"))

    assert answer == {
        Field.RELEVANT: True,
        Field.LEVEL: "high",
        Field.EVIDENCE: profiled.EVIDENCE,
        Field.MEASURES: "Курсы",
    }


def test_every_factor_of_the_stories_has_standard_measures() -> None:
    for code in {code for story in STORIES for code in story.relevant}:
        assert offered("school", code)


def test_roadmaps_are_kept_by_people_of_their_place() -> None:
    for plan in PLANS:
        where = LOGINS[plan.keeper].where
        assert where == ((plan.login,) if plan.login else MUNICIPALITY)


def test_orders_of_roadmaps_lie_in_the_past_and_have_numbers() -> None:
    approved = [plan for plan in PLANS if plan.approved is not None]

    assert all(plan.approved is not None and plan.approved < 0 and plan.number for plan in approved)
    assert [plan.login for plan in PLANS if plan.approved is None] == ["edu900011"]


def test_terms_of_measures_begin_within_the_period() -> None:
    assert PERIOD[0] < planned.FIRST_TERM < 0 < PERIOD[1]


@pytest.mark.parametrize("counts", [monitored.ENTRY, monitored.INTERIM], ids=["entry", "interim"])
def test_readings_are_parts_of_their_wholes(counts: monitored.Counts) -> None:
    assert all(0 <= part <= whole for part, whole in counts.values())


@pytest.mark.parametrize("pupils", [12, 74, 96, 187, 531, 688])
def test_readings_fit_the_size_of_their_school(pupils: int) -> None:
    counts = monitored.in_proportion(monitored.INTERIM, pupils)

    assert all(0 <= part <= whole <= pupils for part, whole in counts.values())
    assert all(whole > 0 for _, whole in counts.values())
    assert (pupils == monitored.PUPILS) == (counts == dict(monitored.INTERIM))


def test_readings_of_both_cycles_are_of_the_same_metrics() -> None:
    assert list(monitored.ENTRY) == list(monitored.INTERIM)


def test_deliberate_contradiction_is_between_the_note_and_the_counts() -> None:
    part, whole = monitored.INTERIM["C2"]

    assert "100 %" in monitored.CONTRADICTION
    assert part != whole


def test_administrators_of_the_cycle_are_those_of_the_schools() -> None:
    assert {login: LOGINS[admin].where for login, admin in monitored.ADMINS.items()} == {
        login: (login,) for login in monitored.ADMINS
    }


# The files of the region


def test_schools_of_the_registry_have_numbers_of_nobody_that_add_up() -> None:
    for row in registry():
        assert row["inn"].startswith("00")
        assert inn_of(row["inn"]) == row["inn"]
        assert int(row["ogrn"][-1]) == int(row["ogrn"][:-1]) % 11 % 10


@pytest.mark.parametrize("field", ["inn", "ogrn", "login", "gia_code", "name"])
def test_schools_of_the_registry_do_not_repeat(field: str) -> None:
    values = [row[field] for row in registry()]

    assert len(set(values)) == len(values) == 20


def test_schools_of_the_registry_are_of_the_municipality_of_the_demo() -> None:
    assert {(row["municipality_code"], row["municipality"]) for row in registry()} == {
        (MUNICIPALITY_FIELDS["code"], MUNICIPALITY_FIELDS["name"])
    }


def test_marks_and_journal_of_a_work_have_the_same_participants() -> None:
    for row in files.rows():
        assert min(row.marks) >= 0
        assert row.journal is None or sum(row.journal) == sum(row.marks)
        assert (row.journal is not None) is (row.procedure == "VPR")


def test_wider_samples_are_the_sum_of_the_schools() -> None:
    group = [row for row in files.rows() if (row.year, row.procedure, row.subject, row.grade) == (2026, "VPR", "RU", 4)]

    lines = files.marks_lines(group)

    wider, schools = lines[: len(files.TERRITORY_LINES)], lines[len(files.TERRITORY_LINES) :]
    total = tuple(sum(line.marks[mark] for line in schools) for mark in range(4))
    assert {line.marks for line in wider} == {total}
    assert len(schools) == len(group)


def test_correction_moves_one_mark_and_keeps_the_participants() -> None:
    head, line = files.correction().decode().strip().splitlines()
    values = dict(zip(head.split(";"), line.split(";"), strict=True))

    [row] = [
        row
        for row in files.rows()
        if (row.inn, str(row.year), row.procedure, row.subject, str(row.grade))
        == tuple(values[name] for name in ("inn", "year", "procedure", "subject", "grade"))
    ]
    marks = tuple(int(values[f"mark{mark}"]) for mark in (2, 3, 4, 5))
    assert marks == (row.marks[0], row.marks[1] - 1, row.marks[2] + 1, row.marks[3])
    assert int(values["participants"]) == sum(marks) == sum(row.marks)


def test_territories_of_the_demo_are_of_one_region() -> None:
    codes = [fields["code"] for fields in (REGION_FIELDS, MUNICIPALITY_FIELDS, NEIGHBOUR_FIELDS)]

    assert len(set(codes)) == 3
    assert all(code.startswith(codes[0]) for code in codes)


@pytest.mark.parametrize("fields", [REGION_FIELDS, MUNICIPALITY_FIELDS, NEIGHBOUR_FIELDS])
def test_authority_in_the_genitive_goes_on_from_a_small_letter(fields: dict[str, str]) -> None:
    assert fields["authority"][0].isupper()
    assert fields["authority_genitive"][0].islower()
    assert fields["authority"].split(maxsplit=2)[-1] in fields["authority_genitive"]
