"""Receiving and checking of files."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from openpyxl import load_workbook

from accounts.choices import AuditCode, Outcome
from accounts.models import AuditEvent
from accounts.permissions import Role
from schools.actions.imports import check, receive
from schools.choices import BatchState, FileState, RowOutcome
from schools.importing.errors import NothingGiven, WrongBatchState
from schools.importing.files import GivenFile, safe_name
from schools.importing.states import outcome_counts
from schools.intake.limits import Limits
from schools.intake.parse import parse_file
from schools.intake.parsed_json import parsed_json
from schools.intake.refusals import Code
from schools.models import AssessmentResult, ImportBatch, ImportFile, ImportRow, SchoolAlias
from tests.factories.imports import AT, MARKS, ImportGround, marks_of, named
from tests.factories.schools import make_result, make_school, make_territory, make_user
from tests.factories.workbooks import changed_cells, federal_journal, federal_marks, packed, saved, workbook
from tests.schools.intake import hostile

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def only_file(batch: ImportBatch) -> ImportFile:
    return batch.files.get()


def errors(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return the problems of the only file that keep rows out."""
    return [problem for problem in only_file(batch).problems if problem["severity"] == "error"]


def totals(batch: ImportBatch) -> tuple[int, int, int, int]:
    counted = outcome_counts(batch)
    return counted["new"], counted["changed"], counted["same"], counted["rejected"]


# Receiving


def test_received_file_waits_with_its_bytes_and_checksum(ground: ImportGround) -> None:
    data = marks_of({ground.first: MARKS})

    file = only_file(ground.receive({"Ф3.xlsx": data}))

    assert (file.name, file.size, file.state) == ("Ф3.xlsx", len(data), FileState.WAITING)
    assert len(file.sha256) == 64
    with file.content.open("rb") as content:
        assert content.read() == data


def test_receiving_is_told_to_the_audit_trail(ground: ImportGround) -> None:
    batch = ground.receive({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    event = AuditEvent.objects.get(code=AuditCode.UPLOAD_RECEIVED)
    assert (event.actor, event.object_id, event.meta) == (ground.coordinator, str(batch.pk), {"files": 1})


def test_nothing_given_is_refused(ground: ImportGround) -> None:
    with pytest.raises(NothingGiven, match="Файл не выбран"):
        ground.receive({})


@pytest.mark.parametrize("role", [Role.METHODIST, Role.OBSERVER])
def test_person_without_the_right_is_refused(ground: ImportGround, role: Role) -> None:
    person = make_user(role=role, territory=ground.territory)

    with pytest.raises(PermissionDenied):
        receive(files=[GivenFile(name="a", data=b"x")], by=person, territory=ground.territory, at=AT)


def test_coordinator_of_another_territory_is_refused(ground: ImportGround) -> None:
    stranger = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory())

    with pytest.raises(PermissionDenied):
        receive(files=[GivenFile(name="a", data=b"x")], by=stranger, territory=ground.territory, at=AT)


def test_archive_is_taken_apart(ground: ImportGround) -> None:
    data = packed({"2026/а.xlsx": marks_of({ground.first: MARKS}), "2026/б.xlsx": b"x"})

    batch = ground.receive({"все.zip": data})

    assert list(batch.files.values_list("name", flat=True)) == ["а.xlsx", "б.xlsx"]


def test_archive_with_too_much_inside_is_one_refused_file(ground: ImportGround) -> None:
    batch = receive(
        files=[GivenFile(name="все.zip", data=packed({"а.csv": b"1;2", "б.csv": b"3;4"}))],
        by=ground.coordinator,
        territory=ground.territory,
        at=AT,
        limits=Limits(archive_files=1),
    )

    assert only_file(batch).refusal_code == Code.TOO_BIG_UNPACKED


def test_same_file_again_is_refused_with_the_time_of_the_first(ground: ImportGround) -> None:
    data = marks_of({ground.first: MARKS})
    ground.applied({"Ф3.xlsx": data})

    again = ground.receive({"другое имя.xlsx": data}, at=AT + timedelta(days=1))

    file = only_file(again)
    assert file.refusal.startswith("Этот файл уже загружен 12.09.2026 в 10:15.")
    assert (file.state, again.state, bool(file.content)) == (FileState.REFUSED, BatchState.REJECTED, False)


def test_file_waiting_in_another_batch_is_refused_with_the_way_to_it(ground: ImportGround) -> None:
    data = marks_of({ground.first: MARKS})
    ground.checked({"Ф3.xlsx": data})

    assert "примените её или откажитесь от неё" in only_file(ground.receive({"Ф3.xlsx": data})).refusal


def test_file_chosen_twice_is_taken_once(ground: ImportGround) -> None:
    data = marks_of({ground.first: MARKS})

    batch = ground.receive({"а.xlsx": data, "б.xlsx": data})

    assert [(file.name, file.refusal) for file in batch.files.all()] == [
        ("а.xlsx", ""),
        ("б.xlsx", "Этот файл выбран дважды: первый — «а.xlsx»."),
    ]


def test_file_of_an_abandoned_batch_may_come_again(ground: ImportGround) -> None:
    data = marks_of({ground.first: MARKS})
    ImportBatch.objects.filter(pk=ground.checked({"Ф3.xlsx": data}).pk).update(state=BatchState.REJECTED)

    assert only_file(ground.receive({"Ф3.xlsx": data})).state == FileState.WAITING


def test_file_of_another_territory_is_not_told_of(ground: ImportGround) -> None:
    data = marks_of({ground.first: MARKS})
    ground.applied({"Ф3.xlsx": data})

    assert only_file(ImportGround(first="", second="").receive({"Ф3.xlsx": data})).state == FileState.WAITING


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\Ф3.xlsx", "Ф3.xlsx"),
        ("a\x00b.xlsx", "ab.xlsx"),
        ("отчёт\u202exslx.exe", "отчётxslx.exe"),
        ("", "файл"),
        ("...", "файл"),
    ],
)
def test_name_of_a_file_is_made_harmless(given: str, kept: str) -> None:
    assert safe_name(given) == kept


