"""Words of files for procedures, periods and levels. Values are those of `schools.choices`."""

from collections.abc import Mapping
from typing import Final

PROCEDURES: Final[Mapping[str, str]] = {
    "vpr": "VPR",
    "впр": "VPR",
    "всероссийская проверочная работа": "VPR",
    "oge": "OGE",
    "огэ": "OGE",
    "ege": "EGE",
    "егэ": "EGE",
    "gve9": "GVE9",
    "гвэ-9": "GVE9",
    "гвэ9": "GVE9",
    "gve11": "GVE11",
    "гвэ-11": "GVE11",
    "гвэ11": "GVE11",
    "kdr": "KDR",
    "кдр": "KDR",
    "краевая диагностическая работа": "KDR",
    "rdr": "RDR",
    "рдр": "RDR",
    "региональная диагностическая работа": "RDR",
    "niko": "NIKO",
    "нико": "NIKO",
    "fg": "FG",
    "фг": "FG",
    "функциональная грамотность": "FG",
    "municipal": "MUNICIPAL",
    "др_мун": "MUNICIPAL",
    "муниципальная диагностическая работа": "MUNICIPAL",
    "school": "SCHOOL",
    "др_шк": "SCHOOL",
    "школьная диагностическая работа": "SCHOOL",
    "entry": "ENTRY",
    "входной": "ENTRY",
    "входной мониторинг": "ENTRY",
}
PROCEDURE_NAMES: Final[Mapping[str, str]] = {
    "VPR": "ВПР",
    "OGE": "ОГЭ",
    "EGE": "ЕГЭ",
    "GVE9": "ГВЭ-9",
    "GVE11": "ГВЭ-11",
    "KDR": "КДР",
    "RDR": "РДР",
    "NIKO": "НИКО",
    "FG": "Функциональная грамотность",
    "MUNICIPAL": "Муниципальная диагностическая работа",
    "SCHOOL": "Школьная диагностическая работа",
    "ENTRY": "Входной мониторинг",
}
PERIODS: Final[Mapping[str, str]] = {
    "spring": "spring",
    "весна": "spring",
    "autumn": "autumn",
    "осень": "autumn",
    "main": "main",
    "основной": "main",
    "основной период": "main",
    "reserve": "reserve",
    "резерв": "reserve",
    "резервные дни": "reserve",
    "sept": "sept",
    "сентябрь": "sept",
}
PERIOD_NAMES: Final[Mapping[str, str]] = {
    "spring": "весна",
    "autumn": "осень",
    "main": "основной период",
    "reserve": "резервные дни",
    "sept": "сентябрь",
}
LEVELS: Final[Mapping[str, str]] = {
    "none": "none",
    "без уровня": "none",
    "base": "base",
    "базовый": "base",
    "advanced": "advanced",
    "углубленный": "advanced",
    "profile": "profile",
    "профильный": "profile",
}
LEVEL_NAMES: Final[Mapping[str, str]] = {
    "none": "без уровня",
    "base": "базовый",
    "advanced": "углублённый",
    "profile": "профильный",
}
FIRST_YEAR: Final = 2015
LAST_YEAR: Final = 2100
LAST_GRADE: Final = 12
PREVIOUS_GRADE_AUTUMNS: Final = frozenset({2020, 2022})  # ВПР written in autumn on the programme of the grade before
ONLY_AUTUMN: Final = 2020  # ВПР of that year were written in September and October
STATE_EXAMS: Final = frozenset({"OGE", "EGE", "GVE9", "GVE11"})

RETAKE_PERIODS: Final = ("reserve", "sept")  # of state exams, in the order in which they are held


def is_retake(procedure: str, period: str) -> bool:
    """Answer whether a work is written once more: a September work that is no state exam opens its year."""
    return period in RETAKE_PERIODS and procedure in STATE_EXAMS


def default_period(procedure: str) -> str:
    """Return the period of a file that names none: state exams have a main one, other works are written in spring."""
    return "main" if procedure in STATE_EXAMS else "spring"


def checks_previous_grade(procedure: str, year: int, period: str) -> bool:
    """Answer whether a work checks the programme of the grade before. Source: domain specification, 2.1."""
    return procedure == "VPR" and period == "autumn" and year in PREVIOUS_GRADE_AUTUMNS
