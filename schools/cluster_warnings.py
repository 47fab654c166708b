"""What a rule that compares schools inside clusters of the region will not say, known before it is run."""

from collections.abc import Iterator
from typing import Final

from accounts.models import User
from accounts.permissions import Permission
from accounts.russian import count
from schools.access import scope_of
from schools.cluster_reading import ClusterFill, ClusterSize, fill_of
from schools.identification import RelativeRule, Rules
from schools.models import ClusterSet, IdentificationRun, School

SCHOOLS: Final = "школа,школы,школ"
NAMES_SHOWN: Final = 5


def warnings_for(user: User, rules: Rules) -> list[str]:
    """Return the warnings of the newest version that a person sees of the set of a rule. Four queries, none without it.

    To people of single schools nothing is said: sets are no affair of theirs.
    """
    rule = rules.relative_rule
    if rule is None or not rule.cluster_set or not scope_of(user, Permission.VIEW_IDENTIFICATION).territories:
        return []
    sets = ClusterSet.objects.visible_to(user).filter(code=rule.cluster_set).select_related("territory")
    newest = sets.applied_first().first()
    if newest is None:
        return [f"Набора кластеров {rule.cluster_set} нет: расчёт по этому правилу не пройдёт. Внесите набор."]
    return list(fill_warnings(rule, newest, fill_of(newest, School.objects.in_territory(newest.territory))))


def warnings_of_run(run: IdentificationRun, rules: Rules) -> list[str]:
    """Return the warnings of the version that results of the year of a run are compared by today."""
    rule = rules.relative_rule
    if rule is None or not rule.cluster_set:
        return []
    applied = ClusterSet.objects.for_results(rule.cluster_set, run.territory, run.year).first()
    if applied is None:
        return []
    return list(fill_warnings(rule, applied, fill_of(applied, School.objects.in_territory(run.territory), run.year)))


def fill_warnings(rule: RelativeRule, cluster_set: ClusterSet, fill: ClusterFill) -> Iterator[str]:
    """Yield whom the rule will not compare: schools without a cluster, clusters that are too small."""
    if fill.without:
        yield f"{cluster_set}. {without_words(fill)}"
    small = [size for size in fill.sizes if comparable(size, fill) < rule.min_schools]
    if small:
        among = f"Школ с результатами {fill.year} года" if fill.year else "Школ"
        told = ", ".join(f"«{size.cluster}» — {size_words(size, fill)}" for size in small)
        yield (
            f"{cluster_set}. {among} меньше, чем нужно для сравнения ({rule.min_schools}), в кластерах: {told}. "
            "Их школы правило не сравнит."
        )


def comparable(size: ClusterSize, fill: ClusterFill) -> int:
    """Return how many schools of a cluster can be compared at most."""
    return size.written if fill.year else size.schools


def size_words(size: ClusterSize, fill: ClusterFill) -> str:
    """Return «3», «3 из 5» where some of the schools have no results."""
    can_be = comparable(size, fill)
    return f"{can_be}" if can_be == size.schools else f"{can_be} из {size.schools}"


def without_words(fill: ClusterFill) -> str:
    """Return «Без кластера 3 школы: правило их не сравнит (СОШ № 1, СОШ № 2, СОШ № 3).», «… 1 школа: … её …»."""
    number = len(fill.without)
    names = ", ".join(fill.without[:NAMES_SHOWN])
    more = f" и ещё {number - NAMES_SHOWN}" if number > NAMES_SHOWN else ""
    them = "её" if number == 1 else "их"
    return f"Без кластера {count(number, SCHOOLS)}: правило {them} не сравнит ({names}{more})."
