from datetime import date

import pytest

from schools.list_warnings import publication_warnings

TODAY = date(2026, 10, 15)


@pytest.mark.parametrize(
    ("order", "counted", "warnings"),
    [
        pytest.param(TODAY, date(2026, 10, 12), 0, id="order after the run"),
        pytest.param(TODAY, TODAY, 0, id="the same day"),
        pytest.param(date(2026, 10, 11), date(2026, 10, 12), 1, id="order before the run"),
        pytest.param(date(2026, 10, 1), None, 0, id="list without a run"),
    ],
)
def test_unusual_dates_of_an_order_are_said(order: date, counted: date | None, warnings: int) -> None:
    assert len(publication_warnings(order_date=order, counted_on=counted)) == warnings


def test_warning_names_both_dates() -> None:
    (text,) = publication_warnings(order_date=date(2026, 3, 17), counted_on=date(2026, 3, 30))

    assert text == "Приказ от 17.03.2026 издан раньше расчёта (30.03.2026). Проверьте дату."
