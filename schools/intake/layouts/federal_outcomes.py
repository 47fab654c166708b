"""«Достижение планируемых результатов» of the federal system: skills in rows, samples in columns.

Source: domain specification, 2.3. A column is a region, a municipality, a school or «РФ»; under its name stands
«N уч.». Rows without numbers are blocks of the programme.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from schools.intake.cell_reader import RowReader, sheet_notices
from schools.intake.cells import Book, Row, Sheet
from schools.intake.headers import HEADER_WITHIN_ROWS, Header, normalised
from schools.intake.layouts.base import Layout
from schools.intake.layouts.federal_head import read_head, school_of, sheets_titled
from schools.intake.layouts.federal_table import joined, sheet_title, untitled
from schools.intake.layouts.work_details import detail, in_percent
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import BenchmarkRow, ParsedFile, Problem, Record, SchoolRef, WorkKey
from schools.intake.values import count_of, percent_of, text_of

TITLE: Final = "Достижение планируемых результатов"
KIND: Final = "outcomes"
SKILL_TITLE: Final = "Блоки ПООП / проверяемые требования (умения)"
SKILL_BEGINS: Final = "блоки пооп"
MAXIMUM_BEGINS: Final = "макс"
PUPILS: Final = re.compile(r"([\d\s]+)\s*уч", re.IGNORECASE)
SAMPLE: Final = "sample:"
TEXT_LENGTH: Final = 500


@dataclass(frozen=True)
class Sample:
    """A column: its key, the name above it, how many wrote there if the file says so."""

    key: str
    title: str
    pupils: int | None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One skill: its block, text, maximum and the percents of every sample by the key of its column."""

    block: str
    text: str
    maximum: int | None
    percents: dict[str, Decimal]


def affinity(book: Book) -> float:
    if sheets_titled(book, TITLE):
        return 1.0
    return 0.95 if any(header_row(sheet) for sheet in untitled(book)) else 0.0


def parse(book: Book) -> ParsedFile:
    sheets = sheets_titled(book, TITLE) or [sheet for sheet in untitled(book) if header_row(sheet)]
    return in_percent(joined(LAYOUT.code, [parse_sheet(sheet) for sheet in sheets]))


def header_row(sheet: Sheet) -> Row | None:
    rows = sheet.head(HEADER_WITHIN_ROWS)
    return next((row for row in rows if any(normalised(cell).startswith(SKILL_BEGINS) for cell in row.cells)), None)


def read_header(sheet: Sheet) -> Header:
    """Return the header with «skill», «maximum» and a key for each sample. Raises LayoutRefusal without one."""
    row = header_row(sheet)
    if row is None:
        raise no_header(sheet)
    positions: dict[str, int] = {}
    titles: dict[str, str] = {}
    for position, cell in enumerate(row.cells):
        if name := text_of(cell):
            key = column_key(normalised(cell), position)
            positions.setdefault(key, position)
            titles.setdefault(key, name)
    return Header(row=row.number, positions=positions, titles=titles, extra=())


def column_key(title: str, position: int) -> str:
    if title.startswith(SKILL_BEGINS):
        return "skill"
    return "maximum" if title.startswith(MAXIMUM_BEGINS) else f"{SAMPLE}{position}"


def no_header(sheet: Sheet) -> LayoutRefusal:
    return LayoutRefusal(
        Code.COLUMN_MISSING,
        f"Лист «{sheet.name}»: не найдена строка заголовков.",
        expected=f"«{SKILL_TITLE}», «Макс балл», названия территорий и школы",
        action="Скачайте отчёт заново и загрузите его без изменений.",
    )


