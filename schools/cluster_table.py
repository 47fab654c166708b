"""The table «школа → кластер» that a region pastes or uploads: read as a whole, with everything wrong in it at once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from uuid import UUID

from accounts.russian import count, listing
from schools.intake.cells import Book
from schools.intake.cleaning import TO_CYRILLIC, clean_text
from schools.intake.matching import Outcome
from schools.list_rows import ROWS, matches, rows_of_book, rows_of_text
from schools.models import Territory
from schools.models.clusters import CLUSTER_LENGTH

HEAD: Final = re.compile(r"(?:номер |код |название |№ )?кластер[а-я]*(?: школы)?", re.IGNORECASE)
ERROR: Final = re.compile(r"[#=]")  # how cells with a broken formula begin
SHOWN: Final = 10  # rows that a sentence names
NAME_LENGTH: Final = 60
LINES: Final = "строка,строки,строк"
EMPTY: Final = "Вставьте таблицу: в каждой строке школа и её кластер."
ONE_COLUMN: Final = "В таблице один столбец. Нужны два: школа (код, ИНН или название) и её кластер."


@dataclass(frozen=True, kw_only=True)
class ClusterTable:
    """members: school -> cluster. problems: sentences on what keeps the table from being stored.

    unknown: number of a row -> how it names the school that nobody was found for.
    """

    members: Mapping[UUID, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    unknown: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of the table. number: from 1, as the field and Excel count; cluster: cleaned, "" for none."""

    number: int
    cells: list[str]
    cluster: str

    @property
    def name(self) -> str:
        """Return how the row names its school, short enough for a sentence."""
        text = max((cell.strip() for cell in self.cells), key=len, default="")
        return f"{text[:NAME_LENGTH]}…" if len(text) > NAME_LENGTH else text


def lines_of_book(book: Book) -> str:
    """Return a workbook as pasted text, a line for each row up to its last: numbers of lines are those of rows.

    Raises LayoutRefusal for a book on single pupils.
    """
    rows = dict(rows_of_book(book))
    lines = ("\t".join(map(plain_cell, rows.get(number, ()))) for number in range(1, max(rows, default=0) + 1))
    return "\n".join(lines)


def plain_cell(text: str) -> str:
    """Return a cell that stays one cell when it is pasted."""
    return " ".join(text.replace(";", ",").split())


def table_of(text: str, territory: Territory) -> ClusterTable:
    """Read a pasted table, columns parted by tabs or semicolons. Three queries.

    The cluster stands in the column whose head says so, else in the last one.
    """
    rows = rows_of_text(text)
    if len(text.splitlines()) > ROWS:
        return ClusterTable(problems=(f"Строк больше {ROWS}. Оставьте только школы региона.",))
    column = column_of(rows)
    if column is None:
        return ClusterTable(problems=(ONE_COLUMN if any(map(filled, rows)) else EMPTY,))
    return matched(list(lines_of(rows, column)), territory)


def filled(row: Sequence[str]) -> int:
    """Return how many columns a row takes up to its last filled cell."""
    return max((place for place, cell in enumerate(row, start=1) if cell.strip()), default=0)


