"""A stored batch of any kind that has a template comes out as templates that change nothing when they come back."""

import io
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.permissions import Role
from schools.actions.import_apply import apply_batch
from schools.actions.import_review import explain_if_needed
from schools.actions.imports import check, receive
from schools.importing.batch_template import DRAFTS, NoTemplate, batch_templates
from schools.importing.files import GivenFile
from schools.importing.preview import row_preview
from schools.importing.states import outcome_counts
from schools.importing.targets import targets
from schools.intake.cells import column_letter
from schools.intake.layouts import portal_results
from schools.models import ImportBatch, School
from schools.statistics import CONTEXT, CONTINGENT, STAFF
from tests.factories.federal import FIRST, tasks_file
from tests.factories.forms import filled, put_cells, template_of
from tests.factories.imports import AT, MARKS, ImportGround, marks_of
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db
WITHOUT_TEMPLATE = {"details", "tallies"}
few = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
COUNT = st.one_of(st.none(), st.integers(0, 40))
STATISTICS: Mapping[str, tuple[tuple[str, str], ...]] = {
    CONTEXT: (("1.1", "Значение"), ("1.9", "Значение"), ("2.1", "Значение")),
    CONTINGENT: (("А", "НОО"), ("А", "ООО"), ("А", "СОО")),
    STAFF: (("Физика", "Учителей"), ("Химия", "Учителей")),
}
OTHER_EVENT = {"A2": "семинар", "B2": "Из другой загрузки", "C2": date(2026, 1, 9), "I2": "", "L2": 7}
EVENT_KINDS = ("семинар", "вебинар", "консультация")


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def again(batch: ImportBatch) -> dict[str, int]:
    """Load the templates of a batch by the way that the batch itself came and return what the preview says."""
    files = [GivenFile(name=name, data=data) for name, data in batch_templates(batch).items()]
    received = receive(files=files, by=batch.created_by, territory=batch.territory, at=AT, school=batch.school)
    checked = check(batch=received, at=AT)
    assert {file.refusal for file in checked.files.all()} == {""}
    return outcome_counts(checked)


def only_same(batch: ImportBatch) -> bool:
    totals = again(batch)
    return totals["same"] > 0 and totals["same"] == sum(totals.values())


@st.composite
def answers(draw: st.DrawFn, form: str) -> dict[tuple[str, str], int]:
    values = {cell: draw(COUNT) for cell in STATISTICS[form]}
    return {cell: value for cell, value in values.items() if value is not None}


FORMS = st.sampled_from(sorted(STATISTICS)).flatmap(lambda form: st.tuples(st.just(form), answers(form)))


@given(
    told=st.lists(FORMS, min_size=1, max_size=2),
    years=st.permutations(("2024", "2025", "2026")),
    has_results=st.booleans(),
)
@example(told=[(CONTEXT, {("1.9", "Значение"): 0})], years=["2024", "2025", "2026"], has_results=False)
@few
def test_forms_and_results_of_one_batch_change_nothing(
    told: list[tuple[str, dict[tuple[str, str], int]]],
    years: list[str],
    has_results: bool,
    ground: ImportGround,
) -> None:
    files = {
        f"{form} {school.name}.xlsx": filled(template_of(form, school=school, period=year), values)
        for (form, values), year, school in zip(told, years, (ground.first, ground.second), strict=False)
        if values
    }
    files |= {"Ф3.xlsx": marks_of({ground.first: MARKS})} if has_results else {}
    if not files:
        return
    with transaction.atomic():
        batch = ground.checked(files)
        if outcome_counts(batch)["new"]:  # a share without its whole is refused, and it may be all that a form tells
            explain_if_needed(batch=batch, text="Сверено.", by=ground.coordinator, at=AT)
            assert only_same(apply_batch(batch=batch, by=ground.coordinator, at=AT, only_good=True))
        transaction.set_rollback(True)


@given(
    lines=st.lists(
        st.tuples(st.sampled_from(EVENT_KINDS), st.dates(date(2025, 9, 1), date(2026, 8, 31)), COUNT, st.booleans()),
        min_size=1,
        max_size=4,
        unique_by=lambda line: line[:2],
    )
)
@few
def test_events_change_nothing(lines: list[tuple[str, date, int | None, bool]], ground: ImportGround) -> None:
    blank = template_of("events", schools=[ground.first, ground.second], period="2025/2026")
    cells: dict[str, Any] = {}
    for row, (kind, day, people, is_for_both) in enumerate(lines, start=2):
        held_for = f"{ground.first.inn}; {ground.second.name}" if is_for_both else ground.first.inn
        cells |= {f"A{row}": kind, f"B{row}": f"Тема {row}", f"C{row}": day, f"I{row}": held_for, f"L{row}": people}
    with transaction.atomic():
        batch = ground.applied({"план.xlsx": put_cells(blank, "Мероприятия", cells)})
        ground.applied({"другой план.xlsx": put_cells(blank, "Мероприятия", OTHER_EVENT)})

        assert again(batch) == {"new": 0, "changed": 0, "same": len(lines), "rejected": 0}
        transaction.set_rollback(True)


