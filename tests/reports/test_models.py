"""Versions never change; the database refuses what must not be."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.permissions import Role
from reports.errors import VersionFrozen
from reports.models import Report, ReportFile, ReportVersion
from schools.models import Territory
from tests.factories.reports import make_version
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db


def report_fields(**fields: Any) -> dict[str, Any]:
    defaults = {
        "kind": "R4",
        "period_from": date(2026, 1, 1),
        "period_to": date(2026, 12, 31),
        "created_at": timezone.now(),
    }
    return {**defaults, **({} if "territory" in fields else {"territory": make_territory()}), **fields}


def test_stored_version_is_not_saved_again() -> None:
    version = make_version()
    version.title = "Другое"

    with pytest.raises(VersionFrozen):
        version.save()


@pytest.mark.parametrize("model", [ReportVersion, ReportFile])
def test_versions_and_files_are_neither_updated_nor_deleted(model: Any) -> None:
    make_version()

    with pytest.raises(VersionFrozen, match="не меняется"):
        model.objects.update(pk=None)
    with pytest.raises(VersionFrozen):
        model.objects.all().delete()
    with pytest.raises(VersionFrozen):
        model.objects.get().delete()

    assert model.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        pytest.param({"kind": "R99"}, "report_kind_known", id="unknown kind"),
        pytest.param({"period_to": date(2025, 1, 1)}, "report_period_order", id="period backwards"),
    ],
)
def test_database_refuses_a_wrong_report(fields: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Report.objects.create(**report_fields(**fields))


def test_database_refuses_a_list_of_one_school() -> None:
    school = make_school()

    with pytest.raises(IntegrityError, match="report_school_kind"), transaction.atomic():
        Report.objects.create(**report_fields(kind="R8", school=school, territory=school.territory))


def test_database_refuses_an_extract_without_its_school() -> None:
    with pytest.raises(IntegrityError, match="report_one_school_kind"), transaction.atomic():
        Report.objects.create(**report_fields(kind="R8S"))


def test_database_keeps_one_report_for_a_question() -> None:
    fields = report_fields()
    Report.objects.create(**fields)

    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(**fields)


def copied(version: ReportVersion) -> dict[str, Any]:
    """Return the columns of a version without its id."""
    fields = ReportVersion._meta.concrete_fields  # noqa: SLF001  the public name of this API
    return {field.attname: getattr(version, field.attname) for field in fields if not field.primary_key}


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        pytest.param({"number": 0}, "report_version_from_one", id="number zero"),
        pytest.param({"number": 9, "facts_sha256": ""}, "report_version_facts_sealed", id="no seal"),
        pytest.param({}, None, id="same number"),
    ],
)
def test_database_refuses_a_wrong_version(fields: dict[str, Any], constraint: str | None) -> None:
    version = make_version()
    row = copied(version)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ReportVersion(**{**row, "job": version.pk, **fields}).save()


def test_database_keeps_one_version_for_a_job() -> None:
    version = make_version()
    row = copied(version)

    with pytest.raises(IntegrityError), transaction.atomic():
        ReportVersion(**{**row, "number": 2}).save()


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        pytest.param({}, None, id="same format"),
        pytest.param({"format": "pdf", "sha256": ""}, "report_file_sealed", id="no seal"),
        pytest.param({"format": "pdf", "size": 0}, "report_file_not_empty", id="empty"),
    ],
)
def test_database_refuses_a_wrong_file(fields: dict[str, Any], constraint: str | None) -> None:
    file = make_version().files.get()
    row = {"version": file.version, "format": file.format, "file": "x", "size": 1, "sha256": "a" * 64}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ReportFile(**{**row, **fields}).save()


def test_report_of_a_territory_is_seen_from_it_and_from_its_region_only() -> None:
    version = make_version()
    territory = version.report.territory
    school = make_school(territory=territory)
    seen = {
        "own": make_user(role=Role.OBSERVER, territory=territory),
        "region": make_user(role=Role.OBSERVER, territory=territory.parent),
        "neighbour": make_user(role=Role.OBSERVER, territory=make_territory(parent=territory.parent)),
        "school": make_user(role=Role.SCHOOL_ADMIN, school=school),
    }

    found = {
        name: (Report.objects.visible_to(user).exists(), ReportVersion.objects.visible_to(user).exists())
        for name, user in seen.items()
    }

    assert found == {
        "own": (True, True),
        "region": (True, True),
        "neighbour": (False, False),
        "school": (False, False),
    }


def test_report_of_a_school_is_seen_by_its_administrator() -> None:
    school = make_school()
    version = make_version(territory=school.territory, kind="R4", school=school.pk)
    own = make_user(role=Role.SCHOOL_ADMIN, school=school)
    other = make_user(role=Role.SCHOOL_ADMIN, school=make_school(territory=school.territory))

    assert list(ReportVersion.objects.visible_to(own)) == [version]
    assert not ReportVersion.objects.visible_to(other).exists()


def test_names_are_readable() -> None:
    version = make_version()
    file = version.files.get()

    assert str(version.report).startswith("Перечень ШНОР, Округ")
    assert str(version).startswith("Перечень школ с низкими")
    assert str(file).endswith(": XLSX")
    assert file.download_name.startswith("R8 Перечень ШНОР 20")
    assert file.get_absolute_url() == f"/reports/{version.pk}/files/xlsx/"


@pytest.mark.parametrize(
    ("start", "end", "period"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), "2026\u00a0год"),
        (date(2025, 9, 1), date(2026, 8, 31), "2025/2026 учебный\u00a0год"),
    ],
)
def test_report_names_its_period_as_the_form_does(start: date, end: date, period: str) -> None:
    report = Report(kind="R8", territory=Territory(name="Округ"), period_from=start, period_to=end)

    assert report.period == period
    assert str(report).endswith(period)
