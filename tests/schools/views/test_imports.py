"""Pages of imports: upload, preview, apply, undo, downloads."""

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from accounts.permissions import Role
from jobs.choices import JobState
from jobs.models import Job
from jobs.runner import execute
from schools.choices import BatchState, FileState
from schools.importing import job_runs
from schools.models import AssessmentResult, ImportBatch
from tests.factories.imports import MARKS, ImportGround, marks_of
from tests.factories.schools import make_result, make_territory, make_user
from tests.factories.workbooks import federal_marks, workbook
from tests.schools.intake import hostile

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


@pytest.fixture
def browser(ground: ImportGround, sign_in: SignIn) -> Client:
    """The coordinator's browser."""
    return sign_in(ground.coordinator)


def upload(browser: Client, files: dict[str, bytes], **data: str) -> Any:
    given = [SimpleUploadedFile(name, content) for name, content in files.items()]
    return browser.post("/imports/upload/", {"files": given, **data})


def run_jobs() -> None:
    for job in Job.objects.filter(state=JobState.QUEUED):
        execute(job_id=job.pk)


def text_of(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


# The whole path


def test_coordinator_uploads_looks_applies_and_undoes(ground: ImportGround, browser: Client) -> None:
    files = {
        f"Ф3_{grade}.xlsx": marks_of({ground.first: MARKS, ground.second: (0, 0, 1, 1)}, grade=grade)
        for grade in range(4, 9)
    }

    address = upload(browser, files).url
    run_jobs()
    page = text_of(browser.get(address))
    assert "Новых строк 10" in page
    assert "Статистика по отметкам: ВПР 2026 Русский язык 8 класс" in page
    assert not AssessmentResult.objects.exists()

    browser.post(f"{address}apply/")
    run_jobs()
    assert AssessmentResult.objects.count() == 10
    assert "Применена" in text_of(browser.get(address))

    browser.post(f"{address}undo/")
    run_jobs()
    assert not AssessmentResult.objects.exists()
    assert "Отменить загрузку" not in text_of(browser.get(address))


def test_upload_stores_the_bytes_and_queues_the_check(ground: ImportGround, browser: Client) -> None:
    response = upload(browser, {"Ф3.xlsx": marks_of({ground.first: MARKS})})

    batch = ImportBatch.objects.get()
    assert (response.status_code, response.url) == (302, f"/imports/{batch.pk}/")
    assert (batch.state, batch.territory, batch.created_by) == (
        BatchState.CHECKING,
        ground.territory,
        ground.coordinator,
    )
    assert Job.objects.get().kind == job_runs.CHECK


def test_changed_row_shows_the_old_and_the_new_value(ground: ImportGround, browser: Client) -> None:
    make_result(school=ground.first, grade=4, marks=(0, 3, 30, 5))
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    page = BeautifulSoup(browser.get(batch.get_absolute_url()).content, "html.parser")

    row = page.select_one("#rows tbody tr")
    assert row is not None
    assert " ".join(row.get_text(" ").split()) == (
        "МБОУ «СОШ № 1» ВПР 2026, Русский язык, 4 класс «2» 0 → 1 , «3» 3 → 2 Ф3.xlsx, строка 10"
    )


def test_rows_are_shown_by_kind(ground: ImportGround, browser: Client) -> None:
    make_result(school=ground.first, grade=4, marks=MARKS)
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS, ground.second: MARKS})})

    assert "СОШ № 2" in text_of(browser.get(batch.get_absolute_url()))
    assert "СОШ № 1" in text_of(browser.get(f"{batch.get_absolute_url()}?show=same"))
    assert "Таких строк нет" in text_of(browser.get(f"{batch.get_absolute_url()}?show=changed"))
    assert browser.get(f"{batch.get_absolute_url()}?show=nonsense&page=x").status_code == 200


def test_registry_is_previewed_too(sign_in: SignIn) -> None:
    from tests.schools.actions.test_import_apply import FIRST, RegistryGround

    region = RegistryGround()
    batch = region.checked(FIRST)

    page = text_of(sign_in(region.coordinator).get(batch.get_absolute_url()))

    assert "ИНН 0000100037" in page
    assert "обучающихся 187" in page


# Refusals


@pytest.mark.parametrize("name", ["empty", "html", "password", "truncated", "macros", "bomb in a picture", "traversal"])
def test_hostile_file_is_answered_in_russian(browser: Client, name: str) -> None:
    response = upload(browser, {"файл.xlsx": hostile.CONTAINERS[name][0]()})
    run_jobs()

    page = browser.get(response.url)

    batch = ImportBatch.objects.get()
    assert (page.status_code, batch.state, batch.files.get().state) == (200, BatchState.REJECTED, FileState.REFUSED)
    soup = BeautifulSoup(page.content, "html.parser")
    alert = soup.select_one('table [role="alert"]')
    assert alert is not None
    assert alert.get_text() == batch.files.get().refusal
    assert f"Код {batch.files.get().refusal_code}" in text_of(page)
    assert "Применить" not in text_of(page)


