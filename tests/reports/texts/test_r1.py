"""The wording of R1: no database."""

from dataclasses import replace
from typing import Any

import pytest

from reports.document import Document, Figure, Heading
from reports.document.writers.xlsx import text_lines
from reports.facts.codec import to_json
from reports.facts.parts import Share
from reports.facts.r1 import FactorSpread, Outcome
from reports.kinds import stored_document
from reports.texts.r1 import document
from tests.factories.facts import make_execution, make_listed, make_plan, make_r1


def lines(made: Document) -> list[str]:
    return [line.text.replace("\u00a0", " ") for line in text_lines(made)]


def headings(made: Document) -> list[str]:
    return [str(block.text[0]) for block in made.blocks if isinstance(block, Heading)]


def numbers(made: Document) -> list[str]:
    return [line.split()[0] for line in lines(made) if line[0].isdigit() and line.split()[0].endswith(".")]


def test_title_names_the_territory_in_its_case_and_the_period() -> None:
    assert document(make_r1()).title.replace("\u00a0", " ") == (
        "Аналитическая справка по оказанию методической помощи школам с низкими образовательными результатами "
        "в Светлоборском муниципальном округе за 2026 год"
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "относится 1"), (2, "относятся 2"), (5, "относятся 5"), (11, "относятся 11"), (21, "относится 21")],
)
def test_opening_counts_the_schools(number: int, words: str) -> None:
    listed = make_listed(tuple(f"СОШ № {n}" for n in range(number)))
    opening = lines(document(make_r1(lists=(listed,), total_schools=112)))[5]

    assert opening.startswith(
        "К школам с низкими образовательными результатами (далее – ШНОР) по результатам 2025 года "
        f"{words} из 112 школ Светлоборского муниципального округа ("
    )
    assert "%): СОШ № 0" in opening
    assert opening.endswith(" Перечень утверждён приказом управления образования от 30.01.2026 № 15.")


def test_work_is_a_numbered_list() -> None:
    made = document(make_r1())

    assert "В рамках работы со ШНОР проведена следующая работа:" in lines(made)
    assert numbers(made)[:8] == ["1.", "2.", "3.", "4.", "5.", "6.", "7.", "8."]
    assert headings(made) == ["Результаты", "Адресные рекомендации"]


def test_points_without_facts_are_left_out_and_the_rest_renumbered() -> None:
    made = document(make_r1(plan=None, profiles=None, cycles=(), outcomes=(), metrics=(), factors=()))

    assert lines(made)[7].startswith("1. Дорожные карты по снижению рисков утверждены во всех 2 школах")
    assert numbers(made)[:2] == ["1.", "2."]


def test_report_without_any_outcome_has_no_such_section() -> None:
    nothing: dict[str, Any] = dict.fromkeys(("counted", "done", "on_time", "judged", "overdue"))
    schools = (make_execution(**nothing),)
    made = document(make_r1(outcomes=(), metrics=(), schools=schools))

    assert headings(made) == ["Адресные рекомендации"]


def test_commonest_risks_are_named_with_their_schools() -> None:
    factors = tuple(FactorSpread(title=f"Риск {n}", confirmed=5 - n, activated=1) for n in range(4))
    text = "\n".join(lines(document(make_r1(factors=factors))))

    assert "Чаще других подтверждены риски: «Риск 0» (5 школ), «Риск 1» (4 школы), «Риск 2» (3 школы)." in text


def test_verified_profiles_without_risks_have_no_table() -> None:
    made = document(make_r1(factors=()))

    assert all(table.title != "Подтверждённые факторы риска" for table in made.tables())


def test_measures_of_the_plan_are_told_by_sections() -> None:
    assert (
        "– направление «Организационно-методическая работа» – 2 мероприятия: "
        "«Провести семинар для заместителей директоров», «Провести совещание руководителей»."
    ) in lines(document(make_r1()))


def test_plan_that_brought_nothing_is_not_listed() -> None:
    made = document(make_r1(plan=make_plan(sections=())))

    assert "По плану проведены мероприятия:" not in "\n".join(lines(made))


def test_outcome_is_a_change_in_percentage_points() -> None:
    table = next(table for table in document(make_r1()).tables() if table.title == "Доля низких результатов")
    before, now, change = (cell for cell in table.rows[0] if isinstance(cell, Figure))

    assert (before.parts, now.parts) == ("30 из 66", "26 из 59")
    assert change.text == "\u22121,4\u00a0п.\u00a0п."
    assert "снизилась по 1 процедуре из 1" in "\n".join(lines(document(make_r1())))


