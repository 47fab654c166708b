"""The wording of R8: no database."""

from accounts.russian import NBSP, typo
from reports.document import Figure, Note, Table
from reports.document.writers.xlsx import text_lines
from reports.facts.cautions import caution
from reports.facts.parts import CautionCode
from reports.facts.r8 import Applied, NotJudged, R8Facts
from reports.facts.r8_decisions import TakenOut
from reports.texts.r8 import document
from tests.factories.facts import make_listed_school, make_r8


def lines(facts: R8Facts) -> list[str]:
    return [line.text.replace("\u00a0", " ") for line in text_lines(document(facts))]


def cells(table: Table) -> list[list[str]]:
    printed = [[cell.text if isinstance(cell, Figure) else cell for cell in row] for row in table.rows]
    return [[cell.replace("\u00a0", " ") for cell in row] for row in printed]


def test_annex_names_its_order() -> None:
    made = document(make_r8())

    assert [line.replace("\u00a0", " ") for line in made.annex_to] == [
        "Приложение № 1",
        "к приказу управления образования",
        "от 20.11.2026 № 412",
    ]
    assert (made.number, made.organisation) == ("412", ())


def test_draft_says_so_and_has_no_number() -> None:
    cautions = (caution(CautionCode.LIST_NOT_PUBLISHED),)
    made = document(make_r8(basis=None, cautions=cautions))

    assert isinstance(made.blocks[0], Note)
    assert (made.number, made.annex_to) == ("", ())


def test_earlier_year_is_a_matter_of_the_preview_and_not_of_the_annex() -> None:
    cautions = (caution(CautionCode.LIST_OF_EARLIER_YEAR, asked=2027, shown=2026),)

    assert document(make_r8(cautions=cautions)) == document(make_r8())


def test_summary_counts_the_schools() -> None:
    assert (
        "К школам с низкими образовательными результатами относится 1 из 20 школ "
        "Светлоборского муниципального округа (5,0 %). Выявление проведено по правилу Федеральный подход, версия 1."
    ) in lines(make_r8())


def test_summary_tells_apart_whom_the_rule_did_not_judge() -> None:
    facts = make_r8(total_schools=16, not_judged=NotJudged(without_data=3, not_covered=1))

    assert (
        "К школам с низкими образовательными результатами относится 1 из 16 школ "
        "Светлоборского муниципального округа, по которым сделан вывод (6,3 %). "
        "Выявление проведено по правилу Федеральный подход, версия 1. "
        "Всего в расчёте 20 школ: вывод сделан по 16, данных недостаточно у 3, правило не распространяется на 1."
    ) in lines(facts)


def test_kind_of_schools_that_there_are_none_of_is_not_named() -> None:
    (told,) = (line for line in lines(make_r8(not_judged=NotJudged(without_data=3))) if "относится 1 из" in line)

    assert told.endswith("Всего в расчёте 23 школы: вывод сделан по 20, данных недостаточно у 3.")
    assert lines(make_r8(not_judged=NotJudged())) == lines(make_r8())


def test_schools_that_left_since_are_named_beside_the_list() -> None:
    facts = make_r8(excluded=("МБОУ «СОШ № 5» с 10.12.2026, приказ от 09.12.2026 № 700",))

    assert (
        "После утверждения перечня из него исключены: МБОУ «СОШ № 5» с 10.12.2026, приказ от 09.12.2026 № 700."
        in lines(facts)
    )
    assert not any("исключены" in line for line in lines(make_r8()))


def test_list_with_exclusions_says_how_many_it_holds_on_the_day() -> None:
    schools = (make_listed_school(), make_listed_school(name="МБОУ «СОШ № 5»"))
    facts = make_r8(schools=schools, excluded=("МБОУ «СОШ № 5» с 10.12.2026, приказ № 700",), tells_left=True)

    (told,) = [line for line in lines(facts) if "исключены" in line]

    assert told.endswith("На 25.12.2026 в перечне 1 школа.")


def test_schools_that_decisions_kept_off_have_a_table_of_their_own() -> None:
    out = TakenOut(
        name="МБОУ «СОШ № 9»",
        reason="Малая выборка",
        text="В школе три выпускника.",
        document="",
        decided="Ветрова А. О., 12.10.2026",
    )
    tables = {table.title: table for table in document(make_r8(taken_out=(out,))).tables()}

    assert cells(tables["Исключены решением"]) == [
        ["1", "МБОУ «СОШ № 9»", "Малая выборка", "В школе три выпускника.", "не указан", "Ветрова А. О., 12.10.2026"]
    ]
    assert "Исключены решением" not in [table.title for table in document(make_r8()).tables()]


