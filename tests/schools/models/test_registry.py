"""What the database refuses of territories, schools, acts, memberships and results; the words of querysets."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.permissions import Role
from schools.choices import ListKind, ListState
from schools.models import AssessmentResult, LegalAct, Membership, School, Territory
from tests.factories.lists import annul, make_exclusion, make_list
from tests.factories.schools import make_act, make_region, make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db


def refused(make: Any, **fields: Any) -> str:
    """Return the words of the database when it refuses a row."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make(**fields)
    return str(error.value)


# Territories


def test_municipality_needs_a_region() -> None:
    territory = make_territory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Territory.objects.filter(pk=territory.pk).update(parent=None)


def test_region_has_no_parent() -> None:
    region, other = make_region(), make_region()

    with pytest.raises(IntegrityError), transaction.atomic():
        Territory.objects.filter(pk=region.pk).update(parent=other)


def test_code_of_a_territory_is_unique() -> None:
    assert refused(make_territory, code=make_territory().code)


def test_wrong_parent_is_told_in_russian() -> None:
    region = make_region()
    region.parent = make_region()

    with pytest.raises(ValidationError, match="У муниципалитета должен быть субъект РФ"):
        region.full_clean()


def test_territory_with_schools_is_not_deleted() -> None:
    school = make_school()

    with pytest.raises(ProtectedError):
        school.territory.delete()


# Schools


def test_inn_is_unique() -> None:
    assert refused(make_school, inn=make_school().inn)


def test_login_is_unique_when_there_is_one() -> None:
    assert refused(make_school, login=make_school().login)


def test_many_schools_may_have_no_login() -> None:
    make_school(login="")
    make_school(login="")

    assert School.objects.filter(login="").count() == 2


def test_name_is_unique_in_its_municipality_alone() -> None:
    school = make_school(name="МБОУ «СОШ № 1»")
    make_school(name="МБОУ «СОШ № 1»")

    assert refused(make_school, name="МБОУ «СОШ № 1»", territory=school.territory)


@pytest.mark.parametrize("inn", ["123", "12345678901", "12345678ab", ""])
def test_wrong_inn_is_refused_by_validation(inn: str) -> None:
    school = make_school()
    school.inn = inn

    with pytest.raises(ValidationError) as refusal:
        school.full_clean()

    assert "inn" in refusal.value.message_dict


def test_every_change_of_a_school_is_kept() -> None:
    school = make_school(name="Прежнее")
    school.name = "Новое"
    school.save()

    assert [row.name for row in school.history.order_by("history_id")] == ["Прежнее", "Новое"]


def test_active_leaves_out_the_closed() -> None:
    school = make_school()
    make_school(status="closed")

    assert list(School.objects.active()) == [school]


def test_on_support_takes_the_newest_year_of_published_lists() -> None:
    territory = make_territory()
    old, new, draft = (make_school(territory=territory) for _ in range(3))
    make_list([old], year=2025)
    make_list([new], year=2026)
    make_list([draft], year=2026, state=ListState.DRAFT)

    assert list(School.objects.on_support()) == [new]


def test_municipality_whose_newest_list_is_older_keeps_its_schools() -> None:
    region = make_region()
    first, second = make_territory(parent=region), make_territory(parent=region)
    new, dropped = make_school(territory=first), make_school(territory=first)
    late, older = make_school(territory=second), make_school(territory=second)
    make_list([dropped], year=2025)
    make_list([older], year=2024)
    make_list([late], year=2025)
    make_list([new], year=2026)

    assert set(School.objects.on_support()) == {new, late}
    assert list(School.objects.filter(pk=dropped.pk).on_support()) == []


def test_lists_of_one_territory_are_of_one_newest_year_whatever_their_level() -> None:
    own, federal = make_school(), make_school()
    make_list([own], year=2025)
    make_list([federal], year=2026, kind=ListKind.FEDERAL, territory=own.territory)
    make_list([own], year=2027, kind=ListKind.MENTOR_SCHOOLS)

    assert list(School.objects.on_support()) == [federal]


def test_on_support_without_lists_is_nobody() -> None:
    make_school()

    assert list(School.objects.on_support()) == []


