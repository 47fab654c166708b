"""The page that compares two runs, and its workbook."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from accounts.russian import NBSP
from schools.actions.clusters import new_cluster_version
from schools.actions.identification import run_identification
from schools.actions.rule_sets import load_rule_set, new_version
from schools.models import AssessmentResult, IdentificationRun, ImportBatch, ImportFile, ImportRow, School, Territory
from schools.rule_comparison import pairs, requisites
from schools.views.comparison import COLUMNS, OTHER_FACTS_READ
from tests.factories.clusters import CODE, cluster_content, make_cluster_set
from tests.factories.lists import (
    AT,
    make_list,
    make_low_school,
    make_near_school,
    make_quiet_school,
    make_run,
    make_run_under,
)
from tests.factories.schools import make_act, make_region, make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
COMPARE = reverse("identification:compare")
QUERIES = 11
LATER = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def territory() -> Territory:
    return make_territory()


@pytest.fixture
def browser(sign_in: SignIn, territory: Territory) -> Client:
    return sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory))


def run_again(run: IdentificationRun, **changes: Any) -> IdentificationRun:
    """Run a new version of the rule over the data of today."""
    rule_set = new_version(rule_set=run.rule_set, changes=changes, basis=None, by=make_user())
    return run_identification(rule_set=rule_set, territory=run.territory, year=run.year, by=None, at=LATER)


def correct(school: School, subject: str, marks: tuple[int, int, int, int], *, undone: bool = False) -> None:
    """Change a result of 2026 as an applied import does, between the two runs."""
    person, at = make_user(), datetime(2026, 10, 20, 9, tzinfo=UTC)
    batch = ImportBatch.objects.create(
        territory=school.territory,
        state="undone" if undone else "applied",
        created_by=person,
        created_at=at,
        applied_by=person,
        applied_at=at,
        undone_by=person if undone else None,
        undone_at=at if undone else None,
    )
    file = ImportFile.objects.create(batch=batch, name="vpr_ispravlenie.xlsx", size=1, sha256="0" * 64)
    result = AssessmentResult.objects.get(school=school, subject=subject, year=2026)
    ImportRow.objects.create(
        file=file,
        number=17,
        school=school,
        outcome="changed",
        key={"procedure": "VPR", "year": 2026, "period": "spring", "subject": subject, "grade": 5, "level": "none"},
        before={"participants": result.participants, "mark2": result.mark2},
        after={"participants": sum(marks), "mark2": marks[0]},
    )
    names = ("mark2", "mark3", "mark4", "mark5")
    AssessmentResult.objects.filter(pk=result.pk).update(
        participants=sum(marks), **dict(zip(names, marks, strict=True))
    )


def words(response: Any, selector: str = "main") -> str:
    found = BeautifulSoup(response.content, "html.parser").select_one(selector)
    return " ".join(found.get_text(" ").replace(NBSP, " ").split()) if found else ""


def compared(client: Client, before: IdentificationRun, after: IdentificationRun, **query: str) -> Any:
    return client.get(COMPARE, {"before": str(before.pk), "after": str(after.pk), **query})


def test_run_is_not_compared_with_itself(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory)
    run = make_run(territory=territory)

    response = compared(browser, run, run)

    assert response.status_code == 422
    assert "Выбран один и тот же расчёт. Укажите другой." in words(response)
    assert "Что различается" not in words(response)


def test_works_that_have_not_crossed_the_threshold_are_folded_away(browser: Client, territory: Territory) -> None:
    low = make_low_school(territory=territory)
    make_result(school=low, subject="MA", grade=8, year=2025, marks=(1, 20, 10, 9))
    make_result(school=low, subject="MA", grade=8, year=2026, marks=(2, 20, 10, 8))
    before, after = make_run(territory=territory, year=2025), make_run(territory=territory)

    page = BeautifulSoup(compared(browser, before, after).content, "html.parser")

    (cell,) = page.select("td[data-l='Процедуры']")
    told = [each.get_text() for each in cell.select(":scope > div > ul > li")]
    folded = [each.get_text() for each in cell.select("details li")]
    assert all("за порогом" in line for line in told)
    assert folded
    assert not [line for line in folded if "за порогом" in line]
    (summary,) = cell.select("summary")
    assert summary.get_text() == f"Изменились, но порог не пересекли: {len(folded)}"


def test_page_asks_for_two_runs(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory)
    run = make_run(territory=territory)

    response = browser.get(COMPARE, {"after": str(run.pk)})

    assert response.status_code == 200
    assert "Выберите два расчёта" in words(response)
    assert BeautifulSoup(response.content, "html.parser").select(f'#id_after option[value="{run.pk}"][selected]')


def test_new_threshold_names_the_school_and_the_parameter(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory, name="Низкая")
    make_near_school(territory=territory, name="Близкая")
    before = make_run(territory=territory)
    after = run_again(before, share_threshold_pct="25", min_procedures=1)

    text = words(compared(browser, before, after))

    assert "Войдут 1 Выйдут 0 Останутся 1" in text
    assert "Доля низких результатов не менее 30,00 % 25,00 %" in text
    assert "Данные те же" in text
    assert "Близкая" in text
    assert "ВПР, русский язык, 5 класс: 2026 год 11 из 40 (27,50 %), теперь за порогом" in text
    assert "Изменилось правило" in text


def test_other_works_over_the_same_data_are_named_as_what_changed(browser: Client, territory: Territory) -> None:
    """The school is low in two works, of which the second rule counts one."""
    make_low_school(territory=territory)
    run = make_run(territory=territory)
    works = [row for row in run.parameters["procedures"] if row["subject"] != "MA"]

    text = words(compared(browser, run, run_again(run, procedures=works, combine="C1_ONLY")))

    assert "Данные те же" in text
    assert "Оценочные процедуры ВПР: русский язык 4, 5, 6, 7, 8, 10; математика 4" in text
    assert "Изменилось правило, результаты те же." in text


def test_what_both_rules_say_alike_is_only_counted(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory)
    run = make_run(territory=territory)

    page = compared(browser, run, run_again(run, min_procedures=1))

    section = BeautifulSoup(page.content, "html.parser").select_one("section[aria-labelledby=t-sides]")
    assert section is not None
    titles = [row.get_text(" ", strip=True) for row in section.select("tbody th")]
    assert titles[:4] == ["Расчёт", "Правило", "Правило: происхождение параметров", "Данные"]
    assert titles[4:] == ["Условие 1: процедур за порогом"]
    same = page.context["same"]
    assert f"Не показано одинаковых параметров и сведений о правилах: {same}." in words(page)
    assert same == len(pairs(run.rules, run.rules)) + len(requisites(run.rule_set, run.rule_set)) - 2


def test_cells_of_sides_hold_one_piece_each(browser: Client, territory: Territory) -> None:
    """A cell becomes a row of pieces on a phone: a link and the words after it must not stand apart."""
    make_low_school(territory=territory)
    run = make_run(territory=territory)
    page = compared(browser, run, run_again(run, min_procedures=1))

    cells = BeautifulSoup(page.content, "html.parser").select("section[aria-labelledby=t-sides] td[data-l]")

    assert {len(list(cell.children)) for cell in cells} == {1}


def test_comparison_opens_where_something_changed(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory, name="Низкая")
    run = make_run(territory=territory)
    strict = run_again(run, share_threshold_pct="60")

    again = make_run(territory=territory)

    opened = [compared(browser, *sides).context["move"] for sides in ((run, strict), (strict, run), (run, again))]
    asked = compared(browser, run, strict, move="entered").context["move"]

    assert (opened, asked) == (["left", "entered", "stayed"], "entered")


def test_data_are_called_changed_only_when_the_rules_read_the_same(browser: Client, territory: Territory) -> None:
    school = make_low_school(territory=territory)
    make_result(school=school, subject="RU", marks=(15, 15, 8, 2), year=2024)
    run = make_run(territory=territory)
    again, longer = run_again(run, share_threshold_pct="35"), run_again(run, years_required=3)
    make_result(school=school, subject="BI", marks=(1, 15, 8, 2))
    added = run_again(run)

    told = [words(compared(browser, run, other)) for other in (again, longer, added)]

    assert "Данные те же" in told[0]
    assert "правила читают разные годы, работы или столбцы" in told[1]
    assert "результаты между расчётами менялись" in told[2]
    assert "и работы, которые правило не учитывает" in told[2]
    assert [text.count("результаты между расчётами") for text in told] == [0, 0, 1]


def test_places_among_similar_schools_are_told_work_by_work(browser: Client, territory: Territory) -> None:
    """Three schools with 20, 10 and 0 of 40: the worst third is one. With two thirds the second is behind too."""
    for name, low in (("Первая", 0), ("Вторая", 10), ("Третья", 20)):
        make_result(school=make_school(territory=territory, name=name), marks=(low, 40 - low, 0, 0))
    rule = {"cluster_by": ["KIND"], "min_schools": 2, "measure": "EACH_WORK", "min_procedures": 1}
    rule |= {"statistic": "PERCENTILE", "use": "SOLE"}
    before = run_again(make_run(territory=territory), relative_rule={**rule, "cut": "34"})
    after = run_again(before, relative_rule={**rule, "cut": "67"})

    text = words(compared(browser, before, after))

    assert "Войдут 1 Выйдут 0 Останутся 1" in text
    line = "ВПР, русский язык, 5 класс: место среди других школ 2 из 3 → 2 из 3, теперь за границей"
    assert line in text


@pytest.mark.parametrize("old", ["a" * 64, "", "1:" + "a" * 62])
def test_run_of_an_earlier_portal_is_not_told_to_have_other_data(
    browser: Client, territory: Territory, old: str
) -> None:
    make_low_school(territory=territory)
    run = make_run(territory=territory)
    again = run_again(run, share_threshold_pct="35")
    IdentificationRun.objects.filter(pk=run.pk).update(data_fingerprint=old)

    text = words(compared(browser, run, again))

    assert "Данные расчёт сделан прежней версией портала, сравнить данные нельзя" in text
    assert "менялись" not in text


def test_earlier_runs_of_one_fingerprint_are_not_told_to_have_the_same_data(
    browser: Client, territory: Territory
) -> None:
    """It covered the results only: kinds of schools and lists of years before may have changed."""
    make_low_school(territory=territory)
    run = make_run(territory=territory)
    again = run_again(run, share_threshold_pct="35")
    IdentificationRun.objects.update(data_fingerprint="3:" + "a" * 62)

    text = words(compared(browser, run, again))

    assert "Данные те же" not in text
    assert "сравнить данные нельзя" in text


def test_changed_kind_of_a_school_is_not_the_same_data(browser: Client, territory: Territory) -> None:
    low = make_low_school(territory=territory, kind="О(С)ОШ")
    before = run_again(make_run(territory=territory), exclude_types=["О(С)ОШ"])
    School.objects.filter(pk=low.pk).update(kind="СОШ")

    text = words(compared(browser, before, run_again(before), move="entered"))

    assert "Данные разные: результаты те же, но между расчётами менялись сведения о школах" in text
    assert "Изменились данные, правило то же." in text
    assert "Вид школы: О(С)ОШ → СОШ" in text


def test_list_published_between_runs_is_not_the_same_data(browser: Client, territory: Territory) -> None:
    low = make_low_school(territory=territory)
    before = make_run(territory=territory)
    make_list([low], year=2025)

    text = words(compared(browser, before, run_again(before), move="stayed"))

    assert "менялись сведения о школах" in text
    assert "Была в перечнях по результатам годов: нет → 2025" in text


def test_older_results_of_a_listed_school_are_part_of_the_data(browser: Client, territory: Territory) -> None:
    school = make_low_school(territory=territory)
    make_list([school], year=2023)
    before = run_again(make_run(territory=territory), exit_rule={"years_clear": 3})
    make_result(school=school, subject="RU", marks=(15, 15, 8, 2), year=2024)

    assert "результаты между расчётами менялись" in words(compared(browser, before, run_again(before)))


def test_cause_is_asked_of_the_kind_that_the_runs_have_used(browser: Client, territory: Territory) -> None:
    """Both runs took it for an evening school; that it is an ordinary one today must not matter."""
    low = make_low_school(territory=territory, kind="О(С)ОШ")
    before = make_run(territory=territory)
    after = run_again(before, exclude_types=["О(С)ОШ"])
    School.objects.filter(pk=low.pk).update(kind="СОШ")

    text = words(compared(browser, before, after, move="left"))

    assert "Данные те же" in text
    assert "Изменилось правило: виды школ." in text


def test_cause_is_not_guessed_where_the_kind_was_not_kept(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory, kind="О(С)ОШ")
    before = make_run(territory=territory)
    after = run_again(before, exclude_types=["О(С)ОШ"])
    before.verdicts.update(facts={})

    assert "прежней версии портала вида школы не сохранил" in words(compared(browser, before, after, move="left"))


@pytest.mark.parametrize("given", ["abc", "00000000-0000-4000-8000-000000000000"])
def test_run_that_is_not_there_is_told_in_words(browser: Client, given: str) -> None:
    response = browser.get(COMPARE, {"before": given, "after": given})

    assert response.status_code == 422
    assert words(response).count("Такого расчёта нет. Выберите расчёт из списка.") == 2
    assert "UUID" not in words(response)


def test_corrected_data_name_the_file_and_its_row(browser: Client, territory: Territory) -> None:
    low = make_low_school(territory=territory, name="Низкая")
    AssessmentResult.objects.filter(school=low, year=2025).delete()
    before = make_run(territory=territory)
    correct(low, "MA", (11, 21, 6, 2))
    after = run_again(before)

    text = words(compared(browser, before, after, move="left"))

    assert "Изменились данные, правило то же." in text
    assert "12 из 40 (30,00 %) → 2026 год 11 из 40 (27,50 %), больше не за порогом" in text
    assert "файл vpr_ispravlenie.xlsx, строка 17" in text
    assert "20.10.2026" in text
    assert "Данные разные" in text


def test_undone_import_is_told_as_such(browser: Client, territory: Territory) -> None:
    low = make_low_school(territory=territory)
    before = make_run(territory=territory)
    correct(low, "MA", (14, 18, 6, 2), undone=True)

    text = words(compared(browser, before, run_again(before), move="stayed"))

    assert "отменена загрузка файла vpr_ispravlenie.xlsx" in text
    assert "Условия выполнены в обоих расчётах." in text


def test_two_years_are_compared_by_their_own_results(browser: Client, territory: Territory) -> None:
    low = make_low_school(territory=territory, name="Низкая")
    AssessmentResult.objects.filter(school=low, subject="MA").update(grade=5)
    before, after = make_run(territory=territory, year=2025), make_run(territory=territory)

    text = words(compared(browser, before, after))

    assert "Другие результаты: 2026 год вместо 2025" in text
    assert "2025 год 15 из 40 (37,50 %) → 2026 год 20 из 40 (50,00 %)" in text


def test_runs_of_other_territories_compare_what_both_judged(sign_in: SignIn) -> None:
    region = make_region()
    first, second = make_territory(parent=region), make_territory(parent=region)
    make_low_school(territory=first, name="Общая")
    make_low_school(territory=second, name="Чужая")
    before, after = make_run(territory=region), make_run(territory=first)

    text = words(compared(sign_in(make_user(role=Role.OBSERVER, territory=region)), before, after, move="stayed"))

    assert "Расчёты проведены по разным территориям" in text
    assert "Войдут 0 Выйдут 0 Останутся 1" in text


def test_workbook_tells_the_same(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory, name="Низкая")
    make_near_school(territory=territory, name="Близкая")
    before = make_run(territory=territory)
    after = run_again(before, share_threshold_pct="25", min_procedures=1)

    response = browser.get(reverse("identification:compare_download", args=[before.pk, after.pk]))

    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    every = [[cell.value for cell in row] for row in sheet.iter_rows()]
    rows = every[every.index([title for title, _ in COLUMNS]) + 1 :]
    assert [row[:1] + row[2:5] for row in rows] == [
        ["Близкая", "Войдут", "не в списке", "в списке"],
        ["Низкая", "Останутся", "в списке", "в списке"],
    ]
    assert "теперь за порогом" in str(rows[0][6])


def test_rules_are_printed_with_what_they_rest_on(browser: Client, territory: Territory) -> None:
    """Basis document and provenance of both rules, and the names of the runs: on the page and in its workbook."""
    make_low_school(territory=territory)
    before = make_run(territory=territory)
    act = make_act(territory=territory, number="520")
    rule_set = new_version(
        rule_set=before.rule_set, changes={"min_procedures": 1}, basis=act, justification="Уточнение.", by=make_user()
    )
    after = run_identification(rule_set=rule_set, territory=territory, year=2026, by=None, at=LATER)

    page = words(compared(browser, before, after), "section[aria-labelledby=t-sides]")
    book = browser.get(reverse("identification:compare_download", args=[before.pk, after.pk])).content
    sheet = load_workbook(BytesIO(book)).active
    above = [str(row[0]).replace(NBSP, " ") for row in sheet.iter_rows(max_row=5, values_only=True)]  # type: ignore[union-attr]

    provenance = " ".join(before.rule_set.provenance.split())[:40]
    for text in (page, above[1]):
        assert str(before) in text
        assert provenance in " ".join(text.split())
    for text in (page, above[2]):
        assert str(act).replace(NBSP, " ") in text
    assert above[3] == "Данные: те же."
    assert above[4] == "Параметры правила: Условие 1: процедур за порогом: не менее 2 → не менее 1."


@pytest.mark.parametrize(("year", "name"), [(2026, "2026"), (2025, "2025 и 2026")])
def test_workbook_is_named_in_words(browser: Client, territory: Territory, year: int, name: str) -> None:
    make_low_school(territory=territory)
    before, after = make_run(territory=territory, year=year), make_run(territory=territory)

    response = browser.get(reverse("identification:compare_download", args=[before.pk, after.pk]))

    assert unquote(response["Content-Disposition"]) == f"attachment; filename*=utf-8''Сравнение расчётов {name}.xlsx"


def test_others_see_nothing_of_runs(territory: Territory, sign_in: SignIn) -> None:
    make_low_school(territory=territory, name="Низкая")
    run = make_run(territory=territory)
    client = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory()))

    response = compared(client, run, run)

    assert response.status_code == 422
    assert "Низкая" not in words(response)
    assert str(territory) not in response.content.decode()
    assert client.get(reverse("identification:compare_download", args=[run.pk, run.pk])).status_code == 404


@pytest.mark.parametrize("query", ["before=x&after=y", "before=&after=", "before=%00", "move=nowhere"])
def test_forged_sides_are_no_error(browser: Client, query: str) -> None:
    assert browser.get(f"{COMPARE}?{query}").status_code in {200, 422}


@pytest.mark.parametrize("schools", [1, 4])
def test_comparison_has_the_same_queries(
    browser: Client, territory: Territory, schools: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(schools):
        correct(make_quiet_school(territory=territory), "RU", (20, 10, 8, 2))
        correct(make_low_school(territory=territory), "MA", (14, 18, 6, 2))
    before = make_run(territory=territory)
    after = run_again(before, min_procedures=1)

    with django_assert_num_queries(QUERIES):
        compared(browser, before, after)


def test_rule_set_of_the_first_run_is_found_by_its_link(browser: Client, territory: Territory) -> None:
    make_low_school(territory=territory)
    run, again = make_run(territory=territory), make_run(territory=territory)

    page = BeautifulSoup(compared(browser, run, again).content, "html.parser")

    assert page.select(f'a[href="{load_rule_set(by=None).get_absolute_url()}"]')


# Clusters of the region


def make_cluster_run(territory: Territory, **changes: Any) -> IdentificationRun:
    relative = {"cluster_by": ["ASSIGNED"], "cluster_set": CODE, "min_schools": 2, "statistic": "PERCENTILE", "cut": 50}
    return make_run_under(territory=territory, relative_rule={**relative, **changes})


@pytest.fixture
def clustered(territory: Territory) -> dict[School, str]:
    """Four schools, two in each cluster: the worse of two is the worst half."""
    schools = {}
    for low, cluster in ((4, "А"), (8, "А"), (12, "Б"), (16, "Б")):
        school = make_school(territory=territory, name=f"Школа {low}")
        make_result(school=school, marks=(low, 40 - low, 0, 0))
        schools[school] = cluster
    return schools


def test_school_that_changed_its_cluster_is_told(
    browser: Client, territory: Territory, clustered: dict[School, str]
) -> None:
    clusters = make_cluster_set(territory, clustered)
    before = make_cluster_run(territory)
    moved = {school: "Б" if school.name == "Школа 8" else cluster for school, cluster in clustered.items()}
    new_cluster_version(cluster_set=clusters, content=cluster_content(moved), seen=1, by=make_user(), at=AT)

    text = words(compared(browser, before, run_again(before)))

    assert "Кластер региона: А → Б" in text
    assert "менялись сведения о школах, на которые смотрит правило" in text


def test_clusters_of_another_set_are_other_facts(
    browser: Client, territory: Territory, clustered: dict[School, str]
) -> None:
    make_cluster_set(territory, clustered)
    make_cluster_set(territory, dict.fromkeys(clustered, "один"), code="ИНОЙ")

    text = words(compared(browser, make_cluster_run(territory), make_cluster_run(territory, cluster_set="ИНОЙ")))

    assert OTHER_FACTS_READ in text
