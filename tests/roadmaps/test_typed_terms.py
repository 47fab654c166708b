"""Terms that people mistype, and beginnings: each is read or refused in words, none breaks a page."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadmaps.cells import CELLS
from roadmaps.errors import CellRefused
from roadmaps.models import Measure, Roadmap
from roadmaps.terms import Term, TermUnreadable, parse_term, term_text

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
SCHOOL_YEAR = (date(2026, 9, 1), date(2027, 5, 31))


def measure(**fields: object) -> Measure:
    return Measure(roadmap=Roadmap(period_from=YEAR[0], period_to=YEAR[1]), **fields)


@pytest.mark.parametrize(
    "text",
    [
        "март 0000",
        "март 9999",
        "декабрь 9999",
        "I квартал 0000",
        "4 кв. 9999",
        "01.01.0001",
        "31.12.9999",
        "31.12.2037",
        "01.01.2015–31.12.2026",
        "15.12.15",
        "15.12.99",
    ],
)
def test_year_far_from_the_period_is_a_slip_and_is_told(text: str) -> None:
    with pytest.raises(TermUnreadable, match="далеко от периода карты"):
        parse_term(text, period=YEAR)


@pytest.mark.parametrize("text", ["31.12.2016", "31.12.2036", "15.12.36", "март 2036", "IV квартал 2016"])
def test_year_within_ten_years_of_the_period_is_read(text: str) -> None:
    assert parse_term(text, period=YEAR).last is not None


@pytest.mark.parametrize(
    ("month", "last"),
    [
        ("январь", date(2026, 1, 31)),
        ("февраль", date(2026, 2, 28)),
        ("март", date(2026, 3, 31)),
        ("апреля", date(2026, 4, 30)),
        ("Мая", date(2026, 5, 31)),
        ("июнь 2026 г.", date(2026, 6, 30)),
        ("июль 2026 года", date(2026, 7, 31)),
        ("август", date(2026, 8, 31)),
        ("сентября", date(2026, 9, 30)),
        ("октябрь", date(2026, 10, 31)),
        ("ноябрь", date(2026, 11, 30)),
        ("декабрь", date(2026, 12, 31)),
        ("февраль 2028", date(2028, 2, 29)),
    ],
)
def test_month_lasts_till_its_last_day(month: str, last: date) -> None:
    term = parse_term(month, period=YEAR)

    assert (term.first, term.last) == (last.replace(day=1), last)
    assert term.words[0].isupper()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("I квартал", date(2026, 1, 1), date(2026, 3, 31)),
        ("ii квартал 2026 года", date(2026, 4, 1), date(2026, 6, 30)),
        ("3 квартал", date(2026, 7, 1), date(2026, 9, 30)),
        ("4-й квартал 2026 г.", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_quarter_lasts_three_months(text: str, first: date, last: date) -> None:
    term = parse_term(text, period=YEAR)

    assert (term.first, term.last, term.words) == (first, last, text)


@pytest.mark.parametrize(
    "text", ["0 квартал", "5 квартал", "V квартал", "квартал", "мартобрь", "32.01.2026", "1.2.3.4"]
)
def test_what_is_no_term_is_refused_with_examples(text: str) -> None:
    with pytest.raises(TermUnreadable, match="Введите дату, например"):
        parse_term(text, period=YEAR)


def read(text: str) -> Term | str:
    """Return the term, or the words of the refusal."""
    try:
        return parse_term(text, period=SCHOOL_YEAR)
    except TermUnreadable as refusal:
        return str(refusal)


@given(text=st.text(max_size=40))
def test_any_text_is_a_term_or_a_refusal_in_words(text: str) -> None:
    found = read(text)

    assert isinstance(found, Term) or found[0].isupper()


@given(day=st.dates(min_value=SCHOOL_YEAR[0], max_value=SCHOOL_YEAR[1]))
def test_day_of_the_period_typed_without_its_year_is_found(day: date) -> None:
    assert parse_term(f"{day:%d.%m}", period=SCHOOL_YEAR) == Term(first=None, last=day)


@given(
    first=st.dates(min_value=SCHOOL_YEAR[0], max_value=SCHOOL_YEAR[1]),
    last=st.dates(min_value=SCHOOL_YEAR[0], max_value=SCHOOL_YEAR[1]),
)
def test_range_is_read_the_right_way_round_only(first: date, last: date) -> None:
    text = f"{first:%d.%m.%Y} — {last:%d.%m.%Y}"

    if first <= last:
        assert parse_term(text, period=SCHOOL_YEAR) == Term(first=first, last=last)
    else:
        with pytest.raises(TermUnreadable, match="Поменяйте их местами"):
            parse_term(text, period=SCHOOL_YEAR)


@given(day=st.dates(min_value=SCHOOL_YEAR[0], max_value=SCHOOL_YEAR[1]))
def test_term_reads_back_from_its_own_text(day: date) -> None:
    term = Term(first=None, last=day)

    assert parse_term(term_text(term), period=SCHOOL_YEAR) == term


# The beginning


@pytest.mark.parametrize(
    ("text", "start"),
    [
        pytest.param("март", date(2026, 3, 1), id="month begins on its first day"),
        pytest.param("II квартал", date(2026, 4, 1), id="quarter begins with its first month"),
        pytest.param("01.02–15.03", date(2026, 2, 1), id="range begins with its first day"),
        pytest.param("в течение года", date(2026, 1, 1), id="whole year begins with the roadmap"),
        pytest.param("05.02", date(2026, 2, 5), id="date"),
        pytest.param("   ", None, id="nothing"),
    ],
)
def test_beginning_is_the_first_day_of_what_was_typed(text: str, start: date | None) -> None:
    row = measure(date_from=date(2026, 1, 20), due_date=date(2026, 12, 15))

    assert CELLS["start"].parse(text, row) == {"date_from": start}


def test_beginning_may_be_the_last_day_itself() -> None:
    assert CELLS["start"].parse("15.12", measure(due_date=date(2026, 12, 15))) == {"date_from": date(2026, 12, 15)}


def test_beginning_without_a_last_day_is_kept() -> None:
    assert CELLS["start"].parse("15.12", measure()) == {"date_from": date(2026, 12, 15)}


@pytest.mark.parametrize("cell", ["term", "start"])
def test_year_that_nobody_means_is_refused_in_the_cell(cell: str) -> None:
    with pytest.raises(CellRefused, match="Год 9999 далеко от периода карты"):
        CELLS[cell].parse("31.12.9999", measure())


# Other cells


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("0", "0", id="zero is a sum"),
        pytest.param("200000", "200 000", id="grouped"),
        pytest.param("200 000 ₽", "200 000", id="sign of the rouble"),
        pytest.param("200\u00a0000,5 руб", "200 000,50", id="unbroken space and kopecks"),
        pytest.param("9999999999,99", "9 999 999 999,99", id="the largest"),
    ],
)
def test_sum_is_shown_as_it_is_written_in_documents(text: str, shown: str) -> None:
    row = measure(**CELLS["amount"].parse(text, measure()))

    assert CELLS["amount"].show(row) == shown


@pytest.mark.parametrize("text", ["12345678901", "1,234", "1e5", "NaN", "тысяча", "5-6", "+5"])
def test_sum_that_is_no_sum_is_refused(text: str) -> None:
    with pytest.raises(CellRefused, match="Введите сумму в рублях, например 200 000"):
        CELLS["amount"].parse(text, measure())


@pytest.mark.parametrize("name", sorted(CELLS))
def test_every_cell_has_a_title_and_takes_an_empty_text(name: str) -> None:
    row = measure(**CELLS[name].parse("", measure()))

    assert CELLS[name].title[0].isupper()
    assert CELLS[name].show(row) == ""


def test_columns_of_the_plan_belong_to_one_cell_but_the_beginning() -> None:
    columns = [column for cell in CELLS.values() for column in cell.columns]

    assert {column for column in columns if columns.count(column) > 1} == {"date_from"}
