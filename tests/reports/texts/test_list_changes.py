"""What a document says of lists that came later, hold no more, or lost schools: no database."""

from datetime import date
from typing import Any

import pytest

from reports.document import Document
from reports.document.writers.xlsx import text_lines
from reports.facts.parts import Circle, ListChange, ListTurn
from reports.texts import r1, r4, r8, r8s
from reports.texts.list_changes import change_sentence
from reports.texts.phrases import lowered
from tests.factories.facts import FRAME, make_act_facts, make_r1, make_r4, make_r8
from tests.factories.facts_dynamics import make_r8s


def make_list_change(turn: ListTurn, **fields: Any) -> ListChange:
    defaults: dict[str, Any] = {
        "kind": "Муниципальный перечень ШНОР",
        "year": 2026,
        "basis": make_act_facts(date=date(2026, 9, 20), number="412"),
        "order": make_act_facts(date=date(2026, 11, 20), number="700"),
        "since": date(2026, 11, 20),
    }
    return ListChange(turn=turn, **{**defaults, **fields})


NAME = "Муниципальный перечень ШНОР по результатам 2026 года"
BASIS = "приказом управления образования от 20.09.2026 № 412"
ORDER = "приказом управления образования от 20.11.2026 № 700"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(
            make_list_change(ListTurn.ANNULLED, left=("СОШ № 3", "СОШ № 5"), kept=("СОШ № 9",)),
            f"{NAME}, утверждённый {BASIS}, отменён {ORDER}. Поэтому в настоящем документе не учтены школы: СОШ № 3, "
            "СОШ № 5. По другому перечню или утверждённой дорожной карте учтена: СОШ № 9.",
            id="annulled, of an old version",
        ),
        pytest.param(
            make_list_change(
                ListTurn.ANNULLED, left=("СОШ № 3",), kept=("СОШ № 5", "СОШ № 9"), planned=("СОШ № 9",), has_other=True
            ),
            f"Прежний {lowered(NAME)}, утверждённый {BASIS}, отменён {ORDER}. Поэтому в настоящем "
            "документе не учтена школа: СОШ № 3. По другому действующему перечню учтена: СОШ № 5. По утверждённой "
            "дорожной карте учтена: СОШ № 9.",
            id="annulled, another one in its place",
        ),
        pytest.param(
            make_list_change(ListTurn.ANNULLED, basis=None, order=None),
            f"{NAME} отменён с 20.11.2026.",
            id="annulled without orders",
        ),
        pytest.param(
            make_list_change(ListTurn.ANNULLED_LATER),
            f"{NAME}, утверждённый {BASIS}, действовал на 25.12.2026; позже он отменён {ORDER}.",
            id="annulled later",
        ),
        pytest.param(
            make_list_change(ListTurn.PUBLISHED_LATER, has_other=True, since=date(2026, 12, 30)),
            f"Новый {lowered(NAME)}, утверждённый {BASIS}, опубликован позже дня данных, "
            "30.12.2026. В настоящем документе он не учтён.",
            id="published later, after the one of the day",
        ),
        pytest.param(
            make_list_change(ListTurn.PUBLISHED_LATER),
            "На 25.12.2026 муниципальный перечень ШНОР по результатам 2026 года не был опубликован: он утверждён "
            f"позже, {BASIS}. В настоящем документе он не учтён.",
            id="published later",
        ),
        pytest.param(
            make_list_change(ListTurn.PUBLISHED_LATER, basis=None),
            "На 25.12.2026 муниципальный перечень ШНОР по результатам 2026 года не был опубликован: он опубликован "
            "позже, 20.11.2026. В настоящем документе он не учтён.",
            id="published later without an order",
        ),
        pytest.param(
            make_list_change(ListTurn.EXCLUDED, left=("СОШ № 3",)),
            f"Из муниципального перечня ШНОР по результатам 2026 года {ORDER} исключена с 20.11.2026: СОШ № 3. В "
            "настоящем документе она не учтена.",
            id="excluded",
        ),
        pytest.param(
            make_list_change(ListTurn.EXCLUDED, kept=("СОШ № 3", "СОШ № 5")),
            f"Из муниципального перечня ШНОР по результатам 2026 года {ORDER} исключены с 20.11.2026: СОШ № 3, "
            "СОШ № 5. В настоящем документе они учтены по другому перечню или утверждённой дорожной карте.",
            id="excluded, with roadmaps",
        ),
        pytest.param(
            make_list_change(ListTurn.EXCLUDED, kept=("СОШ № 3",), planned=("СОШ № 3",)),
            f"Из муниципального перечня ШНОР по результатам 2026 года {ORDER} исключена с 20.11.2026: СОШ № 3. В "
            "настоящем документе она учтена по утверждённой дорожной карте.",
            id="excluded, with a roadmap",
        ),
        pytest.param(
            make_list_change(ListTurn.EXCLUDED, left=("СОШ № 3",), kept=("СОШ № 5",)),
            f"Из муниципального перечня ШНОР по результатам 2026 года {ORDER} исключены с 20.11.2026: СОШ № 3, "
            "СОШ № 5. Поэтому в настоящем документе не учтена школа: СОШ № 3. По другому перечню или утверждённой "
            "дорожной карте учтена: СОШ № 5.",
            id="excluded, one with a roadmap",
        ),
        pytest.param(
            make_list_change(ListTurn.NAMES_NOBODY),
            f"{NAME}, утверждённый {BASIS}, школ Светлоборского муниципального округа не называет.",
            id="names nobody",
        ),
    ],
)
def test_change_is_told_with_its_orders_and_schools(change: ListChange, words: str) -> None:
    assert change_sentence(change, FRAME).replace("\u00a0", " ") == words


