"""The files behind a verdict as they were on the day of its run, whatever has been loaded or undone since."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.russian import NBSP
from reports.facts.r8s import grounds_of
from schools.actions.identification import run_identification
from schools.actions.import_apply import undo_batch
from schools.actions.rule_sets import load_rule_set
from schools.models import AssessmentResult, ImportBatch, ImportRow, SchoolVerdict
from schools.results_of_day import rows_of_day
from schools.verdict_pages import VerdictCard
from schools.verdict_reading import card_of
from tests.factories.imports import ImportGround, marks_of
from tests.factories.schools import make_result
from tests.factories.workbooks import federal_journal

pytestmark = pytest.mark.django_db
LOADED = datetime(2026, 9, 1, 9, tzinfo=UTC)
RUN = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 1, 9, tzinfo=UTC)
LATEST = datetime(2026, 12, 1, 9, tzinfo=UTC)
OLD, NEW = (20, 10, 8, 2), (3, 20, 15, 2)


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def load(ground: ImportGround, name: str, marks: tuple[int, int, int, int], at: datetime) -> ImportBatch:
    """Load marks of the first school, a row of another school above it."""
    return ground.applied({name: marks_of({ground.second: (0, 9, 9, 2), ground.first: marks}, year=2026)}, at=at)


def run_at(ground: ImportGround, at: datetime = RUN) -> SchoolVerdict:
    run = run_identification(
        rule_set=load_rule_set(by=None), territory=ground.territory, year=2026, by=ground.coordinator, at=at
    )
    return run.verdicts.get(school=ground.first)


def shown(verdict: SchoolVerdict) -> tuple[str, list[str]]:
    """Return the counts and source of the only work, and who loaded it, as the card has them on this day."""
    card = card_of(SchoolVerdict.objects.get(pk=verdict.pk), verdict.run)
    (row,) = card.rows
    counts = f"{row.part.low}/{row.part.participants}"
    return f"{counts}: {row.source}".replace(NBSP, " "), [text.replace(NBSP, " ") for text in card.loaded]


def by(ground: ImportGround, day: str) -> list[str]:
    return [f"{ground.coordinator}, {day}".replace(NBSP, " ")]


def test_corrected_counts_keep_the_file_of_the_day_of_the_run(ground: ImportGround) -> None:
    load(ground, "old.xlsx", OLD, LOADED)
    verdict = run_at(ground)
    before = shown(verdict)
    load(ground, "new.xlsx", NEW, LATER)

    after = shown(verdict)

    assert before == ("20/40: old.xlsx, строка 11", by(ground, "01.09.2026"))
    assert after == (
        "20/40: old.xlsx, строка 11 (исправлено позже: файл new.xlsx, строка 11, 01.11.2026)",
        by(ground, "01.09.2026"),
    )


def test_undone_load_is_still_the_source_of_an_earlier_number(ground: ImportGround) -> None:
    batch = load(ground, "old.xlsx", OLD, LOADED)
    verdict = run_at(ground)
    undo_batch(batch=batch, by=ground.coordinator, at=LATER)

    assert shown(verdict) == (
        "20/40: old.xlsx, строка 11 (загрузка отменена 01.11.2026)",
        by(ground, "01.09.2026"),
    )


def test_row_written_anew_after_an_undo_is_a_correction(ground: ImportGround) -> None:
    batch = load(ground, "old.xlsx", OLD, LOADED)
    verdict = run_at(ground)
    undo_batch(batch=batch, by=ground.coordinator, at=LATER)
    load(ground, "new.xlsx", NEW, LATEST)

    source, loaded = shown(verdict)

    assert source.endswith("old.xlsx, строка 11 (исправлено позже: файл new.xlsx, строка 11, 01.12.2026)")
    assert loaded == by(ground, "01.09.2026")


def test_correction_undone_since_leaves_no_word(ground: ImportGround) -> None:
    load(ground, "old.xlsx", OLD, LOADED)
    verdict = run_at(ground)
    undo_batch(batch=load(ground, "new.xlsx", NEW, LATER), by=ground.coordinator, at=LATEST)

    assert shown(verdict)[0] == "20/40: old.xlsx, строка 11"


def test_run_between_a_correction_and_its_undoing_names_the_correction(ground: ImportGround) -> None:
    load(ground, "old.xlsx", OLD, LOADED)
    batch = load(ground, "new.xlsx", NEW, LATER)
    verdict = run_at(ground, LATER + timedelta(days=1))
    undo_batch(batch=batch, by=ground.coordinator, at=LATEST)

    assert shown(verdict) == (
        "3/40: new.xlsx, строка 11 (загрузка отменена 01.12.2026)",
        by(ground, "01.11.2026"),
    )


def test_later_load_of_the_same_counts_is_no_correction(ground: ImportGround) -> None:
    load(ground, "old.xlsx", OLD, LOADED)
    verdict = run_at(ground)
    journal = {f"{ground.first.name} ({ground.first.login})": (0, 40, 0)}
    ground.applied({"journal.xlsx": federal_journal(journal, year=2026)}, at=LATER)

    assert shown(verdict)[0] == "20/40: old.xlsx, строка 11"


def test_load_applied_while_the_run_was_calculated_is_not_its_source(ground: ImportGround) -> None:
    load(ground, "old.xlsx", OLD, LOADED)
    verdict = run_at(ground)
    load(ground, "new.xlsx", NEW, RUN - timedelta(seconds=20))  # before the run was stored, after it had read

    assert shown(verdict)[0] == ("20/40: old.xlsx, строка 11 (исправлено позже: файл new.xlsx, строка 11, 12.10.2026)")


def test_work_written_once_more_since_is_no_source(ground: ImportGround) -> None:
    load(ground, "old.xlsx", OLD, LOADED)
    verdict = run_at(ground)
    make_autumn(load(ground, "new.xlsx", NEW, LATER))

    assert shown(verdict)[0] == "20/40: old.xlsx, строка 11"


def make_autumn(batch: ImportBatch) -> None:
    """Let what a load has told of the first school be about the autumn, and the spring stand as it was."""
    row = ImportRow.objects.get(file__batch=batch, outcome="changed")
    row.key, row.before, row.outcome = {**row.key, "period": "autumn"}, None, "new"
    row.save()
    AssessmentResult.objects.filter(school=row.school).update(mark2=20, mark3=10, mark4=8, mark5=2)
    assert row.school is not None
    make_result(school=row.school, grade=4, period="autumn", marks=NEW)


def test_verdict_without_results_asks_for_none(
    ground: ImportGround, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_result(school=ground.second, grade=4)
    verdict = run_at(ground)

    with django_assert_num_queries(0):
        assert rows_of_day(verdict, verdict.run) == {}


def test_source_that_is_not_kept_is_said_so(ground: ImportGround) -> None:
    load(ground, "old.xlsx", OLD, LOADED)
    verdict = run_at(ground)
    load(ground, "new.xlsx", NEW, LATER)
    ImportRow.objects.all().delete()

    assert shown(verdict) == ("20/40: источник не сохранился", [])


def test_file_known_only_by_what_a_later_load_has_found_is_named(ground: ImportGround) -> None:
    old = load(ground, "old.xlsx", OLD, LOADED)
    verdict = run_at(ground)
    load(ground, "new.xlsx", NEW, LATER)
    ImportRow.objects.filter(file__batch=old).delete()

    source, loaded = shown(verdict)

    assert source.startswith("20/40: old.xlsx, строка 11 (исправлено позже: файл new.xlsx")
    assert loaded == by(ground, "01.09.2026")


def test_row_that_no_file_has_brought_has_no_source(ground: ImportGround) -> None:
    make_result(school=ground.first, marks=OLD)
    verdict = run_at(ground)

    assert shown(verdict) == ("20/40: источник не сохранился", [])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(
            lambda: AssessmentResult.objects.filter(mark2=20).update(mark2=19, mark3=11),
            "old.xlsx, строка 11 (с тех пор изменено)",
            id="changed",
        ),
        pytest.param(
            lambda: AssessmentResult.objects.all().delete(),
            "old.xlsx, строка 11 (с тех пор удалено)",
            id="deleted",
        ),
    ],
)
def test_change_that_no_load_has_made_is_told(ground: ImportGround, change: Callable[[], Any], words: str) -> None:
    load(ground, "old.xlsx", OLD, LOADED)
    verdict = run_at(ground)
    change()

    assert shown(verdict)[0] == f"20/40: {words}"


def test_signs_are_those_of_the_day_of_the_run(ground: ImportGround) -> None:
    load(ground, "old.xlsx", OLD, LOADED)
    verdict = run_at(ground)
    card = reread(verdict)
    AssessmentResult.objects.update(objectivity_markers=["5РУ"])
    make_marker_row(ground, before=[], after=["5РУ"])

    assert card.signs == []
    assert reread(verdict).signs == []


def reread(verdict: SchoolVerdict) -> VerdictCard:
    return card_of(SchoolVerdict.objects.get(pk=verdict.pk), verdict.run)


def make_marker_row(ground: ImportGround, *, before: list[str], after: list[str]) -> None:
    """Store what a load of the markers of a region leaves."""
    row = ImportRow.objects.get(school=ground.first)
    batch = row.file.batch
    batch.pk, batch.applied_at = None, LATER
    batch.save(force_insert=True)
    file = row.file
    file.pk, file.batch = None, batch
    file.save(force_insert=True)
    row.pk, row.file, row.outcome = None, file, "changed"
    row.before, row.after = {"objectivity_markers": before}, {"objectivity_markers": after}
    row.save(force_insert=True)


@pytest.mark.parametrize("corrections", [1, 3])
def test_card_takes_three_queries_however_often_rows_were_corrected(
    ground: ImportGround, corrections: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    load(ground, "old.xlsx", OLD, LOADED)
    verdict = run_at(ground)
    for number in range(corrections):
        load(ground, f"new_{number}.xlsx", (3 + number, 20, 15 - number, 2), LATER + timedelta(days=number))
    verdict = SchoolVerdict.objects.select_related("run", "school").get(pk=verdict.pk)

    with django_assert_num_queries(3):
        card = card_of(verdict, verdict.run)
        assert card.rows
        assert card.loaded
        assert card.signs == []


def test_extract_for_the_head_of_the_school_says_the_same(ground: ImportGround) -> None:
    load(ground, "old.xlsx", OLD, LOADED)
    verdict = run_at(ground)
    load(ground, "new.xlsx", NEW, LATER)

    grounds = grounds_of(verdict)

    assert [work.source for work in grounds.works] == [reread(verdict).rows[0].source]
    assert grounds.loaded == tuple(reread(verdict).loaded)
