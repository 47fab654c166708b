"""Rows of shares made rows of counts: the checks that all exports with percentages share.

Source: domain specification, 2.2: a sum within 0.05 of 100 is rounding, up to half a point is worth a look, more is
an error; counts are whole and make the participants.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from schools.intake.cell_reader import RowReader
from schools.intake.cells import CellValue
from schools.intake.percents import counts_of_shares, excess, is_share_of, share_of_count, sum_fits
from schools.intake.rows import ParsedFile, Problem, ProblemCode, Severity, problem_at
from schools.intake.values import percent_of, required_count

CHECK_ROW: Final = "Сверьте строку с отчётом."


def read_participants(reader: RowReader) -> int | None:
    """Return the participants of a school; None with a remark when nobody took part or the cell is no count."""
    participants = reader.read("participants", required_count)
    if participants == 0:
        what = "у школы нет участников, строка не загружена."
        reader.add(ProblemCode.NO_PARTICIPANTS, what, key="participants", found="0", severity=Severity.WARNING)
        return None
    return participants


def read_shares(
    reader: RowReader,
    keys: Iterable[str],
    parse: Callable[[CellValue], Decimal | None] = percent_of,
) -> dict[str, Decimal]:
    """Return the shares of a row by column; an empty cell is nobody when the others make a hundred."""
    percents = {key: reader.read(key, parse) for key in keys}
    return {key: Decimal(0) if percent is None else percent for key, percent in percents.items()}


def whole_counts(
    reader: RowReader,
    shares: Mapping[str, Decimal],
    participants: int,
    *,
    of_what: str = "отметок",
) -> tuple[int, ...] | None:
    """Return the counts behind the shares of one row, or None with a problem when no whole numbers give them.

    shares: key of the column -> percent as delivered. of_what: «отметок», «баллов».
    """
    values = tuple(shares.values())
    total = russian(sum(values, Decimal(0)))
    if not sum_fits(values):
        what = f"сумма долей {of_what} {total} %, должно быть 100 %."
        reader.add(ProblemCode.SUM_OF_PERCENTS, what, found=total, expected="100", action=CHECK_ROW)
        return None
    counts = counts_of_shares(values, participants)
    for (key, share), count in zip(shares.items(), counts, strict=True):
        if not is_share_of(share, count, participants):
            add_no_count(reader, key, share, count, participants)
            return None
    if sum(counts) != participants:
        what = f"сумма {of_what} {sum(counts)}, участников {participants}."
        found, expected = str(participants), str(sum(counts))
        code = ProblemCode.SUM_OF_MARKS
        reader.add(code, what, key="participants", found=found, expected=expected, action=CHECK_ROW)
        return None
    if over := excess(values):
        direction = "больше" if over > 0 else "меньше"
        what = f"сумма долей {of_what} {total} %, это {direction} 100 %. Числа восстановлены."
        code, action = ProblemCode.SUM_OF_PERCENTS, "Сверьте числа с отчётом."
        reader.add(code, what, found=total, expected="100", severity=Severity.WARNING, action=action)
    return counts


def add_no_count(reader: RowReader, key: str, share: Decimal, count: int, participants: int) -> None:
    nearest = russian(share_of_count(count, participants))
    what = (
        f"доля {russian(share)} % не получается ни при каком числе из {participants} участников, "
        f"ближайшая {nearest} % ({count})."
    )
    code, found = ProblemCode.PERCENT_NOT_OF_COUNT, russian(share)
    reader.add(code, what, key=key, found=found, expected=nearest, action=CHECK_ROW)


def derived_notices(parts: Sequence[ParsedFile]) -> list[Problem]:
    """Return the remark, once for a file, that its counts are ours: the file has shares alone."""
    derived = next((row for part in parts for row in part.rows if row.counts and row.counts.is_derived), None)
    if derived is None:
        return []
    what = "в файле только доли, числа участников восстановлены из них. Доли хранятся рядом, как они переданы."
    return [problem_at(ProblemCode.COUNTS_DERIVED, derived.sheet, 0, what, severity=Severity.WARNING)]


def as_warning(problem: Problem) -> Problem:
    return problem._replace(severity=Severity.WARNING)


def russian(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",")
