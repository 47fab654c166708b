"""static/app.js in a real browser: nothing that was typed gets lost. The server is played by the test itself."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import django_htmx
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from tests.browser import launch_chromium

pytestmark = pytest.mark.browser

HOST = "http://portal.test"
STATIC = Path(settings.BASE_DIR) / "static"
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
CONFIG = re.search(r"<meta name=\"htmx-config\"[^>]+>", render_to_string("ui/page.html"))
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'"
)
Answer = Callable[[Route], None]


def cell(row: int, column: str, value: str) -> str:
    """Return a field that saves itself: long text for the name, one line for the rest."""
    attributes = (
        f'class="q" id="{column}-{row}" name="{column}" data-col="{column}"'
        f' hx-post="/rows/{row}/" hx-trigger="change" hx-target="closest tr" hx-swap="outerHTML"'
    )
    if column == "name":
        return f"<td><textarea {attributes}>{value}</textarea></td>"
    return f'<td><input {attributes} value="{value}"></td>'


def row_of(number: int, name: str, due: str) -> str:
    return f'<tr id="row-{number}">{cell(number, "name", name)}{cell(number, "due", due)}</tr>'


class Server:
    """Rows of an editable table, and what was asked of them."""

    def __init__(self, rows: int = 3) -> None:
        self.rows = {n: {"name": f"Мероприятие {n}", "due": f"0{n}.12.2026"} for n in range(1, rows + 1)}
        self.posts: list[dict[str, str]] = []
        self.preferences: list[dict[str, str]] = []
        self.answer: Answer | None = None
        self.extra = ""

    def page(self) -> str:
        body = "".join(row_of(n, **row) for n, row in self.rows.items())
        return f"""<!doctype html><html lang="ru"><head>{CONFIG.group() if CONFIG else ""}<title>Карта</title>
            <link rel="stylesheet" href="/static/app.css">
            <script src="/static/vendor/bootstrap.bundle.min.js" defer></script>
            <script src="/htmx.js" defer></script><script src="/static/app.js" defer></script></head><body>
            <div id="a11y" data-save="/preferences/"><button data-set="size" data-val="150">150 %</button></div>
            <div id="notices" role="alert"></div><p role="status"><span data-live>Изменения сохраняются сразу</span></p>
            <form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="old"></form>
            <table class="sheet">{body}</table>{self.extra}</body></html>"""

    def handle(self, route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        if path == "/":
            route.fulfill(
                body=self.page(),
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": POLICY},
            )
        elif path == "/htmx.js":
            route.fulfill(path=HTMX)
        elif path.startswith("/static/"):
            route.fulfill(path=STATIC / path.removeprefix("/static/"))
        elif path == "/preferences/":
            self.preferences.append(form_of(route))
            route.fulfill(status=204)
        elif self.answer:
            self.answer(route)
        else:
            self.save(route)

    def save(self, route: Route) -> None:
        """Store the field of a row and give the row back, as the portal does."""
        number = int(route.request.url.split("/")[-2])
        posted = form_of(route)
        self.posts.append(posted)
        self.rows[number] |= {key: value for key, value in posted.items() if key in {"name", "due"}}
        route.fulfill(body=row_of(number, **self.rows[number]), content_type="text/html; charset=utf-8")


def form_of(route: Route) -> dict[str, str]:
    values = parse_qs(route.request.post_data or "", keep_blank_values=True)
    return {key: value[0] for key, value in values.items()}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch_chromium() as chromium:
        yield chromium


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context()
    context.add_cookies([{"name": "csrftoken", "value": "fresh", "url": HOST}])
    context.route("**/*", server.handle)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    opened.goto(HOST + "/")
    yield opened
    assert complaints == []
    context.close()


def paste(page: Page, selector: str, text: str) -> None:
    page.locator(selector).focus()
    page.evaluate(
        """([selector, text]) => { const data = new DataTransfer(); data.setData("text", text);
        document.querySelector(selector).dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); }""",
        [selector, text],
    )


def test_changed_field_is_saved_with_the_newest_token(page: Page, server: Server) -> None:
    with page.expect_request("**/rows/1/") as asked:
        page.fill("#due-1", "20.12.2026")
        page.press("#due-1", "Tab")
    assert asked.value.headers["x-csrftoken"] == "fresh"
    expect(page.locator("[data-live]")).to_have_text(re.compile(r"Сохранено в \d\d:\d\d"))
    expect(page.locator("#due-1")).to_have_class(re.compile("saved"))
    assert server.rows[1]["due"] == "20.12.2026"


def test_text_typed_in_the_next_field_survives_the_answer_to_the_first(page: Page, server: Server) -> None:
    waiting: list[Route] = []
    server.answer = waiting.append
    page.fill("#name-1", "Новое имя")
    page.press("#name-1", "Tab")
    page.wait_for_timeout(50)
    page.locator("#due-1").select_text()
    page.keyboard.type("31.12.2026")
    server.answer = None
    server.save(waiting[0])
    expect(page.locator("#name-1")).to_have_class(re.compile("saved"))
    expect(page.locator("#due-1")).to_have_value("31.12.2026")
    expect(page.locator("#due-1")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[data-live]")).to_have_text(re.compile("Сохранено"))
    page.wait_for_timeout(100)
    assert server.rows[1] == {"name": "Новое имя", "due": "31.12.2026"}


def test_fields_without_an_id_are_found_in_their_own_row(page: Page, server: Server) -> None:
    bare = [row_of(n, f"Дело {n}", f"0{n}.12.2026") for n in (1, 2)]
    server.extra = "<table class='sheet bare'>" + "".join(re.sub(r' id="(name|due)-\d"', "", row) for row in bare)
    server.extra = server.extra.replace("row-", "bare-") + "</table>"
    page.reload()
    waiting: list[Route] = []
    server.answer = waiting.append
    name, due = page.locator("#bare-2 [name=name]"), page.locator("#bare-2 [name=due]")
    name.fill("Новое дело")
    name.press("Tab")
    page.wait_for_timeout(50)
    page.keyboard.type("31.12.2026")
    fresh = re.sub(r' id="(name|due)-\d"', "", row_of(2, "Новое дело", "02.12.2026")).replace("row-", "bare-")
    waiting[0].fulfill(body=fresh, content_type="text/html; charset=utf-8")
    expect(name).to_have_class(re.compile("saved"))
    expect(due).to_have_value("31.12.2026")
    expect(due).to_be_focused()
    expect(page.locator("#due-1")).to_have_value("01.12.2026")


def test_two_quick_changes_of_a_row_go_one_after_another(page: Page, server: Server) -> None:
    waiting: list[Route] = []
    server.answer = waiting.append
    page.fill("#name-1", "Новое имя")
    page.press("#name-1", "Tab")
    page.keyboard.type("31.12.2026")
    page.keyboard.press("Tab")
    page.wait_for_timeout(100)
    assert len(waiting) == 1
    server.answer = None
    with page.expect_request("**/rows/1/"):
        server.save(waiting[0])
    expect(page.locator("#due-1")).to_have_class(re.compile("saved"))
    assert server.rows[1] == {"name": "Новое имя", "due": "31.12.2026"}
    assert len(server.posts) == 2


def test_cursor_stays_in_a_field_that_was_only_entered(page: Page, server: Server) -> None:
    waiting: list[Route] = []
    server.answer = waiting.append
    page.fill("#name-1", "Новое имя")
    page.press("#name-1", "Tab")
    page.wait_for_timeout(50)
    server.save(waiting[0])
    expect(page.locator("#name-1")).to_have_class(re.compile("saved"))
    expect(page.locator("#due-1")).to_be_focused()
    assert page.evaluate("window.getSelection().toString()") == "01.12.2026"


def test_lost_connection_keeps_the_text_and_offers_to_repeat(page: Page, server: Server) -> None:
    server.answer = lambda route: route.abort()
    page.fill("#name-2", "Семинар")
    page.press("#name-2", "Tab")
    expect(page.locator("[data-live]")).to_contain_text("Не сохранено")
    expect(page.locator("#name-2")).to_have_value("Семинар")
    server.answer = None
    page.get_by_role("button", name="Повторить").click()
    expect(page.locator("[data-live]")).to_have_text(re.compile("Сохранено"))
    assert server.rows[2]["name"] == "Семинар"


def test_ended_session_asks_to_sign_in_elsewhere_and_keeps_the_text(page: Page, server: Server) -> None:
    server.answer = lambda route: route.fulfill(status=401, body="Сессия закончилась. Войдите снова.")
    page.fill("#name-1", "Очень длинный текст")
    page.press("#name-1", "Tab")
    expect(page.locator("#session-ended")).to_contain_text("введённое останется на странице")
    expect(page.locator("#name-1")).to_have_value("Очень длинный текст")
    assert page.get_by_role("link", name="Войти в новой вкладке").get_attribute("target") == "_blank"
    server.answer = None
    page.locator("#session-ended").get_by_role("button", name="Повторить").click()
    expect(page.locator("[data-live]")).to_have_text(re.compile("Сохранено"))
    assert server.rows[1]["name"] == "Очень длинный текст"


IN_THE_SWAP = """() => document.addEventListener("htmx:afterSwap", () => {
    const field = document.getElementById("due-1");
    field.value = "31.12.2026";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
}, { once: true })"""


def saved(page: Page) -> None:
    expect(page.locator("[data-live]")).to_have_text(re.compile(r"^Сохранено в"))


def dirty(page: Page) -> bool:
    """Answer whether the page would ask before it is left."""
    return bool(page.evaluate("!dispatchEvent(new Event('beforeunload', { cancelable: true }))"))


def refuse(field: str, value: str, status: int = 422) -> Answer:
    """Return an answer that gives the first row back with the field marked as not saved."""
    row = row_of(1, "Мероприятие 1", "01.12.2026")
    shown = re.sub(rf'(id="{field}-1"[^>]*?) value="[^"]*"', rf'\1 data-unsaved value="{value}"', row)
    return lambda route: route.fulfill(status=status, body=shown, content_type="text/html; charset=utf-8")


def test_field_left_before_its_fresh_row_listens_is_saved(page: Page, server: Server) -> None:
    page.evaluate(IN_THE_SWAP)
    page.fill("#name-1", "Новое имя")
    page.press("#name-1", "Tab")
    expect(page.locator("#due-1")).to_have_class(re.compile("saved"))
    assert server.rows[1] == {"name": "Новое имя", "due": "31.12.2026"}
    assert not dirty(page)


def test_field_changed_again_while_it_is_sent_is_sent_again(page: Page, server: Server) -> None:
    waiting: list[Route] = []
    server.answer = waiting.append
    for text in ("Первое", "Второе"):
        page.fill("#name-1", text)
        page.press("#name-1", "Tab")
    server.answer = None
    with page.expect_request("**/rows/1/"):
        server.save(waiting[0])
    saved(page)
    assert [post["name"] for post in server.posts] == ["Первое", "Второе"]
    assert not dirty(page)


def test_text_typed_over_a_refused_value_is_neither_lost_nor_taken_for_refused(page: Page, server: Server) -> None:
    waiting: list[Route] = []
    server.answer = waiting.append
    page.fill("#due-1", "31.11.2026")
    page.press("#due-1", "Tab")
    page.fill("#due-1", "30.11.2026")
    server.answer = None
    refuse("due", "31.11.2026")(waiting[0])
    expect(page.locator("[data-live]")).to_contain_text("исправьте отмеченное поле")
    expect(page.locator("#due-1")).to_have_value("30.11.2026")
    page.press("#due-1", "Tab")
    saved(page)
    assert server.rows[1]["due"] == "30.11.2026"


@pytest.mark.parametrize("status", [409, 422])
def test_field_that_waits_is_saved_after_another_of_its_row_was_refused(
    page: Page, server: Server, status: int
) -> None:
    waiting: list[Route] = []
    server.answer = waiting.append
    page.fill("#due-1", "31.11.2026")
    page.press("#due-1", "Tab")
    page.fill("#name-1", "Новое имя")
    page.press("#name-1", "Tab")
    server.answer = None
    with page.expect_request("**/rows/1/"):
        refuse("due", "31.11.2026", status)(waiting[0])
    saved(page)
    assert server.rows[1]["name"] == "Новое имя"
    expect(page.locator("#due-1")).to_have_value("31.11.2026")
    assert dirty(page)


def test_value_the_server_could_not_take_is_sent_again_after_the_next_success(page: Page, server: Server) -> None:
    server.answer = lambda route: route.fulfill(status=500, body="")
    page.fill("#name-1", "Новое имя")
    page.press("#name-1", "Tab")
    expect(page.locator("[data-live]")).to_contain_text("Не сохранено")
    assert dirty(page)
    server.answer = None
    page.fill("#due-2", "31.12.2026")
    page.press("#due-2", "Tab")
    expect(page.locator("#name-1")).to_have_class(re.compile("saved"))
    assert (server.rows[1]["name"], server.rows[2]["due"]) == ("Новое имя", "31.12.2026")
    assert not dirty(page)


TABLE = '<button id="anew" hx-get="/table/" hx-target=".sheet">Обновить</button>'


def test_request_that_failed_after_its_table_was_replaced_can_be_repeated(page: Page, server: Server) -> None:
    waiting: list[Route] = []
    server.answer = waiting.append
    server.extra = TABLE
    page.reload()
    page.fill("#name-1", "Новое имя")
    page.click("#anew")
    page.wait_for_timeout(50)
    first, table = waiting
    server.rows[3]["due"] = "03.03.2026"
    rows = "".join(row_of(n, **row) for n, row in server.rows.items())
    table.fulfill(body=rows, content_type="text/html; charset=utf-8")
    expect(page.locator("#due-3")).to_have_value("03.03.2026")
    server.answer = None
    first.abort()
    page.get_by_role("button", name="Повторить").click()
    saved(page)
    assert server.rows[1]["name"] == "Новое имя"
    assert not dirty(page)


def test_text_whose_field_has_gone_is_shown(page: Page, server: Server) -> None:
    waiting: list[Route] = []
    server.answer = waiting.append
    page.fill("#name-1", "Новое имя")
    page.press("#name-1", "Tab")
    page.fill("#due-1", "31.12.2026")
    waiting[0].fulfill(body='<tr id="row-1"><td>Утверждено</td></tr>', content_type="text/html; charset=utf-8")
    expect(page.locator("#notices")).to_contain_text("Не сохранено: «31.12.2026». Этого поля на странице больше нет.")


def test_escape_in_a_row_that_came_back_restores_what_the_server_has(page: Page, server: Server) -> None:
    waiting: list[Route] = []
    server.answer = waiting.append
    page.fill("#name-1", "Новое имя")
    page.press("#name-1", "Tab")
    page.fill("#due-1", "31.12")
    server.answer = None
    server.save(waiting[0])
    expect(page.locator("#name-1")).to_have_class(re.compile("saved"))
    page.keyboard.press("Escape")
    expect(page.locator("#due-1")).to_have_value("01.12.2026")
    assert not dirty(page)


def test_form_is_sent_after_the_cell_typed_before_it(page: Page, server: Server) -> None:
    waiting: list[Route] = []
    server.answer = waiting.append
    server.extra = FORM
    page.reload()
    page.fill("#due-1", "31.12.2026")
    page.get_by_role("button", name="Сохранить").click()
    page.wait_for_timeout(50)
    assert [urlsplit(route.request.url).path for route in waiting] == ["/rows/1/"]
    with page.expect_request("**/decide/"):
        server.save(waiting[0])
    assert server.rows[1]["due"] == "31.12.2026"


def test_form_stays_when_the_cell_typed_before_it_is_refused(page: Page, server: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    server.answer = refuse("due", "31.11.2026")
    server.extra = FORM
    page.reload()
    page.fill("#due-1", "31.11.2026")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.locator("[data-live]")).to_contain_text("исправьте отмеченное поле")
    assert "/decide/" not in asked


RADIOS = """<div id="answer"><label><input type="radio" name="due" value="yes" data-autosave hx-post="/rows/2/"
hx-swap="none">Да</label><label><input type="radio" name="due" value="no" data-autosave hx-post="/rows/2/"
hx-swap="none">Нет</label></div>"""


def test_answer_chosen_last_is_the_one_that_is_sent(page: Page, server: Server) -> None:
    waiting: list[Route] = []
    server.answer = waiting.append
    server.extra = RADIOS
    page.reload()
    page.fill("#name-1", "Новое имя")
    page.check("[value=yes]")
    page.check("[value=no]")
    server.answer = None
    with page.expect_request("**/rows/2/"):
        server.save(waiting[0])
    saved(page)
    assert [post.get("due") for post in server.posts[1:]] == ["no"]
    assert not dirty(page)


@pytest.mark.parametrize(("status", "text"), [(422, "исправьте отмеченное поле"), (409, "изменил другой пользователь")])
def test_refused_value_comes_back_in_its_row(page: Page, server: Server, status: int, text: str) -> None:
    refused = row_of(1, "Мероприятие 1", "31.11.2026").replace("</tr>", '<td class="why">В ноябре 30 дней</td></tr>')
    server.answer = lambda route: route.fulfill(status=status, body=refused, content_type="text/html; charset=utf-8")
    page.fill("#due-1", "31.11.2026")
    page.press("#due-1", "Tab")
    expect(page.locator(".why")).to_be_visible()
    expect(page.locator("[data-live]")).to_contain_text(text)


@pytest.mark.parametrize(
    ("status", "text"), [(403, "Недостаточно прав"), (404, "не найдена"), (500, "Повторите через")]
)
def test_failed_action_says_what_to_do(page: Page, server: Server, status: int, text: str) -> None:
    server.answer = lambda route: route.fulfill(status=status, body="")
    page.evaluate(
        """() => { document.body.insertAdjacentHTML("beforeend", '<button id="act" hx-post="/act/">x</button>');
        htmx.process(document.body); }"""
    )
    page.click("#act")
    expect(page.locator("#notices")).to_contain_text(text)


def test_enter_and_arrows_move_in_the_column(page: Page) -> None:
    page.locator("#due-1").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#due-2")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#due-3")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#due-2")).to_be_focused()


def test_escape_puts_the_value_back_and_saves_nothing(page: Page, server: Server) -> None:
    page.locator("#due-1").select_text()
    page.keyboard.type("x")
    page.keyboard.press("Escape")
    expect(page.locator("#due-1")).to_have_value("01.12.2026")
    page.wait_for_timeout(100)
    assert server.posts == []


def test_block_from_excel_is_saved_cell_by_cell(page: Page, server: Server) -> None:
    paste(page, "#name-1", "Семинар\t10.12.2026\r\nАнкета\t11.12.2026\r\n")
    expect(page.locator("[data-live]")).to_have_text("Вставлено: 2 строки")
    assert server.rows[1] == {"name": "Семинар", "due": "10.12.2026"}
    assert server.rows[2] == {"name": "Анкета", "due": "11.12.2026"}
    assert len(server.posts) == 4


def test_column_longer_than_the_table_is_not_cut_silently(page: Page, server: Server) -> None:
    paste(page, "#due-2", "10.12.2026\n11.12.2026\n12.12.2026")
    expect(page.locator("#notices")).to_contain_text("Вставлено: 2 строки из 3")
    expect(page.locator("[data-live]")).to_have_text("Вставлено: 2 строки")
    assert server.rows[3]["due"] == "11.12.2026"


def test_single_value_pastes_as_usual(page: Page, server: Server) -> None:
    paste(page, "#due-2", "10.12.2026")
    page.wait_for_timeout(100)
    assert server.posts == []


def test_leaving_with_unsaved_text_is_warned_about(page: Page, server: Server) -> None:
    server.answer = lambda route: route.abort()
    page.fill("#name-1", "Не сохранено")
    page.press("#name-1", "Tab")
    expect(page.locator("[data-live]")).to_contain_text("Не сохранено")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.once("dialog", leave)
    page.reload()
    assert asked == ["beforeunload"]


def test_leaving_after_saving_is_free(page: Page) -> None:
    page.fill("#name-1", "Сохранено")
    page.press("#name-1", "Tab")
    expect(page.locator("[data-live]")).to_have_text(re.compile("Сохранено в"))
    page.on("dialog", lambda dialog: pytest.fail(dialog.type))
    page.reload()


RULING = """<b class="user-name">{person}</b><details><summary>Решение</summary>
<form method="post" action="/send/" data-guard id="ruling"><input type="hidden" name="version" value="{version}">
<input type="radio" name="decision" value="in"><input type="radio" name="decision" value="out">
<textarea name="text"></textarea><input name="cell" value=""><input name="cell" value="">
<select name="kind"><option value="a">А</option><option value="b">Б</option></select>
<button type="submit">Отправить</button></form></details>"""
ASKING = """<form id="asking" hx-get="/ask/" hx-target="#answer" hx-swap="outerHTML"><input id="share" name="share">
    <button>Пересчитать</button></form><div id="answer" role="status" data-answers></div>"""


def test_answer_beside_a_form_marks_the_wrong_fields_and_no_others(page: Page, server: Server) -> None:
    def answer(route: Route) -> None:
        is_wrong = "share=500" in route.request.url
        told = '<p id="share_error">Введите число от 1 до 100.</p>' if is_wrong else "Состав тот же."
        body = f'<div id="answer" role="status" data-answers>{told}</div>'
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    server.extra, server.answer = ASKING, answer
    page.reload()
    share = page.locator("#share")

    share.fill("500")
    page.get_by_role("button", name="Пересчитать").click()
    expect(share).to_have_attribute("aria-invalid", "true")
    expect(share).to_have_attribute("aria-describedby", "share_error")

    share.fill("25")
    page.get_by_role("button", name="Пересчитать").click()
    expect(page.locator("#answer")).to_have_text("Состав тот же.")
    expect(share).not_to_have_attribute("aria-invalid", "true")


SIGN_IN = "<!doctype html><script src='/static/app.js' defer></script><div id='notices'></div><p>Вход</p>"


def fill_and_send(page: Page) -> None:
    page.click("summary")
    page.check("[name=decision][value=out]")
    page.fill("[name=text]", "Обоснование в пятьдесят знаков")
    page.locator("[name=cell]").nth(1).fill("C7")
    page.select_option("[name=kind]", "b")
    page.click("#ruling button")
    page.wait_for_url(f"{HOST}/login/")


def ends_session(server: Server, page: Page, *, person: str = "Лапина") -> None:
    """Have forms answered with the page of signing in, as an ended session is."""
    server.extra = RULING.format(person=person, version=1)
    page.route(f"{HOST}/login/", lambda route: route.fulfill(body=SIGN_IN, content_type="text/html; charset=utf-8"))
    server.answer = lambda route: route.fulfill(
        body='<!doctype html><meta http-equiv="refresh" content="0; url=/login/">', content_type="text/html"
    )
    page.goto(f"{HOST}/")


def test_form_of_an_ended_session_comes_back_as_it_was_typed(page: Page, server: Server) -> None:
    ends_session(server, page)
    fill_and_send(page)

    server.extra = RULING.format(person="Лапина", version=2)
    page.goto(f"{HOST}/")

    expect(page.locator("#notices")).to_contain_text("Введённое вернулось на место")
    expect(page.locator("[name=text]")).to_be_visible()
    expect(page.locator("[name=text]")).to_have_value("Обоснование в пятьдесят знаков")
    expect(page.locator("[name=decision][value=out]")).to_be_checked()
    assert page.locator("[name=cell]").evaluate_all("fields => fields.map((one) => one.value)") == ["", "C7"]
    expect(page.locator("[name=kind]")).to_have_value("b")
    expect(page.locator("[name=version]")).to_have_value("2")  # what the page says itself stays
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{HOST}/")
    expect(page.locator("[name=text]")).to_have_value("")  # once


def test_typed_text_is_not_shown_to_another_person(page: Page, server: Server) -> None:
    ends_session(server, page)
    fill_and_send(page)

    server.extra = RULING.format(person="Другая", version=2)
    page.goto(f"{HOST}/")

    expect(page.locator("[name=text]")).to_have_value("")
    assert page.evaluate("sessionStorage.getItem('typed')") is None


def test_form_that_was_taken_does_not_come_back(page: Page, server: Server) -> None:
    server.extra = RULING.format(person="Лапина", version=1)
    server.answer = lambda route: route.fulfill(body=server.page(), content_type="text/html; charset=utf-8")
    page.goto(f"{HOST}/")
    page.click("summary")
    page.fill("[name=text]", "Принято")
    page.click("#ruling button")
    page.wait_for_url(f"{HOST}/send/")

    page.goto(f"{HOST}/")

    expect(page.locator("[name=text]")).to_have_value("")
    expect(page.locator("#notices")).to_be_empty()


def test_pasted_text_that_does_not_fit_is_not_cut_silently(page: Page, server: Server) -> None:
    server.extra = '<textarea id="short" maxlength="10">абв</textarea>'
    page.goto(f"{HOST}/")

    paste(page, "#short", "семь букв")

    expect(page.locator("#notices")).to_contain_text("помещается 10 знаков, а в тексте 9")


def test_look_is_kept_by_the_server(page: Page, server: Server) -> None:
    page.click("[data-set=size]")
    expect(page.locator("html")).to_have_attribute("data-size", "150")
    expect(page.locator("[data-set=size]")).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(50)
    assert server.preferences == [{"size": "150"}]


BULK = """<form><input type="checkbox" data-all><table><tr><td><input type="checkbox" data-row></td></tr>
<tr><td><input type="checkbox" data-row></td></tr></table><div data-bulk data-total="34" hidden><b data-n></b>
<input type="hidden" name="all"><button type="button" data-everything hidden>Все</button>
<button type="button" data-clear>Снять</button></div></form>"""


def test_chosen_rows_open_the_bar_and_can_become_the_whole_list(page: Page, server: Server) -> None:
    server.extra = BULK
    page.reload()
    expect(page.locator("[data-bulk]")).to_be_hidden()
    page.locator("[data-row]").first.check()
    expect(page.locator("[data-n]")).to_have_text("1")
    expect(page.locator("[data-everything]")).to_be_hidden()
    page.locator("[data-all]").check()
    page.locator("[data-everything]").click()
    expect(page.locator("[data-n]")).to_have_text("34")
    expect(page.locator("[name=all]")).to_have_value("1")
    page.locator("[data-clear]").click()
    expect(page.locator("[data-bulk]")).to_be_hidden()
    expect(page.locator("[name=all]")).to_have_value("")


FORM = """<form id="decision" method="post" action="/decide/"><label class="opt"><input type="radio" name="decision"
value="in" checked></label><label class="opt"><input type="radio" name="decision" value="out"></label>
<fieldset data-when="decision=out|return"><textarea name="why" data-counter="n"></textarea><b id="n"></b></fieldset>
<button type="submit">Сохранить</button></form>"""


def test_reason_is_asked_only_where_it_is_needed(page: Page, server: Server) -> None:
    server.extra = FORM
    page.reload()
    expect(page.locator("fieldset")).to_be_hidden()
    page.locator("[value=out]").check()
    expect(page.locator("fieldset")).to_be_visible()
    page.fill("[name=why]", "Малая выборка")
    expect(page.locator("#n")).to_have_text("13")
    assert json.loads(page.evaluate("JSON.stringify(document.querySelector('fieldset').disabled)")) is False


CHOICES = """<form method="post" action="/build/"><input type="radio" name="kind" value="R1" checked>
<input type="radio" name="kind" value="R4"><select name="scope"><option value="all">Все</option>
<option value="school:1" data-when="kind=R4">Школа</option></select></form>"""


def test_choice_that_does_not_fit_is_neither_offered_nor_kept(page: Page, server: Server) -> None:
    server.extra = CHOICES
    page.reload()
    school = page.locator("option[data-when]")
    expect(school).to_be_disabled()
    page.locator("[value=R4]").check()
    expect(school).to_be_enabled()
    page.select_option("[name=scope]", "school:1")
    page.locator("[value=R1]").check()
    expect(school).to_be_disabled()
    expect(page.locator("[name=scope]")).to_have_value("all")


def test_second_click_does_not_send_the_form_twice(page: Page, server: Server) -> None:
    sent: list[Route] = []
    server.answer = sent.append
    server.extra = FORM
    page.reload()
    page.evaluate("() => { const f = document.getElementById('decision'); f.requestSubmit(); f.requestSubmit(); }")
    page.wait_for_timeout(200)
    assert len(sent) == 1
    sent[0].fulfill(status=204)
