"""Reference values of wider samples: kept with their file until it is applied, taken away when it is undone."""

from collections.abc import Iterable
from typing import Any

from schools.intake.rows import BenchmarkRow
from schools.models import Benchmark, ImportBatch


def benchmark_json(rows: Iterable[BenchmarkRow]) -> list[dict[str, Any]]:
    """Return reference values as the file keeps them until it is applied."""
    return [
        {
            "procedure": row.work.procedure,
            "year": row.work.year,
            "subject": row.work.subject,
            "grade": row.work.grade,
            "sample": row.sample[:250],
            "schools": row.schools,
            "participants": row.participants,
            "percents": {mark: str(share) for mark, share in row.percents.items()},
        }
        for row in rows
    ]


def write_benchmarks(batch: ImportBatch) -> None:
    Benchmark.objects.bulk_create(
        Benchmark(file=file, **values)
        for file in batch.files.only("meta").order_by("pk")  # remarks on a large file are megabytes
        for values in file.meta.get("benchmarks", [])
    )


def delete_benchmarks(batch: ImportBatch) -> None:
    Benchmark.objects.filter(file__batch=batch).delete()
