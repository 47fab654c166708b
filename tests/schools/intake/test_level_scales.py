"""Works reported by levels: scales of the configuration, and their columns in the portal's template."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.choices import Procedure
from schools.importing.result_fields import DATA_FIELDS
from schools.intake.layouts import portal_results
from schools.intake.layouts.level_columns import LEVEL_COLUMNS
from schools.intake.level_scales import LevelScale, all_levels, level_scales, scale_with
from schools.intake.parse import parse_file
from schools.intake.rows import Counts, ParsedFile, Problem, ProblemCode, Severity
from tests.factories.workbooks import book_of, workbook

KDR4, FG5 = level_scales()
HEAD = ("ИНН ОО", "Процедура", "Год", "Предмет", "Класс", "Участников", "Ниже минимума")
TITLES = tuple(column.title for column in LEVEL_COLUMNS)


def parsed(levels: dict[str, Any], *, participants: int = 10, below: Any = None, procedure: str = "КДР") -> ParsedFile:
    """Return a template with one row; levels: code -> cell."""
    cells = [levels.get(column.key.removeprefix("level:")) for column in LEVEL_COLUMNS]
    row = ("0000100037", procedure, 2026, "Читательская грамотность", 6, participants, below, *cells)
    return portal_results.parse(book_of((*HEAD, *TITLES), row, name="Результаты"))


def counts(file: ParsedFile) -> Counts:
    [row] = file.rows
    assert row.counts is not None
    return row.counts


def only(file: ParsedFile) -> Problem:
    [problem] = file.problems
    return problem


def filled(scale: LevelScale, *numbers: int) -> dict[str, int]:
    return dict(zip((level.code for level in scale.levels), numbers, strict=True))


def test_scales_are_those_of_the_domain_with_their_low_levels() -> None:
    assert [level.title for level in KDR4.levels] == ["Недостаточный", "Пониженный", "Базовый", "Повышенный"]
    assert [level.title for level in FG5.levels] == ["Недостаточный", "Низкий", "Средний", "Повышенный", "Высокий"]
    assert (KDR4.low_titles, FG5.low_titles) == ("недостаточный", "недостаточный, низкий")


@pytest.mark.parametrize("scale", level_scales(), ids=lambda scale: scale.code)
def test_scale_fits_the_table_of_results(scale: LevelScale) -> None:
    assert len(scale.code) <= 12
    assert set(scale.procedures) <= set(Procedure.values)
    assert scale.source
    assert scale_with(scale.codes) is scale


def test_codes_of_levels_are_no_fields_of_a_result() -> None:
    assert not all_levels().keys() & set(DATA_FIELDS)


def test_two_scales_never_have_the_same_levels() -> None:
    assert len({scale.codes for scale in level_scales()}) == len(level_scales())


def test_same_code_has_the_same_title_in_every_scale() -> None:
    titles = {(level.code, level.title) for scale in level_scales() for level in scale.levels}

    assert len(titles) == len(all_levels())


@given(st.lists(st.integers(0, 200), min_size=4, max_size=4).filter(any))
def test_levels_of_a_row_make_its_scale_and_its_low_count(numbers: list[int]) -> None:
    found = counts(parsed(filled(KDR4, *numbers), participants=sum(numbers)))

    assert (found.level_scale, found.level_counts) == ("KDR4", filled(KDR4, *numbers))
    assert found.below_min == numbers[0]


def test_low_levels_of_functional_literacy_are_two() -> None:
    found = counts(parsed(filled(FG5, 1, 2, 3, 4, 0), procedure="ФГ"))

    assert (found.level_scale, found.below_min) == ("FG5", 3)


def test_row_without_levels_stays_without_a_scale() -> None:
    found = counts(parsed({}, below=4))

    assert (found.level_scale, found.level_counts, found.below_min) == ("", {}, 4)


def test_levels_that_do_not_make_the_participants_are_a_problem() -> None:
    file = parsed(filled(KDR4, 1, 2, 3, 5))

    assert (only(file).code, only(file).found, only(file).expected) == (ProblemCode.SUM_OF_LEVELS, "11", "10")
    assert not file.rows


def test_levels_of_no_scale_are_a_problem_with_the_nearest_one() -> None:
    file = parsed({"insufficient": 1, "base": 9})

    assert only(file).code == ProblemCode.SUM_OF_LEVELS
    assert only(file).expected == "недостаточный, пониженный, базовый, повышенный"
    assert "Если на уровне никого нет, напишите 0." in only(file).text_ru


def test_bad_cell_of_a_level_is_a_problem_of_its_column() -> None:
    problem = only(parsed({**filled(KDR4, 1, 2, 3, 4), "base": "три"}))

    assert (problem.code, problem.column) == (ProblemCode.NOT_A_NUMBER, "Уровень: базовый")


def test_count_below_the_minimum_of_the_file_is_kept_and_told() -> None:
    file = parsed(filled(KDR4, 1, 2, 3, 4), below=3)

    assert counts(file).below_min == 3
    assert (only(file).code, only(file).severity) == (ProblemCode.SUM_OF_LEVELS, Severity.WARNING)
    assert "на низких уровнях (недостаточный) 1" in only(file).text_ru


def test_same_count_below_the_minimum_needs_no_word() -> None:
    assert not parsed(filled(KDR4, 1, 2, 3, 4), below=1).problems


def test_levels_may_be_titled_by_their_names_alone() -> None:
    head = ("ИНН ОО", "Процедура", "Год", "Предмет", "Класс", "Участников", *(level.title for level in KDR4.levels))

    file = parse_file(workbook([head, ("0000100037", "КДР", 2026, "Математика", 6, 10, 1, 2, 3, 4)]))

    assert counts(file).level_scale == "KDR4"


def test_high_scores_are_parts_of_the_participants() -> None:
    head = (*HEAD, "80 баллов и выше", "100 баллов")
    rows = [("0000100037", "ЕГЭ", 2026, "Химия", 11, 10, 1, high, best) for high, best in ((4, 1), (2, 3), (11, 0))]

    file = portal_results.parse(book_of(head, *rows, name="Результаты"))

    assert (counts(ParsedFile(**{**file.__dict__, "rows": file.rows[:1]})).high80, len(file.rows)) == (4, 1)
    assert [(problem.row, problem.code) for problem in file.errors] == [
        (3, ProblemCode.PART_ABOVE_WHOLE),
        (4, ProblemCode.PART_ABOVE_WHOLE),
    ]
