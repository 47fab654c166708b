from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from accounts.charts import Bar, BarGroup, Series
from accounts.russian import MINUS, NBSP
from accounts.templatetags.ui import STATUSES, page_numbers

TODAY = date(2026, 11, 24)


def render(text: str, context: Mapping[str, Any] | None = None) -> str:
    return Template(text).render(Context(dict(context or {}))).replace(NBSP, " ")


def words(text: str, context: Mapping[str, Any] | None = None) -> str:
    return " ".join(BeautifulSoup(render(text, context), "html.parser").get_text(" ").split())


@pytest.fixture
def _today() -> Any:
    with time_machine.travel(datetime(2026, 11, 24, 11, 32, tzinfo=UTC), tick=False):
        yield


def test_icon_is_a_decoration_from_the_sprite() -> None:
    html = render('{% icon "check" "ok" %}')
    assert html == '<svg class="i ok" aria-hidden="true"><use href="/static/vendor/icons.svg#i-check"/></svg>'


def test_dots_carry_their_classes_escaped() -> None:
    html = render("{% dots classes %}", {"classes": ["x", "", '"><b>']})
    assert html == '<i class="x"></i><i></i><i class="&quot;&gt;&lt;b&gt;"></i>'


@pytest.mark.parametrize("kind", STATUSES)
def test_status_is_never_colour_alone(kind: str) -> None:
    html = render(f'{{% st "{kind}" %}}')
    assert STATUSES[kind].word in html
    assert f"#i-{STATUSES[kind].icon}" in html


def test_status_takes_words_of_the_page_and_escapes_them() -> None:
    assert words('{% st "draft" "Черновик, 34 из 52" %}') == "Черновик, 34 из 52"
    assert "<b>" not in render('{% st "draft" text %}', {"text": "<b>"})


@pytest.mark.usefixtures("_today")
@pytest.mark.parametrize(
    ("day", "text", "css"),
    [
        (date(2026, 11, 20), "20.11.2026 просрочено на 4 дня", "bad"),
        (TODAY, "24.11.2026 сегодня", "warn"),
        (date(2026, 12, 4), "04.12.2026 через 10 дней", "warn"),
        (date(2027, 3, 1), "01.03.2027", "mute"),
    ],
)
def test_term_finds_its_words_and_its_mark(day: date, text: str, css: str) -> None:
    assert words("{% due day %}", {"day": day}) == text
    assert f"text-nowrap {css}" in render("{% due day %}", {"day": day}) or css == "mute"


@pytest.mark.usefixtures("_today")
def test_term_of_done_work_is_not_late() -> None:
    assert words('{% due day "done" %}', {"day": date(2026, 1, 1)}) == "01.01.2026"


def test_term_as_text_and_missing_term() -> None:
    assert words('{% due "сегодня" "soon" "до 18:00" %}') == "сегодня до 18:00"
    assert words('{% due "декабрь" %}') == "декабрь"
    assert words("{% due none %}", {"none": None}) == "срок не указан"


@pytest.mark.parametrize(("name", "initials"), [("Сергеева О. В.", "СО"), ("Система", "С"), ("", "")])
def test_person_without_a_picture_has_initials(name: str, initials: str) -> None:
    assert words("{% av name %}", {"name": name}) == initials


def test_progress_of_nothing_is_empty_and_not_an_error() -> None:
    html = render('{% pbar value total "Выполнено" %}', {"value": None, "total": 0})
    assert 'value="0" max="1"' in html


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ('"-1.4"', f"{MINUS}1,4 п. п. (улучшение)"),
        ("1.24", "+1,2 п. п. (ухудшение)"),
        ('3 "int" "up"', "+3 (улучшение)"),
        ('0.04 ""', "0"),
        ('2.5 "" is_still=True', "+2,5"),
        ("None", "нет данных"),
    ],
)
def test_change_has_sign_arrow_and_meaning(arguments: str, text: str) -> None:
    assert words(f"{{% delta {arguments} %}}") == text


