"""Where low results are explained, the boundary of the scores that they were counted by is printed."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from accounts.permissions import Role
from accounts.russian import NBSP
from reports.facts import r8, r8s
from reports.texts import r8 as r8_texts
from reports.texts import r8s as r8s_texts
from schools.diff_words import work_words
from schools.list_corrections import corrected_schools
from schools.list_entering import entering_schools
from schools.models import (
    AssessmentResult,
    IdentificationRun,
    ImportBatch,
    ImportFile,
    ImportRow,
    School,
    SchoolList,
    Territory,
)
from schools.reference_values import references
from schools.run_diff import WorkChange, Years
from schools.verdict_reading import card_of
from tests.factories.facts import make_spec
from tests.factories.lists import make_list, make_published_list, make_run_under
from tests.factories.quarters import BY_THRESHOLD, RU_4, make_example, make_scores, run_rule
from tests.factories.schools import make_region, make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
BOUNDARY = "0–1 первичный балл из 4; так написали 25,56 % участников региона (46 из 180)"
LINE = f"ВПР, русский язык, 4 класс, 2026 год: нижняя четверть – {BOUNDARY}"


@pytest.fixture
def territory() -> Territory:
    return make_territory(parent=make_region(name="Область"), name="Округ")


@pytest.fixture
def schools(territory: Territory) -> dict[str, School]:
    return make_example(territory)


@pytest.fixture
def run(territory: Territory, schools: dict[str, School]) -> IdentificationRun:
    """A run by the threshold: Д 6, Ж 7, З 8 and И 10 of 20 are named."""
    return run_rule(territory, BY_THRESHOLD)


@pytest.fixture
def browser(sign_in: SignIn, territory: Territory) -> Client:
    return sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory))


def plain(text: str) -> str:
    return " ".join(text.replace(NBSP, " ").split())


def words(response: Any, selector: str = "main") -> str:
    found = BeautifulSoup(response.content, "html.parser").select_one(selector)
    return plain(found.get_text(" ")) if found else ""


def cells(content: bytes) -> str:
    rows = load_workbook(BytesIO(content)).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    return plain("\n".join(str(cell) for row in rows for cell in row if cell))


def fresh(school_list: SchoolList) -> SchoolList:
    return SchoolList.objects.for_page().get(pk=school_list.pk)


def test_page_of_the_run_prints_the_boundaries(browser: Client, run: IdentificationRun) -> None:
    rule = words(browser.get(run.get_absolute_url()), "[aria-labelledby=t-rule]")

    assert "Низкий результат – в нижней четверти первичных баллов" in rule
    assert LINE in rule


def test_page_of_the_run_says_which_works_have_none(browser: Client, territory: Territory) -> None:
    make_result(school=make_school(territory=territory), grade=4)

    page = words(browser.get(run_rule(territory, BY_THRESHOLD).get_absolute_url()))

    told = "Низкие результаты за 2026 год не известны, по распределениям первичных баллов границы нет"
    assert f"{told}: ВПР, русский язык, 4 класс." in page


@pytest.fixture
def incomplete(territory: Territory) -> IdentificationRun:
    """A run of two years in which a school has scores of the last year alone, and another one has none at all."""
    measured, unmeasured = (make_school(territory=territory, name=name) for name in ("С баллами", "Без баллов"))
    make_scores(measured, [5, 5, 10])
    make_result(school=measured, grade=4, year=2025)
    for year in (2025, 2026):
        make_result(school=unmeasured, grade=4, year=year)
    return run_rule(territory, {**BY_THRESHOLD, "repeat_same_procedure": True, "combine": "ANY"})


def test_page_of_the_run_tells_how_much_is_not_known(browser: Client, incomplete: IdentificationRun) -> None:
    page = words(browser.get(incomplete.get_absolute_url()))

    assert (
        "Данные неполные. У 2 из 2 школ низкие результаты известны не по всем работам, у 1 из них – ни по одной работе "
        "2026 года: у 1 работы 2026 года и 2 работ 2025 года нет распределений первичных баллов."
    ) in page


def test_card_does_not_call_a_result_without_scores_missing(browser: Client, incomplete: IdentificationRun) -> None:
    page = words(browser.get(incomplete.verdicts.get(school__name="Без баллов").get_absolute_url()))

    assert "Нет результатов" not in page
    assert "Повтора в 2025 и 2026 годах нет" not in page
    assert "Повтор в 2025 и 2026 годах не проверен" in page
    for year in (2025, 2026):
        assert f"Обратите внимание: Низкие результаты за {year} год не известны ни у одной из 1 работы" in page
        assert (
            f"Результаты за {year} год есть, но распределения первичных баллов нет, низкие не известны: ВПР, русский "
            "язык, 4 класс."
        ) in page


def test_comparison_with_the_published_list_tells_how_much_is_not_known(
    browser: Client, territory: Territory, incomplete: IdentificationRun
) -> None:
    make_list([School.objects.get(name="Без баллов")], run=make_run_under(territory=territory))

    page = words(browser.get(incomplete.get_absolute_url()))

    assert "Для вывода данных недостаточно: Без баллов." in page
    assert "Сравнение неполное: 2 школы судятся не по всем работам." in page


def test_comparison_of_runs_tells_a_result_without_scores_from_none(territory: Territory) -> None:
    school = make_school(territory=territory)
    make_scores(make_school(territory=territory), [5, 5, 10])
    make_result(school=school, grade=4)
    before = run_rule(territory, BY_THRESHOLD)
    AssessmentResult.objects.filter(school=school).update(score_hist=[10, 0, 15], max_primary=2)
    after = run_rule(territory, BY_THRESHOLD)
    parts = [run.verdicts.get(school=school).evidence[0] for run in (before, after)]

    change = WorkChange(procedure=RU_4, before=parts[0], after=parts[1], years=Years(2026, 2026))

    assert plain(work_words(change)).startswith(
        "ВПР, русский язык, 4 класс: 2026 год низкие не известны, участников 25 → 2026 год 10 из 25 (40,00 %)"
    )


def test_page_of_another_rule_says_nothing_of_quarters(browser: Client, territory: Territory) -> None:
    make_scores(make_school(territory=territory), [5, 5, 10])
    run = run_rule(territory, {**BY_THRESHOLD, "low_definition": {"VPR": "MARK_2"}})

    page = words(browser.get(run.get_absolute_url()))

    assert "четверт" not in page


def test_school_reads_the_boundary_beside_its_work(browser: Client, run: IdentificationRun) -> None:
    verdict = run.verdicts.get(school__name="Д")

    page = words(browser.get(verdict.get_absolute_url()))

    assert f"нижняя четверть: {BOUNDARY}" in page
    assert "6 из 20" in page


def test_works_around_are_counted_by_the_same_boundary(run: IdentificationRun, schools: dict[str, School]) -> None:
    """46 of 180 in the municipality and in the region; a school whose scores came since is counted too."""
    far = make_school(territory=make_territory(parent=schools["А"].territory.parent))
    make_scores(far, [0, 4, 16, 0, 0])
    make_scores(make_school(territory=far.territory), [9, 9], max_primary=1)
    card = card_of(run.verdicts.get(school=schools["А"]), run)

    (reference,) = references(schools["А"], [row.part for row in card.rows], card.rules, card.quarters)

    own, region = (plain(share) for _, share in reference.values)
    assert (own, region) == ("25,56 % (46 из 180)", "25,00 % (50 из 200)")


def test_scores_of_two_schools_are_kept_back(territory: Territory) -> None:
    school = make_school(territory=territory)
    make_scores(school, [5, 5, 10])
    make_scores(make_school(territory=territory), [5, 5, 10])
    run = run_rule(territory, BY_THRESHOLD)
    card = card_of(run.verdicts.get(school=school), run)

    (reference,) = references(school, [row.part for row in card.rows], card.rules, card.quarters)

    assert reference.values == ()


def test_workbook_of_the_run_prints_the_boundaries(browser: Client, run: IdentificationRun) -> None:
    assert LINE in cells(browser.get(reverse("identification:download", args=[run.pk])).content)


def test_workbook_of_the_list_keeps_the_boundaries(browser: Client, run: IdentificationRun) -> None:
    published = make_published_list(run)
    AssessmentResult.objects.update(score_hist=[])

    content = browser.get(reverse("identification:list_download", args=[published.pk])).content

    assert LINE in cells(content)


def test_list_with_grounds_and_extract_print_the_boundaries(
    run: IdentificationRun, territory: Territory, schools: dict[str, School]
) -> None:
    make_published_list(run)

    grounds = r8_texts.document(r8.collect(make_spec(territory, kind="R8")))
    extract = r8s_texts.document(r8s.collect(make_spec(territory, kind="R8S", school=schools["Д"])))

    notes = [[plain(note) for table in made.tables() for note in table.notes] for made in (grounds, extract)]
    assert f"{LINE}." in notes[0]
    assert f"ВПР, русский язык, 4 класс, 2026 год: нижняя четверть: {BOUNDARY}." in notes[1]


# Other readings of the same rule


def change_scores(school: School, histogram: list[int]) -> None:
    """Change the scores of a school as a load after the run does."""
    person, at = make_user(), datetime(2026, 10, 20, 9, tzinfo=UTC)
    batch = ImportBatch.objects.create(
        territory=school.territory, state="applied", created_by=person, created_at=at, applied_by=person, applied_at=at
    )
    file = ImportFile.objects.create(batch=batch, name="bally.xlsx", size=1, sha256="0" * 64)
    key = {"procedure": "VPR", "year": 2026, "period": "spring", "subject": "RU", "grade": 4, "level": "none"}
    ImportRow.objects.create(file=file, number=9, school=school, outcome="changed", key=key, before={}, after={})
    AssessmentResult.objects.filter(school=school).update(score_hist=histogram)


def test_comparison_of_runs_says_how_the_boundary_moved(
    browser: Client, run: IdentificationRun, schools: dict[str, School]
) -> None:
    """9 more have the score 1 instead of 2 in А: 55 of 180; 30 fewer in all would move the boundary itself."""
    change_scores(schools["А"], [0, 10, 0, 8, 2])
    later = run_rule(run.territory, BY_THRESHOLD)
    address = {"before": str(run.pk), "after": str(later.pk)}

    page = words(browser.get(reverse("identification:compare"), address))
    book = cells(browser.get(reverse("identification:compare_download", args=[run.pk, later.pk])).content)

    for told in (page, book):
        assert BOUNDARY in told
        assert "30,56 % участников региона (55 из 180)" in told
        assert "2026 год 1 из 20 (5,00 %) → 2026 год 10 из 20 (50,00 %), теперь за порогом" in told
    assert "данные: разные" in book.lower()


def test_comparison_of_runs_with_the_same_boundaries_is_silent(browser: Client, run: IdentificationRun) -> None:
    later = run_rule(run.territory, BY_THRESHOLD)

    page = words(browser.get(reverse("identification:compare"), {"before": str(run.pk), "after": str(later.pk)}))

    assert "Границы низких баллов" not in page


def test_trial_of_a_threshold_answers_by_the_counts_of_the_run(
    browser: Client, run: IdentificationRun, schools: dict[str, School]
) -> None:
    AssessmentResult.objects.update(score_hist=[])

    query = {"share_threshold_pct": "40", "min_procedures": "1", "years_required": "1", "min_participants": "10"}
    trial = words(browser.get(run.get_absolute_url(), query), "#trial")

    assert "не попадут 2 школы" in trial  # Д 30 % and Ж 35 %
    assert "Не попадут: Д , Ж" in trial


def test_trial_that_looks_further_back_measures_earlier_scores_by_their_own_year(
    browser: Client, run: IdentificationRun, schools: dict[str, School]
) -> None:
    """In 2025 the quarter ends at 0: 6 of 20 in Д, 1 of 20 in И, so Д alone was low in both years."""
    make_scores(schools["Д"], [6, 14, 0], year=2025)
    make_scores(schools["И"], [1, 19, 0], year=2025)
    make_scores(schools["А"], [4, 0, 0], year=2025)

    query = {"share_threshold_pct": "30", "min_procedures": "1", "years_required": "2", "min_participants": "10"}
    trial = words(browser.get(run.get_absolute_url(), query), "#trial")

    assert "всего по правилу в списке 1" in trial
    assert "Не попадут: Ж , З , И" in trial


def test_corrected_scores_are_shown_by_the_boundary_of_the_run(
    run: IdentificationRun, schools: dict[str, School]
) -> None:
    published = make_published_list(run)
    change_scores(schools["Д"], [0, 1, 9, 8, 2])

    (corrected,) = corrected_schools(fresh(published))

    assert (corrected.item.school, corrected.is_named) == (schools["Д"], None)
    assert "6 из 20 (30,00 %) → 2026 год 1 из 20 (5,00 %), больше не за порогом" in plain(corrected.lines[0])


def test_who_would_enter_a_list_only_a_run_can_tell(run: IdentificationRun, schools: dict[str, School]) -> None:
    """The boundary is of the region: scores of a neighbour may move it."""
    published = make_published_list(run)
    assert not entering_schools(fresh(published))
    neighbour = make_school(territory=make_territory(parent=run.territory.parent))
    make_scores(neighbour, [5, 5, 10, 0, 0])
    change_scores(neighbour, [9, 9, 2, 0, 0])

    found = entering_schools(fresh(published))

    assert (found.schools, "по баллам всего региона" in found.unknown) == ((), True)
