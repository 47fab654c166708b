"""Rows locked for the length of a transaction, always the roadmap before its measures."""

from roadmaps.errors import NotInExecution, RoadmapFrozen
from roadmaps.models import Measure, Roadmap


def locked_roadmap(roadmap: Roadmap) -> Roadmap:
    """Read a roadmap anew and keep others from changing it."""
    return Roadmap.objects.select_for_update(of=("self",)).with_owner().get(pk=roadmap.pk)


def locked_draft(roadmap: Roadmap) -> Roadmap:
    """Lock a roadmap whose plan may change. Raises RoadmapFrozen."""
    fresh = locked_roadmap(roadmap)
    if not fresh.is_editable:
        raise RoadmapFrozen(fresh.get_state_display())
    return fresh


def locked_measure(measure: Measure) -> Measure:
    """Lock a measure of a roadmap that is locked already."""
    return Measure.objects.select_for_update(of=("self",)).select_related("section").get(pk=measure.pk)


def draft_measure(measure: Measure) -> Measure:
    """Lock a measure whose plan may change, with its roadmap. Raises RoadmapFrozen."""
    roadmap = locked_draft(measure.roadmap)
    fresh = locked_measure(measure)
    fresh.roadmap = roadmap
    return fresh


def running_measure(measure: Measure) -> Measure:
    """Lock a measure that is carried out, with its roadmap. Raises NotInExecution."""
    roadmap = locked_roadmap(measure.roadmap)
    if not roadmap.is_in_execution:
        raise NotInExecution(roadmap.get_state_display())
    fresh = locked_measure(measure)
    fresh.roadmap = roadmap
    return fresh
