"""Rows written and read in sets, whatever database it is."""

import gc
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from schools import bulk
from schools.importing.ledger import PreviewOutdated
from schools.importing.result_fields import DATA_FIELDS, DEFAULTS, KEY_FIELDS
from schools.importing.result_writing import insert_results
from schools.intake.rows import WorkKey
from schools.models import AssessmentResult, School
from tests.factories.schools import make_result, make_school

pytestmark = pytest.mark.django_db
KEY = ("school_id", *KEY_FIELDS)
FIELDS = (*KEY, *DATA_FIELDS)


@pytest.fixture
def school() -> School:
    return make_school()


def row_of(school: School, grade: int = 5, **counts: Any) -> tuple[Any, ...]:
    """Return a row as the results write it: every column, with what it holds when no file fills it."""
    values = {**dict(zip(DATA_FIELDS, DEFAULTS, strict=True)), "participants": 10, **counts}
    return (school.pk, "KDR", 2026, "spring", "RU", grade, "none", *values.values())


def upsert(*rows: tuple[Any, ...]) -> None:
    bulk.upsert(AssessmentResult, fields=FIELDS, unique=KEY, rows=rows)


def standing() -> list[tuple[int, int, int | None]]:
    return list(AssessmentResult.objects.order_by("grade").values_list("grade", "participants", "mark2"))


def test_rows_are_inserted_or_replaced_by_their_key(school: School) -> None:
    upsert(row_of(school, mark2=1), row_of(school, grade=6))

    upsert(row_of(school, participants=12), row_of(school, grade=7, mark2=0))

    assert standing() == [(5, 12, None), (6, 10, None), (7, 10, 0)]


def test_row_replaced_keeps_its_primary_key(school: School) -> None:
    upsert(row_of(school))
    before = AssessmentResult.objects.get().pk

    upsert(row_of(school, participants=12))

    assert AssessmentResult.objects.get().pk == before


def test_inserted_row_reads_back_as_it_was_given(school: School) -> None:
    given: dict[str, Any] = {"mean_score": Decimal("3.46"), "score_hist": [0, 4, 6], "level_counts": {"базовый": 7}}

    bulk.insert(AssessmentResult, fields=FIELDS, rows=[row_of(school, **given, counts_derived=True)])

    result = AssessmentResult.objects.get()
    assert {name: getattr(result, name) for name in given} == given
    assert (result.school, result.counts_derived, result.delivered_percents) == (school, True, {})


def test_json_that_is_written_already_is_not_written_twice(school: School) -> None:
    bulk.insert(AssessmentResult, fields=FIELDS, rows=[row_of(school, delivered_percents=bulk.packed({"2": "10"}))])

    assert AssessmentResult.objects.get().delivered_percents == {"2": "10"}


def test_same_key_twice_is_refused_by_the_table(school: School) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(AssessmentResult, fields=FIELDS, rows=[row_of(school), row_of(school)])

    assert standing() == []


def test_absent_rows_are_inserted_and_counted_and_a_standing_one_is_left_alone(school: School) -> None:
    upsert(row_of(school, participants=12))

    rows = [row_of(school), row_of(school, grade=6)]
    inserted = bulk.insert_absent(AssessmentResult, fields=FIELDS, unique=KEY, rows=rows)

    assert inserted == 1
    assert standing() == [(5, 12, None), (6, 10, None)]


def test_no_absent_rows_are_none(school: School) -> None:
    assert bulk.insert_absent(AssessmentResult, fields=FIELDS, unique=KEY, rows=[]) == 0
    assert bulk.insert_absent(AssessmentResult, fields=FIELDS, unique=KEY, rows=[row_of(school)]) == 1


def test_new_result_that_somebody_has_written_meanwhile_outdates_the_preview(school: School) -> None:
    upsert(row_of(school))
    work = WorkKey(procedure="KDR", year=2026, period="spring", subject="RU", grade=5)

    with pytest.raises(PreviewOutdated):
        insert_results({(school.pk, work): {"participants": 11}})

    assert standing() == [(5, 10, None)]


def test_values_are_read_as_the_columns_hold_them(school: School) -> None:
    upsert(row_of(school, score_hist=[0, 4, 6], mean_score=Decimal("3.40")))
    names = ("school_id", "score_hist", "level_counts", "mean_score", "marks_file_id", "grade")

    read = bulk.tuples_of_schools(AssessmentResult.objects.all(), [school.pk], names)

    assert list(read) == [(school.pk, [0, 4, 6], {}, Decimal("3.40"), None, 5)]


def test_search_for_cycles_rests_and_goes_on_after_a_failure() -> None:
    seen: list[bool] = []

    @bulk.few_collections()
    def fail() -> None:
        seen.append(gc.isenabled())
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fail()

    assert (*seen, gc.isenabled()) == (False, True)


def test_no_rows_write_nothing(school: School) -> None:
    upsert(row_of(school))

    upsert()
    bulk.insert(AssessmentResult, fields=FIELDS, rows=[])
    bulk.delete(AssessmentResult, [])

    assert standing() == [(5, 10, None)]


def test_answers_are_remembered() -> None:
    asked: list[int] = []

    def opposite(value: int) -> int:
        asked.append(value)
        return -value

    remembered = bulk.Remembered(opposite)

    assert [remembered[number] for number in (1, 2, 1, 1)] == [-1, -2, -1, -1]
    assert asked == [1, 2]


@pytest.mark.parametrize("value", [UUID(int=255), str(UUID(int=255))])
def test_uuid_is_the_same_whether_it_came_as_text(value: UUID | str) -> None:
    assert bulk.uuid_text(value) == "00000000-0000-0000-0000-0000000000ff"
    assert bulk.uuid_digits(value) == "000000000000000000000000000000ff"


def test_rows_are_deleted_by_primary_key_in_pieces(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "IN_LIST", 2)
    rows = [make_result(school=school, grade=grade) for grade in (4, 5, 6, 7, 8)]

    bulk.delete(AssessmentResult, [row.pk for row in rows[:3]])

    assert [grade for grade, _, _ in standing()] == [7, 8]


def test_rows_of_many_schools_are_read_in_pieces(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(bulk, "IN_LIST", 2)
    schools = [make_result().school_id for _ in range(3)]
    make_result()

    with django_assert_num_queries(2):
        rows = list(bulk.values_of_schools(AssessmentResult.objects.all(), schools, ("school_id",)))

    assert {row["school_id"] for row in rows} == set(schools)


def test_names_of_unknown_schools_are_not_there(school: School) -> None:
    assert bulk.school_names([school.pk, school.pk, UUID(int=1)]) == {school.pk: school.name}


def test_column_that_the_table_lacks_is_named() -> None:
    with pytest.raises(KeyError, match="colour"):
        bulk.fields_of(AssessmentResult, ("colour",))


def test_memory_is_wide_only_while_rows_are_grouped(school: School) -> None:
    def shown() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('work_mem')")
            return str(cursor.fetchone()[0])

    if connection.vendor != "postgresql":
        with bulk.wide_memory():
            assert list(School.objects.all()) == [school]
        return
    before = shown()
    with bulk.wide_memory():
        assert shown() == bulk.GROUPING_MEMORY != before
    assert shown() == before


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 7])
def test_rows_at_the_end_of_a_statement_are_inserted_as_any_other(
    school: School, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(bulk, "TOGETHER", 3)

    bulk.insert(AssessmentResult, fields=FIELDS, rows=(row_of(school, grade, mark2=grade) for grade in range(number)))

    assert standing() == [(grade, 10, grade) for grade in range(number)]
