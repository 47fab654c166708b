"""Log lines as an operator and a log server read them."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from structlog.contextvars import bound_contextvars

from accounts.middleware import RequestContextMiddleware
from config.logs import logging_config


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Configure logging as the parameter says (JSON or not) and return what is written."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logging.config.dictConfig(logging_config(as_json=request.param, level="INFO"))
    yield stream
    logging.config.dictConfig(settings.LOGGING)


as_json = pytest.mark.parametrize("lines", [True], indirect=True)
as_text = pytest.mark.parametrize("lines", [False], indirect=True)


@as_json
def test_server_line_is_one_json_object_with_level_logger_and_time(lines: io.StringIO) -> None:
    logging.getLogger("jobs.broker").warning("Очередь %s", "молчит")

    event = json.loads(lines.getvalue())

    assert (event["event"], event["level"], event["logger"]) == ("Очередь молчит", "warning", "jobs.broker")
    assert event["timestamp"]
    assert "молчит" in lines.getvalue()  # not \\u escapes: people read these lines too


@as_json
def test_line_break_in_a_value_cannot_forge_a_line(lines: io.StringIO) -> None:
    logging.getLogger("accounts").warning("Вход: %s", 'a\n{"event": "forged"}')

    assert len(lines.getvalue().splitlines()) == 1


@as_json
def test_error_carries_its_traceback_within_the_object(lines: io.StringIO) -> None:
    try:
        raise ValueError("плохо")  # noqa: TRY301  the shortest way to a traceback
    except ValueError:
        logging.getLogger("jobs").exception("Задание не выполнено")

    event = json.loads(lines.getvalue())

    assert "ValueError: плохо" in event["exception"]


@as_json
def test_line_written_during_a_request_names_the_request(lines: io.StringIO) -> None:
    def page(_request: HttpRequest) -> HttpResponse:
        logging.getLogger("schools").info("загрузка")
        return HttpResponse()

    response = RequestContextMiddleware(page)(RequestFactory().get("/"))

    assert json.loads(lines.getvalue())["request_id"] == response.headers["X-Request-Id"]


@as_json
def test_line_after_a_request_does_not_name_it(lines: io.StringIO) -> None:
    RequestContextMiddleware(lambda _request: HttpResponse())(RequestFactory().get("/"))

    logging.getLogger("schools").info("потом")

    assert "request_id" not in json.loads(lines.getvalue())


@as_text
def test_terminal_line_is_plain_text_with_the_request(lines: io.StringIO) -> None:
    with bound_contextvars(request_id="abc"):
        logging.getLogger("jobs").warning("Исполнитель пропал")

    text = lines.getvalue()

    assert "Исполнитель пропал" in text
    assert "request_id=abc" in text
    assert "\x1b[" not in text


@as_text
def test_details_below_the_level_are_left_out(lines: io.StringIO) -> None:
    logging.getLogger("jobs").debug("подробность")

    assert lines.getvalue() == ""


@as_text
def test_django_writes_each_line_once(lines: io.StringIO) -> None:
    logging.getLogger("django.request").warning("Not Found: /nothing")

    assert lines.getvalue().count("Not Found") == 1