def column_of(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the column of the clusters, from 0; None when there is nothing beside the schools."""
    head = next((row for row in rows if filled(row)), [])
    named = next((place for place, cell in enumerate(head) if HEAD.fullmatch(cell.strip())), None)
    width = max(map(filled, rows), default=0)
    if width < 2:
        return None
    return named if named is not None else width - 1


def lines_of(rows: Sequence[Sequence[str]], column: int) -> Iterator[Line]:
    """Yield the rows that are filled, but for the head of the clusters."""
    for number, row in enumerate(rows, start=1):
        cluster = clean_text(row[column]) if column < len(row) else ""
        if filled(row) and not HEAD.fullmatch(cluster):
            yield Line(number=number, cells=school_cells(row, column), cluster=cluster)


def school_cells(row: Sequence[str], column: int) -> list[str]:
    """Return the cells that name the school: before the cluster, or after it when nothing stands before."""
    before = list(row[:column])
    return before if filled(before) else list(row[column + 1 :])


def matched(every: Sequence[Line], territory: Territory) -> ClusterTable:
    """Find the schools of the lines; gather what is wrong with them."""
    if not every:
        return ClusterTable(problems=(EMPTY,))
    lookup = looked_up([line for line in every if line.name], territory)
    known = [line for same in lookup.found.values() for line in same]
    problems = (
        *nameless_words([line.number for line in every if not line.name]),
        *cluster_problems(known),
        *twice(lookup.found, lookup.names),
        *astray_words(lookup.astray),
    )
    return ClusterTable(
        members={school: same[0].cluster for school, same in lookup.found.items()},
        problems=problems,
        unknown={line.number: line.name for line in lookup.astray[Outcome.UNKNOWN]},
    )


class Lookup(NamedTuple):
    """Lines by the school that they name, names of these schools, lines of no single school by what became of them."""

    found: dict[UUID, list[Line]]
    names: dict[UUID, str]
    astray: dict[Outcome, list[Line]]


def looked_up(lines: Sequence[Line], territory: Territory) -> Lookup:
    lookup = Lookup(defaultdict(list), {}, defaultdict(list))
    outcomes = dict(matches((line.cells for line in lines), territory))
    for place, line in enumerate(lines):
        match = outcomes.get(place)
        if match and match.school:
            school = match.school.id
            lookup.found[school.pk].append(line)
            lookup.names[school.pk] = school.name
        else:
            lookup.astray[match.outcome if match else Outcome.UNKNOWN].append(line)
    return lookup


def nameless_words(numbers: Sequence[int]) -> Iterator[str]:
    """Yield the rows with a cluster and no school: nobody could be looked for."""
    if numbers:
        rows = "в строке" if len(numbers) == 1 else "в строках"
        told = ", ".join(map(str, numbers[:SHOWN]))
        yield f"Не названа школа: {rows} {told}{more(numbers)}. Впишите её или уберите строку."


def cluster_problems(lines: Sequence[Line]) -> Iterator[str]:
    """Yield what is wrong with the clusters themselves."""
    if missing := [line for line in lines if not line.cluster]:
        yield f"Не указан кластер: {named(missing)}. Впишите его или уберите строку."
    if broken := [line for line in lines if ERROR.match(line.cluster)]:
        yield f"Вместо кластера ошибка формулы: {named(broken)}. Впишите кластер."
    if long := [line for line in lines if len(line.cluster) > CLUSTER_LENGTH]:
        yield f"Кластер длиннее {CLUSTER_LENGTH} знаков: {named(long)}. Назовите его короче."
    yield from alike(lines)


def alike(lines: Iterable[Line]) -> Iterator[str]:
    """Yield the clusters that differ by letter case or by a Latin letter only: two of what must be one."""
    spelled: dict[str, dict[str, Line]] = defaultdict(dict)
    for line in lines:
        spelled[line.cluster.translate(TO_CYRILLIC).casefold()].setdefault(line.cluster, line)
    for same in spelled.values():
        if len(same) > 1:
            told = [f"«{cluster}» (строка {line.number})" for cluster, line in same.items()]
            yield f"Кластеры {listing(told)} различаются только регистром или латинскими буквами. Пишите одинаково."


def twice(found: Mapping[UUID, Sequence[Line]], names: Mapping[UUID, str]) -> Iterator[str]:
    """Yield the schools that several rows name."""
    doubled = {school: same for school, same in found.items() if len(same) > 1}
    for school, same in list(doubled.items())[:SHOWN]:
        numbers = ", ".join(str(line.number) for line in same[:SHOWN])
        yield f"{names[school]} названа в строках {numbers}{more(same)}. Оставьте одну."
    if len(doubled) > SHOWN:
        yield f"И ещё школ, названных не один раз: {len(doubled) - SHOWN}."


def astray_words(astray: Mapping[Outcome, Sequence[Line]]) -> Iterator[str]:
    """Yield the rows that name more than one school; those that name nobody are told apart."""
    if several := astray.get(Outcome.AMBIGUOUS):
        yield f"Подходит несколько школ: {named(several)}. Добавьте или проверьте ИНН."
    if contrary := astray.get(Outcome.CONTRADICTED):
        yield f"ИНН не тот, что у школы с этим логином или кодом: {named(contrary)}. Проверьте ИНН."


def unknown_words(unknown: Mapping[int, str]) -> str:
    """Return «Не найдены в реестре: 1 строка — 3 («СОШ № 77»). …»."""
    return f"Не найдены в реестре: {rows_named(unknown)}. Проверьте ИНН или название."


def named(lines: Iterable[Line]) -> str:
    return rows_named({line.number: line.name for line in lines})


def rows_named(rows: Mapping[int, str]) -> str:
    """Return «3 строки — 4 («СОШ № 7»), 9 («1000000053»), 12 («Лицей»)», the first ones of many."""
    told = [f"{number} («{name}»)" for number, name in list(rows.items())[:SHOWN]]
    return f"{count(len(rows), LINES)} — {', '.join(told)}{more(rows)}"


def more(rows: Sized) -> str:
    return f" и ещё {len(rows) - SHOWN}" if len(rows) > SHOWN else ""
