"""How plain tables turn values of files into states and back, and what they call their rows. No database."""

import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.importing.statistic_table import STATISTICS, statistic_title
from schools.importing.tables import (
    DETAILS,
    TableTarget,
    detail_title,
    moment_of_record,
    repeated,
)
from schools.importing.targets import target_of
from schools.intake.rows import ParsedFile, ProblemCode, Record, SchoolRef
from schools.models import ImportFile, ImportRow

SCHOOL = UUID(int=1)
STATISTIC = {"form": "SA-4", "year": 2025, "item": "teachers", "section": ""}
WORK = {"procedure": "VPR", "year": 2026, "period": "spring", "subject": "MA", "grade": 4, "level": "none"}


def record(**fields: Any) -> Record:
    known: dict[str, Any] = {
        "target": "statistics",
        "sheet": "Данные",
        "row": 6,
        "school": SchoolRef(name="СОШ № 1"),
        "key": STATISTIC,
        "values": {"value": 5},
    }
    return Record(**{**known, **fields})


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("value", 5, "5.00"),
        ("value", "5", "5.00"),
        ("value", Decimal("5.10"), "5.10"),
        ("value", None, None),
        ("year", "2025", 2025),
        ("year", 2025, 2025),
        ("text", "Да", "Да"),
        ("school_id", SCHOOL, str(SCHOOL)),
    ],
)
def test_values_are_kept_as_the_table_would_give_them_back(name: str, value: object, kept: object) -> None:
    assert STATISTICS.as_json(name, value) == kept


@given(st.decimals(min_value=0, max_value=999_999, places=2))
def test_number_of_a_file_and_of_the_table_compare_equal(value: Decimal) -> None:
    assert STATISTICS.as_json("value", str(value)) == STATISTICS.as_json("value", value)
    assert STATISTICS.as_json("value", STATISTICS.as_json("value", value)) == STATISTICS.as_json("value", value)


def test_key_has_its_fields_in_order_whatever_the_file_gave() -> None:
    shuffled = dict(reversed(list({**STATISTIC, "year": "2025"}.items())))

    assert STATISTICS.key_of(shuffled) == ("SA-4", 2025, "teachers", "")


def test_delivered_state_has_the_place_and_no_field_that_the_file_lacks() -> None:
    file = ImportFile(pk=UUID(int=2))

    assert STATISTICS.delivered(record(), file) == {"value": "5.00", "file_id": str(file.pk), "row": 6}


def test_state_is_plain_json() -> None:
    row = {"value": Decimal(5), "whole": None, "text": "", "file_id": UUID(int=2), "row": 6}

    state = STATISTICS.state_of(row)

    assert json.loads(json.dumps(state)) == state
    assert list(state) == ["value", "whole", "text", "file_id", "row"]


def test_values_of_a_row_stand_in_the_order_of_the_columns() -> None:
    key = (SCHOOL, "SA-4", 2025, "teachers", "")

    values = dict(zip(STATISTICS.columns, STATISTICS.row_values(key, {"value": "5.00", "row": 6}), strict=True))

    assert (values["school_id"], values["form"], values["year"]) == (SCHOOL, "SA-4", 2025)
    assert (values["value"], values["whole"], values["row"]) == (Decimal("5.00"), None, 6)


def test_only_records_of_the_table_are_its_rows() -> None:
    parsed = ParsedFile(layout="x", title="x", records=(record(), record(target="details"), record(row=7)))

    assert [row.row for row in STATISTICS.rows_of(parsed)] == [6, 7]


@pytest.mark.parametrize(("code", "may"), [("statistics", False), ("details", False), ("events", True)])
def test_only_some_tables_have_rows_of_no_school(code: str, may: bool) -> None:
    table = target_of(code)

    assert isinstance(table, TableTarget)
    assert table.may_lack_school(record(school=None)) is may
    assert not table.may_lack_school(record())


# Time


@pytest.mark.parametrize(
    ("key", "day"),
    [
        ({"year": 2025}, date(2025, 10, 1)),
        ({"year": 2026, "period": "spring"}, date(2026, 6, 15)),
        ({"year": 2025, "period": "sept"}, date(2025, 10, 1)),
    ],
)
def test_record_speaks_of_the_time_of_its_work_or_of_the_first_of_october(key: dict[str, Any], day: date) -> None:
    moment = moment_of_record(record(key=key))

    assert moment is not None
    assert moment.day == day
    assert moment.first <= day <= moment.last


@pytest.mark.parametrize("key", [{}, {"year": "2025/2026"}, {"year": ""}])
def test_record_without_a_year_knows_no_time(key: dict[str, Any]) -> None:
    assert moment_of_record(record(key=key)) is None


# Words


def test_statistic_is_named_by_its_form_year_item_and_section() -> None:
    title = statistic_title({"form": "SA-2", "year": 2025, "item": "pupils", "section": "noo"})

    assert title.startswith("Контингент на 1 октября 2025 года: ")
    assert title.count(",") >= 1


def test_whole_school_is_no_section_to_name() -> None:
    title = statistic_title({"form": "SA-1", "year": 2025, "item": "pupils", "section": ""})

    assert not title.endswith(", ")


@pytest.mark.parametrize(
    ("item", "section", "end"), [("gone", "", ": gone"), ("gone", "lost", ": gone, lost")], ids=["item", "section"]
)
def test_what_the_catalogue_has_dropped_keeps_its_code(item: str, section: str, end: str) -> None:
    assert statistic_title({"form": "SA-4", "year": 2020, "item": item, "section": section}).endswith(end)


def test_detail_is_named_by_its_kind_and_its_work() -> None:
    assert detail_title({**WORK, "kind": "tasks"}) == "Выполнение заданий: ВПР 2026, Математика, 4 класс"


def test_words_of_a_row_are_those_of_its_table() -> None:
    words = DETAILS.words(ImportRow(key={**WORK, "kind": "outcomes"}))

    assert words.about == "Достижение планируемых результатов: ВПР 2026, Математика, 4 класс"
    assert set(DETAILS.value_fields) <= set(words.titles)


@pytest.mark.parametrize(("school", "found"), [(SchoolRef(name="СОШ № 1"), "СОШ № 1"), (None, "")])
def test_repeated_key_names_the_first_row(school: SchoolRef | None, found: str) -> None:
    problem = repeated(record(school=school), ("Данные", 3))

    assert (problem.code, problem.row, problem.found) == (ProblemCode.REPEATED_ROW, 6, found)
    assert "повтор строки 3:" in problem.text_ru
    assert "повтор строки 3 листа «Другой»:" in repeated(record(school=school), ("Другой", 3)).text_ru
