"""Properties of imports over random dirty files: the preview foretells what applying does, remarks name real cells."""

from typing import Any, Final

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from schools.actions.import_apply import apply_batch, undo_batch
from schools.actions.import_review import explain_if_needed
from schools.actions.imports import check, receive
from schools.choices import FileState, RowOutcome
from schools.importing.batch_template import REGISTRY_NAME, RESULTS_NAME, batch_templates
from schools.importing.errors import NothingToApply
from schools.importing.files import GivenFile
from schools.importing.result_fields import DATA_FIELDS, KEY_FIELDS, MARKS_SOURCE, SILENT
from schools.importing.states import outcome_counts
from schools.intake.cells import Row, Sheet, cell_position
from schools.intake.csv_reader import read_csv
from schools.intake.headers import locate
from schools.intake.layouts.portal_results import COLUMNS
from schools.intake.parse import parse_file
from schools.intake.refusals import Refusal
from schools.models import AssessmentResult, ImportBatch
from tests.factories.dirty import Cells, csv_table, dirty_tables
from tests.factories.imports import AT, ImportGround
from tests.schools.actions.test_import_apply import FIRST, RegistryGround

pytestmark = pytest.mark.django_db
LOGINS: Final = ("edu900001", "edu900002")
TOLD: Final = tuple(name for name in DATA_FIELDS if name not in SILENT)
few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
workbooks = settings(few, max_examples=6)  # each is read by a process of its own
many = settings(max_examples=60, deadline=None)
tables = dirty_tables(LOGINS)


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def stored(*fields: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Return key of every result -> its fields."""
    width = 1 + len(KEY_FIELDS)
    rows = AssessmentResult.objects.values_list("school_id", *KEY_FIELDS, *fields)
    return {row[:width]: row[width:] for row in rows}


def checked(ground: ImportGround, lines: list[Cells]) -> ImportBatch:
    return ground.checked({"результаты.csv": csv_table(lines)})


def applied(ground: ImportGround, batch: ImportBatch) -> ImportBatch | None:
    """Apply the good rows of a batch; None where there are none."""
    try:
        explain_if_needed(batch=batch, text="Сверено со школами, значения верны.", by=ground.coordinator, at=AT)
        return apply_batch(batch=batch, by=ground.coordinator, at=AT, only_good=True)
    except NothingToApply:
        return None


@given(first=tables, second=tables)
@few
def test_predicted_counts_are_those_of_applying(first: list[Cells], second: list[Cells], ground: ImportGround) -> None:
    assume(first != second)  # the same bytes twice are one file
    with transaction.atomic():
        applied(ground, checked(ground, first))
        before = stored(*TOLD)
        batch = checked(ground, second)
        foretold = outcome_counts(batch)
        applied(ground, batch)
        after = stored(*TOLD)

        touched = [key for key in after if after[key] != before.get(key)]
        assert len(touched) == foretold[RowOutcome.NEW] + foretold[RowOutcome.CHANGED]
        assert len(after.keys() - before.keys()) <= foretold[RowOutcome.NEW]
        assert sum(foretold.values()) == len(second)
        transaction.set_rollback(True)


@given(first=tables, second=tables)
@few
def test_undoing_puts_everything_back(first: list[Cells], second: list[Cells], ground: ImportGround) -> None:
    assume(first != second)  # the same bytes twice are one file
    with transaction.atomic():
        applied(ground, checked(ground, first))
        before = stored(*DATA_FIELDS)
        if batch := applied(ground, checked(ground, second)):
            undo_batch(batch=batch, by=ground.coordinator, at=AT)

        assert stored(*DATA_FIELDS) == before
        transaction.set_rollback(True)


# Remarks


def named_cells(sheet: Sheet) -> dict[str, int]:
    """Return title of a column of the template -> its place in the sheet."""
    header = locate(sheet, COLUMNS)
    return {header.titles[key]: place for key, place in header.positions.items()}


def row_of(sheet: Sheet, number: int) -> Row | None:
    return next((row for row in sheet.rows if row.number == number), None)


@given(lines=tables, order=st.permutations(range(23)))
@many
def test_every_problem_names_a_cell_of_the_file(lines: list[Cells], order: list[int]) -> None:
    titles = [COLUMNS[place].title for place in order]
    data = csv_table(lines, titles)
    [sheet] = read_csv(data).sheets
    try:
        problems = parse_file(data).problems
    except Refusal:
        return

    places = named_cells(sheet)
    for problem in problems:
        assert problem.sheet == sheet.name
        assert problem.row == 0 or row_of(sheet, problem.row)
        assert problem.column == "" or problem.column in places
        if problem.cell:
            assert cell_position(problem.cell) == (problem.row, places[problem.column])


@given(lines=tables)
@few
def test_every_problem_of_planning_names_a_row_of_the_file(lines: list[Cells], ground: ImportGround) -> None:
    with transaction.atomic():
        file = checked(ground, lines).files.get()
        numbers = set(range(2, len(lines) + 2))

        assert file.state in {FileState.RECOGNISED, FileState.REFUSED}
        assert {problem["row"] for problem in file.problems} <= {0, *numbers}
        assert all(problem["text"] and problem["action"] for problem in file.problems)
        transaction.set_rollback(True)


# Templates of stored batches


def again(ground: ImportGround, batch: ImportBatch) -> dict[str, int]:
    """Load the templates of a batch and return what the preview says of their rows."""
    templates = batch_templates(batch)
    return outcome_counts(ground.checked(templates))


@given(lines=tables)
@workbooks
def test_template_of_a_stored_batch_changes_nothing(lines: list[Cells], ground: ImportGround) -> None:
    with transaction.atomic():
        batch = applied(ground, checked(ground, lines))
        if batch is None:
            transaction.set_rollback(True)
            return
        totals = again(ground, batch)

        assert {name for name, number in totals.items() if number} == {RowOutcome.SAME}
        assert totals[RowOutcome.SAME] == len(stored(*MARKS_SOURCE))
        transaction.set_rollback(True)


def test_template_of_a_registry_batch_changes_nothing() -> None:
    region = RegistryGround()
    batch = region.applied(FIRST)

    templates = batch_templates(batch)

    assert list(templates) == [REGISTRY_NAME]
    given_back = [GivenFile(name=name, data=data) for name, data in templates.items()]
    received = receive(files=given_back, by=region.coordinator, territory=region.region, at=AT)
    totals = outcome_counts(check(batch=received, at=AT))
    assert {name for name, number in totals.items() if number} == {RowOutcome.SAME}
    assert RESULTS_NAME not in templates
