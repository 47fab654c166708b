"""Rows of a batch by file and outcome, paged without counting them: how many there are is known from the files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core.paginator import Page, Paginator

from schools.choices import RowOutcome
from schools.models import ImportRow

ON_PAGE: Final = 50


@dataclass(frozen=True, kw_only=True)
class RowList:
    """Rows of one outcome. files: (id of a file, number of its rows with this outcome), in the order of showing."""

    files: Sequence[tuple[UUID, int]]
    outcome: RowOutcome

    def __len__(self) -> int:
        return sum(number for _, number in self.files)

    def __getitem__(self, window: slice) -> list[ImportRow]:
        """Return the rows of a page. One query over the files that the page touches, most often a single one."""
        skipped, touched = self.touched(window.start, window.stop)
        rows = (
            ImportRow.objects.filter(outcome=self.outcome)
            .select_related("file", "school__territory")
            .defer("file__problems")
        )
        if len(touched) == 1:  # the index gives the rows of one file in the order of planning, nothing is sorted
            rows = rows.filter(file=touched[0]).order_by("pk")
        else:
            rows = rows.filter(file__in=touched).order_by("file__name", "file", "pk")
        return list(rows[window.start - skipped : window.stop - skipped])

    def touched(self, start: int, stop: int) -> tuple[int, list[UUID]]:
        """Return how many rows stand in files before a window, and the files with rows in it."""
        skipped, before, found = 0, 0, list[UUID]()
        for pk, number in self.files:
            if before + number <= start:
                skipped += number
            elif before < stop and number:
                found.append(pk)
            before += number
        return skipped, found


def rows_page(rows: RowList, number: str | None) -> Page[ImportRow]:
    return Paginator(rows, ON_PAGE).get_page(number)  # type: ignore[arg-type]  # it asks for lengths and slices only
