"""What every request passes through."""

import uuid
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import get_script_prefix
from django.utils.http import url_has_allowed_host_and_scheme
from structlog.contextvars import bound_contextvars

from accounts.audit import RequestOrigin, origin
from accounts.context import section_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
SESSION_ENDED: Final = (
    "Сессия закончилась, поэтому отправленное не сохранено. Войдите: введённое вернётся в форму, и её можно отправить "
    "ещё раз; файлы нужно выбрать заново."
)


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


class PageLoginMiddleware(LoginRequiredMiddleware):
    """Lead the person of an ended session back to the page of the form, and say that nothing was saved.

    The address that takes a form or a file cannot be opened after signing in: it answers to POST only.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        if request.method in SAFE or request.headers.get("HX-Request"):  # what htmx sends stays on its page
            return super().handle_no_permission(request, view_func)
        messages.warning(request, SESSION_ENDED)
        return redirect_to_login(page_of(request), self.get_login_url(view_func))


def page_of(request: HttpRequest) -> str:
    """Return the path of the page that a form was sent from, or the first page."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()})
    parts = urlsplit(page)
    return parts._replace(scheme="", netloc="", fragment="").geturl() if is_ours and parts.path else "/"


class NotAllowedPageMiddleware:
    """Answer 405 with a page where Django gives an empty one.

    The address of a form that was refused stays in the bar of the browser, and people open it again.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        section = section_of(request.path)
        context = {"section": section, "url": f"{get_script_prefix()}{section.path}"}
        page = render(request, "405.html", context, status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page


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
