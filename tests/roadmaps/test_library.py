import pytest

from roadmaps.choices import EvidenceKind, RoadmapLevel
from roadmaps.library import by_code, library, offered


def test_library_has_the_standard_measures_of_both_levels() -> None:
    levels = [measure.level for measure in library()]

    assert levels.count(RoadmapLevel.MUNICIPAL) == 20
    assert levels.count(RoadmapLevel.SCHOOL) == 11


def test_library_codes_are_unique_and_evidence_is_of_a_known_kind() -> None:
    measures = library()

    assert len({measure.code for measure in measures}) == len(measures)
    assert {measure.evidence_kind for measure in measures} <= {"", *EvidenceKind.values}
    assert all(measure.title and measure.indicator and measure.section for measure in measures)


def test_offered_puts_the_measures_of_a_factor_before_the_general_ones() -> None:
    measures = offered("school", "R08")

    assert [measure.code for measure in measures] == ["s-parents", "s-gia", "s-site"]


def test_offered_without_a_factor_gives_the_whole_level() -> None:
    assert len(offered("municipal")) == 20


@pytest.mark.parametrize(("code", "found"), [("s-gia", True), ("nothing", False)])
def test_by_code_finds_a_measure(code: str, *, found: bool) -> None:
    assert (by_code(code) is not None) is found
