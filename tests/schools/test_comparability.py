"""Whether two years may be compared, without a database."""

from pathlib import Path
from typing import Any

import pytest

from schools.comparability import (
    Cause,
    Entry,
    Nature,
    Remark,
    TableError,
    read_table,
    remarks,
    shipped_table,
)

RU5 = ("VPR", "RU", 5)
OTHER_WORKS = Remark(cause=Cause.WORKS, text="Работы различались")


def entry(**fields: Any) -> Entry:
    return Entry(**{"procedure": "VPR", "before": 2024, "after": 2025, "remark": OTHER_WORKS, **fields})


def found(entries: list[Entry], work: tuple[str, str, int] = RU5, years: tuple[int, int] = (2024, 2025)) -> bool:
    return bool(remarks(work=work, years=years, table=entries))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, True, id="all subjects and grades"),
        pytest.param({"subjects": frozenset({"RU"})}, True, id="its subject"),
        pytest.param({"subjects": frozenset({"MA"})}, False, id="another subject"),
        pytest.param({"grades": frozenset({5, 6})}, True, id="its grade"),
        pytest.param({"grades": frozenset({8})}, False, id="another grade"),
        pytest.param({"procedure": "OGE"}, False, id="another procedure"),
        pytest.param({"before": 2023, "after": 2024}, False, id="other years"),
    ],
)
def test_entry_concerns_its_works_and_years(fields: dict[str, Any], *, expected: bool) -> None:
    assert found([entry(**fields)]) is expected


def test_reversed_years_are_other_years() -> None:
    assert not found([entry()], years=(2025, 2024))


def test_vpr_of_2020_gives_no_level_and_2022_a_warning() -> None:
    autumn = remarks(work=RU5, years=(2019, 2020), table=shipped_table())
    moved = remarks(work=RU5, years=(2021, 2022), table=shipped_table())

    assert [each.forbids for each in autumn] == [True]
    assert [each.forbids for each in moved] == [False]
    assert not remarks(work=RU5, years=(2024, 2025), table=shipped_table())


def natures(before: Nature, after: Nature, *, is_same_work: bool = True) -> list[tuple[Cause, str]]:
    every = remarks(work=RU5, years=(2024, 2025), natures=(before, after), is_same_work=is_same_work, table=())
    return [(each.cause, each.text) for each in every]


def test_other_level_of_the_course_is_told() -> None:
    before, after = Nature(levels=frozenset({"base"})), Nature(levels=frozenset({"base", "advanced"}))

    words = "Состав по уровню курса другой: было – базовый, стало – углублённый и базовый"
    assert natures(before, after) == [(Cause.LEVEL, words)]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        pytest.param({""}, {"KDR4"}, "было – отметки, стало – уровни «КДР: четыре уровня»", id="marks and levels"),
        pytest.param({"OLD"}, {""}, "было – уровни «OLD», стало – отметки", id="a scale that is known no more"),
    ],
)
def test_other_measure_of_low_works_is_told_and_forbids(before: set[str], after: set[str], words: str) -> None:
    both = (Nature(scales=frozenset(before)), Nature(scales=frozenset(after)))

    assert natures(*both) == [(Cause.MEASURE, f"Низкие результаты считаются по-разному: {words}")]
    assert natures(*both, is_same_work=False) == natures(*both)


def test_same_or_unknown_measure_is_no_difference() -> None:
    levels = Nature(scales=frozenset({"KDR4"}))

    assert natures(levels, levels) == natures(Nature(), levels) == []


def test_unknown_level_is_no_difference() -> None:
    assert natures(Nature(), Nature(levels=frozenset({"base"}))) == []


def test_other_maximum_is_told_with_both_numbers() -> None:
    expected = "Шкала другая: наибольший первичный балл был 33, стал 37"
    assert natures(Nature(maximum=33), Nature(maximum=37)) == [(Cause.SCALE, expected)]


def test_other_borders_are_told_only_for_the_same_work() -> None:
    before, after = Nature(maximum=31, borders=(8, 15, 22)), Nature(maximum=31, borders=(8, 14, 22))

    words = "Границы отметок другие: были 8/15/22, стали 8/14/22"
    assert natures(before, after) == [(Cause.SCALE, words)]
    assert natures(before, after, is_same_work=False) == []


def test_equal_years_have_no_remark() -> None:
    same = Nature(levels=frozenset({"none"}), maximum=31, borders=(8, 15, 22))

    assert natures(same, same) == []


def test_table_refuses_years_that_do_not_follow(tmp_path: Path) -> None:
    path = tmp_path / "table.toml"
    path.write_text('[[entry]]\nprocedure = "VPR"\nyears = [2019, 2021]\ncause = "time"\ntext = ""\nsource = ""\n')

    with pytest.raises(TableError, match="VPR 2019–2021"):
        read_table(path)


def test_every_shipped_entry_says_where_it_comes_from() -> None:
    assert all(each.remark.source for each in shipped_table())
