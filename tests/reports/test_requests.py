import json
import uuid
from dataclasses import replace
from datetime import date

import pytest

from reports.errors import UnknownReportKind, WrongScope
from reports.requests import ReportRequest

REQUEST = ReportRequest(
    kind="R4",
    territory=uuid.uuid4(),
    school=uuid.uuid4(),
    period_from=date(2026, 1, 1),
    period_to=date(2026, 12, 31),
    as_of=date(2026, 12, 25),
    dated=date(2026, 12, 29),
    signer_position="Начальник",
    signer_name="И.К. Воронов",
)


@pytest.mark.parametrize("request_", [REQUEST, replace(REQUEST, school=None, kind="R1")])
def test_request_travels_through_json(request_: ReportRequest) -> None:
    assert ReportRequest.from_parameters(json.loads(json.dumps(request_.parameters))) == request_


def test_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(UnknownReportKind, match="Есть: R1, R4, R8"):
        replace(REQUEST, kind="R99")


@pytest.mark.parametrize("kind", ["R1", "R8"])
def test_territorial_kind_about_one_school_is_refused(kind: str) -> None:
    with pytest.raises(WrongScope, match="составляется по территории"):
        replace(REQUEST, kind=kind)


def test_extract_without_its_school_is_refused() -> None:
    with pytest.raises(WrongScope, match="составляется по одной школе"):
        replace(REQUEST, kind="R8S", school=None)


def test_period_backwards_is_refused() -> None:
    with pytest.raises(WrongScope, match="раньше, чем начался"):
        replace(REQUEST, period_to=date(2025, 1, 1))
