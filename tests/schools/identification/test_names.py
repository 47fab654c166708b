"""How procedures are called, in codes and in sentences."""

import pytest

from schools.identification import procedure_code, procedure_name
from schools.intake.subjects import BY_CODE
from schools.intake.vocabulary import PROCEDURE_NAMES
from tests.factories.identification import make_rules, procedure


@pytest.mark.parametrize("each", make_rules().procedures, ids=procedure_code)
def test_procedure_of_the_shipped_rule_has_russian_words_only(each: object) -> None:
    code, name = procedure_code(each), procedure_name(each)  # type: ignore[arg-type]  # a procedure

    assert code.isupper()
    assert not any("a" <= sign.lower() <= "z" for sign in code + name)
    assert name.endswith(" класс")


def test_codes_of_the_shipped_rule_do_not_repeat() -> None:
    codes = [procedure_code(each) for each in make_rules().procedures]

    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("kind", ["OGE", "EGE", "GVE9", "GVE11"])
def test_code_of_an_exam_leaves_the_grade_out_and_the_name_keeps_it(kind: str) -> None:
    exam = procedure(kind, "RU", 9)

    assert procedure_code(exam) == f"{PROCEDURE_NAMES[kind]}-РУ"
    assert procedure_name(exam) == f"{PROCEDURE_NAMES[kind]}, русский язык, 9 класс"


@pytest.mark.parametrize("kind", ["VPR", "KDR", "NIKO"])
def test_code_of_a_work_tells_its_grades_apart(kind: str) -> None:
    assert procedure_code(procedure(kind, "MA", 5)) != procedure_code(procedure(kind, "MA", 6))


@pytest.mark.parametrize("subject", sorted(BY_CODE))
def test_every_subject_has_a_short_code_and_a_name_for_sentences(subject: str) -> None:
    each = procedure("VPR", subject, 7)

    assert procedure_code(each) == f"ВПР-{BY_CODE[subject].short}-7"
    assert procedure_name(each)[5].islower()
