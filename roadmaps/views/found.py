"""Objects of a request: visible to the person (404) and open to the verb (403)."""

from collections.abc import Callable
from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from roadmaps.models import Evidence, Measure, Roadmap, Section
from roadmaps.permissions import require_keeping

Right = Callable[[User, Roadmap], None]


def anyone(_user: User, _roadmap: Roadmap) -> None:
    """Ask for no more than that the object is visible."""


def found_roadmap(request: AuthenticatedHttpRequest, pk: UUID, right: Right = anyone) -> Roadmap:
    roadmap = get_object_or_404(Roadmap.objects.visible_to(request.user).with_owner(), pk=pk)
    right(request.user, roadmap)
    return roadmap


def found_measure(request: AuthenticatedHttpRequest, pk: UUID, right: Right = require_keeping) -> Measure:
    measures = Measure.objects.visible_to(request.user).select_related(
        "section__factor",
        "roadmap__school__territory",
        "roadmap__territory",
        "roadmap__approval_act",
    )
    measure = get_object_or_404(measures, pk=pk)
    right(request.user, measure.roadmap)
    return measure


def found_section(request: AuthenticatedHttpRequest, pk: UUID) -> Section:
    roadmaps = Roadmap.objects.visible_to(request.user)
    sections = Section.objects.filter(roadmap__in=roadmaps).select_related(
        "factor",
        "roadmap__school__territory",
        "roadmap__territory",
    )
    section = get_object_or_404(sections, pk=pk)
    require_keeping(request.user, section.roadmap)
    return section


def found_evidence(request: AuthenticatedHttpRequest, pk: UUID, right: Right = anyone) -> Evidence:
    rows = Evidence.objects.visible_to(request.user).select_related(
        "measure__roadmap__school__territory",
        "measure__roadmap__territory",
    )
    evidence = get_object_or_404(rows, pk=pk)
    right(request.user, evidence.measure.roadmap)
    return evidence
