"""The page of templates and their downloads."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from jobs.models import Job
from jobs.runner import execute
from schools.importing import templates
from schools.models import School
from tests.factories.schools import make_actor, make_result, make_school, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def school() -> School:
    return make_school(name="МБОУ «СОШ № 5»")


@pytest.fixture
def client_of(sign_in: SignIn, school: School) -> Client:
    return sign_in(make_actor(Role.MUNICIPAL_COORDINATOR, school))


def text_of(response: Any) -> str:
    soup = BeautifulSoup(response.content, "html.parser")
    return " ".join(soup.get_text(" ").replace("\u00a0", " ").split())


def meta_of(response: Any) -> dict[str, str]:
    book = load_workbook(BytesIO(response.content))
    return {str(row[0].value): str(row[1].value or "") for row in book["meta"].iter_rows()}


def url(code: str) -> str:
    return reverse("imports:template", args=[code])


def test_page_lists_every_template_with_what_it_is_for(client_of: Client, school: School) -> None:
    text = text_of(client_of.get(reverse("imports:templates"), {"inn": school.inn}))

    assert all(template.title in text and template.purpose in text for template in templates.templates())


def test_form_of_one_school_waits_for_a_school(client_of: Client) -> None:
    response = client_of.get(reverse("imports:templates"))

    assert "SA-5 «Внутренние работы» составляется для одной школы" in text_of(response)
    assert url("SA-5") not in response.content.decode()


def test_region_chooses_a_municipality_and_then_its_schools(sign_in: SignIn, school: School) -> None:
    region = school.territory.parent
    other = make_school(territory=make_school(territory=school.territory).territory)
    client = sign_in(make_user(role=Role.REGIONAL_COORDINATOR, territory=region))

    html = client.get(reverse("imports:templates"), {"territory": school.territory.code}).content.decode()

    assert f'<option value="{school.territory.code}" selected>' in html
    assert f'<option value="{other.pk}">' in html


def test_page_takes_as_many_queries_for_three_schools_as_for_one(client_of: Client, school: School) -> None:
    numbers = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client_of.get(reverse("imports:templates"))
        numbers.append(len(queries))
        make_school(territory=school.territory)
        make_school(territory=school.territory)

    assert numbers[0] == numbers[1]


def test_person_without_a_territory_finds_no_page(sign_in: SignIn, school: School) -> None:
    user = make_user(role=Role.OBSERVER, school=school)

    assert sign_in(user).get(reverse("imports:templates")).status_code == 404


def test_template_says_whose_it_is_and_for_what_period(client_of: Client, school: School) -> None:
    response = client_of.get(url("SA-1"), {"inn": school.inn, "period": "1999"})

    meta = meta_of(response)
    assert (meta["form"], meta["inn"], meta["territory"]) == ("SA-1", school.inn, "")
    assert meta["period"] != "1999"
    assert "attachment" in response.headers["Content-Disposition"]


def test_template_of_a_territory_is_filled_with_its_results(client_of: Client, school: School) -> None:
    make_result(school=school)
    make_result(school=make_school())

    response = client_of.get(url("results"), {"territory": school.territory.code})

    sheet = load_workbook(BytesIO(response.content))["Результаты"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2) if row[0].value] == [school.inn]
    assert meta_of(response)["territory"] == school.territory.code


def test_empty_template_is_given_on_demand(client_of: Client, school: School) -> None:
    make_result(school=school)

    response = client_of.get(url("results"), {"territory": school.territory.code, "fill": "0"})

    assert load_workbook(BytesIO(response.content))["Результаты"]["E2"].value is None


@pytest.mark.parametrize("role", [Role.MENTOR, Role.SCHOOL_ADMIN, Role.METHODIST])
def test_template_is_filled_only_for_those_who_may_see_the_data(role: Role, sign_in: SignIn, school: School) -> None:
    make_result(school=school)

    response = sign_in(make_actor(role, school)).get(url("results"), {"inn": school.inn})

    is_filled = load_workbook(BytesIO(response.content))["Результаты"]["E2"].value is not None
    assert is_filled is (role != Role.MENTOR)


def test_download_is_an_audit_event(client_of: Client, school: School) -> None:
    client_of.get(url("SA-4"), {"inn": school.inn})

    event = AuditEvent.objects.get(code=AuditCode.REPORT_DOWNLOADED)
    assert (event.object_id, event.meta["template"]) == (str(school.pk), "SA-4")


def test_internal_works_are_asked_for_one_school(client_of: Client, school: School) -> None:
    response = client_of.get(url("SA-5"), {"territory": school.territory.code}, follow=True)

    assert "составляется для одной школы. Выберите школу." in text_of(response)


def test_long_template_is_prepared_by_a_job(client_of: Client, school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "MOST_LINES", 10)
    asked = {"territory": school.territory.code, "period": "2025", "fill": "1"}

    told = client_of.get(url("SA-1"), {"territory": school.territory.code}, follow=True)
    assert "готовится в фоне: нажмите «Подготовить шаблон»" in text_of(told)
    assert reverse("imports:prepare_template", args=["SA-1"]) in told.content.decode()

    response = client_of.post(reverse("imports:prepare_template", args=["SA-1"]), asked)
    job = Job.objects.get()
    execute(job_id=job.pk)
    job.refresh_from_db()

    assert (response.headers["Location"], job.result["url"]) == (
        job.get_absolute_url(),
        reverse("imports:prepared", args=[job.pk]),
    )
    given = client_of.get(job.result["url"])
    book = load_workbook(BytesIO(b"".join(given.streaming_content)))  # type: ignore[attr-defined]
    assert {str(row[0].value): row[1].value for row in book["meta"].iter_rows()}["territory"] == school.territory.code
    assert "SA-1" in given.headers["Content-Disposition"]


def test_zero_characters_are_taken_out_of_what_is_asked_for(client_of: Client, school: School) -> None:
    asked = {"territory": f"{school.territory.code}\x00", "period": "2025\x00", "fill": "\x000"}

    client_of.post(reverse("imports:prepare_template", args=["SA-1"]), asked)

    assert Job.objects.get().parameters == {
        "code": "SA-1",
        "territory": school.territory.code,
        "period": "2025",
        "fill": False,
    }
    assert client_of.get(url("registry"), {"territory": f"{school.territory.code}\x00"}).status_code == 200


@pytest.mark.parametrize(("code", "query"), [("SA-9", {}), ("SA-5", {}), ("SA-1", {"school": "x"})])
def test_nothing_is_prepared_of_what_is_not_there(code: str, query: dict[str, str], client_of: Client) -> None:
    assert client_of.post(reverse("imports:prepare_template", args=[code]), query).status_code == 404
    assert not Job.objects.exists()


@pytest.mark.parametrize("query", [{"inn": "0000000000"}, {"territory": "nowhere"}])
def test_what_is_not_there_is_not_found(query: dict[str, str], client_of: Client) -> None:
    assert client_of.get(url("SA-1"), query).status_code == 404


def test_unknown_template_is_not_found(client_of: Client) -> None:
    assert client_of.get(url("SA-9")).status_code == 404


def test_template_of_another_school_is_not_found(client_of: Client) -> None:
    other = make_school()

    assert client_of.get(url("SA-1"), {"inn": other.inn}).status_code == 404
    assert client_of.get(url("SA-1"), {"territory": other.territory.code}).status_code == 404


def test_school_downloads_its_own_form_and_no_other(sign_in: SignIn, school: School) -> None:
    neighbour = make_school(territory=school.territory)
    client = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=school))

    statuses = [client.get(url("SA-1"), {"inn": inn}).status_code for inn in (school.inn, neighbour.inn)]

    assert statuses == [200, 404]
    assert client.get(url("SA-1")).status_code == 404


@pytest.fixture
def branch(school: School) -> School:
    return make_school(territory=school.territory, parent=school, inn="", login="", name="Филиал")


def test_branch_without_an_inn_gets_a_template_of_its_own(client_of: Client, branch: School) -> None:
    response = client_of.get(url("SA-1"), {"school": str(branch.pk), "period": "2026"})

    meta = meta_of(response)
    assert (meta["inn"], meta["school"], meta["territory"]) == ("", str(branch.pk), "")
    assert "Филиал" in [cell.value for row in load_workbook(BytesIO(response.content))["Данные"] for cell in row]


def test_branch_is_chosen_on_the_page(client_of: Client, branch: School) -> None:
    html = client_of.get(reverse("imports:templates"), {"school": str(branch.pk)}).content.decode()

    assert f'<option value="{branch.pk}" selected>' in html
    assert f'<input type="hidden" name="school" value="{branch.pk}">' in html


@pytest.mark.parametrize("key", ["1", "00000000-0000-0000-0000-000000000001"])
def test_id_of_no_school_is_not_found(key: str, client_of: Client) -> None:
    assert client_of.get(url("SA-1"), {"school": key}).status_code == 404


def test_branch_of_another_municipality_is_not_found(client_of: Client) -> None:
    assert client_of.get(url("SA-1"), {"school": str(make_school().pk)}).status_code == 404


@pytest.mark.parametrize("code", ["template_results", "template_registry"])
def test_old_addresses_of_templates_work(code: str, client_of: Client) -> None:
    assert meta_of(client_of.get(reverse(f"imports:{code}")))["form"] == code.removeprefix("template_")
