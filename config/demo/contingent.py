"""What the schools of the demo region told of their contingent and their teachers, the primary scores of two works, and
the signs that the region sent with its results.

Everything is made of one number for a school: how hard its conditions are, 0..1. The numbers are invented.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Final

from openpyxl import Workbook

from config.demo.files import MAX_PRIMARY, Row, rows
from schools.importing.files import GivenFile
from schools.intake.federal_writer import FederalWork, ScoresLine, scores_workbook
from schools.intake.rows import SchoolRef
from schools.intake.template_meta import TemplateMeta
from schools.intake.templates_out import FilledSchool, Stored, statistic_template
from schools.models import School, Territory
from schools.objectivity import mark_borders
from schools.statistics import CONTEXT, CONTINGENT, catalogue_of

YEAR: Final = 2025  # the contingent of the school year whose results are judged
HARDNESS: Final[Mapping[str, float]] = {
    "edu900001": 0.22,
    "edu900002": 0.30,
    "edu900003": 0.55,
    "edu900004": 0.06,
    "edu900005": 0.74,
    "edu900006": 0.04,
    "edu900007": 0.35,
    "edu900008": 0.92,
    "edu900009": 0.48,
    "edu900010": 0.40,
    "edu900011": 0.78,
    "edu900012": 0.52,
    "edu900013": 0.45,
    "edu900014": 0.80,
    "edu900015": 0.70,
    "edu900016": 0.68,
    "edu900017": 0.50,
    "edu900018": 0.44,
    "edu900019": 0.76,
}  # the smallest school has told nothing
UNTOLD: Final[Mapping[str, str]] = {"edu900017": "foster_families", "edu900018": "parents_higher"}
PARTS: Final[Mapping[str, tuple[float, float]]] = {  # item of SA-2 -> shares where conditions are good and hard, %
    "single_parent_families": (12, 38),
    "registered": (0.4, 7),
    "both_parents_unemployed": (0.5, 18),
    "foster_families": (0.5, 7),
    "second_language": (1, 22),
}
HIGHER: Final = (44.0, 6.0)
PEAKED: Final = "edu900007"
SCORED: Final = (("RU", 4), ("MA", 4))
MARKED: Final = "edu900013"
SIGNED: Final = (("RU", 4), ("MA", 4), ("RU", 5), ("MA", 5))
SIGNS_HEAD: Final = ("Год", "Муниципалитет", "Логин", "ОО", "4 РУ", "4 МА", "5 РУ", "5 МА", "Количество маркеров")


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """A school of the demo with its invented conditions."""

    school: School
    hardness: float

    @property
    def pupils(self) -> int:
        return self.school.students or 0

    @property
    def teachers(self) -> int:
        return max(3, round(self.pupils / 14) + 2)

    def share(self, bounds: tuple[float, float], of: int) -> int:
        low, high = bounds
        return round(of * (low + (high - low) * self.hardness) / 100)

    def contingent(self) -> dict[str, int]:
        """Return items of SA-2 for the whole school."""
        parents = round(self.pupils * 1.6)
        told = {item: self.share(bounds, self.pupils) for item, bounds in PARTS.items()}
        higher = self.share(HIGHER, parents)
        return {
            "pupils": self.pupils,
            "parents": parents,
            "full_families": self.pupils - told["single_parent_families"] - told["foster_families"],
            "part_time_study": self.pupils if self.school.kind == "О(С)ОШ" else 0,
            **told,
            "parents_higher": higher,
            "parents_vocational": parents - higher,
        }

    def context(self) -> dict[str, int]:
        """Return items of SA-1."""
        categories = self.share((70, 25), self.teachers)
        return {
            "pupils": self.pupils,
            "classes": max(1, round(self.pupils / 21)),
            "pupils_sen": self.share((3, 16), self.pupils),
            "pupils_second_language": self.share(PARTS["second_language"], self.pupils),
            "teachers": self.teachers,
            "teachers_top_category": round(categories * 0.4),
            "teachers_first_category": categories - round(categories * 0.4),
            "teachers_no_category": self.teachers - categories,
            "teachers_over_60": self.share((8, 30), self.teachers),
            "teachers_off_speciality": self.share((2, 25), self.teachers),
            "teacher_posts": self.teachers,
            "teacher_vacancies": self.share((0, 12), self.teachers),
            "computers": max(5, round(self.pupils / 9)),
            "textbooks_provision": 100,
            "distance_to_centre": 0 if self.school.locality == "город" else round(8 + 60 * self.hardness),
        }


def form_files(territory: Territory, schools: Mapping[str, School]) -> tuple[GivenFile, GivenFile]:
    """Return the forms SA-2 and SA-1 of all schools, filled by the municipality."""
    every = [Conditions(school=schools[login], hardness=hardness) for login, hardness in HARDNESS.items()]
    contingent = {each.school.login: told_by(each, each.contingent()) for each in every}
    context = {each.school.login: told_by(each, each.context()) for each in every}
    known = [each.school for each in every]
    return (
        form_file(CONTINGENT, "total", territory, known, contingent),
        form_file(CONTEXT, "", territory, known, context),
    )


def told_by(conditions: Conditions, values: dict[str, int]) -> dict[str, int]:
    """Leave out what the school has not told."""
    return {item: value for item, value in values.items() if item != UNTOLD.get(conditions.school.login)}


def form_file(
    form: str,
    section: str,
    territory: Territory,
    schools: list[School],
    values: Mapping[str, Mapping[str, int]],
) -> GivenFile:
    catalogue = catalogue_of(form)
    meta = TemplateMeta(form=form, version=catalogue.version, territory=territory.code, period=str(YEAR))
    filled = [
        FilledSchool(
            ref=SchoolRef(inn=school.inn, name=school.name),
            values={(item, section): Stored(value=Decimal(value)) for item, value in values[school.login].items()},
        )
        for school in schools
    ]
    data = statistic_template(catalogue, meta, territory.name, filled)
    return GivenFile(name=f"{form} «{catalogue.title}» {YEAR}.xlsx", data=data)


# What came with the results


def signs_file(year: int, municipality: str) -> GivenFile:
    """Return the signs that the region found in ВПР: in one school in every work, in the others none."""
    written: dict[tuple[str, str], set[tuple[str, int]]] = {}
    for row in rows():
        if (row.year, row.procedure) == (year, "VPR"):
            written.setdefault((row.login, row.school), set()).add((row.subject, row.grade))
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(SIGNS_HEAD)
    for (login, school), works in written.items():
        if works.issuperset(SIGNED):
            signs = [int(login == MARKED)] * len(SIGNED)
            sheet.append([year, municipality, login, school, *signs, sum(signs)])
    stream = BytesIO()
    book.save(stream)
    return GivenFile(name=f"Признаки {year}.xlsx", data=stream.getvalue())


def score_files(year: int) -> Iterator[GivenFile]:
    """Yield the distribution of primary scores of the works whose scale the portal knows."""
    for subject, grade in SCORED:
        wanted = (year, "VPR", subject, grade)
        group = [row for row in rows() if (row.year, row.procedure, row.subject, row.grade) == wanted]
        work = FederalWork(
            year=year, subject=subject, grade=grade, max_primary=MAX_PRIMARY[subject], held=date(year, 4, 21)
        )
        lines = [ScoresLine(name=f"{row.school} ({row.login})", counts=scores_of(row)) for row in group]
        yield GivenFile(name=f"Баллы_{subject}_{grade}_{year}.xlsx", data=scores_workbook(work, lines))


def scores_of(row: Row) -> tuple[int, ...]:
    """Return a distribution that agrees with the marks: even within a mark, in one school heaped at the borders."""
    maximum = MAX_PRIMARY[row.subject]
    borders = mark_borders(row.procedure, row.subject, row.grade, row.year, maximum) or ()
    starts, ends = (maximum // 5, *borders), (*borders, maximum + 1)
    counts = [0] * (maximum + 1)
    for amount, start, end in zip(row.marks, starts, ends, strict=True):
        for score in spread_over(amount, start, end, is_heaped=row.login == PEAKED):
            counts[score] += 1
    return tuple(counts)


def spread_over(amount: int, start: int, end: int, *, is_heaped: bool) -> Iterator[int]:
    """Yield a score for each participant of a mark, from start to before end."""
    heaped = amount // 2 if is_heaped else 0
    yield from [start] * heaped
    width = end - start
    for number in range(amount - heaped):
        yield start + number * width // max(amount - heaped, 1)
