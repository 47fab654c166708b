"""Dynamics over the years as facts: which years, which pairs, what stands between, around the school."""

from dataclasses import replace
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from reports.errors import NothingToReport
from reports.facts import r9
from reports.facts.frame import ReportSpec
from schools.choices import TerritoryLevel
from schools.dynamics import SchoolTrend, Trend, View
from schools.models import School, Territory
from tests.factories.facts import make_spec
from tests.factories.roadmaps import make_running
from tests.factories.schools import make_result, make_school, make_territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def territory() -> Territory:
    return make_territory(name="Округ")


@pytest.fixture
def school(territory: Territory) -> School:
    return make_school(territory=territory, name="СОШ № 3")


def write(school: School, year: int, low: int, *, subject: str = "RU", grade: int = 5, whole: int = 40) -> None:
    make_result(school=school, year=year, subject=subject, grade=grade, marks=(low, whole - low, 0, 0))


def spec(territory: Territory, first: int = 2026, last: int = 2026, *, school: School | None = None) -> ReportSpec:
    made = make_spec(territory, kind="R9", school=school)
    return replace(made, period_from=date(first, 1, 1), period_to=date(last, 12, 31))


def pair(facts: r9.R9Facts, year: int, view: View) -> r9.PairFacts:
    return next(each for each in facts.pairs if (each.year, each.view) == (year, view))


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        pytest.param(2026, 2026, [2025, 2026], id="a year stands against the one before"),
        pytest.param(2024, 2026, [2024, 2025, 2026], id="as asked"),
        pytest.param(2015, 2026, [2022, 2023, 2024, 2025, 2026], id="five at most"),
    ],
)
def test_years_follow_from_the_period(territory: Territory, first: int, last: int, years: list[int]) -> None:
    assert list(r9.years_asked(spec(territory, first, last))) == years


def test_school_has_each_pair_of_years_in_both_views(territory: Territory, school: School) -> None:
    for year, low in ((2024, 20), (2025, 12), (2026, 4)):
        write(school, year, low)
    write(school, 2026, 8, grade=6)

    facts = r9.collect(spec(territory, 2022, school=school))

    assert (facts.school, facts.years) == ("СОШ № 3", (2024, 2025, 2026))
    assert [(each.year, each.view) for each in facts.pairs] == [
        (2026, View.PARALLEL), (2026, View.COHORT), (2025, View.PARALLEL), (2025, View.COHORT),
    ]  # fmt: skip
    (fifth, sixth) = pair(facts, 2026, View.PARALLEL).changes
    assert (fifth.title, fifth.code) == ("ВПР, русский язык, 5 класс", "ВПР РУ-5")
    assert fifth.before == r9.YearCount(year=2025, low=12, participants=40)
    assert fifth.after == r9.YearCount(year=2026, low=4, participants=40)
    assert (fifth.trend, fifth.is_significant) == (Trend.IMPROVING, True)  # 30 % to 10 %, z = 2,24
    assert (sixth.before, sixth.trend) == (None, Trend.NOT_WRITTEN)
    assert sixth.shortage.replace("\u00a0", " ") == "нет результата 2025 года, участников 2026 года – 40"
    assert fifth.shortage == ""
    (cohort,) = pair(facts, 2026, View.COHORT).changes
    assert (cohort.title, cohort.before) == (
        "ВПР, русский язык, 6 класс",
        r9.YearCount(year=2025, low=12, participants=40),
    )
    assert pair(facts, 2025, View.COHORT).changes == ()


def test_levels_count_the_obligatory_works(territory: Territory, school: School) -> None:
    for subject, before, after in (("RU", 12, 4), ("MA", 12, 4), ("BI", 4, 12)):
        write(school, 2025, before, subject=subject)
        write(school, 2026, after, subject=subject)
    write(school, 2025, 2, grade=6, whole=9)
    write(school, 2026, 9, grade=6, whole=9)

    parallel = pair(r9.collect(spec(territory, school=school)), 2026, View.PARALLEL)

    assert parallel.trend == SchoolTrend.IMPROVING
    assert parallel.levels == r9.Levels(improving=2, stable=0, declining=0, unknown=1)
    assert "динамика отрицательная: ВПР, биология (5\u00a0класс)" in parallel.sentence


