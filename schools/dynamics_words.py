"""Dynamics in Russian: names of levels, and the sentence that a report prints. No Django.

Source: domain specification, 5.5: the text is a list of grades and procedures by level.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    Trend.INSUFFICIENT_DATA: ("none", "Мало участников"),
    Trend.NOT_WRITTEN: ("none", "Нет результата одного из лет"),
    Trend.NOT_CALCULATED: ("none", "Не рассчитывается"),
    Trend.NOT_COMPARABLE: ("warn", "Несопоставимо"),
}
SCHOOL_TRENDS: Final[Mapping[SchoolTrend, Pill]] = {
    SchoolTrend.IMPROVING: ("ok", "Динамика положительная"),
    SchoolTrend.STABLE: ("none", "Динамика стабильная"),
    SchoolTrend.DECLINING: ("bad", "Динамика отрицательная"),
    SchoolTrend.MIXED: ("warn", "Динамика разнонаправленная"),
    SchoolTrend.INSUFFICIENT_DATA: ("none", "Динамика не оценивается"),
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
    Trend.INSUFFICIENT_DATA: "не оценивается, мало участников",
    Trend.NOT_WRITTEN: "не оценивается, нет результата",
    Trend.NOT_CALCULATED: "не рассчитывается, число низких результатов не передано",
    Trend.NOT_COMPARABLE: "не оценивается, работы лет различались",
}
NOBODY: Final = "нет школ с результатами обоих лет"


def work_title(work: Work) -> str:
    """Return «ВПР, русский язык, 5 класс»."""
    return procedure_name(Procedure(kind=work.procedure, subject=work.subject, grade=work.grade))


def work_code(work: Work) -> str:
    """Return «РУ-5» for the marks of a picture."""
    subject = BY_CODE.get(work.subject)
    return f"{subject.short if subject else work.subject}-{work.grade}"


def dynamics_sentence(changes: Iterable[Change], year: int) -> str:
    """Return «Доля «2» в 2026 году к 2025 году: динамика положительная: ВПР, русский язык (4 и 6 классы); …».

    "" for nothing to tell of. Works that lack data come with the participants of both years.
    """
    every = list(changes)
    told = [
        f"динамика {words}: {works}"
        for trend, words in SENTENCES.items()
        if (of_trend := [change for change in every if change.trend is trend])
        for words, works in told_works(of_trend, words, year)
    ]
    text = "; ".join(told)
    return f"Доля «2» в {year} году к {year - 1}{NBSP}году: {text}." if told else ""


def told_works(changes: Sequence[Change], words: str, year: int) -> Iterator[tuple[str, str]]:
    """Yield the words of a level with its works; where data lack, apart by what lacks and with the participants.

    changes: of one trend.
    """
    match changes[0].trend:
        case Trend.INSUFFICIENT_DATA:
            yield f"{words} ({year - 1} и {year} годы)", counted_works(changes)
        case Trend.NOT_WRITTEN:
            yield from unwritten_works(changes, words, year)
        case _:
            yield words, grades_by_work([change.work for change in changes])


def unwritten_works(changes: Sequence[Change], words: str, year: int) -> Iterator[tuple[str, str]]:
    """Yield the works without a result of one of the years: those of nobody in both, then by the year that lacks."""
    if nobody := [change.work for change in changes if is_of_nobody(change)]:
        yield f"не оценивается, {NOBODY}", grades_by_work(nobody)
    without_before = [change for change in changes if change.before is None and change.after]
    without_after = [change for change in changes if change.after is None and change.before]
    for missing, written, found in ((year - 1, year, without_before), (year, year - 1, without_after)):
        if found:
            yield f"{words} {missing} года (участники {written} года)", counted_works(found)


def counted_works(changes: Iterable[Change]) -> str:
    """Return «ВПР, математика (6 класс: 6 и 8; 7 класс: 4 и 4)», with what participants there are."""
    grades: dict[tuple[str, str], list[str]] = {}
    for change in sorted(changes, key=lambda each: each.work):
        work, known = change.work, [str(one) for one in change.participants if one is not None]
        grades.setdefault((work.procedure, work.subject), []).append(f"{work.grade}{NBSP}класс: {' и '.join(known)}")
    return ", ".join(f"{series_title(*key)} ({'; '.join(found)})" for key, found in grades.items())


def is_of_nobody(change: Change) -> bool:
    """Answer whether a work of a territory has no school to be compared: each wrote it in one of the years alone."""
    return change.before is None and change.after is None


def missing_words(change: Change, year: int) -> str:
    """Return «нет результата 2025 года»; "" when both years have one."""
    if is_of_nobody(change):
        return NOBODY
    if None not in change.participants:
        return ""
    return f"нет результата {year - 1 if change.before is None else year}{NBSP}года"


def shortage_words(change: Change, year: int) -> str:
    """Return what two years of a work lack for a level, with the participants of both; "" where they lack nothing.

    «мало участников: 6 и 8», «нет результата 2025 года, участников 2026 года – 14». How many schools of a territory
    have one of the years stands in columns of their own.
    """
    if is_of_nobody(change):
        return missing_words(change, year)
    before, after = change.participants
    if before is None or after is None:
        written, given = (year, after) if before is None else (year - 1, before)
        return f"{missing_words(change, year)}, участников {written}{NBSP}года – {given}"
    return f"мало участников: {before}{NBSP}и{NBSP}{after}" if change.trend is Trend.INSUFFICIENT_DATA else ""


def grades_by_work(works: Sequence[Work]) -> str:
    """Return «ВПР, русский язык (4, 6 и 8 классы), ОГЭ, математика (9 класс)»."""
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
