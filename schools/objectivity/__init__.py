"""Signs in the results of a school that ask for a closer look. Pure: no Django, no database, no clock.

A sign is never a conclusion: the words are «признаки, требуют дополнительного анализа». It changes no verdict.
Source: domain specification, 1.1-5, 2.2; thresholds are configuration.
"""

from schools.objectivity.scales import MarkScale, ScalesRefused, mark_borders, mark_scales, read_scales
from schools.objectivity.settings import JournalLimits, Limits, PeakLimits, TaskLimits, shipped_limits
from schools.objectivity.signs import (
    WORDING,
    JournalCounts,
    Sign,
    SignKind,
    TaskShares,
    journal_signs,
    peak_signs,
    task_signs,
)

__all__ = [
    "WORDING",
    "JournalCounts",
    "JournalLimits",
    "Limits",
    "MarkScale",
    "PeakLimits",
    "ScalesRefused",
    "Sign",
    "SignKind",
    "TaskLimits",
    "TaskShares",
    "journal_signs",
    "mark_borders",
    "mark_scales",
    "peak_signs",
    "read_scales",
    "shipped_limits",
    "task_signs",
]
