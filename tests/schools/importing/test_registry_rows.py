"""Rows of the registry: what they fill, what they must fit, which region they are of. No database."""

from datetime import date
from typing import Any

import pytest

from schools.choices import TerritoryLevel
from schools.importing.registry import RegistryTarget, region_above, school_of
from schools.importing.registry_fit import Reason, RegistryFit, region_for
from schools.importing.registry_states import delivered_school
from schools.intake.rows import ProblemCode, SchoolRow, TerritoryRef
from schools.models import ImportRow, School, Territory

INN, OTHER = "1000000053", "1000000061"
REGION = Territory(level=TerritoryLevel.REGION, code="reg99", name="Область")
DISTRICT = Territory(level=TerritoryLevel.MUNICIPALITY, code="reg99_m001", name="Округ", parent=REGION)
FOREIGN = Territory(level=TerritoryLevel.MUNICIPALITY, code="reg98_m001", name="Район")


def row(**fields: Any) -> SchoolRow:
    known: dict[str, Any] = {
        "sheet": "Реестр",
        "row": 2,
        "inn": INN,
        "name": "СОШ № 1",
        "kind": "СОШ",
        "locality": "город",
        "territory": TerritoryRef(code="reg99_m001", name="Округ"),
    }
    return SchoolRow(**{**known, **fields})


def of(code: str, name: str = "Округ") -> SchoolRow:
    return row(territory=TerritoryRef(code=code, name=name))


def fit(territory: Territory = DISTRICT, **fields: Any) -> RegistryFit:
    known: dict[str, Any] = {
        "territory": territory,
        "known": {one.code: one for one in (DISTRICT, FOREIGN)},
        "logins": {},
        "names": {},
        "ended": frozenset(),
        "starts": {},
        "today": date(2026, 11, 2),
    }
    return RegistryFit(**{**known, **fields})


def refusal(one: RegistryFit, given: SchoolRow, current: dict[str, Any] | None = None) -> Reason | None:
    """Return why the only row of a file is not taken."""
    [found] = one.refusals([given], {given.inn: current} if current else {})
    return found


def refused(found: Reason | None) -> tuple[ProblemCode, str]:
    assert found is not None
    return found[0], found[1]


# What a row fills


def test_empty_cells_leave_the_card_as_it_is() -> None:
    assert delivered_school(row()) == {
        "territory": "reg99_m001",
        "name": "СОШ № 1",
        "kind": "СОШ",
        "locality": "город",
    }


def test_school_without_pupils_says_so() -> None:
    assert delivered_school(row(students=0))["students"] == 0


def test_card_takes_the_delivered_fields_and_keeps_the_others() -> None:
    school = School(name="Старая", kind="ООШ", login="edu900001", students=100)

    school_of(school, {"territory": "reg99_m001", "name": "НОВАЯ «Школа»"}, {"reg99_m001": DISTRICT})

    assert (school.territory, school.name, school.name_folded) == (DISTRICT, "НОВАЯ «Школа»", "новая «школа»")
    assert (school.kind, school.login, school.students) == ("ООШ", "edu900001", 100)


# What a row must fit


def test_row_of_the_own_territory_fits() -> None:
    assert refusal(fit(), row(login="edu900001")) is None


@pytest.mark.parametrize("code", ["reg98_m001", "reg99_m002"])
def test_municipality_adds_schools_to_itself_alone(code: str) -> None:
    assert refused(refusal(fit(), of(code))) == (
        ProblemCode.FOREIGN_TERRITORY,
        "школа вне вашей территории (Округ).",
    )


@pytest.mark.parametrize(
    ("code", "is_taken"),
    [("reg99_m001", True), ("reg99_m002", True), ("свой-код", True), ("reg98_m001", False), ("reg98_m002", False)],
)
def test_region_adds_municipalities_of_its_own(code: str, is_taken: bool) -> None:
    assert (refusal(fit(REGION), of(code)) is None) is is_taken


