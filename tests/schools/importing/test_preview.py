"""A planned row in words: what is shown of values, of changes and of where they came from. No database."""

from typing import Any

import pytest

from schools.choices import RowOutcome
from schools.importing.preview import FieldChange, field_changes, row_preview, shown, sources_of
from schools.models import ImportFile, ImportRow, School, Territory

WORK = {"procedure": "VPR", "year": 2026, "period": "spring", "subject": "RU", "grade": 5, "level": "none"}
TITLES = {"participants": "участников", "mark2": "«2»", "mark3": "«3»"}


def row(outcome: RowOutcome = RowOutcome.CHANGED, **fields: Any) -> ImportRow:
    known: dict[str, Any] = {"file": ImportFile(name="Ф3.xlsx"), "target": "results", "number": 7, "key": WORK}
    return ImportRow(**{**known, "outcome": outcome, **fields})


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (0, "0"),
        ("", ""),
        ("текст", "текст"),
        ("2026-04-20", "20.04.2026"),
        ("2026-04-20 и далее", "2026-04-20 и далее"),
        (12.5, "12,5"),
        ([2, 5, 1], "2; 5; 1"),
        ([], ""),
        ({"1": 45.5, "2": 30}, "1: 45,5; 2: 30"),
        ({"low": 3}, "ниже базового: 3"),
        ({"1": {"low": 3, "high": None}}, "1: ниже базового: 3; high: "),
        ([{"low": 1}, {"low": 2}], "ниже базового: 1; ниже базового: 2"),
    ],
)
def test_value_is_shown_as_a_person_reads_it(value: object, words: str) -> None:
    assert shown(value, {"low": "ниже базового"}) == words


def test_new_row_shows_every_value_that_it_delivers() -> None:
    new = row(RowOutcome.NEW, before=None, after={"participants": 20, "mark2": 0})

    assert field_changes(new, TITLES) == (
        FieldChange(title="участников", before="", after="20"),
        FieldChange(title="«2»", before="", after="0"),
    )


def test_changed_row_shows_what_differs_alone() -> None:
    changed = row(before={"participants": 20, "mark2": 1}, after={"participants": 20, "mark2": 2})

    assert field_changes(changed, TITLES) == (FieldChange(title="«2»", before="1", after="2"),)


def test_value_that_came_where_none_was_has_nothing_before() -> None:
    changed = row(before={"participants": 20, "mark2": None}, after={"participants": 21, "mark2": 2})

    assert [change.before for change in field_changes(changed, TITLES)] == ["20", ""]


def test_field_without_a_title_is_bookkeeping() -> None:
    assert field_changes(row(RowOutcome.NEW, after={"marks_row": 7}), TITLES) == ()


def test_changes_stand_in_the_order_of_the_titles() -> None:
    new = row(RowOutcome.NEW, after={"mark3": 1, "mark2": 2, "participants": 3})

    assert [change.title for change in field_changes(new, TITLES)] == ["участников", "«2»", "«3»"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"marks_file_id": "a"}, {"marks_file_id": "b"}, ["a"]),
        ({"marks_file_id": "a", "journal_file_id": "c"}, {"journal_file_id": "b"}, ["c"]),
        ({"marks_file_id": None}, {"marks_file_id": "b"}, []),
        (None, {"marks_file_id": "b"}, []),
        ({"file_id": "a"}, None, []),
    ],
)
def test_sources_are_those_whose_values_are_replaced(before: Any, after: Any, expected: list[str]) -> None:
    assert sources_of(row(before=before, after=after)) == expected


def test_row_says_its_place_its_school_and_its_work() -> None:
    school = School(name="СОШ № 5", territory=Territory(name="Энский округ"))
    preview = row_preview(row(RowOutcome.NEW, school=school, label="edu900005", after={}))

    assert (preview.place, preview.school, preview.municipality) == ("Ф3.xlsx, строка 7", "СОШ № 5", "Энский округ")
    assert preview.work == "ВПР 2026, Русский язык, 5 класс"
    assert (preview.outcome, preview.outcome_title) == ("new", "новая")


def test_row_about_no_known_school_keeps_the_label_of_the_file() -> None:
    assert row_preview(row(RowOutcome.NEW, label="edu900005", after={})).school == "edu900005"


def test_municipality_of_the_registry_is_called_by_its_name() -> None:
    """A municipality that the portal knows by its own name, one that applying will make by that of the file."""
    key = {"inn": "1000000053", "territory_name": "Новый округ", "valid_from": ""}
    moved = row(target="registry", key=key, before={"territory": "reg99_m001"}, after={"territory": "reg99_m002"})

    preview = row_preview(moved, places={"reg99_m001": "Старый округ"})

    assert preview.municipality == "Новый округ"
    assert preview.changes == (FieldChange(title="муниципалитет", before="Старый округ", after="Новый округ"),)


def test_source_of_the_old_values_is_named_once() -> None:
    sources = {"marks_file_id": "a", "journal_file_id": "a"}
    changed = row(before=sources, after={"marks_file_id": "b", "journal_file_id": "b"})

    assert row_preview(changed, {"a": "«Ф3.xlsx», 20.05.2026"}).stood == "«Ф3.xlsx», 20.05.2026"


def test_source_is_not_told_of_a_row_that_changes_nothing() -> None:
    same = row(RowOutcome.SAME, before={"marks_file_id": "a"}, after={"marks_file_id": "b"})

    assert row_preview(same, {"a": "«Ф3.xlsx»"}).stood == ""