def test_upload_without_files_says_what_to_choose(browser: Client) -> None:
    response = browser.post("/imports/upload/", {})

    assert response.status_code == 400
    assert "Файл не выбран" in text_of(response)


def test_empty_archive_says_what_to_choose(browser: Client) -> None:
    from tests.factories.workbooks import packed

    response = upload(browser, {"пусто.zip": packed({"__MACOSX/a.xlsx": b""})})

    assert response.status_code == 400
    assert "Файл не выбран" in text_of(response)


def test_problem_stands_with_its_place_and_the_way_on(ground: ImportGround, browser: Client) -> None:
    batch = ground.checked({"Ф3.xlsx": federal_marks({"МБОУ «Никакая СОШ» (edu999999)": MARKS})})

    page = text_of(browser.get(batch.get_absolute_url()))

    assert "Лист «РУ 4 Статистика по отметкам», строка 10: школа «МБОУ «Никакая СОШ» (edu999999)» не найдена" in page


def test_refused_rows_leave_the_choice_of_the_good_ones(ground: ImportGround, browser: Client) -> None:
    batch = ground.checked({"а.xlsx": marks_of({ground.first: MARKS}), "б.xlsx": b"text"})

    page = browser.get(batch.get_absolute_url())
    assert "Применить только принятые строки" in text_of(page)

    browser.post(f"{batch.get_absolute_url()}apply/", {"only_good": "1"})
    run_jobs()
    assert AssessmentResult.objects.count() == 1


def test_failed_job_tells_why_on_the_page(ground: ImportGround, browser: Client) -> None:
    older = ground.applied({"а.xlsx": marks_of({ground.first: MARKS})})
    ground.applied({"б.xlsx": marks_of({ground.first: (2, 2, 2, 2)})})

    browser.post(f"{older.get_absolute_url()}undo/")
    run_jobs()

    assert "Не выполнено. Отменить нельзя: 1 строка с тех пор" in text_of(browser.get(older.get_absolute_url()))


@pytest.mark.parametrize("act", ["apply", "undo", "reject", "check"])
def test_act_in_a_wrong_state_changes_nothing_and_says_so(ground: ImportGround, browser: Client, act: str) -> None:
    batch = ground.checked({"а.xlsx": b"text"})

    response = browser.post(f"{batch.get_absolute_url()}{act}/", follow=True)

    assert response.status_code == 200
    assert "действие недоступно" in text_of(response)
    assert not Job.objects.exists()


def test_batch_is_given_up(ground: ImportGround, browser: Client) -> None:
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    browser.post(f"{batch.get_absolute_url()}reject/")

    batch.refresh_from_db()
    assert batch.state == BatchState.REJECTED


def test_checked_batch_is_checked_again_on_demand(ground: ImportGround, browser: Client) -> None:
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})
    make_result(school=ground.first, grade=4, marks=MARKS)

    browser.post(f"{batch.get_absolute_url()}check/")
    run_jobs()

    assert batch.files.get().rows.get().outcome == "same"


# Progress


def test_page_polls_while_the_job_works(ground: ImportGround, browser: Client) -> None:
    address = upload(browser, {"Ф3.xlsx": marks_of({ground.first: MARKS})}).url

    page = BeautifulSoup(browser.get(address).content, "html.parser")
    fragment = browser.get(f"{address}progress/")

    waiting = page.select_one("#batch-progress")
    assert waiting is not None
    assert waiting["hx-get"] == f"{address}progress/"
    assert "Проверка загруженных файлов" in text_of(fragment)
    assert "Применить" not in page.get_text()


def test_finished_job_has_the_page_shown_anew(ground: ImportGround, browser: Client) -> None:
    address = upload(browser, {"Ф3.xlsx": marks_of({ground.first: MARKS})}).url
    run_jobs()

    assert browser.get(f"{address}progress/").headers["HX-Refresh"] == "true"


def test_abandoned_job_is_set_going_by_the_page(
    ground: ImportGround,
    browser: Client,
    settings: Any,
) -> None:
    settings.JOBS_RESEND_SECONDS = -1
    address = upload(browser, {"Ф3.xlsx": marks_of({ground.first: MARKS})}).url

    assert browser.get(f"{address}progress/").status_code == 200


# Who sees what


def test_others_see_nothing(ground: ImportGround, sign_in: SignIn) -> None:
    batch = ground.applied({"Ф3.xlsx": marks_of({ground.first: MARKS})})
    stranger = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory()))

    address = batch.get_absolute_url()
    assert "Загрузок ещё не было" in text_of(stranger.get("/imports/"))
    for page in (address, f"{address}progress/", f"{address}problems/", f"/imports/files/{batch.files.get().pk}/"):
        assert stranger.get(page).status_code == 404
    for act in ("apply", "undo", "reject", "check"):
        assert stranger.post(f"{address}{act}/").status_code == 404


