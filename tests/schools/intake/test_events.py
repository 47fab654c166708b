"""Methodical events as files: what is understood, what is refused, what only warns. No database."""

from datetime import date, datetime
from typing import Any

import pytest

from monitoring.choices import EventKind, EventMode
from schools.intake.event_words import EVENT_KINDS, EVENT_MODES, period_bounds
from schools.intake.layouts import portal_events, recognise
from schools.intake.layouts.portal_events import COLUMNS
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ParsedFile, ProblemCode, Severity
from schools.intake.template_meta import TemplateMeta
from schools.intake.templates_out import events_template
from tests.factories.forms import REF, put_cells, read
from tests.factories.workbooks import book_of

TITLES = tuple(column.title for column in COLUMNS)
GOOD: dict[str, Any] = {
    "Вид мероприятия": "семинар",
    "Тема": "Работа с текстом",
    "Дата": date(2026, 4, 20),
    "Школы": "0000100037; МБОУ «СОШ № 5» (edu900005)",
    "Учителей": 10,
    "Директоров": 2,
}


def events(*rows: dict[str, Any]) -> ParsedFile:
    lines = [tuple(row.get(title) for title in TITLES) for row in rows]
    return portal_events.parse(book_of(TITLES, *lines, name="Мероприятия"))


def changed(**cells: Any) -> ParsedFile:
    return events({**GOOD, **cells})


def test_event_is_read_with_its_schools_and_participants() -> None:
    [record] = events(GOOD).records

    assert record.key == {"kind": "seminar", "topic": "Работа с текстом", "starts_on": "2026-04-20"}
    assert (record.target, record.school) == ("events", None)
    assert [(ref["inn"], ref["login"]) for ref in record.values["schools"]] == [("0000100037", ""), ("", "edu900005")]
    assert (record.values["teachers"], record.values["directors"], record.values["total"]) == (10, 2, 12)
    assert record.values["methodists"] is None


@pytest.mark.parametrize(
    ("title", "given", "field", "kept"),
    [
        ("Вид мероприятия", "Заседание РМО", "kind", "subject_union"),
        ("Вид мероприятия", "НПК", "kind", "conference"),
        ("Вид мероприятия", "Мероприятие ФИОКО", "kind", "wider"),
        ("Дата", "20.04.2026", "starts_on", "2026-04-20"),
        ("Дата", datetime(2026, 4, 20, 10), "starts_on", "2026-04-20"),
    ],
)
def test_words_of_the_key_are_understood(title: str, given: object, field: str, kept: str) -> None:
    assert changed(**{title: given}).records[0].key[field] == kept


@pytest.mark.parametrize(
    ("title", "given", "field", "kept"),
    [
        ("Формат", "Очная", "mode", "onsite"),
        ("Формат", None, "mode", ""),
        ("Факторы риска", "r08, R02 R02", "factors", ["R02", "R08"]),
        ("Дата окончания", "22.04.2026", "ends_on", "2026-04-22"),
        ("Школы", "0000100037\n0000100037", "schools", 1),
        ("Школы", None, "schools", 0),
        ("Материалы", "https://imc.example.ru/1", "materials_url", "https://imc.example.ru/1"),
        ("Всего участников", 12, "total", 12),
        ("Уникальных участников", 11, "unique_people", 11),
    ],
)
def test_words_of_the_values_are_understood(title: str, given: object, field: str, kept: object) -> None:
    value = changed(**{title: given}).records[0].values[field]

    assert (len(value) if field == "schools" else value) == kept


