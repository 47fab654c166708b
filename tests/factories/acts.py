"""Two people write down one document at once: what a form is told that was checked before the other one was stored."""

from collections.abc import Mapping
from typing import Any

import pytest
from bs4 import BeautifulSoup

from schools.models import LegalAct, School, Territory

OTHER_TITLE = "О сети школ"


def store_meanwhile(
    monkeypatch: pytest.MonkeyPatch, body: Territory | School, sent: Mapping[str, Any], prefix: str = "act"
) -> LegalAct:
    """Store a document with the requisites of a form and another title, after the form has looked whether it is there.

    The title is added to what the form sends when there is none: an empty one means the stored document.
    """
    names = ("kind", "issuer_genitive", "date", "number")
    known = {name: sent[f"{prefix}-{name}"] for name in names}
    owner = {"territory": body} if isinstance(body, Territory) else {"school": body}
    monkeypatch.setattr("schools.forms.stored_as", lambda _: None)
    return LegalAct.objects.create(**known, **owner, title=OTHER_TITLE)


def assert_told_at_title(response: Any, typed: str, prefix: str = "act") -> None:
    """Check that the form is there again with what was typed, and says at the title which document it met."""
    page = BeautifulSoup(response.content, "html.parser")
    (field,) = page.select(f"main input[name={prefix}-title]")
    assert (response.status_code, field["value"], field.get("aria-invalid")) == (422, typed, "true")
    assert f"с заголовком «{OTHER_TITLE}»" in page.get_text()
    assert LegalAct.objects.filter(number=page.select(f"main input[name={prefix}-number]")[0]["value"]).count() == 1
