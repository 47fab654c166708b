"""Rows of a roadmap into `roadmaps.lints` and `roadmaps.workflow`."""

from collections.abc import Iterable, Sequence
from datetime import date

from riskprofiles.models import ProfileFactor
from roadmaps.choices import RUNNING_STATUSES
from roadmaps.lints import Plan, PlannedMeasure, Remark, errors, measure_remarks, remarks
from roadmaps.models import Measure, Roadmap
from roadmaps.workflow import RoadmapFacts
from schools.models import SchoolList


def remarks_on(roadmap: Roadmap, measures: Iterable[Measure] | None = None) -> list[Remark]:
    """Return what must be put right. measures: those of the roadmap with factors read along, when at hand."""
    rows = roadmap.measures.in_order().prefetch_related("factors") if measures is None else measures
    return remarks(
        Plan(
            period_from=roadmap.period_from,
            period_to=roadmap.period_to,
            measures=[planned(measure) for measure in rows if not measure.is_excluded],
            activated=activated_factors(roadmap),
            order_date=roadmap.approval_act.date if roadmap.approval_act else None,
            list_date=list_date(roadmap),
        ),
    )


def remarks_on_row(measure: Measure) -> list[Remark]:
    """Return what must be put right in one row of a draft; no query."""
    roadmap = measure.roadmap
    if measure.is_excluded or not roadmap.is_editable:
        return []
    plan = Plan(period_from=roadmap.period_from, period_to=roadmap.period_to, measures=(), activated={})
    return list(measure_remarks(planned(measure, factors=frozenset()), plan))


def planned(measure: Measure, factors: frozenset[str] | None = None) -> PlannedMeasure:
    """Return a measure for the lints. factors: ids when known, else they are read."""
    return PlannedMeasure(
        key=str(measure.pk),
        number=measure.number,
        title=measure.title,
        indicator=measure.indicator,
        responsible=measure.responsible,
        date_from=measure.date_from,
        due_date=measure.due_date,
        timing=measure.timing,
        factors=frozenset(str(factor.pk) for factor in measure.factors.all()) if factors is None else factors,
    )


def activated_factors(roadmap: Roadmap) -> dict[str, str]:
    """Return the factors that the school works on, id -> title."""
    if roadmap.profile_id is None:
        return {}
    factors = ProfileFactor.objects.activated().filter(profile=roadmap.profile_id).in_order()
    return {str(factor.pk): factor.title for factor in factors}


def list_date(roadmap: Roadmap) -> date | None:
    """Return the date of the order of the latest published list with the school, or of the territory."""
    lists = SchoolList.objects.published().filter(basis_document__date__lte=roadmap.period_to)
    if roadmap.school_id:
        lists = lists.filter(items__school=roadmap.school_id)
    else:
        lists = lists.filter(territory=roadmap.territory_id)
    latest: date | None = (
        lists.order_by("-basis_document__date", "pk").values_list("basis_document__date", flat=True).first()
    )
    return latest


def facts_about(roadmap: Roadmap, *, today: date, found: Sequence[Remark] | None = None) -> RoadmapFacts:
    """Return what the conditions of the state table ask. found: remarks on the roadmap, when at hand."""
    return RoadmapFacts(
        is_revision=roadmap.is_revision,
        errors=len(errors(remarks_on(roadmap) if found is None else found)),
        unsettled=roadmap.measures.filter(status__in=RUNNING_STATUSES).count(),
        period_is_over=roadmap.period_to < today,
    )
