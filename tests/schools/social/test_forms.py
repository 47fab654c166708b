"""Forms of the social index."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.permissions import Role
from schools.forms_social import SocialRuleForm, SocialStartForm
from schools.models import SocialIndexRule, Territory
from schools.social import SocialRule
from tests.factories.schools import make_school, make_territory, make_user
from tests.factories.social import shipped_parameters, tell

REASON = "Приказ министерства образования от 01.10.2026 № 500 утвердил эти веса и границы."


def rule() -> SocialIndexRule:
    return SocialIndexRule(code="ISBSH-D", parameters=SocialRule.from_parameters(shipped_parameters()).to_parameters())


def typed(**changes: str) -> dict[str, str]:
    """Return what the form sends when nobody has changed a number."""
    form = SocialRuleForm.of(rule())
    numbers = {name: str(value).replace(".", ",") for name, value in form.initial.items()}
    return {**numbers, "provenance": REASON, **changes}


def bound(**changes: str) -> SocialRuleForm:
    return SocialRuleForm(typed(**changes), parameters=rule().parameters)


def test_untouched_form_gives_the_same_rule() -> None:
    form = bound()

    assert form.is_valid(), form.errors
    assert SocialRule.from_parameters(form.changed_parameters()) == rule().rule


def test_changed_numbers_reach_the_parameters_and_the_version_stays() -> None:
    version = rule()
    form = SocialRuleForm(typed(cut="45,5", **{"foster-high": "9"}), parameters=version.parameters)

    assert form.is_valid(), form.errors
    changed = SocialRule.from_parameters(form.changed_parameters())
    assert changed.cut == Decimal("45.5")
    assert next(each.high for each in changed.indicators if each.code == "foster") == 9
    assert version.rule.cut == 40


def test_form_has_a_row_for_each_indicator() -> None:
    rows = list(SocialRuleForm.of(rule()).rows)

    assert [title for title, _ in rows][:2] == ["Родители с высшим образованием", "Неполные семьи"]
    assert {len(fields) for _, fields in rows} == {3}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"cut": "101"}, "cut", "Введите число от 0 до 100."),
        ({"cut": "-1"}, "cut", "Введите число от 0 до 100."),
        ({"foster-weight": "1,1"}, "foster-weight", "Введите число от 0 до 1."),
        ({"foster-weight": "NaN"}, "foster-weight", "Введите число от 0 до 1."),
        ({"foster-low": "0,12345"}, "foster-low", "Не больше 4 знаков после запятой."),
        ({"provenance": ""}, "provenance", "Напишите, на чём основаны новые числа."),
        ({"provenance": "x\x00" * 40}, "provenance", "ноль-байт"),
    ],
)
def test_wrong_field_is_told_in_words(changes: dict[str, str], field: str, words: str) -> None:
    form = bound(**changes)

    assert not form.is_valid()
    assert any(words in str(error) for error in form.errors[field])


def test_everything_is_told_at_the_first_submit() -> None:
    """No justification, a wrong sum, turned bounds, a weight of nothing and a share for a percent: five at once."""
    form = bound(
        provenance="",
        completeness_min="0,8",
        **{"foster-weight": "0", "foster-low": "9", "single_parent-low": "много"},
    )

    assert not form.is_valid()
    assert {name: [str(error) for error in errors] for name, errors in form.errors.items()} == {
        "provenance": ["Напишите, на чём основаны новые числа."],
        "completeness_min": ["Введите процент больше 1 и до 100: доля 0,8 — это 80."],
        "single_parent-low": ["Введите число от 0 до 100."],
        "foster-weight": ["«Опекаемые и приёмные»: вес должен быть больше 0."],
        "foster-low": ["«Опекаемые и приёмные»: границы – от 0 до 100, нижняя меньше верхней."],
        "__all__": ["Сумма весов должна быть 1, сейчас 0,9."],
    }


def test_sum_waits_for_a_weight_that_could_not_be_read() -> None:
    assert set(bound(**{"foster-weight": "много", "single_parent-weight": "0,9"}).errors) == {"foster-weight"}


@pytest.mark.parametrize(("text", "stored"), [("80", "0.8"), ("62,5", "0.625"), ("100", "1"), ("1,01", "0.0101")])
def test_completeness_is_typed_in_per_cent_and_kept_as_a_share(text: str, stored: str) -> None:
    form = bound(completeness_min=text)

    assert form.is_valid(), form.errors
    assert form.changed_parameters()["completeness_min"] == stored


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0,8", "Введите процент больше 1 и до 100: доля 0,8 — это 80."),
        ("1", "Введите процент больше 1 и до 100: доля 1 — это 100."),
        ("0", "Введите процент больше 1 и до 100."),
        ("101", "Введите процент больше 1 и до 100."),
        ("80 %", "Введите процент больше 1 и до 100."),
    ],
)
def test_completeness_that_may_be_a_share_is_asked_about(text: str, told: str) -> None:
    assert [str(error) for error in bound(completeness_min=text).errors["completeness_min"]] == [told]


def test_completeness_is_shown_as_it_is_typed() -> None:
    assert SocialRuleForm.of(rule()).initial["completeness_min"] == 80


# Start


def start(territory: Territory, **data: Any) -> SocialStartForm:
    user = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)
    return SocialStartForm({"territory": str(territory.pk), "year": "2025", **data}, user=user)


@pytest.mark.django_db
def test_start_offers_the_years_that_have_data_newest_first() -> None:
    territory = make_territory()
    school = make_school(territory=territory)
    for year in (2024, 2025):
        tell(school, year=year)
    tell(make_school(), year=2023)

    form = start(territory)

    assert form.has_years
    assert [value for value, _ in form.fields["year"].choices] == [2025, 2024]  # type: ignore[attr-defined]
    assert form.is_valid()


@pytest.mark.django_db
@pytest.mark.parametrize("year", ["", "2024", "x", "9" * 30])
def test_start_refuses_other_years(year: str) -> None:
    territory = make_territory()
    tell(make_school(territory=territory))

    assert not start(territory, year=year).is_valid()


@pytest.mark.django_db
def test_start_without_data_has_no_years() -> None:
    assert not start(make_territory()).has_years
