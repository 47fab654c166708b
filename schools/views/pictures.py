"""The pictures of a run, each with its numbers as text."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission
from schools.identification import Verdict
from schools.models import IdentificationRun
from schools.run_pictures import (
    band_columns,
    heat_map,
    low_columns,
    pair_lines,
    year_pair,
)
from schools.share_bands import tally_of
from schools.verdict_pages import threshold_words

PAGE_SIZE: Final = 30
PAIRS_SHOWN: Final = 30


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def run_pictures(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    run = get_object_or_404(IdentificationRun.objects.visible_to(request.user).for_page(), pk=pk)
    page = Paginator(run.verdicts.for_page(), PAGE_SIZE).get_page(request.GET.get("page"))
    rules = run.rules
    context = {
        "run": run,
        "rules": rules,
        "has_threshold": rules.has_own_conditions,
        "threshold": float(rules.share_threshold_pct) if rules.has_own_conditions else None,
        "threshold_words": threshold_words(rules),
        "needed": rules.min_procedures,
        "page": page,
        "heat": heat_map(list(page.object_list), run.year, rules),
        **low_context(run),
        **share_context(run),
        **pair_context(run),
    }
    return render(request, "identification/run_pictures.html", context)


def low_context(run: IdentificationRun) -> dict[str, Any]:
    """Return schools that the rule concerns by the number of their low procedures, apart those with nothing counted.

    One query. No number is enough where subjects are counted: two procedures may be of one.
    """
    rules = run.rules
    needed = rules.min_procedures if rules.has_own_conditions and not rules.count_subject_once else None
    has_counted = Q(counted_procedures__gt=0)
    rows = run.verdicts.exclude(verdict=Verdict.EXCLUDED).order_by("low_procedures").values("low_procedures")
    found = rows.annotate(schools=Count("pk", filter=has_counted), silent=Count("pk", filter=~has_counted))
    counts: Mapping[int, int] = {row["low_procedures"]: row["schools"] for row in found if row["schools"]}
    return {
        "low_counts": sorted(counts.items()),
        "low_columns": low_columns(counts, needed),
        "low_needed": needed,
        "silent": sum(row["silent"] for row in found),
    }


def share_context(run: IdentificationRun) -> dict[str, Any]:
    """Return schools by the share that decides condition 1."""
    tally = tally_of(run)
    every = tally.bands()
    return {
        "bands": [band for band in every if band.total],
        "band_columns": band_columns(every),
        "unknown": tally.unknown,
        "excluded": tally.excluded,
        "total": tally.total,
    }


def pair_context(run: IdentificationRun) -> dict[str, Any]:
    """Return the schools that the rule or a decision names in two years."""
    named = run.verdicts.listed().for_page()
    pairs = [year_pair(verdict, run.year) for verdict in named[:PAIRS_SHOWN]]
    return {"pairs": pairs, "pair_lines": pair_lines(pairs), "pairs_left": max(named.count() - PAIRS_SHOWN, 0)}
