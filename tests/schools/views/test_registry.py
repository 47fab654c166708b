"""The list of schools, by role."""

from collections.abc import Callable
from io import BytesIO
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from schools.choices import ListKind, ListState, SchoolStatus
from schools.models import School
from schools.views.registry import PAGE_SIZE
from tests.factories.lists import make_list
from tests.factories.registry import NEW, OLD, make_renamed
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
URL = "/schools/"


def rows(client: Client, query: str = "") -> list[list[str]]:
    """Return the cells of the table."""
    page = BeautifulSoup(client.get(f"{URL}{query}").content, "html.parser")
    cells = [row.find_all(["th", "td"]) for row in page.select("main tbody tr")]
    return [[" ".join(cell.get_text(" ", strip=True).replace("\u00a0", " ").split()) for cell in row] for row in cells]


def names(client: Client, query: str = "") -> list[str]:
    page = BeautifulSoup(client.get(f"{URL}{query}").content, "html.parser")
    return [link.get_text().replace("\u00a0", " ") for link in page.select("main tbody th a")]


def coordinator_of(school: School) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=school.territory)


def test_neighbours_see_nothing(sign_in: SignIn) -> None:
    school = make_school()

    page = sign_in(coordinator_of(make_school())).get(URL).content.decode()

    assert school.name not in page
    assert school.inn not in page


def test_school_sees_itself_alone(sign_in: SignIn) -> None:
    school = make_school(name="МБОУ «СОШ № 1»")
    make_school(name="МБОУ «СОШ № 2»", territory=school.territory)

    assert names(sign_in(make_user(role=Role.SCHOOL_ADMIN, school=school))) == ["МБОУ «СОШ № 1»"]


def test_person_without_a_role_is_refused(sign_in: SignIn) -> None:
    assert sign_in(make_user()).get(URL).status_code == 403


def test_row_tells_what_the_registry_knows(sign_in: SignIn) -> None:
    school = make_school(name="МБОУ «СОШ № 1»", students=164)

    cells = rows(sign_in(coordinator_of(school)))

    assert cells == [
        ["МБОУ «СОШ № 1» средняя школа", school.territory.name, "город", "164", school.inn, "нет"],
    ]


def test_unknown_number_of_students_is_not_zero(sign_in: SignIn) -> None:
    school = make_school(students=None)

    assert rows(sign_in(coordinator_of(school)))[0][3] == "нет данных"


def test_latest_published_list_is_told(sign_in: SignIn) -> None:
    school = make_school()
    make_list([school], year=2025)
    make_list([school], year=2026)

    assert rows(sign_in(coordinator_of(school)))[0][5] == "по результатам 2026 года"


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"state": ListState.DRAFT}, id="a draft"),
        pytest.param({"kind": ListKind.HIGH_RESULTS}, id="a list of another kind"),
    ],
)
def test_other_lists_are_not_told(fields: dict[str, str], sign_in: SignIn) -> None:
    school = make_school()
    make_list([school], **fields)  # type: ignore[arg-type]  # fields of the model

    assert rows(sign_in(coordinator_of(school)))[0][5] == "нет"


def test_search_narrows_the_list_and_is_kept_in_the_field(sign_in: SignIn) -> None:
    school = make_school(name="МБОУ «Боровская СОШ»")
    make_school(name="МБОУ «Еловская ООШ»", territory=school.territory)
    client = sign_in(coordinator_of(school))

    assert names(client, "?q=боровская") == ["МБОУ «Боровская СОШ»"]
    assert 'value="боровская"' in client.get(f"{URL}?q=боровская").content.decode()


def test_foreign_municipality_in_the_query_shows_nothing_foreign(sign_in: SignIn) -> None:
    school, foreign = make_school(), make_school()

    page = sign_in(coordinator_of(school)).get(f"{URL}?territory={foreign.territory_id}")

    assert page.status_code == 200
    assert foreign.name not in page.content.decode()


def test_nothing_found_says_what_to_do(sign_in: SignIn) -> None:
    page = sign_in(coordinator_of(make_school())).get(f"{URL}?q=замок").content.decode()

    assert "Школ не найдено" in page
    assert "Измените условия или сбросьте их" in page


