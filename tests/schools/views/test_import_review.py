"""Pages between the check and the decision: queue of schools, remarks with fields, what is remembered, files back."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from accounts.permissions import Role
from jobs.models import Job
from schools.importing import job_runs
from schools.importing.unmatched import queue_of
from schools.models import ImportBatch, ImportFile, SchoolAlias
from schools.views import import_review
from tests.factories.imports import MARKS, ImportGround, marks_of
from tests.factories.schools import make_result, make_school, make_territory, make_user
from tests.factories.workbooks import federal_marks, workbook

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]

HEAD = ("ИНН ОО", "Процедура", "Год", "Предмет", "Класс", "Участников", "«2»", "«3»", "«4»", "«5»")


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


@pytest.fixture
def browser(ground: ImportGround, sign_in: SignIn) -> Client:
    """The coordinator's browser."""
    return sign_in(ground.coordinator)


def soup_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def text_of(response: Any) -> str:
    return " ".join(soup_of(response).get_text(" ").split())


def found(soup: Tag, selector: str) -> Tag:
    tag = soup.select_one(selector)
    assert tag is not None, selector
    return tag


def unknown(ground: ImportGround, *names: str) -> ImportBatch:
    wanted = names or ("МБОУ «СОШ №1» (edu999999)",)
    return ground.checked({"Ф3.xlsx": federal_marks(dict.fromkeys(wanted, MARKS))})


def wrong(ground: ImportGround, *twos: object) -> ImportBatch:
    rows = [(ground.first.inn, "КДР", 2026, "Математика", 8 + n, 20, two, 8, 8, 2) for n, two in enumerate(twos)]
    return ground.checked({"КДР.xlsx": workbook([HEAD, *rows], title="Результаты")})


# Schools


def test_batch_page_proposes_schools_with_reasons(ground: ImportGround, browser: Client) -> None:
    batch = unknown(ground)

    card = found(soup_of(browser.get(batch.get_absolute_url())), "#schools")

    words = " ".join(card.get_text(" ").split())
    assert "МБОУ «СОШ №\u00a01»" in words.replace("№ 1", "№\u00a01")
    assert "название совпадает" in words
    assert "логин edu999999" in words


def test_school_of_a_neighbour_is_never_proposed(ground: ImportGround, browser: Client) -> None:
    make_school(name="МБОУ «Дальняя СОШ № 9»")

    page = text_of(browser.get(unknown(ground, "Дальняя СОШ № 9 (edu999999)").get_absolute_url()))

    assert "Дальняя СОШ № 9 логин" in page.replace("\u00a0", " ").replace("(edu999999)", "")
    assert "МБОУ «Дальняя" not in page


def test_chosen_school_is_matched_and_the_batch_checked_at_once(ground: ImportGround, browser: Client) -> None:
    batch = unknown(ground)

    data = {"key": "login:edu999999", "choice-0": str(ground.first.pk)}
    page = browser.post(f"{batch.get_absolute_url()}schools/", data, follow=True)

    assert f"Сопоставлено: {ground.first.name}. Загрузка проверена заново." in text_of(page)
    assert batch.files.get().rows.get().school == ground.first
    assert not Job.objects.exists()


@pytest.mark.parametrize("number", ["inn", "login"])
def test_another_school_is_told_by_its_number(ground: ImportGround, browser: Client, number: str) -> None:
    batch = unknown(ground)

    data = {"key": "login:edu999999", "inn-0": f" {getattr(ground.second, number)} "}
    browser.post(f"{batch.get_absolute_url()}schools/", data)

    assert SchoolAlias.objects.get().school == ground.second


def test_number_of_a_foreign_school_is_unknown_and_costs_no_other_answer(ground: ImportGround, browser: Client) -> None:
    batch = unknown(ground, "Первая (edu999998)", "Вторая (edu999999)")
    foreign = make_school()

    data = {
        "key": ["login:edu999998", "login:edu999999"],
        "choice-0": str(ground.first.pk),
        "choice-1": str(foreign.pk),
    }
    page = text_of(browser.post(f"{batch.get_absolute_url()}schools/", data, follow=True))

    assert "«Вторая» в файле: Школы" in page
    assert "среди ваших школ нет. Проверьте ИНН или логин." in page
    assert f"Сопоставлено: {ground.first.name}" in page
    assert [alias.school for alias in SchoolAlias.objects.all()] == [ground.first]


