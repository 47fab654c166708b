"""Pages of runs."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from accounts.russian import NBSP
from jobs.choices import JobState
from jobs.models import Job
from schools.actions.identification import run_identification
from schools.actions.rule_drafts import draft_rule_set
from schools.actions.rule_sets import SHIPPED_FILES, load_rule_set, new_version
from schools.choices import RESULTS_TARGET, BatchState, FileState, ListKind, RowOutcome
from schools.models import (
    AssessmentResult,
    IdentificationRuleSet,
    IdentificationRun,
    ImportBatch,
    ImportFile,
    ImportRow,
    School,
    Territory,
)
from tests.factories.acts import assert_told_at_title, store_meanwhile
from tests.factories.jobs import make_job
from tests.factories.lists import (
    AT,
    include_everyone,
    make_exclusion,
    make_list,
    make_low_school,
    make_near_school,
    make_published_list,
    make_quiet_school,
    make_run,
    make_run_under,
)
from tests.factories.schools import make_region, make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
INDEX = reverse("identification:index")
RUNS = reverse("identification:runs")
RUN_LIST_QUERIES = 14  # two of them fill the form of a list that comes from a document
RUN_QUERIES = 10  # three of them read for the card: the results of the day of the run, what the school goes on from
TRIAL_QUERIES = 8  # with the evidence of the schools that fall out
NARROWED_QUERIES = 11  # the counts of a narrowed table are not those kept with the run


def text_of(response: HttpResponse | Any, selector: str = "main") -> str:
    found = BeautifulSoup(response.content, "html.parser").select_one(selector)
    return " ".join(found.get_text(" ").replace(NBSP, " ").split()) if found else ""


@pytest.fixture
def territory() -> Territory:
    return make_territory()


@pytest.fixture
def coordinator(territory: Territory) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)


@pytest.fixture
def browser(sign_in: SignIn, coordinator: User) -> Client:
    """The coordinator of the territory, signed in."""
    return sign_in(coordinator)


@pytest.fixture
def run(territory: Territory) -> IdentificationRun:
    """A run over a low, a near and a quiet school."""
    make_low_school(territory=territory, name="Низкая")
    make_near_school(territory=territory, name="Близкая")
    make_quiet_school(territory=territory, name="Обычная")
    return make_run(territory=territory)


# Index and list of runs


def test_index_without_runs_offers_the_first_step(browser: Client) -> None:
    text = text_of(browser.get(INDEX))

    assert "Расчётов ещё не было" in text
    assert "Загрузить результаты" in text


def test_index_shows_the_newest_run(browser: Client, run: IdentificationRun) -> None:
    text = text_of(browser.get(INDEX))

    assert "Школы с низкими результатами (ШНОР): 2026 год" in text
    assert "RU-2025, версия 1" in text
    assert str(run.territory) in text


def applied_batch(run: IdentificationRun, *, target: str = RESULTS_TARGET, **fields: Any) -> ImportBatch:
    """Store that an import over the territory of a run was applied a day after it, with one row."""
    person = make_user()
    is_undone = "undone_at" in fields
    batch = ImportBatch.objects.create(
        territory=fields.pop("territory", run.territory),
        state=BatchState.UNDONE if is_undone else BatchState.APPLIED,
        created_by=person,
        created_at=run.created_at,
        applied_by=person,
        undone_by=person if is_undone else None,
        applied_at=fields.pop("applied_at", run.created_at + timedelta(days=1)),
        **fields,
    )
    file = ImportFile.objects.create(batch=batch, name="ОГЭ.csv", size=1, state=FileState.RECOGNISED)
    ImportRow.objects.create(file=file, number=2, target=target, outcome=RowOutcome.NEW)
    return batch


@pytest.mark.parametrize("has_coordinator", [True, False])
def test_who_may_not_run_is_told_whom_to_ask(run: IdentificationRun, sign_in: SignIn, *, has_coordinator: bool) -> None:
    """A methodist looks at runs and makes none."""
    applied_batch(run)
    if has_coordinator:
        make_user(role=Role.MUNICIPAL_COORDINATOR, territory=run.territory, last_name="Егорова")
        make_user(role=Role.MUNICIPAL_COORDINATOR, territory=run.territory, last_name="Ушедшая", is_active=False)
    methodist = sign_in(make_user(role=Role.METHODIST, territory=run.territory))

    text = text_of(methodist.get(run.get_absolute_url()))

    asked = "Новый расчёт проводит Егорова" if has_coordinator else "Новый расчёт проводит координатор: попросите"
    assert asked in text
    assert "Проведите расчёт заново" not in text
    assert "Ушедшая" not in text


def tells_of_newer_results(browser: Client, run: IdentificationRun) -> bool:
    return "После расчёта загружены результаты." in text_of(browser.get(run.get_absolute_url()))


@pytest.mark.parametrize(
    ("days", "target", "is_told"), [(1, RESULTS_TARGET, True), (-1, RESULTS_TARGET, False), (1, "schools", False)]
)
def test_run_says_when_results_came_after_it(
    browser: Client, run: IdentificationRun, days: int, target: str, is_told: bool
) -> None:
    applied_batch(run, target=target, applied_at=run.created_at + timedelta(days=days))

    assert tells_of_newer_results(browser, run) is is_told


def test_undone_import_of_before_is_news_too_and_that_of_a_neighbour_is_not(
    browser: Client, run: IdentificationRun
) -> None:
    applied_batch(run, territory=make_territory())
    assert not tells_of_newer_results(browser, run)

    before, after = (run.created_at + timedelta(days=days) for days in (-1, 1))
    applied_batch(run, applied_at=before, undone_at=after)
    assert tells_of_newer_results(browser, run)


def test_index_keeps_to_the_run_of_the_list_and_names_the_later_one(
    browser: Client, territory: Territory, run: IdentificationRun
) -> None:
    make_published_list(run)
    decided = make_later_run(territory)
    include_everyone(decided, make_user())
    newest = make_later_run(territory, days=2)

    response = browser.get(INDEX)

    assert response.context["run"] == run
    assert "Есть более поздний расчёт" in text_of(response)
    assert "Здесь открыт тот, по которому опубликован перечень." in text_of(response)
    assert newest.get_absolute_url() in response.content.decode()
    assert "более поздний" not in text_of(browser.get(newest.get_absolute_url()))


def test_index_prefers_a_run_with_decisions_to_a_later_trial(
    browser: Client, territory: Territory, run: IdentificationRun
) -> None:
    include_everyone(run, make_user())
    make_later_run(territory)

    response = browser.get(INDEX)

    assert response.context["run"] == run
    assert "Здесь открыт тот, по которому приняты решения." in text_of(response)


@pytest.mark.parametrize("year", [2025, 2026])
def test_index_opens_the_newest_run_when_nothing_rests_on_one_of_its_year(
    browser: Client, territory: Territory, run: IdentificationRun, year: int
) -> None:
    if year == 2025:
        make_published_list(run)  # another year does not hold it
    newest = make_later_run(territory, year=year)

    response = browser.get(INDEX)

    assert response.context["run"] == newest
    assert "более поздний" not in text_of(response)


def make_later_run(territory: Territory, *, days: int = 1, year: int = 2026) -> IdentificationRun:
    run = make_run(territory=territory, year=year)
    IdentificationRun.objects.filter(pk=run.pk).update(created_at=AT + timedelta(days=days))
    return run


def test_others_see_nothing_of_a_run(run: IdentificationRun, sign_in: SignIn) -> None:
    neighbour = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory())
    client = sign_in(neighbour)

    assert "Низкая" not in text_of(client.get(INDEX))
    assert str(run.territory) not in text_of(client.get(RUNS))
    for name in ("run", "download"):
        assert client.get(reverse(f"identification:{name}", args=[run.pk])).status_code == 404


def test_school_sees_no_run_and_nothing_before_publication(run: IdentificationRun, sign_in: SignIn) -> None:
    director = make_user(role=Role.SCHOOL_ADMIN, school=run.verdicts.listed().get().school)
    client = sign_in(director)

    assert "Опубликованных перечней ещё нет" in text_of(client.get(INDEX))
    assert client.get(run.get_absolute_url()).status_code == 404


def test_school_that_an_order_excluded_is_told_so_on_its_card_and_to_itself(
    browser: Client, run: IdentificationRun, sign_in: SignIn
) -> None:
    low = School.objects.get(name="Низкая")
    make_exclusion(make_published_list(run), low)

    card = text_of(browser.get(f"{run.get_absolute_url()}?school={low.pk}"))
    own = text_of(sign_in(make_user(role=Role.SCHOOL_ADMIN, school=low)).get(INDEX))

    assert "исключена приказом из перечня по результатам 2026 года" in card
    assert "в перечне по результатам 2026 года" not in card
    assert "исключена из перечня приказом" in own


def test_school_sees_its_own_verdict_after_publication(run: IdentificationRun, sign_in: SignIn) -> None:
    make_published_list(run)
    director = make_user(role=Role.SCHOOL_ADMIN, school=run.verdicts.listed().get().school)

    text = text_of(sign_in(director).get(INDEX))

    assert "Низкие результаты" in text
    assert "Обычная" not in text


def test_curator_may_not_look(run: IdentificationRun, sign_in: SignIn) -> None:
    curator = make_user(role=Role.CURATOR, school=run.verdicts.listed().get().school)

    assert sign_in(curator).get(INDEX).status_code == 403


def test_list_of_runs_shows_runs_and_lists(browser: Client, run: IdentificationRun) -> None:
    published = make_published_list(run)

    text = text_of(browser.get(RUNS))

    assert str(published) in text
    assert "от 15.10.2026 № 418" in text


@pytest.mark.parametrize("runs", [1, 3])
def test_list_of_runs_has_the_same_queries(
    browser: Client,
    territory: Territory,
    runs: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_low_school(territory=territory)
    for _ in range(runs):
        make_run(territory=territory)

    with django_assert_num_queries(RUN_LIST_QUERIES):
        browser.get(RUNS)


# Runs that failed


def failed_job(territory: Territory, by: User, **fields: Any) -> Job:
    parameters = {"territory": str(territory.pk), "year": 2026, "rule_set": "-"}
    return make_job(
        kind="identification.run",
        state=JobState.FAILED,
        requested_by=by,
        parameters=parameters,
        **{"error_text": "В территории нет действующих школ.", "created_at": AT + timedelta(hours=1), **fields},
    )


def failures_of(browser: Client) -> list[str]:
    rows = BeautifulSoup(browser.get(RUNS).content, "html.parser").select(".rows > li")
    return [" ".join(row.get_text(" ").split()) for row in rows]


def test_reason_of_a_failed_run_stays_with_a_way_to_repeat_it(
    browser: Client, run: IdentificationRun, coordinator: User
) -> None:
    job = failed_job(run.territory, coordinator)

    (told,) = failures_of(browser)

    assert "В территории нет действующих школ." in told
    assert f"Повторить : {job.title}" in told


def test_later_run_of_the_territory_answers_a_failure(
    browser: Client, run: IdentificationRun, coordinator: User
) -> None:
    failed_job(run.territory, coordinator, created_at=AT - timedelta(hours=1))

    assert failures_of(browser) == []


def test_run_of_another_territory_answers_nothing(browser: Client, run: IdentificationRun, coordinator: User) -> None:
    other = make_territory()
    make_low_school(territory=other)
    failed_job(run.territory, coordinator)
    IdentificationRun.objects.filter(pk=make_run(territory=other).pk).update(created_at=AT + timedelta(days=1))

    assert len(failures_of(browser)) == 1


def test_only_the_last_failure_of_a_territory_is_shown_and_none_beside_a_run_on_the_way(
    browser: Client, run: IdentificationRun, coordinator: User
) -> None:
    failed_job(run.territory, coordinator, error_text="Первая причина.")
    later = failed_job(run.territory, coordinator, error_text="Вторая причина.", created_at=AT + timedelta(hours=2))
    (told,) = failures_of(browser)
    assert "Вторая причина." in told

    parameters = {**later.parameters, "year": 2025}
    make_job(kind="identification.run", requested_by=coordinator, parameters=parameters, title="Идёт")
    (told,) = failures_of(browser)

    assert told.startswith("Идёт")


def test_failure_of_a_colleague_is_not_shown(browser: Client, run: IdentificationRun) -> None:
    failed_job(run.territory, make_user())

    assert failures_of(browser) == []


@pytest.mark.parametrize("failures", [1, 3])
def test_failures_have_the_same_queries(
    browser: Client,
    coordinator: User,
    territory: Territory,
    failures: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_low_school(territory=territory)
    make_run(territory=territory)
    for _ in range(failures):
        failed_job(make_territory(), coordinator)

    with django_assert_num_queries(RUN_LIST_QUERIES + 1):
        browser.get(RUNS)


# Addresses of forms


@pytest.mark.parametrize("name", ["start", "list_create"])
def test_address_of_a_form_opened_by_hand_leads_to_its_page(browser: Client, name: str) -> None:
    assert browser.get(reverse(f"identification:{name}")).headers["Location"] == RUNS


def test_address_of_a_form_of_a_run_leads_to_the_run(
    sign_in: SignIn, browser: Client, keeper: User, run: IdentificationRun
) -> None:
    verdict = run.verdicts.listed().get()

    included = browser.get(reverse("identification:include", args=[run.pk]))
    decided = browser.get(reverse("identification:decide", args=[verdict.pk]))
    version = sign_in(keeper).get(reverse("identification:save_version", args=[run.pk]))

    assert included.headers["Location"] == version.headers["Location"] == run.get_absolute_url()
    assert decided.headers["Location"] == f"{run.get_absolute_url()}?school={verdict.school_id}#why-school"


# Start


def test_what_was_stored_is_told_in_the_card_that_the_address_leads_to(
    sign_in: SignIn, keeper: User, run: IdentificationRun
) -> None:
    client = sign_in(keeper)
    response = client.post(reverse("identification:save_version", args=[run.pk]), VERSION)

    page = BeautifulSoup(client.get(response.headers["Location"]).content, "html.parser")

    (told,) = page.select("#messages")
    assert told.parent == page.select_one("section[aria-labelledby=t-start]")
    assert "Сохранено: RU-2025, версия 2" in told.get_text()


def test_start_queues_a_job(browser: Client, run: IdentificationRun, coordinator: User) -> None:
    data = {"territory": run.territory.pk, "year": 2026, "rule_set": run.rule_set.pk}

    response = browser.post(reverse("identification:start"), data)

    job = Job.objects.get()
    assert response.status_code == 302
    assert (job.kind, job.requested_by) == ("identification.run", coordinator)
    assert job.parameters == {
        "rule_set": str(run.rule_set.pk),
        "territory": str(run.territory.pk),
        "year": 2026,
    }
    assert job.title in text_of(browser.get(RUNS))


def test_start_on_an_empty_portal_takes_the_shipped_rule(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory)

    browser.post(reverse("identification:start"), {"territory": territory.pk, "year": 2026})

    assert IdentificationRuleSet.objects.get().code == "RU-2025"
    assert Job.objects.get().parameters["year"] == 2026


def test_start_refuses_a_year_without_results_and_a_foreign_territory(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory)
    foreign = make_low_school().territory

    response = browser.post(reverse("identification:start"), {"territory": foreign.pk, "year": 2024})

    assert response.status_code == 422
    assert "За этот год результатов нет" in text_of(response)
    assert "Выберите территорию из списка" in text_of(response)
    assert not Job.objects.exists()


def test_methodist_may_look_and_not_start(run: IdentificationRun, sign_in: SignIn) -> None:
    client = sign_in(make_user(role=Role.METHODIST, territory=run.territory))

    assert "Провести расчёт" not in text_of(client.get(RUNS))
    assert client.post(reverse("identification:start"), {}).status_code == 403
    assert client.get(run.get_absolute_url()).status_code == 200


# A run


def test_run_counts_three_segments(browser: Client, run: IdentificationRun) -> None:
    segments = text_of(browser.get(run.get_absolute_url()), "main .seg")

    assert segments == "Попали в список 1 Близко к порогу 1 Остальные 1"


@pytest.mark.parametrize(
    ("segment", "school"),
    [("listed", "Низкая"), ("near", "Близкая"), ("rest", "Обычная"), ("nonsense", "Низкая")],
)
def test_segment_shows_its_schools(browser: Client, run: IdentificationRun, segment: str, school: str) -> None:
    response = browser.get(run.get_absolute_url(), {"segment": segment})

    table = text_of(response, "tbody")
    assert school in table
    assert all(other not in table for other in {"Низкая", "Близкая", "Обычная"} - {school})


def test_row_shows_dots_worst_result_and_decision(browser: Client, run: IdentificationRun) -> None:
    row = BeautifulSoup(browser.get(run.get_absolute_url()).content, "html.parser").select_one("tbody tr")

    assert row is not None
    assert len(row.select(".dots i.x")) == 2
    text = " ".join(row.get_text(" ").replace(NBSP, " ").split())
    assert "2 из 2" in text
    assert "50,00 % ВПР, русский язык, 5 класс" in text
    assert "Ждёт решения" in text


def test_card_explains_the_first_school(browser: Client, run: IdentificationRun) -> None:
    text = text_of(browser.get(run.get_absolute_url()), "#why-school")

    assert text.startswith("Почему в списке: Низкая")
    assert "2 процедуры с долей низких результатов не менее 30 %: нужно не менее 2" in text
    assert "20 из 40" in text
    assert "за порогом: 9 чел." in text


def test_card_explains_the_asked_school(browser: Client, run: IdentificationRun) -> None:
    quiet = run.verdicts.get(school__name="Обычная")

    text = text_of(browser.get(run.get_absolute_url(), {"school": str(quiet.school_id)}), "#why-school")

    assert text.startswith("Почему не в списке: Обычная")
    assert "до порога: 10 чел." in text


@pytest.mark.parametrize("school", ["", "1", "' or 1=1", "00000000-0000-0000-0000-000000000000", "-" * 36])
def test_unknown_school_is_no_error(browser: Client, run: IdentificationRun, school: str) -> None:
    assert browser.get(run.get_absolute_url(), {"school": school}).status_code == 200


def test_school_is_found_by_name(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory, name="МБОУ «Ключевская СОШ»")
    make_low_school(territory=territory, name="МБОУ «Лесновская СОШ»")
    run = make_run(territory=territory)

    table = text_of(browser.get(run.get_absolute_url(), {"q": "ключевская"}), "tbody")

    assert "Ключевская" in table
    assert "Лесновская" not in table


def test_button_says_what_is_missing(browser: Client, run: IdentificationRun) -> None:
    page = BeautifulSoup(browser.get(run.get_absolute_url()).content, "html.parser")

    button = page.select_one("button[aria-describedby=why-not]")
    assert button is not None
    assert button.has_attr("disabled")
    assert text_of(browser.get(run.get_absolute_url()), "#why-not") == "ШНОР: сначала примите решение по 1 школе"


def test_new_run_says_how_it_differs_from_the_published_list(browser: Client, run: IdentificationRun) -> None:
    make_published_list(run)
    make_result(school=run.verdicts.get(school__name="Близкая").school, subject="MA", marks=(20, 10, 8, 2))
    make_result(school=run.verdicts.get(school__name="Близкая").school, grade=6, marks=(20, 10, 8, 2))

    text = text_of(browser.get(make_run(territory=run.territory).get_absolute_url()), ".note-warn")

    assert "Опубликованный перечень не меняется." in text
    assert "вошли бы: Близкая" in text
    assert "Не вошли бы" not in text


def test_school_of_the_published_list_that_a_new_run_cannot_judge_is_not_said_to_be_out(
    browser: Client, run: IdentificationRun
) -> None:
    make_published_list(run)
    later = make_run_under(territory=run.territory, min_participants=400)

    text = text_of(browser.get(later.get_absolute_url()), ".note-warn")

    assert "Для вывода данных недостаточно: Низкая" in text
    assert "Не вошли бы" not in text


@pytest.mark.parametrize(
    ("kind", "is_told"),
    [(ListKind.MENTOR_SCHOOLS, False), (ListKind.HIGH_RESULTS, False), (ListKind.FEDERAL, True)],
)
def test_only_lists_of_low_results_are_told_beside_the_school(
    browser: Client, territory: Territory, run: IdentificationRun, kind: ListKind, is_told: bool
) -> None:
    school = School.objects.get(name="Низкая")
    make_list([school], kind=kind, year=2025)

    page = text_of(browser.get(run.get_absolute_url(), {"school": str(school.pk)}))
    printed = text_of(browser.get(run.verdicts.get(school=school).get_absolute_url()))

    told = "в перечне по результатам 2025 года"
    assert [told in page, told in printed] == [is_told, is_told]


def test_people_who_may_not_decide_see_no_form(run: IdentificationRun, sign_in: SignIn) -> None:
    client = sign_in(make_user(role=Role.OBSERVER, territory=run.territory))

    page = BeautifulSoup(client.get(run.get_absolute_url()).content, "html.parser")

    assert page.select_one("#dec-form") is None
    assert page.select_one("input[data-row]") is None
    assert "Составить перечень" not in page.get_text()


def test_empty_list_says_whom_nobody_could_be_compared_with(
    browser: Client, territory: Territory, keeper: User, run: IdentificationRun
) -> None:
    rule_set = load_rule_set(path=SHIPPED_FILES["REG-QUARTILE"], by=None)
    second = run_identification(rule_set=rule_set, territory=territory, year=run.year, by=keeper, at=AT)

    text = text_of(browser.get(second.get_absolute_url()))

    assert "Не удалось сравнить с другими: 3 школы." in text
    assert "Условия не выполнены ни в одной школе" not in text


def test_empty_list_of_a_rule_of_conditions_says_that_nobody_fulfils_them(
    browser: Client, territory: Territory
) -> None:
    make_quiet_school(territory=territory)

    text = text_of(browser.get(make_run(territory=territory).get_absolute_url()))

    assert "Условия не выполнены ни в одной школе" in text
    assert "Не удалось сравнить" not in text


@pytest.mark.parametrize("schools", [1, 3])
def test_run_has_the_same_queries(
    browser: Client,
    territory: Territory,
    schools: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(schools):
        make_low_school(territory=territory)
    run = make_run(territory=territory)

    with django_assert_num_queries(RUN_QUERIES):
        browser.get(run.get_absolute_url())


def test_region_sees_the_runs_of_its_municipalities(sign_in: SignIn) -> None:
    region = make_region()
    territory = make_territory(parent=region)
    make_low_school(territory=territory, name="Низкая")
    run = make_run(territory=territory)

    client = sign_in(make_user(role=Role.REGIONAL_COORDINATOR, territory=region))

    assert "Низкая" in text_of(client.get(run.get_absolute_url()))


# Trial


TRIAL = {"share_threshold_pct": "55", "min_procedures": "2", "years_required": "1", "min_participants": "1"}
TO_TRIAL = {"HX-Request": "true", "HX-Target": "trial"}


def test_trial_says_who_leaves_and_stores_nothing(browser: Client, run: IdentificationRun) -> None:
    response = browser.get(run.get_absolute_url(), TRIAL, headers=TO_TRIAL)

    text = text_of(response, "#trial")
    assert text.startswith("При пороге 55 % не попадёт 1 школа; всего по правилу в списке 0. Проба не меняет")
    assert "Не попадут: Низкая ." in text
    assert IdentificationRun.objects.count() == 1
    assert run.verdicts.listed().count() == 1


def test_trial_says_who_enters(browser: Client, run: IdentificationRun) -> None:
    response = browser.get(run.get_absolute_url(), {**TRIAL, "share_threshold_pct": "25", "min_procedures": "1"})

    text = text_of(response, "#trial")
    assert "С этими параметрами добавится 1 школа; всего по правилу в списке 2." in text
    assert "Добавятся: Близкая ." in text
    near = run.verdicts.get(school__name="Близкая")
    assert f'href="{run.get_absolute_url()}?school={near.school_id}#why-school"' in response.content.decode()


def test_trial_of_another_parameter_does_not_speak_of_the_threshold(browser: Client, run: IdentificationRun) -> None:
    response = browser.get(run.get_absolute_url(), {**TRIAL, "min_participants": "1000"}, headers=TO_TRIAL)

    assert text_of(response, "#trial").startswith("С этими параметрами не попадёт 1 школа; всего по правилу в списке")


def test_trial_takes_a_decimal_comma(browser: Client, run: IdentificationRun) -> None:
    response = browser.get(run.get_absolute_url(), {**TRIAL, "share_threshold_pct": "25,5"}, headers=TO_TRIAL)

    assert response.status_code == 200
    assert "При пороге 25,50 %" in text_of(response, "#trial").replace("\u00a0", " ")


def test_trial_with_the_same_thresholds_changes_nothing(browser: Client, run: IdentificationRun) -> None:
    response = browser.get(run.get_absolute_url(), {**TRIAL, "share_threshold_pct": "30.00"}, headers=TO_TRIAL)

    assert "состав тот же" in text_of(response, "#trial")


def test_trial_fragment_equals_the_one_of_the_page(browser: Client, run: IdentificationRun) -> None:
    fragment = browser.get(run.get_absolute_url(), TRIAL, headers=TO_TRIAL)
    page = browser.get(run.get_absolute_url(), TRIAL)

    assert text_of(fragment, "#trial") == text_of(page, "#trial")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"share_threshold_pct": "много"}, "Введите число от 1 до 100.", id="word"),
        pytest.param(
            {"share_threshold_pct": "101"}, "Доля низких не менее, %: Введите число от 1 до 100.", id="too much"
        ),
        pytest.param({"share_threshold_pct": ""}, "Доля низких не менее, %: Введите число от 1 до 100.", id="empty"),
        pytest.param({"share_threshold_pct": "30,555"}, "Не больше двух знаков после запятой.", id="digits"),
        pytest.param({"min_procedures": "x"}, "Процедур за порогом: Введите число от 1 до 50.", id="procedures"),
        pytest.param({"min_participants": "0"}, "Участников не менее: Введите число от 1 до 1000.", id="nobody"),
        pytest.param({"years_required": "9"}, "За сколько лет: Выберите от 1 до 3 лет.", id="years"),
    ],
)
def test_wrong_thresholds_are_refused_in_place(
    browser: Client,
    run: IdentificationRun,
    changes: dict[str, str],
    message: str,
) -> None:
    response = browser.get(run.get_absolute_url(), {**TRIAL, **changes}, headers=TO_TRIAL)

    assert response.status_code == 422
    assert message in text_of(response, "#trial")


def test_trial_answers_by_the_counts_of_the_run(browser: Client, run: IdentificationRun) -> None:
    AssessmentResult.objects.filter(year=2026).delete()

    same = {**TRIAL, "share_threshold_pct": "30"}

    assert "состав тот же" in text_of(browser.get(run.get_absolute_url(), same, headers=TO_TRIAL), "#trial")


def test_trial_that_looks_further_back_reads_today_and_says_so(browser: Client, run: IdentificationRun) -> None:
    low = run.verdicts.listed().get().school
    make_result(school=low, subject="MA", grade=7, marks=(20, 10, 8, 2), year=2025)
    for subject in ("RU", "MA"):
        make_result(school=low, subject=subject, marks=(20, 10, 8, 2), year=2024)
    run = make_run(territory=run.territory)
    longer = {**TRIAL, "share_threshold_pct": "30", "years_required": "3", "combine": "C1_ONLY"}

    text = text_of(browser.get(run.get_absolute_url(), longer, headers=TO_TRIAL), "#trial")

    assert "состав тот же" in text
    assert "взяты из сегодняшних результатов" in text


def test_trial_tells_schools_that_fall_out_for_want_of_a_year(browser: Client, run: IdentificationRun) -> None:
    make_result(school=run.verdicts.listed().get().school, subject="MA", marks=(20, 10, 8, 2), year=2025)
    run = make_run(territory=run.territory)
    longer = {**TRIAL, "share_threshold_pct": "30", "years_required": "3", "combine": "C1_ONLY"}

    text = text_of(browser.get(run.get_absolute_url(), longer, headers=TO_TRIAL), "#trial")

    assert "Не попадут: Низкая" in text
    assert (
        "Из тех, что не попадут, данных недостаточно у 1 школы: Низкая. Нет учтённых результатов за 2024 год: "
        "сравнить с ним нельзя."
    ) in text.replace("\u00a0", " ")


def test_trial_that_cannot_be_counted_says_why(
    browser: Client, run: IdentificationRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    AssessmentResult.objects.filter(year=2026).delete()

    monkeypatch.setattr("schools.trial_answers.fits_but_for_years", lambda *_: False)  # as with a rule of other works

    response = browser.get(run.get_absolute_url(), TRIAL, headers=TO_TRIAL)

    assert "за 2026 год нет результатов" in text_of(response, "#trial")


def test_both_conditions_may_be_asked_for(browser: Client, run: IdentificationRun) -> None:
    changed = {**TRIAL, "share_threshold_pct": "30", "min_procedures": "3", "combine": "ALL"}

    assert "Не попадут: Низкая" in text_of(browser.get(run.get_absolute_url(), changed, headers=TO_TRIAL), "#trial")


def test_trial_stands_in_the_address_beside_what_the_page_shows(browser: Client, run: IdentificationRun) -> None:
    response = browser.get(run.get_absolute_url(), {**TRIAL, "segment": "near", "q": "школа"})

    page = BeautifulSoup(response.content, "html.parser")
    form = page.select_one("form[hx-target='#trial'][hx-replace-url='true']")
    assert form is not None
    assert {str(each["name"]): each["value"] for each in form.select("input[type=hidden]")} == {
        "segment": "near",
        "q": "школа",
    }
    assert page.select_one("#id_share_threshold_pct")["value"] == "55"  # type: ignore[index]
    assert response.headers["Vary"].split(", ").count("HX-Request") == 1


def test_nothing_is_tried_where_a_comparison_alone_decides(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory)
    rule_set = load_rule_set(path=SHIPPED_FILES["REG-QUARTILE"], by=None)
    run = run_identification(rule_set=rule_set, territory=territory, year=2026, by=None, at=AT)

    response = browser.get(run.get_absolute_url(), TRIAL)

    page = BeautifulSoup(response.content, "html.parser")
    assert "Не названы, но есть низкие работы 1" in text_of(response, "main .seg")
    assert not page.select("#id_share_threshold_pct")
    told = text_of(response, "#trial")
    assert told.startswith("Пробы порогов здесь нет: решает сравнение школ друг с другом")
    assert text_of(browser.get(run.get_absolute_url(), TRIAL, headers=TO_TRIAL), "#trial") == told


@pytest.mark.parametrize("schools", [1, 3])
def test_trial_has_the_same_queries(
    browser: Client,
    territory: Territory,
    schools: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(schools):
        make_low_school(territory=territory)
    run = make_run(territory=territory)

    with django_assert_num_queries(TRIAL_QUERIES):
        browser.get(run.get_absolute_url(), TRIAL, headers=TO_TRIAL)


# A version out of a trial


VERSION = {**TRIAL, "justification": "Решение регионального совета по оценке качества: порог поднят после апробации."}


@pytest.fixture
def keeper(territory: Territory) -> User:
    return make_user(role=Role.REGIONAL_ADMIN, territory=territory.parent)


def test_keeper_of_rules_saves_the_trial_as_a_version(sign_in: SignIn, keeper: User, run: IdentificationRun) -> None:
    client = sign_in(keeper)
    assert "Сохранить как новую версию" in text_of(
        client.get(run.get_absolute_url(), TRIAL, headers=TO_TRIAL), "#trial"
    )

    response = client.post(reverse("identification:save_version", args=[run.pk]), VERSION)

    stored = IdentificationRuleSet.objects.get(version=2)
    zone = {**run.rule_set.parameters["risk_group_rule"], "share_max": "55"}
    assert stored.parameters == {**run.rule_set.parameters, "share_threshold_pct": "55", "risk_group_rule": zone}
    assert stored.provenance.startswith(
        "Отличается от версии «RU-2025, версия 1»: доля низких результатов не менее — 55"
    )
    assert (stored.justification, stored.based_on) == (VERSION["justification"], run.rule_set)
    page = BeautifulSoup(client.get(response.headers["Location"]).content, "html.parser")
    chosen = [str(each["value"]) for each in page.select("#t-start ~ * option[selected], form option[selected]")]
    assert {str(stored.pk), str(run.territory_id), "2026"} <= set(chosen)


def test_version_may_rest_on_a_document(sign_in: SignIn, keeper: User, run: IdentificationRun) -> None:
    document = {
        "basis-kind": "order",
        "basis-issuer_genitive": "министерства образования",
        "basis-date": "2026-10-14",
        "basis-number": "90",
    }

    sign_in(keeper).post(reverse("identification:save_version", args=[run.pk]), {**VERSION, **document})

    basis = IdentificationRuleSet.objects.get(version=2).basis_document
    assert basis is not None
    assert basis.requisites == "от 14.10.2026 №\u00a090"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param(
            {"justification": ""}, "Почему меняется правило : Напишите обоснование: не менее 50 знаков.", id="no reason"
        ),
        pytest.param(
            {"justification": "Так надо"}, "Напишите не менее 50 знаков: обоснование хранится с версией.", id="short"
        ),
        pytest.param({"basis-number": "90"}, "Укажите дату документа.", id="half a document"),
        pytest.param({"share_threshold_pct": "500"}, "Введите число от 1 до 100.", id="threshold"),
    ],
)
def test_version_without_a_reason_is_refused_in_place(
    sign_in: SignIn, keeper: User, run: IdentificationRun, changes: dict[str, str], message: str
) -> None:
    response = sign_in(keeper).post(reverse("identification:save_version", args=[run.pk]), {**VERSION, **changes})

    assert response.status_code == 422
    assert message in text_of(response)
    assert IdentificationRuleSet.objects.count() == 1


def test_rule_that_contradicts_itself_is_refused_in_place(
    sign_in: SignIn, keeper: User, run: IdentificationRun
) -> None:
    changes = {"repeat_same_procedure": False, "combine": "C1_ONLY"}
    once = new_version(rule_set=run.rule_set, changes=changes, basis=None, by=keeper)
    second = run_identification(rule_set=once, territory=run.territory, year=run.year, by=keeper, at=AT)

    response = sign_in(keeper).post(
        reverse("identification:save_version", args=[second.pk]), {**VERSION, "combine": "ALL"}
    )

    assert response.status_code == 422
    assert "Правило не принято" in text_of(response)


def test_coordinator_is_told_who_keeps_the_rules(browser: Client, keeper: User, run: IdentificationRun) -> None:
    text = text_of(browser.get(run.get_absolute_url(), TRIAL, headers=TO_TRIAL), "#trial")

    assert f"Сохранить пороги как новую версию правила может {keeper.last_name}" in text
    assert browser.post(reverse("identification:save_version", args=[run.pk]), VERSION).status_code == 403


def test_keepers_who_left_are_not_named(
    browser: Client, territory: Territory, keeper: User, run: IdentificationRun
) -> None:
    service = make_user(role=Role.REGIONAL_ADMIN, territory=territory.parent)
    service.is_active = False
    service.save()

    text = text_of(browser.get(run.get_absolute_url(), TRIAL, headers=TO_TRIAL), "#trial")

    assert service.last_name not in text
    assert f"может {keeper.last_name}" in text
    assert not text.endswith("..")


def test_two_keepers_are_named_in_the_plural_and_none_by_their_office(
    browser: Client, territory: Territory, run: IdentificationRun
) -> None:
    assert "может администратор региона." in text_of(
        browser.get(run.get_absolute_url(), TRIAL, headers=TO_TRIAL), "#trial"
    )

    for _ in range(2):
        make_user(role=Role.REGIONAL_ADMIN, territory=territory.parent)

    assert "правила могут " in text_of(browser.get(run.get_absolute_url(), TRIAL, headers=TO_TRIAL), "#trial")


def test_wrong_number_of_a_trial_is_told_once(browser: Client, run: IdentificationRun) -> None:
    wrong = {**TRIAL, "share_threshold_pct": "1e5"}

    text = text_of(browser.get(run.get_absolute_url(), wrong, headers=TO_TRIAL), "#trial")

    assert text.count("Введите число от 1 до 100.") == 1


# Filters and pages of a long run


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({"kind": "ООШ"}, ["Б"], id="kind"),
        pytest.param({"locality": "село"}, ["Б"], id="locality"),
        pytest.param({"flag": "MARKER"}, ["А"], id="flag"),
        pytest.param({"decision": "waiting"}, ["А", "Б"], id="decision"),
        pytest.param({"verdict": "CLEAR"}, [], id="verdict of another part"),
        pytest.param({"kind": "нет такого", "flag": "'"}, ["А", "Б"], id="what is not offered asks for nothing"),
    ],
)
def test_table_is_narrowed(browser: Client, territory: Territory, query: dict[str, str], found: list[str]) -> None:
    marked = make_low_school(territory=territory, name="А")
    AssessmentResult.objects.filter(school=marked).update(objectivity_markers=["5РУ"])
    make_low_school(territory=territory, name="Б", kind="ООШ", locality="село")

    response = browser.get(make_run(territory=territory).get_absolute_url(), query)

    page = BeautifulSoup(response.content, "html.parser")
    names = [link.get_text() for link in page.select("tbody .link-quiet.fw-medium") if link.find_parent("form")]
    assert names == found
    assert page.select_one("main .seg .count").get_text() == str(len(found))  # type: ignore[union-attr]


def test_run_of_a_region_is_narrowed_to_a_municipality(sign_in: SignIn) -> None:
    region = make_region()
    first, second = make_territory(parent=region), make_territory(parent=region)
    make_low_school(territory=first, name="Первая")
    make_low_school(territory=second, name="Вторая")
    run = make_run(territory=region)
    client = sign_in(make_user(role=Role.REGIONAL_COORDINATOR, territory=region))

    response = client.get(run.get_absolute_url(), {"territory": str(second.pk)})

    assert "Первая" not in text_of(response, "tbody")
    assert "Вторая" in text_of(response, "tbody")
    assert f"Муниципалитет: {second.name}" in text_of(response, ".chip")


@pytest.mark.parametrize("schools", [1, 3])
def test_narrowed_run_has_the_same_queries(
    browser: Client,
    territory: Territory,
    schools: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(schools):
        make_low_school(territory=territory)
    run = make_run(territory=territory)

    with django_assert_num_queries(NARROWED_QUERIES):
        browser.get(run.get_absolute_url(), {"kind": "СОШ", "q": "СОШ"})


def test_pages_turn_by_place_and_show_each_school_once(
    browser: Client, territory: Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schools.views.run_table.PAGE_SIZE", 2)
    for name in "АБВГД":
        make_low_school(territory=territory, name=name)
    url = make_run(territory=territory).get_absolute_url()

    def turn(response: HttpResponse | Any, rel: str) -> tuple[list[str], HttpResponse | Any]:
        link = BeautifulSoup(response.content, "html.parser").select_one(f"a[rel={rel}]")
        assert link is not None
        following = browser.get(url + str(link["href"]))
        return shown(following), following

    def shown(response: HttpResponse | Any) -> list[str]:
        page = BeautifulSoup(response.content, "html.parser")
        return [row.select_one("th a").get_text() for row in page.select("form tbody tr")]  # type: ignore[union-attr]

    first = browser.get(url)
    second, after = turn(first, "next")
    third, last = turn(after, "next")
    back, _ = turn(last, "prev")

    assert (shown(first), second, third, back) == (["А", "Б"], ["В", "Г"], ["Д"], ["В", "Г"])
    assert "Следующие" not in text_of(last)


@pytest.mark.parametrize(
    "query", ["after=x", "after=-1", "before=99999999999999999999", "after=²", "after=50", "q=%00"]
)
def test_forged_place_is_no_error(browser: Client, run: IdentificationRun, query: str) -> None:
    assert browser.get(f"{run.get_absolute_url()}?{query}").status_code == 200


# File and rule


def test_workbook_is_downloaded(browser: Client, run: IdentificationRun) -> None:
    response = browser.get(reverse("identification:download", args=[run.pk]))

    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet["B"] if cell.value][1:] == ["Низкая", "Близкая", "Обычная"]
    assert unquote(response["Content-Disposition"]).startswith("attachment; filename*=utf-8''Выявление 2026 ")


def test_rule_set_shows_parameters_provenance_and_versions(browser: Client, run: IdentificationRun) -> None:
    text = text_of(browser.get(run.rule_set.get_absolute_url()))

    assert "Доля низких результатов не менее 30,00 %" in text
    assert "Откуда параметры" in text
    assert "ЕГЭ, математика профильная, 11 класс" in text


def test_school_without_results_is_shown_as_such(browser: Client, run: IdentificationRun) -> None:
    make_school(territory=run.territory, name="Молчащая")
    again = make_run(territory=run.territory)

    table = text_of(browser.get(again.get_absolute_url(), {"segment": "rest"}), "tbody")

    assert "Данных недостаточно" in table
    assert "нет данных" in table


def test_start_offers_the_newest_versions_first_and_says_what_the_chosen_one_does(
    sign_in: SignIn, territory: Territory
) -> None:
    keeper = make_user(role=Role.REGIONAL_ADMIN, territory=territory)
    make_low_school(territory=territory)
    first = load_rule_set(by=None)
    second = draft_rule_set(source=first, by=keeper, at=AT)

    page = BeautifulSoup(sign_in(keeper).get(RUNS).content, "html.parser")

    groups = {group["label"]: [each["value"] for each in group.select("option")] for group in page.select("optgroup")}
    assert groups == {"Последние версии": [str(second.pk)], "Прежние версии": [str(first.pk)]}
    assert page.select_one("#id_rule_set option[selected]")["value"] == str(first.pk)  # type: ignore[index]
    assert "Школа попадает в перечень, если" in page.select_one("#chosen-rule").text  # type: ignore[union-attr]


def test_start_chooses_the_set_that_was_used_last(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory)
    load_rule_set(by=None)
    brief = load_rule_set(path=SHIPPED_FILES["BRIEF-2Y"], by=None)
    run_identification(rule_set=brief, territory=territory, year=2026, by=None, at=AT)

    page = BeautifulSoup(browser.get(RUNS).content, "html.parser")

    assert page.select_one("#id_rule_set option[selected]")["value"] == str(brief.pk)  # type: ignore[index]


def test_correction_of_the_shipped_set_does_not_lead_a_region_away_from_its_own_version(
    browser: Client, territory: Territory
) -> None:
    make_low_school(territory=territory)
    shipped = load_rule_set(by=None)
    IdentificationRuleSet.objects.filter(pk=shipped.pk).update(provenance="Прежнее происхождение")
    shipped.refresh_from_db()
    changes = {"share_threshold_pct": "25"}
    own = new_version(rule_set=shipped, changes=changes, basis=None, by=make_user())
    run_identification(rule_set=own, territory=territory, year=2026, by=None, at=AT)
    assert load_rule_set(by=None).version == 3

    page = BeautifulSoup(browser.get(RUNS).content, "html.parser")

    assert page.select_one("#id_rule_set option[selected]")["value"] == str(own.pk)  # type: ignore[index]


def test_coordinator_does_not_run_into_a_draft(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory)
    draft = draft_rule_set(source=load_rule_set(by=None), by=make_user(), at=AT)

    response = browser.post(
        reverse("identification:start"), {"territory": territory.pk, "year": 2026, "rule_set": draft.pk}
    )

    assert response.status_code == 422
    assert "Выберите правило из списка." in text_of(response)


def test_what_the_rule_rests_on_is_printed_with_the_run_its_verdicts_and_its_list(
    browser: Client, run: IdentificationRun
) -> None:
    school_list = make_published_list(run)
    verdict = run.verdicts.listed()[0]

    for page in (run, verdict, school_list):
        text = text_of(browser.get(page.get_absolute_url()))
        assert "Документ-основание: не указан." in text
        assert "Происхождение параметров: Доля участников ниже минимального порога" in text


def test_bars_of_shares_go_from_0_to_100(browser: Client, run: IdentificationRun) -> None:
    """Half of the low works is half of the bar, whatever other schools have; the scale is named."""
    page = BeautifulSoup(browser.get(run.get_absolute_url()).content, "html.parser")

    track, bar = page.select("#why-school svg.hb")[0].select("rect")[:2]
    assert (track["width"], bar["width"], bar["class"]) == ("120.0", "60.0", ["f-bad"])
    assert "полоса: 0–100 %" in " ".join(page.select_one("#why-school thead").text.replace(NBSP, " ").split())  # type: ignore[union-attr]


def test_document_of_a_version_stored_meanwhile_is_told_at_its_field(
    sign_in: SignIn, keeper: User, run: IdentificationRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = {
        "basis-kind": "order",
        "basis-issuer_genitive": "министерства образования",
        "basis-date": "2026-10-14",
        "basis-number": "90",
        "basis-title": "О методике",
    }
    store_meanwhile(monkeypatch, run.territory, document, "basis")

    response = sign_in(keeper).post(reverse("identification:save_version", args=[run.pk]), {**VERSION, **document})

    assert_told_at_title(response, "О методике", "basis")
    assert not IdentificationRuleSet.objects.filter(version=2).exists()
