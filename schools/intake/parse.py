"""The way in: bytes of an uploaded file -> ParsedFile, or one Refusal."""

from dataclasses import replace

from schools.intake.cells import Book, Sheet
from schools.intake.corrections import Corrections, corrected, fitted
from schools.intake.csv_reader import looks_like_csv, read_csv
from schools.intake.gate import check_size
from schools.intake.layouts import recognise
from schools.intake.limits import DEFAULT_LIMITS, Limits
from schools.intake.reader import read_workbook
from schools.intake.refusals import OWNER_MATTERS, LayoutRefusal
from schools.intake.rows import ParsedFile, Problem, ProblemCode, Severity, problem_at
from schools.intake.template_meta import META_SHEET, blank_meta


def parse_file(
    data: bytes,
    limits: Limits = DEFAULT_LIMITS,
    corrections: Corrections | None = None,
) -> ParsedFile:
    """Return what a file says. The kind is told by the bytes and the cells, never by the name. Raises Refusal only.

    corrections: cells that a person has mended on the page; they stand instead of those of the file.
    """
    as_it_came = read_book(data, limits)
    fitting, absent = fitted(as_it_came, corrections or {})
    book = corrected(as_it_came, fitting)
    layout = recognise(book)
    try:
        parsed = layout.parse(book)
    except LayoutRefusal as refusal:
        if refusal.code in OWNER_MATTERS:
            refusal.meta = blank_meta(book)
        raise
    notices = (
        *hidden_notices(book),
        *unseen_notices(book, parsed),
        *unread_notices(book, parsed),
        *absent_notices(absent),
    )
    return replace(parsed, problems=(*parsed.problems, *notices))


def read_book(data: bytes, limits: Limits) -> Book:
    if data and looks_like_csv(data):
        check_size(data, limits)
        return read_csv(data, limits)
    return read_workbook(data, limits)


def hidden_notices(book: Book) -> list[Problem]:
    hidden = [sheet for sheet in book.sheets if is_ignored(sheet)]
    if not hidden:
        return []
    names = ", ".join(f"«{sheet.name}»" for sheet in hidden)
    return [
        problem_at(
            ProblemCode.HIDDEN_SHEET,
            "",
            0,
            f"скрытые листы не загружены: {names}.",
            found=names,
            severity=Severity.WARNING,
        ),
    ]


def unseen_notices(book: Book, parsed: ParsedFile) -> list[Problem]:
    """Say that hidden rows and columns of the sheets that were read have been read too: a filter hides no data."""
    read = sheets_read(parsed)
    return [
        problem_at(
            ProblemCode.HIDDEN_LINES,
            sheet.name,
            0,
            f"на листе есть скрытые {told}: они прочитаны вместе с остальными.",
            found=told,
            severity=Severity.WARNING,
        )
        for sheet in book.visible
        if sheet.name in read and (told := unseen_words(sheet))
    ]


def unseen_words(sheet: Sheet) -> str:
    """Return «строки (12) и столбцы (2)», nothing where all is seen."""
    told = (("строки", sheet.hidden_rows), ("столбцы", sheet.hidden_columns))
    return " и ".join(f"{word} ({number})" for word, number in told if number)


def sheets_read(parsed: ParsedFile) -> set[str]:
    read = {row.sheet for row in parsed.rows} | {row.sheet for row in parsed.schools}
    read |= {row.sheet for row in parsed.benchmarks} | {row.sheet for row in parsed.records}
    return read | {problem.sheet for problem in parsed.problems}


def unread_notices(book: Book, parsed: ParsedFile) -> list[Problem]:
    """Name the sheets that hold a report of their own and were not read: one kind of report is taken of a book."""
    read = sheets_read(parsed)
    return [
        problem_at(
            ProblemCode.UNREAD_SHEET,
            sheet.name,
            0,
            f"лист «{sheet.name}» не прочитан: на нём другой отчёт, «{title}».",
            found=title,
            severity=Severity.WARNING,
        )
        for sheet in book.visible
        if sheet.rows and sheet.name not in read and (title := own_report(book, sheet))
    ]


def own_report(book: Book, sheet: Sheet) -> str:
    """Return the kind of the report that a sheet would be by itself, "" for none."""
    try:
        return recognise(replace(book, sheets=(sheet,))).title
    except LayoutRefusal:
        return ""


def absent_notices(absent: list[str]) -> list[Problem]:
    """Say which cells a person has mended in vain."""
    return [
        problem_at(
            ProblemCode.CORRECTIONS_LEFT_OUT,
            "",
            0,
            f"исправление ячейки {cell} не применено: такой ячейки в таблице нет.",
            found=cell,
            severity=Severity.WARNING,
            action="Уберите исправление.",
        )
        for cell in absent
    ]


def is_ignored(sheet: Sheet) -> bool:
    return sheet.is_hidden and bool(sheet.rows) and sheet.name != META_SHEET
