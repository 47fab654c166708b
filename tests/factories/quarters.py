"""The worked example of the methodology: nine schools, two clusters, low is the lower quarter of the primary scores."""

from typing import Any, Final

from schools.actions.identification import run_identification
from schools.identification import Procedure, Rules
from schools.models import AssessmentResult, IdentificationRuleSet, IdentificationRun, School, Territory
from tests.factories.lists import AT
from tests.factories.schools import make_result, make_school

RU_4: Final = Procedure("VPR", "RU", 4)
EXAMPLE: Final[dict[str, Any]] = {
    "procedures": [RU_4._asdict()],
    "low_definition": {"VPR": "LOWER_QUARTILE"},
    "repeat_same_procedure": False,
    "combine": "C1_ONLY",
    "min_participants": 10,
    "relative_rule": {
        "cluster_by": ["KIND", "SOCIAL"],
        "statistic": "QUARTILE",
        "cut": "25",
        "min_schools": 4,
        "use": "SOLE",
    },
}
BY_THRESHOLD: Final[dict[str, Any]] = {  # the same works, judged by the share of each school alone
    **EXAMPLE,
    "min_procedures": 1,
    "relative_rule": None,
}
SCORES: Final[dict[str, tuple[list[int], bool]]] = {  # school -> participants with the score 0, 1, … 4; hard conditions
    "А": ([0, 1, 9, 8, 2], False),
    "Б": ([1, 1, 8, 8, 2], False),
    "В": ([1, 2, 7, 8, 2], False),
    "Г": ([2, 2, 6, 8, 2], False),
    "Д": ([3, 3, 4, 8, 2], False),
    "Е": ([2, 3, 5, 8, 2], True),
    "Ж": ([3, 4, 3, 8, 2], True),
    "З": ([4, 4, 2, 8, 2], True),
    "И": ([5, 5, 0, 8, 2], True),
}


def example_rules(**changes: Any) -> Rules:
    return Rules.from_parameters({**EXAMPLE, **changes})


def make_scores(school: School, histogram: list[int], **fields: Any) -> AssessmentResult:
    """Return a result of ВПР РУ 4 with scores; its marks say that nobody has a «2»."""
    given: dict[str, Any] = {"grade": 4, "score_hist": histogram, "max_primary": max(len(histogram) - 1, 0)}
    return make_result(school=school, **{"marks": (0, sum(histogram), 0, 0), **given, **fields})


def make_example(territory: Territory) -> dict[str, School]:
    """Store the nine schools with their scores; return them by name."""
    schools = {name: make_school(territory=territory, name=name) for name in SCORES}
    for name, school in schools.items():
        make_scores(school, SCORES[name][0])
    return schools


def run_rule(territory: Territory, parameters: dict[str, Any]) -> IdentificationRun:
    """Return a run of a rule over ВПР РУ 4 of 2026."""
    complete = Rules.from_parameters(parameters).to_parameters()
    rule_set, _ = IdentificationRuleSet.objects.get_or_create(
        code="QUARTER",
        defaults={"title": "Нижняя четверть баллов", "year": 2026, "parameters": complete},
    )
    return run_identification(rule_set=rule_set, territory=territory, year=2026, by=None, at=AT)
