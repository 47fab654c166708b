from schools.rule_words import parameter_facts, procedure_names
from tests.factories.identification import make_rules


def test_every_parameter_is_said_in_words() -> None:
    facts = dict(parameter_facts(make_rules()))

    assert facts["Доля низких результатов не менее"] == "30,00 %"
    assert facts["Соединение условий"] == "достаточно одного"
    assert facts["Группа риска"] == "от 25,00 до 30,00 %, процедур не менее 1"
    assert facts["Правило не распространяется на виды"] == "нет таких"
    assert facts["Низкий результат"] == "ВПР — отметка «2»; ОГЭ — отметка «2»; ЕГЭ — ниже минимального балла"


def test_switched_parameters_read_otherwise() -> None:
    rules = make_rules(combine="ALL", exclude_types=["О(С)ОШ", "НОШ"], risk_group_rule=None, years_required=2)

    facts = dict(parameter_facts(rules))

    assert facts["Соединение условий"] == "нужны оба"
    assert facts["Правило не распространяется на виды"] == "НОШ и О(С)ОШ"
    assert facts["Группа риска"] == "не выделяется"


def test_procedures_are_named() -> None:
    names = procedure_names(make_rules())

    assert (names[0], names[-1]) == ("ВПР, русский язык, 4 класс", "ЕГЭ, математика профильная, 11 класс")
