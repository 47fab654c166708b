"""50 000 rows of results in one XLSX: the portal with preview, problems and undo, against the bare floor and the field.

The data are those of the demo region's generator. All alternatives read the same bytes into the same table with the
same keys and constraints. The floor is calamine and COPY (executemany on SQLite) without a single check.
django-import-export stands for what a portal would take instead: its admin flow (dry run with differences, then the
import) and its bulk mode as far as it can be tuned. `make bench` installs it (requirements-bench.lock); when it is
missing, its lines are left out. The admin flow takes minutes: BENCH_SLOW_ROUNDS says how many rounds it takes part in.

With BENCH_DATABASE_URL set the same is measured on PostgreSQL: an empty database that the measurement may fill.
"""

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import gettempdir
from typing import Any

from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.models import User
from accounts.permissions import Role
from benchmarks.harness import Benchmark, run_apart
from benchmarks.import_export import admin_flow, bulk_mode, is_installed
from config.demo.generator import MadeResult, MadeSchool, make_results, make_schools
from schools.actions.import_apply import apply_batch, undo_batch
from schools.actions.import_review import explain_if_needed
from schools.actions.imports import check, receive
from schools.choices import TerritoryLevel
from schools.importing.files import GivenFile
from schools.intake.layouts.portal_results import COLUMNS
from schools.intake.subjects import find_subject, subject_name
from schools.intake.vocabulary import PROCEDURE_NAMES, PROCEDURES, default_period
from schools.models import AssessmentResult, ImportBatch, ImportFile, ImportRow, Membership, School, Territory
from schools.xlsx_stream import written_book

ROWS = 50_000
SCHOOLS = 1_500
YEARS = (2024, 2025, 2026)
BOOK = Path(gettempdir()) / f"orientir-bench-results-{ROWS}.xlsx"
TITLES = [column.title for column in COLUMNS]
KEYS = [column.key for column in COLUMNS]
REGION, PERSON = "99", "bench"
FLOOR, LOOK = "floor: calamine + COPY, no checks", "portal: receive, check, preview"
APPLY, UNDO = "portal: apply", "portal: undo"
BULK, ADMIN = "django-import-export, bulk mode", "django-import-export, admin flow"
GOING_ON = (APPLY, UNDO)
WRITTEN = (
    "school_id",
    "procedure",
    "year",
    "period",
    "subject",
    "grade",
    "level",
    "participants",
    "mark2",
    "mark3",
    "mark4",
    "mark5",
    "lowered",
    "confirmed",
    "raised",
    "delivered_percents",
    "counts_derived",
    "score_hist",
    "level_scale",
    "level_counts",
    "objectivity_markers",
)
"""Columns that the floor fills: those of the file and those that have no default in the database."""


class Ground:
    """A region with its schools, the file, and the batches that the portal has made of it."""

    def __init__(self) -> None:
        run_apart(prepare)
        self.region, self.person = Territory.objects.get(code=REGION), User.objects.get(username=PERSON)
        self.data = BOOK.read_bytes()

    def before(self, name: str) -> None:
        """Empty the tables for all but those who go on with what the portal has just checked or applied."""
        connections.close_all()  # none is shared with the process of the alternative
        if name not in GOING_ON:
            run_apart(empty)  # or each alternative would inherit the memory that this takes

    # The portal

    def look(self) -> None:
        """Receive the file and store its preview."""
        files = [GivenFile(name="Результаты.xlsx", data=self.data)]
        batch = receive(files=files, by=self.person, territory=self.region, at=timezone.now())
        check(batch=batch, at=timezone.now())

    def apply(self) -> None:
        batch = ImportBatch.objects.get()
        batch = explain_if_needed(batch=batch, text="Замер скорости", by=self.person, at=timezone.now())
        apply_batch(batch=batch, by=self.person, at=timezone.now())
        expect(ROWS)

    def undo(self) -> None:
        undo_batch(batch=ImportBatch.objects.get(), by=self.person, at=timezone.now())
        expect(0)

    # The floor

    def floor(self) -> None:
        schools = dict(School.objects.values_list("inn", "pk"))
        insert_bare([floor_row(row, schools) for row in islice(self.cells(), 1, None)])
        expect(ROWS)

    def cells(self) -> Iterator[list[Any]]:
        with CalamineWorkbook.from_filelike(BytesIO(self.data)) as book:
            yield from book.get_sheet_by_index(0).iter_rows()

    def by_others(self, call: Callable[[bytes], object]) -> Callable[[], None]:
        """Return the import of the same file by another library, which must write every row."""

        def run() -> None:
            call(self.data)
            expect(ROWS)

        return run


