"""Plain tables filled by files: planned, previewed, applied, undone."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from schools.actions.import_apply import apply_batch, undo_batch
from schools.actions.imports import store_check
from schools.choices import BatchState
from schools.importing.errors import DataChanged, NewerDataStands
from schools.importing.preview import row_preview, shown
from schools.importing.states import outcome_counts
from schools.intake.rows import ParsedFile, Record, SchoolRef
from schools.models import ImportBatch, ImportFile, ImportRow, School, SchoolStatistic, WorkDetail
from tests.factories.imports import AT, ImportGround

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
STAFF: Mapping[str, str | int] = {"form": "SA-4", "year": 2025, "item": "teachers", "section": ""}
TASKS: Mapping[str, str | int] = {
    "procedure": "VPR",
    "year": 2026,
    "period": "spring",
    "subject": "MA",
    "grade": 6,
    "level": "none",
    "kind": "tasks",
}


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def record(school: School, values: dict[str, Any], *, target: str = "statistics", row: int = 2, **key: Any) -> Record:
    return Record(
        target=target,
        sheet="Кадры",
        row=row,
        school=SchoolRef(inn=school.inn, name=school.name),
        key={**(STAFF if target == "statistics" else TASKS), **key},
        values=values,
    )


def checked(ground: ImportGround, *records: Record) -> ImportBatch:
    """Return a batch whose one file says these records."""
    number = ImportFile.objects.count()
    batch = ground.receive({f"{number}.xlsx": f"bytes {number}".encode()})
    ImportBatch.objects.filter(pk=batch.pk).update(state=BatchState.CHECKING)
    parsed = ParsedFile(layout="sa4", title="Кадры", records=records)
    return store_check(batch=batch, answers={batch.files.get().pk: parsed}, at=AT)


def applied(ground: ImportGround, *records: Record) -> ImportBatch:
    return apply_batch(batch=checked(ground, *records), by=ground.coordinator, at=AT)


def undone(ground: ImportGround, batch: ImportBatch) -> ImportBatch:
    return undo_batch(batch=batch, by=ground.coordinator, at=LATER)


def standing() -> list[tuple[Any, ...]]:
    return list(SchoolStatistic.objects.order_by("pk").values_list("school__name", "item", "value", "whole", "file"))


def test_record_is_written_with_the_place_it_came_from(ground: ImportGround) -> None:
    batch = applied(ground, record(ground.first, {"value": 12.5, "whole": "30"}, row=7))

    statistic = SchoolStatistic.objects.get()
    assert (statistic.school, statistic.item, statistic.text) == (ground.first, "teachers", "")
    assert (str(statistic.value), str(statistic.whole)) == ("12.50", "30.00")
    assert (statistic.file, statistic.row) == (batch.files.get(), 7)


def test_record_again_from_another_file_is_no_change(ground: ImportGround) -> None:
    applied(ground, record(ground.first, {"value": 12, "whole": 30}))

    batch = checked(ground, record(ground.first, {"value": "12.00"}))

    assert outcome_counts(batch) == {"new": 0, "changed": 0, "same": 1, "rejected": 0}


def test_value_that_a_file_leaves_out_stays(ground: ImportGround) -> None:
    applied(ground, record(ground.first, {"value": 12, "whole": 30}))

    applied(ground, record(ground.first, {"value": 14}))

    statistic = SchoolStatistic.objects.get()
    assert (statistic.value, statistic.whole) == (Decimal(14), Decimal(30))


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ("410.00", "410"),
        ("3.30", "3,3"),
        ("0.00", "0"),
        ("-1.25", "-1,25"),
        ("01.10.2026", "01.10.2026"),
        (12.5, "12,5"),
    ],
)
def test_a_number_is_shown_without_needless_zeros_and_with_a_comma(kept: str | float, words: str) -> None:
    assert shown(kept, {}) == words


def test_preview_has_the_old_and_the_new_value_in_words(ground: ImportGround) -> None:
    applied(ground, record(ground.first, {"value": 12}))

    row = checked(ground, record(ground.first, {"value": 14})).files.get().rows.select_related("school", "file").get()

    preview = row_preview(row)
    assert (preview.school, preview.work) == (ground.first.name, "Кадры на 1 октября 2025 года: Учителей")
    assert [(change.title, change.before, change.after) for change in preview.changes] == [
        ("значение", "12", "14"),
    ]


def test_undone_batch_leaves_the_table_as_it_was(ground: ImportGround) -> None:
    applied(ground, record(ground.first, {"value": 12, "whole": 30}))
    before = standing()
    batch = applied(ground, record(ground.first, {"value": 14}), record(ground.second, {"value": 3}, row=3))
    assert standing() != before

    undone(ground, batch)

    assert standing() == before


def test_table_changed_since_is_not_undone_and_says_what_stands_there(ground: ImportGround) -> None:
    older = applied(ground, record(ground.first, {"value": 12}))
    applied(ground, record(ground.first, {"value": 14}))
    before = standing()

    with pytest.raises(NewerDataStands, match=r"СОШ № 1», Кадры на 1 октября 2025 года: Учителей"):
        undone(ground, older)

    assert standing() == before


def test_created_row_that_a_later_file_has_added_to_is_not_deleted(ground: ImportGround) -> None:
    older = applied(ground, record(ground.first, {"value": 12}))
    SchoolStatistic.objects.update(whole=30)

    with pytest.raises(NewerDataStands):
        undone(ground, older)


def test_table_changed_since_the_preview_stops_everything(ground: ImportGround) -> None:
    batch = checked(ground, record(ground.first, {"value": 12}))
    applied(ground, record(ground.first, {"value": 14}))

    with pytest.raises(DataChanged):
        apply_batch(batch=batch, by=ground.coordinator, at=AT)


def test_repeated_key_of_a_file_is_a_problem(ground: ImportGround) -> None:
    batch = checked(ground, record(ground.first, {"value": 1}), record(ground.first, {"value": 2}, row=3))

    [problem] = batch.files.get().problems
    assert (problem["code"], problem["row"], problem["action"]) == ("repeated_row", 3, "Оставьте одну строку.")
    assert outcome_counts(batch)["rejected"] == 1


def test_school_nobody_knows_goes_to_the_queue_of_the_file(ground: ImportGround) -> None:
    unknown = Record(
        target="statistics",
        sheet="Кадры",
        row=5,
        school=SchoolRef(name="СОШ № 77", login="edu123456"),
        key=dict(STAFF),
        values={"value": 1},
    )

    file = checked(ground, record(ground.first, {"value": 1}), unknown).files.get()

    assert file.meta["unmatched"] == [
        {
            "name": "СОШ № 77",
            "login": "edu123456",
            "inn": "",
            "gia_code": "",
            "place": "",
            "outcome": "unknown",
            "rows": 1,
        },
    ]


def test_record_without_a_school_is_a_problem_of_its_row(ground: ImportGround) -> None:
    nobody = Record(target="statistics", sheet="Кадры", row=5, school=None, key=dict(STAFF), values={"value": 1})

    [problem] = checked(ground, nobody).files.get().problems

    assert problem["text"] == ("Лист «Кадры», строка 5: не указана школа. Укажите ИНН, логин или наименование школы.")


def test_details_of_works_keep_their_values_as_delivered(ground: ImportGround) -> None:
    values = {"participants": 38, "values": {"1": "45.50", "2K1": "30.00"}}

    batch = applied(ground, record(ground.first, values, target="details"))

    detail = WorkDetail.objects.get()
    assert (detail.participants, detail.values) == (38, {"1": "45.50", "2K1": "30.00"})
    row = ImportRow.objects.select_related("school", "file").get()
    assert row_preview(row).work == "Выполнение заданий: ВПР 2026, Математика, 6 класс"
    undone(ground, batch)
    assert not WorkDetail.objects.exists()


@pytest.mark.parametrize(
    ("target", "values", "latest"),
    [("statistics", {"value": 3}, 2026), ("details", {"participants": 5}, 2027)],
)
def test_year_to_come_is_refused(ground: ImportGround, target: str, values: dict[str, Any], latest: int) -> None:
    rows = [record(ground.first, values, target=target, row=number, year=latest + number) for number in (0, 1)]

    batch = checked(ground, *rows)

    [problem] = batch.files.get().problems
    assert f"год {latest + 1} не подходит: ожидается не позже {latest}." in problem["text"]
    assert (outcome_counts(batch)["new"], outcome_counts(batch)["rejected"]) == (1, 1)
