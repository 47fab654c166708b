from datetime import date

import pytest

from roadmaps.terms import Term, TermUnreadable, is_whole_period, parse_term, term_text

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
SCHOOL_YEAR = (date(2026, 9, 1), date(2027, 5, 31))


@pytest.mark.parametrize(
    ("text", "first", "last", "words"),
    [
        pytest.param("15.12.2026", None, date(2026, 12, 15), "", id="date"),
        pytest.param("до 15.12.2026", None, date(2026, 12, 15), "", id="till a date"),
        pytest.param("5.2.26", None, date(2026, 2, 5), "", id="short year"),
        pytest.param("15.12", None, date(2026, 12, 15), "", id="year of the period"),
        pytest.param("01.02.2026–15.03.2026", date(2026, 2, 1), date(2026, 3, 15), "", id="range by dash"),
        pytest.param("01.02.2026 - 15.03.2026", date(2026, 2, 1), date(2026, 3, 15), "", id="range by hyphen"),
        pytest.param("с 01.02 по 15.03.2026", date(2026, 2, 1), date(2026, 3, 15), "", id="range in words"),
        pytest.param("март 2026", date(2026, 3, 1), date(2026, 3, 31), "Март 2026", id="month"),
        pytest.param("февраль", date(2026, 2, 1), date(2026, 2, 28), "Февраль", id="month of the period"),
        pytest.param("II квартал", date(2026, 4, 1), date(2026, 6, 30), "II квартал", id="quarter"),
        pytest.param("4 кв. 2026", date(2026, 10, 1), date(2026, 12, 31), "4 кв. 2026", id="short quarter"),
        pytest.param("в течение года", *YEAR, "в течение года", id="whole year"),
        pytest.param("В течение учебного года", *YEAR, "В течение учебного года", id="whole school year"),
        pytest.param("ежеквартально", *YEAR, "ежеквартально", id="recurrent"),
        pytest.param("по отдельному графику", *YEAR, "по отдельному графику", id="by a schedule"),
        pytest.param("", None, None, "", id="empty"),
        pytest.param("   ", None, None, "", id="blank"),
    ],
)
def test_parse_term_reads_what_people_write(text: str, first: date | None, last: date | None, words: str) -> None:
    assert parse_term(text, period=YEAR) == Term(first=first, last=last, words=words)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        pytest.param("октябрь", date(2026, 10, 31), id="first calendar year"),
        pytest.param("февраль", date(2027, 2, 28), id="second calendar year"),
        pytest.param("20.05", date(2027, 5, 20), id="date of the second year"),
        pytest.param("15.07", date(2026, 7, 15), id="outside goes to the first year"),
    ],
)
def test_parse_term_takes_the_year_from_the_period(text: str, last: date) -> None:
    assert parse_term(text, period=SCHOOL_YEAR).last == last


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("когда-нибудь", "Срок «когда-нибудь» не распознан.", id="words"),
        pytest.param("31.02.2026", "Даты «31.02.2026» нет в календаре.", id="no such day"),
        pytest.param("10.13.2026", "Месяца 13 нет.", id="no such month"),
        pytest.param("15.03.2026–01.02.2026", "Начало 15.03.2026 позже окончания 01.02.2026.", id="reversed"),
        pytest.param("1.1.2026-1.2.2026-1.3.2026", "не распознан", id="three dates"),
        pytest.param("x" * 101, "длиннее 100 знаков", id="too long"),
    ],
)
def test_parse_term_refuses_with_words(text: str, words: str) -> None:
    with pytest.raises(TermUnreadable) as refusal:
        parse_term(text, period=YEAR)

    assert words in str(refusal.value)


def test_parse_term_keeps_the_known_beginning_of_a_single_date() -> None:
    assert parse_term("15.03.2026", period=YEAR, first=date(2026, 2, 1)).first == date(2026, 2, 1)


def test_parse_term_drops_a_beginning_after_the_new_date() -> None:
    assert parse_term("15.01.2026", period=YEAR, first=date(2026, 2, 1)).first is None


@pytest.mark.parametrize("text", ["15.03.2026", "Март 2026", "II квартал", "в течение года", ""])
def test_term_text_reads_back_as_it_was_typed(text: str) -> None:
    assert term_text(parse_term(text, period=YEAR)) == text


@pytest.mark.parametrize(
    ("words", "expected"),
    [("в течение года", True), ("В течение всего периода", True), ("ежеквартально", False), ("", False)],
)
def test_is_whole_period_tells_terms_without_a_date(words: str, *, expected: bool) -> None:
    assert is_whole_period(words) is expected
    assert Term(first=None, last=None, words=words).is_whole_period is expected
