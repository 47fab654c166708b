"""Shapes of SVG as text: geometry in attributes, colours by class."""

from collections.abc import Sequence
from fractions import Fraction
from html import escape
from typing import Final, Literal

from accounts.russian import NO_DATA, number

Better = Literal["down", "up"]
Value = float | int | None
Point = tuple[float, float]

PDF_FONT: Final = '"PT Sans", "Liberation Sans", sans-serif'
PDF_CSS: Final = (
    "text{fill:#515c6b;font-size:11px}text.bad{fill:#a3201b}.t{fill:#1a2330}"
    ".gl{stroke:#dfe3e8}.th{stroke:#a3201b;stroke-dasharray:4 3}"
    ".l1{fill:none;stroke:#1f5fae;stroke-width:2.25}"
    ".l2{fill:none;stroke:#828c9a;stroke-width:1.75;stroke-dasharray:5 3}"
    ".a1{fill:#1f5fae;fill-opacity:.12;stroke:#1f5fae;stroke-width:2}"
    ".s-ok,.s-bad,.s-no{fill:none;stroke-width:1.75}.s-ok{stroke:#2b8a57}.s-bad{stroke:#c93a32}.s-no{stroke:#828c9a}"
    ".sl{fill:none;stroke:#808a98;stroke-width:1.5}"
    ".f0{fill:#dde2e9}.f1{fill:#1f5fae}.f2{fill:#828c9a}.f-acc2{fill:#6693cc}"
    ".f-ok{fill:#2b8a57}.f-warn{fill:#c27a0a}.f-bad{fill:#c93a32}"
    ".gband{fill:#f8f9fb}.gdone{fill:#fff;fill-opacity:.35}"
)


def pdf_svg(svg: str, font: str = PDF_FONT) -> str:
    """Return the chart with literal colours and the font family inside, for WeasyPrint only."""
    return svg.replace(">", f"><style>text{{font-family:{font}}}{PDF_CSS}</style>", 1)


def picture(body: str, *, width: float, height: float, label: str, css: str = "chart", fluid: bool = False) -> str:
    """Wrap shapes: an image with a name, or decoration without one; fluid stretches it to its box."""
    name = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    stretch = ' preserveAspectRatio="none"' if fluid else ""
    return f'<svg class="{css}" viewBox="0 0 {width:g} {height:g}"{stretch} {name}>{body}</svg>'


def path(points: Sequence[Point | None], css: str) -> str:
    """Draw a line; a None is a gap."""
    parts: list[str] = []
    for before, point in zip([None, *points], points, strict=False):
        if point is not None:
            parts.append(f"{'L' if before else 'M'}{point[0]:.1f} {point[1]:.1f}")
    return f'<path class="{css}" d="{" ".join(parts)}"/>' if parts else ""


def line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    return f'<line class="{css}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def rect(x: float, y: float, width: float, height: float, css: str, *, radius: float = 2, title: str = "") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    shape = f'<rect class="{css}" {place} rx="{radius:g}"'
    return f"{shape}><title>{escape(title)}</title></rect>" if title else f"{shape}/>"


def words(x: float, y: float, content: str, *, anchor: str = "start", css: str = "", bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    style = f' class="{css}"' if css else ""
    return f'<text{style} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight}>{escape(content)}</text>'


def dot(point: Point, css: str) -> str:
    return f'<circle class="{css}" cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="3"/>'


def per_cent(part: int | None, whole: int | None) -> float | None:
    """Return a share for a chart, not rounded: its label rounds it, and twice is once too often. None: no share."""
    return None if part is None or not whole else float(100 * Fraction(part, whole))


def shown(value: Value) -> str:
    """Return a value with at most one digit: «29», «28,6»."""
    return number(value, 0 if value is None or value == round(value) else 1)


def series_text(values: Sequence[Value]) -> str:
    return "; ".join(shown(value) for value in values)


def empty(width: float, height: float, label: str) -> str:
    return picture(
        words(width / 2, height / 2 + 4, NO_DATA, anchor="middle"),
        width=width,
        height=height,
        label=f"{label}: {NO_DATA}",
    )
