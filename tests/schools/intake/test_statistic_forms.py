"""The forms SA-1, SA-2, SA-4: written, filled by a person, read back. No database."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from schools.intake.layouts import LAYOUTS, recognise
from schools.intake.parse import parse_file
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ParsedFile, Problem, ProblemCode, SchoolRef, Severity
from schools.intake.template_meta import TemplateMeta
from schools.intake.templates_out import FilledSchool, Stored, statistic_template
from schools.statistics import CONTEXT, CONTINGENT, FORMS, STAFF, Item, ItemKind, catalogue_of
from tests.factories.forms import REF, Values, filled, form_book, put_cells, read, stored
from tests.factories.workbooks import book_of, saved

OTHER = SchoolRef(inn="0000100051", name="МБОУ «СОШ № 5»")
PUPILS = {("А", "НОО"): 100, ("А", "ООО"): 80, ("А", "СОО"): 20, ("А", "Всего"): 200}


def answer_to(item: Item) -> Stored:
    """Return a value that fits the item."""
    if item.kind == ItemKind.URL:
        return Stored(text="https://school.example.ru/quality")
    if item.kind == ItemKind.TEXT:
        return Stored(text="=Методика")
    if item.kind == ItemKind.DATE:
        return Stored(text="2026-09-28")
    return Stored(value=max(item.lowest, Decimal(1)))


def full(form: str) -> Values:
    """Return a value for every cell of a form; no part is larger than its whole."""
    catalogue = catalogue_of(form)
    return {
        (item.code, section.code): answer_to(item)
        for item in catalogue.items
        for section in catalogue.sections
        if item.is_asked_in(section.code)
    }


def of_many(form: str, *schools: FilledSchool) -> bytes:
    catalogue = catalogue_of(form)
    meta = TemplateMeta(form=form, version=catalogue.version, territory="reg99_m001", period="2026")
    return statistic_template(catalogue, meta, "Светлоборский округ", schools)


def opened(data: bytes, sheet: str = "Данные") -> Worksheet:
    page = load_workbook(BytesIO(data))[sheet]
    assert isinstance(page, Worksheet)
    return page


def errors(parsed: ParsedFile) -> list[Problem]:
    return list(parsed.errors)


def codes(parsed: ParsedFile) -> set[ProblemCode]:
    return {problem.code for problem in parsed.problems}


# What comes back


@pytest.mark.parametrize("form", FORMS)
def test_full_form_comes_back_as_it_was_given_out(form: str) -> None:
    values = full(form)

    parsed = read(form_book(form, values))

    assert stored(parsed) == {
        place: Stored(value=one.value and one.value.quantize(Decimal("0.01")), text=one.text)
        for place, one in values.items()
    }
    assert errors(parsed) == []


@pytest.mark.parametrize("form", FORMS)
def test_form_of_a_territory_comes_back_with_the_school_in_each_line(form: str) -> None:
    values = full(form)

    parsed = read(of_many(form, FilledSchool(ref=REF, values=values), FilledSchool(ref=OTHER)))

    assert {record.school.inn for record in parsed.records if record.school} == {REF.inn}
    assert len(parsed.records) == len(values)


PLAIN = [i.number for i in catalogue_of(CONTEXT).items if i.kind == ItemKind.COUNT and not i.whole and not i.highest]


@settings(max_examples=5)
@given(st.dictionaries(st.sampled_from(PLAIN), st.integers(0, 5000), min_size=1, max_size=6))
def test_any_counts_go_out_and_come_back_the_same(counts: dict[str, int]) -> None:
    once = read(filled(form_book(CONTEXT), {(number, "Значение"): count for number, count in counts.items()}))

    again = read(form_book(CONTEXT, stored(once)))

    assert stored(again) == stored(once)
    assert len(again.records) == len(counts)


def test_record_says_form_year_item_and_level() -> None:
    parsed = read(filled(form_book(CONTINGENT), {**PUPILS, ("1", "ООО"): 60}))

    record = next(record for record in parsed.records if record.key["item"] == "full_families")
    assert record.target == "statistics"
    assert record.key == {"form": "SA-2", "year": 2026, "item": "full_families", "section": "ooo"}
    assert record.values == {"value": "60.00", "whole": "80.00"}
    assert record.school == SchoolRef(inn=REF.inn)


def test_staff_is_told_by_subject() -> None:
    parsed = read(filled(form_book(STAFF), {("Физика", "Учителей"): 2, ("Физика", "Ставок"): "1,5"}))

    told = {(record.key["section"], record.key["item"]): record.values for record in parsed.records}
    assert told == {("FI", "teachers"): {"value": "2.00"}, ("FI", "posts"): {"value": "1.50"}}


@pytest.mark.parametrize(
    ("number", "given", "kept"),
    [
        ("1.1", "1 234", {"value": "1234.00"}),
        ("2.18", "20,5", {"value": "20.50"}),
        ("4.4", "97,5 %", {"value": "97.50"}),
        ("4.5", "Да", {"value": "1.00"}),
        ("4.5", "нет", {"value": "0.00"}),
        ("6.2", "https://s.example.ru", {"text": "https://s.example.ru"}),
    ],
)
def test_values_are_understood_as_people_write_them(number: str, given: object, kept: dict[str, str]) -> None:
    [record] = read(filled(form_book(CONTEXT), {(number, "Значение"): given})).records

    assert record.values == kept


def test_date_of_the_index_is_kept_as_a_day() -> None:
    values = {("10", "Всего"): 4.2, ("10.1", "Всего"): "Опросник", ("10.2", "Всего"): date(2026, 9, 28)}

    parsed = read(filled(form_book(CONTINGENT), values))

    assert stored(parsed)["climate_date", "total"].text == "2026-09-28"
    assert stored(parsed)["climate", "total"].value == Decimal("4.20")


def test_empty_cells_say_nothing() -> None:
    parsed = read(filled(form_book(CONTEXT), {("1.1", "Значение"): 200}))

    assert [record.key["item"] for record in parsed.records] == ["pupils"]


# What is wrong


@pytest.mark.parametrize(
    ("number", "given", "code", "words"),
    [
        ("1.1", "много", ProblemCode.NOT_A_NUMBER, "целое число"),
        ("1.1", 10.5, ProblemCode.NOT_WHOLE, "целое число"),
        ("1.1", -1, ProblemCode.OUT_OF_RANGE, "от 0"),
        ("1.7", 4, ProblemCode.OUT_OF_RANGE, "целое число от 1 до 3"),
        ("4.4", 101, ProblemCode.OUT_OF_RANGE, "число от 0 до 100"),
        ("4.3", 100001, ProblemCode.OUT_OF_RANGE, "до 100000"),
        ("4.5", "может быть", ProblemCode.UNKNOWN_VALUE, "да или нет"),
        ("6.2", "сайт школы", ProblemCode.UNKNOWN_VALUE, "адрес страницы"),
    ],
)
def test_cell_that_does_not_fit_is_named(number: str, given: object, code: ProblemCode, words: str) -> None:
    parsed = read(filled(form_book(CONTEXT), {(number, "Значение"): given}))

    [problem] = errors(parsed)
    assert (problem.code, problem.column) == (code, "Значение")
    assert words in problem.expected
    assert parsed.records == ()


def test_part_above_its_whole_is_refused_and_the_rest_is_taken() -> None:
    parsed = read(filled(form_book(CONTEXT), {("1.1", "Значение"): 200, ("1.9", "Значение"): 201}))

    [problem] = errors(parsed)
    assert problem.code == ProblemCode.PART_ABOVE_WHOLE
    assert "201 больше, чем «Обучающихся всего» (200)" in problem.text_ru
    assert [record.key["item"] for record in parsed.records] == ["pupils"]


def test_part_without_its_whole_is_refused() -> None:
    [problem] = errors(read(filled(form_book(CONTINGENT), {("1", "НОО"): 5})))

    assert problem.code == ProblemCode.EMPTY
    assert "заполните «Обучающихся на дату», НОО" in problem.text_ru


def test_bad_number_of_teachers_does_not_hide_what_is_wrong_beside_it() -> None:
    values = {("Физика", "Учителей"): "два", ("Физика", "Имеют ИОМ"): 1, ("Химия", "Учителей"): 1}

    parsed = read(filled(form_book(STAFF), values))

    assert [problem.code for problem in errors(parsed)] == [ProblemCode.NOT_A_NUMBER]
    assert {record.key["section"] for record in parsed.records} == {"HI"}


def test_index_without_its_method_and_date_is_refused() -> None:
    [problem] = errors(read(filled(form_book(CONTINGENT), {("10", "НОО"): 4})))

    assert "заполните «Методика», «Дата обследования»" in problem.text_ru


@pytest.mark.parametrize(("number", "column"), [("12.1", "НОО"), ("10.1", "СОО")])
def test_value_where_none_is_asked_is_refused(number: str, column: str) -> None:
    [problem] = errors(read(filled(form_book(CONTINGENT), {(number, column): 1})))

    assert "здесь не заполняется" in problem.text_ru


def test_levels_that_do_not_add_up_are_a_warning() -> None:
    parsed = read(filled(form_book(CONTINGENT), {**PUPILS, ("А", "Всего"): 210}))

    [problem] = [one for one in parsed.problems if one.code == ProblemCode.SUM_OF_SECTIONS]
    assert problem.severity == Severity.WARNING
    assert "сумма по уровням 200, а всего 210" in problem.text_ru
    assert len(parsed.records) == 4


def test_distribution_that_does_not_make_up_its_whole_is_a_warning() -> None:
    values = {("Б", "НОО"): 100, ("8.1", "НОО"): 40, ("8.2", "НОО"): 50}

    parsed = read(filled(form_book(CONTINGENT), values))

    [problem] = [one for one in parsed.problems if one.code == ProblemCode.SUM_OF_PARTS]
    assert "сумма 90, а «Родителей, о которых собраны сведения» — 100" in problem.text_ru
    assert problem.severity == Severity.WARNING


def test_obligatory_lines_left_empty_are_named_once() -> None:
    parsed = read(filled(form_book(CONTEXT), {("1.1", "Значение"): 200}))

    [problem] = parsed.problems
    assert (problem.code, problem.severity) == (ProblemCode.EMPTY, Severity.WARNING)
    assert "2.1 «Учителей всего»" in problem.text_ru


def test_line_that_is_not_of_the_form_is_named() -> None:
    data = put_cells(form_book(CONTEXT), "Данные", {"A6": "7.7", "B6": "Выдумано", "D6": 1})

    [problem] = errors(read(data))

    assert "строки «7.7» нет в форме" in problem.text_ru


def test_same_line_twice_is_refused_the_second_time() -> None:
    data = put_cells(form_book(CONTEXT), "Данные", {"D6": 200, "A7": "1.1", "B7": "Обучающихся всего", "D7": 201})

    parsed = read(data)

    assert [problem.code for problem in errors(parsed)] == [ProblemCode.REPEATED_ROW]
    assert stored(parsed)["pupils", ""].value == Decimal(200)


def test_line_is_known_by_its_title_when_the_number_is_lost() -> None:
    data = put_cells(form_book(CONTEXT), "Данные", {"A6": None, "D6": 200})

    assert [record.key["item"] for record in read(data).records] == ["pupils"]


def test_wrong_inn_in_a_line_is_refused() -> None:
    data = put_cells(of_many(CONTEXT, FilledSchool(ref=REF)), "Данные", {"A5": "0000100038", "F5": 200})

    assert ProblemCode.BAD_IDENTIFIER in codes(read(data))


# Whose form, which year, which version


def with_meta(data: bytes, **lines: str) -> bytes:
    """Return a book whose hidden sheet says something else."""
    page = opened(data, "meta")
    places = {str(row[0].value): row[1].coordinate for row in page.iter_rows()}
    return put_cells(data, "meta", {places[name]: value for name, value in lines.items()})


def without_meta(data: bytes) -> bytes:
    book = load_workbook(BytesIO(data))
    del book["meta"]
    return saved(book)


@pytest.mark.parametrize("changed", [{"period": "2025"}, {"inn": OTHER.inn}, {"form": STAFF}, {"checksum": "0"}])
def test_changed_hidden_sheet_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(LayoutRefusal) as refused:
        read(with_meta(filled(form_book(CONTEXT), {("1.1", "Значение"): 1}), **changed))

    assert refused.value.code == Code.DAMAGED_TEMPLATE
    assert "/imports/templates/SA-" in refused.value.text_ru


def test_form_of_another_version_is_refused_with_the_way_to_the_right_one() -> None:
    old = TemplateMeta(form=CONTEXT, version=9, inn=REF.inn, period="2026")
    data = with_meta(form_book(CONTEXT), version="9", checksum=old.checksum)

    with pytest.raises(LayoutRefusal) as refused:
        read(data)

    assert refused.value.code == Code.OLD_TEMPLATE
    assert "Найдено: версия 9. Ожидается: версия 1." in refused.value.text_ru
    assert f"/imports/templates/SA-1/?inn={REF.inn}&period=2026" in refused.value.text_ru


def test_form_without_the_hidden_sheet_is_known_by_its_heading() -> None:
    parsed = read(without_meta(filled(form_book(CONTEXT), {("1.1", "Значение"): 200})))

    [record] = parsed.records
    assert (record.school, record.key["year"]) == (SchoolRef(inn=REF.inn), 2026)
    assert parsed.meta == {"period": "2026"}


@pytest.mark.parametrize(("cell", "words"), [("A1", "за какой год форма"), ("A2", "о какой школе форма")])
def test_form_without_sheet_and_heading_is_refused(cell: str, words: str) -> None:
    data = put_cells(without_meta(filled(form_book(CONTEXT), {("1.1", "Значение"): 200})), "Данные", {cell: None})

    with pytest.raises(LayoutRefusal) as refused:
        read(data)

    assert (refused.value.code, words in refused.value.text_ru) == (Code.OTHER_TEMPLATE, True)


def test_form_nobody_filled_is_refused() -> None:
    with pytest.raises(LayoutRefusal) as refused:
        read(form_book(STAFF))

    assert refused.value.code == Code.NO_ROWS


def test_book_without_the_table_is_refused() -> None:
    book = load_workbook(BytesIO(form_book(CONTEXT)))
    book["Данные"].sheet_state = "hidden"
    book["Инструкция"].sheet_state = "hidden"
    book.create_sheet("Пусто")["A1"] = "x"

    with pytest.raises(LayoutRefusal) as refused:
        read(saved(book))

    assert refused.value.code == Code.COLUMN_MISSING


def test_title_and_meta_say_what_the_file_is() -> None:
    parsed = parse_file(filled(form_book(STAFF), {("Физика", "Учителей"): 2}))

    assert (parsed.layout, parsed.title) == ("portal_sa4", "SA-4 «Кадры», на 1 октября 2026 г.")
    assert {**parsed.meta, "version": "1"} == parsed.meta
    assert (parsed.meta["form"], parsed.meta["inn"], parsed.meta["period"]) == ("SA-4", REF.inn, "2026")


# How the book looks


def test_only_values_can_be_written() -> None:
    sheet = opened(form_book(CONTINGENT))

    assert sheet.protection.sheet
    assert [sheet[cell].protection.locked for cell in ("A4", "B6", "C6", "H6")] == [True] * 4
    assert [sheet[cell].protection.locked for cell in ("D6", "G6")] == [False, False]


def test_cell_that_is_not_asked_is_locked() -> None:
    sheet = opened(form_book(CONTINGENT))
    row = next(row[0].row for row in sheet.iter_rows() if row[0].value == "12.1")

    assert [sheet.cell(row, column).protection.locked for column in (4, 5, 6, 7)] == [True, False, True, False]


def test_values_are_checked_by_the_book_itself() -> None:
    rules = {rule.type: rule for rule in opened(form_book(CONTEXT)).data_validations.dataValidation}

    assert set(rules) == {"whole", "decimal", "list", "textLength"}
    assert rules["list"].formula1 == '"да,нет"'


def test_date_cell_is_checked_as_a_date() -> None:
    kinds = {rule.type for rule in opened(form_book(CONTINGENT)).data_validations.dataValidation}

    assert {"date", "decimal", "whole"} <= kinds


def test_book_has_an_instruction_and_a_hidden_sheet() -> None:
    book = load_workbook(BytesIO(form_book(STAFF)))

    assert book.sheetnames == ["Данные", "Инструкция", "meta"]
    assert book["meta"].sheet_state == "hidden"
    assert "один раз" in " ".join(str(row[0].value) for row in book["Инструкция"].iter_rows())


def test_text_that_looks_like_a_formula_stays_text() -> None:
    ref = SchoolRef(inn=REF.inn, name="=1+1")
    sheet = opened(of_many(STAFF, FilledSchool(ref=ref)))

    assert (sheet["B5"].value, sheet["B5"].data_type) == ("=1+1", "s")


def test_table_of_a_territory_can_be_filtered() -> None:
    assert opened(of_many(STAFF, FilledSchool(ref=REF))).auto_filter.ref == "A4:O22"


# Recognition


@pytest.mark.parametrize("form", FORMS)
def test_form_is_recognised_by_its_hidden_sheet(form: str) -> None:
    assert parse_file(form_book(form, full(form))).layout == f"portal_{form.replace('-', '').lower()}"


def test_codes_of_layouts_are_different() -> None:
    assert len({layout.code for layout in LAYOUTS}) == len(LAYOUTS)


def test_form_without_hidden_sheet_is_recognised_by_its_titles() -> None:
    book = book_of(("№", "Показатель", "НОО", "ООО", "СОО", "Всего"), ("А", "Обучающихся на дату", 1, 1, 1, 3))

    assert recognise(book).code == "portal_sa2"


def test_form_of_self_diagnosis_is_sent_to_its_page() -> None:
    book = Workbook()
    book.worksheets[0].append(["Код", "Фактор риска"])
    meta: Any = book.create_sheet("meta")
    meta.append(["form", "SA-3"])

    with pytest.raises(LayoutRefusal) as refused:
        read(saved(book))

    assert refused.value.code == Code.OTHER_FORM
    assert "/self-assessment/" in refused.value.text_ru
