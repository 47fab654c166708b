"""Why one school is in a published list, as facts."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accounts.models import User
from reports.errors import NothingToReport
from reports.facts import r8s
from schools.actions.list_exclusions import exclude_from_list
from schools.choices import ListKind
from schools.models import School, SchoolList
from tests.factories.facts import make_spec
from tests.factories.lists import (
    AT,
    make_draft,
    make_list,
    make_low_school,
    make_near_school,
    make_order,
    make_published_list,
    make_run,
    publish_kind,
)
from tests.factories.schools import make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_low_school(territory=make_territory(name="Округ"), name="СОШ № 3")


@pytest.fixture
def person() -> User:
    return make_user()


@pytest.fixture
def published(school: School, person: User) -> SchoolList:
    return make_published_list(make_run(territory=school.territory), person)


def collected(school: School, **fields: Any) -> r8s.R8SFacts:
    return r8s.collect(replace(make_spec(school.territory, kind="R8S", school=school), **fields))


@pytest.mark.usefixtures("published")
def test_every_work_stands_against_the_threshold(school: School) -> None:
    facts = collected(school)

    assert (facts.school, facts.kind, facts.year) == ("СОШ № 3", "Муниципальный перечень ШНОР", 2026)
    assert facts.basis is not None
    assert facts.basis.number == "418"
    grounds = facts.grounds
    assert grounds is not None
    assert (grounds.verdict, grounds.threshold.replace("\u00a0", " ")) == ("Низкие результаты", "30 %")
    works = [(each.title, each.year, each.low, each.participants, each.needed, each.is_low) for each in grounds.works]
    assert works == [
        ("ВПР, русский язык, 5 класс", 2026, 20, 40, 12, True),
        ("ВПР, математика, 5 класс", 2026, 12, 40, 12, True),
        ("ВПР, русский язык, 5 класс", 2025, 15, 40, 12, True),
    ]
    assert grounds.works[1].note.replace("\u00a0", " ") == (
        "за порогом: 1 чел.; чтобы работа не была за порогом, не более 11 низких из 40"
    )
    assert grounds.works[1].interval.replace("\u00a0", " ") == "18,1–45,4 %"
    assert [step.kind for step in grounds.steps][:2] == ["ok", "ok"]
    assert len(grounds.reasons) == 3
    assert grounds.decision == "Включена"


@pytest.mark.usefixtures("published")
def test_works_around_have_their_counts(school: School) -> None:
    for marks in ((0, 10, 0, 0), (1, 9, 0, 0)):
        make_result(school=make_school(territory=school.territory), subject="RU", marks=marks)

    grounds = collected(school).grounds

    assert grounds is not None
    found = [
        (each.place, each.low, each.participants)
        for each in grounds.around
        if "русский язык, 5 класс, 2026" in each.title
    ]
    assert found[0] == ("Округ", 21, 60)


def test_draft_says_nothing_to_a_school(school: School, person: User) -> None:
    make_draft(make_run(territory=school.territory), person)

    with pytest.raises(NothingToReport, match="после публикации перечня"):
        collected(school)


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        pytest.param(2025, 2025, "по результатам 2025 года", id="before"),
        pytest.param(2027, 2027, "по результатам 2027 года", id="after"),
        pytest.param(2024, 2025, "по результатам 2024–2025 годов", id="years"),
    ],
)
def test_list_of_another_year_is_not_told_as_that_of_the_period(
    school: School, first: int, last: int, words: str
) -> None:
    with pytest.raises(NothingToReport, match=words) as refusal:
        collected(school, period_from=date(first, 1, 1), period_to=date(last, 12, 31))

    assert "Она есть в перечне по результатам 2026 года: выберите период этого года." in refusal.value.text


@pytest.mark.usefixtures("published")
def test_long_period_takes_the_newest_list_of_its_years(school: School) -> None:
    assert collected(school, period_from=date(2024, 1, 1), period_to=date(2026, 12, 31)).year == 2026


def test_list_of_low_results_goes_before_the_risk_group(person: User) -> None:
    territory = make_territory()
    near = make_near_school(territory=territory)
    make_low_school(territory=territory)
    run = make_run(territory=territory)
    publish_kind(run, ListKind.RISK_GROUP, person)

    assert collected(near).kind == "Группа риска"

    make_list([near], year=2026, kind=ListKind.FEDERAL, territory=territory)
    assert collected(near).kind == "Федеральный перечень ШНОР"


def test_list_that_came_by_a_document_has_no_grounds(school: School) -> None:
    make_list([school])

    facts = collected(school)

    assert (facts.grounds, facts.item_reasons) == (None, ())


def test_exclusion_is_told(school: School, published: SchoolList, person: User) -> None:
    exclude_from_list(
        item=published.items.get(),
        excluded_on=date(2026, 11, 10),
        order=make_order(published.territory, "901"),
        by=person,
        at=AT.replace(month=11, day=20),
    )

    assert collected(school).left.startswith("исключена с 10.11.2026: приказ управления образования")
