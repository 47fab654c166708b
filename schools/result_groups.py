"""Results as the rule is told of them: one text for a school, made by the database, instead of a row for each work.

Hundreds of thousands of rows cross the border of the driver as forty thousand texts; a text is understood in one call.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from django.db.models import Aggregate, Func, QuerySet, TextField

from schools.bulk import wide_memory
from schools.choices import Period
from schools.identification import (
    Attempt,
    Counts,
    LowDefinition,
    Procedure,
    Quarters,
    Rules,
    ScoredWork,
    Work,
    after_retake,
    high_of,
    low_in_quarter,
    low_of,
)
from schools.intake.vocabulary import RETAKE_PERIODS, is_retake
from schools.lineage import Lineage, read_lineage
from schools.models import AssessmentResult, School

R = TypeVar("R")
WORK_COLUMNS: Final = ("year", "procedure", "subject", "grade", "period")  # codes without spaces, years, grades
MARKERS: Final = "objectivity_markers"
COLUMNS: Final = (*WORK_COLUMNS, "pk", MARKERS, "participants", "mark2", "below_min")
MORE_COLUMNS: Final = ("mark4", "mark5", "level_counts", "level_scale")  # few rules need them
SCORE_COLUMNS: Final = ("score_hist", "level")  # only a rule that looks at the lower quarter of scores
NULL_COLUMNS: Final = frozenset({"mark2", "below_min", "mark4", "mark5"})
JSON_COLUMNS: Final = frozenset({MARKERS, "level_counts", "score_hist"})
TEXT_COLUMNS: Final = frozenset({"pk", "level_scale", "level"})  # the key of a row is only a reference
PERIODS_IN_TURN: Final = (
    frozenset({Period.SPRING, Period.MAIN}),
    frozenset({Period.AUTUMN}),
    frozenset({Period.SEPTEMBER}),
    frozenset({Period.RESERVE}),
)  # a work written in several of them is that of the first
BORDER: Final = "],["  # between two rows: inside of one a number follows its markers, a text its scores
Row = Sequence[Any]  # its work as one text, then the other values of COLUMNS, and of MORE_COLUMNS when asked for
ROW_LENGTH: Final = 1 + len(COLUMNS) - len(WORK_COLUMNS)
PARTICIPANTS: Final = 3  # their place in a row
Grid = dict[int, dict[Procedure, Work]]  # year -> procedure -> counts


class JsonRow(Func):
    """The columns of a row as one JSON array; those that say which work it is as one text, «2026 VPR RU 5 spring».

    A text is understood once for all schools that wrote the work. Codes hold nothing that JSON would have to escape.
    PostgreSQL puts texts together in half of the time that its JSON functions need. On SQLite a JSON column is text
    and would be quoted. Nearly all rows have no markers: a null for them is cheaper to make and to read than a list.
    """

    output_field = TextField()
    function = "JSON_ARRAY"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:  # noqa: ARG002  Django's signature
        work, rest, parameters = self.columns(compiler)
        cells = [" || ' ' || ".join(work), *(self.unquoted(name, sql) for name, sql in rest)]
        return f"JSON_ARRAY({', '.join(cells)})", parameters

    def unquoted(self, name: str, sql: str) -> str:
        if name == MARKERS:
            return f"CASE WHEN {sql} <> '[]' THEN JSON({sql}) END"
        if name in TEXT_COLUMNS:
            return f"CAST({sql} AS TEXT)"
        return f"JSON({sql})" if name in JSON_COLUMNS else sql

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # noqa: ARG002  same
        work, rest, parameters = self.columns(compiler)
        said = ", ' ', ".join(work)
        cells = ", ',', ".join(self.concatenated(name, sql) for name, sql in rest)
        return f"CONCAT('[\"', {said}, '\",', {cells}, ']')", parameters

    def concatenated(self, name: str, sql: str) -> str:
        if name == MARKERS:
            return f"COALESCE(NULLIF({sql}::text, '[]'), 'null')"
        if name in TEXT_COLUMNS:
            return f"'\"', {sql}, '\"'"
        return f"COALESCE({sql}::text, 'null')" if name in NULL_COLUMNS else sql

    def columns(self, compiler: Any) -> tuple[list[str], list[tuple[str, str]], list[Any]]:
        """Return the SQL of the columns that say the work, (name, SQL) of the others, and the parameters."""
        compiled = [compiler.compile(expression) for expression in self.source_expressions]
        sql = [part for part, _ in compiled]
        first = len(WORK_COLUMNS)
        rest = list(zip(self.names[first:], sql[first:], strict=True))
        return sql[:first], rest, [value for _, parameters in compiled for value in parameters]

    def __init__(self, *names: str) -> None:
        super().__init__(*names)
        self.names = names


class JsonRows(Aggregate):
    """The rows of a group as one JSON text."""

    output_field = TextField()
    function = "JSON_GROUP_ARRAY"

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(
            compiler, connection, template="'[' || STRING_AGG(%(expressions)s, ',') || ']'", **context
        )


def results_for(schools: QuerySet[School], years: Iterable[int], rules: Rules) -> QuerySet[AssessmentResult]:
    """Return what the rule looks at: its kinds of procedures; retakes when it counts the final attempt."""
    rows = (
        AssessmentResult.objects.filter(school__in=schools.order_by().values("pk"))
        .for_years(*years)
        .filter(procedure__in=sorted({procedure.kind for procedure in rules.procedures}))
    )
    return rows.without_retakes() if rules.attempt is Attempt.FIRST else rows


def result_texts(
    schools: QuerySet[School], years: Iterable[int], rules: Rules, lineage: Lineage | None = None
) -> dict[Any, str]:
    """Return school -> text of its rows and of those of its former legal persons, in no order.

    One query, another one when no lineage is given; two more when some school of it was registered anew.
    """
    asked, persons = list(years), (lineage or read_lineage()).former
    texts = own_texts(schools, asked, rules)
    heirs = schools.filter(pk__in=list(persons)).order_by().values_list("pk", flat=True) if persons else ()
    if not heirs:
        return texts
    before = own_texts(School.objects.filter(pk__in={each for heir in heirs for each in persons[heir]}), asked, rules)
    for heir in heirs:
        for person in persons[heir]:
            if person in before:
                texts[heir] = with_former(texts.get(heir), before[person])
    return texts


def with_former(own: str | None, former: str) -> str:
    """Return the rows of a school with those of a former legal person: of one work never the rows of both."""
    if own is None:
        return former
    rows = own[2:-2].split(BORDER)
    written = {written_work(row) for row in rows}
    rows += [row for row in former[2:-2].split(BORDER) if written_work(row) not in written]
    return f"[[{BORDER.join(rows)}]]"


def written_work(row: str) -> str:
    """Return which work the text of a row is about, «2026 VPR RU 5», whenever it was written."""
    return row.split('"', 2)[1].rpartition(" ")[0]


def own_texts(schools: QuerySet[School], years: Iterable[int], rules: Rules) -> dict[Any, str]:
    """Return school -> text of the rows that are stored for it. One query."""
    rows = results_for(schools, years, rules).order_by().values("school")
    grouped = rows.annotate(rows=JsonRows(JsonRow(*columns_of(rules))))
    with wide_memory():
        return dict(grouped.values_list("school", "rows"))


def sign_of(year: int, procedure: Procedure) -> str:
    """Return how the text of a row of this work begins, and of no other."""
    return f'["{year} {procedure.kind} {procedure.subject} {procedure.grade} '


def held_in(texts: Mapping[Any, str], year: int, rules: Rules) -> frozenset[Procedure]:
    """Return the procedures of the rule that any of the schools has written in a year; rows are looked at as texts."""
    signs = {procedure: sign_of(year, procedure) for procedure in rules.procedures}
    return frozenset(procedure for procedure, sign in signs.items() if any(sign in text for text in texts.values()))


def held_before(schools: QuerySet[School], years: Iterable[int], rules: Rules) -> dict[int, frozenset[Procedure]]:
    """Return year -> procedures of the rule that any of the schools has written, of years read without texts."""
    rows = results_for(schools, years, rules).order_by()
    held: dict[int, set[Procedure]] = defaultdict(set)
    for year, kind, subject, grade in rows.values_list("year", "procedure", "subject", "grade").distinct():
        held[year].add(Procedure(kind, subject, grade))
    return {year: frozenset(works & set(rules.procedures)) for year, works in held.items()}


def columns_of(rules: Rules) -> tuple[str, ...]:
    if rules.quarter_kinds:
        return (*COLUMNS, *MORE_COLUMNS, *SCORE_COLUMNS)
    return (*COLUMNS, *MORE_COLUMNS) if needs_more(rules) else COLUMNS


def needs_more(rules: Rules) -> bool:
    """Answer whether the rule looks at levels, scores, or high marks."""
    plain = {LowDefinition.MARK_2, LowDefinition.BELOW_MINIMUM}
    return rules.trend_rule is not None or not plain.issuperset(rules.low_definition.values())


def rows_of_text(text: str) -> list[list[Any]]:
    """Return the rows of a school, in no order."""
    rows: list[list[Any]] = DECODER.decode(text)
    return rows


DECODER: Final = json.JSONDecoder()


def rows_of_school(text: str, quarters: Quarters | None) -> list[list[Any]]:
    """Return the rows of a school as works are made of them. quarters: None for a rule that looks at no scores."""
    rows = rows_of_text(text)
    return rows if quarters is None else [measured(row, quarters) for row in rows]


def measured(row: Row, quarters: Quarters) -> list[Any]:
    """Return a row that was read with its scores: instead of them how many of its works are in the lower quarter."""
    *counts, histogram, level = row
    quarter = quarters.get(scored_work(row[0], level))
    return [*counts, low_in_quarter(histogram, row[PARTICIPANTS], quarter)]


def scored_work(text: str, level: str) -> ScoredWork:
    """Return whose scores the text of a work names; a retake is measured by those of the main period."""
    year, procedure, period, is_again = WRITTEN[text]
    return ScoredWork(year, procedure, Period.MAIN.value if is_again else period, level)


def scored_rows(texts: Iterable[str], rules: Rules) -> Iterator[tuple[ScoredWork, Sequence[int], int]]:
    """Yield (work, histogram, participants) of the works that the lower quarter is looked at in; no retakes."""
    asked = frozenset(procedure for procedure in rules.procedures if procedure.kind in rules.quarter_kinds)
    for text in texts:
        for row in rows_of_text(text):
            _, procedure, _, is_again = WRITTEN[row[0]]
            if procedure in asked and not is_again:
                *_, histogram, level = row
                yield scored_work(row[0], level), histogram, row[PARTICIPANTS]


def row_of_result(result: AssessmentResult, reference: str, quarters: Quarters) -> Row:
    """Return a row of results, stored or not, as works are made of it; reference: what its work has for a source."""
    said = " ".join(str(getattr(result, name)) for name in WORK_COLUMNS)
    counts = (result.participants, result.mark2, result.below_min)
    more = (getattr(result, name) for name in (*MORE_COLUMNS, *SCORE_COLUMNS))
    return measured([said, reference, result.objectivity_markers, *counts, *more], quarters)


def works_of_rows(rows: Sequence[Row], rules: Rules) -> Grid:
    """Return the works of a school: levels of a course together, the main period before the autumn one."""
    return single_works(rows, rules) or grouped_works(rows, rules)


def single_works(rows: Sequence[Row], rules: Rules) -> Grid | None:
    """Return the works when each is one row, as nearly always; None when some are to be added up. The fast way."""
    grid = defaultdict[int, dict[Procedure, Work]](dict)
    work_of_row = one_work if needs_more(rules) else plain_work
    for row in rows:
        year, procedure, _, is_again = WRITTEN[row[0]]
        if is_again:
            return None
        grid[year][procedure] = work_of_row(row, rules)
    return dict(grid) if sum(map(len, grid.values())) == len(rows) else None


class Written(NamedTuple):
    """Which work a row is of, when it was written, and whether once more."""

    year: int
    procedure: Procedure
    period: str
    is_retake: bool


class Interned(dict[str, Written]):
    """What the texts of works say, each understood once."""

    def __missing__(self, text: str) -> Written:
        year, kind, subject, grade, period = text.split(" ")
        work = Procedure(kind, subject, int(grade))
        written = self[text] = Written(int(year), work, period, is_retake(kind, period))
        return written


WRITTEN: Final = Interned()


def period_of(row: Row) -> str:
    return WRITTEN[row[0]].period


def is_again(row: Row) -> bool:
    return WRITTEN[row[0]].is_retake


def grouped_works(rows: Iterable[Row], rules: Rules) -> Grid:
    groups: dict[tuple[int, Procedure], list[Row]] = {}
    for row in rows:
        year, procedure, *_ = WRITTEN[row[0]]
        groups.setdefault((year, procedure), []).append(row)
    grid: Grid = {}
    for (year, procedure), group in groups.items():
        work = work_of(group, year, procedure.grade, rules)
        if work is not None:
            grid.setdefault(year, {})[procedure] = work
    return grid


def grid_of(text: str, rules: Rules, quarters: Quarters | None) -> Grid:
    """Return the works of a school out of the text of its rows."""
    return works_of_rows(rows_of_school(text, quarters), rules)


def grids_of(
    schools: QuerySet[School],
    years: Iterable[int],
    rules: Rules,
    quarters: Quarters | None,
    lineage: Lineage | None = None,
) -> dict[Any, Grid]:
    """Return school -> works, as the results are today. Queries: see `result_texts`.

    quarters: of the scores, those of a run or of today; None for a rule that looks at no scores.
    """
    texts = result_texts(schools, years, rules, lineage)
    return {school: grid_of(text, rules, quarters) for school, text in texts.items()}


def work_of(group: Sequence[Row], year: int, grade: int, rules: Rules) -> Work | None:
    """Return the counts of one work by its rows, None when nothing but retakes is known and these do not count."""
    if len(group) == 1 and not is_again(group[0]):
        return sum_of(group, rules)
    work = work_before_retakes(group, rules)
    if rules.attempt is Attempt.FIRST:
        return work
    for period in RETAKE_PERIODS:
        retaken = [row for row in group if is_again(row) and period_of(row) == period]
        if retaken:
            retake = sum_of(retaken, rules)
            work = after_retake(work, retake, period, grade=grade, year=year) if work else retake
    return work


def work_before_retakes(group: Sequence[Row], rules: Rules) -> Work | None:
    main = main_of([row for row in group if not is_again(row)], period_of)
    return sum_of(main, rules) if main else None


def main_of(rows: Sequence[R], period_of: Callable[[R], str]) -> Sequence[R]:
    """Return the rows of the period that stands for the work: spring, where it was written then; never two together."""
    for periods in PERIODS_IN_TURN:
        if found := [row for row in rows if period_of(row) in periods]:
            return found
    return []


def sum_of(rows: Sequence[Row], rules: Rules) -> Work:
    """Add up the rows of one work; one row without a count of low works leaves the whole without it."""
    if len(rows) == 1:
        return one_work(rows[0], rules)
    works = [one_work(row, rules) for row in sorted(rows, key=number_of)]
    return Work(
        participants=sum(work.participants for work in works),
        low=added(work.low for work in works),
        source=",".join(work.source for work in works),
        markers=tuple(sorted({marker for work in works for marker in work.markers})),
        high=added(work.high for work in works),
    )


def number_of(row: Row) -> int:
    """Return the key of a row: rows come in no order."""
    return int(row[1])


def added(counts: Iterable[int | None]) -> int | None:
    known = list(counts)
    return None if None in known else sum(count or 0 for count in known)


def plain_work(row: Row, rules: Rules) -> Work:
    """Return the counts of a row for a rule that looks at neither levels nor high marks."""
    text, source, markers, participants, low, below_min = row
    if below_min is not None and definition_of(text, rules) is LowDefinition.BELOW_MINIMUM:
        low = below_min
    return new_tuple(Work, (participants, low, source, marks_of(markers) if markers else (), None, ()))


new_tuple: Final = tuple.__new__  # a named tuple without its checks, a million times in a run


def definition_of(text: str, rules: Rules) -> LowDefinition:
    """Return what is low in the work that a text names."""
    return rules.low_definition.get(WRITTEN[text].procedure.kind, LowDefinition.MARK_2)


def one_work(row: Row, rules: Rules) -> Work:
    if len(row) == ROW_LENGTH:
        return plain_work(row, rules)
    text, source, markers, participants, mark2, below_min, mark4, mark5, levels, scale, *quarter = row
    (in_quarter,) = quarter or (None,)  # scores that nobody has measured are refused here
    counts = Counts(participants, mark2, mark4, mark5, below_min, levels, scale, in_quarter)
    return Work(
        participants, low_of(counts, definition_of(text, rules), rules), source, marks_of(markers), high_of(counts)
    )


def marks_of(markers: Iterable[Any] | None) -> tuple[str, ...]:
    return tuple(sorted(map(str, markers or ())))