# Levels and what else a row of results holds

COLUMN_OF = {column.key: column_letter(number) for number, column in enumerate(portal_results.COLUMNS)}


def result_template(school: School, **cells: Any) -> bytes:
    """Return the template of results of a school with one line. cells: key of a column -> value."""
    blank = template_of("results", school=school, period="")
    work = {"inn": school.inn, "procedure": "КДР", "year": 2026, "subject": "Математика", "grade": 5}
    places = {f"{COLUMN_OF[key]}2": value for key, value in {**work, **cells}.items()}
    return put_cells(blank, "Результаты", places)


LEVELS = {"level:insufficient": 3, "level:reduced": 7, "level:base": 8, "level:elevated": 2}


def test_levels_are_in_the_template_and_change_nothing(ground: ImportGround) -> None:
    batch = ground.applied({"кдр.xlsx": result_template(ground.first, participants=20, **LEVELS)})

    assert ground.result(ground.first).level_counts == {key.partition(":")[2]: n for key, n in LEVELS.items()}
    assert only_same(batch)
    filled_again = load_workbook(io.BytesIO(template_of("results", school=ground.first, period="")))["Результаты"]
    found = {cell.value for row in filled_again.iter_rows(min_row=2) for cell in row}
    assert set(LEVELS.values()) <= found


def test_highest_score_alone_is_a_change(ground: ImportGround) -> None:
    ground.applied({"1.xlsx": result_template(ground.first, participants=20, below_min=3)})

    batch = ground.checked({"2.xlsx": result_template(ground.first, participants=20, below_min=3, max_primary=40)})

    row = batch.files.get().rows.get()
    assert row.outcome == "changed"
    assert [line.title for line in row_preview(row).changes] == ["наибольший первичный балл"]


# Forms that a school itself has given


def by_school(school: School, form: str, change: Callable[[bytes], bytes], *, period: str = "2026") -> ImportBatch:
    person = make_user(role=Role.SCHOOL_ADMIN, school=school)
    given_file = GivenFile(name="форма.xlsx", data=change(template_of(form, school=school, period=period)))
    batch = receive(files=[given_file], by=person, territory=school.territory, at=AT, school=school)
    return apply_batch(batch=check(batch=batch, at=AT), by=person, at=AT)


def test_form_of_a_school_comes_back_by_the_school(ground: ImportGround) -> None:
    batch = by_school(ground.first, STAFF, lambda data: filled(data, {("Физика", "Учителей"): 2}))

    assert only_same(batch)


def internal_works(school: School, year: int, *works: tuple[int, str]) -> GivenFile:
    """Return SA-5 of an academic year, one line for each calendar year and period."""
    lines: dict[str, Any] = {}
    for row, (calendar, period) in enumerate(works, start=2):
        values = (school.inn, "входной мониторинг", calendar, period, "Математика", 5, 10, 1, 4, 3, 2)
        lines |= {f"{letter}{row}": value for letter, value in zip("AEFGHILMNOP", values, strict=True)}
    blank = template_of("SA-5", school=school, period=str(year))
    return GivenFile(name=f"{year}.xlsx", data=put_cells(blank, "Результаты", lines))


def test_internal_works_of_a_school_come_back_by_academic_year(ground: ImportGround) -> None:
    person = make_user(role=Role.SCHOOL_ADMIN, school=ground.first)
    files = [
        internal_works(ground.first, 2025, (2025, "осень"), (2026, "весна")),
        internal_works(ground.first, 2026, (2026, "осень")),
    ]
    batch = receive(files=files, by=person, territory=ground.territory, at=AT, school=ground.first)
    batch = apply_batch(batch=check(batch=batch, at=AT), by=person, at=AT)

    assert sorted(batch_templates(batch)) == [
        "SA-5 Внутренние работы 2025-2026.xlsx",
        "SA-5 Внутренние работы 2026-2027.xlsx",
    ]
    assert again(batch) == {"new": 0, "changed": 0, "same": 3, "rejected": 0}


# Kinds without a template


def test_every_table_has_a_template_or_is_known_to_have_none() -> None:
    assert {target.code for target in targets()} - DRAFTS.keys() == WITHOUT_TEMPLATE


def test_batch_of_tasks_alone_has_no_template() -> None:
    ground = ImportGround()
    batch = ground.applied({"задания.xlsx": tasks_file({FIRST: (90, 80.5, 70, 60)})})

    with pytest.raises(NoTemplate, match="для которых есть шаблон"):
        batch_templates(batch)
