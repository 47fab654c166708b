"""The figures of R9: where each of them can be checked, and how shares, spans and tones of cells are made."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from accounts.russian import typo
from reports.document import CellTone, Figure, Source, SourceKind, Tones

if TYPE_CHECKING:
    from reports.facts.r9 import R9Facts, YearCount

SCHOOLS: Final = "школа,школы,школ"
OF_SCHOOLS: Final = "школы,школ,школ"  # после «до»


def source_of(facts: "R9Facts", year: int) -> Source:
    """Return where counts of a year can be checked: the results of the school, or of all schools added up."""
    if not facts.school:
        label = f"Сумма по результатам школ {facts.frame.place.name_genitive}, {year} год"
        return Source(kind=SourceKind.RESULTS, label=typo(label), as_of=facts.frame.as_of)
    label = f"Результаты: {facts.school}, {year} год"
    return Source(kind=SourceKind.RESULTS, label=typo(label), url=f"{facts.url}?year={year}", as_of=facts.frame.as_of)


def is_of_same_schools(facts: "R9Facts") -> bool:
    """Answer whether the changes are those of a territory over the same schools; earlier versions have none."""
    return any(change.schools for pair in facts.pairs for change in pair.changes)


def compared_source(facts: "R9Facts", year: int) -> Source:
    """Return where counts of a comparison can be checked: those of a territory are not of all schools of the year."""
    if not is_of_same_schools(facts):
        return source_of(facts, year)
    label = f"Сумма по школам {facts.frame.place.name_genitive}, писавшим работу в оба года, {year} год"
    return Source(kind=SourceKind.RESULTS, label=typo(label), as_of=facts.frame.as_of)


def judged_source(facts: "R9Facts", year: int) -> Source:
    label = f"Уровни динамики, {year} год к {year - 1} году"
    return Source(kind=SourceKind.CALCULATION, label=label, url=facts.url, as_of=facts.frame.as_of)


def share_of(count: "YearCount", source: Source) -> Figure:
    return Figure.share(count.low, count.participants, source)


def compared_share(count: "YearCount | None", facts: "R9Facts") -> Figure:
    """Return a share of a comparison, missing where the work was not written."""
    if count is None:
        return Figure.share(None, None, compared_source(facts, facts.years[-1]))
    return share_of(count, compared_source(facts, count.year))


def count_span(numbers: Sequence[int], source: Source) -> tuple[str | Figure, ...]:
    """Return «15 школ», or «от 12 до 15 школ» where works differ."""
    low, high = min(numbers), max(numbers)
    if low == high:
        return (Figure.count(high, source, SCHOOLS),)
    return ("от ", Figure.count(low, source), " до ", Figure.count(high, source, OF_SCHOOLS))


def tones_at(tones: Mapping[int, CellTone | None], columns: int) -> Tones:
    """Return the tones of a row. tones: place of a column -> tone."""
    return tuple(tones.get(place) for place in range(columns))
