"""Versions that several people save at once: their numbers, and whose change goes before."""

from typing import TypeVar

from django.db.models import QuerySet

from accounts.models import User
from schools.errors import DraftMovedOn
from schools.models import ClusterSet, IdentificationRuleSet, SocialIndexRule

Versioned = TypeVar("Versioned", IdentificationRuleSet, SocialIndexRule, ClusterSet)


def newest_held(versions: "QuerySet[Versioned]") -> Versioned | None:
    """Return the newest of the versions of one code, None without any; the code is held until the transaction ends.

    The first version is held and the newest read after that, so that of two people at once the second sees what the
    first has stored: what waits for a row does not see rows stored meanwhile.
    """
    versions.select_for_update().order_by("version", "pk").first()
    return versions.order_by("-version", "pk").first()


def refuse_moved_on(version: ClusterSet | IdentificationRuleSet, *, seen: int, by: User) -> None:
    """Refuse to store over an edition that the person has not seen. version: held. Raises DraftMovedOn."""
    if version.edition == seen:
        return
    if version.edited_by_id == by.pk:
        raise DraftMovedOn("Эту версию вы уже сохранили в другой вкладке.")
    raise DraftMovedOn("Пока вы редактировали, эту версию сохранил другой пользователь.")
