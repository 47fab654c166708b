"""Reports on tasks, groups and planned outcomes: rows for the details of works, territories as reference values."""

from decimal import Decimal
from typing import Any

import pytest

from schools.choices import DetailKind
from schools.intake.cells import Book, CellValue
from schools.intake.layouts import federal_outcomes, federal_task_groups, federal_tasks, recognise
from schools.intake.parse import parse_file
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ParsedFile, ProblemCode, Record
from tests.factories.federal import (
    DISTRICT,
    FIRST,
    SECOND,
    TASKS,
    outcomes_file,
    task_groups_file,
    tasks_file,
)
from tests.factories.workbooks import book_of, changed_cells

Cells = tuple[CellValue, ...]
DONE = (81.25, 50.0, 37.5, 33.33)
GROUPS = {2: (10.0, 5.0, 0.0, 0.0), 5: (100.0, 100.0, 90.0, 80.0)}
WORK = {"procedure": "VPR", "year": 2026, "period": "spring", "subject": "RU", "grade": 4, "level": "none"}
HEADER: Cells = ("Группы участников", "Кол-во ОО", "Кол-во участников", 1, 2, "3.1", "4К1 (3б)")


def head(title: str) -> list[Cells]:
    return [
        (title,),
        (),
        ("ВПР 2026 Русский язык 4 класс",),
        ("Предмет:", "Русский язык"),
        ("Максимальный первичный балл:", 7),
        ("Дата:", "20.04.2026"),
        (),
    ]


def book(title: str, *rows: Cells) -> Book:
    return book_of(*head(title), *rows, name="РУ 4")


def tasks(*rows: Cells, header: Cells = HEADER) -> ParsedFile:
    return federal_tasks.parse(book("Выполнение заданий", header, *rows))


def groups(*rows: Cells) -> ParsedFile:
    return federal_task_groups.parse(book("Выполнение заданий группами участников", HEADER, *rows))


def only(file: ParsedFile) -> Record:
    [record] = file.records
    return record


# Tasks


def test_tasks_of_a_school_are_read_back_with_their_maximum() -> None:
    file = parse_file(tasks_file({FIRST: DONE, SECOND: DONE}))

    assert (file.layout, file.title) == ("federal_tasks", "Выполнение заданий: ВПР 2026 Русский язык 4 класс")
    record = file.records[0]
    assert (record.target, record.row, record.school and record.school.login) == ("details", 11, "edu900001")
    assert record.key == {**WORK, "kind": "tasks"}
    assert record.values == {
        "participants": 16,
        "values": {
            "maximum": dict(TASKS),
            "percents": {"1": "81.25", "2": "50", "3.1": "37.5", "4К1": "33.33"},
        },
    }
    assert not file.problems


def test_country_and_the_row_of_maxima_are_no_schools() -> None:
    file = parse_file(tasks_file({FIRST: DONE}))

    assert [(row.sample, row.participants) for row in file.benchmarks] == [("Вся выборка", 1_000_000)]
    assert file.benchmarks[0].percents == {
        "task:1": Decimal(70),
        "task:2": Decimal("60.5"),
        "task:3.1": Decimal(50),
        "task:4К1": Decimal(40),
    }
    assert len(file.records) == 1


def test_task_that_was_not_delivered_is_left_out() -> None:
    values = only(tasks((FIRST, None, 16, 50, None, 0, 25))).values["values"]

    assert values == {"maximum": {}, "percents": {"1": "50", "3.1": "0", "4К1": "25"}}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ((FIRST, None, 16, 101, 1, 1, 1), ProblemCode.OUT_OF_RANGE),
        ((FIRST, None, 16, "много", 1, 1, 1), ProblemCode.NOT_A_NUMBER),
        ((FIRST, None, None, 1, 1, 1, 1), ProblemCode.EMPTY),
        ((FIRST, None, 0, 0, 0, 0, 0), ProblemCode.NO_PARTICIPANTS),
    ],
)
def test_row_of_tasks_that_does_not_fit_is_a_problem_with_its_place(row: Cells, code: ProblemCode) -> None:
    file = tasks((SECOND, None, 16, 1, 1, 1, 1), row)

    assert [(problem.code, problem.row) for problem in file.problems] == [(code, 10)]
    assert len(file.records) == 1


def test_bad_maximum_is_told_and_stops_no_school() -> None:
    file = tasks(("Макс. балл", None, None, "два", 1, 1, 3), (FIRST, None, 16, 1, 1, 1, 1))

    assert [(problem.code, problem.row) for problem in file.problems] == [(ProblemCode.NOT_A_NUMBER, 9)]
    assert only(file).values["values"]["maximum"] == {"2": 1, "3.1": 1, "4К1": 3}


def test_report_without_a_single_task_is_refused() -> None:
    with pytest.raises(LayoutRefusal) as caught:
        tasks((FIRST, None, 16), header=HEADER[:3])

    assert caught.value.code == Code.COLUMN_MISSING
    assert "столбцы «1», «2», «3.1», «4К1»…" in caught.value.text_ru


def test_same_task_twice_is_refused_with_both_columns() -> None:
    with pytest.raises(LayoutRefusal) as caught:
        tasks((FIRST, None, 16, 1, 2), header=(*HEADER[:3], 1, "1"))

    assert caught.value.code == Code.COLUMN_TWICE
    assert "D и E" in caught.value.text_ru


