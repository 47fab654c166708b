"""«Статистика по отметкам»: shares back to counts, territories apart from schools."""

import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schools.intake.cells import Book, CellValue, Merge, Sheet
from schools.intake.layouts import federal_marks
from schools.intake.layouts.federal_marks import parse
from schools.intake.parse import parse_file
from schools.intake.percents import share_of_count
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ParsedFile, ProblemCode, SchoolRef, Severity, WorkKey
from tests.factories.workbooks import book_of, changed_cells, remarks, sheet_of
from tests.factories.workbooks import federal_marks as marks_file

Cells = tuple[CellValue, ...]
HEADER: Cells = ("Группы участников", "Кол-во ОО", "Кол-во участников", 2, 3, 4, 5)
SCHOOL: Cells = ("МБОУ «СОШ № 3» (edu900003)", None, 38, 2.63, 5.26, 78.95, 13.16)


def head(work: str = "ВПР 2026 Русский язык 4 класс", held: str = "20.04.2026") -> list[Cells]:
    return [
        ("Статистика по отметкам",),
        (),
        (work,),
        ("Предмет:", "Русский язык"),
        ("Максимальный первичный балл:", 38),
        ("Дата:", held),
        (),
    ]


def parsed(*rows: Cells, header: Cells = HEADER, top: list[Cells] | None = None) -> ParsedFile:
    return parse(book_of(*(top or head()), header, *rows, name="РУ 4"))


def refusal(book: Book) -> LayoutRefusal:
    with pytest.raises(LayoutRefusal) as caught:
        parse(book)
    return caught.value


counts = st.lists(st.integers(0, 60), min_size=4, max_size=4).filter(any)


