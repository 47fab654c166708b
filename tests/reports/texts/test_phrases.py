"""Phrases: no database, no Django."""

from dataclasses import replace
from datetime import date

import pytest

from reports.document import Source, SourceKind
from reports.document.model import Abbreviations, plain_text
from reports.facts.parts import Signer
from reports.texts.phrases import (
    act_genitive,
    act_instrumental,
    annex_lines,
    in_schools,
    low_schools,
    lowered,
    of_schools,
    period_words,
    quoted,
    sentence,
    signature,
    verb,
)
from tests.factories.facts import FRAME, make_act_facts

SOURCE = Source(kind=SourceKind.LIST, label="")


def plain(*text: object) -> str:
    return plain_text(sentence(*text), Abbreviations()).replace("\u00a0", " ")


def test_act_is_printed_in_one_style() -> None:
    act = make_act_facts(date=date(2023, 12, 8), number="515", issuer_genitive="отдела образования")

    assert plain(act_genitive(act)) == "Приказа отдела образования от 08.12.2023 № 515"
    assert plain(act_instrumental(act)) == "Приказом отдела образования от 08.12.2023 № 515"
    assert [line.replace("\u00a0", " ") for line in annex_lines(act)] == [
        "Приложение № 1",
        "к приказу отдела образования",
        "от 08.12.2023 № 515",
    ]


@pytest.mark.parametrize(
    ("kind", "genitive", "instrumental"),
    [("распоряжение", "распоряжения", "распоряжением"), ("письмо", "письма", "письмом")],
)
def test_other_acts_have_their_own_endings(kind: str, genitive: str, instrumental: str) -> None:
    act = make_act_facts(kind=kind)

    assert act_genitive(act).startswith(f"{genitive} ")
    assert act_instrumental(act).startswith(f"{instrumental} ")


@pytest.mark.parametrize(
    ("numerator", "denominator", "words"),
    [
        (1, 1, "В 1 школе из 1"),
        (2, 2, "Во всех 2 школах"),
        (1, 5, "В 1 школе из 5"),
        (2, 5, "В 2 школах из 5"),
        (11, 112, "В 11 школах из 112"),
        (21, 112, "В 21 школе из 112"),
        (112, 112, "Во всех 112 школах"),
    ],
)
def test_coverage_of_schools(numerator: int, denominator: int, words: str) -> None:
    assert plain(*in_schools(numerator, denominator, SOURCE)) == words


@pytest.mark.parametrize(
    ("numerator", "denominator", "words"),
    [(3, 4, "3 из 4 школ"), (1, 21, "1 из 21 школы"), (4, 4, "Всех 4 школ"), (112, 112, "Всех 112 школ")],
)
def test_part_of_schools(numerator: int, denominator: int, words: str) -> None:
    assert plain(*of_schools(numerator, denominator, SOURCE)) == words


@pytest.mark.parametrize(("number", "word"), [(1, "вошла"), (2, "вошли"), (5, "вошли"), (11, "вошли"), (21, "вошла")])
def test_verb_agrees_with_its_subject(number: int, word: str) -> None:
    assert verb(number, "вошла", "вошли") == word


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), "2026 год"),
        (date(2025, 9, 1), date(2026, 8, 31), "2025/2026 учебный год"),
        (date(2024, 1, 1), date(2026, 12, 31), "2024–2026 годы"),
        (date(2026, 7, 1), date(2026, 9, 30), "1 июля — 30 сентября 2026 г."),
    ],
)
def test_period_is_named_as_people_do(start: date, end: date, words: str) -> None:
    assert period_words(replace(FRAME, period_from=start, period_to=end)).replace("\u00a0", " ") == words


def test_term_stands_in_the_case_of_its_sentence() -> None:
    assert plain("работа со ", low_schools("instrumental")) == (
        "Работа со школами с низкими образовательными результатами (далее – ШНОР)"
    )


def test_document_without_a_signer_has_no_signature() -> None:
    assert signature(replace(FRAME, signer=None)) is None


def test_position_of_the_signer_begins_with_a_capital() -> None:
    frame = replace(FRAME, signer=Signer(position="начальник управления", name="И.К. Воронов"))
    made = signature(frame)

    assert made
    assert made.position == "Начальник управления"


@pytest.mark.parametrize(
    ("text", "words"),
    [("Снизить долю", "снизить долю"), ("ВПР проведены", "ВПР проведены"), ("", "")],
)
def test_middle_of_a_sentence_begins_small_unless_an_abbreviation(text: str, words: str) -> None:
    assert lowered(text) == words


def test_title_in_quotes_keeps_its_own_inside() -> None:
    assert quoted('Семинар "Точки роста".') == "«Семинар „Точки роста“»"
