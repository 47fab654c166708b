"""The answers of a school to the self-diagnosis form SA-3, and what is still missing in them. No Django in this file.

Source: domain specification, 3.8; the published form «Факторы риска (только актуальные для ОО) / Краткое описание мер».
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from riskprofiles.scoring import RiskLevel

TEXT_CHARS: Final = 2000
OWN_FACTOR_CODE: Final = "R13"  # a risk that the catalogue does not have; known by its title
VISIBLE_LEVELS: Final = frozenset({RiskLevel.MEDIUM, RiskLevel.HIGH})


class Field(StrEnum):
    """Columns of the form; the values are the names of the stored fields."""

    RELEVANT = "school_relevant"
    LEVEL = "school_level"
    EVIDENCE = "school_evidence"
    MEASURES = "school_measures"
    DISPUTE = "dispute_reason"


FIELD_TITLES: Final[Mapping[Field, str]] = {
    Field.RELEVANT: "Актуален для школы",
    Field.LEVEL: "Значимость по оценке школы",
    Field.EVIDENCE: "Чем подтверждается",
    Field.MEASURES: "Краткое описание мер",
    Field.DISPUTE: "Почему школа не согласна с расчётом",
}

Value = bool | str | None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a school said of one factor. None is «не отвечено», never «нет»."""

    factor: str  # id of the factor in the profile
    title: str
    calculated: RiskLevel | None = None
    relevant: bool | None = None
    level: RiskLevel | None = None
    evidence: str = ""
    measures: str = ""
    dispute: str = ""


class Severity(StrEnum):
    ERROR = "error"  # the form cannot be handed in
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True)
class Gap:
    """What is missing: where, and what to do."""

    factor: str
    title: str
    field: Field
    severity: Severity
    text: str


def gaps(answers: Iterable[Answer]) -> list[Gap]:
    """Return what is missing or looks odd, in the order of the form."""
    return [gap for answer in answers for gap in gaps_of(answer)]


def errors(found: Iterable[Gap]) -> list[Gap]:
    return [gap for gap in found if gap.severity == Severity.ERROR]


def gaps_of(answer: Answer) -> Iterator[Gap]:
    if answer.relevant is None:
        yield gap(answer, Field.RELEVANT, "Ответьте, актуален ли этот риск для школы.")
    elif answer.relevant:
        yield from gaps_of_relevant(answer)
    elif answer.calculated in VISIBLE_LEVELS and not answer.dispute.strip():
        yield gap(
            answer,
            Field.DISPUTE,
            "Расчёт показал риск, а школа отвечает «не актуален». Объясните почему.",
        )


def gaps_of_relevant(answer: Answer) -> Iterator[Gap]:
    if answer.level is None:
        yield gap(answer, Field.LEVEL, "Выберите значимость: высокая, средняя или низкая.")
    if not answer.measures.strip():
        yield gap(answer, Field.MEASURES, "Опишите кратко, какие меры школа принимает или планирует.")
    if not answer.evidence.strip():
        yield gap(
            answer,
            Field.EVIDENCE,
            "Укажите, чем подтверждается риск: протокол, справка, результаты работ.",
            Severity.WARNING,
        )


def gap(answer: Answer, field: Field, text: str, severity: Severity = Severity.ERROR) -> Gap:
    return Gap(factor=answer.factor, title=answer.title, field=field, severity=severity, text=text)


def is_filled(answer: Answer) -> bool:
    """Return whether nothing obligatory is missing."""
    return not errors(gaps_of(answer))
