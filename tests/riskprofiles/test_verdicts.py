"""The level that a curator's word leaves, without a database."""

import pytest

from riskprofiles.review import Judgement
from riskprofiles.scoring import RiskLevel
from riskprofiles.verdicts import VerdictFault, judged_level

HIGH, MEDIUM, LOW, NONE = RiskLevel.HIGH, RiskLevel.MEDIUM, RiskLevel.LOW, RiskLevel.NONE


@pytest.mark.parametrize(
    ("verdict", "proposed", "chosen", "level"),
    [
        pytest.param(Judgement.CONFIRMED, MEDIUM, None, MEDIUM, id="confirmed"),
        pytest.param(Judgement.CONFIRMED, MEDIUM, HIGH, MEDIUM, id="confirmed whatever is picked"),
        pytest.param(Judgement.CONFIRMED, NONE, None, NONE, id="confirmed that there is none"),
        pytest.param(Judgement.CHANGED, MEDIUM, HIGH, HIGH, id="changed"),
        pytest.param(Judgement.CHANGED, MEDIUM, NONE, NONE, id="changed to none"),
        pytest.param(Judgement.CHANGED, None, LOW, LOW, id="changed from nothing"),
        pytest.param(Judgement.REJECTED, HIGH, None, NONE, id="rejected"),
        pytest.param(Judgement.REJECTED, None, None, NONE, id="rejected without any level"),
        pytest.param(Judgement.ADDED, None, LOW, LOW, id="added to nothing"),
        pytest.param(Judgement.ADDED, NONE, MEDIUM, MEDIUM, id="added against none"),
    ],
)
def test_verdict_gives_a_level(
    verdict: Judgement, proposed: RiskLevel | None, chosen: RiskLevel | None, level: RiskLevel
) -> None:
    assert judged_level(verdict, proposed=proposed, chosen=chosen, reason="Так видно на уроках") is level


@pytest.mark.parametrize(
    ("verdict", "proposed", "chosen", "reason", "words"),
    [
        pytest.param(Judgement.CHANGED, MEDIUM, HIGH, " ", "обоснование", id="changed without a reason"),
        pytest.param(Judgement.REJECTED, MEDIUM, None, "", "обоснование", id="rejected without a reason"),
        pytest.param(Judgement.ADDED, None, LOW, "", "обоснование", id="added without a reason"),
        pytest.param(Judgement.CONFIRMED, None, None, "", "Подтверждать нечего", id="nothing to confirm"),
        pytest.param(Judgement.CHANGED, MEDIUM, None, "да", "Выберите значимость", id="no level picked"),
        pytest.param(Judgement.CHANGED, MEDIUM, MEDIUM, "да", "та же", id="the same level"),
        pytest.param(Judgement.ADDED, HIGH, LOW, "да", "уже отмечен", id="added though it is there"),
        pytest.param(Judgement.ADDED, None, NONE, "да", "Добавить можно", id="added as no risk"),
    ],
)
def test_verdict_is_refused_with_the_way_out(
    verdict: Judgement, proposed: RiskLevel | None, chosen: RiskLevel | None, reason: str, words: str
) -> None:
    with pytest.raises(VerdictFault, match=words):
        judged_level(verdict, proposed=proposed, chosen=chosen, reason=reason)
