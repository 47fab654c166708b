"""A made region as its coordinators have it: a registry, folders of federal workbooks by municipality and year."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

from config.demo.generator import MadeResult, MadeSchool, make_results, make_schools, write_results, write_schools
from schools.intake.federal_writer import FederalWork, JournalLine, MarksLine, journal_workbook, marks_workbook

REGION = "Заозёрская область"
MAX_PRIMARY = {"RU": 38, "MA": 20}
Group = tuple[int, str, int]  # year, subject, grade


@dataclass(frozen=True, kw_only=True)
class RegionFolder:
    """registry: CSV; folder: workbooks; exams: flat CSV. rows: rows of schools in every file, by its path."""

    registry: Path
    folder: Path
    exams: Path
    rows: Mapping[str, int]


def write_region(
    out: Path,
    *,
    schools: int,
    municipalities: int,
    years: Sequence[int],
    grades: Sequence[int],
    seed: int = 5,
) -> RegionFolder:
    """Write a region into a folder: two workbooks for each work of ВПР of a municipality and one table of exams."""
    random = Random(seed)
    made = [in_region(school) for school in make_schools(schools=schools, municipalities=municipalities, random=random)]
    results = [
        one
        for one in make_results(schools=made, years=years, random=random)
        if one.journal is None or one.grade in grades
    ]
    registry, exams = out / "schools.csv", out / "exams.csv"
    write_schools(registry, made)
    number = write_results(exams, (one for one in results if one.journal is None))
    rows = {str(exams): number}
    for code in sorted({school.municipality_code for school in made}):
        own = {school.inn: school for school in made if school.municipality_code == code}
        rows |= write_municipality(out / "xlsx" / code, own, results)
    return RegionFolder(registry=registry, folder=out / "xlsx", exams=exams, rows=rows)


def in_region(school: MadeSchool) -> MadeSchool:
    """Return a school with the codes of the federal system, which tell its region."""
    number = school.municipality_code.removeprefix("made_")
    return replace(school, municipality_code=f"reg99_{number}", municipality=f"{REGION}, округ {int(number[1:])}")


def write_municipality(
    folder: Path,
    schools: Mapping[str, MadeSchool],
    results: Sequence[MadeResult],
) -> dict[str, int]:
    """Write the workbooks of one municipality; return path -> number of schools in it."""
    works: dict[Group, list[MadeResult]] = defaultdict(list)
    for result in results:
        if result.journal is not None and result.inn in schools:
            works[result.year, result.subject, result.grade].append(result)
    rows = {}
    for work, group in works.items():
        for path, data in workbooks(folder, work, schools, group).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            rows[str(path)] = len(group)
    return rows


def workbooks(
    folder: Path,
    key: Group,
    schools: Mapping[str, MadeSchool],
    group: Sequence[MadeResult],
) -> dict[Path, bytes]:
    year, subject, grade = key
    place, tail = folder / str(year), f"{subject}_{grade}.xlsx"
    work = FederalWork(
        year=year, subject=subject, grade=grade, max_primary=MAX_PRIMARY[subject], held=date(year, 4, 20)
    )
    named = {result.inn: f"{schools[result.inn].name} ({schools[result.inn].login})" for result in group}
    two, three, four, five = (sum(result.marks[mark] for result in group) for mark in range(4))
    whole = MarksLine(name=f"{REGION}, округ ({folder.name})", marks=(two, three, four, five), schools=len(group))
    marks = [whole, *(MarksLine(name=named[result.inn], marks=result.marks) for result in group)]
    compared = [
        JournalLine(name=named[result.inn], lowered=down, confirmed=same, raised=up)
        for result in group
        if result.journal
        for down, same, up in [result.journal]
    ]
    return {
        place / f"Ф3_{tail}": marks_workbook(work, marks),
        place / f"Сравнение_{tail}": journal_workbook(work, compared),
    }
