"""Problems of a rule, said without the names of the file."""

import pytest

from schools.rule_problems import said


@pytest.mark.parametrize(
    ("problem", "field", "text"),
    [
        pytest.param(
            "combine: ALL опирается на повтор, а repeat_same_procedure выключен. Укажите C1_ONLY.",
            "combine",
            "«нужны оба» опирается на повтор, а «Условие 2: та же процедура за порогом подряд» выключен. "
            "Укажите «только условие 1».",
            id="names and values",
        ),
        pytest.param(
            "relative_rule.cut: четверть — это 25. Укажите PERCENTILE.",
            "relative_rule-cut",
            "Четверть — это 25. Укажите «худшие проценты кластера».",
            id="part of a rule",
        ),
        pytest.param(
            "relative_rule.cluster_set: выбран ASSIGNED, а набор не указан. Укажите набор или снимите ASSIGNED.",
            "relative_rule-cluster_set",
            "Выбран «кластер региона», а набор не указан. Укажите набор или снимите «кластер региона».",
            id="set of clusters",
        ),
        pytest.param(
            "ranking_rule.groups: VPR нет среди процедур.", "ranking_rule-groups", "ВПР нет среди процедур.", id="kind"
        ),
        pytest.param("low_levels.KDR4: уровня нет.", "low_levels-KDR4", "Уровня нет.", id="scale"),
        pytest.param("Всё не так.", "", "Всё не так.", id="no field"),
    ],
)
def test_problem_is_said_at_its_field(problem: str, field: str, text: str) -> None:
    assert said(problem) == (field, text)
