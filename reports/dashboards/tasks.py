"""What waits for a person, from every section, by time. Each source is a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.text import Truncator

from accounts.models import User
from accounts.permissions import Permission
from accounts.russian import count
from monitoring.choices import SubmissionState
from monitoring.models import Submission
from riskprofiles.choices import DiagnosisState, ProfileState
from riskprofiles.models import RiskProfile, SchoolForm
from roadmaps.choices import EDITABLE_STATES, RoadmapState
from roadmaps.models import Measure, Roadmap
from schools.access import scope_of
from schools.choices import BatchState, Decision, ListState
from schools.models import IdentificationRun, ImportBatch, SchoolList

SCHOOLS: Final = "школе,школам,школам"
REMARK_CHARS: Final = 120
LATE: Final = "Просрочено"
TODAY: Final = "Сегодня"
THIS_WEEK: Final = "До конца недели"
LATER: Final = "Позже"


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing to do: verb first. due None: no term, it stands among the others of today."""

    title: str
    url: str
    icon: str
    action: str
    place: str = ""
    note: str = ""
    due: date | None = None


@dataclass(frozen=True, kw_only=True)
class TaskGroup:
    title: str
    tasks: Sequence[Task]
    late: bool = False


def group_tasks(tasks: Iterable[Task], today: date) -> Sequence[TaskGroup]:
    """Split tasks by time; empty groups are left out."""
    by_time: dict[str, list[Task]] = {title: [] for title in (LATE, TODAY, THIS_WEEK, LATER)}
    for task in sorted(tasks, key=lambda task: (task.due or today, task.title)):
        by_time[time_of(task.due or today, today)].append(task)
    return [TaskGroup(title=title, tasks=own, late=title == LATE) for title, own in by_time.items() if own]


def time_of(due: date, today: date) -> str:
    if due < today:
        return LATE
    if due == today:
        return TODAY
    sunday = today + timedelta(days=6 - today.weekday())
    return THIS_WEEK if due <= sunday else LATER


def tasks_of(user: User, today: date) -> Iterator[Task]:
    """Yield what every source has for the person's rights."""
    for permission, source in SOURCES:
        if user.may(permission):
            yield from source(user, today)


def imports_to_apply(user: User, _today: date) -> Iterator[Task]:
    for batch in ImportBatch.objects.visible_to(user).filter(state=BatchState.CHECKED, created_by=user):
        yield Task(
            title="Применить проверенную загрузку",
            url=reverse("imports:batch", args=[batch.pk]),
            icon="upload",
            action="Открыть",
            note=f"получена {batch.created_at:%d.%m.%Y}",
        )


def decisions(user: User, _today: date) -> Iterator[Task]:
    """Yield the newest run of each territory with schools in the list and no decision."""
    waiting = Count("verdicts", filter=Q(verdicts__decision=Decision.WAITING, verdicts__verdict="SHNOR"))
    runs = IdentificationRun.objects.visible_to(user).annotate(waiting=waiting)
    newest: dict[UUID, Any] = {run.territory_id: run for run in runs.order_by("created_at").select_related("territory")}
    for run in newest.values():
        if run.waiting:
            yield Task(
                title=f"Принять решение по {count(run.waiting, SCHOOLS)}",
                url=reverse("identification:run", args=[run.pk]),
                icon="list-check",
                action="Решить",
                place=run.territory.name,
                note=f"выявление по результатам {run.year} года",
            )


def lists_to_publish(user: User, _today: date) -> Iterator[Task]:
    is_counted = Q(run__isnull=False) | Q(social_run__isnull=False)
    lists = SchoolList.objects.visible_to(user).filter(is_counted, state__in=[ListState.DRAFT, ListState.APPROVED])
    for school_list in lists.select_related("territory"):
        yield Task(
            title="Опубликовать перечень" if school_list.state == ListState.APPROVED else "Утвердить перечень приказом",
            url=place_of_list(school_list),
            icon="file-check",
            action="Открыть",
            place=school_list.territory.name,
            note=str(school_list),
        )


def place_of_list(school_list: SchoolList) -> str:
    """Return where a list is finished: one of low results beside its decisions, others on their own page."""
    if school_list.run_id and school_list.is_of_low_results:
        return reverse("identification:run", args=[school_list.run_id])
    return school_list.get_absolute_url()