def prepare() -> None:
    """Make the tables, the region and the file."""
    call_command("migrate", verbosity=0)
    random = Random(1)
    made = make_schools(schools=SCHOOLS, municipalities=30, random=random)
    make_region(made)
    if not BOOK.exists():
        BOOK.write_bytes(make_book(made, random))


def empty() -> None:
    AssessmentResult.objects.all().delete()
    for model in (ImportRow, ImportFile, ImportBatch):
        model._default_manager.all().delete()  # noqa: SLF001  the public name of this API


def expect(rows: int) -> None:
    """Stop when something else was written: the measurement would flatter."""
    if (written := AssessmentResult.objects.count()) != rows:
        raise RuntimeError(f"{written} rows are written instead of {rows}")


def make_region(made: list[MadeSchool]) -> None:
    region = Territory.objects.create(code=REGION, name="Область", level=TerritoryLevel.REGION)
    names = {school.municipality_code: school.municipality for school in made}
    districts = {
        code: Territory.objects.create(code=code, name=name, level=TerritoryLevel.MUNICIPALITY, parent=region)
        for code, name in names.items()
    }
    School.objects.bulk_create(
        School(
            territory=districts[school.municipality_code],
            inn=school.inn,
            login=school.login,
            name=school.name,
            name_folded=school.name.casefold(),
            kind=school.kind,
            locality=school.locality,
        )
        for school in made
    )
    person = User.objects.create_user(username=PERSON)
    Membership.objects.create(user=person, role=Role.REGIONAL_ADMIN, territory=region)


def make_book(made: list[MadeSchool], random: Random) -> bytes:
    """Return the portal's template with one work of one school in a row, a dozen of its columns filled."""
    names = {school.inn: school.name for school in made}
    results = islice(make_results(schools=made, years=YEARS, random=random), ROWS)
    lines = (line(result, names[result.inn]) for result in results)
    return written_book("Результаты", TITLES, ([cells.get(key) for key in KEYS] for cells in lines))


def line(result: MadeResult, name: str) -> dict[str, str | int | None]:
    lowered, confirmed, raised = result.journal or (None, None, None)
    return {
        "inn": result.inn,
        "name": name,
        "procedure": PROCEDURE_NAMES[result.procedure],
        "year": result.year,
        "subject": subject_name(result.subject),
        "grade": result.grade,
        "participants": sum(result.marks),
        **dict(zip(("mark2", "mark3", "mark4", "mark5"), result.marks, strict=True)),
        "lowered": lowered,
        "confirmed": confirmed,
        "raised": raised,
    }


def floor_row(cells: list[Any], schools: dict[str, Any]) -> tuple[Any, ...]:
    """Return the values of WRITTEN, believing every cell."""
    row = dict(zip(KEYS, cells, strict=False))
    subject = find_subject(row["subject"])
    procedure = PROCEDURES[row["procedure"].lower()]
    counts = (row[name] for name in WRITTEN[7:15])
    school = schools[row["inn"]]
    return (
        school if connection.vendor == "postgresql" else school.hex,
        procedure,
        int(row["year"]),
        default_period(procedure),
        subject[0].code if subject else "",
        int(row["grade"]),
        "none",
        *(None if cell == "" else int(cell) for cell in counts),
        "{}",
        False,
        "[]",
        "",
        "{}",
        "[]",
    )


def insert_bare(rows: list[tuple[Any, ...]]) -> None:
    table = AssessmentResult._meta.db_table  # noqa: SLF001  the public name of this API
    columns = ", ".join(WRITTEN)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as stream:
                for row in rows:
                    stream.write_row(row)
        else:
            places = ", ".join(["%s"] * len(WRITTEN))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


def benchmark() -> Benchmark:
    ground = Ground()
    alternatives: dict[str, Callable[[], object]] = {
        FLOOR: ground.floor,
        LOOK: ground.look,
        APPLY: ground.apply,
        UNDO: ground.undo,
    }
    note = ""
    if is_installed():
        alternatives[BULK] = ground.by_others(bulk_mode)
        alternatives[ADMIN] = ground.by_others(admin_flow)
    else:
        note = "; для сравнения с django-import-export: make bench ARGS=import_50000"
    title = f"Import of {ROWS} rows, {connection.vendor}{note}"
    return Benchmark(
        title=title,
        alternatives=alternatives,
        measures_memory=True,
        before=ground.before,
        slow=[ADMIN],
        sums={"portal: check and apply together": [LOOK, APPLY]},
    )
