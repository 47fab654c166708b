"""Schools between results and conditions: counted by the database in one pass, placed by the rule of the matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q

from schools.models import IdentificationRun, SocialIndexRun
from schools.models.social import quadrant_q
from schools.social import Quadrant, SocialVerdict, quadrant_of
from schools.social_pages import NAMES_SHOWN, Matrix, MatrixCell

HARD: Final[Mapping[str, bool]] = {SocialVerdict.SHNSU: True, SocialVerdict.CLEAR: False}  # the rest is not known


@dataclass(frozen=True, kw_only=True)
class Placed:
    """How many schools of a run have each verdict, and how many stand in each cell (none without results)."""

    verdicts: Mapping[str, int]
    quadrants: Mapping[Quadrant, int]


def placed(run: SocialIndexRun, results: IdentificationRun | None) -> Placed:
    """Count the schools of a run. One query."""
    verdicts, quadrants = Counter[str](), Counter[Quadrant]()
    if results is None:
        rows = run.indices.order_by().values_list("verdict").annotate(schools=Count("pk"))
        return Placed(verdicts=Counter(dict(rows)), quadrants=quadrants)
    beside: Any = run.indices.beside(results).order_by()  # its annotations are not known to the types
    for group in beside.values("verdict", "is_judged", "has_low_results").annotate(schools=Count("pk")):
        low = group["has_low_results"] if group["is_judged"] else None
        cell = quadrant_of(has_low_results=low, has_hard_conditions=HARD.get(group["verdict"]))
        verdicts[group["verdict"]] += group["schools"]
        quadrants[cell] += group["schools"]
    return Placed(verdicts=verdicts, quadrants=quadrants)


def matrix_of(run: SocialIndexRun, results: IdentificationRun, counts: Mapping[Quadrant, int]) -> Matrix:
    """Return the cells with the first names of each. A query for each filled cell of the table."""
    cells = {
        each: MatrixCell(
            quadrant=each, count=counts[each], names=first_names(run, results, each) if counts[each] else ()
        )
        for each in Quadrant
    }
    return Matrix(run=results, cells=cells)


def first_names(run: SocialIndexRun, results: IdentificationRun, quadrant: Quadrant) -> list[str]:
    """Return the names that a cell shows; the schools outside of the table are only counted."""
    if quadrant is Quadrant.UNKNOWN:
        return []
    found = run.indices.beside(results).in_quadrant(quadrant).order_by("school__name", "pk")
    return list(found.values_list("school__name", flat=True)[:NAMES_SHOWN])


def segment_conditions(results: IdentificationRun | None) -> list[tuple[str, str, Q]]:
    """Return the views of the list of a run: name, title, condition; resilience only beside results."""
    known = [
        ("hard", "ШНСУ", Q(verdict=SocialVerdict.SHNSU)),
        ("rest", "Остальные", Q(verdict=SocialVerdict.CLEAR)),
        ("unknown", "Данных мало", Q(verdict=SocialVerdict.INSUFFICIENT_DATA)),
    ]
    return known if results is None else [*known, ("resilient", "Резильентные", quadrant_q(Quadrant.RESILIENT))]


def segment_counts(counts: Placed) -> dict[str, int]:
    """Return how many schools each view of the list holds."""
    return {
        "hard": counts.verdicts[SocialVerdict.SHNSU],
        "rest": counts.verdicts[SocialVerdict.CLEAR],
        "unknown": counts.verdicts[SocialVerdict.INSUFFICIENT_DATA],
        "resilient": counts.quadrants[Quadrant.RESILIENT],
    }
