"""The diff of two runs in words: places among other schools, facts of a school."""

import pytest

from schools.diff_words import fact_words, place_lines
from schools.identification import Compared, Comparison, Fact, Procedure, WorkPlace
from schools.run_diff import FactChange


def total(place: int, *, holds: bool | None = False) -> Comparison:
    return Comparison(state=Compared.COMPARED, holds=holds, schools=18, place=place, tail=19 - place)


def by_work(place: int, *, is_behind: bool | None = False, grade: int = 5) -> Comparison:
    work = WorkPlace(Procedure("VPR", "RU", grade), 12, 40, 18, place, 19 - place, is_behind, 2000, 100)
    return Comparison(state=Compared.COMPARED, holds=is_behind, schools=18, works=(work,))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param(None, None, [], id="rules that compare nobody"),
        pytest.param(total(9), total(9), [], id="the same place"),
        pytest.param(
            total(9),
            total(16, holds=True),
            ["Все работы вместе: место среди других школ 9 из 18 → 16 из 18, теперь за границей"],
            id="all works",
        ),
        pytest.param(
            by_work(16, is_behind=True),
            by_work(9),
            ["ВПР, русский язык, 5 класс: место среди других школ 16 из 18 → 9 из 18, больше не за границей"],
            id="one work",
        ),
        pytest.param(
            by_work(9),
            by_work(9, grade=6),
            [
                "ВПР, русский язык, 5 класс: место среди других школ 9 из 18 → нет",
                "ВПР, русский язык, 6 класс: место среди других школ нет → 9 из 18",
            ],
            id="another work",
        ),
        pytest.param(Comparison(state=Compared.NO_CLUSTER), None, [], id="nothing to compare with"),
    ],
)
def test_places_that_differ_are_told(before: Comparison | None, after: Comparison | None, told: list[str]) -> None:
    assert list(place_lines(before, after)) == told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(FactChange(Fact.KIND, "СОШ", "лицей"), "Вид школы: СОШ → лицей", id="kind"),
        pytest.param(FactChange(Fact.STUDENTS, None, 90), "Обучающихся: не известно → 90", id="not known"),
        pytest.param(FactChange(Fact.LOCALITY, "село", ""), "Где школа: село → не известно", id="no place"),
        pytest.param(
            FactChange(Fact.LISTED, [], [2023, 2025]),
            "Была в перечнях по результатам годов: нет → 2023, 2025",
            id="lists",
        ),
        pytest.param(FactChange(Fact.SOCIAL, False, True), "Трудные социальные условия: нет → да", id="conditions"),
    ],
)
def test_changed_fact_is_told_in_words(change: FactChange, told: str) -> None:
    assert fact_words(change) == told
