"""The filter of the list of profiles; the query string is its state."""

import django_filters
from django import forms
from django.db.models import QuerySet

from riskprofiles.choices import ProfileState
from riskprofiles.models import RiskProfile

CONTROL = {"class": "form-control"}
SELECT = {"class": "form-select"}
SHOWN_STATES = [
    (str(state), state.label)
    for state in ProfileState
    if state not in {ProfileState.SURVEY_OPEN, ProfileState.SURVEY_CLOSED, ProfileState.CALCULATED}
]


class RiskProfileFilter(django_filters.FilterSet):
    """Profiles by school, state and year."""

    q = django_filters.CharFilter(method="search", label="Школа или ИНН", widget=forms.TextInput(attrs=CONTROL))
    state = django_filters.ChoiceFilter(
        choices=SHOWN_STATES, label="Состояние", empty_label="все", widget=forms.Select(attrs=SELECT)
    )
    year = django_filters.NumberFilter(label="Год", widget=forms.NumberInput(attrs=CONTROL))

    class Meta:
        model = RiskProfile
        fields = ("q", "state", "year")

    def search(self, profiles: QuerySet[RiskProfile], name: str, value: str) -> QuerySet[RiskProfile]:  # noqa: ARG002  its interface
        return profiles.matching(value)  # type: ignore[attr-defined, no-any-return]  # RiskProfileQuerySet
