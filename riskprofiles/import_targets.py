"""Counted survey answers as a table that imports write."""

from collections.abc import Mapping
from typing import Any

from riskprofiles.choices import Audience
from riskprofiles.models import SurveyTally
from schools.importing.tables import TableTarget
from schools.importing.targets import register
from schools.intake.layouts.survey_answers import TARGET


def about(key: Mapping[str, Any]) -> str:
    """Return «Учителя, 2026/2027: Хватает ли учебников — да»."""
    audience, year = Audience(key["audience"]).label, key["year"]
    return f"{audience}, {year}/{year + 1}: {key['question']} — {key['option']}"


register(
    TableTarget(
        code=TARGET,
        title="Итоги анкет",
        model=SurveyTally,
        key_fields=("year", "audience", "question", "option"),
        value_fields=("count", "answered"),
        titles={"count": "выбрали", "answered": "ответили"},
        about=about,
    ),
)
