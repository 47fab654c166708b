"""A fictional region of any size: schools and their results, repeatable by the seed.

Marks come from a latent ability, so counts are whole, small schools have coarse shares and the twos grow from grade
4 to grade 8. Source: domain specification, 8.2.
"""

import csv
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from statistics import NormalDist
from typing import Final

NORMAL: Final = NormalDist()
INN_WEIGHTS: Final = (2, 4, 10, 3, 5, 9, 4, 6, 8)
SPREAD: Final = 0.92

# procedure, subject, grade -> shares of marks 2, 3, 4, 5 of an ordinary school, percent
REFERENCE: Final[Mapping[tuple[str, str, int], tuple[float, float, float, float]]] = {
    ("VPR", "RU", 4): (5.1, 32.9, 44.3, 17.7),
    ("VPR", "MA", 4): (3.2, 24.5, 43.3, 29.0),
    ("VPR", "RU", 5): (12.5, 39.0, 34.5, 14.0),
    ("VPR", "MA", 5): (11.5, 36.5, 34.0, 18.0),
    ("VPR", "RU", 6): (15.5, 41.0, 32.0, 11.5),
    ("VPR", "MA", 6): (14.0, 46.5, 31.0, 8.5),
    ("VPR", "RU", 7): (16.5, 45.0, 30.0, 8.5),
    ("VPR", "MA", 7): (13.5, 49.0, 28.5, 9.0),
    ("VPR", "RU", 8): (17.0, 40.5, 32.5, 10.0),
    ("VPR", "MA", 8): (13.0, 57.0, 26.0, 4.0),
    ("OGE", "RU", 9): (5.0, 33.0, 35.0, 27.0),
    ("OGE", "MA", 9): (11.0, 43.0, 37.0, 9.0),
    ("EGE", "RU", 11): (1.5, 28.5, 45.0, 25.0),
    ("EGE", "MAB", 11): (3.0, 25.0, 44.0, 28.0),
}


@dataclass(frozen=True, kw_only=True)
class KindShape:
    """What schools of a kind are like. weight: of 100 schools; size: mean number of pupils; shift: of ability."""

    kind: str
    prefix: str
    weight: int
    size: int
    shift: float
    grades: range


KINDS: Final[Sequence[KindShape]] = (
    KindShape(kind="СОШ", prefix="МБОУ", weight=55, size=520, shift=0.0, grades=range(4, 12)),
    KindShape(kind="ООШ", prefix="МБОУ", weight=27, size=75, shift=-0.15, grades=range(4, 10)),
    KindShape(kind="гимназия", prefix="МАОУ", weight=6, size=720, shift=0.85, grades=range(4, 12)),
    KindShape(kind="лицей", prefix="МАОУ", weight=6, size=680, shift=1.0, grades=range(4, 12)),
    KindShape(kind="НОШ", prefix="МКОУ", weight=4, size=28, shift=0.1, grades=range(4, 5)),
    KindShape(kind="О(С)ОШ", prefix="МКОУ", weight=2, size=110, shift=-1.5, grades=range(7, 12)),
)
PLACES: Final = ("Боровская", "Ключевская", "Дальнинская", "Еловская", "Луговская", "Осиновская", "Каменская")


@dataclass(frozen=True, kw_only=True)
class MadeSchool:
    """A school of the made region, as a row of the registry file."""

    inn: str
    ogrn: str
    login: str
    gia_code: str
    name: str
    kind: str
    locality: str
    municipality_code: str
    municipality: str
    students: int
    ability: float
    grades: range


@dataclass(frozen=True, kw_only=True)
class MadeResult:
    """Counts of one work in one school, as a row of the flat file. lowered, confirmed, raised: None for exams."""

    inn: str
    year: int
    procedure: str
    subject: str
    grade: int
    marks: tuple[int, int, int, int]
    journal: tuple[int, int, int] | None


def inn(number: int) -> str:
    """Return a ИНН with the prefix 00, which no tax office gives, and a right check digit."""
    body = f"00{number:07d}"
    return body + str(sum(int(d) * w for d, w in zip(body, INN_WEIGHTS, strict=True)) % 11 % 10)


def ogrn(number: int) -> str:
    body = f"10000{number:07d}"
    return body + str(int(body) % 11 % 10)


