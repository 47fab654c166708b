"""The portal's template of results, the flat table, the registry of schools."""

from decimal import Decimal
from typing import Any

import pytest

from schools.intake.cells import Book, CellValue, Row, Sheet, column_letter
from schools.intake.layouts import flat_results, portal_events, portal_results, portal_schools
from schools.intake.parse import parse_file
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import Journal, ParsedFile, Problem, ProblemCode, SchoolRow, TerritoryRef, WorkKey
from schools.intake.template_meta import META_SHEET, TemplateMeta
from tests.factories.workbooks import book_of

Cells = tuple[CellValue, ...]
TITLES: tuple[str, ...] = tuple(column.title for column in portal_results.COLUMNS)
GOOD: dict[str, Any] = {
    "ИНН ОО": "0000100037",
    "Наименование ОО": "СОШ № 3",
    "Процедура": "КДР",
    "Год": 2026,
    "Предмет": "Математика",
    "Класс": 6,
    "Участников": 38,
    "«2»": 1,
    "«3»": 2,
    "«4»": 30,
    "«5»": 5,
}


def results(**changes: Any) -> ParsedFile:
    """Return the parsed template with one row; keyword «_2» stands for the column «2» in quotes."""
    row = {**GOOD, **changes}
    return portal_results.parse(book_of(TITLES, tuple(row.get(title) for title in TITLES), name="Результаты"))


def changed(title: str, value: Any) -> ParsedFile:
    return results(**{title: value})


def test_row_of_the_template_is_read() -> None:
    file = results(
        **{"Обучающихся в параллели": 40, "Средний балл": "12,5", "Макс. балл": 20, "Примечание": "пересдача"}
    )

    [row] = file.rows
    assert row.school.inn == "0000100037"
    assert row.work == WorkKey(procedure="KDR", year=2026, period="spring", subject="MA", grade=6)
    assert row.counts is not None
    assert (row.counts.participants, row.counts.marks, row.counts.enrolled) == (38, (1, 2, 30, 5), 40)
    assert (row.counts.mean_score, row.counts.max_primary) == (Decimal("12.5"), 20)
    assert row.counts.percents is None
    assert not row.counts.is_derived
    assert row.note == "пересдача"
    assert file.work == row.work


@pytest.mark.parametrize(
    ("title", "value", "field", "expected"),
    [
        ("Год", "2025/2026", "year", 2026),
        ("Класс", "6 класс", "grade", 6),
        ("Период", "осень", "period", "autumn"),
        ("Процедура", "огэ", "period", "main"),
        ("Уровень", "Углублённый", "level", "advanced"),
        ("Предмет", "Математика (базовый уровень)", "level", "base"),
    ],
)
def test_words_of_people_are_understood(title: str, value: object, field: str, expected: object) -> None:
    assert getattr(changed(title, value).rows[0].work, field) == expected


@pytest.mark.parametrize(
    ("procedure", "period", "year"),
    [
        pytest.param("КДР", "весна", 2023, id="spring ends the year"),
        pytest.param("ВПР", "осень", 2022, id="autumn begins it"),
        pytest.param("КДР", "сентябрь", 2022, id="a work of September begins it"),
        pytest.param("ОГЭ", "сентябрь", 2023, id="a retake comes after it"),
    ],
)
def test_academic_year_is_that_in_which_the_work_was_written(procedure: str, period: str, year: int) -> None:
    (row,) = results(Год="2022/2023", Процедура=procedure, Период=period, Класс=9 if procedure == "ОГЭ" else 6).rows

    assert row.work.year == year


@pytest.mark.parametrize(("level", "subject"), [("базовый", "MAB"), ("профильный", "MAP"), (None, "MA")])
def test_mathematics_of_ege_is_two_exams(level: str | None, subject: str) -> None:
    row = results(Процедура="ЕГЭ", Уровень=level, Класс=11).rows[0]

    assert (row.work.subject, row.work.level) == (subject, "none")