@pytest.mark.parametrize("choice", ["absent", "first"])
def test_choice_and_another_number_are_not_guessed_between(ground: ImportGround, browser: Client, choice: str) -> None:
    batch = unknown(ground)
    marked = str(ground.first.pk) if choice == "first" else choice

    data = {"key": "login:edu999999", "choice-0": marked, "inn-0": ground.second.inn}
    page = browser.post(f"{batch.get_absolute_url()}schools/", data, follow=True)

    assert f"вписан номер другой школы: {ground.second.name}" in text_of(page)
    assert not SchoolAlias.objects.exists()


def test_choice_and_its_own_number_agree(ground: ImportGround, browser: Client) -> None:
    batch = unknown(ground)

    data = {"key": "login:edu999999", "choice-0": str(ground.first.pk), "inn-0": ground.first.inn}
    browser.post(f"{batch.get_absolute_url()}schools/", data)

    assert SchoolAlias.objects.get().school == ground.first


def test_school_that_the_registry_lacks_is_noted(ground: ImportGround, browser: Client) -> None:
    batch = unknown(ground)

    data = {"key": "login:edu999999", "choice-0": "absent"}
    page = text_of(browser.post(f"{batch.get_absolute_url()}schools/", data, follow=True))

    assert "Отмечено, что в реестре нет" in page
    assert "отмечена: в реестре нет" in page


def test_empty_answer_says_what_to_choose(ground: ImportGround, browser: Client) -> None:
    page = browser.post(f"{unknown(ground).get_absolute_url()}schools/", {"key": "login:edu999999"}, follow=True)

    assert "Ничего не выбрано: отметьте школу" in text_of(page)


def test_form_sent_in_the_background_is_led_on(ground: ImportGround, browser: Client) -> None:
    batch = unknown(ground)

    data = {"key": "login:edu999999", "choice-0": str(ground.first.pk)}
    response = browser.post(f"{batch.get_absolute_url()}schools/", data, headers={"HX-Request": "true"})

    assert (response.status_code, response.headers["HX-Redirect"]) == (200, batch.get_absolute_url())


def test_large_batch_is_checked_by_a_job(ground: ImportGround, browser: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(import_review, "SMALL_BYTES", 10)
    batch = unknown(ground)

    browser.post(f"{batch.get_absolute_url()}schools/", {"key": "login:edu999999", "choice-0": str(ground.first.pk)})

    assert [job.kind for job in Job.objects.all()] == [job_runs.CHECK]


def test_nothing_is_answered_while_a_job_works_on_the_batch(ground: ImportGround, browser: Client) -> None:
    batch = unknown(ground)
    job_runs.queue(job_runs.CHECK, batch, by=ground.coordinator)

    data = {"key": "login:edu999999", "choice-0": str(ground.first.pk)}
    page = text_of(browser.post(f"{batch.get_absolute_url()}schools/", data, follow=True))

    assert "Загрузка сейчас обрабатывается" in page
    assert not SchoolAlias.objects.exists()


def test_long_queue_is_paged(ground: ImportGround, browser: Client) -> None:
    batch = unknown(ground, *(f"Школа-{n} (edu95{n:04d})" for n in range(25)))

    assert "Показать все школы: 25" in text_of(browser.get(batch.get_absolute_url()))
    first, second = (soup_of(browser.get(f"{batch.get_absolute_url()}schools/?page={n}")) for n in (1, 2))
    assert [len(page.select("fieldset:has(input[name^=choice])")) for page in (first, second)] == [20, 5]


def test_queue_costs_the_same_for_one_school_and_for_five(
    ground: ImportGround,
    browser: Client,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:
    one = unknown(ground)
    five = unknown(ground, *(f"Школа-{n} (edu95{n:04d})" for n in range(5)))
    with django_assert_max_num_queries(12) as few:
        browser.get(f"{one.get_absolute_url()}schools/")

    with django_assert_num_queries(len(few)):
        browser.get(f"{five.get_absolute_url()}schools/")


# What is remembered


def test_remembered_spellings_are_listed_and_forgotten(ground: ImportGround, browser: Client) -> None:
    batch = unknown(ground)
    browser.post(f"{batch.get_absolute_url()}schools/", {"key": "login:edu999999", "choice-0": str(ground.first.pk)})
    alias = SchoolAlias.objects.get()

    page = text_of(browser.get("/imports/aliases/"))
    assert "логин edu999999" in page
    assert str(ground.coordinator).replace("\u00a0", " ") in page.replace("\u00a0", " ")

    answer = browser.post(f"/imports/aliases/{alias.pk}/delete/", follow=True)
    assert "Сопоставление «логин edu999999» удалено." in text_of(answer)
    assert not SchoolAlias.objects.exists()


def test_spellings_of_a_neighbour_are_not_seen(ground: ImportGround, sign_in: SignIn) -> None:
    alias = SchoolAlias.objects.create(school=ground.first, normalised_name="первая школа")
    stranger = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory()))

    assert "Пока ничего не запомнено" in text_of(stranger.get("/imports/aliases/"))
    assert stranger.post(f"/imports/aliases/{alias.pk}/delete/").status_code == 404


