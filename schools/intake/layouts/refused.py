"""Files that people bring instead of results: recognised, refused with the reason, and never stored.

Source: domain specification, 2.3 and 7.1. The portal keeps no data on single pupils.
"""

import re
from typing import Final

from schools.intake.cells import Book, Sheet
from schools.intake.headers import HEADER_WITHIN_ROWS, normalised
from schools.intake.layouts.federal_head import report_of
from schools.intake.layouts.federal_pupils import pupil_sheets
from schools.intake.refusals import Code, LayoutRefusal

NO_PUPILS: Final = "Портал не хранит данные об отдельных учениках, файл не сохранён."
RESULTS_TEMPLATE: Final = "/imports/template/results/"  # the address of the template with sums by school
NOT_ESTABLISHED: Final = "Описательная статистика"
PERSONS: Final = frozenset({"фамилия", "имя", "отчество"})
FULL_NAMES: Final = frozenset(
    {"фио", "ф.и.о", "фио участника", "фио обучающегося", "фио ученика", "фамилия имя отчество", "фамилия, имя"},
)
SIGNS: Final = ("фамилия", "отчество", "фио", "ф.и.о", "surnamecell", "порядковый номер класса")  # for `intake.peek`
SCORES: Final = frozenset({"балл", "баллы", "оценка", "отметка", "первичный балл", "тестовый балл", "итого баллов"})
EXPORT_WORDS: Final = frozenset({"surnamecell", "namecell", "secondnamecell"})
PLACES_OF_EXAM: Final = frozenset({"код ппэ", "ппэ", "аудитория", "серия", "номер", "документ", "паспорт"})
PROTOCOL_TITLE: Final = re.compile(r"^\d{2}\s*[-–—]\s*.+\d{4}\.\d{2}\.\d{2}$")


def check(book: Book) -> None:
    """Raise LayoutRefusal for a collection form, a ГИА protocol, a list of pupils or an unknown federal report."""
    if is_collection_form(book):
        raise LayoutRefusal(
            Code.COLLECTION_FORM,
            f"Это «Форма сбора результатов», которую школа заполняет для федеральной системы. {NO_PUPILS}",
            expected="отчёт «Статистика по отметкам» или «Сравнение отметок с отметками по журналу»",
            action="Отправьте форму в личный кабинет ФИС ОКО, а сюда загрузите отчёт из раздела «Аналитика».",
        )
    for sheet in book.sheets:
        words = head_words(sheet)
        check_gia(sheet, words)
        check_not_established(sheet)
    if not pupil_sheets(book):
        for sheet in book.sheets:
            check_pupils(head_words(sheet))


def head_words(sheet: Sheet) -> frozenset[str]:
    return frozenset(normalised(cell) for row in sheet.head(HEADER_WITHIN_ROWS) for cell in row.cells if cell)


def is_collection_form(book: Book) -> bool:
    """Answer whether a book is the form, empty or filled: by its sheets, or by its header when they are renamed."""
    names = {sheet.name.casefold() for sheet in book.sheets}
    if "протокол" in names and names & {"служебный", "порядковый номер класса"}:
        return True
    words = [head_words(sheet) for sheet in book.sheets]
    return any({"код участника", "порядковый номер класса"} <= each for each in words)


def check_gia(sheet: Sheet, words: frozenset[str]) -> None:
    """Refuse a protocol in every form it comes in: dense, with merged empty columns between, as CSV of the РЦОИ."""
    has_names = len(PERSONS & words) >= 2 or bool(FULL_NAMES & words and SCORES & words)
    is_titled = bool(PROTOCOL_TITLE.match(normalised(sheet.at(1, 0)))) and bool(PLACES_OF_EXAM & words)
    if has_names or is_titled or EXPORT_WORDS & words:
        raise LayoutRefusal(
            Code.GIA_PROTOCOL,
            f"Это протокол ГИА или список с фамилиями учеников. {NO_PUPILS}",
            expected="число участников и число отметок по каждой школе",
            action=f"Посчитайте итоги по школам у себя и внесите их в шаблон портала: {RESULTS_TEMPLATE}",
            link=RESULTS_TEMPLATE,
        )


def check_pupils(words: frozenset[str]) -> None:
    """Refuse a list of codes that is no «Индивидуальные результаты»: there is nothing to count in it."""
    if "код участника" in words:
        raise LayoutRefusal(
            Code.PUPIL_RESULTS,
            f"Это список участников с кодами, по которому нельзя посчитать итоги. {NO_PUPILS}",
            expected="отчёт «Индивидуальные результаты» со столбцами «Первичный балл» и «Отметка» "
            "или «Статистика по отметкам»",
            action="Скачайте отчёт в личном кабинете ФИС ОКО в разделе «Аналитика» и загрузите его без изменений.",
        )


def check_not_established(sheet: Sheet) -> None:
    if report_of(sheet) == NOT_ESTABLISHED:
        raise LayoutRefusal(
            Code.UNKNOWN_LAYOUT,
            f"Отчёт «{NOT_ESTABLISHED}» портал не загружает: в нём нет отметок по школам.",
            expected="отчёт «Статистика по отметкам» или «Сравнение отметок с отметками по журналу»",
            action="Скачайте один из этих отчётов и загрузите его.",
        )
