"""What a version of a rule set rests on, in words: printed wherever the rule is applied."""

from schools.models import IdentificationRuleSet, SocialIndexRule

Rule = IdentificationRuleSet | SocialIndexRule


def basis_words(rule_set: Rule) -> str:
    return str(rule_set.basis_document) if rule_set.basis_document else "не указан"


def provenance_words(rule_set: Rule) -> str:
    return rule_set.provenance.strip() or "не указано"


def rule_told(rule_set: Rule) -> str:
    """Return «Документ-основание: … Происхождение параметров: …», a line under the name of the rule."""
    told = f"Документ-основание: {basis_words(rule_set)}. Происхождение параметров: {provenance_words(rule_set)}"
    return told if told.endswith(".") else f"{told}."
