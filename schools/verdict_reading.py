"""Reads what the card «Почему в списке» shows beside a verdict: the rows of results with their files."""

from collections.abc import Iterable

from schools.models import AssessmentResult, IdentificationRun, SchoolVerdict
from schools.verdict_pages import VerdictCard


def card_of(verdict: SchoolVerdict, run: IdentificationRun) -> VerdictCard:
    results = sources(part.source for part in verdict.evidence)
    return VerdictCard(verdict=verdict, rules=run.rules, year=run.year, results=results)


def sources(references: Iterable[str]) -> dict[str, AssessmentResult]:
    """Return the rows of results behind the parts, with their files and who applied them. One query."""
    ids = {int(key) for reference in references for key in reference.split(",") if key}
    rows = AssessmentResult.objects.filter(pk__in=ids).select_related("marks_file__batch__applied_by")
    return {str(row.pk): row for row in rows}
