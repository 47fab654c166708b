"""Files that people bring instead of results: recognised, refused with the reason, and never stored.

Source: domain specification, 2.3 and 7. The portal keeps no data on single pupils.
"""

from typing import Final

from schools.intake.cells import Book, Sheet
from schools.intake.headers import HEADER_WITHIN_ROWS, normalised
from schools.intake.refusals import Code, LayoutRefusal

NO_PUPILS: Final = "Портал не хранит данные об отдельных учениках, файл не сохранён."
OTHER_REPORTS: Final = (
    "Распределение первичных баллов",
    "Выполнение заданий",
    "Достижение планируемых результатов",
    "Описательная статистика",
)


def check(book: Book) -> None:
    """Raise LayoutRefusal for a collection form, pupils' results, a ГИА protocol or another federal report."""
    if is_collection_form(book):
        raise LayoutRefusal(
            Code.COLLECTION_FORM,
            f"Это «Форма сбора результатов», которую школа заполняет для федеральной системы. {NO_PUPILS}",
            expected="отчёт «Статистика по отметкам» или «Сравнение отметок с отметками по журналу»",
            action="Отправьте форму в личный кабинет ФИС ОКО, а сюда загрузите отчёт из раздела «Аналитика».",
        )
    for sheet in book.sheets:
        words = head_words(sheet)
        check_gia(words)
        check_pupils(sheet, words)
        check_other_reports(sheet)


def head_words(sheet: Sheet) -> frozenset[str]:
    return frozenset(
        normalised(cell) for row in sheet.rows if row.number <= HEADER_WITHIN_ROWS for cell in row.cells if cell
    )


def is_collection_form(book: Book) -> bool:
    names = {sheet.name.casefold() for sheet in book.sheets}
    return "протокол" in names and bool(names & {"служебный", "порядковый номер класса"})


def check_gia(words: frozenset[str]) -> None:
    has_names = {"фамилия", "имя"} <= words
    is_export = {"schoolcode", "surnamecell"} <= words
    if has_names or is_export:
        raise LayoutRefusal(
            Code.GIA_PROTOCOL,
            f"Это протокол ГИА или список с фамилиями учеников. {NO_PUPILS}",
            expected="число участников и число отметок по каждой школе",
            action="Скачайте шаблон портала и внесите в него итоги по школам.",
        )


def check_pupils(sheet: Sheet, words: frozenset[str]) -> None:
    is_titled = normalised(sheet.at(1, 0)).startswith("индивидуальные результаты")
    if is_titled or ("код участника" in words and ("первичный балл" in words or "вариант" in words)):
        raise LayoutRefusal(
            Code.PUPIL_RESULTS,
            f"Это отчёт «Индивидуальные результаты» с кодами участников. {NO_PUPILS}",
            expected="отчёт «Статистика по отметкам»",
            action="Скачайте в личном кабинете ФИС ОКО «Статистику по отметкам» по той же работе и загрузите её.",
        )


def check_other_reports(sheet: Sheet) -> None:
    title = normalised(sheet.at(1, 0))
    for report in OTHER_REPORTS:
        if title.startswith(normalised(report)):
            raise LayoutRefusal(
                Code.UNKNOWN_LAYOUT,
                f"Отчёт «{report}» портал не загружает: в нём нет отметок по школам.",
                expected="отчёт «Статистика по отметкам» или «Сравнение отметок с отметками по журналу»",
                action="Скачайте один из этих отчётов и загрузите его.",
            )
