"""The templates of this app, filled from the database: results, internal works, registry, SA-1, SA-2, SA-4."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from schools.choices import Period
from schools.importing.templates import Asked, ref_of
from schools.intake.layouts import portal_results, portal_schools
from schools.intake.layouts.level_columns import PREFIX
from schools.intake.subjects import subject_name
from schools.intake.template_meta import INTERNAL_WORKS, REGISTRY, RESULTS
from schools.intake.templates_out import (
    FilledSchool,
    Stored,
    internal_works_template,
    registry_template,
    results_template,
    statistic_template,
)
from schools.intake.templates_out.book import Line
from schools.intake.vocabulary import LEVEL_NAMES, PERIOD_NAMES, PROCEDURE_NAMES, checks_previous_grade
from schools.models import AssessmentResult, School, SchoolStatistic
from schools.statistics import catalogue_of

RESULT_FIELDS: Final = tuple(
    column.key for column in portal_results.COLUMNS if hasattr(AssessmentResult, column.key) and column.key != "name"
)
LEVELS: Final = "level_counts"  # goes into a column for each level
STORED_FIELDS: Final = (*RESULT_FIELDS, LEVELS)
WORDS: Final[dict[str, Callable[[str], str]]] = {
    "procedure": lambda code: PROCEDURE_NAMES.get(code, code),
    "period": lambda code: PERIOD_NAMES.get(code, code),
    "subject": subject_name,
    "level": lambda code: LEVEL_NAMES.get(code, code),
}
SCHOOL_FIELDS: Final = tuple(column.key for column in portal_schools.COLUMNS if hasattr(School, column.key))


def results_book(asked: Asked) -> bytes:
    condition = Q(year=asked.year) if asked.period else Q()
    lines = result_lines(asked, condition) if asked.is_filled else []
    return results_template(asked.refs, lines, asked.meta(RESULTS, portal_results.VERSION))


def internal_works_book(asked: Asked) -> bytes:
    """Return SA-5 of the one school, with the works of the academic year that the portal knows."""
    autumn = Q(year=asked.year, period__in=(Period.AUTUMN, Period.SEPTEMBER))
    condition = Q(procedure__in=portal_results.INTERNAL_PROCEDURES) & (autumn | Q(year=asked.year + 1))
    lines = result_lines(asked, condition) if asked.is_filled else []
    return internal_works_template(asked.refs[0], lines, asked.meta(INTERNAL_WORKS, portal_results.VERSION))


def result_lines(asked: Asked, condition: Q) -> list[Line]:
    """Return stored results by column, in the order of the schools. One query."""
    order = ("school__name", "school", "year", "procedure", "grade", "subject", "level", "period")
    rows = AssessmentResult.objects.filter(condition, school__in=asked.schools).order_by(*order)
    return [result_line(row) for row in rows.values("school__inn", "school__name", *STORED_FIELDS)]


def result_line(row: dict[str, Any]) -> Line:
    values = {name: row[name] for name in RESULT_FIELDS}
    if checks_previous_grade(row["procedure"], row["year"], row["period"]):
        values["grade"] += 1  # the file tells the grade of the pupils; the programme is worked out when it is read
    words = {name: word(values[name]) for name, word in WORDS.items()}
    mean = values["mean_score"]
    levels = {f"{PREFIX}{code}": number for code, number in (row[LEVELS] or {}).items()}
    return {**values, **words, **school_of(row), **levels, "mean_score": None if mean is None else float(mean)}


def school_of(row: dict[str, Any]) -> Line:
    return {"inn": row["school__inn"], "name": row["school__name"]}


def registry_book(asked: Asked) -> bytes:
    known = [school for school in asked.schools if school.inn]  # a branch without an ИНН is kept on its own page
    lines = [registry_line(school) for school in known] if asked.is_filled else []
    return registry_template(lines, asked.meta(REGISTRY, portal_schools.VERSION))


def registry_line(school: School) -> Line:
    values = {name: getattr(school, name) for name in SCHOOL_FIELDS}
    return {**values, "municipality_code": school.territory.code, "municipality": school.territory.name}


def statistic_book(form: str) -> Callable[[Asked], bytes]:
    """Return the builder of a form with a catalogue."""

    def build(asked: Asked) -> bytes:
        catalogue = catalogue_of(form)
        values = stored_values(form, asked) if asked.is_filled else {}
        schools = [FilledSchool(ref=ref_of(school), values=values.get(school.pk, {})) for school in asked.schools]
        return statistic_template(catalogue, asked.meta(form, catalogue.version), asked.owner, schools)

    return build


def stored_values(form: str, asked: Asked) -> dict[UUID, dict[tuple[str, str], Stored]]:
    """Return what the schools have reported for the year. One query."""
    values: dict[UUID, dict[tuple[str, str], Stored]] = defaultdict(dict)
    rows = SchoolStatistic.objects.for_year(asked.year).filter(form=form, school__in=asked.schools)
    for school, item, section, value, text in rows.values_list("school_id", "item", "section", "value", "text"):
        values[school][item, section] = Stored(value=value, text=text)
    return values