def test_school_that_an_order_excluded_is_on_no_support() -> None:
    territory = make_territory()
    held, excluded = make_school(territory=territory), make_school(territory=territory)
    make_list([excluded], year=2025)
    make_exclusion(make_list([held, excluded], year=2026), excluded)

    assert list(School.objects.on_support()) == [held]
    assert list(School.objects.filter(pk=excluded.pk).on_support()) == []
    assert School.objects.with_latest_list().get(pk=excluded.pk).listed_year == 2025  # type: ignore[attr-defined]


def test_annulled_exclusion_leaves_the_school_on_support() -> None:
    school = make_school()
    annul(make_exclusion(make_list([school], year=2026), school))

    assert list(School.objects.on_support()) == [school]


def test_in_territory_reaches_from_a_region_to_its_schools() -> None:
    school = make_school()
    make_school()
    region = school.territory.parent
    assert region is not None

    assert list(School.objects.in_territory(region)) == [school]
    assert list(School.objects.in_territory(school.territory)) == [school]


def test_latest_list_is_annotated() -> None:
    school = make_school()
    make_list([school], year=2025)
    make_list([school], year=2026)

    assert School.objects.with_latest_list().get(pk=school.pk).listed_year == 2026  # type: ignore[attr-defined]


# Acts and memberships


@pytest.mark.parametrize("owners", ["both", "none"])
def test_act_is_of_a_territory_or_of_a_school(owners: str) -> None:
    act, school = make_act(), make_school()
    fields = {"school": school} if owners == "both" else {"territory": None}

    with pytest.raises(IntegrityError), transaction.atomic():
        LegalAct.objects.filter(pk=act.pk).update(**fields)


def test_requisites_are_written_one_way() -> None:
    act = make_act(number="124")

    assert act.requisites == "от 15.09.2026 №\u00a0124"


@pytest.mark.parametrize("place", ["territory", "school"])
def test_role_is_given_once_in_a_place(place: str) -> None:
    school, user = make_school(), make_user()
    where = {"school": school} if place == "school" else {"territory": school.territory}
    Membership.objects.create(user=user, role=Role.CURATOR, **where)

    assert refused(Membership.objects.create, user=user, role=Role.CURATOR, **where)


def test_membership_needs_exactly_one_place() -> None:
    school, user = make_school(), make_user()

    assert refused(Membership.objects.create, user=user, role=Role.CURATOR)
    assert refused(Membership.objects.create, user=user, role=Role.CURATOR, school=school, territory=school.territory)


def test_granted_and_taken_roles_are_kept() -> None:
    membership = Membership.objects.create(user=make_user(), role=Role.MENTOR, school=make_school())
    membership.delete()

    assert list(Membership.history.order_by("history_id").values_list("history_type", flat=True)) == ["+", "-"]


# Results


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"mark2": 4}, id="marks do not add up"),
        pytest.param({"below_min": 26}, id="more below the minimum than participants"),
        pytest.param({"enrolled": 24}, id="fewer pupils than participants"),
    ],
)
def test_counts_that_do_not_fit_are_refused(fields: dict[str, int]) -> None:
    result = make_result(marks=(3, 10, 8, 4))

    with pytest.raises(IntegrityError), transaction.atomic():
        AssessmentResult.objects.filter(pk=result.pk).update(**fields)


def test_work_of_a_school_is_stored_once() -> None:
    result = make_result()

    assert refused(make_result, school=result.school)


def test_same_work_at_another_level_is_another_row() -> None:
    result = make_result()
    make_result(school=result.school, level="profile")

    assert AssessmentResult.objects.count() == 2


@pytest.mark.parametrize(("below_min", "low"), [(None, 3), (5, 5), (0, 0)])
def test_low_is_the_mark_or_what_is_below_the_minimum(below_min: int | None, low: int) -> None:
    assert make_result(marks=(3, 10, 8, 4), below_min=below_min).low == low


def test_school_with_results_is_not_deleted() -> None:
    result = make_result()

    with pytest.raises(ProtectedError):
        result.school.delete()