@settings(max_examples=60)
@given(st.lists(counts, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_any_counts_survive_the_export_in_any_order_of_columns(schools: list[list[int]], order: random.Random) -> None:
    columns = list(range(len(HEADER)))
    order.shuffle(columns)
    rows: list[Cells] = []
    for number, marks in enumerate(schools):
        shares = [float(share_of_count(count, sum(marks))) for count in marks]
        rows.append((f"МБОУ «СОШ № {number}» (edu90{number:04d})", None, sum(marks), *shares))

    file = parsed(
        *(tuple(row[i] for i in columns) for row in rows),
        header=tuple(HEADER[i] for i in columns),
    )

    assert [row.counts.marks for row in file.rows if row.counts] == [tuple(marks) for marks in schools]
    assert not remarks(file)


def test_file_written_in_the_federal_layout_is_read_back_whatever_happens_to_it_on_the_way() -> None:
    file = parse_file(marks_file({"МБОУ «СОШ № 3» (edu900003)": (1, 2, 30, 5), "Лицей № 4 (edu900004)": (0, 0, 1, 1)}))

    assert file.layout == "federal_marks"
    assert (file.procedure, file.year, file.subject, file.grade) == ("VPR", 2026, "RU", 4)
    assert [(row.school.login, row.counts.marks) for row in file.rows if row.counts] == [
        ("edu900003", (1, 2, 30, 5)),
        ("edu900004", (0, 0, 1, 1)),
    ]
    assert file.title == "Статистика по отметкам: ВПР 2026 Русский язык 4 класс"


def test_counts_behind_shares_are_told_once_for_a_file_however_many_rows_it_has() -> None:
    file = parsed(SCHOOL, ("Лицей № 4 (edu900004)", None, 2, 0, 50, 50, 0))

    [notice] = file.problems
    assert (notice.code, notice.row, notice.severity) == (ProblemCode.COUNTS_DERIVED, 0, Severity.WARNING)
    assert "числа участников восстановлены" in notice.text_ru


def test_sum_a_little_over_a_hundred_is_a_warning_and_the_row_is_taken() -> None:
    file = parsed((SCHOOL[0], None, 3, 33.39, 33.39, 33.39, 0))

    [warning] = remarks(file)
    assert (warning.code, warning.severity) == (ProblemCode.SUM_OF_PERCENTS, Severity.WARNING)
    assert "100,17 %, это больше 100 %" in warning.text_ru
    assert file.rows[0].counts is not None
    assert file.rows[0].counts.marks == (1, 1, 1, 0)


def test_year_before_the_first_works_is_refused() -> None:
    found = refusal(book_of(*head("ВПР 2014 Русский язык 4 класс"), HEADER, SCHOOL))

    assert found.code == Code.TITLE_UNREADABLE
    assert "год не раньше 2015" in found.text_ru


def test_school_row_keeps_its_place_and_the_delivered_shares() -> None:
    row = parsed(SCHOOL).rows[0]

    assert (row.sheet, row.row) == ("РУ 4", 9)
    assert row.school == SchoolRef(name="МБОУ «СОШ № 3»", login="edu900003")
    assert row.work == WorkKey(procedure="VPR", year=2026, period="spring", subject="RU", grade=4)
    assert row.counts is not None
    assert row.counts.is_derived
    assert row.counts.percents == tuple(Decimal(share) for share in ("2.63", "5.26", "78.95", "13.16"))
    assert row.counts.max_primary == 38


def test_territories_are_reference_values() -> None:
    file = parsed(
        ("Вся выборка", 35589, 1722202, 5.06, 32.92, 44.33, 17.69),
        ("Заозёрская область", None, 5000, 13.4, 44.2, 36.3, 6.1),
        ("Светлоборский округ (reg99_m001)", 20, 400, 10, 40, 40, 10),
        SCHOOL,
    )

    assert [(row.sample, row.schools, row.participants) for row in file.benchmarks] == [
        ("Вся выборка", 35589, 1722202),
        ("Заозёрская область", None, 5000),
        ("Светлоборский округ (reg99_m001)", 20, 400),
    ]
    assert file.benchmarks[0].percents["2"] == Decimal("5.06")
    assert len(file.rows) == 1


def test_bad_number_of_a_territory_does_not_stop_the_schools() -> None:
    file = parsed(("Вся выборка", 35589, "много", 5.06, 32.92, 44.33, 17.69), SCHOOL)

    assert len(file.rows) == 1
    assert not file.benchmarks
    assert [problem.severity for problem in remarks(file)] == [Severity.WARNING]


def test_school_without_a_login_is_known_by_the_words_of_its_name() -> None:
    assert parsed(("МБОУ «Боровская СОШ»", *SCHOOL[1:])).rows[0].school == SchoolRef(name="МБОУ «Боровская СОШ»")


@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        ((SCHOOL[0], None, 38, 12.63, 5.26, 78.95, 13.16), ProblemCode.SUM_OF_PERCENTS, "сумма долей отметок 110,00 %"),
        ((SCHOOL[0], None, 38, 3, 5.26, 78.58, 13.16), ProblemCode.PERCENT_NOT_OF_COUNT, "доля 3 % не получается"),
        ((SCHOOL[0], None, 38, "много", 5.26, 78.95, 13.16), ProblemCode.NOT_A_NUMBER, "получено «много»"),
        ((SCHOOL[0], None, 38, 2.63, 5.26, 78.95, 130), ProblemCode.OUT_OF_RANGE, "столбец «5»"),
        ((SCHOOL[0], None, None, 2.63, 5.26, 78.95, 13.16), ProblemCode.EMPTY, "пустая ячейка"),
        ((SCHOOL[0], None, 12.5, 2.63, 5.26, 78.95, 13.16), ProblemCode.NOT_WHOLE, "целое число"),
    ],
)
def test_row_that_does_not_fit_is_a_problem_with_its_place(row: Cells, code: ProblemCode, words: str) -> None:
    file = parsed(SCHOOL, row)

    assert len(file.rows) == 1
    [problem] = remarks(file)
    assert (problem.code, problem.sheet, problem.row, problem.is_error) == (code, "РУ 4", 10, True)
    assert problem.text_ru.startswith("Лист «РУ 4», строка 10")
    assert words in problem.text_ru


def test_sum_that_is_not_the_number_of_participants_names_both() -> None:
    shares = (24.96, 24.96, 24.96, 24.96)  # of 1000: 250 each by rounding, but 0.16 is missing from the hundred

    file = parsed((SCHOOL[0], None, 999, *shares))

    [problem] = remarks(file)
    assert problem.code == ProblemCode.SUM_OF_MARKS
    assert (problem.found, problem.expected) == ("999", "996")  # of the cell with participants
    assert "сумма отметок 996, участников 999" in problem.text_ru


def test_school_nobody_wrote_in_is_left_out_with_a_word() -> None:
    file = parsed((SCHOOL[0], None, 0, 0, 0, 0, 0), SCHOOL)

    assert [problem.code for problem in remarks(file)] == [ProblemCode.NO_PARTICIPANTS]
    assert not file.errors
    assert len(file.rows) == 1


def test_empty_share_is_nobody_when_the_others_make_a_hundred() -> None:
    file = parsed((SCHOOL[0], None, 4, None, 50, 50, None))

    assert file.rows[0].counts is not None
    assert file.rows[0].counts.marks == (0, 2, 2, 0)


def test_note_under_the_table_is_no_row() -> None:
    assert not remarks(parsed(SCHOOL, ("Примечание: данные предварительные",)))


def test_unknown_header_is_refused_with_the_found_and_the_expected_titles() -> None:
    found = refusal(book_of(*head(), ("Группы участников", "Чел.", "2", "3", "4"), SCHOOL))

    assert found.code == Code.COLUMN_MISSING
    assert "«Чел.»" in found.text_ru
    assert "«Кол-во участников»" in found.text_ru
    assert "«5»" in found.text_ru


