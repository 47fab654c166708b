"""Runs whose low result is the lower quarter of the primary scores: what is read, kept and judged."""

import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.permissions import Role
from schools.actions.reorganisation import register_anew
from schools.calculation import calculate
from schools.fingerprints import sameness_of
from schools.identification import (
    Case,
    Part,
    Quarter,
    Rules,
    SchoolFacts,
    ScoredWork,
    Verdict,
    Work,
    judge,
    low_in_quarter,
    quarters_of,
)
from schools.models import IdentificationRun, Territory
from schools.quarter_reading import quarters_today
from schools.verdict_reading import card_of
from tests.factories.federal import scores_file
from tests.factories.identification import make_rules
from tests.factories.imports import ImportGround
from tests.factories.imports import named as name_in_file
from tests.factories.lists import AT, make_list, make_low_school
from tests.factories.quarters import (
    BY_THRESHOLD,
    EXAMPLE,
    RU_4,
    SCORES,
    example_rules,
    make_example,
    make_scores,
    run_rule,
)
from tests.factories.schools import make_actor, make_inn, make_result, make_school, make_territory
from tests.factories.social import HARD, WORKED
from tests.factories.social import make_run as make_social_run

pytestmark = pytest.mark.django_db
WORK = ScoredWork(2026, RU_4, "spring", "none")
QUARTER = Quarter(1, 4, 46, 180)  # of the example: 21 have the score 0, 25 the score 1


@pytest.fixture
def territory() -> Territory:
    return make_territory()


def named(run: IdentificationRun) -> list[str]:
    return sorted(run.verdicts.filter(verdict=Verdict.SHNOR).values_list("school__name", flat=True))


def parts_of(run: IdentificationRun, name: str) -> list[Part]:
    return [part for part in run.verdicts.get(school__name=name).evidence if part.participants is not None]


# The worked example of docs/methodology.md


def test_example_names_the_worst_of_each_cluster() -> None:
    quarters = quarters_of((WORK, scores, sum(scores)) for scores, _ in SCORES.values())
    lows = {name: low_in_quarter(scores, sum(scores), quarters[WORK]) for name, (scores, _) in SCORES.items()}
    cases = {
        name: Case({2026: {RU_4: Work(20, lows[name])}}, SchoolFacts(kind="СОШ", is_socially_difficult=is_hard))
        for name, (_, is_hard) in SCORES.items()
    }
    alone = Rules.from_parameters(BY_THRESHOLD)

    assert quarters == {WORK: QUARTER}
    assert lows == {"А": 1, "Б": 2, "В": 3, "Г": 4, "Д": 6, "Е": 5, "Ж": 7, "З": 8, "И": 10}
    assert who(judge(cases, example_rules(), 2026)) == ["Д", "И"]
    assert who(judge(cases, alone, 2026)) == ["Д", "Ж", "З", "И"]


def test_example_is_the_rule_of_the_methodology() -> None:
    text = (Path(__file__).parents[2] / "docs" / "methodology.md").read_text(encoding="utf-8")

    (block,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)

    assert tomllib.loads(block) == EXAMPLE


def who(verdicts: dict[str, Any]) -> list[str]:
    return [name for name, each in verdicts.items() if each.verdict is Verdict.SHNOR]


def test_example_is_judged_alike_out_of_the_database(territory: Territory) -> None:
    schools = make_example(territory)
    make_social_run({schools[name]: HARD if is_hard else WORKED for name, (_, is_hard) in SCORES.items()})

    run = run_rule(territory, EXAMPLE)

    assert named(run) == ["Д", "И"]
    assert run.quarters == {WORK: QUARTER}
    (part,) = parts_of(run, "Ж")
    assert (part.low, part.participants) == (7, 20)
    assert run.verdicts.get(school__name="Ж").details["comparison"]["cluster"] == ["СОШ", "ШНСУ"]


# What is read


def test_municipality_is_judged_by_the_scores_of_the_region(territory: Territory) -> None:
    make_scores(make_school(territory=territory, name="Здесь"), [0, 5, 5, 10])
    neighbour = make_territory(parent=territory.parent)
    make_scores(make_school(territory=neighbour), [10, 30, 20, 0])
    assert territory.parent is not None

    own, region = run_rule(territory, BY_THRESHOLD), run_rule(territory.parent, BY_THRESHOLD)

    assert own.quarters == region.quarters == {ScoredWork(2026, RU_4, "spring", "none"): Quarter(1, 3, 45, 80)}
    assert parts_of(own, "Здесь") == parts_of(region, "Здесь")


