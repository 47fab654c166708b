"""Forms speak in full sentences and offer only what is within reach."""

from typing import Any

import pytest

from accounts.permissions import Role
from riskprofiles.forms import AddedFactorForm, OpenProfilesForm, ReasonForm, VerdictForm
from riskprofiles.models import ProfileFactor
from riskprofiles.scoring import RiskLevel
from tests.factories.lists import make_list
from tests.factories.riskprofiles import make_catalogue
from tests.factories.schools import make_school, make_user


def errors_of(form: Any) -> dict[str, list[str]]:
    return {name: [str(error) for error in errors] for name, errors in form.errors.items()}


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        pytest.param({"verdict": "confirmed"}, {}, id="confirmed"),
        pytest.param({"verdict": "changed", "level": "high", "reason": "Да"}, {}, id="changed"),
        pytest.param({}, {"verdict": ["Выберите заключение."]}, id="nothing"),
        pytest.param(
            {"verdict": "confirmed", "level": "huge"}, {"level": ["Выберите значимость из предложенных."]}, id="level"
        ),
        pytest.param(
            {"verdict": "confirmed", "reason": "я" * 2001},
            {"reason": ["Не больше 2000 знаков. Сократите текст."]},
            id="long reason",
        ),
    ],
)
def test_verdict_form(data: dict[str, str], errors: dict[str, list[str]]) -> None:
    assert errors_of(VerdictForm(data)) == errors


def test_level_is_a_level_or_none() -> None:
    forms = [VerdictForm({"verdict": "confirmed", "level": level}) for level in ("high", "")]

    assert [form.is_valid() and form.cleaned_data["level"] for form in forms] == [RiskLevel.HIGH, None]


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        pytest.param({"calculated_level": "high"}, "", id="something to confirm"),
        pytest.param({}, "", id="nothing to confirm"),
        pytest.param({"verdict": "rejected", "verified_level": "none"}, "rejected", id="judged"),
    ],
)
def test_curator_begins_with_the_verdict_as_it_stands(fields: dict[str, str], verdict: str) -> None:
    form = VerdictForm.for_factor(ProfileFactor(own_title="Риск", **fields))

    assert form.initial["verdict"] == verdict


def test_added_factor_form_names_what_is_missing() -> None:
    assert errors_of(AddedFactorForm({})) == {
        "title": ["Назовите риск."],
        "level": ["Выберите значимость."],
        "reason": ["Напишите, на чём основан вывод."],
    }


def test_reason_form_keeps_words_within_bounds() -> None:
    assert ReasonForm({"reason": ""}).is_valid()
    assert errors_of(ReasonForm({"reason": "я" * 2001})) == {"reason": ["Не больше 2000 знаков."]}


@pytest.mark.django_db
def test_open_form_offers_published_lists_of_the_own_territory() -> None:
    own, foreign = (make_list([make_school()]) for _ in range(2))
    person = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=own.territory)
    person.memberships.create(role=Role.OBSERVER, territory=foreign.territory)

    form = OpenProfilesForm(user=person)

    assert list(form.fields["school_list"].queryset) == [own]  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("year", "words"),
    [
        pytest.param("", "Укажите год профиля.", id="empty"),
        pytest.param("скоро", "Введите год числом, например 2027.", id="words"),
        pytest.param("1999", "Год не раньше 2015.", id="early"),
        pytest.param("3000", "Год не позже 2100.", id="late"),
    ],
)
def test_open_form_takes_a_sensible_year(year: str, words: str) -> None:
    school_list = make_list([make_school()])
    person = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=school_list.territory)
    data = {"school_list": school_list.pk, "year": year, "catalogue": make_catalogue().pk}

    assert errors_of(OpenProfilesForm(data, user=person)) == {"year": [words]}


@pytest.mark.django_db
def test_open_form_offers_the_newest_catalogue_first() -> None:
    make_catalogue()

    form = OpenProfilesForm(user=make_user())

    assert [row.code for row in form.fields["catalogue"].queryset] == ["500-2021", "500-2020"]  # type: ignore[attr-defined]
