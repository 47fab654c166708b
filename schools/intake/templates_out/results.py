"""Templates of results: of all works for a coordinator, of the school's own works (SA-5) for a school."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from schools.intake.layouts.level_columns import LEVEL_COLUMNS
from schools.intake.layouts.portal_results import COLUMNS, INTERNAL_PROCEDURES, SHEET, VERSION
from schools.intake.rows import SchoolRef
from schools.intake.subjects import SUBJECTS
from schools.intake.template_meta import RESULTS, TemplateMeta
from schools.intake.templates_out.book import (
    Line,
    add_lists,
    add_whole_numbers,
    finish,
    first_sheet,
    open_table,
    set_page,
)
from schools.intake.vocabulary import LEVEL_NAMES, PERIOD_NAMES, PROCEDURE_NAMES

HELP: Final = (
    "Как заполнить шаблон результатов",
    "Одна строка — одна школа и одна работа. Школы уже внесены; строки, которые не нужны, оставьте пустыми.",
    "Если школа писала несколько работ, скопируйте её строку.",
    "Процедуру, период, предмет и уровень выберите из списка в ячейке.",
    "Участников — сколько человек писали работу.",
    "«2», «3», «4», «5» — сколько человек получили отметку, не проценты. Их сумма равна числу участников.",
    "Если отметок нет (ЕГЭ), заполните «Ниже минимума», «Средний балл» и «Макс. балл».",
    "Если работа оценена по уровням, заполните столбцы одной шкалы: их сумма равна числу участников.",
    "Понизили, подтвердили, повысили — сравнение с отметками в журнале. Заполняются все три или ни одной.",
    "Пустая ячейка значит «нет данных», 0 — «таких нет».",
    "Фамилии и коды учеников в файл не вносите.",
)
OWN_HELP: Final = (
    "Как заполнить форму SA-5 «Внутренние работы»",
    "Одна строка — одна работа в одной параллели: входной мониторинг, школьная или муниципальная работа.",
    "Процедуру, период, предмет и уровень выберите из списка в ячейке. Следующую работу впишите в новую строку.",
    *HELP[4:6],
    *HELP[9:],
    "ВПР, ОГЭ и ЕГЭ сюда не вносите: их результаты портал получает из других файлов.",
)
WHOLE_NUMBERS: Final = frozenset(
    {
        *("enrolled", "participants", "mark2", "mark3", "mark4", "mark5"),
        *("below_min", "lowered", "confirmed", "raised", "high80", "score100"),
        *(level.key for level in LEVEL_COLUMNS),
    },
)
ANYONES: Final = TemplateMeta(form=RESULTS, version=VERSION)


def results_template(
    schools: Sequence[SchoolRef],
    lines: Sequence[Line] = (),
    meta: TemplateMeta = ANYONES,
) -> bytes:
    """Return the template of results. lines: stored results by column, each with «inn» and «name» of its school.

    A school without results gets one line with its name and nothing else.
    """
    return template(schools, lines, meta, HELP, PROCEDURE_NAMES.keys())


def internal_works_template(school: SchoolRef, lines: Sequence[Line], meta: TemplateMeta) -> bytes:
    """Return the form SA-5 of one school."""
    return template([school], lines, meta, OWN_HELP, INTERNAL_PROCEDURES)


def template(
    schools: Sequence[SchoolRef],
    lines: Sequence[Line],
    meta: TemplateMeta,
    help_lines: Sequence[str],
    procedures: Collection[str],
) -> bytes:
    book, sheet = first_sheet(SHEET)
    open_table(sheet, COLUMNS, all_lines(schools, lines))
    lists = {
        "procedure": [PROCEDURE_NAMES[code] for code in procedures],
        "period": list(PERIOD_NAMES.values()),
        "subject": [subject.name for subject in SUBJECTS],
        "level": list(LEVEL_NAMES.values()),
    }
    add_lists(book, sheet, COLUMNS, lists)
    add_whole_numbers(sheet, COLUMNS, WHOLE_NUMBERS)
    set_page(sheet, 1)
    return finish(book, help_lines, meta)


def all_lines(schools: Sequence[SchoolRef], lines: Sequence[Line]) -> Iterator[Line]:
    own: dict[tuple[object, object], list[Line]] = {}
    for line in lines:
        own.setdefault((line.get("inn"), line.get("name")), []).append(line)
    for school in schools:
        known = {"inn": school.inn, "gia_code": school.gia_code, "name": school.name, "login": school.login}
        yield from ({**known, **line} for line in own.get((school.inn, school.name), [{}]))
