"""The files of the demo region are read by the portal's own intake."""

import pytest

from config.demo import files
from schools.intake.limits import DEFAULT_LIMITS
from schools.intake.parse import parse_file
from schools.intake.refusals import Code, Refusal
from schools.intake.rows import ProblemCode
from tests.factories.workbooks import remarks


def test_results_are_those_of_twenty_schools_in_two_years() -> None:
    rows = files.rows()

    assert len({row.login for row in rows}) == 20
    assert {row.year for row in rows} == {2025, 2026}


@pytest.mark.parametrize("year", files.YEARS)
def test_each_work_has_a_file_of_marks_and_a_file_of_comparison(year: int) -> None:
    names = [file.name for file in files.federal_files(year)]

    assert len(names) == len(set(names))
    assert [name for name in names if name.startswith("Ф3_")]
    assert len([name for name in names if name.startswith("Сравнение_")]) * 2 == len(names)


def test_marks_file_says_what_the_rows_say() -> None:
    file = files.federal_files(2026)[0]
    subject, grade = file.name.removesuffix(".xlsx").split("_")[1:3]
    expected = {
        row.login: row.marks
        for row in files.rows()
        if (row.year, row.procedure, row.subject, row.grade) == (2026, "VPR", subject, int(grade))
    }

    parsed = parse_file(file.data, DEFAULT_LIMITS)

    assert parsed.layout == "federal_marks"
    assert not remarks(parsed)
    assert len(parsed.rows) == len(expected)


def test_comparison_file_is_recognised() -> None:
    assert parse_file(files.federal_files(2026)[1].data, DEFAULT_LIMITS).layout == "federal_journal"


@pytest.mark.parametrize("year", files.YEARS)
def test_exams_file_has_no_work_of_the_vpr(year: int) -> None:
    parsed = parse_file(files.exams_file(year).data, DEFAULT_LIMITS)

    assert (parsed.layout, list(parsed.errors)) == ("flat_results", [])
    told = {2025: [ProblemCode.SCALE_ABSENT], 2026: [ProblemCode.SCALE_UNCONFIRMED]}
    assert [problem.code for problem in parsed.problems] == told.get(year, [])
    assert len(parsed.rows) == sum(row.year == year and row.procedure != "VPR" for row in files.rows())


def test_registry_file_is_recognised() -> None:
    parsed = parse_file(files.registry_file().data, DEFAULT_LIMITS)

    assert parsed.layout == "portal_schools"
    assert len(parsed.schools) == 20


def test_form_instead_of_results_is_refused_as_a_form() -> None:
    with pytest.raises(Refusal) as refused:
        parse_file(files.faulty_files()[0].data, DEFAULT_LIMITS)

    assert refused.value.code in {Code.COLLECTION_FORM, Code.PUPIL_RESULTS}


def test_wrong_sum_is_a_problem_of_its_row() -> None:
    parsed = parse_file(files.faulty_files()[2].data, DEFAULT_LIMITS)

    assert len(parsed.problems) == 1


def test_last_faulty_file_is_a_copy_of_a_good_one() -> None:
    assert files.faulty_files()[3].data == files.federal_files(2026)[0].data
