"""The queue of schools that files name and nobody knew."""

import uuid
from typing import Any

import pytest

from schools.importing.unmatched import (
    QueuedSchool,
    alias_words,
    proposable,
    queue_of,
    ref_of,
    school_by_number,
    with_proposals,
)
from schools.intake.matching import normalised_name, spelling
from schools.intake.rows import SchoolRef
from schools.models import ImportBatch, ImportFile
from tests.factories.imports import AT, ImportGround
from tests.factories.schools import make_school


def entry(name: str = "", rows: int = 1, outcome: str = "unknown", **numbers: str) -> dict[str, Any]:
    return {"name": name, "login": "", "inn": "", "gia_code": "", "outcome": outcome, "rows": rows, **numbers}


def file(name: str, *entries: dict[str, Any], absent: tuple[str, ...] = ()) -> ImportFile:
    return ImportFile(name=name, meta={"unmatched": list(entries), "absent": list(absent)})


def test_school_of_several_files_stands_once_with_all_its_rows() -> None:
    [queued] = queue_of([file("1.xlsx", entry("СОШ № 404", 3)), file("2.xlsx", entry("сош №404", 4))])

    assert (queued.rows, queued.files, queued.ref.name) == (7, ["1.xlsx", "2.xlsx"], "СОШ № 404")


def test_school_with_a_number_is_not_the_one_without() -> None:
    queue = queue_of([file("1.xlsx", entry("СОШ № 404"), entry("СОШ № 404", login="edu999999"))])

    assert {queued.key for queued in queue} == {"login:edu999999", normalised_name("СОШ № 404")}


def test_schools_with_most_rows_stand_first_and_absent_ones_last() -> None:
    absent = spelling(SchoolRef(name="Третья"))

    queue = queue_of([file("1.xlsx", entry("Первая", 1), entry("Вторая", 5), entry("Третья", 9), absent=(absent,))])

    assert [(queued.ref.name, queued.is_absent) for queued in queue] == [
        ("Вторая", False),
        ("Первая", False),
        ("Третья", True),
    ]


def test_school_absent_in_one_file_is_absent_in_all() -> None:
    key = spelling(SchoolRef(name="Первая"))

    [queued] = queue_of([file("1.xlsx", entry("Первая")), file("2.xlsx", entry("Первая"), absent=(key,))])

    assert queued.is_absent


@pytest.mark.parametrize(("outcome", "is_ambiguous"), [("ambiguous", True), ("unknown", False)])
def test_school_that_may_be_several_is_told_apart(outcome: str, is_ambiguous: bool) -> None:
    [queued] = queue_of([file("1.xlsx", entry("Лицей", outcome=outcome))])

    assert queued.is_ambiguous is is_ambiguous


def test_files_that_were_not_checked_wait_for_nobody() -> None:
    assert queue_of([ImportFile(name="1.xlsx"), file("2.xlsx")]) == []


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        (SchoolRef(inn="1000000053", login="edu900005"), "ИНН 1000000053, логин edu900005"),
        (SchoolRef(gia_code="000101"), "код ОО 000101"),
        (SchoolRef(name="СОШ № 1"), ""),
    ],
)
def test_numbers_of_a_queued_school_are_named(ref: SchoolRef, words: str) -> None:
    assert QueuedSchool(ref=ref, is_ambiguous=False).identifiers == words


def test_stored_school_is_read_back_without_what_is_not_there() -> None:
    assert ref_of({"name": "СОШ № 1", "rows": 3}) == SchoolRef(name="СОШ № 1")


@pytest.mark.parametrize(
    ("spelled", "words"),
    [
        ("login:edu900005", "логин edu900005"),
        ("inn:1000000053 login:edu900005", "ИНН 1000000053, логин edu900005"),
        ("сош № 5", "сош № 5"),
        ("время: неизвестно", "время: неизвестно"),
    ],
)
def test_remembered_spelling_is_told_to_a_person(spelled: str, words: str) -> None:
    assert alias_words(spelled) == words


@pytest.mark.parametrize(
    "ref", [SchoolRef(inn="1000000053"), SchoolRef(login="edu900005", gia_code="000101"), SchoolRef(name="Лицей № 4")]
)
def test_spelling_of_any_school_has_words(ref: SchoolRef) -> None:
    told = [value for value in (ref.inn, ref.login, ref.gia_code) if value] or [normalised_name(ref.name)]

    assert all(value in alias_words(spelling(ref)) for value in told)


# Against the registry


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


@pytest.fixture
def batch(ground: ImportGround) -> ImportBatch:
    return ImportBatch.objects.create(territory=ground.territory, created_by=ground.coordinator, created_at=AT)


@pytest.mark.django_db
def test_school_is_found_by_any_of_its_numbers(ground: ImportGround, batch: ImportBatch) -> None:
    numbers = [str(ground.first.pk), ground.first.inn, ground.first.login.upper()]

    assert [school_by_number(number, batch, ground.coordinator) for number in numbers] == [ground.first] * 3


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["", "0", "edu", "1000000053'; --", str(uuid.UUID(int=9))])
def test_number_of_nobody_finds_nobody(number: str, ground: ImportGround, batch: ImportBatch) -> None:
    make_school(territory=ground.territory, login="", inn="", parent=ground.first, name="Филиал")
    found = school_by_number(number, batch, ground.coordinator)

    assert found is None


@pytest.mark.django_db
def test_foreign_school_is_neither_found_nor_proposed(ground: ImportGround, batch: ImportBatch) -> None:
    other = make_school(name="МБОУ «СОШ № 77»")

    assert school_by_number(other.inn, batch, ground.coordinator) is None
    assert other not in proposable(batch, ground.coordinator)


@pytest.mark.django_db
def test_absent_schools_get_no_proposals(ground: ImportGround, batch: ImportBatch) -> None:
    waiting = QueuedSchool(ref=SchoolRef(name="МБОУ СОШ 1"), is_ambiguous=False)
    absent = QueuedSchool(ref=SchoolRef(name="МБОУ СОШ 1"), is_ambiguous=False, is_absent=True)

    with_proposals([waiting, absent], batch, ground.coordinator)

    assert [proposal.school.id for proposal in waiting.proposals][:1] == [ground.first]
    assert absent.proposals == ()
