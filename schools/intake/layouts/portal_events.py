"""Methodical events: one in a row, with schools, participants as numbers and what came of it.

Source: domain specification, 5.4. Participants are counted by category, never named.
"""

import re
from datetime import date
from typing import Any, Final

from schools.intake.cell_reader import RowReader, sheet_notices
from schools.intake.cells import Book, CellValue
from schools.intake.event_words import KIND_WORDS, MODE_WORDS, period_bounds
from schools.intake.headers import Column, locate
from schools.intake.identifiers import inn_of, login_of, without_codes
from schools.intake.layouts.base import Layout, header_affinity, own_sheet
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ParsedFile, ProblemCode, Record, SchoolRef, Severity
from schools.intake.template_meta import EVENTS, form_of, read_meta
from schools.intake.values import count_of, day_of, refuse

TARGET: Final = "events"
SHEET: Final = "Мероприятия"
VERSION: Final = 1
PARTICIPANTS: Final = ("directors", "deputies", "teachers", "methodists", "others")
COLUMNS: Final = (
    Column(key="kind", title="Вид мероприятия", synonyms=("Вид", "Форма мероприятия")),
    Column(key="topic", title="Тема", synonyms=("Тема мероприятия", "Название", "Наименование мероприятия")),
    Column(key="starts_on", title="Дата", synonyms=("Дата проведения", "Дата начала", "Начало")),
    Column(key="ends_on", title="Дата окончания", synonyms=("Окончание",), is_required=False),
    Column(key="place", title="Место проведения", synonyms=("Место", "Площадка"), is_required=False),
    Column(key="mode", title="Формат", synonyms=("Форма проведения",), is_required=False),
    Column(key="organiser", title="Организатор", synonyms=("Ответственный",), is_required=False),
    Column(key="factors", title="Факторы риска", synonyms=("Коды факторов риска",), is_required=False),
    Column(key="schools", title="Школы", synonyms=("Школы-участницы", "ОО", "Для каких школ"), is_required=False),
    Column(key="directors", title="Директоров", synonyms=("Руководителей",), is_required=False),
    Column(key="deputies", title="Заместителей", synonyms=("Заместителей директора",), is_required=False),
    Column(key="teachers", title="Учителей", synonyms=("Педагогов",), is_required=False),
    Column(key="methodists", title="Методистов", is_required=False),
    Column(key="others", title="Психологов и иных", synonyms=("Иных", "Других"), is_required=False),
    Column(key="total", title="Всего участников", synonyms=("Участников", "Кол-во участников"), is_required=False),
    Column(key="unique_people", title="Уникальных участников", synonyms=("Уникальных",), is_required=False),
    Column(key="materials_url", title="Материалы", synonyms=("Ссылка на материалы", "Ссылка"), is_required=False),
    Column(key="measures", title="Пункты дорожной карты", synonyms=("Пункт дорожной карты",), is_required=False),
    Column(key="result", title="Результат", synonyms=("Итог",), is_required=False),
)
LENGTHS: Final = {"topic": 300, "place": 200, "organiser": 200, "measures": 200, "materials_url": 500, "result": 1000}
TEXTS: Final = ("place", "organiser", "measures", "result")
FACTOR: Final = re.compile(r"^R\d{2}$")
SEPARATORS: Final = re.compile(r"[;\n]")


def affinity(book: Book) -> float:
    if form := form_of(book):
        return float(form == EVENTS)
    return max((header_affinity(sheet, COLUMNS) for sheet in book.visible), default=0.0)


def parse(book: Book) -> ParsedFile:
    meta = read_meta(book, EVENTS, VERSION)
    sheet = own_sheet(book, SHEET, COLUMNS)
    header = locate(sheet, COLUMNS)
    problems = sheet_notices(sheet, header)
    records: list[Record] = []
    seen: dict[str, int] = {}
    for row in sheet.after(header.row):
        reader = RowReader(sheet, header, row)
        record = event_of(reader, meta.period if meta else "")
        records += [record] if record and is_first(reader, record, seen) else []
        problems += reader.problems
    if not records and not problems:
        raise LayoutRefusal(
            Code.NO_ROWS,
            "Нет ни одного мероприятия.",
            action="Заполните строки под заголовками и загрузите файл ещё раз.",
        )
    return ParsedFile(
        layout="portal_events",
        title="Мероприятия" + (f", {meta.period}" if meta and meta.period else ""),
        records=tuple(records),
        problems=tuple(problems),
        meta=meta.as_json() if meta else {},
    )


def is_first(reader: RowReader, record: Record, seen: dict[str, int]) -> bool:
    """Answer whether no row above is about the same event. seen: key of an event -> its first row."""
    first = seen.setdefault(str(record.key), record.row)
    if first == record.row:
        return True
    what = f"повтор строки {first}: тот же вид, тема и дата. Оставьте одну строку."
    reader.add(ProblemCode.REPEATED_ROW, what, key="topic", found=str(record.key["topic"])[:60])
    return False


def event_of(reader: RowReader, period: str) -> Record | None:
    """Return one event, or None with remarks. period: of the template, empty when it says none."""
    kind = reader.word("kind", KIND_WORDS, "вид мероприятия из списка: семинар, вебинар, консультация…")
    topic = limited(reader, "topic")
    starts_on = reader.read("starts_on", required_date)
    values: dict[str, Any] = {name: limited(reader, name) for name in TEXTS}
    values |= read_span(reader, starts_on, period) | {"mode": read_mode(reader)}
    values |= {"factors": read_factors(reader), "schools": read_schools(reader), "materials_url": read_url(reader)}
    counts = read_participants(reader)
    if kind == "":
        reader.add(ProblemCode.EMPTY, "не указан вид мероприятия.", key="kind", expected="вид из списка")
    if not topic:
        reader.add(ProblemCode.EMPTY, "не указана тема.", key="topic", expected="тема мероприятия")
    if reader.is_refused or not (kind and starts_on):
        return None
    return Record(
        target=TARGET,
        sheet=reader.sheet.name,
        row=reader.row.number,
        school=None,
        key={"kind": kind, "topic": topic, "starts_on": starts_on.isoformat()},
        values=told(reader, values | counts),
    )


