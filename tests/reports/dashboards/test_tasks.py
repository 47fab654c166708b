"""What waits for a person: each source gives a task in its state, and only to those with the right."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Permission, Role, roles_with
from monitoring.actions.cycles import move_cycle, remind
from monitoring.actions.submissions import submit
from monitoring.choices import CycleState
from monitoring.models import Submission
from reports.dashboards.tasks import SOURCES, Task, group_tasks, tasks_of
from riskprofiles import actions as profile_actions
from riskprofiles.actions.school_forms import decide_on_form
from riskprofiles.choices import FormDecision, ProfileState, SchoolFormCode
from riskprofiles.models import RiskProfile, SchoolForm
from roadmaps.actions import flow, reporting
from roadmaps.choices import Confirmation, MeasureStatus, RoadmapState
from roadmaps.models import Measure, Roadmap
from schools.actions.lists import approve_list, draft_list, draft_social_list
from schools.choices import BatchState, ListKind
from schools.models import ImportBatch, School, SchoolList, Territory
from tests.factories import social
from tests.factories.imports import MARKS, ImportGround, marks_of
from tests.factories.lists import AT, include_everyone, make_draft, make_low_school, make_near_school, make_run
from tests.factories.monitoring import AT as CYCLE_AT
from tests.factories.monitoring import fill, make_cycle, make_submission
from tests.factories.riskprofiles import make_profile
from tests.factories.roadmaps import make_roadmap, make_running, measure_of
from tests.factories.schools import make_actor, make_region, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 11)  # a Wednesday


def task(title: str = "Сдать показатели", due: date | None = None) -> Task:
    return Task(title=title, url="/", icon="eye", action="Открыть", due=due)


def titles(user: User, today: date = TODAY) -> list[str]:
    return [one.title.replace("\u00a0", " ") for one in tasks_of(User.objects.get(pk=user.pk), today)]


def person(role: Role, place: School | Territory) -> User:
    if isinstance(place, School):
        return make_user(role=role, school=place)
    return make_user(role=role, territory=place)


def assert_only_for(permission: Permission, school: School, title: str) -> None:
    """Every role with the right sees the task, no other role and no neighbour does."""
    for role in Role:
        seen = title in titles(make_actor(role, school))
        assert seen is (role in roles_with(permission)), role
    stranger = make_school()
    for role in roles_with(permission):
        assert title not in titles(make_actor(role, stranger)), role


# Groups


@pytest.mark.parametrize(
    ("due", "group"),
    [
        pytest.param(TODAY - timedelta(days=1), "Просрочено", id="yesterday"),
        pytest.param(TODAY, "Сегодня", id="today"),
        pytest.param(None, "Сегодня", id="no term"),
        pytest.param(TODAY + timedelta(days=1), "До конца недели", id="tomorrow"),
        pytest.param(date(2026, 2, 15), "До конца недели", id="sunday"),
        pytest.param(date(2026, 2, 16), "Позже", id="next monday"),
    ],
)
def test_task_stands_in_the_group_of_its_term(due: date | None, group: str) -> None:
    groups = group_tasks([task(due=due)], TODAY)

    assert [found.title for found in groups] == [group]


def test_on_sunday_tomorrow_is_later() -> None:
    sunday = date(2026, 2, 15)

    groups = group_tasks([task(due=sunday + timedelta(days=1))], sunday)

    assert [group.title for group in groups] == ["Позже"]


def test_groups_go_by_time_and_empty_ones_are_left_out() -> None:
    groups = group_tasks([task(due=TODAY + timedelta(days=30)), task(due=TODAY - timedelta(days=3))], TODAY)

    assert [(group.title, group.late) for group in groups] == [("Просрочено", True), ("Позже", False)]


def test_tasks_of_a_group_go_by_term_then_by_title() -> None:
    late = [task("б", TODAY - timedelta(days=1)), task("а", TODAY - timedelta(days=1)), task("в", date(2026, 1, 1))]

    (group,) = group_tasks(late, TODAY)

    assert [one.title for one in group.tasks] == ["в", "а", "б"]


def test_nothing_to_do_is_no_group() -> None:
    assert group_tasks([], TODAY) == []


# Sources


def test_person_without_a_role_has_no_tasks() -> None:
    make_submission()

    assert titles(make_user()) == []


def test_every_source_is_asked_of_the_right_that_it_needs() -> None:
    names = [source.__name__ for _, source in SOURCES]

    assert len(names) == len(set(names)) == 15


def test_checked_upload_waits_for_the_person_who_made_it() -> None:
    ground = ImportGround()
    colleague = person(Role.MUNICIPAL_COORDINATOR, ground.territory)

    ground.checked({"results.xlsx": marks_of({ground.first: MARKS})})

    assert titles(ground.coordinator) == ["Применить проверенную загрузку"]
    assert titles(colleague) == []


def test_applied_upload_waits_for_nobody() -> None:
    ground = ImportGround()
    ground.applied({"results.xlsx": marks_of({ground.first: MARKS})})

    assert titles(ground.coordinator) == []


def test_schools_without_a_decision_wait_for_those_who_decide() -> None:
    school = make_low_school(territory=make_territory())
    make_run(territory=school.territory)

    assert_only_for(Permission.DECIDE_IDENTIFICATION, school, "Принять решение по 1 школе")


def test_decided_run_waits_for_nobody() -> None:
    school = make_low_school(territory=make_territory())
    coordinator = person(Role.MUNICIPAL_COORDINATOR, school.territory)
    include_everyone(make_run(territory=school.territory), coordinator)

    assert titles(coordinator) == []


def test_only_the_newest_run_of_a_territory_waits() -> None:
    school = make_low_school(territory=make_territory())
    coordinator = person(Role.MUNICIPAL_COORDINATOR, school.territory)
    make_run(territory=school.territory)
    newest = make_run(territory=school.territory)
    type(newest).objects.filter(pk=newest.pk).update(created_at=newest.created_at + timedelta(hours=1))
    include_everyone(newest, coordinator)

    assert titles(coordinator) == []


def drafted(school: School) -> SchoolList:
    return make_draft(make_run(territory=school.territory))


def test_draft_of_a_list_waits_for_approval() -> None:
    school = make_low_school(territory=make_territory())
    drafted(school)

    assert_only_for(Permission.PUBLISH_LIST, school, "Утвердить перечень приказом")


def test_drafts_of_other_kinds_wait_on_their_own_pages() -> None:
    near = make_near_school(territory=make_territory())
    coordinator = person(Role.MUNICIPAL_COORDINATOR, near.territory)
    risk = draft_list(run=make_run(territory=near.territory), kind=ListKind.RISK_GROUP, by=coordinator, at=AT)
    hard = draft_social_list(run=social.make_run({near: social.HARD}), by=coordinator, at=AT)

    found = [one for one in tasks_of(coordinator, TODAY) if one.title == "Утвердить перечень приказом"]

    assert {one.url for one in found} == {risk.get_absolute_url(), hard.get_absolute_url()}


def test_approved_list_waits_for_publication() -> None:
    school = make_low_school(territory=make_territory())
    coordinator = person(Role.MUNICIPAL_COORDINATOR, school.territory)
    approve_list(school_list=drafted(school), by=coordinator, at=AT)

    assert titles(coordinator) == ["Опубликовать перечень"]


@pytest.mark.parametrize(
    ("state", "permission", "title"),
    [
        (ProfileState.SCHOOL_REVIEW, Permission.FILL_SELF_DIAGNOSIS, "Сдать самодиагностику"),
        (ProfileState.CURATOR_VERIFICATION, Permission.VERIFY_RISK_PROFILE, "Верифицировать рисковый профиль"),
        (ProfileState.VERIFIED, Permission.APPROVE_RISK_PROFILE, "Утвердить рисковый профиль"),
    ],
)
def test_profile_waits_for_the_one_whose_turn_it_is(state: ProfileState, permission: Permission, title: str) -> None:
    profile = make_profile(state=state)

    assert_only_for(permission, profile.school, title)


@pytest.mark.parametrize("state", [ProfileState.DRAFT, ProfileState.ARCHIVED])
def test_profile_in_another_state_waits_for_nobody(state: ProfileState) -> None:
    profile = make_profile(state=state)

    for role in Role:
        assert titles(make_actor(role, profile.school)) == [], role


def test_returned_self_diagnosis_is_to_be_corrected() -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)
    curator = person(Role.CURATOR, profile.school)
    profile_actions.return_to_school(profile=profile, remarks="Добавьте протокол.", by=curator, at=AT)

    assert titles(person(Role.SCHOOL_ADMIN, profile.school)) == ["Исправить самодиагностику по замечаниям"]


def school_of(roadmap: Roadmap) -> School:
    assert roadmap.school
    return roadmap.school


@pytest.mark.parametrize(
    ("state", "permission", "title"),
    [
        (RoadmapState.DRAFT, Permission.EDIT_ROADMAP, "Заполнить дорожную карту"),
        (RoadmapState.AGREEMENT, Permission.APPROVE_ROADMAP, "Согласовать дорожную карту"),
        (RoadmapState.AGREED, Permission.APPROVE_ROADMAP, "Утвердить карту приказом"),
    ],
)
def test_roadmap_waits_for_the_one_whose_turn_it_is(state: RoadmapState, permission: Permission, title: str) -> None:
    roadmap = make_roadmap(state=state)

    assert_only_for(permission, school_of(roadmap), title)


def test_returned_roadmap_is_to_be_corrected() -> None:
    roadmap = make_roadmap(state=RoadmapState.AGREEMENT)
    flow.give_back(roadmap=roadmap, remark="Уточните сроки.", by=make_user(), at=AT)

    assert titles(person(Role.SCHOOL_ADMIN, school_of(roadmap))) == ["Исправить дорожную карту по замечанию"]


def test_roadmap_of_a_territory_waits_for_its_methodist_and_not_for_schools() -> None:
    territory = make_territory()
    make_roadmap(territory=territory)

    assert titles(person(Role.METHODIST, territory)) == ["Заполнить дорожную карту"]
    assert titles(person(Role.SCHOOL_ADMIN, make_school(territory=territory))) == []


def running(due: date, **fields: Any) -> Measure:
    """Return the only measure of a roadmap that is carried out, with a term."""
    measure = measure_of(make_running())
    Measure.objects.filter(pk=measure.pk).update(due_date=due, **fields)
    return Measure.objects.select_related("roadmap__school").get(pk=measure.pk)


@pytest.mark.parametrize("days", [-30, -1, 0, 14])
def test_late_and_near_measures_wait_for_their_school(days: int) -> None:
    measure = running(TODAY + timedelta(days=days))

    assert_only_for(Permission.REPORT_EXECUTION, school_of(measure.roadmap), f"Отметить исполнение {measure.number}")


def test_measure_task_carries_the_term() -> None:
    measure = running(TODAY - timedelta(days=3))
    admin = person(Role.SCHOOL_ADMIN, school_of(measure.roadmap))

    (found,) = tasks_of(admin, TODAY)

    assert (found.due, found.note) == (measure.due_date, measure.title)
    assert found.url.endswith(f"#measure-{measure.pk}")


@pytest.mark.parametrize(
    ("days", "fields"),
    [
        pytest.param(15, {}, id="far ahead"),
        pytest.param(-1, {"status": MeasureStatus.CANCELLED, "cancel_reason": "Нет ставки"}, id="excluded"),
    ],
)
def test_other_measures_do_not_wait(days: int, fields: dict[str, str]) -> None:
    measure = running(TODAY + timedelta(days=days), **fields)

    assert titles(person(Role.SCHOOL_ADMIN, school_of(measure.roadmap))) == []


def test_measures_of_a_draft_do_not_wait() -> None:
    roadmap = make_roadmap()
    Measure.objects.filter(roadmap=roadmap).update(due_date=TODAY)

    assert titles(person(Role.SCHOOL_ADMIN, school_of(roadmap))) == ["Заполнить дорожную карту"]


def test_marked_measures_wait_for_confirmation_counted_by_roadmap() -> None:
    measure = running(TODAY + timedelta(days=60))
    Measure.objects.filter(pk=measure.pk).update(confirmation=Confirmation.SUBMITTED)

    assert_only_for(Permission.CONFIRM_EXECUTION, school_of(measure.roadmap), "Подтвердить исполнение 1 мероприятия")


def test_confirmed_measures_do_not_wait() -> None:
    confirmed = {"confirmation": Confirmation.CONFIRMED, "confirmed_by": make_user(), "confirmed_at": AT}
    measure = running(TODAY + timedelta(days=60), **confirmed)

    assert titles(person(Role.CURATOR, school_of(measure.roadmap))) == []


def test_open_submission_waits_for_its_school_till_the_deadline() -> None:
    submission = make_submission()
    admin = person(Role.SCHOOL_ADMIN, submission.school)

    (found,) = tasks_of(admin, TODAY)

    assert (found.due, found.note) == (submission.cycle.deadline, "Промежуточный мониторинг 2026 года")
    assert_only_for(Permission.FILL_SUBMISSION, submission.school, "Сдать показатели мониторинга")


def test_reminder_is_told_with_its_date() -> None:
    submission = make_submission()
    remind(cycle=submission.cycle, by=submission.cycle.created_by, at=CYCLE_AT)

    (found,) = tasks_of(person(Role.SCHOOL_ADMIN, submission.school), TODAY)

    assert found.note == "координатор напомнил 02.02.2026"


def test_planned_cycle_asks_schools_for_nothing() -> None:
    cycle = make_cycle()

    assert titles(person(Role.SCHOOL_ADMIN, cycle.submissions.get().school)) == []


def handed_in() -> Submission:
    submission = make_submission()
    fill(submission)
    return submit(submission=submission, by=person(Role.SCHOOL_ADMIN, submission.school), at=CYCLE_AT)


def test_handed_in_readings_wait_for_those_who_accept() -> None:
    submission = handed_in()

    assert_only_for(Permission.ACCEPT_SUBMISSION, submission.school, "Проверить показатели школы")
    assert titles(person(Role.SCHOOL_ADMIN, submission.school)) == []


def test_handed_in_readings_wait_also_after_the_collection() -> None:
    submission = handed_in()
    move_cycle(cycle=submission.cycle, to=CycleState.CHECKING, by=submission.cycle.created_by)

    assert titles(person(Role.METHODIST, submission.school.territory)) == ["Проверить показатели школы"]


# Forms of schools


def form_in_portal(school: School, code: SchoolFormCode = SchoolFormCode.STAFF) -> SchoolForm:
    """Return a form whose values stand in the portal and wait for the methodist."""
    by = person(Role.SCHOOL_ADMIN, school)
    batch = ImportBatch.objects.create(
        territory=school.territory,
        school=school,
        created_by=by,
        created_at=AT,
        state=BatchState.APPLIED,
        applied_by=by,
        applied_at=AT,
    )
    return SchoolForm.objects.create(school=school, form=code, year=2026, batch=batch, uploaded_by=by, uploaded_at=AT)


def decided(form: SchoolForm, decision: FormDecision, remark: str = "") -> SchoolForm:
    methodist = person(Role.METHODIST, form.school.territory)
    return decide_on_form(form=form, decision=decision, remark=remark, by=methodist, at=AT)


def test_returned_form_waits_for_the_administration_of_its_school() -> None:
    form = decided(form_in_portal(make_school()), FormDecision.RETURNED, "Проверьте физику")

    assert_only_for(Permission.UPLOAD_OWN_DATA, form.school, "Исправить форму SA-4 по замечанию")


def test_task_of_a_returned_form_tells_the_remark_and_leads_to_the_form() -> None:
    form = decided(form_in_portal(make_school()), FormDecision.RETURNED, "Проверьте физику")

    (found,) = tasks_of(person(Role.SCHOOL_ADMIN, form.school), TODAY)

    assert (found.note, found.url) == ("2026 год: Проверьте физику", form.get_absolute_url())
    assert found.place == form.school.name


def test_long_remark_is_cut_in_the_task() -> None:
    form = decided(form_in_portal(make_school()), FormDecision.RETURNED, "а" * 500)

    (found,) = tasks_of(person(Role.SCHOOL_ADMIN, form.school), TODAY)

    assert found.note.endswith("…")
    assert len(found.note) < 140


def test_handed_in_forms_wait_for_those_who_accept_as_one_task() -> None:
    school = make_school()
    for code in (SchoolFormCode.STAFF, SchoolFormCode.CONTEXT):
        form_in_portal(school, code)

    assert_only_for(Permission.ACCEPT_SUBMISSION, school, "Проверить 2 формы школ")


def test_task_of_handed_in_forms_leads_to_the_page_of_forms() -> None:
    form = form_in_portal(make_school())

    (found,) = tasks_of(person(Role.METHODIST, form.school.territory), TODAY)

    assert found.url == "/self-assessment/received/?year=2026"


@pytest.mark.parametrize("decision", [FormDecision.ACCEPTED, FormDecision.RETURNED])
def test_decided_form_waits_for_the_methodist_no_more(decision: FormDecision) -> None:
    form = decided(form_in_portal(make_school()), decision, "Проверьте физику")

    assert titles(person(Role.METHODIST, form.school.territory)) == []


# Size


def busy_territory(size: int) -> Territory:
    territory = make_territory()
    schools = [make_school(territory=territory) for _ in range(size)]
    for school in schools:
        make_profile(school=school, state=ProfileState.VERIFIED)
        make_roadmap(school=school, state=RoadmapState.AGREEMENT)
    move_cycle(cycle=make_cycle(schools=schools), to=CycleState.COLLECTING, by=make_user())
    return territory


@pytest.mark.parametrize("size", [1, 3])
def test_tasks_take_the_same_queries_for_any_number_of_schools(
    size: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    coordinator = User.objects.get(pk=person(Role.MUNICIPAL_COORDINATOR, busy_territory(size)).pk)

    with django_assert_num_queries(11):
        found = list(tasks_of(coordinator, TODAY))

    assert len(found) == 2 * size


def test_profile_without_a_curator_waits_for_those_who_may_have_one_assigned() -> None:
    """The coordinator asks, the administrator of the region assigns; a curator who has left is none."""
    region = make_region()
    school = make_school(territory=make_territory(parent=region))
    make_profile(school=school, state=ProfileState.CURATOR_VERIFICATION)
    coordinator, methodist = (person(role, school.territory) for role in (Role.MUNICIPAL_COORDINATOR, Role.METHODIST))
    keeper = person(Role.REGIONAL_ADMIN, region)
    curator = make_user(role=Role.CURATOR, school=school, is_active=False)

    before = [titles(each) for each in (coordinator, keeper, methodist)]
    User.objects.filter(pk=curator.pk).update(is_active=True)

    assert before == [["Попросить назначить куратора"], ["Назначить школе куратора"], []]
    assert titles(coordinator) == titles(keeper) == []


def test_profile_of_another_year_is_a_task_of_its_own() -> None:
    school = make_school()
    for year in (2026, 2027):
        make_profile(school=school, year=year, state=ProfileState.VERIFIED)

    found = list(tasks_of(person(Role.MUNICIPAL_COORDINATOR, school.territory), TODAY))

    assert sorted(one.note for one in found) == ["2026 год", "2027 год"]
    assert RiskProfile.objects.count() == 2


def test_reported_measure_leaves_the_list_of_the_school() -> None:
    measure = running(TODAY)
    admin = person(Role.SCHOOL_ADMIN, school_of(measure.roadmap))
    assert titles(admin) == [f"Отметить исполнение {measure.number}"]

    reporting.report(
        measure=measure, status=MeasureStatus.PARTIAL, by=admin, at=timezone.now(), actual_result="Половина"
    )

    assert titles(admin) == []
