"""The lower quarters of the scores that a run judged by, in words: printed wherever a low result is explained."""

from collections.abc import Iterator
from typing import Final

from accounts.russian import NBSP, count, listing, number, percent
from schools.choices import CourseLevel, Period
from schools.identification import Part, Quarter, Quarters, ScoredWork, procedure_name
from schools.models import IdentificationRun
from schools.unmeasured import unmeasured_words

SCORES: Final = "первичный балл,первичных балла,первичных баллов"
USUAL_PERIODS: Final = (Period.SPRING, Period.MAIN)
MEANING: Final = (
    "Низкий результат – в нижней четверти первичных баллов: не выше балла, которого не превысила хотя бы четверть "
    "участников региона. Граница своя у каждой работы и года"
)


def quarter_lines(run: IdentificationRun) -> list[str]:
    """Return what the quarters of a run are, work by work, the newest year first; nothing for a rule without them."""
    quarters = run.quarters
    if quarters is None:
        return []
    works = sorted(quarters, key=lambda work: (-work.year, work))
    lines = [f"{work_words(work)}: нижняя четверть{NBSP}– {quarter_words(quarters[work])}" for work in works]
    return [MEANING, *lines, *unknown_lines(run, quarters), *filter(None, [unmeasured_words(run)])]


def unknown_lines(run: IdentificationRun, quarters: Quarters) -> Iterator[str]:
    """Yield which works of the year have no quarter: their low results are not known."""
    rules, known = run.rules, {(work.year, work.procedure) for work in quarters}
    asked = [procedure for procedure in rules.procedures if procedure.kind in rules.quarter_kinds]
    unknown = [procedure_name(each) for each in asked if (run.year, each) not in known]
    if unknown:
        yield (
            f"Низкие результаты за {run.year}{NBSP}год не известны, по распределениям первичных баллов границы нет: "
            f"{listing(unknown)}"
        )


def work_words(work: ScoredWork) -> str:
    """Return «ВПР, русский язык, 4 класс, 2026 год», with what else tells it from others of the year."""
    return ", ".join([procedure_name(work.procedure), f"{work.year}{NBSP}год", *marks_of(work)])


def marks_of(work: ScoredWork) -> Iterator[str]:
    if work.period not in USUAL_PERIODS:
        yield Period(work.period).label
    if work.level != CourseLevel.NONE:
        yield f"{CourseLevel(work.level).label} уровень"


def quarter_words(quarter: Quarter) -> str:
    """Return «0–11 первичных баллов из 38; так написали 26,00 % участников региона (26 из 100)»."""
    scores = f"0–{count(quarter.score, SCORES)}" if quarter.score else count(0, SCORES)
    share = percent(quarter.low, quarter.participants)
    counts = f"{number(quarter.low)} из {number(quarter.participants)}"
    return f"{scores} из {quarter.maximum}; так написали {share} участников региона ({counts})"


def part_words(part: Part, quarters: Quarters | None) -> str:
    """Return the quarters that the low works of a part were counted by, "" for a rule without them."""
    places = set(part.places)
    works = sorted(work for work in quarters or {} if (work.year, work.procedure) in places)
    told = "; ".join(f"{told_apart(work, works)}{quarter_words((quarters or {})[work])}" for work in works)
    return f"нижняя четверть: {told}" if told else ""


def told_apart(work: ScoredWork, works: list[ScoredWork]) -> str:
    """Return «5 класс, 2026 год, углублённый уровень – », "" for the only work of a part."""
    if len(works) == 1:
        return ""
    return f"{', '.join([f'{work.procedure.grade} класс', f'{work.year}{NBSP}год', *marks_of(work)])}{NBSP}– "
