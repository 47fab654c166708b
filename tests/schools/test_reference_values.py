"""What the same works were around a school."""

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from schools.identification import Part, PartState
from schools.identification.evidence import Piece
from schools.models import Benchmark, ImportBatch, ImportFile, School, Territory
from schools.reference_values import references
from tests.factories.identification import make_rules, procedure, ru_2025
from tests.factories.lists import AT
from tests.factories.schools import make_region, make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
QUERIES = 3


@pytest.fixture
def school() -> School:
    region = make_region(name="Область")
    return make_school(territory=make_territory(parent=region, name="Округ"))


def part(**fields: object) -> Part:
    counts = {"participants": 40, "low": 12, "needed": 12}
    return Part(**{"procedure": procedure(), "year": 2026, "state": PartState.COUNTED, **counts, **fields})  # type: ignore[arg-type]


def make_benchmark(
    territory: Territory, sample: str = "Вся выборка", percent: str = "9.81", participants: int = 1_400_000
) -> None:
    batch = ImportBatch.objects.create(territory=territory, created_by=make_user(), created_at=AT)
    file = ImportFile.objects.create(batch=batch, name="f.xlsx", size=1, sha256="0" * 64)
    Benchmark.objects.create(
        file=file,
        procedure="VPR",
        year=2026,
        subject="RU",
        grade=5,
        sample=sample,
        participants=participants,
        percents={"2": percent},
    )


def test_sums_of_municipality_and_region_are_weighted_by_participants(school: School) -> None:
    make_result(school=school, marks=(12, 20, 6, 2))
    for marks in ((1, 10, 10, 4), (2, 10, 20, 3)):
        make_result(school=make_school(territory=school.territory), marks=marks)
    elsewhere = make_territory(parent=school.territory.parent)
    make_result(school=make_school(territory=elsewhere), marks=(0, 50, 40, 10))
    make_result(school=make_school(territory=elsewhere), marks=(9, 1, 0, 0), subject="MA")

    (reference,) = references(school, [part()], make_rules())

    assert reference.title == "ВПР, русский язык, 5 класс, 2026\u00a0год"
    assert reference.own == "30,00\u00a0% (12 из 40)"
    assert reference.values == (("Округ", "15,00\u00a0% (15 из 100)"), ("Область", "7,50\u00a0% (15 из 200)"))


def test_sums_of_two_schools_are_kept_back(school: School) -> None:
    """From the sum and its own numbers a school could read those of the other."""
    make_result(school=school, marks=(12, 20, 6, 2))
    make_result(school=make_school(territory=school.territory), marks=(3, 20, 30, 7))
    make_result(school=make_school(territory=make_territory(parent=school.territory.parent)), marks=(0, 50, 40, 10))

    (reference,) = references(school, [part()], make_rules())

    assert reference.values == (("Область", "7,50\u00a0% (15 из 200)"),)


def test_country_comes_from_the_federal_files_of_the_own_territory(school: School) -> None:
    make_benchmark(school.territory, sample="Область", percent="11", participants=900)
    make_benchmark(school.territory)
    make_benchmark(make_territory(), sample="Чужой район", participants=2_000_000)

    (reference,) = references(school, [part()], make_rules())

    assert reference.values == (("Вся выборка", "9,81\u00a0% (участников 1400000, из федерального файла)"),)


@pytest.mark.parametrize("percent", ["", "много"])
def test_share_that_is_no_number_is_left_out(school: School, percent: str) -> None:
    make_benchmark(school.territory, percent=percent)

    assert references(school, [part()], make_rules())[0].values == ()


def test_exam_counts_those_below_the_minimum(school: School) -> None:
    for each in (school, *(make_school(territory=school.territory) for _ in range(2))):
        make_result(school=each, procedure="EGE", grade=11, marks=(0, 0, 0, 20), below_min=5, period="main")
    exam = part(procedure=procedure("EGE", "RU", 11), participants=20, low=5)

    (reference,) = references(school, [exam], make_rules())

    assert reference.values[0] == ("Округ", "25,00\u00a0% (15 из 60)")


def test_retakes_and_other_years_do_not_count(school: School) -> None:
    for each in (school, *(make_school(territory=school.territory) for _ in range(2))):
        make_result(school=each, marks=(12, 20, 6, 2), procedure="OGE", grade=9, period="sept")
        make_result(school=each, marks=(12, 20, 6, 2), procedure="OGE", grade=9, year=2025)
    exam = part(procedure=procedure("OGE", "RU", 9))

    assert references(school, [exam], make_rules())[0].values == ()


def test_september_work_that_opens_its_year_counts(school: School) -> None:
    for each in (school, *(make_school(territory=school.territory) for _ in range(2))):
        make_result(school=each, marks=(12, 20, 6, 2), period="sept")

    assert references(school, [part()], make_rules())[0].values[0] == ("Округ", "30,00\u00a0% (36 из 120)")


UNMARKED = dict.fromkeys(("mark2", "mark3", "mark4", "mark5"))
KDR = {"insufficient": 4, "reduced": 6, "base": 8, "elevated": 2}


@pytest.mark.parametrize(
    ("definition", "share"),
    [("LEVEL_INSUFFICIENT", "20,00\u00a0% (12 из 60)"), ("LEVEL_INSUFFICIENT_OR_LOW", "50,00\u00a0% (30 из 60)")],
)
def test_levels_count_as_the_rule_says(school: School, definition: str, share: str) -> None:
    rules = make_rules(low_definition={**ru_2025()["low_definition"], "KDR": definition})
    levels = {"level_counts": KDR, "level_scale": "KDR4", "participants": 20}
    for each in (school, *(make_school(territory=school.territory) for _ in range(2))):
        make_result(school=each, procedure="KDR", subject="CHG", grade=4, **UNMARKED, **levels)
    without = {**KDR, "reduced": None, "insufficient": None}
    make_result(
        school=make_school(territory=school.territory),
        procedure="KDR",
        subject="CHG",
        grade=4,
        participants=20,
        level_counts=without,
        level_scale="KDR4",
        mark2=9,
        mark3=11,
        mark4=0,
        mark5=0,
    )
    work = part(procedure=procedure("KDR", "CHG", 4), participants=20, low=4)

    assert references(school, [work], rules)[0].values[0] == ("Округ", share)


def test_works_that_were_added_up_are_compared_with_the_same_sum(school: School) -> None:
    for each in (school, *(make_school(territory=school.territory) for _ in range(2))):
        for grade, low in ((5, 2), (6, 4)):
            make_result(school=each, grade=grade, marks=(low, 10 - low, 0, 0))
    pieces = (Piece(5, 2026, "", 4, 2), Piece(6, 2026, "", 6, 1))
    pooled = part(procedure=procedure(grade=0), participants=10, low=3, pieces=pieces)

    assert references(school, [pooled], make_rules())[0].values[0] == ("Округ", "30,00\u00a0% (18 из 60)")


@pytest.mark.parametrize("works", [1, 3])
def test_references_take_the_same_queries(
    school: School, works: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    parts = [part(procedure=procedure(grade=grade)) for grade in range(5, 5 + works)]

    with django_assert_num_queries(QUERIES):
        assert len(references(school, parts, make_rules())) == works


def test_school_without_results_has_nothing_to_compare(school: School) -> None:
    assert references(school, [part(participants=None, low=None)], make_rules()) == []
