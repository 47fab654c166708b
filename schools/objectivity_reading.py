"""Looks for signs in the stored results of a school. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from django.conf import settings

from accounts.russian import NBSP
from schools.choices import DetailKind
from schools.dynamics import Work
from schools.dynamics_words import work_title
from schools.models import AssessmentResult, Benchmark, School, WorkDetail
from schools.objectivity import (
    JournalCounts,
    MarkScale,
    ScalesRefused,
    Sign,
    TaskShares,
    journal_signs,
    mark_borders,
    peak_signs,
    read_scales,
    shipped_limits,
    task_signs,
)

TASK: Final = "task:"
OWN_SCALES: Final = "mark_scales.toml"

Key = tuple[str, int, str, int]  # procedure, year, subject, grade


@dataclass(frozen=True, kw_only=True)
class WorkSigns:
    """What was seen in one work of one year. markers: those that came in a file of the region."""

    title: str
    year: int
    signs: tuple[Sign, ...]
    markers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OwnScales:
    """Scales of marks of the installation. problem: why its file was not taken."""

    scales: tuple[MarkScale, ...] = ()
    problem: str = ""


@cache
def own_scales() -> OwnScales:
    """Return the scales of the file in the directory of data, read once in a process."""
    try:
        return OwnScales(scales=read_scales(settings.DATA_DIR / OWN_SCALES))
    except ScalesRefused as refused:
        return OwnScales(problem=str(refused))


def borders_of(row: AssessmentResult) -> tuple[int, ...] | None:
    """Return the borders of marks of a work with a histogram; None when they are not known."""
    maximum, own = len(row.score_hist) - 1, own_scales().scales
    return mark_borders(row.procedure, row.subject, row.grade, row.year, maximum, own=own)


def signs_of_result(row: AssessmentResult) -> list[Sign]:
    """Return the signs that the counts of a work show by themselves. No queries."""
    limits = shipped_limits()
    found = []
    if row.score_hist:
        found += peak_signs(row.score_hist, borders_of(row) or (), limits.peaks)
    if row.lowered is not None and row.confirmed is not None and row.raised is not None:
        counts = JournalCounts(lowered=row.lowered, confirmed=row.confirmed, raised=row.raised, low=row.low)
        found += journal_signs(counts, limits.journal)
    return found


def signs_of_results(
    rows: Iterable[AssessmentResult],
    tasks: Mapping[Key, Sequence[Sign]] | None = None,
) -> list[WorkSigns]:
    """Return the works in which anything was seen, the newest year first."""
    seen = []
    for row in rows:
        own = (*signs_of_result(row), *(tasks or {}).get(key_of(row), ()))
        markers = tuple(sorted({str(marker) for marker in row.objectivity_markers}))
        if own or markers:
            seen.append(WorkSigns(title=title_of(row), year=row.year, signs=own, markers=markers))
    return sorted(seen, key=lambda work: (-work.year, work.title))


def works_without_borders(rows: Iterable[AssessmentResult]) -> list[str]:
    """Return «ВПР, русский язык, 5 класс, 2026 год (наибольший балл 45)» of the works whose peaks nobody can look for.

    Only those with enough participants: of smaller ones nothing would be said with borders either.
    """
    least = shipped_limits().peaks.participants_min
    unknown = [row for row in rows if is_looked_at(row, least) and borders_of(row) is None]
    return [
        f"{title_of(row)}, {row.year}{NBSP}год (наибольший балл {len(row.score_hist) - 1})"
        for row in sorted(unknown, key=lambda row: (-row.year, title_of(row), row.pk))
    ]


def is_looked_at(row: AssessmentResult, least: int) -> bool:
    """Answer whether a work has marks and enough participants for its histogram to mean something."""
    return row.mark2 is not None and bool(row.score_hist) and sum(row.score_hist) >= least


def title_of(row: AssessmentResult) -> str:
    return work_title(Work(procedure=row.procedure, grade=row.grade, subject=row.subject))


def signs_of_school(school: School, rows: Iterable[AssessmentResult]) -> list[WorkSigns]:
    """Return the signs in the results of a school with those of its tasks. Two queries.

    rows: its results, any years.
    """
    return signs_of_results(rows, task_signs_of(school))


def task_signs_of(school: School) -> dict[Key, list[Sign]]:
    details = list(WorkDetail.objects.filter(school=school, kind=DetailKind.TASKS).order_by("pk"))
    files = {detail.file_id for detail in details}
    samples = samples_of(Benchmark.objects.filter(file__in=files).order_by("-participants", "pk"))
    return {key_of(detail): signs_of_tasks(detail, samples.get(key_of(detail))) for detail in details}


def samples_of(benchmarks: Iterable[Benchmark]) -> dict[Key, Benchmark]:
    """Return the sample that each work is compared with: the region of the file, else the widest one."""
    found: dict[Key, Benchmark] = {}
    for benchmark in benchmarks:
        if not any(name.startswith(TASK) for name in benchmark.percents):
            continue
        key = key_of(benchmark)
        if key not in found or (is_region(benchmark) and not is_region(found[key])):
            found[key] = benchmark
    return found


def is_region(benchmark: Benchmark) -> bool:
    """Answer whether a sample is a region: «Заозёрская область (reg99)»."""
    return "(reg" in benchmark.sample and "_m" not in benchmark.sample


def signs_of_tasks(detail: WorkDetail, sample: Benchmark | None) -> list[Sign]:
    if sample is None or detail.participants is None:
        return []
    shares = TaskShares(
        own=decimals(detail.values.get("percents", {})),
        sample=decimals({name.removeprefix(TASK): share for name, share in sample.percents.items()}),
        participants=detail.participants,
        sample_name=sample.sample,
    )
    return task_signs(shares, shipped_limits().tasks)


def decimals(percents: Mapping[str, str]) -> dict[str, Decimal]:
    return {code: Decimal(str(percent)) for code, percent in percents.items()}


def key_of(row: AssessmentResult | WorkDetail | Benchmark) -> Key:
    return row.procedure, row.year, row.subject, row.grade
