"""Which verbs: every view says which permission opens it, or that it is public or for everyone signed in.

A test walks the URL configuration and fails on a view that says nothing.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, Protocol, cast

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from accounts.http import AuthenticatedHttpRequest
from accounts.permissions import Permission

P = ParamSpec("P")
View = Callable[Concatenate[AuthenticatedHttpRequest, P], HttpResponseBase]

PUBLIC: Final = "public"
SIGNED_IN: Final = "signed in"


class DeclaredView(Protocol):
    """A view that says who may open it: a Permission, PUBLIC or SIGNED_IN."""

    access: Permission | str


def access(permission: Permission) -> Callable[[View[P]], View[P]]:
    """Open a view to people one of whose roles holds the permission; 403 to the others.

    Which rows they may touch is checked by the view through `visible_to` and `schools.access.require`.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: AuthenticatedHttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.may(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        cast("DeclaredView", checked).access = permission
        return cast("View[P]", checked)

    return decorate


def signed_in(view: View[P]) -> View[P]:
    """Open a view to everyone with an account."""
    cast("DeclaredView", view).access = SIGNED_IN
    return view


def public(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase]) -> Callable[..., Any]:
    """Open a view to the world."""
    open_view = login_not_required(view)
    cast("DeclaredView", open_view).access = PUBLIC
    return open_view
