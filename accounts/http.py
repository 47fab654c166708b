"""Requests as views see them."""

from typing import Final

from django.http import HttpRequest
from django.utils.http import content_disposition_header
from django_htmx.middleware import HtmxDetails

from accounts.models import User

# After a refusal the address of a form stays in the bar of the browser: opened by hand, it leads to the form's page.
FORM_METHODS: Final = ["GET", "HEAD", "POST"]


class AuthenticatedHttpRequest(HttpRequest):
    """A request of a signed-in person; views behind LoginRequiredMiddleware get nothing else."""

    user: User  # narrower than Django's union with AnonymousUser
    htmx: HtmxDetails


def typed(request: HttpRequest, name: str) -> str:
    """Return a text as it was typed, without zero characters: PostgreSQL cannot keep them; forms refuse them."""
    return request.POST.get(name, "").replace("\x00", "")


def attachment(name: str) -> dict[str, str]:
    """Return the headers of an answer that is saved as a file of this name, in Russian as its title is."""
    return {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment"}
