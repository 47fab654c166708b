"""One procedure: exact share, distance in pupils, interval."""

import json
from fractions import Fraction
from typing import Any

import pytest

from schools.identification import Part, PartState, Piece, Procedure, stored_text, wilson_interval
from tests.factories.identification import procedure


def make_part(low: int | None, participants: int | None, needed: int | None) -> Part:
    return Part(
        procedure=procedure(),
        year=2026,
        state=PartState.COUNTED,
        low=low,
        participants=participants,
        needed=needed,
    )


def test_share_is_exact() -> None:
    assert make_part(5, 17, 6).share == Fraction(5, 17)


def test_share_without_data_is_nothing_and_not_zero() -> None:
    part = make_part(None, None, None)

    assert (part.share, part.interval, part.pupils_to_threshold, part.pupils_above_threshold) == (None,) * 4
    assert part.is_low is False


@pytest.mark.parametrize(
    ("low", "to_threshold", "above"),
    [
        pytest.param(12, 0, 1, id="at the threshold one pupil fewer is enough"),
        pytest.param(15, 0, 4, id="above"),
        pytest.param(10, 2, 0, id="below"),
        pytest.param(0, 12, 0, id="nobody"),
    ],
)
def test_distance_to_the_threshold_is_in_pupils(low: int, to_threshold: int, above: int) -> None:
    part = make_part(low, 40, 12)

    assert (part.pupils_to_threshold, part.pupils_above_threshold) == (to_threshold, above)


@pytest.mark.parametrize(
    ("low", "participants", "interval"),
    [
        pytest.param(3, 10, (10.8, 60.3), id="3 of 10"),
        pytest.param(6, 20, (14.5, 51.9), id="6 of 20"),
        pytest.param(9, 30, (16.7, 47.9), id="9 of 30"),
        pytest.param(12, 40, (18.1, 45.4), id="12 of 40"),
        pytest.param(30, 100, (21.9, 39.6), id="30 of 100"),
    ],
)
def test_wilson_interval_equals_the_published_examples(
    low: int,
    participants: int,
    interval: tuple[float, float],
) -> None:
    assert wilson_interval(low, participants) == pytest.approx(interval, abs=0.05)


@pytest.mark.parametrize("low", [0, 5])
def test_wilson_interval_stays_within_a_hundred_per_cent(low: int) -> None:
    lower, upper = wilson_interval(low, 5)

    assert 0 <= lower < upper <= 100


def test_part_is_stored_and_read_back_unchanged() -> None:
    part = Part(
        procedure=procedure(),
        year=2026,
        state=PartState.COUNTED,
        participants=40,
        low=12,
        needed=12,
        is_repeated=True,
        markers=("5РУ",),
        source="17",
    )

    assert Part.from_json(json.loads(json.dumps(part.to_json()))) == part


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="ordinary"),
        pytest.param({"is_repeated": True}, id="repeated"),
        pytest.param({"is_small": True}, id="small"),
        pytest.param({"is_repeated": True, "is_small": True}, id="repeated and small"),
        pytest.param({"state": PartState.SMALL_N, "is_small": True}, id="too small to be counted"),
        pytest.param({"markers": ("5РУ",)}, id="marked"),
        pytest.param({"source": "17,18"}, id="two rows"),
        pytest.param({"source": '"]'}, id="a source that is no number"),
        pytest.param({"source": ""}, id="no source"),
        pytest.param({"state": PartState.NO_DATA, "low": None, "participants": None, "needed": None}, id="no data"),
        pytest.param({"pieces": (Piece(5, 2026, "sept", 6, 2),)}, id="pieces"),
    ],
)
def test_text_of_a_part_is_its_json(fields: dict[str, Any]) -> None:
    part = make_part(12, 40, 12)._replace(source="17")._replace(**fields)

    (stored,) = json.loads(stored_text([part]))
    assert stored == json.loads(json.dumps(part.to_json()))
    assert Part.from_json(stored) == part


def test_text_of_parts_keeps_their_order() -> None:
    first, second = (make_part(12, 40, 12)._replace(source=source) for source in ("17", "18"))

    assert [stored[6] for stored in json.loads(stored_text([first, second]))] == ["17", "18"]
    assert stored_text([]) == "[]"


def test_part_not_counted_is_never_low() -> None:
    part = Part(procedure=procedure(), year=2026, state=PartState.SMALL_N, low=3, participants=3, needed=1)

    assert part.reaches_threshold is True
    assert part.is_low is False


@pytest.mark.parametrize(
    ("each", "code", "name"),
    [
        pytest.param(procedure("VPR", "RU", 5), "ВПР-РУ-5", "ВПР, русский язык, 5 класс", id="ВПР"),
        pytest.param(procedure("OGE", "MA", 9), "ОГЭ-МА", "ОГЭ, математика, 9 класс", id="ОГЭ"),
        pytest.param(procedure("EGE", "MAB", 11), "ЕГЭ-МАБ", "ЕГЭ, математика базовая, 11 класс", id="ЕГЭ"),
        pytest.param(procedure("NEW", "XX", 3), "NEW-XX-3", "NEW, XX, 3 класс", id="unknown codes stay codes"),
    ],
)
def test_procedure_has_a_code_and_a_name(each: Procedure, code: str, name: str) -> None:
    part = Part(procedure=each, year=2026, state=PartState.NO_DATA)

    assert (part.code, part.name) == (code, name)
