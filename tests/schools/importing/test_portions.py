"""A batch is planned, applied and undone by portions of schools, and nobody can tell."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from schools import bulk
from schools.actions import imports
from schools.actions.import_apply import apply_batch, undo_batch
from schools.choices import BatchState, RowOutcome
from schools.importing import result_planning, result_writing
from schools.importing.errors import DataChanged, NewerDataStands
from schools.importing.ground import FilePlan
from schools.importing.result_planning import portions_by_school
from schools.importing.result_writing import change_portions, result_rows
from schools.importing.states import outcome_counts
from schools.intake.rows import ParsedFile, ResultRow, SchoolRef, WorkKey
from schools.models import AssessmentResult, ImportBatch, ImportFile, ImportRow, School
from tests.factories.imports import AT, MARKS, ImportGround, marks_of, named
from tests.factories.schools import make_result, make_school
from tests.factories.workbooks import federal_journal

LATER = AT + timedelta(hours=1)
OTHER_MARKS = (2, 2, 30, 4)
ROW_FIELDS = ("file__name", "number", "school", "target", "outcome", "key", "before", "after")
WORK = WorkKey(procedure="VPR", year=2026, period="spring", subject="RU", grade=4)


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


@pytest.fixture(params=[1, 5000], ids=["one school at a time", "all at once"])
def portion(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many rows are in memory at once."""
    monkeypatch.setattr(result_planning, "PORTION", request.param)
    monkeypatch.setattr(result_writing, "PORTION", request.param)
    size: int = request.param
    return size


def files_of(ground: ImportGround) -> dict[str, bytes]:
    """Return marks of two schools, their comparison with the journal, and other marks of one of them."""
    journal = {named(ground.first): (10, 25, 3), named(ground.second): (8, 30, 0)}
    return {
        "а.xlsx": federal_journal(journal),
        "б.xlsx": marks_of({ground.first: MARKS, ground.second: MARKS}),
        "в.xlsx": marks_of({ground.first: OTHER_MARKS}),
    }


def standing() -> list[tuple[Any, ...]]:
    return list(AssessmentResult.objects.order_by("school").values_list("school", "mark2", "lowered", "marks_row"))


def planned() -> list[tuple[Any, ...]]:
    rows = ImportRow.objects.order_by("file__name", "number").values_list(*ROW_FIELDS)
    return [tuple({**part, **told(part)} if isinstance(part, dict) else part for part in row) for row in rows]


def told(state: dict[str, Any]) -> dict[str, Any]:
    """Return a state without the ids of files, which every check of other files has of its own."""
    return dict.fromkeys((name for name in state if name.endswith("_file_id")), "…")


# Lists of groups


@pytest.mark.parametrize(
    ("groups", "size", "expected"),
    [
        ([], 2, []),
        ([[1], [2], [3]], 2, [[1, 2], [3]]),
        ([[1, 2, 3], [4]], 2, [[1, 2, 3], [4]]),
        ([[], [1]], 1, [[1]]),
        ([[1], [2, 3, 4]], 2, [[1, 2, 3, 4]]),
    ],
)
def test_groups_are_joined_and_never_torn_apart(groups: list[list[int]], size: int, expected: list[list[int]]) -> None:
    assert list(bulk.joined(groups, size)) == expected


def test_groups_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def groups() -> Iterator[list[int]]:
        for number in range(4):
            taken.append(number)
            yield [number]

    assert next(bulk.joined(groups(), 2)) == [0, 1]
    assert taken == [0, 1]


def matched(plan: FilePlan, school: School, number: int) -> tuple[FilePlan, ResultRow, School]:
    return plan, ResultRow(sheet="Лист1", row=number, school=SchoolRef(name=school.name), work=WORK), school


def test_rows_of_one_school_are_in_one_portion_in_the_order_of_the_files(portion: int) -> None:
    first, second = School(name="А"), School(name="Б")
    plans = [FilePlan(file=ImportFile(name=name), parsed=ParsedFile(layout="x", title="")) for name in ("1", "2")]
    rows = [matched(plan, school, number) for number, plan in enumerate(plans) for school in (second, first)]

    found = [[(row.row, school.name) for _, row, school in one] for one in portions_by_school(rows)]

    apart, together = [[(0, "Б"), (1, "Б")], [(0, "А"), (1, "А")]], [[(0, "Б"), (0, "А"), (1, "Б"), (1, "А")]]
    assert found == (apart if portion == 1 else together)


