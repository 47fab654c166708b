"""Files on single persons: sums are stored, participants are not, anywhere."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import CharField, JSONField, TextField

from accounts.choices import AuditCode, Outcome
from accounts.models import AuditEvent
from schools.choices import BatchState, FileState
from schools.importing.at_once import read_at_once
from schools.importing.files import GivenFile, ReceivedFile
from schools.intake.federal_writer import PupilLine
from schools.intake.refusals import Code
from schools.models import AssessmentResult, ImportFile
from tests.factories.federal import (
    PUPIL,
    collection_form,
    make_pupils,
    protocol_csv,
    protocol_dense,
    protocol_sparse,
    pupils_file,
    standing_in,
    sums_of,
)
from tests.factories.imports import AT, ImportGround, marks_of, named
from tests.factories.workbooks import federal_marks, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def pupils_of(ground: ImportGround, *, count: int = 25) -> tuple[bytes, list[PupilLine]]:
    pupils = make_pupils(count, first_code=73001)
    return pupils_file({named(ground.first): pupils}), pupils


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def stored_texts() -> Iterator[str]:
    """Yield every text of every table."""
    for model in apps.get_models():
        names = [
            field.name
            for field in model._meta.concrete_fields  # noqa: SLF001  the one way to walk all columns
            if isinstance(field, CharField | TextField | JSONField)
        ]
        for values in model._default_manager.values_list(*names) if names else ():  # noqa: SLF001
            yield from map(str, values)


def stored_bytes() -> bytes:
    root = Path(settings.MEDIA_ROOT)
    return b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file()) if root.exists() else b""


def traces(secrets: list[str]) -> list[str]:
    """Return the secrets that stand in the storage or in the database."""
    files = stored_bytes()
    return standing_in("\n".join(stored_texts()), secrets) + [secret for secret in secrets if secret.encode() in files]


# Individual results


def test_individual_results_become_the_results_of_the_school(ground: ImportGround) -> None:
    data, pupils = pupils_of(ground)

    ground.applied({"Ф1.xlsx": data})

    result = ground.result(ground.first)
    marks, histogram, journal = sums_of(pupils)
    assert (result.mark2, result.mark3, result.mark4, result.mark5) == marks
    assert (tuple(result.score_hist), result.max_primary) == (histogram, 7)
    assert (result.lowered, result.confirmed, result.raised) == journal
    assert result.mean_primary is not None


@pytest.mark.parametrize("archives", [0, 1, 2])
def test_no_participant_stands_anywhere_after_the_whole_way(ground: ImportGround, archives: int) -> None:
    data, pupils = pupils_of(ground)
    name = "Ф1.xlsx"
    for number in range(archives):
        name, data = f"{number}.zip", zipped({name: data})

    ground.applied({name: data})

    assert traces([pupil.code for pupil in pupils]) == []
    assert not stored_bytes()
    assert AssessmentResult.objects.filter(school=ground.first).exists()


def test_archive_that_is_not_opened_is_not_stored(ground: ImportGround) -> None:
    data, _ = pupils_of(ground)
    for number in range(4):
        data = zipped({f"{number}.xlsx" if number == 0 else f"{number}.zip": data})

    [file] = ground.receive({"все.zip": data}).files.all()

    assert file.state == FileState.REFUSED
    assert not stored_bytes()


def test_trace_of_a_participant_would_be_found(ground: ImportGround) -> None:
    ground.receive({"Ф3-73001.xlsx": federal_marks({named(ground.first): (1, 1, 1, 1)})})

    assert traces(["73001"]) == ["73001"]


def test_name_size_and_hash_of_the_file_are_kept_and_its_bytes_are_not(ground: ImportGround) -> None:
    data, _ = pupils_of(ground)

    file = ground.receive({"Ф1.xlsx": data}).files.get()

    given = GivenFile(name="Ф1.xlsx", data=data)
    assert (file.name, file.size, file.sha256) == ("Ф1.xlsx", len(data), given.sha256)
    assert not file.content
    assert file.aggregate is not None
    assert file.aggregate["layout"] == "federal_pupils"


def test_audit_trail_says_that_only_sums_are_kept(ground: ImportGround) -> None:
    data, _ = pupils_of(ground)

    ground.receive({"Ф1.xlsx": data})

    event = AuditEvent.objects.get(code=AuditCode.UPLOAD_RECEIVED, meta__only_sums_kept=True)
    assert event.meta == {"only_sums_kept": True, "layout": "federal_pupils", "schools": 1}


def test_same_individual_results_twice_are_recognised_by_their_hash(ground: ImportGround) -> None:
    data, _ = pupils_of(ground)
    ground.applied({"Ф1.xlsx": data})

    assert ground.receive({"Ф1.xlsx": data}).files.get().refusal_code == Code.DUPLICATE_FILE


def test_unknown_school_of_individual_results_is_told_by_its_name(ground: ImportGround) -> None:
    pupils = make_pupils(5, first_code=73001)

    batch = ground.checked({"Ф1.xlsx": pupils_file({"МБОУ «Никакая СОШ» (edu999999)": pupils})})

    assert "«МБОУ «Никакая СОШ» (edu999999)» не найдена" in batch.files.get().problems[0]["text"]
    assert traces([pupil.code for pupil in pupils]) == []


def test_individual_results_and_ordinary_files_go_together(ground: ImportGround) -> None:
    data, _ = pupils_of(ground)

    batch = ground.applied({"Ф1.xlsx": data, "Ф3.xlsx": marks_of({ground.second: (1, 2, 3, 4)})})

    assert [bool(file.content) for file in batch.files.order_by("name")] == [False, True]
    assert AssessmentResult.objects.count() == 2


def test_undo_takes_the_sums_back(ground: ImportGround) -> None:
    from schools.actions.import_apply import undo_batch

    data, _ = pupils_of(ground)
    batch = ground.applied({"Ф1.xlsx": data})

    undo_batch(batch=batch, by=ground.coordinator, at=AT)

    assert not AssessmentResult.objects.exists()


def test_answers_of_a_survey_are_kept_as_counts_alone(ground: ImportGround) -> None:
    rows = [("Отметка времени", "Ваша школа", "Кто вы", "Хватает учебников")]
    rows += [("16.11.2026 10:00:73", ground.first.name, "Учитель", word) for word in ("да", "да", "нет")]

    batch = ground.applied({"анкета.xlsx": workbook(rows)})

    file = batch.files.get()
    assert (bool(file.content), file.layout) == (False, "survey_answers")
    assert traces(["10:00:73"]) == []
    assert AuditEvent.objects.get(meta__only_sums_kept=True).meta["schools"] == 1


# Files that are refused


REFUSED = {
    "dense.xlsx": (protocol_dense(), Code.GIA_PROTOCOL),
    "sparse.xlsx": (protocol_sparse(), Code.GIA_PROTOCOL),
    "protocol.csv": (protocol_csv(), Code.GIA_PROTOCOL),
    "form.xlsx": (collection_form(code="73001"), Code.COLLECTION_FORM),
    "old.xls": (
        bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 600 + "Фамилия Примерова 73001".encode("utf-16-le"),
        Code.OLD_XLS,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_of_a_refused_file_on_persons_is_ever_stored(ground: ImportGround, name: str) -> None:
    data, code = REFUSED[name]

    batch = ground.receive({name: data})

    file = batch.files.get()
    assert (batch.state, file.state, file.refusal_code) == (BatchState.REJECTED, FileState.REFUSED, code)
    assert traces([*PUPIL, "73001"]) == []
    assert not stored_bytes()


def test_false_alarm_is_stored_as_any_other_file(ground: ImportGround) -> None:
    name = f"МБОУ «СОШ имени Фамилияна» ({ground.first.login})"

    file = ground.receive({"Ф3.xlsx": federal_marks({name: (1, 1, 1, 1)})}).files.get()

    assert bool(file.content)
    assert file.aggregate is None


def test_more_files_than_can_be_read_at_once_are_refused_with_the_way_on(ground: ImportGround) -> None:
    data, _ = pupils_of(ground)
    ordinary = GivenFile(name="Ф3.xlsx", data=marks_of({ground.first: (1, 1, 1, 1)}))
    received = [ReceivedFile(given=GivenFile(name="Ф1.xlsx", data=data)), ReceivedFile(given=ordinary)]

    late, other = read_at_once(received, seconds=0)

    assert late.refusal is not None
    assert late.refusal.code == Code.TOO_MANY_AT_ONCE
    assert "частями" in late.refusal.text_ru
    assert (other.refusal, other.sums) == (None, None)


def test_attack_refused_at_once_is_told_to_the_audit_trail(ground: ImportGround) -> None:
    data, _ = pupils_of(ground)
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("../../evil", b"x")

    ground.receive({"Ф1.xlsx": stream.getvalue()})

    event = AuditEvent.objects.get(outcome=Outcome.REFUSED)
    assert (event.code, event.meta) == (AuditCode.UPLOAD_RECEIVED, {"reason": Code.BAD_PART_NAME})
    assert not ImportFile.objects.exclude(content="").exists()
