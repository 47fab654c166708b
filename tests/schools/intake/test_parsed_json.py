"""A parsed file survives being kept as JSON."""

import json
from decimal import Decimal

import pytest

from schools.intake.layouts import federal_marks
from schools.intake.parse import parse_file
from schools.intake.parsed_json import parsed_json, parsed_of
from schools.intake.rows import (
    Counts,
    Journal,
    ParsedFile,
    ProblemCode,
    Record,
    ResultRow,
    SchoolRef,
    WorkKey,
    problem_at,
)
from tests.factories import workbooks

WORK = WorkKey(procedure="OGE", year=2026, period="main", subject="MA", grade=9)
COUNTS = Counts(
    participants=3,
    marks=(1, 1, 1, 0),
    percents=(Decimal("33.33"), Decimal("33.33"), Decimal("33.34"), Decimal(0)),
    mean_score=Decimal("12.5"),
    score_hist=(0, 1, 2),
    level_counts={"low": 1, "high": 2},
)
ROW = ResultRow(
    sheet="Ф1",
    row=2,
    school=SchoolRef(login="edu900001"),
    work=WORK,
    counts=COUNTS,
    journal=Journal(lowered=1, confirmed=1, raised=1),
    markers=("4РУ",),
)
DETAILS = Record(
    target="details",
    sheet="Ф1",
    row=2,
    school=None,
    key={"year": 2026},
    values={"values": {"1": [1, None]}},
)
FULL = ParsedFile(
    layout="federal_pupils",
    title="Ф1",
    rows=(ROW,),
    records=(DETAILS,),
    problems=(problem_at(ProblemCode.EMPTY, "Ф1", 3, "пусто.", cell="C3"),),
    work=WORK,
    meta={"form": "Ф1"},
)


@pytest.mark.parametrize("parsed", [FULL, ParsedFile(layout="x", title="y")], ids=["full", "empty"])
def test_kept_file_comes_back_equal(parsed: ParsedFile) -> None:
    assert parsed_of(json.loads(json.dumps(parsed_json(parsed)))) == parsed


def test_file_with_reference_values_comes_back_equal() -> None:
    parsed = parse_file(workbooks.federal_marks({"МБОУ «СОШ № 1» (edu900001)": (1, 2, 30, 5)}))

    assert parsed.layout == federal_marks.LAYOUT.code
    assert parsed_of(json.loads(json.dumps(parsed_json(parsed)))) == parsed


def test_unknown_field_is_refused() -> None:
    with pytest.raises(KeyError, match="pupils"):
        parsed_of({"layout": "x", "title": "y", "pupils": []})
