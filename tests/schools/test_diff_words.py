"""The diff of two runs in words: places among other schools, facts of a school."""

import pytest

from accounts.russian import NBSP
from schools.diff_words import fact_words, is_worth_a_line, outside_words, place_lines, uncompared_lines, work_words
from schools.identification import Compared, Comparison, Fact, Part, PartState, Procedure, Verdict, WorkPlace
from schools.run_diff import FactChange, Side, WorkChange, Years
from tests.factories.identification import make_rules

RU = Procedure("VPR", "RU", 5)


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
                "ВПР, русский язык, 5 класс: место среди других школ 9 из 18 → не сравнивалась",
                "ВПР, русский язык, 6 класс: место среди других школ не сравнивалась → 9 из 18",
            ],
            id="another work",
        ),
        pytest.param(
            Comparison(state=Compared.NO_CLUSTER),
            by_work(2, is_behind=None),
            [
                "ВПР, русский язык, 5 класс: место среди других школ не сравнивалась → 2 из 18 (школ мало, вывода нет)",
            ],
            id="too few schools",
        ),
        pytest.param(Comparison(state=Compared.NO_CLUSTER), None, [], id="nothing to compare with"),
    ],
)
def test_places_that_differ_are_told(before: Comparison | None, after: Comparison | None, told: list[str]) -> None:
    assert list(place_lines(before, after)) == told


def low(year: int) -> Part:
    return Part(RU, year, PartState.COUNTED, 20, 10, 6)


@pytest.mark.parametrize(
    ("before", "after", "years", "told"),
    [
        pytest.param(
            None,
            low(2025),
            Years(2024, 2025),
            "2024 год — нет результата → 2025 год 10 из 20 (50,00 %), теперь за порогом",
        ),
        pytest.param(
            None, low(2026), Years(2026, 2026), "нет результата → 2026 год 10 из 20 (50,00 %), теперь за порогом"
        ),
        pytest.param(low(2025), None, Years(2025, None), "2025 год 10 из 20 (50,00 %) → правило на неё не смотрит"),
    ],
)
def test_side_without_a_result_says_which_year_or_rule_has_none(
    before: Part | None, after: Part | None, years: Years, told: str
) -> None:
    change = WorkChange(procedure=RU, before=before, after=after, years=years)

    assert work_words(change).replace(NBSP, " ") == f"ВПР, русский язык, 5 класс: {told}"


def counted(year: int, low: int, participants: int = 40) -> Part:
    return Part(RU, year, PartState.COUNTED, participants, low, 12)


@pytest.mark.parametrize(
    ("before", "after", "years", "is_told"),
    [
        pytest.param(counted(2025, 3), counted(2026, 5), (2025, 2026), True, id="the years themselves"),
        pytest.param(counted(2024, 3), counted(2025, 5), (2025, 2026), False, id="the years before them"),
        pytest.param(counted(2025, 0), counted(2026, 0, 38), (2025, 2026), False, id="nothing low in either year"),
        pytest.param(counted(2026, 0), counted(2026, 0, 38), (2026, 2026), True, id="one year, corrected"),
        pytest.param(counted(2025, 3), counted(2025, 5), (2026, 2026), True, id="the year before, corrected"),
    ],
)
def test_two_years_are_told_by_their_own_works(
    before: Part, after: Part, years: tuple[int, int], *, is_told: bool
) -> None:
    work = WorkChange(procedure=RU, before=before, after=after, years=Years(before.year, after.year))
    old, new = (Side(rules=make_rules(), year=year) for year in years)

    assert is_worth_a_line(work, (old, new)) is is_told


def test_school_that_could_not_be_compared_is_told_so() -> None:
    alone = Comparison(state=Compared.FEW_SCHOOLS, schools=2, cluster=("СОШ",))

    assert list(uncompared_lines(None, alone)) == [
        "Второй расчёт. Школ с учтёнными результатами в кластере (СОШ) 2, считая эту: этого мало, чтобы сравнивать."
    ]
    assert list(uncompared_lines(total(9), total(9))) == []


def test_school_outside_of_the_list_is_not_called_good_without_data() -> None:
    assert outside_words(Verdict.CLEAR) == "не в списке"
    assert outside_words(Verdict.INSUFFICIENT_DATA) == "данных недостаточно"
    assert outside_words(None) == "не рассчитывалась"


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
        pytest.param(FactChange(Fact.CLUSTER, None, "Б"), "Кластер региона: не известно → Б", id="cluster"),
        pytest.param(FactChange(Fact.SOCIAL, False, True), "Трудные социальные условия: нет → да", id="conditions"),
    ],
)
def test_changed_fact_is_told_in_words(change: FactChange, told: str) -> None:
    assert fact_words(change) == told
