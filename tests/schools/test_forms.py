"""The form of an order."""

from datetime import date

import pytest

from schools.choices import ActKind
from schools.forms import LegalActForm
from schools.models import LegalAct
from tests.factories.schools import make_school, make_territory

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
