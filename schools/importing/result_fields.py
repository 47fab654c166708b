"""Fields of the results of works: which make a row one of its kind, which files fill, how they are called."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from schools import bulk
from schools.choices import RESULTS_TARGET
from schools.intake.level_scales import all_levels
from schools.intake.rows import JOURNAL, MARKS, WorkKey
from schools.intake.subjects import subject_name
from schools.intake.vocabulary import PROCEDURE_NAMES

ResultKey = tuple[UUID, WorkKey]
CODE: Final = RESULTS_TARGET
KEY_FIELDS: Final = WorkKey._fields
MARKS_SOURCE: Final = ("marks_file_id", "marks_row")
JOURNAL_SOURCE: Final = ("journal_file_id", "journal_row")
DATA_FIELDS: Final = (
    "grade_actual",
    "enrolled",
    "participants",
    *MARKS,
    "below_min",
    "delivered_percents",
    "counts_derived",
    *JOURNAL,
    "mean_score",
    "max_primary",
    "mean_primary",
    "score_hist",
    "level_scale",
    "level_counts",
    "high80",
    "score100",
    "objectivity_markers",
    *MARKS_SOURCE,
    *JOURNAL_SOURCE,
)
UNIQUE: Final = ("school_id", *KEY_FIELDS)
FIELDS: Final = (*UNIQUE, *DATA_FIELDS)
# How a count came about and who said it is kept, but the same counts from another file are no change.
SILENT: Final = frozenset(
    {"grade_actual", "delivered_percents", "counts_derived", *MARKS_SOURCE, *JOURNAL_SOURCE},
)
FIELD_TITLES: Final[Mapping[str, str]] = {
    "enrolled": "обучающихся",
    "participants": "участников",
    "mark2": "«2»",
    "mark3": "«3»",
    "mark4": "«4»",
    "mark5": "«5»",
    "below_min": "ниже минимума",
    "mean_score": "средний балл",
    "lowered": "понизили",
    "confirmed": "подтвердили",
    "raised": "повысили",
    "max_primary": "наибольший первичный балл",
    "mean_primary": "средний первичный балл",
    "score_hist": "участников с баллом 0, 1, …",
    "level_counts": "участников по уровням",
    "high80": "80 баллов и выше",
    "score100": "100 баллов",
    "objectivity_markers": "признаки необъективности",
    **{code: title.lower() for code, title in all_levels().items()},  # parts of level_counts
}
UNFILLED: Final[Mapping[str, Any]] = {
    "delivered_percents": bulk.packed({}),
    "counts_derived": False,
    "score_hist": bulk.packed([]),
    "level_scale": "",
    "level_counts": bulk.packed({}),
    "objectivity_markers": bulk.packed([]),
}
DEFAULTS: Final = tuple(UNFILLED.get(name) for name in DATA_FIELDS)
PORTION: Final = 3000  # rows in memory at once, or those of one school


def result_key(school_id: UUID, work: Mapping[str, Any]) -> ResultKey:
    return school_id, WorkKey(**{name: work[name] for name in KEY_FIELDS})


def work_title(work: WorkKey) -> str:
    """Return «ВПР 2026, Русский язык, 4 класс»."""
    procedure = PROCEDURE_NAMES.get(work.procedure, work.procedure)
    return f"{procedure} {work.year}, {subject_name(work.subject)}, {work.grade} класс"
