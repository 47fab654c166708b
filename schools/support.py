"""Which schools are on support: those of the newest published lists, under whatever legal person they stand there."""

from django.db.models import Q

from schools.lineage import read_lineage
from schools.models import School
from schools.models.registry import SchoolQuerySet


def on_support(schools: SchoolQuerySet) -> SchoolQuerySet:
    """Return of some schools those on support; a school registered anew goes on for the one that the list names.

    One query, two where schools were registered anew; the schools are read by one more.
    """
    heirs = read_lineage().heirs
    held = School.objects.filter(pk__in=list(heirs)).on_support().order_by().values_list("pk", flat=True)
    anew = [heirs[pk] for pk in held] if heirs else []
    return schools.filter(Q(pk__in=schools.order_by().on_support().values("pk")) | Q(pk__in=anew))
