"""What every request passes through."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from structlog.contextvars import bound_contextvars

from accounts.audit import RequestOrigin, origin

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RequestContextMiddleware:
    """Let the audit trail know the request a change came from, and give its id back to support."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = str(uuid.uuid4())
        token = origin.set(RequestOrigin(request_id=request_id, address=request.META.get("REMOTE_ADDR") or None))
        try:
            with bound_contextvars(request_id=request_id):  # every log line of the request carries it
                response = self.get_response(request)
        finally:
            origin.reset(token)
        response.headers["X-Request-Id"] = request_id
        return response


class HtmxLoginMiddleware:
    """Answer 401 instead of the sign-in page to a fragment request of an ended session.

    A redirect would put the sign-in page into a table cell and drop what was typed; on 401 the page keeps the text
    and asks to sign in (static/app.js).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        login = resolve_url(settings.LOGIN_URL)
        if request.headers.get("HX-Request") and response.headers.get("Location", "").startswith(login):
            return HttpResponse("Сессия закончилась. Войдите снова.", status=401)
        return response