# Remarks and cells


def test_remark_has_a_field_beside_what_was_found(ground: ImportGround, browser: Client) -> None:
    batch = wrong(ground, "н/д")

    row = found(soup_of(browser.get(f"{batch.get_absolute_url()}remarks/")), "main tbody tr")

    assert found(row, "th").get_text(" ").split()[0] == "G2"
    assert "н/д" in row.get_text()
    assert [field["value"] for field in row.select("input[type=hidden]")] == ["Результаты", "G2"]
    assert found(row, "input[name=value]")["aria-label"] == "Новое значение ячейки G2, лист «Результаты»"


def test_typed_value_is_kept_and_the_batch_checked(ground: ImportGround, browser: Client) -> None:
    batch = wrong(ground, "н/д", 2)
    file = batch.files.get()

    data = {"sheet": ["Результаты", "Результаты"], "cell": ["G2", ""], "value": ["2", ""]}
    page = text_of(browser.post(f"/imports/files/{file.pk}/correct/", data, follow=True))

    assert "Исправлено: 1 ячейка. Загрузка проверена заново." in page.replace("\u00a0", " ")
    file.refresh_from_db()
    assert (file.corrections, file.meta["counts"]) == ({"Результаты": {"G2": "2"}}, {"new": 2})


def test_values_that_are_wrong_again_are_not_called_corrected(ground: ImportGround, browser: Client) -> None:
    file = wrong(ground, "н/д", "нет").files.get()

    data = {"sheet": ["Результаты", "Результаты"], "cell": ["G2", "G3"], "value": ["2", "два"]}
    page = text_of(browser.post(f"/imports/files/{file.pk}/correct/", data, follow=True)).replace("\u00a0", " ")
    assert "Исправлено: 1 ячейка. Ещё с ошибкой: 1 ячейка. Лист «Результаты», строка 3, столбец «2»: ожидается" in page
    assert "Что не так и что сделать" in page  # beside the cell again

    data = {"sheet": ["Результаты"], "cell": ["G3"], "value": ["три"]}
    page = text_of(browser.post(f"/imports/files/{file.pk}/correct/", data, follow=True)).replace("\u00a0", " ")
    assert "Вписанное тоже с ошибкой: 1 ячейка." in page
    assert "Исправлено: " not in page
    file.refresh_from_db()
    assert file.meta["facts"]["rows"] == sum(file.meta["counts"].values()) == 2