def test_long_name_keeps_its_end() -> None:
    assert safe_name("я" * 300 + ".xlsx").endswith("я.xlsx")
    assert len(safe_name("я" * 300)) == 255


# Checking


def test_preview_tells_new_changed_and_same(ground: ImportGround) -> None:
    make_result(school=ground.first, grade=4, marks=MARKS, max_primary=38)
    make_result(school=ground.second, grade=4, marks=(0, 0, 1, 1), max_primary=38)
    third = make_school(territory=ground.territory, name="МБОУ «СОШ № 3»")

    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS, ground.second: MARKS, third: MARKS})})

    assert (batch.state, totals(batch)) == (BatchState.CHECKED, (1, 1, 1, 0))
    changed = ImportRow.objects.get(outcome=RowOutcome.CHANGED)
    before, after = changed.before or {}, changed.after or {}
    assert (changed.school, before["mark2"], after["mark2"]) == (ground.second, 0, 1)
    assert (changed.sheet, changed.number) == ("РУ 4 Статистика по отметкам", 11)


def test_check_changes_no_result(ground: ImportGround) -> None:
    ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    assert not AssessmentResult.objects.exists()


def test_recognised_file_tells_what_it_is(ground: ImportGround) -> None:
    file = only_file(ground.checked({"2849657.xlsx": marks_of({ground.first: MARKS})}))

    assert (file.layout, file.state) == ("federal_marks", FileState.RECOGNISED)
    assert file.title == "Статистика по отметкам: ВПР 2026 Русский язык 4 класс"
    assert file.meta["benchmarks"][0]["sample"] == "Вся выборка"


def test_marks_are_taken_before_the_journal_whatever_the_names(ground: ImportGround) -> None:
    journal = federal_journal({named(ground.first): (10, 25, 3)})

    batch = ground.checked({"а.xlsx": journal, "б.xlsx": marks_of({ground.first: MARKS})})

    rows = list(ImportRow.objects.order_by("pk"))
    assert [row.file.name for row in rows] == ["б.xlsx", "а.xlsx"]
    assert [row.outcome for row in rows] == [RowOutcome.NEW, RowOutcome.NEW]
    assert rows[1].before is not None
    assert totals(batch) == (2, 0, 0, 0)


def test_journal_with_more_pupils_than_the_work_is_refused(ground: ImportGround) -> None:
    make_result(school=ground.first, grade=4, marks=(1, 1, 1, 1), max_primary=38)

    batch = ground.checked({"а.xlsx": federal_journal({named(ground.first): (10, 25, 3)})})

    [problem] = only_file(batch).problems
    assert "участников 4, а в сравнении с журналом 38" in problem["text"]
    assert (batch.state, totals(batch)) == (BatchState.CHECKED, (0, 0, 0, 1))


def test_marks_are_judged_by_the_journal_that_comes_with_them(ground: ImportGround) -> None:
    make_result(school=ground.first, grade=4, marks=(1, 2, 60, 5), lowered=20, confirmed=40, raised=8)
    journal = federal_journal({named(ground.first): (10, 25, 3)})

    batch = ground.checked({"а.xlsx": journal, "б.xlsx": marks_of({ground.first: MARKS})})

    assert totals(batch) == (0, 2, 0, 0)
    assert [row.outcome for row in ImportRow.objects.all()] == [RowOutcome.CHANGED, RowOutcome.CHANGED]


