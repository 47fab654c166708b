"""Charts as SVG text, fed with plain numbers; the same string goes into a page and into a PDF.

Colours are classes (`static/app.css`), geometry is attributes: the content security policy forbids inline
styles. In a PDF the classes of the document do not reach an SVG, so `pdf_svg` puts the colours inside.
Fills: f0 track, f1 accent, f2 grey, f-ok, f-warn, f-bad, f-acc2; lines: l1 own, l2 compared,
s-ok better, s-bad worse, s-no neither.
Every chart needs its numbers as text beside it.
"""

from accounts.charts.gantt import Bar, BarGroup, gantt
from accounts.charts.plane import Series, bars, lines
from accounts.charts.radar import radar
from accounts.charts.shapes import Better, Value, line, pdf_svg, per_cent, picture
from accounts.charts.slope import SlopeLine, slope
from accounts.charts.small import hbar, sparkline, stack
from accounts.charts.spread import SpreadColumn, distribution

__all__ = [
    "Bar",
    "BarGroup",
    "Better",
    "Series",
    "SlopeLine",
    "SpreadColumn",
    "Value",
    "bars",
    "distribution",
    "gantt",
    "hbar",
    "line",
    "lines",
    "pdf_svg",
    "per_cent",
    "picture",
    "radar",
    "slope",
    "sparkline",
    "stack",
]
