"""The tables of this app that imports write."""

from schools.importing.registry import RegistryTarget
from schools.importing.results import ResultTarget
from schools.importing.statistic_table import STATISTICS
from schools.importing.tables import DETAILS
from schools.importing.targets import register

register(RegistryTarget())
register(ResultTarget())
register(DETAILS)
register(STATISTICS)
