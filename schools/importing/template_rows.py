"""Rows of a template of results against what the template was given out for: its one school and its period."""

from dataclasses import dataclass
from typing import Final

from schools.choices import OPENING_PERIODS
from schools.importing.template_owner import meta_of
from schools.importing.templates import keys_of
from schools.intake.rows import ParsedFile, Problem, ProblemCode, ResultRow, WorkKey, problem_at
from schools.intake.template_meta import INTERNAL_WORKS, TemplateMeta, is_year
from schools.models import School

ANYONE: Final = TemplateMeta(form="", version=0)


@dataclass(frozen=True, kw_only=True)
class TemplateRows:
    """What the rows of one file must be about; anything where it is no template."""

    meta: TemplateMeta = ANYONE

    @classmethod
    def of(cls, parsed: ParsedFile) -> "TemplateRows":
        return cls(meta=meta_of(parsed) or ANYONE)

    def stranger(self, row: ResultRow, school: School) -> Problem | None:
        """Return the problem of a row about another school or another period than the template."""
        if self.is_of_another_school(school):
            what = f"строка о школе «{school.name}» в шаблоне другой школы."
            return foreign(row, what, found=school.name, expected="школа, для которой скачан шаблон")
        if self.is_of_another_period(row.work):
            what = f"строка за {row.work.year} год в шаблоне за {self.period}."
            return foreign(row, what, found=str(row.work.year), expected=self.period)
        return None

    def is_of_another_school(self, school: School) -> bool:
        own = {"inn": self.meta.inn, "school": self.meta.school}
        return any(own.values()) and {name: value for name, value in own.items() if value} != keys_of(school)

    def is_of_another_period(self, work: WorkKey) -> bool:
        if not is_year(self.meta.period):
            return False
        year = int(self.meta.period)
        is_internal = self.meta.form == INTERNAL_WORKS
        return work.year != (year + 1 if is_internal and work.period not in OPENING_PERIODS else year)

    @property
    def period(self) -> str:
        """Return «2026 год» or «2026/2027 учебный год»."""
        year = int(self.meta.period)
        return f"{year}/{year + 1} учебный год" if self.meta.form == INTERNAL_WORKS else f"{year} год"


def foreign(row: ResultRow, what: str, *, found: str, expected: str) -> Problem:
    action = "Исправьте строку или скачайте нужный шаблон на странице «Шаблоны» и перенесите её туда."
    code = ProblemCode.OTHER_TEMPLATE
    return problem_at(code, row.sheet, row.row, what, found=found, expected=expected, action=action)
