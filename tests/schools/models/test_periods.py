"""Periods of schools: one for every day, never two; the card and its last period say the same."""

import importlib
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schools.choices import ReorganisationKind, SchoolStatus
from schools.models import School, SchoolPeriod, SchoolSuccession
from schools.models.periods import DATED_FIELDS
from tests.factories.registry import AT, NEW, OLD, SEPTEMBER, make_renamed, rename
from tests.factories.schools import make_school, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def add(school: School, start: date | None, **fields: Any) -> SchoolPeriod:
    period = SchoolPeriod.of(school, valid_from=start)
    for name, value in fields.items():
        setattr(period, name, value)
    period.save()
    return period


def refused(make: Any, **fields: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**fields)


def name_on(school: School, day: date) -> str:
    return SchoolPeriod.objects.as_of(day).get(school=school).name


# The card and its last period


def test_new_school_has_one_period_from_the_start_of_the_record() -> None:
    school = make_school()

    period = SchoolPeriod.objects.get(school=school)
    assert period.valid_from is None
    assert {name: getattr(period, name) for name in DATED_FIELDS} == {
        name: getattr(school, name) for name in DATED_FIELDS
    }


def test_corrected_card_corrects_its_last_period_alone() -> None:
    school = make_renamed()
    school.name = "МБОУ «Средняя школа № 5»"
    school.save()

    names = SchoolPeriod.objects.filter(school=school).oldest_first().values_list("name", flat=True)
    assert list(names) == [OLD, "МБОУ «Средняя школа № 5»"]


def test_schools_made_in_a_set_have_their_periods() -> None:
    territory = make_school().territory
    fields = {"territory": territory, "kind": "СОШ", "locality": "город", "name_folded": ""}
    School.objects.bulk_create(School(name=f"Ш {number}", inn=f"{number:010}", **fields) for number in range(3))

    assert SchoolPeriod.objects.filter(school__name__startswith="Ш ").count() == 3


def test_schools_changed_in_a_set_take_their_periods_along() -> None:
    school = make_renamed()
    school.login = "edu100001"
    School.objects.bulk_update([school], ["login"])

    logins = SchoolPeriod.objects.filter(school=school).oldest_first().values_list("login", flat=True)
    assert logins[0] != logins[1] == "edu100001"


def test_update_in_the_database_takes_the_periods_along() -> None:
    school = make_renamed()
    School.objects.filter(pk=school.pk).update(status=SchoolStatus.CLOSED)

    states = SchoolPeriod.objects.filter(school=school).oldest_first().values_list("status", flat=True)
    assert list(states) == ["active", "closed"]


def test_update_of_other_fields_asks_for_no_periods(django_assert_num_queries: Any) -> None:
    school = make_school()

    with django_assert_num_queries(1):
        School.objects.filter(pk=school.pk).update(students=7)


def test_migration_opens_a_period_for_each_school_without_a_date() -> None:
    school = make_school(name=OLD, gia_code="001005")
    SchoolPeriod.objects.all().delete()

    importlib.import_module("schools.migrations.0004_school_history").open_periods(apps, None)

    period = SchoolPeriod.objects.get()
    assert (period.school, period.name, period.gia_code, period.valid_from) == (school, OLD, "001005", None)


# The day


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(1999, 1, 1), OLD),
        (SEPTEMBER - DAY, OLD),
        (SEPTEMBER, NEW),
        (date(2090, 1, 1), NEW),
    ],
)
def test_name_of_a_day_is_the_one_borne_then(day: date, name: str) -> None:
    school = make_renamed()

    assert name_on(school, day) == name
    assert School.objects.with_name_on(day).get().name_on == name  # type: ignore[attr-defined]  # annotated


def test_school_that_was_not_there_has_no_period_and_goes_by_its_first_name() -> None:
    school = make_school(name=OLD)
    SchoolPeriod.objects.update(valid_from=SEPTEMBER)
    rename(school, on=date(2026, 10, 1))

    assert not SchoolPeriod.objects.as_of(SEPTEMBER - DAY).exists()
    assert School.objects.with_name_on(SEPTEMBER - DAY).get().name_on == OLD  # type: ignore[attr-defined]


def test_current_is_the_last_period() -> None:
    school = make_renamed()
    make_school()

    assert SchoolPeriod.objects.current().get(school=school).name == NEW
    assert SchoolPeriod.objects.current().count() == 2