def test_exam_without_marks_has_a_count_below_the_minimum() -> None:
    empty = dict.fromkeys(("«2»", "«3»", "«4»", "«5»"))

    counts = results(**empty, **{"Ниже минимума": 3}).rows[0].counts

    assert counts is not None
    assert (counts.marks, counts.below_min) == (None, 3)


def test_comparison_with_the_journal_is_read() -> None:
    assert results(Понизили=10, Подтвердили=25, Повысили=3).rows[0].journal == Journal(
        lowered=10,
        confirmed=25,
        raised=3,
    )


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"Участников": 39}, ProblemCode.SUM_OF_MARKS, "сумма отметок 38, участников 39"),
        ({"«5»": None}, ProblemCode.EMPTY, "заполнены не все отметки"),
        ({"ИНН ОО": "0000100038"}, ProblemCode.BAD_IDENTIFIER, "ИНН «0000100038» не существует"),
        ({"ИНН ОО": None, "Наименование ОО": None}, ProblemCode.EMPTY, "не указана школа"),
        ({"Процедура": "ВКР"}, ProblemCode.UNKNOWN_VALUE, "получено «ВКР»"),
        ({"Процедура": None}, ProblemCode.EMPTY, "не указана процедура"),
        ({"Предмет": "Алхимия"}, ProblemCode.UNKNOWN_VALUE, "предмет «Алхимия» не найден"),
        ({"Предмет": None}, ProblemCode.EMPTY, "не указан предмет"),
        ({"Год": 1999}, ProblemCode.OUT_OF_RANGE, "год от 2015"),
        ({"Класс": 13}, ProblemCode.OUT_OF_RANGE, "класс от 1 до 12"),
        ({"Ниже минимума": 39}, ProblemCode.PART_ABOVE_WHOLE, "39 больше, чем участников (38)"),
        ({"Обучающихся в параллели": 30}, ProblemCode.PART_ABOVE_WHOLE, "38 больше, чем обучающихся"),
        ({"Понизили": 1}, ProblemCode.EMPTY, "заполнены не все столбцы"),
        ({"Понизили": 30, "Подтвердили": 30, "Повысили": 0}, ProblemCode.PART_ABOVE_WHOLE, "60 больше"),
        ({"Участников": "много"}, ProblemCode.NOT_A_NUMBER, "целое число"),
        ({"Средний балл": "пять"}, ProblemCode.NOT_A_NUMBER, "столбец «Средний балл»"),
        ({"Уровень": "высший"}, ProblemCode.UNKNOWN_VALUE, "базовый, углублённый"),
    ],
)
def test_row_that_does_not_fit_is_named_with_its_place(changes: dict[str, Any], code: ProblemCode, words: str) -> None:
    file = results(**changes)

    assert not file.rows
    assert code in {problem.code for problem in file.errors}
    assert all(problem.text_ru.startswith("Лист «Результаты», строка 2") for problem in file.errors)
    assert any(words in problem.text_ru for problem in file.errors)


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"ИНН ОО": None, "Наименование ОО": None}, "ИНН ОО"),
        ({"«3»": None, "«5»": None}, "«3»"),
        ({"Понизили": 1}, "Подтвердили"),
    ],
)
def test_remark_on_several_cells_stands_at_the_first_that_is_empty(changes: dict[str, Any], title: str) -> None:
    """A remark with a cell can be put right beside it, and is marked in the file."""
    [problem] = results(**changes).errors

    assert (problem.column, problem.cell) == (title, f"{column_letter(TITLES.index(title))}2")


def test_rows_with_a_school_alone_are_not_filled() -> None:
    school = tuple(GOOD[title] if title in {"ИНН ОО", "Наименование ОО"} else None for title in TITLES)
    good = tuple(GOOD.get(title) for title in TITLES)

    file = portal_results.parse(book_of(TITLES, school, good, school, name="Результаты"))

    assert len(file.rows) == 1
    assert not file.problems


def test_template_nobody_filled_is_refused() -> None:
    with pytest.raises(LayoutRefusal) as caught:
        portal_results.parse(book_of(TITLES, name="Результаты"))

    assert caught.value.code == Code.NO_ROWS


