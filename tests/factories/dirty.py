"""Tables of results as people spoil them: strategies of hypothesis, most cells good, some of every bad kind."""

import csv
import io
from collections.abc import Sequence
from typing import Final

from hypothesis import strategies as st

from tests.factories.workbooks import RESULT_TITLES

Cells = dict[str, str]
BAD_COUNTS: Final = ("", "—", "н/д", "1E2", "1_000", "-1", "12,5", "４５", "9" * 30, "#DIV/0!", "=1+1", "x" * 2100)


def mostly(good: Sequence[str], bad: Sequence[str]) -> st.SearchStrategy[str]:
    """Return good values nine times of ten."""
    return st.integers(0, 9).flatmap(lambda dice: st.sampled_from(tuple(good) if dice else tuple(bad)))


@st.composite
def dirty_line(draw: st.DrawFn, logins: Sequence[str]) -> Cells:
    """Return one line; with numbers that fit unless something was spoilt."""
    marks = draw(st.lists(st.integers(0, 9), min_size=4, max_size=4))
    line = dict(zip(("«2»", "«3»", "«4»", "«5»"), map(str, marks), strict=True))
    line["Участников"] = draw(mostly([str(sum(marks))], [*BAD_COUNTS, "1"]))
    line["Логин"] = draw(mostly(logins, ["edu999999", "", "\u202e"]))
    line["Процедура"] = draw(mostly(["КДР", "впр", "BПР", " РДР "], ["ВКР", "", "@SUM(A1)"]))
    line["Год"] = draw(mostly(["2026", "2025/2026", "2025"], ["1999", "2031", "год"]))
    line["Предмет"] = draw(mostly(["Математика", "Русский  язык"], ["Алхимия", ""]))
    line["Класс"] = draw(mostly(["6", "7 класс"], ["99", "шестой"]))
    line["Средний балл"] = draw(mostly(["", "4,5"], [*BAD_COUNTS]))
    line["Понизили"] = line["Подтвердили"] = line["Повысили"] = draw(mostly(["", "0"], ["1", "много"]))
    spoilt = draw(mostly([""], ["«2»", "«5»", "Класс"]))
    return {**line, **({spoilt: draw(st.sampled_from(BAD_COUNTS))} if spoilt else {})}


def dirty_tables(logins: Sequence[str], *, most: int = 6) -> st.SearchStrategy[list[Cells]]:
    return st.lists(dirty_line(logins), min_size=1, max_size=most)


def csv_table(lines: Sequence[Cells], titles: Sequence[str] = RESULT_TITLES) -> bytes:
    """Return the lines as a CSV file with the titles of the portal's template."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(titles)
    writer.writerows([line.get(title, "") for title in titles] for line in lines)
    return stream.getvalue().encode()