def lines(made: Document) -> list[str]:
    return [line.text.replace("\u00a0", " ") for line in text_lines(made)]


TERM = "школ с низкими образовательными результатами (далее – ШНОР)"
NOTHING = f"На 25.12.2026 опубликованного перечня {TERM} за этот период нет."


@pytest.mark.parametrize(("changes", "is_told"), [((), True), (None, False)])
def test_period_without_a_list_says_so_but_not_in_old_versions(
    changes: tuple[ListChange, ...] | None, *, is_told: bool
) -> None:
    made = lines(r1.document(make_r1(lists=(), changes=changes)))

    assert (NOTHING in made) == is_told


PLANNED = (
    "Документ составлен по школам, у которых на этот день есть утверждённая дорожная карта: она исполняется и без "
    "перечня."
)


def test_schools_without_a_list_are_there_for_their_roadmaps() -> None:
    listed = lines(r1.document(make_r1(changes=())))
    planned = [lines(r1.document(make_r1(lists=(), changes=()))), lines(r4.document(make_r4(lists=(), changes=())))]
    nobody = lines(r1.document(make_r1(lists=(), changes=(), schools=())))

    assert [PLANNED in each for each in planned] == [True, True]
    assert (PLANNED in listed, PLANNED in nobody) == (False, False)


def test_school_without_a_list_is_told_of_its_roadmap() -> None:
    made = lines(r4.document(make_r4(school="МБОУ «СОШ № 3»", lists=(), changes=())))

    assert "Документ составлен по утверждённой дорожной карте школы: она исполняется и без перечня." in made


@pytest.mark.parametrize("recommends", [True, False])
def test_nobody_is_advised_where_there_are_no_schools(*, recommends: bool) -> None:
    made = [
        *lines(r1.document(make_r1(recommends=recommends))),
        *lines(r4.document(make_r4(recommends=recommends))),
    ]

    assert ("Адресные рекомендации" in made, "Рекомендации" in made) == (recommends, recommends)


def test_list_that_names_nobody_is_said_instead() -> None:
    made = lines(r1.document(make_r1(lists=(), changes=(make_list_change(ListTurn.NAMES_NOBODY),))))

    assert NOTHING not in made
    assert any("не называет" in line for line in made)


def test_school_in_no_list_is_told_so() -> None:
    made = lines(r4.document(make_r4(school="МБОУ «СОШ № 3»", lists=(), changes=())))

    assert "На 25.12.2026 опубликованного перечня этого периода, в который включена школа, нет." in made


def test_change_stands_after_the_lists() -> None:
    change = make_list_change(ListTurn.EXCLUDED, left=("СОШ № 9",))

    for made in (
        lines(r1.document(make_r1(changes=(change,)))),
        lines(r4.document(make_r4(changes=(change,)))),
    ):
        place = next(number for number, line in enumerate(made) if line.startswith("Из муниципального перечня"))
        assert "СОШ № 3" in made[place - 1]


@pytest.mark.parametrize(
    ("circle", "words"),
    [
        (Circle.LISTED, "по школам перечня"),
        (Circle.PLANNED, "по школам с утверждёнными дорожными картами"),
        (Circle.BOTH, "по школам перечня и школам с утверждёнными дорожными картами"),
    ],
)
def test_results_say_whose_they_are(circle: Circle, words: str) -> None:
    made = lines(r1.document(make_r1(circle=circle)))

    assert f"В целом {words} доля низких результатов снизилась по 1 процедуре из 1." in made


def test_list_annulled_since_is_noted_in_its_annex_and_in_the_extract() -> None:
    change = make_list_change(ListTurn.ANNULLED_LATER)
    words = f"{NAME}, утверждённый {BASIS}, действовал на 25.12.2026; позже он отменён {ORDER}."

    assert words in lines(r8.document(make_r8(annulled=change)))
    assert words in lines(r8s.document(make_r8s(annulled=change)))
