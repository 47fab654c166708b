"""The table of the benchmarks must not flatter: medians, turns, ratios to the first alternative."""

from collections.abc import Callable, Iterator
from functools import partial
from operator import mul
from pathlib import Path
from time import sleep

import pytest

from benchmarks import read_xlsx, run, write_xlsx
from benchmarks.harness import (
    Benchmark,
    Cost,
    Timing,
    clock_seconds,
    cost_in_own_process,
    cpu_seconds,
    measure,
    sum_of,
    table,
    timing_of,
)


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
    assert lines[2].split() == ["slow", "6.000", "6.000", "6.000", "1.00×"]
    assert lines[3].split() == ["fast", "2.000", "2.000", "2.000", "3.00×"]


def test_alternative_that_takes_no_time_has_an_infinite_ratio() -> None:
    benchmark = Benchmark(title="t", alternatives={"slow": nothing, "none": nothing}, rounds=1)

    assert table(benchmark, measure(benchmark, clock=scripted(iter([1.0, 0.0])))).endswith("inf×")


def test_benchmark_may_ask_for_the_clock_and_says_so() -> None:
    benchmark = Benchmark(title="Reading", alternatives={"a": lambda: sleep(0.01)}, rounds=1, clock=clock_seconds)

    (timing,) = measure(benchmark)

    assert timing.median >= 0.01
    assert table(benchmark, [timing]).startswith("Reading (seconds by the clock, 1 rounds)")


def test_what_is_done_between_measurements_is_done_after_each() -> None:
    calls: list[str] = []
    benchmark = Benchmark(
        title="t",
        alternatives={"a": lambda: calls.append("a"), "b": lambda: calls.append("b")},
        rounds=1,
        between=lambda: calls.append("clear"),
    )

    measure(benchmark)

    assert calls == ["a", "clear", "b", "clear"]


def test_processor_time_is_measured_and_sleep_is_not() -> None:
    assert cpu_seconds(lambda: sum(range(200_000))) > 0


# Memory


def test_memory_is_shown_only_where_it_is_measured() -> None:
    weighed = Benchmark(title="t", alternatives={"a": nothing}, rounds=1, measures_memory=True)
    timed = Benchmark(title="t", alternatives={"a": nothing}, rounds=1)
    timing = Timing(name="a", seconds=[1.0], megabytes=120, child_megabytes=40)

    assert table(weighed, [timing]).splitlines()[-1].split()[-2:] == ["120", "40"]
    assert "MB" not in table(timed, [timing])


def test_memory_of_an_alternative_is_the_most_it_has_ever_taken() -> None:
    timing = timing_of("a", [Cost(1.0, 90, 200), Cost(3.0, 120, 10), Cost(2.0, 80, 0)])

    assert (timing.median, timing.megabytes, timing.child_megabytes) == (2.0, 120, 200)


def test_process_of_its_own_tells_what_the_call_alone_has_taken() -> None:
    small, large = (cost_in_own_process(partial(mul, b"a", size), cpu_seconds) for size in (1, 60_000_000))

    assert large.megabytes - small.megabytes > 50
    assert small.megabytes > 0


def test_call_in_a_process_of_its_own_changes_nothing_here() -> None:
    calls: list[str] = []

    cost_in_own_process(lambda: calls.append("a"), cpu_seconds)

    assert calls == []


def test_failure_in_a_process_of_its_own_stops_the_measurement() -> None:
    def fail() -> None:
        raise SystemExit(1)

    with pytest.raises(RuntimeError, match="failed"):
        cost_in_own_process(fail, cpu_seconds)


def test_tables_are_prepared_for_each_alternative_of_each_round() -> None:
    told: list[str] = []
    benchmark = Benchmark(
        title="t",
        alternatives={"a": lambda: told.append("call a"), "b": lambda: told.append("call b")},
        rounds=2,
        before=told.append,
    )

    measure(benchmark)

    assert told == ["a", "call a", "b", "call b"] * 2


def test_rows_that_are_written_have_twelve_cells_and_names_of_schools() -> None:
    first = next(write_xlsx.lines())

    assert len(first) == len(write_xlsx.HEAD) == 12
    assert first[1] == write_xlsx.NAMES[0]


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


# Slow alternatives and sums


def test_slow_alternative_takes_part_in_the_first_rounds_and_the_table_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.harness.SLOW_ROUNDS", 1)
    benchmark = Benchmark(title="t", alternatives={"fast": nothing, "slow": nothing}, rounds=2, slow=["slow"])

    timings = measure(benchmark, clock=scripted(iter([1.0, 90.0, 3.0])))

    assert [list(timing.seconds) for timing in timings] == [[1.0, 3.0], [90.0]]
    fast, slow = table(benchmark, timings).splitlines()[2:]
    assert (fast.split()[:2], slow.split()[:4]) == (["fast", "2.000"], ["slow", "(rounds:", "1)", "90.000"])


def test_slow_alternatives_without_rounds_have_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.harness.SLOW_ROUNDS", 0)
    alternatives = {"fast": nothing, "slow": nothing, "last": nothing}
    sums = {"both": ["fast", "slow"], "rest": ["fast", "last"]}
    benchmark = Benchmark(title="t", alternatives=alternatives, rounds=1, slow=["slow"], sums=sums)

    timings = measure(benchmark, clock=scripted(iter([1.0, 2.0])))

    assert [timing.name for timing in timings] == ["fast", "last", "rest"]
    assert len(table(benchmark, timings).splitlines()) == 5


def test_no_round_at_all_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("benchmarks.run.ROUNDS", 0)

    assert run.main(["read_xlsx"]) == 2
    assert "нужен хотя бы один раунд" in capsys.readouterr().err


def test_parts_are_shown_together_round_by_round() -> None:
    benchmark = Benchmark(
        title="t",
        alternatives={"a": nothing, "b": nothing},
        rounds=3,
        sums={"both": ["a", "b"]},
    )

    *_, both = measure(benchmark, clock=scripted(iter([1.0, 10.0, 2.0, 1.0, 3.0, 5.0])))

    assert (both.name, both.median) == ("both", 8.0)  # of 11, 3 and 8; the medians of the parts make 7


def test_sum_has_the_memory_of_its_largest_part() -> None:
    timing = sum_of("both", [[Cost(1.0, 150, 20)], [Cost(2.0, 90, 240)]])

    assert (timing.megabytes, timing.child_megabytes) == (150, 240)
