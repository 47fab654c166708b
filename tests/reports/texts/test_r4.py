"""The wording of R4 against the structure of the document it reproduces: no database."""

from dataclasses import replace

import pytest

from reports.document import BarChart, Document, Heading, NumberedList
from reports.document.model import walk
from reports.document.writers.xlsx import text_lines
from reports.facts.parts import Share
from reports.texts.r4 import document
from tests.factories.facts import FRAME, make_act_facts, make_execution, make_listed, make_plan, make_r4


def lines(made: Document) -> list[str]:
    return [line.text.replace("\u00a0", " ") for line in text_lines(made)]


def text(made: Document) -> str:
    return "\n".join(lines(made))


def headings(made: Document) -> list[str]:
    return [str(block.text[0]) for block in made.blocks if isinstance(block, Heading)]


def test_head_has_kind_subject_place_and_date_on_their_lines() -> None:
    assert lines(document(make_r4()))[:5] == [
        "Управление образования Светлоборского муниципального округа",
        "Информация",
        (
            "об исполнении Плана мероприятий («дорожной карты») по сопровождению школ с низкими образовательными "
            "результатами на 2026 год"
        ),
        "г. Светлый Бор",
        "29 декабря 2026 года",
    ]


def test_period_without_a_monitoring_says_so() -> None:
    made = lines(document(make_r4(monitoring_order=None, monitoring_url="", changes=())))

    assert any(line.startswith("На 25.12.2026 данных мониторинга исполнения Плана мероприятий") for line in made)
    assert not any(line.startswith("Проведён мониторинг") for line in made)


def test_basis_introduces_the_monitoring() -> None:
    opening = lines(document(make_r4()))[5]

    assert opening.startswith("На основании приказа управления образования от 08.12.2026 № 515 проведён мониторинг")
    assert opening.endswith("результатами (далее – ШНОР) на 2026 год.")


def test_list_names_its_order_and_schools() -> None:
    assert lines(document(make_r4()))[6] == (
        "В соответствии с приказом управления образования от 30.01.2026 № 15 «Об утверждении перечня» определён "
        "муниципальный перечень ШНОР по результатам 2025 года, в который вошли 2 школы: "
        "МБОУ «СОШ № 3», МБОУ «СОШ № 5»."
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "вошла 1 школа"),
        (2, "вошли 2 школы"),
        (5, "вошли 5 школ"),
        (11, "вошли 11 школ"),
        (21, "вошла 21 школа"),
        (112, "вошли 112 школ"),
    ],
)
def test_list_agrees_with_its_length(number: int, words: str) -> None:
    listed = make_listed(tuple(f"СОШ № {n}" for n in range(number)))

    assert f"в который {words}: " in text(document(make_r4(lists=(listed,))))


def test_plan_names_its_approval_and_goal() -> None:
    made = document(make_r4())

    assert (
        "План мероприятий («дорожная карта») на 2026 год утверждён приказом управления образования "
        "от 17.03.2026 № 124. Цель: повышение качества образования."
    ) in lines(made)


def test_feminine_plan_is_approved_in_the_feminine() -> None:
    plan = make_plan(title="Программа поддержки школ", goal="")

    assert "Программа поддержки школ утверждена приказом" in text(document(make_r4(plan=plan)))


@pytest.mark.parametrize(
    ("submitted", "words"),
    [
        (Share(numerator=2, denominator=2), "Отчёты о реализации планов получены от всех 2 школ (прилагаются)."),
        (Share(numerator=0, denominator=2), "Отчёты о реализации планов школами не представлены."),
        (
            Share(numerator=1, denominator=2),
            "Отчёты о реализации планов получены от 1 из 2 школ (прилагаются). Не представили: МБОУ «СОШ № 5».",
        ),
    ],
)
def test_reports_of_schools_are_counted(submitted: Share, words: str) -> None:
    assert words in lines(document(make_r4(submitted=submitted)))


def test_conclusions_have_two_levels() -> None:
    made = document(make_r4())
    conclusions = next(block for block in made.blocks if isinstance(block, NumberedList))

    numbers = [line.split()[0] for line in lines(made) if line[:2] in {"1.", "2."}]

    assert headings(made) == ["Выводы", "Исполнение по школам", "Рекомендации"]
    assert len(conclusions.items) == 2
    assert numbers[:6] == ["1.", "1.1.", "2.", "2.1.", "2.2.", "2.3."]
    assert "2.1. Во всех 2 школах утверждён и реализуется план мероприятий («дорожная карта»)." in lines(made)


def test_level_without_facts_is_left_out_and_the_other_renumbered() -> None:
    made = document(make_r4(plan=None))

    assert "1. На школьном уровне:" in lines(made)
    assert "муниципальном уровне" not in text(made)


def test_execution_table_has_its_columns_and_total() -> None:
    (table,) = document(make_r4()).tables()

    assert [column.title for column in table.columns] == [
        "№",
        "Школа",
        "Пунктов",
        "Исполнено",
        "В срок",
        "Просрочено",
        "Исполнение",
    ]
    assert [getattr(cell, "text", cell) for cell in table.total or ()] == [
        "",
        "Итого",
        "40",
        "24",
        "20",
        "3",
        "60,0\u00a0%",
    ]


