"""Run the benchmarks: `make bench`, or `make bench ARGS=read_xlsx` for some of them.

Each module of this folder with a function `benchmark() -> Benchmark` is one.
"""

import os
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.apps import apps

from benchmarks.harness import ROUNDS, measure, table

NOT_BENCHMARKS = {"__init__", "harness", "import_export", "run"}


def names() -> list[str]:
    """Return the benchmarks of this folder in alphabetic order."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in NOT_BENCHMARKS)


def main(chosen: list[str]) -> int:
    """Print one table for each benchmark; 2 when an unknown one is asked for, or no round at all."""
    unknown = set(chosen) - set(names())
    if unknown:
        print(f"Нет такого замера: {', '.join(sorted(unknown))}. Есть: {', '.join(names())}", file=sys.stderr)
        return 2
    if ROUNDS < 1:
        print(f"BENCH_ROUNDS={ROUNDS}: нужен хотя бы один раунд.", file=sys.stderr)
        return 2
    with TemporaryDirectory(prefix="orientir-bench-") as folder:
        set_up(folder)
        for name in chosen or names():
            benchmark = import_module(f"benchmarks.{name}").benchmark()
            print(table(benchmark, measure(benchmark)), end="\n\n", flush=True)
    return 0


def set_up(folder: str) -> None:
    """Start Django on an empty SQLite of this run: the data of the installation stay out of it."""
    if apps.ready:
        return
    os.environ.update(
        DATA_DIR=folder,
        DATABASE_URL=os.environ.get("BENCH_DATABASE_URL", ""),
        REDIS_URL="",
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    django.setup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
