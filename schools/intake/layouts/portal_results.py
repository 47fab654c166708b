"""The portal's own template of results, for works that the federal system does not export.

Source: domain specification, 2.3 (sheet «Результаты», header in row 1).
"""

from typing import Final

from schools.intake.cells import Book
from schools.intake.headers import Column
from schools.intake.layouts.base import Layout, own_sheet, table_affinity
from schools.intake.layouts.level_columns import LEVEL_COLUMNS
from schools.intake.layouts.tabular import read_results
from schools.intake.rows import ParsedFile, Problem, ProblemCode, ResultRow, problem_at
from schools.intake.template_meta import INTERNAL_WORKS, RESULTS, form_of, read_meta
from schools.intake.vocabulary import PROCEDURE_NAMES

SHEET: Final = "Результаты"
VERSION: Final = 2
FORMS: Final = (RESULTS, INTERNAL_WORKS)
INTERNAL_PROCEDURES: Final = ("ENTRY", "SCHOOL", "MUNICIPAL")
COLUMNS: Final = (
    Column(key="inn", title="ИНН ОО", synonyms=("ИНН",), is_required=False),
    Column(key="gia_code", title="Код ОО", synonyms=("Код школы",), is_required=False),
    Column(
        key="name",
        title="Наименование ОО",
        synonyms=("Школа", "ОО", "Образовательная организация", "Название ОО"),
        is_required=False,
    ),
    Column(key="login", title="Логин", synonyms=("Логин ФИС ОКО",), is_required=False),
    Column(key="procedure", title="Процедура", synonyms=("Оценочная процедура",)),
    Column(key="year", title="Год", synonyms=("Учебный год",)),
    Column(key="period", title="Период", is_required=False),
    Column(key="subject", title="Предмет", synonyms=("Учебный предмет",)),
    Column(key="grade", title="Класс", synonyms=("Параллель",)),
    Column(key="level", title="Уровень", is_required=False),
    Column(key="enrolled", title="Обучающихся в параллели", is_required=False),
    Column(key="participants", title="Участников", synonyms=("Кол-во участников", "Число участников")),
    Column(key="mark2", title="«2»", is_required=False),
    Column(key="mark3", title="«3»", is_required=False),
    Column(key="mark4", title="«4»", is_required=False),
    Column(key="mark5", title="«5»", is_required=False),
    Column(key="below_min", title="Ниже минимума", synonyms=("Не преодолели минимум",), is_required=False),
    Column(key="mean_score", title="Средний балл", is_required=False),
    Column(key="max_primary", title="Макс. балл", synonyms=("Максимальный балл",), is_required=False),
    Column(key="lowered", title="Понизили", is_required=False),
    Column(key="confirmed", title="Подтвердили", is_required=False),
    Column(key="raised", title="Повысили", is_required=False),
    Column(key="high80", title="80 баллов и выше", is_required=False),
    Column(key="score100", title="100 баллов", synonyms=("Стобалльников",), is_required=False),
    *LEVEL_COLUMNS,
    Column(key="note", title="Примечание", is_required=False),
)


def affinity(book: Book) -> float:
    if form := form_of(book):
        return float(form in FORMS)
    return table_affinity(book, SHEET, COLUMNS)


def parse(book: Book) -> ParsedFile:
    """Return the results of a template; a table without the hidden sheet is read by its titles."""
    form = form_of(book)
    meta = read_meta(book, form if form in FORMS else RESULTS, VERSION)
    rows, problems = read_results(own_sheet(book, SHEET, COLUMNS), COLUMNS)
    if meta and meta.form == INTERNAL_WORKS:
        problems += [foreign_work(row) for row in rows if row.work.procedure not in INTERNAL_PROCEDURES]
        rows = [row for row in rows if row.work.procedure in INTERNAL_PROCEDURES]
    works = {row.work for row in rows}
    return ParsedFile(
        layout="portal_results",
        title="Внутренние работы школы, форма SA-5" if form == INTERNAL_WORKS else "Результаты по шаблону портала",
        rows=tuple(rows),
        problems=tuple(problems),
        work=rows[0].work if len(works) == 1 else None,
        meta=meta.as_json() if meta else {},
    )


def foreign_work(row: ResultRow) -> Problem:
    """Return the problem of a work that a school does not report itself: its results come from elsewhere."""
    found = PROCEDURE_NAMES.get(row.work.procedure, row.work.procedure)
    allowed = ", ".join(PROCEDURE_NAMES[code] for code in INTERNAL_PROCEDURES)
    what = f"«{found}» в форме SA-5 не загружается: её результаты приходят из другого источника. Удалите строку."
    return problem_at(ProblemCode.UNKNOWN_VALUE, row.sheet, row.row, what, found=found, expected=allowed)


LAYOUT: Final = Layout(
    code="portal_results",
    title="Результаты по шаблону портала",
    hint="лист «Результаты», шаблон можно скачать",
    affinity=affinity,
    parse=parse,
)
