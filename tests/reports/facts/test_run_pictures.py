"""How far the schools of a run are from the threshold, as facts of a document."""

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from reports.facts.run_pictures import Apart, HeatMark, apart_of, heat_of, mark_of, spread_of
from schools.actions.identification import run_identification
from schools.actions.rule_sets import SHIPPED_FILES, load_rule_set
from schools.identification import Part, PartState, Procedure
from tests.factories.identification import make_rules
from tests.factories.lists import AT, make_low_school, make_near_school, make_run, make_run_under
from tests.factories.schools import make_result, make_territory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("schools", [1, 3])
def test_spread_holds_the_filled_bands_without_a_query(
    schools: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    territory = make_territory()
    for _ in range(schools):
        make_low_school(territory=territory)
    make_near_school(territory=territory)
    run = make_run(territory=territory)

    with django_assert_num_queries(0):
        (band,) = spread_of(run)

    assert (band.start, band.end, band.schools, band.reached) == (30, 35, schools, schools)


def test_rule_that_only_compares_schools_has_no_spread_about_condition_1() -> None:
    territory = make_territory()
    make_low_school(territory=territory)
    rule_set = load_rule_set(path=SHIPPED_FILES["REG-QUARTILE"], by=None)
    run = run_identification(rule_set=rule_set, territory=territory, year=2026, by=None, at=AT)

    assert spread_of(run) == ()
    assert spread_of(None) == ()
    assert (apart_of(run), apart_of(None)) == (None, None)


def test_schools_that_the_bands_leave_out_are_told_apart() -> None:
    territory = make_territory()
    make_low_school(territory=territory)
    make_near_school(territory=territory)
    make_low_school(territory=territory, kind="О(С)ОШ")
    run = make_run_under(territory=territory, exclude_types=["О(С)ОШ"])

    assert [band.schools for band in spread_of(run)] == [1]
    assert apart_of(run) == Apart(too_few=1, excluded=1, by_subject=False)


def test_heat_map_holds_the_works_of_the_year_with_what_the_rule_says() -> None:
    territory = make_territory()
    school = make_low_school(territory=territory)
    make_result(school=school, subject="RU", grade=6, marks=(11, 20, 7, 2))  # 27,5 %: zone of the risk group
    make_result(school=school, subject="MA", grade=6, marks=(1, 1, 1, 1))  # 25 % of four, and RU-2025 counts them
    make_result(school=school, subject="RU", grade=7, marks=(1, 20, 17, 2))
    verdict = make_run(territory=territory).verdicts.select_related("run").get()

    heat = heat_of([("Школа", verdict), ("Без расчёта", None)], 2026)

    assert heat is not None
    assert heat.works == ("ВПР МА-5", "ВПР РУ-5", "ВПР МА-6", "ВПР РУ-6", "ВПР РУ-7")
    assert heat.titles[1] == "ВПР, русский язык, 5 класс"
    (row,) = heat.rows
    cells = sorted((cell.work, cell.low, cell.participants, cell.mark) for cell in row.cells)
    assert cells == [
        (0, 12, 40, HeatMark.LOW),
        (1, 20, 40, HeatMark.LOW),
        (2, 1, 4, HeatMark.RISK),
        (3, 11, 40, HeatMark.RISK),
        (4, 1, 40, HeatMark.PLAIN),
    ]


def test_work_that_the_rule_leaves_aside_is_marked_so() -> None:
    part = Part(
        procedure=Procedure("VPR", "RU", 5), year=2026, state=PartState.SMALL_N, participants=4, low=4, needed=2
    )

    assert mark_of(part, make_rules()) is HeatMark.NOT_COUNTED


def test_list_without_verdicts_has_no_heat_map() -> None:
    assert heat_of([("Школа", None)], 2026) is None


def test_rule_that_only_compares_schools_marks_nothing() -> None:
    territory = make_territory()
    make_low_school(territory=territory)
    rule_set = load_rule_set(path=SHIPPED_FILES["REG-QUARTILE"], by=None)
    run = run_identification(rule_set=rule_set, territory=territory, year=2026, by=None, at=AT)

    heat = heat_of([("Школа", run.verdicts.select_related("run").get())], 2026)

    assert heat is not None
    assert {cell.mark for cell in heat.rows[0].cells} <= {HeatMark.PLAIN, HeatMark.NOT_COUNTED}
