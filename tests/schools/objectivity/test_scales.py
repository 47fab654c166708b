"""Scales of marks: those of the installation go first, a wrong file is told in words."""

from pathlib import Path
from typing import Any

import pytest

from schools.objectivity import MarkScale, ScalesRefused, mark_borders, read_scales
from schools.objectivity.scales import scales_of

ENTRY: dict[str, Any] = {
    "procedure": "VPR",
    "subject": "RU",
    "grade": 5,
    "maximum": 45,
    "borders": [18, 29, 39],
    "source": "письмо",
}
FILE = """
[[scale]]
procedure = "VPR"
subject = "RU"
grade = 5
years = [2026]
maximum = 45
borders = [18, 29, 39]
source = "письмо министерства"
"""


def test_file_of_the_installation_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mark_scales.toml"
    path.write_text(FILE, encoding="utf-8")

    (scale,) = read_scales(path)

    assert (scale.borders, scale.years, scale.source) == ((18, 29, 39), (2026,), "письмо министерства")
    assert mark_borders("VPR", "RU", 5, 2026, 45, own=[scale]) == (18, 29, 39)
    assert mark_borders("VPR", "RU", 5, 2025, 45, own=[scale]) is None
    assert mark_borders("VPR", "RU", 5, 2026, 44, own=[scale]) is None


def test_no_file_is_no_scale(tmp_path: Path) -> None:
    assert read_scales(tmp_path / "mark_scales.toml") == ()


def test_own_scale_goes_before_those_of_vpr_and_of_oge() -> None:
    vpr, oge = (
        MarkScale(procedure=kind, subject=subject, grade=grade, maximum=most, borders=(1, 2, 3), source="регион")
        for kind, subject, grade, most in (("VPR", "MA", 4, 20), ("OGE", "RU", 9, 33))
    )

    assert mark_borders("VPR", "MA", 4, 2026, 20, own=[vpr, oge]) == (1, 2, 3)
    assert mark_borders("OGE", "RU", 9, 2024, 33, own=[vpr, oge]) == (1, 2, 3)


def test_five_may_begin_at_the_maximum() -> None:
    assert next(scales_of({"scale": [{**ENTRY, "borders": [18, 29, 45]}]})).borders == (18, 29, 45)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"procedure": "ABC"}, "procedure — одно из: VPR", id="procedure"),
        pytest.param({"subject": "XX"}, "subject — одно из: RU", id="subject"),
        pytest.param({"grade": 12}, "grade — класс от 1 до 11", id="grade"),
        pytest.param({"borders": [18, 18, 39]}, "по возрастанию", id="equal borders"),
        pytest.param({"borders": [0, 18, 39]}, "по возрастанию", id="border of nothing"),
        pytest.param({"borders": [18, 29, 46]}, "не больше maximum", id="above the maximum"),
        pytest.param({"borders": [18, 29]}, "три целых числа", id="two borders"),
        pytest.param({"borders": "18, 29, 39"}, "три целых числа", id="no list"),
        pytest.param({"borders": [18, True, 39]}, "три целых числа", id="no number"),
        pytest.param({"maximum": "45"}, "три целых числа", id="maximum in quotes"),
        pytest.param({"source": " "}, "source — откуда взята шкала", id="no source"),
        pytest.param({"years": ["2026"]}, "years — список лет", id="years in quotes"),
        pytest.param({"years": 2026}, "years — список лет", id="one year"),
        pytest.param({"marks": 5}, "лишнее: marks", id="unknown"),
    ],
)
def test_wrong_scale_is_told_by_its_number(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ScalesRefused) as refused:
        list(scales_of({"scale": [ENTRY, {**ENTRY, **changes}]}))

    assert str(refused.value).startswith("Шкала 2: ")
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(
            {"scale": [{"procedure": "VPR"}]}, "не указано: borders, grade, maximum, source, subject", id="few"
        ),
        pytest.param({"scale": ["VPR"]}, "нужна таблица", id="no table"),
        pytest.param({"scale": "VPR"}, "[[scale]]", id="no tables"),
    ],
)
def test_half_a_scale_is_told(content: dict[str, Any], told: str) -> None:
    with pytest.raises(ScalesRefused) as refused:
        list(scales_of(content))

    assert told in str(refused.value)


@pytest.mark.parametrize("content", [b"[[scale", b"\xff\xfe"])
def test_file_that_is_no_toml_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mark_scales.toml"
    path.write_bytes(content)

    with pytest.raises(ScalesRefused, match=r"mark_scales\.toml не читается как TOML"):
        read_scales(path)
