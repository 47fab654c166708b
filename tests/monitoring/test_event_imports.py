"""Methodical events through an import: planned, written with their schools, taken back."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.permissions import Role
from monitoring.models import MethodEvent
from schools.actions.import_apply import undo_batch
from schools.choices import RowOutcome
from schools.importing.errors import NewerDataStands
from schools.importing.preview import row_preview
from schools.importing.states import outcome_counts
from schools.models import ImportBatch, ImportFile, ImportRow
from tests.factories.forms import put_cells, template_of
from tests.factories.imports import AT, ImportGround
from tests.factories.registry import rename
from tests.factories.schools import make_school, make_user
from tests.factories.workbooks import workbook

pytestmark = pytest.mark.django_db
PERIOD = "2025/2026"


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def events(ground: ImportGround, **cells: Any) -> bytes:
    """Return the template of the territory with one event; its first free row is 2 while the portal has none."""
    given = {
        "A2": "семинар",
        "B2": "Работа с текстом",
        "C2": date(2026, 4, 20),
        "I2": f"{ground.first.inn}; {ground.second.name}",
        "L2": 12,
        **cells,
    }
    return put_cells(blank(ground), "Мероприятия", given)


def blank(ground: ImportGround) -> bytes:
    return template_of("events", schools=[ground.first, ground.second], period=PERIOD)


def test_event_is_written_with_its_schools(ground: ImportGround) -> None:
    ground.applied({"план.xlsx": events(ground)})

    event = MethodEvent.objects.get()
    assert (event.territory, event.school, event.kind) == (ground.territory, None, "seminar")
    assert set(event.schools.all()) == {ground.first, ground.second}
    assert (event.teachers, event.total, event.directors) == (12, 12, None)
    assert str(event) == "Семинар «Работа с текстом», 20.04.2026"


@pytest.mark.parametrize(("year", "is_taken"), [(2028, True), (2029, False)])
def test_date_far_ahead_is_refused(ground: ImportGround, year: int, is_taken: bool) -> None:
    batch = ground.checked({"план.xlsx": events(ground, C2=date(year, 4, 20))})

    assert (outcome_counts(batch)["new"] == 1) == is_taken
    assert any("не позже 2028" in problem["text"] for problem in batch.files.get().problems) != is_taken


def test_event_told_twice_in_one_file_is_a_problem(ground: ImportGround) -> None:
    twice = {"A3": "семинар", "B3": "Работа с текстом", "C3": date(2026, 4, 20), "L3": 3}

    batch = ground.checked({"план.xlsx": events(ground, **twice)})

    assert any("повтор строки 2" in problem["text"] for problem in batch.files.get().problems)
    assert (outcome_counts(batch)["new"], outcome_counts(batch)["rejected"]) == (1, 1)


def test_events_come_out_and_change_nothing(ground: ImportGround) -> None:
    two = {"A3": "вебинар", "B3": "Тема", "C3": date(2026, 3, 1), "D3": date(2026, 3, 2), "F3": "онлайн", "H3": "R02"}
    ground.applied({"план.xlsx": events(ground, **two)})

    batch = ground.checked({"ещё раз.xlsx": blank(ground)})

    assert outcome_counts(batch) == {"new": 0, "changed": 0, "same": 2, "rejected": 0}


def test_file_without_a_column_leaves_its_values_as_they_are(ground: ImportGround) -> None:
    ground.applied({"план.xlsx": events(ground)})
    head, line = ("Вид мероприятия", "Тема", "Дата"), ("семинар", "Работа с текстом", "20.04.2026")

    batch = ground.applied({"коротко.xlsx": workbook([head, line], title="Мероприятия")})

    assert outcome_counts(batch)["same"] == 1
    event = MethodEvent.objects.get()
    assert set(event.schools.all()) == {ground.first, ground.second}
    assert (event.teachers, event.total) == (12, 12)


def test_new_event_of_a_short_file_has_no_schools(ground: ImportGround) -> None:
    head, line = ("Вид мероприятия", "Тема", "Дата"), ("семинар", "Новое", "20.04.2026")

    ground.applied({"коротко.xlsx": workbook([head, line], title="Мероприятия")})

    event = MethodEvent.objects.get()
    assert (event.schools.count(), event.total, event.factors, event.place) == (0, None, [], "")


def test_events_outside_the_period_stay_out_of_the_template(ground: ImportGround) -> None:
    ground.applied({"план.xlsx": events(ground)})

    data = template_of("events", schools=[ground.first], period="2025")

    assert outcome_counts(ground.checked({"2025.xlsx": put_cells(data, "Мероприятия", {"A9": "x"})}))["same"] == 0


def test_template_of_a_school_holds_the_events_held_for_it(ground: ImportGround) -> None:
    ground.applied({"план.xlsx": events(ground, I2=ground.first.inn)})

    totals = [
        outcome_counts(ground.checked({"школа.xlsx": template_of("events", school=school, period=PERIOD)}))["same"]
        for school in (ground.first, ground.second)
    ]

    assert totals == [1, 0]


def test_changed_list_of_schools_is_a_change(ground: ImportGround) -> None:
    ground.applied({"план.xlsx": events(ground)})

    batch = ground.applied({"правка.xlsx": put_cells(blank(ground), "Мероприятия", {"I2": ground.second.inn})})

    [row] = ImportRow.objects.filter(file__batch=batch)
    assert row.outcome == RowOutcome.CHANGED
    assert [change.title for change in row_preview(row).changes] == ["школы"]
    assert list(MethodEvent.objects.get().schools.all()) == [ground.second]


def test_undo_puts_the_schools_back(ground: ImportGround) -> None:
    ground.applied({"план.xlsx": events(ground)})
    batch = ground.applied({"правка.xlsx": put_cells(blank(ground), "Мероприятия", {"I2": None, "L2": 5, "O2": 5})})

    undo_batch(batch=batch, by=ground.coordinator, at=AT)

    event = MethodEvent.objects.get()
    assert event.schools.count() == 2
    assert event.total == 12


def test_undo_of_a_new_event_removes_it_with_its_links(ground: ImportGround) -> None:
    batch = ground.applied({"план.xlsx": events(ground)})

    undo_batch(batch=batch, by=ground.coordinator, at=AT)

    assert not MethodEvent.objects.exists()
    assert not MethodEvent.schools.through.objects.exists()


def test_undo_is_refused_when_a_later_file_changed_the_event(ground: ImportGround) -> None:
    first = ground.applied({"план.xlsx": events(ground)})
    ground.applied({"правка.xlsx": put_cells(blank(ground), "Мероприятия", {"L2": 5, "O2": 5})})

    with pytest.raises(NewerDataStands, match="Работа с текстом"):
        undo_batch(batch=first, by=ground.coordinator, at=AT)


def test_event_for_an_unknown_school_is_refused_and_queued(ground: ImportGround) -> None:
    batch = ground.checked({"план.xlsx": events(ground, I2=f"{ground.first.inn}; СОШ № 404")})

    assert outcome_counts(batch) == {"new": 0, "changed": 0, "same": 0, "rejected": 1}
    assert ImportFile.objects.get(batch=batch).meta["unmatched"][0]["name"] == "СОШ № 404"


def test_school_is_known_by_the_name_that_it_had_on_the_day(ground: ImportGround) -> None:
    rename(ground.second, "Гимназия № 2", on=date(2026, 5, 1))
    rename(ground.first, "МБОУ «СОШ № 2»", on=date(2026, 5, 2))

    ground.applied({"план.xlsx": events(ground, I2="МБОУ «СОШ № 2»")})

    assert list(MethodEvent.objects.get().schools.all()) == [ground.second]


def test_date_outside_the_period_is_taken_with_a_warning(ground: ImportGround) -> None:
    batch = ground.checked({"план.xlsx": events(ground, C2=date(2020, 10, 10))})

    [problem] = ImportFile.objects.get(batch=batch).problems
    assert (problem["code"], problem["severity"]) == ("out_of_period", "warning")
    assert outcome_counts(batch)["new"] == 1


# The table


def make_event(ground: ImportGround, **fields: Any) -> MethodEvent:
    file = ImportFile.objects.create(
        batch=ImportBatch.objects.create(territory=ground.territory, created_by=ground.coordinator, created_at=AT),
        name="план.xlsx",
        size=1,
        sha256="0" * 64,
    )
    known = {"kind": "seminar", "topic": "Тема", "starts_on": date(2026, 4, 20), "territory": ground.territory}
    return MethodEvent.objects.create(**{**known, "file": file, "row": 2, **fields})


def test_event_is_seen_by_its_territory_and_its_schools(ground: ImportGround) -> None:
    event = make_event(ground)
    event.schools.add(ground.first)
    own, other = (make_user(role=Role.SCHOOL_ADMIN, school=school) for school in (ground.first, ground.second))
    stranger = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_school().territory)

    seen = {user: MethodEvent.objects.visible_to(user).count() for user in (ground.coordinator, own, other, stranger)}

    assert list(seen.values()) == [1, 1, 0, 0]


def test_events_are_found_by_territory_and_period(ground: ImportGround) -> None:
    event = make_event(ground)

    assert ground.territory.parent
    assert list(MethodEvent.objects.in_territory(ground.territory.parent)) == [event]
    assert not MethodEvent.objects.held_between(date(2026, 4, 21), date(2026, 5, 1)).exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_on": date(2026, 4, 19)},
        {"total": 5, "unique_people": 6},
    ],
)
def test_event_that_contradicts_itself_is_refused_by_the_database(fields: dict[str, Any], ground: ImportGround) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_event(ground, **fields)


@pytest.mark.parametrize("is_own", [False, True])
def test_same_event_twice_is_refused_by_the_database(is_own: bool, ground: ImportGround) -> None:
    school = ground.first if is_own else None
    make_event(ground, school=school)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_event(ground, school=school)


def test_span_of_an_event_is_told_in_words(ground: ImportGround) -> None:
    assert make_event(ground).dates == "20.04.2026"
    assert make_event(ground, topic="Дни", ends_on=date(2026, 4, 22)).dates == "20–22\u00a0апреля 2026\u00a0г."
