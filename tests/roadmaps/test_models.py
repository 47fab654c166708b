"""The database refuses what must not be."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError

from accounts.permissions import Role
from roadmaps.actions import flow, versions
from roadmaps.choices import (
    ORDERED_STATES,
    Confirmation,
    EvidenceKind,
    MeasureStatus,
    RevisionReason,
    RoadmapLevel,
    RoadmapState,
)
from roadmaps.models import Evidence, Measure, Roadmap, Section
from tests.factories.roadmaps import AT, advance, make_measure, make_roadmap, make_running, measure_of, order_for
from tests.factories.schools import make_act, make_region, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        pytest.param({"level": RoadmapLevel.MUNICIPAL}, "roadmap_of_school_or_territory", id="level against owner"),
        pytest.param({"school": None}, "roadmap_of_school_or_territory", id="no owner"),
        pytest.param({"period_to": date(2025, 1, 1)}, "roadmap_period_order", id="period reversed"),
        pytest.param({"state": RoadmapState.AGREED}, "roadmap_agreed_who_and_when", id="agreed by nobody"),
        pytest.param({"version_number": 2}, "roadmap_revision_with_reason", id="second version of nothing"),
        pytest.param({"revision_reason": RevisionReason.DATES}, "roadmap_revision_with_reason", id="first with reason"),
    ],
)
def test_roadmap_is_refused(fields: dict[str, Any], constraint: str) -> None:
    roadmap = make_roadmap()

    with pytest.raises(IntegrityError, match=constraint):
        Roadmap.objects.filter(pk=roadmap.pk).update(**fields)


def test_roadmap_of_school_and_territory_is_refused() -> None:
    roadmap = make_roadmap()

    with pytest.raises(IntegrityError, match="roadmap_of_school_or_territory"):
        Roadmap.objects.filter(pk=roadmap.pk).update(territory=make_territory())


def test_roadmap_approved_without_an_order_is_refused() -> None:
    roadmap = make_roadmap(state=RoadmapState.AGREED)

    with pytest.raises(IntegrityError, match="roadmap_approved_with_order"):
        Roadmap.objects.filter(pk=roadmap.pk).update(state=RoadmapState.APPROVED)


@pytest.mark.parametrize(
    ("state", "constraint"),
    [
        (RoadmapState.REVISION_DRAFT, "roadmaps_roadmap.chain"),
        (RoadmapState.IN_EXECUTION, "roadmaps_roadmap.chain"),
    ],
)
def test_roadmap_has_one_open_version_and_one_in_force(state: RoadmapState, constraint: str) -> None:
    running = make_running()
    first = Roadmap.objects.get(pk=running.pk)
    revision = {"previous_id": running.pk, "revision_reason": RevisionReason.DATES, "version_number": 2, "state": state}
    if state == RoadmapState.REVISION_DRAFT:
        Roadmap.objects.filter(pk=running.pk).update(state=RoadmapState.AGREED)

    with pytest.raises(IntegrityError):
        copy_of(first, **revision)


def test_roadmap_version_is_given_once() -> None:
    roadmap = make_running()

    with pytest.raises(IntegrityError):
        copy_of(roadmap, state=RoadmapState.ARCHIVED)


def copy_of(roadmap: Roadmap, **fields: Any) -> None:
    columns: dict[str, Any] = {**Roadmap.objects.filter(pk=roadmap.pk).values().get()}
    del columns["id"]
    Roadmap.objects.create(**{**columns, **fields})


def test_roadmap_of_a_territory_has_no_profile() -> None:
    from tests.factories.riskprofiles import make_profile

    roadmap = make_roadmap(territory=make_territory())

    with pytest.raises(IntegrityError, match="roadmap_profile_of_school"):
        Roadmap.objects.filter(pk=roadmap.pk).update(profile=make_profile())


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"date_from": date(2026, 12, 1), "due_date": date(2026, 3, 1)}, "measure_dates_order"),
        ({"progress": 101}, "measure_progress_range"),
        ({"amount": -1}, "measure_amount_not_negative"),
        ({"status": MeasureStatus.DONE}, "measure_done_when"),
        (
            {"status": MeasureStatus.DONE, "done_on": TODAY, "evidence_kind": EvidenceKind.ORDER},
            "measure_done_with_evidence",
        ),
        ({"status": MeasureStatus.CANCELLED}, "measure_cancelled_with_reason"),
        ({"confirmation": Confirmation.RETURNED}, "measure_returned_with_comment"),
        ({"confirmation": Confirmation.CONFIRMED}, "measure_confirmed_who_and_when"),
    ],
)
def test_measure_is_refused(fields: dict[str, Any], constraint: str) -> None:
    measure = make_measure()

    with pytest.raises(IntegrityError, match=constraint):
        Measure.objects.filter(pk=measure.pk).update(**fields)


def test_measure_is_once_in_a_version() -> None:
    roadmap = make_roadmap(measures=2)
    first, second = roadmap.measures.in_order()

    with pytest.raises(IntegrityError):
        Measure.objects.filter(pk=second.pk).update(stable_id=first.stable_id)


def test_section_of_a_factor_is_once_in_a_version() -> None:
    from riskprofiles.choices import ProfileState
    from tests.factories.riskprofiles import make_profile

    profile = make_profile(state=ProfileState.APPROVED)
    roadmap = make_roadmap(profile=profile)
    section = roadmap.sections.all()[0]

    with pytest.raises(IntegrityError):
        Section.objects.create(roadmap=roadmap, position=99, title="Ещё раз", factor=section.factor)


def test_section_stable_id_is_once_in_a_version() -> None:
    section = make_roadmap().sections.all()[0]

    with pytest.raises(IntegrityError):
        Section.objects.create(roadmap=section.roadmap, position=9, title="Ещё", stable_id=section.stable_id)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({}, "evidence_file_or_link_or_text"),
        ({"url": "https://school.example/", "text": "приказ № 5"}, "evidence_file_or_link_or_text"),
        ({"file": "evidence/1.pdf"}, "evidence_file_with_sha256"),
    ],
)
def test_evidence_is_refused(fields: dict[str, Any], constraint: str) -> None:
    measure = make_measure()

    with pytest.raises(IntegrityError, match=constraint):
        Evidence.objects.create(
            measure=measure,
            kind=EvidenceKind.ORDER,
            name="приказ",
            uploaded_by=make_user(),
            uploaded_at=AT,
            **fields,
        )


def test_visible_to_shows_own_school_and_territory_only() -> None:
    region = make_region()
    territory, neighbour = make_territory(parent=region), make_territory(parent=region)
    school = make_school(territory=territory)
    own, municipal = make_roadmap(school=school), make_roadmap(territory=territory)
    foreign = make_roadmap(school=make_school(territory=neighbour))
    make_roadmap()

    def seen(**scope: Any) -> set[Any]:
        user = make_user(**scope)
        roadmaps = set(Roadmap.objects.visible_to(user).values_list("pk", flat=True))
        assert set(Measure.objects.visible_to(user).values_list("roadmap", flat=True)) == roadmaps
        return roadmaps

    assert seen(role=Role.SCHOOL_ADMIN, school=school) == {own.pk}
    assert seen(role=Role.METHODIST, territory=territory) == {own.pk, municipal.pk}
    assert seen(role=Role.REGIONAL_COORDINATOR, territory=region) == {own.pk, municipal.pk, foreign.pk}
    assert seen() == set()


def test_in_force_is_only_what_is_carried_out() -> None:
    make_roadmap()
    make_roadmap(state=RoadmapState.APPROVED)
    running = make_running()

    assert list(Roadmap.objects.in_force()) == [running]
    assert list(Measure.objects.in_force()) == [measure_of(running)]


@pytest.mark.parametrize(
    ("day", "version"),
    [
        pytest.param(date(2026, 1, 24), None, id="before the order"),
        pytest.param(date(2026, 1, 25), 1, id="the day of the order"),
        pytest.param(date(2026, 4, 30), 1, id="before the order of the changes"),
        pytest.param(date(2026, 5, 1), 2, id="the day of the order of the changes"),
    ],
)
def test_version_is_approved_from_its_order_to_that_of_the_next(day: date, version: int | None) -> None:
    roadmap, person = make_running(), make_user()
    make_roadmap()
    draft = versions.start_revision(roadmap=roadmap, reason=RevisionReason.DATES, by=person, at=AT)
    agreed = advance(draft, RoadmapState.AGREED, by=person)
    flow.approve(roadmap=agreed, order=order_for(agreed, date=date(2026, 5, 1), number="200"), by=person, at=AT)

    found = Roadmap.objects.approved_on(day).values_list("version_number", flat=True)

    assert list(found) == ([version] if version else [])


def test_roadmap_put_away_at_the_end_was_approved_all_the_same() -> None:
    roadmap, person, after = make_running(), make_user(), AT.replace(year=2027)
    closed = flow.close(roadmap=roadmap, by=person, at=after)
    flow.archive(roadmap=closed, by=person, at=after)

    assert Roadmap.objects.approved_on(date(2026, 12, 31)).get() == roadmap


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (date(2025, 1, 1), date(2026, 1, 1), True),
        (date(2026, 12, 31), date(2027, 1, 1), True),
        (date(2025, 1, 1), date(2025, 12, 31), False),
        (date(2027, 1, 1), date(2027, 12, 31), False),
    ],
)
def test_for_period_is_inclusive(first: date, last: date, *, found: bool) -> None:
    make_roadmap()

    assert Roadmap.objects.for_period(first, last).exists() is found


@pytest.mark.parametrize(
    ("due", "status", "overdue", "soon"),
    [
        (date(2026, 11, 23), MeasureStatus.NOT_STARTED, True, False),
        (date(2026, 11, 24), MeasureStatus.NOT_STARTED, False, True),
        (date(2026, 12, 8), MeasureStatus.IN_PROGRESS, False, True),
        (date(2026, 12, 9), MeasureStatus.IN_PROGRESS, False, False),
        (date(2026, 11, 23), MeasureStatus.PARTIAL, False, False),
        (date(2026, 11, 23), MeasureStatus.POSTPONED, True, False),
        (None, MeasureStatus.NOT_STARTED, False, False),
    ],
)
def test_overdue_and_due_soon_agree_with_the_row(
    due: date | None, status: MeasureStatus, *, overdue: bool, soon: bool
) -> None:
    measure = measure_of(make_running())
    Measure.objects.filter(pk=measure.pk).update(due_date=due, status=status)
    measure.refresh_from_db()

    assert Measure.objects.overdue(TODAY).exists() is measure.is_overdue(TODAY) is overdue
    assert Measure.objects.due_soon(TODAY).exists() is measure.is_due_soon(TODAY) is soon


@pytest.mark.parametrize(("state", "late"), [(state, state in ORDERED_STATES) for state in RoadmapState])
def test_nothing_is_late_before_an_order_fixes_the_plan(state: RoadmapState, *, late: bool) -> None:
    """The page of a roadmap, the list of roadmaps and the tasks ask one and the same."""
    measure = make_measure()
    Measure.objects.filter(pk=measure.pk).update(due_date=date(2026, 11, 23))
    measure.refresh_from_db()
    measure.roadmap.state = state

    assert measure.is_overdue(TODAY) is late


def test_measures_of_a_draft_are_neither_late_nor_near() -> None:
    measure = make_measure()
    Measure.objects.filter(pk=measure.pk).update(due_date=date(2026, 11, 23))

    assert [Measure.objects.overdue(TODAY).exists(), Measure.objects.due_soon(TODAY).exists()] == [False, False]


@pytest.mark.parametrize(
    ("fields", "look"),
    [
        ({"due_date": date(2026, 11, 10)}, "late"),
        ({"due_date": date(2026, 12, 1)}, "soon"),
        ({"due_date": date(2026, 12, 31), "status": MeasureStatus.IN_PROGRESS}, "work"),
        ({"status": MeasureStatus.PARTIAL, "confirmation": Confirmation.SUBMITTED}, "check"),
        ({"status": MeasureStatus.DONE, "done_on": TODAY}, "done"),
        ({"status": MeasureStatus.CANCELLED, "cancel_reason": "Нет средств"}, "cancel"),
    ],
)
def test_look_says_the_most_urgent(fields: dict[str, Any], look: str) -> None:
    measure = measure_of(make_running())
    Measure.objects.filter(pk=measure.pk).update(**fields)
    measure.refresh_from_db()

    assert measure.look(TODAY) == look


def test_done_of_level_and_to_confirm_find_their_rows() -> None:
    running = make_running()
    make_running(territory=make_territory())
    measure = measure_of(running)
    Measure.objects.filter(pk=measure.pk).update(
        status=MeasureStatus.DONE_LATE, done_on=TODAY, confirmation=Confirmation.SUBMITTED
    )

    assert list(Measure.objects.done()) == list(Measure.objects.to_confirm()) == [measure]
    assert list(Roadmap.objects.of_level(RoadmapLevel.SCHOOL)) == [running]


def test_planned_leaves_out_the_excluded() -> None:
    roadmap = make_roadmap(measures=2)
    first, _second = roadmap.measures.in_order()
    Measure.objects.filter(pk=first.pk).update(status=MeasureStatus.CANCELLED, cancel_reason="Нет", indicator="")

    assert roadmap.measures.planned().count() == 1


def test_names_of_rows_read_well() -> None:
    roadmap = make_roadmap(school=make_school(name="МБОУ «СОШ № 5»"))
    measure = measure_of(roadmap)

    assert str(roadmap) == "Дорожная карта на 2026 год: МБОУ «СОШ № 5»"
    assert str(measure) == "1.1 Провести диагностику дефицитов учителей"
    assert str(measure.section) == "1. Повышение качества образования"
    assert make_act().requisites.startswith("от 15.09.2026")
