"""Shapes of the pictures of a run, without a database."""

from fractions import Fraction
from typing import Any

import pytest

from schools.identification import Part, PartState, Procedure
from schools.models import School, SchoolVerdict
from schools.run_pictures import (
    SLOPES,
    YearPair,
    heat_map,
    low_columns,
    pair_lines,
    style_of,
    total_of,
    year_pair,
)
from tests.factories.identification import make_rules

RULES = make_rules()


def part(low: int | None, participants: int | None, *, grade: int = 5, year: int = 2026, **fields: Any) -> Part:
    known: dict[str, Any] = {
        "procedure": Procedure(kind="VPR", subject="RU", grade=grade),
        "year": year,
        "state": PartState.COUNTED,
        "participants": participants,
        "low": low,
        "needed": None if participants is None else RULES.least_low(participants),
    }
    return Part(**{**known, **fields})


def verdict(*parts: Part, name: str = "Школа") -> SchoolVerdict:
    return SchoolVerdict(school=School(name=name), parts=[each.to_json() for each in parts])


# Against the threshold


def test_rule_without_a_threshold_paints_nothing_red() -> None:
    assert {style for column in low_columns({0: 2, 5: 1}, None) for style, _ in column.parts} == {"f2"}
    rules = make_rules(relative_rule={"use": "SOLE"})
    assert [cell.css for cell in heat_map([verdict(part(20, 40))], 2026, rules).rows[0].cells] == [""]


@pytest.mark.parametrize(
    ("low", "css"),
    [
        pytest.param(9, "h-ok", id="22,5 %"),
        pytest.param(10, "h-warn", id="the lower edge belongs to the zone"),
        pytest.param(13, "h-warn", id="32,5 %"),
        pytest.param(14, "h-ok", id="the upper edge does not"),
        pytest.param(18, "h-bad", id="threshold"),
    ],
)
def test_yellow_ends_where_the_risk_zone_ends(low: int, css: str) -> None:
    rules = make_rules(share_threshold_pct="45", risk_group_rule={"share_min": "25", "share_max": "35"})

    (row,) = heat_map([verdict(part(low, 40, needed=rules.least_low(40)))], 2026, rules).rows

    assert [cell.css for cell in row.cells] == [css]


def test_schools_by_low_procedures_have_no_gaps() -> None:
    columns = low_columns({0: 12, 3: 1}, 2)

    assert [(column.start, column.parts) for column in columns] == [
        (0, [("f2", 12)]),
        (1, [("f2", 0)]),
        (2, [("f-bad", 0)]),
        (3, [("f-bad", 1)]),
    ]
    assert [column.total for column in low_columns({}, 2)] == [0, 0, 0]


# The heat map


def test_heat_map_has_a_column_for_each_work_that_anybody_wrote() -> None:
    heat = heat_map([verdict(part(20, 40)), verdict(part(5, 40, grade=6))], 2026, RULES)

    assert heat.works == [("ВПР РУ-5", "ВПР, русский язык, 5 класс"), ("ВПР РУ-6", "ВПР, русский язык, 6 класс")]
    assert [[cell.css for cell in row.cells] for row in heat.rows] == [["h-bad", "h-none"], ["h-none", "h-ok"]]
    assert (heat.rows[0].cells[0].percent, heat.rows[0].cells[0].counts) == ("50,0", "20 из 40")
    assert heat.rows[0].cells[1].note == "нет результата"


def test_share_next_to_a_half_is_rounded_once() -> None:
    (cell,) = heat_map([verdict(part(2, 44))], 2026, RULES).rows[0].cells  # 4,545… is not 4,55

    assert cell.percent == "4,5"


@pytest.mark.parametrize(("low", "css"), [(12, "h-bad"), (11, "h-warn"), (10, "h-warn"), (9, "h-ok"), (0, "h-ok")])
def test_ground_of_a_work(low: int, css: str) -> None:
    heat = heat_map([verdict(part(low, 40))], 2026, RULES)

    assert heat.rows[0].cells[0].css == css


def test_rule_without_a_risk_group_has_no_warning_zone() -> None:
    heat = heat_map([verdict(part(11, 40))], 2026, make_rules(risk_group_rule=None))

    assert heat.rows[0].cells[0].css == "h-ok"


def test_uncounted_work_keeps_its_numbers_and_says_why() -> None:
    (cell,) = heat_map([verdict(part(2, 3, state=PartState.SMALL_N))], 2026, RULES).rows[0].cells

    assert (cell.css, cell.percent, cell.note) == ("h-none", "66,7", "не учтена, мало участников")


def test_works_of_the_year_before_and_without_data_are_no_columns() -> None:
    parts = (part(20, 40, year=2025), part(None, None, grade=6, state=PartState.NO_DATA))

    assert heat_map([verdict(*parts)], 2026, RULES).works == []


# Year to year


def test_years_are_pooled_by_counts() -> None:
    before = (part(30, 60, year=2025), part(0, 40, grade=6, year=2025))

    pair = year_pair(verdict(part(1, 2), part(10, 98, grade=6), *before), 2026)

    assert (pair.before, pair.after, pair.points, pair.left_out) == ((30, 100), (11, 100), Fraction(-19), 0)


def test_works_of_one_year_alone_are_not_compared() -> None:
    before = (part(30, 100, year=2025), part(40, 40, grade=7, year=2025))

    pair = year_pair(verdict(part(20, 100), part(98, 98, grade=6), *before), 2026)

    assert (pair.before, pair.after, pair.left_out) == ((30, 100), (20, 100), 2)


def test_years_without_a_common_work_have_no_change() -> None:
    pair = year_pair(verdict(part(20, 100, grade=6), part(30, 100, year=2025)), 2026)

    assert (pair.before, pair.after, pair.points, pair.left_out) == (None, (20, 100), None, 2)


def test_year_without_counted_works_is_not_known() -> None:
    pair = year_pair(verdict(part(1, 2), part(2, 3, year=2025, state=PartState.SMALL_N)), 2026)

    assert (pair.before, pair.points) == (None, None)
    assert total_of([]) is None


def test_lines_are_called_by_their_number_in_the_table() -> None:
    pairs = [
        YearPair(name="А", before=(30, 100), after=(10, 100)),
        YearPair(name="Б", before=None, after=(10, 100)),
        YearPair(name="В", before=(10, 100), after=(20, 100)),
        YearPair(name="Г", before=(10, 100), after=(11, 100)),
    ]

    lines = pair_lines(pairs)

    assert [(line.name, line.style) for line in lines] == [("№ 1", "s-ok"), ("№ 3", "s-bad"), ("№ 4", "s-no")]
    assert (lines[0].before, lines[0].after, lines[0].counts) == (30.0, 10.0, "30 из 100 → 10 из 100")


def test_picture_has_a_bound() -> None:
    pairs = [YearPair(name="А", before=(1, 10), after=(1, 10))] * 40

    assert len(pair_lines(pairs)) == SLOPES


def test_unknown_change_has_a_quiet_line() -> None:
    assert style_of(None) == "s-no"
