from datetime import date

import pytest

from reports.periods import calendar_year, periods_on, school_year, spans_on


@pytest.mark.parametrize(
    ("today", "codes"),
    [
        pytest.param(date(2026, 11, 24), ["y2026", "s2026", "y2025", "s2025"], id="autumn"),
        pytest.param(date(2026, 8, 31), ["y2026", "s2025", "y2025", "s2024"], id="last day of a school year"),
        pytest.param(date(2026, 9, 1), ["y2026", "s2026", "y2025", "s2025"], id="first day of a school year"),
    ],
)
def test_usual_periods_depend_on_the_day(today: date, codes: list[str]) -> None:
    assert [period.code for period in periods_on(today)] == codes


def test_years_include_both_ends() -> None:
    assert (calendar_year(2026).start, calendar_year(2026).end) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (school_year(2025).start, school_year(2025).end) == (date(2025, 9, 1), date(2026, 8, 31))
    assert school_year(2025).title == "2025/2026 учебный\u00a0год"


def test_spans_end_with_this_year() -> None:
    spans = [(span.title.replace("\u00a0", " "), span.start, span.end) for span in spans_on(date(2026, 3, 1))]

    assert spans == [
        ("2025–2026 годы", date(2025, 1, 1), date(2026, 12, 31)),
        ("2024–2026 годы", date(2024, 1, 1), date(2026, 12, 31)),
        ("2022–2026 годы", date(2022, 1, 1), date(2026, 12, 31)),
    ]
