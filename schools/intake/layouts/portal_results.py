"""The portal's own template of results, for works that the federal system does not export.

Source: domain specification, 2.3 (sheet «Результаты», header in row 1).
"""

from typing import Final

from schools.intake.cells import Book, Sheet
from schools.intake.headers import Column
from schools.intake.layouts.base import Layout, header_affinity, most_alike
from schools.intake.layouts.tabular import read_results
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ParsedFile
from schools.intake.values import text_of

SHEET: Final = "Результаты"
META_SHEET: Final = "_шаблон"
VERSION: Final = 1
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
    Column(key="note", title="Примечание", is_required=False),
)


def affinity(book: Book) -> float:
    return max((header_affinity(sheet, COLUMNS) for sheet in book.visible), default=0.0)


def parse(book: Book) -> ParsedFile:
    check_version(book)
    sheet = results_sheet(book)
    rows, problems = read_results(sheet, COLUMNS)
    works = {row.work for row in rows}
    return ParsedFile(
        layout="portal_results",
        title="Результаты по шаблону портала",
        rows=tuple(rows),
        problems=tuple(problems),
        work=rows[0].work if len(works) == 1 else None,
    )


def results_sheet(book: Book) -> Sheet:
    named = book.sheet(SHEET)
    if named is not None and not named.is_hidden:
        return named
    found = most_alike(book, COLUMNS)
    if found is None:
        raise LayoutRefusal(Code.NO_DATA, f"В книге нет листа «{SHEET}».", action="Скачайте шаблон портала.")
    return found


def check_version(book: Book) -> None:
    """Refuse a template of another version; a table without the hidden sheet is read by its titles."""
    meta = book.sheet(META_SHEET)
    version = text_of(meta.at(1, 1)) if meta else ""
    if version and version != str(VERSION):
        raise LayoutRefusal(
            Code.OLD_TEMPLATE,
            f"Шаблон устарел (версия {version}).",
            expected=f"версия {VERSION}",
            action="Скачайте шаблон на странице загрузок и перенесите в него данные.",
        )


LAYOUT: Final = Layout(
    code="portal_results",
    title="Результаты по шаблону портала",
    hint="лист «Результаты», шаблон можно скачать",
    affinity=affinity,
    parse=parse,
)
