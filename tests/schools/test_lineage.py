"""Schools that go on from others: whose results and whose years in lists are theirs, and that re-reading agrees."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from accounts.russian import NBSP
from reports.facts import r8, r8s
from schools.actions.identification import run_identification
from schools.actions.reorganisation import make_branch, merge_schools, open_branch, register_anew
from schools.actions.rule_sets import load_rule_set
from schools.calculation import calculate
from schools.correction_rows import corrections_between
from schools.fingerprints import sameness_of
from schools.identification import Rules, Standing, Verdict
from schools.lineage import Lineage, read_lineage
from schools.list_corrections import corrected_schools
from schools.list_entering import entering_schools
from schools.merged_schools import last_year_before
from schools.models import (
    AssessmentResult,
    IdentificationRun,
    ImportRow,
    School,
    SchoolList,
    SchoolSuccession,
    SchoolVerdict,
    Territory,
)
from schools.result_groups import grids_of
from schools.run_diff import Move
from schools.series import series_by_school, series_of
from schools.similar import Outcome
from schools.similar_reading import outcomes_of
from schools.verdict_reading import card_of
from schools.views.comparison import Comparison
from schools.what_if import naming, works_of_grid, works_of_parts
from tests.factories.facts import make_spec
from tests.factories.identification import make_rules
from tests.factories.imports import ImportGround, marks_of
from tests.factories.lists import make_list, make_low_school, make_published_list, make_quiet_school
from tests.factories.schools import make_inn, make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
SEPTEMBER = date(2026, 9, 1)
RECORDED = datetime(2026, 9, 2, 9, tzinfo=UTC)
BEFORE = datetime(2026, 8, 20, 9, tzinfo=UTC)
RUN = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 1, 9, tzinfo=UTC)


@pytest.fixture
def territory() -> Territory:
    return make_territory()


@pytest.fixture
def low(territory: Territory) -> School:
    """A school of the list of 2025 with two low works in 2026."""
    school = make_low_school(territory=territory, name="СОШ № 3")
    make_list([school], year=2025)
    return school


@pytest.fixture
def other(territory: Territory) -> School:
    return make_quiet_school(territory=territory, name="Гимназия № 6")


def keeper(school: School) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=school.territory)


def anew(school: School, number: int = 777, on: date = SEPTEMBER) -> School:
    inn = make_inn(5_000_000 + number)
    return register_anew(school=school, inn=inn, ogrn="", on=on, by=keeper(school), at=RECORDED)


def merge(school: School, heir: School, on: date = SEPTEMBER) -> School:
    return merge_schools(predecessors=[school], successor=heir, on=on, by=keeper(school), at=RECORDED)


def run_at(territory: Territory, at: datetime = RUN) -> IdentificationRun:
    return run_identification(rule_set=load_rule_set(by=None), territory=territory, year=2026, by=make_user(), at=at)


def judged(school: School, at: datetime = RUN) -> SchoolVerdict:
    return run_at(school.territory, at).verdicts.get(school=school)


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


# Whom they go on from


def test_new_legal_person_is_the_school_through_all_its_changes(low: School) -> None:
    second = anew(low)
    third = anew(second, 778, date(2026, 9, 2))

    lineage = read_lineage()

    assert lineage.former[third.pk] == (second.pk, low.pk)
    assert (lineage.now(low.pk), lineage.now(second.pk), lineage.now(third.pk)) == (third.pk, third.pk, third.pk)
    assert lineage.with_former([third.pk]) == [third.pk, second.pk, low.pk]


def test_merged_school_leaves_years_in_lists_and_no_results(low: School, other: School) -> None:
    second = anew(low)
    merge(second, other, date(2026, 9, 2))

    lineage = read_lineage()

    assert other.pk not in lineage.former
    assert lineage.listed[other.pk] == (second.pk, low.pk)
    assert set(lineage.list_heirs[low.pk]) == {second.pk, other.pk}


def test_branch_that_joins_its_head_is_inherited_like_a_merged_school(low: School, other: School) -> None:
    make_branch(school=low, parent=other, on=date(2026, 8, 1), by=keeper(low), at=RECORDED)
    merge(low, other)

    assert read_lineage().listed == {other.pk: (low.pk,)}


def test_part_that_was_split_off_inherits_nothing(low: School) -> None:
    details = {"name": "Филиал", "locality": "село", "login": "edu100002"}
    open_branch(parent=low, details=details, on=SEPTEMBER, by=keeper(low), at=RECORDED)

    assert read_lineage() == Lineage()


def test_lineage_of_some_schools_says_nothing_of_others(low: School, other: School) -> None:
    heir = anew(low)

    assert read_lineage().of({other.pk}) == Lineage()
    assert read_lineage().of({heir.pk}) == read_lineage()


# The run


def test_school_registered_anew_is_judged_by_its_results_and_lists(low: School, other: School) -> None:
    heir = anew(low)

    verdict = judged(heir)

    assert (verdict.verdict, verdict.standing) == (Verdict.SHNOR, Standing.STAYS)
    assert [part.source for part in verdict.evidence if part.low is not None] == [
        str(row.pk) for row in low.results.order_by("-year", "-subject")
    ]
    assert verdict.facts["listed"] == [2025]
    assert verdict.run.verdicts.listed().count() == 1
    assert verdict.run.reorganised == []
    assert other


def test_years_on_both_sides_of_the_change_are_looked_at_together(territory: Territory) -> None:
    school = make_school(territory=territory)
    make_result(school=school, grade=8, marks=(26, 30, 7, 2), year=2025)
    heir = anew(school, on=date(2026, 1, 10))
    make_result(school=heir, grade=8, marks=(31, 25, 7, 2))

    verdict = judged(heir)

    assert (verdict.verdict, verdict.c2) == (Verdict.SHNOR, True)
    assert "previous_year" not in {str(flag).lower() for flag in verdict.flags}


def test_work_that_both_legal_persons_tell_of_is_that_of_the_newest(low: School) -> None:
    heir = anew(low)
    make_result(school=heir, subject="RU", marks=(3, 20, 15, 2))

    verdict = judged(heir)

    found = {(part.year, part.procedure.subject): part.low for part in verdict.evidence if part.low is not None}
    assert found == {(2026, "RU"): 3, (2026, "MA"): 12, (2025, "RU"): 15}


def test_heir_of_a_merged_school_stays_in_the_list_and_keeps_its_own_results(low: School, other: School) -> None:
    merge(low, other)

    verdict = judged(other)

    assert (verdict.verdict, verdict.standing) == (Verdict.CLEAR, Standing.HELD)
    assert [part.low for part in verdict.evidence if part.low is not None] == [2]


def make_clear(school: School, *years: int) -> None:
    for year in years:
        make_result(school=school, subject="RU", marks=(2, 20, 16, 2), year=year)


def make_listed(territory: Territory, year: int, name: str = "СОШ № 3") -> School:
    school = make_school(territory=territory, name=name)
    make_list([school], year=year)
    return school


def test_year_in_which_the_merged_school_was_low_is_no_year_without_conditions(low: School, other: School) -> None:
    merge(low, other)

    verdict = judged(other)

    assert (verdict.standing, verdict.details.get("clear_years", 0)) == (Standing.HELD, 0)
    assert plain(verdict.reasons[0]["text"]) == (
        "В перечне была присоединённая школа — СОШ № 3 (с 01.09.2026), её годы перешли к этой. "
        "Школа остаётся в перечне: лет без условий подряд 0, для выхода нужно 2."
    )
    assert verdict.facts["listed"] == [2025]


def test_merged_school_that_had_left_its_list_holds_nobody_on_one(other: School) -> None:
    gone = make_listed(other.territory, 2023)
    make_clear(gone, 2024, 2025, 2026)
    merge(gone, other)

    assert judged(other).standing == Standing.NONE


def test_way_out_begun_by_the_merged_school_is_gone_on_with(other: School) -> None:
    begun = make_listed(other.territory, 2024)
    make_clear(begun, 2025)
    merge(begun, other, date(2026, 1, 10))

    verdict = judged(other)

    assert verdict.standing == Standing.LEAVES
    assert plain(verdict.reasons[0]["text"]).startswith("В перечне была присоединённая школа — СОШ № 3 (с 10.01.2026)")


def test_merged_school_is_known_by_its_last_legal_person(other: School) -> None:
    first = make_listed(other.territory, 2024)
    second = anew(first, on=date(2025, 9, 1))
    make_clear(first, 2025)
    make_clear(second, 2026)
    merge(second, other)

    assert judged(other).standing == Standing.LEAVES


def test_school_that_came_by_another_merged_one_was_apart_until_that_ended(other: School) -> None:
    """Of 2026 nothing is known: its pupils were taught in the school between."""
    root = make_listed(other.territory, 2024)
    between = make_school(territory=other.territory, name="СОШ № 4")
    make_clear(root, 2025)
    merge(root, between, date(2025, 9, 1))
    merge(between, other)

    verdict = judged(other)

    assert (verdict.standing, verdict.details.get("clear_years", 0)) == (Standing.HELD, 0)
    assert "СОШ № 3 (с 01.09.2025)" in plain(verdict.reasons[0]["text"])


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 8, 31), 2025), (date(2026, 9, 1), 2026), (date(2027, 1, 1), 2026)]
)
def test_school_works_through_the_school_years_that_are_over(day: date, year: int) -> None:
    assert last_year_before(day) == year


def test_run_names_the_schools_that_ended_with_results(low: School, other: School) -> None:
    empty = make_school(territory=low.territory, name="Без результатов")
    merge(low, other)
    merge(empty, other)

    run = run_at(low.territory)

    assert run.reorganised == ["СОШ № 3 (с 01.09.2026 — Гимназия № 6)"]
    run.count_verdicts()
    assert IdentificationRun.objects.get(pk=run.pk).reorganised == run.reorganised


def test_school_that_the_registry_alone_calls_reorganised_is_named_too(low: School, other: School) -> None:
    School.objects.filter(pk=low.pk).update(status="reorganised")

    assert run_at(other.territory).reorganised == ["СОШ № 3"]


def test_page_of_the_run_and_r8_name_them(low: School, other: School, sign_in: SignIn) -> None:
    merge(low, other)
    run = run_at(low.territory)
    person = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=low.territory)
    make_published_list(run, person)

    response = sign_in(person).get(run.get_absolute_url())
    facts = r8.collect(make_spec(low.territory, kind="R8"))

    text = " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").replace(NBSP, " ").split())
    assert "Реорганизованы после результатов: СОШ № 3 (с 01.09.2026 — Гимназия № 6). Выводы по ним не сделаны" in text
    assert [plain(each.text) for each in facts.cautions] == [
        "Реорганизованы после результатов: СОШ № 3 (с 01.09.2026 – Гимназия № 6). Выводы по ним не сделаны."
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_successions_cost_the_run_the_same_queries_whatever_their_number(
    territory: Territory, other: School, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for each in range(number):
        anew(make_low_school(territory=territory), each)
        merge(make_low_school(territory=territory), other)

    with django_assert_num_queries(9):
        calculation = calculate(territory=territory, year=2026, rules=make_rules())

    assert len(calculation.texts) == number + 1


@pytest.mark.parametrize("number", [1, 3])
def test_listed_schools_that_were_merged_cost_the_run_two_queries(
    territory: Territory, other: School, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for each in range(number):
        listed = make_low_school(territory=territory)
        make_list([listed], year=2025, territory=make_territory())
        merge(listed, other)
        anew(make_low_school(territory=territory), each)

    with django_assert_num_queries(11):
        calculation = calculate(territory=territory, year=2026, rules=make_rules())

    assert len(calculation.merged[other.pk]) == number


def test_fingerprint_tells_of_what_a_merged_school_has_written_and_when_it_ended(low: School, other: School) -> None:
    merge(low, other)
    first = calculate(territory=low.territory, year=2026, rules=make_rules()).fingerprint
    AssessmentResult.objects.filter(school=low, subject="MA").update(mark2=11, mark3=21)
    second = calculate(territory=low.territory, year=2026, rules=make_rules()).fingerprint
    SchoolSuccession.objects.update(date=date(2026, 8, 1))

    third = calculate(territory=low.territory, year=2026, rules=make_rules()).fingerprint

    assert sameness_of(first, second) == (False, True)
    assert sameness_of(second, third) == (True, False)


def test_fingerprint_tells_of_what_the_former_legal_person_has_written(low: School) -> None:
    anew(low)
    first = calculate(territory=low.territory, year=2026, rules=make_rules()).fingerprint
    AssessmentResult.objects.filter(school=low, subject="MA").update(mark2=11, mark3=21)

    assert calculate(territory=low.territory, year=2026, rules=make_rules()).fingerprint != first


# What reads again


def rules_of(run: IdentificationRun) -> Rules:
    return run.rules


def test_today_reads_the_same_works_as_the_run(low: School) -> None:
    heir = anew(low)
    verdict = judged(heir)
    rules = rules_of(verdict.run)

    grid = grids_of(School.objects.filter(pk=heir.pk), range(2025, 2027), rules, None)[heir.pk]

    assert sorted(works_of_grid(grid)) == sorted(works_of_parts(verdict.parts))
    assert naming(rules, 2026)(works_of_grid(grid), heir.kind)


def test_correction_of_the_former_legal_person_is_one_of_the_listed_school() -> None:
    ground = ImportGround()
    ground.applied({"ru.xlsx": marks_of({ground.first: (20, 10, 8, 2)}, year=2026)}, at=BEFORE)
    ground.applied({"ma.xlsx": marks_of({ground.first: (20, 10, 8, 2)}, year=2026, subject="MA")}, at=BEFORE)
    heir = anew(ground.first)
    run = run_at(ground.territory)
    school_list = make_published_list(run)
    ground.applied({"new.xlsx": marks_of({ground.first: (3, 20, 15, 2)}, year=2026)}, at=LATER)

    (corrected,) = corrected_schools(fresh(school_list))

    assert corrected.item.school == heir
    (line,) = corrected.lines
    assert "20 из 40" in plain(line)
    assert "3 из 40" in plain(line)
    assert "файл new.xlsx, строка 10" in plain(line)
    (row,) = [row for row in card_of(run.verdicts.get(school=heir), run).rows if row.part.procedure.subject == "RU"]
    assert row.source.startswith("ru.xlsx, строка 10 (исправлено позже: файл new.xlsx")


def fresh(school_list: SchoolList) -> SchoolList:
    return SchoolList.objects.for_page().get(pk=school_list.pk)


def test_school_registered_anew_after_a_list_does_not_enter_it(low: School, other: School) -> None:
    school_list = make_published_list(run_at(low.territory, BEFORE))
    anew(low)
    make_correction(low)

    assert not entering_schools(fresh(school_list))
    assert other


def test_school_registered_anew_enters_by_corrected_results(low: School, other: School) -> None:
    school_list = make_published_list(run_at(low.territory, BEFORE))
    make_result(school=other, subject="MA", marks=(20, 10, 8, 2))
    other.results.filter(subject="RU").update(mark2=20, mark3=2)
    heir = anew(other)
    make_correction(other)

    (entered,) = entering_schools(fresh(school_list)).schools

    assert entered.school_id == heir.pk
    assert any("файл x.xlsx" in line for line in entered.lines), entered.lines


def make_correction(school: School) -> None:
    """Store what a load of a correction leaves, at LATER."""
    ground = ImportGround(first="edu900008", second="edu900009")
    ground.applied({"x.xlsx": marks_of({ground.first: (20, 10, 8, 2)}, grade=5)}, at=timezone.now())
    ImportRow.objects.filter(school=ground.first).update(school=school)


def test_comparison_of_runs_on_both_sides_knows_the_school(low: School, other: School) -> None:
    before = run_at(low.territory, BEFORE)
    heir = anew(low)
    after = run_at(low.territory)

    comparison = Comparison(before, after)

    assert comparison.moves == {Move.ENTERED: [], Move.LEFT: [], Move.STAYED: [heir.pk]}
    assert [(row.school_id, row.lines) for row in comparison.rows([heir.pk])] == [(heir.pk, ())]
    assert other


def test_corrections_of_both_persons_stand_under_the_school(low: School) -> None:
    heir = anew(low)
    make_correction(low)

    found = corrections_between([heir.pk], BEFORE, timezone.now(), read_lineage())

    assert {key[0] for key in found} == {heir.pk}


def test_series_go_through_the_change(low: School) -> None:
    heir = anew(low)
    make_result(school=heir, subject="RU", marks=(3, 20, 15, 2))

    own = series_of(heir)
    together = series_by_school(School.objects.filter(pk=heir.pk), (2025, 2026))

    assert {(year, work.subject): count.low for (year, work), count in own.counts.items()} == {
        (2026, "RU"): 3,
        (2026, "MA"): 12,
        (2025, "RU"): 15,
    }
    assert together[heir.pk].counts == own.counts
    assert outcomes_of([heir.pk], read_lineage()) == (2026, {heir.pk: Outcome(low=15, participants=80)})


def test_series_of_a_merged_school_stay_its_own(low: School, other: School) -> None:
    merge(low, other)

    assert series_of(other).years == [2026]
    assert sum(count.participants for count in series_of(other).counts.values()) == 40


# What is told


def test_card_tells_of_the_former_legal_person(low: School) -> None:
    verdict = judged(anew(low))

    steps = [plain(step.text) for step in card_of(verdict, verdict.run).steps if step.kind == "info"]

    assert (
        "Прежнее юридическое лицо школы до 01.09.2026: СОШ № 3, учтены его результаты и перечни; "
        "в перечне по результатам 2025 года"
    ) in steps
    assert steps[-1] in [plain(step.text) for step in r8s.grounds_of(verdict).steps]


def test_card_tells_of_a_merged_school_what_was_inherited(low: School, other: School) -> None:
    never = make_quiet_school(territory=low.territory, name="Начальная школа")
    merge(low, other)
    merge(never, other)
    verdict = judged(other)

    steps = [plain(step.text) for step in card_of(verdict, verdict.run).steps if step.kind == "info"]

    assert "; ".join(steps[-2:]) == (
        "С 01.09.2026 присоединена школа: СОШ № 3, учтены её прежние перечни, но не результаты; "
        "в перечне по результатам 2025 года; "
        "С 01.09.2026 присоединена школа: Начальная школа, учтены её прежние перечни, но не результаты; "
        "в опубликованных перечнях прежних лет не было"
    )


def test_page_for_print_the_extract_and_r8_name_whose_list_it_was(low: School, other: School, sign_in: SignIn) -> None:
    merge(low, other)
    run = run_at(low.territory)
    person = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=low.territory)
    make_published_list(run, person)
    verdict, words = run.verdicts.get(school=other), "В перечне была присоединённая школа — СОШ № 3 (с 01.09.2026)"

    page = BeautifulSoup(sign_in(person).get(verdict.get_absolute_url()).content, "html.parser")
    (listed,) = r8.collect(make_spec(low.territory, kind="R8")).schools

    assert words in " ".join(plain(page.get_text(" ")).split())
    assert any(plain(remark).startswith(words) for remark in listed.remarks)
    assert any(plain(step.text).startswith(words) for step in r8s.grounds_of(verdict).steps)


def test_card_of_a_run_before_the_change_tells_nothing_of_it(low: School, other: School) -> None:
    verdict = judged(other, BEFORE)
    merge(low, other)

    assert card_of(verdict, verdict.run).inherited == ()
