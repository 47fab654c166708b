"""Dynamics in words, without a database."""

import pytest

from schools.dynamics import Change, Count, SchoolTrend, Trend, View, Work, change
from schools.dynamics_words import (
    SCHOOL_TRENDS,
    SENTENCES,
    TREND_PILLS,
    VIEW_HINTS,
    VIEW_TITLES,
    dynamics_sentence,
    grades_by_work,
    shortage_words,
    work_code,
    work_title,
)


def work(grade: int, subject: str = "RU", procedure: str = "VPR") -> Work:
    return Work(procedure=procedure, grade=grade, subject=subject)


def compared(what: Work, before: int, after: int, participants: int = 40) -> Change:
    old, new = (Count(low=low, participants=participants) for low in (before, after))
    return change(what, old, new)


def test_every_level_has_words() -> None:
    assert set(TREND_PILLS) == set(SENTENCES) == set(Trend)
    assert set(SCHOOL_TRENDS) == set(SchoolTrend)
    assert set(VIEW_TITLES) == set(VIEW_HINTS) == set(View)


def test_sentence_lists_grades_and_procedures_by_level() -> None:
    every = [
        compared(work(4), 20, 5),
        compared(work(6), 20, 5),
        compared(work(8), 20, 5),
        compared(work(9, "MA", "OGE"), 5, 20),
        compared(work(5, "MA"), 5, 6),
        compared(work(7, "MA"), 1, 2, participants=4),
    ]

    assert dynamics_sentence(every, 2026).replace("\u00a0", " ") == (
        "Доля «2» в 2026 году к 2025 году: "
        "динамика положительная: ВПР, русский язык (4, 6 и 8 классы); "
        "динамика отрицательная: ОГЭ, математика (9 класс); "
        "динамика стабильная: ВПР, математика (5 класс); "
        "динамика не оценивается, мало участников (2025 и 2026 годы): ВПР, математика (7 класс: 4 и 4)."
    )


def counted(before: int | None, after: int | None, grade: int = 5) -> Change:
    """Return a work of so many participants in each year; None: it has no result of that year."""
    old, new = (None if one is None else Count(low=0, participants=one) for one in (before, after))
    return change(work(grade), old, new)


def test_work_that_no_school_of_a_territory_has_in_both_years_is_told_so() -> None:
    assert dynamics_sentence([counted(None, None), counted(None, None, 6)], 2026).replace("\u00a0", " ") == (
        "Доля «2» в 2026 году к 2025 году: "
        "динамика не оценивается, нет школ с результатами обоих лет: ВПР, русский язык (5 и 6 классы)."
    )


def test_year_without_a_result_is_told_apart_from_few_participants() -> None:
    every = [counted(6, 8, 4), counted(None, 14), counted(None, 12, 6), counted(30, None, 7), counted(3, 40, 8)]

    assert dynamics_sentence(every, 2026).replace("\u00a0", " ") == (
        "Доля «2» в 2026 году к 2025 году: "
        "динамика не оценивается, мало участников (2025 и 2026 годы): ВПР, русский язык (4 класс: 6 и 8; "
        "8 класс: 3 и 40); "
        "динамика не оценивается, нет результата 2025 года (участники 2026 года): ВПР, русский язык (5 класс: 14; "
        "6 класс: 12); "
        "динамика не оценивается, нет результата 2026 года (участники 2025 года): ВПР, русский язык (7 класс: 30)."
    )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (6, 8, "мало участников: 6 и 8"),
        (0, 8, "мало участников: 0 и 8"),
        (None, 14, "нет результата 2025 года, участников 2026 года – 14"),
        (14, None, "нет результата 2026 года, участников 2025 года – 14"),
        (None, None, "нет школ с результатами обоих лет"),
        (40, 40, ""),
    ],
)
def test_shortage_names_the_participants_of_both_years(before: int | None, after: int | None, words: str) -> None:
    assert shortage_words(counted(before, after), 2026).replace("\u00a0", " ") == words


def test_nothing_compared_is_no_sentence() -> None:
    assert dynamics_sentence([], 2026) == ""


def test_grades_of_one_series_stand_together() -> None:
    text = grades_by_work([work(6), work(5, "MA"), work(4)])

    assert text.replace("\u00a0", " ") == "ВПР, русский язык (4 и 6 классы), ВПР, математика (5 класс)"


@pytest.mark.parametrize(
    ("what", "title", "code"),
    [
        (work(5), "ВПР, русский язык, 5 класс", "РУ-5"),
        (work(11, "MAB", "EGE"), "ЕГЭ, математика базовая, 11 класс", "МАБ-11"),
        (work(5, "XX", "YY"), "YY, XX, 5 класс", "XX-5"),
    ],
)
def test_work_is_named(what: Work, title: str, code: str) -> None:
    assert (work_title(what), work_code(what)) == (title, code)
