"""Documents as values: no database, no Django."""

import pytest

from reports.document import (
    Bar,
    BarChart,
    BulletList,
    Column,
    Heading,
    ListItem,
    Note,
    NumberedList,
    PageBreak,
    Paragraph,
    Table,
    Term,
    numbered,
)
from reports.document.model import Abbreviations, cell_text, plain_text, walk
from tests.factories.documents import make_count, make_document, make_share, make_table

SHNOR = Term("школы с низкими образовательными результатами", "ШНОР")


def test_term_is_spelled_out_once() -> None:
    seen = Abbreviations()

    first = plain_text((SHNOR, "."), seen)
    later = plain_text(("Список ", SHNOR), seen)

    assert first == "школы с низкими образовательными результатами (далее\u00a0– ШНОР)."
    assert later == "Список ШНОР"


def test_plain_text_prints_figures_as_a_sentence_does() -> None:
    text = ("Сдали ", make_count(3, "школа,школы,школ"), ", ", make_share(3, 6, 0), ".")

    assert plain_text(text, Abbreviations()) == "Сдали 3\u00a0школы, 50\u00a0% (3 из 6)."


def test_missing_points_are_left_out_and_the_rest_renumbered() -> None:
    points = numbered(ListItem(("Первый",)), None, ListItem(("Третий",)))

    assert [number for number, _ in points.numbered()] == ["1.", "2."]


def test_nested_points_carry_the_number_of_their_parent() -> None:
    points = numbered(ListItem(("Пункт",)), ListItem(("Ещё",)))

    assert [number for number, _ in points.numbered("2.")] == ["2.1.", "2.2."]


def test_table_refuses_a_row_of_another_length() -> None:
    with pytest.raises(ValueError, match="1 cells in 2 columns"):
        Table("Таблица", (Column("А"), Column("Б")), (("один",),))


def test_table_explains_the_marks_of_its_cells() -> None:
    columns = (Column("Школа"), Column("Доля"))
    table = Table("Т", columns, (("А", make_share(1, 3)), ("Б", make_share(None, 9))), notes=("Своя.",))

    assert [cell_text(row[1], columns[1]) for row in table.rows] == ["33,3\u00a0%*", "—"]
    assert table.all_notes == (
        "Своя.",
        "Прочерк\u00a0– сведения не представлены.",
        "*\u00a0Доля рассчитана меньше чем по 10 случаям.",
    )


def test_table_without_marks_needs_no_explanation() -> None:
    assert make_table().all_notes == ()


def test_cell_under_a_head_with_a_unit_prints_the_number_alone() -> None:
    assert cell_text(make_share(), Column("Исполнено", unit="%")) == "38,5"
    assert cell_text(make_share(), Column("Исполнено")) == "38,5\u00a0%"
    assert Column("Исполнено", unit="%").head == "Исполнено, %"


def test_chart_describes_itself_in_words() -> None:
    chart = BarChart("Исполнено", (Bar("СОШ № 5", make_share()), Bar("СОШ № 7", make_share(None, 3))))

    assert chart.description == "Исполнено. СОШ № 5: 38,5\u00a0%; СОШ № 7: сведения не представлены"


def test_figures_are_located_in_reading_order() -> None:
    inner = numbered(ListItem(("Внутри ", make_count(3))))
    document = make_document(
        Paragraph((make_count(1),)),
        numbered(ListItem(("Пункт ", make_count(2)), (inner, BulletList(((make_count(4),),))))),
        Heading(("Глава",)),
        Note((make_count(5),)),
        PageBreak(),
        make_table(1),
        BarChart("Повтор", (Bar("СОШ", make_share()),)),
    )

    places = [(place, int(figure.rounded or 0)) for place, figure in document.located_figures()]

    assert places[:5] == [("Текст", 1), ("Пункт 1.", 2), ("Пункт 1.1.", 3), ("Пункт 1.", 4), ("Текст", 5)]
    assert places[5][0] == "Исполнение дорожных карт: МБОУ «СОШ № 1», Пунктов"
    assert places[-1][0] == "Исполнение дорожных карт: Итого, Исполнено"
    assert len(document.figures()) == len(places) == 9


def test_tables_inside_points_are_found() -> None:
    table = make_table()
    document = make_document(NumberedList((ListItem(("Таблица",), (table,)),)))

    assert document.tables() == (table,)
    assert len(list(walk(document.blocks))) == 2