def with_meta(**said: Any) -> Book:
    """Return a template with one good row whose hidden sheet says this."""
    meta = TemplateMeta(**{"form": "results", "version": portal_results.VERSION, **said})
    lines = tuple(Row(number, pair) for number, pair in enumerate(meta.lines().items(), start=1))
    table = book_of(TITLES, tuple(GOOD.get(title) for title in TITLES), name="Результаты")
    return Book((*table.sheets, Sheet(META_SHEET, lines, is_hidden=True)))


def test_template_of_another_version_is_refused() -> None:
    with pytest.raises(LayoutRefusal) as caught:
        portal_results.parse(with_meta(version=1))

    assert caught.value.code == Code.OLD_TEMPLATE
    assert "Найдено: версия 1. Ожидается: версия 2." in caught.value.text_ru
    assert caught.value.text_ru.endswith("/imports/templates/results/.")


def test_form_of_internal_works_takes_the_works_of_a_school() -> None:
    parsed = portal_results.parse(with_meta(form="SA-5", inn=GOOD["ИНН ОО"], period="2026"))

    assert parsed.title == "Внутренние работы школы, форма SA-5"
    [problem] = parsed.errors
    assert problem.text_ru.startswith("Лист «Результаты», строка 2: «КДР» в форме SA-5 не загружается")
    assert parsed.rows == ()


@pytest.mark.parametrize("procedure", ["Входной мониторинг", "Школьная диагностическая работа"])
def test_internal_work_is_read(procedure: str) -> None:
    book = with_meta(form="SA-5", inn=GOOD["ИНН ОО"], period="2026")
    row = tuple({**GOOD, "Процедура": procedure}.get(title) for title in TITLES)
    table = book_of(TITLES, row, name="Результаты").sheets[0]

    assert len(portal_results.parse(Book((table, book.sheets[1]))).rows) == 1


def test_table_without_a_column_of_schools_is_refused() -> None:
    titles = TITLES[4:]

    with pytest.raises(LayoutRefusal) as caught:
        portal_results.parse(book_of(titles, tuple(GOOD.get(title) for title in titles)))

    assert "«ИНН ОО»" in caught.value.text_ru


# The flat table

FLAT = "inn;year;procedure;subject;grade;participants;mark2;mark3;mark4;mark5;lowered;confirmed;raised\n"


def flat(line: str, header: str = FLAT) -> ParsedFile:
    return parse_file((header + line).encode())


def test_flat_row_is_read_with_marks_and_journal() -> None:
    file = flat("0000100037;2026;VPR;RU;4;38;1;2;30;5;10;25;3\n")

    assert file.layout == "flat_results"
    [row] = file.rows
    assert row.work == WorkKey(procedure="VPR", year=2026, period="spring", subject="RU", grade=4)
    assert row.counts is not None
    assert row.counts.marks == (1, 2, 30, 5)
    assert row.journal == Journal(lowered=10, confirmed=25, raised=3)


def test_flat_exam_has_no_journal_and_its_own_period() -> None:
    [row] = flat("0000100037;2026;EGE;MAB;11;38;1;2;30;5;;;\n").rows

    assert (row.work.period, row.work.subject, row.journal) == ("main", "MAB", None)


def test_flat_row_may_name_the_school_in_words() -> None:
    header = FLAT.replace("inn;", "school_no;school;")

    assert flat("3;МБОУ «СОШ № 3»;2026;VPR;RU;4;3;1;1;1;0;1;1;1\n", header).rows[0].school.name == "МБОУ «СОШ № 3»"


def test_flat_problem_names_the_line() -> None:
    [problem] = flat("0000100037;2026;VPR;RU;4;39;1;2;30;5;;;\n").problems

    assert problem.text_ru.startswith("Строка 2, столбец «participants»: сумма отметок 38, участников 39.")


def test_flat_layout_is_sought_in_visible_sheets() -> None:
    assert flat_results.affinity(Book(())) == 0


# The registry

