"""The same works in the municipality, the region and the country: context beside a verdict, never part of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import reduce
from operator import add
from typing import Any, Final

from django.db.models import Case, Count, F, IntegerField, QuerySet, Sum, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, NullIf

from accounts.russian import NBSP, number, percent
from schools.identification import (
    LEVEL_DEFINITIONS,
    LowDefinition,
    Part,
    Procedure,
    Quarters,
    Rules,
    ScoredWork,
    low_in_quarter,
    low_levels,
)
from schools.intake.level_scales import all_scales
from schools.models import AssessmentResult, Benchmark, School, Territory

FEWEST_SCHOOLS: Final = 3  # of fewer a single school could be read out of their sum
MARK_2: Final = "2"  # as federal files call the share
WorkKey = tuple[str, str, int, int]  # procedure, subject, grade, year
Sums = Mapping[WorkKey, tuple[int, int]]  # low works, participants
SCORED: Final = ("procedure", "subject", "grade", "year", "period", "level", "participants", "score_hist", "school")


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One work around a school: (where, share in words), what is not known left out. own: share of the school."""

    title: str
    own: str
    values: tuple[tuple[str, str], ...]


def references(
    school: School, parts: Iterable[Part], rules: Rules, quarters: Quarters | None = None
) -> list[Reference]:
    """Return the works of a school with counts and what they were around it. Three queries.

    Sums are of the results that the portal holds today; those of the country stand in the federal files, by marks
    alone. quarters: of the scores, that the verdict was made by.
    """
    shown = [part for part in parts if part.low is not None]
    keys = [key for part in shown for key in keys_of(part)]
    region = school.territory.parent or school.territory
    around = [(place.name, sums_of(place, keys, rules, quarters)) for place in (school.territory, region)]
    country = benchmarks_of(told_by_counts(keys, rules), (school.territory, region))
    return [
        Reference(
            title=f"{part.name}, {part.year}{NBSP}год",
            own=f"{percent(part.low, part.participants)} ({part.low} из {part.participants})",
            values=values_of(keys_of(part), around, country),
        )
        for part in shown
    ]


def values_of(
    keys: Sequence[WorkKey], around: Sequence[tuple[str, Sums]], country: Mapping[WorkKey, Sequence[tuple[str, str]]]
) -> tuple[tuple[str, str], ...]:
    """Return what is known around works that are one part of a school; the country tells of single works alone."""
    totals = [(place, sum_over(keys, sums)) for place, sums in around]
    own = [(place, f"{percent(low, of)} ({low} из {of})") for place, (low, of) in totals if of]
    return (*dict.fromkeys(own), *(country.get(keys[0], ()) if len(keys) == 1 else ()))


def sum_over(keys: Iterable[WorkKey], sums: Sums) -> tuple[int, int]:
    known = [sums[key] for key in keys if key in sums]
    return sum(low for low, _ in known), sum(of for _, of in known)


def keys_of(part: Part) -> list[WorkKey]:
    """Return the works of a part: several where grades or years of a small school were added up."""
    kind, subject, _ = part.procedure
    return [(kind, subject, grade, year) for year in part.years for grade in part.grades]


def told_by_counts(keys: Iterable[WorkKey], rules: Rules) -> list[WorkKey]:
    """Return the works whose low ones stand in the results: of others each school's scores are to be measured."""
    return [key for key in keys if key[0] not in rules.quarter_kinds]


def sums_of(territory: Territory, keys: Sequence[WorkKey], rules: Rules, quarters: Quarters | None = None) -> Sums:
    """Return low works and participants of each work over a territory, retakes left aside. One query.

    A work that fewer than FEWEST_SCHOOLS schools have written is left out.
    """
    results = AssessmentResult.objects.in_territory(territory).without_retakes()
    counted = told_by_counts(keys, rules)
    scored = [key for key in keys if key not in counted]
    return {**sums_of_counts(results, counted, rules), **sums_of_scores(results, scored, quarters or {})}