# Groups


def test_groups_of_a_school_are_read_back() -> None:
    file = parse_file(task_groups_file({FIRST: GROUPS}))

    assert file.layout == "federal_task_groups"
    assert only(file).key["kind"] == "groups"
    values: dict[str, Any] = only(file).values["values"]
    assert list(values["groups"]) == ["2", "5"]
    assert values["groups"]["5"] == {
        "participants": None,
        "percents": {"1": "100", "2": "100", "3.1": "90", "4К1": "80"},
    }


def test_groups_of_a_territory_are_reference_values() -> None:
    [benchmark] = parse_file(task_groups_file({FIRST: GROUPS})).benchmarks

    assert (benchmark.sample, benchmark.participants) == (DISTRICT, 400)
    assert benchmark.percents["group:4:4К1"] == Decimal(40)


def test_groups_larger_than_the_school_are_a_problem() -> None:
    file = groups(
        (FIRST, None, 16),
        ("Ср.% вып. уч. гр.баллов 2", None, 10, 10, 10, 10, 10),
        ("Ср.% вып. уч. гр.баллов 3", None, 7, 20, 20, 20, 20),
        (SECOND, None, 16),
        ("Ср.% вып. уч. гр.баллов 2", None, 16, 10, 10, 10, 10),
    )

    [problem] = file.problems
    assert (problem.code, problem.row) == (ProblemCode.PART_ABOVE_WHOLE, 9)
    assert "в группах по отметкам 17, участников 16" in problem.text_ru
    assert only(file).row == 12


def test_bad_cell_of_a_group_names_its_own_row() -> None:
    file = groups((FIRST, None, 16), ("Ср.% вып. уч. гр.баллов 2", None, None, "x", 1, 1, 1))

    assert [(problem.code, problem.row) for problem in file.problems] == [(ProblemCode.NOT_A_NUMBER, 10)]
    assert not file.records


def test_name_without_groups_under_it_is_a_note() -> None:
    file = groups((FIRST, None, 16), ("Ср.% вып. уч. гр.баллов 2", None, None, 1, 1, 1, 1), ("Примечание: данные",))

    assert len(file.records) == 1
    assert not file.problems


# Planned outcomes


def test_outcomes_of_each_school_stand_in_its_column() -> None:
    file = parse_file(outcomes_file([FIRST, SECOND]))

    assert file.layout == "federal_outcomes"
    first, second = file.records
    assert [record.school and record.school.login for record in (first, second)] == ["edu900001", "edu900002"]
    assert first.values["participants"] == 16
    assert second.values["values"]["outcomes"][0] == {
        "block": "Орфография",
        "text": "Умение списывать текст",
        "maximum": 4,
        "percent": "53",
    }


def test_region_district_and_country_are_reference_values() -> None:
    file = parse_file(outcomes_file([FIRST]))

    assert [(row.sample, row.participants) for row in file.benchmarks] == [
        ("Заозёрская область", 5000),
        (DISTRICT, 400),
        ("РФ", 1_000_000),
    ]
    assert file.benchmarks[2].percents == {"outcome:1": Decimal(53), "outcome:2": Decimal(53)}


def test_bad_share_of_a_skill_keeps_the_table_out() -> None:
    file = parse_file(changed_cells(outcomes_file([FIRST]), {"E11": "н/д"}))

    [problem] = file.problems
    assert (problem.row, problem.column, problem.found) == (11, FIRST, "н/д")
    assert not file.records


def test_outcomes_without_a_school_are_refused_with_the_columns_found() -> None:
    with pytest.raises(LayoutRefusal) as caught:
        parse_file(outcomes_file([]))

    assert caught.value.code == Code.NO_ROWS
    assert "«Заозёрская область»" in caught.value.found


def test_outcomes_without_a_header_are_refused() -> None:
    with pytest.raises(LayoutRefusal) as caught:
        federal_outcomes.parse(book("Достижение планируемых результатов", ("Умения", FIRST), ("Писать", 50)))

    assert caught.value.code == Code.COLUMN_MISSING


def test_kinds_of_details_are_those_of_the_table() -> None:
    kinds = {federal_tasks.KIND, federal_task_groups.KIND, federal_outcomes.KIND}

    assert kinds == set(DetailKind.values)


@pytest.mark.parametrize(
    ("rows", "layout"),
    [
        ((HEADER, ("Макс. балл", None, None, 2, 1, 1, 3), (FIRST, None, 16, 1, 1, 1, 1)), "federal_tasks"),
        (
            (HEADER, ("Макс. балл", None, None, 2, 1, 1, 3), (FIRST, None, 16), ("Ср.% вып. уч. гр.баллов 2",)),
            "federal_task_groups",
        ),
        ((("Блоки ПООП / проверяемые требования (умения)", "Макс балл", FIRST), ("Писать", 1, 5)), "federal_outcomes"),
    ],
)
def test_report_is_known_by_its_rows_when_the_title_is_gone(rows: tuple[Cells, ...], layout: str) -> None:
    assert recognise(book_of((), *head("")[1:], *rows)).code == layout