REGISTRY_TITLES = tuple(column.title for column in portal_schools.COLUMNS)
SCHOOL: tuple[CellValue, ...] = (
    "0000100037",
    "1000000000011"[:12] + str(100000000001 % 11 % 10),
    "edu900003",
    "001003",
    "МБОУ «СОШ № 3»",
    "СОШ",
    "село",
    "reg99_m001",
    "Заозёрская область, округ 1",
    187,
)


def registry(*rows: tuple[CellValue, ...]) -> ParsedFile:
    return portal_schools.parse(book_of(REGISTRY_TITLES, *rows, name="Школы"))


def with_cell(title: str, value: CellValue) -> tuple[CellValue, ...]:
    at = REGISTRY_TITLES.index(title)
    return (*SCHOOL[:at], value, *SCHOOL[at + 1 :])


def errors(file: ParsedFile) -> list[Problem]:
    return list(file.errors)


def test_school_of_the_registry_is_read() -> None:
    [school] = registry(SCHOOL).schools

    assert school == SchoolRow(
        sheet="Школы",
        row=2,
        inn="0000100037",
        name="МБОУ «СОШ № 3»",
        kind="СОШ",
        locality="село",
        territory=TerritoryRef(code="reg99_m001", name="Заозёрская область, округ 1"),
        ogrn=str(SCHOOL[1]),
        login="edu900003",
        gia_code="001003",
        students=187,
    )


def test_registry_as_csv_is_the_same_layout() -> None:
    header = "inn;ogrn;login;gia_code;name;kind;locality;municipality_code;municipality;students\n"
    line = ";".join(str(cell) for cell in SCHOOL)

    file = parse_file((header + line).encode())

    assert file.layout == "portal_schools"
    assert [school.inn for school in file.schools] == ["0000100037"]


@pytest.mark.parametrize(
    ("title", "value", "code"),
    [
        ("ИНН", "0000100038", ProblemCode.BAD_IDENTIFIER),
        ("ИНН", None, ProblemCode.EMPTY),
        ("ОГРН", "123", ProblemCode.BAD_IDENTIFIER),
        ("Логин ФИС ОКО", "школа3", ProblemCode.BAD_IDENTIFIER),
        ("Краткое наименование", None, ProblemCode.EMPTY),
        ("Вид", "колледж", ProblemCode.UNKNOWN_VALUE),
        ("Вид", None, ProblemCode.EMPTY),
        ("Населённый пункт", None, ProblemCode.EMPTY),
        ("Код муниципалитета", None, ProblemCode.EMPTY),
        ("Обучающихся", "много", ProblemCode.NOT_A_NUMBER),
    ],
)
def test_school_that_does_not_fit_is_named(title: str, value: CellValue, code: ProblemCode) -> None:
    file = registry(with_cell(title, value))

    assert not file.schools
    assert code in {problem.code for problem in errors(file)}


def test_school_given_twice_is_taken_once() -> None:
    file = registry(SCHOOL, SCHOOL)

    assert len(file.schools) == 1
    assert [problem.code for problem in errors(file)] == [ProblemCode.REPEATED_ROW]
    assert "уже есть в строке 2" in file.problems[0].text_ru


def test_evening_school_is_known_by_its_short_kind() -> None:
    assert registry(with_cell("Вид", "О(С)ОШ")).schools[0].kind == "О(С)ОШ"


def test_empty_registry_is_refused() -> None:
    with pytest.raises(LayoutRefusal) as caught:
        registry()

    assert caught.value.code == Code.NO_ROWS


@pytest.mark.parametrize("layout", [portal_results, portal_schools, portal_events])
def test_book_whose_only_sheet_is_hidden_is_refused_by_the_name_of_the_sheet(layout: Any) -> None:
    hidden = Sheet(layout.SHEET, rows=(Row(1, tuple(column.title for column in layout.COLUMNS)),), is_hidden=True)

    with pytest.raises(LayoutRefusal) as caught:
        layout.parse(Book((hidden,)))

    assert caught.value.code == Code.NO_DATA
    assert layout.SHEET in caught.value.text_ru