def sums_of_counts(results: QuerySet[AssessmentResult], keys: Sequence[WorkKey], rules: Rules) -> Sums:
    rows = works(results, keys).annotate(low_works=low_column(rules)).exclude(low_works=None)
    summed = rows.order_by().values_list("procedure", "subject", "grade", "year")
    found = summed.annotate(
        low_sum=Sum("low_works"),
        participants_sum=Sum("participants"),
        schools=Count("school", distinct=True),
    )
    return {row[:4]: (row[4], row[5]) for row in found.filter(schools__gte=FEWEST_SCHOOLS)}


def sums_of_scores(results: QuerySet[AssessmentResult], keys: Sequence[WorkKey], quarters: Quarters) -> Sums:
    """Return the same of works that are low by their scores; a school whose scores are not known is left out."""
    sums: dict[WorkKey, tuple[int, int]] = defaultdict(lambda: (0, 0))
    schools: dict[WorkKey, set[Any]] = defaultdict(set)
    rows = works(results, keys).order_by().values_list(*SCORED)
    for kind, subject, grade, year, period, level, participants, histogram, school in rows.iterator():
        key = (kind, subject, grade, year)
        quarter = quarters.get(ScoredWork(year, Procedure(kind, subject, grade), period, level))
        low = low_in_quarter(histogram, participants, quarter)
        if low is not None:
            sums[key] = (sums[key][0] + low, sums[key][1] + participants)
            schools[key].add(school)
    return {key: found for key, found in sums.items() if len(schools[key]) >= FEWEST_SCHOOLS}


def works(rows: QuerySet[Any], keys: Sequence[WorkKey]) -> QuerySet[Any]:
    """Narrow rows to the kinds, subjects, grades and years of some works; the few others are left by the reader."""
    kinds, subjects, grades, years = (sorted(set(column)) for column in zip(*keys, strict=True)) if keys else ([],) * 4
    return rows.filter(procedure__in=kinds, subject__in=subjects, grade__in=grades, year__in=years)


def low_column(rules: Rules) -> Any:
    """Return low works as the rule counts them: on low levels, below the minimum, otherwise the mark «2»."""
    scored = [kind for kind, how in rules.low_definition.items() if how is LowDefinition.BELOW_MINIMUM]
    levelled = {kind: how for kind, how in rules.low_definition.items() if how in LEVEL_DEFINITIONS}
    return Case(
        *(
            When(procedure=kind, level_scale=scale.code, then=on_levels(low_levels(scale, how, rules)))
            for kind, how in levelled.items()
            for scale in all_scales().values()
        ),
        When(procedure__in=list(levelled), then=Value(None)),  # levels are never replaced by marks
        When(procedure__in=scored, then=Coalesce("below_min", "mark2")),
        default=F("mark2"),
        output_field=IntegerField(),
    )


def on_levels(codes: Iterable[str]) -> Any:
    """Return how many are on some levels; nothing where one of them was not delivered."""
    counts = (NullIf(KT(f"level_counts__{code}"), Value("null")) for code in codes)  # SQLite spells a null of JSON out
    return reduce(add, (Cast(count, IntegerField()) for count in counts))


def benchmarks_of(keys: Sequence[WorkKey], territories: Sequence[Territory]) -> dict[WorkKey, list[tuple[str, str]]]:
    """Return (sample, share) of the widest sample in the files of these territories: the country. One query."""
    found: dict[WorkKey, list[tuple[str, str]]] = {}
    own = Benchmark.objects.filter(file__batch__territory__in=territories)
    rows = works(own, keys).order_by("-participants", "pk")
    for row in rows.values("procedure", "subject", "grade", "year", "sample", "participants", "percents"):
        if (share := decimal(row["percents"].get(MARK_2))) is not None:
            key = (row["procedure"], row["subject"], row["grade"], row["year"])
            words = f"{number(share, 2)}{NBSP}% (участников {row['participants']}, из федерального файла)"
            found.setdefault(key, [(row["sample"], words)])
    return found


def decimal(text: object) -> Decimal | None:
    try:
        return Decimal(str(text)) if text is not None else None
    except InvalidOperation:
        return None
