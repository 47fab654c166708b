"""The matrix of a cycle: schools by metrics, by counts and never by mean of shares."""

from datetime import date
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from monitoring.attainment import Attainment
from monitoring.choices import Stage
from monitoring.matrix import Cell, Matrix, build_matrix, previous_cycle
from monitoring.models import MonitoringCycle, Reading
from schools.models import School, Territory
from tests.factories.monitoring import make_cycle, make_open_cycle
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def territory() -> Territory:
    return make_territory()


def opened(territory: Territory, names: tuple[str, ...] = ("А",), **fields: object) -> MonitoringCycle:
    return make_open_cycle(schools=[make_school(territory=territory, name=name) for name in names], **fields)


def put(cycle: MonitoringCycle, school: str, code: str, numerator: int | None, denominator: int | None) -> None:
    readings = Reading.objects.filter(submission__cycle=cycle, submission__school__name=school, metric__code=code)
    assert readings.update(numerator=numerator, denominator=denominator) == 1


def coordinator(territory: Territory) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)


def matrix_of(cycle: MonitoringCycle, user: User | None = None) -> Matrix:
    return build_matrix(cycle=cycle, user=user or coordinator(cycle.territory))


def column(matrix: Matrix, code: str) -> int:
    return [metric.code for metric in matrix.metrics].index(code)


def cell(matrix: Matrix, code: str, row: int = 0) -> Cell:
    return matrix.rows[row].cells[column(matrix, code)]


def total(matrix: Matrix, code: str) -> Cell:
    return matrix.totals[column(matrix, code)]


def test_columns_are_the_metrics_in_their_groups(territory: Territory) -> None:
    matrix = matrix_of(opened(territory))

    assert [metric.code for metric in matrix.metrics] == ["B1", "B3", "B5", "B8", "C1", "C2", "C3", "C5", "D1", "D8"]
    assert matrix.groups == [("Результаты", 4), ("Кадры", 4), ("Поддержка", 2)]


def test_rows_are_schools_by_name(territory: Territory) -> None:
    matrix = matrix_of(opened(territory, ("Б", "А", "В")))

    assert [row.submission.school.name for row in matrix.rows] == ["А", "Б", "В"]


def test_cell_keeps_both_counts_beside_the_share(territory: Territory) -> None:
    cycle = opened(territory)
    put(cycle, "А", "C1", 18, 26)

    found = cell(matrix_of(cycle), "C1")

    assert (found.numerator, found.denominator, found.share) == (18, 26, Decimal("69.2"))


@pytest.mark.parametrize(
    ("counts", "share", "is_filled"),
    [
        pytest.param((0, 26), Decimal("0.0"), True, id="zero is a value"),
        pytest.param((None, None), None, False, id="nothing is no zero"),
        pytest.param((None, 26), None, False, id="half of a share"),
        pytest.param((0, 0), None, True, id="out of nobody"),
        pytest.param((1, 3), Decimal("33.3"), True, id="rounded down"),
        pytest.param((2, 3), Decimal("66.7"), True, id="rounded up"),
        pytest.param((1, 2000), Decimal("0.1"), True, id="half is rounded up"),
    ],
)
def test_share_of_a_cell(
    counts: tuple[int | None, int | None],
    share: Decimal | None,
    is_filled: bool,
    territory: Territory,
) -> None:
    cycle = opened(territory)
    put(cycle, "А", "C1", *counts)

    found = cell(matrix_of(cycle), "C1")

    assert (found.share, found.is_filled) == (share, is_filled)


def test_reason_instead_of_numbers_fills_a_cell(territory: Territory) -> None:
    cycle = opened(territory)
    Reading.objects.filter(metric__code="C5").update(absence_reason="Молодых педагогов нет")

    found = cell(matrix_of(cycle), "C5")

    assert (found.share, found.is_filled, found.absence_reason) == (None, True, "Молодых педагогов нет")


@pytest.mark.parametrize(
    ("code", "counts", "mark"),
    [
        pytest.param("C1", (9, 10), Attainment.REACHED, id="growth reached at 90"),
        pytest.param("C1", (72, 100), Attainment.NEAR, id="growth near"),
        pytest.param("C1", (1, 2), Attainment.FAR, id="growth far"),
        pytest.param("B8", (1, 100), Attainment.REACHED, id="decline reached at 1"),
        pytest.param("B8", (5, 100), Attainment.FAR, id="decline far"),
        pytest.param("C1", (None, None), Attainment.UNKNOWN, id="no data"),
    ],
)
def test_mark_compares_with_the_goal_of_the_metric(
    code: str,
    counts: tuple[int | None, int | None],
    mark: Attainment,
    territory: Territory,
) -> None:
    cycle = opened(territory)
    put(cycle, "А", code, *counts)

    assert cell(matrix_of(cycle), code).mark == mark


def test_total_is_by_counts(territory: Territory) -> None:
    cycle = opened(territory, ("А", "Б"))
    put(cycle, "А", "C1", 1, 2)
    put(cycle, "Б", "C1", 9, 98)

    found = total(matrix_of(cycle), "C1")

    assert (found.numerator, found.denominator, found.share) == (10, 100, Decimal("10.0"))


