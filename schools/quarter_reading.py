"""Reads the primary scores of a region: where the lower quarter of a work ends is asked of all its schools.

A run over a municipality asks the region as well: one rule judges a school alike, whoever starts it.
"""

from collections.abc import Iterable

from schools.identification import Quarters, Rules, quarters_of
from schools.models import School, Territory
from schools.result_groups import result_texts, scored_rows


def quarters_today(territory: Territory, years: Iterable[int], rules: Rules) -> Quarters | None:
    """Return the quarters of the works of a rule over the region of a territory, as the results are today.

    Of the active schools of the region, with the results of their former legal persons. None, and no query, for a rule
    that looks at no scores.
    """
    if not rules.quarter_kinds:
        return None
    schools = School.objects.in_territory(territory.parent or territory).active()
    return quarters_of_texts(result_texts(schools, years, rules).values(), rules)


def quarters_of_texts(texts: Iterable[str], rules: Rules) -> Quarters:
    """Return the quarters out of the texts of all schools of a region (`result_groups.result_texts`)."""
    return quarters_of(scored_rows(texts, rules))
