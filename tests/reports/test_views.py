"""Pages of reports by role; nobody sees the reports of others."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import AuditEvent, User
from accounts.permissions import Role
from jobs import broker
from jobs.models import Job
from monitoring.models import Submission
from reports.models import Report, ReportVersion
from reports.views import day_again
from schools.models import School, Territory
from tests.factories.lists import make_list, make_low_school, make_published_list, make_run
from tests.factories.monitoring import make_open_cycle
from tests.factories.reports import coordinator_of, make_listed_territory, make_version, run_job
from tests.factories.roadmaps import make_running
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LIST = "/reports/"


@pytest.fixture
def territory() -> Territory:
    return make_listed_territory()


def question(territory: Territory, **fields: Any) -> dict[str, Any]:
    defaults = {
        "kind": "R8",
        "scope": f"territory:{territory.pk}",
        "period": "own",
        "period_from": "2026-01-01",
        "period_to": "2026-12-31",
        "signer_position": "Начальник управления",
        "signer_name": "И.К. Воронов",
        "formats": ["xlsx"],
    }
    return {**defaults, **fields}


def soup(response: Any) -> Any:
    return BeautifulSoup(response.content, "html.parser")


# The list


def test_neighbour_sees_no_report(territory: Territory, sign_in: SignIn) -> None:
    version = make_version(territory=territory)
    neighbour = sign_in(coordinator_of(make_territory()))

    page = neighbour.get(LIST).content.decode()

    assert territory.name not in page
    for name in ("detail", "rebuild"):
        url = reverse(f"reports:{name}", args=[version.pk])
        assert (neighbour.post if name == "rebuild" else neighbour.get)(url).status_code == 404
    assert neighbour.get(version.files.get().get_absolute_url()).status_code == 404


def test_observer_reads_and_builds_nothing(territory: Territory, sign_in: SignIn) -> None:
    version = make_version(territory=territory)
    client = sign_in(make_user(role=Role.OBSERVER, territory=territory))

    page = soup(client.get(LIST))

    assert page.find("form", action="/reports/new/") is None
    assert version.report.territory.name in page.text
    assert "Сформировать новую версию" not in client.get(version.get_absolute_url()).content.decode()
    assert client.post("/reports/new/", question(territory)).status_code == 403
    assert client.post("/reports/preview/", question(territory)).status_code == 403


def test_curator_has_no_reports(sign_in: SignIn) -> None:
    curator = make_user(role=Role.CURATOR, school=make_school())

    assert sign_in(curator).get(LIST).status_code == 403


def test_everybody_else_signs_in_first(client: Client) -> None:
    assert client.get(LIST).status_code == 302


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_the_same_queries_for_any_number(
    number: int, territory: Territory, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    by = coordinator_of(territory)
    for year in range(number):
        make_version(territory=territory, by=by, period_from=date(2026 - year, 1, 1))
    client = sign_in(by)

    with django_assert_num_queries(14):
        client.get(LIST)


def test_own_reports_can_be_told_from_the_others(territory: Territory, sign_in: SignIn) -> None:
    make_version(territory=territory)
    client = sign_in(coordinator_of(territory))

    own, everybodys = (soup(client.get(LIST, {"whose": whose})) for whose in ("own", "all"))

    assert "Справок пока нет" in own.text
    assert len(everybodys.select("section ul.rows > li")) == 1


def test_form_offers_only_own_territories_and_schools(territory: Territory, sign_in: SignIn) -> None:
    stranger = make_school(name="Чужая СОШ")
    page = soup(sign_in(coordinator_of(territory)).get(LIST))

    options = [option.text for option in page.select("#id_scope option")]

    assert options[0] == f"Все школы: {territory} (2\u00a0школы)"
    assert len(options) == 3
    assert stranger.name not in page.text


def test_late_schools_are_told_before_building(sign_in: SignIn) -> None:
    cycle = make_open_cycle()
    client = sign_in(coordinator_of(cycle.territory))

    assert "1\u00a0школа ещё не сдала показатели." in client.get(LIST).content.decode()
    Submission.objects.update(state="filling")
    assert "ещё не сдала" in client.get(LIST).content.decode()


def test_late_schools_are_told_of_the_kinds_that_have_their_figures(sign_in: SignIn) -> None:
    """The note is shown for these kinds only, and names them where no script hides it."""
    client = sign_in(coordinator_of(make_open_cycle().territory))

    note = soup(client.get(LIST)).select_one(".note-warn[data-when]")

    assert note is not None
    assert note["data-when"] == "kind=R1|R4"
    assert "В справках «Методическая помощь» и «Исполнение дорожных карт» вместо их данных" in note.get_text()


# A new report


def test_coordinator_builds_a_report(
    territory: Territory,
    sign_in: SignIn,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client = sign_in(coordinator_of(territory))

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/reports/new/", question(territory))
    queue = soup(client.get(LIST))
    job = run_job(Job.objects.get())
    ready = soup(client.get(LIST))

    assert queue.select_one("#t-q") is not None
    assert job.state == "ready"
    assert ready.select_one("#t-q") is None
    assert ready.select_one(f'a[href="{job.result_url}"]') is not None
    frame = ReportVersion.objects.get().facts["frame"]
    assert frame["signer"] == {"position": "Начальник управления", "name": "И.К. Воронов"}


def test_twenty_clicks_are_one_job(territory: Territory, sign_in: SignIn) -> None:
    client = sign_in(coordinator_of(territory))

    for _ in range(20):
        client.post("/reports/new/", question(territory))

    assert Job.objects.count() == 1


def test_silent_broker_is_told_and_the_request_kept(
    territory: Territory,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    monkeypatch.setattr(broker._Outage, "until", float("inf"))  # noqa: SLF001  as after a failed attempt
    client = sign_in(coordinator_of(territory))

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/reports/new/", question(territory))
    page = client.get(LIST).content.decode()

    assert "Служба формирования отчётов временно недоступна" in page
    assert Job.objects.get().state == "queued"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"kind": ""}, "Выберите вид справки.", id="no kind"),
        pytest.param({"formats": []}, "Выберите хотя бы один формат.", id="no format"),
        pytest.param({"scope": "territory:1"}, "territory:1", id="unknown territory"),
        pytest.param({"period_from": ""}, "Укажите первый день периода.", id="no first day"),
        pytest.param({"period_to": ""}, "Укажите последний день периода.", id="no last day"),
        pytest.param({"period_to": "2025-01-01"}, "раньше, чем начинается: 01.01.2025", id="backwards"),
        pytest.param({"signer_name": ""}, "Укажите инициалы и фамилию", id="no name"),
        pytest.param({"signer_position": ""}, "Укажите должность", id="no position"),
    ],
)
def test_wrong_question_is_answered_with_words(
    fields: dict[str, Any], words: str, territory: Territory, sign_in: SignIn
) -> None:
    client = sign_in(coordinator_of(territory))

    response = client.post("/reports/new/", question(territory, **fields))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Job.objects.exists()


def test_list_of_one_school_is_refused_in_the_form(territory: Territory, sign_in: SignIn) -> None:
    school = territory.schools.all()[0]
    client = sign_in(coordinator_of(territory))

    response = client.post("/reports/new/", question(territory, scope=f"school:{school.pk}"))

    assert response.status_code == 422
    assert "составляется по территории" in response.content.decode()


def test_report_about_one_school_is_accepted(territory: Territory, sign_in: SignIn) -> None:
    school = territory.schools.all()[0]
    client = sign_in(coordinator_of(territory))

    client.post("/reports/new/", question(territory, kind="R4", scope=f"school:{school.pk}", period="y2026"))

    assert Job.objects.get().parameters["school"] == str(school.pk)


def test_territory_of_others_cannot_be_smuggled_in(territory: Territory, sign_in: SignIn) -> None:
    other = make_listed_territory()

    response = sign_in(coordinator_of(territory)).post("/reports/new/", question(other))

    assert response.status_code == 422
    assert not Job.objects.exists()


# Preview


def test_preview_shows_the_document_and_stores_nothing(territory: Territory, sign_in: SignIn) -> None:
    client = sign_in(coordinator_of(territory))

    page = soup(client.post("/reports/preview/", question(territory)))

    assert "ПЕРЕЧЕНЬ" in page.select_one(".doc-kind").text.upper()
    assert page.select_one('form[action="/reports/new/"] input[name="formats"]')["value"] == "xlsx"
    assert not ReportVersion.objects.exists()


def test_preview_can_be_built_as_it_stands(territory: Territory, sign_in: SignIn) -> None:
    client = sign_in(coordinator_of(territory))
    form = soup(client.post("/reports/preview/", question(territory))).select_one('form[action="/reports/new/"]')

    client.post("/reports/new/", {field["name"]: field["value"] for field in form.select("input[name]")})

    assert Job.objects.get().parameters["signer_name"] == "И.К. Воронов"


def test_preview_without_a_list_says_what_to_do(sign_in: SignIn) -> None:
    territory = make_territory()

    response = sign_in(coordinator_of(territory)).post("/reports/preview/", question(territory))

    assert response.status_code == 422
    assert "Проведите выявление" in error_of(response, "period")


def test_preview_before_the_order_is_refused_at_the_day(territory: Territory, sign_in: SignIn) -> None:
    client = sign_in(coordinator_of(territory))

    response = client.post("/reports/preview/", question(territory, as_of="2026-01-10"))

    assert response.status_code == 422
    assert "ещё не был опубликован" in error_of(response, "as_of")


def error_of(response: Any, field: str) -> str:
    return " ".join(each.text for each in soup(response).select(f"#div_id_{field} .invalid-feedback"))


def test_preview_of_a_wrong_question_shows_the_form(territory: Territory, sign_in: SignIn) -> None:
    response = sign_in(coordinator_of(territory)).post("/reports/preview/", question(territory, kind=""))

    assert response.status_code == 422


def test_preview_warns_of_dates_of_orders(territory: Territory, sign_in: SignIn) -> None:
    make_running(territory=territory)
    client = sign_in(coordinator_of(territory))

    page = client.post("/reports/preview/", question(territory, kind="R4")).content.decode()

    assert "раньше приказа о\u00a0перечне" in page or "раньше приказа о перечне" in page


# A version


def test_version_shows_its_document_with_sources(territory: Territory, sign_in: SignIn) -> None:
    version = make_version(territory=territory)
    page = soup(sign_in(coordinator_of(territory)).get(version.get_absolute_url()))

    button = page.select_one("button.fig")

    assert page.h1.text == version.title
    assert page.find(id=button["popovertarget"]).a["href"].startswith("/identification/lists/")
    assert version.facts_sha256 in page.text
    assert version.files.get().sha256 in page.text


def test_page_of_a_version_obeys_the_strict_policy(territory: Territory, sign_in: SignIn) -> None:
    response = sign_in(coordinator_of(territory)).get(make_version(territory=territory).get_absolute_url())

    page = soup(response)

    assert "unsafe" not in response["Content-Security-Policy"]
    assert not page.select("[style]")
    assert all(script.has_attr("src") for script in page.select("script"))


def test_rebuilding_is_a_new_version_beside_the_old(territory: Territory, sign_in: SignIn) -> None:
    version = make_version(territory=territory)
    client = sign_in(coordinator_of(territory))

    client.post(reverse("reports:rebuild", args=[version.pk]))
    run_job(Job.objects.newest_first()[0])
    latest = ReportVersion.objects.get(number=2)
    page = soup(client.get(latest.get_absolute_url()))

    assert latest.report == version.report
    assert latest.facts["frame"]["signer"] == version.facts["frame"]["signer"]
    assert page.select_one(f'a[href="{version.get_absolute_url()}"]') is not None


@pytest.mark.parametrize(
    ("as_of", "dated", "end", "day"),
    [
        pytest.param("2026-11-20", "2026-11-20", "2026-12-31", "2026-11-27", id="of the day it was built on"),
        pytest.param("2026-11-20", "2026-11-20", "2026-11-25", "2026-11-25", id="the period has ended since"),
        pytest.param("2026-11-20", "2026-11-20", "2026-08-31", "2026-11-27", id="of its day, after the period"),
        pytest.param("2026-08-31", "2026-11-20", "2026-08-31", "2026-08-31", id="of the end of the period"),
        pytest.param("2026-09-20", "2026-11-20", "2026-08-31", "2026-09-20", id="of a chosen day"),
    ],
)
def test_next_version_is_of_the_day_that_was_asked_for(as_of: str, dated: str, end: str, day: str) -> None:
    report = Report(period_to=date.fromisoformat(end))
    version = ReportVersion(report=report, as_of=date.fromisoformat(as_of), facts={"frame": {"dated": dated}})

    assert str(day_again(version, date(2026, 11, 27))) == day


def test_observer_may_not_rebuild(territory: Territory, sign_in: SignIn) -> None:
    version = make_version(territory=territory)
    client = sign_in(make_user(role=Role.OBSERVER, territory=territory))

    assert client.post(reverse("reports:rebuild", args=[version.pk])).status_code == 403


def test_school_reads_its_own_report_and_may_not_rebuild_it(sign_in: SignIn) -> None:
    school = make_school()
    make_list([school])
    version = make_version(territory=school.territory, kind="R4", school=school.pk)
    client = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=school))

    assert client.get(version.get_absolute_url()).status_code == 200
    assert client.get(version.files.get().get_absolute_url()).status_code == 200


# Files


def test_download_gives_the_sealed_bytes_and_leaves_a_trace(territory: Territory, sign_in: SignIn) -> None:
    version = make_version(territory=territory)
    file = version.files.get()
    reader = coordinator_of(territory)

    response = sign_in(reader).get(file.get_absolute_url())

    assert response.content == Path(file.file.path).read_bytes()
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''R8%20")
    event = AuditEvent.objects.get(code="REP-02")
    assert (event.actor, event.object_id) == (reader, str(file.pk))


def test_damaged_file_is_told_and_not_given(territory: Territory, sign_in: SignIn) -> None:
    version = make_version(territory=territory)
    file = version.files.get()
    Path(file.file.path).write_bytes(b"changed")

    response = sign_in(coordinator_of(territory)).get(file.get_absolute_url(), follow=True)

    assert "изменён или повреждён" in response.content.decode()


def test_format_that_was_not_built_is_not_found(territory: Territory, sign_in: SignIn) -> None:
    version = make_version(territory=territory)

    response = sign_in(coordinator_of(territory)).get(reverse("reports:download", args=[version.pk, "pdf"]))

    assert response.status_code == 404


def test_one_who_signs_is_not_named_as_executor_too(territory: Territory, sign_in: SignIn) -> None:
    person = coordinator_of(territory)
    client = sign_in(person)

    client.post("/reports/new/", question(territory, signer_name=person.signature_name))
    client.post("/reports/new/", question(territory))

    assert {job.parameters["executor"] for job in Job.objects.all()} == {
        "",
        f"{person.short_name}, Муниципальный координатор",
    }


# What other pages lead to


def test_page_that_leads_here_chooses_for_the_person(territory: Territory, sign_in: SignIn) -> None:
    school = make_school(territory=territory)
    asked = f"kind=R9&scope=school:{school.pk}&period=own&period_from=2024-01-01&period_to=2026-12-31&signer_name=X"

    page = soup(sign_in(coordinator_of(territory)).get(f"{LIST}?{asked}"))

    assert page.select_one("input[name=kind][checked]")["value"] == "R9"
    assert page.select_one("select[name=scope] option[selected]")["value"] == f"school:{school.pk}"
    assert page.select_one("input[name=period_from]")["value"] == "2024-01-01"
    assert page.select_one("input[name=signer_name]").get("value", "") != "X"


def test_forged_choices_choose_nothing(territory: Territory, sign_in: SignIn) -> None:
    response = sign_in(coordinator_of(territory)).get(f"{LIST}?kind=R99&scope=school:x&period=%00&period_from=x")

    assert response.status_code == 200


def listed_school() -> School:
    """Return a school of a published list with a calculation behind it."""
    territory = make_territory()
    school = make_low_school(territory=territory, name="МБОУ «СОШ № 3»")
    make_published_list(make_run(territory=territory))
    return school


def test_extract_is_read_by_its_school_and_by_no_other(sign_in: SignIn) -> None:
    school = listed_school()
    version = make_version(
        territory=school.territory, kind="R8S", school=school.pk, formats=("pdf", "xlsx"), dated=date(2026, 11, 20)
    )
    own = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=school))
    neighbour = make_low_school(territory=school.territory)

    page = own.get(LIST).content.decode()
    files = [own.get(file.get_absolute_url()) for file in version.files.order_by("format")]

    assert "Почему школа в перечне" in page
    assert [file.content[:4] for file in files] == [b"%PDF", b"PK\x03\x04"]
    other = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=neighbour))
    for url in (version.get_absolute_url(), *(file.get_absolute_url() for file in version.files.all())):
        assert other.get(url).status_code == 404
    assert "Почему школа в перечне" not in other.get(LIST).content.decode()


def test_dynamics_of_a_school_are_previewed_and_built(sign_in: SignIn) -> None:
    school = listed_school()
    by = coordinator_of(school.territory)
    data = question(school.territory, kind="R9", scope=f"school:{school.pk}", period="own", period_from="2024-01-01")

    preview = sign_in(by).post("/reports/preview/", data)
    version = make_version(territory=school.territory, by=by, kind="R9", school=school.pk, formats=("pdf", "xlsx"))

    assert "о динамике результатов оценочных процедур" in soup(preview).text
    assert (version.pages or 0) >= 1
    detail = sign_in(by).get(version.get_absolute_url())
    assert soup(detail).select("figure.doc-chart svg")
    assert soup(detail).select("td .fig")


def test_dynamics_without_results_are_refused_on_the_form(territory: Territory, sign_in: SignIn) -> None:
    client = sign_in(coordinator_of(territory))

    response = client.post("/reports/preview/", question(territory, kind="R9"))

    assert response.status_code == 422
    assert "Результатов за 2025–2026 годы нет" in error_of(response, "period")
