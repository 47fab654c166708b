"""Tags and filters of the interface, available in every template without `{% load %}`.

They print classes and SVG attributes only: the content security policy forbids inline styles and scripts.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import template
from django.core.paginator import Page
from django.forms import CheckboxInput, Select
from django.forms.boundfield import BoundField
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts import russian
from accounts.charts import Better, Value
from accounts.context import SECTIONS

register = template.Library()


# Words of state


@dataclass(frozen=True, kw_only=True)
class Status:
    """How a state looks: never by colour alone, always an icon and a word."""

    css: str
    icon: str
    word: str


STATUSES: Final[Mapping[str, Status]] = {
    # work on a thing
    "plan": Status(css="", icon="circle-dashed", word="Запланировано"),
    "no": Status(css="", icon="circle-dashed", word="Не начато"),
    "draft": Status(css="", icon="pencil", word="Черновик"),
    "work": Status(css="st-acc", icon="progress", word="В работе"),
    "check": Status(css="st-acc", icon="eye", word="На проверке"),
    "wait": Status(css="", icon="clock", word="Ожидает"),
    "sent": Status(css="st-acc", icon="send", word="Направлено"),
    "fix": Status(css="st-warn", icon="arrow-back-up", word="На доработке"),
    "soon": Status(css="st-warn", icon="clock", word="Срок близко"),
    "late": Status(css="st-bad", icon="alert-triangle", word="Просрочено"),
    "done": Status(css="st-ok", icon="check", word="Выполнено"),
    "agreed": Status(css="st-ok", icon="shield-check", word="Согласована"),
    "cancel": Status(css="", icon="ban", word="Отменено"),
    "archive": Status(css="", icon="archive", word="В архиве"),
    "lock": Status(css="", icon="lock", word="Закрыто"),
    # jobs
    "run": Status(css="st-acc", icon="loader-2", word="Выполняется"),
    "fail": Status(css="st-bad", icon="alert-triangle", word="Не выполнено"),
    # levels of risk
    "high": Status(css="st-bad", icon="chevrons-up", word="Высокая"),
    "mid": Status(css="st-warn", icon="chevron-up", word="Средняя"),
    "low": Status(css="", icon="minus", word="Низкая"),
    # verdicts
    "ok": Status(css="st-ok", icon="check", word="Да"),
    "warn": Status(css="st-warn", icon="alert-triangle", word="Проверьте"),
    "bad": Status(css="st-bad", icon="alert-triangle", word="Нет"),
    "info": Status(css="st-acc", icon="info-circle", word="К сведению"),
    "none": Status(css="", icon="minus", word="Нет данных"),
}


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw an icon of the sprite beside a word: `{% icon "check" %}`, `{% icon "check" "ok" %}`."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        f"i {css}".strip(),
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def dots(classes: Iterable[str]) -> SafeString:
    """Print a dot for each class, "" for a plain one: a row of them is drawn at once, for a long table has hundreds."""
    return format_html_join("", "<i{}></i>", ((format_html(' class="{}"', css) if css else "",) for css in classes))


@register.simple_tag
def st(kind: str, text: object = "") -> SafeString:
    """Print a status pill: `{% st "done" %}`, `{% st "draft" "Черновик, 34 из 52" %}`.

    kind: a key of STATUSES.
    """
    status = STATUSES[kind]
    return format_html('<span class="st {}">{}{}</span>', status.css, icon(status.icon), text or status.word)


SOON_DAYS: Final = 14
DUE_MARKS: Final = {"late": ("bad", "alert-triangle"), "soon": ("warn", "clock"), "done": ("ok", "check")}


@register.simple_tag
def due(value: date | str | None, kind: str | None = None, hint: str | None = None) -> SafeString:
    """Print a term with words and an icon; a date finds its kind and words itself.

    `{% due measure.due %}`; `{% due measure.due "done" %}` when it no longer matters.
    Text goes as it is: `{% due "сегодня" "soon" %}`.
    kind: late, soon, done, or "" for quiet.
    """
    if value is None:
        return format_html('<span class="mute">{}</span>', "срок не указан")
    if not isinstance(value, str):
        kind, hint = due_look(value, timezone.localdate(), kind, hint)
        value = russian.short_date(value)
    if not kind:
        return format_html('<span class="num mute text-nowrap">{}</span>', value)
    css, mark = DUE_MARKS[kind]
    words = format_html('<span class="d-block xs">{}</span>', hint) if hint else ""
    return format_html('<span class="num text-nowrap {}">{} {}{}</span>', css, icon(mark), value, words)


def due_look(day: date, today: date, kind: str | None, hint: str | None) -> tuple[str, str]:
    """Return the kind and the words of a date that the template left open."""
    left = (day - today).days
    if kind is None:
        kind = "late" if left < 0 else "soon" if left <= SOON_DAYS else ""
    if hint is None:
        hint = russian.due_words(day, today) if kind in {"late", "soon"} else ""
    return kind, hint


@register.simple_tag
def av(name: object) -> SafeString:
    """Print the initials of a person as a decoration beside the name."""
    initials = "".join(part[0] for part in str(name).replace(russian.NBSP, " ").split()[:2])
    return format_html('<span class="av" aria-hidden="true">{}</span>', initials)


@register.simple_tag
def pbar(value: float, total: float, label: str, css: str = "") -> SafeString:
    """Print progress: `{% pbar 71 118 "Выполнено 71 из 118 мероприятий" %}`; css p-ok when all is done."""
    return format_html(
        '<progress value="{}" max="{}" aria-label="{}" class="{}"></progress>',
        value or 0,
        total or 1,
        label,
        css,
    )


@register.simple_tag
def delta(
    value: Value | str, unit: str = "п. п.", good: Better = "down", digits: int = 1, *, is_still: bool = False
) -> SafeString:
    """Print a change with sign, arrow and «улучшение» or «ухудшение» for those who hear the page.

    unit "int" prints a whole number without a unit; good says which direction is better. is_still: too small to be
    called either, so neither is said.
    """
    if value is None or value == "":
        return format_html('<span class="mute">{}</span>', russian.NO_DATA)
    digits, unit = (0, "") if unit == "int" else (digits, unit)
    change = russian.rounded(float(value), digits)
    if not change:
        return format_html('<span class="mute num text-nowrap">{} 0</span>', icon("minus"))
    better = (change < 0) == (good == "down")
    colour, told = ("ok", "улучшение") if better else ("bad", "ухудшение")
    return format_html(
        '<span class="num text-nowrap {}">{}{}{}{}</span>',
        "mute" if is_still else colour,
        icon("arrow-down-right") if change < 0 else icon("arrow-up-right"),
        russian.signed(change, digits),
        f"{russian.NBSP}{russian.typo(unit)}" if unit else "",
        "" if is_still else format_html('<span class="visually-hidden"> ({})</span>', told),
    )


# Pieces with markup inside


@register.simple_block_tag
def page_head(content: str, title: str, lead: str = "", kind: str = "", state: str = "") -> SafeString:
    """Print the heading of a page with its buttons: `{% page_head "Школы" %}<a …>…</a>{% endpage_head %}`."""
    context = {"content": mark_safe(content), "title": title, "lead": lead, "kind": kind, "state": state}
    return render_to_string("ui/page_head.html", context)


@register.simple_block_tag
def note(content: str, kind: str = "", css: str = "") -> SafeString:
    """Print a note: `{% note "warn" %}…{% endnote %}`; kind: "" to know, ok, warn, bad."""
    return render_to_string("ui/note.html", {"content": mark_safe(content), "kind": kind, "css": css})


@register.filter
def control(field: BoundField) -> SafeString:
    """Print the input of a form field in the look of the portal: `{{ form.name|control }}`."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        css = "form-check-input"
    else:
        css = "form-select" if isinstance(widget, Select) else "form-control"
    classes = f"{widget.attrs.get('class', '')} {css} {'is-invalid' if field.errors else ''}"
    return field.as_widget(attrs={"class": " ".join(dict.fromkeys(classes.split()))})


