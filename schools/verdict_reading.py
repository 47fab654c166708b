"""Reads what the card «Почему в списке» shows beside a verdict: its results of the day, what the school inherited."""

from collections import defaultdict
from collections.abc import Iterator

from accounts.russian import listing, short_date
from schools.choices import ReorganisationKind
from schools.lineage import Lineage, read_lineage
from schools.models import IdentificationRun, SchoolListItem, SchoolSuccession, SchoolVerdict
from schools.results_of_day import rows_of_day
from schools.verdict_pages import VerdictCard


def card_of(verdict: SchoolVerdict, run: IdentificationRun, lineage: Lineage | None = None) -> VerdictCard:
    """Return the card of a school. lineage: of all schools, read here when it is not given."""
    return VerdictCard(
        verdict=verdict,
        rules=run.rules,
        year=run.year,
        rows_of_day=rows_of_day(verdict, run),
        inherited=tuple(inherited_words(verdict, run, lineage or read_lineage())),
        contingent_year=run.contingent_year,
        quarters=run.quarters,
    )


def inherited_words(verdict: SchoolVerdict, run: IdentificationRun, lineage: Lineage) -> Iterator[str]:
    """Yield what the school goes on from and what of it the run has read. Two queries where there is anything."""
    before = lineage.listed.get(verdict.school_id, ())
    if not before:
        return
    known = SchoolSuccession.objects.filter(predecessor__in=before, recorded_at__lte=run.created_at)
    listed: dict[object, list[int]] = defaultdict(list)
    named = SchoolListItem.objects.published().of_low_results()
    items = named.filter(school__in=before, school_list__year__lt=run.year).order_by("school_list__year", "pk")
    for school, year in items.values_list("school_id", "school_list__year"):
        listed[school].append(year)
    for row in known.exclude(kind=ReorganisationKind.SPLIT).select_related("predecessor").order_by("date", "pk"):
        yield f"{succession_words(row)}; {years_words(listed[row.predecessor_id])}"


def succession_words(row: SchoolSuccession) -> str:
    name, day = row.predecessor, short_date(row.date)
    if row.kind == ReorganisationKind.NEW_ENTITY:
        return f"Прежнее юридическое лицо школы до {day}: {name}, учтены его результаты и перечни"
    return f"С {day} присоединена школа: {name}, учтены её прежние перечни, но не результаты"


def years_words(years: list[int]) -> str:
    """Return «в перечнях по результатам 2024 и 2025 годов»."""
    told = list(dict.fromkeys(map(str, years)))
    if not told:
        return "в опубликованных перечнях прежних лет не было"
    return f"в перечне по результатам {listing(told)} {'года' if len(told) == 1 else 'годов'}"
