from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import russian
from accounts.russian import MINUS, NBSP

SCHOOLS = "школа,школы,школ"
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("n", "word"),
    [
        (0, "школ"),
        (1, "школа"),
        (2, "школы"),
        (5, "школ"),
        (11, "школ"),
        (21, "школа"),
        (22, "школы"),
        (112, "школ"),
        (1.5, "школы"),
        (-1, "школа"),
        (Decimal("2.0"), "школы"),
    ],
)
def test_noun_takes_the_form_of_its_number(n: float, word: str) -> None:
    assert russian.plural(n, SCHOOLS) == word


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "0 школ"),
        (1, "1 школа"),
        (2, "2 школы"),
        (5, "5 школ"),
        (11, "11 школ"),
        (21, "21 школа"),
        (22, "22 школы"),
        (112, "112 школ"),
        (1846, "1 846 школ"),
    ],
)
def test_count_never_parts_number_and_noun(n: int, text: str) -> None:
    assert russian.count(n, SCHOOLS) == text.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("n", "verb"),
    [
        (0, "сдано"),
        (1, "сдана"),
        (2, "сдано"),
        (5, "сдано"),
        (11, "сдано"),
        (21, "сдана"),
        (22, "сдано"),
        (112, "сдано"),
    ],
)
def test_verb_is_singular_only_with_one(n: int, verb: str) -> None:
    assert russian.agree(n, "сдана,сдано") == verb


@pytest.mark.parametrize(
    ("n", "word"),
    [
        (0, "новых"),
        (1, "новая"),
        (2, "новых"),
        (5, "новых"),
        (11, "новых"),
        (21, "новая"),
        (22, "новых"),
        (112, "новых"),
    ],
)
def test_adjective_follows_its_number(n: int, word: str) -> None:
    assert russian.adjective(n, "новая,новых") == word


@pytest.mark.parametrize(
    ("words", "text"),
    [([], ""), (["Лесное"], "Лесное"), (["Лесное", "Ключи"], "Лесное и Ключи"), (["А", "Б", "В"], "А, Б и В")],
)
def test_listing_joins_the_last_word_by_a_conjunction(words: list[str], text: str) -> None:
    assert russian.listing(words) == text


def test_capitalized_leaves_the_rest_alone() -> None:
    assert russian.capitalized("школы МБОУ") == "Школы МБОУ"
    assert russian.capitalized("") == ""


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 0, "0"),
        (1846, 0, f"1{NBSP}846"),
        (1234567.891, 2, f"1{NBSP}234{NBSP}567,89"),
        (38.5, 1, "38,5"),
        (38, 2, "38,00"),
        (-4.2, 1, f"{MINUS}4,2"),
        (-0.04, 1, "0,0"),
        (2.675, 2, "2,68"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (Fraction(1, 3), 2, "0,33"),
        (Decimal("12.345"), 2, "12,35"),
        (None, 1, "нет данных"),
    ],
)
def test_number_is_written_as_in_documents(value: float | None, digits: int, text: str) -> None:
    assert russian.number(value, digits) == text


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_number_reads_back_to_the_same_integer(value: int) -> None:
    assert int(russian.number(value).replace(NBSP, "").replace(MINUS, "-")) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.4, "+1,4"), (-4.25, f"{MINUS}4,3"), (0, "0,0"), (-0.01, "0,0"), (0.01, "0,0"), (None, "нет данных")],
)
def test_signed_change_shows_its_direction(value: float | None, text: str) -> None:
    assert russian.signed(value, 1) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (1, 3, "33,33 %"),
        (77, 200, "38,50 %"),
        (0, 10, "0,00 %"),
        (10, 10, "100,00 %"),
        (1, 800, "0,13 %"),
        (3, 0, "нет данных"),
        (None, 10, "нет данных"),
        (3, None, "нет данных"),
    ],
)
def test_percent_of_a_whole(part: int | None, whole: int | None, text: str) -> None:
    assert russian.percent(part, whole) == text.replace(" %", f"{NBSP}%")


def test_share_without_a_whole_is_missing_and_not_zero() -> None:
    assert russian.share(0, 0) is None
    assert russian.share(0, 5) == 0


def test_points_are_not_per_cent() -> None:
    assert russian.points(-4.2) == f"{MINUS}4,2{NBSP}п.{NBSP}п."
    assert russian.points(1.44) == f"+1,4{NBSP}п.{NBSP}п."
    assert russian.points(None) == "нет данных"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 байт"), (1, "1 байт"), (2, "2 байта"), (98304, "96 КБ"), (1_887_437, "1,8 МБ")],
)
def test_file_size_in_handy_units(size: int, text: str) -> None:
    assert russian.file_size(size) == text.replace(" ", NBSP)


