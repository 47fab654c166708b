"""A person by name, initials and rights; an event as a line and as a row of the database."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from pytest_django import DjangoAssertNumQueries

from accounts.audit import record
from accounts.choices import AuditCode, Outcome
from accounts.models import AuditEvent, User
from accounts.permissions import ROLE_PERMISSIONS, Permission, Role
from accounts.russian import NBSP
from tests.factories.schools import make_region, make_school, make_territory, make_user


@pytest.mark.parametrize(
    ("names", "short", "signature"),
    [
        pytest.param(("Лапина", "Нина", "Семёновна"), "Лапина_Н._С.", "Н.С._Лапина", id="three names"),
        pytest.param(("Лапина", "Нина", ""), "Лапина_Н.", "Н._Лапина", id="no patronymic"),
        pytest.param(("Лапина", "", ""), "Лапина", "Лапина", id="last name alone"),
        pytest.param(("", "Нина", "Семёновна"), "Н._С.", "Н.С.", id="no last name"),
        pytest.param(("", "", ""), "", "", id="nothing"),
        pytest.param(("Ли-Орлова", "Ёлка", "Яновна"), "Ли-Орлова_Ё._Я.", "Ё.Я._Ли-Орлова", id="hyphen and ё"),
    ],
)
def test_name_is_written_short_and_as_a_signature(names: tuple[str, str, str], short: str, signature: str) -> None:
    last, first, patronymic = names
    user = User(last_name=last, first_name=first, patronymic=patronymic)

    assert user.short_name.replace(NBSP, "_") == short
    assert user.signature_name.replace(NBSP, "_") == signature


def test_person_without_a_name_is_called_by_the_account() -> None:
    assert str(User(username="imc-02")) == "imc-02"
    assert str(User(username="imc-02", last_name="Лапина")) == "Лапина"


@pytest.mark.django_db
def test_person_without_memberships_may_nothing() -> None:
    user = make_user()

    assert (user.roles, user.permissions) == (frozenset(), frozenset())
    assert not any(user.may(permission) for permission in Permission)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_rights_of_a_person_are_those_of_the_role(role: Role) -> None:
    user = make_user(role=role, territory=make_territory())

    assert user.roles == {role}
    assert user.permissions == ROLE_PERMISSIONS[role]


@pytest.mark.django_db
def test_superuser_has_no_right_on_the_pages_without_a_role() -> None:
    assert make_user(is_superuser=True, is_staff=True).permissions == frozenset()


@pytest.mark.django_db
def test_same_role_in_two_places_is_one_role() -> None:
    user = make_user(role=Role.CURATOR, school=make_school())
    user.memberships.create(role=Role.CURATOR, school=make_school())

    assert user.roles == {Role.CURATOR}
    assert len(user.active_memberships) == 2


@pytest.mark.django_db
def test_memberships_come_with_their_places_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    territory = make_territory(parent=make_region())
    user = make_user(role=Role.METHODIST, territory=territory)
    user.memberships.create(role=Role.CURATOR, school=make_school())

    with django_assert_num_queries(1):
        titles = [membership.scope_title for membership in user.active_memberships]
        regions = [str(membership.territory.parent) for membership in user.active_memberships if membership.territory]

    assert len(titles) == 2
    assert regions == [str(territory.parent)]


@pytest.mark.django_db
def test_person_who_left_a_trace_cannot_be_deleted() -> None:
    user = make_user()
    record(AuditCode.LOGIN, actor=user)

    with pytest.raises(ProtectedError):
        user.delete()


@pytest.mark.django_db
def test_event_reads_as_what_happened_to_what() -> None:
    user = make_user(last_name="Лапина", first_name="", patronymic="")

    assert str(record(AuditCode.LOGIN, actor=user, obj=user)) == "Вход Лапина"
    assert str(record(AuditCode.AUDIT_VERIFIED, actor=None)) == "Журнал проверен"


@pytest.mark.django_db
def test_events_stand_newest_first() -> None:
    first = record(AuditCode.LOGIN, actor=None)
    second = record(AuditCode.LOGOUT, actor=None)

    assert list(AuditEvent.objects.all()) == [second, first]


@pytest.mark.django_db
def test_event_is_done_unless_said_otherwise() -> None:
    assert record(AuditCode.LOGIN, actor=None).outcome == Outcome.DONE
    assert record(AuditCode.LOGIN_FAILED, actor=None, outcome=Outcome.REFUSED).get_outcome_display() == "Отказано"


@pytest.mark.django_db
def test_two_events_never_share_a_seal() -> None:
    event = record(AuditCode.LOGIN, actor=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent.objects.create(code=AuditCode.LOGOUT, hash=event.hash)


@pytest.mark.django_db
def test_long_title_of_an_object_is_cut_to_its_column() -> None:
    school = make_school(name="Я" * 200, full_name="")
    school.name = "Я" * 400

    assert len(record(AuditCode.ADMIN_WRITE, actor=None, obj=school).object_title) == 250


@pytest.mark.parametrize("code", AuditCode)
def test_code_of_an_event_fits_its_column_and_has_words(code: AuditCode) -> None:
    assert len(code.value) <= 32
    assert code.label[0].isupper()


def test_codes_of_events_have_words_of_their_own() -> None:
    assert len({code.label for code in AuditCode}) == len(AuditCode)
