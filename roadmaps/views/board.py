"""The context of the page of a roadmap and of its table, which is a fragment too."""

from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.permissions import Role
from roadmaps import presentation
from roadmaps.actions.editing import UNDO_TIME
from roadmaps.checks import remarks_on
from roadmaps.choices import RevisionReason, RoadmapLevel, RoadmapState
from roadmaps.library import offered
from roadmaps.lints import Remark, Weight
from roadmaps.metrics import execution_of
from roadmaps.models import Measure, Roadmap
from roadmaps.permissions import can_confirm, can_edit, can_keep, can_report, can_step
from schools.models import Membership

STEPS: Final = {
    "may_send": (RoadmapState.AGREEMENT,),
    "may_return": (RoadmapState.DRAFT, RoadmapState.REVISION_DRAFT),
    "may_agree": (RoadmapState.AGREED,),
    "may_approve": (RoadmapState.APPROVED,),
    "may_start": (RoadmapState.IN_EXECUTION,),
    "may_close": (RoadmapState.CLOSED,),
}
PRESENCE: Final = timedelta(minutes=5)


def sheet_context(
    request: AuthenticatedHttpRequest, roadmap: Roadmap, *, fresh: Measure | None = None
) -> dict[str, Any]:
    """Return what the table shows. fresh: the measure that was just added."""
    today = timezone.localdate()
    show = request.GET.get("show", "")
    show = show if show in presentation.VIEWS else ""
    sections = list(roadmap.sections.for_page())
    measures = list(roadmap.measures.in_order().prefetch_related("factors"))
    for measure in measures:
        measure.roadmap = roadmap
    editable, reportable = can_edit(request.user, roadmap), can_report(request.user, roadmap)
    remarks = remarks_on(roadmap, measures)

    def row(measure: Measure) -> presentation.RowView:
        hints = presentation.cell_hints(measure, remarks) if editable else {}
        is_fresh = fresh is not None and measure.pk == fresh.pk
        return presentation.row_view(
            measure, today=today, editable=editable, reportable=reportable, hints=hints, fresh=is_fresh
        )

    return {
        "roadmap": roadmap,
        "today": today,
        "show": show,
        "editable": editable,
        "reportable": reportable,
        "sections": sections,
        "measures": measures,
        **remarks_context(roadmap, remarks),
        "library": offered(library_level(roadmap)) if editable else [],
        "segments": presentation.segments(measures, show, today),
        "groups": presentation.groups(sections, measures, today=today, show=show, row=row),
    }


def remarks_context(roadmap: Roadmap, remarks: list[Remark]) -> dict[str, Any]:
    """Return what is to be put right while the plan may change, and what is worth a look at any time."""
    return {
        "errors": [remark for remark in remarks if remark.weight is Weight.ERROR and roadmap.is_editable],
        "warnings": [remark for remark in remarks if remark.weight is Weight.WARNING],
    }


def sheet(request: AuthenticatedHttpRequest, roadmap: Roadmap, *, fresh: Measure | None = None) -> HttpResponse:
    """Answer with the table and the messages of the action."""
    context = sheet_context(request, roadmap, fresh=fresh)
    return render(request, "roadmaps/_sheet_answer.html", {**context, "oob": True})


def board_context(request: AuthenticatedHttpRequest, roadmap: Roadmap) -> dict[str, Any]:
    """Return everything of the page of a roadmap."""
    context = sheet_context(request, roadmap)
    today: date = context["today"]
    measures: list[Measure] = context["measures"]
    risks = sum(section.factor_id is not None for section in context["sections"])
    versions = versions_of(roadmap)
    return {
        **context,
        "line": presentation.execution_line(execution_of(measures, today), risks=risks, approved=roadmap.is_approved),
        "bars": presentation.bars(context["sections"], measures, today),
        "versions": versions,
        "other_open": [version for version in versions if version.is_open and version.pk != roadmap.pk],
        "others": recent_editors(request.user, roadmap) if context["editable"] else [],
        "keepers": [] if can_keep(request.user, roadmap) else keepers(roadmap),
        "may_confirm": can_confirm(request.user, roadmap),
        "may_revise": may_revise(request.user, roadmap),
        "revision_reasons": RevisionReason.choices,
        **{name: any(can_step(request.user, roadmap, to) for to in targets) for name, targets in STEPS.items()},
    }


def versions_of(roadmap: Roadmap) -> list[Roadmap]:
    return list(Roadmap.objects.versions_of(roadmap))


def library_level(roadmap: Roadmap) -> str:
    return "school" if roadmap.level == RoadmapLevel.SCHOOL else "municipal"


def may_revise(user: User, roadmap: Roadmap) -> bool:
    return roadmap.state in {RoadmapState.APPROVED, RoadmapState.IN_EXECUTION} and can_keep(user, roadmap)


def recent_editors(user: User, roadmap: Roadmap) -> list[str]:
    """Return who else changed the table in the last minutes: a soft hint, never a lock."""
    since = timezone.now() - min(PRESENCE, UNDO_TIME)
    records = Measure.history.filter(roadmap_id=roadmap.pk, history_date__gte=since).exclude(history_user=user)
    records = records.exclude(history_user=None).select_related("history_user").order_by("-history_date")[:50]
    return list(dict.fromkeys(str(record.history_user) for record in records))


def keepers(roadmap: Roadmap) -> list[str]:
    """Return who keeps the roadmap, for those who may only read it."""
    if roadmap.school_id:
        members = Membership.objects.with_role(Role.SCHOOL_ADMIN).of_school(roadmap.school_id)
    else:
        roles = (Role.METHODIST, Role.MUNICIPAL_COORDINATOR)
        members = Membership.objects.with_role(*roles).of_territory(roadmap.territory_id)
    return [str(member.user) for member in members.by_name()[:3]]