@pytest.mark.parametrize("work", ["ВПР", "Отчёт 2026", "ВПР 2026 Алхимия 4 класс"])
def test_title_that_names_no_work_is_refused_with_a_sample(work: str) -> None:
    rows = head(work)
    rows[3] = ("Предмет:", "Алхимия")

    found = refusal(book_of(*rows, HEADER, SCHOOL))

    assert found.code == Code.TITLE_UNREADABLE
    assert "«ВПР 2026 Русский язык 4 класс»" in found.text_ru


def test_subject_is_taken_from_its_own_row_when_the_title_is_odd() -> None:
    assert parsed(SCHOOL, top=head("ВПР 2026 Рус. яз. (4) 4 класс")).rows[0].work.subject == "RU"


def test_file_of_a_region_without_schools_is_refused() -> None:
    assert refusal(book_of(*head(), HEADER, ("Вся выборка", 1, 100, 5, 33, 44, 18))).code == Code.NO_ROWS


def test_advanced_course_is_another_work() -> None:
    top = head("ВПР 2026 Математика (углублённый уровень) 7 класс")

    assert parsed(SCHOOL, top=top).rows[0].work.level == "advanced"


@pytest.mark.parametrize(
    ("work", "held", "programme", "period"),
    [
        ("ВПР 2022 Русский язык 6 класс", "19.09.2022", 5, "autumn"),
        ("ВПР 2020 Русский язык 6 класс", "15.09.2020", 5, "autumn"),
        ("ВПР 2022 Русский язык 6 класс", "15.03.2022", 6, "spring"),
        ("ВПР 2024 Русский язык 6 класс (по программе 5 класса)", "15.03.2024", 5, "spring"),
        ("ВПР 2023 Русский язык 6 класс", "19.09.2023", 6, "autumn"),
        ("ВПР 2026 Русский язык 6 класс", "дата неизвестна", 6, "spring"),
        ("ВПР 2020 Русский язык 6 класс", "дата неизвестна", 5, "autumn"),
    ],
)
def test_autumn_works_check_the_programme_of_the_grade_before(
    work: str,
    held: str,
    programme: int,
    period: str,
) -> None:
    file = parsed(SCHOOL, top=head(work, held))

    assert (file.rows[0].work.grade, file.rows[0].work.period) == (programme, period)
    assert file.rows[0].grade_actual == 6
    assert bool(remarks(file)) == (programme != 6)


def test_sheets_of_several_works_are_read_together() -> None:
    second = sheet_of(*head("ВПР 2026 Математика 5 класс"), HEADER, SCHOOL, name="МА 5")

    file = parse(Book((*book_of(*head(), HEADER, SCHOOL, name="РУ 4").sheets, second)))

    assert [row.work.subject for row in file.rows] == ["RU", "MA"]
    assert (file.work, file.year, file.procedure, file.subject, file.grade) == (None, None, None, None, None)


def test_unknown_maximum_is_left_out() -> None:
    rows = head()
    rows[4] = ("Максимальный первичный балл:", "н/д")

    counts = parsed(SCHOOL, top=rows).rows[0].counts
    assert counts is not None
    assert counts.max_primary is None


def test_merged_cells_among_the_data_are_told() -> None:
    plain = book_of(*head(), HEADER, SCHOOL).sheets[0]

    file = parse(Book((Sheet(plain.name, plain.rows, merges=(Merge(9, 10, 1, 1),)),)))

    assert [problem.code for problem in remarks(file)] == [ProblemCode.MERGED_CELLS]


def test_extra_column_is_told_and_not_read() -> None:
    file = parsed((*SCHOOL, "x"), header=(*HEADER, "Комментарий"))

    assert [problem.code for problem in remarks(file)] == [ProblemCode.EXTRA_COLUMNS]
    assert len(file.rows) == 1


def test_layout_is_known_by_its_header_when_the_title_is_gone() -> None:
    rows = head()
    rows[0] = ()

    assert federal_marks.affinity(book_of(*rows, HEADER, SCHOOL)) == 1
    assert len(parsed(SCHOOL, top=rows).rows) == 1


def test_error_in_a_cell_reaches_the_person_through_the_whole_way() -> None:
    file = parse_file(changed_cells(marks_file({"СОШ (edu900003)": (1, 1, 1, 1)}), {"D10": "н/д"}))

    [problem] = remarks(file)
    assert problem.text_ru == (
        "Лист «РУ 4 Статистика по отметкам», строка 10, столбец «2»: ожидается число, получено «н/д». "
        "Если значения нет, оставьте ячейку пустой."
    )
    assert problem.as_json()["text"] == problem.text_ru