def test_closed_schools_and_other_regions_do_not_move_the_boundary(territory: Territory) -> None:
    make_scores(make_school(territory=territory), [5, 5, 10])
    make_scores(make_school(territory=territory, status="closed"), [90, 0, 0])
    make_scores(make_school(), [90, 0, 0])

    assert quarters_today(territory, [2026], example_rules()) == {WORK: Quarter(0, 2, 5, 20)}


def test_results_of_a_former_legal_person_are_those_of_the_school(territory: Territory) -> None:
    former = make_school(territory=territory)
    make_scores(former, [5, 5, 10])
    keeper = make_actor(Role.MUNICIPAL_COORDINATOR, former)
    register_anew(school=former, inn=make_inn(5_000_777), ogrn="", on=date(2026, 9, 1), by=keeper, at=AT)

    assert quarters_today(territory, [2026], example_rules()) == {WORK: Quarter(0, 2, 5, 20)}


def test_school_whose_scores_are_not_known_is_never_judged_by_marks(territory: Territory) -> None:
    make_scores(make_school(territory=territory, name="С баллами"), [5, 5, 10])
    make_scores(make_school(territory=territory, name="Без баллов"), [], marks=(20, 0, 0, 0))
    make_scores(make_school(territory=territory, name="Не все"), [5, 5, 9], marks=(20, 0, 0, 0))
    make_scores(make_school(territory=territory, name="Другая шкала"), [5, 5, 4, 2])

    run = run_rule(territory, BY_THRESHOLD)

    verdicts = dict(run.verdicts.values_list("school__name", "verdict"))
    assert verdicts == {
        "С баллами": Verdict.RISK_GROUP,
        "Без баллов": Verdict.INSUFFICIENT_DATA,
        "Не все": Verdict.INSUFFICIENT_DATA,
        "Другая шкала": Verdict.INSUFFICIENT_DATA,
    }


def test_without_any_scores_nothing_is_known(territory: Territory) -> None:
    make_result(school=make_school(territory=territory), grade=4, marks=(20, 0, 0, 0))

    run = run_rule(territory, BY_THRESHOLD)

    assert (run.quarters, run.verdicts.get().verdict) == ({}, Verdict.INSUFFICIENT_DATA)


def test_years_and_levels_of_a_course_are_measured_apart_and_added_up(territory: Territory) -> None:
    """2 of 4 on the basic course, 1 of 4 on the advanced one: 3 of 8."""
    school = make_school(territory=territory, name="Школа")
    make_scores(school, [2, 2], level="base")
    make_scores(school, [0, 1, 1, 2], level="advanced")
    make_scores(school, [1, 1, 2], year=2025)

    run = run_rule(territory, {**BY_THRESHOLD, "min_participants": 1, "years_required": 2})

    assert run.quarters == {
        ScoredWork(2026, RU_4, "spring", "base"): Quarter(0, 1, 2, 4),
        ScoredWork(2026, RU_4, "spring", "advanced"): Quarter(1, 3, 1, 4),
        ScoredWork(2025, RU_4, "spring", "none"): Quarter(0, 2, 1, 4),
    }
    assert [(part.year, part.low, part.participants) for part in parts_of(run, "Школа")] == [(2026, 3, 8), (2025, 1, 4)]


EXAM: dict[str, Any] = {
    **BY_THRESHOLD,
    "procedures": [{"kind": "OGE", "subject": "RU", "grade": 9}],
    "low_definition": {"OGE": "LOWER_QUARTILE"},
    "attempt": "FINAL",
    "min_participants": 1,
}


def test_retake_is_measured_by_the_scores_of_the_main_period(territory: Territory) -> None:
    """Main: 5 of 20 have 0. They write again: 1 has 0, 4 have 1; by their own quarter it would be another boundary."""
    school = make_school(territory=territory, name="Школа")
    make_scores(school, [5, 5, 10], procedure="OGE", grade=9, period="main")
    make_scores(school, [1, 4, 0], procedure="OGE", grade=9, period="reserve")

    run = run_rule(territory, EXAM)

    (part,) = parts_of(run, "Школа")
    assert (part.low, part.participants) == (1, 20)
    assert list(run.quarters or {}) == [ScoredWork(2026, RU_4._replace(kind="OGE", grade=9), "main", "none")]