def parse_sheet(sheet: Sheet) -> ParsedFile:
    header = read_header(sheet)
    head = read_head(sheet)
    pupils = read_pupils(sheet, header)
    problems: list[Problem] = [*head.notices, *sheet_notices(sheet, header)]
    outcomes = list(read_outcomes(sheet, header, header.row + bool(pupils), problems))
    samples = [Sample(key, title, pupils.get(key)) for key, title in header.titles.items() if key.startswith(SAMPLE)]
    schools = [(sample, school) for sample in samples if (school := school_of(sample.title))]
    if not schools or not outcomes:
        raise no_school(sheet, samples)
    line = RowReader(sheet, header, sheet.head(header.row)[-1])
    is_whole = not any(problem.is_error for problem in problems)
    return ParsedFile(
        layout=LAYOUT.code,
        title=sheet_title(TITLE, sheet),
        records=tuple(school_record(line, sample, school, head.work, outcomes) for sample, school in schools)
        if is_whole
        else (),
        benchmarks=tuple(
            benchmark(line, sample, head.work, outcomes) for sample in samples if not school_of(sample.title)
        ),
        problems=tuple(problems),
        work=head.work,
    )


def no_school(sheet: Sheet, samples: list[Sample]) -> LayoutRefusal:
    return LayoutRefusal(
        Code.NO_ROWS,
        f"Лист «{sheet.name}»: нет ни одного столбца со школой или под ним нет значений.",
        found=", ".join(f"«{sample.title[:60]}»" for sample in samples[:5]),
        expected="столбец вида «МБОУ «СОШ № 1» (edu123456)»",
        action="Скачайте отчёт на уровне школы и загрузите его.",
    )


def read_pupils(sheet: Sheet, header: Header) -> dict[str, int]:
    """Return key of a sample -> participants, from the second row of the header: «89 уч.»."""
    row = sheet.numbered(header.row + 1)
    found: dict[str, int] = {}
    for key, position in header.positions.items():
        text = text_of(row.at(position)) if row and key.startswith(SAMPLE) else ""
        if match := PUPILS.match(text):
            found[key] = int(re.sub(r"\s", "", match[1]))
    return found


def read_outcomes(sheet: Sheet, header: Header, last_head_row: int, problems: list[Problem]) -> Iterator[Outcome]:
    """Yield the skills in their order; cells that do not fit are added to the problems."""
    block = ""
    samples = [key for key in header.positions if key.startswith(SAMPLE)]
    for row in sheet.after(last_head_row):
        reader = RowReader(sheet, header, row)
        text = reader.text("skill")[:TEXT_LENGTH]
        if not text:
            continue
        if all(reader.cell(key) is None for key in samples):
            block = text
            continue
        percents = {key: reader.read(key, percent_of) for key in samples}
        maximum = reader.read("maximum", count_of)
        problems += reader.problems
        yield Outcome(
            block=block,
            text=text,
            maximum=maximum,
            percents={key: percent for key, percent in percents.items() if percent is not None},
        )


def school_record(
    reader: RowReader,
    sample: Sample,
    school: SchoolRef,
    work: WorkKey,
    outcomes: list[Outcome],
) -> Record:
    values = [
        {
            "block": outcome.block,
            "text": outcome.text,
            "maximum": outcome.maximum,
            "percent": str(outcome.percents[sample.key]) if sample.key in outcome.percents else None,
        }
        for outcome in outcomes
    ]
    return detail(reader, school, work, kind=KIND, participants=sample.pupils, values={"outcomes": values})


def benchmark(reader: RowReader, sample: Sample, work: WorkKey, outcomes: list[Outcome]) -> BenchmarkRow:
    return BenchmarkRow(
        sheet=reader.sheet.name,
        row=reader.row.number,
        work=work,
        sample=sample.title,
        participants=sample.pupils or 0,
        schools=None,
        percents={
            f"outcome:{number}": outcome.percents[sample.key]
            for number, outcome in enumerate(outcomes, start=1)
            if sample.key in outcome.percents
        },
    )


LAYOUT: Final = Layout(
    code="federal_outcomes",
    title=TITLE,
    hint="выгрузка ФИС ОКО, заголовок «Достижение планируемых результатов» в ячейке A1",
    affinity=affinity,
    parse=parse,
)
