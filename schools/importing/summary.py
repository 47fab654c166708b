"""What came of a batch, as commands and the API tell it."""

from typing import Any

from schools.choices import FileState, RowOutcome
from schools.importing.states import outcome_counts
from schools.models import ImportBatch, ImportFile

# Words of the interface of commands, fixed.
COUNTED = {"created": "new", "changed": "changed", "same": "same", "rejected": "rejected"}


def file_summary(file: ImportFile, path: str) -> dict[str, Any]:
    """Return one file with its counts and problems; a refused file is one problem."""
    outcomes = list(file.rows.values_list("outcome", flat=True))
    counted = {name: outcomes.count(RowOutcome(value)) for name, value in COUNTED.items()}
    return {"path": path, "layout": file.layout, **counted, "problems": problems_of(file)}


def problems_of(file: ImportFile) -> list[dict[str, Any]]:
    if file.state != FileState.REFUSED:
        return list(file.problems)
    refusal = {
        "sheet": "",
        "row": 0,
        "column": "",
        "code": file.refusal_code,
        "text": file.refusal,
        "severity": "error",
    }
    return [refusal]


def batch_summary(batch: ImportBatch, paths: dict[str, str] | None = None) -> dict[str, Any]:
    """Return a batch with its totals and files. paths: name of a file in the batch -> its path on the disk."""
    files = [file_summary(file, (paths or {}).get(file.name, file.name)) for file in batch.files.order_by("name", "pk")]
    totals = outcome_counts(batch)
    return {
        "batch": str(batch.pk),
        "state": batch.state,
        **{name: totals[value] for name, value in COUNTED.items()},
        "files": files,
        "problems": [problem for file in files for problem in file["problems"]],
    }
