"""Clusters of a region in a calculation: which version, for whom, kept by the run that has used it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from schools.actions.clusters import edit_cluster_set, new_cluster_version
from schools.actions.identification import prepare, store_run
from schools.actions.rule_sets import load_rule_set, new_version
from schools.calculation import calculate
from schools.cluster_reading import fill_of, in_order
from schools.errors import FrozenRow, NothingToIdentify, RuleSetMovedOn
from schools.identification import Compared, Flag, Verdict
from schools.models import ClusterSet, IdentificationRun, School, SchoolSuccession, Territory
from schools.rule_basis import run_told
from tests.factories.clusters import CODE, cluster_content, make_cluster_set
from tests.factories.identification import make_rules
from tests.factories.lists import AT, make_run_under
from tests.factories.schools import make_region, make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db

RELATIVE: dict[str, Any] = {"cluster_by": ["ASSIGNED"], "cluster_set": CODE, "min_schools": 4}
LOW = {"А": (4, 6, 8, 10, 12), "Б": (16, 18, 20, 24)}  # of 40 pupils: the worked example of the methodology


@pytest.fixture
def territory() -> Territory:
    return make_territory()


@pytest.fixture
def schools(territory: Territory) -> dict[School, str]:
    """The nine schools of the example, with their clusters."""
    found = {}
    for cluster, numbers in LOW.items():
        for low in numbers:
            school = make_school(territory=territory, name=f"{cluster} {low:02}")
            make_result(school=school, marks=(low, 40 - low, 0, 0))
            found[school] = cluster
    return found


@pytest.fixture
def clusters(territory: Territory, schools: dict[School, str]) -> ClusterSet:
    """The set of the region that the municipality lies in."""
    assert territory.parent
    return make_cluster_set(territory.parent, schools)


def run_over(territory: Territory) -> IdentificationRun:
    return make_run_under(territory=territory, relative_rule=RELATIVE)


def named(run: IdentificationRun) -> list[str]:
    found = run.verdicts.filter(verdict=Verdict.SHNOR).order_by("school__name")
    return list(found.values_list("school__name", flat=True))


# Which version is used


@pytest.mark.usefixtures("schools")
def test_rule_without_its_set_is_not_run(territory: Territory) -> None:
    with pytest.raises(NothingToIdentify, match=f"нет набора кластеров {CODE} для результатов 2026 года"):
        calculate(territory=territory, year=2026, rules=make_rules(relative_rule=RELATIVE))


def test_set_of_another_region_or_of_later_results_is_not_used(
    territory: Territory, schools: dict[School, str]
) -> None:
    make_cluster_set(make_region(), schools)
    make_cluster_set(territory, schools, year=2027)

    with pytest.raises(NothingToIdentify):
        calculate(territory=territory, year=2026, rules=make_rules(relative_rule=RELATIVE))


def test_version_that_has_begun_last_is_used(
    clusters: ClusterSet, territory: Territory, schools: dict[School, str]
) -> None:
    """2026 goes by the correction of 2026, 2027 by the version that begins there, though the correction is newer."""
    person = make_user()
    for seen, year in ((1, 2027), (2, 2026)):
        content = cluster_content(schools, year=year)
        new_cluster_version(cluster_set=clusters, content=content, seen=seen, by=person, at=AT)

    applied = {year: ClusterSet.objects.for_results(CODE, territory, year)[0].version for year in (2026, 2027, 2028)}

    assert applied == {2026: 3, 2027: 2, 2028: 2}


# Judging


@pytest.mark.usefixtures("clusters")
def test_worst_quarter_of_each_cluster_is_named(territory: Territory) -> None:
    stranger = make_school(territory=territory, name="Без кластера")
    make_result(school=stranger, marks=(40, 0, 0, 0))

    run = run_over(territory)

    assert named(run) == ["А 12", "Б 24"]
    verdict = run.verdicts.get(school=stranger)
    assert verdict.comparison
    assert (verdict.verdict, verdict.comparison.state) == (Verdict.INSUFFICIENT_DATA, Compared.NO_CLUSTER)
    assert (Flag.NOT_COMPARED in verdict.flags, verdict.facts["cluster"]) == (True, None)


@pytest.mark.usefixtures("clusters")
def test_clusters_take_one_query_more_and_others_none(
    territory: Territory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):
        calculate(territory=territory, year=2026, rules=make_rules(relative_rule=RELATIVE))
    with django_assert_num_queries(5):
        calculate(territory=territory, year=2026, rules=make_rules(relative_rule={"cluster_by": ["KIND"]}))


def test_school_registered_anew_is_in_the_cluster_of_its_former_person(
    clusters: ClusterSet, territory: Territory
) -> None:
    former = School.objects.get(name="А 12")
    heir = make_school(territory=territory, name="А 12 новая")
    SchoolSuccession.objects.create(
        predecessor=former, successor=heir, kind="new_entity", date=AT.date(), recorded_by=make_user(), recorded_at=AT
    )
    former.status = "reorganised"
    former.save()

    assert named(run_over(territory)) == ["А 12 новая", "Б 24"]
    assert fill_of(clusters, School.objects.in_territory(territory)).sizes == (("А", 5, 5), ("Б", 4, 4))


def test_fingerprint_tells_clusters_apart(
    clusters: ClusterSet, territory: Territory, schools: dict[School, str]
) -> None:
    rules = make_rules(relative_rule=RELATIVE)
    before = calculate(territory=territory, year=2026, rules=rules).fingerprint
    moved = {**schools, next(iter(schools)): "Б"}
    edit_cluster_set(cluster_set=clusters, content=cluster_content(moved), seen=0, by=make_user(), at=AT)

    assert calculate(territory=territory, year=2026, rules=rules).fingerprint != before


# The run


def test_run_keeps_its_version_when_the_set_is_corrected(
    clusters: ClusterSet, territory: Territory, schools: dict[School, str]
) -> None:
    """The correction puts «А 12» into Б: there it is no more among the worst, «А 10» is; the first run stays."""
    old = run_over(territory)
    moved = {school: "Б" if school.name == "А 12" else cluster for school, cluster in schools.items()}
    content, person = cluster_content(moved), make_user()
    with pytest.raises(FrozenRow):
        edit_cluster_set(cluster_set=clusters, content=content, seen=0, by=person, at=AT)
    version = new_cluster_version(cluster_set=clusters, content=content, seen=1, by=person, at=AT)

    new = run_over(territory)

    old.refresh_from_db()
    assert (old.cluster_set, new.cluster_set) == (clusters, version)
    assert (named(old), named(new)) == (["А 12", "Б 24"], ["А 10", "Б 24"])
    assert "Кластеры региона: Кластеры РСОКО (SPB-2026, версия 1). Документ-основание: не указан." in run_told(old)
    assert [run.verdicts.get(school__name="А 12").facts["cluster"] for run in (old, new)] == ["А", "Б"]


def test_run_by_another_rule_names_no_clusters(territory: Territory, clusters: ClusterSet) -> None:
    run = make_run_under(territory=territory)

    clusters.refresh_from_db()
    assert (run.cluster_set, clusters.frozen_at, "Кластеры" in run_told(run)) == (None, None, False)
    assert "cluster" not in run.verdicts.all()[0].facts


def test_run_is_not_stored_when_the_set_has_changed_meanwhile(
    clusters: ClusterSet, territory: Territory, schools: dict[School, str]
) -> None:
    person = make_user()
    rule_set = new_version(
        rule_set=load_rule_set(by=person), changes={"relative_rule": RELATIVE}, basis=None, by=person
    )
    prepared = prepare(calculate(territory=territory, year=2026, rules=rule_set.rules))
    edit_cluster_set(cluster_set=clusters, content=cluster_content(schools), seen=0, by=person, at=AT)

    with pytest.raises(RuleSetMovedOn, match="Кластеры региона изменили"):
        store_run(
            prepared,
            rule_set=rule_set,
            territory=territory,
            year=2026,
            by=person,
            at=datetime(2026, 10, 13, tzinfo=UTC),
        )

    assert not IdentificationRun.objects.exists()


# Whom a version covers


def test_fill_counts_active_schools_and_names_those_without(clusters: ClusterSet, territory: Territory) -> None:
    make_school(territory=territory, name="Новая")
    School.objects.filter(name="Б 24").update(status="reorganised")

    fill = fill_of(clusters, School.objects.in_territory(territory))

    assert (fill.sizes, fill.without) == ((("А", 5, 5), ("Б", 3, 3)), ("Новая",))


def test_fill_tells_the_schools_with_results_of_the_year(clusters: ClusterSet, territory: Territory) -> None:
    School.objects.get(name="Б 24").results.all().delete()
    among = School.objects.in_territory(territory)

    fill, older = fill_of(clusters, among), fill_of(clusters, among, 2024)

    assert (fill.year, fill.sizes) == (2026, (("А", 5, 5), ("Б", 4, 3)))
    assert (older.year, older.sizes) == (2024, (("А", 5, 0), ("Б", 4, 0)))


def test_clusters_are_in_the_order_of_people() -> None:
    assert sorted(["10", "2", "Б", "кластер 10", "кластер 9", "А"], key=in_order) == [
        "2",
        "10",
        "А",
        "Б",
        "кластер 9",
        "кластер 10",
    ]
