"""Pages of imports: upload, preview, apply, undo, downloads."""

import io
from collections.abc import Callable
from datetime import timedelta
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
from schools.actions.identification import run_identification
from schools.actions.imports import check, receive
from schools.actions.rule_sets import load_rule_set
from schools.choices import BatchState, FileState
from schools.importing import job_runs
from schools.importing.files import GivenFile
from schools.models import AssessmentResult, ImportBatch
from tests.factories.imports import AT, MARKS, ImportGround, marks_of
from tests.factories.schools import make_region, make_result, make_school, make_territory, make_user
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


# One word for one thing


def test_state_is_called_the_same_in_the_filter_and_on_the_badge(ground: ImportGround, browser: Client) -> None:
    ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    page = BeautifulSoup(browser.get("/imports/").content, "html.parser")

    badges = {badge.get_text(strip=True) for badge in page.select("tbody .st")}
    offered = {option.get_text(strip=True) for option in page.select("select[name=state] option")}
    assert badges == {"Проверена"}
    assert badges <= offered


def test_section_has_one_name_in_the_menu_and_in_its_heading(browser: Client) -> None:
    page = BeautifulSoup(browser.get("/imports/").content, "html.parser")

    assert {link.get_text(strip=True) for link in page.select("a[aria-current=page]")} == {"Загрузки"}
    assert [heading.get_text(strip=True) for heading in page.select("h1")] == ["Загрузки"]


def test_hint_of_the_upload_tells_both_limits(browser: Client) -> None:
    assert "Файл до 5 МБ, архив ZIP до 50 МБ." in text_of(browser.get("/imports/"))


def test_undone_batch_says_what_had_been_changed(ground: ImportGround, browser: Client) -> None:
    batch = ground.applied({"Ф3.xlsx": marks_of({ground.first: MARKS})})
    browser.post(f"{batch.get_absolute_url()}undo/")
    run_jobs()

    assert "Было изменено 0" in text_of(browser.get(batch.get_absolute_url()))


# The whole path


def test_coordinator_uploads_looks_applies_and_undoes(ground: ImportGround, browser: Client) -> None:
    files = {
        f"Ф3_{grade}.xlsx": marks_of({ground.first: MARKS, ground.second: (0, 0, 1, 1)}, grade=grade)
        for grade in range(4, 9)
    }

    address = upload(browser, files).url
    run_jobs()
    page = text_of(browser.get(address))
    assert "Новых строк 10 Изменится 0" in page
    assert "Статистика по отметкам: ВПР 2026 Русский язык 8 класс" in page
    assert not AssessmentResult.objects.exists()

    browser.post(f"{address}apply/")
    run_jobs()
    assert AssessmentResult.objects.count() == 10
    done = text_of(browser.get(address))
    assert "Применена" in done
    assert "Изменено 0" in done

    assert "Результаты будет убрано 10 строк" in text_of(browser.get(f"{address}undo/")).replace("\u00a0", " ")
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
    make_result(school=ground.first, grade=4, marks=(0, 3, 30, 5), max_primary=38)
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    page = BeautifulSoup(browser.get(batch.get_absolute_url()).content, "html.parser")

    row = page.select_one("#rows tbody tr")
    assert row is not None
    assert " ".join(row.get_text(" ").split()) == (
        "МБОУ «СОШ № 1» ВПР 2026, Русский язык, 4 класс «2» 0 → 1 , «3» 3 → 2 Ф3.xlsx, строка 10"
    )


def test_rows_are_shown_by_kind(ground: ImportGround, browser: Client) -> None:
    make_result(school=ground.first, grade=4, marks=MARKS, max_primary=38)
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
    alert = soup.select_one('.file [role="alert"]')
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
    make_result(school=ground.first, grade=4, marks=MARKS, max_primary=38)

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

    assert len(BeautifulSoup(browser.get("/imports/").content, "html.parser").select("#upload_territory option")) == 2
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


@pytest.mark.parametrize("of_region", [False, True])
def test_rows_of_a_region_tell_the_municipality_of_each_school(
    ground: ImportGround, sign_in: SignIn, *, of_region: bool
) -> None:
    batch = ground.checked({"1.xlsx": marks_of({ground.first: MARKS})})
    if of_region:
        ImportBatch.objects.filter(pk=batch.pk).update(territory=ground.territory.parent)
    page = sign_in(make_user(role=Role.REGIONAL_COORDINATOR, territory=ground.territory.parent))

    content = BeautifulSoup(page.get(batch.get_absolute_url()).content, "html.parser")

    places = [place.get_text() for place in content.select("#rows tbody th .mute")]
    assert places == ([ground.territory.name] if of_region else [])


REGISTRY = """inn;ogrn;login;gia_code;name;kind;locality;municipality_code;municipality;students
0000100037;;edu910003;001003;МБОУ «СОШ № 33»;СОШ;село;reg99_m001;Округ из файла;187
0000100051;;edu910005;001005;МБОУ «СОШ № 55»;СОШ;город;reg99_m002;Новый округ;531
"""


