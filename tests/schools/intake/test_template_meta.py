"""The hidden sheet of templates: what it says, what it refuses, where the right template is. No database."""

from collections.abc import Mapping

import pytest
from openpyxl import Workbook

from schools.intake.cells import Book, Row, Sheet
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.template_meta import META_SHEET, TemplateMeta, form_of, is_year, read_meta, write_meta

META = TemplateMeta(form="SA-1", version=2, inn="0000100037", period="2026")


def book_with(lines: Mapping[str, object]) -> Book:
    rows = tuple(Row(number, (name, value)) for number, (name, value) in enumerate(lines.items(), start=1))  # type: ignore[arg-type]  # values of cells
    return Book((Sheet("Данные", ()), Sheet(META_SHEET, rows, is_hidden=True)))


def test_what_is_written_is_read_back() -> None:
    book = Workbook()
    write_meta(book, META)
    lines = {str(row[0].value): row[1].value or "" for row in book[META_SHEET].iter_rows()}

    assert read_meta(book_with(dict(lines)), "SA-1", 2) == META
    assert book[META_SHEET].sheet_state == "hidden"
    assert book[META_SHEET].protection.sheet


@pytest.mark.parametrize("version", ["2", 2, 2.0])
def test_version_may_come_back_as_a_number(version: object) -> None:
    assert read_meta(book_with({**META.lines(), "version": version}), "SA-1", 2) == META


@pytest.mark.parametrize("name", ["form", "version", "inn", "territory", "period", "checksum"])
def test_any_changed_line_is_noticed(name: str) -> None:
    with pytest.raises(LayoutRefusal) as refused:
        read_meta(book_with({**META.lines(), name: "1"}), "SA-1", 2)

    assert refused.value.code == Code.DAMAGED_TEMPLATE
    assert "Скачайте шаблон заново" in refused.value.text_ru


def test_other_version_is_refused_with_the_path_of_the_right_one() -> None:
    with pytest.raises(LayoutRefusal) as refused:
        read_meta(book_with(META.lines()), "SA-1", 3)

    assert refused.value.code == Code.OLD_TEMPLATE
    assert refused.value.text_ru == (
        "Шаблон «SA-1 «Контекст школы»» другой версии. Найдено: версия 2. Ожидается: версия 3. "
        "Скачайте действующий шаблон и перенесите в него данные: "
        "/imports/templates/SA-1/?inn=0000100037&period=2026."
    )


def test_sheet_of_another_form_is_damaged() -> None:
    with pytest.raises(LayoutRefusal):
        read_meta(book_with(META.lines()), "SA-2", 2)


@pytest.mark.parametrize("lines", [{}, {"автор": "школа"}])
def test_book_without_a_sheet_of_ours_says_nothing(lines: dict[str, object]) -> None:
    assert read_meta(book_with(lines), "SA-1", 2) is None
    assert form_of(book_with(lines)) == ""


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"form": "results"}, "/imports/templates/results/"),
        (
            {"form": "events", "territory": "reg99_m001", "period": "2025/2026"},
            "/imports/templates/events/?territory=reg99_m001&period=2025%2F2026",
        ),
    ],
)
def test_path_asks_for_the_very_template(asked: dict[str, str], path: str) -> None:
    assert TemplateMeta(version=1, **asked).path == path


@pytest.mark.parametrize(("text", "answer"), [("2026", True), ("1999", False), ("2026/2027", False), ("", False)])
def test_year_is_told_from_other_texts(text: str, answer: bool) -> None:
    assert is_year(text) is answer
