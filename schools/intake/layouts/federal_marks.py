"""«Статистика по отметкам» of the federal system: shares of marks by school. Source: domain specification, 2.3."""

from decimal import Decimal
from typing import Final

from schools.intake.cell_reader import RowReader, sheet_notices
from schools.intake.cells import Book, Sheet
from schools.intake.headers import Column, locate
from schools.intake.layouts.base import Layout, header_affinity
from schools.intake.layouts.federal_head import FederalHead, groups, no_rows, read_head, school_of, sheets_titled
from schools.intake.percents import counts_of_shares, is_share_of, sum_fits
from schools.intake.rows import (
    BenchmarkRow,
    Counts,
    ParsedFile,
    Problem,
    ProblemCode,
    ResultRow,
    SchoolRef,
    Severity,
)
from schools.intake.values import count_of, percent_of, required_count

TITLE: Final = "Статистика по отметкам"
MARK_KEYS: Final = ("mark2", "mark3", "mark4", "mark5")
COLUMNS: Final = (
    Column(key="group", title="Группы участников", synonyms=("Группа участников",)),
    Column(key="schools", title="Кол-во ОО", synonyms=("Количество образовательных организаций",), is_required=False),
    Column(key="participants", title="Кол-во участников", synonyms=("Кол-во участников (всего)", "Участников")),
    Column(key="mark2", title="2"),
    Column(key="mark3", title="3"),
    Column(key="mark4", title="4"),
    Column(key="mark5", title="5"),
)


def affinity(book: Book) -> float:
    if sheets_titled(book, TITLE):
        return 1.0
    return max((header_affinity(sheet, COLUMNS) for sheet in book.visible), default=0.0)


def parse(book: Book) -> ParsedFile:
    sheets = sheets_titled(book, TITLE) or [s for s in book.visible if header_affinity(s, COLUMNS) == 1]
    sheets = sheets or list(book.visible[:1])
    parsed = [parse_sheet(sheet) for sheet in sheets]
    first = parsed[0]
    works = {part.work for part in parsed}
    return ParsedFile(
        layout=LAYOUT.code,
        title=first.title,
        rows=tuple(row for part in parsed for row in part.rows),
        benchmarks=tuple(row for part in parsed for row in part.benchmarks),
        problems=tuple(problem for part in parsed for problem in part.problems),
        work=first.work if len(works) == 1 else None,
    )


def parse_sheet(sheet: Sheet) -> ParsedFile:
    header = locate(sheet, COLUMNS)
    head = read_head(sheet)
    rows: list[ResultRow] = []
    benchmarks: list[BenchmarkRow] = []
    problems: list[Problem] = [*head.notices, *sheet_notices(sheet, header)]
    schools = 0
    for row, name in groups(sheet, header.row, header.positions["group"]):
        reader = RowReader(sheet, header, row)
        if school := school_of(name):
            schools += 1
            if result := result_row(reader, school, head):
                rows.append(result)
        elif benchmark := benchmark_row(reader, name, head):
            benchmarks.append(benchmark)
        problems += reader.problems
    if not schools:
        raise no_rows(sheet)
    return ParsedFile(
        layout="federal_marks",
        title=f"{TITLE}: {sheet_title(sheet)}",
        rows=tuple(rows),
        benchmarks=tuple(benchmarks),
        problems=tuple(problems),
        work=head.work,
    )


def sheet_title(sheet: Sheet) -> str:
    return str(sheet.at(3, 0) or sheet.name)


def result_row(reader: RowReader, school: SchoolRef, head: FederalHead) -> ResultRow | None:
    """Return a school's row with counts, or None when its numbers do not fit (the reasons are in reader.problems)."""
    participants = reader.read("participants", required_count)
    percents = [reader.read(key, percent_of) for key in MARK_KEYS]
    if reader.is_refused or participants is None:
        return None
    if participants == 0:
        what = "у школы нет участников, строка не загружена."
        reader.add(ProblemCode.NO_PARTICIPANTS, what, key="participants", found="0", severity=Severity.WARNING)
        return None
    shares = tuple(Decimal(0) if percent is None else percent for percent in percents)
    marks = checked_counts(reader, shares, participants)
    if marks is None:
        return None
    return ResultRow(
        sheet=reader.sheet.name,
        row=reader.row.number,
        school=school,
        work=head.work,
        grade_actual=head.grade_actual,
        counts=Counts(participants=participants, marks=marks, percents=shares, max_primary=head.max_primary),
    )


def checked_counts(
    reader: RowReader,
    shares: tuple[Decimal, ...],
    participants: int,
) -> tuple[int, int, int, int] | None:
    """Return the counts behind the shares, or None with a problem when no whole numbers of pupils give them."""
    total = sum(shares, Decimal(0))
    if not sum_fits(shares):
        what = f"сумма долей отметок {russian(total)} %, должно быть 100 %. Сверьте строку с отчётом."
        reader.add(ProblemCode.SUM_OF_PERCENTS, what, found=russian(total), expected="100")
        return None
    two, three, four, five = counts_of_shares(shares, participants)
    for key, share, count in zip(MARK_KEYS, shares, (two, three, four, five), strict=True):
        if not is_share_of(share, count, participants):
            nearest = russian(round(Decimal(100 * count) / participants, 2))
            what = (
                f"доля {russian(share)} % не получается ни при каком числе из {participants} участников, "
                f"ближайшая {nearest} % ({count}). Сверьте строку с отчётом."
            )
            reader.add(
                ProblemCode.PERCENT_NOT_OF_COUNT,
                what,
                key=key,
                found=russian(share),
                expected=nearest,
            )
            return None
    marks = two + three + four + five
    if marks != participants:
        what = f"сумма отметок {marks}, участников {participants}. Сверьте строку с отчётом."
        reader.add(ProblemCode.SUM_OF_MARKS, what, found=str(marks), expected=str(participants))
        return None
    return two, three, four, five


def benchmark_row(reader: RowReader, name: str, head: FederalHead) -> BenchmarkRow | None:
    """Return a row of a territory. What does not fit there is a warning: it does not stop the schools."""
    participants = reader.read("participants", required_count)
    schools = reader.read("schools", count_of)
    percents = {key[-1]: reader.read(key, percent_of) for key in MARK_KEYS}
    if reader.is_refused or participants is None:
        reader.problems = [as_warning(problem) for problem in reader.problems]
        return None
    return BenchmarkRow(
        sheet=reader.sheet.name,
        row=reader.row.number,
        work=head.work,
        sample=name,
        participants=participants,
        schools=schools,
        percents={mark: percent for mark, percent in percents.items() if percent is not None},
    )


def as_warning(problem: Problem) -> Problem:
    return Problem(**{**problem.__dict__, "severity": Severity.WARNING})


def russian(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",")


LAYOUT: Final = Layout(
    code="federal_marks",
    title=TITLE,
    hint="выгрузка ФИС ОКО, заголовок «Статистика по отметкам» в ячейке A1",
    affinity=affinity,
    parse=parse,
)
