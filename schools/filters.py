"""Filters of lists; the query string is the state."""

from typing import TYPE_CHECKING, Any, cast

import django_filters
from django.db.models import QuerySet

from schools.choices import SchoolKind
from schools.models import School, Territory

if TYPE_CHECKING:
    from schools.models.registry import SchoolQuerySet


class SchoolFilter(django_filters.FilterSet):
    """Schools by name, ИНН or login, municipality and kind."""

    q = django_filters.CharFilter(method="search", label="Название, ИНН или логин")
    territory = django_filters.ModelChoiceFilter(
        queryset=Territory.objects.municipalities(), label="Муниципалитет", empty_label="все"
    )
    kind = django_filters.ChoiceFilter(choices=SchoolKind.choices, label="Вид", empty_label="все")

    class Meta:
        model = School
        fields = ("q", "territory", "kind")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = Territory.objects.filter(schools__in=self.queryset).distinct()
        self.filters["territory"].queryset = seen

    def search(self, schools: QuerySet[School], name: str, value: str) -> QuerySet[School]:  # noqa: ARG002  its interface
        return cast("SchoolQuerySet", schools).matching(value)
