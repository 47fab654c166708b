"""What the rule is told: counts of a school in one work, and what it must know of the school besides."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from schools.identification.evidence import Piece
from schools.identification.terms import Procedure


class Work(NamedTuple):
    """Counts of one work. low None: not known, no more than without a result. high: «4» and «5», None: not known.

    source: opaque reference of the rows. pieces: what was added up, when retakes were.
    """

    participants: int
    low: int | None
    source: str = ""
    markers: tuple[str, ...] = ()
    high: int | None = None
    pieces: tuple[Piece, ...] = ()


Works = Mapping[int, Mapping[Procedure, Work]]  # year -> procedure -> counts


@dataclass(frozen=True, kw_only=True)
class Result:
    """A work with its key. Raises ValueError for more low works than participants."""

    kind: str
    subject: str
    grade: int
    year: int
    participants: int
    low: int | None
    markers: tuple[str, ...] = ()
    source: str = ""
    high: int | None = None
    pieces: tuple[Piece, ...] = ()

    def __post_init__(self) -> None:
        if self.low is not None and not 0 <= self.low <= self.participants:
            raise ValueError(f"{self.low} low works of {self.participants} participants")

    @property
    def procedure(self) -> Procedure:
        return Procedure(self.kind, self.subject, self.grade)

    @property
    def work(self) -> Work:
        return Work(self.participants, self.low, self.source, self.markers, self.high, self.pieces)


@dataclass(frozen=True, kw_only=True)
class SchoolFacts:
    """What the rule must know of a school besides its results.

    expected: year -> procedures held in it, None means all of the rule in every year. students: None when not known.
    is_socially_difficult: by an index of social conditions, None when there is none. cluster: the label that a set of
    the region gives the school, None when it gives none.
    listed_years: years of results whose published lists of low results held the school. inherited_years: those of the
    schools merged into it.
    """

    kind: str = ""
    last_grade: int = 11  # an ООШ has no ЕГЭ to be missed
    expected: Mapping[int, Collection[Procedure]] | None = None
    locality: str = ""
    students: int | None = None
    is_socially_difficult: bool | None = None
    cluster: str | None = None
    listed_years: frozenset[int] = field(default_factory=frozenset)
    inherited_years: frozenset[int] = field(default_factory=frozenset)

    @property
    def years_in_lists(self) -> frozenset[int]:
        return self.listed_years | self.inherited_years

    def last_listed(self, year: int) -> int | None:
        """Return the last year of results before a year whose lists held the school, None when none did."""
        return max((listed for listed in self.listed_years if listed < year), default=None)

    def expects(self, procedure: Procedure, year: int) -> bool:
        """Answer whether the school should have a result: the procedure was held that year, and it has the grade."""
        is_held = self.expected is None or procedure in self.expected.get(year, ())
        return procedure.grade <= self.last_grade and is_held


class Case(NamedTuple):
    """A school under the rule: its results by year, its facts, and the listed schools that were merged into it."""

    works: Works
    facts: SchoolFacts
    merged: tuple["Merged", ...] = ()


@dataclass(frozen=True, kw_only=True)
class Merged:
    """A school of a list that was merged into another one, which goes on with its way out of the list.

    name: how reasons call it, «СОШ № 3 (с 01.09.2026)». case: the school as it was, with its own works. last_year: the
    last year of results that it worked through itself.
    """

    name: str
    case: Case
    last_year: int

    def is_apart(self, year: int) -> bool:
        """Answer whether the works of a year are its own; of the year it was merged in those tell who has written any.

        A year that it worked through and has left no works of is its own all the same: nothing is known of it.
        """
        return year <= self.last_year or year in self.case.works


def works_of(results: Iterable[Result]) -> dict[int, dict[Procedure, Work]]:
    """Return results by year and procedure. Raises ValueError when a procedure of a year comes twice."""
    works: dict[int, dict[Procedure, Work]] = {}
    for result in results:
        year = works.setdefault(result.year, {})
        if result.procedure in year:
            raise ValueError(f"{result.procedure} of {result.year} comes twice")
        year[result.procedure] = result.work
    return works
