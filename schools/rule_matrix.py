"""The matrix of procedures in the editor of rules: kinds of works, subjects, grades of the programme."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from schools.identification import procedure_name
from schools.intake.subjects import BY_CODE
from schools.intake.vocabulary import PROCEDURE_NAMES
from schools.rule_fields import work_of

if TYPE_CHECKING:
    from django.forms import Form
    from django.forms.boundfield import BoundField

ALL_GRADES: Final = tuple(range(1, 12))
GRADES: Final[Mapping[str, tuple[int, ...]]] = {
    "VPR": (4, 5, 6, 7, 8, 10, 11),
    "OGE": (9,),
    "EGE": (11,),
    "GVE9": (9,),
    "GVE11": (11,),
}
SUBJECTS: Final[Mapping[str, tuple[str, ...]]] = {
    "EGE": ("RU", "MAB", "MAP"),
    "FG": ("FG", "CHG", "MG", "ENG"),
}
USUAL: Final = ("RU", "MA")
DEFINITION: Final = "low_definition-"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A work that can be chosen; label: what a screen reader says of the box."""

    value: str
    label: str
    is_chosen: bool
    grade: int = 0
    has_focus: bool = False


@dataclass(frozen=True, kw_only=True)
class SubjectRow:
    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class MatrixKind:
    """A kind of works. others: subjects that have no row yet, (code, name).

    unknown: works of the stored rule that have no place in the table; is_unknown: the kind itself is such.
    """

    code: str
    title: str
    definition: "BoundField"
    grades: tuple[int, ...]
    rows: tuple[SubjectRow, ...]
    others: tuple[tuple[str, str], ...]
    chosen: int
    is_open: bool
    unknown: tuple[Cell, ...] = ()
    is_unknown: bool = False


def matrix(cells: Sequence[str], form: "Form", asked: Mapping[str, str], kept: Sequence[str] = ()) -> list[MatrixKind]:
    """Return every kind with its rows, then the kinds that only the stored rule knows.

    cells: chosen, «VPR-RU-5»; asked: kind -> subject that a row is asked for; kept: cells without a place in the table.
    """
    unknown: dict[str, list[Cell]] = {}
    for cell in kept:
        unknown.setdefault(work_of(cell).kind, []).append(unknown_cell(cell, is_chosen=cell in cells))
    known = [kind_of(kind, set(cells), form, asked, unknown.get(kind, [])) for kind in PROCEDURE_NAMES]
    defined = (name.removeprefix(DEFINITION) for name in form.fields if name.startswith(DEFINITION))
    return [
        *known,
        *(unknown_kind(kind, unknown.get(kind, []), form) for kind in defined if kind not in PROCEDURE_NAMES),
    ]


def unknown_cell(cell: str, *, is_chosen: bool) -> Cell:
    return Cell(value=cell, label=procedure_name(work_of(cell)), is_chosen=is_chosen)


def unknown_kind(kind: str, works: Sequence[Cell], form: "Form") -> MatrixKind:
    return MatrixKind(
        code=kind,
        title=f"Вид работы {kind}",
        definition=form[f"{DEFINITION}{kind}"],
        grades=(),
        rows=(),
        others=(),
        chosen=sum(work.is_chosen for work in works),
        is_open=True,
        unknown=tuple(works),
        is_unknown=True,
    )


def kind_of(
    kind: str, cells: set[str], form: "Form", asked: Mapping[str, str], unknown: Sequence[Cell] = ()
) -> MatrixKind:
    chosen = {tuple(cell.split("-")[1:]) for cell in cells if cell.startswith(f"{kind}-") and cell.count("-") == 2}
    grades = grades_of(kind, (grade for _, grade in chosen))
    subjects = subjects_of(kind, {subject for subject, _ in chosen} | {asked.get(kind, "")})
    definition = form[f"{DEFINITION}{kind}"]
    return MatrixKind(
        code=kind,
        title=PROCEDURE_NAMES[kind],
        definition=definition,
        grades=grades,
        rows=tuple(row_of(kind, subject, grades, cells, is_asked=subject == asked.get(kind)) for subject in subjects),
        others=tuple((each.code, each.name) for each in BY_CODE.values() if each.code not in subjects),
        chosen=len(chosen) + sum(work.is_chosen for work in unknown),
        is_open=bool(chosen or unknown or kind in asked or definition.value()),
        unknown=tuple(unknown),
    )


def grades_of(kind: str, chosen: Iterator[str]) -> tuple[int, ...]:
    """Return the grades of a kind, and those that are chosen besides."""
    known = {int(grade) for grade in chosen if grade.isdecimal() and int(grade) in ALL_GRADES}
    return tuple(sorted({*GRADES.get(kind, ALL_GRADES), *known}))


def subjects_of(kind: str, wanted: set[str]) -> tuple[str, ...]:
    usual = SUBJECTS.get(kind, USUAL)
    return (*usual, *(code for code in BY_CODE if code in wanted and code not in usual))


def row_of(kind: str, subject: str, grades: Sequence[int], cells: set[str], *, is_asked: bool) -> SubjectRow:
    name = BY_CODE[subject].name
    return SubjectRow(
        title=name,
        cells=tuple(
            Cell(
                value=f"{kind}-{subject}-{grade}",
                label=f"{PROCEDURE_NAMES[kind]}, {name}, {grade} класс",
                is_chosen=f"{kind}-{subject}-{grade}" in cells,
                grade=grade,
                has_focus=is_asked and grade == grades[0],
            )
            for grade in grades
        ),
    )