def test_municipalities_of_a_registry_are_called_by_their_names(sign_in: SignIn) -> None:
    """One that the portal knows, though the file spells it otherwise, and one that applying will make."""
    region = make_region(code="reg99")
    make_school(territory=make_territory(parent=region, code="reg99_m001", name="Светлый округ"), inn="0000100037")
    keeper = make_user(role=Role.REGIONAL_COORDINATOR, territory=region)
    given = [GivenFile(name="schools.csv", data=REGISTRY.encode())]
    batch = check(batch=receive(files=given, by=keeper, territory=region, at=AT), at=AT)
    browser = sign_in(keeper)

    shown = [text_of(browser.get(batch.get_absolute_url(), {"show": show})) for show in ("changed", "new")]

    assert ["Светлый округ" in shown[0], "муниципалитет Новый округ" in shown[1]] == [True, True]
    assert not any("reg99_m" in text or "Округ из файла" in text for text in shown)


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
        ("=Ф3.xlsx", 10, "Школа не найдена"),
        ("=Ф3.xlsx", 11, "Школа не найдена"),
        ("=Ф3.xlsx", None, "Числа участников получены из долей"),
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


# The register


def test_register_is_filtered_by_file_checksum_state_author_and_year(ground: ImportGround, browser: Client) -> None:
    first = ground.applied({"Ф3 Русский.xlsx": marks_of({ground.first: MARKS}, grade=4)})
    ground.checked({"Ф3 Математика.xlsx": marks_of({ground.first: MARKS}, grade=5)})
    sha256 = first.files.get().sha256

    def shown(query: str) -> int:
        return len(BeautifulSoup(browser.get(f"/imports/?{query}").content, "html.parser").select("main tbody tr"))

    by_state = [shown(f"state={state}") for state in ("applied", "checked", "undone")]
    by_file = [shown(f"q={text}") for text in ("русский", "МАТЕМАТИКА Ф3", sha256[:10], "нет такого")]
    by_author = shown(f"created_by={ground.coordinator.pk}")
    assert (by_state, by_file, by_author, shown("year=2026")) == ([1, 1, 0], [1, 1, 1, 0], 2, 2)


def test_register_names_files_and_counts(ground: ImportGround, browser: Client) -> None:
    files = {f"{n}.xlsx": marks_of({ground.first: MARKS}, grade=n) for n in range(4, 9)}
    ground.checked({**files, "плохой.xlsx": b"text"})

    page = text_of(browser.get("/imports/")).replace("\u00a0", " ")

    assert "4.xlsx 5.xlsx 6.xlsx и ещё 3 файла не принято 1 файл" in page


def test_filters_offer_nobody_from_elsewhere(ground: ImportGround, browser: Client) -> None:
    ground.checked({"1.xlsx": marks_of({ground.first: MARKS})})
    other = ImportGround(first="edu900011", second="edu900012")
    other.checked({"1.xlsx": marks_of({other.first: MARKS})})

    page = browser.get("/imports/").content.decode()

    assert str(ground.coordinator) in page
    assert str(other.coordinator) not in page
    assert other.territory.name not in page


# Progress of files, cancelling, undoing


def test_files_are_shown_while_they_are_read(ground: ImportGround, browser: Client) -> None:
    address = upload(browser, {f"{n}.xlsx": marks_of({ground.first: MARKS}, grade=n) for n in range(4, 7)}).url
    Job.objects.update(step="Читаем «5.xlsx»", progress_done=1, progress_total=3)

    words = text_of(browser.get(f"{address}progress/"))

    assert "прочитан: 4.xlsx читается: 5.xlsx ждёт: 6.xlsx" in words
    assert "Страницу можно закрыть" in words


def test_check_is_cancelled_by_the_one_who_asked(ground: ImportGround, browser: Client) -> None:
    address = upload(browser, {"Ф3.xlsx": marks_of({ground.first: MARKS})}).url

    page = text_of(browser.post(f"{address}cancel/", follow=True))

    assert Job.objects.get().state == JobState.CANCELLED
    assert "Проверка отменена. Файлы сохранены" in page
    assert "Проверить файлы" in page


def test_job_of_another_person_is_not_cancelled(ground: ImportGround, sign_in: SignIn) -> None:
    batch = ground.receive({"Ф3.xlsx": marks_of({ground.first: MARKS})})
    job_runs.queue(job_runs.CHECK, batch, by=ground.coordinator)
    colleague = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=ground.territory))

    colleague.post(f"{batch.get_absolute_url()}cancel/")

    assert Job.objects.get().state == JobState.QUEUED


def test_only_an_applied_batch_can_be_undone(ground: ImportGround, browser: Client) -> None:
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    assert browser.get(f"{batch.get_absolute_url()}undo/").url == batch.get_absolute_url()  # type: ignore[attr-defined]


