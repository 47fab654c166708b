"""Numbers of versions, when several people save one at once."""

from typing import TypeVar

from django.db.models import QuerySet

from schools.models import ClusterSet, IdentificationRuleSet, SocialIndexRule

Versioned = TypeVar("Versioned", IdentificationRuleSet, SocialIndexRule, ClusterSet)


def newest_held(versions: "QuerySet[Versioned]") -> Versioned | None:
    """Return the newest of the versions of one code, None without any; the code is held until the transaction ends.

    The first version is held and the newest read after that, so that of two people at once the second sees what the
    first has stored: what waits for a row does not see rows stored meanwhile.
    """
    versions.select_for_update().order_by("version", "pk").first()
    return versions.order_by("-version", "pk").first()
