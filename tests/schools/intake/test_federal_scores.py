"""«Распределение первичных баллов»: shares of scores back to an exact histogram."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schools.intake.cells import CellValue
from schools.intake.layouts.federal_scores import affinity, parse
from schools.intake.parse import parse_file
from schools.intake.percents import mean_of_counts, share_of_count
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ParsedFile, ProblemCode
from tests.factories.federal import FIRST, HISTOGRAM, SECOND, scores_file
from tests.factories.workbooks import book_of, remarks

Cells = tuple[CellValue, ...]
HEAD: list[Cells] = [
    ("Распределение первичных баллов",),
    (),
    ("ВПР 2026 Русский язык 4 класс",),
    ("Предмет:", "Русский язык"),
    ("Максимальный первичный балл:", 6),
    ("Дата:", "20.04.2026"),
    (),
]
HEADER: Cells = ("Группы участников", "Кол-во ОО", "Кол-во участников", *range(7))


def line(counts: tuple[int, ...], name: str = FIRST) -> Cells:
    return (name, None, sum(counts), *(float(share_of_count(count, sum(counts))) for count in counts))


def parsed(*rows: Cells, header: Cells = HEADER, head: list[Cells] | None = None) -> ParsedFile:
    return parse(book_of(*(head or HEAD), header, *rows, name="РУ 4"))


def refusal(*rows: Cells, header: Cells = HEADER) -> LayoutRefusal:
    with pytest.raises(LayoutRefusal) as caught:
        parsed(*rows, header=header)
    return caught.value


@settings(max_examples=60)
@given(st.lists(st.integers(0, 30), min_size=7, max_size=7).filter(any).filter(lambda counts: sum(counts) <= 200))
def test_any_histogram_survives_the_export(counts: list[int]) -> None:
    [row] = parsed(line(tuple(counts))).rows

    assert row.counts is not None
    assert row.counts.score_hist == tuple(counts)
    assert row.counts.mean_primary == mean_of_counts(counts)


def test_file_written_in_the_federal_layout_is_read_back() -> None:
    file = parse_file(scores_file({FIRST: HISTOGRAM, SECOND: (0, 0, 0, 0, 0, 0, 3)}))

    assert file.layout == "federal_scores"
    assert file.title == "Распределение первичных баллов: ВПР 2026 Русский язык 4 класс"
    assert [row.school.login for row in file.rows] == ["edu900001", "edu900002"]
    assert [row.counts.score_hist for row in file.rows if row.counts] == [HISTOGRAM, (0, 0, 0, 0, 0, 0, 3)]
    assert not remarks(file)


def test_histogram_says_its_maximum_its_mean_and_no_marks() -> None:
    counts = parsed(line(HISTOGRAM)).rows[0].counts

    assert counts is not None
    assert (counts.participants, counts.max_primary, len(counts.score_hist)) == (16, 6, 7)
    assert (counts.mean_primary, counts.marks) == (Decimal("3.56"), None)
    assert counts.score_percents[4] == Decimal("31.25")
    assert counts.is_derived


def test_country_is_a_reference_value_by_score() -> None:
    file = parsed(line((100,) * 7, "Вся выборка"), line(HISTOGRAM))

    assert [(row.sample, row.participants) for row in file.benchmarks] == [("Вся выборка", 700)]
    assert file.benchmarks[0].percents["score:0"] == Decimal("14.29")
    assert len(file.rows) == 1


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ((*HEADER[:6], *HEADER[7:]), "нет столбцов 3"),
        ((*HEADER, 7), "лишние столбцы 7"),
        (HEADER[:4], "нет столбцов 1, 2, 3, 4, 5 и ещё 1"),
    ],
)
def test_columns_must_be_those_of_the_maximum_score(header: Cells, words: str) -> None:
    found = refusal(line(HISTOGRAM), header=header)

    assert found.code == Code.COLUMN_MISSING
    assert words in found.text_ru
    assert "столбцы от 0 до 6" in found.text_ru


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ((FIRST, None, 16, 6.25, 0, 12.5, 25, 31.25, 18.75, 16.25), ProblemCode.SUM_OF_PERCENTS),
        ((FIRST, None, 16, 6.25, 0, 12.5, 25, 31.25, 19.25, 5.75), ProblemCode.PERCENT_NOT_OF_COUNT),
        ((FIRST, None, "шестнадцать", 6.25, 0, 12.5, 25, 31.25, 18.75, 6.25), ProblemCode.NOT_A_NUMBER),
    ],
)
def test_row_that_does_not_fit_is_a_problem_with_its_place(row: Cells, code: ProblemCode) -> None:
    file = parsed(line((1,) * 7, SECOND), row)

    assert [row.school.login for row in file.rows] == ["edu900002"]
    assert [(problem.code, problem.row) for problem in remarks(file)] == [(code, 10)]


def test_school_nobody_wrote_in_is_left_out_with_a_word() -> None:
    file = parsed((FIRST, None, 0, *(0,) * 7), line(HISTOGRAM, SECOND))

    assert [problem.code for problem in remarks(file)] == [ProblemCode.NO_PARTICIPANTS]
    assert len(file.rows) == 1


def test_forty_rounded_shares_may_miss_a_hundred_by_more_than_four() -> None:
    counts = (1,) * 39  # 39 times 2.56 makes 99.84
    head = [*HEAD[:4], ("Максимальный первичный балл:", 38), *HEAD[5:]]

    file = parsed(line(counts), header=(*HEADER[:3], *range(39)), head=head)

    assert not remarks(file)
    assert file.rows[0].counts is not None


def test_layout_is_known_by_its_header_when_the_title_is_gone() -> None:
    assert affinity(book_of((), *HEAD[1:], HEADER, line(HISTOGRAM))) == 1


def test_file_of_a_region_without_schools_is_refused() -> None:
    assert refusal(line((100,) * 7, "Вся выборка")).code == Code.NO_ROWS
