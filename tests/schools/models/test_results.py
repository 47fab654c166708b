"""Counts of works and yearly statistics: keys, sums that must hold, gaps that are no zeros."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.permissions import Role
from schools.models import AssessmentResult, Benchmark, ImportFile, SchoolStatistic, WorkDetail
from tests.factories.schools import make_region, make_result, make_school, make_territory, make_user
from tests.schools.models.test_imports import make_batch, make_file

pytestmark = pytest.mark.django_db


def a_file() -> ImportFile:
    return make_file(make_batch())


def make_detail(**fields: Any) -> WorkDetail:
    defaults: dict[str, Any] = {
        "procedure": "VPR",
        "year": 2026,
        "period": "spring",
        "subject": "RU",
        "grade": 5,
        "kind": "tasks",
        "row": 1,
    }
    return WorkDetail.objects.create(**{**defaults, **fields})


def make_statistic(**fields: Any) -> SchoolStatistic:
    defaults: dict[str, Any] = {"form": "SA-4", "year": 2026, "item": "teachers_young", "row": 1}
    return SchoolStatistic.objects.create(**{**defaults, **fields})


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        pytest.param({"mark2": 4}, "result_marks_sum", id="marks above the participants"),
        pytest.param({"participants": 24}, "result_marks_sum", id="a participant too few"),
        pytest.param({"below_min": 26}, "result_below_min_range", id="more failed than wrote"),
        pytest.param({"enrolled": 24}, "result_enrolled_range", id="more wrote than study"),
    ],
)
def test_database_refuses_counts_naming_the_rule(fields: dict[str, int], constraint: str) -> None:
    result = make_result(marks=(3, 10, 8, 4))

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AssessmentResult.objects.filter(pk=result.pk).update(**fields)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"mark2": 4}, "Сумма отметок не равна числу участников.", id="sum"),
        pytest.param({"below_min": 26}, "Не преодолевших минимум больше, чем участников.", id="failed"),
        pytest.param({"enrolled": 24}, "Участников больше, чем обучающихся в параллели.", id="enrolled"),
    ],
)
def test_counts_that_do_not_fit_are_told_in_russian(fields: dict[str, int], words: str) -> None:
    result = make_result(marks=(3, 10, 8, 4))
    for name, value in fields.items():
        setattr(result, name, value)

    with pytest.raises(ValidationError) as refused:
        result.validate_constraints()

    assert refused.value.messages == [words]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"below_min": 25}, id="everybody failed"),
        pytest.param({"enrolled": 25}, id="everybody wrote"),
        pytest.param({"below_min": 0, "enrolled": 40}, id="nobody failed"),
        pytest.param({"mark2": None, "mark3": None, "mark4": None, "mark5": None}, id="marks were not delivered"),
    ],
)
def test_counts_at_their_bounds_are_stored(fields: dict[str, Any]) -> None:
    result = make_result(marks=(3, 10, 8, 4))

    assert AssessmentResult.objects.filter(pk=result.pk).update(**fields) == 1


@pytest.mark.parametrize("year", [2014, 2101])
def test_year_outside_the_century_is_refused_by_validation(year: int) -> None:
    with pytest.raises(ValidationError) as refused:
        make_result(year=year).clean_fields()

    assert list(refused.value.message_dict) == ["year"]


@pytest.mark.parametrize(
    "field", ["procedure", "year", "period", "subject", "grade", "level"], ids=lambda name: f"another {name}"
)
def test_every_part_of_the_key_tells_works_apart(field: str) -> None:
    school = make_school()
    make_result(school=school)
    other = {"procedure": "KDR", "year": 2025, "period": "autumn", "subject": "MA", "grade": 6, "level": "base"}

    make_result(school=school, **{field: other[field]})

    assert AssessmentResult.objects.count() == 2


def test_results_are_found_by_territory_region_and_years() -> None:
    region = make_region()
    school = make_school(territory=make_territory(parent=region))
    now, before = make_result(school=school), make_result(school=school, year=2025)
    make_result()

    results = AssessmentResult.objects

    assert set(results.in_territory(region)) == set(results.in_territory(school.territory)) == {now, before}
    assert list(results.in_territory(region).for_years(2025)) == [before]
    assert not results.for_years().exists()


def test_result_says_what_was_written() -> None:
    assert str(make_result()) == "ВПР 2026, RU, 5 класс"


def test_details_of_a_work_are_kept_once_for_each_kind() -> None:
    school, file = make_school(), a_file()
    make_detail(school=school, file=file)
    make_detail(school=school, file=file, kind="groups")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_detail(school=school, file=file)


def test_details_say_what_they_tell() -> None:
    assert str(make_detail(school=make_school(), file=a_file())) == "ВПР 2026, RU, 5 класс: tasks"


def test_benchmark_says_whose_it_is() -> None:
    row = Benchmark(sample="Вся выборка", procedure="VPR", year=2026, subject="RU", grade=5)

    assert str(row) == "Вся выборка: VPR 2026, RU, 5"


@pytest.mark.parametrize(
    ("value", "whole", "fits"),
    [
        pytest.param(5, 10, True, id="a part"),
        pytest.param(10, 10, True, id="all of it"),
        pytest.param(0, 0, True, id="none of nothing"),
        pytest.param(None, 10, True, id="not reported"),
        pytest.param(25, None, True, id="a count without a whole"),
        pytest.param(Decimal("10.01"), 10, False, id="a hundredth too much"),
    ],
)
def test_part_of_a_statistic_is_never_larger_than_its_whole(value: Any, whole: Any, fits: bool) -> None:
    school, file = make_school(), a_file()

    if fits:
        assert make_statistic(school=school, file=file, value=value, whole=whole).pk
    else:
        with pytest.raises(IntegrityError, match="school_statistic_part_of_whole"), transaction.atomic():
            make_statistic(school=school, file=file, value=value, whole=whole)


def test_statistic_of_a_year_is_stored_once_for_each_part_of_the_school() -> None:
    school, file = make_school(), a_file()
    make_statistic(school=school, file=file)
    make_statistic(school=school, file=file, section="primary")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_statistic(school=school, file=file)


def test_statistics_are_seen_with_their_school_and_found_by_year() -> None:
    own, other = make_school(), make_school()
    file = a_file()
    now = make_statistic(school=own, file=file)
    make_statistic(school=own, file=file, year=2025)
    make_statistic(school=other, file=file)
    director = make_user(role=Role.SCHOOL_ADMIN, school=own)

    assert list(SchoolStatistic.objects.visible_to(director).for_year(2026)) == [now]


def test_statistic_without_a_section_reads_without_a_trailing_space() -> None:
    assert str(make_statistic(school=make_school(), file=a_file())) == "SA-4 2026: teachers_young"
