"""Mergers, new legal entities and branches."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.choices import AuditCode
from accounts.models import AuditEvent
from schools.actions.registry import withdraw_change
from schools.actions.reorganisation import make_branch, merge_schools, open_branch, register_anew
from schools.choices import ReorganisationKind, SchoolStatus
from schools.errors import ChangeRefused
from schools.models import LegalAct, School, SchoolPeriod, SchoolSuccession
from tests.factories.registry import AT, OLD, SEPTEMBER, make_basis, make_keeper
from tests.factories.schools import make_inn, make_result, make_school, make_territory

pytestmark = pytest.mark.django_db
INN = make_inn(5_000_777)


@pytest.fixture
def school() -> School:
    return make_school(name=OLD, territory=make_territory())


@pytest.fixture
def heir(school: School) -> School:
    return make_school(name="МБОУ «Гимназия № 6»", territory=school.territory)


def merge(ended: School, heir: School, on: date = SEPTEMBER, **fields: Any) -> School:
    return merge_schools(predecessors=[ended], successor=heir, on=on, by=make_keeper(ended), at=AT, **fields)


def branch_of(head: School, **details: Any) -> School:
    fields = {"name": f"Филиал {head.name}", "locality": "село", "login": "edu100002", **details}
    return open_branch(parent=head, details=fields, on=SEPTEMBER, by=make_keeper(head), at=AT)


def join(school: School, head: School, on: date = SEPTEMBER) -> School:
    return make_branch(school=school, parent=head, on=on, by=make_keeper(school), at=AT)


def anew(school: School, inn: str = INN) -> School:
    return register_anew(school=school, inn=inn, ogrn="", on=SEPTEMBER, by=make_keeper(school), at=AT)


# Mergers


def test_merged_school_ends_and_its_heir_is_recorded(school: School, heir: School) -> None:
    merge(school, heir)

    school.refresh_from_db()
    succession = SchoolSuccession.objects.get()
    assert school.status == SchoolStatus.REORGANISED
    assert (succession.predecessor, succession.successor, succession.date) == (school, heir, SEPTEMBER)
    assert succession.kind == ReorganisationKind.MERGER


def test_results_stay_with_the_school_that_ended(school: School, heir: School) -> None:
    result = make_result(school=school)

    merge(school, heir)

    result.refresh_from_db()
    assert result.school == school
    assert not heir.results.exists()


def test_several_schools_are_merged_by_one_act(school: School, heir: School) -> None:
    other, keeper = make_school(territory=school.territory), make_keeper(school)

    merge_schools(
        predecessors=[school, other],
        successor=heir,
        on=SEPTEMBER,
        by=keeper,
        at=AT,
        basis=make_basis(school.territory),
    )

    act = LegalAct.objects.get()
    assert {row.predecessor for row in heir.origins.all()} == {school, other}
    assert {row.basis for row in heir.origins.all()} == {act}


def test_merger_leaves_events(school: School, heir: School) -> None:
    merge(school, heir)

    event = AuditEvent.objects.get(code=AuditCode.SCHOOL_REORGANISED)
    assert event.object_id == str(school.pk)
    assert event.meta == {"on": "2026-09-01", "kind": "merger", "into": str(heir.pk)}


def test_withdrawn_merger_is_gone_from_both_cards(school: School, heir: School) -> None:
    merge(school, heir)

    withdraw_change(school=school, by=make_keeper(school))

    school.refresh_from_db()
    assert school.status == SchoolStatus.ACTIVE
    assert not SchoolSuccession.objects.exists()


def test_school_is_not_merged_with_itself(school: School) -> None:
    with pytest.raises(ChangeRefused, match="преемником самой себя") as refusal:
        merge(school, school)

    assert refusal.value.field == "successor"


def test_ended_school_is_nobodys_heir(school: School, heir: School) -> None:
    merge(school, heir)

    with pytest.raises(ChangeRefused, match="реорганизована"):
        merge(heir, school)


def test_one_refusal_undoes_the_whole_merger(school: School, heir: School) -> None:
    ended = make_school(territory=school.territory, status="closed")

    with pytest.raises(ChangeRefused, match="ликвидирована"):
        merge_schools(predecessors=[school, ended], successor=heir, on=SEPTEMBER, by=make_keeper(school), at=AT)

    school.refresh_from_db()
    assert school.status == SchoolStatus.ACTIVE
    assert not SchoolSuccession.objects.exists()


def test_heir_beyond_the_reach_of_the_person_is_refused(school: School) -> None:
    with pytest.raises(PermissionDenied):
        merge(school, make_school())


def test_branch_that_joins_its_head_is_told_so(school: School) -> None:
    branch = branch_of(school)

    merge(branch, school, on=date(2026, 10, 1))

    assert SchoolSuccession.objects.get(predecessor=branch).kind == ReorganisationKind.BRANCH


def test_head_is_not_merged_into_its_branch(school: School) -> None:
    branch = branch_of(school)

    with pytest.raises(ChangeRefused, match="филиал этой школы"):
        merge(school, branch, on=date(2026, 10, 1))


# A new legal entity


def test_new_entity_bears_name_login_and_codes_from_its_day(school: School) -> None:
    made = anew(school)

    first = SchoolPeriod.objects.get(school=made)
    assert (made.name, made.login, made.kind, made.inn) == (school.name, school.login, school.kind, INN)
    assert (first.valid_from, first.name) == (SEPTEMBER, OLD)
    assert SchoolSuccession.objects.get(successor=made).kind == ReorganisationKind.NEW_ENTITY


def test_old_entity_keeps_its_name_and_ends(school: School) -> None:
    anew(school)

    school.refresh_from_db()
    assert (school.name, school.status) == (OLD, SchoolStatus.REORGANISED)
    assert list(School.objects.active_on(date(2026, 8, 31))) == [school]


def test_inn_of_a_known_school_is_refused(school: School, heir: School) -> None:
    with pytest.raises(ChangeRefused, match="уже есть в реестре") as refusal:
        anew(school, heir.inn)

    assert refusal.value.field == "inn"
    assert SchoolPeriod.objects.filter(school=school).count() == 1


# Branches


def test_opened_branch_has_its_head_and_no_inn(school: School) -> None:
    branch = branch_of(school)

    assert (branch.parent, branch.territory, branch.inn, branch.kind) == (school, school.territory, "", "филиал")
    assert SchoolPeriod.objects.get(school=branch).valid_from == SEPTEMBER
    assert SchoolSuccession.objects.get(successor=branch).kind == ReorganisationKind.SPLIT


@pytest.mark.parametrize("field", ["name", "login"])
def test_branch_with_a_taken_name_or_login_is_refused(school: School, field: str) -> None:
    with pytest.raises(ChangeRefused) as refusal:
        branch_of(school, **{field: getattr(school, field)})

    assert refusal.value.field == field
    assert School.objects.count() == 1


def test_branch_has_no_branches(school: School, heir: School) -> None:
    branch = branch_of(school)

    with pytest.raises(ChangeRefused, match="сама филиал"):
        branch_of(branch, name="Филиал филиала", login="")
    with pytest.raises(ChangeRefused, match="сама филиал"):
        join(heir, branch)


def test_branch_opens_no_earlier_than_today(school: School) -> None:
    with pytest.raises(ChangeRefused, match="ещё не наступила"):
        open_branch(
            parent=school,
            details={"name": "Филиал", "locality": "село"},
            on=date(2027, 1, 1),
            by=make_keeper(school),
            at=AT,
        )


def test_school_that_becomes_a_branch_keeps_its_card(school: School, heir: School) -> None:
    result, inn = make_result(school=school), school.inn

    joined = join(school, heir)

    assert (joined.pk, joined.parent, joined.kind, joined.inn) == (school.pk, heir, "филиал", inn)
    assert list(joined.results.all()) == [result]
    assert SchoolPeriod.objects.as_of(date(2026, 8, 31)).get(school=school).parent is None


def test_branch_is_handed_over_to_another_head(school: School, heir: School) -> None:
    branch = branch_of(school)

    join(branch, heir, on=date(2026, 10, 1))

    branch.refresh_from_db()
    assert branch.parent == heir


@pytest.mark.parametrize("is_self", [True, False])
def test_school_joins_another_head_than_its_own(school: School, is_self: bool) -> None:
    branch = branch_of(school)
    joining = school if is_self else branch

    with pytest.raises(ChangeRefused, match="Выберите другую школу"):
        join(joining, school, on=date(2026, 10, 1))


def test_head_school_joins_nobody_over_its_branches(school: School, heir: School) -> None:
    branch_of(school)

    with pytest.raises(ChangeRefused, match="есть филиалы"):
        join(school, heir)
