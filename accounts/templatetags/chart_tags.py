"""Tags of charts, available in every template without `{% load %}`. What they draw is in `accounts.charts`."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts import charts
from accounts.charts import Better, Series, Value

register = template.Library()


def numbers(values: str | Sequence[Value]) -> list[Value]:
    """Read values given as a sequence or as «41,38,,33» in a template; an empty place is no data."""
    if not isinstance(values, str):
        return list(values)
    return [float(part) if part.strip() else None for part in values.split(",")]


def names(values: str | Sequence[object]) -> list[str]:
    """Read labels given as a sequence or as «янв|фев» or «2025,2026» in a template."""
    if not isinstance(values, str):
        return [str(value) for value in values]
    return values.split("|" if "|" in values else ",")


@register.simple_tag
def spark(values: str | Sequence[Value], label: str, good: Better = "down") -> SafeString:
    return mark_safe(charts.sparkline(numbers(values), label, good=good))


@register.simple_tag
def hbar(
    value: Value,
    threshold: Value = None,
    maximum: float = 100,
    fill: str = "f1",
    label: str = "",
) -> SafeString:
    return mark_safe(charts.hbar(value, threshold=threshold, maximum=maximum, fill=fill, label=label))


@register.simple_tag
def stack(parts: str | Sequence[tuple[str, float]], label: str) -> SafeString:
    """Draw shares of a whole. parts: pairs (fill, amount), or «f-ok:15,f1:3» in a template."""
    if isinstance(parts, str):
        parts = [(fill, float(amount)) for fill, _, amount in (part.partition(":") for part in parts.split(","))]
    return mark_safe(charts.stack(parts, label))


@register.simple_tag
def lines(
    labels: str | Sequence[object],
    own: str | Sequence[Value],
    compared: str | Sequence[Value] | None,
    label: str,
    threshold: Value = None,
    **options: Any,
) -> SafeString:
    """Draw values over periods.

    options: own_name, compared_name, and low, high, width, height of `charts.lines`.
    """
    series = [Series(name=options.pop("own_name", ""), values=numbers(own))]
    other = options.pop("compared_name", "")
    if compared:
        series.append(Series(name=other, values=numbers(compared), style="l2"))
    return mark_safe(charts.lines(names(labels), series, label, threshold=threshold, **options))


@register.simple_tag
def bars(labels: str | Sequence[object], series: Sequence[Series], label: str, **options: Any) -> SafeString:
    """Draw columns: `charts.Series` with a fill as style; options: threshold, low, high, width, height."""
    return mark_safe(charts.bars(names(labels), series, label, **options))


@register.simple_tag
def radar(
    labels: str | Sequence[object],
    own: str | Sequence[Value],
    compared: str | Sequence[Value] | None,
    label: str,
) -> SafeString:
    other = numbers(compared) if compared else None
    return mark_safe(charts.radar(names(labels), numbers(own), other, label))


@register.simple_tag
def gantt(groups: Sequence[charts.BarGroup], label: str, today: date | None = None) -> SafeString:
    """Draw terms of measures by months: groups of `charts.BarGroup`."""
    return mark_safe(charts.gantt(groups, today=today or timezone.localdate(), label=label))


@register.simple_tag
def slope(
    before: object,
    after: object,
    rows: Sequence[charts.SlopeLine],
    label: str,
    threshold: Value = None,
    **options: Any,
) -> SafeString:
    """Draw what changed between two moments: `{% slope 2025 2026 lines "Доля «2»" 30 %}`.

    options: width, height, side of `charts.slope`.
    """
    return mark_safe(charts.slope((str(before), str(after)), rows, label, threshold=threshold, **options))


@register.simple_tag
def distribution(
    columns: Sequence[charts.SpreadColumn],
    label: str,
    threshold: Value = None,
    unit: str = "",
    is_counted: bool = False,
    **options: Any,
) -> SafeString:
    """Draw how many things have which value: columns of `charts.SpreadColumn`; options: width, height."""
    options |= {"threshold": threshold, "unit": unit, "is_counted": is_counted}
    return mark_safe(charts.distribution(columns, label, **options))


@register.simple_tag
def legend(style: str, text: str) -> SafeString:
    """Print one key of a line chart: l1 own, l2 compared, th threshold."""
    mark = mark_safe(charts.picture(charts.line(0, 4, 24, 4, style), width=24, height=8, label="", css="chart lg"))
    return format_html('<span class="text-nowrap">{} {}</span>', mark, text)
