"""Flat files of a region, as dirty as they come."""

from collections.abc import Mapping, Sequence
from typing import Any

from schools.intake.percents import share_of_count
from tests.factories.workbooks import workbook

KEYS = ("Год", "Класс ", "Предмет", "Муниципалитет", " Логин", "ОО ", "Кол-во участников")
BIAS_HEAD = ("Год", "Муниципалитет", "Логин", "ОО", "4 РУ", "4 МА", "5 РУ ", "5 МА", "Количество маркеров")


def shares(counts: Sequence[int]) -> list[float]:
    return [float(share_of_count(count, sum(counts))) for count in counts]


def known(login: str, name: str, **work: Any) -> tuple[Any, ...]:
    """Return the first six cells of a row."""
    made = {"year": 2026, "grade": 4, "subject": "Русский язык ", "municipality": "г. Светлоборск", **work}
    return (made["year"], made["grade"], made["subject"], made["municipality"], f"{login} ", f" {name}")


def marks_rows(schools: Mapping[tuple[str, str], Sequence[int]], **work: Any) -> list[tuple[Any, ...]]:
    """Return the rows of `marks.xlsx`; schools: login and name -> counts of 2, 3, 4, 5."""
    rows = [(*known(login, name, **work), sum(counts), *shares(counts)) for (login, name), counts in schools.items()]
    return [(*KEYS, 2, 3, 4, 5), *rows]


def marks_table(schools: Mapping[tuple[str, str], Sequence[int]], **work: Any) -> bytes:
    return workbook(marks_rows(schools, **work))


def scores_table(works: Sequence[tuple[str, str, Sequence[int], Mapping[str, Any]]], *, columns: int = 10) -> bytes:
    """Return `scores.xlsx`; works: login, name, histogram, fields of the work. columns: the highest score and one."""
    rows = [
        (*known(login, name, **work), sum(counts), *shares(counts), *[None] * (columns - len(counts)))
        for login, name, counts, work in works
    ]
    return workbook([(*KEYS, *range(columns)), *rows])


def bias_table(rows: Sequence[tuple[str, str, Sequence[Any], int | None]], *, year: int = 2026) -> bytes:
    """Return `bias.xlsx`; rows: login, name, four cells of signs, their number."""
    return workbook(
        [BIAS_HEAD, *((year, "город Светлоборск", login, name, *signs, total) for login, name, signs, total in rows)],
    )
