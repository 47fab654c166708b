"""How an official document looks on paper, as data."""

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, kw_only=True)
class FormatProfile:
    """Sizes of ГОСТ Р 7.0.97. Millimetres, points and plain ratios as the names say."""

    code: str
    title: str
    since: date
    margin_left_mm: int
    margin_right_mm: int
    margin_top_mm: int
    margin_bottom_mm: int
    page_number_mm: int  # from the upper edge to the number
    font_pt: int
    table_font_pt: int
    line_spacing: float
    indent_cm: float
    requisite_width_cm: float  # longest line of a requisite in the corner
    heading_required: bool


GOST_2016: Final = FormatProfile(
    code="2016",
    title="ГОСТ Р 7.0.97-2016",
    since=date(2018, 7, 1),
    margin_left_mm=30,  # kept longer than ten years; 20 mm is the least otherwise
    margin_right_mm=10,
    margin_top_mm=20,
    margin_bottom_mm=20,
    page_number_mm=10,
    font_pt=13,
    table_font_pt=10,
    line_spacing=1.25,
    indent_cm=1.25,
    requisite_width_cm=7.5,
    heading_required=False,
)
GOST_2025: Final = FormatProfile(
    code="2025",
    title="ГОСТ Р 7.0.97-2025",
    since=date(2025, 8, 18),
    margin_left_mm=30,
    margin_right_mm=10,
    margin_top_mm=20,
    margin_bottom_mm=20,
    page_number_mm=10,
    font_pt=13,
    table_font_pt=10,
    line_spacing=1.25,
    indent_cm=1.25,
    requisite_width_cm=8,
    heading_required=True,
)


def profile_on(day: date) -> FormatProfile:
    """Return the profile of the standard in force on the date of the document."""
    return GOST_2025 if day >= GOST_2025.since else GOST_2016
