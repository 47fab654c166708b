"""«Сегодня»: the home page of every role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from accounts.choices import AuditCode
from accounts.http import AuthenticatedHttpRequest
from accounts.models import AuditEvent, User
from accounts.permissions import Permission
from accounts.russian import count, day_month, percent, weekday
from monitoring.models import MonitoringCycle
from monitoring.presentation import stage_steps
from reports.dashboards.support import SupportedSchool, support_table
from reports.dashboards.tasks import group_tasks, tasks_of
from roadmaps.execution import Execution, total
from schools.access import scope_of
from schools.models import School

DONE, LATE, HANDED_IN = "Мероприятия исполнены", "Просрочены", "Показатели мониторинга сданы"
NONE, NO_ROADMAPS = "нет", "утверждённых карт"
FEED_SIZE = 6
NEWS_SIZE = 5
NOT_NEWS = (
    AuditCode.LOGIN,
    AuditCode.LOGOUT,
    AuditCode.LOGIN_FAILED,
    AuditCode.LOCKED_OUT,
    AuditCode.SUBMISSION_SAVED,
    AuditCode.SELF_DIAGNOSIS_SAVED,
    AuditCode.ROADMAP_EDITED,
    AuditCode.REPORT_DOWNLOADED,
)


@dataclass(frozen=True, kw_only=True)
class Tile:
    title: str
    value: str
    of: str = ""
    note: str = ""
    kind: str = ""
    bad: bool = False
    done: int = 0
    total: int = 0
    url: str = ""


@require_safe
@signed_in
def today(request: AuthenticatedHttpRequest) -> HttpResponse:
    user, day = request.user, timezone.localdate()
    is_overview = user.may(Permission.VIEW_REPORTS) and user.may(Permission.VIEW_IMPORTS)
    context = {
        "day": day,
        "heading": f"Сегодня, {day_month(day)}",
        "weekday": weekday(day).capitalize(),
        "groups": group_tasks(tasks_of(user, day), day),
        "may_build": user.may(Permission.BUILD_REPORTS),
        "sees_risks": user.may(Permission.VIEW_RISK_PROFILES),
        "sees_monitoring": user.may(Permission.VIEW_MONITORING),
        **support_context(user, day, is_overview=is_overview),
        **cycle_context(user),
        "feed": feed(user),
        "news": user.notices.unread().newest_first()[:NEWS_SIZE],
    }
    return render(request, "dashboards/today.html", context)


def support_context(user: User, day: date, *, is_overview: bool) -> dict[str, Any]:
    rows = support_table(user, day)
    schools = School.objects.visible_to(user).active().count() if is_overview else len(rows)
    figures = tiles(rows, schools, is_overview=is_overview)
    if not user.may(Permission.VIEW_MONITORING):
        figures = figures[:-1]  # the last one is of monitoring
    return {"support": rows, "tiles": figures}


def tiles(rows: Sequence[SupportedSchool], schools: int, *, is_overview: bool) -> Sequence[Tile]:
    """Return the main figures; a person of one school sees no count of schools."""
    execution = total(row.execution for row in rows)
    shown = [done_tile(execution), late_tile(rows, execution), handed_in_tile(rows)]
    return [supported_tile(rows, schools), *shown] if is_overview else shown


def supported_tile(rows: Sequence[SupportedSchool], schools: int) -> Tile:
    """Count the schools of the lists in force; those whose work goes on without one are told beside them."""
    listed = sum(row.is_listed for row in rows)
    others = len(rows) - listed
    return Tile(
        title="Школы на сопровождении",
        value=str(listed),
        of=f"из {schools}",
        note=f"и ещё {count(others, 'школа,школы,школ')} с работой вне перечня" if others else "",
    )


def done_tile(execution: Execution) -> Tile:
    if not execution.total:
        return Tile(title=DONE, value=NONE, of=NO_ROADMAPS)
    done = execution.done
    share = f" · {percent(done.numerator, done.denominator, 0)}" if done.denominator else ""
    return Tile(
        title=DONE,
        value=str(done.numerator),
        of=f"из {done.denominator}{share}",
        done=done.numerator,
        total=done.denominator,
    )


def late_tile(rows: Sequence[SupportedSchool], execution: Execution) -> Tile:
    if not execution.total:
        return Tile(title=LATE, value=NONE, of=NO_ROADMAPS)
    places = sum(row.execution.overdue > 0 for row in rows)
    return Tile(
        title=LATE,
        value=str(execution.overdue),
        of="мероприятий" if not execution.overdue else "",
        bad=execution.overdue > 0,
        note=f"в {count(places, 'школе,школах,школах')}" if places else "",
    )


def handed_in_tile(rows: Sequence[SupportedSchool]) -> Tile:
    asked = [row.submission for row in rows if row.submission]
    if not asked:
        return Tile(title=HANDED_IN, value=NONE, of="открытого сбора")
    handed_in = sum(not submission.is_editable for submission in asked)
    deadline = max(submission.cycle.deadline for submission in asked)
    is_waiting = handed_in < len(asked)
    return Tile(
        title=HANDED_IN,
        value=str(handed_in),
        of=f"из {count(len(asked), 'школы,школ,школ')}",
        note=f"срок {day_month(deadline)}" if is_waiting else "",
        kind="warn" if is_waiting else "",
    )


def cycle_context(user: User) -> dict[str, Any]:
    """Return the open cycle with its steps and the schools that have not handed in."""
    cycle = MonitoringCycle.objects.visible_to(user).opened().select_related("territory__parent").first()
    if cycle is None:
        return {"cycle": None}
    missing = cycle.submissions.visible_to(user).missing().select_related("school")
    return {"cycle": cycle, "steps": stage_steps(cycle, user, is_brief=True), "missing": list(missing)}


def feed(user: User) -> Sequence[AuditEvent]:
    """Return the last changes made by people of the person's territories and schools."""
    scope = scope_of(user)
    colleagues = scope.territories_q("actor__memberships__territory__") | scope.schools_q(
        "actor__memberships__school__"
    )
    events = AuditEvent.objects.filter(Q(actor=user) | colleagues).exclude(code__in=NOT_NEWS)
    return list(events.select_related("actor").distinct().order_by("-pk")[:FEED_SIZE])
