"""Cases and agreement over whole ranges of numbers, dates over whole years: what no single example shows."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import russian
from accounts.russian import MINUS, NBSP

NOUN = "школа,школы,школ"
SINGLE = {1, 21, 31, 41, 51, 61, 71, 81, 91}
FEW = {tens + units for tens in (0, 20, 30, 40, 50, 60, 70, 80, 90) for units in (2, 3, 4)}
whole = st.integers(min_value=-(10**9), max_value=10**9)
day = st.dates(min_value=date(2015, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize("n", range(100))
def test_noun_of_every_number_below_a_hundred(n: int) -> None:
    word = "школа" if n in SINGLE else "школы" if n in FEW else "школ"

    assert russian.plural(n, NOUN) == word


@given(n=whole, hundreds=st.integers(1, 1000))
def test_noun_depends_on_the_last_two_digits_only(n: int, hundreds: int) -> None:
    assert russian.plural(abs(n) + 100 * hundreds, NOUN) == russian.plural(n, NOUN)


@given(n=whole)
def test_sign_does_not_change_the_noun(n: int) -> None:
    assert russian.plural(-n, NOUN) == russian.plural(n, NOUN)


@given(n=whole)
def test_verb_and_adjective_are_singular_exactly_with_the_singular_noun(n: int) -> None:
    is_single = russian.plural(n, NOUN) == "школа"

    assert (russian.agree(n, "сдана,сдано") == "сдана") is is_single
    assert (russian.adjective(n, "новая,новых") == "новая") is is_single


@pytest.mark.parametrize("n", [0.5, 1.5, 11.5, 21.1, Decimal("2.7"), Fraction(1, 3), -1.5])
def test_part_of_a_thing_takes_the_genitive_singular(n: float) -> None:
    assert russian.plural(n, NOUN) == "школы"


@pytest.mark.parametrize("n", [5, 5.0, Decimal("5.00"), Fraction(10, 2)])
def test_whole_number_of_any_kind_is_whole(n: float) -> None:
    assert russian.count(n, NOUN) == f"5{NBSP}школ"


def test_count_of_a_negative_number_has_the_sign_of_print() -> None:
    assert russian.count(-2, NOUN) == f"{MINUS}2{NBSP}школы"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        pytest.param(("Лесное", "Ключи"), "Лесное или Ключи", id="two"),
        pytest.param(("Лесное", "Заречье", "Ключи"), "Лесное, Заречье или Ключи", id="three"),
        pytest.param(("Лесное",), "Лесное", id="one needs no conjunction"),
    ],
)
def test_listing_takes_another_conjunction(words: tuple[str, ...], text: str) -> None:
    assert russian.listing(words, "или") == text


# Numbers


@given(value=st.decimals(min_value=-(10**6), max_value=10**6, places=4))
def test_rounding_moves_a_number_by_half_a_digit_at_most(value: Decimal) -> None:
    assert abs(russian.rounded(value, 2) - value) <= Decimal("0.005")


@given(value=st.decimals(min_value=-(10**6), max_value=10**6, places=4))
def test_rounding_treats_both_signs_alike(value: Decimal) -> None:
    assert russian.rounded(-value, 1) == -russian.rounded(value, 1)


@given(part=st.integers(0, 500), whole=st.integers(1, 500))
def test_share_lies_between_its_exact_neighbours(part: int, whole: int) -> None:
    share = russian.share(part, whole)

    assert share is not None
    assert abs(Fraction(share) - Fraction(100 * part, whole)) <= Fraction(1, 200)


@given(first=st.integers(0, 500), second=st.integers(0, 500), whole=st.integers(1, 500))
def test_larger_part_never_has_a_smaller_share(first: int, second: int, whole: int) -> None:
    smaller, larger = sorted((first, second))

    assert (russian.share(smaller, whole) or 0) <= (russian.share(larger, whole) or 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(999, "999", id="no group"),
        pytest.param(1000, "1_000", id="first group"),
        pytest.param(10_000, "10_000", id="two digits before"),
        pytest.param(1_000_000, "1_000_000", id="two groups"),
        pytest.param(-1000, f"{MINUS}1_000", id="sign before the group"),
    ],
)
def test_digits_are_grouped_by_three_without_a_break(value: int, text: str) -> None:
    assert russian.number(value).replace(NBSP, "_") == text


@pytest.mark.parametrize("value", [0.0, -0.0, -0.004, 0.004, Decimal("-0.00")])
def test_zero_has_no_sign_whatever_it_was_rounded_from(value: float) -> None:
    assert russian.number(value, 1) == "0,0"
    assert russian.signed(value, 1) == "0,0"
    assert russian.points(value) == f"0,0{NBSP}п.{NBSP}п."


@pytest.mark.parametrize(
    ("size", "text"),
    [
        pytest.param(1023, "1 023 байта", id="last bytes"),
        pytest.param(1024, "1 КБ", id="first kilobyte"),
        pytest.param(1024 * 1024 - 1, "1 024 КБ", id="last kilobyte"),
        pytest.param(1024 * 1024, "1,0 МБ", id="first megabyte"),
        pytest.param(200 * 1024 * 1024, "200,0 МБ", id="largest upload"),
    ],
)
def test_size_of_a_file_changes_its_unit_at_the_bound(size: int, text: str) -> None:
    assert russian.file_size(size) == text.replace(" ", NBSP)


# Dates


@pytest.mark.parametrize("month", range(1, 13))
def test_month_of_a_date_stands_in_the_genitive(month: int) -> None:
    name, genitive = russian.MONTHS[month - 1], russian.MONTHS_GENITIVE[month - 1]

    assert russian.day_month(date(2026, month, 1)) == f"1{NBSP}{genitive}"
    assert genitive.startswith(name.rstrip("ьй")[:3])
    assert genitive.startswith(russian.MONTHS_SHORT[month - 1][:2])


@pytest.mark.parametrize(("number", "name"), list(enumerate(russian.WEEKDAYS)))
def test_week_begins_on_monday(number: int, name: str) -> None:
    assert russian.weekday(date(2026, 11, 23) + timedelta(days=number)) == name


@given(due=day, today=day)
def test_term_is_overdue_exactly_after_its_day(due: date, today: date) -> None:
    assert russian.due_words(due, today).startswith("просрочено") is (due < today)


@given(today=st.dates(min_value=date(2015, 1, 2), max_value=date(2100, 12, 30)), shift=st.integers(-400, 400))
def test_only_three_days_have_a_word_of_their_own(today: date, shift: int) -> None:
    words = {-1: "вчера", 0: "сегодня", 1: "завтра"}
    near = today + timedelta(days=shift)

    assert russian.near_date(near, today) == words.get(shift, russian.short_date(near))


@given(first=day, length=st.integers(0, 800))
def test_period_names_each_year_once_and_ends_with_its_last_day(first: date, length: int) -> None:
    last = first + timedelta(days=length)

    text = russian.period(first, last)

    assert text.endswith(russian.text_date(last))
    assert text.count(f"{first.year}") == 1
    assert (NBSP + "—" in text) is ((first.year, first.month) != (last.year, last.month))


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        pytest.param(datetime(2026, 11, 24, 0, 0), "сегодня, 00:00", id="midnight belongs to the day it opens"),
        pytest.param(datetime(2026, 11, 23, 23, 59), "вчера, 23:59", id="a minute before"),
        pytest.param(datetime(2026, 11, 25, 0, 1), "завтра, 00:01", id="tomorrow"),
        pytest.param(datetime(2025, 11, 24, 10, 42), "24.11.2025, 10:42", id="same day of another year"),
    ],
)
def test_moment_near_midnight_belongs_to_its_calendar_day(moment: datetime, text: str) -> None:
    assert russian.near_moment(moment, datetime(2026, 11, 24, 14, 32)) == text


# Typography


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param("г. Светлобор", "г._Светлобор", id="town"),
        pytest.param("пгт. Заречье", "пгт._Заречье", id="settlement"),
        pytest.param("школа им. Гагарина", "школа им._Гагарина", id="named after"),
        pytest.param("№5", "№_5", id="number without a space"),
        pytest.param("приказ № 124-од", "приказ_№_124-од", id="number of an order"),
        pytest.param("25 чел.", "25_чел.", id="people"),
        pytest.param("12 МБ", "12_МБ", id="size"),
        pytest.param("30%", "30_%", id="per cent"),
        pytest.param("12 345 678", "12_345_678", id="groups of digits"),
        pytest.param("в 2026/27 уч. г.", "в 2026/27_уч. г.", id="school year"),
        pytest.param('("Радуга")', "(«Радуга»)", id="quotes in brackets"),
        pytest.param("А. С. Пушкин", "А._С._Пушкин", id="initials apart"),
        pytest.param("из-за отсутствия", "из-за отсутствия", id="hyphen inside a word"),
    ],
)
def test_print_keeps_together_what_belongs_together(raw: str, text: str) -> None:
    assert russian.typo(raw).replace(NBSP, "_") == text


@given(text=st.text(alphabet="абв АБВ-.,", max_size=40))
def test_print_changes_spaces_quotes_and_dashes_but_no_letter(text: str) -> None:
    letters = [sign for sign in text if sign.isalpha()]

    assert [sign for sign in russian.typo(text) if sign.isalpha()] == letters
