"""Signs in the stored results of a school."""

import pytest
from pytest_django import DjangoAssertNumQueries

from schools.models import AssessmentResult, Benchmark, School, WorkDetail
from schools.objectivity import SignKind
from schools.objectivity_reading import signs_of_result, signs_of_results, signs_of_school
from tests.factories.schools import make_result, make_school
from tests.factories.social import make_file

pytestmark = pytest.mark.django_db
HISTOGRAM = [0, 0, 1, 1, 1, 0, 14, 4, 4, 3, 4, 4, 4, 3, 3, 3, 2, 1, 0, 0, 0]


@pytest.fixture
def school() -> School:
    return make_school()


def make_peaked(school: School, **fields: object) -> AssessmentResult:
    known = {"subject": "MA", "grade": 4, "marks": (3, 29, 16, 4), "score_hist": HISTOGRAM, "max_primary": 20}
    return make_result(school=school, **{**known, **fields})


def make_tasks(school: School, percents: dict[str, str], **fields: object) -> WorkDetail:
    return WorkDetail.objects.create(
        school=school,
        **{
            "procedure": "VPR",
            "year": 2026,
            "period": "spring",
            "subject": "RU",
            "grade": 5,
            "kind": "tasks",
            "participants": 25,
            "values": {"maximum": {}, "percents": percents},
            "file": make_file(school),
            "row": 12,
            **fields,
        },
    )


def make_sample(detail: WorkDetail, name: str, participants: int, **percents: str) -> Benchmark:
    return Benchmark.objects.create(
        file=detail.file,
        procedure="VPR",
        year=2026,
        subject="RU",
        grade=5,
        sample=name,
        participants=participants,
        percents={f"task:{code.removeprefix('t')}": percent for code, percent in percents.items()},
    )


OWN = {"1": "70.00", "2": "55.00", "3": "60.00", "4": "45.00"}
REGION = {"t1": "85.00", "t2": "70.00", "t3": "35.00", "t4": "20.00"}


def test_peak_at_a_border_is_found_in_a_stored_histogram(school: School) -> None:
    (sign,) = signs_of_result(make_peaked(school))

    assert sign.kind is SignKind.PEAK
    assert "«3»" in sign.text


def test_histogram_without_a_scale_shows_nothing(school: School) -> None:
    assert signs_of_result(make_peaked(school, grade=5)) == []


def test_journal_is_looked_at_only_when_it_is_whole(school: School) -> None:
    whole = make_result(school=school, lowered=20, confirmed=5, raised=0)
    part = make_result(school=school, grade=6, lowered=20, confirmed=None, raised=0)

    assert [sign.kind for sign in signs_of_result(whole)] == [SignKind.LOWERED]
    assert signs_of_result(part) == []


def test_works_stand_newest_first_and_quiet_ones_are_left_out(school: School) -> None:
    rows = [
        make_peaked(school, year=2025),
        make_peaked(school, year=2026),
        make_result(school=school),
        make_result(school=school, grade=6, objectivity_markers=["6РУ"]),
    ]

    seen = signs_of_results(rows)

    assert [(work.year, work.title, len(work.signs), work.markers) for work in seen] == [
        (2026, "ВПР, математика, 4 класс", 1, ()),
        (2026, "ВПР, русский язык, 6 класс", 0, ("6РУ",)),
        (2025, "ВПР, математика, 4 класс", 1, ()),
    ]


def test_tasks_are_compared_with_the_region_of_their_file(school: School) -> None:
    row = make_result(school=school)
    detail = make_tasks(school, OWN)
    make_sample(detail, "Вся выборка", 9000, t1="10.00", t2="10.00", t3="10.00", t4="10.00")
    make_sample(detail, "Заозёрская область (reg99)", 900, **REGION)
    make_sample(detail, "Округ (reg99_m001)", 90, t1="10.00", t2="10.00", t3="10.00", t4="10.00")

    (work,) = signs_of_school(school, [row])

    assert [sign.kind for sign in work.signs] == [SignKind.TASKS]
    assert "Заозёрская область (reg99)" in work.signs[0].text


def test_widest_sample_stands_in_for_the_region(school: School) -> None:
    row = make_result(school=school)
    detail = make_tasks(school, OWN)
    make_sample(detail, "Все", 9000, **REGION)
    make_sample(detail, "Часть", 90, t1="1.00", t2="1.00", t3="1.00", t4="1.00")

    (work,) = signs_of_school(school, [row])

    assert "Сравнение: Все" in work.signs[0].text


@pytest.mark.parametrize("fields", [{"participants": None}, {"grade": 6}])
def test_tasks_without_participants_or_sample_show_nothing(school: School, fields: dict[str, object]) -> None:
    row = make_result(school=school)
    make_sample(make_tasks(school, OWN, **fields), "Область (reg99)", 900, **REGION)

    assert signs_of_school(school, [row]) == []


def test_benchmark_of_marks_is_no_sample_of_tasks(school: School) -> None:
    row = make_result(school=school)
    detail = make_tasks(school, OWN)
    Benchmark.objects.create(
        file=detail.file, procedure="VPR", year=2026, subject="RU", grade=5, sample="Область (reg99)",
        participants=9, percents={"2": "5.06"},
    )  # fmt: skip

    assert signs_of_school(school, [row]) == []


@pytest.mark.parametrize("works", [1, 4])
def test_signs_take_two_queries(works: int, school: School, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rows = [make_result(school=school, grade=grade) for grade in range(5, 5 + works)]
    for grade in range(5, 5 + works):
        make_tasks(school, OWN, grade=grade)

    with django_assert_num_queries(2):
        signs_of_school(school, rows)
