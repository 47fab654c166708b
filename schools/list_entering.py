"""Whom corrected data would bring into a published list of low results: only schools whose results have changed since.

A rule that judges a school by its own works is asked about each of them. Of a rule that compares schools, or asks for
more, only a later run can tell; until there is one, that is what is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from schools.correction_rows import Correction, RowKey, changed_since, corrections_between
from schools.diff_words import work_words
from schools.identification import Part, PartState, Procedure, Rules, Work
from schools.lineage import Lineage, read_lineage
from schools.list_kinds import NAMED
from schools.models import IdentificationRun, School, SchoolList, SchoolVerdict
from schools.models.registry import SchoolQuerySet
from schools.result_groups import Grid, grids_of
from schools.run_diff import WorkChange, Years
from schools.what_if import judges_alone, naming, works_of_grid

FEW: Final = 2_000  # schools that a page asks about; a load of more calls for a run
TOO_MANY: Final = (
    f"После расчёта менялись результаты больше чем {FEW} школ вне перечня: кто вошёл бы в него, скажет новый расчёт."
)
NOT_ALONE: Final = (
    "Результаты школ территории с тех пор менялись. Правило судит школу не только по её работам: кто вошёл бы в "
    "перечень, скажет новый расчёт по этому правилу."
)

NOT_ALONE_IN_REGION: Final = (
    "Результаты школ региона с тех пор менялись. Какие работы низкие, правило судит по баллам всего региона: кто вошёл "
    "бы в перечень, скажет новый расчёт по этому правилу."
)


@dataclass(frozen=True, kw_only=True)
class EnteringSchool:
    """A school that the rule of the list names today. lines: works with counts of then and now, and their file."""

    school_id: UUID
    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entering:
    """Who would enter; instead, or besides, a sentence of what is not known. by: the later run that says so."""

    schools: tuple[EnteringSchool, ...] = ()
    unknown: str = ""
    by: IdentificationRun | None = None

    def __bool__(self) -> bool:
        return bool(self.schools or self.unknown)


def entering_schools(school_list: SchoolList) -> Entering:
    """Return whom the data of today would bring into a published list of a run.

    Two queries when no results have changed; five otherwise, those of the schools that changed and of nobody else.
    A school that was registered anew since is the school of the list, or of the run, that it was before.
    """
    run = school_list.run
    if run is None or school_list.published_at is None or not school_list.is_of_low_results:
        return Entering()
    schools, lineage = School.objects.in_territory(run.territory).active(), read_lineage()
    if not judges_alone(run.rules):
        return by_later_run(school_list, run, lineage)
    outside = schools.exclude(pk__in=school_list.items.values("school")).exclude(
        pk__in=listed_heirs(school_list, lineage)
    )
    changed = changed_since(outside, run.created_at, lineage).order_by("name", "pk")
    candidates = list(changed.only("name", "kind")[: FEW + 1])
    if len(candidates) > FEW:
        return Entering(unknown=TOO_MANY)
    return Entering(schools=tuple(by_own_works(run, candidates, lineage)) if candidates else ())


def listed_heirs(school_list: SchoolList, lineage: Lineage) -> set[UUID]:
    """Return the schools of a list under the legal persons that they have now. No query while there are none."""
    return heirs_among(school_list.items.order_by().values("school"), lineage)


def heirs_among(schools: QuerySet[Any, Any], lineage: Lineage) -> set[UUID]:
    """Return those that some schools have become. schools: rows of {school: id}."""
    if not lineage.heirs:
        return set()
    return {lineage.heirs[row["school"]] for row in schools.filter(school__in=list(lineage.heirs))}


def judging_schools(run: IdentificationRun) -> SchoolQuerySet:
    """Return the schools whose results the verdicts of a run depend on: of the region when its scores are asked."""
    territory = run.territory
    asked = (territory.parent or territory) if run.rules.quarter_kinds else territory
    return School.objects.in_territory(asked).active()


def by_later_run(school_list: SchoolList, run: IdentificationRun, lineage: Lineage) -> Entering:
    """Return whom the newest later run by the same rule names besides those of the list and of its own run."""
    schools = judging_schools(run)
    not_alone = NOT_ALONE_IN_REGION if run.rules.quarter_kinds else NOT_ALONE
    if not changed_since(schools, run.created_at, lineage).exists():
        return Entering()
    runs = IdentificationRun.objects.filter(territory=run.territory_id, year=run.year, rule_set=run.rule_set_id)
    later = runs.filter(created_at__gt=run.created_at).newest_first().first()
    if later is None:
        return Entering(unknown=not_alone)
    is_stale = changed_since(schools, later.created_at, lineage).exists()
    known = run.verdicts.filter(NAMED).order_by().values("school")
    named = later.verdicts.filter(NAMED).exclude(school__in=known)
    new = named.exclude(school__in=school_list.items.values("school")).order_by("school__name", "pk")
    rows = new.values_list("school_id", "school__name")
    same = heirs_among(known, lineage) | listed_heirs(school_list, lineage) if rows else set()
    entering = tuple(EnteringSchool(school_id=pk, name=name) for pk, name in rows if pk not in same)
    return Entering(schools=entering, unknown=not_alone if is_stale else "", by=later)


def by_own_works(run: IdentificationRun, candidates: Sequence[School], lineage: Lineage) -> Iterator[EnteringSchool]:
    """Yield those that the rule names today and has not named in its run. Three queries at most."""
    rules, keys = run.rules, [school.pk for school in candidates]
    years = range(run.year - rules.years_read + 1, run.year + 1)
    grids = grids_of(School.objects.filter(pk__in=keys), years, rules, run.quarters, lineage)
    judged = run.verdicts.filter(school__in=lineage.with_former(keys)).order_by()
    before = {lineage.now(each.school_id): each for each in judged}
    is_named = naming(rules, run.year)
    entering = [
        school
        for school in candidates
        if is_named(works_of_grid(grids.get(school.pk, {})), school.kind) and not was_named(before.get(school.pk))
    ]
    if not entering:
        return
    files = corrections_between([school.pk for school in entering], run.created_at, timezone.now(), lineage)
    for school in entering:
        works = works_since(before.get(school.pk), grids[school.pk], rules)
        lines = tuple(work_words(work, file_of(school, work, files)) for work in works)
        yield EnteringSchool(school_id=school.pk, name=school.name, lines=lines)


def was_named(verdict: SchoolVerdict | None) -> bool:
    return verdict is not None and verdict.is_named_by_rule


def works_since(verdict: SchoolVerdict | None, grid: Grid, rules: Rules) -> list[WorkChange]:
    """Return the works of the rule whose counts are not those of the stored evidence, the newest year first."""
    evidence = verdict.evidence if verdict else ()
    stored = {(part.year, part.procedure): part for part in evidence if part.low is not None}
    changes = [
        WorkChange(
            procedure=key,
            before=stored.get((year, key)),
            after=part_of(key, year, work, rules),
            years=Years(year, year),
        )
        for year in sorted(grid, reverse=True)
        for key, work in sorted(grid[year].items())
        if key in rules.procedures
    ]
    return [change for change in changes if change.is_recounted]


def part_of(procedure: Procedure, year: int, work: Work, rules: Rules) -> Part | None:
    """Return a work of today as a part; None without a count of low works."""
    if work.low is None:
        return None
    is_counted = work.participants >= rules.min_participants
    return Part(
        procedure=procedure,
        year=year,
        state=PartState.COUNTED if is_counted else PartState.SMALL_N,
        participants=work.participants,
        low=work.low,
        needed=rules.least_low(work.participants),
    )


def file_of(school: School, work: WorkChange, files: dict[RowKey, Correction]) -> Correction | None:
    part, key = work.after or work.before, work.procedure
    return files.get((school.pk, key.kind, key.subject, key.grade, part.year)) if part else None
