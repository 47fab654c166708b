"""The background job that builds a report."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.audit import record
from accounts.choices import AuditCode, Outcome
from accounts.permissions import Permission
from jobs.choices import JobState
from jobs.errors import JobFailed
from jobs.registry import JobResult, job_kind
from reports.actions import JOB_KIND, check_right, store_version
from reports.building import build
from reports.choices import FileFormat
from reports.requests import ReportRequest

if TYPE_CHECKING:
    from jobs.models import Job
    from jobs.progress import Progress
    from reports.facts.frame import ReportSpec

LOST_RIGHT = "Права формировать справки по этой территории у вас больше нет. Обратитесь к администратору региона."
TOO_DEEP = "Справку не удалось сверстать: слишком глубокая вложенность текста. Скачайте XLSX или сузьте отбор."


def tell_of_failure(job: "Job") -> None:
    if job.state == JobState.FAILED:
        record(
            AuditCode.REPORT_FAILED,
            actor=job.requested_by,
            obj=job,
            outcome=Outcome.REFUSED,
            error=job.error_code,
        )


@job_kind(JOB_KIND, title="Справка", permission=Permission.BUILD_REPORTS, on_end=tell_of_failure)
def build_report(job: "Job", progress: "Progress") -> JobResult:
    request = ReportRequest.from_parameters(job.parameters)
    spec = request.spec()
    check_right_again(spec, job)
    formats = [FileFormat(each) for each in request.formats]
    total = len(formats) + 2
    try:
        built = build(spec, formats, lambda text, done: progress.step(text, done=done, total=total))
    except RecursionError:
        raise JobFailed(TOO_DEEP, code="too_deep") from None
    progress.step("Сохраняем файлы", done=total - 1, total=total)
    with progress.finishing() as result:
        version = store_version(spec=spec, built=built, job=job, at=timezone.now())
        result["url"] = version.get_absolute_url()
        result["version"] = str(version.pk)
        result["text"] = f"Чисел с источником: {version.figures}"
    return None


def check_right_again(spec: "ReportSpec", job: "Job") -> None:
    """Refuse when the right was withdrawn between the click and now."""
    try:
        check_right(spec, job.requested_by)
    except PermissionDenied:
        raise JobFailed(LOST_RIGHT, code="forbidden") from None
