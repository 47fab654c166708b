"""The question «which rows»: the scope of a person, by territory or school, for one permission or for looking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from accounts.permissions import ROLE_PERMISSIONS, Permission, Role

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from schools.models import School, Territory


@dataclass(frozen=True, kw_only=True)
class Scope:
    """The territories and single schools that a person reaches."""

    territories: frozenset[UUID]
    schools: frozenset[UUID]

    def schools_q(self, prefix: str = "") -> Q:
        """Return the condition on schools; `prefix` leads to the school, as in «school__»."""
        return (
            Q(**{f"{prefix}territory__in": self.territories})
            | Q(**{f"{prefix}territory__parent__in": self.territories})
            | Q(**{f"{prefix}in": self.schools} if prefix.endswith("__") else {"pk__in": self.schools})
        )

    def territories_q(self, prefix: str = "") -> Q:
        """Return the condition on territories of whole bodies: lists, runs, cycles."""
        own = Q(**{f"{prefix}in": self.territories} if prefix else {"pk__in": self.territories})
        return own | Q(**{f"{prefix}parent__in": self.territories})

    def covers(self, thing: School | Territory) -> bool:
        """Answer whether a school or a territory lies in the scope."""
        territory = cast("Territory", getattr(thing, "territory", thing))
        return thing.pk in self.schools or bool({territory.pk, territory.parent_id} & self.territories)


def scope_of(user: User, permission: Permission | None = None) -> Scope:
    """Return where a person may look, or where a role of theirs holds the permission."""
    memberships = [
        membership
        for membership in user.active_memberships
        if permission is None or permission in ROLE_PERMISSIONS[Role(membership.role)]
    ]
    return Scope(
        territories=frozenset(m.territory_id for m in memberships if m.territory_id),
        schools=frozenset(m.school_id for m in memberships if m.school_id),
    )


def may(user: User, permission: Permission, thing: School | Territory) -> bool:
    """Answer whether a role of the person holds the permission for this school or territory."""
    return scope_of(user, permission).covers(thing)


def require(user: User, permission: Permission, thing: School | Territory) -> None:
    """Raise PermissionDenied (403) when the person sees a thing but may not do this to it."""
    if not may(user, permission, thing):
        raise PermissionDenied
