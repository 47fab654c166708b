"""What came of a batch, as commands and the API tell it."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from schools.choices import FileState, RowOutcome
from schools.importing.all_problems import PROBLEMS_SHOWN, problems_of_file
from schools.importing.states import outcome_counts
from schools.models import ImportBatch, ImportFile

# Words of the interface of commands, fixed.
COUNTED = {"created": "new", "changed": "changed", "same": "same", "rejected": "rejected"}


def file_summary(file: ImportFile, path: str) -> dict[str, Any]:
    """Return one file with its counts and first problems; a refused file is one problem."""
    outcomes = list(file.rows.values_list("outcome", flat=True))
    counted = {name: outcomes.count(RowOutcome(value)) for name, value in COUNTED.items()}
    problems = list(islice(problems_of(file), PROBLEMS_SHOWN))
    return {"path": path, "layout": file.layout, **counted, "problems": problems}


def problems_of(file: ImportFile) -> Iterator[dict[str, Any]]:
    """Yield all remarks on a file; of a refused one the refusal."""
    if file.state != FileState.REFUSED:
        yield from problems_of_file(file)
        return
    yield {
        "sheet": "",
        "row": 0,
        "column": "",
        "code": file.refusal_code,
        "text": file.refusal,
        "severity": "error",
    }


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