def profiles_to_approve(user: User, _today: date) -> Iterator[Task]:
    yield from profile_tasks(user, Permission.APPROVE_RISK_PROFILE, ProfileState.VERIFIED, "Утвердить рисковый профиль")


def profiles_to_verify(user: User, _today: date) -> Iterator[Task]:
    state = ProfileState.CURATOR_VERIFICATION
    yield from profile_tasks(user, Permission.VERIFY_RISK_PROFILE, state, "Верифицировать рисковый профиль")


def curators_to_assign(user: User, _today: date) -> Iterator[Task]:
    """Yield the profiles that wait for a curator whom the school does not have."""
    schools = scope_of(user, Permission.APPROVE_RISK_PROFILE).schools_q("school__")
    assigned = scope_of(user, Permission.MANAGE_USERS)
    waiting = RiskProfile.objects.filter(schools).awaiting_curator().select_related("school__territory")
    for profile in waiting:
        yield Task(
            title="Назначить школе куратора" if assigned.covers(profile.school) else "Попросить назначить куратора",
            url=profile.get_absolute_url(),
            icon="shield-check",
            action="Открыть",
            place=profile.school.name,
            note=f"рисковый профиль {profile.year} года ждёт заключения",
        )


def profile_tasks(user: User, permission: Permission, state: ProfileState, title: str) -> Iterator[Task]:
    schools = scope_of(user, permission).schools_q("school__")
    for profile in RiskProfile.objects.filter(schools).in_state(state).select_related("school"):
        yield Task(
            title=title,
            url=profile.get_absolute_url(),
            icon="shield-check",
            action="Открыть",
            place=profile.school.name,
            note=f"{profile.year} год",
        )


def self_diagnoses(user: User, _today: date) -> Iterator[Task]:
    schools = scope_of(user, Permission.FILL_SELF_DIAGNOSIS).schools_q("school__")
    profiles = RiskProfile.objects.filter(schools).in_state(ProfileState.SCHOOL_REVIEW)
    for profile in profiles.select_related("school", "self_diagnosis"):
        is_returned = profile.self_diagnosis.state == DiagnosisState.RETURNED
        yield Task(
            title="Исправить самодиагностику по замечаниям" if is_returned else "Сдать самодиагностику",
            url=profile.self_diagnosis.get_absolute_url(),
            icon="clipboard-list",
            action="Заполнить",
            place=profile.school.name,
            note=f"рисковый профиль {profile.year} года",
        )


def forms_to_correct(user: User, _today: date) -> Iterator[Task]:
    for form in SchoolForm.objects.fillable_by(user).returned().select_related("school"):
        yield Task(
            title=f"Исправить форму {form.form} по замечанию",
            url=form.get_absolute_url(),
            icon="clipboard-list",
            action="Исправить",
            place=form.school.name,
            note=f"{form.year} год: {Truncator(form.remark).chars(REMARK_CHARS)}",
        )


def forms_to_check(user: User, _today: date) -> Iterator[Task]:
    """Yield one task for all forms of a year that wait: the page of forms tells whose they are."""
    mine = scope_of(user, Permission.ACCEPT_SUBMISSION).schools_q("school__")
    waiting = SchoolForm.objects.filter(mine).undecided().order_by("year").values("year").annotate(forms=Count("pk"))
    for one in waiting:
        yield Task(
            title=f"Проверить {count(one['forms'], 'форму,формы,форм')} школ",
            url=f"{reverse('self_assessment:received')}?year={one['year']}",
            icon="eye",
            action="Проверить",
            note=f"сданы за {one['year']} год: примите или верните с замечанием",
        )


def roadmaps_to_answer(user: User, _today: date) -> Iterator[Task]:
    titles = {RoadmapState.AGREEMENT: "Согласовать дорожную карту", RoadmapState.AGREED: "Утвердить карту приказом"}
    scope = scope_of(user, Permission.APPROVE_ROADMAP)
    mine = scope.schools_q("school__") | scope.territories_q("territory__")
    for roadmap in Roadmap.objects.filter(mine, state__in=list(titles)).with_owner():
        yield roadmap_task(roadmap, titles[RoadmapState(roadmap.state)], "send")


