"""Schools with a past, made through the actions."""

from datetime import UTC, date, datetime
from typing import Any

from accounts.models import User
from accounts.permissions import Role
from schools.actions.registry import change_school
from schools.models import LegalAct, School, Territory
from tests.factories.schools import make_school, make_territory, make_user

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
SEPTEMBER = date(2026, 9, 1)
OLD, NEW = "МБОУ «СОШ № 5»", "МБОУ «СШ № 5»"


def make_keeper(place: School | Territory) -> User:
    """Return the coordinator of a municipality, who keeps its registry."""
    territory = place.territory if isinstance(place, School) else place
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)


def rename(school: School, name: str = NEW, on: date = SEPTEMBER, **changes: Any) -> School:
    return change_school(school=school, changes={"name": name, **changes}, on=on, by=make_keeper(school), at=AT)


def make_renamed(*, old: str = OLD, new: str = NEW, on: date = SEPTEMBER, **fields: Any) -> School:
    """Return a school that bears another name since a day, 1 September 2026 unless told otherwise."""
    return rename(make_school(name=old, territory=fields.pop("territory", None) or make_territory(), **fields), new, on)


def make_basis(territory: Territory) -> LegalAct:
    """Return a resolution that is not stored yet."""
    return LegalAct(
        territory=territory,
        kind="resolution",
        issuer_genitive="администрации округа",
        date=date(2026, 6, 20),
        number="310",
    )
