"""What people and jobs do with reports."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from accounts.permissions import Permission
from jobs.actions import enqueue
from jobs.models import Job
from reports import storage
from reports.building import Built
from reports.errors import FileDamaged
from reports.facts.frame import ReportSpec
from reports.models import Report, ReportFile, ReportVersion
from reports.periods import title_of
from reports.requests import ReportRequest
from schools.access import require

JOB_KIND = "report.build"


@transaction.atomic
def request_report(*, request: ReportRequest, by: User | None) -> Job:
    """Queue the building of a report; twenty clicks are one job. by None: a command of the operator.

    Raises PermissionDenied when the person may not build reports there.
    """
    spec = request.spec()
    check_right(spec, by)
    job = enqueue(kind=JOB_KIND, params=request.parameters, by=by, title=job_title(spec))
    record(AuditCode.REPORT_REQUESTED, actor=by, obj=job, kind=request.kind)
    return job


def check_right(spec: ReportSpec, by: User | None) -> None:
    if by is not None:
        require(by, Permission.BUILD_REPORTS, spec.school or spec.territory)


def job_title(spec: ReportSpec) -> str:
    """Return «Исполнение дорожных карт, Светлоборский муниципальный округ, 2026 год»."""
    kind = Report(kind=spec.kind).get_kind_display()
    return f"{kind}, {spec.school or spec.territory}, {title_of(spec.period_from, spec.period_to)}"


@transaction.atomic
def store_version(*, spec: ReportSpec, built: Built, job: Job, at: datetime) -> ReportVersion:
    """Store what was built as the next version of its report; the files are written first.

    Belongs into the transaction that ends the job: a worker that lost the job must not come here.
    """
    report = report_for(spec, by=job.requested_by, at=at)
    last = report.versions.aggregate(last=Max("number"))["last"] or 0
    version = ReportVersion(
        report=report,
        number=last + 1,
        title=built.document.title,
        as_of=spec.as_of,
        facts=built.facts,
        facts_sha256=built.facts_sha256,
        figures=len(built.document.figures()),
        pages=built.pages,
        job=job.pk,
        built_by=job.requested_by,
        built_at=at,
    )
    version.save()
    store_files(version, built)
    record(AuditCode.REPORT_READY, actor=job.requested_by, obj=version, figures=version.figures)
    return version


def report_for(spec: ReportSpec, *, by: User | None, at: datetime) -> Report:
    """Return the report of a question, locked against another version at the same time."""
    report, _ = Report.objects.select_for_update().get_or_create(
        kind=spec.kind,
        territory=spec.territory,
        school=spec.school,
        period_from=spec.period_from,
        period_to=spec.period_to,
        defaults={"created_by": by, "created_at": at},
    )
    return report


def store_files(version: ReportVersion, built: Built) -> None:
    storage.discard(version.job)
    for file in built.files:
        name = storage.store(f"{storage.folder_of(version.job)}/{version.pk}.{file.format}", file.content)
        ReportFile(
            version=version,
            format=file.format,
            file=name,
            size=len(file.content),
            sha256=file.sha256,
        ).save()


def open_file(*, file: ReportFile, by: User) -> bytes:
    """Return the bytes of a file for a person and record it. Raises FileDamaged when they are not what was built."""
    try:
        with file.file.open("rb") as stream:
            content: bytes = stream.read()
    except FileNotFoundError as error:
        raise FileDamaged("Файл справки не найден в хранилище. Сформируйте справку заново.") from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise FileDamaged("Файл справки в хранилище изменён или повреждён. Сформируйте справку заново.")
    record(AuditCode.REPORT_DOWNLOADED, actor=by, obj=file, sha256=file.sha256)
    return content
