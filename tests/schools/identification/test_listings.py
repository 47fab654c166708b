"""A school that one from a list was merged into: whose years count on the way out. Methodology, «Реорганизация».

Two years without conditions let a school out. A year is told by the low works of 40 in both subjects: 12 hold the
conditions, 1 does not, None: no results.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from accounts.russian import NBSP
from schools.identification import Case, Identification, Merged, SchoolFacts, Standing, Works, judge, works_of
from tests.factories.identification import make_rules, vpr

Years = Mapping[int, int | None]
CLEAR: Years = {2024: 1, 2025: 1, 2026: 1}
NAME = "СОШ № 3 (с 01.09.2026)"


def works(years: Years) -> Works:
    told = {year: low for year, low in years.items() if low is not None}
    return works_of(vpr(subject, 5, low, 40, year=year) for year, low in told.items() for subject in ("RU", "MA"))


def facts(*listed: int) -> SchoolFacts:
    return SchoolFacts(kind="СОШ", expected={}, listed_years=frozenset(listed))


def merged(years: Years, *listed: int, last_year: int = 2026, name: str = NAME) -> Merged:
    return Merged(name=name, case=Case(works(years), facts(*listed)), last_year=last_year)


def heir_of(*schools: Merged, own: Years = CLEAR, listed: tuple[int, ...] = (), **changes: Any) -> Identification:
    return judge({"heir": Case(works(own), facts(*listed), schools)}, make_rules(**changes), 2026)["heir"]


@pytest.mark.parametrize(
    ("school", "standing", "clear"),
    [
        pytest.param(merged({2026: 12}, 2025), Standing.HELD, 0, id="conditions held where it was taught"),
        pytest.param(merged({2025: 1, 2026: 12}, 2024), Standing.HELD, 0, id="the same after a year without them"),
        pytest.param(merged({2025: 1}, 2024), Standing.HELD, 0, id="nothing is known of its last year"),
        pytest.param(merged({2026: 1}, 2025), Standing.HELD, 1, id="one year without conditions of two"),
        pytest.param(merged({2025: 1, 2026: 1}, 2024), Standing.LEAVES, 2, id="two of its own"),
        pytest.param(merged({2024: 1, 2025: 1, 2026: 12}, 2023), Standing.NONE, 0, id="had left before it was merged"),
        pytest.param(merged({}, 2024, last_year=2024), Standing.LEAVES, 2, id="two years of the heir"),
        pytest.param(merged({2025: 1}, 2024, last_year=2025), Standing.LEAVES, 2, id="one of its own, one of the heir"),
        pytest.param(merged({2025: 12}, 2024, last_year=2025), Standing.HELD, 1, id="one of the heir alone"),
        pytest.param(merged({}, 2024, last_year=2025), Standing.HELD, 1, id="nothing is known of a year it worked"),
        pytest.param(merged({}, 2024), Standing.HELD, 0, id="nothing is known of both"),
        pytest.param(merged({2026: 12}, 2024, last_year=2025), Standing.HELD, 0, id="wrote in the year it was merged"),
        pytest.param(merged({2026: 12}), Standing.NONE, 0, id="in no list"),
    ],
)
def test_years_before_the_merger_are_told_by_the_merged_school(school: Merged, standing: Standing, clear: int) -> None:
    result = heir_of(school)

    assert (result.standing, result.clear_years) == (standing, clear)


def test_own_years_before_the_merger_have_no_say_in_an_inherited_list() -> None:
    """The heir was in no list: that nothing is known of it in 2025 holds nobody on one."""
    school = merged({2025: 1, 2026: 1}, 2024)

    assert heir_of(school, own={2025: None, 2026: 1}).standing is Standing.LEAVES


def test_school_leaves_when_it_is_out_of_its_own_list_and_of_the_inherited_one() -> None:
    result = heir_of(merged({2026: 1}, 2025), listed=(2024,))

    assert (result.standing, result.clear_years) == (Standing.HELD, 1)
    assert NAME in result.reasons[0].text


def test_list_of_its_own_is_told_as_its_own() -> None:
    result = heir_of(merged({2026: 1}, 2025), listed=(2025,))

    assert [str(each) for each in result.reasons] == ["STAYS:1/2"]
    assert result.reasons[0].text.startswith("Школа была в перечне и остаётся в нём")


def test_reason_names_whose_list_it_was() -> None:
    held = heir_of(merged({2026: 12}, 2025))
    left = heir_of(merged({2025: 1, 2026: 1}, 2024), merged({2025: 1, 2026: 1}, 2024, name="НОШ № 4 (с 01.09.2025)"))

    assert held.reasons[0].text.replace(NBSP, " ") == (
        "В перечне была присоединённая школа — СОШ № 3 (с 01.09.2026), её годы перешли к этой. "
        "Школа остаётся в перечне: лет без условий подряд 0, для выхода нужно 2."
    )
    assert left.reasons[0].text.replace(NBSP, " ") == (
        "В перечне были присоединённые школы — СОШ № 3 (с 01.09.2026) и НОШ № 4 (с 01.09.2025), "
        "их годы перешли к этой. Школа вышла из перечня: лет без условий подряд 2."
    )


def test_school_named_by_its_own_results_stays() -> None:
    result = heir_of(merged({2026: 1}, 2025), own={2026: 12})

    assert (result.standing, result.clear_years) == (Standing.STAYS, 0)


def test_merged_school_is_not_known_among_others() -> None:
    """Where a comparison decides, the years that the merged school was apart are those of which nothing is known."""
    rules = make_rules(relative_rule={"cluster_by": ["KIND"], "min_schools": 4})
    lows: dict[str, Years] = {"heir": CLEAR, "a": {2025: 9, 2026: 9}, "b": {2025: 0, 2026: 0}, "c": {2025: 2, 2026: 2}}
    schools = {"heir": (merged({2025: 1}, 2024, last_year=2025),)}
    cases = {key: Case(works(years), facts(), schools.get(key, ())) for key, years in lows.items()}

    heir = judge(cases, rules, 2026)["heir"]

    assert (heir.standing, heir.clear_years) == (Standing.HELD, 1)
