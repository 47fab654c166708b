"""22 500 rows of results, 15 federal files of 1 500 schools each: looked at, and written, on an empty SQLite."""

from datetime import date

from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role
from benchmarks.harness import Benchmark
from schools.actions.import_apply import apply_batch
from schools.actions.imports import check, receive
from schools.choices import TerritoryLevel
from schools.importing.files import GivenFile
from schools.intake.federal_writer import FederalWork, MarksLine, marks_workbook
from schools.models import AssessmentResult, ImportBatch, Membership, School, Territory

SCHOOLS = 1_500
WORKS = tuple((subject, grade) for subject in ("RU", "MA", "BI") for grade in (4, 5, 6, 7, 8))


def make_file(subject: str, grade: int) -> GivenFile:
    work = FederalWork(year=2026, subject=subject, grade=grade, max_primary=16, held=date(2026, 4, 21))
    lines = [
        MarksLine(name=f"МБОУ «СОШ № {number}» (edu{100_000 + number})", marks=(number % 9, 20, 15, number % 7))
        for number in range(SCHOOLS)
    ]
    return GivenFile(name=f"{subject}-{grade}.xlsx", data=marks_workbook(work, lines))


def make_region() -> tuple[Territory, User]:
    """Return a region with its schools in a database of its own."""
    call_command("migrate", verbosity=0)
    region = Territory.objects.create(code="99", name="Область", level=TerritoryLevel.REGION)
    district = Territory.objects.create(code="99-1", name="Округ", level=TerritoryLevel.MUNICIPALITY, parent=region)
    School.objects.bulk_create(
        School(
            territory=district,
            inn=f"{number:010}",
            name=f"МБОУ «СОШ № {number}»",
            name_folded=f"мбоу «сош № {number}»",
            login=f"edu{100_000 + number}",
        )
        for number in range(SCHOOLS)
    )
    person = User.objects.create_user(username="bench")
    Membership.objects.create(user=person, role=Role.REGIONAL_ADMIN, territory=region)
    return region, person


def benchmark() -> Benchmark:
    region, person = make_region()
    files = [make_file(*work) for work in WORKS]
    batches: list[ImportBatch] = []
    rows = SCHOOLS * len(WORKS)

    def look() -> None:
        batch = receive(files=files, by=person, territory=region, at=timezone.now())
        check(batch=batch, at=timezone.now())
        batches.append(batch)

    def write() -> None:
        apply_batch(batch=batches[-1], by=person, at=timezone.now())
        if (written := AssessmentResult.objects.count()) != rows:
            raise RuntimeError(f"{written} rows of {rows} were written: the measurement would flatter")

    title = f"Import of {rows} rows"
    return Benchmark(title=title, alternatives={"receive and check": look, "apply": write}, rounds=1)
