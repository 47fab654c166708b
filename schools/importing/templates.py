"""What templates the portal gives out. An app registers its own in a module `import_templates.py`.

A template is asked for one school or for a territory, for a period, filled with what the portal has or empty.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from accounts.errors import ActionRefused
from accounts.russian import count
from schools.intake.rows import SchoolRef
from schools.intake.template_meta import TemplateMeta
from schools.models import School, Territory

MOST_LINES: Final = 5000  # a workbook of more takes longer than a page may


class TemplateTooLong(ActionRefused):
    """The territory has too many schools for a workbook of this kind to be made while a page waits."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a person wants a template of. school: None for the whole territory; period: "" for all that there is."""

    territory: Territory
    schools: Sequence[School]
    school: School | None = None
    period: str = ""
    is_filled: bool = True

    @property
    def owner(self) -> str:
        """Return whose the template is, as its heading says."""
        return self.school.name if self.school else self.territory.name

    @property
    def refs(self) -> list[SchoolRef]:
        return [ref_of(school) for school in self.schools]

    @property
    def year(self) -> int:
        """Return the year of the period, the first one of an academic year; 0 for all that there is."""
        return int(self.period[:4]) if self.period else 0

    def meta(self, form: str, version: int) -> TemplateMeta:
        return TemplateMeta(
            form=form,
            version=version,
            territory="" if self.school else self.territory.code,
            period=self.period,
            **(keys_of(self.school) if self.school else {}),
        )


def keys_of(school: School) -> dict[str, str]:
    """Return how a template tells its one school: by its ИНН, a branch without one by its public id."""
    return {"inn": school.inn} if school.inn else {"school": str(school.pk)}


def ref_of(school: School) -> SchoolRef:
    return SchoolRef(inn=school.inn, gia_code=school.gia_code, name=school.name, login=school.login)


@dataclass(frozen=True, kw_only=True)
class Period:
    """A period that a template may be asked for; value "" means that it belongs to none."""

    value: str
    title: str


Periods = Callable[[date], Sequence[Period]]


@dataclass(frozen=True, kw_only=True)
class Template:
    """One kind of template. purpose: what for, a sentence. lines: how many lines one school takes in it, about."""

    code: str
    title: str
    purpose: str
    order: int
    periods: Periods
    build: Callable[[Asked], bytes]
    lines: int = 1
    for_schools_only: bool = False

    def is_long(self, schools: int) -> bool:
        """Answer whether the workbook of so many schools is made by a job."""
        return self.lines * schools > MOST_LINES

    def book(self, asked: Asked) -> bytes:
        """Return the workbook. Raises TemplateTooLong."""
        if self.is_long(len(asked.schools)):
            lines = count(self.lines * len(asked.schools), "строки,строк,строк")
            raise TemplateTooLong(
                f"В шаблоне «{self.title}» около {lines}, поэтому он готовится в фоне: "
                "нажмите «Подготовить шаблон» на этой странице.",
            )
        return self.build(asked)

    def file_name(self, asked: Asked) -> str:
        """Return «SA-1 «Контекст школы» 2026 МБОУ «СОШ № 1».xlsx»."""
        name = f"{self.title} {asked.period.replace('/', '-')} {asked.owner}".replace("  ", " ")
        return f"{name}.xlsx"


REGISTERED: dict[str, Template] = {}


def register(template: Template) -> None:
    """Make a template known. Raises ValueError for a code that is taken."""
    if REGISTERED.setdefault(template.code, template) is not template:
        raise ValueError(f"template {template.code} is registered twice")


def templates() -> tuple[Template, ...]:
    """Return the registered templates in the order of the page."""
    return tuple(sorted(REGISTERED.values(), key=lambda template: (template.order, template.code)))


# Periods


def reporting_year(today: date) -> int:
    """Return the year on whose 1 October the forms of this academic year are filled; they begin in September."""
    return today.year if today.month >= 9 else today.year - 1


def october_years(today: date) -> list[Period]:
    latest = reporting_year(today)
    return [Period(value=str(year), title=f"на 1 октября {year} г.") for year in (latest, latest - 1, latest - 2)]


def academic_years(today: date) -> list[Period]:
    """Return the periods of works that a school writes during an academic year; the value is its first year."""
    latest = reporting_year(today)
    return [
        Period(value=str(year), title=f"{year}/{year + 1} учебный год") for year in (latest, latest - 1, latest - 2)
    ]


def years_of_results(today: date) -> list[Period]:
    return [Period(value="", title="за все годы"), *calendar_years(today)]


def calendar_years(today: date) -> list[Period]:
    return [Period(value=str(year), title=f"{year} год") for year in (today.year, today.year - 1, today.year - 2)]


def years_of_events(today: date) -> list[Period]:
    """Return academic and calendar years: both are planned by."""
    latest = reporting_year(today)
    academic = [
        Period(value=f"{year}/{year + 1}", title=f"{year}/{year + 1} учебный год") for year in (latest, latest - 1)
    ]
    return [*academic, *calendar_years(today)]


def no_period(_: date) -> list[Period]:
    return [Period(value="", title="без периода")]
