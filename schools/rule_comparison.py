"""Two rules side by side, parameter by parameter, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from schools.identification import Procedure, Rules
from schools.intake.subjects import BY_CODE
from schools.intake.vocabulary import PROCEDURE_NAMES
from schools.models import IdentificationRuleSet
from schools.rule_basis import basis_words, provenance_words
from schools.rule_words import facts_of, rule_sentences

KINDS: Final = tuple(PROCEDURE_NAMES)
SUBJECTS: Final = tuple(BY_CODE)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A parameter, or a requisite of the version, in both."""

    title: str
    section: str
    first: str
    second: str

    @property
    def differs(self) -> bool:
        return self.first != self.second


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """What one rule says that the other does not (is_own), and what both say."""

    text: str
    is_own: bool


def pairs(first: Rules, second: Rules) -> list[Pair]:
    """Return every parameter of two rules, in the order in which they are declared."""
    return [
        Pair(title=one.title, section=one.section, first=one.told, second=other.told)
        for one, other in zip(facts_of(in_order(first)), facts_of(in_order(second)), strict=True)
    ]


def in_order(rules: Rules) -> Rules:
    """Return the rule with its works as they are listed everywhere: another order of them is no difference."""
    definitions = sorted(rules.low_definition.items(), key=lambda pair: place(pair[0], KINDS))
    return replace(
        rules,
        procedures=tuple(sorted(rules.procedures, key=place_of)),
        low_definition=dict(definitions),
    )


def place_of(procedure: Procedure) -> tuple[int, int, int]:
    return place(procedure.kind, KINDS), procedure.grade, place(procedure.subject, SUBJECTS)


def place(code: str, listed: Sequence[str]) -> int:
    return listed.index(code) if code in listed else len(listed)


def requisites(first: IdentificationRuleSet, second: IdentificationRuleSet) -> list[Pair]:
    """Return what two versions say of themselves."""
    return [
        Pair(title=title, section="О версии", first=one, second=other)
        for (title, one), (_, other) in zip(told(first), told(second), strict=True)
    ]


def told(rule_set: IdentificationRuleSet) -> Iterator[tuple[str, str]]:
    yield "Название", rule_set.title
    yield "Год", str(rule_set.year)
    yield "Документ-основание", basis_words(rule_set)
    yield "Происхождение параметров", provenance_words(rule_set)
    yield "Обоснование изменений", rule_set.justification.strip() or "не указано"


def sentences(rules: Rules, other: Rules) -> list[Sentences]:
    """Return what a rule does, with the mark of what the other does not say."""
    common = set(rule_sentences(in_order(other)))
    return [Sentences(text=text, is_own=text not in common) for text in rule_sentences(in_order(rules))]
