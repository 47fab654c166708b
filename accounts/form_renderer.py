"""Forms by the templates of Django, but for the options of a select: a template for each of forty municipalities, and
another one for its attributes, cost a page more than its table. The markup is the same, which a test holds.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

SELECT: Final = "django/forms/widgets/select.html"
Group = tuple[str | None, Iterable[Mapping[str, Any]], int]  # title, options, number


class Renderer(DjangoTemplates):
    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Return the markup of a widget or a form; of a select without templates."""
        if template_name == SELECT:
            return select(context["widget"])
        return super().render(template_name, context, request)


def select(widget: Mapping[str, Any]) -> SafeString:
    head = format_html('<select name="{}"{}>', widget["name"], attributes(widget["attrs"]))
    groups = format_html_join("", "{}", ([part] for each in widget["optgroups"] for part in group_parts(*each)))
    return mark_safe(f"{head}{groups}\n</select>")


def group_parts(title: str | None, choices: Iterable[Mapping[str, Any]], _: int) -> Iterator[SafeString]:
    """Yield the markup of a group of options; without a title they stand by themselves."""
    if title:
        yield format_html('\n  <optgroup label="{}">', title)
    for each in choices:
        yield option(each)
    if title:
        yield mark_safe("\n  </optgroup>")


def option(widget: Mapping[str, Any]) -> SafeString:
    value, attrs = str(widget["value"]), attributes(widget["attrs"])
    return format_html('\n  <option value="{}"{}>{}</option>\n', value, attrs, widget["label"])


def attributes(attrs: Mapping[str, Any]) -> SafeString:
    """Return attributes with a space before each; True: a name alone, False: nothing."""
    named = ((name, "" if value is True else format_html('="{}"', str(value))) for name, value in attrs.items())
    return format_html_join("", " {}{}", (pair for pair in named if attrs[pair[0]] is not False))