def test_methodist_looks_and_changes_nothing(ground: ImportGround, sign_in: SignIn) -> None:
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})
    methodist = sign_in(make_user(role=Role.METHODIST, territory=ground.territory))

    page = text_of(methodist.get(batch.get_absolute_url()))

    assert "Новых строк 1" in page
    assert "Применить" not in page
    assert "Загрузить файлы" not in text_of(methodist.get("/imports/"))
    assert upload(methodist, {"a.xlsx": b"x"}).status_code == 403
    assert methodist.post(f"{batch.get_absolute_url()}apply/").status_code == 403


def test_school_administrator_has_no_imports(ground: ImportGround, sign_in: SignIn) -> None:
    person = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=ground.first))

    assert person.get("/imports/").status_code == 403


def test_person_of_two_territories_chooses_one(ground: ImportGround, sign_in: SignIn) -> None:
    from schools.models import Membership

    other = make_territory()
    Membership.objects.create(user=ground.coordinator, role=Role.MUNICIPAL_COORDINATOR, territory=other)
    browser = sign_in(ground.coordinator)

    assert len(BeautifulSoup(browser.get("/imports/").content, "html.parser").select("select option")) == 2
    assert upload(browser, {"a.xlsx": b"x"}, territory=str(make_territory().pk)).status_code == 400
    assert upload(browser, {"a.xlsx": b"x"}, territory=str(other.pk)).status_code == 302
    assert ImportBatch.objects.get().territory == other


def test_list_costs_the_same_for_one_batch_and_for_three(
    ground: ImportGround,
    browser: Client,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:
    ground.checked({"1.xlsx": marks_of({ground.first: MARKS}, grade=4)})
    browser.get("/imports/")
    with django_assert_max_num_queries(12) as first:
        browser.get("/imports/")

    for grade in (5, 6):
        ground.checked({"1.xlsx": marks_of({ground.first: MARKS}, grade=grade)})
    with django_assert_num_queries(len(first)):
        browser.get("/imports/")


def test_batch_costs_the_same_for_one_row_and_for_three(
    ground: ImportGround,
    browser: Client,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:
    one = ground.checked({"1.xlsx": marks_of({ground.first: MARKS})})
    three = ground.checked(
        {f"{grade}.xlsx": marks_of({ground.first: MARKS, ground.second: MARKS}, grade=grade) for grade in (5, 6)},
    )
    with django_assert_max_num_queries(16) as first:
        browser.get(one.get_absolute_url())

    with django_assert_num_queries(len(first)):
        browser.get(three.get_absolute_url())


def test_unknown_batch_is_not_found(browser: Client) -> None:
    assert browser.get(f"/imports/{uuid4()}/").status_code == 404


# Downloads


def test_file_is_given_back_as_it_came(ground: ImportGround, browser: Client) -> None:
    data = marks_of({ground.first: MARKS})
    file = ground.checked({"Ф3 «Русский».xlsx": data}).files.get()

    response: Any = browser.get(f"/imports/files/{file.pk}/")

    assert b"".join(response.streaming_content) == data
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")


def test_file_that_the_storage_lost_is_told_on_the_page_of_its_batch(ground: ImportGround, browser: Client) -> None:
    file = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})}).files.get()
    file.content.storage.delete(str(file.content.name))

    page = browser.get(f"/imports/files/{file.pk}/", follow=True)

    assert page.redirect_chain == [(file.batch.get_absolute_url(), 302)]
    assert "Файл «Ф3.xlsx» не найден в хранилище портала" in page.content.decode()


def test_refused_file_cannot_be_downloaded(ground: ImportGround, browser: Client) -> None:
    file = ground.checked({"а.xlsx": b"text"}).files.get()

    assert browser.get(f"/imports/files/{file.pk}/").status_code == 404


def test_problems_are_given_as_a_workbook(ground: ImportGround, browser: Client) -> None:
    data = federal_marks({"МБОУ «Никакая СОШ» (edu999999)": MARKS, "=cmd() школа": MARKS})
    batch = ground.checked({"=Ф3.xlsx": data, "б.xlsx": workbook([("что-то",)])})

    response = browser.get(f"{batch.get_absolute_url()}problems/")

    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]
    assert [(row[0], row[2], row[4]) for row in rows] == [
        ("=Ф3.xlsx", 10, "unknown_school"),
        ("=Ф3.xlsx", 11, "unknown_school"),
        ("б.xlsx", None, "XL-40"),
    ]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_template_comes_with_the_schools_of_the_person(ground: ImportGround, browser: Client) -> None:
    from tests.factories.schools import make_school

    make_school(name="Чужая школа")

    response = browser.get("/imports/template/results/")

    sheet = load_workbook(io.BytesIO(response.content))["Результаты"]
    assert [sheet.cell(row=row, column=3).value for row in (2, 3, 4)] == ["МБОУ «СОШ № 1»", "МБОУ «СОШ № 2»", None]


def test_template_of_the_registry_is_given(browser: Client) -> None:
    response = browser.get("/imports/template/schools/")

    assert load_workbook(io.BytesIO(response.content)).sheetnames[0] == "Школы"
