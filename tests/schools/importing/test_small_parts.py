"""Small pure parts of imports: rows left out, refusals in words, corrections by place, summaries. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.bulk import chunks
from schools.choices import FileState
from schools.importing.corrections import Correction, corrected, place_of, told
from schools.importing.errors import newer_data
from schools.importing.later_batches import identity
from schools.importing.left_out import number_left_out, with_row, without
from schools.importing.summary import problems_of
from schools.intake.rows import ParsedFile, ProblemCode, Record, ResultRow, SchoolRef, WorkKey, problem_at
from schools.models import ImportFile

WORK = WorkKey(procedure="VPR", year=2026, period="spring", subject="RU", grade=5)
places = st.tuples(st.sampled_from(["Ф3", "Ещё"]), st.integers(1, 9))


def parsed() -> ParsedFile:
    """Return results in rows 4 and 5 of «Ф3», a record in row 4 of «Ещё» and a problem in row 4."""
    rows = tuple(ResultRow(sheet="Ф3", row=row, school=SchoolRef(name="СОШ № 1"), work=WORK) for row in (4, 5))
    record = Record(target="statistics", sheet="Ещё", row=4, school=None, key={}, values={})
    problem = problem_at(ProblemCode.EMPTY, "Ф3", 4, "пусто.")
    return ParsedFile(layout="x", title="x", rows=rows, records=(record,), problems=(problem,))


# Rows left out


def test_row_left_out_is_gone_with_its_sheet_alone() -> None:
    left = without(parsed(), {"Ф3": [4]})

    assert [row.row for row in left.rows] == [5]
    assert len(left.records) == 1


def test_problems_of_rows_left_out_stay() -> None:
    assert without(parsed(), {"Ф3": [4, 5]}).problems == parsed().problems


@pytest.mark.parametrize("left_out", [{}, {"Ф3": []}, {"Ф3": [99]}])
def test_nothing_left_out_changes_nothing(left_out: dict[str, list[int]]) -> None:
    assert without(parsed(), left_out) == parsed()


@given(st.lists(places))
def test_each_row_is_left_out_once_in_whatever_order(given_places: list[tuple[str, int]]) -> None:
    left_out: dict[str, list[int]] = {}
    for sheet, row in given_places:
        left_out = with_row(left_out, sheet, row)

    assert number_left_out(left_out) == len(set(given_places))
    assert all(rows == sorted(rows) for rows in left_out.values())


def test_leaving_out_keeps_what_was_given() -> None:
    before = {"Ф3": [4]}

    with_row(before, "Ф3", 5)

    assert before == {"Ф3": [4]}


# Refusals to undo


@pytest.mark.parametrize(
    ("number", "examples", "words"),
    [
        (1, ["СОШ № 1, ВПР"], "1 строка с тех пор изменена другой загрузкой (СОШ № 1, ВПР)."),
        (3, ["а", "б", "в"], "3 строки с тех пор изменены другой загрузкой (а; б; в)."),
        (25, ["а", "б", "в"], "25 строк с тех пор изменены другой загрузкой (а; б; в и ещё 22)."),
    ],
)
def test_refusal_to_undo_counts_the_rows_and_names_the_first(number: int, examples: list[str], words: str) -> None:
    text = newer_data(number, iter(examples)).text.replace("\u00a0", " ")

    assert words in text
    assert text.endswith("Сначала отмените более позднюю загрузку.")


# Corrections


def test_corrections_are_told_by_row_and_then_by_column() -> None:
    cells = {"AA2": "1", "B10": "2", "B2": "3", "A2": "4"}

    assert [one.cell for one in told({"Ф3": cells})] == ["A2", "B2", "AA2", "B10"]


@pytest.mark.parametrize(
    ("cell", "place"), [("C7", (7, "  C")), ("AB12", (12, " AB")), ("XFD1048576", (1048576, "XFD"))]
)
def test_place_of_a_cell_is_its_row_and_its_column(cell: str, place: tuple[int, str]) -> None:
    assert place_of(cell) == place


@given(
    st.dictionaries(
        st.from_regex(r"[A-Z]{1,2}[1-9][0-9]{0,2}", fullmatch=True), st.from_regex(r"[0-9]{1,5}", fullmatch=True)
    )
)
def test_corrections_given_and_taken_back_leave_nothing(cells: dict[str, str]) -> None:
    there = corrected({}, [Correction(sheet="Ф3", cell=cell, value=value) for cell, value in cells.items()])
    gone = corrected(there, [Correction(sheet="Ф3", cell=cell, value=" ") for cell in cells])

    assert there == ({"Ф3": cells} if cells else {})
    assert gone == {}


# Chunks, summaries, identities


@given(st.lists(st.integers(), max_size=50), st.integers(1, 9))
def test_chunks_lose_nothing_and_are_never_longer(items: list[int], size: int) -> None:
    found = list(chunks(iter(items), size))

    assert [item for chunk in found for item in chunk] == items
    assert all(1 <= len(chunk) <= size for chunk in found)
    assert all(len(chunk) == size for chunk in found[:-1])


def test_refused_file_is_one_problem_of_no_row() -> None:
    file = ImportFile(state=FileState.REFUSED, refusal_code="A1", refusal="Это не таблица.", problems=[{"old": 1}])

    [problem] = problems_of(file)

    assert (problem["row"], problem["code"], problem["text"]) == (0, "A1", "Это не таблица.")
    assert problem["severity"] == "error"


def test_problems_of_a_read_file_are_its_own() -> None:
    assert list(problems_of(ImportFile(state=FileState.WAITING, problems=[{"code": "empty"}]))) == [{"code": "empty"}]


def test_row_of_the_registry_is_about_its_school_whatever_day_it_holds_from() -> None:
    key = {"inn": "1000000053", "territory_name": "Округ", "valid_from": "2026-09-01"}

    assert identity("registry", key) == identity("registry", {**key, "valid_from": ""}) == [("inn", "1000000053")]


def test_rows_of_other_tables_are_told_by_the_whole_key() -> None:
    assert identity("results", {"year": 2026, "grade": 5}) == [("grade", 5), ("year", 2026)]
