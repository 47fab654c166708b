"""Words of a school's history, from periods and reorganisations that no database holds."""

from datetime import date
from typing import Any

import pytest

from schools.choices import ReorganisationKind, SchoolKind, SchoolStatus
from schools.history_page import (
    CHANGED,
    FIRST,
    SUCCESSIONS,
    DetailChange,
    basis_of,
    entries,
    first_entry,
    former_names,
    shown,
    succession_entry,
    turn_entry,
)
from schools.models import LegalAct, School, SchoolPeriod, SchoolSuccession, Territory

TERRITORY = Territory(name="Светлоборский округ")
OTHER_TERRITORY = Territory(name="Лесной округ")
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
ACT = LegalAct(kind="order", issuer_genitive="управления образования", number="310", date=date(2026, 6, 20))
SCHOOL, HEIR, BRANCH = School(name="СОШ № 1"), School(name="Гимназия"), School(name="Филиал")


def make_period(day: date | None = None, **fields: Any) -> SchoolPeriod:
    defaults = {"school": SCHOOL, "name": "СОШ № 1", "kind": SchoolKind.values[0], "status": SchoolStatus.ACTIVE}
    return SchoolPeriod(**{**defaults, "territory": TERRITORY, "valid_from": day, **fields})


def make_succession(kind: ReorganisationKind = ReorganisationKind.MERGER, **fields: Any) -> SchoolSuccession:
    defaults = {"predecessor": SCHOOL, "successor": HEIR, "kind": kind, "date": SEPTEMBER}
    return SchoolSuccession(**{**defaults, **fields})


def names(*periods: str) -> list[str]:
    return former_names([make_period(name=name) for name in periods])


def test_first_entry_tells_the_name_that_the_registry_began_with() -> None:
    entry = first_entry(make_period())

    assert (entry.day, entry.title, entry.school) == (None, FIRST, None)
    assert entry.changes == (DetailChange(title="краткое название", before="", after="СОШ № 1"),)


@pytest.mark.parametrize(
    ("fields", "title", "before", "after"),
    [
        ({"name": "Гимназия"}, "краткое название", "СОШ № 1", "Гимназия"),
        ({"full_name": "Школа имени Героя"}, "полное название", "", "Школа имени Героя"),
        ({"login": "edu900001"}, "логин", "", "edu900001"),
        ({"gia_code": "001005"}, "код ГИА", "", "001005"),
        ({"territory": OTHER_TERRITORY}, "муниципалитет", "Светлоборский округ", "Лесной округ"),
        ({"parent": HEIR}, "головная школа", "", "Гимназия"),
        ({"status": SchoolStatus.CLOSED}, "состояние", "действует", "ликвидирована"),
    ],
)
def test_turn_tells_each_field_with_what_was_and_is(
    fields: dict[str, Any], title: str, before: str, after: str
) -> None:
    entry = turn_entry(make_period(), make_period(SEPTEMBER, **fields))

    assert (entry.day, entry.title) == (SEPTEMBER, CHANGED)
    assert entry.changes == (DetailChange(title=title, before=before, after=after),)


def test_turn_without_a_change_of_the_card_tells_none() -> None:
    assert turn_entry(make_period(), make_period(SEPTEMBER)).changes == ()


def test_turn_tells_changes_in_the_order_of_the_card() -> None:
    entry = turn_entry(make_period(), make_period(SEPTEMBER, login="edu900001", name="Гимназия", parent=HEIR))

    assert [change.title for change in entry.changes] == ["краткое название", "логин", "головная школа"]


def test_card_is_shown_in_words_and_without_codes_of_choices() -> None:
    card = shown(make_period(status=SchoolStatus.REORGANISED))

    assert card["состояние"] == "реорганизована"
    assert card["вид"] == SchoolKind.labels[0]
    assert len(card) == 8


# Basis


def test_document_is_the_basis_before_the_file_it_came_with() -> None:
    assert basis_of(make_period(basis=ACT, file_id=7)) == str(ACT)


@pytest.mark.parametrize(("file", "told"), [(7, "загрузка реестра"), (None, "")])
def test_basis_without_a_document_is_the_loading_of_the_registry(file: int | None, told: str) -> None:
    assert basis_of(make_period(file_id=file)) == told


# Reorganisations


@pytest.mark.parametrize("kind", ReorganisationKind)
def test_each_kind_is_told_differently_by_its_two_sides(kind: ReorganisationKind) -> None:
    row = make_succession(kind)

    ended, succeeded = succession_entry(SCHOOL, row, set()), succession_entry(HEIR, row, set())

    assert (ended.title, succeeded.title) == SUCCESSIONS[kind]
    assert (ended.school, succeeded.school) == (HEIR, SCHOOL)
    assert ended.title != succeeded.title


def test_other_side_is_linked_only_for_those_who_see_it() -> None:
    row = make_succession()

    assert succession_entry(SCHOOL, row, {HEIR.pk}).is_linked
    assert not succession_entry(SCHOOL, row, {SCHOOL.pk}).is_linked


def test_reorganisation_tells_its_document_or_nothing() -> None:
    assert succession_entry(SCHOOL, make_succession(basis=ACT), set()).basis == str(ACT)
    assert succession_entry(SCHOOL, make_succession(), set()).basis == ""


# Order


def test_newest_comes_first_and_the_start_of_the_record_last() -> None:
    periods = [make_period(), make_period(SEPTEMBER, name="Лицей"), make_period(OCTOBER, name="Гимназия")]

    assert [entry.day for entry in entries(SCHOOL, periods, [], set())] == [OCTOBER, SEPTEMBER, None]


def test_reorganisation_stands_above_the_change_of_its_day() -> None:
    periods = [make_period(), make_period(SEPTEMBER, status=SchoolStatus.REORGANISED)]
    told = entries(SCHOOL, periods, [make_succession()], set())

    assert [entry.title for entry in told] == ["Присоединена к школе", CHANGED, FIRST]


def test_several_reorganisations_stand_among_the_changes_by_their_days() -> None:
    later = make_succession(ReorganisationKind.SPLIT, predecessor=SCHOOL, successor=BRANCH, date=OCTOBER)
    told = entries(SCHOOL, [make_period(), make_period(SEPTEMBER, name="Лицей")], [make_succession(), later], set())

    assert [(entry.day, entry.school) for entry in told[:2]] == [(OCTOBER, BRANCH), (SEPTEMBER, HEIR)]


def test_school_without_periods_has_its_reorganisations_alone() -> None:
    assert entries(SCHOOL, [], [], set()) == []
    assert [entry.school for entry in entries(HEIR, [], [make_succession()], set())] == [SCHOOL]


# Former names


@pytest.mark.parametrize(
    ("periods", "former"),
    [
        ((), []),
        (("А",), []),
        (("А", "А"), []),
        (("А", "Б"), ["А"]),
        (("А", "Б", "А"), ["Б"]),
        (("А", "Б", "А", "В"), ["А", "Б"]),
    ],
)
def test_former_names_are_told_newest_first_and_once(periods: tuple[str, ...], former: list[str]) -> None:
    assert names(*periods) == former