def test_end_of_a_period_is_the_start_of_the_next() -> None:
    make_renamed()

    ends = SchoolPeriod.objects.with_end().oldest_first()
    assert [period.valid_to for period in ends] == [SEPTEMBER, None]  # type: ignore[attr-defined]  # annotated


def test_school_closed_since_was_active_before() -> None:
    school = make_school()
    add(school, SEPTEMBER, status=SchoolStatus.CLOSED)

    assert list(School.objects.active_on(SEPTEMBER - DAY)) == [school]
    assert list(School.objects.active_on(SEPTEMBER)) == []


starts = st.dates(date(2000, 1, 1), date(2030, 1, 1))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.sets(starts, max_size=6), asked=starts)
def test_periods_never_overlap_and_every_day_has_exactly_one(days: set[date], asked: date) -> None:
    school = make_school()
    for day in days:
        add(school, day, name=f"с {day}")

    periods = SchoolPeriod.objects.filter(school=school).with_end().oldest_first()
    spans = [(one.valid_from, one.valid_to) for one in periods]  # type: ignore[attr-defined]  # annotated
    found = SchoolPeriod.objects.as_of(asked).get(school=school)
    assert [start for start, _ in spans[1:]] == [end for _, end in spans[:-1]] == sorted(days)
    assert found.valid_from == max((day for day in days if day <= asked), default=None)


# Search


@pytest.mark.parametrize("text", ["СОШ № 5", "сш № 5", "900555", "000777"])
def test_school_is_found_by_names_and_codes_of_now_and_of_before(text: str) -> None:
    school = make_school(name=OLD, login="edu900555", gia_code="000555")
    rename(school, login="edu900777", gia_code="000777")
    make_school(name="МБОУ «Гимназия № 6»", login="edu111111")

    assert list(School.objects.matching(text)) == [school]


def test_words_of_two_names_together_find_nothing() -> None:
    make_renamed(old="МБОУ «Боровская СОШ»", new="МБОУ «Сосновая школа»")

    assert not School.objects.matching("боровская школа").exists()


# What the database refuses


def test_two_periods_of_a_school_do_not_start_on_one_day() -> None:
    school = make_renamed()

    refused(add, school=school, start=SEPTEMBER)


def test_school_has_one_first_period() -> None:
    refused(add, school=make_school(), start=None)


def test_period_has_a_name() -> None:
    refused(add, school=make_school(), start=SEPTEMBER, name="")


def test_author_and_time_of_a_period_go_together() -> None:
    refused(add, school=make_school(), start=SEPTEMBER, recorded_at=AT)


@pytest.mark.parametrize("status", ["closed", "reorganised"])
def test_name_and_login_of_an_ended_school_are_free(status: str) -> None:
    ended = make_school(status=status)

    assert make_school(name=ended.name, login=ended.login, territory=ended.territory).pk


def test_branch_needs_no_inn_and_nobody_else_goes_without() -> None:
    head = make_school()
    branches = {make_school(parent=head, inn=""), make_school(parent=head, inn="")}

    assert set(head.branches.all()) == branches
    refused(make_school, inn="")


def test_missing_inn_is_named_at_its_field() -> None:
    school = make_school()
    school.inn = ""

    with pytest.raises(ValidationError) as refusal:
        school.full_clean()

    assert refusal.value.message_dict == {"inn": ["Укажите ИНН: без него бывает только филиал."]}


def test_school_is_no_branch_of_itself() -> None:
    school = make_school()

    with pytest.raises(IntegrityError), transaction.atomic():
        School.objects.filter(pk=school.pk).update(parent_id=school.pk)


@pytest.mark.parametrize("is_self", [True, False])
def test_school_succeeds_another_one_once(is_self: bool) -> None:
    ended, heir = make_school(), make_school()
    fields = {"predecessor": ended, "date": SEPTEMBER, "kind": ReorganisationKind.MERGER}
    fields |= {"recorded_by": make_user(), "recorded_at": AT}
    first = SchoolSuccession.objects.create(successor=heir, **fields)

    refused(SchoolSuccession.objects.create, successor=ended if is_self else heir, **fields)
    assert list(SchoolSuccession.objects.all().of(heir)) == [first]
