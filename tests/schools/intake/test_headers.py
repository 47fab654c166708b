"""Tables are found by the words of their header."""

import pytest

from schools.intake.cells import BadCell, CellValue, Merge, Sheet
from schools.intake.headers import Column, has_header, locate, normalised
from schools.intake.refusals import Code, LayoutRefusal
from tests.factories.workbooks import sheet_of

COLUMNS = (
    Column(key="inn", title="ИНН ОО", synonyms=("ИНН",)),
    Column(key="participants", title="Кол-во участников"),
    Column(key="mark2", title="2"),
    Column(key="note", title="Примечание", is_required=False),
)


def refusal(sheet: Sheet) -> LayoutRefusal:
    with pytest.raises(LayoutRefusal) as caught:
        locate(sheet, COLUMNS)
    return caught.value


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        (" Кол-во  участников ", "количество участников"),
        ("Количество участников(всего)", "количество участников (всего)"),
        ("«2»", "2"),
        (2.0, "2"),
        (2, "2"),
        ("Учащихся, всего:", "учащихся, всего"),
        ("Ёлка", "елка"),
        ("Понизили (Отметка<Отметка по журналу) %", "понизили (отметка < отметка по журналу) %"),
        (None, ""),
        (BadCell("#REF!", "ошибка"), ""),
    ],
)
def test_title_is_compared_without_its_dirt(cell: CellValue, title: str) -> None:
    assert normalised(cell) == title


def test_columns_are_found_in_any_order_under_a_stamp() -> None:
    header = locate(sheet_of(("Отдел образования",), (), (2, "лишний", "ИНН", " Количество участников ")), COLUMNS)

    assert header.row == 3
    assert header.positions == {"mark2": 0, "inn": 2, "participants": 3}
    assert header.extra == ("лишний",)


def test_missing_column_is_named_with_the_found_and_the_similar_one() -> None:
    found = refusal(sheet_of(("ИНН ОО", "Количество участнков", 2)))

    assert found.code == Code.COLUMN_MISSING
    assert "нет столбца «Кол-во участников»" in found.what
    assert "похоже «Количество участнков» (столбец B)" in found.what
    assert found.found == "«ИНН ОО», «Количество участнков», «2»"
    assert found.expected == "«ИНН ОО», «Кол-во участников», «2»"


def test_sheet_without_a_header_names_what_is_expected() -> None:
    found = refusal(sheet_of(("Привет",), ("мир", 5)))

    assert found.code == Code.COLUMN_MISSING
    assert found.what.startswith("Лист «Лист1», не найдена строка заголовков")


def test_empty_sheet_is_refused() -> None:
    assert refusal(Sheet("Пусто", ())).found == "пустой лист"


def test_repeated_column_is_refused_with_both_letters() -> None:
    found = refusal(sheet_of(("ИНН", "Кол-во участников", 2, "ИНН ОО")))

    assert found.code == Code.COLUMN_TWICE
    assert "встречается дважды: A и D" in found.text_ru


def test_merged_header_is_refused() -> None:
    plain = sheet_of(("ИНН", "Кол-во участников", 2))

    found = refusal(Sheet(plain.name, plain.rows, merges=(Merge(1, 2, 1, 1),)))

    assert found.code == Code.MERGED_HEADER
    assert "A1:A2" in found.text_ru


def test_header_is_not_looked_for_below_the_twentieth_row() -> None:
    rows: list[tuple[CellValue, ...]] = [("строка",)] * 20

    assert not has_header(sheet_of(*rows, ("ИНН", "Кол-во участников", 2)), COLUMNS)
    assert has_header(sheet_of(*rows[:19], ("ИНН", "Кол-во участников", 2)), COLUMNS)


def test_merged_header_is_told_before_the_columns_that_it_hides() -> None:
    plain = sheet_of(("ИНН", "Кол-во участников", None))

    found = refusal(Sheet(plain.name, plain.rows, merges=(Merge(1, 1, 2, 3),)))

    assert found.code == Code.MERGED_HEADER
    assert "объединённые ячейки в строке заголовков: B1:C1" in found.text_ru


def test_merge_that_leaves_one_title_is_told_too() -> None:
    plain = sheet_of(("ИНН", None, None, "Итог"), ("СОШ № 1", 5))

    assert refusal(Sheet(plain.name, plain.rows, merges=(Merge(1, 1, 1, 3),))).code == Code.MERGED_HEADER


def test_title_of_another_column_is_not_offered_for_a_missing_one() -> None:
    found = refusal(sheet_of(("ИНН", "Кол-во участников", "Кол-во участников дня")))

    assert "похоже" not in found.what


def test_every_missing_column_gets_the_title_that_is_like_it() -> None:
    found = refusal(sheet_of(("ИНН О", "Участник", 2, "Примечание")))

    assert "На «ИНН ОО» похоже «ИНН О» (столбец A)." in found.what


def test_numbers_of_the_data_are_no_header() -> None:
    columns = tuple(Column(key=f"mark{mark}", title=mark) for mark in "2345")

    assert not has_header(sheet_of((2, 3, 4, 5)), columns)
    assert has_header(sheet_of(("ИНН", 2, 3, 4, 5)), (*columns, COLUMNS[0]))