@pytest.mark.parametrize(
    ("cells", "code", "words"),
    [
        ({"Вид мероприятия": "чаепитие"}, ProblemCode.UNKNOWN_VALUE, "вид мероприятия из списка"),
        ({"Вид мероприятия": None}, ProblemCode.EMPTY, "не указан вид"),
        ({"Тема": None}, ProblemCode.EMPTY, "не указана тема"),
        ({"Тема": "я" * 301}, ProblemCode.OUT_OF_RANGE, "длиннее 300 знаков"),
        ({"Дата": None}, ProblemCode.EMPTY, "дата, например"),
        ({"Дата": "в апреле"}, ProblemCode.NOT_A_DATE, "дата ДД.ММ.ГГГГ"),
        ({"Дата окончания": "19.04.2026"}, ProblemCode.OUT_OF_RANGE, "раньше начала"),
        ({"Формат": "на природе"}, ProblemCode.UNKNOWN_VALUE, "очно, онлайн"),
        ({"Факторы риска": "кадры"}, ProblemCode.UNKNOWN_VALUE, "не код фактора"),
        ({"Учителей": "много"}, ProblemCode.NOT_A_NUMBER, "целое число"),
        ({"Всего участников": 13}, ProblemCode.SUM_OF_PARTS, "сумма по категориям 12, всего участников 13"),
        ({"Уникальных участников": 13}, ProblemCode.PART_ABOVE_WHOLE, "13, а всего 12"),
        ({"Материалы": "у методиста"}, ProblemCode.UNKNOWN_VALUE, "не похоже на адрес"),
    ],
)
def test_row_that_does_not_fit_is_refused(cells: dict[str, Any], code: ProblemCode, words: str) -> None:
    parsed = changed(**cells)

    assert parsed.records == ()
    assert [problem.code for problem in parsed.errors] == [code]
    assert words in f"{parsed.errors[0].text_ru} {parsed.errors[0].expected}"


def test_same_event_twice_is_taken_once() -> None:
    parsed = events(GOOD, GOOD)

    assert len(parsed.records) == 1
    assert [problem.code for problem in parsed.problems] == [ProblemCode.REPEATED_ROW]


def test_table_without_events_is_refused() -> None:
    with pytest.raises(LayoutRefusal) as refused:
        events()

    assert refused.value.code == Code.NO_ROWS


@pytest.mark.parametrize(
    ("period", "bounds"),
    [
        ("2026", (date(2026, 1, 1), date(2026, 12, 31))),
        ("2019/2020", (date(2019, 9, 1), date(2020, 8, 31))),
        ("", None),
        ("осень", None),
        ("2019/осень", None),
    ],
)
def test_period_is_a_year_or_an_academic_year(period: str, bounds: tuple[date, date] | None) -> None:
    assert period_bounds(period) == bounds


def template(period: str, **cells: Any) -> bytes:
    meta = TemplateMeta(form="events", version=1, territory="m1", period=period)
    given = {"A2": "консультация групповая", "B2": "Тема", **cells}
    return put_cells(events_template([REF], [], meta), "Мероприятия", given)


def test_date_outside_the_period_of_the_template_is_a_warning() -> None:
    parsed = read(template("2019/2020", C2=date(2020, 10, 10)))

    [problem] = parsed.problems
    assert (problem.code, problem.severity) == (ProblemCode.OUT_OF_PERIOD, Severity.WARNING)
    assert "дата 10.10.2020 вне отчётного периода с 01.09.2019 по 31.08.2020" in problem.text_ru
    assert len(parsed.records) == 1


def test_date_inside_the_period_is_taken_silently() -> None:
    parsed = read(template("2019/2020", C2=date(2019, 10, 10)))

    assert (parsed.problems, parsed.title) == ((), "Мероприятия, 2019/2020")
    assert parsed.meta["territory"] == "m1"


def test_template_is_recognised_by_its_titles_without_the_hidden_sheet() -> None:
    assert recognise(book_of(TITLES, ("семинар", "Тема", "20.04.2026"), name="План")).code == "portal_events"


def test_words_of_files_are_the_stored_choices() -> None:
    assert dict(EventKind.choices) == EVENT_KINDS
    assert dict(EventMode.choices) == EVENT_MODES
