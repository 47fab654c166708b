"""Numbers of documents: no database, no Django."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.document import MISSING, Figure, Source, SourceKind, Unit

SOURCE = Source(kind=SourceKind.RESULTS, label="ВПР 2026", as_of=date(2026, 6, 1))
SCHOOLS = "школа,школы,школ"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(0, "0\u00a0школ", id="none"),
        pytest.param(1, "1\u00a0школа", id="one"),
        pytest.param(2, "2\u00a0школы", id="two"),
        pytest.param(5, "5\u00a0школ", id="five"),
        pytest.param(11, "11\u00a0школ", id="eleven"),
        pytest.param(21, "21\u00a0школа", id="twenty-one"),
        pytest.param(112, "112\u00a0школ", id="hundred-twelve"),
        pytest.param(1846, "1\u00a0846\u00a0школ", id="thousands"),
    ],
)
def test_count_agrees_with_its_noun(value: int, text: str) -> None:
    assert Figure.count(value, SOURCE, SCHOOLS).text == text


@pytest.mark.parametrize(
    ("numerator", "denominator", "digits", "text"),
    [
        pytest.param(5, 13, 1, "38,5\u00a0%", id="one digit"),
        pytest.param(3, 22, 2, "13,64\u00a0%", id="two digits"),
        pytest.param(12, 40, 2, "30,00\u00a0%", id="exactly on the threshold"),
        pytest.param(1, 8, 0, "13\u00a0%", id="half goes up"),
        pytest.param(0, 7, 0, "0\u00a0%", id="zero is not missing"),
    ],
)
def test_share_is_printed_from_its_counts(numerator: int, denominator: int, digits: int, text: str) -> None:
    assert Figure.share(numerator, denominator, SOURCE, digits).text == text


@pytest.mark.parametrize(
    ("numerator", "denominator"),
    [
        pytest.param(None, 13, id="no numerator"),
        pytest.param(5, None, id="no denominator"),
        pytest.param(5, 0, id="nobody"),
    ],
)
def test_share_without_its_counts_is_missing(numerator: int | None, denominator: int | None) -> None:
    figure = Figure.share(numerator, denominator, SOURCE)

    assert figure.value is None
    assert figure.text == MISSING == "сведения не представлены"


def test_share_of_few_cases_names_them_in_a_sentence() -> None:
    small, large = Figure.share(3, 6, SOURCE, 0), Figure.share(5, 10, SOURCE, 0)

    assert small.is_small
    assert small.phrase == "50\u00a0% (3 из 6)"
    assert large.phrase == "50\u00a0%"


def test_share_with_a_value_of_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="is not 100"):
        Figure(value=Fraction(50), unit=Unit.PERCENT, source=SOURCE, numerator=1, denominator=3)


def test_share_without_a_denominator_is_refused() -> None:
    with pytest.raises(ValueError, match="numerator and denominator"):
        Figure(value=Fraction(50), unit=Unit.PERCENT, source=SOURCE)


def test_difference_of_shares_is_in_percentage_points() -> None:
    before, after = Figure.share(3, 13, SOURCE), Figure.share(5, 13, SOURCE)

    assert Figure.points(after, before, SOURCE).text == "+15,4\u00a0п.\u00a0п."
    assert Figure.points(before, after, SOURCE).text == "\u221215,4\u00a0п.\u00a0п."
    assert Figure.points(after, Figure.share(None, 13, SOURCE), SOURCE).text == MISSING


def test_change_is_rounded_once_unless_the_version_is_older_than_the_rule() -> None:
    near, far = Figure.share(1004, 10000, SOURCE), Figure.share(1455, 10000, SOURCE)  # 10.04, 14.55: +4.51
    assert (Figure.points(far, near, SOURCE).bare, Figure.printed_points(far, near, SOURCE).bare) == ("+4,5", "+4,6")


def test_number_keeps_its_digits() -> None:
    assert Figure.number(Decimal("3.405"), SOURCE).text == "3,41"


def test_bare_number_leaves_the_unit_to_the_head_of_the_column() -> None:
    assert Figure.share(5, 13, SOURCE).bare == "38,5"
    assert Figure.points(Figure.share(5, 13, SOURCE), Figure.share(3, 13, SOURCE), SOURCE).bare == "+15,4"
    assert Figure.count(None, SOURCE).bare == MISSING


@given(numerator=st.integers(0, 10**6), denominator=st.integers(1, 10**6), digits=st.integers(0, 3))
def test_printed_share_is_within_half_a_unit_of_the_exact_one(numerator: int, denominator: int, digits: int) -> None:
    figure = Figure.share(numerator, denominator, SOURCE, digits)

    assert figure.rounded is not None
    assert abs(Fraction(figure.rounded) - Fraction(100 * numerator, denominator)) <= Fraction(1, 2 * 10**digits)


def test_source_names_its_kind_in_russian() -> None:
    assert {kind: Source(kind=kind, label="").title for kind in SourceKind}[SourceKind.CYCLE] == "Мониторинг"
