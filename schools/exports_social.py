"""The social index of a run as a workbook: every indicator with its weight and r, the index, the cell of the matrix."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from django.utils import timezone

from accounts.russian import capitalized, count, rounded, short_date
from schools.choices import QUADRANT_TITLES, SOCIAL_VERDICT_TITLES
from schools.models import IdentificationRun, SchoolSocialIndex, SocialIndexRun
from schools.rule_basis import rule_told
from schools.social import Quadrant, SocialPart, SocialRule, SocialVerdict, listed_missing, quadrant_of
from schools.social_matrix import HARD, Placed
from schools.social_pages import IndexRow, plain
from schools.xlsx_stream import Cell, Look, written_book

FIRST: Final = (("№ п/п", 7), ("Школа", 42), ("ИНН", 13), ("Муниципалитет", 30))
LAST: Final = (
    ("Индекс", 10),
    ("Вывод", 26),
    ("Полнота данных, %", 11),
    ("Не меньше", 10),
    ("Не больше", 10),
    ("Нет сведений", 40),
    ("Результаты и условия", 30),
)
SHARE_WIDTH, R_WIDTH = 14, 9
DIGITS: Final = 4  # as the index is stored
SCHOOLS: Final = "школа,школы,школ"
LOOK: Final = Look(frozen_columns=2, is_wrapped=True, has_filter=True, is_printed_across=True)


def social_workbook(run: SocialIndexRun, results: IdentificationRun | None, counts: Placed) -> bytes:
    """Return an XLSX file with every school of a run. results: the run of the other side of the matrix. One query."""
    rule = run.used_rule
    columns = columns_of(rule)
    look = replace(LOOK, widths=[width for _, width in columns], above=lines_above(run, rule, results, counts))
    indices: Any = run.indices.all() if results is None else run.indices.beside(results)
    found = indices.select_related("school__territory").order_by("index", "school__name", "pk")
    cells = rows(found.iterator(chunk_size=500), rule, is_beside=results is not None)
    return written_book("Социальные условия", [title for title, _ in columns], cells, look=look)


def columns_of(rule: SocialRule) -> list[tuple[str, int]]:
    """Return the columns: each indicator has its share and the difficulty that it means, its weight in the head."""
    told = [
        pair
        for each in rule.indicators
        for pair in (
            (f"{each.title}, %", SHARE_WIDTH),
            (f"r: {each.title} (вес {plain(each.weight)}, границы {plain(each.low)}–{plain(each.high)})", R_WIDTH),
        )
    ]
    return [*FIRST, *told, *LAST]


def lines_above(run: SocialIndexRun, rule: SocialRule, results: IdentificationRun | None, counts: Placed) -> list[str]:
    """Return what was counted, by which rule, and the matrix in words."""
    counted = short_date(timezone.localtime(run.created_at))
    formula = (
        f"Индекс = 100 − 100 · Σ вес · r. ШНСУ, если индекс меньше {plain(rule.cut)}. Пустая ячейка: сведений нет, "
        "это не ноль."
    )
    made = f"Правило: {run.rule.title} ({run.rule}). Рассчитано {counted}. {rule_told(run.rule)}"
    lines = [str(run), made, formula]
    return [*lines, matrix_words(results, counts)] if results else lines


def matrix_words(results: IdentificationRun, counts: Placed) -> str:
    """Return «Результаты 2026 года и условия: ШНОР и ШНСУ – 3 школы; …», the cells of the matrix."""
    cells = [f"{QUADRANT_TITLES[each]} – {count(counts.quadrants[each], SCHOOLS)}" for each in Quadrant]
    return f"Результаты {results.year} года и условия: {'; '.join(cells)}"


def rows(indices: Iterator[SchoolSocialIndex], rule: SocialRule, *, is_beside: bool) -> Iterator[Sequence[Cell]]:
    for place, each in enumerate(indices, start=1):
        parts = each.evidence
        yield [
            place,
            each.school.name,
            each.school.inn,
            each.school.territory.name,
            *(cell for part in parts for cell in part_cells(part)),
            each.index,
            verdict_words(each, rule),
            rounded(100 * each.completeness, 0),
            each.lowest,
            each.highest,
            ", ".join(listed_missing(parts)),
            QUADRANT_TITLES[quadrant(each)] if is_beside else "",
        ]


def verdict_words(index: SchoolSocialIndex, rule: SocialRule) -> str:
    """Return «Данных недостаточно. Вывод зависит от недостающего показателя: …», the verdict and what it hangs on."""
    told = (SOCIAL_VERDICT_TITLES[SocialVerdict(index.verdict)], IndexRow(stored=index, rule=rule).open_words)
    return ". ".join(capitalized(words) for words in told if words)


def part_cells(part: SocialPart) -> tuple[Cell, Cell]:
    return exact(part.x), exact(part.r)


def exact(value: Fraction | None) -> Cell:
    return None if value is None else rounded(value, DIGITS)


def quadrant(index: Any) -> Quadrant:
    """Return the cell of a school by the annotations of `beside`."""
    low = index.has_low_results if index.is_judged else None
    return quadrant_of(has_low_results=low, has_hard_conditions=HARD.get(index.verdict))
