"""The job that builds a report: one version, one file, whatever happens to workers and rights."""

import uuid
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from jobs import lease
from jobs.errors import LeaseLost
from jobs.models import Job
from jobs.progress import Progress
from reports import storage
from reports.actions import open_file, request_report, store_version
from reports.building import build, seal
from reports.choices import FileFormat
from reports.document.writers import xlsx
from reports.errors import FileDamaged
from reports.job_kinds import build_report
from reports.kinds import stored_document
from reports.models import Report, ReportVersion
from schools.models import Membership
from tests.factories.reports import coordinator_of, make_listed_territory, make_request, make_version, run_job
from tests.factories.schools import make_territory, make_user

pytestmark = pytest.mark.django_db


def stored_files() -> list[str]:
    root = Path(default_storage.path(""))
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def reader() -> User:
    return make_user(role=Role.OBSERVER, territory=make_territory())


def codes() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("code", flat=True))


def test_both_formats_are_built_from_the_same_figures() -> None:
    version = make_version(formats=("pdf", "xlsx"))
    files = {file.format: BytesIO(open_file(file=file, by=reader())) for file in version.files.all()}

    pages = PdfReader(files["pdf"]).pages
    pdf_text = " ".join("".join(page.extract_text() for page in pages).split())
    sheet = load_workbook(files["xlsx"])["Перечень школ"]

    assert version.pages == 1
    assert "относится 1 из 2 школ" in pdf_text
    assert " ".join(sheet["B4"].value.split()) in pdf_text
    assert version.figures == len(stored_document("R8", version.facts).figures())
    assert (version.built_by is not None, version.as_of.isoformat()) == (True, "2026-12-25")


def test_document_is_rebuilt_from_the_stored_facts_alone() -> None:
    version = make_version()
    school = version.report.territory.schools.all()[0]
    school.name = "Переименована"
    school.save()

    document = stored_document("R8", ReportVersion.objects.get().facts)

    assert xlsx.render(document)
    assert document.title == version.title
    assert "Переименована" not in str(document)
    assert seal(version.facts) == version.facts_sha256


def test_same_question_again_is_the_next_version() -> None:
    first = make_version()
    second = make_version(territory=first.report.territory)

    assert (first.number, second.number) == (1, 2)
    assert second.report == first.report
    assert len(stored_files()) == 2


def test_clicking_twice_is_one_job() -> None:
    territory = make_listed_territory()
    by = coordinator_of(territory)

    jobs = [request_report(request=make_request(territory), by=by) for _ in range(2)]

    assert jobs[0] == jobs[1]
    assert jobs[0].title.startswith("Перечень ШНОР, Округ")
    assert jobs[0].title.endswith("2026\u00a0год")


def test_events_are_recorded_from_request_to_download() -> None:
    version = make_version()
    file = version.files.get()

    open_file(file=file, by=reader())

    wanted = [AuditCode.REPORT_REQUESTED, AuditCode.REPORT_READY, AuditCode.REPORT_DOWNLOADED]
    assert [code for code in codes() if code.startswith("REP")] == wanted
    assert AuditEvent.objects.get(code=AuditCode.REPORT_DOWNLOADED).meta == {"sha256": file.sha256}


def test_job_leads_to_its_version() -> None:
    version = make_version()
    job = Job.objects.get(pk=version.job)

    assert job.result_url == version.get_absolute_url()
    assert job.progress_total == 3


def test_neighbour_may_not_ask() -> None:
    territory = make_listed_territory()

    with pytest.raises(PermissionDenied):
        request_report(request=make_request(territory), by=coordinator_of(make_territory()))

    assert not Job.objects.exists()


def test_observer_may_not_ask() -> None:
    territory = make_listed_territory()

    with pytest.raises(PermissionDenied):
        request_report(request=make_request(territory), by=make_user(role=Role.OBSERVER, territory=territory))


def test_right_withdrawn_on_the_way_ends_the_job() -> None:
    territory = make_listed_territory()
    by = coordinator_of(territory)
    job = request_report(request=make_request(territory), by=by)
    Membership.objects.filter(user=by).delete()
    Membership.objects.create(user=by, role=Role.MUNICIPAL_COORDINATOR, territory=make_territory())

    job = run_job(job)

    assert (job.state, job.error_code) == ("failed", "forbidden")
    assert "по этой территории" in job.error_text
    assert AuditEvent.objects.filter(code=AuditCode.REPORT_FAILED).count() == 1
    assert not Report.objects.exists()


def test_nothing_to_report_is_said_in_the_job() -> None:
    territory = make_territory()
    job = run_job(request_report(request=make_request(territory), by=coordinator_of(territory)))

    assert job.state == "failed"
    assert "Проведите выявление" in job.error_text


def test_endless_nesting_ends_the_job_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    def deep(*_args: Any) -> bytes:
        raise RecursionError

    monkeypatch.setattr(xlsx, "render", deep)
    territory = make_listed_territory()
    job = run_job(request_report(request=make_request(territory), by=coordinator_of(territory)))

    assert (job.state, job.error_code) == ("failed", "too_deep")


def test_worker_that_lost_its_job_stores_nothing() -> None:
    territory = make_listed_territory()
    job = request_report(request=make_request(territory), by=coordinator_of(territory))
    mine = lease.claim(job_id=job.pk, owner=uuid.uuid4(), at=timezone.now())
    assert mine is not None

    with pytest.raises(LeaseLost):
        build_report(mine, Progress(mine, uuid.uuid4()))

    assert stored_files() == []
    assert not ReportVersion.objects.exists()


def test_leftovers_of_a_killed_attempt_are_swept() -> None:
    territory = make_listed_territory()
    job = request_report(request=make_request(territory), by=coordinator_of(territory))
    storage.store(f"{storage.folder_of(job.pk)}/{uuid.uuid4()}.xlsx", b"half of a run that was killed")

    run_job(job)

    assert stored_files() == [f"{ReportVersion.objects.get().pk}.xlsx"]


def test_failed_transaction_leaves_no_version() -> None:
    territory = make_listed_territory()
    request = make_request(territory)
    job = request_report(request=request, by=None)
    built = build(request.spec(), [FileFormat.XLSX], lambda _text, _done: None)
    store_version(spec=request.spec(), built=built, job=job, at=timezone.now())

    again = run_job(job)

    assert again.state != "ready"
    assert ReportVersion.objects.count() == 1


def test_changed_file_is_not_given_out() -> None:
    version = make_version()
    file = version.files.get()
    Path(file.file.path).write_bytes(b"changed")

    with pytest.raises(FileDamaged, match="изменён или повреждён"):
        open_file(file=file, by=reader())


def test_lost_file_is_told() -> None:
    version = make_version()
    file = version.files.get()
    Path(file.file.path).unlink()

    with pytest.raises(FileDamaged, match="не найден"):
        open_file(file=file, by=reader())


def test_stored_bytes_are_those_that_were_sealed() -> None:
    version = make_version()
    file = version.files.get()

    content = open_file(file=file, by=reader())

    assert len(content) == file.size
    assert load_workbook(BytesIO(content)).sheetnames[0] == "Текст"
