from datetime import date

import pytest

from reports.document.profiles import GOST_2016, GOST_2025, FormatProfile, profile_on


@pytest.mark.parametrize(
    ("day", "profile"),
    [
        pytest.param(date(2023, 12, 29), GOST_2016, id="before the new standard"),
        pytest.param(date(2025, 8, 17), GOST_2016, id="its eve"),
        pytest.param(date(2025, 8, 18), GOST_2025, id="its first day"),
    ],
)
def test_profile_is_that_of_the_standard_in_force(day: date, profile: FormatProfile) -> None:
    assert profile_on(day) is profile


@pytest.mark.parametrize("profile", [GOST_2016, GOST_2025], ids=lambda profile: profile.code)
def test_profile_keeps_the_limits_of_the_standard(profile: FormatProfile) -> None:
    assert profile.margin_left_mm >= 20
    assert profile.margin_right_mm >= 10
    assert min(profile.margin_top_mm, profile.margin_bottom_mm) >= 20
    assert 10 <= profile.page_number_mm < profile.margin_top_mm
    assert profile.font_pt in {12, 13, 14}
    assert 1 <= profile.line_spacing <= 1.5
    assert profile.indent_cm == 1.25
