"""Cluster sets: whole tables, two people at one version, corrections as new versions."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from schools.actions.clusters import (
    ClusterContent,
    delete_cluster_set,
    edit_cluster_set,
    new_cluster_set,
    new_cluster_version,
    use_cluster_set,
)
from schools.errors import ClusterSetRefused, DraftMovedOn, FrozenRow, RuleSetMovedOn
from schools.models import ClusterSet, School, Territory
from tests.factories.clusters import CODE, cluster_content, make_cluster_set
from tests.factories.lists import AT, make_order
from tests.factories.schools import make_region, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Territory:
    return make_region()


@pytest.fixture
def school(region: Territory) -> School:
    return make_school(territory=make_territory(parent=region))


@pytest.fixture
def keeper() -> User:
    return make_user()


@pytest.fixture
def clusters(region: Territory, school: School, keeper: User) -> ClusterSet:
    return make_cluster_set(region, {school: "А"}, by=keeper)


def members_of(cluster_set: ClusterSet) -> dict[object, str]:
    return dict(cluster_set.members.values_list("school", "cluster"))


def use(cluster_set: ClusterSet) -> ClusterSet:
    return use_cluster_set(pk=cluster_set.pk, edition=cluster_set.edition, at=AT)


# The first version


def test_set_is_stored_with_its_schools_document_and_event(region: Territory, school: School, keeper: User) -> None:
    content = cluster_content({school: "А"}, basis=make_order(region))

    stored = new_cluster_set(territory=region, code=CODE, content=content, by=keeper, at=AT)

    assert (str(stored), stored.year, stored.edition, stored.frozen_at) == ("SPB-2026, версия 1", 2026, 0, None)
    assert stored.basis_document == make_order_of(region)
    assert members_of(stored) == {school.pk: "А"}
    event = AuditEvent.objects.filter(code=AuditCode.CLUSTER_SET_CHANGED).get()
    assert (event.actor, event.object_id, event.meta) == (
        keeper,
        str(stored.pk),
        {"version": 1, "edition": 0, "schools": 1, "clusters": 1},
    )


def make_order_of(region: Territory) -> object:
    return region.legal_acts.get()


def test_code_is_taken_inside_a_region_only(clusters: ClusterSet, school: School, keeper: User) -> None:
    with pytest.raises(ClusterSetRefused, match="SPB-2026 уже есть"):
        make_cluster_set(clusters.territory, {school: "Б"}, by=keeper)

    assert make_cluster_set(make_region(), {make_school(): "Б"}).version == 1
    assert members_of(clusters) == {school.pk: "А"}


# Editing


def test_version_that_no_run_has_used_is_edited_whole(clusters: ClusterSet, school: School) -> None:
    other, person = make_school(territory=school.territory), make_user()

    saved = edit_cluster_set(
        cluster_set=clusters, content=cluster_content({other: "Б"}, year=2025), seen=0, by=person, at=AT
    )

    clusters.refresh_from_db()
    assert (saved, clusters.edition, clusters.year, clusters.edited_by) == (clusters, 1, 2025, person)
    assert members_of(clusters) == {other.pk: "Б"}
    assert AuditEvent.objects.filter(code=AuditCode.CLUSTER_SET_CHANGED).latest("pk").meta["edition"] == 1


def test_second_of_two_editors_is_told_and_changes_nothing(clusters: ClusterSet, school: School, keeper: User) -> None:
    content = cluster_content({school: "Б"})
    edit_cluster_set(cluster_set=clusters, content=content, seen=0, by=keeper, at=AT)

    with pytest.raises(DraftMovedOn, match="другой пользователь"):
        edit_cluster_set(cluster_set=clusters, content=cluster_content({school: "В"}), seen=0, by=make_user(), at=AT)
    with pytest.raises(DraftMovedOn, match="в другой вкладке"):
        edit_cluster_set(cluster_set=clusters, content=cluster_content({school: "В"}), seen=0, by=keeper, at=AT)

    assert members_of(clusters) == {school.pk: "Б"}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            lambda one, content, by: edit_cluster_set(cluster_set=one, content=content, seen=0, by=by, at=AT), id="edit"
        ),
        pytest.param(lambda one, _, by: delete_cluster_set(cluster_set=one, by=by), id="delete"),
        pytest.param(lambda one, *_: one.save(), id="save"),
    ],
)
def test_version_that_a_run_has_used_never_changes(
    clusters: ClusterSet, school: School, keeper: User, change: Callable[[ClusterSet, ClusterContent, User], object]
) -> None:
    use(clusters)

    with pytest.raises(FrozenRow, match="проведён расчёт"):
        change(clusters, cluster_content({school: "Б"}), keeper)

    assert members_of(clusters) == {school.pk: "А"}


def test_version_that_is_gone_is_told(clusters: ClusterSet, school: School, keeper: User) -> None:
    delete_cluster_set(cluster_set=ClusterSet.objects.get(), by=keeper)

    with pytest.raises(FrozenRow, match="удалена"):
        edit_cluster_set(cluster_set=clusters, content=cluster_content({school: "Б"}), seen=0, by=keeper, at=AT)
    assert AuditEvent.objects.filter(code=AuditCode.CLUSTER_SET_CHANGED).latest("pk").meta["deleted"] is True


# New versions


def test_correction_is_a_copy_under_the_next_version(clusters: ClusterSet, school: School, keeper: User) -> None:
    use(clusters)

    version = new_cluster_version(
        cluster_set=clusters, content=cluster_content({school: "Б"}), seen=1, by=keeper, at=AT
    )

    assert (version.version, version.based_on, version.frozen_at) == (2, clusters, None)
    assert (members_of(clusters), members_of(version)) == ({school.pk: "А"}, {school.pk: "Б"})
    with pytest.raises(ClusterSetRefused, match="сделаны другие"):
        delete_cluster_set(cluster_set=make_copy_of(version, school, keeper), by=keeper)


def make_copy_of(cluster_set: ClusterSet, school: School, keeper: User) -> ClusterSet:
    """Return the version that another one has just been copied from."""
    content = cluster_content({school: "В"})
    new_cluster_version(cluster_set=cluster_set, content=content, seen=cluster_set.version, by=keeper, at=AT)
    return cluster_set


def test_second_of_two_new_versions_is_told(clusters: ClusterSet, school: School, keeper: User) -> None:
    content = cluster_content({school: "Б"})
    new_cluster_version(cluster_set=clusters, content=content, seen=1, by=keeper, at=AT)

    with pytest.raises(DraftMovedOn, match="создана 2-я версия"):
        new_cluster_version(cluster_set=clusters, content=content, seen=1, by=keeper, at=AT)

    assert ClusterSet.objects.count() == 2


# Use by runs


def test_first_use_freezes_and_the_second_changes_nothing(clusters: ClusterSet) -> None:
    assert use(clusters).frozen_at == AT
    assert use_cluster_set(pk=clusters.pk, edition=0, at=AT.replace(year=2027)).frozen_at == AT


def test_run_that_has_read_another_edition_is_refused(clusters: ClusterSet, school: School, keeper: User) -> None:
    edit_cluster_set(cluster_set=clusters, content=cluster_content({school: "Б"}), seen=0, by=keeper, at=AT)

    with pytest.raises(RuleSetMovedOn, match="пока шёл расчёт"):
        use_cluster_set(pk=clusters.pk, edition=0, at=AT)


# The database


def test_database_holds_one_cluster_for_a_school_of_a_set(clusters: ClusterSet, school: School) -> None:
    with (
        pytest.raises(IntegrityError, match=r"cluster_member_once_in_set|clustermember.cluster_set"),
        transaction.atomic(),
    ):
        clusters.members.create(school=school, cluster="Б")


def test_database_holds_no_empty_cluster(clusters: ClusterSet) -> None:
    with pytest.raises(IntegrityError, match="cluster_member_has_a_cluster"), transaction.atomic():
        clusters.members.create(school=make_school(), cluster="")


def test_database_holds_a_version_once(clusters: ClusterSet) -> None:
    with pytest.raises(IntegrityError, match=r"cluster_set_version_unique|clusterset.territory"), transaction.atomic():
        ClusterSet.objects.create(
            territory=clusters.territory,
            code=clusters.code,
            version=1,
            title="Ещё один",
            year=2026,
            edited_by=clusters.edited_by,
            edited_at=AT,
        )