def test_long_list_is_paged(sign_in: SignIn) -> None:
    territory = make_territory()
    for number in range(PAGE_SIZE + 1):
        make_school(territory=territory, name=f"МБОУ «СОШ № {number:03d}»")
    client = sign_in(make_user(role=Role.OBSERVER, territory=territory))

    assert len(names(client)) == PAGE_SIZE
    assert names(client, "?page=2") == [f"МБОУ «СОШ № {PAGE_SIZE:03d}»"]


def test_page_beyond_the_last_is_the_last(sign_in: SignIn) -> None:
    school = make_school(name="МБОУ «СОШ № 1»")

    assert names(sign_in(coordinator_of(school)), "?page=99") == ["МБОУ «СОШ № 1»"]


def test_name_leads_to_the_card(sign_in: SignIn) -> None:
    school = make_school()

    page = sign_in(coordinator_of(school)).get(URL).content.decode()

    assert reverse("dashboards:school", args=[school.pk]) in page


@pytest.mark.parametrize("schools", [1, 3])
def test_list_takes_the_same_queries_for_any_number(
    schools: int,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    territory = make_territory()
    for _ in range(schools):
        make_school(territory=territory)
    client = sign_in(make_user(role=Role.OBSERVER, territory=territory))

    with django_assert_num_queries(8):
        client.get(URL)


def test_school_is_found_by_its_former_name_and_tells_it(sign_in: SignIn) -> None:
    school = make_renamed()

    cells = rows(sign_in(coordinator_of(school)), f"?q={OLD}")

    assert cells[0][0] == f"{NEW} средняя школа · прежде {OLD}"


def test_state_of_an_ended_school_is_told_and_filtered_by(sign_in: SignIn) -> None:
    school = make_school(name="А")
    make_school(name="Б", territory=school.territory, status=SchoolStatus.CLOSED)
    client = sign_in(coordinator_of(school))

    assert [cells[0] for cells in rows(client)] == ["А средняя школа", "Б ликвидирована средняя школа"]
    assert names(client, "?status=closed") == ["Б"]


def test_branch_without_an_inn_says_so(sign_in: SignIn) -> None:
    head = make_school(name="А")
    make_school(name="Филиал", parent=head, inn="", territory=head.territory)

    assert rows(sign_in(coordinator_of(head)))[1][4] == "нет своего"


# The list as a file


def downloaded(client: Client, query: str = "") -> list[object]:
    response = client.get(f"{URL}download/{query}")
    assert unquote(response["Content-Disposition"]).startswith("attachment; filename*=utf-8''Реестр школ ")
    return [row[1].value for row in load_workbook(BytesIO(response.content)).worksheets[0].iter_rows(min_row=4)]


def test_file_has_the_schools_of_the_filter(sign_in: SignIn) -> None:
    school = make_school(name="МБОУ «Боровская СОШ»")
    make_school(name="МБОУ «Еловская ООШ»", territory=school.territory)
    make_school(name="МБОУ «Боровская чужая СОШ»")

    assert downloaded(sign_in(coordinator_of(school)), "?q=боровская") == ["МБОУ «Боровская СОШ»"]


def test_button_carries_the_filter(sign_in: SignIn) -> None:
    school = make_school()

    page = sign_in(coordinator_of(school)).get(f"{URL}?kind=СОШ&page=1")

    link = BeautifulSoup(page.content, "html.parser").select_one("a[href*=download]")
    assert link is not None
    assert parse_qs(urlsplit(str(link["href"])).query) == {"kind": ["СОШ"]}


def test_taken_file_is_an_event(sign_in: SignIn) -> None:
    user = coordinator_of(make_school())
    downloaded(sign_in(user), "?kind=СОШ")

    event = AuditEvent.objects.get(code=AuditCode.REPORT_DOWNLOADED)
    assert (event.actor, event.meta) == (user, {"registry": True, "filter": {"kind": "СОШ"}})


def test_file_is_refused_without_a_role(sign_in: SignIn) -> None:
    assert sign_in(make_user()).get(f"{URL}download/").status_code == 403
