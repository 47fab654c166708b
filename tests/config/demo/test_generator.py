"""The made region: repeatable, fictional, like life in its properties."""

import csv
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.demo import generator
from config.demo.generator import KINDS, REFERENCE, MadeResult, MadeSchool, inn, make_results, make_schools, ogrn


def region(schools: int = 40, seed: int = 1) -> list[MadeSchool]:
    return make_schools(schools=schools, municipalities=4, random=Random(seed))


def results(schools: list[MadeSchool], years: tuple[int, ...] = (2025, 2026), seed: int = 1) -> list[MadeResult]:
    return list(make_results(schools=schools, years=years, random=Random(seed)))


@given(st.integers(0, 9_999_999))
def test_inn_has_ten_digits_of_no_tax_office_and_a_right_check_digit(number: int) -> None:
    digits = [int(digit) for digit in inn(number)]

    weighed = sum(digit * weight for digit, weight in zip(digits, generator.INN_WEIGHTS, strict=False))
    assert (len(digits), digits[:2]) == (10, [0, 0])
    assert digits[-1] == weighed % 11 % 10


@given(st.integers(0, 9_999_999))
def test_ogrn_has_thirteen_digits_and_a_right_check_digit(number: int) -> None:
    text = ogrn(number)

    assert len(text) == 13
    assert int(text[-1]) == int(text[:-1]) % 11 % 10


def test_same_seed_gives_the_same_region() -> None:
    assert region() == region()
    assert results(region()) == results(region())


def test_another_seed_gives_another_region() -> None:
    assert region(seed=1) != region(seed=2)


def test_schools_are_spread_evenly_over_municipalities() -> None:
    made = region(schools=40)

    counts = {code: sum(school.municipality_code == code for school in made) for code in ("made_m001", "made_m004")}
    assert counts == {"made_m001": 10, "made_m004": 10}


@pytest.mark.parametrize("field", ["inn", "ogrn", "login", "gia_code", "name"])
def test_identifiers_do_not_repeat(field: str) -> None:
    made = region(schools=300)

    assert len({getattr(school, field) for school in made}) == 300


def test_numbers_go_on_from_a_given_one() -> None:
    first = make_schools(schools=5, municipalities=1, random=Random(1))
    more = make_schools(schools=5, municipalities=1, random=Random(1), first=6)

    assert not {school.inn for school in first} & {school.inn for school in more}


def test_every_kind_appears_about_as_often_as_its_weight() -> None:
    made = region(schools=1000)

    for shape in KINDS:
        found = sum(school.kind == shape.kind for school in made) / 10
        assert found == pytest.approx(shape.weight, abs=5)


def test_weights_are_per_cent() -> None:
    assert sum(shape.weight for shape in KINDS) == 100


def test_no_school_is_without_pupils() -> None:
    assert min(school.students for school in region(schools=300)) >= 6


def test_primary_and_basic_schools_stand_in_villages() -> None:
    small = [school for school in region(schools=300) if school.kind in {"НОШ", "ООШ"}]

    assert small
    assert {school.locality for school in small} == {"село"}


def test_works_are_those_of_the_grades_of_a_school() -> None:
    made = region(schools=60)
    grades = {school.inn: school.grades for school in made}

    assert all(result.grade in grades[result.inn] for result in results(made))


def test_a_few_works_are_missing_as_in_life() -> None:
    made = region(schools=60)
    possible = sum(work[2] in school.grades for school in made for work in REFERENCE) * 2

    assert 0.92 <= len(results(made)) / possible < 1


def test_no_work_repeats() -> None:
    keys = [(row.inn, row.year, row.procedure, row.subject, row.grade) for row in results(region())]

    assert len(keys) == len(set(keys))


def test_journal_agrees_with_the_participants_and_exams_have_none() -> None:
    for row in results(region()):
        if row.procedure == "VPR":
            assert row.journal is not None
            assert sum(row.journal) == sum(row.marks)
        else:
            assert row.journal is None


def share_of_twos(rows: list[MadeResult]) -> float:
    return sum(row.marks[0] for row in rows) / sum(sum(row.marks) for row in rows)


def test_twos_grow_from_grade_four_to_grade_eight() -> None:
    rows = [row for row in results(region(schools=200)) if row.procedure == "VPR" and row.subject == "RU"]

    fourth, eighth = (share_of_twos([row for row in rows if row.grade == grade]) for grade in (4, 8))
    assert fourth < eighth


def test_lyceums_have_fewer_twos_than_evening_schools() -> None:
    made = region(schools=300)
    rows = results(made)

    def share(kind: str) -> float:
        inns = {school.inn for school in made if school.kind == kind}
        return share_of_twos([row for row in rows if row.inn in inns])

    assert share("лицей") < share("СОШ") < share("О(С)ОШ")


@given(st.integers(0, 10_000))
@settings(max_examples=20)
def test_every_work_has_somebody(seed: int) -> None:
    assert all(sum(row.marks) >= 1 for row in results(region(schools=3, seed=seed), seed=seed))


def test_registry_file_has_a_row_for_each_school(tmp_path: Path) -> None:
    made, path = region(schools=5), tmp_path / "schools.csv"

    generator.write_schools(path, made)

    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert [row["inn"] for row in rows] == [school.inn for school in made]
    assert rows[0]["students"] == str(made[0].students)


def test_results_file_tells_how_many_rows_it_has(tmp_path: Path) -> None:
    rows, path = results(region(schools=5)), tmp_path / "results.csv"

    written = generator.write_results(path, iter(rows))

    with path.open(encoding="utf-8", newline="") as file:
        stored = list(csv.DictReader(file, delimiter=";"))
    assert written == len(stored) == len(rows)
    for row, made in zip(stored, rows, strict=True):
        assert int(row["participants"]) == sum(int(row[f"mark{mark}"]) for mark in (2, 3, 4, 5)) == sum(made.marks)


def test_results_file_of_nobody_has_only_its_head(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"

    assert generator.write_results(path, iter(())) == 0
    assert path.read_text(encoding="utf-8").startswith("inn;year;procedure")
