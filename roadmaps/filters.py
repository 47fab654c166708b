"""The filters of the list; the query string is the state."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from roadmaps.choices import RoadmapLevel, RoadmapState
from roadmaps.models import Roadmap


class RoadmapFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label="Школа, территория или название",
        method="search",
        widget=forms.TextInput(attrs={"class": "form-control form-control-sm", "type": "search"}),
    )
    level = django_filters.ChoiceFilter(
        label="Уровень",
        choices=RoadmapLevel.choices,
        empty_label="Все",
        widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
    )
    state = django_filters.ChoiceFilter(
        label="Состояние",
        choices=RoadmapState.choices,
        empty_label="Все",
        widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
    )

    class Meta:
        model = Roadmap
        fields = ("q", "level", "state")

    def search(self, queryset: QuerySet[Roadmap], _name: str, value: Any) -> QuerySet[Roadmap]:
        text = " ".join(str(value).split())
        found = Q()
        for variant in {text, text.lower(), text.capitalize(), text.upper()}:  # SQLite folds the case of Latin only
            for column in ("school__name", "territory__name", "title"):
                found |= Q(**{f"{column}__icontains": variant})
        return queryset.filter(found)