def test_dates_in_the_forms_of_text_and_tables() -> None:
    day = date(2023, 12, 29)
    assert russian.long_date(day) == f"29{NBSP}декабря 2023{NBSP}года"
    assert russian.text_date(day) == f"29{NBSP}декабря 2023{NBSP}г."
    assert russian.short_date(date(2026, 1, 5)) == "05.01.2026"
    assert russian.day_month(date(2026, 3, 1)) == f"1{NBSP}марта"
    assert russian.weekday(TODAY) == "вторник"


@pytest.mark.parametrize("names", [russian.MONTHS, russian.MONTHS_GENITIVE, russian.MONTHS_SHORT])
def test_every_month_has_a_name_of_its_own(names: tuple[str, ...]) -> None:
    assert len(set(names)) == 12


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 3, 2), date(2026, 3, 18), "2–18 марта 2026 г."),
        (date(2026, 11, 16), date(2026, 12, 4), "16 ноября — 4 декабря 2026 г."),
        (date(2025, 12, 30), date(2026, 1, 4), "30 декабря 2025 г. — 4 января 2026 г."),
    ],
)
def test_period_does_not_repeat_what_both_dates_share(first: date, last: date, text: str) -> None:
    assert russian.period(first, last).replace(NBSP, " ") == text


@pytest.mark.parametrize(
    ("due", "text"),
    [
        (date(2026, 11, 23), "просрочено на 1 день"),
        (date(2026, 11, 20), "просрочено на 4 дня"),
        (date(2026, 11, 13), "просрочено на 11 дней"),
        (date(2026, 11, 3), "просрочено на 21 день"),
        (date(2026, 8, 4), "просрочено на 112 дней"),
        (TODAY, "сегодня"),
        (date(2026, 11, 25), "завтра"),
        (date(2026, 11, 26), "через 2 дня"),
        (date(2026, 12, 4), "через 10 дней"),
        (date(2026, 12, 16), "через 22 дня"),
    ],
)
def test_term_in_words(due: date, text: str) -> None:
    assert russian.due_words(due, TODAY).replace(NBSP, " ") == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (TODAY, "сегодня"),
        (date(2026, 11, 23), "вчера"),
        (date(2026, 11, 25), "завтра"),
        (date(2026, 11, 20), "20.11.2026"),
    ],
)
def test_near_date_has_a_word(day: date, text: str) -> None:
    assert russian.near_date(day, TODAY) == text


def test_near_moment_keeps_the_time() -> None:
    now = datetime(2026, 11, 24, 14, 32)
    assert russian.near_moment(datetime(2026, 11, 24, 10, 42), now) == "сегодня, 10:42"
    assert russian.near_moment(datetime(2026, 10, 12, 9, 14), now) == "12.10.2026, 09:14"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ('МБОУ "СОШ №5"', "МБОУ «СОШ_№_5»"),
        ('МБОУ "Школа "Радуга" №12"', "МБОУ «Школа «Радуга»_№_12»"),
        ("МБОУ «СОШ № 5»", "МБОУ «СОШ_№_5»"),
        ("МКОУ “Лесновская СОШ”", "МКОУ «Лесновская СОШ»"),
        ("МКОУ «О(С)ОШ № 2»", "МКОУ «О(С)ОШ_№_2»"),
        ("Сергеева О.В.", "Сергеева_О._В."),
        ("И.К. Воронов", "И._К._Воронов"),
        ("10% школ", "10_% школ"),
        ("1 846 участников", "1_846 участников"),
        ("Школа - участник", "Школа_— участник"),
        ("2026-2027 учебный год", "2026-2027 учебный год"),
        ("8 (800) 555-01-05", "8 (800) 555-01-05"),
        ("рост 4,2 п. п.", "рост 4,2_п._п."),
        ("за 2026 год", "за 2026_год"),
        ("", ""),
    ],
)
def test_typo_sets_quotes_and_unbroken_spaces(raw: str, text: str) -> None:
    assert russian.typo(raw).replace(NBSP, "_") == text


@given(st.text(alphabet='абвАБВ №"«» 0123456789.%—-', max_size=60))
def test_typo_of_set_text_changes_nothing(text: str) -> None:
    once = russian.typo(text)
    assert russian.typo(once) == once
