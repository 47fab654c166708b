"""Measure alternatives fairly and print them as one table.

Alternatives take turns within each round, so a busy machine slows all of them alike; processor time is measured, not
the clock on the wall; the table shows the median, the spread, and the ratio to the first alternative.
"""

from __future__ import annotations

import resource
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROUNDS = 5


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """A question and its alternatives; the first one is the baseline of the ratios."""

    title: str
    alternatives: Mapping[str, Callable[[], object]]
    rounds: int = ROUNDS


@dataclass(frozen=True, kw_only=True)
class Timing:
    name: str
    seconds: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def cpu_seconds(call: Callable[[], object]) -> float:
    """Return the processor time of one call, with that of the processes it started and awaited."""
    begun = used_seconds()
    call()
    return used_seconds() - begun


def used_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def measure(benchmark: Benchmark, clock: Callable[[Callable[[], object]], float] = cpu_seconds) -> list[Timing]:
    """Return the timings of each alternative, in the order in which they are declared."""
    seconds: dict[str, list[float]] = {name: [] for name in benchmark.alternatives}
    for _ in range(benchmark.rounds):
        for name, call in benchmark.alternatives.items():
            seconds[name].append(clock(call))
    return [Timing(name=name, seconds=values) for name, values in seconds.items()]


def table(benchmark: Benchmark, timings: Sequence[Timing]) -> str:
    """Return the lines to print: median, fastest, slowest, times faster than the baseline."""
    width = max(len(timing.name) for timing in timings)
    baseline = timings[0].median
    head = f"{'':<{width}}  {'median':>9}  {'fastest':>9}  {'slowest':>9}  {'ratio':>6}"
    lines = [f"{benchmark.title} (CPU seconds, {benchmark.rounds} rounds)", head]
    for timing in timings:
        ratio = baseline / timing.median if timing.median else float("inf")
        lines.append(
            f"{timing.name:<{width}}  {timing.median:>9.3f}  {min(timing.seconds):>9.3f}  "
            f"{max(timing.seconds):>9.3f}  {ratio:>5.1f}×"
        )
    return "\n".join(lines)
