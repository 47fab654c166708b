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
    measure = get_object_or_404(Measure.objects.visible_to(request.user).for_page(), pk=pk)
    right(request.user, measure.roadmap)
    return measure


def found_section(request: AuthenticatedHttpRequest, pk: UUID) -> Section:
    section = get_object_or_404(Section.objects.visible_to(request.user).for_page(), pk=pk)
    require_keeping(request.user, section.roadmap)
    return section


def found_evidence(request: AuthenticatedHttpRequest, pk: UUID, right: Right = anyone) -> Evidence:
    evidence = get_object_or_404(Evidence.objects.visible_to(request.user).with_owner(), pk=pk)
    right(request.user, evidence.measure.roadmap)
    return evidence
