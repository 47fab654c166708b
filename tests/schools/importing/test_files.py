"""Files as they are received: harmless names, archives taken apart, repetitions found; reach and summary."""

import io
import zipfile

import pytest

from accounts.permissions import Role
from schools.importing.files import GivenFile, safe_name, unpacked
from schools.importing.reach import school_index, schools_in_reach
from schools.importing.summary import batch_summary
from schools.intake.limits import Limits
from schools.intake.refusals import Code
from schools.models import SchoolAlias
from tests.factories.imports import ImportGround, marks_of
from tests.factories.schools import make_school, make_territory, make_user


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
