"""Requests as views see them."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class AuthenticatedHttpRequest(HttpRequest):
    """A request of a signed-in person; views behind LoginRequiredMiddleware get nothing else."""

    user: User  # narrower than Django's union with AnonymousUser
    htmx: HtmxDetails