def test_undo_page_names_the_later_batch_on_the_same_rows(ground: ImportGround, browser: Client) -> None:
    older = ground.applied({"а.xlsx": marks_of({ground.first: MARKS, ground.second: MARKS})})
    later = ground.applied({"б.xlsx": marks_of({ground.first: (2, 2, 2, 2)})}, at=AT + timedelta(hours=1))

    page = browser.get(f"{older.get_absolute_url()}undo/")

    assert f"{later} : 1 общая строка" in text_of(page).replace("\u00a0", " ")
    assert BeautifulSoup(page.content, "html.parser").select(f'a[href="{later.get_absolute_url()}"]')
    assert not BeautifulSoup(page.content, "html.parser").select('form[action$="/undo/"]')
    assert "более поздние" not in text_of(browser.get(f"{later.get_absolute_url()}undo/"))


def test_undo_page_tells_of_the_runs_that_rest_on_the_rows(ground: ImportGround, browser: Client) -> None:
    batch = ground.applied({"а.xlsx": marks_of({ground.first: MARKS})})
    address = f"{batch.get_absolute_url()}undo/"
    before = text_of(browser.get(address))
    run_identification(
        rule_set=load_rule_set(by=None), territory=ground.territory, year=2026, by=None, at=AT + timedelta(hours=1)
    )

    assert "стоят выводы" not in before
    assert "На этих результатах стоят выводы 1 расчёта." in text_of(browser.get(address)).replace("\u00a0", " ")


def test_page_of_a_batch_says_what_its_undoing_waits_for(ground: ImportGround, browser: Client) -> None:
    older = ground.applied({"а.xlsx": marks_of({ground.first: MARKS})})
    later = ground.applied({"б.xlsx": marks_of({ground.first: (2, 2, 2, 2)})}, at=AT + timedelta(hours=1))

    page = BeautifulSoup(browser.get(older.get_absolute_url()).content, "html.parser")

    undoing = {link["href"] for link in page.select('a[href$="/undo/"]')}
    named = [link["href"] for link in page.select(".note-warn a")]
    assert (undoing, named) == (set(), [later.get_absolute_url()])


def test_page_of_a_batch_that_nothing_stands_on_offers_to_undo_it(ground: ImportGround, browser: Client) -> None:
    batch = ground.applied({"а.xlsx": marks_of({ground.first: MARKS})})

    page = BeautifulSoup(browser.get(batch.get_absolute_url()).content, "html.parser")

    assert page.select('a[href$="/undo/"]')
    assert not page.select(".note-warn")


# Files and rows of a batch


def test_file_says_what_it_is_about(ground: ImportGround, browser: Client) -> None:
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    page = BeautifulSoup(browser.get(batch.get_absolute_url()).content, "html.parser")

    facts = page.select_one(".facts-line")
    assert facts is not None
    words = " ".join(facts.get_text(" ").split())
    assert words.startswith("Процедура ВПР Год 2026 Период весна Предмет Русский язык Класс 4 Строк прочитано 1")
    sha256 = batch.files.get().sha256
    assert f"{sha256[:12]}…" in words
    assert facts.select(f'[title="{sha256}"]')


def test_rows_are_filtered_by_file(ground: ImportGround, browser: Client) -> None:
    files = {f"{n}.xlsx": marks_of({ground.first: MARKS}, grade=n) for n in (4, 5)}
    batch = ground.checked(files)
    chosen = batch.files.get(name="5.xlsx")

    page = BeautifulSoup(browser.get(f"{batch.get_absolute_url()}?file={chosen.pk}").content, "html.parser")

    assert len(page.select("#rows tbody tr")) == 1
    assert [option.get_text() for option in page.select("#rows-file option[selected]")] == ["5.xlsx"]


def test_changed_row_tells_where_the_old_value_came_from(ground: ImportGround, browser: Client) -> None:
    ground.applied({"весна.xlsx": marks_of({ground.first: (0, 3, 30, 5)})})
    batch = ground.checked({"уточнение.xlsx": marks_of({ground.first: MARKS})})

    assert "сейчас: «весна.xlsx», 12.09.2026" in text_of(browser.get(batch.get_absolute_url()))


def test_problems_are_grouped_by_their_rule(ground: ImportGround, browser: Client) -> None:
    names = {f"Школа-{n} (edu95{n:04d})": MARKS for n in range(7)}
    batch = ground.checked({"Ф3.xlsx": federal_marks(names)})

    page = BeautifulSoup(browser.get(batch.get_absolute_url()).content, "html.parser")

    group = page.select_one("[aria-labelledby=t-problems] details")
    assert group is not None
    assert "Школа не найдена 7 строк" in " ".join(group.get_text(" ").replace("\u00a0", " ").split())
    assert len(group.select("ul li")) == 3
