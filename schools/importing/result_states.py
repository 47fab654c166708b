"""What stands of a work and what a row of a file delivers, as JSON values by field."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from schools import bulk
from schools.importing.ledger import Ledger, State
from schools.importing.result_fields import DATA_FIELDS, KEY_FIELDS, SILENT, ResultKey
from schools.intake.rows import JOURNAL, MARKS, Counts, Journal, ResultRow, WorkKey
from schools.models import AssessmentResult

COUNTED: Final = ("enrolled", "below_min", "max_primary", "high80", "score100")
SPELLED: Final = ("mean_score", "mean_primary", "marks_file_id", "journal_file_id")  # JSON keeps them as texts
CENT: Final = Decimal("0.01")
FIRST_DATA: Final = 1 + len(KEY_FIELDS)  # after the school
PARTS: Final = ("participants", *MARKS, "below_min", *JOURNAL, "enrolled")
SCORE_SHARE: Final = "score:"  # what a share of participants with a score is called beside the shares of marks


# As it stands


def result_ledger(schools: Collection[UUID], years: Collection[int]) -> Ledger[ResultKey]:
    """Return the results of schools and years as they stand, each kept as one tuple of DATA_FIELDS."""
    rows = AssessmentResult.objects.filter(year__in=years)
    names = ("school_id", *KEY_FIELDS, *DATA_FIELDS)
    works: dict[tuple[Any, ...], WorkKey] = {}
    states: dict[ResultKey, Any] = {}
    for row in bulk.tuples_of_schools(rows, schools, names):
        states[row[0], work_of(works, row[1:FIRST_DATA])] = row[FIRST_DATA:]
    return Ledger(states, silent=SILENT, unpack=state_of)


def work_of(works: dict[tuple[Any, ...], WorkKey], values: tuple[Any, ...]) -> WorkKey:
    """Return the work with these values of KEY_FIELDS; each is made once."""
    if values not in works:
        works[values] = WorkKey(**dict(zip(KEY_FIELDS, values, strict=True)))
    return works[values]


def state_of(kept: tuple[Any, ...] | State) -> State:
    """Return a state that the ledger keeps: a row of the table, or what a file has said."""
    if isinstance(kept, dict):
        return kept
    state = dict(zip(DATA_FIELDS, kept, strict=True))
    for name in SPELLED:
        if state[name] is not None:
            state[name] = json_value(state[name])
    return state


def json_value(value: Any) -> Any:
    """Return a value of a field as JSON keeps it, so that states of a table and of a plan compare equal."""
    if value is None or type(value) is int:
        return value
    if isinstance(value, Decimal):
        return str(value.quantize(CENT))
    return str(value) if isinstance(value, UUID) else value


# As a row delivers it


def delivered(row: ResultRow, file: str, current: State | None) -> State:
    """Return the fields that a row of a file fills. current: what stands there, None when nothing does."""
    counts, journal = row.counts, row.journal
    state: State = {}
    if counts:
        state = delivered_counts(counts)
        state |= delivered_shares(counts, current)
        state["marks_file_id"], state["marks_row"] = file, row.row
    if journal:
        state |= journal_counts(journal)
        state["journal_file_id"], state["journal_row"] = file, row.row
        if not counts and current is None:
            state["participants"] = journal.total
    if row.grade_actual is not None:
        state["grade_actual"] = row.grade_actual
    if row.markers is not None:
        state["objectivity_markers"] = list(row.markers)
    return state


def journal_counts(journal: Journal) -> State:
    return {"lowered": journal.lowered, "confirmed": journal.confirmed, "raised": journal.raised}


def delivered_counts(counts: Counts) -> State:
    """Return the counts of a row; what is not in the file is left out."""
    state: State = {"participants": counts.participants}
    if counts.marks:
        state["mark2"], state["mark3"], state["mark4"], state["mark5"] = counts.marks
    for name in COUNTED:
        if (value := getattr(counts, name)) is not None:
            state[name] = value
    if counts.mean_score is not None or counts.mean_primary is not None or counts.level_scale or counts.score_hist:
        state |= delivered_scores(counts)
    return state


def delivered_scores(counts: Counts) -> State:
    scores = {
        "mean_score": cents(counts.mean_score),
        "mean_primary": cents(counts.mean_primary),
        "score_hist": list(counts.score_hist) or None,
        "level_scale": counts.level_scale or None,
        "level_counts": counts.level_counts or None,
    }
    return {name: value for name, value in scores.items() if value is not None}


def delivered_shares(counts: Counts, current: State | None) -> State:
    """Return the shares as the file gives them, «2» … «5» and «score:0» …, and whether the counts are made of them.

    Scores alone say nothing of how the marks came about: what stands about those stays. Counts given as counts for a
    work that nobody has told of yet need no words: so a new row of the table begins.
    """
    if current is None and counts.marks and counts.percents is None and not counts.score_hist:
        return {}
    stood: Mapping[str, str] = (current or {}).get("delivered_percents") or {}
    told: State = {"delivered_percents": shares_of_marks(counts, stood) | shares_of_scores(counts, stood)}
    if counts.marks or not counts.score_hist or current is None:
        told["counts_derived"] = counts.is_derived
    return told


def shares_of_marks(counts: Counts, stood: Mapping[str, str]) -> dict[str, str]:
    if counts.score_hist and not counts.marks:
        return {name: share for name, share in stood.items() if not name.startswith(SCORE_SHARE)}
    return {mark[-1]: str(share) for mark, share in zip(MARKS, counts.percents or (), strict=False)}


def shares_of_scores(counts: Counts, stood: Mapping[str, str]) -> dict[str, str]:
    if not counts.score_hist:
        return {name: share for name, share in stood.items() if name.startswith(SCORE_SHARE)}
    return {f"{SCORE_SHARE}{score}": str(share) for score, share in enumerate(counts.score_percents)}


def cents(number: Decimal | None) -> str | None:
    return None if number is None else str(number.quantize(CENT))


# Whether it fits


def misfit(state: State) -> str:
    """Return why the values of a work do not fit each other, or an empty string."""
    told: Iterable[Any] = map(state.get, PARTS)
    participants, two, three, four, five, below_min, lowered, confirmed, raised, enrolled = told
    marks = (two, three, four, five)
    if None not in marks and (total := sum(marks)) != participants:
        return f"участников {participants}, а отметок в портале {total}"
    if (below_min or 0) > participants:
        return f"участников {participants}, а ниже минимума {below_min}"
    journal = (lowered or 0) + (confirmed or 0) + (raised or 0)
    if journal > participants:
        return f"участников {participants}, а в сравнении с журналом {journal}"
    if enrolled is not None and enrolled < participants:
        return f"участников {participants}, а обучающихся в параллели {enrolled}"
    return ""