@pytest.mark.parametrize(
    "tag",
    [
        '{% spark "41,38,,33" "Доля" %}',
        '{% spark values "Доля" "up" %}',
        '{% hbar 38.5 30 60 "f-bad" "за порогом" %}',
        '{% stack "f-ok:15,f1:3" "Выполнено" %}',
        '{% lines "2025|2026" "33,34" "26," "ВПР" 30 own_name="школа" compared_name="округ" %}',
        '{% lines labels values None "ВПР" width=380 height=96 %}',
        '{% bars labels series "По годам" high=60 %}',
        '{% radar "А|Б|В" "1,2,3" "3,2,1" "Профиль" %}',
        '{% gantt groups "Сроки" today %}',
    ],
)
def test_chart_tags_print_svg(tag: str) -> None:
    bar = Bar(number="1", name="А", start=TODAY, end=TODAY, state="в работе")
    context = {
        "values": [41, 29],
        "labels": [2025, 2026],
        "series": [Series(name="", values=[1, 2], style="f1")],
        "groups": [BarGroup(title="Кадры", rows=[bar])],
        "today": TODAY,
    }
    html = render(tag, context)
    assert html.startswith("<svg")
    assert 'role="img"' in html


def test_key_of_a_chart_has_a_word() -> None:
    assert words('{% legend "th" "порог 30 %" %}') == "порог 30 %"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("38.5|ru", "38,5"),
        ("1846|ru:0", "1 846"),
        ("None|ru", "нет данных"),
        ('21|plural_ru:"школа,школы,школ"', "школа"),
        ('112|count_ru:"школа,школы,школ"', "112 школ"),
        ('2|agree_ru:"сдана,сдано"', "сдано"),
        ('None|count_ru:"школа,школы,школ"', "0 школ"),
        ("name|typo", "МБОУ «СОШ № 5»"),
        ("day|short_date", "20.11.2026"),
        ("day|text_date", "20 ноября 2026 г."),
        ("day|long_date", "20 ноября 2026 года"),
        ("day|day_month", "20 ноября"),
        ("day|when", "20.11.2026"),
        ("day|in_days", "просрочено на 4 дня"),
        ("moment|when", "сегодня, 13:42"),
        ("moment|short_date", "24.11.2026"),
        ("None|short_date", ""),
        ("None|text_date", ""),
        ("None|long_date", ""),
        ("None|day_month", ""),
        ("None|when", ""),
        ("None|in_days", ""),
        ("1887437|size_ru", "1,8 МБ"),
        ("None|size_ru", ""),
        ('table|g:"a"', "1"),
        ('table|g:"b"', "None"),
        ('"a|b"|split|join:","', "a,b"),
    ],
)
@pytest.mark.usefixtures("_today")
def test_filters_write_russian(expression: str, text: str) -> None:
    context = {
        "name": 'МБОУ "СОШ №5"',
        "day": date(2026, 11, 20),
        "moment": datetime(2026, 11, 24, 10, 42, tzinfo=UTC),
        "table": {"a": 1},
    }
    assert render("{% autoescape off %}{{ " + expression + " }}{% endautoescape %}", context) == text


def test_typo_does_not_unescape_a_name() -> None:
    assert "<script>" not in render("{{ name|typo }}", {"name": "<script>"})


@pytest.mark.parametrize(
    ("query", "changes", "expected"),
    [
        ("?q=5&page=3", "page=4", "?q=5&amp;page=4"),
        ("?q=5&page=3", 'sort="name"', "?q=5&amp;sort=name"),
        ("?q=5&kind=a", 'kind=""', "?q=5"),
        ("?kind=a&kind=b", "page=2", "?kind=a&amp;kind=b&amp;page=2"),
        ("", "q=None", "?"),
    ],
)
def test_query_string_changes_one_key_and_keeps_the_filters(query: str, changes: str, expected: str) -> None:
    request = RequestFactory().get(f"/schools/{query}")
    assert Template(f"{{% qs {changes} %}}").render(RequestContext(request)) == expected