def test_school_without_a_roadmap_is_missing_not_zero() -> None:
    none = dict.fromkeys(("counted", "done", "on_time", "judged", "overdue"))
    made = document(make_r4(schools=(make_execution(), make_execution("СОШ № 9", approval=None, url="", **none))))
    (table,) = made.tables()

    assert [getattr(cell, "value", cell) for cell in table.rows[1][2:]] == [None] * 5
    assert "В 1 школе из 2 утверждён и реализуется план" in text(made)


def test_chart_comes_with_three_schools() -> None:
    schools = tuple(make_execution(f"СОШ № {n}") for n in range(3))

    assert any(isinstance(block, BarChart) for block in walk(document(make_r4(schools=schools)).blocks))
    assert not any(isinstance(block, BarChart) for block in walk(document(make_r4()).blocks))


@pytest.mark.parametrize(
    ("overdue", "words"),
    [
        (1, "1 просроченное мероприятие"),
        (2, "2 просроченных мероприятия"),
        (5, "5 просроченных мероприятий"),
        (11, "11 просроченных мероприятий"),
        (21, "21 просроченное мероприятие"),
        (112, "112 просроченных мероприятий"),
    ],
)
def test_late_school_is_asked_for_its_own_number(overdue: int, words: str) -> None:
    made = document(make_r4(school="МБОУ «СОШ № 3»", schools=(make_execution(overdue=overdue),)))

    assert f"1. Исполнить {words} дорожной карты." in lines(made)


def test_late_schools_are_a_list_with_their_numbers() -> None:
    schools = (make_execution(overdue=21), make_execution("МБОУ «СОШ № 5»", overdue=2))
    made = lines(document(make_r4(schools=schools)))

    assert "– МБОУ «СОШ № 3» – 21 мероприятие;" in made
    assert "– МБОУ «СОШ № 5» – 2 мероприятия." in made


def test_nobody_late_leaves_only_the_common_recommendations() -> None:
    made = document(make_r4(schools=(make_execution(overdue=0),)))

    assert "просроченные мероприятия" not in text(made).lower()
    assert "1. Провести анализ затруднений педагогов" in text(made)


def test_empty_region_still_makes_a_document() -> None:
    made = document(
        make_r4(
            lists=(),
            plan=None,
            monitoring_order=None,
            submitted=Share(numerator=None, denominator=None),
            schools=(),
            factors=(),
            frame=replace(FRAME, signer=None),
        ),
    )

    assert headings(made) == ["Рекомендации"]
    assert made.signature is None
    assert made.attachments == ()


def test_report_of_one_school_names_it() -> None:
    made = document(make_r4(school='МБОУ "СОШ № 3"', plan=make_plan(approval=None)))

    assert made.heading.endswith("на\u00a02026\u00a0год (МБОУ «СОШ\u00a0№\u00a03»)")


def test_every_figure_leads_to_a_source() -> None:
    figures = document(make_r4(monitoring_order=make_act_facts())).figures()

    assert len(figures) > 20
    assert all(figure.source.label for figure in figures)


def test_report_of_one_school_speaks_of_one_school() -> None:
    one = make_r4(
        school="МБОУ «СОШ № 3»",
        lists=(make_listed(("МБОУ «СОШ № 3»",)),),
        plan=None,
        submitted=Share(numerator=1, denominator=1),
        schools=(make_execution(overdue=0),),
    )
    made = lines(document(one))

    assert made[6].endswith("школа включена в муниципальный перечень ШНОР по результатам 2025 года.")
    assert "Отчёт о реализации плана представлен (прилагается)." in made
    assert (
        "1. План мероприятий («дорожная карта») школы утверждён приказом директора школы от 17.03.2026 № 7-од "
        "и реализуется."
    ) in made
    assert "2. Просроченных мероприятий нет." in made
    assert "Руководителю общеобразовательной организации:" in made
    assert not any(" из 1 школы" in line or "школе из 1" in line for line in made)


def test_share_beside_its_counts_does_not_repeat_them() -> None:
    school = make_execution(counted=3, done=0, on_time=0, overdue=0)
    made = text(document(make_r4(schools=(school,))))

    assert "Исполнено 0 мероприятий из 3 (0,0 %), в том числе" in made


def test_done_measures_of_a_section_are_named_in_quotes() -> None:
    assert (
        "1.1. Направление «Организационно-методическая работа»: исполнено 2 мероприятия из 4 («Провести семинар для "
        "заместителей директоров», «Провести совещание руководителей»)."
    ) in lines(document(make_r4()))


def test_measures_without_a_risk_factor_make_the_whole_add_up() -> None:
    whole = text(document(make_r4()))

    assert "Мероприятия вне факторов риска: исполнено 17 мероприятий из 31." in whole  # 24 - 7 of 40 - 9


def test_measures_that_all_have_a_factor_leave_nothing_to_say() -> None:
    (factor,) = make_r4().factors

    whole = make_r4(factors=(replace(factor, counted=40, done=24),))

    assert "вне факторов риска" not in text(document(whole))
