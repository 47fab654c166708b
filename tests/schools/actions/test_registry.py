"""Changes of a school from a day on: what is written, what is refused and in which words."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.choices import AuditCode
from accounts.models import AuditEvent
from accounts.permissions import Role
from schools.actions.registry import change_school, record_former, set_status, withdraw_change
from schools.choices import SchoolStatus
from schools.errors import ChangeRefused
from schools.models import School, SchoolPeriod
from tests.factories.registry import AT, NEW, OLD, SEPTEMBER, make_basis, make_keeper, make_renamed, rename
from tests.factories.schools import make_region, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def spans(school: School, field: str = "name") -> list[tuple[date | None, str]]:
    return list(SchoolPeriod.objects.filter(school=school).oldest_first().values_list("valid_from", field))


def close(school: School, status: SchoolStatus = SchoolStatus.CLOSED, on: date = SEPTEMBER) -> School:
    return set_status(school=school, status=status, on=on, by=make_keeper(school), at=AT)


def refusal(act: Any, **arguments: Any) -> ChangeRefused:
    """Return the refusal; nothing has changed then."""
    before = list(SchoolPeriod.objects.order_by("pk").values())
    with pytest.raises(ChangeRefused) as refused:
        act(**arguments)
    assert list(SchoolPeriod.objects.order_by("pk").values()) == before
    return refused.value


# Changing


def test_new_name_opens_a_period_and_the_former_one_stays() -> None:
    school = make_renamed()

    school.refresh_from_db()
    assert (school.name, school.name_folded) == (NEW, NEW.casefold())
    assert spans(school) == [(None, OLD), (SEPTEMBER, NEW)]


def test_changes_of_the_card_stay_in_its_history() -> None:
    school = make_renamed()

    assert [row.name for row in school.history.order_by("history_id")] == [OLD, NEW]


def test_change_has_its_author_time_and_registered_basis() -> None:
    school = make_school(name=OLD)
    keeper, basis = make_keeper(school), make_basis(school.territory)

    change_school(school=school, changes={"kind": "гимназия"}, on=SEPTEMBER, by=keeper, at=AT, basis=basis)

    period = SchoolPeriod.objects.current().get(school=school)
    assert (period.recorded_by, period.recorded_at, period.basis) == (keeper, AT, basis)
    assert period.kind == "гимназия"


def test_change_leaves_an_event_with_the_names_of_fields_alone() -> None:
    school = make_renamed()

    event = AuditEvent.objects.get(code=AuditCode.SCHOOL_CHANGED)
    assert event.object_id == str(school.pk)
    assert event.meta == {"on": "2026-09-01", "fields": ["name"]}


@pytest.mark.parametrize("role", [Role.METHODIST, Role.OBSERVER, Role.CURATOR])
def test_person_without_the_right_changes_nothing(role: Role) -> None:
    school = make_school(name=OLD)
    person = make_user(role=role, territory=school.territory)

    with pytest.raises(PermissionDenied):
        change_school(school=school, changes={"name": NEW}, on=SEPTEMBER, by=person, at=AT)

    assert spans(school) == [(None, OLD)]


@pytest.mark.parametrize(
    ("on", "words"),
    [
        pytest.param(AT.date() + DAY, "Дата 03.11.2026 ещё не наступила", id="tomorrow"),
        pytest.param(date(1203, 1, 1), "слишком давняя. Проверьте год", id="a slip of the hand"),
        pytest.param(SEPTEMBER, "с 01.09.2026 уже записано другое изменение", id="the day of another change"),
        pytest.param(SEPTEMBER - DAY, "Укажите дату позже 01.09.2026 или отмените его", id="before another change"),
    ],
)
def test_day_that_does_not_fit_is_refused_at_its_field(on: date, words: str) -> None:
    school = make_renamed()

    refused = refusal(rename, school=school, name="Иное", on=on)

    assert words in refused.text
    assert refused.field == "on"


def test_today_is_early_enough() -> None:
    assert rename(make_school(), on=AT.date()).name == NEW


def test_nothing_changed_is_said() -> None:
    school = make_school(name=NEW)

    assert "Сведения не изменились" in refusal(rename, school=school).text


def test_name_of_a_living_school_of_the_municipality_is_refused() -> None:
    school = make_school()
    make_school(name=NEW, territory=school.territory)

    refused = refusal(rename, school=school)

    assert (refused.field, NEW in refused.text) == ("name", True)


def test_name_of_an_ended_school_may_be_taken_over() -> None:
    school = make_school()
    close(make_school(name=NEW, territory=school.territory))

    assert rename(school).name == NEW


def test_login_of_a_living_school_anywhere_is_refused() -> None:
    taken = make_school(login="edu100001")

    refused = refusal(rename, school=make_school(), login="edu100001")

    assert refused.field == "login"
    assert taken.name not in refused.text


def test_code_of_another_school_of_the_region_is_refused() -> None:
    school = make_school()
    make_school(territory=make_territory(parent=school.territory.parent), gia_code="900003")

    assert refusal(rename, school=school, gia_code="900003").field == "gia_code"


def test_other_regions_have_codes_of_their_own() -> None:
    make_school(territory=make_territory(parent=make_region()), gia_code="900003")

    assert rename(make_school(), gia_code="900003").gia_code == "900003"


def test_ended_school_is_not_changed() -> None:
    school = close(make_school())

    assert "состояние «ликвидирована», сведения не меняются" in refusal(rename, school=school, on=AT.date()).text


# What was before


def former(school: School, until: date, **fields: Any) -> SchoolPeriod:
    return record_former(school=school, former=fields, until=until, by=make_keeper(school), at=AT)


def test_former_name_is_put_before_what_is_known() -> None:
    school = make_renamed()

    former(school, date(2020, 9, 1), name="МОУ «Школа № 5»")

    school.refresh_from_db()
    assert spans(school) == [(None, "МОУ «Школа № 5»"), (date(2020, 9, 1), OLD), (SEPTEMBER, NEW)]
    assert school.name == NEW


def test_former_code_leaves_the_name_as_it_is() -> None:
    school = make_school(name=OLD, gia_code="001005")

    former(school, SEPTEMBER, gia_code="000005")

    assert spans(school, "gia_code") == [(None, "000005"), (SEPTEMBER, "001005")]
    assert {name for _, name in spans(school)} == {OLD}


def test_former_details_must_end_before_the_next_change() -> None:
    school = make_renamed()

    refused = refusal(former, school=school, until=SEPTEMBER, name="Школа")

    assert "С 01.09.2026 уже записано другое изменение" in refused.text


def test_former_details_like_those_of_now_are_refused() -> None:
    assert "совпадают с нынешними" in refusal(former, school=make_school(name=OLD), until=SEPTEMBER, name=OLD).text


def test_school_opened_on_a_day_was_nothing_before() -> None:
    school = make_school()
    SchoolPeriod.objects.filter(school=school).update(valid_from=SEPTEMBER)

    assert "раньше этой даты её не было" in refusal(former, school=school, until=date(2025, 1, 1), name="Школа").text


# States


def test_closed_school_is_closed_from_its_day() -> None:
    school = close(make_school())

    assert spans(school, "status") == [(None, "active"), (SEPTEMBER, "closed")]
    assert not School.objects.active().exists()


def test_suspended_school_works_again() -> None:
    school = close(make_school(), SchoolStatus.SUSPENDED)

    close(school, SchoolStatus.ACTIVE, date(2026, 10, 1))

    assert [state for _, state in spans(school, "status")] == ["active", "suspended", "active"]


def test_wrong_state_names_what_is_possible() -> None:
    school = make_school()
    assert "Возможные состояния: «ликвидирована», «приостановлена», «реорганизована»" in (
        refusal(close, school=school, status=SchoolStatus.ACTIVE).text
    )
    close(school)

    assert "Возможные состояния: нет" in refusal(close, school=school, on=AT.date()).text


def test_head_school_is_not_closed_over_its_branches() -> None:
    head = make_school()
    branch = make_school(parent=head, inn="", territory=head.territory)

    assert f"У школы есть филиалы: {branch}" in refusal(close, school=head).text


# Taking back


def test_withdrawn_change_leaves_everything_as_it_was() -> None:
    school = make_school(name=OLD)
    before = School.objects.filter(pk=school.pk).values().get()
    rename(school, login="edu100001", full_name="Полное")

    withdraw_change(school=school, by=make_keeper(school))

    assert School.objects.filter(pk=school.pk).values().get() == before
    assert spans(school) == [(None, OLD)]


def test_school_that_never_changed_has_nothing_to_withdraw() -> None:
    school = make_school()

    assert "нет изменений, которые можно отменить" in (
        refusal(withdraw_change, school=school, by=make_keeper(school)).text
    )


def test_closing_is_not_withdrawn_onto_a_name_that_is_taken() -> None:
    school = close(make_school(name=OLD))
    make_school(name=OLD, territory=school.territory)

    assert OLD in refusal(withdraw_change, school=school, by=make_keeper(school)).text
    assert spans(school, "status")[-1] == (SEPTEMBER, "closed")
