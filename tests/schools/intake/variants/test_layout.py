"""C1 to C14: the table inside a sheet. Columns are found by their titles, and nothing is silently left out."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill

from accounts.permissions import Role
from riskprofiles.models import SelfDiagnosisUpload
from schools.intake.cells import column_letter
from schools.intake.parse import parse_file
from schools.intake.refusals import Code, Refusal
from schools.intake.rows import ProblemCode, SchoolRef
from schools.intake.template_meta import RESULTS, TemplateMeta
from schools.intake.templates_out import results_template
from tests.factories.riskprofiles import make_profile
from tests.factories.schools import make_user
from tests.factories.workbooks import RESULT_TITLES, result_lines, results_book, results_workbook, saved, workbook
from tests.schools.intake import hostile
from tests.schools.intake.variants.cases import Case, assert_refused, assert_rows, covers, missing, text_of, variants

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("near_child")]
LETTERS = {title: column_letter(place) for place, title in enumerate(RESULT_TITLES)}
LAST = column_letter(len(RESULT_TITLES) - 1)
BEYOND = column_letter(len(RESULT_TITLES))
NOTE = LETTERS["Примечание"]
AGAIN = "загрузите файл ещё раз"


def renamed(old: str, new: str) -> tuple[str, ...]:
    return tuple(new if title == old else title for title in RESULT_TITLES)


def retitled(old: str, new: str) -> bytes:
    """Return a filled template with one title changed."""
    lines = result_lines({})
    return workbook([renamed(old, new), *lines[1:]], title="Результаты")


def edited(change: Any) -> bytes:
    book = results_book({}, {"Класс": 7}, {"Класс": 8})
    change(book)
    return saved(book)


def merged(place: str) -> bytes:
    return edited(lambda book: book.worksheets[0].merge_cells(place))


def repeated_column() -> bytes:
    header, line = result_lines({})
    return workbook([(*header, "Участников"), (*line, 38)], title="Результаты")


def hidden_only() -> bytes:
    book = results_book({})
    book.create_sheet("Титул")["A1"] = "Отчёт"
    book.worksheets[0].sheet_state = "veryHidden"
    book.active = 1
    return saved(book)


def old_template() -> bytes:
    """Return a template whose hidden sheet says that it is of another version."""
    school = SchoolRef(login="edu900001", name="СОШ № 1")
    return results_template([school], [], TemplateMeta(form=RESULTS, version=3))


REFUSED = (
    Case(
        id="C1",
        build=lambda: workbook([("Отчёт", "за год"), ("Школа", 5)], title="Лист1"),
        code=Code.UNKNOWN_LAYOUT,
        says=("Вид файла не распознан.", "первая строка", "лист «Результаты»", "скачайте шаблон портала"),
    ),
    Case(
        id="C2 only",
        build=hidden_only,
        code=Code.UNKNOWN_LAYOUT,
        says=("Вид файла не распознан.", "скрытых листов не загружено: 1"),
    ),
    Case(
        id="C3",
        build=lambda: hostile.made("too many sheets"),
        code=Code.TOO_MANY_SHEETS,
        says=("В книге листов: 300, допускается не более 10.", "Оставьте листы с результатами"),
    ),
    Case(
        id="C4",
        build=lambda: workbook([*result_lines({}, {})[1:]], title="Результаты"),
        code=Code.COLUMN_MISSING,
        says=("Лист «Результаты», не найдена строка заголовков.", "Ожидается: «Процедура», «Год»", "верните заголовки"),
    ),
    Case(
        id="C5",
        build=lambda: retitled("Участников", "Участн. всего"),
        code=Code.COLUMN_MISSING,
        says=(
            "Лист «Результаты», строка 1: нет столбца «Участников».",
            f"На «Участников» похоже «Участн. всего» (столбец {LETTERS['Участников']}).",
            AGAIN,
        ),
    ),
    Case(
        id="C7",
        build=repeated_column,
        code=Code.COLUMN_TWICE,
        says=(
            f"столбец «Участников» встречается дважды: {LETTERS['Участников']} и {BEYOND}.",
            "Оставьте один из них",
        ),
    ),
    Case(
        id="C9",
        build=lambda: merged("A1:D1"),
        code=Code.MERGED_HEADER,
        says=("объединённые ячейки в строке заголовков: A1:D1.", "Снимите объединение"),
    ),
    Case(
        id="C9 all",
        build=lambda: merged(f"A1:{LAST}1"),
        code=Code.MERGED_HEADER,
        says=(f"Лист «Результаты», объединённые ячейки в строке заголовков: A1:{LAST}1.", "Снимите объединение"),
    ),
    Case(
        id="C12",
        build=results_workbook,
        code=Code.NO_ROWS,
        says=("Нет ни одной заполненной строки.", "Заполните строки под заголовками"),
    ),
    Case(
        id="C14",
        build=old_template,
        code=Code.OLD_TEMPLATE,
        says=(
            "Шаблон «Результаты» другой версии.",
            "Найдено: версия 3. Ожидается: версия",
            "Скачайте действующий шаблон и перенесите в него данные: /imports/templates/results/",
        ),
    ),
)


@variants(*REFUSED)
def test_table_that_cannot_be_understood_is_refused_on_the_page(case: Case, browser: Client) -> None:
    assert_refused(browser, case)


# Accepted, with what was left out told


def shuffled() -> bytes:
    return results_workbook({}, {"Класс": 7}, titles=tuple(reversed(RESULT_TITLES)))


def with_hidden_sheet(book: Workbook) -> None:
    hidden = book.create_sheet("черновик")
    hidden["A1"], hidden.sheet_state = "x", "hidden"


def with_stamp(book: Workbook) -> None:
    sheet = book.worksheets[0]
    sheet.insert_rows(1, amount=5)
    sheet["A1"], sheet["C2"] = "Отдел образования", "Утверждаю"
    sheet.merge_cells("A1:F1")


def with_formatted_rows(book: Workbook) -> None:
    """Colour 10 000 rows below the data, as people do by a whole column."""
    for row in range(5, 10_005):
        book.worksheets[0].cell(row, 1).fill = PatternFill("solid", fgColor="FFFF00")


ACCEPTED = (
    Case(id="C1 title", build=lambda: workbook(result_lines({}), title="Лист1"), rows=1),
    Case(
        id="C2",
        build=lambda: edited(with_hidden_sheet),
        code=ProblemCode.HIDDEN_SHEET,
        says=("скрытые листы не загружены: «черновик».",),
        rows=3,
    ),
    Case(id="C5 short", build=lambda: retitled("Участников", "Кол-во участников"), rows=1),
    Case(id="C6", build=shuffled, rows=2),
    Case(
        id="C8",
        build=lambda: workbook([(*line, "x") for line in result_lines({})], title="Результаты"),
        code=ProblemCode.EXTRA_COLUMNS,
        says=("Лист «Результаты»: не загружены столбцы: «x».",),
        rows=1,
    ),
    Case(
        id="C10",
        build=lambda: merged(f"{NOTE}2:{NOTE}4"),
        code=ProblemCode.MERGED_CELLS,
        says=(
            f"Лист «Результаты», строка 2: объединённые ячейки {NOTE}2:{NOTE}4: прочитана только первая.",
            "Снимите объединение",
        ),
        rows=3,
    ),
    Case(
        id="C10 across",
        build=lambda: merged("A3:C3"),
        code=ProblemCode.MERGED_CELLS,
        says=("строка 3: объединённые ячейки A3:C3", "заполните каждую ячейку"),
        rows=3,
    ),
    Case(id="C11", build=lambda: edited(with_stamp), rows=3),
    Case(id="C13", build=lambda: edited(with_formatted_rows), rows=3),
)


@variants(*ACCEPTED)
def test_odd_table_is_taken_and_what_is_left_out_is_told(case: Case, browser: Client) -> None:
    file = assert_rows(browser, case)

    assert [problem for problem in file.problems if problem["severity"] == "error"] == []
    assert case.code or file.problems == []


# The same of a form of a school


@covers("C1 form")
def test_form_without_its_sheet_is_refused_with_the_sheets_that_it_has(sign_in: Any) -> None:
    profile = make_profile()
    school = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=profile.school))
    book = load_workbook(BytesIO(school.get(reverse("self_assessment:download", args=[profile.pk])).content))
    book["Данные"].title = "Самооценка"

    file = SimpleUploadedFile("форма.xlsx", saved(book))
    page = school.post(reverse("self_assessment:upload", args=[profile.pk]), {"file": file}, follow=True)

    expected = ("В книге нет листа «Данные». Найдены листы: «Самооценка», «Инструкция».", "Скачайте форму заново")
    assert page.status_code == 200
    assert missing(expected, text_of(page)) == []
    assert not SelfDiagnosisUpload.objects.exists()


def test_refusal_of_an_unknown_file_is_short_enough_to_be_read() -> None:
    with pytest.raises(Refusal) as refused:
        parse_file(workbook([("Отчёт", "за год"), ("Школа", 5)]))

    assert len(refused.value.text_ru) < 500
