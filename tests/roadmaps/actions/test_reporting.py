from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.choices import AuditCode
from accounts.errors import TransitionRefused
from accounts.models import AuditEvent
from roadmaps.actions import reporting
from roadmaps.choices import Confirmation, EvidenceKind, MeasureStatus
from roadmaps.errors import (
    CellRefused,
    EvidenceMissing,
    EvidenceRefused,
    NotInExecution,
    ReasonMissing,
)
from roadmaps.models import Evidence, Measure
from tests.factories.roadmaps import PDF, PNG, make_measure, make_running, measure_of
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
IN_TIME, LATE = date(2026, 3, 15), date(2026, 3, 16)


def running_measure(**fields: Any) -> Measure:
    measure = measure_of(make_running())
    Measure.objects.filter(pk=measure.pk).update(**fields)
    measure.refresh_from_db()
    return measure


def report(measure: Measure, status: MeasureStatus, **fields: Any) -> Measure:
    return reporting.report(measure=measure, status=status, by=make_user(), at=AT, **fields)


def attach(measure: Measure, **fields: Any) -> Evidence:
    defaults: dict[str, Any] = {"kind": EvidenceKind.ORDER, "name": "приказ.pdf", "data": PDF}
    return reporting.add_evidence(measure=measure, by=make_user(), at=AT, **{**defaults, **fields})


@pytest.mark.parametrize(("done_on", "status"), [(IN_TIME, MeasureStatus.DONE), (LATE, MeasureStatus.DONE_LATE)])
def test_report_done_tells_in_time_from_late(done_on: date, status: MeasureStatus) -> None:
    measure = report(running_measure(), MeasureStatus.DONE, done_on=done_on, actual_result="Проведена")

    assert (measure.status, measure.done_on, measure.progress) == (status, done_on, 100)
    assert measure.confirmation == Confirmation.SUBMITTED
    assert AuditEvent.objects.filter(code=AuditCode.MEASURE_REPORTED).count() == 1


def test_report_done_without_the_document_is_refused() -> None:
    measure = running_measure(evidence_kind=EvidenceKind.ORDER)

    with pytest.raises(EvidenceMissing, match=r"Приложите подтверждение \(приказ\)"):
        report(measure, MeasureStatus.DONE, done_on=IN_TIME)
    attach(measure)
    assert report(measure, MeasureStatus.DONE, done_on=IN_TIME).is_done


@pytest.mark.parametrize(
    ("status", "fields", "error", "words"),
    [
        (MeasureStatus.DONE, {}, CellRefused, "Укажите дату исполнения."),
        (MeasureStatus.DONE, {"done_on": date(2026, 3, 21)}, CellRefused, "ещё не наступила"),
        (MeasureStatus.IN_PROGRESS, {"progress": 101}, CellRefused, "от 0 до 100"),
        (MeasureStatus.PARTIAL, {}, ReasonMissing, "почему мероприятие «исполнено частично»"),
        (MeasureStatus.NOT_APPLICABLE, {"actual_result": " "}, ReasonMissing, "почему"),
    ],
)
def test_report_is_refused_with_words(
    status: MeasureStatus, fields: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        report(running_measure(), status, **fields)


def test_report_in_progress_keeps_or_sets_the_progress() -> None:
    measure = report(running_measure(), MeasureStatus.IN_PROGRESS, progress=62)

    assert report(measure, MeasureStatus.IN_PROGRESS).progress == 62
    assert report(measure, MeasureStatus.NOT_STARTED).progress == 0
    assert measure.confirmation == Confirmation.NONE


def test_report_of_an_excluded_measure_is_refused() -> None:
    measure = running_measure(status=MeasureStatus.CANCELLED, cancel_reason="Нет средств")

    with pytest.raises(TransitionRefused):
        report(measure, MeasureStatus.IN_PROGRESS)


def test_report_of_a_draft_is_refused() -> None:
    with pytest.raises(NotInExecution):
        report(make_measure(), MeasureStatus.IN_PROGRESS)


def test_add_evidence_stores_the_file_under_its_own_name_with_its_hash() -> None:
    measure = running_measure()

    evidence = attach(measure, name="../../приказ.PDF")

    measure.refresh_from_db()
    assert measure.evidence_count == 1
    assert evidence.file.name == f"evidence/{evidence.pk}.pdf"
    with evidence.file.open() as stored:
        assert stored.read() == PDF
    assert (evidence.size, len(evidence.sha256), evidence.format) == (len(PDF), 64, "PDF")


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"url": "https://school.example/plan", "name": "", "data": b""}, "https://school.example/plan"),
        ({"text": "приказ от 05.03.2026 № 12", "name": "", "data": b""}, "приказ от 05.03.2026 № 12"),
    ],
)
def test_add_evidence_takes_a_link_or_requisites(fields: dict[str, Any], name: str) -> None:
    evidence = attach(running_measure(), **fields)

    assert (evidence.name, bool(evidence.file), evidence.format) == (name, False, "")


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"name": "", "data": b""}, id="nothing"),
        pytest.param({"url": "https://a.example/", "text": "приказ"}, id="two of three"),
        pytest.param({"name": "a.exe", "data": b"MZ"}, id="wrong kind"),
        pytest.param({"name": "a.pdf", "data": PNG}, id="content against extension"),
    ],
)
def test_add_evidence_refuses_and_stores_nothing(fields: dict[str, Any]) -> None:
    measure = running_measure()

    with pytest.raises(EvidenceRefused):
        attach(measure, **fields)
    assert not Evidence.objects.exists()


def test_remove_evidence_that_execution_rests_on_is_refused() -> None:
    measure = running_measure(evidence_kind=EvidenceKind.ORDER)
    evidence = attach(measure)
    report(measure, MeasureStatus.DONE, done_on=IN_TIME)

    with pytest.raises(EvidenceRefused, match="Сначала приложите другой"):
        reporting.remove_evidence(evidence=evidence, by=make_user())
    attach(measure)
    assert reporting.remove_evidence(evidence=evidence, by=make_user()).evidence_count == 1
    reporting.confirm(measure=measure, by=make_user(), at=AT)
    with pytest.raises(EvidenceRefused, match="Исполнение подтверждено"):
        reporting.remove_evidence(evidence=Evidence.objects.get(), by=make_user())


def test_confirm_says_who_and_when() -> None:
    curator = make_user()
    measure = report(running_measure(), MeasureStatus.DONE, done_on=IN_TIME)

    confirmed = reporting.confirm(measure=measure, by=curator, at=AT)

    assert (confirmed.confirmation, confirmed.confirmed_by) == (Confirmation.CONFIRMED, curator)
    with pytest.raises(TransitionRefused):
        reporting.confirm(measure=measure, by=curator, at=AT)


def test_return_report_needs_a_comment_and_opens_the_measure() -> None:
    measure = report(running_measure(), MeasureStatus.DONE, done_on=IN_TIME)

    with pytest.raises(ReasonMissing):
        reporting.return_report(measure=measure, comment=" ", by=make_user())
    returned = reporting.return_report(measure=measure, comment="Нет подписи", by=make_user())

    assert (returned.confirmation, returned.status) == (Confirmation.RETURNED, MeasureStatus.IN_PROGRESS)
    assert list(Measure.objects.returned()) == [returned]