@pytest.mark.parametrize(
    ("stored", "change", "note"),
    [
        ({"has_exact_changes": True}, "+4,5", "разность точных долей, округлённая до десятых один раз"),
        ({}, "+4,6", "разность долей, округлённых до десятых"),
    ],
)
def test_stored_version_opens_with_the_change_it_was_built_with(
    stored: dict[str, bool], change: str, note: str
) -> None:
    outcome = Outcome(
        procedure="ОГЭ",
        subject="математика",
        year=2026,
        before=Share(numerator=1004, denominator=10000),
        now=Share(numerator=1455, denominator=10000),
    )
    facts = to_json(make_r1(outcomes=(outcome,)))
    facts["frame"] = {key: value for key, value in facts["frame"].items() if key != "has_exact_changes"} | stored

    table = next(table for table in stored_document("R1", facts).tables() if table.title == "Доля низких результатов")

    assert table.figures[-1].bare == change
    assert note in table.notes[0]


def test_year_without_a_year_before_is_not_compared() -> None:
    outcome = Outcome(
        procedure="ОГЭ",
        subject="математика",
        year=2026,
        before=Share(numerator=None, denominator=None),
        now=Share(numerator=3, denominator=20),
    )
    made = document(make_r1(outcomes=(outcome,)))

    assert "снизилась" not in "\n".join(lines(made))
    assert [cell.value is None for cell in made.tables()[1].rows[0] if isinstance(cell, Figure)] == [True, False, True]


def test_metrics_keep_numerator_and_denominator() -> None:
    table = next(table for table in document(make_r1()).tables() if table.title == "Показатели мониторинга")

    assert [getattr(cell, "bare", cell) for cell in table.rows[0]] == [
        "C1 Доля педагогов, прошедших диагностику",
        "2",
        "41",
        "60",
        "68,3",
        "90",
    ]


def test_late_schools_are_the_first_recommendation() -> None:
    made = lines(document(make_r1()))

    assert "2.1. Исполнить просроченные мероприятия дорожных карт:" in made
    assert "2. Руководителям ШНОР:" in made


def test_nobody_late_leaves_the_common_recommendations() -> None:
    made = lines(document(make_r1(schools=(make_execution(overdue=0),))))

    assert any(line.startswith("2.1. Провести анализ затруднений") for line in made)


def test_report_without_recorded_work_claims_none() -> None:
    nothing: dict[str, Any] = dict.fromkeys(("counted", "done", "on_time", "judged", "overdue"))
    made = lines(document(make_r1(plan=None, profiles=None, cycles=(), schools=(make_execution(**nothing),))))

    assert not any("проведена следующая работа" in line or "по алгоритму" in line for line in made)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (0, "показатели школами не сданы."),
        (1, "показатели сдала 1 из 112 школ."),
        (2, "показатели сдали 2 из 112 школ."),
        (11, "показатели сдали 11 из 112 школ."),
        (21, "показатели сдала 21 из 112 школ."),
        (112, "показатели сдали 112 из 112 школ."),
    ],
)
def test_stage_agrees_with_the_schools_that_handed_in(given: int, words: str) -> None:
    facts = make_r1()
    cycle = replace(facts.cycles[0], submitted=Share(numerator=given, denominator=112))

    assert any(line.endswith(words) for line in lines(document(replace(facts, cycles=(cycle,)))))


def test_outcomes_that_all_rose_are_said_plainly() -> None:
    outcome = replace(make_r1().outcomes[0], now=Share(numerator=40, denominator=59))

    assert "В целом по школам перечня доля низких результатов не снизилась ни по одной процедуре." in lines(
        document(make_r1(outcomes=(outcome,)))
    )


def test_change_is_the_exact_difference_rounded_once() -> None:
    outcome = replace(
        make_r1().outcomes[0],
        before=Share(numerator=3424, denominator=10_000),
        now=Share(numerator=3816, denominator=10_000),
    )
    table = next(t for t in document(make_r1(outcomes=(outcome,))).tables() if t.title == "Доля низких результатов")
    before, now, change = (cell.bare for cell in table.rows[0] if isinstance(cell, Figure))

    assert (before, now, change) == ("34,2", "38,2", "+3,9")


def test_goal_and_plan_stand_small_in_their_sentence() -> None:
    plan = make_plan(title="Дорожная карта на 2026/2027 учебный год", goal="Снизить долю неуспевающих.")
    made = "\n".join(lines(document(make_r1(plan=plan))))

    assert "1. Разработана дорожная карта на 2026/2027 учебный год, утверждена приказом" in made
    assert " Цель: снизить долю неуспевающих. Приоритетные задачи:" in made
