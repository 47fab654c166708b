"""How procedures are called: «ВПР-РУ-5» in codes, «ВПР, русский язык, 5 класс» in sentences."""

from collections.abc import Sequence
from typing import Final

from accounts.russian import listing
from schools.identification.terms import Procedure
from schools.intake.subjects import BY_CODE
from schools.intake.vocabulary import PROCEDURE_NAMES

ONE_GRADE: Final = frozenset({"OGE", "EGE", "GVE9", "GVE11"})  # the code of an exam needs no grade


def procedure_code(procedure: Procedure, grades: Sequence[int] = ()) -> str:
    """Return «ВПР-РУ-5», «ОГЭ-МА», «ЕГЭ-МАБ», «ВПР-РУ-5+6» for pooled grades; unknown codes stay as they are."""
    subject = BY_CODE.get(procedure.subject)
    parts = [kind_name(procedure), subject.short if subject else procedure.subject]
    if procedure.kind not in ONE_GRADE:
        parts.append("+".join(map(str, grades or (procedure.grade,))))
    return "-".join(parts)


def procedure_name(procedure: Procedure, grades: Sequence[int] = ()) -> str:
    """Return «ВПР, русский язык, 5 класс», «…, 5 и 6 классы вместе» for pooled grades."""
    subject = BY_CODE.get(procedure.subject)
    name = subject.name[0].lower() + subject.name[1:] if subject else procedure.subject
    classes = f"{listing(list(map(str, grades)))} классы вместе" if len(grades) > 1 else f"{procedure.grade} класс"
    return f"{kind_name(procedure)}, {name}, {classes}"


def kind_name(procedure: Procedure) -> str:
    return PROCEDURE_NAMES.get(procedure.kind, procedure.kind)
