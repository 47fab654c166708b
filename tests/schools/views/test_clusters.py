"""Pages of cluster sets: who sees what, a table stored whole, two people at one version."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from accounts.russian import NBSP
from schools.actions.clusters import edit_cluster_set, new_cluster_version, use_cluster_set
from schools.cluster_table import table_of
from schools.forms_clusters import initial_of
from schools.models import ClusterSet, IdentificationRun, School, Territory
from tests.factories.clusters import CODE, cluster_content, make_cluster_set
from tests.factories.lists import AT, make_run_under
from tests.factories.schools import make_region, make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
LIST = reverse("identification:cluster_sets")
CREATE = reverse("identification:cluster_set_create")
LIST_QUERIES = 5
DETAIL_QUERIES = 14


@pytest.fixture
def region() -> Territory:
    return make_region()


@pytest.fixture
def territory(region: Territory) -> Territory:
    return make_territory(parent=region)


@pytest.fixture
def schools(territory: Territory) -> list[School]:
    return [make_school(territory=territory, name=f"МБОУ «СОШ № {number}»") for number in (1, 2, 3)]


@pytest.fixture
def keeper(region: Territory) -> User:
    return make_user(role=Role.REGIONAL_ADMIN, territory=region, last_name="Хранитель")


@pytest.fixture
def browser(sign_in: SignIn, keeper: User) -> Client:
    return sign_in(keeper)


@pytest.fixture
def clusters(region: Territory, schools: list[School], keeper: User) -> ClusterSet:
    return make_cluster_set(region, {schools[0]: "А", schools[1]: "Б"}, by=keeper)


def words(response: Any, selector: str = "main") -> str:
    found = BeautifulSoup(response.content, "html.parser").select_one(selector)
    return " ".join(found.get_text(" ").replace(NBSP, " ").split()) if found else ""


def area(response: Any, name: str = "table") -> str:
    found = BeautifulSoup(response.content, "html.parser").select_one(f"textarea[name={name}]")
    return found.text.removeprefix("\n") if found else ""


def sent(**changes: Any) -> dict[str, Any]:
    return {
        "code": "rsoko-2026",
        "title": "Кластеры РСОКО",
        "year": "2026",
        "provenance": "Рассчитал оператор РСОКО методом k-средних.",
        "table": "СОШ № 1\tА\nСОШ № 2\tБ",
        **changes,
    }


def book_of(*rows: list[object]) -> SimpleUploadedFile:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("klastery.xlsx", stream.getvalue())


def edit_url(cluster_set: ClusterSet) -> str:
    return reverse("identification:cluster_set_edit", args=[cluster_set.pk])


def members_of(cluster_set: ClusterSet) -> dict[str, str]:
    return dict(cluster_set.members.values_list("school__name", "cluster"))


# Wrong input


@pytest.mark.usefixtures("schools")
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"code": "а б"}, "Пишите буквы, цифры и дефис.", id="code"),
        pytest.param({"title": ""}, "Укажите название.", id="title"),
        pytest.param({"year": "двадцать"}, "Введите год от 1990 до 2100.", id="year"),
        pytest.param({"provenance": "приказ"}, "Напишите не менее 20 знаков", id="provenance"),
        pytest.param({"basis": "7"}, "Выберите документ из списка.", id="document"),
        pytest.param({"act-number": "5"}, "Укажите дату документа.", id="half a document"),
        pytest.param({"table": ""}, "Вставьте таблицу", id="no table"),
        pytest.param(
            {"table": "\nСОШ № 1\tА\nСОШ № 7\tБ"}, "Не найдены в реестре: 1 строка — 3 («СОШ № 7»)", id="unknown"
        ),
        pytest.param({"table": "СОШ № 1;А\nСОШ № 1;Б"}, "МБОУ «СОШ № 1» названа в строках 1, 2.", id="twice"),
        pytest.param(
            {"table": "СОШ № 7;А", "without_unknown": "on"}, "Ни одной школы из таблицы нет в реестре.", id="nobody"
        ),
    ],
)
def test_wrong_set_is_told_and_nothing_is_lost(browser: Client, changes: dict[str, str], told: str) -> None:
    data = sent(**changes)

    response = browser.post(CREATE, data)

    assert response.status_code == 422
    assert told in words(response)
    assert not ClusterSet.objects.exists()
    assert (area(response), area(response, "provenance")) == (data["table"], data["provenance"])


def test_code_that_is_taken_is_told_at_its_field(browser: Client, clusters: ClusterSet) -> None:
    response = browser.post(CREATE, sent(code=CODE))

    assert (response.status_code, ClusterSet.objects.get()) == (422, clusters)
    assert "Набор кластеров SPB-2026 уже есть." in words(response)
    assert area(response) == sent()["table"]


@pytest.mark.usefixtures("schools")
def test_book_with_wrong_rows_stands_in_the_field_to_be_mended(browser: Client) -> None:
    book = book_of(["Школа", "Кластер"], ["СОШ № 1", 1], [None, None], ["СОШ № 9", 2])

    response = browser.post(CREATE, sent(table="", file=book))

    assert response.status_code == 422
    assert "Не найдены в реестре: 1 строка — 4 («СОШ № 9»)" in words(response)
    assert area(response) == "Школа\tКластер\nСОШ № 1\t1\n\nСОШ № 9\t2"


@pytest.mark.usefixtures("schools")
@pytest.mark.parametrize(
    ("file", "told"),
    [
        pytest.param(SimpleUploadedFile("a.xlsx", b"not a book"), "Откройте файл в Excel", id="no book"),
        pytest.param(SimpleUploadedFile("a.xlsx", b""), "Файл пуст. Выберите другой.", id="empty"),
        pytest.param(book_of(["Фамилия", "Кластер"], ["Иванов", "А"]), "данные об отдельных людях", id="persons"),
    ],
)
def test_refused_book_is_told(browser: Client, file: SimpleUploadedFile, told: str) -> None:
    file.seek(0)

    response = browser.post(CREATE, sent(table="", file=file))

    assert response.status_code == 422
    assert told in words(response)
    assert "Иванов" not in words(response)


@pytest.mark.usefixtures("schools")
def test_table_in_the_field_and_in_a_book_asks_for_one(browser: Client) -> None:
    response = browser.post(CREATE, sent(file=book_of(["СОШ № 1", "А"])))

    assert response.status_code == 422
    assert "Таблица изменена и в поле, и выбрана в книге." in words(response)
    assert area(response) == sent()["table"]


# A new set


@pytest.mark.usefixtures("schools")
def test_pasted_table_becomes_a_set(browser: Client, region: Territory, keeper: User) -> None:
    act = {"act-kind": "order", "act-number": "77", "act-date": "2026-03-01", "act-issuer_genitive": "министерства"}

    response = browser.post(CREATE, sent(**act), follow=True)

    stored = ClusterSet.objects.get()
    assert (stored.code, stored.territory, stored.edited_by) == ("RSOKO-2026", region, keeper)
    assert str(stored.basis_document).endswith(f"№{NBSP}77")
    assert members_of(stored) == {"МБОУ «СОШ № 1»": "А", "МБОУ «СОШ № 2»": "Б"}
    text = words(response, "body")
    assert "Сохранено: RSOKO-2026, версия 1. 2 школы в 2 кластерах." in text
    assert "Без кластера 1 школа: правило её не сравнит. МБОУ «СОШ № 3»." in text


@pytest.mark.usefixtures("schools")
def test_book_becomes_a_set(browser: Client) -> None:
    browser.post(CREATE, sent(table="", file=book_of(["Школа", "Кластер"], ["СОШ № 1", 1], ["СОШ № 2", 2])))

    assert members_of(ClusterSet.objects.get()) == {"МБОУ «СОШ № 1»": "1", "МБОУ «СОШ № 2»": "2"}


@pytest.mark.usefixtures("schools")
def test_unknown_schools_are_left_out_on_purpose(browser: Client) -> None:
    table = "СОШ № 1\tА\nКолледж\tБ"
    asked = browser.post(CREATE, sent(table=table))

    response = browser.post(CREATE, sent(table=table, without_unknown="on"), follow=True)

    assert "Сохранить без школ, которых нет в реестре: 1 строка" in words(asked)
    assert members_of(ClusterSet.objects.get()) == {"МБОУ «СОШ № 1»": "А"}
    assert "строк без школ из реестра не сохранено: 1" in words(response, "body")


# Editing


def test_table_of_a_version_may_be_pasted_again(clusters: ClusterSet, region: Territory) -> None:
    head = School.objects.get(name="МБОУ «СОШ № 1»")
    branch = make_school(territory=head.territory, name="Филиал", inn="", parent=head)
    clusters.members.create(school=branch, cluster="10")

    table = table_of(initial_of(clusters)["table"], region)

    assert (table.problems, table.unknown) == ((), {})
    assert table.members == dict(clusters.members.values_list("school", "cluster"))


def test_version_is_edited_in_its_form(browser: Client, clusters: ClusterSet) -> None:
    page = browser.get(edit_url(clusters))
    table = area(page).replace("\tБ", "\tА")

    browser.post(edit_url(clusters), sent(seen="0", table=table, title="Одно название"))

    clusters.refresh_from_db()
    assert (clusters.edition, clusters.title, clusters.code) == (1, "Одно название", CODE)
    assert members_of(clusters) == {"МБОУ «СОШ № 1»": "А", "МБОУ «СОШ № 2»": "А"}


def test_second_of_two_editors_keeps_what_was_typed_and_saves_on_purpose(
    browser: Client, clusters: ClusterSet, schools: list[School]
) -> None:
    other = make_user(last_name="Другая")
    edit_cluster_set(cluster_set=clusters, content=cluster_content({schools[2]: "В"}), seen=0, by=other, at=AT)

    told = browser.post(edit_url(clusters), sent(seen="0", table="СОШ № 1\tМоё"))

    assert told.status_code == 409
    assert "Пока вы редактировали, эту версию сохранил другой пользователь. Введённое осталось" in words(told)
    assert (area(told), members_of(clusters)) == ("СОШ № 1\tМоё", {"МБОУ «СОШ № 3»": "В"})
    seen = BeautifulSoup(told.content, "html.parser").select_one("input[name=seen]")["value"]  # type: ignore[index]
    browser.post(edit_url(clusters), sent(seen=seen, table="СОШ № 1\tМоё"))
    assert members_of(clusters) == {"МБОУ «СОШ № 1»": "Моё"}


@pytest.mark.parametrize("seen", ["", "минус", "99999999999"])
def test_forged_edition_changes_nothing(browser: Client, clusters: ClusterSet, seen: str) -> None:
    assert browser.post(edit_url(clusters), sent(seen=seen)).status_code == 409
    assert ClusterSet.objects.get().edition == 0


def test_run_that_came_meanwhile_turns_the_change_into_a_version(browser: Client, clusters: ClusterSet) -> None:
    use_cluster_set(pk=clusters.pk, edition=0, at=AT)

    told = browser.post(edit_url(clusters), sent(seen="0", table="СОШ № 3\tВ"))

    page = BeautifulSoup(told.content, "html.parser")
    assert (told.status_code, area(told)) == (409, "СОШ № 3\tВ")
    assert "не меняется: по ней проведён расчёт" in words(told)
    hidden = {
        str(one["name"]): str(one["value"])
        for one in page.select("main form input[type=hidden]")
        if one["name"] != "csrfmiddlewaretoken"
    }
    assert hidden == {"seen": "1", "as_new": "1"}
    browser.post(edit_url(clusters), sent(**hidden, table="СОШ № 3\tВ"))
    assert [members_of(each) for each in ClusterSet.objects.order_by("version")] == [
        {"МБОУ «СОШ № 1»": "А", "МБОУ «СОШ № 2»": "Б"},
        {"МБОУ «СОШ № 3»": "В"},
    ]


def test_second_of_two_new_versions_is_told(
    browser: Client, clusters: ClusterSet, schools: list[School], keeper: User
) -> None:
    use_cluster_set(pk=clusters.pk, edition=0, at=AT)
    new_cluster_version(cluster_set=clusters, content=cluster_content({schools[2]: "В"}), seen=1, by=keeper, at=AT)

    told = browser.post(edit_url(clusters), sent(seen="1", as_new="1"))

    assert (told.status_code, ClusterSet.objects.count()) == (409, 2)
    assert "создана 2-я версия этого набора. Введённое осталось" in words(told)


def test_set_is_deleted_until_a_run_has_used_it(browser: Client, clusters: ClusterSet, schools: list[School]) -> None:
    used = make_cluster_set(clusters.territory, {schools[0]: "А"}, code="ДРУГОЙ")
    use_cluster_set(pk=used.pk, edition=0, at=AT)

    for each in (clusters, used):
        url = reverse("identification:cluster_set_delete", args=[each.pk])
        response = browser.post(url, follow=True)

    assert "проведён расчёт" in words(response, "body")
    assert ClusterSet.objects.get() == used


# Who sees what


def test_others_of_the_region_read_and_do_not_write(
    sign_in: SignIn, clusters: ClusterSet, territory: Territory
) -> None:
    """A municipality sees the set of its region and its own schools in it."""
    foreign = make_school(territory=make_territory(parent=territory.parent), name="Чужого округа")
    clusters.members.create(school=foreign, cluster="Ъ")
    make_school(territory=foreign.territory, name="Чужая без кластера")
    client = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory))

    text = words(client.get(clusters.get_absolute_url()))

    assert ("МБОУ «СОШ № 1»" in text, "Чужого округа" in text, "Чужая без" in text) == (True, False, False)
    assert "Изменить" not in text
    assert CODE in words(client.get(LIST))
    assert client.get(CREATE).status_code == 403
    assert client.post(edit_url(clusters), sent(seen="0")).status_code == 403


def test_another_region_sees_nothing(sign_in: SignIn, clusters: ClusterSet) -> None:
    client = sign_in(make_user(role=Role.REGIONAL_ADMIN, territory=make_region()))

    assert CODE not in words(client.get(LIST))
    for url in (clusters.get_absolute_url(), edit_url(clusters)):
        assert client.get(url).status_code == 404
    assert client.post(reverse("identification:cluster_set_delete", args=[clusters.pk])).status_code == 404


def test_school_sees_no_set(sign_in: SignIn, clusters: ClusterSet, schools: list[School]) -> None:
    client = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=schools[0]))

    assert "Наборов кластеров ещё нет" in words(client.get(LIST))
    assert client.get(clusters.get_absolute_url()).status_code == 404


# A version, its schools and runs


def test_version_shows_sizes_and_is_narrowed_to_a_cluster(
    browser: Client, clusters: ClusterSet, schools: list[School]
) -> None:
    page = browser.get(clusters.get_absolute_url(), {"cluster": "Б"})
    found = browser.get(clusters.get_absolute_url(), {"q": schools[0].inn})
    nobody = browser.get(clusters.get_absolute_url(), {"cluster": "Б", "q": schools[0].inn})

    assert "Кластер Действующих школ А 1 Б 1" in words(page)
    assert ("МБОУ «СОШ № 2»" in words(page, "#schools"), "МБОУ «СОШ № 1»" in words(page, "#schools")) == (True, False)
    assert ("МБОУ «СОШ № 1»" in words(found, "#schools"), "МБОУ «СОШ № 2»" in words(found, "#schools")) == (True, False)
    assert "Школ не найдено" in words(nobody, "#schools")


@pytest.fixture
def run(clusters: ClusterSet, schools: list[School]) -> IdentificationRun:
    for low, school in zip((4, 12, 20), schools, strict=True):
        make_result(school=school, marks=(low, 40 - low, 0, 0))
    relative = {"cluster_by": ["ASSIGNED"], "cluster_set": CODE, "min_schools": 2, "use": "ANY"}
    return make_run_under(territory=clusters.territory, relative_rule=relative)


def test_run_is_printed_with_its_version(browser: Client, run: IdentificationRun, clusters: ClusterSet) -> None:
    told = "Кластеры региона: Кластеры РСОКО (SPB-2026, версия 1)"

    page = browser.get(run.get_absolute_url())
    why = browser.get(run.verdicts.all()[0].get_absolute_url())
    used = browser.get(clusters.get_absolute_url())

    assert told in words(page)
    assert told in words(why)
    assert BeautifulSoup(page.content, "html.parser").select(f'a[href="{clusters.get_absolute_url()}"]')
    assert not BeautifulSoup(why.content, "html.parser").select(f'a[href="{clusters.get_absolute_url()}"]')
    assert run.territory.name in words(used)
    assert str(run.rule_set) in words(used)
    assert "Неизменно" in words(used)


def test_trial_says_whom_the_rule_does_not_compare(browser: Client, run: IdentificationRun) -> None:
    tried = {"share_threshold_pct": "55", "min_procedures": "2", "years_required": "1", "min_participants": "1"}

    text = words(browser.get(run.get_absolute_url(), tried), "#trial")

    assert "SPB-2026, версия 1. Без кластера 1 школа: правило её не сравнит (МБОУ «СОШ № 3»)." in text
    assert "в кластерах: «А» — 1, «Б» — 1." in text


def test_rule_page_says_whom_the_rule_does_not_compare(browser: Client, run: IdentificationRun) -> None:
    assert "Без кластера 1 школа" in words(browser.get(run.rule_set.get_absolute_url()))


# Queries


def test_list_costs_a_fixed_number_of_queries(
    browser: Client, clusters: ClusterSet, schools: list[School], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser.get(LIST)
    with django_assert_num_queries(LIST_QUERIES):
        browser.get(LIST)
    for code in ("Б", "В"):
        make_cluster_set(clusters.territory, {schools[0]: "А", schools[1]: "Б"}, code=code)
    with django_assert_num_queries(LIST_QUERIES):
        browser.get(LIST)


def test_version_costs_a_fixed_number_of_queries(
    browser: Client,
    clusters: ClusterSet,
    schools: list[School],
    keeper: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    browser.get(clusters.get_absolute_url())
    with django_assert_num_queries(DETAIL_QUERIES):
        browser.get(clusters.get_absolute_url())
    clusters.members.create(school=schools[2], cluster="В")
    new_cluster_version(cluster_set=clusters, content=cluster_content({schools[0]: "А"}), seen=1, by=keeper, at=AT)
    with django_assert_num_queries(DETAIL_QUERIES):
        browser.get(clusters.get_absolute_url())
