"""Before a batch is applied: cells put right, schools told, jumps explained; each leaves an audit event."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.choices import AuditCode
from accounts.models import AuditEvent
from accounts.permissions import Role
from schools.actions.import_apply import apply_batch
from schools.actions.import_review import (
    confirm_school,
    correct_cells,
    explain,
    explain_if_needed,
    forget_alias,
    leave_out,
    mark_absent,
)
from schools.actions.imports import check
from schools.choices import BatchState
from schools.importing.corrections import Correction
from schools.importing.errors import CorrectionRefused, ExplanationNeeded, NotInQueue, WrongBatchState
from schools.importing.unmatched import queue_of
from schools.models import AssessmentResult, ImportBatch, SchoolAlias
from tests.factories.imports import AT, MARKS, ImportGround, marks_of
from tests.factories.schools import make_result, make_school, make_user
from tests.factories.workbooks import changed_cells, federal_marks, workbook

pytestmark = pytest.mark.django_db

HEAD = ("ИНН ОО", "Процедура", "Год", "Предмет", "Класс", "Участников", "«2»", "«3»", "«4»", "«5»")


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def template(ground: ImportGround, *, twos: object = "н/д") -> bytes:
    rows = [HEAD, (ground.first.inn, "КДР", 2026, "Математика", 8, 20, twos, 8, 8, 2)]
    return workbook(rows, title="Результаты")


def fix(cell: str, value: str) -> Correction:
    return Correction(sheet="Результаты", cell=cell, value=value)


def last_event(code: AuditCode) -> AuditEvent:
    return AuditEvent.objects.filter(code=code).latest("pk")


# Cells


def test_corrected_cell_is_taken_by_the_next_check(ground: ImportGround) -> None:
    batch = ground.checked({"КДР.xlsx": template(ground)})
    file = batch.files.get()
    assert [(one["code"], one["cell"]) for one in file.problems] == [("not_a_number", "G2")]

    correct_cells(file=file, given=[fix("G2", "2")], by=ground.coordinator)
    batch = check(batch=batch, at=AT)

    assert batch.files.get().meta["counts"] == {"new": 1}
    apply_batch(batch=batch, by=ground.coordinator, at=AT)
    assert AssessmentResult.objects.get().mark2 == 2


def test_correction_is_recorded_without_its_value(ground: ImportGround) -> None:
    file = ground.checked({"КДР.xlsx": template(ground)}).files.get()

    correct_cells(file=file, given=[fix("G2", "2")], by=ground.coordinator)

    event = last_event(AuditCode.IMPORT_CORRECTED)
    assert (event.actor, event.object_id, event.meta) == (ground.coordinator, str(file.pk), {"before": 0, "cells": 1})


def test_correction_taken_back_brings_the_problem_back(ground: ImportGround) -> None:
    batch = ground.checked({"КДР.xlsx": template(ground)})
    file = correct_cells(file=batch.files.get(), given=[fix("G2", "2")], by=ground.coordinator)

    file = correct_cells(file=file, given=[fix("G2", "")], by=ground.coordinator)
    check(batch=batch, at=AT)

    file.refresh_from_db()
    assert (file.corrections, len(file.problems)) == ({}, 1)


def test_correction_that_spoils_the_file_costs_nobody_the_file(ground: ImportGround) -> None:
    batch = ground.checked({"КДР.xlsx": template(ground)})
    file = correct_cells(file=batch.files.get(), given=[fix("F1", "Пусто")], by=ground.coordinator)

    check(batch=batch, at=AT)

    file.refresh_from_db()
    assert (file.state, bool(file.content)) == ("recognised", True)
    assert [one["code"] for one in file.problems] == ["not_a_number", "corrections_left_out"]


def test_applied_batch_is_corrected_no_more(ground: ImportGround) -> None:
    batch = ground.applied({"КДР.xlsx": template(ground, twos=2)})

    with pytest.raises(WrongBatchState):
        correct_cells(file=batch.files.get(), given=[fix("G2", "3")], by=ground.coordinator)


def test_file_that_is_not_kept_cannot_be_corrected(ground: ImportGround) -> None:
    batch = ground.checked({"КДР.xlsx": template(ground)})
    batch.files.update(content="", aggregate={})

    with pytest.raises(CorrectionRefused, match="Исправьте его у себя"):
        correct_cells(file=batch.files.get(), given=[fix("G2", "3")], by=ground.coordinator)


def test_stranger_corrects_nothing(ground: ImportGround) -> None:
    file = ground.checked({"КДР.xlsx": template(ground)}).files.get()

    with pytest.raises(PermissionDenied):
        correct_cells(file=file, given=[fix("G2", "3")], by=make_user(role=Role.METHODIST, territory=ground.territory))


# One work in two files


def test_row_left_out_lets_the_other_file_speak(ground: ImportGround) -> None:
    files = {"1.xlsx": marks_of({ground.first: MARKS}), "2.xlsx": marks_of({ground.first: (2, 2, 30, 5)})}
    batch = ground.checked(files)
    later = batch.files.get(name="2.xlsx")
    [clash] = later.meta["clashes"]

    leave_out(file=later, sheet=clash["later"]["sheet"], row=clash["later"]["row"], by=ground.coordinator)
    batch = check(batch=batch, at=AT)

    assert batch.files.get(name="2.xlsx").meta["counts"] == {}
    apply_batch(batch=batch, by=ground.coordinator, at=AT)
    assert ground.result(ground.first).mark2 == 1
    assert last_event(AuditCode.IMPORT_CORRECTED).meta == {"left_out": 1}


def test_rows_left_out_are_taken_back(ground: ImportGround) -> None:
    batch = ground.checked({"1.xlsx": marks_of({ground.first: MARKS})})
    file = leave_out(file=batch.files.get(), sheet="РУ 4 Статистика по отметкам", row=10, by=ground.coordinator)
    assert check(batch=batch, at=AT).files.get().meta["counts"] == {}

    leave_out(file=file, sheet="", row=None, by=ground.coordinator)

    assert check(batch=batch, at=AT).files.get().meta["counts"] == {"new": 1}


# Schools


def unknown(ground: ImportGround, name: str = "МБОУ «Никакая СОШ» (edu999999)") -> ImportBatch:
    return ground.checked({"Ф3.xlsx": federal_marks({name: MARKS})})


def key_of(batch: ImportBatch) -> str:
    return queue_of(batch.files.all())[0].key


def test_confirmed_school_is_matched_now_and_next_time(ground: ImportGround) -> None:
    batch = unknown(ground)
    assert batch.state == BatchState.CHECKED

    confirm_school(batch=batch, key=key_of(batch), school=ground.first, by=ground.coordinator, at=AT)
    batch = check(batch=batch, at=AT)
    assert [row.school for row in batch.files.get().rows.all()] == [ground.first]

    name = "МБОУ «Никакая СОШ имени Кого-то» (edu999999)"
    later = ground.checked({"Ф3.xlsx": federal_marks({name: MARKS}, grade=5)})
    assert [row.school for row in later.files.get().rows.all()] == [ground.first]


def test_name_of_several_schools_is_answered_for_one_batch(ground: ImportGround) -> None:
    twins = [
        make_school(territory=ground.territory, name=f"{form} «Луговская ООШ»", login="") for form in ("МБОУ", "МКОУ")
    ]
    batch = unknown(ground, "Луговская ООШ")

    answer = confirm_school(batch=batch, key=key_of(batch), school=twins[1], by=ground.coordinator, at=AT)
    batch = check(batch=batch, at=AT)

    assert answer is None
    assert [row.school for row in batch.files.get().rows.all()] == [twins[1]]
    assert check(batch=batch, at=AT).files.get().rows.get().school == twins[1]
    later = ground.checked({"Ф3.xlsx": federal_marks({"Луговская ООШ": MARKS}, grade=5)})
    assert later.files.get().rows.get().school is None
    assert queue_of(later.files.all())[0].is_of_one_batch


def test_remembered_name_that_two_schools_bear_since_is_asked_again(ground: ImportGround) -> None:
    first = make_school(territory=ground.territory, name="МБОУ «Луговская ООШ»", login="")
    SchoolAlias.objects.create(school=first, normalised_name="луговская оош")
    assert unknown(ground, "Луговская ООШ").files.get().rows.get().school == first

    make_school(territory=ground.territory, name="МКОУ «Луговская ООШ»", login="")

    later = ground.checked({"Ф3.xlsx": federal_marks({"Луговская ООШ": MARKS}, grade=5)})
    assert later.files.get().rows.get().school is None


def test_confirmation_is_remembered_with_its_author(ground: ImportGround) -> None:
    batch = unknown(ground)

    alias = confirm_school(batch=batch, key=key_of(batch), school=ground.first, by=ground.coordinator, at=AT)

    assert alias is not None
    assert alias.normalised_name == "login:edu999999"
    assert (alias.confirmed_by, alias.confirmed_at) == (ground.coordinator, AT)
    event = last_event(AuditCode.SCHOOL_NAME_CONFIRMED)
    assert (event.object_id, event.meta["spelling"]) == (str(ground.first.pk), "login:edu999999")


def test_another_answer_replaces_the_one_before(ground: ImportGround) -> None:
    batch = unknown(ground)
    for school in (ground.first, ground.second):
        confirm_school(batch=batch, key=key_of(batch), school=school, by=ground.coordinator, at=AT)

    assert SchoolAlias.objects.get().school == ground.second


def test_foreign_school_cannot_be_chosen(ground: ImportGround) -> None:
    batch = unknown(ground)

    with pytest.raises(NotInQueue, match="среди ваших школ нет"):
        confirm_school(batch=batch, key=key_of(batch), school=make_school(), by=ground.coordinator, at=AT)


def test_school_that_does_not_wait_cannot_be_told(ground: ImportGround) -> None:
    with pytest.raises(NotInQueue, match="уже сопоставлена"):
        confirm_school(batch=unknown(ground), key="login:edu1", school=ground.first, by=ground.coordinator, at=AT)


def test_absent_school_stays_marked_after_a_new_check(ground: ImportGround) -> None:
    batch = unknown(ground)

    mark_absent(batch=batch, key=key_of(batch), by=ground.coordinator)
    batch = check(batch=batch, at=AT)

    assert [queued.is_absent for queued in queue_of(batch.files.all())] == [True]


def test_forgotten_spelling_is_asked_for_again(ground: ImportGround) -> None:
    batch = unknown(ground)
    alias = confirm_school(batch=batch, key=key_of(batch), school=ground.first, by=ground.coordinator, at=AT)

    assert alias is not None
    forget_alias(alias=alias, by=ground.coordinator)

    assert last_event(AuditCode.SCHOOL_NAME_FORGOTTEN).meta == {"spelling": "login:edu999999"}
    assert [queued.key for queued in queue_of(check(batch=batch, at=AT).files.all())] == ["login:edu999999"]


def test_neighbour_forgets_nothing_of_ours(ground: ImportGround) -> None:
    alias = SchoolAlias.objects.create(school=ground.first, normalised_name="сош")

    with pytest.raises(PermissionDenied):
        forget_alias(alias=alias, by=ImportGround(first="edu900011", second="edu900012").coordinator)


# Jumps


def jumping(ground: ImportGround) -> ImportBatch:
    make_result(school=ground.first, year=2025, grade=4, marks=(10, 10, 30, 10))
    return ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})


def test_jump_is_applied_only_with_an_explanation(ground: ImportGround) -> None:
    batch = jumping(ground)
    with pytest.raises(ExplanationNeeded, match="Сверьте их с отчётом и поясните"):
        apply_batch(batch=batch, by=ground.coordinator, at=AT)

    batch = explain(batch=batch, text="  Класс разделили\nна два. ", by=ground.coordinator, at=AT)
    batch = apply_batch(batch=batch, by=ground.coordinator, at=AT)

    assert (batch.explanation, batch.explained_by) == ("Класс разделили на два.", ground.coordinator)
    assert last_event(AuditCode.IMPORT_EXPLAINED).object_id == str(batch.pk)


def test_short_explanation_is_refused(ground: ImportGround) -> None:
    with pytest.raises(ExplanationNeeded, match="не короче 10 знаков"):
        explain(batch=jumping(ground), text="верно", by=ground.coordinator, at=AT)


def test_new_check_asks_for_the_explanation_anew(ground: ImportGround) -> None:
    batch = explain(batch=jumping(ground), text="Класс разделили на два.", by=ground.coordinator, at=AT)

    batch = check(batch=batch, at=AT)

    assert (batch.explanation, batch.explained_by, batch.explained_at) == ("", None, None)


def test_command_explains_only_what_asks_for_it(ground: ImportGround) -> None:
    calm = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS}, grade=7)})

    assert explain_if_needed(batch=calm, text="Загружено командой.", by=ground.coordinator, at=AT).explanation == ""
    asked = explain_if_needed(batch=jumping(ground), text="Загружено командой.", by=ground.coordinator, at=AT)
    assert asked.explanation == "Загружено командой."


def test_changed_cell_of_a_federal_export_can_be_put_right(ground: ImportGround) -> None:
    data = changed_cells(marks_of({ground.first: MARKS}), {"D10": "нет"})
    batch = ground.checked({"Ф3.xlsx": data})
    problem = batch.files.get().problems[0]

    given = [Correction(sheet=problem["sheet"], cell=problem["cell"], value="2,63")]
    correct_cells(file=batch.files.get(), given=given, by=ground.coordinator)

    assert check(batch=batch, at=AT).files.get().meta["counts"] == {"new": 1}
