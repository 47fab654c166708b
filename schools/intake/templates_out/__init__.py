"""The portal's own templates as workbooks, filled with what the portal knows.

One function a form; each gives a book with a locked header, drop-downs, an instruction and the hidden sheet of
`schools.intake.template_meta`. What is read back from a template nobody touched is what stands in the portal.
"""

from schools.intake.templates_out.book import HELP_SHEET, LISTS_SHEET
from schools.intake.templates_out.events import events_template
from schools.intake.templates_out.registry import registry_template
from schools.intake.templates_out.results import internal_works_template, results_template
from schools.intake.templates_out.statistics import FilledSchool, Stored, statistic_template

__all__ = [
    "HELP_SHEET",
    "LISTS_SHEET",
    "FilledSchool",
    "Stored",
    "events_template",
    "internal_works_template",
    "registry_template",
    "results_template",
    "statistic_template",
]
