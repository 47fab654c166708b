"""Big workbooks made by jobs: marked files with all their remarks, templates of territories and of batches."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from jobs.choices import JobState
from jobs.models import Job
from jobs.runner import execute
from schools.actions.imports import check
from schools.importing import all_problems, annotation, batch_pages, batch_template, prepared
from schools.importing.all_problems import path_of, problems_of_file, replace, shown_problems
from schools.importing.downloads import problems_workbook
from schools.importing.prepared import MARKED, queue_batch_template, queue_marked, queue_template
from schools.importing.templates import REGISTERED, Asked
from schools.intake.limits import DEFAULT_LIMITS
from schools.models import ImportFile, Membership
from tests.factories.imports import AT, MARKS, ImportGround, marks_of
from tests.factories.schools import make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
HEAD = "inn;year;procedure;subject;grade;participants;mark2;mark3;mark4;mark5;lowered;confirmed;raised\n"
WRONG = "".join(f"0000000018;2026;VPR;RU;{grade};9;1;1;1;1;;;\n" for grade in range(4, 9))


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def done(job: Job) -> Job:
    execute(job_id=job.pk)
    return Job.objects.get(pk=job.pk)


def taken(job: Job, client: Client) -> bytes:
    return b"".join(client.get(job.result["url"]).streaming_content)  # type: ignore[attr-defined]


def stored(job: Job) -> bytes:
    with default_storage.open(job.result["file"], "rb") as file:
        return bytes(file.read())


def wrong_file(ground: ImportGround) -> ImportFile:
    return ground.checked({"результаты.csv": (HEAD + WRONG).encode()}).files.get()


# Marked files


def test_big_file_is_marked_by_a_job(ground: ImportGround, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_pages, "AT_ONCE_BYTES", 10)
    file, client = wrong_file(ground), sign_in(ground.coordinator)

    page = client.get(file.batch.get_absolute_url()).content.decode()
    assert "Подготовить файл с пометками" in page
    refused = client.get(reverse("imports:marked", args=[file.pk]))
    assert refused.headers["Location"] == file.batch.get_absolute_url()

    client.post(reverse("imports:prepare_marked", args=[file.pk]))
    job = done(Job.objects.get(kind=MARKED))

    book = load_workbook(io.BytesIO(taken(job, client)))
    assert (job.state, job.result["file_name"]) == (JobState.READY, "результаты с пометками.xlsx")
    assert book["Ошибки"].max_row == 1 + len(file.problems) > 5
    assert job.result["text"].endswith("Файл хранится 7 дней.")
    assert AuditEvent.objects.filter(code=AuditCode.REPORT_DOWNLOADED, actor=ground.coordinator).count() == 1


def test_remarks_beyond_those_of_the_row_are_marked_too(
    ground: ImportGround,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(all_problems, "PROBLEMS_KEPT", 2)
    with django_capture_on_commit_callbacks(execute=True):
        file = wrong_file(ground)

    all_of_them = list(problems_of_file(file))

    assert (len(file.problems), len(all_of_them), file.meta["remarks"]) == (2, 5, 5)
    assert all_of_them[:2] == file.problems


def test_remarks_in_the_storage_go_with_the_check_that_has_none(
    ground: ImportGround,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(all_problems, "PROBLEMS_KEPT", 2)
    with django_capture_on_commit_callbacks(execute=True):
        file = wrong_file(ground)
    assert default_storage.exists(path_of(file))

    with django_capture_on_commit_callbacks(execute=True):
        assert len(all_problems.kept_problems(file, [])) == 0

    assert not default_storage.exists(path_of(file))


@pytest.mark.parametrize("portion", [1, 2, 5, 6])
def test_stored_remarks_are_the_same_in_lines_of_any_length(
    ground: ImportGround,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    portion: int,
) -> None:
    file = wrong_file(ground)
    expected = file.problems
    monkeypatch.setattr(all_problems, "PROBLEMS_KEPT", 2)
    monkeypatch.setattr(all_problems, "PORTION", portion)

    with django_capture_on_commit_callbacks(execute=True):
        check(batch=file.batch, at=AT)

    file.refresh_from_db()
    assert (len(file.problems), len(expected)) == (2, 5)
    assert list(problems_of_file(file)) == expected


def test_remarks_stored_by_earlier_versions_are_read(ground: ImportGround, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(all_problems, "PROBLEMS_KEPT", 2)
    file = wrong_file(ground)
    remarks = [{**file.problems[0], "row": number} for number in range(3)]
    replace(path_of(file), gzip.compress(json.dumps(remarks).encode()))

    assert list(problems_of_file(file)) == remarks


def test_rows_of_earlier_versions_keep_more_remarks_than_those_of_today(
    ground: ImportGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = wrong_file(ground)
    monkeypatch.setattr(all_problems, "PROBLEMS_KEPT", 2)

    assert shown_problems(file) == file.problems
    assert len(file.problems) == 5


def test_pages_show_the_first_remarks_and_the_workbook_has_all(
    ground: ImportGround,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(all_problems, "PROBLEMS_KEPT", 2)
    monkeypatch.setattr(all_problems, "PROBLEMS_SHOWN", 4)
    with django_capture_on_commit_callbacks(execute=True):
        batch = wrong_file(ground).batch

    page = sign_in(ground.coordinator).get(reverse("imports:remarks", args=[batch.pk]))

    assert [problem["row"] for _, problem in page.context["remarks"].page.object_list] == [2, 3, 4, 5]
    sheet = load_workbook(io.BytesIO(problems_workbook(batch))).worksheets[0]
    assert [row[2].value for row in sheet.iter_rows(min_row=2)] == [2, 3, 4, 5, 6]


def test_lost_remarks_leave_those_of_the_row(ground: ImportGround, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(all_problems, "PROBLEMS_KEPT", 2)

    assert len(list(problems_of_file(wrong_file(ground)))) == 2


def test_file_that_the_storage_has_lost_is_told(ground: ImportGround) -> None:
    file = wrong_file(ground)
    file.content.storage.delete(str(file.content.name))

    job = done(queue_marked(file, by=ground.coordinator))

    assert (job.state, job.error_text) == (JobState.FAILED, prepared.LOST)


def test_file_larger_than_a_person_can_give_says_that_it_is_not_marked(
    ground: ImportGround, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_pages, "MARKED_BYTES", 10)
    file, client = wrong_file(ground), sign_in(ground.coordinator)

    assert (
        "с пометками он не отдаётся, замечания — списком" in client.get(file.batch.get_absolute_url()).content.decode()
    )
    assert client.post(reverse("imports:prepare_marked", args=[file.pk])).status_code == 404


def test_people_give_no_larger_files_than_are_marked() -> None:
    assert DEFAULT_LIMITS.file_bytes <= annotation.MARKED_BYTES


# Templates


def test_template_of_a_territory_holds_the_schools_that_the_person_sees(ground: ImportGround) -> None:
    asked = Asked(territory=ground.territory, schools=[], period="2026")

    job = done(queue_template("SA-4", asked, by=ground.coordinator))

    book = load_workbook(io.BytesIO(stored(job)))
    named = {row[1] for row in book["Данные"].iter_rows(min_row=5, values_only=True) if row[1]}
    assert named == {ground.first.name, ground.second.name}


def test_template_that_the_portal_could_not_take_back_is_refused(
    ground: ImportGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = REGISTERED["SA-1"]
    monkeypatch.setitem(REGISTERED, "SA-1", template.__class__(**{**template.__dict__, "lines": 40_000}))
    asked = Asked(territory=ground.territory, schools=[], period="2026")

    job = done(queue_template("SA-1", asked, by=ground.coordinator))

    assert job.state == JobState.FAILED
    assert "портал может не больше 60000" in job.error_text.replace("загрузить ", "")


def test_template_of_one_school_is_prepared_as_asked(ground: ImportGround) -> None:
    asked = Asked(territory=ground.territory, schools=[ground.first], school=ground.first, period="2026")

    job = done(queue_template("SA-1", asked, by=ground.coordinator))

    book = load_workbook(io.BytesIO(stored(job)))
    assert ground.first.inn in str(book["Данные"]["A2"].value)


def test_templates_of_a_batch_are_one_archive(ground: ImportGround, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_template, "RESULTS_NAME", "Результаты.xlsx")
    batch = ground.applied({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    one = done(queue_batch_template(batch, by=ground.coordinator))

    assert one.result["file_name"] == "Результаты.xlsx"
    name, data = prepared.one_file({"а.xlsx": b"1", "б.xlsx": b"2"})
    assert (name, zipfile.ZipFile(io.BytesIO(data)).namelist()) == ("Шаблоны загрузки.zip", ["а.xlsx", "б.xlsx"])


def test_long_batch_offers_to_prepare_its_templates(
    ground: ImportGround, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, client = ground.applied({"Ф3.xlsx": marks_of({ground.first: MARKS})}), sign_in(ground.coordinator)
    monkeypatch.setattr(batch_template, "MOST_LINES", 0)
    monkeypatch.setattr(batch_template.batch_templates, "__kwdefaults__", {"most_lines": 0})

    page = client.get(reverse("imports:batch_template", args=[batch.pk]), follow=True).content.decode()
    assert "Подготовить шаблон" in page

    response = client.post(reverse("imports:prepare_batch_template", args=[batch.pk]))
    assert response.headers["Location"] == Job.objects.get().get_absolute_url()


def test_batch_that_is_not_applied_has_nothing_to_prepare(ground: ImportGround, sign_in: SignIn) -> None:
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    sign_in(ground.coordinator).post(reverse("imports:prepare_batch_template", args=[batch.pk]))

    assert not Job.objects.exists()


# Who may take them


def test_workbook_of_another_person_is_not_found(ground: ImportGround, sign_in: SignIn) -> None:
    job = done(queue_marked(wrong_file(ground), by=ground.coordinator))
    colleague = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=ground.territory)

    assert sign_in(colleague).get(job.result["url"]).status_code == 404


@pytest.mark.parametrize("kind", ["marked", "template", "batch"])
def test_workbook_is_not_given_when_the_territory_is_no_longer_seen(
    kind: str, ground: ImportGround, sign_in: SignIn
) -> None:
    make_result(school=ground.first)
    file = wrong_file(ground)
    asked = Asked(territory=ground.territory, schools=[], period="2026")
    job = {
        "marked": lambda: queue_marked(file, by=ground.coordinator),
        "template": lambda: queue_template("results", asked, by=ground.coordinator),
        "batch": lambda: queue_batch_template(
            ground.applied({"Ф3.xlsx": marks_of({ground.first: MARKS})}), by=ground.coordinator
        ),
    }[kind]()
    job, client = done(job), sign_in(ground.coordinator)
    assert taken(job, client)[:2] == b"PK"

    other = make_territory()
    make_school(territory=other)
    Membership.objects.filter(user=ground.coordinator).update(territory=other)

    assert client.get(job.result["url"]).status_code == 404


@pytest.mark.parametrize("kind", ["marked", "template", "batch"])
def test_job_whose_object_is_no_longer_seen_fails_with_its_reason(kind: str, ground: ImportGround) -> None:
    file = wrong_file(ground)
    asked = Asked(territory=ground.territory, schools=[], period="2026")
    job = {
        "marked": lambda: queue_marked(file, by=ground.coordinator),
        "template": lambda: queue_template("results", asked, by=ground.coordinator),
        "batch": lambda: queue_batch_template(file.batch, by=ground.coordinator),
    }[kind]()
    other = make_territory()
    Membership.objects.filter(user=ground.coordinator).update(territory=other)

    job = done(job)

    assert (job.state, "вам видны" in job.error_text) == (JobState.FAILED, True)


def test_workbook_whose_days_are_over_is_told_of(ground: ImportGround, sign_in: SignIn) -> None:
    job, client = done(queue_marked(wrong_file(ground), by=ground.coordinator)), sign_in(ground.coordinator)
    default_storage.delete(job.result["file"])

    page = client.get(job.result["url"], follow=True).content.decode()

    assert "Файла уже нет. Файл хранится 7 дней." in page
