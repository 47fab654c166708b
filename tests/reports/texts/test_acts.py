"""Legal acts in sentences: every kind that the registry knows has its cases. No database."""

import pytest

from reports.texts.phrases import (
    act_genitive,
    act_instrumental,
    act_named,
    annex_lines,
    is_feminine,
    list_source,
    listed,
    quoted,
)
from schools.choices import ActKind
from tests.factories.facts import FRAME, make_act_facts, make_listed

KINDS = [str(label) for label in ActKind.labels]
REQUISITES = " управления образования от 17.03.2026 № 124"


@pytest.mark.parametrize("kind", KINDS)
def test_act_of_every_kind_stands_in_every_case(kind: str) -> None:
    act = make_act_facts(kind=kind)
    words = [plain(text) for text in (act_named(act), act_genitive(act), act_instrumental(act))]

    assert words[0] == kind + REQUISITES
    assert all(text.endswith(REQUISITES) for text in words)
    assert len({text.split()[0] for text in words}) == 3


@pytest.mark.parametrize(
    ("kind", "dative"),
    [
        ("приказ", "к приказу"),
        ("распоряжение", "к распоряжению"),
        ("постановление", "к постановлению"),
        ("положение", "к положению"),
        ("письмо", "к письму"),
        ("протокол", "к протоколу"),
    ],
)
def test_annex_belongs_to_its_act(kind: str, dative: str) -> None:
    assert annex_lines(make_act_facts(kind=kind))[1] == f"{dative} управления образования"


def test_kinds_above_are_all_there_are() -> None:
    assert set(KINDS) == {"приказ", "распоряжение", "постановление", "положение", "письмо", "протокол"}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("title", "answer"),
    [
        ("Дорожная карта на 2026 год", True),
        ("программа развития", True),
        ("Среднесрочная программа", True),
        ("Антирисковая программа", True),
        ("План мероприятий", False),
        ("Комплексный план", False),
        ("", False),
    ],
)
def test_gender_of_a_plan_is_told_by_its_first_word(title: str, answer: bool) -> None:
    assert is_feminine(title) is answer


def test_number_and_quotes_of_a_school_never_part() -> None:
    assert "№\u00a05" in listed(["МБОУ «СОШ № 5»"])
    assert listed([]) == ""


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Семинар", "«Семинар»"),
        ("Проект «500+»", "«Проект „500+“»"),
        ("Провести совещание;", "«Провести совещание»"),
        ("", "«»"),
    ],
)
def test_title_stands_in_quotes_without_its_stop(title: str, words: str) -> None:
    assert quoted(title) == words


def test_list_with_an_order_is_dated_by_it() -> None:
    source = list_source(make_listed(), FRAME)

    assert plain(source.label) == (
        "Муниципальный перечень ШНОР по результатам 2025 года, приказ управления образования от 30.01.2026 № 15"
    )
    assert source.as_of == make_listed().basis.date  # type: ignore[union-attr]  # the factory gives an order


def test_list_without_an_order_is_dated_by_the_data() -> None:
    source = list_source(make_listed(basis=None), FRAME)

    assert source.label == "Муниципальный перечень ШНОР по результатам 2025 года"
    assert source.as_of == FRAME.as_of
