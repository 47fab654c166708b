"""Filters of words, numbers and dates, available in every template without `{% load %}`; see `accounts.russian`."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone

from accounts import russian

register = template.Library()


@register.filter
def ru(value: Any, digits: int = 1) -> str:
    """Print a number: `{{ 38.5|ru }}` «38,5», `{{ 1846|ru:0 }}` «1 846»; None is «нет данных»."""
    return russian.number(value if value is None else float(value), int(digits))


@register.filter
def signed_ru(value: Any, digits: int = 1) -> str:
    """«+3,1», «−4,2»."""
    return russian.signed(value, digits)


@register.simple_tag
def share_ru(part: int | None, whole: int | None, digits: int = 1) -> str:
    """«38,5 %» of two counts; «—» when there is no share."""
    return russian.percent(part, whole, digits) if part is not None and whole else "—"


@register.filter
def typo(value: object) -> str:
    """Print a name or a phrase with ёлочки and unbroken spaces; never inside form fields."""
    return russian.typo(str(value))


@register.filter
def plural_ru(value: float, forms: str) -> str:
    """Print the noun without its number: `{{ n }} {{ n|plural_ru:"школа,школы,школ" }}`."""
    return russian.plural(value or 0, forms)


@register.filter
def count_ru(value: float, forms: str) -> str:
    """Print a number and its noun, unbroken: `{{ n|count_ru:"школа,школы,школ" }}` «21 школа»."""
    return russian.count(value or 0, forms)


@register.filter
def agree_ru(value: float, forms: str) -> str:
    """Print a verb by its counted noun: `{{ n|agree_ru:"сдана,сдано" }}`."""
    return russian.agree(value or 0, forms)


@register.filter
def when(value: date | datetime | None) -> str:
    """Print a near date: «сегодня, 10:42», «вчера», «24.11.2026, 09:14»; "" for None."""
    if isinstance(value, datetime):
        return russian.near_moment(timezone.localtime(value), timezone.localtime())
    return russian.near_date(value, timezone.localdate()) if value else ""


@register.filter
def in_days(value: date | None) -> str:
    """Print «просрочено на 4 дня», «через 10 дней»; "" for None."""
    return russian.due_words(value, timezone.localdate()) if value else ""


def local_day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


@register.filter
def short_date(value: date | datetime | None) -> str:
    """Print «29.12.2023»; "" for None."""
    return russian.short_date(local_day(value)) if value else ""


@register.filter
def text_date(value: date | datetime | None) -> str:
    """Print «29 декабря 2023 г.»; "" for None."""
    return russian.text_date(local_day(value)) if value else ""


@register.filter
def long_date(value: date | datetime | None) -> str:
    """Print «29 декабря 2023 года»; "" for None."""
    return russian.long_date(local_day(value)) if value else ""


@register.filter
def day_month(value: date | datetime | None) -> str:
    """Print «29 декабря»; "" for None."""
    return russian.day_month(local_day(value)) if value else ""


@register.filter
def size_ru(value: int | None) -> str:
    """Print bytes as «1,8 МБ»; "" for None."""
    return "" if value is None else russian.file_size(value)