def test_rows_that_a_target_has_taken_are_held_no_more() -> None:
    row = ResultRow(sheet="", row=2, school=SchoolRef(name="СОШ"), work=WORK)
    plan = FilePlan(file=ImportFile(name="а"), parsed=ParsedFile(layout="x", title="", rows=(row,)))

    assert list(plan.take_results()) == [row]
    assert (plan.parsed.rows, plan.take_results()) == ((), ())
    assert (plan.facts["rows"], plan.facts["subjects"]) == (1, ["RU"])


# Preview


@pytest.mark.django_db
def test_answers_of_files_go_as_they_are_planned(ground: ImportGround) -> None:
    batch = ground.receive(files_of(ground))
    answers = imports.parse_batch(batch)
    assert len(answers) == 3

    imports.store_check(batch=batch, answers=answers, at=AT)

    assert answers == {}
    assert [file.meta["facts"]["rows"] for file in batch.files.order_by("name")] == [2, 2, 1]


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5000])
def test_rows_at_the_border_of_a_portion_are_judged_as_any_other(
    ground: ImportGround, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """Rows of two schools alternate; repeats and a sum that does not fit stand before and behind every border."""
    monkeypatch.setattr(result_planning, "PORTION", size)
    monkeypatch.setattr(result_writing, "PORTION", size)
    makes = ground.first.login, ground.second.login
    lines = [f"{makes[number % 2]};2026;VPR;RU;{4 + number // 4};38;1;2;30;5" for number in range(8)]
    lines.append(f"{ground.first.login};2027;VPR;MA;4;38;1;2;30;5")
    lines.append(f"{ground.second.login};2028;VPR;MA;4;38;1;2;30;5")
    table = "\n".join(["login;year;procedure;subject;grade;participants;mark2;mark3;mark4;mark5", *lines])

    batch = ground.checked({"а.csv": table.encode()})

    (file,) = batch.files.all()
    told = [(problem["code"], problem["row"]) for problem in file.problems if problem["severity"] == "error"]
    apart = [("repeated_row", 4), ("repeated_row", 8), ("repeated_row", 5), ("repeated_row", 9), ("out_of_range", 11)]
    together = [("repeated_row", number) for number in (4, 5, 8, 9)] + [("out_of_range", 11)]
    assert told == (apart if size < 6 else together)
    assert (numbers_of(batch, RowOutcome.NEW), numbers_of(batch, RowOutcome.REJECTED)) == (
        [2, 3, 6, 7, 10],
        [4, 5, 8, 9, 11],
    )
    apply_batch(batch=batch, by=ground.coordinator, at=AT, only_good=True)
    assert AssessmentResult.objects.count() == 5


def numbers_of(batch: ImportBatch, outcome: RowOutcome) -> list[int]:
    rows = ImportRow.objects.filter(file__batch=batch, outcome=outcome)
    return list(rows.order_by("number").values_list("number", flat=True))


@pytest.mark.django_db
def test_preview_is_the_same_whatever_the_portions(ground: ImportGround, monkeypatch: pytest.MonkeyPatch) -> None:
    make_result(school=ground.second, grade=4, marks=(0, 0, 1, 1))
    seen = []
    for size in (1, 2, 5000):
        monkeypatch.setattr(result_planning, "PORTION", size)
        monkeypatch.setattr(result_writing, "PORTION", size)
        batch = ground.checked(files_of(ground))
        problems = {file.name: sorted(problem["text"] for problem in file.problems) for file in batch.files.all()}
        seen.append((planned(), problems, outcome_counts(batch)))
        batch.delete()

    assert seen[0] == seen[1] == seen[2]
    assert seen[0][2] == {"new": 3, "changed": 2, "same": 0, "rejected": 0}


@pytest.mark.django_db
def test_one_work_in_two_files_is_told_in_every_portion(ground: ImportGround, portion: int) -> None:
    batch = ground.checked(files_of(ground))

    (clash,) = batch.files.get(name="в.xlsx").meta["clashes"]
    assert (clash["school"], clash["fields"]["mark2"]) == (str(ground.first.pk), [MARKS[0], OTHER_MARKS[0]])
    assert portion


@pytest.mark.django_db
def test_file_counts_the_rows_of_all_its_portions(ground: ImportGround, portion: int) -> None:
    batch = ground.checked(files_of(ground))

    assert {file.name: sum(file.meta["counts"].values()) for file in batch.files.all()} == {
        "а.xlsx": 2,
        "б.xlsx": 2,
        "в.xlsx": 1,
    }
    assert portion


@pytest.mark.django_db
def test_rows_of_a_portion_leave_the_memory_before_the_next(
    ground: ImportGround, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    store = imports.store_rows

    def counting(plan: FilePlan) -> None:
        held.append(len(plan.rows))
        store(plan)
        assert plan.rows == []

    monkeypatch.setattr(result_planning, "PORTION", 1)
    monkeypatch.setattr(result_writing, "PORTION", 1)
    monkeypatch.setattr(imports, "store_rows", counting)
    ground.checked({"б.xlsx": marks_of({ground.first: MARKS, ground.second: MARKS})})

    assert (max(held), sum(held)) == (1, 2)


# Applying and undoing


@pytest.mark.django_db
def test_applied_rows_are_those_of_the_preview(ground: ImportGround, portion: int) -> None:
    make_result(school=ground.second, grade=4, marks=(0, 0, 1, 1))
    batch = ground.checked(files_of(ground))

    apply_batch(batch=batch, by=ground.coordinator, at=AT)

    assert {row[0]: row[1:3] for row in standing()} == {
        ground.first.pk: (OTHER_MARKS[0], 10),
        ground.second.pk: (MARKS[0], 8),
    }
    assert portion


@pytest.mark.django_db
def test_undone_portions_put_back_what_stood(ground: ImportGround, portion: int) -> None:
    make_result(school=ground.second, grade=4, marks=(0, 0, 1, 1))
    before = standing()

    undo_batch(batch=ground.applied(files_of(ground)), by=ground.coordinator, at=LATER)

    assert standing() == before
    assert portion


@pytest.mark.django_db
@pytest.mark.parametrize("touched", ["first", "second"])
def test_newer_data_of_any_portion_leaves_every_row_where_it_is(
    ground: ImportGround, touched: str, portion: int
) -> None:
    batch = ground.applied(files_of(ground))
    school: School = getattr(ground, touched)
    AssessmentResult.objects.filter(school=school).update(enrolled=100, lowered=0)
    before = standing()

    with pytest.raises(NewerDataStands, match=school.name):
        undo_batch(batch=batch, by=ground.coordinator, at=LATER)

    assert standing() == before
    assert ImportBatch.objects.get(pk=batch.pk).state == BatchState.APPLIED
    assert portion


@pytest.mark.django_db
@pytest.mark.parametrize("touched", ["first", "second"])
def test_change_of_any_portion_since_the_preview_writes_nothing(
    ground: ImportGround, touched: str, portion: int
) -> None:
    batch = ground.checked(files_of(ground))
    make_result(school=getattr(ground, touched), grade=4, marks=(0, 0, 1, 1))
    before = standing()

    with pytest.raises(DataChanged):
        apply_batch(batch=batch, by=ground.coordinator, at=AT)

    assert standing() == before
    assert portion


@pytest.mark.django_db
def test_planned_rows_come_school_by_school_in_the_order_of_the_plan(ground: ImportGround, portion: int) -> None:
    batch = ground.checked(files_of(ground))

    found = [[change.key[0] for change in changes] for changes in change_portions(result_rows(batch))]

    assert sorted(len(schools) for schools in found) == ([2, 3] if portion == 1 else [5])
    assert all(len(set(schools)) == 1 for schools in found) == (portion == 1)
    marks = [
        change.after["mark2"]
        for changes in change_portions(result_rows(batch))
        for change in changes
        if "mark2" in change.after
    ]
    assert marks.index(MARKS[0]) < marks.index(OTHER_MARKS[0])


# Cost


@pytest.mark.django_db
def test_applying_asks_as_much_for_many_schools_as_for_one(ground: ImportGround) -> None:
    asked = []
    for number, schools in enumerate([[ground.first], [make_school(territory=ground.territory) for _ in range(4)]]):
        batch = ground.checked({f"{number}.xlsx": marks_of(dict.fromkeys(schools, MARKS))})
        with CaptureQueriesContext(connection) as queries:
            apply_batch(batch=batch, by=ground.coordinator, at=AT)
        asked.append(len(queries))

    assert asked[0] == asked[1]


@pytest.mark.django_db
def test_outcomes_are_counted_by_one_query(
    ground: ImportGround, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    batch = ground.checked(files_of(ground))

    with django_assert_num_queries(1):
        counted = outcome_counts(batch)

    assert counted == {outcome.value: counted[outcome.value] for outcome in RowOutcome}
    assert sum(counted.values()) == 5
