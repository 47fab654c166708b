"""What of a school is kept with its verdict: what the rule has read, and nothing else."""

from typing import Any

import pytest

from schools.identification import Fact, SchoolFacts, facts_read, used_facts
from tests.factories.identification import make_rules

FACTS = SchoolFacts(
    kind="СОШ",
    locality="село",
    students=164,
    is_socially_difficult=True,
    cluster="А",
    listed_years=frozenset({2025, 2023}),
)


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        pytest.param({}, set(), id="conditions of its own"),
        pytest.param({"relative_rule": {"cluster_by": ["KIND"]}}, set(), id="clusters by kind"),
        pytest.param({"relative_rule": {"cluster_by": ["LOCALITY"]}}, {Fact.LOCALITY}, id="clusters by place"),
        pytest.param({"relative_rule": {"cluster_by": ["SIZE"]}}, {Fact.STUDENTS}, id="clusters by size"),
        pytest.param({"relative_rule": {"cluster_by": ["SOCIAL"]}}, {Fact.SOCIAL}, id="clusters by conditions"),
        pytest.param(
            {"relative_rule": {"cluster_by": ["ASSIGNED"], "cluster_set": "SPB"}},
            {Fact.CLUSTER},
            id="clusters of the region",
        ),
    ],
)
def test_rule_reads_what_it_judges_by(changes: dict[str, Any], more: set[Fact]) -> None:
    assert set(facts_read(make_rules(**changes))) == {Fact.KIND, Fact.LISTED, Fact.INHERITED} | more


def test_lists_of_merged_schools_are_kept_among_all_and_apart_where_there_are_any() -> None:
    facts = SchoolFacts(kind="СОШ", listed_years=frozenset({2023}), inherited_years=frozenset({2025, 2023}))

    assert used_facts(facts, (Fact.LISTED, Fact.INHERITED)) == {"listed": [2023, 2025], "inherited": [2023, 2025]}


def test_facts_are_plain_values() -> None:
    assert used_facts(FACTS, (Fact.KIND, Fact.LISTED)) == {"kind": "СОШ", "listed": [2023, 2025]}
    assert used_facts(FACTS, tuple(Fact)) == {
        "kind": "СОШ",
        "listed": [2023, 2025],
        "locality": "село",
        "students": 164,
        "social": True,
        "cluster": "А",
    }
