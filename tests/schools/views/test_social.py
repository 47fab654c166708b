"""Pages of the social index."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from jobs.models import Job
from jobs.runner import execute
from schools.actions.identification import decide, run_identification
from schools.actions.rule_sets import load_rule_set
from schools.actions.social import load_social_rule
from schools.choices import Decision, DecisionReason
from schools.models import SocialIndexRule, SocialIndexRun, Territory
from schools.views.social import results_beside
from tests.factories.lists import make_low_school, make_published_list, make_run_under
from tests.factories.lists import make_run as make_identification_run
from tests.factories.schools import make_result, make_school, make_territory, make_user
from tests.factories.social import AT, HARD, WORKED, make_run, tell

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
BASIS = "Приказ министерства образования от 01.10.2026 № 500 утвердил эти веса и границы."


@pytest.fixture
def territory() -> Territory:
    return make_territory()


def coordinator(territory: Territory) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)


def words(client: Client, url: str, part: str = "main", status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    page = BeautifulSoup(response.content, "html.parser")
    return " ".join(" ".join(one.get_text(" ", strip=True) for one in page.select(part)).replace("\u00a0", " ").split())


# Start


def test_run_is_started_from_the_page_and_done_by_the_job(territory: Territory, sign_in: SignIn) -> None:
    tell(make_school(territory=territory), HARD)
    client = sign_in(coordinator(territory))
    data = {"territory": str(territory.pk), "year": "2025"}

    response = client.post(reverse("identification:social_start"), data)

    assert response.status_code == 302
    job = Job.objects.get(kind="social.run")
    execute(job_id=job.pk)
    job.refresh_from_db()
    run = SocialIndexRun.objects.get()
    assert job.result_url == run.get_absolute_url()
    assert job.result["text"].replace("\u00a0", " ") == "Сложные условия: 1 школа"


def test_job_without_data_fails_with_the_next_step(territory: Territory, sign_in: SignIn) -> None:
    school = make_school(territory=territory)
    tell(school)
    client = sign_in(coordinator(territory))
    client.post(reverse("identification:social_start"), {"territory": str(territory.pk), "year": "2025"})
    school.statistics.all().delete()

    job = Job.objects.get(kind="social.run")
    execute(job_id=job.pk)
    job.refresh_from_db()

    assert "Загрузите формы SA-2 и SA-1" in job.error_text
    assert not SocialIndexRun.objects.exists()


def test_year_without_data_is_refused_on_the_form(territory: Territory, sign_in: SignIn) -> None:
    tell(make_school(territory=territory))
    client = sign_in(coordinator(territory))

    response = client.post(reverse("identification:social_start"), {"territory": str(territory.pk), "year": "1999"})

    assert response.status_code == 422
    assert "За этот год сведений нет." in response.content.decode()


def test_foreign_territory_is_no_choice(territory: Territory, sign_in: SignIn) -> None:
    tell(make_school(territory=territory))
    client = sign_in(coordinator(territory))
    data = {"territory": str(make_territory().pk), "year": "2025"}

    assert client.post(reverse("identification:social_start"), data).status_code == 422


def test_page_without_data_leads_to_the_forms(territory: Territory, sign_in: SignIn) -> None:
    text = words(sign_in(coordinator(territory)), reverse("identification:social"))

    assert "Расчётов ещё не было" in text
    assert "Их сдают формой SA-2" in text
    assert "не официальная методика" in text or "а не официальная методика" in text


# A run


def test_run_lists_schools_by_their_index_with_what_is_missing(territory: Territory, sign_in: SignIn) -> None:
    hard, plain = make_school(territory=territory, name="Трудная"), make_school(territory=territory, name="Обычная")
    silent, unsure = (make_school(territory=territory, name=name) for name in ("Молчащая", "Сомнительная"))
    tell(unsure, WORKED, "foster")
    run = make_run({hard: HARD, plain: WORKED, silent: {}, unsure: {}}, territory=territory)
    client = sign_in(coordinator(territory))

    shnsu = words(client, run.get_absolute_url(), "[aria-labelledby=t-list] tbody")
    rest = words(client, f"{run.get_absolute_url()}?segment=rest", "[aria-labelledby=t-list] tbody")
    unknown = words(client, f"{run.get_absolute_url()}?segment=unknown", "[aria-labelledby=t-list] tbody")

    assert "Трудная" in shnsu
    assert "Обычная" in rest
    assert "43,6" in rest
    assert "Сомнительная : почему не определён возможно 38,6–48,6" in unknown
    assert "вывод зависит от недостающего показателя: индекс от 38,6 до 48,6 при границе 40 90 %" in unknown
    assert "Опекаемые и приёмные" in unknown
    assert "Молчащая : почему нет данных" in unknown


def test_school_whose_verdict_hangs_on_what_is_missing_is_told_the_bounds(
    territory: Territory, sign_in: SignIn
) -> None:
    school = make_school(territory=territory)
    tell(school, WORKED, "foster")
    index = make_run({school: {}}).indices.get()
    client = sign_in(coordinator(territory))
    told = "ывод зависит от недостающего показателя: индекс от 38,6 до 48,6 при границе 40."

    own = words(client, index.get_absolute_url())

    assert "Индекс: не определён . Вывод: данных недостаточно" in own
    assert told in own
    assert "от 100 − 51,44 − 10,00 = 38,56 до 100 − 51,44 = 48,56" in own
    assert told in words(client, reverse("schools:conditions", args=[school.pk]))


def test_school_is_found_by_its_name(territory: Territory, sign_in: SignIn) -> None:
    run = make_run({make_school(territory=territory, name=name): HARD for name in ("Лесная", "Речная")})
    client = sign_in(coordinator(territory))

    text = words(client, f"{run.get_absolute_url()}?q=лесная", "[aria-labelledby=t-list]")

    assert "Лесная" in text
    assert "Речная" not in text
    assert "Школ не найдено" in words(client, f"{run.get_absolute_url()}?q=степная")


def test_matrix_counts_and_names_the_schools(territory: Territory, sign_in: SignIn) -> None:
    both = make_low_school(territory=territory, name="Обе беды")
    only_low = make_low_school(territory=territory, name="Только результаты")
    resilient = make_school(territory=territory, name="Резильентная")
    neither = make_school(territory=territory, name="Благополучная")
    silent = make_low_school(territory=territory, name="Без сведений")
    for school in (resilient, neither):
        make_result(school=school, marks=(0, 10, 20, 10))
    run_identification(rule_set=load_rule_set(by=None), territory=territory, year=2026, by=None, at=AT)
    run = make_run({both: HARD, only_low: WORKED, resilient: HARD, neither: WORKED, silent: {}})
    client = sign_in(coordinator(territory))

    matrix = words(client, run.get_absolute_url(), "[aria-labelledby=t-matrix]")

    assert "1 ШНОР и ШНСУ Обе беды" in matrix
    assert "1 Только ШНОР Только результаты" in matrix
    assert "1 Только ШНСУ: резильентные школы Резильентная" in matrix
    assert "1 Ни ШНОР, ни ШНСУ Благополучная" in matrix
    assert "В таблицу не вошла 1 школа" in matrix
    resilient_list = words(client, f"{run.get_absolute_url()}?segment=resilient", "[aria-labelledby=t-list] tbody")
    assert "Резильентная" in resilient_list
    assert "Обе беды" not in resilient_list


def test_school_excluded_by_a_decision_is_not_called_resilient(territory: Territory, sign_in: SignIn) -> None:
    school = make_low_school(territory=territory)
    judged = run_identification(rule_set=load_rule_set(by=None), territory=territory, year=2026, by=None, at=AT)
    decide(
        verdict=judged.verdicts.get(),
        decision=Decision.EXCLUDED,
        reason_code=DecisionReason.SMALL_SAMPLE,
        text="Обоснование, в котором больше пятидесяти знаков: малая выборка.",
        by=coordinator(territory),
        at=AT,
    )
    run = make_run({school: HARD})

    matrix = words(sign_in(coordinator(territory)), run.get_absolute_url(), "[aria-labelledby=t-matrix]")

    assert "0 Только ШНСУ: резильентные школы" in matrix
    assert "В таблицу не вошла 1 школа" in matrix


def test_matrix_stands_beside_the_run_of_the_published_list_and_not_a_later_trial(
    territory: Territory, sign_in: SignIn
) -> None:
    school = make_low_school(territory=territory)
    make_published_list(make_identification_run(territory=territory))
    make_run_under(territory=territory, share_threshold_pct=80)
    run = make_run({school: HARD})

    matrix = words(sign_in(coordinator(territory)), run.get_absolute_url(), "[aria-labelledby=t-matrix]")

    assert "1 ШНОР и ШНСУ" in matrix
    assert "0 Только ШНСУ: резильентные школы" in matrix


def test_matrix_takes_the_newest_year_though_the_list_is_of_the_year_before(territory: Territory) -> None:
    school = make_low_school(territory=territory)
    make_published_list(make_identification_run(territory=territory, year=2025))
    newer = make_identification_run(territory=territory)

    assert results_beside(make_run({school: HARD})) == newer


def test_run_without_identification_has_no_matrix(territory: Territory, sign_in: SignIn) -> None:
    run = make_run({make_school(territory=territory): HARD})

    assert "Результаты и условия" not in words(sign_in(coordinator(territory)), run.get_absolute_url())


@pytest.mark.parametrize("schools", [1, 3])
def test_run_takes_the_same_queries_for_any_number_of_schools(
    schools: int, territory: Territory, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    every = [make_low_school(territory=territory) for _ in range(schools)]
    run_identification(rule_set=load_rule_set(by=None), territory=territory, year=2026, by=None, at=AT)
    run = make_run(dict.fromkeys(every, HARD))
    client = sign_in(coordinator(territory))

    with django_assert_num_queries(12):
        client.get(run.get_absolute_url())


def test_foreign_run_is_not_found(territory: Territory, sign_in: SignIn) -> None:
    run = make_run({make_school(): HARD})

    assert sign_in(coordinator(territory)).get(run.get_absolute_url()).status_code == 404


# A school


def test_evidence_of_the_worked_example(territory: Territory, sign_in: SignIn) -> None:
    index = make_run({make_school(territory=territory): WORKED}).indices.get()

    text = words(sign_in(coordinator(territory)), index.get_absolute_url())

    for expected in ("Индекс: 43,6", "обычные условия", "12,00", "24 из 200", "0,8250", "20,63", "100 − 56,44 = 43,56"):
        assert expected in text
    assert "предложение портала, не официальная методика" in text.lower()


def test_evidence_names_what_is_missing(territory: Territory, sign_in: SignIn) -> None:
    school = make_school(territory=territory)
    tell(school, WORKED, "parents_higher")
    index = make_run({school: {}}, territory=territory).indices.get()

    text = words(sign_in(coordinator(territory)), index.get_absolute_url())

    assert "Индекс: нет данных" in text
    assert "с весом 75 %, нужно не менее 80 %" in text
    assert "Нет сведений: Родители с высшим образованием" in text


def test_school_reads_its_own_evidence_and_no_other(territory: Territory, sign_in: SignIn) -> None:
    own, other = make_school(territory=territory), make_school(territory=territory)
    run = make_run({own: WORKED, other: HARD})
    client = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=own))
    mine, foreign = run.indices.get(school=own), run.indices.get(school=other)

    listing = words(client, reverse("identification:social"))

    assert own.name in listing
    assert other.name not in listing
    assert client.get(mine.get_absolute_url()).status_code == 200
    assert client.get(foreign.get_absolute_url()).status_code == 404
    assert client.get(run.get_absolute_url()).status_code == 404


# The rule


def numbers(rule: SocialIndexRule, **changes: str) -> dict[str, str]:
    fields = {
        f"{each['code']}-{name}": each[name].replace(".", ",")
        for each in rule.parameters["indicators"]
        for name in ("weight", "low", "high")
    }
    return {**fields, "cut": "40", "completeness_min": "80", "provenance": BASIS, **changes}


@pytest.fixture
def admin_client(sign_in: SignIn) -> Client:
    region = make_territory().parent
    return sign_in(make_user(role=Role.REGIONAL_ADMIN, territory=region))


def test_new_version_is_written_from_the_form(admin_client: Client) -> None:
    rule = load_social_rule(by=None)
    url = reverse("identification:social_rule_new", args=[rule.pk])

    response = admin_client.post(url, numbers(rule, cut="45,5"))

    later = SocialIndexRule.objects.get(version=2)
    assert (response.status_code, response.headers["Location"]) == (302, later.get_absolute_url())
    assert str(later.rule.cut) == "45.5"
    assert later.provenance == BASIS
    assert later.rule.indicators == rule.rule.indicators


def test_form_opens_with_the_numbers_of_the_version(admin_client: Client) -> None:
    rule = load_social_rule(by=None)
    response = admin_client.get(reverse("identification:social_rule_new", args=[rule.pk]))
    page = BeautifulSoup(response.content, "html.parser")

    field = page.select_one("[name=parents_higher-weight]")
    assert field is not None
    assert field["value"] == "0,25"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"foster-weight": "0,2"}, "Сумма весов должна быть 1, сейчас 1,1."),
        ({"foster-low": "9"}, "нижняя меньше верхней"),
        ({"foster-low": "много"}, "Введите число от 0 до 100."),
        ({"provenance": "мало"}, "напишите не менее 50 знаков"),
        ({"cut": ""}, "Введите число от 0 до 100."),
    ],
)
def test_wrong_version_is_refused_with_words(admin_client: Client, changes: dict[str, str], expected: str) -> None:
    rule = load_social_rule(by=None)

    response = admin_client.post(reverse("identification:social_rule_new", args=[rule.pk]), numbers(rule, **changes))

    assert response.status_code == 422
    assert expected in response.content.decode()
    assert SocialIndexRule.objects.count() == 1


def test_rule_says_where_it_comes_from(territory: Territory, sign_in: SignIn) -> None:
    rule = make_run({make_school(territory=territory): WORKED}).rule

    text = words(sign_in(coordinator(territory)), rule.get_absolute_url())

    assert "Предложение портала, не официальная методика" in text
    assert "чем больше, тем легче" in text
    assert "Неизменно" in text
    assert "Новая версия" not in text
