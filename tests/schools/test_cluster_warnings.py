"""What is said of clusters before a rule is run."""

from typing import Any

import pytest

from accounts.models import User
from accounts.permissions import Role
from accounts.russian import NBSP
from schools.cluster_warnings import warnings_for, warnings_of_run
from schools.identification import Rules
from schools.models import School, Territory
from tests.factories.clusters import CODE, make_cluster_set
from tests.factories.identification import make_rules
from tests.factories.lists import make_run_under
from tests.factories.schools import make_region, make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db

NO_SET = f"Набора кластеров {CODE} нет: расчёт по этому правилу не пройдёт. Внесите набор."
SMALL = (
    f"{CODE}, версия 1. Школ меньше, чем нужно для сравнения (2), в кластерах: «Б» — 1. Их школы правило не сравнит."
)


@pytest.fixture
def territory() -> Territory:
    return make_territory()


@pytest.fixture
def keeper(territory: Territory) -> User:
    return make_user(role=Role.REGIONAL_ADMIN, territory=territory.parent)


def rules(**changes: Any) -> Rules:
    relative = {"cluster_by": ["ASSIGNED"], "cluster_set": CODE, "min_schools": 2, **changes}
    return make_rules(relative_rule=relative)


def fill(territory: Territory, without: int) -> None:
    """Give two schools the cluster «А», one «Б», some none."""
    assert territory.parent
    clusters = {make_school(territory=territory, name=f"Школа {place}"): name for place, name in enumerate("ААБ")}
    make_cluster_set(territory.parent, clusters)
    for place in range(without):
        make_school(territory=territory, name=f"Без {place}")


def test_missing_set_is_told_to_those_who_could_see_it(keeper: User, territory: Territory) -> None:
    make_cluster_set(make_region(), {make_school(): "А"})

    assert warnings_for(keeper, rules()) == [NO_SET]
    assert warnings_for(make_user(role=Role.SCHOOL_ADMIN, school=make_school(territory=territory)), rules()) == []


def test_rule_of_other_clusters_is_warned_of_nothing(keeper: User) -> None:
    assert warnings_for(keeper, make_rules(relative_rule={"cluster_by": ["KIND"]})) == []
    assert warnings_for(keeper, make_rules()) == []


@pytest.mark.parametrize(
    ("without", "told"),
    [
        pytest.param(0, [], id="nobody"),
        pytest.param(1, [f"{CODE}, версия 1. Без кластера 1{NBSP}школа: правило её не сравнит (Без 0)."], id="one"),
        pytest.param(
            7,
            [
                (
                    f"{CODE}, версия 1. Без кластера 7{NBSP}школ: правило их не сравнит "
                    "(Без 0, Без 1, Без 2, Без 3, Без 4 и ещё 2)."
                ),
            ],
            id="many",
        ),
    ],
)
def test_schools_that_will_not_be_compared_are_told(
    keeper: User, territory: Territory, without: int, told: list[str]
) -> None:
    fill(territory, without)

    assert warnings_for(keeper, rules()) == [*told, SMALL]
    assert warnings_for(keeper, rules(min_schools=3))[-1].endswith("«А» — 2, «Б» — 1. Их школы правило не сравнит.")


def test_cluster_is_as_large_as_its_schools_with_results(keeper: User, territory: Territory) -> None:
    fill(territory, 0)
    for name in ("Школа 0", "Школа 2"):
        make_result(school=School.objects.get(name=name))
    run = make_run_under(territory=territory)

    small = (
        f"{CODE}, версия 1. Школ с результатами 2026 года меньше, чем нужно для сравнения (2), в кластерах: «А» — 1 из "
        "2, «Б» — 1. Их школы правило не сравнит."
    )
    assert warnings_for(keeper, rules()) == warnings_of_run(run, rules()) == [small]


def test_trial_is_warned_of_the_territory_of_its_run(territory: Territory) -> None:
    fill(territory, 1)
    make_school(territory=make_territory(parent=territory.parent), name="Другого округа")
    make_result(school=make_school(territory=territory, name="Без результатов у других"))
    run = make_run_under(territory=territory)

    told = warnings_of_run(run, rules())
    assert ("Без кластера 2" in told[0], "Другого округа" in told[0]) == (True, False)
    assert (warnings_of_run(run, run.rules), warnings_of_run(run, rules(cluster_set="НЕТ"))) == ([], [])
