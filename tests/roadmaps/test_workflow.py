import pytest

from roadmaps.choices import ROADMAP_TRANSITIONS, RoadmapState
from roadmaps.workflow import (
    Condition,
    RoadmapFacts,
    always,
    is_first_version,
    is_revision,
    may_close,
    nothing_to_fix,
)


@pytest.mark.parametrize(
    ("condition", "facts", "reason"),
    [
        (always, RoadmapFacts(), ""),
        (nothing_to_fix, RoadmapFacts(), ""),
        (
            nothing_to_fix,
            RoadmapFacts(errors=3),
            "Чтобы отправить карту на согласование, исправьте 3\u00a0замечания.",
        ),
        (is_first_version, RoadmapFacts(), ""),
        (is_first_version, RoadmapFacts(is_revision=True), "Изменения возвращаются в черновик изменений."),
        (is_revision, RoadmapFacts(is_revision=True), ""),
        (is_revision, RoadmapFacts(), "Первая версия возвращается в черновик."),
        (may_close, RoadmapFacts(), ""),
        (may_close, RoadmapFacts(unsettled=2, period_is_over=True), ""),
        (
            may_close,
            RoadmapFacts(unsettled=2),
            (
                "Период карты не закончился, и 2\u00a0мероприятия без итога. "
                "Отметьте исполнение или дождитесь конца периода."
            ),
        ),
    ],
)
def test_condition_gives_the_reason_why_not(condition: Condition, facts: RoadmapFacts, reason: str) -> None:
    assert condition(facts) == reason


def test_transitions_lead_from_every_state_but_the_last() -> None:
    sources = {source for source, _ in ROADMAP_TRANSITIONS}

    assert sources == set(RoadmapState) - {RoadmapState.ARCHIVED}


def test_transitions_never_lead_back_from_an_order() -> None:
    drafts = {RoadmapState.DRAFT, RoadmapState.REVISION_DRAFT}

    assert {source for source, target in ROADMAP_TRANSITIONS if target in drafts} == {
        RoadmapState.AGREEMENT,
        RoadmapState.AGREED,
    }
