"""The look a person chooses, and how passwords are kept."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, identify_hasher, make_password
from django.test import Client

from accounts.forms import CONTRASTS, SIZES, SPACINGS, PreferencesForm
from accounts.hashers import PortalArgon2Hasher
from tests.factories.schools import make_user

CHOICES = [
    (field, value)
    for field, choices in (("size", SIZES), ("contrast", CONTRASTS), ("space", SPACINGS))
    for value, _ in choices
]


@pytest.mark.parametrize(("field", "value"), CHOICES)
def test_every_offered_look_is_taken(field: str, value: str) -> None:
    form = PreferencesForm({field: value})

    assert form.is_valid()
    assert form.cleaned_data[field] == value


@pytest.mark.parametrize("field", ["size", "contrast", "space"])
@pytest.mark.parametrize("value", ["900", "BW", '"><script>', "wide wide"])
def test_look_that_is_not_offered_is_refused(field: str, value: str) -> None:
    assert list(PreferencesForm({field: value}).errors) == [field]


def test_empty_form_is_the_default_look() -> None:
    form = PreferencesForm({})

    assert form.is_valid()
    assert set(form.cleaned_data.values()) == {""}


@pytest.mark.django_db
def test_saving_one_setting_keeps_the_others(client: Client) -> None:
    user = make_user(preferences={"contrast": "wb", "space": "wide"})
    client.force_login(user)

    client.post("/preferences/", {"size": "200"})

    user.refresh_from_db()
    assert user.preferences == {"contrast": "wb", "space": "wide", "size": "200"}


@pytest.mark.django_db
def test_going_back_to_the_usual_look_is_kept_too(client: Client) -> None:
    user = make_user(preferences={"size": "200"})
    client.force_login(user)

    client.post("/preferences/", {"size": ""})

    user.refresh_from_db()
    assert user.preferences == {"size": ""}


@pytest.mark.django_db
def test_refused_look_changes_nothing(client: Client) -> None:
    user = make_user(preferences={"size": "150"})
    client.force_login(user)

    response = client.post("/preferences/", {"size": "150", "contrast": "pink"})

    user.refresh_from_db()
    assert (response.status_code, response.content.decode()) == (422, "Такой настройки нет.")
    assert user.preferences == {"size": "150"}


def test_password_is_hashed_within_the_memory_of_a_small_server() -> None:
    encoded = PortalArgon2Hasher().encode("верный пароль", "somesalt1234")

    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert PortalArgon2Hasher().verify("верный пароль", encoded)
    assert not PortalArgon2Hasher().verify("верный пароль ", encoded)


def test_password_of_heavier_settings_is_hashed_anew_at_the_next_sign_in() -> None:
    class Heavier(Argon2PasswordHasher):
        time_cost, memory_cost, parallelism = 1, 8192, 8

    hasher = PortalArgon2Hasher()

    assert hasher.must_update(Heavier().encode("пароль", "somesalt1234"))
    assert not hasher.must_update(hasher.encode("пароль", hasher.salt()))


def test_same_password_of_two_people_is_kept_differently() -> None:
    hasher = PortalArgon2Hasher()

    assert hasher.encode("пароль", hasher.salt()) != hasher.encode("пароль", hasher.salt())


def test_account_without_a_password_lets_nobody_in() -> None:
    unusable = make_password(None)

    assert not check_password("", unusable)
    assert identify_hasher(make_password("пароль"))
