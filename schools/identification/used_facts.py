"""What a rule takes of a school besides its results, as it is stored with the verdict."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any, Final

from schools.identification.results import SchoolFacts
from schools.identification.rules import Rules
from schools.identification.terms import ClusterKey


class Fact(StrEnum):
    KIND = "kind"
    LISTED = "listed"  # years of results whose published lists named the school: the exit rule asks for them
    INHERITED = "inherited"  # which of these are of schools merged into it; kept where there are any
    LOCALITY = "locality"
    STUDENTS = "students"
    SOCIAL = "social"  # whether the conditions are hard
    CLUSTER = "cluster"  # the one of the set that the rule names


FACT_FIELDS: Final = {
    Fact.KIND: "kind",
    Fact.LISTED: "years_in_lists",
    Fact.INHERITED: "inherited_years",
    Fact.LOCALITY: "locality",
    Fact.STUDENTS: "students",
    Fact.SOCIAL: "is_socially_difficult",
    Fact.CLUSTER: "cluster",
}  # fact -> attribute of SchoolFacts


def facts_read(rules: Rules) -> tuple[Fact, ...]:
    """Return what a rule reads: the kind and the lists always, the rest when it makes clusters or flags of it."""
    clusters = rules.relative_rule.cluster_by if rules.relative_rule else ()
    asked = {
        Fact.LOCALITY: ClusterKey.LOCALITY in clusters,
        Fact.STUDENTS: ClusterKey.SIZE in clusters,
        Fact.SOCIAL: ClusterKey.SOCIAL in clusters or rules.shnsu_rule is not None,
        Fact.CLUSTER: ClusterKey.ASSIGNED in clusters,
    }
    return (Fact.KIND, Fact.LISTED, Fact.INHERITED, *(fact for fact, is_asked in asked.items() if is_asked))


def used_facts(facts: SchoolFacts, read: Collection[Fact]) -> dict[str, Any]:
    """Return the facts of a school that a rule reads as plain values: name -> value, None when not known."""
    values = {fact: getattr(facts, FACT_FIELDS[fact]) for fact in read}
    known = {fact: value for fact, value in values.items() if value or fact is not Fact.INHERITED}
    return {str(fact): sorted(value) if isinstance(value, frozenset) else value for fact, value in known.items()}
