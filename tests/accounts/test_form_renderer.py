"""Selects are put together without templates and look as Django's own."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from accounts.form_renderer import Renderer

PLAIN = [("", "все"), (7, "Семь"), ("a&b", 'Кавычки "и" <теги>')]
GROUPED = [("", "—"), ("Города & сёла", [("1", "Город"), ("2", "Село")]), ("Прочее", [("3", "Иное")])]


class Asked(forms.Form):
    plain = forms.ChoiceField(choices=PLAIN, required=False)
    grouped = forms.ChoiceField(choices=GROUPED)
    several = forms.MultipleChoiceField(choices=PLAIN)
    empty = forms.ChoiceField(choices=[])
    unknown = forms.NullBooleanField()
    text = forms.CharField()


def html_of(renderer: DjangoTemplates, name: str, data: dict[str, Any] | None, attrs: dict[str, Any]) -> str:
    return Asked(data, renderer=renderer)[name].as_widget(attrs=attrs)


@pytest.mark.parametrize("name", Asked.base_fields)
@pytest.mark.parametrize(
    "attrs",
    [
        pytest.param({}, id="no attributes"),
        pytest.param({"class": "form-select", "data-n": 3, "disabled": True, "hidden": False}, id="of every kind"),
        pytest.param({"title": 'a "b" <c> & d'}, id="to be escaped"),
    ],
)
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(None, id="unbound"),
        pytest.param({"plain": "7", "grouped": "2", "several": ["7", "a&b"], "unknown": "true"}, id="chosen"),
        pytest.param({"plain": "<script>", "grouped": "", "several": []}, id="forged"),
    ],
)
def test_markup_is_that_of_the_templates(name: str, attrs: dict[str, Any], data: dict[str, Any] | None) -> None:
    assert html_of(Renderer(), name, data, attrs) == html_of(DjangoTemplates(), name, data, attrs)


def test_values_of_people_are_escaped() -> None:
    shown = html_of(Renderer(), "plain", None, {})

    assert '<option value="a&amp;b">Кавычки &quot;и&quot; &lt;теги&gt;</option>' in shown
    assert "<теги>" not in shown


def test_portal_uses_it(settings: Any) -> None:
    assert f"{Renderer.__module__}.{Renderer.__name__}" == settings.FORM_RENDERER
    assert isinstance(Asked().renderer, Renderer)