def make_schools(*, schools: int, municipalities: int, random: Random, first: int = 1) -> list[MadeSchool]:
    """Return schools spread evenly over municipalities; `first` is the number of the first one."""
    shapes = random.choices(KINDS, weights=[shape.weight for shape in KINDS], k=schools)
    return [make_school(first + i, shape, i % municipalities + 1, random) for i, shape in enumerate(shapes)]


def make_school(number: int, shape: KindShape, municipality: int, random: Random) -> MadeSchool:
    is_rural = shape.kind in {"ООШ", "НОШ"} or random.random() < 0.4
    shrink = 0.35 if is_rural and shape.kind == "СОШ" else 1.0
    place = f"{random.choice(PLACES)} " if is_rural else ""
    return MadeSchool(
        inn=inn(200_000 + number),
        ogrn=ogrn(200_000 + number),
        login=f"edu{100_000 + number:06d}",
        gia_code=f"{number:06d}",
        name=f"{shape.prefix} «{place}{shape.kind} № {number}»",
        kind=shape.kind,
        locality="село" if is_rural else "город",
        municipality_code=f"made_m{municipality:03d}",
        municipality=f"Вымышленный муниципальный округ № {municipality}",
        students=max(6, round(shape.size * shrink * random.lognormvariate(0, 0.35))),
        ability=shape.shift + random.gauss(0, 0.45),
        grades=shape.grades,
    )


def make_results(*, schools: Sequence[MadeSchool], years: Sequence[int], random: Random) -> Iterator[MadeResult]:
    """Yield results of all schools; a few works are missing, as in life."""
    for school in schools:
        for year in years:
            for work in REFERENCE:
                if work[2] in school.grades and random.random() >= 0.04:
                    yield make_result(school, year, work, random)


def make_result(school: MadeSchool, year: int, work: tuple[str, str, int], random: Random) -> MadeResult:
    procedure, subject, grade = work
    marks = make_marks(school, year, work, random)
    journal = make_journal(sum(marks), grade, random) if procedure == "VPR" else None
    return MadeResult(
        inn=school.inn,
        year=year,
        procedure=procedure,
        subject=subject,
        grade=grade,
        marks=marks,
        journal=journal,
    )


def make_marks(
    school: MadeSchool,
    year: int,
    work: tuple[str, str, int],
    random: Random,
) -> tuple[int, int, int, int]:
    """Return counts of marks 2, 3, 4, 5: abilities of the pupils against the cuts of the reference shares."""
    parallels = len(school.grades) + 3
    leaving = 0.55 if work[0] == "EGE" else 1.0
    participants = max(1, round(school.students / parallels * random.uniform(0.85, 1.12) * leaving))
    cuts = [NORMAL.inv_cdf(min(total, 99.99) / 100) for total in accumulate(REFERENCE[work][:3])]
    mean = school.ability + 0.03 * (year - 2025) + random.gauss(0, 0.18)
    marks = [0, 0, 0, 0]
    for _ in range(participants):
        marks[bisect_left(cuts, random.gauss(mean, SPREAD))] += 1
    return marks[0], marks[1], marks[2], marks[3]


def make_journal(participants: int, grade: int, random: Random) -> tuple[int, int, int]:
    """Return lowered, confirmed, raised; the older the grade, the more marks are lowered."""
    lowered = sum(random.random() < 0.30 + 0.05 * (grade - 4) for _ in range(participants))
    raised = sum(random.random() < 0.05 for _ in range(participants - lowered))
    return lowered, participants - lowered - raised, raised


def write_schools(path: Path, schools: Sequence[MadeSchool]) -> None:
    """Write the registry as CSV: «;», UTF-8."""
    head = [
        "inn",
        "ogrn",
        "login",
        "gia_code",
        "name",
        "kind",
        "locality",
        "municipality_code",
        "municipality",
        "students",
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(head)
        writer.writerows([getattr(school, name) for name in head] for school in schools)


def write_results(path: Path, results: Iterator[MadeResult]) -> int:
    """Write the flat file as CSV and return the number of rows."""
    head = [
        "inn",
        "year",
        "procedure",
        "subject",
        "grade",
        "participants",
        "mark2",
        "mark3",
        "mark4",
        "mark5",
        "lowered",
        "confirmed",
        "raised",
    ]
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(head)
        for rows, result in enumerate(results, start=1):  # noqa: B007  the last number is the answer
            key = (result.inn, result.year, result.procedure, result.subject, result.grade)
            writer.writerow([*key, sum(result.marks), *result.marks, *(result.journal or ("", "", ""))])
    return rows
