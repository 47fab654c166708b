"""What the pages of roadmaps show: rows of the table, groups, terms on a calendar, differences of versions.

Nothing here writes; words and looks only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from accounts.charts import Bar, BarGroup
from accounts.pieces import Segment
from accounts.russian import capitalized, count, due_words, number, percent, short_date
from riskprofiles.scoring import RiskLevel
from roadmaps.actions.editing import CellConflict
from roadmaps.cells import CELLS, Cell
from roadmaps.choices import MeasureStatus
from roadmaps.execution import Execution, Ratio
from roadmaps.lints import Remark
from roadmaps.metrics import execution_of
from roadmaps.models import Measure, Roadmap, Section
from roadmaps.versions import Item, ItemChange, compare

MEASURES: Final = "мероприятие,мероприятия,мероприятий"
TABLE_CELLS: Final = ("title", "indicator", "term", "responsible")
DETAIL_CELLS: Final = tuple(name for name in CELLS if name not in TABLE_CELLS)
LEVEL_LOOKS: Final[Mapping[RiskLevel, str]] = {
    RiskLevel.HIGH: "high",
    RiskLevel.MEDIUM: "mid",
    RiskLevel.LOW: "low",
}
COMPUTED_WORDS: Final = frozenset({"late", "soon", "check"})  # the pill says it better than the stored status
BAR_FILLS: Final[Mapping[str, str]] = {
    "done": "f-ok",
    "late": "f-bad",
    "soon": "f-warn",
    "work": "f1",
    "check": "f-acc2",
}


# Rows of the table


@dataclass(frozen=True, kw_only=True)
class CellView:
    """A cell as it stands: the text, and what is wrong with it."""

    cell: Cell
    measure: Measure
    text: str
    error: str = ""
    hint: str = ""  # the lint: what agreement will ask for
    clash: bool = False

    @property
    def id(self) -> str:
        return f"{self.cell.name}-{self.measure.pk}"

    @property
    def label(self) -> str:
        """Return the name for those who hear the page, different in each row."""
        return f"{self.cell.title} {self.measure.number}"

    @property
    def is_long(self) -> bool:
        return self.cell.name in {"objective", "expected_result"}


@dataclass(kw_only=True)
class RowView:
    """A measure in the table. refused: why a typed text was not saved, when the whole row is to blame."""

    measure: Measure
    today: date
    editable: bool
    reportable: bool = False
    details: bool = False
    fresh: bool = False  # just added: the cursor goes there
    cells: Mapping[str, CellView] = field(default_factory=dict)
    conflict: CellConflict | None = None
    refused: str = ""
    typed: str = ""

    @property
    def look(self) -> str:
        return self.measure.look(self.today)

    @property
    def status_text(self) -> str:
        return "" if self.look in COMPUTED_WORDS else self.measure.get_status_display()

    @property
    def due_kind(self) -> str:
        if self.measure.is_overdue(self.today):
            return "bad"
        return "warn" if self.measure.is_due_soon(self.today) else ""

    @property
    def due_hint(self) -> str:
        if not self.due_kind or self.measure.due_date is None:
            return ""
        return due_words(self.measure.due_date, self.today)

    @property
    def target(self) -> str:
        """Return the selector of what a saved cell replaces."""
        return f"#m-{self.measure.pk}"

    @property
    def detail_cells(self) -> list[CellView]:
        return [self.cells[name] for name in DETAIL_CELLS]

    @property
    def shows_progress(self) -> bool:
        return self.measure.status == MeasureStatus.IN_PROGRESS


def row_view(
    measure: Measure,
    *,
    today: date,
    editable: bool,
    reportable: bool = False,
    details: bool = False,
    hints: Mapping[str, str] | None = None,
    errors: Mapping[str, tuple[str, str]] | None = None,
    conflict: CellConflict | None = None,
    fresh: bool = False,
) -> RowView:
    """Return a row. hints: cell -> lint; errors: cell -> (typed text, why it was not saved)."""
    hints, errors = hints or {}, errors or {}

    def view(cell: Cell) -> CellView:
        typed, error = errors.get(cell.name, ("", ""))
        if conflict and conflict.cell.name == cell.name:
            return CellView(cell=cell, measure=measure, text=conflict.mine, clash=True)
        text = typed if error else cell.show(measure)
        return CellView(cell=cell, measure=measure, text=text, error=error, hint=hints.get(cell.name, ""))

    return RowView(
        measure=measure,
        today=today,
        editable=editable and not measure.is_excluded,
        reportable=reportable and not measure.is_excluded,
        details=details,
        fresh=fresh,
        cells={name: view(cell) for name, cell in CELLS.items()},
        conflict=conflict,
    )


def cell_hints(measure: Measure, remarks: Iterable[Remark]) -> dict[str, str]:
    """Return cell -> what agreement asks for, without the number that the row shows anyway."""
    own = [remark for remark in remarks if remark.measure == str(measure.pk)]
    return {remark.field: capitalized(remark.text.partition(": ")[2].removesuffix(".")) for remark in own}


# Groups and filters


@dataclass(frozen=True, kw_only=True)
class Group:
    section: Section
    rows: Sequence[RowView]
    done: int
    total: int

    @property
    def level_look(self) -> str:
        factor = self.section.factor
        return LEVEL_LOOKS.get(factor.effective_level, "") if factor and factor.effective_level else ""


Wanted = Callable[[Measure, date], bool]
VIEWS: Final[Mapping[str, tuple[str, Wanted]]] = {
    "": ("Все", lambda measure, today: True),  # noqa: ARG005
    "overdue": ("Просрочены", lambda measure, today: measure.is_overdue(today)),
    "soon": ("Срок близко", lambda measure, today: measure.is_due_soon(today)),
    "no-indicator": ("Без показателя", lambda measure, today: not measure.indicator and not measure.is_excluded),  # noqa: ARG005
    "to-confirm": ("На проверке", lambda measure, today: measure.look(today) == "check"),
}


def segments(measures: Sequence[Measure], show: str, today: date) -> list[Segment]:
    return [
        Segment(
            title=title,
            url=f"?show={key}" if key else "?",
            count=sum(wanted(measure, today) for measure in measures),
            current=key == show,
            bad=key == "overdue",
        )
        for key, (title, wanted) in VIEWS.items()
    ]


def groups(
    sections: Iterable[Section],
    measures: Sequence[Measure],
    *,
    today: date,
    show: str,
    row: Callable[[Measure], RowView],
) -> list[Group]:
    """Return the sections with the rows of a view; all sections for «Все», else only those with rows."""
    wanted = VIEWS[show][1]
    by_section: dict[UUID, list[Measure]] = {}
    for measure in measures:
        by_section.setdefault(measure.section_id, []).append(measure)
    found = []
    for section in sections:
        own = by_section.get(section.pk, [])
        rows = [row(measure) for measure in own if wanted(measure, today)]
        done = execution_of(own, today).done
        found.append(Group(section=section, rows=rows, done=done.numerator, total=done.denominator))
    return [group for group in found if group.rows or not show]


# Figures


def ratio_text(ratio: Ratio) -> str:
    """Return «15 из 22 (68,2 %)», or «нет данных» of an empty whole."""
    if not ratio.denominator:
        return "нет данных"
    share = percent(ratio.numerator, ratio.denominator, 1)
    return f"{number(ratio.numerator)} из {number(ratio.denominator)} ({share})"


def execution_line(found: Execution, *, risks: int, approved: bool) -> str:
    """Return the line under the heading: risks and measures; of an approved version also how far it is carried out."""
    parts = [count(found.done.denominator, MEASURES)]
    if risks:
        parts.insert(0, count(risks, "риск,риска,рисков"))
    if not approved:
        return ", ".join(parts)
    parts.append(f"исполнено {ratio_text(found.done)}")
    if found.in_time.denominator:
        parts.append(f"в срок {ratio_text(found.in_time)}")
    if found.overdue:
        parts.append(f"просрочено {found.overdue}")
    return ", ".join(parts)


# Terms


def bars(sections: Iterable[Section], measures: Sequence[Measure], today: date) -> list[BarGroup]:
    """Return the terms of the measures that are in the plan and have one."""
    by_section: dict[UUID, list[Bar]] = {}
    for measure in measures:
        if measure.due_date and not measure.is_excluded:
            by_section.setdefault(measure.section_id, []).append(bar(measure, measure.due_date, today))
    return [
        BarGroup(title=f"{section.position}. {section.title}", rows=by_section[section.pk])
        for section in sections
        if section.pk in by_section
    ]


def bar(measure: Measure, due: date, today: date) -> Bar:
    look = measure.look(today)
    words = {"late": "просрочено", "soon": "срок близко", "check": "на проверке"}.get(look, "")
    return Bar(
        number=measure.number,
        name=measure.title or "Без названия",
        start=measure.date_from or due,
        end=due,
        state=words or measure.get_status_display().lower(),
        fill=BAR_FILLS.get(look, "f2"),
        note=words,
        late=look == "late",
        progress=measure.progress if look == "work" else None,
    )


# Versions


def items(measures: Iterable[Measure]) -> dict[UUID, Item]:
    """Return stable id -> what a version says of the measure."""
    return {
        measure.stable_id: Item(
            number=measure.number,
            title=measure.title,
            cells={cell.title: cell.show(measure) for cell in CELLS.values()},
            excluded_because=(measure.cancel_reason or "не требуется") if measure.is_excluded else "",
        )
        for measure in measures
    }


def version_changes(before: Roadmap, after: Roadmap) -> list[ItemChange]:
    """Return what the later version changed; two queries."""
    return compare(items(before.measures.in_order()), items(after.measures.in_order()))


@dataclass(frozen=True, kw_only=True)
class HistoryEvent:
    """A change for ui/feed.html."""

    who: str
    what: str
    at: object
    was: str = ""
    now: str = ""
    reason: str = ""


def measure_events(measure: Measure) -> list[HistoryEvent]:
    """Return what happened to a measure, newest first; at most the last 50 records."""
    records = list(measure.history.select_related("history_user").order_by("-history_date", "-history_id")[:50])
    events = []
    for after, before in zip(records, [*records[1:], None], strict=True):
        who = str(after.history_user or "Портал")
        if before is None:
            if after.history_type == "+":
                events.append(HistoryEvent(who=who, what="— мероприятие добавлено", at=after.history_date))
            continue
        events += [
            HistoryEvent(who=who, what=title, at=after.history_date, was=was, now=now)
            for title, was, now in changed_texts(before, after)
        ]
    return events


def changed_texts(before: Any, after: Any) -> list[tuple[str, str, str]]:
    """Return title, was, now of the columns that a person knows; both are rows of the history."""
    texts = ((title, show(before), show(after)) for title, show in SHOWN.items())
    return [(title, was, now) for title, was, now in texts if was != now]


SHOWN: Final[Mapping[str, Callable[[Any], str]]] = {
    **{cell.title: cell.show for cell in CELLS.values() if cell.name != "start"},
    "Статус": lambda row: str(MeasureStatus(row.status).label),
    "Готовность": lambda row: f"{row.progress}\u00a0%",
    "Исполнено": lambda row: short_date(row.done_on) if row.done_on else "",
    "Результат": lambda row: str(row.actual_result),
    "Замечание": lambda row: str(row.confirmation_comment),
}
