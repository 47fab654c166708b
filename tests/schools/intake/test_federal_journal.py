"""«Сравнение отметок с отметками по журналу», wide and in blocks."""

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schools.intake.cells import Book, CellValue
from schools.intake.federal_writer import JOURNAL_HEADER
from schools.intake.layouts.federal_journal import affinity, parse
from schools.intake.parse import parse_file
from schools.intake.percents import share_of_count
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import Journal, ParsedFile, ProblemCode
from tests.factories.workbooks import book_of, federal_journal

Cells = tuple[CellValue, ...]
TITLE = "Сравнение отметок с отметками по журналу"
HEAD: list[Cells] = [
    (TITLE,),
    (),
    ("ВПР 2024 Математика 4 класс",),
    ("Предмет:", "Математика"),
    ("Максимальный первичный балл:", 20),
    ("Дата:", "20.04.2024"),
    (),
]
NAME = "МБОУ «СОШ № 3» (edu900003)"
BLOCK_HEADER: Cells = ("Группы участников", "Кол-во участников", "%")


def wide(*rows: Cells, header: Cells = JOURNAL_HEADER) -> ParsedFile:
    return parse(book_of(*HEAD, header, *rows, name="МА 4"))


def blocks(*rows: Cells) -> ParsedFile:
    return parse(book_of(*HEAD, BLOCK_HEADER, *rows, name="МА 4"))


def line(lowered: int, confirmed: int, raised: int, *, total: int | None = None) -> Cells:
    whole = lowered + confirmed + raised
    shares = [float(share_of_count(count, whole)) for count in (lowered, confirmed, raised)]
    cells = [cell for pair in zip(shares, (lowered, confirmed, raised), strict=True) for cell in pair]
    return (NAME, whole if total is None else total, *cells)


triples = st.lists(st.integers(0, 90), min_size=3, max_size=3).filter(any)


@settings(max_examples=50)
@given(triples, st.randoms(use_true_random=False))
def test_any_counts_are_read_in_any_order_of_columns(counts: list[int], order: random.Random) -> None:
    columns = list(range(len(JOURNAL_HEADER)))
    order.shuffle(columns)
    row = line(*counts)

    file = wide(tuple(row[i] for i in columns), header=tuple(JOURNAL_HEADER[i] for i in columns))

    lowered, confirmed, raised = counts
    assert [row.journal for row in file.rows] == [Journal(lowered=lowered, confirmed=confirmed, raised=raised)]


def test_file_written_in_the_federal_layout_is_read_back() -> None:
    file = parse_file(federal_journal({NAME: (10, 25, 3)}, subject="MA", year=2024))

    assert file.layout == "federal_journal"
    assert file.work is not None
    assert (file.work.subject, file.work.year, file.work.grade) == ("MA", 2024, 4)
    assert file.rows[0].journal == Journal(lowered=10, confirmed=25, raised=3)
    assert file.rows[0].counts is None
    assert file.rows[0].school.login == "edu900003"


@pytest.mark.parametrize("word", ["Отметка", "Отметке", "Отметки"])
def test_both_spellings_of_the_header_are_known(word: str) -> None:
    header = tuple(str(title).replace("= Отметке", f"= {word}") for title in JOURNAL_HEADER)

    assert len(wide(line(1, 2, 3), header=header).rows) == 1


def test_territories_are_reference_values() -> None:
    file = wide(("Вся выборка", *line(372, 607, 21)[1:]), ("Округ (reg99_m001)", *line(3, 6, 1)[1:]), line(1, 2, 3))

    assert len(file.rows) == 1
    assert [(row.sample, row.participants) for row in file.benchmarks] == [
        ("Вся выборка", 1000),
        ("Округ (reg99_m001)", 10),
    ]
    assert file.benchmarks[0].percents == {
        "lowered": Decimal("37.20"),
        "confirmed": Decimal("60.70"),
        "raised": Decimal("2.10"),
    }
    assert not file.problems