def test_marks_without_a_new_journal_are_judged_by_the_one_that_stands(ground: ImportGround) -> None:
    make_result(school=ground.first, grade=4, marks=(1, 2, 60, 5), lowered=20, confirmed=40, raised=8)

    batch = ground.checked({"б.xlsx": marks_of({ground.first: MARKS})})

    [problem] = errors(batch)
    assert "участников 38, а в сравнении с журналом 68" in problem["text"]
    assert totals(batch) == (0, 0, 0, 1)


def test_unknown_and_foreign_school_get_the_same_words(ground: ImportGround) -> None:
    foreign = make_school(name="МБОУ «Чужая СОШ»", login="edu900009")

    batch = ground.checked(
        {"Ф3.xlsx": federal_marks({"МБОУ «Чужая СОШ» (edu900009)": MARKS, "МБОУ «Никакая СОШ» (edu999999)": MARKS})},
    )

    texts = [problem["text"] for problem in errors(batch)]
    assert [text.split("школа «")[1].split("»", 1)[0] for text in texts] == ["МБОУ «Чужая СОШ", "МБОУ «Никакая СОШ"]
    assert all("её нет в реестре или она вне вашей территории" in text for text in texts)
    assert not ImportRow.objects.filter(school=foreign).exists()


def test_region_reaches_the_schools_of_its_municipalities(ground: ImportGround) -> None:
    region = ground.territory.parent
    assert region is not None
    person = make_user(role=Role.REGIONAL_COORDINATOR, territory=region)
    files = [GivenFile(name="Ф3.xlsx", data=marks_of({ground.first: MARKS}))]

    batch = check(batch=receive(files=files, by=person, territory=region, at=AT), at=AT)

    assert totals(batch) == (1, 0, 0, 0)


def test_name_of_two_schools_is_a_problem(ground: ImportGround) -> None:
    make_school(territory=ground.territory, name="МКОУ СОШ №1", login="edu900077")

    batch = ground.checked({"Ф3.xlsx": federal_marks({"СОШ № 1": MARKS})})

    assert errors(batch)[0]["code"] == "ambiguous_school"


def test_confirmed_alias_finds_the_school(ground: ImportGround) -> None:
    SchoolAlias.objects.create(school=ground.first, normalised_name="базовая школа")

    batch = ground.checked({"Ф3.xlsx": federal_marks({"МБОУ «Базовая школа»": MARKS})})

    assert ImportRow.objects.get(file__batch=batch).school == ground.first


def test_school_given_twice_is_taken_once(ground: ImportGround) -> None:
    batch = ground.checked({"Ф3.xlsx": federal_marks({named(ground.first): MARKS, "СОШ № 1": MARKS})})

    [problem] = errors(batch)
    assert "повтор строки 10" in problem["text"]
    assert totals(batch) == (1, 0, 0, 1)


def test_school_given_twice_with_other_numbers_is_not_taken_at_all(ground: ImportGround) -> None:
    batch = ground.checked({"Ф3.xlsx": federal_marks({named(ground.first): MARKS, "СОШ № 1": (1, 1, 1, 1)})})

    first, second = errors(batch)
    assert "строка 10: в строке 11 та же школа и та же работа, а числа другие" in first["text"]
    assert "строка 11: в строке 10 та же школа" in second["text"]
    assert totals(batch) == (0, 0, 0, 2)


@pytest.mark.parametrize(("procedure", "is_taken"), [("ОГЭ", False), ("КДР", True)])
def test_exam_of_a_year_to_come_is_refused(ground: ImportGround, procedure: str, is_taken: bool) -> None:
    head = "inn;year;procedure;subject;grade;participants;mark2;mark3;mark4;mark5\n"
    line = f"{ground.first.inn};{AT.year + 1};{procedure};Русский язык;9;10;1;2;3;4\n"

    batch = ground.checked({"экзамен.csv": (head + line).encode()})

    assert (totals(batch)[0] == 1) is is_taken


def test_school_on_two_sheets_in_the_same_row_is_a_repeat_too(ground: ImportGround) -> None:
    """Both sheets tell the same work of the school, in the tenth row of each."""
    book = load_workbook(BytesIO(federal_marks({named(ground.first): MARKS})))
    sheet = book.worksheets[0]
    sheet.title = "РУ 4"
    copied = book.copy_worksheet(sheet)
    copied.title = "РУ 4 (2)"

    batch = ground.checked({"Ф3.xlsx": saved(book)})

    [problem] = errors(batch)
    assert "повтор строки 10 листа «РУ 4»" in problem["text"]
    assert totals(batch) == (1, 0, 0, 1)


