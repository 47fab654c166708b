"""Which school a row is about, and what is said when the portal cannot tell. No database."""

from datetime import date

import pytest

from schools.importing.ground import FilePlan, Ground, PlannedRow, coming_schools, unmatched_json
from schools.intake.matching import KnownSchool, Moment, Outcome, SchoolIndex, Span
from schools.intake.rows import ParsedFile, ProblemCode, SchoolRef, SchoolRow, Severity, TerritoryRef, problem_at
from schools.models import ImportBatch, ImportFile, School, Territory

OLD_DAY, NEW_DAY = date(2020, 5, 1), date(2026, 5, 1)


def known(
    name: str, *, inn: str = "", login: str = "", code: str = "", spans: tuple[Span, ...] = ()
) -> KnownSchool[School]:
    school = School(name=name, inn=inn, login=login, gia_code=code)
    return KnownSchool(id=school, name=name, inn=inn, login=login, gia_code=code, spans=spans)


FIRST = known("СОШ № 1", inn="1000000053", login="edu900001", code="000101")
SECOND = known("СОШ № 2", login="edu900002")
TWINS = [known("Лицей"), known("Лицей")]
YOUNG = known("СОШ № 9", spans=(Span(name="СОШ № 9", start=date(2025, 9, 1)),))


def ground() -> Ground:
    made = Ground(batch=ImportBatch(territory=Territory(name="Округ")))
    made.__dict__["index"] = SchoolIndex([FIRST, SECOND, *TWINS, YOUNG])  # read from the table otherwise
    return made


def plan() -> FilePlan:
    return FilePlan(file=ImportFile(name="Ф3.xlsx"), parsed=ParsedFile(layout="x", title="x"))


def find(ref: SchoolRef, into: FilePlan, when: Moment | None = None) -> School | None:
    return ground().find(ref, into, sheet="Ф3", row=7, when=when)


@pytest.mark.parametrize(
    ("ref", "school"),
    [
        (SchoolRef(inn="1000000053"), FIRST),
        (SchoolRef(login="edu900002"), SECOND),
        (SchoolRef(name="сош №1"), FIRST),
        (SchoolRef(name="СОШ № 2", login="edu900002"), SECOND),
    ],
    ids=["ИНН", "login", "name", "both"],
)
def test_school_in_reach_is_found_and_nothing_is_said(ref: SchoolRef, school: KnownSchool[School]) -> None:
    into = plan()

    assert find(ref, into) is school.id
    assert (into.problems, into.unmatched) == ([], {})


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        (SchoolRef(login="edu900501"), "edu900501"),
        (SchoolRef(name="EDU900501", login="edu900501"), "EDU900501"),
        (SchoolRef(name="СОШ № 5", login="edu900501", place="Округ"), "СОШ № 5 (edu900501, Округ)"),
        (SchoolRef(name="СОШ № 5, Округ", place="Округ"), "СОШ № 5, Округ"),
    ],
)
def test_unknown_school_is_named_without_saying_anything_twice(ref: SchoolRef, words: str) -> None:
    into = plan()

    find(ref, into)

    assert f"школа «{words}» не найдена" in into.problems[0].text_ru


def test_same_name_in_two_municipalities_is_two_lines_of_the_queue() -> None:
    into = plan()

    for place in ("Энский район", "Заречный район", "Энский район"):
        find(SchoolRef(name="Школа на реке", place=place), into)

    assert [(one["place"], one["rows"]) for one in unmatched_json(into)] == [("Энский район", 2), ("Заречный район", 1)]
    assert "школа «Школа на реке (Энский район)» не найдена" in into.problems[0].text_ru


def test_identifiers_of_two_schools_are_told_as_such() -> None:
    into = plan()

    assert find(SchoolRef(inn="2000000002", gia_code="000101"), into) is None

    [problem] = into.problems
    assert problem.code == ProblemCode.AMBIGUOUS_SCHOOL
    assert "ИНН 2000000002 и логин или код в строке ведут к разным школам" in problem.text_ru