def test_bad_number_of_a_territory_is_a_warning_and_stops_no_school() -> None:
    file = wide(("Вся выборка", *line(372, 607, 21, total=7)[1:]), line(1, 2, 3))

    assert (len(file.rows), file.benchmarks, file.errors) == (1, (), ())
    assert [(problem.code, problem.cell) for problem in file.problems] == [(ProblemCode.SUM_OF_JOURNAL, "B9")]


def test_territory_where_nobody_wrote_is_a_warning() -> None:
    file = wide(("Вся выборка", *line(0, 0, 0)[1:]), line(1, 2, 3))

    assert (file.benchmarks, file.errors) == ((), ())
    assert [problem.code for problem in file.problems] == [ProblemCode.NO_PARTICIPANTS]


def test_sum_that_is_not_the_total_names_both() -> None:
    file = wide(line(1, 2, 3, total=7))

    [problem] = file.problems
    assert problem.code == ProblemCode.SUM_OF_JOURNAL
    assert "вместе 6, всего участников 7" in problem.text_ru
    assert not file.rows


def test_school_without_participants_is_left_out_with_a_word() -> None:
    file = wide((NAME, 0, 0, 0, 0, 0, 0, 0))

    assert [problem.code for problem in file.problems] == [ProblemCode.NO_PARTICIPANTS]
    assert not file.errors


def test_bad_cell_is_a_problem_with_the_full_title_of_its_column() -> None:
    bad = (*line(1, 2, 3)[:3], "один", *line(1, 2, 3)[4:])

    [problem] = wide(bad).problems

    assert problem.column == "Понизили (Отметка < Отметка по журналу) Кол-во участников"
    assert problem.found == "один"


def test_older_form_gives_a_block_to_a_school() -> None:
    file = blocks(
        ("Вся выборка", None, None),
        ("Понизили (Отметка < Отметка по журналу) %", 372, 37.2),
        ("Подтвердили (Отметка = Отметка по журналу) %", 607, 60.7),
        ("Повысили (Отметка > Отметка по журналу) %", 21, 2.1),
        ("Всего", 1000, 100),
        (NAME, None, None),
        ("Понизили (Отметка < Отметка по журналу) %", 10, 26.32),
        ("Подтвердили (Отметка = Отметка по журналу) %", 25, 65.79),
        ("Повысили (Отметка > Отметка по журналу) %", 3, 7.89),
        ("Всего", 38, 100),
    )

    assert [row.journal for row in file.rows] == [Journal(lowered=10, confirmed=25, raised=3)]
    assert file.rows[0].row == 14


def test_older_form_with_shares_alone_gives_counts_of_the_total() -> None:
    file = blocks(
        (NAME, None, None),
        ("Понизили", None, 26.32),
        ("Подтвердили", None, 65.79),
        ("Повысили", None, 7.89),
        ("Всего", 38, 100),
    )

    assert [row.journal for row in file.rows] == [Journal(lowered=10, confirmed=25, raised=3)]


def test_older_form_without_a_line_is_a_problem() -> None:
    file = blocks((NAME, None, None), ("Понизили", 10, 26.32), ("Всего", 38, 100))

    assert [problem.code for problem in file.problems] == [ProblemCode.EMPTY]


def test_older_form_with_a_bad_cell_is_a_problem() -> None:
    file = blocks((NAME, None, None), ("Понизили", "много", 26.32), ("Всего", 38, 100))

    assert [problem.code for problem in file.problems] == [ProblemCode.NOT_A_NUMBER]
    assert not file.rows


def test_file_without_schools_is_refused() -> None:
    with pytest.raises(LayoutRefusal) as caught:
        wide(("Вся выборка", *line(1, 2, 3)[1:]))

    assert caught.value.code == Code.NO_ROWS


def test_unknown_header_is_refused() -> None:
    with pytest.raises(LayoutRefusal) as caught:
        wide(line(1, 2, 3), header=("Группы участников", "Кол-во участников(всего)", "a", "b"))

    assert "Понизили" in caught.value.expected


def test_layout_is_known_by_its_header_when_the_title_is_gone() -> None:
    rows: list[Cells] = [(), *HEAD[1:]]

    assert affinity(book_of(*rows, JOURNAL_HEADER)) == 1
    assert affinity(Book(())) == 0
