"""How procedures are called: «ВПР-РУ-5» in codes, «ВПР, русский язык, 5 класс» in sentences."""

from typing import TYPE_CHECKING, Final

from schools.intake.subjects import BY_CODE
from schools.intake.vocabulary import PROCEDURE_NAMES

if TYPE_CHECKING:
    from schools.identification.rules import Procedure

ONE_GRADE: Final = frozenset({"OGE", "EGE", "GVE9", "GVE11"})  # the code of an exam needs no grade


def procedure_code(procedure: "Procedure") -> str:
    """Return «ВПР-РУ-5», «ОГЭ-МА», «ЕГЭ-МАБ»; unknown codes stay as they are."""
    subject = BY_CODE.get(procedure.subject)
    parts = [kind_name(procedure), subject.short if subject else procedure.subject]
    if procedure.kind not in ONE_GRADE:
        parts.append(str(procedure.grade))
    return "-".join(parts)


def procedure_name(procedure: "Procedure") -> str:
    """Return «ВПР, русский язык, 5 класс»."""
    subject = BY_CODE.get(procedure.subject)
    name = subject.name[0].lower() + subject.name[1:] if subject else procedure.subject
    return f"{kind_name(procedure)}, {name}, {procedure.grade} класс"


def kind_name(procedure: "Procedure") -> str:
    return PROCEDURE_NAMES.get(procedure.kind, procedure.kind)
