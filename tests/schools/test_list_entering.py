"""Whom corrected results would bring into a published list."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from accounts.russian import NBSP
from schools import list_entering
from schools.actions.identification import decide, run_identification
from schools.choices import Decision, DecisionReason, ListKind, SchoolStatus
from schools.list_entering import Entering, entering_schools
from schools.models import AssessmentResult, ImportBatch, ImportFile, ImportRow, School, SchoolList, Territory
from tests.factories.lists import (
    REASON,
    make_list,
    make_low_school,
    make_near_school,
    make_published_list,
    make_quiet_school,
    make_run,
    make_run_under,
    publish_kind,
)
from tests.factories.schools import make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LOADED = datetime(2026, 10, 20, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 2, 9, tzinfo=UTC)
LOW = (20, 10, 8, 2)


@pytest.fixture
def territory() -> Territory:
    return make_territory()


@pytest.fixture
def quiet(territory: Territory) -> School:
    """A school of the territory that the rule does not name, beside one that it does."""
    make_low_school(territory=territory, name="Низкая")
    return make_quiet_school(territory=territory, name="Обычная")


def load(school: School, subject: str, marks: tuple[int, int, int, int], *, at: datetime = LOADED) -> None:
    """Bring a result of 2026 in as an applied load does."""
    person = make_user()
    batch = ImportBatch.objects.create(
        territory=school.territory,
        state="applied",
        created_by=person,
        created_at=at,
        applied_by=person,
        applied_at=at,
    )
    file = ImportFile.objects.create(batch=batch, name="vpr_ispravlenie.xlsx", size=1, sha256="0" * 64)
    key = {"procedure": "VPR", "year": 2026, "period": "spring", "subject": subject, "grade": 5, "level": "none"}
    ImportRow.objects.create(file=file, number=17, school=school, outcome="changed", key=key, before={}, after={})
    AssessmentResult.objects.filter(school=school, subject=subject, year=2026).delete()
    make_result(school=school, subject=subject, marks=marks)


def make_low(school: School, *, at: datetime = LOADED) -> None:
    for subject in ("RU", "MA"):
        load(school, subject, LOW, at=at)


def fresh(school_list: SchoolList) -> SchoolList:
    return SchoolList.objects.for_page().get(pk=school_list.pk)


def entering(school_list: SchoolList) -> list[str]:
    return [each.name for each in entering_schools(fresh(school_list)).schools]


def words(response: Any, selector: str = "main") -> str:
    found = BeautifulSoup(response.content, "html.parser").select_one(selector)
    return " ".join(found.get_text(" ").replace(NBSP, " ").split()) if found else ""


def test_nobody_enters_while_no_results_change(territory: Territory, quiet: School) -> None:
    published = make_published_list(make_run(territory=territory))

    assert not entering_schools(fresh(published))


def test_school_that_corrected_results_bring_in_is_named_with_its_works(territory: Territory, quiet: School) -> None:
    published = make_published_list(make_run(territory=territory))
    make_low(quiet)

    (school,) = entering_schools(fresh(published)).schools

    assert (school.name, school.school_id) == ("Обычная", quiet.pk)
    maths, russian = (line.replace(NBSP, " ") for line in school.lines)
    assert "математика, 5 класс: нет результата → 2026 год 20 из 40 (50,00 %), теперь за порогом" in maths
    assert "2026 год 2 из 40 (5,00 %) → 2026 год 20 из 40 (50,00 %), теперь за порогом" in russian
    assert "файл vpr_ispravlenie.xlsx, строка 17" in russian


def test_school_that_is_new_to_the_registry_may_enter(territory: Territory, quiet: School) -> None:
    published = make_published_list(make_run(territory=territory))
    make_low(make_school(territory=territory, name="Новая"))

    assert entering(published) == ["Новая"]


def test_corrections_that_do_not_reach_the_threshold_bring_nobody_in(territory: Territory, quiet: School) -> None:
    published = make_published_list(make_run(territory=territory))
    load(quiet, "RU", (3, 19, 16, 2))

    assert not entering_schools(fresh(published))


def test_schools_of_the_list_and_those_that_decisions_kept_off_do_not_enter(
    territory: Territory, quiet: School
) -> None:
    out = make_low_school(territory=territory, name="Исключённая")
    run = make_run(territory=territory)
    decide(
        verdict=run.verdicts.get(school=out),
        decision=Decision.EXCLUDED,
        reason_code=DecisionReason.SMALL_SAMPLE,
        text=REASON,
        by=make_user(),
        at=LOADED,
    )
    published = make_published_list(run)
    for school in (out, published.items.get().school):
        load(school, "RU", (21, 9, 8, 2))

    assert not entering_schools(fresh(published))


def test_foreign_and_closed_schools_do_not_enter(territory: Territory, quiet: School) -> None:
    published = make_published_list(make_run(territory=territory))
    make_low(make_school(territory=make_territory()))
    make_low(quiet)
    School.objects.filter(pk=quiet.pk).update(status=SchoolStatus.CLOSED)

    assert not entering_schools(fresh(published))


def test_kind_that_the_rule_leaves_out_does_not_enter(territory: Territory, quiet: School) -> None:
    published = make_published_list(make_run_under(territory=territory, exclude_types=["НОШ"]))
    make_low(make_school(territory=territory, kind="НОШ"))

    assert not entering_schools(fresh(published))


def test_other_lists_ask_nothing(territory: Territory, quiet: School) -> None:
    make_near_school(territory=territory)
    at_risk = publish_kind(make_run(territory=territory), ListKind.RISK_GROUP)
    outside = make_list([quiet], territory=territory)
    make_low(make_school(territory=territory))

    assert [entering_schools(fresh(each)) for each in (at_risk, outside)] == [Entering(), Entering()]


# Rules that need a run


RELATIVE = {"cluster_by": ["KIND"], "min_schools": 2, "use": "ANY"}


def test_rule_that_compares_schools_asks_for_a_new_run(territory: Territory, quiet: School) -> None:
    published = make_published_list(make_run_under(territory=territory, relative_rule=RELATIVE))
    make_low(quiet)

    found = entering_schools(fresh(published))

    assert (found.schools, found.by) == ((), None)
    assert "скажет новый расчёт" in found.unknown


def test_corrected_school_of_the_list_may_bring_another_in_where_schools_are_compared(
    territory: Territory, quiet: School
) -> None:
    published = make_published_list(make_run_under(territory=territory, relative_rule=RELATIVE))
    assert not entering_schools(fresh(published))
    load(published.items.get().school, "RU", (0, 10, 20, 10))

    assert "скажет новый расчёт" in entering_schools(fresh(published)).unknown


def test_later_run_by_the_same_rule_names_who_would_enter(territory: Territory, quiet: School) -> None:
    run = make_run_under(territory=territory, relative_rule=RELATIVE)
    published = make_published_list(run)
    make_low(quiet)
    later = run_identification(rule_set=run.rule_set, territory=territory, year=2026, by=None, at=LATER)

    found = entering_schools(fresh(published))

    assert ([each.name for each in found.schools], found.by, found.unknown) == (["Обычная"], later, "")
    load(quiet, "RU", (21, 9, 8, 2), at=datetime(2026, 11, 5, tzinfo=UTC))
    assert "скажет новый расчёт" in entering_schools(fresh(published)).unknown


def test_more_schools_than_a_page_asks_about_call_for_a_run(
    territory: Territory, quiet: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = make_published_list(make_run(territory=territory))
    make_low(quiet)
    monkeypatch.setattr(list_entering, "FEW", 0)

    assert entering_schools(fresh(published)).unknown == list_entering.TOO_MANY


# The page


@pytest.mark.parametrize("schools", [1, 3])
def test_queries_do_not_grow_with_the_schools(
    territory: Territory, quiet: School, schools: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    others = [make_quiet_school(territory=territory) for _ in range(schools)]
    published = fresh(make_published_list(make_run(territory=territory)))

    with django_assert_num_queries(2):
        entering_schools(published)
    for school in others:
        make_low(school)
    with django_assert_num_queries(5):
        assert len(entering_schools(published).schools) == schools


def test_page_of_the_list_says_who_would_enter(sign_in: SignIn, territory: Territory, quiet: School) -> None:
    published = make_published_list(make_run(territory=territory))
    make_low(quiet)
    browser = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory))

    response = browser.get(published.get_absolute_url())

    text = words(response, "#entering")
    assert "Кто вошёл бы в перечень Обычная по исправленным данным условия выполнены" in text
    assert "Данные исправлены после публикации" in words(response)
    assert "Низкая" not in text
