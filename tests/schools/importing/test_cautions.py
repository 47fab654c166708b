"""Jumps against last year and works that two files tell differently are warned of, and nothing is refused for them."""

import pytest

from schools.choices import RowOutcome, SchoolKind
from schools.importing.warnings import JUMP_PERCENT
from schools.models import ImportBatch, School
from tests.factories.imports import MARKS, ImportGround, marks_of
from tests.factories.schools import make_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def warned(batch: ImportBatch, code: str) -> list[str]:
    return [
        problem["text"] for file in batch.files.order_by("name") for problem in file.problems if problem["code"] == code
    ]


def test_jump_against_last_year_is_named_with_both_values(ground: ImportGround) -> None:
    make_result(school=ground.first, year=2025, grade=4, marks=(10, 10, 30, 10))

    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    participants, share = warned(batch, "jump")
    assert f"МБОУ «СОШ № 1»: участников 38, год назад 60: изменение больше {JUMP_PERCENT} %." in participants
    assert "(1 из 38), год назад" in share
    assert "(10 из 60)" in share


def test_row_that_jumps_is_still_taken(ground: ImportGround) -> None:
    make_result(school=ground.first, year=2025, grade=4, marks=(10, 10, 30, 10))

    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    assert list(batch.files.get().rows.values_list("outcome", flat=True)) == [RowOutcome.NEW]


@pytest.mark.parametrize(
    "other",
    [{"year": 2024}, {"grade": 5}, {"subject": "MA"}, {"procedure": "KDR"}, {"period": "autumn"}],
    ids=["two years ago", "another grade", "another subject", "another procedure", "another period"],
)
def test_another_work_is_not_last_year_of_this_one(ground: ImportGround, other: dict[str, object]) -> None:
    make_result(**{"school": ground.first, "year": 2025, "grade": 4, "marks": (10, 10, 30, 10), **other})

    assert warned(ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})}), "jump") == []


def test_last_year_may_come_in_the_same_batch(ground: ImportGround) -> None:
    files = {
        "1.xlsx": marks_of({ground.first: (10, 10, 30, 10)}, year=2025),
        "2.xlsx": marks_of({ground.first: MARKS}, year=2026),
    }

    assert len(warned(ground.checked(files), "jump")) == 2


def test_row_that_changes_nothing_is_not_warned_of_again(ground: ImportGround) -> None:
    make_result(school=ground.first, year=2025, grade=4, marks=(10, 10, 30, 10))
    make_result(school=ground.first, year=2026, grade=4, marks=MARKS, max_primary=38)

    assert warned(ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})}), "jump") == []


def test_two_files_about_one_work_stand_side_by_side(ground: ImportGround) -> None:
    files = {"1.xlsx": marks_of({ground.first: MARKS}), "2.xlsx": marks_of({ground.first: (2, 2, 30, 5)})}

    batch = ground.checked(files)

    [text] = warned(batch, "two_files")
    assert "о той же работе иначе говорит файл «1.xlsx», строка 10" in text
    [clash] = batch.files.get(name="2.xlsx").meta["clashes"]
    assert clash["fields"] == {"participants": [38, 39], "mark2": [1, 2]}
    assert (clash["earlier"], clash["later"]["row"]) == (
        {"file": "1.xlsx", "sheet": "РУ 4 Статистика по отметкам", "row": 10},
        10,
    )


def test_two_files_that_agree_are_no_clash(ground: ImportGround) -> None:
    first, second = marks_of({ground.first: MARKS}), marks_of({ground.first: MARKS, ground.second: MARKS})

    batch = ground.checked({"1.xlsx": first, "2.xlsx": second})

    assert warned(batch, "two_files") == []
    assert batch.files.get(name="2.xlsx").meta["clashes"] == []


# Works that do not fit the school


def test_grade_above_the_kind_of_the_school_is_warned_of_and_taken(ground: ImportGround) -> None:
    School.objects.filter(pk=ground.first.pk).update(kind=SchoolKind.PRIMARY)

    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS, ground.second: MARKS}, grade=6)})

    (text,) = warned(batch, "grade_above_school")
    assert "МБОУ «СОШ № 1»: результаты 6 класса, а в реестре это начальная школа, в ней классы до 4-го." in text
    assert set(batch.files.get().rows.values_list("outcome", flat=True)) == {RowOutcome.NEW}


@pytest.mark.parametrize(("students", "warnings"), [(37, 1), (38, 0), (None, 0)])
def test_more_participants_than_pupils_are_warned_of(students: int | None, warnings: int, ground: ImportGround) -> None:
    School.objects.filter(pk=ground.first.pk).update(students=students)

    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    found = warned(batch, "more_than_pupils")
    assert len(found) == warnings
    assert all(f"участников 38, а обучающихся в школе по реестру {students}." in text for text in found)
    assert batch.files.get().rows.get().outcome == RowOutcome.NEW


def test_known_results_that_stay_are_not_warned_of_again(ground: ImportGround) -> None:
    make_result(school=ground.first, grade=4, marks=MARKS, max_primary=38)
    School.objects.filter(pk=ground.first.pk).update(students=5)

    assert warned(ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})}), "more_than_pupils") == []