def test_territory_adds_its_schools_up(territory: Territory, school: School) -> None:
    other = make_school(territory=territory)
    for year, lows in ((2025, (12, 8)), (2026, (4, 6))):
        for each, low in zip((school, other), lows, strict=True):
            write(each, year, low)
    make_result(school=other, year=2026, grade=7, participants=5, marks=(0, 0, 0, 0), mark2=None)
    write(make_school(), 2026, 40)

    facts = r9.collect(spec(territory))

    assert facts.school == ""
    (work,) = facts.works
    assert work.counts == (
        r9.YearCount(year=2025, low=20, participants=80),
        r9.YearCount(year=2026, low=10, participants=80),
    )
    assert [(each.parallel, each.parallel_levels.improving) for each in facts.schools] == [
        (SchoolTrend.STABLE, 0),  # in the order of the names: «МБОУ …» before «СОШ № 3»
        (SchoolTrend.MIXED, 1),
    ]


def test_territory_compares_the_same_schools_and_keeps_the_sums_of_the_years(
    territory: Territory, school: School
) -> None:
    for year, low in ((2025, 12), (2026, 12)):
        write(school, year, low)
    write(make_school(territory=territory), 2025, 40)

    facts = r9.collect(spec(territory))

    (change,) = pair(facts, 2026, View.PARALLEL).changes
    assert change.schools == r9.ComparedFacts(both=1, only_before=1, only_after=0)
    assert (change.before, change.after, change.trend) == (
        r9.YearCount(year=2025, low=12, participants=40),
        r9.YearCount(year=2026, low=12, participants=40),
        Trend.STABLE,
    )
    assert facts.works[0].counts[0] == r9.YearCount(year=2025, low=52, participants=80)
    assert pair(r9.collect(spec(territory, school=school)), 2026, View.PARALLEL).changes[0].schools is None


def test_work_written_in_autumn_alone_counts_and_retakes_do_not(territory: Territory, school: School) -> None:
    for year, period, low in ((2025, "main", 10), (2026, "autumn", 5), (2026, "reserve", 40)):
        make_result(school=school, year=year, period=period, marks=(low, 40 - low, 0, 0))

    (work,) = r9.collect(spec(territory)).works

    assert [(each.year, each.low) for each in work.counts] == [(2025, 10), (2026, 5)]


def test_region_tells_no_single_schools(territory: Territory, school: School) -> None:
    assert territory.parent
    for year in (2025, 2026):
        write(school, year, 12)

    facts = r9.collect(spec(territory.parent))

    assert territory.parent.level == TerritoryLevel.REGION
    assert (len(facts.works), facts.schools, facts.has_schools) == (1, (), False)


def test_years_that_differed_have_their_remark_and_no_level(territory: Territory, school: School) -> None:
    for year, low in ((2020, 20), (2021, 4)):
        write(school, year, low)

    (change,) = pair(r9.collect(spec(territory, 2020, 2021, school=school)), 2021, View.PARALLEL).changes

    assert change.trend == Trend.NOT_COMPARABLE
    (remark,) = change.remarks
    assert remark.forbids
    assert remark.text.startswith("В 2020 году ВПР писали в сентябре")


def test_years_with_a_gap_are_no_pair(territory: Territory, school: School) -> None:
    for year in (2022, 2024):
        write(school, year, 10)

    assert r9.collect(spec(territory, 2022, 2024, school=school)).pairs == ()


@pytest.mark.parametrize(
    ("years", "words"),
    [((), "Результатов за 2025–2026 годы нет"), ((2026,), "есть результаты только 2026 года")],
)
def test_fewer_than_two_years_are_refused_with_the_way_on(
    territory: Territory, school: School, years: tuple[int, ...], words: str
) -> None:
    for year in years:
        write(school, year, 10)

    with pytest.raises(NothingToReport, match=words):
        r9.collect(spec(territory, school=school))


@pytest.mark.parametrize(("schools", "around"), [(1, None), (3, 36)])
def test_municipality_stands_beside_unless_a_school_could_be_read_out(
    territory: Territory, school: School, schools: int, around: int | None
) -> None:
    for each in [school, *(make_school(territory=territory) for _ in range(schools - 1))]:
        for year in (2025, 2026):
            write(each, year, 12)

    facts = r9.collect(spec(territory, school=school))

    assert [(each.year, each.low, each.around_low) for each in facts.beside] == [(2025, 12, around), (2026, 12, around)]


def test_roadmap_is_told_beside_the_results(territory: Territory, school: School) -> None:
    for year in (2025, 2026):
        write(school, year, 12)
    assert r9.collect(spec(territory, school=school)).execution is None

    make_running(school=school, measures=2)

    execution = r9.collect(spec(territory, school=school)).execution
    assert execution is not None
    assert (execution.counted, execution.done) == (2, 0)


@pytest.mark.parametrize("number", [1, 4])
def test_queries_do_not_grow_with_schools(
    territory: Territory, number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        each = make_school(territory=territory)
        for year in (2025, 2026):
            write(each, year, 12)

    with django_assert_max_num_queries(6):  # two of them ask which schools were registered anew
        r9.collect(spec(territory))
