"""Measure alternatives fairly and print them as one table.

Alternatives take turns within each round, so a busy machine slows all of them alike; processor time is measured, not
the clock on the wall, unless a benchmark asks for the clock; the table shows the median, the spread, and the ratio to
the first alternative. Where memory is measured too, every call has a process of its own, so that nobody inherits what
another one has touched.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import statistics
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from schools.intake.births import close_nursery

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from multiprocessing.connection import Connection

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SLOW_ROUNDS = int(os.environ.get("BENCH_SLOW_ROUNDS", "1"))
"""Rounds of alternatives that take minutes; the table says how many they were, with 0 it has no line of them."""
KIBIBYTES = 1024


class Cost(NamedTuple):
    """Seconds; the most MB that the calling process and the largest of those it started have held."""

    seconds: float
    megabytes: int = 0
    child_megabytes: int = 0


def cpu_seconds(call: Callable[[], object]) -> float:
    """Return the processor time of one call, with that of the processes it started and awaited."""
    begun = used_seconds()
    call()
    return used_seconds() - begun


def clock_seconds(call: Callable[[], object]) -> float:
    """Return the time of one call by the clock on the wall: for work that another process does, as a database."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """A question and its alternatives; the first one is the baseline of the ratios.

    before, with the name of the alternative, and between: called before and after each measurement and not measured.
    slow: alternatives that take part in the first SLOW_ROUNDS rounds only. sums: name -> alternatives that are also
    shown together, round by round.
    """

    title: str
    alternatives: Mapping[str, Callable[[], object]]
    rounds: int = ROUNDS
    clock: Callable[[Callable[[], object]], float] = cpu_seconds
    between: Callable[[], object] | None = None
    before: Callable[[str], object] | None = None
    measures_memory: bool = False
    slow: Collection[str] = ()
    sums: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Timing:
    name: str
    seconds: Sequence[float]
    megabytes: int = 0
    child_megabytes: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def used_seconds() -> float:
    """Return the processor time of this process and of its children, which is told of those that have ended."""
    close_nursery()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def cost_in_own_process(call: Callable[[], object], clock: Callable[[Callable[[], object]], float]) -> Cost:
    """Return time and memory of a call in a process made for it. Raises RuntimeError when it fails there."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=tell_cost, args=(call, clock, sender))
    process.start()
    sender.close()
    try:
        cost: Cost = receiver.recv()
    except EOFError:
        raise RuntimeError("an alternative has failed in its process") from None
    finally:
        process.join()
    return cost


def run_apart(call: Callable[[], object]) -> None:
    """Make a call in a process of its own: what it has held does not weigh on those measured later."""
    cost_in_own_process(call, cpu_seconds)


def tell_cost(call: Callable[[], object], clock: Callable[[Callable[[], object]], float], sender: Connection) -> None:
    seconds = clock(call)
    own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    sender.send(Cost(seconds, own // KIBIBYTES, children // KIBIBYTES))


def measure(benchmark: Benchmark, clock: Callable[[Callable[[], object]], float] | None = None) -> list[Timing]:
    """Return the timings of each alternative, in the order in which they are declared; tell each call on stderr.

    Those that took part in no round (BENCH_SLOW_ROUNDS=0 leaves the slow ones out) have none, nor have their sums.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in benchmark.alternatives}
    for number in range(1, benchmark.rounds + 1):
        for name in taking_part(benchmark, number):
            cost = cost_of(benchmark, name, clock or benchmark.clock)
            costs[name].append(cost)
            print(f"{number}/{benchmark.rounds} {name}: {cost.seconds:.2f}", file=sys.stderr, flush=True)
    return [
        *(timing_of(name, of_name) for name, of_name in costs.items() if of_name),
        *(sum_of(name, told) for name, parts in benchmark.sums.items() if all(told := [costs[part] for part in parts])),
    ]


def taking_part(benchmark: Benchmark, number: int) -> list[str]:
    """Return the alternatives of a round, counted from 1."""
    return [name for name in benchmark.alternatives if number <= SLOW_ROUNDS or name not in benchmark.slow]


def sum_of(name: str, parts: Sequence[Sequence[Cost]]) -> Timing:
    """Return what several alternatives have cost together in each round; the memory is that of the largest."""
    together = [
        Cost(
            sum(cost.seconds for cost in costs),
            max(cost.megabytes for cost in costs),
            max(cost.child_megabytes for cost in costs),
        )
        for costs in zip(*parts, strict=True)
    ]
    return timing_of(name, together)


def cost_of(benchmark: Benchmark, name: str, clock: Callable[[Callable[[], object]], float]) -> Cost:
    """Return the cost of one call of an alternative."""
    call = benchmark.alternatives[name]
    if benchmark.before:
        benchmark.before(name)
    cost = cost_in_own_process(call, clock) if benchmark.measures_memory else Cost(clock(call))
    if benchmark.between:
        benchmark.between()
    return cost


def timing_of(name: str, costs: Sequence[Cost]) -> Timing:
    return Timing(
        name=name,
        seconds=[cost.seconds for cost in costs],
        megabytes=max(cost.megabytes for cost in costs),
        child_megabytes=max(cost.child_megabytes for cost in costs),
    )


def table(benchmark: Benchmark, timings: Sequence[Timing]) -> str:
    """Return the lines to print: median, fastest, slowest, times faster than the baseline, memory where measured."""
    width = max(len(name_in(benchmark, timing)) for timing in timings)
    memory = f"  {'MB':>5}  {'child':>5}" if benchmark.measures_memory else ""
    head = f"{'':<{width}}  {'median':>9}  {'fastest':>9}  {'slowest':>9}  {'ratio':>6}{memory}"
    unit = "seconds by the clock" if benchmark.clock is clock_seconds else "CPU seconds"
    title = f"{benchmark.title} ({unit}, {benchmark.rounds} rounds)"
    return "\n".join([title, head, *(line(timing, timings[0].median, width, benchmark) for timing in timings)])


def name_in(benchmark: Benchmark, timing: Timing) -> str:
    """Return the name, with the number of rounds where it is not that of the others."""
    rounds = len(timing.seconds)
    return timing.name if rounds == benchmark.rounds else f"{timing.name} (rounds: {rounds})"


def line(timing: Timing, baseline: float, width: int, benchmark: Benchmark) -> str:
    ratio = baseline / timing.median if timing.median else float("inf")
    memory = f"  {timing.megabytes:>5}  {timing.child_megabytes:>5}" if benchmark.measures_memory else ""
    return (
        f"{name_in(benchmark, timing):<{width}}  {timing.median:>9.3f}  {min(timing.seconds):>9.3f}  "
        f"{max(timing.seconds):>9.3f}  {ratio:>5.2f}×{memory}"
    )
