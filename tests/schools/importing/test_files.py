"""Files as they are received: harmless names, archives taken apart, repetitions found; reach and summary."""

import io
import zipfile

import pytest

from accounts.permissions import Role
from schools.importing.files import GivenFile, safe_name, unpacked
from schools.importing.reach import school_index, schools_in_reach
from schools.importing.summary import batch_summary
from schools.intake.limits import DEFAULT_LIMITS, Limits
from schools.intake.refusals import Code
from schools.models import SchoolAlias
from tests.factories.imports import ImportGround, marks_of, named
from tests.factories.schools import make_school, make_territory, make_user
from tests.factories.workbooks import federal_marks


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        pytest.param("Ф3_РУ_5.xlsx", "Ф3_РУ_5.xlsx", id="an ordinary name"),
        pytest.param("../../etc/passwd", "passwd", id="a way out"),
        pytest.param("C:\\Отчёты\\Ф3.xlsx", "Ф3.xlsx", id="a path of Windows"),
        pytest.param("a\x00b.xlsx", "ab.xlsx", id="a zero byte"),
        pytest.param("отчёт\u202e.xlsx", "отчёт.xlsx", id="a turn of the direction"),
        pytest.param(" . ", "файл", id="nothing left"),
    ],
)
def test_safe_name(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_long_name_keeps_its_end() -> None:
    assert safe_name("ж" * 300 + ".xlsx").endswith("ж.xlsx")
    assert len(safe_name("ж" * 300 + ".xlsx")) == 255


def test_archive_gives_its_files() -> None:
    archive = GivenFile(name="Выгрузка.zip", data=zipped({"a.csv": b"1;2\n", "2026/b.csv": b"3;4\n"}))

    assert [file.given.data for file in unpacked([archive])] == [b"1;2\n", b"3;4\n"]


def names_of(archive: bytes, limits: Limits = DEFAULT_LIMITS) -> list[tuple[str, bool]]:
    taken = unpacked([GivenFile(name="Выгрузка.zip", data=archive)], limits)
    return [(file.given.name, bool(file.refusal)) for file in taken]


def test_files_of_one_name_keep_their_folders() -> None:
    data = zipped({"2026/Школа 1/Ф3.csv": b"1;2\n", "2026\\Школа 2\\Ф3.csv": b"3;4\n"})

    assert names_of(data) == [("Школа 1 › Ф3.csv", False), ("Школа 2 › Ф3.csv", False)]


def test_files_of_several_archives_keep_the_names_of_these() -> None:
    archives = [GivenFile(name=f"{year}.zip", data=zipped({"Ф3.csv": year.encode()})) for year in ("2025", "2026")]

    assert [file.given.name for file in unpacked(archives)] == ["2025.zip › Ф3.csv", "2026.zip › Ф3.csv"]


def test_folder_of_all_files_and_ways_out_are_not_told() -> None:
    assert names_of(zipped({"2026/а.csv": b"1", "2026/../б.csv": b"2"})) == [("а.csv", False), ("б.csv", False)]


def test_archives_inside_are_taken_apart() -> None:
    inner = zipped({"Ф3.csv": b"1;2\n", "ещё.zip": zipped({"Ф4.csv": b"3"})})

    assert names_of(zipped({"округ.zip": inner, "а.csv": b"5"})) == [
        ("округ.zip › Ф3.csv", False),
        ("округ.zip › ещё.zip › Ф4.csv", False),
        ("а.csv", False),
    ]


def test_archive_that_lies_too_deep_is_one_refused_file() -> None:
    data = zipped({"а.csv": b"1"})
    for number in range(3):
        data = zipped({f"{number}.zip": data, f"{number}.csv": b"2"})

    assert [name for name, is_refused in names_of(data) if is_refused] == ["2.zip › 1.zip › 0.zip"]


def test_damaged_archive_inside_costs_no_other_file() -> None:
    inner = bytearray(zipped({"Ф3.csv": b"1;2\n" * 500}))
    inner[60] ^= 0xFF

    assert names_of(zipped({"округ.zip": bytes(inner), "а.csv": b"5"})) == [("округ.zip", True), ("а.csv", False)]


def test_archives_one_in_another_are_limited_together() -> None:
    inner = zipped({"а.csv": b"1", "б.csv": b"2"})
    data = zipped({"первый.zip": inner, "второй.zip": inner})

    assert names_of(data, Limits(archive_files=5)) == [
        ("первый.zip › а.csv", False),
        ("первый.zip › б.csv", False),
        ("второй.zip", True),
    ]


def test_damaged_archive_stays_one_file_for_the_gate_to_refuse() -> None:
    data = zipped({"a.csv": b"1;2\n" * 500})

    [file] = unpacked([GivenFile(name="Выгрузка.zip", data=data[: len(data) // 2])])

    assert file.given.name == "Выгрузка.zip"


def test_large_file_is_refused_before_anything_else() -> None:
    [file] = unpacked([GivenFile(name="a.csv", data=b"1;2\n" * 100)], Limits(file_bytes=100))

    assert file.refusal
    assert file.refusal.code == Code.TOO_BIG


@pytest.mark.django_db
def test_file_chosen_twice_is_taken_once() -> None:
    ground = ImportGround()
    data = marks_of({ground.first: (1, 2, 3, 4)})

    batch = ground.receive({"Ф3.xlsx": data, "Ф3 копия.xlsx": data})

    assert {file.name: bool(file.refusal) for file in batch.files.all()} == {"Ф3.xlsx": False, "Ф3 копия.xlsx": True}


@pytest.mark.django_db
def test_file_of_an_applied_batch_is_recognised_with_its_moment() -> None:
    ground = ImportGround()
    data = marks_of({ground.first: (1, 2, 3, 4)})
    ground.applied({"Ф3.xlsx": data})

    refused = ground.receive({"Ф3.xlsx": data}).files.get()

    assert "Этот файл уже загружен 12.09.2026 в 10:15." in refused.refusal


@pytest.mark.django_db
def test_file_whose_rows_waited_for_a_school_may_come_again() -> None:
    ground = ImportGround()
    data = federal_marks({named(ground.first): (1, 2, 3, 4), "МБОУ «Новая СОШ» (edu999999)": (1, 2, 3, 4)})
    ground.applied({"Ф3.xlsx": data}, only_good=True)
    make_school(territory=ground.territory, name="МБОУ «Новая СОШ»", login="edu999999")

    again = ground.checked({"Ф3.xlsx": data}).files.get()

    assert again.refusal == ""
    assert sorted(row.outcome for row in again.rows.all()) == ["new", "same"]


@pytest.mark.django_db
def test_same_file_of_another_territory_is_no_repetition() -> None:
    data = marks_of({make_school(login="edu700001"): (1, 2, 3, 4)})
    ImportGround().receive({"Ф3.xlsx": data})

    other = ImportGround(first="edu700002", second="edu700003").receive({"Ф3.xlsx": data})

    assert other.files.get().refusal == ""


@pytest.mark.django_db
def test_schools_out_of_the_territory_are_out_of_reach() -> None:
    ground = ImportGround()
    make_school()
    batch = ground.receive({"Ф3.xlsx": marks_of({ground.first: (1, 2, 3, 4)})})

    assert set(schools_in_reach(batch)) == {ground.first, ground.second}


@pytest.mark.django_db
def test_person_who_may_import_elsewhere_only_reaches_nothing() -> None:
    ground = ImportGround()
    batch = ground.receive({"Ф3.xlsx": marks_of({ground.first: (1, 2, 3, 4)})})
    batch.created_by = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory())

    assert not schools_in_reach(batch).exists()


@pytest.mark.django_db
def test_index_takes_three_queries_for_any_number(django_assert_num_queries: object) -> None:
    ground = ImportGround()
    SchoolAlias.objects.create(school=ground.first, normalised_name="первая школа")
    batch = ground.receive({"Ф3.xlsx": marks_of({ground.first: (1, 2, 3, 4)})})

    with django_assert_num_queries(3):  # type: ignore[operator]  # a fixture
        school_index(batch)


@pytest.mark.django_db
def test_summary_counts_the_rows_and_names_the_paths() -> None:
    ground = ImportGround()
    batch = ground.applied({"Ф3.xlsx": marks_of({ground.first: (1, 2, 3, 4), ground.second: (0, 1, 1, 0)})})

    summary = batch_summary(batch, {"Ф3.xlsx": "папка/Ф3.xlsx"})

    assert (summary["created"], summary["changed"], summary["rejected"]) == (2, 0, 0)
    assert summary["files"][0]["path"] == "папка/Ф3.xlsx"


@pytest.mark.django_db
def test_refused_file_is_one_problem_of_the_summary() -> None:
    batch = ImportGround().checked({"страница.xlsx": b"<html><table></table></html>"})

    [problem] = batch_summary(batch)["problems"]

    assert problem["severity"] == "error"
    assert problem["text"]
