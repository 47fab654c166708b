"""Choices of rows: a key that is none at all is answered as one that is not offered."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django import forms

from accounts.forms import RowChoiceField, RowsChoiceField
from accounts.models import User
from schools.forms_identification import StartForm
from schools.forms_lists import OutsideListForm
from schools.forms_rules import CompareForm, NewSetForm
from schools.forms_social import SocialStartForm
from schools.models import School
from tests.factories.schools import make_school, make_user

pytestmark = pytest.mark.django_db
ODD = ("забор", "12", "a\x00b", "9" * 300, "{}", str(UUID(int=7)))  # of no row


def test_row_is_chosen_by_its_key() -> None:
    school = make_school()
    field: RowChoiceField[School] = RowChoiceField(School.objects.all())

    assert field.clean(str(school.pk)) == school


@pytest.mark.parametrize("key", ODD)
def test_odd_key_is_answered_in_the_words_of_the_field(key: str) -> None:
    field: RowChoiceField[School] = RowChoiceField(
        School.objects.all(), error_messages={"invalid_choice": "Выберите школу из списка."}
    )

    with pytest.raises(forms.ValidationError) as refused:
        field.clean(key)

    assert refused.value.messages == ["Выберите школу из списка."]


def test_several_rows_are_chosen_by_their_keys() -> None:
    schools = {make_school(), make_school()}
    field: RowsChoiceField[School] = RowsChoiceField(School.objects.all())

    assert set(field.clean([str(school.pk) for school in schools])) == schools


@pytest.mark.parametrize("key", ODD)
def test_odd_key_among_several_is_answered_without_it(key: str) -> None:
    field: RowsChoiceField[School] = RowsChoiceField(School.objects.all())

    with pytest.raises(forms.ValidationError) as refused:
        field.clean([str(make_school().pk), key])

    assert refused.value.messages == ["Выберите из предложенных."]


def test_nothing_is_asked_for_as_always() -> None:
    field: RowsChoiceField[School] = RowsChoiceField(
        School.objects.all(), error_messages={"required": "Выберите школы."}
    )

    with pytest.raises(forms.ValidationError) as refused:
        field.clean([])

    assert refused.value.messages == ["Выберите школы."]


FORMS: dict[str, Callable[[User, dict[str, str]], forms.Form]] = {
    "source": lambda _, data: NewSetForm(data),
    "first": lambda _, data: CompareForm(data),
    "rule_set": lambda user, data: StartForm(data, user=user),
    "rule": lambda user, data: SocialStartForm(data, user=user),
    "territory": lambda user, data: OutsideListForm(data, user=user),
}


@pytest.mark.parametrize("key", ["забор", "a\x00b"])
@pytest.mark.parametrize("name", FORMS)
def test_forms_never_quote_an_odd_key(name: str, key: str) -> None:
    form = FORMS[name](make_user(), {name: key})

    (told,) = form.errors[name]
    assert str(told).startswith("Выберите ")
    assert "UUID" not in str(told)
