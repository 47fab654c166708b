"""What the database refuses of batches, files, rows and names; the words of batches."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from accounts.permissions import Role
from schools.choices import BATCH_TRANSITIONS, BatchState, FileState, RowOutcome
from schools.models import ImportBatch, ImportFile, ImportRow, SchoolAlias
from tests.factories.schools import make_region, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 12, 21, 30, tzinfo=UTC)  # half past midnight of the next day in Moscow


def make_batch(**fields: Any) -> ImportBatch:
    territory = fields.pop("territory", None) or make_territory()
    defaults: dict[str, Any] = {"created_by": make_user(), "created_at": AT, "state": BatchState.CHECKED}
    return ImportBatch.objects.create(territory=territory, **{**defaults, **fields})


def make_file(batch: ImportBatch, **fields: Any) -> ImportFile:
    defaults: dict[str, Any] = {"name": "ВПР.xlsx", "size": 10, "sha256": "0" * 64, "state": FileState.RECOGNISED}
    return batch.files.create(**{**defaults, **fields})


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        pytest.param({"applied_at": AT}, "import_applied_who_and_when", id="applied by nobody"),
        pytest.param({"applied_by": ...}, "import_applied_who_and_when", id="applied never"),
        pytest.param({"undone_by": ...}, "import_undone_after_applied", id="undone never"),
        pytest.param(
            {"applied_at": AT, "applied_by": ..., "undone_at": AT - timedelta(seconds=1), "undone_by": ...},
            "import_undone_after_applied",
            id="undone before it was applied",
        ),
        pytest.param(
            {"applied_at": AT, "applied_by": ..., "undone_at": AT},
            "import_undone_after_applied",
            id="undone by nobody",
        ),
        pytest.param({"explanation": "Так в протоколе"}, "import_explained_who_when_and_how", id="explained by nobody"),
        pytest.param(
            {"explained_at": AT, "explained_by": ...}, "import_explained_who_when_and_how", id="explained by nothing"
        ),
    ],
)
def test_database_refuses_a_batch_that_is_half_told(fields: dict[str, Any], constraint: str) -> None:
    person = make_user()
    batch = make_batch()
    changes = {name: person if value is ... else value for name, value in fields.items()}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(**changes)


def test_batch_may_be_applied_and_undone_in_the_same_moment() -> None:
    person = make_user()

    batch = make_batch(applied_at=AT, applied_by=person, undone_at=AT, undone_by=person)

    assert ImportBatch.objects.get() == batch


def test_batch_is_called_by_the_local_time_of_its_arrival() -> None:
    assert str(make_batch()).startswith("Загрузка 13.09.2026 00:30, № ")


def test_batches_of_one_minute_have_titles_of_their_own() -> None:
    first, second = (ImportBatch(created_at=AT, pk=UUID(start * 8)) for start in ("3f2a", "b10c"))

    assert [str(first)[-6:], str(second)[-6:]] == ["№ 3F2A", "№ B10C"]


def test_newest_batch_stands_first() -> None:
    older = make_batch(created_at=AT - timedelta(days=1))
    newer = make_batch(created_at=AT)

    assert list(ImportBatch.objects.newest_first()) == [newer, older]


@pytest.mark.parametrize(
    ("role", "place", "sees"),
    [
        pytest.param(Role.MUNICIPAL_COORDINATOR, "own", True, id="own municipality"),
        pytest.param(Role.MUNICIPAL_COORDINATOR, "other", False, id="another municipality"),
        pytest.param(Role.REGIONAL_COORDINATOR, "region", True, id="own region"),
        pytest.param(Role.REGIONAL_COORDINATOR, "far", False, id="another region"),
    ],
)
def test_batch_is_seen_in_its_territory_and_above(role: Role, place: str, sees: bool) -> None:
    region = make_region()
    places = {"own": make_territory(parent=region), "other": make_territory(parent=region), "far": make_region()}
    make_batch(territory=places["own"])

    user = make_user(role=role, territory={**places, "region": region}[place])

    assert ImportBatch.objects.visible_to(user).exists() is sees


def test_name_of_a_school_is_confirmed_once() -> None:
    alias = SchoolAlias.objects.create(school=make_school(), normalised_name="сош 5")

    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolAlias.objects.create(school=alias.school, normalised_name="сош 5")


def test_name_confirmed_by_nobody_is_refused() -> None:
    with pytest.raises(IntegrityError, match="school_alias_who_and_when"), transaction.atomic():
        SchoolAlias.objects.create(school=make_school(), normalised_name="сош 5", confirmed_at=AT)


def test_rows_go_with_their_batch() -> None:
    batch = make_batch()
    ImportRow.objects.create(file=make_file(batch), number=1, outcome=RowOutcome.NEW)

    batch.delete()

    assert (ImportFile.objects.count(), ImportRow.objects.count()) == (0, 0)


def test_rows_and_files_say_where_they_stand() -> None:
    file = make_file(make_batch())
    row = ImportRow.objects.create(file=file, number=17, label="СОШ № 5", outcome=RowOutcome.NEW)

    assert (str(file), str(row)) == ("ВПР.xlsx", "17: СОШ № 5")


# The way of a batch, every state to every state

ALLOWED = {
    (BatchState.CHECKING, BatchState.CHECKED),
    (BatchState.CHECKING, BatchState.REJECTED),
    (BatchState.CHECKED, BatchState.CHECKED),
    (BatchState.CHECKED, BatchState.APPLIED),
    (BatchState.CHECKED, BatchState.REJECTED),
    (BatchState.APPLIED, BatchState.UNDONE),
}


@pytest.mark.parametrize("source", BatchState)
@pytest.mark.parametrize("target", BatchState)
def test_way_of_a_batch_is_this_and_no_other(source: BatchState, target: BatchState) -> None:
    assert (target in BATCH_TRANSITIONS[source]) is ((source, target) in ALLOWED)