def test_draft_lists_what_it_lacks_before_everything_else() -> None:
    cautions = (caution(CautionCode.LIST_NOT_PUBLISHED),)
    made = lines(make_r8(basis=None, cautions=cautions, missing=("Нет приказа.", "Состав перечня не утверждён.")))

    at = made.index("До вступления перечня в силу не хватает:")
    assert ["Нет приказа." in made[at + 1], "не утверждён" in made[at + 2]] == [True, True]
    assert at < next(place for place, line in enumerate(made) if "относится 1 из 20" in line)
    assert not any("не хватает" in line for line in lines(make_r8()))


def test_annex_leaves_date_and_number_to_its_order() -> None:
    made = lines(make_r8())

    assert "20 ноября 2026 года № 412" not in made
    assert "от 20.11.2026 № 412" in made


def test_school_has_its_conditions_and_counts() -> None:
    table = document(make_r8()).tables()[0]

    assert cells(table) == [["1", "МБОУ «СОШ № 5»", "7700000017", "1, 2", "2", "1"]]
    assert "Примечание" not in [column.title for column in table.columns]


def test_grounds_are_numbers_with_their_share() -> None:
    table = document(make_r8()).tables()[1]

    assert cells(table) == [
        ["МБОУ «СОШ № 5»", "ВПР, русский язык, 5 класс", "1", "", "", "", "40", "12", "30,00 %"],
        ["МБОУ «СОШ № 5»", "ВПР, математика, 6 класс", "1, 2", "66", "30", "45,45 %", "59", "26", "44,07 %"],
    ]
    assert table.is_grouped
    assert [column.title for column in table.columns[3:6]] == [
        "2025: всего работ",
        "2025: из них низких",
        "2025: доля",
    ]


def test_school_put_in_by_a_decision_says_so() -> None:
    school = make_listed_school(low=0, repeated=0, grounds=(), is_manual=True, remarks=("Ходатайство школы.",))
    (table,) = document(make_r8(schools=(school,))).tables()

    assert cells(table)[0][3:] == ["–", "0", "0", "Включена решением; Ходатайство школы"]


def test_repeat_that_could_not_be_checked_is_told_under_the_table() -> None:
    schools = (make_listed_school(), make_listed_school(repeated=None))
    table = document(make_r8(schools=schools)).tables()[0]

    assert [row[-1] for row in cells(table)] == ["1", "не проверено"]
    assert table.notes[-1].startswith("Не проверено")
    assert len(document(make_r8()).tables()[0].notes) == 1


def test_rule_is_printed_with_what_it_rests_on() -> None:
    told = "Документ-основание: не указан. Происхождение параметров: предложение портала."

    assert told in lines(make_r8())
    assert not any("Документ-основание" in line for line in lines(make_r8(rule="", rule_told="")))


def test_empty_list_is_said_in_words() -> None:
    made = lines(make_r8(schools=(), rule=""))

    assert "Школ с низкими образовательными результатами не выявлено." in made


def test_school_listed_without_a_calculation_is_missing_not_zero() -> None:
    school = make_listed_school(low=None, repeated=None, grounds=())
    (table,) = document(make_r8(schools=(school,), rule="")).tables()

    assert cells(table)[0][3:] == ["–", "сведения не представлены", "сведения не представлены"]


def test_small_list_does_not_repeat_its_counts_in_double_brackets() -> None:
    made = lines(make_r8(total_schools=3))

    assert any("относится 1 из 3 школ Светлоборского муниципального округа (33,3 %)." in line for line in made)


# Other rules than the shipped one


def titles(facts: R8Facts) -> list[str]:
    return [column.title.replace(NBSP, " ") for column in document(facts).tables()[0].columns]


def test_table_says_the_conditions_of_the_rule_that_was_applied() -> None:
    told = "Условие 1 – не менее чем в 2 процедурах доля 30 % или больше, и так 2 года подряд."
    facts = make_r8(applied=Applied(conditions=told, is_numbered=True, repeat_years=None))

    assert document(facts).tables()[0].notes == (typo(told),)
    assert titles(facts) == ["№", "Школа", "ИНН", "Условие", "Процедур с низкими результатами"]


def test_repeat_of_more_years_names_them() -> None:
    assert "Из них 3 года подряд" in titles(make_r8(applied=Applied(conditions="", is_numbered=True, repeat_years=3)))


def test_comparison_that_decides_alone_numbers_no_conditions() -> None:
    school = make_listed_school(grounds=(), remarks=("Школа отстаёт от похожих школ.",))
    facts = make_r8(schools=(school,), applied=Applied(conditions="Если.", is_numbered=False, repeat_years=None))

    assert titles(facts) == ["№", "Школа", "ИНН", "Процедур с низкими результатами", "Примечание"]
    assert cells(document(facts).tables()[0])[0][-1] == "Школа отстаёт от похожих школ"


def test_list_from_a_document_speaks_of_no_rule() -> None:
    school = make_listed_school(low=None, repeated=None, grounds=())
    facts = make_r8(schools=(school,), rule="", rule_told="", applied=None)

    assert titles(facts) == ["№", "Школа", "ИНН"]
    assert document(facts).tables()[0].notes == ()
