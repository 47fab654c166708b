import sys

from django.contrib.auth.views import LoginView, LogoutView
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST

from accounts.access import public, signed_in
from accounts.db import is_second_of_its_kind
from accounts.forms import PreferencesForm
from accounts.http import AuthenticatedHttpRequest

login = public(LoginView.as_view(redirect_authenticated_user=True))
logout = signed_in(LogoutView.as_view())


@require_POST
@signed_in
def preferences(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Keep how the person wants pages to look."""
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return HttpResponse("Такой настройки нет.", status=422)
    chosen = {name: value for name, value in form.cleaned_data.items() if name in request.POST}
    request.user.preferences = {**request.user.preferences, **chosen}
    request.user.save(update_fields=["preferences"])
    return HttpResponse(status=204)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Say what failed: a value the database cannot hold (400), the database itself (503, come back), the portal (500).

    Two people who store the same thing at once pass the same checks: the database refuses the second (409).
    SQLite holds any length, so a field that a form forgot to limit shows up on PostgreSQL only.
    """
    failure = sys.exc_info()[1]
    if is_second_of_its_kind(failure):
        return second_of_its_kind(request)
    if isinstance(failure, DataError):
        return render(request, "400.html", status=400)
    if isinstance(failure, OperationalError | InterfaceError):
        response = render(request, "503.html", status=503)
        response.headers["Retry-After"] = "5"
        return response
    return render(request, "500.html", status=500)


def second_of_its_kind(request: HttpRequest) -> HttpResponse:
    """Say that the same was just stored. A fragment is asked for again: then the action finds it and says so itself."""
    if request.headers.get("HX-Request"):
        return HttpResponse("Повторите действие.", status=503, headers={"Retry-After": "1"})
    return render(request, "409.html", status=409)
