"""Which schools a batch may touch: those of its territory where the person may import."""

from django.db.models import QuerySet

from accounts.permissions import Permission
from schools.access import scope_of
from schools.intake.matching import KnownSchool, SchoolIndex
from schools.models import ImportBatch, School, SchoolAlias


def schools_in_reach(batch: ImportBatch) -> QuerySet[School]:
    scope = scope_of(batch.created_by, Permission.IMPORT_RESULTS)
    return School.objects.in_territory(batch.territory).filter(scope.schools_q())


def school_index(batch: ImportBatch) -> SchoolIndex[School]:
    """Return the schools of the batch by every identifier. Two queries."""
    schools = list(schools_in_reach(batch).order_by("pk"))
    names: dict[object, list[str]] = {}
    reach = schools_in_reach(batch).values("pk")
    for school_id, name in SchoolAlias.objects.filter(school__in=reach).values_list("school_id", "normalised_name"):
        names.setdefault(school_id, []).append(name)
    return SchoolIndex(
        KnownSchool(
            id=school,
            name=school.name,
            inn=school.inn,
            login=school.login,
            gia_code=school.gia_code,
            aliases=tuple(names.get(school.pk, ())),
        )
        for school in schools
    )
