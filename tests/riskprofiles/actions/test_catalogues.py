"""Catalogues come from the shipped files, once."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.choices import AuditCode
from accounts.models import AuditEvent
from riskprofiles import actions
from riskprofiles.models import FactorCatalogue
from tests.factories.riskprofiles import make_profile

pytestmark = pytest.mark.django_db


def small_catalogue(folder: Path, title: str, high: str = "66.7") -> Path:
    (folder / "own.toml").write_text(
        f"""
code = "own"
edition = "1"
title = "Свой каталог"
provenance = "Решение региона"
[levels]
low = "16.7"
medium = "33.3"
high = "{high}"
[[factors]]
code = "R01"
number = 1
title = "{title}"
""",
        encoding="utf-8",
    )
    return folder


def test_both_editions_are_loaded_with_their_numbers() -> None:
    older, newer = actions.load_catalogues()

    assert [factor.number for factor in older.factors.all()] == list(range(1, 13))
    assert [factor.code for factor in newer.factors.all()] == [
        "R01",
        "R02",
        "R03",
        "R06",
        "R07",
        "R08",
        "R09",
        "R11",
        "R12",
    ]
    assert [factor.number for factor in newer.factors.all()] == list(range(1, 10))


def test_ninth_factor_has_another_name_in_each_edition() -> None:
    older, newer = actions.load_catalogues()

    assert older.factors.get(code="R09").title == "Пониженный уровень школьного благополучия"
    assert (
        newer.factors.get(code="R09").title
        == "Пониженный уровень качества школьной образовательной и воспитательной среды"
    )


def test_loading_twice_changes_nothing() -> None:
    first = actions.load_catalogues()
    factors = list(FactorCatalogue.objects.values_list("factors__pk", flat=True))

    assert actions.load_catalogues() == first
    assert list(FactorCatalogue.objects.values_list("factors__pk", flat=True)) == factors
    assert AuditEvent.objects.filter(code=AuditCode.RULE_SET_CHANGED).count() == 2


def test_changed_file_changes_an_unused_catalogue(tmp_path: Path) -> None:
    actions.load_catalogues(folder=small_catalogue(tmp_path, "Было"))

    (catalogue,) = actions.load_catalogues(folder=small_catalogue(tmp_path, "Стало", high="70"))

    assert catalogue.factors.get().title == "Стало"
    assert catalogue.bounds.high == 70


def test_catalogue_that_a_profile_used_is_frozen(tmp_path: Path) -> None:
    (catalogue,) = actions.load_catalogues(folder=small_catalogue(tmp_path, "Было"))
    profile = make_profile()
    actions.open_profile(
        school=profile.school,
        year=2030,
        catalogue=catalogue,
        by=profile.created_by,
        at=profile.created_at,
    )

    (again,) = actions.load_catalogues(folder=small_catalogue(tmp_path, "Стало"))

    assert again.frozen
    assert again.factors.get().title == "Было"


def test_senseless_bounds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Границы значимости"):
        actions.load_catalogues(folder=small_catalogue(tmp_path, "Было", high="10"))

    assert not FactorCatalogue.objects.exists()


def test_command_tells_what_is_loaded() -> None:
    text, answer = StringIO(), StringIO()

    call_command("load_catalogues", stdout=text)
    call_command("load_catalogues", "--json", stdout=answer)

    assert "500-2021: Факторы риска, редакция 2021–2022 годов, факторов 9" in text.getvalue()
    assert [row["factors"] for row in json.loads(answer.getvalue())["catalogues"]] == [12, 9]
