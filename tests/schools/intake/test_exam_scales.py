"""Thresholds of the state exams by year, and the rows that contradict them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.intake.exam_scales import exam_scale, exam_scales, is_between, mean_bounds, mean_bounds_of_marks
from schools.intake.layouts import portal_results
from schools.intake.percents import borders_exist, mean_of_counts
from schools.intake.rows import ParsedFile, Problem, ProblemCode, Severity
from schools.intake.subjects import BY_CODE
from tests.factories.workbooks import book_of

HEAD = (
    "ИНН ОО",
    "Процедура",
    "Год",
    "Период",
    "Предмет",
    "Класс",
    "Участников",
    "«2»",
    "«3»",
    "«4»",
    "«5»",
    "Ниже минимума",
    "Средний балл",
    "Макс. балл",
)
NO_MARKS = (None,) * 4


def parsed(*rows: dict[str, Any]) -> ParsedFile:
    lines = []
    for row in rows:
        cells: dict[str, Any] = {"ИНН ОО": "0000100037", "Класс": 9, "Участников": 10, **row}
        lines.append(tuple(cells.get(title) for title in HEAD))
    return portal_results.parse(book_of(HEAD, *lines, name="Результаты"))


def oge(*marks: int | None, year: int = 2024, cells: Mapping[str, Any] | None = None) -> dict[str, Any]:
    row = dict(zip(("«2»", "«3»", "«4»", "«5»"), marks or NO_MARKS, strict=True))
    return {"Процедура": "ОГЭ", "Год": year, "Предмет": "Русский язык", **row, **(cells or {})}


def ege(year: int = 2026, *, cells: Mapping[str, Any]) -> dict[str, Any]:
    return {"Процедура": "ЕГЭ", "Год": year, "Предмет": "Русский язык", "Класс": 11, **cells}


def only(file: ParsedFile) -> Problem:
    [problem] = file.problems
    return problem


# The configuration


@pytest.mark.parametrize(
    ("year", "subject", "minimum", "maximum", "borders"),
    [
        (2023, "RU", 15, 33, (15, 23, 29)),
        (2024, "MA", 8, 31, (8, 15, 22)),
        (2024, "IYA", 29, 68, (29, 46, 58)),
        (2026, "RU", 15, 37, (15, 26, 33)),
        (2026, "FI", 10, None, None),
        (2019, "OB", 15, None, None),
    ],
)
def test_oge_has_the_scale_of_its_year(
    year: int,
    subject: str,
    minimum: int,
    maximum: int | None,
    borders: tuple[int, int, int] | None,
) -> None:
    scale = exam_scale("OGE", year, subject)

    assert scale is not None
    assert (scale.minimum, scale.maximum, scale.borders) == (minimum, maximum, borders)


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_ege_minima_have_not_changed_in_four_years(year: int) -> None:
    scales = {subject: scale for (kind, of, subject), scale in exam_scales().items() if (kind, of) == ("EGE", year)}

    assert [scales[subject].minimum for subject in ("RU", "MAP", "OB", "IN")] == [24, 27, 42, 40]
    assert [subject for subject, scale in scales.items() if scale.is_of_marks] == ["MAB"]
    assert scales["MAB"].minimum == 3


@pytest.mark.parametrize(("procedure", "year"), [("OGE", 2025), ("OGE", 2022), ("EGE", 2022), ("VPR", 2026)])
def test_year_without_a_version_has_no_scale(procedure: str, year: int) -> None:
    assert exam_scale(procedure, year, "RU") is None


def test_every_scale_tells_its_origin_and_rises() -> None:
    for (_, _, subject), scale in exam_scales().items():
        assert scale.source
        assert subject in BY_CODE
        steps = [0, *(scale.borders or (scale.minimum,)), *([scale.maximum] if scale.maximum else [])]
        assert steps == sorted(set(steps))


def test_only_the_minima_of_2026_wait_for_the_letter() -> None:
    waiting = {(kind, year) for (kind, year, _), scale in exam_scales().items() if not scale.is_confirmed}

    assert waiting == {("OGE", 2026)}


# What is possible

scores = st.lists(st.integers(0, 100), min_size=1, max_size=60)


@given(scores, st.integers(1, 60))
def test_mean_of_any_scores_lies_between_the_bounds(scores: list[int], minimum: int) -> None:
    below = sum(score < minimum for score in scores)
    mean = (Decimal(sum(scores)) / len(scores)).quantize(Decimal("0.1"))

    assert is_between(mean, mean_bounds(below, len(scores), minimum, 100))


@given(st.lists(st.integers(0, 33), min_size=1, max_size=60))
def test_mean_of_any_primary_scores_fits_their_marks(scores: list[int]) -> None:
    borders = (15, 23, 29)
    marks = [0, 0, 0, 0]
    for score in scores:
        marks[sum(score >= border for border in borders)] += 1
    histogram = [scores.count(score) for score in range(34)]

    assert is_between(mean_of_counts(histogram), mean_bounds_of_marks(marks, borders, 33))
    assert borders_exist(histogram, marks)


@pytest.mark.parametrize(
    ("lowest", "maximum"),
    [((26, 32, 45), 51), ((8, 15, 21), 25), ((5, 10, 14), 17)],
)
def test_borders_of_a_sample_scale_give_its_marks(lowest: tuple[int, int, int], maximum: int) -> None:
    histogram = [1] * (maximum + 1)
    first, second, third = lowest

    assert borders_exist(histogram, [first, second - first, third - second, maximum + 1 - third])


def test_marks_that_split_one_score_have_no_borders() -> None:
    assert not borders_exist([0, 4, 0, 4], [2, 2, 4, 0])
    assert borders_exist([0, 4, 0, 4], [0, 4, 4, 0])


# Rows


def test_row_within_its_scale_needs_no_word() -> None:
    rows = [oge(1, 4, 3, 2, cells={"Средний балл": 22.3, "Макс. балл": 33, "Ниже минимума": 1})]

    assert not parsed(*rows, ege(cells={"Средний балл": 61.5, "Ниже минимума": 1})).problems


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (ege(cells={"Средний балл": 104}), "от 0 до 100"),
        (oge(cells={"Средний балл": 34}), "от 0 до 33"),
        (ege(2018, cells={"Средний балл": 30, "Макс. балл": 20}), "от 0 до 20"),
    ],
)
def test_mean_outside_the_scale_is_an_error(row: dict[str, Any], expected: str) -> None:
    problem = only(parsed(row))

    assert (problem.code, problem.is_error, problem.expected) == (ProblemCode.OUTSIDE_SCALE, True, expected)


def test_negative_mean_is_an_error() -> None:
    assert only(parsed(ege(cells={"Средний балл": -1}))).is_error


def test_other_maximum_than_the_recommended_one_is_a_warning() -> None:
    problem = only(parsed(oge(cells={"Макс. балл": 40})))

    assert (problem.severity, problem.found, problem.expected) == (Severity.WARNING, "40", "33")
    assert "регион утверждает свою шкалу" in problem.text_ru


@pytest.mark.parametrize(("below", "mean"), [(0, 20), (10, 30), (9, 40)])
def test_count_below_the_minimum_that_the_mean_denies_names_the_minimum(below: int, mean: int) -> None:
    file = parsed(ege(cells={"Ниже минимума": below, "Средний балл": mean}))

    assert (only(file).code, only(file).severity) == (ProblemCode.OUTSIDE_SCALE, Severity.WARNING)
    assert "минимум 2026 года по предмету «Русский язык» — 24" in only(file).text_ru
    assert len(file.rows) == 1


def test_count_below_the_minimum_of_an_older_year_is_not_judged() -> None:
    notice = only(parsed(ege(2018, cells={"Ниже минимума": 10, "Средний балл": 90})))

    assert notice.code == ProblemCode.SCALE_ABSENT


def test_oge_counts_the_same_pupils_as_two_and_as_below_the_minimum() -> None:
    problem = only(parsed(oge(1, 4, 3, 2, cells={"Ниже минимума": 3})))

    assert problem.severity == Severity.WARNING
    assert "ниже минимума 3, а отметок «2» 1" in problem.text_ru


def test_mean_that_the_marks_deny_is_a_warning() -> None:
    problem = only(parsed(oge(0, 0, 0, 10, cells={"Средний балл": 20})))

    assert (problem.severity, problem.expected) == (Severity.WARNING, "от 29,0 до 33,0")


def test_mean_mark_instead_of_the_mean_score_is_understood() -> None:
    assert not parsed(oge(0, 0, 0, 10, cells={"Средний балл": 5})).problems


def basic(below: int, *marks: int) -> dict[str, Any]:
    cells = dict(zip(("«2»", "«3»", "«4»", "«5»"), marks, strict=True))
    return ege(
        cells={**cells, "Предмет": "Математика (база)", "Ниже минимума": below, "Средний балл": 14, "Макс. балл": 21}
    )


def test_basic_mathematics_is_checked_by_marks() -> None:
    assert parsed(basic(2, 2, 3, 4, 1)).problems == ()

    warning = only(parsed(basic(3, 2, 3, 4, 1)))
    assert (warning.code, warning.severity) == (ProblemCode.OUTSIDE_SCALE, Severity.WARNING)
    assert "ниже минимума 3, а отметок «2» 2: на базовом ЕГЭ это одни и те же участники" in warning.text_ru


def test_year_without_a_scale_is_told_once_with_its_subjects() -> None:
    rows = [oge(1, 2, 3, 4, year=2025), oge(1, 2, 3, 4, year=2025, cells={"Предмет": "Физика"}), oge(1, 2, 3, 4)]

    notice = only(parsed(*rows))

    assert (notice.code, notice.severity, notice.row) == (ProblemCode.SCALE_ABSENT, Severity.WARNING, 0)
    assert "шкалы ОГЭ 2025 года в портале нет: пороги и баллы не проверены (физика, русский язык)" in notice.text_ru


def test_works_without_scales_are_not_told_of() -> None:
    work = {
        "Процедура": "ВПР",
        "Год": 2025,
        "Предмет": "Русский язык",
        "Класс": 5,
        "«2»": 1,
        "«3»": 9,
        "«4»": 0,
        "«5»": 0,
    }

    assert parsed(work).problems == ()


def test_minima_of_2026_are_told_once_for_a_file() -> None:
    row = oge(1, 4, 3, 2, year=2026)

    problem = only(parsed(row, {**row, "Предмет": "Химия"}, oge(1, 4, 3, 2)))

    assert (problem.code, problem.row, problem.severity) == (ProblemCode.SCALE_UNCONFIRMED, 0, Severity.WARNING)
    assert "Проверьте минимальный балл по письму." in problem.text_ru
    assert "02-20" in problem.text_ru


def test_part_above_the_whole_is_told_by_its_own_check_alone() -> None:
    file = parsed(ege(cells={"Ниже минимума": 11, "Средний балл": 50}))

    assert [problem.code for problem in file.problems] == [ProblemCode.PART_ABOVE_WHOLE]


# Grade of the programme


@pytest.mark.parametrize(
    ("year", "period", "programme"),
    [(2020, "осень", 5), (2022, "осень", 5), (2022, "весна", 6), (2023, "осень", 6)],
)
def test_autumn_works_of_the_template_check_the_programme_of_the_grade_before(
    year: int,
    period: str,
    programme: int,
) -> None:
    file = parsed(oge(1, 4, 3, 2, year=year, cells={"Процедура": "ВПР", "Период": period, "Класс": 6}))

    assert (file.rows[0].work.grade, file.rows[0].grade_actual) == (programme, 6)
    assert [problem.code for problem in file.problems] == [ProblemCode.PREVIOUS_GRADE] * (programme != 6)