def test_school_of_another_municipality_is_not_taken_over() -> None:
    assert refused(refusal(fit(), row(), {"territory": "reg98_m001"}))[0] == ProblemCode.FOREIGN_TERRITORY


def test_login_of_another_school_is_refused() -> None:
    found = refusal(fit(logins={"edu900001": OTHER}), row(login="edu900001"))

    assert refused(found) == (ProblemCode.REPEATED_ROW, "логин edu900001 уже записан за другой школой.")


def test_login_is_remembered_for_the_rows_below() -> None:
    rows = [row(login="edu900001"), row(inn=OTHER, name="Иная", login="edu900001")]

    first, second = fit().refusals(rows, {})

    assert first is None
    assert refused(second)[0] == ProblemCode.REPEATED_ROW


def test_own_login_and_name_again_are_no_repetition() -> None:
    one = fit(logins={"edu900001": INN}, names={("reg99_m001", "СОШ № 1"): INN})

    assert refusal(one, row(login="edu900001"), {"territory": "reg99_m001"}) is None


def test_name_of_another_school_of_the_municipality_is_refused() -> None:
    found = refusal(fit(names={("reg99_m001", "СОШ № 1"): OTHER}), row())

    assert "уже есть, у неё другой ИНН" in refused(found)[1]


def test_closed_school_keeps_a_name_that_another_one_bears_since() -> None:
    one = fit(names={("reg99_m001", "СОШ № 1"): OTHER}, logins={"edu900001": OTHER}, ended=frozenset({INN}))

    assert refusal(one, row(login="edu900001")) is None


# Since when


@pytest.mark.parametrize(("day", "is_taken"), [("2026-11-02", True), ("2026-11-03", False), ("2020-09-01", True)])
def test_day_that_has_not_come_is_refused(day: str, is_taken: bool) -> None:
    found = refusal(fit(), row(valid_from=day))

    assert (found is None) is is_taken
    if found:
        assert refused(found) == (ProblemCode.OUT_OF_RANGE, "дата 03.11.2026 ещё не наступила.")


@pytest.mark.parametrize(
    ("day", "name", "is_taken"),
    [
        ("2025-08-31", "СШ № 1", False),
        ("2025-09-01", "СШ № 1", True),
        ("2025-08-31", "СОШ № 1", True),
    ],
    ids=["before the last change", "on its day", "nothing new"],
)
def test_change_before_the_last_known_one_is_refused(day: str, name: str, is_taken: bool) -> None:
    current = delivered_school(row()) | {"login": "", "gia_code": ""}
    one = fit(starts={INN: date(2025, 9, 1)})

    found = refusal(one, row(valid_from=day, name=name), current)

    assert (found is None) is is_taken
    if found:
        assert "с 01.09.2025 уже записано другое изменение" in found[1]
        assert found[2] == "Укажите дату не раньше 01.09.2025."


# Regions


@pytest.mark.parametrize(
    ("code", "region"),
    [("reg24_m031", "reg24"), ("REG24_M031", "reg24"), ("свой-код", ""), ("", "")],
)
def test_region_is_told_by_the_code_of_its_municipality(code: str, region: str) -> None:
    assert region_for(of(code))[0] == region


def test_region_above_a_municipality_is_its_parent() -> None:
    assert [region_above(one) for one in (REGION, DISTRICT, FOREIGN)] == [REGION, REGION, FOREIGN]


@pytest.mark.parametrize(
    ("key", "about"),
    [
        ({"inn": INN}, f"ИНН {INN}"),
        ({"inn": INN, "valid_from": ""}, f"ИНН {INN}"),
        ({"inn": INN, "valid_from": "2026-09-01"}, f"ИНН {INN}, с 01.09.2026"),
    ],
)
def test_row_is_named_by_its_school_and_the_day_it_holds_from(key: dict[str, str], about: str) -> None:
    assert RegistryTarget().words(ImportRow(key=key)).about == about