def test_long_list_offers_pages_around_the_current_one() -> None:
    page = Paginator(range(200), 10).get_page(10)
    assert page_numbers(page) == [1, None, 8, 9, 10, 11, 12, None, 20]
    assert page_numbers(Paginator([], 10).get_page(1)) == [1]


def test_heading_of_a_page_takes_buttons() -> None:
    html = render('{% page_head "Школы" lead="22 школы" kind="work" %}<a href="/x/">Добавить</a>{% endpage_head %}')
    soup = BeautifulSoup(html, "html.parser")
    assert soup.h1 is not None
    assert soup.h1.get_text() == "Школы"
    assert soup.select_one('.page-head a[href="/x/"]')
    assert "В работе" in html


class AnyForm(forms.Form):
    name = forms.CharField()
    year = forms.ChoiceField(choices=[("2026", "2026")], widget=forms.Select(attrs={"class": "narrow"}))
    agreed = forms.BooleanField()


@pytest.mark.parametrize(
    ("field", "classes"),
    [("name", "form-control is-invalid"), ("year", "narrow form-select"), ("agreed", "form-check-input is-invalid")],
)
def test_input_has_the_look_of_the_portal(field: str, classes: str) -> None:
    html = render("{{ field|control }}", {"field": AnyForm({"year": "2026"})[field]})
    assert f'class="{classes}"' in html


def test_note_takes_markup() -> None:
    soup = BeautifulSoup(render('{% note "warn" %}<b>Мало данных</b>{% endnote %}'), "html.parser")
    assert soup.select_one(".note.note-warn b")


# Paths of the portal in texts


def linked(text: str) -> str:
    return render("{{ text|portal_links }}", {"text": text})


def hrefs(text: str) -> list[str]:
    return [str(link["href"]) for link in BeautifulSoup(f"<p>{linked(text)}</p>", "html.parser").select("a")]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (
            "Скачайте форму: /imports/templates/SA-4/?inn=1234&period=2026.",
            "/imports/templates/SA-4/?inn=1234&period=2026",
        ),
        ("внесите в шаблон: /imports/template/results/", "/imports/template/results/"),
        ("Откройте /self-assessment/, выберите форму.", "/self-assessment/"),
        ("(/imports/templates/SA-1/)", "/imports/templates/SA-1/"),
        ("год /imports/templates/results/?period=2026%2F2027.", "/imports/templates/results/?period=2026%2F2027"),
    ],
)
def test_path_of_the_portal_becomes_a_link_without_the_full_stop(text: str, path: str) -> None:
    assert hrefs(text) == [path]
    assert BeautifulSoup(linked(text), "html.parser").get_text() == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Файл пуст.",
        "/admin/",
        "/imports",
        "https://evil.example/imports/templates/",
        "//evil.example/imports/x/",
        "evil.example/imports/x/",
        "javascript:/imports/x/",
        "a@/self-assessment/",
        "/importsx/",
    ],
)
def test_other_texts_hold_no_link(text: str) -> None:
    assert hrefs(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> /imports/templates/",
        '/imports/"><img src=x onerror=alert(1)>',
        "/imports/templates/?a=<b>x</b>",
        "/imports/templates/?a=' onmouseover='alert(1)",
        "«<i>файл</i>» не принят & забыт: /self-assessment/",
    ],
)
def test_text_around_a_path_is_escaped(text: str) -> None:
    soup = BeautifulSoup(linked(text), "html.parser")

    assert {tag.name for tag in soup.find_all(True)} == {"a"}
    assert {name for link in soup.select("a") for name in link.attrs} == {"class", "href"}
    assert soup.get_text() == text


def test_two_paths_of_one_text_are_two_links() -> None:
    assert hrefs("Либо /imports/templates/, либо /self-assessment/.") == ["/imports/templates/", "/self-assessment/"]
