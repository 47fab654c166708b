"""The table of the benchmarks must not flatter: medians, turns, ratios to the first alternative."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks import read_xlsx, run
from benchmarks.harness import Benchmark, Timing, cpu_seconds, measure, table


def nothing() -> None:
    """Cost no time."""


def scripted(values: Iterator[float]) -> Callable[[Callable[[], object]], float]:
    """Return a clock that tells the given times one after another."""

    def clock(call: Callable[[], object]) -> float:
        call()
        return next(values)

    return clock


def test_alternatives_take_turns_in_each_round() -> None:
    calls: list[str] = []
    benchmark = Benchmark(
        title="t",
        alternatives={"a": lambda: calls.append("a"), "b": lambda: calls.append("b")},
        rounds=2,
    )

    measure(benchmark)

    assert calls == ["a", "b", "a", "b"]


def test_median_ignores_one_slow_round() -> None:
    assert Timing(name="a", seconds=[1.0, 9.0, 1.2]).median == 1.2


def test_ratio_says_how_many_times_faster_than_the_first() -> None:
    benchmark = Benchmark(title="Reading", alternatives={"slow": nothing, "fast": nothing}, rounds=1)

    lines = table(benchmark, measure(benchmark, clock=scripted(iter([6.0, 2.0])))).splitlines()

    assert lines[0] == "Reading (CPU seconds, 1 rounds)"
    assert lines[2].split() == ["slow", "6.000", "6.000", "6.000", "1.0×"]
    assert lines[3].split() == ["fast", "2.000", "2.000", "2.000", "3.0×"]


def test_alternative_that_takes_no_time_has_an_infinite_ratio() -> None:
    benchmark = Benchmark(title="t", alternatives={"slow": nothing, "none": nothing}, rounds=1)

    assert table(benchmark, measure(benchmark, clock=scripted(iter([1.0, 0.0])))).endswith("inf×")


def test_processor_time_is_measured_and_sleep_is_not() -> None:
    assert cpu_seconds(lambda: sum(range(200_000))) > 0


@pytest.mark.parametrize("rows", [0, 1, 50])
def test_both_readers_count_the_same_rows(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "book.xlsx"
    read_xlsx.make_book(path, rows=rows)

    assert read_xlsx.read_by_calamine(path) == read_xlsx.read_by_openpyxl(path) == rows


def test_every_module_of_the_folder_is_a_benchmark() -> None:
    assert "read_xlsx" in run.names()
    assert not {"harness", "run"} & set(run.names())


def test_unknown_benchmark_is_refused_with_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["nonsense"]) == 2
    assert "read_xlsx" in capsys.readouterr().err
