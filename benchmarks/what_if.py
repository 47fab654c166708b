"""The trial of other thresholds on the page of a run over 600 schools: the whole request, as the browser waits for it.

Beside it the same question asked of the rule itself, from all the rows, with parts and reasons that nobody will read.
"""

from urllib.parse import urlencode

from benchmarks.harness import Benchmark
from benchmarks.stored_run import YEAR, stored_run
from schools.calculation import calculate, read_rules

SCHOOLS = 600
TRIAL = {"share_threshold_pct": "25", "min_procedures": "3", "years_required": "1", "min_participants": "5"}
HTMX = {"HX-Request": "true", "HX-Target": "trial"}


def benchmark() -> Benchmark:
    stored = stored_run(SCHOOLS, with_results=True)
    rules = read_rules({**stored.run.parameters, "share_threshold_pct": "25", "min_procedures": 3})

    def by_the_rule() -> object:
        return list(calculate(territory=stored.run.territory, year=YEAR, rules=rules).outcomes)

    def trial(**changes: str) -> object:
        return stored.page(f"?{urlencode({**TRIAL, **changes})}", **HTMX)

    return Benchmark(
        title=f"Other thresholds tried over {SCHOOLS} schools",
        alternatives={
            "the rule over all rows, calculation alone": by_the_rule,
            "request: from the parts of the run": trial,
            "request: three years, from the rows": lambda: trial(years_required="3"),
        },
        rounds=15,
    )
