from datetime import date
from typing import Any

import pytest

from roadmaps.lints import Plan, PlannedMeasure, Weight, errors, remarks

FACTORS = {"f1": "Дефицит педагогических кадров", "f2": "Низкая учебная мотивация обучающихся"}


def measure(**fields: Any) -> PlannedMeasure:
    defaults: dict[str, Any] = {
        "key": "m1",
        "number": "1.1",
        "title": "Закрепить наставников",
        "indicator": "Наставник у каждого педагога",
        "responsible": "Громова И. В.",
        "due_date": date(2026, 5, 20),
        "factors": frozenset({"f1"}),
    }
    return PlannedMeasure(**{**defaults, **fields})


def plan(*measures: PlannedMeasure, **fields: Any) -> Plan:
    defaults: dict[str, Any] = {
        "period_from": date(2026, 1, 1),
        "period_to": date(2026, 12, 31),
        "measures": measures,
        "activated": {},
    }
    return Plan(**{**defaults, **fields})


def texts(*measures: PlannedMeasure, **fields: Any) -> list[str]:
    return [remark.text for remark in remarks(plan(*measures, **fields))]


def test_remarks_of_a_complete_plan_are_none() -> None:
    assert texts(measure(), activated={"f1": FACTORS["f1"]}) == []


def test_remarks_ask_for_a_first_measure() -> None:
    assert texts() == ["В карте нет мероприятий. Добавьте первое."]


def test_remarks_name_the_activated_factor_without_a_measure() -> None:
    assert texts(measure(), activated=FACTORS) == [
        "Для риска «Низкая учебная мотивация обучающихся» нет мероприятия. Добавьте хотя бы одно.",
    ]


@pytest.mark.parametrize(
    ("fields", "field", "text"),
    [
        ({"title": " "}, "title", "1.1: напишите, что будет сделано."),
        ({"indicator": ""}, "indicator", "1.1: укажите показатель, по которому увидим результат."),
        ({"responsible": ""}, "responsible", "1.1: назначьте ответственного."),
        ({"due_date": None}, "term", "1.1: укажите срок."),
        (
            {"due_date": date(2027, 1, 15)},
            "term",
            "1.1: срок 15.01.2027 вне периода карты, 01.01.2026 — 31.12.2026.",
        ),
        (
            {"date_from": date(2025, 12, 30)},
            "term",
            "1.1: начало 30.12.2025 вне периода карты, 01.01.2026 — 31.12.2026.",
        ),
        (
            {"date_from": date(2025, 12, 30), "due_date": date(2027, 1, 15)},
            "term",
            "1.1: срок 15.01.2027 и начало 30.12.2025 вне периода карты, 01.01.2026 — 31.12.2026.",
        ),
    ],
)
def test_remarks_lead_to_the_cell(fields: dict[str, Any], field: str, text: str) -> None:
    [remark] = remarks(plan(measure(**fields)))

    assert (remark.text, remark.measure, remark.field) == (text, "m1", field)


@pytest.mark.parametrize(("whole", "total", "found"), [(2, 5, 0), (3, 5, 1), (0, 1, 0), (1, 1, 1)])
def test_remarks_limit_terms_of_the_whole_year_to_forty_percent(whole: int, total: int, found: int) -> None:
    rows = [measure(timing="в течение года" if n < whole else "") for n in range(total)]

    assert len(remarks(plan(*rows))) == found


def test_remarks_tell_the_share_of_terms_of_the_whole_year() -> None:
    rows = [measure(timing="в течение года"), measure(timing="в течение года"), measure()]

    assert texts(*rows) == [
        (
            "Срок «в течение года» у 2 из 3 мероприятий (66,7\u00a0%), а можно не более 40\u00a0%. "
            "Назовите месяцы или даты."
        ),
    ]


def test_remarks_only_warn_of_an_order_before_the_list() -> None:
    found = remarks(plan(measure(), order_date=date(2026, 1, 10), list_date=date(2026, 2, 1)))

    assert [remark.weight for remark in found] == [Weight.WARNING]
    assert errors(found) == []


@pytest.mark.parametrize("list_date", [None, date(2026, 1, 10)])
def test_remarks_accept_an_order_on_the_day_of_the_list_or_without_one(list_date: date | None) -> None:
    assert remarks(plan(measure(), order_date=date(2026, 1, 10), list_date=list_date)) == []
