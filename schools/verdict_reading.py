"""Reads what the card «Почему в списке» shows beside a verdict: the rows of results of its day with their files."""

from schools.models import IdentificationRun, SchoolVerdict
from schools.results_of_day import rows_of_day
from schools.verdict_pages import VerdictCard


def card_of(verdict: SchoolVerdict, run: IdentificationRun) -> VerdictCard:
    return VerdictCard(verdict=verdict, rules=run.rules, year=run.year, rows_of_day=rows_of_day(verdict, run))
