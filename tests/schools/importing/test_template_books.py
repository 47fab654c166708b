"""Templates filled from the database: what goes out comes back as «без изменений», and only its owner may bring it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Role
from schools.actions.import_apply import undo_batch
from schools.actions.imports import check, receive
from schools.choices import BatchState, FileState
from schools.importing.files import GivenFile
from schools.importing.states import outcome_counts
from schools.importing.templates import (
    MOST_LINES,
    REGISTERED,
    Asked,
    TemplateTooLong,
    academic_years,
    october_years,
    register,
    reporting_year,
    templates,
    years_of_events,
)
from schools.intake.template_meta import FORM_TITLES
from schools.models import ImportBatch, ImportFile, SchoolStatistic
from schools.statistics import CONTEXT, CONTINGENT, STAFF
from tests.factories.forms import filled, put_cells, template_of
from tests.factories.imports import AT, MARKS, ImportGround, marks_of
from tests.factories.schools import make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
ANSWERS: dict[str, dict[tuple[str, str], Any]] = {
    CONTEXT: {("1.1", "Значение"): 200, ("1.9", "Значение"): 12, ("4.5", "Значение"): "да", ("4.3", "Значение"): 50.5},
    CONTINGENT: {
        ("А", "НОО"): 90,
        ("1", "НОО"): 60,
        ("10", "НОО"): 4.2,
        ("10.1", "Всего"): "Опросник",
        ("10.2", "Всего"): "28.09.2026",
    },
    STAFF: {("Физика", "Учителей"): 2, ("Физика", "Ставок"): 1.5, ("Физика", "Имеют ИОМ"): 1},
}


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def refusal_of(batch: ImportBatch) -> tuple[str, str]:
    file = ImportFile.objects.get(batch=batch)
    assert file.state == FileState.REFUSED
    return file.refusal_code, file.refusal


def only_same(batch: ImportBatch) -> bool:
    totals = outcome_counts(batch)
    return totals["same"] > 0 and totals["same"] == sum(totals.values())


# Out and back


@pytest.mark.parametrize("form", [CONTEXT, CONTINGENT, STAFF])
def test_form_that_was_applied_comes_out_filled_and_changes_nothing(form: str, ground: ImportGround) -> None:
    ground.applied({"форма.xlsx": filled(template_of(form, school=ground.first), ANSWERS[form])})

    of_school = ground.checked({"школа.xlsx": template_of(form, school=ground.first)})
    of_territory = ground.checked({"округ.xlsx": template_of(form, schools=[ground.first, ground.second])})

    assert SchoolStatistic.objects.filter(school=ground.first, form=form).count() == len(ANSWERS[form])
    assert only_same(of_school)
    assert outcome_counts(of_territory) == outcome_counts(of_school)


def test_results_come_out_and_change_nothing(ground: ImportGround) -> None:
    make_result(school=ground.first, enrolled=30)
    make_result(
        school=ground.first, procedure="EGE", subject="MAP", grade=11, period="main", below_min=2, mean_score=61
    )
    make_result(school=ground.second, procedure="KDR", subject="CHG", grade=6, level="base", period="autumn")
    journal = {"lowered": 10, "confirmed": 12, "raised": 3}
    make_result(school=ground.second, subject="MA", grade=4, **journal)
    make_result(school=ground.second, year=2022, period="autumn", grade=4, grade_actual=5)

    batch = ground.checked({"шаблон.xlsx": template_of("results", schools=[ground.first, ground.second], period="")})

    assert outcome_counts(batch) == {"new": 0, "changed": 0, "same": 5, "rejected": 0}


def test_results_of_one_year_are_asked_for(ground: ImportGround) -> None:
    make_result(school=ground.first, year=2026)
    make_result(school=ground.first, year=2025)

    batch = ground.checked({"шаблон.xlsx": template_of("results", school=ground.first, period="2025")})

    assert outcome_counts(batch)["same"] == 1


def test_internal_works_come_out_by_academic_year(ground: ImportGround) -> None:
    make_result(school=ground.first, procedure="ENTRY", year=2026, period="autumn", subject="MA")
    make_result(school=ground.first, procedure="SCHOOL", year=2027, period="spring", subject="MA")
    make_result(school=ground.first, procedure="SCHOOL", year=2026, period="spring", subject="MA")
    make_result(school=ground.first, procedure="VPR", year=2026)

    batch = ground.checked({"SA-5.xlsx": template_of("SA-5", school=ground.first, period="2026")})

    assert outcome_counts(batch) == {"new": 0, "changed": 0, "same": 2, "rejected": 0}


def test_registry_comes_out_and_changes_nothing(ground: ImportGround) -> None:
    batch = ground.checked({"реестр.xlsx": template_of("registry", schools=[ground.first, ground.second], period="")})

    assert outcome_counts(batch) == {"new": 0, "changed": 0, "same": 2, "rejected": 0}


def test_undone_form_leaves_nothing(ground: ImportGround) -> None:
    batch = ground.applied({"форма.xlsx": filled(template_of(STAFF, school=ground.first), ANSWERS[STAFF])})

    undo_batch(batch=batch, by=ground.coordinator, at=AT)

    assert not SchoolStatistic.objects.exists()


def test_empty_template_holds_no_values(ground: ImportGround) -> None:
    ground.applied({"форма.xlsx": filled(template_of(STAFF, school=ground.first), ANSWERS[STAFF])})
    asked = Asked(
        territory=ground.territory, schools=[ground.first], school=ground.first, period="2026", is_filled=False
    )

    batch = ground.checked({"пустая.xlsx": REGISTERED[STAFF].book(asked)})

    assert refusal_of(batch)[0] == "XL-44"


@pytest.mark.parametrize("code", [CONTEXT, "results", "registry"])
def test_template_takes_as_many_queries_for_three_schools_as_for_one(code: str, ground: ImportGround) -> None:
    three = [ground.first, ground.second, make_school(territory=ground.territory)]
    for school in three:
        make_result(school=school)

    numbers = []
    for schools in (three[:1], three):
        with CaptureQueriesContext(connection) as queries:
            template_of(code, schools=schools, territory=ground.territory)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 2


# Whose it is


def test_form_of_another_territory_is_refused_with_the_way_to_the_own_one(ground: ImportGround) -> None:
    other = make_school(territory=make_territory())

    code, text = refusal_of(ground.checked({"чужая.xlsx": filled(template_of(STAFF, school=other), ANSWERS[STAFF])}))

    assert code == "XL-60"
    assert f"Найдено: ИНН {other.inn}" in text
    assert f"/imports/templates/SA-4/?territory={ground.territory.code}&period=2026" in text
    assert other.name not in text


def test_template_of_another_territory_is_refused(ground: ImportGround) -> None:
    other = make_territory()
    data = filled(template_of(STAFF, schools=[ground.first], territory=other), {("Физика", "Учителей"): 2})

    code, text = refusal_of(ground.checked({"чужой.xlsx": data}))

    assert (code, f"код территории {other.code}" in text) == ("XL-60", True)


def test_form_for_a_year_ahead_is_refused(ground: ImportGround) -> None:
    data = filled(template_of(STAFF, school=ground.first, period="2027"), ANSWERS[STAFF])

    code, text = refusal_of(ground.checked({"рано.xlsx": data}))

    assert code == "XL-60"
    assert "ещё не наступил" in text
    assert f"?inn={ground.first.inn}&period=2026" in text


def test_form_of_a_past_year_is_taken_from_a_coordinator(ground: ImportGround) -> None:
    ground.applied({"2024.xlsx": filled(template_of(STAFF, school=ground.first, period="2024"), ANSWERS[STAFF])})

    assert set(SchoolStatistic.objects.values_list("year", flat=True)) == {2024}


def school_batch(ground: ImportGround, data: bytes) -> ImportBatch:
    admin = make_user(role=Role.SCHOOL_ADMIN, school=ground.first)
    given = [GivenFile(name="форма.xlsx", data=data)]
    batch = receive(files=given, by=admin, territory=ground.territory, school=ground.first, at=AT)
    return check(batch=batch, at=AT)


def test_school_brings_its_own_form(ground: ImportGround) -> None:
    batch = school_batch(ground, filled(template_of(STAFF, school=ground.first), ANSWERS[STAFF]))

    assert (batch.state, outcome_counts(batch)["new"]) == (BatchState.CHECKED, 3)


def test_school_brings_no_form_of_its_neighbour(ground: ImportGround) -> None:
    data = filled(template_of(STAFF, school=ground.second), ANSWERS[STAFF])

    code, text = refusal_of(school_batch(ground, data))

    assert code == "XL-60"
    assert f"{ground.first.name}, ИНН {ground.first.inn}" in text


@pytest.mark.parametrize("kind", ["results", "federal"])
def test_school_brings_nothing_but_its_forms(kind: str, ground: ImportGround) -> None:
    make_result(school=ground.first)
    files = {"results": template_of("results", school=ground.first), "federal": marks_of({ground.first: MARKS})}

    code, text = refusal_of(school_batch(ground, files[kind]))

    assert code == "XL-62"
    assert "Это не форма самообследования" in text


def test_rows_of_another_school_in_an_own_form_are_not_found(ground: ImportGround) -> None:
    data = template_of("SA-5", school=ground.first)
    row = {"A2": ground.second.inn, "C2": ground.second.name, "D2": None, "E2": "Входной мониторинг", "F2": 2026}
    row |= {"H2": "Математика", "I2": 5, "L2": 10}

    batch = school_batch(ground, put_cells(data, "Результаты", row))

    assert outcome_counts(batch) == {"new": 0, "changed": 0, "same": 0, "rejected": 1}


# The register of templates


def test_every_form_of_the_hidden_sheet_has_its_template() -> None:
    codes = {template.code for template in templates()}

    assert codes == set(FORM_TITLES) - {"SA-3"}
    assert [template.order for template in templates()] == sorted(template.order for template in templates())


def test_code_of_a_template_is_registered_once() -> None:
    with pytest.raises(ValueError, match="SA-1 is registered twice"):
        register(replace(REGISTERED[CONTEXT], order=1))


def test_template_of_a_large_region_is_left_to_a_job(ground: ImportGround) -> None:
    many = [ground.first] * (MOST_LINES // REGISTERED[CONTEXT].lines + 1)

    with pytest.raises(TemplateTooLong, match=r"около 5.040.строк, поэтому он готовится в фоне"):
        REGISTERED[CONTEXT].book(Asked(territory=ground.territory, schools=many, period="2026"))


@pytest.mark.parametrize(("month", "year"), [(8, 2025), (9, 2026), (12, 2026)])
def test_forms_of_an_academic_year_begin_in_september(month: int, year: int) -> None:
    today = date(2026, month, 1)

    assert reporting_year(today) == year
    assert [period.value for period in october_years(today)] == [str(year), str(year - 1), str(year - 2)]
    assert academic_years(today)[0].title == f"{year}/{year + 1} учебный год"
    assert [period.value for period in years_of_events(today)][:3] == [
        f"{year}/{year + 1}",
        f"{year - 1}/{year}",
        "2026",
    ]
