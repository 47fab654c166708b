"""Facts to JSON and back: no database."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.facts.codec import UnreadableFacts, from_json, to_json
from reports.facts.parts import CautionCode, Share
from reports.facts.r1 import R1Facts
from reports.facts.r4 import R4Facts
from reports.facts.r8 import R8Facts
from tests.factories.facts import make_r1, make_r4, make_r8


@pytest.mark.parametrize("facts", [make_r1(), make_r4(), make_r8()], ids=["R1", "R4", "R8"])
def test_facts_survive_the_database(facts: Any) -> None:
    stored = json.loads(json.dumps(to_json(facts), ensure_ascii=False))

    assert from_json(type(facts), stored) == facts


@pytest.mark.parametrize("cls", [R1Facts, R4Facts, R8Facts])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_facts_come_back_exactly(cls: type[Any], data: st.DataObject) -> None:
    facts = data.draw(st.from_type(cls))

    assert from_json(cls, json.loads(json.dumps(to_json(facts)))) == facts


@dataclass(frozen=True)
class Sample:
    code: CautionCode
    day: date
    share: Share | None
    names: tuple[str, ...]


GOOD = {"code": "no_list", "day": "2026-11-24", "share": None, "names": ["а"]}


def test_values_become_their_types() -> None:
    assert from_json(Sample, GOOD) == Sample(CautionCode.NO_LIST, date(2026, 11, 24), None, ("а",))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        pytest.param({"code": "unknown"}, "Sample.code", id="unknown code"),
        pytest.param({"day": "завтра"}, "Sample.day", id="no date"),
        pytest.param({"day": 5}, "Sample.day", id="a number for a date"),
        pytest.param({"names": "а"}, "Sample.names", id="a text for a list"),
        pytest.param({"names": [1]}, r"Sample.names\[0\]", id="a number for a text"),
        pytest.param({"share": {"numerator": 1}}, "Sample.share", id="a field is missing"),
        pytest.param({"extra": 1}, "Sample", id="a field too many"),
    ],
)
def test_stored_facts_of_another_shape_are_refused_with_their_place(change: dict[str, Any], place: str) -> None:
    with pytest.raises(UnreadableFacts, match=place):
        from_json(Sample, {**GOOD, **change})


@pytest.mark.parametrize("value", [1.5, {"a": 1}, object()], ids=["float", "mapping", "object"])
def test_facts_hold_nothing_that_does_not_come_back(value: object) -> None:
    with pytest.raises(TypeError, match="Facts hold no"):
        to_json(value)


@dataclass(frozen=True)
class Grown:
    code: CautionCode
    later: tuple[int, ...] = ()


def test_field_that_came_later_may_be_absent() -> None:
    assert from_json(Grown, {"code": "no_list"}) == Grown(CautionCode.NO_LIST)
    assert from_json(Grown, {"code": "no_list", "later": [1]}) == Grown(CautionCode.NO_LIST, (1,))


def test_field_without_a_default_may_not_be_absent() -> None:
    with pytest.raises(UnreadableFacts, match="Grown"):
        from_json(Grown, {"later": [1]})


def test_list_built_before_the_pictures_reads_the_same() -> None:
    stored = to_json(make_r8())
    del stored["spread"], stored["years"]

    assert from_json(R8Facts, stored) == make_r8()
