from datetime import date

import pytest

from reports.facts.cautions import caution, counted_caution
from reports.facts.parts import CautionCode


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1\u00a0школа ещё не сдала"),
        (2, "2\u00a0школы ещё не сдали"),
        (5, "5\u00a0школ ещё не сдали"),
        (11, "11\u00a0школ ещё не сдали"),
        (21, "21\u00a0школа ещё не сдала"),
        (112, "112\u00a0школ ещё не сдали"),
    ],
)
def test_late_schools_are_counted_in_good_russian(number: int, words: str) -> None:
    (found,) = counted_caution(CautionCode.SCHOOLS_NOT_SUBMITTED, [f"СОШ № {n}" for n in range(number)])

    assert found.text.startswith(words)


def test_many_schools_are_not_all_named() -> None:
    (found,) = counted_caution(CautionCode.SCHOOLS_WITHOUT_ROADMAP, ["А", "Б", "В", "Г"])

    assert "(А, Б, В и другие)" in found.text


def test_nobody_late_is_nothing_to_say() -> None:
    assert counted_caution(CautionCode.SCHOOLS_NOT_SUBMITTED, []) == []


def test_dates_of_orders_are_named() -> None:
    found = caution(CautionCode.ROADMAP_BEFORE_LIST, plan=date(2026, 1, 10), listed=date(2026, 1, 30))

    assert "утверждена 10.01.2026, раньше приказа о перечне (30.01.2026)" in found.text
