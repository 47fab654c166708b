"""Metric sets, cycles, submissions, readings, methodical events."""

from monitoring.models.cycles import Metric, MetricSet, MonitoringCycle, Reading, Submission
from monitoring.models.events import MethodEvent

__all__ = ["MethodEvent", "Metric", "MetricSet", "MonitoringCycle", "Reading", "Submission"]
