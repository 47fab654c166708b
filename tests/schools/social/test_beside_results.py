"""Conditions beside results name the year of their contingent, on pages and in workbooks."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from accounts.permissions import Role
from schools.exports import run_workbook
from schools.models import IdentificationRun, Territory
from schools.social_pages import conditions_told
from schools.verdict_reading import card_of
from schools.views.comparison import side_told
from tests.factories.lists import make_low_school, make_run_under
from tests.factories.schools import make_territory, make_user
from tests.factories.social import HARD, make_run

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
ASKS = {"shnsu_rule": {"index": "ISBSH-D"}}


@pytest.fixture
def territory() -> Territory:
    return make_territory()


def judged(territory: Territory, contingent: int) -> IdentificationRun:
    """Return a run over the results of 2026 of one school in hard conditions, under a rule that looks at them."""
    make_run({make_low_school(territory=territory): HARD}, year=contingent)
    return make_run_under(territory=territory, **ASKS)


def words(response: Any) -> str:
    text = BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize("contingent", [2025, 2024])
def test_verdict_names_the_contingent_of_its_conditions(territory: Territory, contingent: int) -> None:
    run = judged(territory, contingent)

    card = card_of(run.verdicts.get(), run)

    assert run.contingent_year == contingent
    assert card.school_line.endswith(f" · ШНСУ (контингент на 01.10.{contingent})")
    told = f"Школа работает в неблагоприятных социальных условиях (контингент на 01.10.{contingent})"
    assert ("warn", told) in [(step.kind, step.text) for step in card.steps]


def test_contingent_of_2019_is_no_ground_beside_results_of_2026(territory: Territory) -> None:
    run = judged(territory, 2019)

    card = card_of(run.verdicts.get(), run)

    assert run.verdicts.get().facts["social"] is None
    assert "ШНСУ" not in card.school_line
    assert conditions_told(run) == (
        "Социальные условия школ не известны: нет индекса по контингенту на 01.10.2025 или на 01.10.2024."
    )


def test_run_that_keeps_no_contingent_says_nothing_of_it(territory: Territory) -> None:
    """The rule does not look at conditions; or an earlier portal made the run."""
    earlier = judged(territory, 2025)
    del earlier.counts["contingent"]

    card = card_of(earlier.verdicts.get(), earlier)

    assert conditions_told(make_run_under(territory=territory)) == conditions_told(earlier) == ""
    assert card.school_line.endswith(" · ШНСУ")


def test_pages_and_workbooks_of_a_run_name_the_contingent(territory: Territory, sign_in: SignIn) -> None:
    run, told = judged(territory, 2024), "Социальные условия: контингент на 01.10.2024."
    plain = make_run_under(territory=territory)
    client = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory))

    sheet = load_workbook(BytesIO(run_workbook(run))).active
    compared = client.get(reverse("identification:compare"), {"before": str(plain.pk), "after": str(run.pk)})

    assert told in words(client.get(run.get_absolute_url()))
    assert sheet is not None
    assert told in [row[0].value for row in sheet.iter_rows(max_row=6)]
    assert f"Контингент не учитывается {told}" in words(compared)
    assert side_told(run).endswith(told)
    assert "контингент" not in side_told(plain)
