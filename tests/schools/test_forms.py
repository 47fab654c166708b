"""The form of an order."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from schools.choices import ActKind
from schools.forms import Before, LegalActForm
from schools.forms_registry import BasisForm
from schools.models import LegalAct
from tests.factories.schools import make_act, make_school, make_territory

pytestmark = pytest.mark.django_db


def typed(**fields: str) -> dict[str, str]:
    """Return what a browser sends; every field has the prefix of the form."""
    complete = {
        "kind": "order",
        "issuer_genitive": "управления образования Светлоборского муниципального округа",
        "date": "2026-10-15",
        "number": "418",
        "title": "Об утверждении перечня школ",
    }
    return {f"act-{name}": value for name, value in {**complete, **fields}.items()}


def test_order_of_a_territory_is_returned_unsaved() -> None:
    form, territory = LegalActForm(typed()), make_territory()
    assert form.is_valid(), form.errors

    act = form.for_body(territory)

    assert (act.territory, act.school, act.kind, act.date) == (territory, None, ActKind.ORDER, date(2026, 10, 15))
    assert not LegalAct.objects.exists()


def test_order_whose_requisites_bear_another_title_is_not_valid_for_its_body() -> None:
    territory, neighbour = make_territory(), make_territory()
    make_act(territory=territory, **{name.removeprefix("act-"): value for name, value in typed(title="О сети").items()})
    form = LegalActForm(typed())

    assert LegalActForm(typed()).is_valid_for(neighbour)
    assert not form.is_valid_for(territory)
    assert list(form.errors) == ["title"]
    assert not LegalActForm(typed(number="")).is_valid_for(territory)
    assert BasisForm({}).is_valid_for(territory)


def test_order_of_a_school_has_no_territory() -> None:
    form, school = LegalActForm(typed(issuer_genitive="директора")), make_school()
    assert form.is_valid(), form.errors

    act = form.for_body(school)

    assert (act.territory, act.school) == (None, school)
    assert str(act).replace("\u00a0", " ") == "приказ директора от 15.10.2026 № 418"


def test_date_may_be_typed_as_people_write_it() -> None:
    form = LegalActForm(typed(date="15.10.2026"))

    assert form.is_valid(), form.errors
    assert form.cleaned_data["date"] == date(2026, 10, 15)


def test_date_that_has_not_come_is_asked_about_and_taken_once_it_is_said_to_be_right() -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    asked = LegalActForm(typed(date=str(tomorrow)))
    sure = LegalActForm(typed(date=str(tomorrow), date_is_right="on"))

    assert asked.errors == {
        "date": [f"Дата {tomorrow:%d.%m.%Y} ещё не наступила. Исправьте её или отметьте «Дата верна»."]
    }
    assert list(asked.fields)[2:4] == ["date", "date_is_right"]
    assert "act-date_is_right" in asked.as_p()
    assert sure.is_valid(), sure.errors
    assert sure.for_body(make_territory()).date == tomorrow


@pytest.mark.parametrize("days", [0, 1, 400])
def test_date_of_today_or_before_is_not_asked_about(days: int) -> None:
    form = LegalActForm(typed(date=str(timezone.localdate() - timedelta(days=days))))

    assert form.is_valid(), form.errors
    assert "date_is_right" not in form.fields


@pytest.mark.parametrize(
    ("day", "is_asked"),
    [pytest.param("2026-10-11", True, id="the day before"), pytest.param("2026-10-12", False, id="the same day")],
)
def test_date_before_what_the_document_comes_after_is_asked_about(day: str, is_asked: bool) -> None:
    before = Before("проведён расчёт", date(2026, 10, 12))
    form, sure = (LegalActForm(typed(date=day, **more), before=before) for more in ({}, {"date_is_right": "on"}))

    assert form.is_valid() is not is_asked
    assert sure.is_valid()


@pytest.mark.parametrize("is_sure", [False, True])
def test_basis_of_a_rule_is_asked_about_its_date_too(is_sure: bool) -> None:
    given = {"date": "2031-03-01", **({"date_is_right": "on"} if is_sure else {})}

    assert BasisForm(typed(**given)).is_valid() is is_sure


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("number", "", "Укажите номер документа."),
        ("date", "", "Укажите дату документа."),
        ("date", "завтра", "Введите дату в виде ДД.ММ.ГГГГ."),
        ("issuer_genitive", "", "Укажите, чей это документ."),
    ],
)
def test_gap_is_named_in_plain_words(field: str, value: str, message: str) -> None:
    form = LegalActForm(typed(**{field: value}))

    assert form.errors[field] == [message]


def test_unknown_kind_is_refused() -> None:
    assert "kind" in LegalActForm(typed(kind="letter-of-love")).errors


def test_title_may_be_left_out() -> None:
    assert LegalActForm(typed(title="")).is_valid()


@pytest.mark.parametrize("day", ["0001-01-01", "1989-12-31", "2101-01-01", "9999-12-31"])
def test_year_of_a_slip_is_told(day: str) -> None:
    assert LegalActForm(typed(date=day)).errors["date"] == ["Укажите год от 1990 до 2100."]


@pytest.mark.parametrize("day", ["1990-01-01", "2100-12-31"])
def test_year_at_its_bounds_is_taken(day: str) -> None:
    assert LegalActForm(typed(date=day, date_is_right="on")).is_valid()
