"""Pictures of two moments and of a distribution."""

import re
from itertools import pairwise

import pytest
from django.template import Context, Template

from accounts.charts import SlopeLine, SpreadColumn, distribution, pdf_svg, slope
from accounts.charts.slope import GAP, spread

ROWS = [
    SlopeLine(name="РУ-5", before=40, after=20.5, style="s-ok"),
    SlopeLine(name="МА-6", before=10, after=30, style="s-bad", counts="4 из 40 → 12 из 40"),
    SlopeLine(name="МА-7", before=None, after=30),
]
COLUMNS = [
    SpreadColumn(start=0, end=5, parts=[("f2", 3)]),
    SpreadColumn(start=5, end=10, parts=[("f2", 0)]),
    SpreadColumn(start=10, end=15, parts=[("f2", 2), ("f-bad", 1)]),
]


def test_slope_names_every_number_it_draws() -> None:
    svg = slope(("2025", "2026"), ROWS, "Доля «2»")

    assert 'aria-label="Доля «2»: РУ-5: 40 → 20,5; МА-6: 10 → 30 (4 из 40 → 12 из 40)"' in svg
    assert ">РУ-5: 40<" in svg
    assert ">РУ-5: 20,5<" in svg
    assert svg.count('class="s-ok"') == svg.count('class="s-bad"') == 1


def test_thing_of_one_moment_is_left_out() -> None:
    assert "МА-7" not in slope(("2025", "2026"), ROWS, "Доля")


def test_slope_without_pairs_says_so() -> None:
    assert "нет данных" in slope(("2025", "2026"), ROWS[2:], "Доля")


def test_threshold_is_drawn_at_its_height() -> None:
    svg = slope(("2025", "2026"), ROWS, "Доля", threshold=30)
    drawn = re.search(r'class="th" x1="118.0" y1="([\d.]+)" x2="322.0" y2="([\d.]+)"', svg)
    point = re.search(r'class="f-bad" cx="322.0" cy="([\d.]+)"', svg)

    assert drawn is not None
    assert point is not None
    assert drawn[1] == drawn[2] == point[1]


def test_names_come_escaped() -> None:
    svg = slope(("<b>", "2"), [SlopeLine(name="<i>", before=1, after=2)], "x")

    assert "<b>" not in svg
    assert "<i>" not in svg


@pytest.mark.parametrize("heights", [[50.0, 50.0, 50.0], [10.0, 12.0, 100.0], [200.0, 199.0, 198.0], [5.0]])
def test_labels_stand_apart_inside_the_picture(heights: list[float]) -> None:
    placed = spread(heights, 0, 200)
    ordered = sorted(placed)

    assert all(later - earlier >= GAP - 1e-6 for earlier, later in pairwise(ordered))
    assert min(placed) >= -1e-6
    assert max(placed) <= 200 + 1e-6


def test_label_with_room_stays_at_its_point() -> None:
    assert spread([20.0, 100.0], 0, 200) == [20.0, 100.0]


def test_many_labels_share_the_height() -> None:
    placed = sorted(spread([50.0] * 40, 0, 200))

    assert placed[0] >= -1e-6
    assert placed[-1] <= 200 + 1e-6


def test_distribution_tells_its_columns() -> None:
    svg = distribution(COLUMNS, "Школы", threshold=10, unit=" %")

    assert 'aria-label="Школы: 0–5: 3; 10–15: 3"' in svg
    assert svg.count('class="f2"') == 2
    assert svg.count('class="f-bad"') == 1
    assert ">10 %<" in svg


def test_whole_numbers_are_named_under_the_middle_of_their_column() -> None:
    columns = [SpreadColumn(start=n, end=n + 1, parts=[("f2", 2)]) for n in range(2)]
    svg = distribution(columns, "Школы", is_counted=True)
    column = re.search(r'class="f2" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    name = re.search(r'<text x="([\d.]+)" y="214.0" text-anchor="middle">0<', svg)

    assert 'aria-label="Школы: 0: 2; 1: 2"' in svg
    assert column is not None
    assert name is not None
    assert float(name[1]) == pytest.approx(float(column[1]) + float(column[2]) / 2)


def test_column_stands_from_start_to_end_of_its_range() -> None:
    svg = distribution(COLUMNS, "Школы", threshold=10)
    threshold = re.search(r'class="th" x1="([\d.]+)"', svg)
    column = re.search(r'class="f-bad" x="([\d.]+)"', svg)

    assert threshold is not None
    assert column is not None
    assert float(column[1]) == pytest.approx(float(threshold[1]) + 1)


def test_distribution_of_nothing_says_so() -> None:
    assert "нет данных" in distribution([SpreadColumn(start=0, end=5, parts=[])], "Школы")


def test_colours_reach_a_pdf() -> None:
    svg = pdf_svg(slope(("2025", "2026"), ROWS, "Доля"))

    assert ".s-ok{stroke:#2b8a57}" in svg


def test_tags_draw_in_a_template() -> None:
    template = Template('{% slope 2025 2026 rows "Доля" 30 %}{% distribution columns "Школы" 10 " %" %}')

    html = template.render(Context({"rows": ROWS, "columns": COLUMNS}))

    assert html.count("<svg") == 2
    assert html.count('class="th"') == 2


@pytest.mark.parametrize(("width", "named"), [(640, 13), (256, 7)], ids=["desk", "phone"])
def test_labels_that_would_meet_are_left_out(width: int, named: int) -> None:
    columns = [SpreadColumn(start=n, end=n + 5, parts=[("f2", 1)]) for n in range(0, 65, 5)]

    svg = distribution(columns, "Школы", unit="%", width=width)

    assert len(re.findall(r">\d+%<", svg)) == named


def test_side_of_a_slope_may_be_narrow() -> None:
    svg = slope(("2025", "2026"), ROWS, "Доля", width=256, side=76)

    assert 'cx="76.0"' in svg
    assert 'cx="180.0"' in svg
