"""The page of a run over 40 000 schools: the whole request, from the session to the last byte of the template."""

from benchmarks.harness import Benchmark
from benchmarks.stored_run import MUNICIPALITIES, stored_run

SCHOOLS = 40_000


def benchmark() -> Benchmark:
    stored = stored_run(SCHOOLS)
    territories = stored.run.counts["territories"]
    assert len(territories) == MUNICIPALITIES
    return Benchmark(
        title=f"Page of a run over {SCHOOLS} schools",
        alternatives={
            "first page": stored.page,
            "the other schools, far behind": lambda: stored.page("?segment=rest&after=39000"),
            "one municipality": lambda: stored.page(f"?territory={territories[7][0]}"),
            "kind, locality and a flag": lambda: stored.page("?kind=ООШ&locality=село&flag=SMALL_N"),
            "search by name": lambda: stored.page("?q=СОШ № 1234"),
        },
        rounds=15,
    )
