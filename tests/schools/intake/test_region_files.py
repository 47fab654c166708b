"""Flat files of a region: marks, scores and signs of biased results, with the dirt they come with."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schools.intake.layouts import region_bias, region_marks, region_scores
from schools.intake.limits import DEFAULT_LIMITS
from schools.intake.parse import parse_file, read_book
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ParsedFile, ProblemCode, SchoolRef, Severity
from schools.intake.territory_names import folded_territory
from tests.factories.region_files import KEYS, bias_table, known, marks_rows, marks_table, scores_table, shares
from tests.factories.workbooks import book_of, remarks, workbook

FIRST = ("edu900001", "МБОУ «СОШ № 1»")
SECOND = ("edu900002", "МБОУ «СОШ № 2»")
NO_SIGNS = (0, 0, 0, 0)


def marks(*rows: tuple[Any, ...]) -> ParsedFile:
    return region_marks.parse(book_of((*KEYS, 2, 3, 4, 5), *rows))


def bias(*rows: tuple[Any, ...]) -> ParsedFile:
    return region_bias.parse(
        book_of(("Год", "Муниципалитет", "Логин", "ОО", "4 РУ", "5 МА", "Количество маркеров"), *rows)
    )


def codes(file: ParsedFile) -> list[ProblemCode]:
    return [problem.code for problem in remarks(file)]


# Marks


@settings(max_examples=60)
@given(st.lists(st.integers(0, 50), min_size=4, max_size=4).filter(any))
def test_any_counts_survive_the_table_of_shares(counts: list[int]) -> None:
    file = region_marks.parse(book_of(*marks_rows({FIRST: counts})))

    assert [row.counts.marks for row in file.rows if row.counts] == [tuple(counts)]


def test_marks_are_read_through_blanks_in_titles_and_values() -> None:
    file = parse_file(marks_table({FIRST: (1, 2, 30, 5), SECOND: (0, 0, 1, 1)}))

    assert (file.layout, file.year, file.subject, file.grade) == ("region_marks", 2026, "RU", 4)
    assert file.rows[0].school == SchoolRef(name="МБОУ «СОШ № 1»", login="edu900001", place="г. Светлоборск")
    assert file.rows[0].work.procedure == "VPR"
    assert [row.counts.marks for row in file.rows if row.counts] == [(1, 2, 30, 5), (0, 0, 1, 1)]
    assert not remarks(file)


def test_delivered_shares_stand_beside_the_counts() -> None:
    counts = marks((*known(*FIRST), 38, 2.6, 5.3, 78.9, 13.2)).rows[0].counts

    assert counts is not None
    assert counts.percents == tuple(Decimal(share) for share in ("2.6", "5.3", "78.9", "13.2"))
    assert counts.marks == (1, 2, 30, 5)


def test_sum_over_a_hundred_is_a_warning_and_far_over_it_an_error() -> None:
    file = marks((*known(*FIRST), 3, 33.39, 33.39, 33.39, 0), (*known(*SECOND), 3, 33.33, 33.33, 33.33, 2))

    assert [(problem.row, problem.severity) for problem in remarks(file)] == [
        (2, Severity.WARNING),
        (3, Severity.ERROR),
    ]
    assert codes(file) == [ProblemCode.SUM_OF_PERCENTS] * 2
    assert len(file.rows) == 1


def test_share_a_little_over_a_hundred_is_everybody() -> None:
    counts = marks((*known(*FIRST), 5, 0, 0, 100.01, 0)).rows[0].counts

    assert counts is not None
    assert counts.marks == (0, 0, 5, 0)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ((*known(*FIRST), 5, 0, 0, 101, 0), ProblemCode.OUT_OF_RANGE),
        ((*known(*FIRST, grade=14), 1, 0, 0, 100, 0), ProblemCode.OUT_OF_RANGE),
        ((*known(*FIRST, year=2014), 1, 0, 0, 100, 0), ProblemCode.OUT_OF_RANGE),
        ((*known(*FIRST, subject="Алхимия"), 1, 0, 0, 100, 0), ProblemCode.UNKNOWN_VALUE),
        ((*known("логин", FIRST[1]), 1, 0, 0, 100, 0), ProblemCode.BAD_IDENTIFIER),
        ((2026, 4, "Русский язык", "округ", None, None, 1, 0, 0, 100, 0), ProblemCode.EMPTY),
    ],
)
def test_row_that_does_not_fit_is_a_problem_with_its_place(row: tuple[Any, ...], code: ProblemCode) -> None:
    file = marks((*known(*SECOND), 1, 0, 0, 100, 0), row)

    assert [(problem.code, problem.row) for problem in remarks(file)] == [(code, 3)]
    assert len(file.rows) == 1


def test_several_logins_in_one_cell_leave_the_school_to_its_name() -> None:
    file = marks((*known("edu900001; EDU900077", FIRST[1]), 1, 0, 0, 100, 0))

    [warning] = remarks(file)
    assert (warning.code, warning.severity) == (ProblemCode.SEVERAL_LOGINS, Severity.WARNING)
    assert "edu900001, edu900077" in warning.text_ru
    assert file.rows[0].school == SchoolRef(name=FIRST[1], place="г. Светлоборск")


def test_one_school_under_two_logins_is_told_once_however_its_town_is_spelled() -> None:
    file = marks(
        (*known("edu900001", FIRST[1], municipality="город Светлоборск"), 1, 0, 0, 100, 0),
        (*known("edu900077", FIRST[1], municipality="г. Светлоборск"), 1, 0, 0, 100, 0),
        (*known("edu900078", FIRST[1], municipality="г. Ключи"), 1, 0, 0, 100, 0),
    )

    [warning] = remarks(file)
    assert (warning.code, warning.row) == (ProblemCode.SEVERAL_LOGINS, 0)
    assert "под несколькими логинами: edu900001, edu900077" in warning.text_ru
    assert len(file.rows) == 3


@pytest.mark.parametrize(
    ("year", "programme", "period", "words"),
    [
        (2020, 5, "autumn", "написаны осенью по программе предыдущего класса"),
        (2022, 6, "spring", "записаны как весенние"),
        (2023, 6, "spring", ""),
    ],
)
def test_years_written_on_another_programme_are_told(year: int, programme: int, period: str, words: str) -> None:
    file = marks((*known(*FIRST, year=year, grade=6), 1, 0, 0, 100, 0))

    row = file.rows[0]
    assert (row.work.grade, row.work.period, row.grade_actual) == (programme, period, 6)
    assert words in " ".join(problem.text_ru for problem in remarks(file))
    assert bool(remarks(file)) == bool(words)


def test_table_without_rows_is_refused() -> None:
    with pytest.raises(LayoutRefusal) as caught:
        marks()

    assert caught.value.code == Code.NO_ROWS


# Scores


def test_scores_of_works_with_different_maxima_are_read_from_one_table() -> None:
    short, long = (1, 0, 2, 3), (0, 1, 0, 0, 0, 0, 0, 0, 0, 2)
    mathematics = {"subject": "Математика"}

    file = parse_file(scores_table([(*FIRST, short, {}), (*SECOND, (0, 0, 1, 0), {}), (*FIRST, long, mathematics)]))

    assert file.layout == "region_scores"
    counts = [row.counts for row in file.rows if row.counts]
    assert [each.score_hist for each in counts] == [short, (0, 0, 1, 0), long]
    assert [each.max_primary for each in counts] == [3, 3, 9]
    assert counts[0].mean_primary == Decimal("2.17")
    assert not remarks(file)


def test_scores_with_a_hole_in_the_header_are_refused() -> None:
    head: tuple[Any, ...] = (*KEYS, *(score for score in range(8) if score != 6))

    with pytest.raises(LayoutRefusal) as caught:
        region_scores.parse(book_of(head, (*known(*FIRST), 1, 100, *(0,) * 6)))

    assert "нет столбцов 6" in caught.value.text_ru


def test_bad_share_of_a_score_is_a_problem() -> None:
    file = region_scores.parse(book_of((*KEYS, *range(6)), (*known(*FIRST), 3, 33.33, "н/д", 33.33, 33.34, 0, 0)))

    assert codes(file) == [ProblemCode.NOT_A_NUMBER]
    assert not file.rows


def test_scores_are_told_from_marks_by_their_first_columns() -> None:
    book = read_book(scores_table([(*FIRST, (1, 1, 1, 1, 1, 1), {})]), DEFAULT_LIMITS)

    assert (region_scores.affinity(book), region_marks.affinity(book)) == (1.0, 0.0)


# Signs of biased results


def test_signs_stand_beside_their_works_and_zeros_take_them_away() -> None:
    file = parse_file(bias_table([(*FIRST, (1, 0, "да", ""), 2)]))

    assert file.layout == "region_bias"
    assert {(row.work.grade, row.work.subject): row.markers for row in file.rows} == {
        (4, "RU"): ("4РУ",),
        (4, "MA"): (),
        (5, "RU"): ("5РУ",),
        (5, "MA"): (),
    }
    assert all(row.counts is None and row.journal is None for row in file.rows)
    assert not file.problems


def test_number_of_signs_must_be_that_of_the_cells() -> None:
    file = parse_file(bias_table([(*FIRST, (1, 0, 0, 0), 2), (*SECOND, NO_SIGNS, 0)]))

    [problem] = file.problems
    assert (problem.code, problem.row, problem.found, problem.expected) == (ProblemCode.SUM_OF_MARKERS, 2, "2", "1")
    assert {row.school.login for row in file.rows} == {"edu900002"}


def test_empty_number_of_signs_is_not_checked() -> None:
    assert not parse_file(bias_table([(*FIRST, (1, 1, 1, 1), None)])).problems


def test_unknown_sign_is_a_problem() -> None:
    [problem] = bias((2026, "округ", *FIRST, "может быть", 0, 0)).problems

    assert (problem.code, problem.expected) == (ProblemCode.UNKNOWN_VALUE, "1 или 0")


def test_table_without_a_column_of_signs_is_refused() -> None:
    with pytest.raises(LayoutRefusal) as caught:
        region_bias.parse(book_of(("Год", "Муниципалитет", "Логин", "ОО", "9 ЪЪ", "Количество маркеров"), (2026,)))

    assert caught.value.code == Code.COLUMN_MISSING
    assert "«4 РУ»" in caught.value.text_ru


def test_table_of_signs_without_rows_is_refused() -> None:
    with pytest.raises(LayoutRefusal) as caught:
        bias()

    assert caught.value.code == Code.NO_ROWS


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("город Энск", "г. Энск"),
        ("Город  Энск ", "г.Энск"),
        ("городской округ Энск", "г.о. Энск"),
        ("Ключевский муниципальный округ", "Ключевский м.о."),
        ("Ёлкинский район", "елкинский  район"),
    ],
)
def test_spellings_of_one_municipality_are_one(first: str, second: str) -> None:
    assert folded_territory(first) == folded_territory(second)


def test_different_municipalities_stay_different() -> None:
    assert folded_territory("г. Энск") != folded_territory("Энский район")


def test_flat_table_of_a_region_is_no_template_of_the_portal() -> None:
    rows = [(*KEYS, "Процедура", 2, 3, 4, 5), (*known(*FIRST), 4, "ВПР", *shares((1, 1, 1, 1)))]

    assert region_marks.affinity(book_of(*rows)) == 0
    assert parse_file(workbook(rows)).layout == "portal_results"
