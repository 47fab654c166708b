"""Words, keys and single cells of the form SA-3. No database, no workbook."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskprofiles.answers import OWN_FACTOR_CODE, Answer, Field, Value
from riskprofiles.scoring import RiskLevel
from riskprofiles.workbook import FormKey, FormRow, changes
from riskprofiles.workbook.form import (
    ANSWER_COLUMNS,
    COLUMNS,
    FIRST_ANSWER,
    LEVEL_WORDS,
    SCHOOL_LEVELS,
    WIDTHS,
    meta_of,
    stored_value,
    words_of,
)
from riskprofiles.workbook.reader import ReadRow, fault_of, text_of, value_of
from schools.intake.cells import BadCell, CellValue

KEY = FormKey(inn="1234567894", school="МБОУ «СОШ № 5»", year=2027, catalogue="500-2021", school_id="5f0c")
ANSWER = Answer(
    factor="a",
    title="Дефицит кадров",
    relevant=True,
    level=RiskLevel.MEDIUM,
    evidence="Отчёт",
    measures="Курсы",
    dispute="",
)


def read(row: int = 4, code: str = "R02", title: str = "Дефицит кадров", **values: Value) -> ReadRow:
    return ReadRow(row=row, code=code, title=title, values={Field(name): value for name, value in values.items()})


# Words


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (Field.RELEVANT, True, "да"),
        (Field.RELEVANT, False, "нет"),
        (Field.RELEVANT, None, ""),
        (Field.LEVEL, "high", "высокая"),
        (Field.LEVEL, RiskLevel.LOW, "низкая"),
        (Field.LEVEL, None, ""),
        (Field.MEASURES, "Курсы", "Курсы"),
        (Field.MEASURES, "", ""),
    ],
)
def test_answer_is_read_as_people_read_it(column: Field, value: Value, words: str) -> None:
    assert words_of(column, value) == words


@pytest.mark.parametrize("level", list(SCHOOL_LEVELS.values()))
def test_level_comes_back_from_its_word(level: RiskLevel) -> None:
    assert value_of(Field.LEVEL, words_of(Field.LEVEL, str(level))) == str(level)


@pytest.mark.parametrize("value", [True, False])
def test_relevance_comes_back_from_its_word(value: bool) -> None:
    assert value_of(Field.RELEVANT, words_of(Field.RELEVANT, value).upper()) is value


def test_every_level_has_a_word_and_a_school_chooses_from_those_that_show_a_risk() -> None:
    assert set(LEVEL_WORDS) == set(RiskLevel)
    assert RiskLevel.NONE not in SCHOOL_LEVELS.values()
    assert len(SCHOOL_LEVELS) == len(RiskLevel) - 1


def test_columns_of_answers_stand_last_and_each_has_a_width() -> None:
    assert len(COLUMNS) == len(WIDTHS) == FIRST_ANSWER + len(ANSWER_COLUMNS)
    assert set(ANSWER_COLUMNS) == set(Field)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (Field.RELEVANT, True),
        (Field.LEVEL, "medium"),
        (Field.EVIDENCE, "Отчёт"),
        (Field.MEASURES, "Курсы"),
        (Field.DISPUTE, ""),
    ],
)
def test_stored_answer_is_told_by_column(column: Field, value: Value) -> None:
    assert stored_value(ANSWER, column) == value


def test_level_that_was_not_chosen_is_none() -> None:
    assert stored_value(replace(ANSWER, level=None), Field.LEVEL) is None


# Keys


@pytest.mark.parametrize(
    "other",
    [{"inn": "1000000053"}, {"year": 2028}, {"catalogue": "500-2020"}, {"version": "2"}, {"form": "SA-9"}],
    ids=lambda other: next(iter(other)),
)
def test_checksum_tells_forms_apart(other: dict[str, object]) -> None:
    assert replace(KEY, **other).checksum != KEY.checksum  # type: ignore[arg-type]  # one field of its own type


def test_renamed_school_keeps_its_form() -> None:
    assert replace(KEY, school="МБОУ «СШ № 5»").checksum == KEY.checksum


def test_hidden_sheet_says_whose_the_form_is() -> None:
    assert meta_of(KEY) == {
        "form": "SA-3",
        "version": "1",
        "inn": "1234567894",
        "year": "2027",
        "catalogue": "500-2021",
        "checksum": KEY.checksum,
        "school": KEY.school_id,
    }


# Cells


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (7.0, "7"),
        (7.5, "7.5"),
        (7, "7"),
        ("  да ", "да"),
        (BadCell("#REF!", "ошибка формулы"), ""),
    ],
)
def test_cell_is_text_and_whole_numbers_have_no_point(cell: CellValue, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        (Field.RELEVANT, "да", ""),
        (Field.RELEVANT, "НЕТ", ""),
        (Field.RELEVANT, "", ""),
        (Field.RELEVANT, "не знаю", "Выберите «да» или «нет»."),
        (Field.RELEVANT, 1.0, "Выберите «да» или «нет»."),
        (Field.LEVEL, "Высокая", ""),
        (Field.LEVEL, "не выявлен", "Выберите значимость: высокая, средняя или низкая."),
        (Field.LEVEL, "3", "Выберите значимость: высокая, средняя или низкая."),
        (Field.MEASURES, "что угодно", ""),
        (Field.MEASURES, BadCell("x", "ячейка длиннее 2000 знаков"), "Ячейка длиннее 2000 знаков. Исправьте ячейку"),
    ],
)
def test_cell_that_does_not_fit_says_what_to_do(column: Field, cell: CellValue, words: str) -> None:
    fault = fault_of(column, cell)

    assert fault.startswith(words)
    assert bool(fault) is bool(words)


@given(st.text(max_size=20))
def test_any_text_is_either_a_known_word_or_a_fault(text: str) -> None:
    if text_of(text) and not fault_of(Field.LEVEL, text):
        assert value_of(Field.LEVEL, text) in {str(level) for level in RiskLevel}


# Changes


def test_same_answers_change_nothing() -> None:
    row = read(school_relevant=True, school_level="medium", school_measures="Курсы")

    assert list(changes([row], [FormRow(code="R02", answer=ANSWER)])) == []


def test_change_has_the_old_and_the_new_answer_in_words() -> None:
    [change] = changes([read(school_level="high")], [FormRow(code="R02", answer=ANSWER)])

    assert (change.field_title, change.old_words, change.new_words) == (
        "Значимость по оценке школы",
        "средняя",
        "высокая",
    )
    assert (change.factor, change.row) == ("a", 4)


def test_factor_is_known_by_its_code_whatever_its_title() -> None:
    [change] = changes([read(title="Нехватка кадров", school_measures="Набор")], [FormRow(code="R02", answer=ANSWER)])

    assert (change.factor, change.title) == ("a", "Дефицит кадров")


def test_own_risks_share_a_code_and_are_known_by_their_titles() -> None:
    own = [
        FormRow(code=OWN_FACTOR_CODE, answer=Answer(factor=title, title=title, measures=title))
        for title in ("Удалённость", "Ремонт")
    ]

    [change] = changes([read(code=OWN_FACTOR_CODE, title="РЕМОНТ", school_measures="График")], own)

    assert (change.factor, change.old, change.new) == ("Ремонт", "Ремонт", "График")


def test_new_own_risk_has_no_factor_yet() -> None:
    [change] = changes([read(code=OWN_FACTOR_CODE, title="Половодье", school_relevant=True)], [])

    assert (change.factor, change.title, change.old_words, change.new_words) == ("", "Половодье", "", "да")


def test_changes_follow_the_rows_of_the_file() -> None:
    rows = [read(row=row, code=OWN_FACTOR_CODE, title=f"Риск {row}", school_relevant=True) for row in (4, 9, 12)]

    found = [change.row for change in changes(rows, [])]

    assert all(before < after for before, after in pairwise(found))
