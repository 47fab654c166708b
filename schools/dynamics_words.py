"""Dynamics in Russian: names of levels, and the sentence that a report prints. No Django.

Source: domain specification, 5.5: the text is a list of grades and procedures by level.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from accounts.russian import NBSP, listing
from schools.dynamics import Change, SchoolTrend, Trend, View, Work
from schools.identification import Procedure, procedure_name
from schools.intake.subjects import BY_CODE
from schools.intake.vocabulary import PROCEDURE_NAMES

Pill = tuple[str, str]  # kind of a status pill, its words
TREND_PILLS: Final[Mapping[Trend, Pill]] = {
    Trend.IMPROVING: ("ok", "Положительная"),
    Trend.STABLE: ("none", "Стабильная"),
    Trend.DECLINING: ("bad", "Отрицательная"),
    Trend.INSUFFICIENT_DATA: ("none", "Мало данных"),
    Trend.NOT_CALCULATED: ("none", "Не рассчитывается"),
    Trend.NOT_COMPARABLE: ("warn", "Несопоставимо"),
}
SCHOOL_TRENDS: Final[Mapping[SchoolTrend, Pill]] = {
    SchoolTrend.IMPROVING: ("ok", "Динамика положительная"),
    SchoolTrend.STABLE: ("none", "Динамика стабильная"),
    SchoolTrend.DECLINING: ("bad", "Динамика отрицательная"),
    SchoolTrend.MIXED: ("warn", "Динамика разнонаправленная"),
    SchoolTrend.INSUFFICIENT_DATA: ("none", "Данных для динамики мало"),
}
VIEW_TITLES: Final[Mapping[View, str]] = {View.PARALLEL: "Параллель", View.COHORT: "Когорта"}
VIEW_HINTS: Final[Mapping[View, str]] = {
    View.PARALLEL: "тот же класс год назад: другие дети",
    View.COHORT: "классом младше год назад: те же дети, другая работа",
}
SENTENCES: Final[Mapping[Trend, str]] = {
    Trend.IMPROVING: "положительная",
    Trend.DECLINING: "отрицательная",
    Trend.STABLE: "стабильная",
    Trend.INSUFFICIENT_DATA: "не оценивается, мало данных",
    Trend.NOT_CALCULATED: "не рассчитывается, число низких результатов не передано",
    Trend.NOT_COMPARABLE: "не оценивается, работы лет различались",
}


def work_title(work: Work) -> str:
    """Return «ВПР, русский язык, 5 класс»."""
    return procedure_name(Procedure(kind=work.procedure, subject=work.subject, grade=work.grade))


def work_code(work: Work) -> str:
    """Return «РУ-5» for the marks of a picture."""
    subject = BY_CODE.get(work.subject)
    return f"{subject.short if subject else work.subject}-{work.grade}"


def dynamics_sentence(changes: Iterable[Change], year: int) -> str:
    """Return «Доля «2» в 2026 году к 2025 году. Динамика положительная: ВПР, русский язык – 4, 6 классы. …»; "" for
    nothing to tell of.
    """
    by_trend: dict[Trend, list[Work]] = {}
    for change in changes:
        by_trend.setdefault(change.trend, []).append(change.work)
    if not by_trend:
        return ""
    told = [
        f"динамика {words}: {grades_by_work(by_trend[trend])}"
        for trend, words in SENTENCES.items()
        if trend in by_trend
    ]
    text = "; ".join(told)
    return f"Доля «2» в {year} году к {year - 1}{NBSP}году: {text}."


def grades_by_work(works: Sequence[Work]) -> str:
    """Return «ВПР, русский язык – 4, 6 и 8 классы; ОГЭ, математика – 9 класс»."""
    grades: dict[tuple[str, str], list[int]] = {}
    for work in sorted(works):
        grades.setdefault((work.procedure, work.subject), []).append(work.grade)
    return ", ".join(f"{series_title(*key)} ({grade_words(found)})" for key, found in grades.items())


def series_title(procedure: str, subject: str) -> str:
    known = BY_CODE.get(subject)
    name = known.name[0].lower() + known.name[1:] if known else subject
    return f"{PROCEDURE_NAMES.get(procedure, procedure)}, {name}"


def grade_words(grades: Sequence[int]) -> str:
    return f"{listing([str(grade) for grade in grades])}{NBSP}{'класс' if len(grades) == 1 else 'классы'}"
