"""Counted survey answers through an import."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.permissions import Role
from riskprofiles.models import SurveyTally
from schools.actions.import_apply import undo_batch
from schools.importing.preview import row_preview
from schools.importing.states import outcome_counts
from schools.models import ImportBatch, ImportRow
from tests.factories.imports import AT, ImportGround
from tests.factories.schools import make_school, make_user
from tests.factories.workbooks import workbook

pytestmark = pytest.mark.django_db
HEADER = ("Отметка времени", "Ваша школа", "Кто вы", "Хватает учебников")


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def answers(school: str, yes: int, no: int) -> bytes:
    rows = [(datetime(2026, 11, 16, 10), school, "Учитель", word) for word in ["да"] * yes + ["нет"] * no]
    return workbook([HEADER, *rows])


def told() -> dict[str, tuple[int, int]]:
    return {tally.option: (tally.count, tally.answered) for tally in SurveyTally.objects.all()}


def test_answers_are_kept_as_counts(ground: ImportGround) -> None:
    ground.applied({"анкета.xlsx": answers(ground.first.name, 3, 2)})

    assert told() == {"да": (3, 5), "нет": (2, 5)}
    assert {(t.school, t.year, t.audience) for t in SurveyTally.objects.all()} == {(ground.first, 2026, "teacher")}


def test_later_export_with_more_answers_changes_the_counts(ground: ImportGround) -> None:
    ground.applied({"ноябрь.xlsx": answers(ground.first.name, 3, 2)})

    batch = ground.applied({"декабрь.xlsx": answers(ground.first.name, 7, 2)})

    assert outcome_counts(batch)["changed"] == 2
    assert told() == {"да": (7, 9), "нет": (2, 9)}


def test_undo_puts_the_counts_back(ground: ImportGround) -> None:
    ground.applied({"ноябрь.xlsx": answers(ground.first.name, 3, 2)})
    batch = ground.applied({"декабрь.xlsx": answers(ground.first.name, 7, 2)})

    undo_batch(batch=batch, by=ground.coordinator, at=AT)

    assert told() == {"да": (3, 5), "нет": (2, 5)}


def test_preview_says_audience_year_question_and_option(ground: ImportGround) -> None:
    ground.checked({"анкета.xlsx": answers(ground.first.login, 3, 2)})

    shown = {row_preview(row).work for row in ImportRow.objects.all()}
    assert "Учителя, 2026/2027: Хватает учебников — да" in shown


def test_answers_about_an_unknown_school_wait_in_the_queue(ground: ImportGround) -> None:
    batch = ground.checked({"анкета.xlsx": answers("СОШ № 404", 3, 2)})

    assert [one["name"] for one in batch.files.get().meta["unmatched"]] == ["СОШ № 404"]


def make_tally(ground: ImportGround, **fields: Any) -> SurveyTally:
    batch = ImportBatch.objects.create(territory=ground.territory, created_by=ground.coordinator, created_at=AT)
    file = batch.files.create(name="анкета.xlsx", size=1, sha256="0" * 64)
    known = {"school": ground.first, "year": 2026, "audience": "pupil", "question": "Мне интересно", "option": "да"}
    return SurveyTally.objects.create(**{**known, "count": 1, "answered": 2, "file": file, "row": 2, **fields})


def test_tally_is_seen_by_its_school_and_its_territory(ground: ImportGround) -> None:
    make_tally(ground)
    own = make_user(role=Role.SCHOOL_ADMIN, school=ground.first)
    other = make_user(role=Role.SCHOOL_ADMIN, school=ground.second)
    stranger = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_school().territory)

    people = (own, ground.coordinator, other, stranger)
    assert [SurveyTally.objects.visible_to(user).for_year(2026).count() for user in people] == [1, 1, 0, 0]


def test_more_choosers_than_answers_are_refused_by_the_database(ground: ImportGround) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_tally(ground, count=3)


def test_same_option_twice_is_refused_by_the_database(ground: ImportGround) -> None:
    make_tally(ground)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_tally(ground)


def test_tally_reads_as_a_sentence(ground: ImportGround) -> None:
    assert str(make_tally(ground)) == "Мне интересно: да — 1 из 2"
