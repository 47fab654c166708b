"""What a version of a rule set rests on, in words: printed wherever the rule is applied."""

from schools.models import ClusterSet, IdentificationRuleSet, IdentificationRun, SocialIndexRule

Rule = IdentificationRuleSet | SocialIndexRule | ClusterSet


def basis_words(rule_set: Rule) -> str:
    return str(rule_set.basis_document) if rule_set.basis_document else "не указан"


def provenance_words(rule_set: Rule) -> str:
    return rule_set.provenance.strip() or "не указано"


def rule_told(rule_set: Rule) -> str:
    """Return «Документ-основание: … Происхождение параметров: …», a line under the name of the rule."""
    told = f"Документ-основание: {basis_words(rule_set)}. Происхождение параметров: {provenance_words(rule_set)}"
    return told if told.endswith(".") else f"{told}."


def run_told(run: IdentificationRun) -> str:
    """Return what the rule of a run rests on, and the clusters of the region that it has compared schools in."""
    told = rule_told(run.rule_set)
    return f"{told} {clusters_told(run.cluster_set)}" if run.cluster_set else told


def clusters_told(cluster_set: ClusterSet) -> str:
    """Return «Кластеры региона: Кластеры РСОКО (SPB-2026, версия 2). Документ-основание: …»."""
    told = (
        f"Кластеры региона: {cluster_set.title} ({cluster_set}). Документ-основание: {basis_words(cluster_set)}. "
        f"Происхождение кластеров: {provenance_words(cluster_set)}"
    )
    return told if told.endswith(".") else f"{told}."
