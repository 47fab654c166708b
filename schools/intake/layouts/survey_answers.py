"""Answers exported from Google Forms and Yandex Forms: counted at once by school, audience, question and option.

The rows themselves are never given on: who answered what stays in the file that the person has.
Source: domain specification, 3.4 (import of aggregated answers), 7.1.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Final

from schools.intake.cells import Book, CellValue, Row, Sheet
from schools.intake.headers import normalised
from schools.intake.identifiers import inn_of, login_of, without_codes
from schools.intake.layouts.base import Layout
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ParsedFile, Problem, ProblemCode, Record, SchoolRef, Severity, problem_at
from schools.intake.survey_words import (
    SYSTEM,
    Question,
    audience_of,
    closed_question,
    is_audience_title,
    is_personal,
    is_school_title,
)
from schools.intake.values import text_of

TARGET: Final = "tallies"
GOOGLE: Final = ("отметка времени", "timestamp")
YANDEX: Final = ("id", "время создания")
QUESTION_LENGTH: Final = 300
ACADEMIC_YEAR_BEGINS: Final = 8  # August: surveys of the new academic year may open before September
DAY_FIRST: Final = re.compile(r"^(\d{1,2})[./](\d{1,2})[./](\d{4})")
YEAR_FIRST: Final = re.compile(r"^(\d{4})[-./](\d{1,2})[-./](\d{1,2})")


def affinity(book: Book) -> float:
    return float(any(service_of(sheet) for sheet in book.visible))


def service_of(sheet: Sheet) -> str:
    """Return whose export a sheet is, an empty string for none."""
    titles = [normalised(cell) for cell in sheet.rows[0].cells] if sheet.rows else []
    if len(titles) > 1 and titles[0] in GOOGLE:
        return "Google Forms"
    return "Яндекс Форм" if titles[:2] == list(YANDEX) else ""


def parse(book: Book) -> ParsedFile:
    return Survey(next(sheet for sheet in book.visible if service_of(sheet))).parsed()


@dataclass
class Survey:
    """One sheet of answers."""

    sheet: Sheet
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def titles(self) -> list[str]:
        return [text_of(cell) for cell in self.sheet.rows[0].cells]

    @cached_property
    def answers(self) -> list[Row]:
        return [row for row in self.sheet.rows[1:] if any(cell is not None for cell in row.cells[1:])]

    @cached_property
    def school_column(self) -> int:
        found = [place for place, title in enumerate(self.titles) if is_school_title(title)]
        if not found:
            raise LayoutRefusal(
                Code.COLUMN_MISSING,
                "В ответах нет столбца, по которому можно узнать школу.",
                expected="вопрос «Ваша школа» или «Выберите школу»",
                action="Добавьте столбец «Школа», впишите школу в каждую строку и загрузите файл ещё раз.",
            )
        return found[0]

    @cached_property
    def audience_column(self) -> int | None:
        return next((place for place, title in enumerate(self.titles) if is_audience_title(title)), None)

    @cached_property
    def year(self) -> int:
        """Return the first year of the academic year in which the survey began."""
        days = [day for row in self.answers if (day := self.day_of(row))]
        if not days:
            raise LayoutRefusal(
                Code.TITLE_UNREADABLE,
                "Непонятно, когда отвечали: в столбце времени нет ни одной даты.",
                action="Верните столбец времени таким, каким его выгрузил сервис, и загрузите файл ещё раз.",
            )
        first = min(days)
        return first.year if first.month >= ACADEMIC_YEAR_BEGINS else first.year - 1

    def day_of(self, row: Row) -> date | None:
        cells = (row.at(place) for place, title in enumerate(self.titles) if normalised(title) in (*GOOGLE, YANDEX[1]))
        return next((day for cell in cells if (day := moment_of(cell))), None)

    def parsed(self) -> ParsedFile:
        """Return how often each option was chosen. Raises LayoutRefusal."""
        if not self.answers:
            raise LayoutRefusal(Code.NO_ROWS, "Нет ни одного ответа.", action="Выгрузите ответы ещё раз.")
        groups, year = self.groups, self.year
        records = tuple(record for place in self.question_columns for record in self.tallies(place, year))
        if not records:
            raise LayoutRefusal(
                Code.NO_ROWS,
                "В файле нет вопросов с вариантами ответа: считать нечего.",
                action="Свободные ответы и личные данные портал не загружает. Проверьте, тот ли файл выбран.",
            )
        return ParsedFile(
            layout="survey_answers",
            title=f"Ответы из {service_of(self.sheet)}: {len(self.answers)}, школ {len({ref for ref, _ in groups})}",
            records=records,
            problems=tuple(self.problems),
            meta={"academic_year": f"{year}/{year + 1}"},
        )

    @cached_property
    def groups(self) -> dict[tuple[SchoolRef, str], list[Row]]:
        """Return the answers by school and audience; an answer without a school is a problem and is not counted."""
        groups: dict[tuple[SchoolRef, str], list[Row]] = defaultdict(list)
        for row in self.answers:
            school = text_of(row.at(self.school_column))
            if school:
                groups[school_named(school), self.audience(row)].append(row)
            else:
                what = "не указана школа, ответ не учтён. Впишите школу и загрузите файл ещё раз."
                title = self.titles[self.school_column]
                name = self.sheet.name
                self.problems.append(problem_at(ProblemCode.EMPTY, name, row.number, what, column=title))
        return groups

    def audience(self, row: Row) -> str:
        if self.audience_column is None:
            return audience_of(self.sheet.name)
        return audience_of(text_of(row.at(self.audience_column)))

    @property
    def question_columns(self) -> list[int]:
        taken = {self.school_column, self.audience_column}
        return [
            place
            for place, title in enumerate(self.titles)
            if title and place not in taken and normalised(title) not in SYSTEM
        ]

    def tallies(self, place: int, year: int) -> Iterator[Record]:
        """Yield the counts of one question; a question that may not be counted leaves a notice."""
        question = self.question(place)
        if question is None:
            return
        title = self.titles[place][:QUESTION_LENGTH]
        for (school, audience), rows in self.groups.items():
            answers = [text for row in rows if (text := text_of(row.at(place)))]
            chosen = Counter(option for text in answers for option in question.chosen(text))
            for option, times in chosen.items():
                yield Record(
                    target=TARGET,
                    sheet=self.sheet.name,
                    row=rows[0].number,
                    school=school,
                    key={"year": year, "audience": audience, "question": title, "option": option},
                    values={"count": times, "answered": len(answers)},
                )

    def question(self, place: int) -> Question | None:
        title = self.titles[place]
        if is_personal(title):
            self.skip(title, "в нём личные данные")
            return None
        texts = [text for row in self.answers if (text := text_of(row.at(place)))]
        question = closed_question(texts) if texts else "нет ответов"
        if isinstance(question, str):
            self.skip(title, question)
            return None
        if question.folded:
            what = f"редких и своих ответов {question.folded}: они учтены как «другой ответ», без текста."
            self.notice(title, what)
        return question

    def skip(self, title: str, reason: str) -> None:
        self.notice(title, f"вопрос не загружен: {reason}.")

    def notice(self, title: str, what: str) -> None:
        short = title[:80]
        warning = Severity.WARNING
        self.problems.append(
            problem_at(ProblemCode.SKIPPED_QUESTION, self.sheet.name, 1, what, column=short, severity=warning)
        )


def school_named(text: str) -> SchoolRef:
    """Return a school as respondents chose it: by ИНН, login or name."""
    if text.isdecimal() and (inn := inn_of(text)):
        return SchoolRef(inn=inn)
    return SchoolRef(name=without_codes(text), login=login_of(text))


def moment_of(cell: CellValue) -> date | None:
    """Return the day of a time stamp: a date cell, «16.11.2026 10:02:11», «2026-11-16T10:02:11Z»."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell)
    if match := DAY_FIRST.match(text):
        return day_from(match[3], match[2], match[1])
    match = YEAR_FIRST.match(text)
    return day_from(match[1], match[2], match[3]) if match else None


def day_from(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


LAYOUT: Final = Layout(
    code="survey_answers",
    title="Ответы на анкету",
    hint="выгрузка Google Forms («Отметка времени») или Яндекс Форм («ID», «Время создания»)",
    affinity=affinity,
    parse=parse,
    keeps_bytes=False,
    signs=("отметка времени", "timestamp", "время создания"),
)
