"""An applied batch as the portal's own templates, filled with what stands in the portal now.

Loaded again untouched, every row says «без изменений»; a person mends a figure there instead of in the file that came.
Each table that has a template tells here what of a batch goes into it: an app registers its own beside its templates.
"""

import io
import zipfile
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from accounts.errors import ActionRefused
from accounts.russian import count
from schools.choices import OPENING_PERIODS
from schools.importing import registry, result_fields
from schools.importing.statistic_table import STATISTICS
from schools.importing.targets import rows_for, targets_in
from schools.importing.template_books import STORED_FIELDS, registry_line, result_line
from schools.importing.templates import MOST_LINES, REGISTERED, Asked, ref_of
from schools.intake.layouts.portal_results import VERSION
from schools.intake.template_meta import INTERNAL_WORKS
from schools.intake.templates_out import internal_works_template, registry_template, results_template
from schools.intake.templates_out.book import Line
from schools.models import AssessmentResult, ImportBatch, School

RESULTS_NAME: Final = "Результаты загрузки.xlsx"
REGISTRY_NAME: Final = "Реестр школ загрузки.xlsx"


class NoTemplate(ActionRefused):
    """The batch has no rows of a kind that a template carries, or too many of them."""


class MadeByJob(NoTemplate):
    """The workbooks are too long to be made while a page waits."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A workbook that is not written yet. lines: how many of them it will have, about."""

    name: str
    lines: int
    build: Callable[[], bytes]


Drafts = Callable[[ImportBatch], Iterable[Draft]]
DRAFTS: Final[dict[str, Drafts]] = {}  # code of a target -> what of a batch goes into templates


def register(target: str, drafts: Drafts) -> None:
    """Have a table told of in templates of batches. Raises ValueError for a target that is taken."""
    if DRAFTS.setdefault(target, drafts) is not drafts:
        raise ValueError(f"templates of {target} are registered twice")


def batch_templates(batch: ImportBatch, *, most_lines: int = MOST_LINES) -> dict[str, bytes]:
    """Return name of a file -> workbook: one of results, one of the registry, one of a form and year, and so on.

    Raises NoTemplate.
    """
    told = (DRAFTS[target.code](batch) for target in targets_in(batch) if target.code in DRAFTS)
    drafts = [draft for of_target in told for draft in of_target]
    if not drafts:
        raise NoTemplate("В портале нет сведений из этой загрузки, для которых есть шаблон.")
    refuse_endless(sum(draft.lines for draft in drafts), most_lines)
    return {draft.name: draft.build() for draft in drafts}


def refuse_endless(lines: int, most_lines: int) -> None:
    if lines <= most_lines:
        return
    told = f"В шаблонах этой загрузки получилось бы около {count(lines, 'строки,строк,строк')}"
    if most_lines == MOST_LINES:
        raise MadeByJob(f"{told}, поэтому они готовятся в фоне: нажмите «Подготовить шаблон».")
    raise NoTemplate(f"{told}: столько портал не загрузит. Скачайте шаблон муниципалитета или школы.")


def results_drafts(batch: ImportBatch) -> Iterator[Draft]:
    """Yield the results of a batch; those that a school has told itself by academic year, as its form SA-5 has them."""
    told = rows_for(batch, result_fields.CODE).values_list("school_id", "key")
    keys = {result_fields.result_key(school, key) for school, key in told}
    lines = stored_lines(keys)
    if batch.school:
        yield from internal_drafts(batch.school, lines)
    elif lines:
        schools = School.objects.filter(pk__in={school for school, _ in keys}).order_by("name", "pk")
        refs = [ref_of(school) for school in schools]
        build = partial(results_template, refs, [line for _, line in lines])
        yield Draft(name=RESULTS_NAME, lines=len(lines), build=build)


def internal_drafts(school: School, lines: Iterable[tuple[int, Line]]) -> Iterator[Draft]:
    by_year: dict[int, list[Line]] = defaultdict(list)
    for year, line in lines:
        by_year[year].append(line)
    for year, of_year in sorted(by_year.items()):
        asked = Asked(territory=school.territory, school=school, schools=[school], period=str(year))
        meta = asked.meta(INTERNAL_WORKS, VERSION)
        build = partial(internal_works_template, ref_of(school), of_year, meta)
        yield Draft(name=f"SA-5 Внутренние работы {year}-{year + 1}.xlsx", lines=len(of_year), build=build)


def stored_lines(keys: Collection[result_fields.ResultKey]) -> list[tuple[int, Line]]:
    """Return the results with these keys as they stand: first year of the academic year, line of the template.

    One query.
    """
    within = Q(school__in={school for school, _ in keys}, year__in={work.year for _, work in keys})
    stored = AssessmentResult.objects.filter(within).order_by(*result_fields.KEY_FIELDS, "pk")
    return [
        (first_year(row), result_line(row))
        for row in stored.values("school_id", "school__inn", "school__name", *STORED_FIELDS)
        if result_fields.result_key(row["school_id"], row) in keys
    ]


def first_year(row: dict[str, Any]) -> int:
    """Return the year in which the academic year of a work began."""
    year: int = row["year"]
    return year if row["period"] in OPENING_PERIODS else year - 1


def registry_drafts(batch: ImportBatch) -> Iterator[Draft]:
    inns = {row.key["inn"] for row in rows_for(batch, registry.CODE)}
    schools = School.objects.filter(inn__in=inns).select_related("territory").order_by("name", "pk")
    lines = [registry_line(school) for school in schools]
    if lines:
        yield Draft(name=REGISTRY_NAME, lines=len(lines), build=partial(registry_template, lines))


def statistic_drafts(batch: ImportBatch) -> Iterator[Draft]:
    """Yield a form for each kind and year, with all that its schools have told for the year."""
    told: dict[tuple[str, int], set[UUID]] = defaultdict(set)
    for school, key in rows_for(batch, STATISTICS.code).values_list("school_id", "key"):
        told[key["form"], key["year"]].add(school)
    known = {school.pk: school for school in School.objects.filter(pk__in=set().union(*told.values()))}
    for (form, year), ids in sorted(told.items()):
        schools = sorted((known[pk] for pk in ids), key=lambda school: (school.name, str(school.pk)))
        asked = Asked(territory=batch.territory, school=batch.school, schools=schools, period=str(year))
        template = REGISTERED[form]
        lines = template.lines * len(schools)
        yield Draft(name=template.file_name(asked), lines=lines, build=partial(template.build, asked))


register(result_fields.CODE, results_drafts)
register(registry.CODE, registry_drafts)
register(STATISTICS.code, statistic_drafts)


def archived(books: dict[str, bytes]) -> bytes:
    """Return the workbooks as one ZIP, which the page of imports takes back as it is."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in books.items():
            archive.writestr(name, data)
    return stream.getvalue()
