"""How fulfilled roadmaps are told: sentences, the table, the chart, the late schools. No database."""

from datetime import date

import pytest

from reports.document import MISSING, Figure, Row, SourceKind
from reports.document.model import Abbreviations, Text, plain_text
from reports.facts.parts import SchoolExecution
from reports.texts.execution import (
    COLUMNS,
    execution_chart,
    execution_sentence,
    execution_table,
    overdue_list,
    overdue_text,
    school_source,
    total,
    total_source,
)
from tests.factories.facts import FRAME, make_execution

FIFTH = "МБОУ «СОШ № 5»"
WITHOUT_ROADMAP = {
    "approval": None,
    "counted": None,
    "done": None,
    "on_time": None,
    "judged": None,
    "overdue": None,
}


def plain(text: Text) -> str:
    return plain_text(text, Abbreviations()).replace("\u00a0", " ")


def printed(row: Row | None) -> list[str]:
    assert row is not None
    return [(cell.text if isinstance(cell, Figure) else str(cell)).replace("\u00a0", " ") for cell in row]


@pytest.mark.parametrize(
    ("done", "counted", "words"),
    [
        pytest.param(1, 2, "Исполнено 1 мероприятие из 2 (50,0 %)", id="one"),
        pytest.param(2, 3, "Исполнено 2 мероприятия из 3 (66,7 %)", id="two"),
        pytest.param(0, 20, "Исполнено 0 мероприятий из 20 (0,0 %)", id="none is zero and not missing"),
        pytest.param(11, 11, "Исполнено 11 мероприятий из 11 (100,0 %)", id="eleven of eleven"),
        pytest.param(21, 40, "Исполнено 21 мероприятие из 40 (52,5 %)", id="twenty-one"),
    ],
)
def test_sentence_agrees_with_its_numbers(done: int, counted: int, words: str) -> None:
    school = make_execution(done=done, counted=counted, on_time=done, overdue=0)

    assert plain(execution_sentence([school], FRAME)).startswith(words)


@pytest.mark.parametrize(
    ("overdue", "words"),
    [
        (0, "просрочено – 0 мероприятий."),
        (1, "просрочено – 1 мероприятие."),
        (3, "просрочено – 3 мероприятия."),
        (12, "просрочено – 12 мероприятий."),
    ],
)
def test_sentence_ends_with_what_is_late(overdue: int, words: str) -> None:
    assert plain(execution_sentence([make_execution(overdue=overdue)], FRAME)).endswith(words)


def test_sentence_adds_up_all_schools() -> None:
    schools = [make_execution(), make_execution(FIFTH, counted=10, done=9, on_time=9, overdue=1)]

    assert plain(execution_sentence(schools, FRAME)) == (
        "Исполнено 21 мероприятие из 30 (70,0 %), в том числе в срок – 19; просрочено – 4 мероприятия."
    )


def test_school_without_a_roadmap_adds_nothing_to_the_sums() -> None:
    schools = [make_execution(), make_execution(FIFTH, **WITHOUT_ROADMAP)]

    assert (total(schools, "counted"), total(schools, "done"), total(schools, "overdue")) == (20, 12, 3)


def test_sum_of_nobody_is_zero_and_its_share_is_missing() -> None:
    assert total([], "done") == 0
    assert MISSING in plain(execution_sentence([], FRAME))


def test_table_numbers_the_schools_and_adds_them_up() -> None:
    schools = [make_execution(), make_execution(FIFTH, counted=10, done=9, on_time=9, overdue=1)]
    table = execution_table(schools, FRAME)

    assert [printed(row) for row in table.rows] == [
        ["1", "МБОУ «СОШ № 3»", "20", "12", "10", "3", "60,0 %"],
        ["2", "МБОУ «СОШ № 5»", "10", "9", "9", "1", "90,0 %"],
    ]
    assert printed(table.total) == ["", "Итого", "30", "21", "19", "4", "70,0 %"]
    assert table.columns == COLUMNS


def test_one_school_has_no_total() -> None:
    assert execution_table([make_execution()], FRAME).total is None


def test_school_without_a_roadmap_has_missing_cells_in_the_table() -> None:
    (row,) = execution_table([make_execution(FIFTH, **WITHOUT_ROADMAP)], FRAME).rows

    assert printed(row)[2:] == [MISSING] * 5


def test_formula_stands_under_the_table() -> None:
    (note,) = execution_table([make_execution()], FRAME).notes

    assert "кроме отменённых и признанных неприменимыми" in str(note)


def test_bar_of_each_school_is_its_share() -> None:
    chart = execution_chart([make_execution(), make_execution(FIFTH, counted=0, done=0)], FRAME)

    assert [bar.label.replace("\u00a0", " ") for bar in chart.bars] == ["МБОУ «СОШ № 3»", FIFTH]
    assert chart.bars[0].figure.value == 60
    assert chart.bars[1].figure.value is None


@pytest.mark.parametrize(
    ("overdue", "words"),
    [
        (1, "Исполнить 1 просроченное мероприятие дорожной карты."),
        (2, "Исполнить 2 просроченных мероприятия дорожной карты."),
        (5, "Исполнить 5 просроченных мероприятий дорожной карты."),
        (11, "Исполнить 11 просроченных мероприятий дорожной карты."),
        (21, "Исполнить 21 просроченное мероприятие дорожной карты."),
    ],
)
def test_recommendation_agrees_with_the_number_of_late_measures(overdue: int, words: str) -> None:
    assert plain(overdue_text(make_execution(overdue=overdue), FRAME)) == words


def items(schools: list[SchoolExecution]) -> list[str]:
    found = overdue_list(schools, FRAME)
    return [plain(item) for item in found.items] if found else []


def test_late_schools_are_listed_with_stops_of_a_list() -> None:
    schools = [make_execution(overdue=3), make_execution(FIFTH, overdue=0), make_execution("МКОУ «ООШ № 9»", overdue=1)]

    assert items(schools) == ["МБОУ «СОШ № 3» – 3 мероприятия;", "МКОУ «ООШ № 9» – 1 мероприятие."]


def test_two_schools_alike_end_with_one_full_stop() -> None:
    assert items([make_execution(), make_execution()]) == [
        "МБОУ «СОШ № 3» – 3 мероприятия;",
        "МБОУ «СОШ № 3» – 3 мероприятия.",
    ]


@pytest.mark.parametrize("overdue", [0, None])
def test_nobody_late_makes_no_list(overdue: int | None) -> None:
    assert overdue_list([make_execution(overdue=overdue)], FRAME) is None


def test_figure_of_a_school_leads_to_its_roadmap_and_order() -> None:
    source = school_source(make_execution(), FRAME)

    assert (source.kind, source.url, source.as_of) == (SourceKind.ROADMAP, "/roadmaps/3/", date(2026, 12, 25))
    assert source.label.replace("\u00a0", " ") == (
        "Дорожная карта: МБОУ «СОШ № 3», приказ директора школы от 17.03.2026 № 7-од"
    )


def test_roadmap_without_an_order_is_named_by_its_school() -> None:
    source = school_source(make_execution(approval=None), FRAME)

    assert source.label.replace("\u00a0", " ") == "Дорожная карта: МБОУ «СОШ № 3»"


def test_sum_says_that_it_is_calculated() -> None:
    assert total_source(FRAME).kind is SourceKind.CALCULATION
    assert total_source(FRAME).url == ""
