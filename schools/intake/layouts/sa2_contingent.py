"""SA-2: contingent, twelve items by level of education."""

from typing import Final

from schools.intake.layouts.base import Layout
from schools.intake.layouts.statistic_table import layout_of
from schools.statistics import CONTINGENT, catalogue_of

LAYOUT: Final[Layout] = layout_of(
    catalogue_of(CONTINGENT),
    "лист «Данные» с показателями по уровням НОО, ООО, СОО, форму можно скачать",
)
