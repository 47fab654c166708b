"""What cautions are made of, from planned rows that no database holds."""

from typing import Any
from uuid import UUID

import pytest

from schools.choices import RowOutcome
from schools.importing import cautions
from schools.importing.cautions import Works, add_clashes, differing, jump_problem, jumps_of, year_counts
from schools.importing.ground import FilePlan, PlannedRow
from schools.importing.result_fields import CODE, SILENT
from schools.importing.warnings import Jump, YearCounts
from schools.intake.rows import ParsedFile, ProblemCode
from schools.models import ImportFile

FIRST, SECOND = UUID(int=1), UUID(int=2)
KEY = {"procedure": "VPR", "year": 2026, "period": "spring", "subject": "RU", "grade": 4, "level": "none"}
AFTER = {"participants": 38, "mark2": 1}


def make_row(school: UUID | None = FIRST, number: int = 5, **fields: Any) -> PlannedRow:
    defaults = {"target": CODE, "sheet": "Лист1", "number": number, "label": "СОШ № 1", "outcome": RowOutcome.NEW}
    return PlannedRow(**{**defaults, "school_id": school, "key": KEY, "before": None, "after": AFTER, **fields})


def make_plan(name: str, *rows: PlannedRow) -> FilePlan:
    return FilePlan(file=ImportFile(name=name), parsed=ParsedFile(layout="flat_results", title=""), rows=list(rows))


def clashes(*plans: FilePlan) -> list[str]:
    add_clashes(plans)
    return [problem.text_ru for plan in plans for problem in plan.problems]


# Keys


def test_year_before_differs_in_its_year_alone() -> None:
    works, row = Works(), make_row()

    assert works.of(row) == (FIRST, ("VPR", 2026, "spring", "RU", 4, "none"))
    assert works.year_before(row) == (FIRST, ("VPR", 2025, "spring", "RU", 4, "none"))


def test_rows_of_one_work_share_its_key() -> None:
    works = Works()

    keys = [works.of(make_row(school))[1] for school in (FIRST, SECOND)]

    assert keys[0] is keys[1]
    assert len(works.values) == 1


def test_equal_keys_of_two_files_are_equal_works() -> None:
    works = Works()

    assert works.of(make_row()) == works.of(make_row(key=dict(KEY)))


# Jumps


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        pytest.param({"participants": 38, "mark2": 3}, YearCounts(38, 3), id="marks"),
        pytest.param({"participants": 38, "mark2": 0, "below_min": 5}, YearCounts(38, 0), id="no «2» is no gap"),
        pytest.param({"participants": 38, "mark2": None, "below_min": 5}, YearCounts(38, 5), id="failed at an exam"),
        pytest.param({"participants": 38}, YearCounts(38), id="participants alone"),
        pytest.param({"participants": 0, "mark2": 0}, YearCounts(0, 0), id="nobody wrote"),
        pytest.param({"lowered": 3}, None, id="comparison with the journal"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_counts_of_a_year_are_those_that_the_row_tells(state: dict[str, Any], counts: YearCounts | None) -> None:
    assert year_counts(state) == counts


def jumped(row: PlannedRow, before: YearCounts) -> list[str]:
    works = Works()
    return [jump.title for _, jump in jumps_of([row], {works.year_before(row): before}, works)]


def test_each_number_that_jumped_is_told_of_its_row() -> None:
    assert jumped(make_row(), YearCounts(60, 10)) == ["участников", "доля «2»"]
    assert jumped(make_row(), YearCounts(39, 10)) == ["доля «2»"]
    assert jumped(make_row(), YearCounts(39, 1)) == []


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"outcome": RowOutcome.REJECTED}, id="refused"),
        pytest.param({"outcome": RowOutcome.SAME}, id="same"),
        pytest.param({"target": "registry"}, id="not a result"),
        pytest.param({"after": None}, id="nothing after"),
        pytest.param({"after": {"lowered": 1}}, id="journal"),
    ],
)
def test_row_that_changes_no_counts_never_jumps(fields: dict[str, Any]) -> None:
    assert jumped(make_row(**fields), YearCounts(60, 10)) == []


def test_school_without_a_year_before_never_jumps() -> None:
    works = Works()
    other = {works.year_before(make_row(SECOND)): YearCounts(60, 10)}

    assert list(jumps_of([make_row(FIRST)], other, works)) == []


def test_warning_of_a_jump_names_the_place_the_school_and_what_to_do() -> None:
    problem = jump_problem(make_row(), Jump(title="участников", now="38", before="60"), "СОШ № 1")

    assert problem.text_ru == (
        "Лист «Лист1», строка 5: СОШ № 1: участников 38, год назад 60: изменение больше 30 %. "
        "Сверьте с отчётом; если всё верно, поясните изменение."
    )
    assert (problem.code, problem.is_error, problem.expected) == (ProblemCode.JUMP, False, "около 60")


# One work in two files


def test_later_file_is_warned_and_the_earlier_one_is_not() -> None:
    first, second = make_plan("1.xlsx", make_row()), make_plan("2.xlsx", make_row(number=9, after={"mark2": 4}))

    (text,) = clashes(first, second)

    assert text.startswith("Лист «Лист1», строка 9: СОШ № 1: о той же работе иначе говорит файл «1.xlsx», строка 5.")
    assert first.problems == []
    assert second.clashes[0]["fields"] == {"mark2": [1, 4]}


def test_three_files_are_each_compared_with_the_first() -> None:
    plans = [make_plan(f"{n}.xlsx", make_row(after={"mark2": n})) for n in (1, 2, 3)]

    texts = clashes(*plans)

    assert len(texts) == 2
    assert all("файл «1.xlsx»" in text for text in texts)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"school_id": SECOND}, id="another school"),
        pytest.param({"key": {**KEY, "year": 2025}}, id="another year"),
        pytest.param({"target": "registry"}, id="another kind of data"),
        pytest.param({"outcome": RowOutcome.REJECTED}, id="refused row"),
        pytest.param({"after": {"lowered": 5}}, id="other fields of the same work"),
        pytest.param({"after": AFTER}, id="the same values"),
        pytest.param({"after": None}, id="nothing"),
    ],
)
def test_rows_that_do_not_contradict_are_no_clash(fields: dict[str, Any]) -> None:
    other = make_row()._replace(**{"after": {"mark2": 4}, **fields})

    assert clashes(make_plan("1.xlsx", make_row()), make_plan("2.xlsx", other)) == []


def test_rows_of_one_file_are_no_clash_of_files() -> None:
    rows = (make_row(), make_row(number=6, after={"mark2": 4}))

    assert clashes(make_plan("1.xlsx", *rows)) == []
    assert clashes(make_plan("1.xlsx", *rows), make_plan("2.xlsx")) == []


def test_fields_that_say_how_a_count_came_about_never_differ() -> None:
    one = make_row(after=dict.fromkeys(SILENT, 1))

    assert differing(one, make_row(after=dict.fromkeys(SILENT, 2))) == []


def test_every_clash_is_warned_of_but_not_every_one_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cautions, "CLASHES_KEPT", 2)
    keys = [{**KEY, "grade": grade} for grade in (4, 5, 6, 7)]
    first = make_plan("1.xlsx", *(make_row(key=key) for key in keys))
    second = make_plan("2.xlsx", *(make_row(key=dict(key), after={"mark2": 9}) for key in keys))

    assert len(clashes(first, second)) == 4
    assert len(second.clashes) == 2
