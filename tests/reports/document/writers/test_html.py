import re
from typing import Any

from bs4 import BeautifulSoup

from reports.document import (
    Align,
    Approval,
    Bar,
    BarChart,
    BulletList,
    Column,
    Heading,
    ListItem,
    Note,
    PageBreak,
    Paragraph,
    Table,
    Tone,
    numbered,
)
from reports.document.writers.html import page_html, print_html
from tests.factories.documents import make_count, make_document, make_share, make_table


def soup_of(markup: str) -> Any:
    return BeautifulSoup(markup, "html.parser")


def test_each_number_opens_its_source() -> None:
    page = soup_of(page_html(make_document(Paragraph(("Исполнено ", make_share(), ".")))))

    button = page.select_one("button.fig")
    panel = page.find(id=button["popovertarget"])

    assert button.text == "38,5\u00a0%"
    assert panel.has_attr("popover")
    assert panel.a["href"] == "/roadmaps/1/"
    assert "5 из 13" in panel.text
    assert "24.11.2026" in panel.text


def test_equal_numbers_share_one_panel() -> None:
    page = soup_of(page_html(make_document(Paragraph((make_share(), " и ", make_share())))))

    assert len(page.select("button.fig")) == 2
    assert len(page.select("[popover]")) == 1


def test_paper_has_no_buttons() -> None:
    markup = print_html(make_document(Paragraph((make_share(),))))

    assert "<button" not in markup
    assert "38,5\u00a0%" in markup


def test_page_obeys_the_strict_policy() -> None:
    chart = BarChart("Доля", (Bar("А", make_share()),))
    markup = page_html(make_document(chart, make_table()))

    assert not re.search(r"\sstyle=|<script|<style|\son\w+=", markup)


def test_text_of_people_is_escaped() -> None:
    markup = page_html(make_document(Paragraph(("<b>x</b>",)), organisation=("<i>",)))

    assert "&lt;b&gt;x&lt;/b&gt;" in markup
    assert "<i>" not in markup


def test_every_block_is_written() -> None:
    document = make_document(
        Heading(("Выводы",)),
        numbered(ListItem(("Общее",), (numbered(ListItem(("Частное",))), BulletList((("раз",),))))),
        Note(("Внимание",), Tone.WARNING),
        PageBreak(),
        approval=Approval(("УТВЕРЖДЁН", "приказом")),
        attachments=("Приложение: на 3 л. в 1 экз.",),
        number="15",
        executor="Исполнитель",
    )

    page = soup_of(print_html(document))

    assert page.h1.text == "Информация об исполнении плана мероприятий за 2026 год"
    assert [node.text for node in page.select(".doc-n")] == ["1.", "1.1."]
    assert page.select_one(".doc-date").text == "24\u00a0ноября 2026\u00a0года №\u00a015"
    for css in ("approval", "org", "place", "attachments", "signature", "executor", "warning", "break"):
        assert page.select_one(f".doc-{css}") is not None, css


def test_annex_names_its_order_instead_of_a_date() -> None:
    page = soup_of(print_html(make_document(annex_to=("Приложение № 1", "к приказу"), number="15")))

    assert page.select_one(".doc-annex").get_text(" ") == "Приложение № 1 к приказу"
    assert page.select_one(".doc-date") is None


def test_grouped_table_names_each_group_once() -> None:
    columns = (Column("Школа"), Column("Процедура"), Column("Работ", align=Align.RIGHT))
    rows = (("А", "ВПР", make_count(3)), ("А", "ОГЭ", make_count(4)), ("Б", "ВПР", make_count(5)))
    table = soup_of(print_html(make_document(Table("Т", columns, rows, is_grouped=True)))).table

    assert [row.get_text("|") for row in table.select("tbody tr")] == ["А", "ВПР|3", "ОГЭ|4", "Б", "ВПР|5"]
    assert [cell["colspan"] for cell in table.select("th[scope=rowgroup]")] == ["2", "2"]
    assert [cell.text for cell in table.select("th[scope=col]")] == ["Процедура", "Работ"]


def test_dash_never_begins_a_line() -> None:
    page = print_html(make_document(Paragraph(("Исполнено – всё.",))))

    assert "Исполнено\u00a0– всё." in page


def test_document_without_a_signature_has_no_place_for_one() -> None:
    assert "doc-signature" not in page_html(make_document(signature=None, place=""))


def test_headings_of_the_page_stand_below_its_title() -> None:
    page = soup_of(page_html(make_document(Heading(("Выводы",)))))

    assert page.h1 is None
    assert page.h2["class"] == ["doc-title"]
    assert page.h3.text == "Выводы"


def test_table_names_its_rows_and_columns() -> None:
    table = soup_of(print_html(make_document(make_table(2)))).table

    assert [cell.text for cell in table.select("th[scope=col]")] == ["№", "Школа", "Пунктов", "Исполнено, %"]
    assert [cell.text for cell in table.select("th[scope=row]")] == ["МБОУ «СОШ № 1»", "МБОУ «СОШ № 2»", "Итого"]
    assert "doc-total" in table.select("tr")[-1]["class"]


def test_long_table_is_cut_on_paper_and_says_where_the_rest_is() -> None:
    document = make_document(make_table(12))

    paper = soup_of(print_html(document, max_rows=10))

    assert len(paper.select("tbody tr")) == 11  # with the total
    assert "Показано строк: 10 из 12" in paper.text
    assert "XLSX" in paper.text


def test_missing_number_is_said_in_words() -> None:
    assert "сведения не представлены" in page_html(make_document(Paragraph((make_count(None),))))


def test_remark_stands_on_top() -> None:
    assert print_html(make_document(), note="Без разметки").startswith('<p class="doc-note">Без разметки</p>')