def roadmaps_to_write(user: User, _today: date) -> Iterator[Task]:
    scope = scope_of(user, Permission.EDIT_ROADMAP)
    mine = scope.schools_q("school__") | scope.territories_q("territory__")
    for roadmap in Roadmap.objects.filter(mine, state__in=EDITABLE_STATES).with_owner():
        title = "Исправить дорожную карту по замечанию" if roadmap.remark else "Заполнить дорожную карту"
        yield roadmap_task(roadmap, title, "pencil")


def roadmap_task(roadmap: Roadmap, title: str, icon: str) -> Task:
    return Task(
        title=title,
        url=roadmap.get_absolute_url(),
        icon=icon,
        action="Открыть",
        place=str(roadmap.owner),
        note=roadmap.year_label,
    )


def measures_to_confirm(user: User, _today: date) -> Iterator[Task]:
    scope = scope_of(user, Permission.CONFIRM_EXECUTION)
    mine = scope.schools_q("roadmap__school__") | scope.territories_q("roadmap__territory__")
    rows: Any = (
        Roadmap.objects.in_force()
        .filter(measures__in=Measure.objects.filter(mine).to_confirm())
        .annotate(waiting=Count("measures"))
        .with_owner()
    )
    for roadmap in rows:
        title = f"Подтвердить исполнение {count(roadmap.waiting, 'мероприятия,мероприятий,мероприятий')}"
        yield roadmap_task(roadmap, title, "check")


def measures_to_report(user: User, today: date) -> Iterator[Task]:
    """Yield the late and near measures of the person's own school."""
    mine = scope_of(user, Permission.REPORT_EXECUTION).schools_q("roadmap__school__")
    near = Measure.objects.in_force().filter(mine).in_order().select_related("roadmap__school")
    for measure in [*near.overdue(today), *near.due_soon(today)]:
        yield Task(
            title=f"Отметить исполнение {measure.number}",
            url=f"{measure.roadmap.get_absolute_url()}#measure-{measure.pk}",
            icon="route",
            action="Отметить",
            place=str(measure.roadmap.school),
            note=measure.title,
            due=measure.due_date,
        )


def submissions_to_fill(user: User, _today: date) -> Iterator[Task]:
    mine = scope_of(user, Permission.FILL_SUBMISSION).schools_q("school__")
    for submission in Submission.objects.filter(mine).missing().select_related("cycle", "school"):
        reminded = submission.cycle.reminded_at
        yield Task(
            title="Сдать показатели мониторинга",
            url=reverse("monitoring:submission", args=[submission.pk]),
            icon="clipboard-list",
            action="Заполнить",
            place=submission.school.name,
            note=f"координатор напомнил {reminded:%d.%m.%Y}" if reminded else str(submission.cycle),
            due=submission.cycle.deadline,
        )


def submissions_to_check(user: User, _today: date) -> Iterator[Task]:
    mine = scope_of(user, Permission.ACCEPT_SUBMISSION).schools_q("school__")
    for submission in Submission.objects.filter(mine, state=SubmissionState.SUBMITTED).select_related(
        "cycle", "school"
    ):
        yield Task(
            title="Проверить показатели школы",
            url=reverse("monitoring:submission", args=[submission.pk]),
            icon="eye",
            action="Проверить",
            place=submission.school.name,
            note=str(submission.cycle),
        )


Source = Callable[[User, date], Iterator[Task]]
SOURCES: Final[Sequence[tuple[Permission, Source]]] = (
    (Permission.IMPORT_RESULTS, imports_to_apply),
    (Permission.DECIDE_IDENTIFICATION, decisions),
    (Permission.PUBLISH_LIST, lists_to_publish),
    (Permission.VERIFY_RISK_PROFILE, profiles_to_verify),
    (Permission.APPROVE_RISK_PROFILE, profiles_to_approve),
    (Permission.APPROVE_RISK_PROFILE, curators_to_assign),
    (Permission.FILL_SELF_DIAGNOSIS, self_diagnoses),
    (Permission.UPLOAD_OWN_DATA, forms_to_correct),
    (Permission.APPROVE_ROADMAP, roadmaps_to_answer),
    (Permission.EDIT_ROADMAP, roadmaps_to_write),
    (Permission.CONFIRM_EXECUTION, measures_to_confirm),
    (Permission.REPORT_EXECUTION, measures_to_report),
    (Permission.FILL_SUBMISSION, submissions_to_fill),
    (Permission.ACCEPT_SUBMISSION, submissions_to_check),
    (Permission.ACCEPT_SUBMISSION, forms_to_check),
)