@pytest.mark.parametrize("cell", ["ZZ2", "A700", "zzz99999"])
def test_cell_that_the_table_lacks_is_not_called_corrected(ground: ImportGround, browser: Client, cell: str) -> None:
    file = wrong(ground, 2).files.get()

    data = {"sheet": ["Результаты"], "cell": [cell], "value": ["1"]}
    page = text_of(browser.post(f"/imports/files/{file.pk}/correct/", data, follow=True)).replace("\u00a0", " ")

    assert "Вписанное тоже с ошибкой: 1 ячейка." in page
    assert f"исправление ячейки Результаты, {cell.upper()} не применено: такой ячейки в таблице нет" in page
    assert "Исправлено: " not in page


def test_wrong_address_costs_no_other_correction(ground: ImportGround, browser: Client) -> None:
    file = wrong(ground, "н/д", 2).files.get()

    data = {"sheet": ["Результаты", "Результаты"], "cell": ["G2", "ЯЯ5"], "value": ["2", "1"]}
    page = text_of(browser.post(f"/imports/files/{file.pk}/correct/", data, follow=True)).replace("\u00a0", " ")

    assert "Ячейки «ЯЯ5» не бывает" in page
    assert "Исправлено: 1 ячейка." in page
    file.refresh_from_db()
    assert file.corrections == {"Результаты": {"G2": "2"}}


def test_address_that_cannot_be_is_told_alone(ground: ImportGround, browser: Client) -> None:
    file = wrong(ground, "н/д").files.get()

    data = {"sheet": ["Результаты"], "cell": ["ЯЯ5"], "value": ["1"]}
    page = text_of(browser.post(f"/imports/files/{file.pk}/correct/", data, follow=True))

    assert "Ячейки «ЯЯ5» не бывает" in page
    assert "Ничего не исправлено" not in page


def test_corrected_cell_can_be_given_back(ground: ImportGround, browser: Client) -> None:
    batch = wrong(ground, "н/д")
    file = batch.files.get()
    browser.post(f"/imports/files/{file.pk}/correct/", {"sheet": "Результаты", "cell": "G2", "value": "2"})

    page = soup_of(browser.get(f"{batch.get_absolute_url()}remarks/"))
    assert found(page, f"#c-{file.pk}-1")["value"] == "2"

    browser.post(f"/imports/files/{file.pk}/correct/", {"sheet": "Результаты", "cell": "G2", "value": ""})
    file.refresh_from_db()
    assert (file.corrections, file.meta["counts"]) == ({}, {"rejected": 1})


def test_marked_workbook_holds_the_correction_and_what_stood_there(ground: ImportGround, browser: Client) -> None:
    file = wrong(ground, "абв").files.get()
    browser.post(f"/imports/files/{file.pk}/correct/", {"sheet": "Результаты", "cell": "G2", "value": "2"})

    book = load_workbook(io.BytesIO(browser.get(f"/imports/files/{file.pk}/marked/").content))

    cell = book["Результаты"]["G2"]
    assert (cell.value, cell.comment.text) == (2, "исправлено на странице: было «абв»")


def test_marked_workbook_knows_corrections_of_its_own_file_only(ground: ImportGround, browser: Client) -> None:
    row = (ground.first.inn, "КДР", 2026, "Математика", 8, 20, "абв", 8, 8, 2)
    other = (ground.first.inn, "КДР", 2026, "Математика", 9, 20, "где", 8, 8, 2)
    files = {name: workbook([HEAD, line], title="Результаты") for name, line in (("1.xlsx", row), ("2.xlsx", other))}
    first, second = ground.checked(files).files.order_by("name")
    browser.post(f"/imports/files/{first.pk}/correct/", {"sheet": "Результаты", "cell": "G2", "value": "2"})

    book = load_workbook(io.BytesIO(browser.get(f"/imports/files/{second.pk}/marked/").content))

    assert book["Результаты"]["G2"].value == "где"


def test_path_in_a_refusal_is_a_link(ground: ImportGround, browser: Client) -> None:
    batch = ground.checked({"протокол.xlsx": workbook([("Фамилия", "Имя", "Отчество", "Балл")])})

    alert = found(soup_of(browser.get(batch.get_absolute_url())), ".file [role=alert]")

    assert found(alert, "a")["href"] == "/imports/template/results/"


