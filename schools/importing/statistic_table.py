"""What schools tell of themselves once a year (SA-1, SA-2, SA-4) as a table that imports write, with its warnings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from schools import bulk
from schools.choices import RowOutcome, StatisticForm
from schools.importing.ground import FilePlan, Ground, PlannedRow
from schools.importing.tables import TableTarget
from schools.importing.warnings import JUMP_PERCENT, participants_jumped
from schools.intake.rows import Problem, ProblemCode, Severity, problem_at
from schools.models import School, SchoolStatistic
from schools.statistics import ItemKind, catalogue_of

Place = tuple[UUID | None, str, int, str, str]  # school, form, year, item, section
CHANGING: Final = (RowOutcome.NEW, RowOutcome.CHANGED)


class StatisticTable(TableTarget):
    """Counts that jumped against the year before are warned of, as in the results of works."""

    def plan(self, ground: Ground, plans: Sequence[FilePlan]) -> Iterator[None]:
        for _ in super().plan(ground, plans):
            self.add_jumps(plans)
            yield

    def add_jumps(self, plans: Sequence[FilePlan]) -> None:
        """Warn of the rows that the plans have now."""
        told = [(plan, row) for plan in plans for row in plan.rows if row.target == self.code and is_count(row)]
        before = counts_before([row for _, row in told])
        jumped = [(plan, row) for plan, row in told if jumps(row, before)]
        names: dict[UUID | None, str] = dict(
            School.objects.filter(pk__in={row.school_id for _, row in jumped}).values_list("pk", "name")
        )
        for plan, row in jumped:
            plan.problems.append(self.jump_problem(row, before[year_before(row)], names.get(row.school_id, row.label)))

    def jump_problem(self, row: PlannedRow, was: int, school: str) -> Problem:
        now = count_of(row)
        what = f"{school}, {self.about(row.key)}: {now}, год назад {was}: изменение больше {JUMP_PERCENT} %."
        return problem_at(
            ProblemCode.JUMP,
            row.sheet,
            row.number,
            what,
            found=str(now),
            expected=f"около {was}",
            severity=Severity.WARNING,
            action="Сверьте с прошлым годом; если всё верно, поясните изменение.",
        )


def is_count(row: PlannedRow) -> bool:
    """Answer whether a row would change a number of people or things; what the catalogue has dropped is none."""
    item = catalogue_of(row.key["form"]).by_code.get(row.key["item"])
    return row.outcome in CHANGING and item is not None and item.kind == ItemKind.COUNT and count_of(row) is not None


def count_of(row: PlannedRow) -> int | None:
    value = (row.after or {}).get("value")
    return None if value is None else int(Decimal(value))


def place_of(row: PlannedRow, year: int) -> Place:
    return row.school_id, row.key["form"], year, row.key["item"], row.key["section"]


def year_before(row: PlannedRow) -> Place:
    return place_of(row, row.key["year"] - 1)


def jumps(row: PlannedRow, before: Mapping[Place, int]) -> bool:
    was, now = before.get(year_before(row)), count_of(row)
    return was is not None and now is not None and participants_jumped(was, now)


def counts_before(rows: Sequence[PlannedRow]) -> dict[Place, int]:
    """Return the counts of the year before, as they stand or as this batch tells them. One query, none for no rows."""
    years = {row.key["year"] - 1 for row in rows}
    if not years:
        return {}
    own = {place_of(row, row.key["year"]): count_of(row) for row in rows}
    found = {**dict(stored_counts(years, {row.school_id for row in rows if row.school_id})), **own}
    return {place: value for place, value in found.items() if value is not None}


def stored_counts(years: Iterable[int], schools: Iterable[UUID]) -> Iterator[tuple[Place, int]]:
    names = ("school_id", "form", "year", "item", "section", "value")
    stored = SchoolStatistic.objects.filter(year__in=years, value__isnull=False)
    for row in bulk.values_of_schools(stored, set(schools), names):
        yield (row["school_id"], row["form"], row["year"], row["item"], row["section"]), int(row["value"])


def statistic_title(key: Mapping[str, Any]) -> str:
    """Return «Кадры на 1 октября 2026 года: Учителей, Физика»; what the catalogue has dropped keeps its code."""
    form, catalogue = StatisticForm(key["form"]).label, catalogue_of(key["form"])
    item = catalogue.by_code.get(key["item"])
    section = next((section.title for section in catalogue.sections if section.code == key["section"]), key["section"])
    part = f", {section}" if key["section"] else ""
    return f"{form} на 1 октября {key['year']} года: {item.title if item else key['item']}{part}"


STATISTICS: Final = StatisticTable(
    code="statistics",
    title="Сведения о школах",
    model=SchoolStatistic,
    key_fields=("form", "year", "item", "section"),
    value_fields=("value", "whole", "text"),
    titles={"value": "значение", "whole": "из скольких", "text": "текст"},
    about=statistic_title,
)