@register.filter
def crumb_pairs(crumbs: str | Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """Return pairs (title, url); in «Школы|Школа № 5» the sections of the portal find their links themselves."""
    return [(title, section_url(title)) for title in crumbs.split("|")] if isinstance(crumbs, str) else crumbs


def section_url(title: str) -> str:
    """Return the address of a section by its title; "" for other titles."""
    paths = [section.path for section in SECTIONS if section.title == title]
    return f"{get_script_prefix()}{paths[0]}" if paths else ""


PORTAL_PATH: Final = re.compile(
    r"(?<![\w/:.@?=&#%-])/(?:imports|self-assessment)/(?:[\w-]+/)*(?:\?[\w=&%+-]+)?", re.ASCII
)


@register.filter
def portal_links(text: str) -> SafeString:
    """Print a text with the paths of the portal in it as links; everything else is escaped.

    Only whole paths of the sections where files come in: a full address, also one of the portal, stays a text.
    """
    parts: list[tuple[str, str]] = []  # text before a path, the path
    end = 0
    for found in PORTAL_PATH.finditer(text):
        parts.append((text[end : found.start()], found[0]))
        end = found.end()
    return format_html(
        "{}{}", format_html_join("", "{}{}", ((words, path_link(path)) for words, path in parts)), text[end:]
    )


def path_link(path: str) -> SafeString:
    return format_html('<a class="text-break" href="{}{}">{}</a>', get_script_prefix(), path[1:], path)


@register.filter
def page_numbers(page: Page[Any]) -> list[int | None]:
    """Return the numbers to offer around the page; None stands for the ones left out."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [number if isinstance(number, int) else None for number in numbers]


# Small tools of templates


@register.filter
def g(mapping: Mapping[Any, Any], key: Any) -> Any:
    """Return the value of a key, None when there is none."""
    return mapping.get(key)


@register.filter
def split(value: str, separator: str = "|") -> list[str]:
    return value.split(separator)


@register.simple_tag(takes_context=True)
def qs(context: RequestContext, **changes: object) -> str:
    """Return the query string of the page with some keys changed: `href="{% qs page=2 %}"`.

    None or "" drops a key. Any change but of the page itself goes back to the first page.
    """
    query = context["request"].GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for key, value in changes.items():
        if value in {None, ""}:
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"
