"""Pages of rows cross the borders of files, and a page costs one query."""

from typing import Any

import pytest

from schools.choices import RowOutcome
from schools.importing.row_list import RowList, rows_page
from schools.models import ImportFile, ImportRow
from tests.factories.imports import ImportGround

pytestmark = pytest.mark.django_db


@pytest.fixture
def files() -> list[ImportFile]:
    """Return three files with 3, 0 and 4 new rows, and a same one in each."""
    ground = ImportGround()
    batch = ground.receive({f"{name}.csv": f"a;{name}".encode() for name in "абв"})
    found = list(batch.files.order_by("name"))
    for file, number in zip(found, (3, 0, 4), strict=True):
        for row in range(number):
            ImportRow.objects.create(file=file, number=row + 1, outcome=RowOutcome.NEW)
        ImportRow.objects.create(file=file, number=99, outcome=RowOutcome.SAME)
    return found


def row_list(files: list[ImportFile]) -> RowList:
    return RowList(files=[(file.pk, n) for file, n in zip(files, (3, 0, 4), strict=True)], outcome=RowOutcome.NEW)


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [
        (0, 2, ["а1", "а2"]),
        (0, 7, ["а1", "а2", "а3", "в1", "в2", "в3", "в4"]),
        (2, 5, ["а3", "в1", "в2"]),
        (3, 5, ["в1", "в2"]),
        (5, 9, ["в3", "в4"]),
    ],
)
def test_window_is_cut_across_files(
    files: list[ImportFile],
    django_assert_num_queries: Any,
    start: int,
    stop: int,
    expected: list[str],
) -> None:
    with django_assert_num_queries(1):
        rows = row_list(files)[start:stop]

    assert [f"{row.file.name[0]}{row.number}" for row in rows] == expected


def test_page_counts_without_asking(files: list[ImportFile], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        page = rows_page(row_list(files), "99")

        assert (page.paginator.count, page.number, len(list(page))) == (7, 1, 7)
