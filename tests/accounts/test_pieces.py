"""Pieces of templates/ui, each with the context that its first line promises."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django import forms
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from accounts.context import SECTIONS, Section
from accounts.russian import NBSP
from jobs.choices import JobState
from tests.factories.jobs import make_job
from tests.factories.schools import make_user

PIECES = Path(settings.BASE_DIR) / "templates" / "ui"


def piece(name: str, /, query: str = "", **context: Any) -> BeautifulSoup:
    request = RequestFactory().get(f"/schools/{query}")
    html = render_to_string(f"ui/{name}.html", {"request": request, **context})
    return BeautifulSoup(html.replace(NBSP, " "), "html.parser")


def one(soup: BeautifulSoup, selector: str) -> Tag:
    found = soup.select_one(selector)
    assert found is not None, selector
    return found


def words(node: Tag) -> str:
    return " ".join(node.get_text(" ").split())


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label="Решение",
        choices=[("include", "Включить"), ("exclude", "Исключить")],
        widget=forms.RadioSelect,
        error_messages={"required": "Выберите решение."},
    )
    reason = forms.CharField(label="Обоснование", error_messages={"required": "Укажите причину."})


@pytest.mark.parametrize("path", sorted(PIECES.glob("*.html")), ids=lambda path: path.stem)
def test_every_piece_says_what_it_is(path: Path) -> None:
    assert "{#" in path.read_text(encoding="utf-8")[:600]


def test_crumbs_link_all_but_the_page_itself() -> None:
    soup = piece("crumbs", crumbs=[("Школы", "/schools/"), ('МБОУ "СОШ №5"', "/schools/5/")])
    assert [link["href"] for link in soup.select("a")] == ["/schools/"]
    assert words(one(soup, '[aria-current="page"]')) == "МБОУ «СОШ № 5»"


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.title)
def test_section_in_the_crumbs_finds_its_link(section: Section) -> None:
    soup = piece("crumbs", crumbs=f"{section.title}|Школа № 5")

    assert [(words(link), link["href"]) for link in soup.select("a")] == [(section.title, f"/{section.path}")]


def test_crumb_that_is_no_section_stays_a_text() -> None:
    assert piece("crumbs", crumbs="Черновики|Школа № 5").select("a") == []


def test_heading_makes_the_last_action_the_main_one() -> None:
    actions = [
        {"title": "Скачать", "url": "/a/", "icon": "download"},
        {"title": "Добавить", "url": "/b/"},
    ]
    soup = piece("page_head", title="Школы", lead="22 школы", actions=actions)
    assert words(one(soup, ".btn-primary")) == "Добавить"
    assert words(one(soup, "h1")) == "Школы"


@pytest.mark.parametrize("kind", ["", "ok", "warn", "bad"])
def test_note_has_an_icon_and_a_word(kind: str) -> None:
    soup = piece("note", kind=kind, title="Мало данных.", text="Проверьте анкеты.")
    assert one(soup, "svg use")
    assert words(one(soup, ".note")) == "Мало данных. Проверьте анкеты."


def test_empty_list_offers_the_first_step() -> None:
    soup = piece("empty", title="Школ нет", text="Загрузите реестр.", url="/imports/", action="Загрузить реестр")
    assert one(soup, "a")["href"] == "/imports/"


def test_error_summary_links_to_the_fields_by_the_same_words() -> None:
    soup = piece("error_summary", form=DecisionForm({"decision": "include"}))
    assert one(soup, "a")["href"] == "#id_reason"
    assert words(one(soup, "li")) == "Обоснование : Укажите причину."


def test_error_summary_of_a_right_form_is_silent() -> None:
    assert words(piece("error_summary", form=DecisionForm())) == ""


def test_pages_keep_the_filters() -> None:
    page = Paginator(range(45), 20).get_page(2)
    soup = piece("pagination", "?q=лес&page=2", page=page, forms="школа,школы,школ")
    assert words(soup).startswith("45 школ, показаны 21–40")
    assert one(soup, "a[rel=next]")["href"] == "?q=%D0%BB%D0%B5%D1%81&page=3"


def test_single_page_needs_no_links() -> None:
    assert words(piece("pagination", page=Paginator(range(3), 20).get_page(1))) == ""


def test_segments_show_counts_and_the_current_one() -> None:
    segments = [
        {"title": "Все", "url": "?", "count": 7, "current": True},
        {"title": "Просроченные", "url": "?late=1", "count": 2, "bad": True},
    ]
    soup = piece("segments", label="Показать", segments=segments)
    assert words(one(soup, '[aria-current="true"]')) == "Все 7"
    assert one(soup, ".count-bad").get_text() == "2"


@pytest.mark.parametrize(
    ("query", "order", "link"),
    [("", None, "?sort=name"), ("?sort=name", "ascending", "?sort=-name"), ("?sort=-name", "descending", "?sort=name")],
)
def test_column_head_turns_the_order(query: str, order: str | None, link: str) -> None:
    soup = piece("sort_th", query, title="Школа", key="name")
    assert one(soup, "th").get("aria-sort") == order
    assert one(soup, "a")["href"] == link


def test_bulk_bar_offers_the_whole_list_only_when_its_size_is_known() -> None:
    actions = [{"name": "action", "value": "remind", "title": "Напомнить", "icon": "send"}]
    with_total = piece("bulk_bar", noun="школ", actions=actions, total=34)
    assert words(one(with_total, "[data-everything]")) == "Выбрать все 34"
    assert one(with_total, 'button[value="remind"]')["name"] == "action"
    assert piece("bulk_bar", actions=actions).select("[data-everything]") == []


def test_tiles_show_value_note_and_progress() -> None:
    tiles = [{"title": "Выполнены", "value": "71", "of": "из 118", "done": 71, "total": 118}]
    soup = piece("tiles", tiles=tiles)
    assert words(one(soup, ".tile")) == "Выполнены 71 из 118"
    assert one(soup, "progress")["max"] == "118"


def test_task_rows_group_by_time() -> None:
    task = {"title": "Согласовать карту", "url": "/roadmaps/1/", "icon": "route", "due": date(2020, 1, 1)}
    soup = piece("task_rows", groups=[{"title": "Просрочено", "late": True, "tasks": [{**task, "action": "Открыть"}]}])
    assert one(soup, "h3.bad").get_text() == "Просрочено"
    assert one(soup, "a.stretched-link")["href"] == "/roadmaps/1/"
    assert "просрочено на" in words(soup)


def test_steps_tell_their_state_in_words() -> None:
    steps = [{"title": "Входной", "state": "done"}, {"title": "Итоговый", "state": "now"}, {"title": "Отчёт"}]
    soup = piece("steps", steps=steps)
    assert [words(step) for step in soup.select("li")] == [
        "Входной — пройден",
        "Итоговый — идёт",
        "Отчёт — впереди",
    ]
    assert len(soup.select('[aria-current="step"]')) == 1


def test_facts_name_a_missing_value_and_keep_a_zero() -> None:
    soup = piece("facts", facts=[("Куратор", ""), ("Вакансии", 0), ("Директор", "Лапина Н. С.", "доб. 12")])
    assert [words(value) for value in soup.select("dd")] == ["не указано", "0", "Лапина Н. С. доб. 12"]


def test_feed_shows_was_and_now() -> None:
    at = datetime(2020, 5, 1, 9, 0, tzinfo=UTC)
    event = {"who": "Громова И. В.", "what": "изменила срок", "was": "30.11", "now": "20.12", "at": at}
    assert words(one(piece("feed", events=[event]), "li")) == (
        "Громова И. В. изменила срок: 30.11 стало 20.12 01.05.2020, 12:00"
    )


def test_choice_cards_are_radio_buttons_with_labels() -> None:
    soup = piece("opts", field=DecisionForm({"decision": "exclude"})["decision"], hints={"exclude": "Нужна причина"})
    assert words(one(soup, "label.on")) == "Исключить Нужна причина"
    assert one(soup, "input[checked]")["value"] == "exclude"


def test_choice_card_alone() -> None:
    soup = piece("opt", name="dec", value="in", title="Включить", checked=True)
    assert one(soup, "input[checked]")["name"] == "dec"


def test_files_show_format_and_size() -> None:
    files = [{"url": "/f/1/", "format": "PDF", "size": 1_887_437, "name": "справка"}]
    assert words(piece("files", files=files)) == "PDF 1,8 МБ : справка"


def test_decision_with_a_reason_keeps_what_was_typed() -> None:
    soup = piece(
        "confirm_reason",
        action="/x/",
        verb="Исключить",
        min_length=50,
        value_text="Мало",
        error="Введите не менее 50 знаков.",
    )
    assert one(soup, "details").has_attr("open")
    assert one(soup, "textarea").get_text() == "Мало"
    assert "Введите не менее 50 знаков." in words(soup)


def test_conflict_shows_both_values() -> None:
    at = datetime(2020, 5, 1, 9, 0, tzinfo=UTC)
    soup = piece(
        "sheet_conflict",
        columns=8,
        title="Срок 2.2",
        who="Егорова М. А.",
        at=at,
        theirs="25.12.2026",
        mine="15.12.2026",
        url="/m/1/",
        field="due",
        version=4,
        target="#m-1",
    )
    assert [button["value"] for button in soup.select("button")] == ["15.12.2026", "25.12.2026"]
    assert one(soup, "input[name=version]")["value"] == "4"


@pytest.mark.parametrize(
    ("level", "role", "css"),
    [(25, "status", "note-ok"), (30, "status", "note-warn"), (40, "alert", "note-bad"), (20, "status", "")],
)
def test_message_is_announced(level: int, role: str, css: str) -> None:
    soup = piece("messages", messages=[Message(level, "Сохранено в 14:32")])
    note = one(soup, f".note[role={role}]")
    assert css in " ".join(note["class"])


def test_messages_of_a_fragment_replace_those_of_the_page() -> None:
    assert one(piece("messages", oob=True, messages=[]), "#messages")["hx-swap-oob"] == "true"


def test_paper_and_state_of_saving() -> None:
    assert words(piece("paper", content="Справка")) == "Справка"
    assert one(piece("save_state", text="Сохранено в 14:32"), "[role=status] [data-live]")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "polls", "text"),
    [
        (JobState.QUEUED, True, "В очереди"),
        (JobState.RUNNING, True, "Страницу можно закрыть"),
        (JobState.READY, False, "Готово"),
        (JobState.FAILED, False, "не утверждён"),
        (JobState.CANCELLED, False, "Отменено"),
    ],
)
def test_job_row_polls_only_while_there_is_something_to_wait_for(state: JobState, polls: bool, text: str) -> None:
    soup = piece("job_row", job=make_job(state=state, requested_by=make_user()))
    assert one(soup, "li").has_attr("hx-get") is polls
    assert text in words(soup)


def test_failure_pages_need_no_database() -> None:
    for name in ("409.html", "500.html", "503.html"):
        html = render_to_string(name, request=RequestFactory().get("/"))
        assert "<h1" in html
        assert "Основные разделы" not in html


@pytest.mark.django_db
def test_sign_in_page_keeps_the_name_and_says_what_to_do(client: Client) -> None:
    answer = client.post("/login/", {"username": "petrova", "password": "wrong"})
    soup = BeautifulSoup(answer.content, "html.parser")
    assert one(soup, "input[name=username]")["value"] == "petrova"
    assert one(soup, "title").get_text().startswith("Ошибка: ")
    assert "Проверьте раскладку" in words(soup)


@pytest.mark.django_db
def test_unknown_page_is_in_russian(client: Client) -> None:
    client.force_login(make_user())
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "Страница не найдена" in answer.content.decode()
