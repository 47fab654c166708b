"""The scales of marks as a page shows them: every border that is known, those of one source together. No queries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schools.intake.exam_scales import ExamScale, exam_scales
from schools.intake.subjects import BY_CODE
from schools.intake.vocabulary import PROCEDURE_NAMES
from schools.objectivity import MarkScale, mark_scales


@dataclass(frozen=True, kw_only=True)
class ScaleRow:
    """maximum, borders (lowest scores of «3», «4», «5»): None where not known."""

    work: str
    maximum: int | None
    borders: tuple[int | None, ...]


@dataclass(frozen=True)
class Origin:
    """What scales rest on. is_confirmed: by a document, or nothing is said against it."""

    title: str
    source: str
    is_confirmed: bool = True


Groups = dict[str, dict[Origin, list[ScaleRow]]]  # title -> scales by what they rest on


def scale_groups(own: Iterable[MarkScale]) -> Groups:
    """Return the scales of the installation first, then those of ВПР and of ОГЭ that come with the portal."""
    groups: Groups = {}
    for origin, row in (*rows_of(own, "Шкалы региона"), *rows_of(mark_scales(), "ВПР"), *exam_rows()):
        groups.setdefault(origin.title, {}).setdefault(origin, []).append(row)
    return groups


def rows_of(scales: Iterable[MarkScale], title: str) -> Iterator[tuple[Origin, ScaleRow]]:
    for scale in scales:
        years = f", {', '.join(map(str, scale.years))}" if scale.years else ""
        work = f"{PROCEDURE_NAMES[scale.procedure]}, {subject_name(scale.subject)}, {scale.grade} класс{years}"
        yield Origin(title, scale.source), ScaleRow(work=work, maximum=scale.maximum, borders=scale.borders)


def exam_rows() -> Iterator[tuple[Origin, ScaleRow]]:
    """Yield the scales of ОГЭ, the newest years first, years with the same one together."""
    years: dict[tuple[str, ExamScale], list[int]] = {}
    for (procedure, year, subject), scale in exam_scales().items():
        if procedure == "OGE":
            years.setdefault((subject, scale), []).append(year)
    for (subject, scale), found in sorted(years.items(), key=lambda each: (-max(each[1]), subject_name(each[0][0]))):
        title = f"{PROCEDURE_NAMES['OGE']}, {' и '.join(map(str, sorted(found)))}"
        borders = scale.borders or (scale.minimum, None, None)
        row = ScaleRow(work=subject_name(subject), maximum=scale.maximum, borders=borders)
        yield Origin(title, scale.source, scale.is_confirmed), row


def subject_name(code: str) -> str:
    name = BY_CODE[code].name
    return name[0].lower() + name[1:]
