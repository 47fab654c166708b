"""SA-4: staff by subject, counts only."""

from typing import Final

from schools.intake.layouts.base import Layout
from schools.intake.layouts.statistic_table import layout_of
from schools.statistics import STAFF, catalogue_of

LAYOUT: Final[Layout] = layout_of(
    catalogue_of(STAFF),
    "лист «Данные» с предметами в строках и числом учителей, форму можно скачать",
)
