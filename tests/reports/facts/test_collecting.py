"""Rows of the other apps as facts."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.russian import NBSP
from monitoring.actions.submissions import submit
from reports.errors import NothingToReport
from reports.facts import r1, r4, r8
from reports.facts.parts import Act, CautionCode, Share
from riskprofiles.choices import ProfileState
from roadmaps.choices import MeasureStatus
from roadmaps.models import Measure, Roadmap
from schools.actions.identification import decide
from schools.choices import Decision, DecisionReason, ListKind, ListState, SchoolKind
from schools.models import LegalAct, School, SchoolVerdict, Territory
from tests.factories.facts import make_spec
from tests.factories.lists import (
    REASON,
    annul,
    make_exclusion,
    make_held_school,
    make_list,
    make_low_school,
    make_published_list,
    make_run,
    make_run_under,
)
from tests.factories.monitoring import AT, fill, make_open_cycle
from tests.factories.riskprofiles import make_profile
from tests.factories.roadmaps import make_running
from tests.factories.schools import make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
LATE = date(2026, 4, 1)


@pytest.fixture
def territory() -> Territory:
    return make_territory(name="Округ", name_genitive="Округа", name_prepositional="Округе", seat="г. Бор")


@pytest.fixture
def schools(territory: Territory) -> list[School]:
    return [make_school(territory=territory, name=f"СОШ № {number}") for number in (3, 5)]


def run_measures(roadmap: Roadmap, *statuses: MeasureStatus, done_on: date = date(2026, 3, 1)) -> None:
    """Mark measures as the execution page would; the first ones take the statuses."""
    for measure, status in zip(roadmap.measures.in_order(), statuses, strict=False):
        is_done = status in {MeasureStatus.DONE, MeasureStatus.DONE_LATE}
        Measure.objects.filter(pk=measure.pk).update(
            status=status,
            done_on=LATE if status == MeasureStatus.DONE_LATE else done_on if is_done else None,
            evidence_count=1,
            cancel_reason="Не нужно" if status == MeasureStatus.CANCELLED else "",
        )


def codes(facts: r4.R4Facts | r1.R1Facts | r8.R8Facts) -> list[str]:
    return [caution.code for caution in facts.cautions]


# R4


def test_execution_is_counted_by_schools(territory: Territory, schools: list[School]) -> None:
    make_list(schools, year=2026)
    roadmap = make_running(school=schools[0], measures=4)
    run_measures(roadmap, MeasureStatus.DONE, MeasureStatus.DONE_LATE, MeasureStatus.CANCELLED)

    facts = r4.collect(make_spec(territory))
    first, second = facts.schools

    assert (first.school, first.counted, first.done, first.on_time, first.overdue) == ("СОШ № 3", 3, 2, 1, 1)
    assert first.approval == Act(
        kind="приказ",
        issuer_genitive="отдела образования",
        date=date(2026, 1, 25),
        number="124",
        title="Об утверждении дорожной карты",
        url="",
    )
    assert (second.school, second.counted, second.done) == ("СОШ № 5", None, None)
    assert second.is_submitted is None


def test_measure_done_after_its_term_is_not_in_time(territory: Territory, schools: list[School]) -> None:
    roadmap = make_running(school=schools[0], measures=1)
    run_measures(roadmap, MeasureStatus.DONE, done_on=LATE)

    (school,) = r4.collect(make_spec(territory)).schools

    assert (school.done, school.on_time) == (1, 0)


def test_day_of_the_data_decides_what_is_overdue(territory: Territory, schools: list[School]) -> None:
    make_running(school=schools[0], measures=1)

    before = r4.collect(make_spec(territory, as_of=date(2026, 3, 15))).schools[0]
    after = r4.collect(make_spec(territory, as_of=date(2026, 3, 16))).schools[0]

    assert (before.overdue, after.overdue) == (0, 1)


def test_list_of_the_year_before_serves_when_there_is_no_newer(territory: Territory, schools: list[School]) -> None:
    make_list(schools, year=2025)

    (listed,) = r4.collect(make_spec(territory)).lists

    assert (listed.year, listed.names) == (2025, ("СОШ № 3", "СОШ № 5"))
    assert listed.basis is not None
    assert listed.basis.number == "100"


@pytest.mark.parametrize(
    ("excluded_on", "annulled_on", "names"),
    [
        (date(2026, 1, 15), None, ("СОШ № 5",)),
        (date(2026, 1, 15), date(2026, 2, 1), ("СОШ № 3", "СОШ № 5")),
        (date(2026, 1, 15), date(2027, 1, 1), ("СОШ № 5",)),
        (date(2027, 1, 15), None, ("СОШ № 3", "СОШ № 5")),
    ],
)
def test_school_that_an_order_had_excluded_by_the_day_of_the_data_is_not_named(
    excluded_on: date, annulled_on: date | None, names: tuple[str, ...], territory: Territory, schools: list[School]
) -> None:
    exclusion = make_exclusion(make_list(schools, year=2025), schools[0], day=excluded_on)
    if annulled_on:
        annul(exclusion, day=annulled_on)

    facts = r4.collect(make_spec(territory))

    assert [listed.names for listed in facts.lists] == [names]
    assert tuple(school.school for school in facts.schools) == names


@pytest.mark.parametrize(("start", "years"), [(date(1900, 1, 1), [2026]), (date(2028, 1, 1), [])])
def test_long_period_takes_the_newest_list_of_its_years(
    start: date, years: list[int], territory: Territory, schools: list[School]
) -> None:
    for year in (2024, 2026):
        make_list(schools, year=year)

    spec = replace(make_spec(territory), period_from=start, period_to=date(2100, 12, 31))

    assert [listed.year for listed in r4.collect(spec).lists] == years


def test_regional_list_counts_with_the_schools_of_the_territory_only(
    territory: Territory, schools: list[School]
) -> None:
    stranger = make_school(territory=make_territory(parent=territory.parent), name="Чужая СОШ")
    assert territory.parent
    make_list([schools[0], stranger], year=2026, kind=ListKind.REGIONAL, territory=territory.parent)

    facts = r4.collect(make_spec(territory))

    assert [listed.names for listed in facts.lists] == [("СОШ № 3",)]
    assert [school.school for school in facts.schools] == ["СОШ № 3"]


def test_drafts_and_neighbours_stay_out(territory: Territory, schools: list[School]) -> None:
    make_list(schools, year=2026, state=ListState.DRAFT)
    make_running(school=make_school())

    facts = r4.collect(make_spec(territory))

    assert (facts.lists, facts.schools, facts.plan) == ((), (), None)
    assert codes(facts) == [CautionCode.NO_LIST, CautionCode.NO_ROADMAP]


def test_plan_of_the_territory_is_told_by_sections(territory: Territory) -> None:
    roadmap = make_running(territory=territory, measures=2)
    run_measures(roadmap, MeasureStatus.DONE)

    plan = r4.collect(make_spec(territory)).plan

    assert plan is not None
    assert plan.url == roadmap.get_absolute_url()
    (section,) = (section for section in plan.sections if section.counted)
    assert (section.counted, section.done) == (2, 1)
    assert section.done_titles == ("Провести диагностику дефицитов учителей",)


def test_order_of_the_plan_older_than_the_list_is_noticed(territory: Territory, schools: list[School]) -> None:
    make_list(schools, year=2026)  # its order is of October
    make_running(territory=territory)

    facts = r4.collect(make_spec(territory))

    assert CautionCode.ROADMAP_BEFORE_LIST in codes(facts)


def test_submissions_of_the_latest_cycle_are_counted(territory: Territory, schools: list[School]) -> None:
    make_list(schools, year=2026)
    cycle = make_open_cycle(schools=schools)
    submission = cycle.submissions.get(school=schools[0])
    fill(submission)
    submit(submission=submission, by=make_user(), at=AT)

    facts = r4.collect(make_spec(territory))

    assert facts.submitted == Share(numerator=1, denominator=2)
    assert [school.is_submitted for school in facts.schools] == [True, False]
    assert facts.monitoring_order is not None
    assert CautionCode.SCHOOLS_NOT_SUBMITTED in codes(facts)


def test_cycle_after_the_day_of_the_data_is_unknown(territory: Territory, schools: list[School]) -> None:
    make_open_cycle(schools=schools)

    facts = r4.collect(make_spec(territory, as_of=date(2026, 2, 1)))

    assert facts.monitoring_order is None
    assert facts.submitted == Share(numerator=None, denominator=None)


def test_cycle_whose_order_came_after_the_day_of_the_data_is_unknown(
    territory: Territory, schools: list[School]
) -> None:
    cycle = make_open_cycle(schools=schools)
    LegalAct.objects.filter(pk=cycle.basis_order_id).update(date=date(2026, 12, 26))

    assert r4.collect(make_spec(territory)).monitoring_order is None


def test_roadmap_approved_after_the_day_of_the_data_is_not_approved(
    territory: Territory, schools: list[School]
) -> None:
    make_running(school=schools[0])  # by orders of 25 January
    make_running(territory=territory)

    before, after = (r4.collect(make_spec(territory, as_of=date(2026, 1, day))) for day in (24, 25))

    assert (before.schools, before.plan) == ((), None)
    assert [school.school for school in after.schools] == ["СОШ № 3"]
    assert after.plan is not None


def test_risk_factors_gather_measures_of_all_schools(territory: Territory, schools: list[School]) -> None:
    for school in schools:
        profile = make_profile(school=school, state=ProfileState.APPROVED)
        make_running(profile=profile, measures=1)

    factors = r4.collect(make_spec(territory)).factors

    assert factors
    assert {(factor.schools, factor.counted, factor.done, factor.fulfilled) for factor in factors} == {(2, 2, 0, 0)}


def test_report_of_one_school_sees_only_it(territory: Territory, schools: list[School]) -> None:
    make_list(schools, year=2026)
    make_running(territory=territory)

    facts = r4.collect(make_spec(territory, school=schools[1]))

    assert facts.school == "СОШ № 5"
    assert [school.school for school in facts.schools] == ["СОШ № 5"]
    assert facts.plan is None


# R8


def grounds(school: r8.ListedSchool) -> list[tuple[int, str, int, int, int]]:
    return [(each.condition, each.procedure, each.year, each.low, each.participants) for each in school.grounds]


def test_grounds_come_from_the_parts_of_the_verdict(territory: Territory) -> None:
    make_low_school(territory=territory, name="СОШ № 9")
    make_published_list(make_run(territory=territory))
    make_school(territory=territory)  # after the run: nobody asked about it

    facts = r8.collect(make_spec(territory, kind="R8"))
    (school,) = facts.schools

    assert (facts.year, facts.total_schools, facts.cautions) == (2026, 1, ())
    assert (school.low, school.repeated, school.is_manual) == (2, 1, False)
    assert grounds(school) == [
        (1, "ВПР, русский язык, 5 класс", 2026, 20, 40),
        (1, "ВПР, математика, 5 класс", 2026, 12, 40),
        (2, "ВПР, русский язык, 5 класс", 2025, 15, 40),
        (2, "ВПР, русский язык, 5 класс", 2026, 20, 40),
    ]


def test_schools_without_a_verdict_are_no_part_of_the_total(territory: Territory) -> None:
    make_low_school(territory=territory, name="Низкая")
    make_school(territory=territory, name="Без результатов")
    make_low_school(territory=territory, name="Вечерняя", kind=SchoolKind.EVENING)
    make_published_list(make_run_under(territory=territory, exclude_types=["О(С)ОШ"]))

    facts = r8.collect(make_spec(territory, kind="R8"))

    assert [school.name for school in facts.schools] == ["Низкая"]
    assert (facts.total_schools, facts.not_judged) == (1, r8.NotJudged(without_data=1, not_covered=1))


def test_school_without_a_verdict_that_a_decision_lists_is_in_the_total(territory: Territory) -> None:
    make_low_school(territory=territory, name="Низкая")
    silent = make_school(territory=territory, name="Без результатов")
    run, person = make_run(territory=territory), make_user()
    decide(
        verdict=run.verdicts.get(school=silent),
        decision=Decision.INCLUDED,
        reason_code=DecisionReason.COMMISSION,
        text=REASON,
        by=person,
        at=AT,
    )
    make_published_list(run, person)

    facts = r8.collect(make_spec(territory, kind="R8"))

    assert (len(facts.schools), facts.total_schools, facts.not_judged) == (2, 2, r8.NotJudged())


def test_school_that_the_exit_rule_keeps_says_so_in_a_remark(territory: Territory) -> None:
    make_held_school(territory=territory)
    make_published_list(make_run(territory=territory))

    (school,) = r8.collect(make_spec(territory, kind="R8")).schools

    assert (grounds(school), school.is_manual) == ([], False)
    assert [remark for remark in school.remarks if "перечн" in remark]


def test_changed_wording_of_reasons_changes_no_figure(territory: Territory) -> None:
    make_low_school(territory=territory)
    run = make_run(territory=territory)
    reworded = [{"code": "C1", "reference": "иначе", "text": "Иначе.", "printed": "иначе"}]
    SchoolVerdict.objects.filter(run=run).update(grounds=reworded)
    make_published_list(run)

    (school,) = r8.collect(make_spec(territory, kind="R8")).schools

    assert [(each.low, each.participants) for each in school.grounds] == [(20, 40), (12, 40), (15, 40), (20, 40)]


def collected_under(territory: Territory, **changes: Any) -> tuple[r8.R8Facts, r8.ListedSchool]:
    """Return R8 of a published list of one school, made by RU-2025 with some parameters changed."""
    make_published_list(make_run_under(territory=territory, **changes))
    facts = r8.collect(make_spec(territory, kind="R8"))
    return facts, facts.schools[0]


def make_two_low_years(territory: Territory) -> School:
    school = make_school(territory=territory)
    for subject in ("RU", "MA"):
        for year in (2025, 2026):
            make_result(school=school, subject=subject, year=year, marks=(20, 20, 0, 0))
    return school


def test_rule_of_two_years_has_its_own_conditions_and_grounds_in_both(territory: Territory) -> None:
    make_two_low_years(territory)

    facts, school = collected_under(territory, repeat_same_procedure=False, combine="C1_ONLY", years_required=2)

    assert facts.applied
    assert facts.applied.repeat_years is None
    assert facts.applied.conditions.startswith("Условие 1 – ")
    assert facts.applied.conditions.endswith(f"и так 2{NBSP}года подряд.")
    assert [(condition, year) for condition, _, year, *_ in grounds(school)] == [
        (1, 2025),
        (1, 2025),
        (1, 2026),
        (1, 2026),
    ]


def test_three_lists_have_grounds_in_every_year_that_they_ask(territory: Territory) -> None:
    make_two_low_years(territory)

    _, school = collected_under(territory, trend_rule={"years": 2, "high_share_pct": 50})

    assert {(condition, year) for condition, _, year, *_ in grounds(school)} == {(1, 2025), (1, 2026)}


@pytest.mark.parametrize("measure", ["TOTAL", "EACH_WORK"])
def test_comparison_that_decides_alone_is_told_in_words_and_not_by_the_threshold(
    territory: Territory, measure: str
) -> None:
    low = make_two_low_years(territory)
    for _ in range(3):
        make_result(school=make_school(territory=territory), marks=(13, 27, 0, 0))  # at the threshold, yet better

    rule = {"cluster_by": ["KIND"], "min_schools": 2, "measure": measure, "min_procedures": 1}
    facts, school = collected_under(territory, relative_rule=rule)

    assert facts.applied
    assert (facts.applied.is_numbered, facts.applied.repeat_years) == (False, None)
    assert [each.name for each in facts.schools] == [low.name]
    assert school.grounds == ()
    assert any("Школа отстаёт от похожих школ" in remark for remark in school.remarks)


def test_repeat_that_could_not_be_checked_is_no_zero(territory: Territory) -> None:
    school = make_school(territory=territory)
    for subject in ("RU", "MA"):
        make_result(school=school, subject=subject, marks=(20, 20, 0, 0))
    make_published_list(make_run(territory=territory))

    (listed,) = r8.collect(make_spec(territory, kind="R8")).schools

    assert (listed.low, listed.repeated) == (2, None)


def test_school_listed_by_hand_has_no_grounds(territory: Territory, schools: list[School]) -> None:
    make_list(schools[:1], year=2026)

    (school,) = r8.collect(make_spec(territory, kind="R8")).schools

    assert (school.low, school.repeated, school.grounds) == (None, None, ())
    assert r8.collect(make_spec(territory, kind="R8")).applied is None


def test_draft_list_is_reported_with_a_caution(territory: Territory, schools: list[School]) -> None:
    make_list(schools, year=2026, state=ListState.DRAFT)

    facts = r8.collect(make_spec(territory, kind="R8"))

    assert facts.basis is None
    assert codes(facts) == [CautionCode.LIST_NOT_PUBLISHED]


def test_draft_of_the_year_goes_before_the_published_list_of_the_year_before(
    territory: Territory, schools: list[School]
) -> None:
    make_list(schools, year=2025)
    make_list(schools[:1], year=2026, state=ListState.DRAFT)

    facts = r8.collect(make_spec(territory, kind="R8"))

    assert (facts.year, [school.name for school in facts.schools]) == (2026, ["СОШ № 3"])
    assert codes(facts) == [CautionCode.LIST_NOT_PUBLISHED]
    assert facts.missing


def test_published_list_goes_before_a_later_draft_of_its_year(territory: Territory, schools: list[School]) -> None:
    make_list(schools, year=2026)
    make_list(schools[:1], year=2026, state=ListState.DRAFT, created_at=AT.replace(year=2027))

    facts = r8.collect(make_spec(territory, kind="R8"))

    assert (len(facts.schools), codes(facts)) == (2, [])


def test_list_of_a_year_before_the_period_is_told_apart(territory: Territory, schools: list[School]) -> None:
    make_list(schools, year=2025)
    spec = make_spec(territory, kind="R8")

    (told,) = r8.collect(spec).cautions
    school_year = replace(spec, period_from=date(2025, 9, 1), period_to=date(2026, 8, 31))

    assert told.text == "Перечня по результатам 2026 года нет: показан перечень по результатам 2025 года."
    assert codes(r8.collect(school_year)) == []


def test_list_names_who_left_it_and_stays_as_it_was_published(territory: Territory, schools: list[School]) -> None:
    make_exclusion(make_list(schools, year=2025), schools[0], day=date(2026, 1, 15))

    facts = r8.collect(make_spec(territory, kind="R8"))

    assert [school.name for school in facts.schools] == ["СОШ № 3", "СОШ № 5"]
    (words,) = facts.excluded
    assert words.startswith("СОШ № 3 с 15.01.2026, приказ")
    assert "№ 901" in words.replace("\u00a0", " ")


def test_no_list_at_all_is_refused_with_the_next_step(territory: Territory) -> None:
    with pytest.raises(NothingToReport, match="Проведите выявление"):
        r8.collect(make_spec(territory, kind="R8"))


# R1


def test_profiles_and_factors_are_summed_up(territory: Territory, schools: list[School]) -> None:
    make_list(schools, year=2026)
    make_profile(school=schools[0], state=ProfileState.APPROVED)
    make_profile(school=schools[1], state=ProfileState.SCHOOL_REVIEW)

    facts = r1.collect(make_spec(territory, kind="R1"))

    assert facts.profiles is not None
    assert facts.profiles.factors == 9
    assert facts.profiles.self_diagnosed == Share(numerator=1, denominator=2)
    assert facts.profiles.verified == Share(numerator=1, denominator=2)
    assert {(factor.confirmed, factor.activated) for factor in facts.factors} == {(1, 1)}


def test_outcomes_add_counts_of_the_listed_schools(territory: Territory, schools: list[School]) -> None:
    make_list(schools, year=2026)
    for school, low in zip(schools, (10, 20), strict=True):
        make_result(school=school, year=2025, marks=(low + 5, 10, 10, 10))
        make_result(school=school, year=2026, marks=(low, 10, 10, 10))
    make_result(school=make_school(territory=territory), marks=(40, 0, 0, 0))

    (outcome,) = r1.collect(make_spec(territory, kind="R1")).outcomes

    assert (outcome.procedure, outcome.subject, outcome.year) == ("ВПР", "русский язык", 2026)
    assert outcome.before == Share(numerator=40, denominator=100)
    assert outcome.now == Share(numerator=30, denominator=90)


def test_metrics_are_summed_over_schools_that_gave_both_numbers(territory: Territory, schools: list[School]) -> None:
    make_list(schools, year=2026)
    cycle = make_open_cycle(schools=schools)
    submission = cycle.submissions.get(school=schools[0])
    fill(submission, numerator=3, denominator=10)
    submit(submission=submission, by=make_user(), at=AT)
    fill(cycle.submissions.get(school=schools[1]), numerator=4, denominator=10)  # entered, not handed in

    facts = r1.collect(make_spec(territory, kind="R1"))
    metric = next(metric for metric in facts.metrics if metric.value.numerator == 3)

    assert metric.value == Share(numerator=3, denominator=10)
    assert metric.reported == Share(numerator=1, denominator=2)
    (stage,) = facts.cycles
    assert (stage.stage, stage.submitted) == ("Промежуточный", Share(numerator=1, denominator=2))


def test_empty_territory_is_full_of_cautions(territory: Territory) -> None:
    facts = r1.collect(make_spec(territory, kind="R1"))

    assert codes(facts) == [
        CautionCode.NO_LIST,
        CautionCode.NO_ROADMAP,
        CautionCode.NO_PROFILE,
        CautionCode.NO_MONITORING,
    ]
    assert (facts.recommends, r4.collect(make_spec(territory)).recommends) == (False, False)


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("kind", "collect", "queries"), [("R4", r4.collect, 13), ("R1", r1.collect, 20)])
def test_queries_do_not_grow_with_schools(
    kind: str,
    collect: object,
    queries: int,
    number: int,
    *,
    territory: Territory,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    schools = [make_school(territory=territory) for _ in range(number)]
    make_list(schools, year=2026)
    make_open_cycle(schools=schools, at=datetime(2026, 2, 2, 9, tzinfo=UTC))
    for school in schools:
        make_running(school=school)

    with django_assert_num_queries(queries):
        collect(make_spec(territory, kind=kind))  # type: ignore[operator]  # a table of functions
