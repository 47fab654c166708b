"""Versions of a roadmap: a draft of changes copied from the approved one, execution marks carried over."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import uuid4

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.errors import TransitionRefused
from accounts.models import User
from roadmaps.actions.locking import locked_roadmap
from roadmaps.cells import PLAN_COLUMNS
from roadmaps.choices import REVISABLE_STATES, MeasureStatus, RevisionReason, RoadmapState
from roadmaps.errors import RoadmapExists
from roadmaps.models import Evidence, Measure, Roadmap, Section

MARKS: Final = (
    "status",
    "done_on",
    "progress",
    "actual_result",
    "cancel_reason",
    "confirmation",
    "confirmation_comment",
    "confirmed_by_id",
    "confirmed_at",
    "evidence_count",
)
EVIDENCE_COLUMNS: Final = ("kind", "name", "file", "size", "sha256", "url", "text", "uploaded_by_id", "uploaded_at")


@transaction.atomic
def start_revision(*, roadmap: Roadmap, reason: RevisionReason, by: User, at: datetime, note: str = "") -> Roadmap:
    """Copy an approved version into a draft of changes; the approved one stays in force until the new order.

    Raises TransitionRefused for a version that is not approved, RoadmapExists when a draft is open.
    """
    roadmap = locked_roadmap(roadmap)
    if roadmap.state not in REVISABLE_STATES:
        raise TransitionRefused(
            f"Изменения вносят в утверждённую карту. Сейчас она в состоянии «{roadmap.get_state_display()}».",
        )
    if Roadmap.objects.filter(previous=roadmap).exclude(state=RoadmapState.ARCHIVED).exists():
        raise RoadmapExists("Черновик изменений этой карты уже есть. Откройте его на вкладке «Версии».")
    draft = copy_head(roadmap, by=by, at=at)
    draft.revision_reason, draft.revision_note = reason, note.strip()
    draft.save()
    copy_content(roadmap, draft, by)
    record(AuditCode.ROADMAP_CREATED, actor=by, obj=draft, version=draft.version_number, reason=str(reason))
    return draft


def copy_head(roadmap: Roadmap, *, by: User, at: datetime) -> Roadmap:
    return Roadmap(
        chain=roadmap.chain,
        level=roadmap.level,
        school=roadmap.school,
        territory=roadmap.territory,
        profile_id=roadmap.profile_id,
        kind=roadmap.kind,
        title=roadmap.title,
        goal=roadmap.goal,
        year_label=roadmap.year_label,
        period_from=roadmap.period_from,
        period_to=roadmap.period_to,
        state=RoadmapState.REVISION_DRAFT,
        version_number=roadmap.version_number + 1,
        previous=roadmap,
        created_by=by,
        created_at=at,
    )


def copy_content(source: Roadmap, draft: Roadmap, by: User) -> None:
    sections = {
        section.pk: Section(
            roadmap=draft,
            stable_id=section.stable_id,
            position=section.position,
            title=section.title,
            objective=section.objective,
            factor_id=section.factor_id,
        )
        for section in source.sections.all()
    }
    Section.objects.bulk_create(sections.values())
    rows = list(source.measures.prefetch_related("factors", "evidence"))
    copies = {row.pk: copy_measure(row, draft, sections[row.section_id]) for row in rows}
    bulk_create_with_history(copies.values(), Measure, default_user=by, default_change_reason="copy")
    links = Measure.factors.through
    links.objects.bulk_create(
        links(measure_id=copies[row.pk].pk, profilefactor_id=factor.pk) for row in rows for factor in row.factors.all()
    )
    Evidence.objects.bulk_create(copy for row in rows for copy in copy_evidence(row.evidence.all(), copies[row.pk]))


def copy_measure(row: Measure, draft: Roadmap, section: Section) -> Measure:
    plan = {column: getattr(row, column) for column in PLAN_COLUMNS}
    marks = {column: getattr(row, column) for column in MARKS}
    return Measure(
        roadmap=draft,
        section=section,
        stable_id=row.stable_id,
        position=row.position,
        number=row.number,
        **plan,
        **marks,
    )


def copy_evidence(rows: Iterable[Evidence], measure: Measure) -> list[Evidence]:
    """Copy rows of evidence; the files themselves are shared, they never change."""
    return [
        Evidence(pk=uuid4(), measure=measure, **{column: getattr(row, column) for column in EVIDENCE_COLUMNS})
        for row in rows
    ]


def take_over(roadmap: Roadmap, previous: Roadmap, *, by: User) -> None:
    """Bring the marks of execution of the version before into the one that replaces it, by stable id.

    They may have changed while the draft was agreed. What the draft excluded stays excluded.
    """
    marked = {row.stable_id: row for row in previous.measures.prefetch_related("evidence")}
    for measure in roadmap.measures.exclude(status=MeasureStatus.CANCELLED):
        before = marked.get(measure.stable_id)
        if before is None or before.status == MeasureStatus.CANCELLED:
            continue
        for column in MARKS:
            setattr(measure, column, getattr(before, column))
        if measure.is_done and measure.evidence_missing:  # the new version asks for a document the old one did not
            measure.status = MeasureStatus.IN_PROGRESS
        measure.evidence.all().delete()
        Evidence.objects.bulk_create(copy_evidence(before.evidence.all(), measure))
        measure.save_by(by, reason="take over")
