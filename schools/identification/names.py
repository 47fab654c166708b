"""How procedures are called: «ВПР-РУ-5» in codes, «ВПР, русский язык, 5 класс» in sentences."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from schools.identification.rules import Procedure

KINDS: Final[Mapping[str, str]] = {
    "VPR": "ВПР",
    "OGE": "ОГЭ",
    "EGE": "ЕГЭ",
    "GVE9": "ГВЭ-9",
    "GVE11": "ГВЭ-11",
    "KDR": "КДР",
    "RDR": "РДР",
    "NIKO": "НИКО",
    "FG": "ФГ",
}
SUBJECTS: Final[Mapping[str, tuple[str, str]]] = {
    "RU": ("РУ", "русский язык"),
    "MA": ("МА", "математика"),
    "MAB": ("МАБ", "математика (базовая)"),
    "MAP": ("МАП", "математика (профильная)"),
}
GRADE_IN_CODE: Final = frozenset({"VPR", "KDR", "RDR", "NIKO", "FG"})  # exams have one grade only


def procedure_code(procedure: "Procedure") -> str:
    """Return «ВПР-РУ-5», «ОГЭ-МА», «ЕГЭ-МАБ»."""
    subject, _ = SUBJECTS.get(procedure.subject, (procedure.subject, ""))
    parts = [KINDS.get(procedure.kind, procedure.kind), subject]
    if procedure.kind in GRADE_IN_CODE:
        parts.append(str(procedure.grade))
    return "-".join(parts)


def procedure_name(procedure: "Procedure") -> str:
    """Return «ВПР, русский язык, 5 класс»."""
    _, subject = SUBJECTS.get(procedure.subject, ("", procedure.subject))
    return f"{KINDS.get(procedure.kind, procedure.kind)}, {subject}, {procedure.grade} класс"
