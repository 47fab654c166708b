"""The wording of R8: no database."""

from reports.document import Figure, Note, Table
from reports.document.writers.xlsx import text_lines
from reports.facts.cautions import caution
from reports.facts.parts import CautionCode
from reports.facts.r8 import R8Facts
from reports.texts.r8 import document
from tests.factories.facts import make_listed_school, make_r8


def lines(facts: R8Facts) -> list[str]:
    return [line.text.replace("\u00a0", " ") for line in text_lines(document(facts))]


def cells(table: Table) -> list[list[str]]:
    printed = [[cell.text if isinstance(cell, Figure) else cell for cell in row] for row in table.rows]
    return [[cell.replace("\u00a0", " ") for cell in row] for row in printed]


def test_annex_names_its_order() -> None:
    made = document(make_r8())

    assert [line.replace("\u00a0", " ") for line in made.annex_to] == [
        "Приложение",
        "к приказу управления образования",
        "от 20.11.2026 № 412",
    ]
    assert (made.number, made.organisation) == ("412", ())


def test_draft_says_so_and_has_no_number() -> None:
    cautions = (caution(CautionCode.LIST_NOT_PUBLISHED),)
    made = document(make_r8(basis=None, cautions=cautions))

    assert isinstance(made.blocks[0], Note)
    assert (made.number, made.annex_to) == ("", ())


def test_summary_counts_the_schools() -> None:
    assert (
        "К школам с низкими образовательными результатами (далее – ШНОР) относится 1 из 20 школ "
        "Светлоборского муниципального округа (5,0 %). Правило: Федеральный подход, версия 1."
    ) in lines(make_r8())


def test_school_has_its_conditions_and_procedures() -> None:
    table = document(make_r8()).tables()[0]

    assert cells(table) == [["1", "МБОУ «СОШ № 5»", "7700000017", "1, 2", "2", "процедуры ВПР-РУ-5, ВПР-МА-6"]]


def test_grounds_are_numbers_with_their_share() -> None:
    table = document(make_r8()).tables()[1]

    assert cells(table)[0] == ["МБОУ «СОШ № 5»", "ВПР-РУ-5", "2026", "1", "40", "12", "30,00 %"]
    assert [(row[1], row[2], row[3]) for row in table.rows] == [
        ("ВПР-РУ-5", "2026", "1"),
        ("ВПР-МА-6", "2025", "2"),
        ("ВПР-МА-6", "2026", "1, 2"),
    ]


def test_school_put_in_by_a_decision_says_so() -> None:
    school = make_listed_school(grounds=(), is_manual=True, remarks=("Ходатайство школы.",))
    (table,) = document(make_r8(schools=(school,))).tables()

    assert cells(table)[0][3:] == ["–", "0", "включена решением; Ходатайство школы"]


def test_empty_list_is_said_in_words() -> None:
    made = lines(make_r8(schools=(), rule=""))

    assert "Школ с низкими образовательными результатами не выявлено." in made
