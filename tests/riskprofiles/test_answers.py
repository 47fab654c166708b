"""What is missing in a self-diagnosis, without a database."""

from typing import Any

import pytest

from riskprofiles.answers import Answer, Field, Severity, errors, gaps, is_filled
from riskprofiles.scoring import RiskLevel


def answer(**fields: Any) -> Answer:
    return Answer(**{"factor": "1", "title": "Кадры", **fields})


FULL = {"relevant": True, "level": RiskLevel.LOW, "measures": "Наставничество", "evidence": "Протокол № 1"}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        pytest.param({}, [Field.RELEVANT], id="silent"),
        pytest.param(FULL, [], id="full"),
        pytest.param({**FULL, "level": None}, [Field.LEVEL], id="no level"),
        pytest.param({**FULL, "measures": "  "}, [Field.MEASURES], id="blank measures"),
        pytest.param({"relevant": True}, [Field.LEVEL, Field.MEASURES], id="relevant only"),
        pytest.param({"relevant": False}, [], id="not relevant, nothing calculated"),
        pytest.param({"relevant": False, "calculated": RiskLevel.LOW}, [], id="not relevant, low"),
        pytest.param({"relevant": False, "calculated": RiskLevel.MEDIUM}, [Field.DISPUTE], id="against medium"),
        pytest.param({"relevant": False, "calculated": RiskLevel.HIGH}, [Field.DISPUTE], id="against high"),
        pytest.param(
            {"relevant": False, "calculated": RiskLevel.HIGH, "dispute": "Малый класс"},
            [],
            id="explained",
        ),
    ],
)
def test_obligatory_fields_are_named(given: dict[str, Any], missing: list[Field]) -> None:
    assert [gap.field for gap in errors(gaps([answer(**given)]))] == missing


def test_missing_evidence_is_a_warning_only() -> None:
    found = gaps([answer(**{**FULL, "evidence": ""})])

    assert [(gap.field, gap.severity) for gap in found] == [(Field.EVIDENCE, Severity.WARNING)]
    assert is_filled(answer(**{**FULL, "evidence": ""}))


def test_gaps_keep_the_order_of_the_form() -> None:
    found = gaps([answer(factor="2", title="Б"), answer(**FULL), answer(factor="1", title="А")])

    assert [(gap.factor, gap.title) for gap in found] == [("2", "Б"), ("1", "А")]


def test_gap_says_what_to_do() -> None:
    assert gaps([answer()])[0].text == "Ответьте, актуален ли этот риск для школы."