def told(reader: RowReader, values: dict[str, Any]) -> dict[str, Any]:
    """Return what the columns of the file say; a total may be added up. What no column tells stays as it is stored."""
    positions = reader.header.positions
    return {name: value for name, value in values.items() if name in positions or (name == "total" and value)}


def limited(reader: RowReader, key: str) -> str:
    text, most = reader.text(key), LENGTHS[key]
    if len(text) > most:
        what = f"текст длиннее {most} знаков. Сократите его."
        reader.add(ProblemCode.OUT_OF_RANGE, what, key=key, found=f"{len(text)} знаков", expected=f"до {most} знаков")
    return text


def required_date(cell: CellValue) -> date:
    day = day_of(cell)
    if day is None:
        refuse(ProblemCode.EMPTY, cell, "дата, например 20.04.2026")
    return day


def read_span(reader: RowReader, starts_on: date | None, period: str) -> dict[str, str | None]:
    """Return the last day of the event; warn when it lies outside the period of the template."""
    ends_on = reader.read("ends_on", day_of)
    if starts_on and ends_on and ends_on < starts_on:
        what = "окончание раньше начала. Исправьте одну из дат."
        reader.add(
            ProblemCode.OUT_OF_RANGE, what, key="ends_on", found=f"{ends_on:%d.%m.%Y}", expected="не раньше начала"
        )
    bounds = period_bounds(period)
    if starts_on and bounds and not bounds[0] <= starts_on <= bounds[1]:
        expected = f"с {bounds[0]:%d.%m.%Y} по {bounds[1]:%d.%m.%Y}"
        what = f"дата {starts_on:%d.%m.%Y} вне отчётного периода {expected}. Проверьте год."
        found = f"{starts_on:%d.%m.%Y}"
        warning = Severity.WARNING
        reader.add(ProblemCode.OUT_OF_PERIOD, what, key="starts_on", found=found, expected=expected, severity=warning)
    return {"ends_on": ends_on.isoformat() if ends_on else None}


def read_mode(reader: RowReader) -> str:
    return reader.word("mode", MODE_WORDS, "формат: очно, онлайн, смешанное") or ""


def read_factors(reader: RowReader) -> list[str]:
    """Return the codes of risk factors: «R02; R03»."""
    codes = [part.strip().upper() for part in re.split(r"[;,\s]+", reader.text("factors")) if part.strip()]
    if wrong := [code for code in codes if not FACTOR.match(code)]:
        what = f"«{wrong[0][:40]}» — не код фактора риска. Укажите коды через точку с запятой."
        reader.add(ProblemCode.UNKNOWN_VALUE, what, key="factors", found=wrong[0][:40], expected="R01; R02…")
    return sorted(set(codes))


def read_schools(reader: RowReader) -> list[dict[str, str]]:
    """Return how the file names the schools, in order; which ones they are is found out against the registry."""
    parts = [part.strip() for part in SEPARATORS.split(reader.text("schools")) if part.strip()]
    return [school_named(part)._asdict() for part in dict.fromkeys(parts)]


def school_named(text: str) -> SchoolRef:
    """Return a school by its ИНН, its login or its name."""
    if text.isdecimal() and (inn := inn_of(text)):
        return SchoolRef(inn=inn)
    return SchoolRef(name=without_codes(text), login=login_of(text))


def read_url(reader: RowReader) -> str:
    text = limited(reader, "materials_url")
    if text and not re.match(r"^https?://\S+$", text, re.IGNORECASE):
        what = "не похоже на адрес. Начните его с http:// или https://."
        reader.add(ProblemCode.UNKNOWN_VALUE, what, key="materials_url", found=text[:60], expected="адрес страницы")
    return text


def read_participants(reader: RowReader) -> dict[str, int | None]:
    """Return the counts by category; the total is checked, or added up when the file gives none."""
    counts = {key: reader.read(key, count_of) for key in (*PARTICIPANTS, "total", "unique_people")}
    given = [count for key in PARTICIPANTS if (count := counts[key]) is not None]
    if counts["total"] is None and given:
        counts["total"] = sum(given)
    check_total(reader, counts["total"], given)
    check_unique(reader, counts["unique_people"], counts["total"])
    return counts


def check_total(reader: RowReader, total: int | None, given: list[int]) -> None:
    if total is not None and given and sum(given) != total:
        what = f"сумма по категориям {sum(given)}, всего участников {total}. Исправьте одно из чисел."
        reader.add(ProblemCode.SUM_OF_PARTS, what, key="total", found=str(sum(given)), expected=str(total))


def check_unique(reader: RowReader, unique: int | None, total: int | None) -> None:
    if unique is not None and total is not None and unique > total:
        what = f"уникальных участников {unique}, а всего {total}. Исправьте одно из чисел."
        expected = f"не больше {total}"
        reader.add(ProblemCode.PART_ABOVE_WHOLE, what, key="unique_people", found=str(unique), expected=expected)


LAYOUT: Final = Layout(
    code="portal_events",
    title="Мероприятия",
    hint="лист «Мероприятия» со столбцами «Вид мероприятия», «Тема», «Дата», шаблон можно скачать",
    affinity=affinity,
    parse=parse,
)
