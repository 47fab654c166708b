"""Roadmaps with their versions, sections and measures, and the evidence of execution."""

from roadmaps.models.evidence import Evidence
from roadmaps.models.measure import Measure
from roadmaps.models.roadmap import Roadmap, Section

__all__ = ["Evidence", "Measure", "Roadmap", "Section"]