def test_school_that_only_the_registry_of_the_same_batch_knows_leads_there() -> None:
    row = SchoolRow(
        sheet="",
        row=2,
        inn="2000000002",
        name="МБОУ «СОШ № 77»",
        kind="sosh",
        locality="rural",
        territory=TerritoryRef(code="m001", name="Округ"),
    )
    here = ground()
    here.coming = coming_schools([ParsedFile(layout="portal_schools", title="", schools=(row,)), plan().parsed])

    for ref in (SchoolRef(inn="2000000002"), SchoolRef(name="СОШ №77", login="edu900077")):
        into = plan()
        here.find(ref, into, sheet="Ф3", row=7)
        assert "примените сначала реестр" in into.problems[0].action

    into = plan()
    here.find(SchoolRef(name="СОШ № 78"), into, sheet="Ф3", row=7)
    assert "добавьте школу в реестр" in into.problems[0].action


def test_unknown_school_is_a_problem_of_its_row() -> None:
    into = plan()

    assert find(SchoolRef(name="СОШ № 404", login="edu999999"), into) is None
    [problem] = into.problems
    assert (problem.code, problem.sheet, problem.row) == (ProblemCode.UNKNOWN_SCHOOL, "Ф3", 7)
    assert problem.found == "СОШ № 404 (edu999999)"
    assert "вне вашей территории (Округ)" in problem.text_ru


def test_school_that_may_be_several_asks_for_a_number() -> None:
    into = plan()

    assert find(SchoolRef(name="Лицей"), into) is None
    [problem] = into.problems
    assert problem.code == ProblemCode.AMBIGUOUS_SCHOOL
    assert "Укажите её ИНН или логин." in problem.text_ru


def test_numbers_of_two_schools_in_one_row_are_ambiguous() -> None:
    into = plan()

    assert find(SchoolRef(inn="1000000053", login="edu900002"), into) is None
    assert into.unmatched[SchoolRef(inn="1000000053", login="edu900002")].outcome == Outcome.AMBIGUOUS


def test_code_that_has_lost_its_zeros_is_guessed_at_in_words() -> None:
    into = plan()

    assert find(SchoolRef(name="Школа", gia_code="101"), into) is None
    assert "Возможно, 000101: нули в начале кода теряет числовой формат." in into.problems[0].text_ru


def test_school_not_yet_opened_is_told_apart_from_an_unknown_one() -> None:
    into = plan()

    assert find(SchoolRef(name="СОШ № 9"), into, Moment.of_day(OLD_DAY)) is None
    assert "в этом учебном году не работала" in into.problems[0].text_ru
    assert find(SchoolRef(name="СОШ № 9"), plan(), Moment.of_day(NEW_DAY)) is YOUNG.id


def test_rows_of_one_unknown_school_are_one_line_of_the_queue() -> None:
    into, refs = plan(), [SchoolRef(name="СОШ № 404")] * 3 + [SchoolRef(name="СОШ № 405")]
    for ref in refs:
        find(ref, into)

    queue = unmatched_json(into)

    assert [(entry["name"], entry["rows"], entry["outcome"]) for entry in queue] == [
        ("СОШ № 404", 3, "unknown"),
        ("СОШ № 405", 1, "unknown"),
    ]
    assert len(into.problems) == 4


def test_queue_that_is_kept_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schools.importing.ground.UNMATCHED_KEPT", 2)
    into = plan()
    for number in range(5):
        find(SchoolRef(name=f"Неизвестная {number}"), into)

    assert len(unmatched_json(into)) == 2


def test_same_school_is_looked_for_once_at_each_time() -> None:
    here, ref = ground(), SchoolRef(login="edu900001")
    here.match(ref)
    here.match(ref)
    here.match(ref, Moment.of_day(NEW_DAY))

    assert set(here.matches) == {(ref, None), (ref, Moment.of_day(NEW_DAY))}


def test_row_with_several_errors_is_refused_once() -> None:
    into = plan()
    for row, severity in ((9, Severity.ERROR), (7, Severity.ERROR), (7, Severity.ERROR), (8, Severity.WARNING)):
        into.problems.append(problem_at(ProblemCode.EMPTY, "Ф3", row, "пусто.", severity=severity))

    refused: list[PlannedRow] = list(into.refused_rows())

    assert [row.number for row in refused] == [7, 9]
    assert {(row.target, row.school_id, row.outcome.value) for row in refused} == {("", None, "rejected")}