def test_refused_file_lets_its_bytes_go(ground: ImportGround, django_capture_on_commit_callbacks: object) -> None:
    batch = ground.receive({"плохой.xlsx": workbook([("Школа", "Показатель")])})
    name, storage = str(only_file(batch).content.name), only_file(batch).content.storage

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        batch = check(batch=batch, at=AT)

    file = only_file(batch)
    assert (file.state, file.refusal_code, bool(file.content)) == (FileState.REFUSED, Code.UNKNOWN_LAYOUT, False)
    assert not storage.exists(name)
    assert batch.state == BatchState.REJECTED


def test_file_with_pupils_leaves_nothing_behind(ground: ImportGround) -> None:
    batch = ground.checked({"протокол.xlsx": workbook([("№", "Фамилия", "Имя"), (1, "Иванова", "Анна")])})

    file = only_file(batch)
    assert file.refusal_code == Code.GIA_PROTOCOL
    assert "Иванова" not in str(file.__dict__)
    assert not file.content


def test_attack_is_told_to_the_audit_trail(ground: ImportGround) -> None:
    ground.checked({"бомба.xlsx": hostile.CONTAINERS["traversal"][0]()})

    event = AuditEvent.objects.get(outcome=Outcome.REFUSED)
    assert (event.code, event.meta) == (AuditCode.UPLOAD_RECEIVED, {"reason": Code.BAD_PART_NAME})


def test_good_files_are_checked_beside_a_bad_one(ground: ImportGround) -> None:
    batch = ground.checked({"а.xlsx": b"text", "б.xlsx": marks_of({ground.first: MARKS})})

    assert batch.state == BatchState.CHECKED
    assert [file.state for file in batch.files.all()] == [FileState.REFUSED, FileState.RECOGNISED]


def test_checked_batch_is_compared_anew(ground: ImportGround) -> None:
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})
    make_result(school=ground.first, grade=4, marks=MARKS, max_primary=38)

    batch = check(batch=batch, at=AT)

    assert totals(batch) == (0, 0, 1, 0)


def test_applied_batch_is_not_checked_again(ground: ImportGround) -> None:
    batch = ground.applied({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    with pytest.raises(WrongBatchState, match="«Применена»"):
        check(batch=batch, at=AT)


def test_check_costs_the_same_for_one_school_and_for_forty(
    ground: ImportGround,
    django_assert_max_num_queries: object,
) -> None:
    schools = [make_school(territory=ground.territory) for _ in range(40)]
    batch = ground.receive({"Ф3.xlsx": marks_of(dict.fromkeys(schools, MARKS))})

    with django_assert_max_num_queries(28):  # type: ignore[operator]
        check(batch=batch, at=AT)


def test_file_that_the_storage_lost_is_refused_with_the_way_on(ground: ImportGround) -> None:
    batch = ground.receive({"Ф3.xlsx": marks_of({ground.first: MARKS})})
    stored = only_file(batch).content
    stored.storage.delete(str(stored.name))

    file = only_file(check(batch=batch, at=AT))

    assert file.state == FileState.REFUSED
    assert "не найден в хранилище портала. Загрузите его ещё раз." in file.refusal


def test_year_that_has_not_come_is_refused_with_the_latest_possible(ground: ImportGround) -> None:
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS}, year=2090)})

    assert totals(batch) == (0, 0, 0, 1)
    latest = batch.created_at.year + 1
    assert f"год 2090 не подходит: ожидается не позже {latest}" in errors(batch)[0]["text"]


def test_totals_kept_instead_of_the_bytes_are_checked(ground: ImportGround) -> None:
    batch = ground.receive({"Ф1.xlsx": marks_of({ground.first: MARKS})})
    file = batch.files.get()
    with file.content.open("rb") as content:
        file.aggregate = parsed_json(parse_file(content.read()))
    file.content.delete(save=False)
    file.save()

    check(batch=batch, at=AT)

    assert outcome_counts(batch) == {"new": 1, "changed": 0, "same": 0, "rejected": 0}


def test_corrected_cell_is_checked_instead_of_the_one_of_the_file(ground: ImportGround) -> None:
    data = changed_cells(marks_of({ground.first: MARKS}), {"C10": "много"})
    batch = ground.checked({"Ф3.xlsx": data})
    file = batch.files.get()
    sheet = file.problems[0]["sheet"]
    assert file.problems[0]["cell"] == "C10"

    ImportFile.objects.update(corrections={sheet: {"C10": "38"}})
    batch = check(batch=batch, at=AT)

    assert outcome_counts(batch)["new"] == 1
