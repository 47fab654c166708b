"""The lower quarters of the scores in words."""

import pytest

from accounts.russian import NBSP
from schools.identification import Part, PartState, Piece, Quarter, ScoredWork
from schools.quarter_words import part_words, quarter_words, work_words
from tests.factories.identification import procedure

RU_4 = procedure("VPR", "RU", 4)
WORK = ScoredWork(2026, RU_4, "spring", "none")


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("quarter", "words"),
    [
        (
            Quarter(11, 38, 26, 100),
            "0–11 первичных баллов из 38; так написали 26,00 % участников региона (26 из 100)",
        ),
        (Quarter(1, 4, 46, 180), "0–1 первичный балл из 4; так написали 25,56 % участников региона (46 из 180)"),
        (Quarter(22, 45, 1, 4), "0–22 первичных балла из 45; так написали 25,00 % участников региона (1 из 4)"),
        (Quarter(0, 4, 2, 4), "0 первичных баллов из 4; так написали 50,00 % участников региона (2 из 4)"),
    ],
)
def test_boundary_is_told_with_both_totals(quarter: Quarter, words: str) -> None:
    assert plain(quarter_words(quarter)) == words


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (WORK, "ВПР, русский язык, 4 класс, 2026 год"),
        (WORK._replace(period="autumn"), "ВПР, русский язык, 4 класс, 2026 год, осень"),
        (WORK._replace(level="advanced"), "ВПР, русский язык, 4 класс, 2026 год, углублённый уровень"),
    ],
)
def test_work_is_told_by_what_its_scores_are_of(work: ScoredWork, words: str) -> None:
    assert plain(work_words(work)) == words


def part(**fields: object) -> Part:
    return Part(**{"procedure": RU_4, "year": 2026, "state": PartState.COUNTED, **fields})  # type: ignore[arg-type]


def test_part_tells_the_quarter_of_its_work_alone() -> None:
    quarters = {
        WORK: Quarter(1, 4, 1, 4),
        WORK._replace(year=2025): Quarter(2, 4, 1, 4),
        WORK._replace(procedure=procedure("VPR", "MA", 4)): Quarter(3, 4, 1, 4),
    }

    assert plain(part_words(part(), quarters)).startswith("нижняя четверть: 0–1 первичный балл из 4; так написали")
    assert "; нижняя" not in part_words(part(), quarters)
    assert part_words(part(), {}) == part_words(part(), None) == ""


def test_part_of_several_works_tells_them_apart() -> None:
    pieces = (Piece(4, 2026, "", 4, 1), Piece(4, 2025, "", 8, 2))
    quarters = {
        WORK: Quarter(1, 4, 1, 4),
        WORK._replace(level="advanced"): Quarter(5, 9, 1, 4),
        WORK._replace(year=2025): Quarter(2, 4, 1, 4),
    }

    told = plain(part_words(part(pieces=pieces), quarters))

    assert told.startswith("нижняя четверть: 4 класс, 2025 год – 0–2 первичных балла из 4;")
    assert "; 4 класс, 2026 год, углублённый уровень – 0–5 первичных баллов из 9;" in told
    assert "; 4 класс, 2026 год – 0–1 первичный балл из 4;" in told
