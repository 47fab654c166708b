"""What the shared pieces of templates/ui take: plain values, so that every section fills them alike."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A common view of a list, for ui/segments.html. count None: the view has no number; bad: the number alarms."""

    title: str
    url: str
    current: bool
    count: int | None = None
    bad: bool = False


@dataclass(frozen=True, kw_only=True)
class Step:
    """A stage of a process, for ui/steps.html. state: done, now, over where it was broken off, or "" for ahead."""

    title: str
    state: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Action:
    """A button of the bar over chosen rows, for ui/bulk_bar.html."""

    name: str
    value: str
    title: str
    icon: str
