"""Numbers as people write them in cells."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from schools.intake.cells import BadCell, CellValue
from schools.intake.rows import ProblemCode
from schools.intake.values import (
    ValueRefused,
    count_of,
    date_of,
    day_of,
    decimal_of,
    percent_of,
    required_count,
    score_of,
    shown,
    text_of,
    word_of,
)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (5, "5"),
        (5.06, "5.06"),
        ("5,06", "5.06"),
        ("45,5 %", "45.5"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234", "1234"),
        ("\u22125", "-5"),
        ("007", "7"),
    ],
)
def test_number_is_read_exactly(cell: CellValue, number: str) -> None:
    assert decimal_of(cell) == Decimal(number)


def test_empty_cell_is_no_number_and_not_zero() -> None:
    assert decimal_of(None) is None
    assert count_of(None) is None
    assert percent_of(None) is None


@pytest.mark.parametrize(
    "cell",
    ["много", "н/д", "—", "４５", "٤٥", "1E2", "1_000", "1,2,3", "12 34", "", True, date(2026, 1, 1)],
)
def test_what_is_no_number_is_refused(cell: CellValue) -> None:
    with pytest.raises(ValueRefused) as caught:
        decimal_of(cell)

    assert caught.value.code == ProblemCode.NOT_A_NUMBER


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (12.5, ProblemCode.NOT_WHOLE),
        ("12,5", ProblemCode.NOT_WHOLE),
        (-5, ProblemCode.OUT_OF_RANGE),
        (99_999_999_999, ProblemCode.OUT_OF_RANGE),
        (BadCell("#DIV/0!", "ошибка формулы #DIV/0!"), ProblemCode.BAD_CELL),
    ],
)
def test_count_is_a_whole_number_in_reason(cell: CellValue, code: ProblemCode) -> None:
    with pytest.raises(ValueRefused) as caught:
        count_of(cell)

    assert caught.value.code == code


@pytest.mark.parametrize("cell", ["10,0", 10.0, "10"])
def test_whole_number_with_an_empty_fraction_is_a_count(cell: CellValue) -> None:
    assert count_of(cell) == 10


def test_required_count_refuses_an_empty_cell() -> None:
    with pytest.raises(ValueRefused) as caught:
        required_count(None)

    assert caught.value.found == "пустая ячейка"


@pytest.mark.parametrize(
    ("cell", "advice"),
    [
        ("н/д", "Эта ячейка обязательна: впишите число."),
        ("1E2", "Запишите число обычными цифрами, без степени и подчёркиваний."),
    ],
)
def test_nobody_is_told_to_leave_an_obligatory_cell_empty(cell: CellValue, advice: str) -> None:
    with pytest.raises(ValueRefused) as caught:
        required_count(cell)

    assert (caught.value.code, caught.value.advice) == (ProblemCode.NOT_A_NUMBER, advice)


@pytest.mark.parametrize("cell", [-0.01, 100.01, "101 %"])
def test_percent_lies_between_0_and_100(cell: CellValue) -> None:
    with pytest.raises(ValueRefused) as caught:
        percent_of(cell)

    assert caught.value.expected == "число от 0 до 100"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (123.0, "123"),
        (123, "123"),
        (" 0123 ", "0123"),
        (None, ""),
        (True, ""),
        (date(2026, 4, 20), "20.04.2026"),
        (BadCell("#REF!", "ошибка формулы #REF!"), ""),
    ],
)
def test_text_of_a_cell_is_what_the_person_typed(cell: CellValue, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("cell", "seen"),
    [(None, "пустая ячейка"), (True, "ИСТИНА"), (False, "ЛОЖЬ"), (5.5, "5,5"), (date(2026, 4, 20), "20.04.2026")],
)
def test_found_value_is_shown_as_in_the_file(cell: CellValue, seen: str) -> None:
    assert shown(cell) == seen


def test_word_is_found_whatever_its_case_and_blanks() -> None:
    assert word_of(" ВПР ", {"впр": "VPR"}, "процедура") == "VPR"
    assert word_of(None, {"впр": "VPR"}, "процедура") == ""


def test_unknown_word_is_refused_with_the_expected_ones() -> None:
    with pytest.raises(ValueRefused) as caught:
        word_of("ВКР", {"впр": "VPR"}, "процедура: ВПР")

    assert (caught.value.found, caught.value.expected) == ("ВКР", "процедура: ВПР")


def test_word_in_a_bad_cell_is_refused() -> None:
    with pytest.raises(ValueRefused) as caught:
        word_of(BadCell("#N/A", "ошибка формулы #N/A"), {}, "процедура")

    assert caught.value.code == ProblemCode.BAD_CELL


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("20.04.2026", date(2026, 4, 20)),
        (datetime(2026, 4, 20, 10), date(2026, 4, 20)),
        (date(2026, 4, 20), date(2026, 4, 20)),
        ("31.02.2026", None),
        ("сентябрь 2025", None),
        (45536, None),
    ],
)
def test_date_is_read_or_absent(cell: CellValue, day: date | None) -> None:
    assert date_of(cell) == day


@pytest.mark.parametrize(
    ("cell", "expected"), [(-3, "целое число от 0"), (10_000_001, "число не больше 10\u00a0000\u00a0000")]
)
def test_count_out_of_range_is_refused_with_the_bound_that_it_breaks(cell: int, expected: str) -> None:
    with pytest.raises(ValueRefused) as caught:
        count_of(cell)

    assert caught.value.expected == expected


@pytest.mark.parametrize(
    ("cell", "advice"),
    [
        ("—", "Если значения нет, оставьте ячейку пустой."),
        ("４５", "В ячейке недопустимые цифры: наберите число цифрами 0–9."),
        ("٤٥", "В ячейке недопустимые цифры: наберите число цифрами 0–9."),
        ("1E2", "Запишите число обычными цифрами, без степени и подчёркиваний."),
        ("1_000", "Запишите число обычными цифрами, без степени и подчёркиваний."),
        (date(2026, 2, 1), "В ячейке дата: выберите для неё числовой формат и наберите число."),
        (BadCell("#REF!", "ошибка формулы #REF!"), "Исправьте ячейку или впишите значение."),
    ],
)
def test_refusal_of_a_number_says_what_to_do(cell: CellValue, advice: str) -> None:
    with pytest.raises(ValueRefused) as caught:
        decimal_of(cell)

    assert caught.value.advice == advice


def test_refusal_reads_as_a_sentence() -> None:
    with pytest.raises(ValueRefused) as number:
        count_of("много")
    with pytest.raises(ValueRefused) as formula:
        count_of(BadCell("#DIV/0!", "ошибка формулы #DIV/0!"))

    assert number.value.what == "ожидается целое число, получено «много»."
    assert formula.value.what == "ошибка формулы #DIV/0!. Ожидается целое число."


@pytest.mark.parametrize(("cell", "score"), [("12,5", "12.5"), (1000, "1000"), (0, "0")])
def test_score_is_a_number_that_fits_its_column(cell: CellValue, score: str) -> None:
    assert score_of(cell) == Decimal(score)
    assert score_of(None) is None


@pytest.mark.parametrize(("cell", "expected"), [(-1, "число от 0"), ("9" * 60, "число не больше 1\u00a0000")])
def test_score_beyond_its_column_is_refused(cell: CellValue, expected: str) -> None:
    with pytest.raises(ValueRefused) as caught:
        score_of(cell)

    assert caught.value.expected == expected


YEAR = {"first": date(2025, 9, 1), "last": date(2026, 5, 31)}


@pytest.mark.parametrize("cell", ["01.09.2025", "1.9.2025", date(2025, 9, 1), datetime(2025, 9, 1, 10)])
def test_day_of_a_table_is_read(cell: CellValue) -> None:
    assert day_of(cell, **YEAR) == date(2025, 9, 1)
    assert day_of(None, **YEAR) is None


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("сентябрь 2025", "ожидается дата ДД.ММ.ГГГГ, получено «сентябрь 2025». Запишите день, месяц и год числами"),
        ("31.02.2025", "ожидается дата ДД.ММ.ГГГГ, получено «31.02.2025»"),
        ("29.02.2025", "ожидается дата ДД.ММ.ГГГГ"),
        ("01/09/2025", "ожидается дата ДД.ММ.ГГГГ"),
        ("1.9.25", "ожидается дата ДД.ММ.ГГГГ"),
        ("٠١.٠٩.٢٠٢٥", "ожидается дата ДД.ММ.ГГГГ"),
        (True, "ожидается дата ДД.ММ.ГГГГ"),
        (45536, "Ячейка не в формате даты (похоже на 01.09.2024): выберите для неё формат «Дата»."),
        ("01.06.2026", "ожидается дата от 01.09.2025 до 31.05.2026, получено «01.06.2026». Исправьте дату."),
        (BadCell("#REF!", "ошибка формулы #REF!"), "ошибка формулы #REF!. Ожидается дата ДД.ММ.ГГГГ."),
    ],
)
def test_what_is_no_day_of_the_table_is_refused(cell: CellValue, words: str) -> None:
    with pytest.raises(ValueRefused) as caught:
        day_of(cell, **YEAR)

    assert words in f"{caught.value.what} {caught.value.advice}"
