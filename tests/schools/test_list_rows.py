"""Which schools a table names."""

import pytest

from schools.intake.cells import BadCell, Book, Row, Sheet
from schools.intake.refusals import LayoutRefusal
from schools.intake.rows import SchoolRef
from schools.list_rows import ref_of, rows_of_book, rows_of_text, schools_named
from tests.factories.schools import make_school, make_territory


@pytest.mark.parametrize(
    ("cells", "ref"),
    [
        pytest.param(["МБОУ «СОШ № 5»"], SchoolRef(name="МБОУ «СОШ № 5»"), id="name"),
        pytest.param(["1", "СОШ № 5", "7701234567"], SchoolRef(name="СОШ № 5", inn="7701234567"), id="inn"),
        pytest.param(["EDU800001"], SchoolRef(login="edu800001"), id="login"),
        pytest.param(["№ п/п", "Школа", "ИНН"], None, id="head"),
        pytest.param(["", "  "], None, id="empty"),
        pytest.param(["12"], None, id="a number alone"),
    ],
)
def test_row_names_a_school(cells: list[str], ref: SchoolRef | None) -> None:
    assert ref_of(cells) == ref


def test_pasted_lines_are_parted_by_tabs_and_semicolons() -> None:
    assert rows_of_text("а\tб\nв;г") == [["а", "б"], ["в", "г"]]


def test_numbers_of_a_workbook_are_whole_and_hidden_sheets_are_left_aside() -> None:
    hidden = Sheet(name="скрытый", rows=(Row(1, ("тайна",)),), is_hidden=True)
    book = Book(
        sheets=(
            hidden,
            Sheet(name="", rows=(Row(1, (7701234567.0, None, "СОШ")), Row(2, (5, 0.5, BadCell("#Н/Д", "ошибка"))))),
        )
    )

    assert list(rows_of_book(book)) == [(1, ["7701234567", "", "СОШ"]), (2, ["5", "0.5", "#Н/Д"])]


@pytest.mark.parametrize(
    "head", [("Фамилия", "Имя"), ("№", "Школа", "Отчество"), ("Код участника", "Порядковый номер класса")]
)
def test_book_on_persons_is_refused_before_a_row_of_it_is_taken(head: tuple[str, ...]) -> None:
    book = Book(sheets=(Sheet(name="", rows=(Row(1, head), Row(2, ("Иванов", "Пётр", "Ильич")))),))

    with pytest.raises(LayoutRefusal) as refusal:
        next(rows_of_book(book))

    assert "файл не сохранён" in str(refusal.value)
    assert "Иванов" not in str(refusal.value)


@pytest.mark.django_db
def test_schools_are_found_once_and_foreign_ones_are_not() -> None:
    territory = make_territory()
    first = make_school(territory=territory, name="МБОУ «СОШ № 5»")
    second = make_school(territory=territory, name="МБОУ «Лицей»")
    foreign = make_school(name="МБОУ «Чужая»")

    named = schools_named([[first.name], [first.inn], [second.login], [foreign.inn]], territory)

    assert (named.schools, named.unknown) == ((first, second), (3,))
