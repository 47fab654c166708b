from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from riskprofiles.choices import ProfileState
from roadmaps.checks import activated_factors, facts_about, list_date, remarks_on, remarks_on_row
from roadmaps.choices import RoadmapState
from roadmaps.models import Measure
from schools.models import School, SchoolList, Territory
from tests.factories.riskprofiles import make_profile
from tests.factories.roadmaps import AT, make_measure, make_roadmap, make_running, measure_of
from tests.factories.schools import make_act, make_territory, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def publish_list(territory: Territory | None, day: date, school: School | None = None) -> SchoolList:
    user = make_user()
    assert territory is not None
    draft = SchoolList.objects.create(
        kind="municipal",
        year=day.year - SchoolList.objects.count(),
        territory=territory,
        basis_document=make_act(territory=territory, date=day),
        created_by=user,
        created_at=AT,
        approved_by=user,
        approved_at=AT,
        published_by=user,
        published_at=AT,
        content_hash="0" * 64,
    )
    if school:
        draft.items.create(school=school, school_name=school.name)
    SchoolList.objects.filter(pk=draft.pk).update(state="published")
    return draft


def test_remarks_ask_for_each_activated_factor() -> None:
    profile = make_profile(state=ProfileState.APPROVED)
    roadmap = make_roadmap(profile=profile)
    assert remarks_on(roadmap) == []

    measure = measure_of(roadmap)
    measure.factors.clear()

    [remark] = remarks_on(roadmap)
    assert measure.section.title in remark.text
    assert len(activated_factors(roadmap)) == profile.factors.activated().count()


def test_remarks_leave_out_excluded_measures() -> None:
    roadmap = make_roadmap(measures=2)
    Measure.objects.filter(roadmap=roadmap).update(indicator="")
    first = measure_of(roadmap)
    Measure.objects.filter(pk=first.pk).update(status="cancelled", cancel_reason="Нет средств")

    assert [remark.field for remark in remarks_on(roadmap)] == ["indicator"]


def test_remarks_warn_of_an_order_before_the_list() -> None:
    roadmap = make_running(territory=make_territory())
    publish_list(roadmap.territory, date(2026, 2, 10))

    assert list_date(roadmap) == date(2026, 2, 10)
    assert ["раньше приказа о перечне" in remark.text for remark in remarks_on(roadmap)] == [True]


def test_list_date_of_a_school_looks_for_lists_that_name_it() -> None:
    roadmap = make_roadmap()
    school = roadmap.school
    assert school is not None
    publish_list(school.territory, date(2026, 1, 20))
    assert list_date(roadmap) is None

    publish_list(school.territory, date(2026, 1, 10), school)

    assert list_date(roadmap) == date(2026, 1, 10)


def test_list_date_leaves_out_lists_after_the_period() -> None:
    roadmap = make_roadmap(territory=make_territory())
    publish_list(roadmap.territory, date(2027, 2, 10))

    assert list_date(roadmap) is None


def test_remarks_on_row_ask_nothing_of_the_database(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    measure = make_measure(indicator="", term="")

    with django_assert_num_queries(0):
        found = remarks_on_row(measure)

    assert [remark.field for remark in found] == ["indicator", "term"]


def test_remarks_on_row_of_a_fixed_version_are_none() -> None:
    measure = measure_of(make_roadmap(state=RoadmapState.AGREED))
    measure.indicator = ""

    assert remarks_on_row(measure) == []


def test_facts_count_what_the_conditions_ask() -> None:
    roadmap = make_running(measures=3)
    Measure.objects.filter(pk=measure_of(roadmap).pk).update(status="done", done_on=TODAY)

    facts = facts_about(roadmap, today=date(2027, 1, 1))

    assert (facts.unsettled, facts.errors, facts.period_is_over, facts.is_revision) == (2, 0, True, False)
    assert not facts_about(roadmap, today=TODAY).period_is_over
