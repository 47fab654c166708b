"""Results that the database makes of planned rows, whatever database it is."""

from decimal import Decimal
from typing import Any

import pytest

from schools.bulk_json import insert_told
from schools.importing.result_fields import DATA_FIELDS, KEY_FIELDS, UNFILLED
from schools.models import AssessmentResult, ImportFile, ImportRow
from tests.factories.imports import MARKS, ImportGround, marks_of

WORK = {"procedure": "KDR", "year": 2026, "period": "spring", "subject": "RU", "grade": 5, "level": "none"}


@pytest.fixture
def file(ground: ImportGround) -> ImportFile:
    return ground.checked({"а.xlsx": marks_of({ground.first: MARKS})}).files.get()


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def told(ground: ImportGround, file: ImportFile, **after: Any) -> int:
    """Insert one work of the first school; return how many rows were inserted."""
    ImportRow.objects.all().delete()
    ImportRow.objects.create(file=file, number=7, school=ground.first, outcome="new", key=WORK, after=after)
    rows = ImportRow.objects.order_by("pk")
    return insert_told(AssessmentResult, told=rows, key=KEY_FIELDS, fields=DATA_FIELDS, unfilled=UNFILLED)


@pytest.mark.django_db
def test_every_kind_of_value_reads_back_as_it_was_told(ground: ImportGround, file: ImportFile) -> None:
    shares = {"2": "12.50"}
    source = {"marks_file_id": str(file.pk), "marks_row": 7}
    scores = {"mean_score": "3.25", "score_hist": [1, 9], "counts_derived": True, "delivered_percents": shares}

    assert told(ground, file, participants=10, **source, **scores) == 1

    result = AssessmentResult.objects.get()
    assert (result.school, result.participants, result.grade) == (ground.first, 10, 5)
    assert (result.marks_file_id, result.marks_row, result.mean_score) == (file.pk, 7, Decimal("3.25"))
    assert (result.score_hist, result.counts_derived, result.delivered_percents) == ([1, 9], True, shares)


@pytest.mark.django_db
def test_what_is_not_told_begins_empty(ground: ImportGround, file: ImportFile) -> None:
    told(ground, file, participants=10)

    result = AssessmentResult.objects.get()
    assert (result.mark2, result.mean_score, result.marks_file_id) == (None, None, None)
    assert (result.score_hist, result.level_counts, result.level_scale, result.counts_derived) == ([], {}, "", False)


@pytest.mark.django_db
def test_work_that_stands_is_left_alone_and_not_counted(ground: ImportGround, file: ImportFile) -> None:
    told(ground, file, participants=10)

    assert told(ground, file, participants=11) == 0
    assert AssessmentResult.objects.get().participants == 10
