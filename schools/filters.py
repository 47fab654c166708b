"""Filters of lists; the query string is the state."""

from typing import TYPE_CHECKING, Any, cast

import django_filters
from django.db.models import QuerySet

from accounts.models import User
from schools.choices import BatchState, SchoolKind, SchoolStatus
from schools.models import ImportBatch, School, Territory

if TYPE_CHECKING:
    from schools.models.imports import ImportBatchQuerySet
    from schools.models.registry import SchoolQuerySet


class SchoolFilter(django_filters.FilterSet):
    """Schools by name of now or of before, ИНН, login or code; by municipality, kind and state."""

    q = django_filters.CharFilter(method="search", label="Название (и прежнее), ИНН, логин")
    territory = django_filters.ModelChoiceFilter(
        queryset=Territory.objects.municipalities(), label="Муниципалитет", empty_label="все"
    )
    kind = django_filters.ChoiceFilter(choices=SchoolKind.choices, label="Вид", empty_label="все")
    status = django_filters.ChoiceFilter(choices=SchoolStatus.choices, label="Состояние", empty_label="все")

    class Meta:
        model = School
        fields = ("q", "territory", "kind", "status")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Territory.objects.filter(schools__in=self.queryset).distinct()
        self.filters["territory"].queryset = seen

    def search(self, schools: QuerySet[School], name: str, value: str) -> QuerySet[School]:  # noqa: ARG002  its interface
        return cast("SchoolQuerySet", schools).matching(value)


class BatchFilter(django_filters.FilterSet):
    """Imports by name or checksum of a file, state, author, territory and the year of loading."""

    q = django_filters.CharFilter(method="search", label="Имя файла или sha256")
    state = django_filters.ChoiceFilter(choices=BatchState.choices, label="Состояние", empty_label="все")
    created_by = django_filters.ModelChoiceFilter(queryset=User.objects.none(), label="Кто загрузил", empty_label="все")
    territory = django_filters.ModelChoiceFilter(
        queryset=Territory.objects.none(), label="Территория", empty_label="все"
    )
    year = django_filters.ChoiceFilter(field_name="created_at__year", label="Год загрузки", empty_label="все")

    class Meta:
        model = ImportBatch
        fields = ("q", "state", "created_by", "territory", "year")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = self.queryset.order_by()
        authors = User.objects.filter(pk__in=seen.values("created_by")).order_by("last_name", "first_name", "pk")
        self.filters["created_by"].queryset = authors
        territories = Territory.objects.filter(pk__in=seen.values("territory")).order_by("name", "pk")
        self.filters["territory"].queryset = territories
        if len(territories) < 2:
            del self.filters["territory"]
        years = sorted({at.year for at in seen.datetimes("created_at", "year")}, reverse=True)
        self.filters["year"].extra["choices"] = [(year, str(year)) for year in years]

    def search(self, batches: QuerySet[ImportBatch], name: str, value: str) -> QuerySet[ImportBatch]:  # noqa: ARG002  its interface
        return cast("ImportBatchQuerySet", batches).with_file(value)
