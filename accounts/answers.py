"""What a page says after an action."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

from accounts.errors import ActionRefused


@contextmanager
def outcome_told(request: HttpRequest, done: str, *, apart: tuple[type[ActionRefused], ...] = ()) -> Iterator[None]:
    """Do an action within the block; the next page says that it is done, or why it was refused.

    apart: refusals that are let through: the view tells them in its form, where they can be mended.
    """
    try:
        yield
    except apart:
        raise
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    else:
        messages.success(request, done)
