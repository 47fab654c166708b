"""SA-1: context of a school, about sixty values on 1 October."""

from typing import Final

from schools.intake.layouts.base import Layout
from schools.intake.layouts.statistic_table import layout_of
from schools.statistics import CONTEXT, catalogue_of

LAYOUT: Final[Layout] = layout_of(
    catalogue_of(CONTEXT),
    "лист «Данные» с показателями в строках, форму можно скачать",
)