def test_nothing_typed_says_so(ground: ImportGround, browser: Client) -> None:
    file = wrong(ground, "н/д").files.get()

    data = {"sheet": "Результаты", "cell": "G2", "value": "", "query": "code=not_a_number"}
    page = browser.post(f"/imports/files/{file.pk}/correct/", data, follow=True)

    assert page.redirect_chain[0][0].endswith("/remarks/?code=not_a_number")
    assert "Ничего не исправлено" in text_of(page)


def test_impossible_cell_is_answered_in_words(ground: ImportGround, browser: Client) -> None:
    file = wrong(ground, "н/д").files.get()

    data = {"sheet": "Результаты", "cell": "второй столбец", "value": "2"}
    page = browser.post(f"/imports/files/{file.pk}/correct/", data, follow=True)

    assert "Укажите столбец буквами и строку: C7." in text_of(page)


def test_remarks_are_filtered_by_code_kind_and_file(ground: ImportGround, browser: Client) -> None:
    batch = wrong(ground, "н/д", "")
    address = f"{batch.get_absolute_url()}remarks/"

    def shown(query: str) -> int:
        return len(soup_of(browser.get(f"{address}{query}")).select("main tbody tr"))

    assert [shown(query) for query in ("", "?code=empty", "?code=not_a_number", "?kind=warning")] == [2, 1, 1, 0]
    assert shown(f"?file={batch.files.get().pk}") == 2


def test_remarks_of_a_whole_file_are_paged_at_a_constant_price(
    ground: ImportGround,
    browser: Client,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:
    few = wrong(ground, "н/д")
    names = {f"Школа-{n} (edu95{n:04d})": MARKS for n in range(60)}
    many = ground.checked({"Ф3.xlsx": federal_marks(names)})
    with django_assert_max_num_queries(12) as pinned:
        browser.get(f"{few.get_absolute_url()}remarks/")

    with django_assert_num_queries(len(pinned)):
        page = soup_of(browser.get(f"{many.get_absolute_url()}remarks/?code=unknown_school"))
    assert len(page.select("main tbody tr")) == 50


def test_unknown_school_leads_to_the_queue_and_not_to_a_cell(ground: ImportGround, browser: Client) -> None:
    batch = unknown(ground)
    queue = f"{batch.get_absolute_url()}schools/"

    group = found(soup_of(browser.get(batch.get_absolute_url())), "[aria-labelledby=t-problems] details")
    remarks = soup_of(browser.get(f"{batch.get_absolute_url()}remarks/"))

    assert found(group, f'a[href="{queue}"]').get_text() == "Сопоставить школы"
    assert found(remarks, f'tbody a[href="{queue}"]').get_text() == "сопоставьте школу"
    assert "укажите ячейку ниже" not in remarks.get_text()


def test_methodist_sees_the_queue_without_a_form(ground: ImportGround, sign_in: SignIn) -> None:
    batch = unknown(ground)
    methodist = sign_in(make_user(role=Role.METHODIST, territory=ground.territory))

    pages = [soup_of(methodist.get(f"{batch.get_absolute_url()}{part}")) for part in ("", "schools/", "remarks/")]

    assert [len(page.select("main form[method=post]")) for page in pages] == [0, 0, 0]
    assert found(pages[0], "[aria-labelledby=t-problems] a").get_text()


def test_methodist_reads_remarks_and_types_nothing(ground: ImportGround, sign_in: SignIn) -> None:
    batch = wrong(ground, "н/д")
    methodist = sign_in(make_user(role=Role.METHODIST, territory=ground.territory))

    page = soup_of(methodist.get(f"{batch.get_absolute_url()}remarks/"))

    assert not page.select("input[name=value]")
    assert not page.select("main form[method=post]")
    assert methodist.post(f"/imports/files/{batch.files.get().pk}/correct/", {}).status_code == 403
    assert methodist.post(f"{batch.get_absolute_url()}schools/", {}).status_code == 403


def test_stranger_finds_none_of_it(ground: ImportGround, sign_in: SignIn) -> None:
    batch = wrong(ground, "н/д")
    stranger = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory()))
    file = batch.files.get()

    pages = [f"{batch.get_absolute_url()}{part}/" for part in ("remarks", "schools", "undo")]
    assert [stranger.get(page).status_code for page in (*pages, f"/imports/files/{file.pk}/marked/")] == [404] * 4
    posts = (f"/imports/files/{file.pk}/correct/", f"/imports/files/{file.pk}/leave-out/", *pages[1:])
    assert [stranger.post(page).status_code for page in posts] == [404] * 4


