"""Legal acts: one row for one document."""

from datetime import date

import pytest

from accounts.choices import AuditCode
from accounts.models import AuditEvent
from schools.actions.acts import register_act
from schools.errors import ActRefused
from schools.models import LegalAct
from tests.factories.lists import make_order
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db


def test_new_act_is_stored_with_an_event() -> None:
    territory, person = make_territory(), make_user()

    act = register_act(act=make_order(territory), by=person)

    event = AuditEvent.objects.get(code=AuditCode.LEGAL_ACT_RECORDED)
    assert (act.pk, event.actor, event.object_id) == (LegalAct.objects.get().pk, person, str(act.pk))


def test_same_requisites_are_one_act() -> None:
    territory, person = make_territory(), make_user()
    first = register_act(act=make_order(territory), by=person)

    second = register_act(act=make_order(territory), by=person)

    assert second == first
    assert AuditEvent.objects.filter(code=AuditCode.LEGAL_ACT_RECORDED).count() == 1


@pytest.mark.parametrize("change", [{"number": "419"}, {"date": date(2026, 10, 16)}, {"kind": "directive"}])
def test_other_requisites_are_another_act(change: dict[str, object]) -> None:
    territory, person = make_territory(), make_user()
    register_act(act=make_order(territory), by=person)
    other = make_order(territory)
    for name, value in change.items():
        setattr(other, name, value)

    register_act(act=other, by=person)

    assert LegalAct.objects.count() == 2


def test_same_number_of_another_issuer_in_the_territory_is_another_act() -> None:
    territory, person = make_territory(), make_user()
    ministry = make_order(territory)
    ministry.issuer_genitive, ministry.title = "министерства образования области", "О плане мероприятий"
    register_act(act=ministry, by=person)

    own = register_act(act=make_order(territory), by=person)

    assert own != ministry
    assert str(own).replace("\u00a0", " ") == "приказ управления образования от 15.10.2026 № 418"


@pytest.mark.parametrize(
    ("issuer", "title"),
    [
        pytest.param("Управления  образования", "Об утверждении перечня школ", id="issuer in capitals"),
        pytest.param("управления образования", "«Об утверждении перечня школ».", id="title in quotes"),
        pytest.param("управления образования", "", id="title not told again"),
    ],
)
def test_act_written_otherwise_is_the_same(issuer: str, title: str) -> None:
    territory, person = make_territory(), make_user()
    first = register_act(act=make_order(territory), by=person)
    again = make_order(territory)
    again.issuer_genitive, again.title = issuer, title

    assert register_act(act=again, by=person) == first


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        (
            "О плане мероприятий",
            "с заголовком «О плане мероприятий». Если это тот же документ, напишите «О плане мероприятий»;",
        ),
        ("", "без заголовка. Если это тот же документ, оставьте поле пустым;"),
    ],
)
def test_same_requisites_with_another_title_are_refused(stored: str, words: str) -> None:
    territory, person = make_territory(), make_user()
    other = make_order(territory)
    other.title = stored
    register_act(act=other, by=person)

    with pytest.raises(ActRefused) as refused:
        register_act(act=make_order(territory), by=person)

    assert refused.value.field == "title"
    assert refused.value.text.replace("\u00a0", " ") == (
        f"В портале уже есть приказ управления образования от 15.10.2026 № 418, {words} "
        "если другой, проверьте вид, дату, номер и чей он."
    )
    assert LegalAct.objects.count() == 1


def test_same_number_of_another_body_is_another_act() -> None:
    person, school = make_user(), make_school()
    register_act(act=make_order(school.territory), by=person)
    own = make_order(school.territory)
    own.territory, own.school = None, school

    register_act(act=own, by=person)

    assert LegalAct.objects.count() == 2
