"""The page with the pictures of a run."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from schools.actions.identification import run_identification
from schools.actions.rule_sets import SHIPPED_FILES, load_rule_set
from schools.models import IdentificationRun, Territory
from schools.views import pictures
from tests.factories.lists import make_low_school, make_near_school, make_run_under
from tests.factories.schools import make_result, make_school, make_territory, make_user
from tests.factories.social import AT

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def territory() -> Territory:
    return make_territory()


def make_judged(territory: Territory) -> IdentificationRun:
    return run_identification(rule_set=load_rule_set(by=None), territory=territory, year=2026, by=None, at=AT)


def page_of(client: Client, run: IdentificationRun, query: str = "") -> BeautifulSoup:
    response = client.get(reverse("identification:pictures", args=[run.pk]) + query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(page: BeautifulSoup, part: str) -> str:
    found = page.select_one(part)
    assert found is not None
    return " ".join(found.get_text(" ", strip=True).replace("\u00a0", " ").split())


def coordinator(territory: Territory) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)


def test_every_picture_has_its_numbers_as_text(territory: Territory, sign_in: SignIn) -> None:
    make_low_school(territory=territory, name="Первая школа")
    make_near_school(territory=territory)
    quiet = make_school(territory=territory)
    for grade in (5, 6):
        make_result(school=quiet, grade=grade, marks=(0, 20, 10, 10))
    page = page_of(sign_in(coordinator(territory)), make_judged(territory))

    assert "0 процедур — 2 школы; 2 процедуры — 1 школа." in words(page, "[aria-labelledby=t-low]")
    share = words(page, "[aria-labelledby=t-share]")
    assert "0–5 % — 1 школа; 30–35 % — 1 школа." in share
    assert "Учтённых процедур меньше 2: 1 школа." in share
    heat = words(page, "section[aria-labelledby=t-heat]")
    assert "ВПР РУ-5" in heat
    assert "50,0 20 из 40 за порогом" in heat
    pairs = words(page, "[aria-labelledby=t-pairs]")
    assert "Первая школа" in pairs
    assert "20 из 40" in pairs
    assert "15 из 40" in pairs
    assert "не сравнивается 1 работа одного из лет" in pairs.replace("\xa0", " ")
    assert len(page.select(".wide-w svg[role=img]")) == len(page.select(".narrow-w svg[role=img]")) == 3
    assert "№ 1: 37,5" in words(page, ".slope-w")
    assert "ухудшение" in pairs  # 12,5 points of the only work that both years have
    assert "Жирное число — не меньше порога; курсив — зона группы риска" in heat  # what is left without colours


def test_school_with_nothing_counted_is_not_among_those_without_low_works(
    territory: Territory, sign_in: SignIn
) -> None:
    make_low_school(territory=territory)
    make_school(territory=territory)

    shown = words(page_of(sign_in(coordinator(territory)), make_judged(territory)), "[aria-labelledby=t-low]")

    assert "2 процедуры — 1 школа. Учтённых процедур нет: 1 школа." in shown
    assert "0 процедур" not in shown


def test_schools_add_up_where_the_rule_counts_subjects_and_leaves_kinds_out(
    territory: Territory, sign_in: SignIn
) -> None:
    both = make_school(territory=territory)
    for grade in (5, 6):
        make_result(school=both, grade=grade, marks=(20, 20, 0, 0))
    make_low_school(territory=territory, kind="О(С)ОШ")
    run = make_run_under(territory=territory, exclude_types=["О(С)ОШ"], count_subject_once=True)

    page = page_of(sign_in(coordinator(territory)), run)

    low = words(page, "[aria-labelledby=t-low]")
    assert "2 процедуры — 1 школа. Правило не распространяется: 1 школа." in low
    assert "Красные" not in low
    share = words(page, "[aria-labelledby=t-share]")
    assert "Учтённых предметов меньше 2 во всех школах, на которые распространяется правило." in share
    assert "Не распространяется: 1 школа." in share
    assert ", 2 школы. Правило" in words(page, ".page-head")
    assert not page.select(".f-bad")


def test_rule_that_only_compares_schools_speaks_of_no_condition_1(territory: Territory, sign_in: SignIn) -> None:
    make_low_school(territory=territory)
    rule_set = load_rule_set(path=SHIPPED_FILES["REG-QUARTILE"], by=None)
    run = run_identification(rule_set=rule_set, territory=territory, year=2026, by=None, at=AT)

    page = page_of(sign_in(coordinator(territory)), run)
    text = words(page, "main")

    assert "Правило сравнивает школы друг с другом" in text
    assert "условие 1" not in text.casefold()
    assert "Красн" not in text
    assert not page.select(".h-bad, .h-warn, .h-ok, .f-bad")


def test_page_leads_from_the_run(territory: Territory, sign_in: SignIn) -> None:
    make_low_school(territory=territory)
    run = make_judged(territory)
    response = sign_in(coordinator(territory)).get(run.get_absolute_url())

    assert reverse("identification:pictures", args=[run.pk]) in response.content.decode()


def test_run_that_names_nobody_says_so(territory: Territory, sign_in: SignIn) -> None:
    make_result(school=make_school(territory=territory))

    page = page_of(sign_in(coordinator(territory)), make_judged(territory))

    assert "В список никто не попал" in words(page, "[aria-labelledby=t-pairs]")


def test_run_stored_without_its_bands_shows_the_same(territory: Territory, sign_in: SignIn) -> None:
    for _ in range(2):
        make_low_school(territory=territory)
    run, client = make_judged(territory), sign_in(coordinator(territory))
    kept = words(page_of(client, run), "[aria-labelledby=t-share]")
    counts = {name: value for name, value in run.counts.items() if name != "bands"}
    IdentificationRun.objects.filter(pk=run.pk).update(counts=counts)

    assert "30–35 % — 2 школы." in kept
    assert words(page_of(client, run), "[aria-labelledby=t-share]") == kept


def test_table_is_paged(territory: Territory, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "PAGE_SIZE", 1)
    monkeypatch.setattr(pictures, "PAIRS_SHOWN", 1)
    for name in ("Первая", "Вторая"):
        make_low_school(territory=territory, name=name)
    run, client = make_judged(territory), sign_in(coordinator(territory))

    first, second = (page_of(client, run, f"?page={number}") for number in (1, 2))

    assert "Вторая" in words(first, ".heat tbody")
    assert "Первая" in words(second, ".heat tbody")
    assert "Ещё 1 школа — в списке расчёта." in words(first, "[aria-labelledby=t-pairs]")


def test_foreign_run_is_not_found(territory: Territory, sign_in: SignIn) -> None:
    make_low_school(territory=territory)
    run = make_judged(territory)
    stranger = coordinator(make_territory())

    assert sign_in(stranger).get(reverse("identification:pictures", args=[run.pk])).status_code == 404


@pytest.mark.parametrize("schools", [1, 5])
def test_pictures_take_the_same_queries_for_any_number_of_schools(
    schools: int, territory: Territory, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(schools):
        make_low_school(territory=territory)
    run = make_judged(territory)
    client = sign_in(coordinator(territory))

    with django_assert_num_queries(10):
        client.get(reverse("identification:pictures", args=[run.pk]))


# The card of a verdict


def test_card_tells_signs_and_the_verdict_does_not_change(territory: Territory, sign_in: SignIn) -> None:
    school = make_low_school(territory=territory)
    before = make_judged(territory).verdicts.get().verdict
    school.results.filter(year=2026, subject="RU").update(lowered=38, confirmed=2, raised=0)
    run = make_judged(territory)

    response = sign_in(coordinator(territory)).get(run.get_absolute_url())
    card = words(BeautifulSoup(response.content, "html.parser"), "#why-school")

    assert "Признаки, требуют дополнительного анализа" in card
    assert "Отметка за работу ниже, чем в журнале, у 38 из 40" in card
    assert "Расчёт он сам не меняет." in card
    assert run.verdicts.get().verdict == before
    assert run.verdicts.get().flags == []


def test_card_without_signs_has_no_block(territory: Territory, sign_in: SignIn) -> None:
    make_low_school(territory=territory)
    response = sign_in(coordinator(territory)).get(make_judged(territory).get_absolute_url())

    assert "дополнительного анализа" not in response.content.decode()
