"""Requests, jobs and built versions of reports, made on the path of the page."""

from datetime import date
from typing import Any

from accounts.models import User
from accounts.permissions import Role
from jobs.models import Job
from jobs.runner import execute
from reports.actions import request_report
from reports.models import ReportVersion
from reports.requests import ReportRequest
from schools.models import Territory
from tests.factories.lists import make_list
from tests.factories.schools import make_school, make_territory, make_user


def make_request(territory: Territory, **fields: Any) -> ReportRequest:
    """Return a question for R8 in XLSX, the quickest to build."""
    defaults: dict[str, Any] = {
        "kind": "R8",
        "territory": territory.pk,
        "school": None,
        "period_from": date(2026, 1, 1),
        "period_to": date(2026, 12, 31),
        "as_of": date(2026, 12, 25),
        "dated": date(2026, 12, 29),
        "signer_position": "Начальник управления",
        "signer_name": "И.К. Воронов",
        "formats": ("xlsx",),
    }
    return ReportRequest(**{**defaults, **fields})


def make_listed_territory() -> Territory:
    """Return a municipality with a published list of one school of two."""
    territory = make_territory()
    make_list([make_school(territory=territory)])
    make_school(territory=territory)
    return territory


def coordinator_of(territory: Territory) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory, position="Муниципальный координатор")


def run_job(job: Job) -> Job:
    execute(job_id=job.pk)
    return Job.objects.get(pk=job.pk)


def make_version(
    *, territory: Territory | None = None, by: User | None = None, request: ReportRequest | None = None, **fields: Any
) -> ReportVersion:
    """Return a built version; R8 over a new territory by default."""
    territory = territory or make_listed_territory()
    by = by or coordinator_of(territory)
    job = run_job(request_report(request=request or make_request(territory, **fields), by=by))
    assert job.state == "ready", job.error_text
    return ReportVersion.objects.get(job=job.pk)
