"""Execution: what was done, its evidence, and the answer of the curator or the methodist."""

import hashlib
from datetime import date, datetime
from typing import Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.errors import TransitionRefused
from accounts.models import User
from accounts.russian import short_date
from roadmaps.actions.locking import running_measure
from roadmaps.choices import DONE_STATUSES, Confirmation, EvidenceKind, MeasureStatus
from roadmaps.errors import CellRefused, EvidenceMissing, EvidenceRefused, ReasonMissing
from roadmaps.models import Evidence, Measure
from roadmaps.uploads import check_evidence_file

REPORTED: Final = (
    MeasureStatus.NOT_STARTED,
    MeasureStatus.IN_PROGRESS,
    MeasureStatus.DONE,
    MeasureStatus.PARTIAL,
    MeasureStatus.POSTPONED,
    MeasureStatus.NOT_APPLICABLE,
)
EXPLAINED: Final = frozenset({MeasureStatus.PARTIAL, MeasureStatus.POSTPONED, MeasureStatus.NOT_APPLICABLE})
ANSWERED: Final = DONE_STATUSES | EXPLAINED


@transaction.atomic
def report(
    *,
    measure: Measure,
    status: MeasureStatus,
    by: User,
    at: datetime,
    done_on: date | None = None,
    progress: int | None = None,
    actual_result: str = "",
) -> Measure:
    """Mark how a measure stands. Done after its term becomes «исполнено с нарушением срока».

    Done and partly done go to be confirmed. Raises NotInExecution, EvidenceMissing, CellRefused, ReasonMissing.
    """
    measure = running_measure(measure)
    if measure.status == MeasureStatus.CANCELLED:
        raise TransitionRefused(f"Мероприятие {measure.number} исключено из плана, его не исполняют.")
    if status in DONE_STATUSES:
        done_on = checked_day(measure, done_on, timezone.localdate(at))
        status = MeasureStatus.DONE_LATE if is_late(measure, done_on) else MeasureStatus.DONE
    if status in EXPLAINED and not actual_result.strip():
        raise ReasonMissing(f"Напишите в результате, почему мероприятие «{status.label.lower()}».")
    measure.status = status
    measure.done_on = done_on if status in DONE_STATUSES else None
    measure.progress = progress_for(status, measure.progress if progress is None else progress)
    measure.actual_result = actual_result.strip()
    measure.confirmation = Confirmation.SUBMITTED if status in ANSWERED else Confirmation.NONE
    measure.confirmed_by = measure.confirmed_at = None
    measure.save_by(by)
    record(AuditCode.MEASURE_REPORTED, actor=by, obj=measure, status=str(status), progress=measure.progress)
    return measure


def checked_day(measure: Measure, done_on: date | None, today: date) -> date:
    if measure.evidence_missing:
        raise EvidenceMissing(measure.get_evidence_kind_display())
    if done_on is None:
        raise CellRefused("Укажите дату исполнения.")
    if done_on > today:
        raise CellRefused(f"Дата исполнения {short_date(done_on)} ещё не наступила. Сегодня {short_date(today)}.")
    return done_on


def is_late(measure: Measure, done_on: date) -> bool:
    return measure.due_date is not None and done_on > measure.due_date


def progress_for(status: MeasureStatus, progress: int) -> int:
    """Return per cent that agree with a status. Raises CellRefused."""
    if not 0 <= progress <= 100:
        raise CellRefused(f"Готовность — число от 0 до 100. Сейчас {progress}.")
    return {True: 100, False: progress}[status in DONE_STATUSES] if status != MeasureStatus.NOT_STARTED else 0


@transaction.atomic
def add_evidence(
    *,
    measure: Measure,
    kind: EvidenceKind,
    by: User,
    at: datetime,
    name: str = "",
    data: bytes = b"",
    url: str = "",
    text: str = "",
) -> Evidence:
    """Attach a file (name and data), a link, or the requisites of a document in words; one of the three.

    Raises NotInExecution, EvidenceRefused.
    """
    measure = running_measure(measure)
    if sum(map(bool, (name and not (url or text), url, text))) != 1:
        raise EvidenceRefused("Приложите файл, вставьте ссылку или напишите реквизиты документа — что-то одно.")
    evidence = Evidence(measure=measure, kind=kind, uploaded_by=by, uploaded_at=at, url=url, text=text.strip())
    evidence.name = (name or url or text.strip())[-250:] if not text else text.strip()[:250]
    if not url and not text:
        check_evidence_file(name, data)
        evidence.size, evidence.sha256 = len(data), hashlib.sha256(data).hexdigest()
        evidence.file.save(name, ContentFile(data), save=False)
    evidence.save(force_insert=True)
    measure.evidence_count = measure.evidence.count()
    measure.save_by(by)
    record(AuditCode.EVIDENCE_ADDED, actor=by, obj=measure, kind=str(kind), sha256=evidence.sha256, size=evidence.size)
    return evidence


@transaction.atomic
def remove_evidence(*, evidence: Evidence, by: User) -> Measure:
    """Take back what was attached by mistake. Raises NotInExecution, EvidenceRefused when execution rests on it."""
    measure = running_measure(evidence.measure)
    if measure.confirmation == Confirmation.CONFIRMED:
        raise EvidenceRefused("Исполнение подтверждено, документ остаётся при нём.")
    if measure.is_done and measure.evidence_kind and measure.evidence_count == 1:
        raise EvidenceRefused("Мероприятие отмечено исполненным по этому документу. Сначала приложите другой.")
    evidence.delete()
    measure.evidence_count = measure.evidence.count()
    measure.save_by(by)
    record(AuditCode.EVIDENCE_ADDED, actor=by, obj=measure, removed=evidence.sha256 or evidence.name)
    return measure


@transaction.atomic
def confirm(*, measure: Measure, by: User, at: datetime) -> Measure:
    """Confirm what the school reported. Raises NotInExecution, TransitionRefused."""
    measure = submitted(measure)
    measure.confirmation, measure.confirmation_comment = Confirmation.CONFIRMED, ""
    measure.confirmed_by, measure.confirmed_at = by, at
    measure.save_by(by)
    record(AuditCode.MEASURE_REPORTED, actor=by, obj=measure, confirmation=Confirmation.CONFIRMED.value)
    return measure


@transaction.atomic
def return_report(*, measure: Measure, comment: str, by: User) -> Measure:
    """Return a report with a remark: the measure is in progress again.

    Raises NotInExecution, TransitionRefused, ReasonMissing.
    """
    if not comment.strip():
        raise ReasonMissing("Напишите, чего не хватает: без замечания исполнение не возвращают.")
    measure = submitted(measure)
    measure.confirmation, measure.confirmation_comment = Confirmation.RETURNED, comment.strip()
    measure.confirmed_by = measure.confirmed_at = None
    measure.status, measure.done_on = MeasureStatus.IN_PROGRESS, None
    measure.save_by(by)
    record(AuditCode.MEASURE_REPORTED, actor=by, obj=measure, confirmation=Confirmation.RETURNED.value)
    return measure


def submitted(measure: Measure) -> Measure:
    measure = running_measure(measure)
    if measure.confirmation != Confirmation.SUBMITTED:
        raise TransitionRefused(f"Исполнение {measure.number} не направлено на проверку, подтверждать нечего.")
    return measure
