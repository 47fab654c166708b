"""Which schools a batch may touch: those of its territory where the person may import; its own, if it is a school's."""

from collections import defaultdict
from itertools import pairwise
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import Permission
from schools.access import may, scope_of
from schools.choices import LIVING_STATUSES
from schools.intake.matching import KnownSchool, SchoolIndex, Span
from schools.models import ImportBatch, School, SchoolAlias, SchoolPeriod


def may_write(user: User, batch: ImportBatch) -> bool:
    """Answer whether the person may apply or give up a batch: a form of a school is also its own affair."""
    if batch.school and may(user, Permission.UPLOAD_OWN_DATA, batch.school):
        return True
    return may(user, Permission.IMPORT_RESULTS, batch.territory)


def require_writer(user: User, batch: ImportBatch) -> None:
    """Raise PermissionDenied for everyone else."""
    if not may_write(user, batch):
        raise PermissionDenied


def schools_in_reach(batch: ImportBatch) -> QuerySet[School]:
    if batch.school_id:
        return School.objects.filter(pk=batch.school_id)
    scope = scope_of(batch.created_by, Permission.IMPORT_RESULTS)
    return School.objects.in_territory(batch.territory).filter(scope.schools_q())


def school_index(batch: ImportBatch) -> SchoolIndex[School]:
    """Return the schools of the batch by every identifier of now and of before. Three queries."""
    return index_of(schools_in_reach(batch))


def index_of(schools: QuerySet[School]) -> SchoolIndex[School]:
    """Return schools by every identifier of now and of before. Three queries."""
    reach = schools.values("pk")
    names: dict[UUID, list[str]] = defaultdict(list)
    for school_id, name in SchoolAlias.objects.filter(school__in=reach).values_list("school_id", "normalised_name"):
        names[school_id].append(name)
    periods: dict[UUID, list[SchoolPeriod]] = defaultdict(list)
    for period in SchoolPeriod.objects.filter(school__in=reach).oldest_first():
        periods[period.school_id].append(period)
    return SchoolIndex(
        known_school(school, names[school.pk], periods[school.pk])
        for school in schools.select_related("parent", "territory").order_by("pk")
    )


def known_school(school: School, aliases: list[str], periods: list[SchoolPeriod]) -> KnownSchool[School]:
    """Return a school as matching knows it; a branch goes by the ИНН of its head school."""
    head = school.parent
    return KnownSchool(
        id=school,
        name=school.name,
        inn=school.inn or (head.inn if head else ""),
        login=school.login,
        gia_code=school.gia_code,
        aliases=tuple(aliases),
        spans=spans_of(periods),
        is_branch=head is not None,
        place=school.territory.name,
    )


def spans_of(periods: list[SchoolPeriod]) -> tuple[Span, ...]:
    """Return the spans in which the school lived; a name kept after its end belongs to nobody."""
    ends = [later.valid_from for _, later in pairwise(periods)]
    return tuple(
        Span(name=period.name, login=period.login, gia_code=period.gia_code, start=period.valid_from, end=end)
        for period, end in zip(periods, [*ends, None], strict=True)
        if period.status in LIVING_STATUSES
    )
