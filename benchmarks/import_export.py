"""The same file by django-import-export 4.4: its admin flow, and its bulk mode tuned as its documentation advises."""

from importlib.util import find_spec
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook

from schools.intake.layouts.portal_results import COLUMNS
from schools.intake.subjects import find_subject
from schools.intake.vocabulary import PROCEDURES, default_period
from schools.models import AssessmentResult, School

KEY = ("school", "procedure", "year", "period", "subject", "grade", "level")
COUNTS = ("participants", "mark2", "mark3", "mark4", "mark5", "lowered", "confirmed", "raised")
KEYS = [column.key for column in COLUMNS]
PORTION = 1_000


def is_installed() -> bool:
    return find_spec("import_export") is not None


def admin_flow(data: bytes) -> None:
    """Read, try with differences for the confirmation page, then import: what an administrator waits for."""
    resource = resource_class()()
    for is_trial in (True, False):
        result = resource.import_data(dataset_of(data), dry_run=is_trial, use_transactions=True)
        refuse_errors(result)


def bulk_mode(data: bytes) -> None:
    """Import once: no differences, no look at what stands in the table, rows written by thousands."""
    options = {"use_bulk": True, "batch_size": PORTION, "skip_diff": True, "force_init_instance": True}
    result = resource_class(**options)().import_data(dataset_of(data), dry_run=False, use_transactions=True)
    refuse_errors(result)


def refuse_errors(result: Any) -> None:
    if result.has_errors() or result.has_validation_errors():
        raise RuntimeError("django-import-export has not imported everything")


def dataset_of(data: bytes) -> Any:
    """Return the rows with the words of the file made into codes: its widgets know nothing of Russian subjects."""
    import tablib  # noqa: PLC0415  comes with django-import-export, which may be missing

    dataset = tablib.Dataset(headers=[*KEY, *COUNTS])
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        for cells in list(book.get_sheet_by_index(0).iter_rows())[1:]:
            dataset.append(values(dict(zip(KEYS, cells, strict=False))))
    return dataset


def values(row: dict[str, Any]) -> list[Any]:
    subject, procedure = find_subject(row["subject"]), PROCEDURES[row["procedure"].lower()]
    code = subject[0].code if subject else ""
    counts = ["" if row[name] == "" else int(row[name]) for name in COUNTS]
    return [
        row["inn"],
        procedure,
        int(row["year"]),
        default_period(procedure),
        code,
        int(row["grade"]),
        "none",
        *counts,
    ]


def resource_class(**options: Any) -> Any:
    from import_export.fields import Field  # noqa: PLC0415  may be missing
    from import_export.resources import ModelResource  # noqa: PLC0415  same
    from import_export.widgets import CachedForeignKeyWidget  # noqa: PLC0415  same

    meta = {"model": AssessmentResult, "import_id_fields": KEY, "fields": (*KEY, *COUNTS), **options}
    school = Field(column_name="school", attribute="school", widget=CachedForeignKeyWidget(School, "inn"))
    return type("ResultResource", (ModelResource,), {"school": school, "Meta": type("Meta", (), meta)})
