"""The verdicts of a run as a workbook: numbers as numbers, a frozen head, a filter, widths one can read."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from django.utils import timezone

from accounts.russian import short_date
from schools.choices import VERDICT_TITLES
from schools.models import IdentificationRun, SchoolVerdict
from schools.quarter_words import quarter_lines
from schools.reason_legend import legend_lines
from schools.rule_basis import run_told
from schools.rule_words import NOT_CHECKED, years_running
from schools.social_pages import conditions_told
from schools.xlsx_stream import Look, written_book

FIRST: Final = (
    ("№ п/п", 7),
    ("Школа", 42),
    ("ИНН", 13),
    ("Вид", 20),
    ("Вывод", 24),
    ("Процедур за порогом", 12),
    ("Учтено процедур", 12),
)
LAST: Final = (("Причины", 70), ("Решение", 16), ("Причина решения", 30), ("Обоснование", 60))
LOOK: Final = Look(frozen_columns=2, is_wrapped=True, has_filter=True, is_printed_across=True)


def run_workbook(run: IdentificationRun) -> bytes:
    """Return an XLSX file with every school of a run. One query."""
    rule = (
        f"Правило: {run.rule_set.title} ({run.rule_set}). Рассчитано {short_date(timezone.localtime(run.created_at))}."
    )
    repeat = run.rules.repeat_asked
    titles, widths = zip(*columns(repeat), strict=True)
    told = [line for line in (run_told(run), conditions_told(run)) if line]
    above = (str(run), rule, *told, *legend_lines(run.rules), *quarter_lines(run))
    look = replace(LOOK, widths=widths, above=above)
    verdicts = run.verdicts.select_related("school").order_by("-low_procedures", "school__name", "pk")
    return written_book("Выявление", titles, rows(verdicts.iterator(chunk_size=500), repeat), look=look)


def columns(repeat: int | None) -> list[tuple[str, int]]:
    """Return (title, width). repeat: how many years running condition 2 looks at; no column when the rule has none."""
    repeated = [(f"Повторились {years_running(repeat)}", 14)] if repeat else []
    return [*FIRST, *repeated, *LAST]


def rows(verdicts: Iterator[SchoolVerdict], repeat: int | None) -> Iterator[list[str | int]]:
    for number, verdict in enumerate(verdicts, start=1):
        school = verdict.school
        yield [
            number,
            school.name,
            school.inn,
            school.get_kind_display(),
            VERDICT_TITLES[verdict.shown_verdict],
            verdict.low_procedures,
            verdict.counted_procedures,
            *([repeated_cell(verdict.known_repeats)] if repeat else []),
            "\n".join(reason["printed"] for reason in verdict.reasons),
            verdict.get_decision_display(),
            verdict.get_decision_code_display(),
            verdict.decision_text,
        ]


def repeated_cell(known: int | None) -> int | str:
    return NOT_CHECKED if known is None else known