def test_total_leaves_out_schools_without_both_counts(territory: Territory) -> None:
    cycle = opened(territory, ("А", "Б", "В"))
    put(cycle, "А", "C1", 1, 2)
    put(cycle, "Б", "C1", None, 50)
    put(cycle, "В", "C1", 0, 0)

    found = total(matrix_of(cycle), "C1")

    assert (found.numerator, found.denominator) == (1, 2)


def test_total_of_nobody_is_no_data(territory: Territory) -> None:
    found = total(matrix_of(opened(territory)), "C1")

    assert (found.numerator, found.share, found.mark) == (None, None, Attainment.UNKNOWN)


def test_filled_cells_are_counted(territory: Territory) -> None:
    cycle = opened(territory, ("А", "Б"))
    Reading.objects.all().update(absence_reason="", numerator=None, denominator=None)
    put(cycle, "А", "C1", 1, 2)
    put(cycle, "А", "C2", 1, 2)
    put(cycle, "Б", "C1", 1, 2)

    matrix = matrix_of(cycle)

    assert [row.filled for row in matrix.rows] == [2, 1]
    assert (matrix.filled, matrix.all) == (3, 20)


# The cycle before


def two_cycles(territory: Territory, code: str, before: tuple[int, int], now: tuple[int, int]) -> MonitoringCycle:
    school = make_school(territory=territory, name="А")
    first = make_open_cycle(schools=[school], stage=Stage.ENTRY, as_of_date=date(2026, 1, 10))
    last = make_open_cycle(schools=[school], stage=Stage.INTERIM, as_of_date=date(2026, 2, 16))
    put(first, "А", code, *before)
    put(last, "А", code, *now)
    return last


@pytest.mark.parametrize(
    ("code", "counts", "change", "is_better"),
    [
        pytest.param("C1", ((9, 26), (18, 26)), Decimal("34.6"), True, id="growth where more is better"),
        pytest.param("C1", ((18, 26), (9, 26)), Decimal("-34.6"), False, id="fall where more is better"),
        pytest.param("B8", ((6, 310), (4, 310)), Decimal("-0.6"), True, id="fall where less is better"),
        pytest.param("B8", ((4, 310), (6, 310)), Decimal("0.6"), False, id="growth where less is better"),
    ],
)
def test_change_is_in_points_and_judged_by_the_direction(
    code: str,
    counts: tuple[tuple[int, int], tuple[int, int]],
    change: Decimal,
    is_better: bool,
    territory: Territory,
) -> None:
    found = cell(matrix_of(two_cycles(territory, code, *counts)), code)

    assert (found.change, found.is_better) == (change, is_better)


def test_first_cycle_has_no_change(territory: Territory) -> None:
    cycle = opened(territory)
    put(cycle, "А", "C1", 1, 2)

    matrix = matrix_of(cycle)

    assert (matrix.previous, cell(matrix, "C1").change) == (None, None)


def test_school_that_was_not_in_the_cycle_before_has_no_change(territory: Territory) -> None:
    opened(territory, ("Б",), stage=Stage.ENTRY, as_of_date=date(2026, 1, 10))
    cycle = opened(territory, ("А",), as_of_date=date(2026, 2, 16))
    put(cycle, "А", "C1", 1, 2)

    assert cell(matrix_of(cycle), "C1").change is None


def test_previous_cycle_is_the_latest_of_the_territory_before_the_date(territory: Territory) -> None:
    def planned(stage: Stage, day: date, place: Territory = territory, year: int = 2026) -> MonitoringCycle:
        return make_cycle(territory=place, stage=stage, as_of_date=day, year=year)

    planned(Stage.FINAL, date(2025, 12, 1), year=2025)
    entry = planned(Stage.ENTRY, date(2026, 1, 10))
    planned(Stage.ENTRY, date(2026, 2, 1), make_territory())
    interim = planned(Stage.INTERIM, date(2026, 2, 16))
    planned(Stage.FINAL, date(2026, 5, 1))

    assert previous_cycle(interim) == entry


# Who sees what


def test_school_sees_its_own_row_and_a_total_of_it_alone(territory: Territory) -> None:
    cycle = opened(territory, ("А", "Б"))
    put(cycle, "А", "C1", 1, 2)
    put(cycle, "Б", "C1", 40, 40)
    admin = make_user(role=Role.SCHOOL_ADMIN, school=School.objects.get(name="А"))

    matrix = matrix_of(cycle, admin)

    assert [row.submission.school.name for row in matrix.rows] == ["А"]
    assert total(matrix, "C1").denominator == 2


def test_neighbour_sees_no_row(territory: Territory) -> None:
    assert matrix_of(opened(territory), coordinator(make_territory())).rows == []


@pytest.mark.parametrize("schools", [1, 3])
def test_matrix_takes_the_same_queries_for_any_number_of_schools(
    schools: int,
    territory: Territory,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    names = ("А", "Б", "В")[:schools]
    opened(territory, tuple(f"{name}0" for name in names), stage=Stage.ENTRY, as_of_date=date(2026, 1, 10))
    cycle = MonitoringCycle.objects.get(pk=opened(territory, names, as_of_date=date(2026, 2, 16)).pk)
    user = User.objects.get(pk=coordinator(territory).pk)

    with django_assert_num_queries(8):
        build_matrix(cycle=cycle, user=user)