def test_scores_of_works_outside_of_the_rule_are_not_measured(territory: Territory) -> None:
    make_scores(make_school(territory=territory), [5, 5, 10])
    make_scores(make_school(territory=territory), [5, 5, 10], subject="MA")
    make_scores(make_school(territory=territory), [5, 5, 10], procedure="OGE", grade=9, period="main")
    rules = example_rules(
        procedures=[RU_4._asdict(), {"kind": "OGE", "subject": "RU", "grade": 9}],
        low_definition={"VPR": "LOWER_QUARTILE", "OGE": "MARK_2"},
    )

    assert list(quarters_today(territory, [2026], rules) or {}) == [WORK]


def test_years_that_only_listed_schools_are_asked_about_have_quarters_too(territory: Territory) -> None:
    school = make_school(territory=territory)
    for year in (2023, 2024, 2025, 2026):
        make_scores(school, [5, 5, 10], year=year)
    make_list([school], year=2023)

    run = run_rule(territory, BY_THRESHOLD)

    assert sorted(work.year for work in run.quarters or {}) == [2024, 2025, 2026]


@pytest.mark.parametrize("schools", [1, 3])
def test_rule_without_scores_reads_no_more_than_before(
    territory: Territory, schools: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(schools):
        make_scores(make_low_school(territory=territory), [5, 5, 10])

    with django_assert_num_queries(5):
        calculation = calculate(territory=territory, year=2026, rules=make_rules())
    assert calculation.quarters is None
    assert "[5" not in next(iter(calculation.texts.values()))


@pytest.mark.parametrize("schools", [1, 3])
def test_queries_of_a_municipality_and_of_a_region(
    territory: Territory, schools: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    region, rules = territory.parent, Rules.from_parameters(BY_THRESHOLD)
    assert region is not None
    for _ in range(schools):
        make_scores(make_school(territory=territory), [5, 5, 10])

    with django_assert_num_queries(7):
        calculate(territory=territory, year=2026, rules=rules)
    with django_assert_num_queries(5):
        calculate(territory=region, year=2026, rules=rules)


# What is kept


def test_run_of_another_rule_keeps_no_quarters(territory: Territory) -> None:
    make_scores(make_low_school(territory=territory), [5, 5, 10])

    run = run_rule(territory, make_rules().to_parameters())

    assert (run.lower_quarters, run.quarters) == ([], None)


def test_scores_of_a_neighbour_make_the_data_of_a_run_others(territory: Territory) -> None:
    make_scores(make_school(territory=territory), [5, 5, 10])
    neighbour = make_scores(make_school(territory=make_territory(parent=territory.parent)), [0, 10, 10])
    first, same = run_rule(territory, BY_THRESHOLD), run_rule(territory, BY_THRESHOLD)

    neighbour.score_hist = [10, 0, 10]
    neighbour.save()
    later = run_rule(territory, BY_THRESHOLD)

    alike, moved = (sameness_of(first.data_fingerprint, each.data_fingerprint) for each in (same, later))
    assert alike == (True, True)
    assert moved == (False, True)


def test_source_of_low_works_is_told_when_its_scores_change() -> None:
    """4 of 10 have the score 0, which is the quarter; a later file moves neither the counts nor their source."""
    ground = ImportGround()
    load_scores(ground, "old.xlsx", (4, 4, 2, 0, 0, 0, 0), datetime(2026, 9, 1, 9, tzinfo=UTC))
    run = run_rule(ground.territory, BY_THRESHOLD)
    (before,) = card_of(run.verdicts.get(school=ground.first), run).rows

    load_scores(ground, "new.xlsx", (3, 5, 2, 0, 0, 0, 0), datetime(2026, 11, 1, 9, tzinfo=UTC))

    (after,) = card_of(run.verdicts.get(school=ground.first), run).rows
    assert (after.part.low, after.part.participants) == (before.part.low, before.part.participants) == (4, 10)
    assert before.source.startswith("old.xlsx")
    assert after.source.startswith(f"{before.source} (исправлено позже: файл new.xlsx")


def load_scores(ground: ImportGround, name: str, scores: tuple[int, ...], at: datetime) -> None:
    content = scores_file({name_in_file(ground.first): scores}, year=2026, subject="RU", grade=4)
    ground.applied({name: content}, at=at)
