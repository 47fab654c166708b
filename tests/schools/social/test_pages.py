"""The social index as pages show it, without a database."""

from decimal import Decimal
from fractions import Fraction

import pytest

from schools.models import SchoolSocialIndex
from schools.social import Quadrant, SocialVerdict, social_index
from schools.social_pages import (
    VERDICT_PILLS,
    IndexRow,
    Matrix,
    MatrixCell,
    PartRow,
    SocialCard,
    indicator_rows,
    plain,
    rule_facts,
    shown_index,
)
from tests.factories.social import HARD, WORKED, make_social_rule, told

RULE = make_social_rule()


def stored(values: dict[str, tuple[str, str]] | None = None, *without: str) -> SchoolSocialIndex:
    """Return an index as the database keeps it."""
    index = social_index(told(dict(values or WORKED), *without), RULE)
    return SchoolSocialIndex(
        verdict=index.verdict,
        index=None if index.index is None else Decimal(f"{float(index.index):.4f}"),
        completeness=Decimal(f"{float(index.completeness):.4f}"),
        lowest=Decimal(f"{float(index.lowest):.4f}"),
        highest=Decimal(f"{float(index.highest):.4f}"),
        parts=[part.to_json() for part in index.parts],
    )


def row(values: dict[str, tuple[str, str]] | None = None, *without: str) -> IndexRow:
    return IndexRow(stored=stored(values, *without), rule=RULE)


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_every_verdict_has_a_pill() -> None:
    assert set(VERDICT_PILLS) == set(SocialVerdict)


def test_whole_data_show_an_index_and_no_range() -> None:
    shown = row()

    assert (shown.index, shown.range, shown.missing, spaced(shown.completeness)) == ("43,6", "", [], "100 %")
    assert shown.open_words == ""


def test_missing_data_show_a_range_that_crosses_the_cut() -> None:
    shown = row(None, "foster")

    assert (shown.index, shown.range, shown.missing) == ("не определён", "38,6–48,6", ["Опекаемые и приёмные"])
    assert shown.open_words == "вывод зависит от недостающего показателя: индекс от 38,6 до 48,6 при границе 40"


def test_bounds_are_never_rounded_over_the_cut() -> None:
    shown = row(None, "foster", "special_needs")
    shown.stored.lowest, shown.stored.highest = Decimal("39.9600"), Decimal("59.9600")

    assert shown.open_words == "вывод зависит от недостающих показателей: индекс от 39,96 до 60,0 при границе 40"


def test_verdict_of_an_earlier_portal_stands_with_its_words() -> None:
    shown = row(None, "foster")
    shown.stored.index, shown.stored.verdict = Decimal("42.8472"), SocialVerdict.CLEAR

    assert (shown.index, shown.open_words) == ("42,8", "недостающие сведения могут изменить вывод")


def test_range_on_one_side_of_the_cut_leaves_the_verdict_alone() -> None:
    shown = row(dict(HARD), "foster")

    assert shown.stored.highest < RULE.cut
    assert (shown.pill, shown.open_words) == ("warn", "")


def test_too_little_data_are_no_index_and_no_open_verdict() -> None:
    shown = row(None, "parents_higher")

    assert (shown.index, shown.pill) == ("нет данных", "none")
    assert shown.open_words == ""


@pytest.mark.parametrize(
    ("index", "text"),
    [("43.5625", "43,6"), ("39.9600", "39,96"), ("39.9960", "39,996"), ("40.0000", "40,0"), (None, "нет данных")],
)
def test_index_is_never_rounded_over_the_cut(index: str | None, text: str) -> None:
    assert shown_index(None if index is None else Decimal(index), Decimal(40)) == text


# Evidence


def test_part_tells_counts_share_and_what_it_takes_away() -> None:
    part = SocialCard(stored=stored(), rule=RULE).parts[0]

    assert (part.counts, part.x, part.r, part.weight) == ("24 из 200", "12,00", "0,8250", "0,25")
    assert (part.bounds, part.contribution, part.direction) == ("5–45", "20,63", "чем больше, тем легче")


def test_part_without_a_value_has_no_zero() -> None:
    parts = {each.part.code: each for each in SocialCard(stored=stored(None, "foster"), rule=RULE).parts}
    foster: PartRow = parts["foster"]

    assert (foster.counts, foster.x, foster.r, foster.contribution) == ("", *["нет данных"] * 3)
    assert foster.weight == "0,1"


def test_formula_repeats_the_arithmetic() -> None:
    whole = SocialCard(stored=stored(), rule=RULE)
    partial = SocialCard(stored=stored(dict(HARD), "foster"), rule=RULE)
    undecided = SocialCard(stored=stored(None, "foster"), rule=RULE)
    nothing = SocialCard(stored=stored(None, "parents_higher"), rule=RULE)

    assert whole.formula == "100 − 56,44 = 43,56"
    assert partial.formula == "100 − 72,63 / 0,90 = 19,31"
    assert undecided.formula == "от 100 − 51,44 − 10,00 = 38,56 до 100 − 51,44 = 48,56"
    assert nothing.formula == ""
    assert (whole.cut, spaced(whole.completeness_min)) == ("40", "80 %")


@pytest.mark.parametrize(
    ("value", "text"), [("0.25", "0,25"), ("0.10", "0,1"), ("200", "200"), ("200.00", "200"), ("40", "40"), ("0", "0")]
)
def test_number_is_printed_without_needless_zeros(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


# The rule and the matrix


def test_rule_is_told_in_words() -> None:
    facts = {name: spaced(value) for name, value in rule_facts(RULE)}

    assert facts["ШНСУ, если индекс меньше"] == "40"
    assert facts["Наименьшая полнота данных"] == "80 % веса показателей"
    assert facts["Нет значения"].startswith("не считается нулём")


def test_indicators_name_their_sources() -> None:
    rows = {each.part.code: each.part.source for each in indicator_rows(RULE)}

    assert rows["second_language"] == (
        "SA-2, строка 6: Инофонов, всего; SA-1, строка 1.12: Обучающихся, для которых русский язык неродной"
    )
    assert rows["parents_higher"] == "SA-2, строка 8.1: Высшее (8. Уровень образования родителей), всего"
    assert len(rows) == 7


def test_weights_of_the_page_add_up_to_one() -> None:
    assert sum(Fraction(each.part.weight) for each in indicator_rows(RULE)) == 1


def test_cell_tells_how_many_more() -> None:
    cell = MatrixCell(quadrant=Quadrant.BOTH, count=3, names=["Первая", "Вторая"])

    assert (cell.title, cell.words) == ("ШНОР и ШНСУ", "Первая, Вторая, ещё 1")


def test_matrix_stands_with_low_results_above() -> None:
    cells = {each: MatrixCell(quadrant=each, count=number, names=[]) for number, each in enumerate(Quadrant)}
    matrix = Matrix(run=None, cells=cells)

    assert [(title, [cell.quadrant for cell in row]) for title, row in matrix.rows] == [
        ("ШНОР", [Quadrant.BOTH, Quadrant.LOW_RESULTS]),
        ("Не ШНОР", [Quadrant.RESILIENT, Quadrant.NEITHER]),
    ]
    assert matrix.unknown.quadrant is Quadrant.UNKNOWN