# One work in two files


def test_clash_is_shown_side_by_side_and_settled(ground: ImportGround, browser: Client) -> None:
    files = {"1.xlsx": marks_of({ground.first: MARKS}), "2.xlsx": marks_of({ground.first: (2, 2, 30, 5)})}
    batch = ground.checked(files)

    page = soup_of(browser.get(batch.get_absolute_url()))
    form = found(page, "form[action$='leave-out/']")
    words = " ".join(found(page, "[aria-labelledby=t-clashes] tbody").get_text(" ").split())
    assert "участников 38 , «2» 1 «1.xlsx», строка 10" in words
    assert "участников 39 , «2» 2 «2.xlsx», строка 10" in words

    data = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
    answer = text_of(browser.post(str(form["action"]), data, follow=True))
    assert "Строка не будет взята." in answer
    assert "Не берётся 1 строка" in answer.replace("\u00a0", " ")
    assert "Разное в двух файлах" not in answer


# Files given back


def test_file_comes_back_with_its_problems_marked(ground: ImportGround, browser: Client) -> None:
    file = wrong(ground, "н/д").files.get()

    response = browser.get(f"/imports/files/{file.pk}/marked/")

    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["Результаты", "Ошибки"]
    assert "ожидается целое число" in book["Результаты"]["G2"].comment.text
    assert "attachment" in response.headers["Content-Disposition"]


def test_only_a_kept_file_with_problems_is_marked(ground: ImportGround, browser: Client) -> None:
    clean = wrong(ground, 2).files.get()
    gone = wrong(ground, "н/д").files.get()
    ImportFile.objects.filter(pk=gone.pk).update(content="", aggregate={})

    statuses = [browser.get(f"/imports/files/{file.pk}/marked/").status_code for file in (clean, gone)]

    assert statuses == [404, 404]


def test_file_that_the_storage_lost_cannot_be_marked(ground: ImportGround, browser: Client) -> None:
    file = wrong(ground, "н/д").files.get()
    file.content.storage.delete(str(file.content.name))

    page = browser.get(f"/imports/files/{file.pk}/marked/", follow=True)

    assert "не найден в хранилище портала" in text_of(page)


# Jumps


def test_jump_is_explained_in_the_form_of_applying(ground: ImportGround, browser: Client) -> None:
    make_result(school=ground.first, year=2025, grade=4, marks=(10, 10, 30, 10))
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})
    assert found(soup_of(browser.get(batch.get_absolute_url())), "#explanation").has_attr("required")

    refused = browser.post(f"{batch.get_absolute_url()}apply/", {"explanation": "верно"})
    assert refused.status_code == 400
    assert found(soup_of(refused), "#explanation").get_text() == "верно"
    assert "не короче 10 знаков" in text_of(refused)
    assert not Job.objects.exists()

    page = browser.post(f"{batch.get_absolute_url()}apply/", {"explanation": "Класс разделили на два."}, follow=True)
    assert "Класс разделили на два." in text_of(page)
    assert Job.objects.get().kind == job_runs.APPLY


def test_queue_names_files_once(ground: ImportGround) -> None:
    names = {"МБОУ «Никакая СОШ» (edu999999)": MARKS}
    batch = ground.checked({"1.xlsx": federal_marks(names), "2.xlsx": federal_marks(names, grade=5)})

    [queued] = queue_of(batch.files.order_by("name"))

    assert (queued.rows, queued.files) == (2, ["1.xlsx", "2.xlsx"])
