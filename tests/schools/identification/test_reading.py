"""Parameters one by one: what is read, what is refused and how the refusal says what would be right."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from schools.identification.reading import Reader
from schools.identification.terms import Procedure

VPR_RU_5 = {"kind": "VPR", "subject": "RU", "grade": 5}


class Colour(StrEnum):
    RED = "RED"
    BLUE = "BLUE"


def reader(**source: Any) -> Reader:
    return Reader(source, known=source or {"share"})


@pytest.mark.parametrize(("value", "least"), [(1, 1), (0, 0), (10_000, 1)])
def test_whole_number_at_its_bound_is_read(value: int, least: int) -> None:
    read = reader(amount=value)

    read.integer("amount", least=least)

    assert (read.values, read.problems) == ({"amount": value}, [])


@pytest.mark.parametrize("value", [0, -1, 1.0, "1", True, None, [1], Decimal(1)])
def test_anything_but_a_whole_number_from_its_bound_is_refused(value: object) -> None:
    read = reader(amount=value)

    read.integer("amount", least=1)

    assert read.values == {}
    assert read.problems == [f"amount: указано {value!r}, нужно целое число не меньше 1."]


@pytest.mark.parametrize("value", [0, 1, "true", None])
def test_only_true_and_false_are_a_switch(value: object) -> None:
    read = reader(switch=value)

    read.boolean("switch")

    assert read.problems == [f"switch: указано {value!r}, нужно true или false."]


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        pytest.param(30, "30", id="whole"),
        pytest.param("29.99", "29.99", id="text keeps hundredths"),
        pytest.param(0.1, "0.1", id="a float as people see it"),
        pytest.param("0.01", "0.01", id="the least"),
        pytest.param(100, "100", id="the greatest"),
        pytest.param("3e1", "30", id="power of ten"),
    ],
)
def test_percentage_is_read_exactly(value: object, exact: str) -> None:
    read = reader(share=value)

    read.percent("share")

    assert read.values == {"share": Decimal(exact)}


@pytest.mark.parametrize("value", [0, -1, 100.01, "0.001", "NaN", "-Infinity", "30 %", "", None, [30], True])
def test_percentage_outside_its_bounds_is_refused(value: object) -> None:
    read = reader(share=value)

    read.percent("share")

    assert read.values == {}
    assert "число больше 0 и до 100, не более двух знаков после запятой" in read.problems[0]


@pytest.mark.parametrize("value", ["red", "GREEN", "", 1, None])
def test_word_outside_the_choice_is_refused_with_the_choice(value: object) -> None:
    read = reader(colour=value)

    read.member("colour", Colour)

    assert read.problems == [f"colour: указано {value!r}, нужно одно из: RED, BLUE."]


def test_word_of_the_choice_is_read_as_its_member() -> None:
    read = reader(colour="BLUE")

    read.member("colour", Colour)

    assert read.values["colour"] is Colour.BLUE


@pytest.mark.parametrize("value", [{}, [], "RED", None, 5])
def test_table_without_rows_is_refused(value: object) -> None:
    read = reader(table=value)

    read.mapping_of("table", Colour)

    assert "таблица «процедура — определение»" in read.problems[0]


def test_wrong_words_of_a_table_are_named_together() -> None:
    read = reader(table={"VPR": "GREEN", "OGE": "RED", "EGE": "BLACK"})

    read.mapping_of("table", Colour)

    assert read.problems == ["table: указано BLACK, GREEN, нужно одно из: RED, BLUE."]


@pytest.mark.parametrize("value", ["НОШ", [1], [None], {"НОШ": 1}, None])
def test_list_of_strings_takes_nothing_else(value: object) -> None:
    read = reader(kinds=value)

    read.strings("kinds")

    assert "список строк" in read.problems[0]


def test_list_of_strings_forgets_order_and_repetitions() -> None:
    read = reader(kinds=["НОШ", "ООШ", "НОШ"])

    read.strings("kinds")

    assert read.values == {"kinds": frozenset({"ООШ", "НОШ"})}


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"kind": "VPR", "subject": "RU"}, id="no grade"),
        pytest.param({**VPR_RU_5, "year": 2026}, id="one name too many"),
        pytest.param({**VPR_RU_5, "grade": "5"}, id="grade as text"),
        pytest.param({**VPR_RU_5, "grade": True}, id="grade as a switch"),
        pytest.param({**VPR_RU_5, "kind": 1}, id="kind as a number"),
        pytest.param({**VPR_RU_5, "subject": None}, id="no subject"),
        pytest.param("VPR-RU-5", id="a code for a table"),
    ],
)
def test_procedure_has_exactly_three_parts(row: object) -> None:
    read = reader(procedures=[VPR_RU_5, row])

    read.procedures("procedures", Procedure)

    assert "непустой список процедур {kind, subject, grade}" in read.problems[0]
    assert read.values == {}


def test_procedures_keep_the_order_of_the_rule() -> None:
    read = reader(procedures=[{**VPR_RU_5, "grade": 8}, VPR_RU_5])

    read.procedures("procedures", Procedure)

    assert [each.grade for each in read.values["procedures"]] == [8, 5]


@pytest.mark.parametrize("name", ["integer", "percent", "boolean", "strings"])
def test_absent_parameter_is_left_to_its_default(name: str) -> None:
    read = reader()

    getattr(read, name)("share", **({"least": 1} if name == "integer" else {}))

    assert (read.values, read.problems) == ({}, [])


@pytest.mark.parametrize(
    ("value", "exact"),
    [pytest.param("1.5", "1.5", id="text"), pytest.param(250, "250", id="above a hundred")],
)
def test_decimal_is_read_exactly(value: object, exact: str) -> None:
    read = reader(cut=value)

    read.decimal("cut")

    assert read.values == {"cut": Decimal(exact)}


@pytest.mark.parametrize("value", [0, -1, "1.555", "NaN", "много", None, [1]])
def test_decimal_is_above_zero_and_has_two_digits(value: object) -> None:
    read = reader(cut=value)

    read.decimal("cut")

    assert "число больше 0, не более двух знаков" in read.problems[0]


def test_list_of_members_keeps_its_order_and_forgets_repetitions() -> None:
    read = reader(colours=["BLUE", "RED", "BLUE"])

    read.members("colours", Colour)

    assert read.values == {"colours": (Colour.BLUE, Colour.RED)}


@pytest.mark.parametrize("value", [[], ["GREEN"], "RED", None, [["RED"]], {"RED": 1}])
def test_list_of_members_takes_nothing_else(value: object) -> None:
    read = reader(colours=value)

    read.members("colours", Colour)

    assert read.problems == [f"colours: указано {value!r}, нужно список из: RED, BLUE."]


@pytest.mark.parametrize("value", [[], [""], [1], "VPR", None])
def test_list_of_words_is_not_empty(value: object) -> None:
    read = reader(groups=value)

    read.words("groups")

    assert "непустой список строк" in read.problems[0]


@pytest.mark.parametrize("value", [[2, 1], [1, 1], [0], [True], ["1"], "1", None])
def test_growing_numbers_grow(value: object) -> None:
    read = reader(bounds=value)

    read.growing("bounds")

    assert "по возрастанию" in read.problems[0]


def test_bounds_may_be_none_at_all() -> None:
    read = reader(bounds=[])

    read.growing("bounds")

    assert read.values == {"bounds": ()}


@pytest.mark.parametrize("value", [{"KDR4": []}, {"KDR4": "low"}, {"KDR4": [1]}, [], None])
def test_table_of_lists_takes_nothing_else(value: object) -> None:
    read = reader(levels=value)

    read.lists("levels")

    assert "таблица «шкала — список уровней»" in read.problems[0]


@pytest.mark.parametrize("value", [1, None, ["ISB"]])
def test_code_is_a_text(value: object) -> None:
    read = reader(index=value)

    read.text("index")

    assert "строка" in read.problems[0]


class Mode(StrEnum):
    NONE = "NONE"
    SOME = "SOME"


@pytest.mark.parametrize(("value", "mode"), [(False, Mode.NONE), ("NONE", Mode.NONE), ("SOME", Mode.SOME)])
def test_switch_that_has_become_a_choice_is_read_as_it_was_stored(value: object, mode: Mode) -> None:
    read = reader(mode=value)

    read.member("mode", Mode)

    assert read.values == {"mode": mode}


@pytest.mark.parametrize("name", ["decimal", "words", "text", "growing", "lists"])
def test_absent_value_of_a_variant_is_left_to_its_default(name: str) -> None:
    read = reader()

    getattr(read, name)("share")

    assert (read.values, read.problems) == ({}, [])


def test_absent_list_of_members_is_left_to_its_default() -> None:
    read = reader()

    read.members("share", Colour)

    assert (read.values, read.problems) == ({}, [])


def test_unknown_parameter_is_named_with_the_known_ones() -> None:
    read = Reader({"treshold": 30}, known={"share", "combine"})

    assert read.problems == ["treshold: такого параметра нет. Известны: combine, share."]


def test_problem_of_a_nested_table_says_where_it_stands() -> None:
    read = reader(exit_rule={"years_clear": 0})
    part = read.part("exit_rule", known={"years_clear"})
    assert part is not None

    part.integer("years_clear", least=1)
    read.accept("exit_rule", part, dict)

    assert read.problems == ["exit_rule.years_clear: указано 0, нужно целое число не меньше 1."]
    assert read.values == {}


def test_nested_table_given_as_null_switches_the_rule_off() -> None:
    read = reader(risk=None)

    assert read.part("risk", known={"share"}) is None
    assert read.values == {"risk": None}


def test_nested_table_that_is_absent_stores_nothing() -> None:
    read = reader()

    assert read.part("risk", known={"share"}) is None
    assert (read.values, read.problems) == ({}, [])
