"""A file of a year is matched by the names and codes of that year."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.intake.matching import KnownSchool, Match, Moment, Outcome, SchoolIndex, Span, moment_of
from schools.intake.rows import SchoolRef, WorkKey

SEPTEMBER = date(2025, 9, 1)


def work(year: int, period: str = "spring") -> Moment:
    return moment_of(WorkKey(procedure="VPR", year=year, period=period, subject="RU", grade=5))


def span(name: str, login: str = "", start: date | None = None, end: date | None = None, gia_code: str = "") -> Span:
    return Span(name=name, login=login, gia_code=gia_code, start=start, end=end)


def school(number: int, *spans: Span, inn: str = "", is_branch: bool = False) -> KnownSchool[int]:
    """Return a school whose card says what its last span says."""
    last = spans[-1]
    return KnownSchool(
        id=number,
        name=last.name,
        inn=inn,
        login=last.login,
        gia_code=last.gia_code,
        spans=spans,
        is_branch=is_branch,
    )


# The name of school 1 went to school 2 in September 2025; school 3 joined school 2 then.
FIRST = school(
    1,
    span("СОШ № 1", "edu000001", end=SEPTEMBER, gia_code="001"),
    span("Лицей", "edu000011", SEPTEMBER, gia_code="011"),
)
SECOND = school(2, span("Школа на реке", "edu000002", end=SEPTEMBER), span("СОШ № 1", "edu000002", SEPTEMBER))
ENDED = school(3, span("СОШ № 3", "edu000003", end=SEPTEMBER), inn="1000000037")
INDEX = SchoolIndex([FIRST, SECOND, ENDED])


def found(when: Moment | None, index: SchoolIndex[int] = INDEX, **ref: Any) -> int | None:
    match: Match[int] = index.match(SchoolRef(**ref), when)
    return match.school.id if match.school else None


# The time of a work


@pytest.mark.parametrize(
    ("moment", "day", "first", "last"),
    [
        (work(2026), date(2026, 6, 15), date(2025, 9, 1), date(2026, 8, 31)),
        (work(2026, "main"), date(2026, 6, 15), date(2025, 9, 1), date(2026, 8, 31)),
        (work(2026, "autumn"), date(2026, 10, 1), date(2026, 9, 1), date(2027, 8, 31)),
        (work(2026, "sept"), date(2026, 10, 1), date(2026, 9, 1), date(2027, 8, 31)),
        (Moment.of_day(date(2026, 1, 31)), date(2026, 1, 31), date(2025, 9, 1), date(2026, 8, 31)),
    ],
)
def test_moment_is_the_day_of_the_work_and_its_school_year(moment: Moment, day: date, first: date, last: date) -> None:
    assert (moment.day, moment.first, moment.last) == (day, first, last)


@given(st.dates(date(1, 9, 1), date(9998, 1, 1)))
def test_day_lies_in_its_school_year(day: date) -> None:
    moment = Moment.of_day(day)

    assert moment.first <= day <= moment.last


# Names and codes


@pytest.mark.parametrize(
    ("when", "name", "number"),
    [
        pytest.param(work(2024), "СОШ № 1", 1, id="the school that bore the name then"),
        pytest.param(work(2026), "СОШ № 1", 2, id="the school that bears it since"),
        pytest.param(None, "СОШ № 1", 2, id="without a time the one of now"),
        pytest.param(work(2026), "Лицей", 1, id="its new name"),
        pytest.param(work(2024), "Лицей", 1, id="a new name in an old file that nobody else ever bore"),
        pytest.param(work(2026), "Школа на реке", 2, id="an old name in a new file that nobody else ever bore"),
        pytest.param(work(2025, "autumn"), "СОШ № 1", 2, id="the autumn after the change"),
    ],
)
def test_name_is_resolved_by_the_date(when: Moment | None, name: str, number: int) -> None:
    assert found(when, name=name) == number


@pytest.mark.parametrize("when", [None, work(2024), work(2026)])
@pytest.mark.parametrize("ref", [{"login": "edu000001"}, {"login": "edu000011"}, {"gia_code": "001"}])
def test_codes_of_now_and_of_before_lead_to_the_school(when: Moment | None, ref: dict[str, Any]) -> None:
    assert found(when, **ref) == 1


def test_code_that_went_to_another_school_is_resolved_by_the_date() -> None:
    one = school(1, span("А", "edu000001", end=SEPTEMBER), span("А", "edu000009", SEPTEMBER))
    other = school(2, span("Б", "edu000002", end=SEPTEMBER), span("Б", "edu000001", SEPTEMBER))
    index = SchoolIndex([one, other])

    assert (found(work(2024), index, login="edu000001"), found(work(2026), index, login="edu000001")) == (1, 2)


def test_former_login_does_not_contradict_the_name() -> None:
    assert found(work(2026), name="Лицей", login="edu000001") == 1


def test_login_that_the_school_never_had_contradicts_its_former_name() -> None:
    assert found(work(2024), name="СОШ № 1", login="edu999999") is None


# Schools that ended, schools that were not there yet


@pytest.mark.parametrize("ref", [{"name": "СОШ № 3"}, {"login": "edu000003"}, {"inn": "1000000037"}])
def test_results_of_the_year_before_stay_with_the_school_that_ended(ref: dict[str, Any]) -> None:
    assert found(work(2025), **ref) == 3
    assert found(work(2026), **ref) is None


def test_name_and_login_of_a_legal_entity_go_on_with_the_next_one() -> None:
    before = school(1, span("СОШ № 1", "edu000001", end=SEPTEMBER), inn="1000000012")
    after = school(2, span("СОШ № 1", "edu000001", SEPTEMBER), inn="1000000029")
    index = SchoolIndex([before, after])

    for ref in ({"name": "СОШ № 1"}, {"login": "edu000001"}):
        assert (found(work(2025), index, **ref), found(work(2026), index, **ref)) == (1, 2)


def test_school_that_ended_within_the_school_year_still_takes_its_works() -> None:
    index = SchoolIndex([school(1, span("СОШ № 1", end=date(2026, 3, 1)))])

    assert found(work(2026), index, name="СОШ № 1") == 1


def test_two_bearers_of_one_day_are_ambiguous() -> None:
    index = SchoolIndex([school(1, span("СОШ № 1")), school(2, span("СОШ № 1"))])

    assert index.match(SchoolRef(name="СОШ № 1"), work(2026)).outcome == Outcome.AMBIGUOUS


# Branches


HEAD = school(1, span("СОШ № 1", "edu000001"), inn="1000000012")
BRANCH = school(2, span("Филиал в Лесном", "edu000002"), inn="1000000012", is_branch=True)


@pytest.mark.parametrize(
    ("ref", "number"),
    [
        ({"inn": "1000000012"}, 1),
        ({"inn": "1000000012", "login": "edu000002"}, 2),
        ({"inn": "1000000012", "name": "Филиал в Лесном"}, 2),
        ({"inn": "1000000012", "name": "СОШ № 1"}, 1),
        ({"inn": "1000000012", "name": "Филиал в Заречье"}, None),
        ({"inn": "1000000029", "name": "Филиал в Лесном"}, None),
    ],
)
def test_shared_inn_goes_with_what_the_row_tells_besides(ref: dict[str, str], number: int | None) -> None:
    assert found(work(2026), SchoolIndex([HEAD, BRANCH]), **ref) == number
