"""What the form SA-3 looks like as a book: sheets, columns, words; shared by the writer and the reader."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from riskprofiles.answers import FIELD_TITLES, Answer, Field, Value
from riskprofiles.scoring import RiskLevel

FORM_CODE: Final = "SA-3"
FORM_VERSION: Final = "1"
DATA_SHEET: Final = "Данные"
GUIDE_SHEET: Final = "Инструкция"
META_SHEET: Final = "meta"
HEADER_ROW: Final = 3
OWN_ROWS: Final = 3  # empty rows for risks that the catalogue does not have

LEVEL_WORDS: Final[Mapping[RiskLevel, str]] = {
    RiskLevel.HIGH: "высокая",
    RiskLevel.MEDIUM: "средняя",
    RiskLevel.LOW: "низкая",
    RiskLevel.NONE: "не выявлен",
}
SCHOOL_LEVELS: Final = {word: level for level, word in LEVEL_WORDS.items() if level != RiskLevel.NONE}
YES_NO: Final = {"да": True, "нет": False}
NOT_CALCULATED: Final = "недостаточно данных"

ANSWER_COLUMNS: Final[tuple[Field, ...]] = (
    Field.RELEVANT,
    Field.LEVEL,
    Field.EVIDENCE,
    Field.MEASURES,
    Field.DISPUTE,
)
COLUMNS: Final = ("Код", "Фактор риска", "По расчёту", *(FIELD_TITLES[column] for column in ANSWER_COLUMNS))
WIDTHS: Final = (8, 48, 20, 14, 18, 44, 60, 44)
FIRST_ANSWER: Final = len(COLUMNS) - len(ANSWER_COLUMNS)  # 0-based column


@dataclass(frozen=True, kw_only=True)
class FormKey:
    """Whose form it is. school: its name; school_id: its public id, by which branches without an ИНН are told apart."""

    inn: str
    school: str
    year: int
    catalogue: str
    version: str = FORM_VERSION
    form: str = FORM_CODE
    school_id: str = ""

    @property
    def checksum(self) -> str:
        parts = [self.form, self.version, self.inn, str(self.year), self.catalogue]
        parts += [self.school_id] if self.school_id else []  # books given out before they had the id stay valid
        return hashlib.sha256("|".join(parts).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """One factor of the form. All own risks share one code, they are known by their titles."""

    code: str
    answer: Answer


def words_of(column: Field, value: Value) -> str:
    """Return an answer as people read it; "" when there is none."""
    if value is None or value == "":
        return ""
    if column == Field.RELEVANT:
        return "да" if value else "нет"
    return LEVEL_WORDS[RiskLevel(str(value))] if column == Field.LEVEL else str(value)


def stored_value(answer: Answer, column: Field) -> Value:
    return {
        Field.RELEVANT: answer.relevant,
        Field.LEVEL: answer.level and str(answer.level),
        Field.EVIDENCE: answer.evidence,
        Field.MEASURES: answer.measures,
        Field.DISPUTE: answer.dispute,
    }[column]


def meta_of(key: FormKey) -> dict[str, str]:
    """Return what the hidden sheet says."""
    return {
        "form": key.form,
        "version": key.version,
        "inn": key.inn,
        "year": str(key.year),
        "catalogue": key.catalogue,
        "checksum": key.checksum,
        "school": key.school_id,
    }
