"""«Индивидуальные результаты»: sums of schools come out, participants do not."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schools.intake.cells import CellValue
from schools.intake.federal_writer import PUPILS_HEADER, PUPILS_TAIL, PupilLine
from schools.intake.layouts import federal_pupils, keeps_bytes
from schools.intake.layouts.federal_pupils import parse
from schools.intake.parse import parse_file
from schools.intake.percents import mean_of_counts
from schools.intake.refusals import Code, LayoutRefusal, Refusal
from schools.intake.rows import ParsedFile, ProblemCode, Severity
from tests.factories.federal import FIRST, SECOND, make_pupils, pupils_file, sums_of
from tests.factories.workbooks import book_of, changed_cells, workbook

Cells = tuple[CellValue, ...]
HEAD: list[Cells] = [
    ("Индивидуальные результаты",),
    (),
    ("ВПР 2026 Русский язык 4 класс",),
    ("Предмет:", "Русский язык"),
    ("Максимальный первичный балл:", 7),
    ("Дата:", "20.04.2026"),
    (None, None, "Уровень сложности задания", None, None, None, "Б", "П"),
]
HEADER: Cells = (*PUPILS_HEADER, "1 (2б)", "2 (5б)", *PUPILS_TAIL)


def line(mark: CellValue, score: CellValue = 4, journal: CellValue = 4, *, code: str = "40017") -> Cells:
    return ("edu900001", "Светлоборский округ", "МБОУ «СОШ № 1»", code, 4, 1, "X", 2, score, mark, journal)


def parsed(*rows: Cells, head: list[Cells] | None = None, header: Cells = HEADER) -> ParsedFile:
    return parse(book_of(*(head or HEAD), header, *rows, name="РУ 4"))


def refusal(*rows: Cells) -> LayoutRefusal:
    with pytest.raises(LayoutRefusal) as caught:
        parse(book_of(*rows))
    return caught.value


def all_words(file: ParsedFile) -> str:
    """Return everything that would be stored of a file, as text."""
    return json.dumps([repr(file), *(problem.as_json() for problem in file.problems)], ensure_ascii=False)


sizes = st.tuples(st.integers(1, 60), st.integers(1, 60), st.integers(0, 10_000))


@settings(max_examples=25)
@given(sizes)
def test_sums_are_those_of_the_participants_of_each_school(sizes: tuple[int, int, int]) -> None:
    first, second, seed = sizes
    schools = {FIRST: make_pupils(first, seed=seed), SECOND: make_pupils(second, seed=seed + 1, first_code=40500)}
    rows: list[Cells] = []
    for name, pupils in schools.items():
        rows.append((f"{name} | Кол-во участников: {len(pupils)}",))
        rows += [pupil_cells(name, pupil) for pupil in pupils]

    file = parsed(*rows, header=(*PUPILS_HEADER, "1", "2", "3.1", "4К1", *PUPILS_TAIL))

    assert [row.counts.participants for row in file.rows if row.counts] == [first, second]
    for row, pupils in zip(file.rows, schools.values(), strict=True):
        assert row.counts is not None
        journal = (row.journal.lowered, row.journal.confirmed, row.journal.raised) if row.journal else (0, 0, 0)
        assert (row.counts.marks, row.counts.score_hist, journal) == sums_of(pupils)
        assert row.counts.mean_primary == mean_of_counts(row.counts.score_hist)


def pupil_cells(school: str, pupil: PupilLine) -> Cells:
    total = sum(point or 0 for point in pupil.points)
    points = ("X" if point is None else point for point in pupil.points)
    login = school[school.index("edu") :].strip(")")
    return (login, "Округ", school, pupil.code, 4, 1, *points, total, pupil.mark, pupil.journal or "нет отметки")


def test_workbook_of_the_federal_system_gives_a_row_for_a_school() -> None:
    pupils = make_pupils(30)

    file = parse_file(pupils_file({FIRST: pupils, SECOND: make_pupils(5, seed=2)}))

    assert (file.layout, len(file.rows)) == ("federal_pupils", 2)
    assert file.title == "Индивидуальные результаты (только итоги по школам): ВПР 2026 Русский язык 4 класс"
    assert file.rows[0].school.login == "edu900001"
    assert file.rows[0].work.subject == "RU"
    assert not file.problems


@settings(max_examples=10)
@given(st.integers(0, 1000))
def test_no_code_of_a_participant_comes_out(seed: int) -> None:
    pupils = make_pupils(20, seed=seed, first_code=70001)

    words = all_words(parse_file(pupils_file({FIRST: pupils})))

    assert not [pupil.code for pupil in pupils if pupil.code in words]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (line(None, 4), ProblemCode.EMPTY),
        (line("Примерова Анна", 4), ProblemCode.EMPTY),
        (line(4, 55), ProblemCode.OUTSIDE_SCALE),
        ((None, None, None, "40017", 4, 1, 1, 1, 4, 4, 4), ProblemCode.EMPTY),
    ],
)
def test_remark_on_a_row_quotes_nothing_of_it(row: Cells, code: ProblemCode) -> None:
    file = parsed(row)

    [problem] = file.problems
    assert (problem.code, problem.row, problem.found) == (code, 9, "")
    assert not [secret for secret in ("40017", "Примерова", "55") if secret in all_words(file)]
    assert not file.rows


def test_school_with_a_bad_row_is_left_out_and_the_other_is_taken() -> None:
    other = ("edu900002", "Округ", "МБОУ «СОШ № 2»", "40900", 4, 1, 1, 1, 2, 3, 3)

    file = parsed(line(4), line(None, 3), other)

    assert [row.school.login for row in file.rows] == ["edu900002"]


def test_absent_participant_is_not_counted_and_told_as_a_number() -> None:
    file = parsed((f"{FIRST} | Кол-во участников: 2",), line(4), line(None, None))

    assert file.rows[0].counts is not None
    assert file.rows[0].counts.participants == 1
    [warning] = file.problems
    assert (warning.code, warning.severity) == (ProblemCode.PUPILS_LEFT_OUT, Severity.WARNING)
    assert "участников без отметки 1" in warning.text_ru


def test_mark_without_a_score_leaves_the_histogram_out() -> None:
    file = parsed(line(4, "н/д"), line(5, 6))

    counts = file.rows[0].counts
    assert counts is not None
    assert (counts.marks, counts.score_hist, counts.mean_primary) == ((0, 0, 1, 1), (), None)
    assert "распределение баллов не построено" in file.problems[0].text_ru


def test_unknown_maximum_leaves_the_histogram_out() -> None:
    head = [*HEAD[:4], ("Максимальный первичный балл:", "н/д"), *HEAD[5:]]

    counts = parsed(line(4), head=head).rows[0].counts

    assert counts is not None
    assert (counts.participants, counts.score_hist) == (1, ())


def test_fewer_rows_than_the_report_announces_keep_the_school_out() -> None:
    file = parsed((f"{FIRST} | Кол-во участников: 3",), line(4), line(5, 7))

    [problem] = file.problems
    assert (problem.code, problem.is_error) == (ProblemCode.SUM_OF_MARKS, True)
    assert "строк участников 2, в отчёте указано 3" in problem.text_ru
    assert not file.rows


def test_rows_without_their_school_belong_to_the_line_above() -> None:
    file = parsed((f"{FIRST}", "Кол-во участников: 1"), (None, None, None, *line(4)[3:]))

    assert [row.school.login for row in file.rows] == ["edu900001"]


def test_marks_that_contradict_the_scores_are_told_without_the_scores() -> None:
    file = parsed(line(3, 6), line(4, 5))

    [warning] = file.problems
    assert (warning.code, warning.severity) == (ProblemCode.BORDERS_CROSS, Severity.WARNING)
    assert "«3» стоит при балле не ниже, чем «4»" in warning.text_ru
    assert len(file.rows) == 1


def test_participants_without_marks_in_the_journal_give_no_comparison() -> None:
    assert parsed(line(4, 4, "нет отметки")).rows[0].journal is None


def test_participants_on_a_hidden_sheet_are_counted_too() -> None:
    import io

    from openpyxl import load_workbook

    from tests.factories.workbooks import saved

    book = load_workbook(io.BytesIO(pupils_file({FIRST: make_pupils(5)})))
    book.create_sheet("Лист")["A1"] = "Пусто"
    book.worksheets[0].sheet_state = "hidden"
    book.active = 1

    assert parse_file(saved(book)).layout == "federal_pupils"


def test_report_without_its_header_is_refused_and_quotes_no_row() -> None:
    found = refusal(*HEAD, line(4))

    assert found.code == Code.PUPIL_RESULTS
    assert "40017" not in found.text_ru


def test_report_without_participants_is_refused() -> None:
    assert refusal(*HEAD, HEADER).code == Code.NO_ROWS


def test_report_on_an_unknown_work_is_refused() -> None:
    data = changed_cells(pupils_file({FIRST: make_pupils(3)}), {"A3": "ВПР"})

    with pytest.raises(Refusal) as caught:
        parse_file(data)

    assert caught.value.code == Code.TITLE_UNREADABLE


def test_table_of_codes_without_marks_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        parse_file(workbook([("Код участника", "Вариант"), ("40017", 1)]))

    assert caught.value.code == Code.PUPIL_RESULTS
    assert "40017" not in caught.value.text_ru


def test_bytes_of_the_report_may_not_be_stored() -> None:
    assert not keeps_bytes(federal_pupils.LAYOUT.code)
    assert keeps_bytes("federal_marks")


def test_csv_of_the_report_is_read_as_well() -> None:
    rows: list[tuple[Any, ...]] = [*HEAD, HEADER, line(4)]
    text = "\n".join(";".join("" if cell is None else str(cell) for cell in row) for row in rows)

    assert parse_file(f"{text.replace('результаты', 'результаты;', 1)}\n".encode()).layout == "federal_pupils"
