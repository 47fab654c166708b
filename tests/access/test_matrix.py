"""The access matrix: every address of the URL configuration, asked by every role of the demo region.

A view without a declared access fails; so does an address with parameters that nobody has told here how to fill.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.access import PUBLIC, SIGNED_IN
from accounts.models import User
from accounts.permissions import Permission, roles_with
from jobs.actions import enqueue
from monitoring.models import MonitoringCycle, Reading, Submission
from reports.models import ReportVersion
from riskprofiles.actions.school_forms import hand_in_form
from riskprofiles.choices import SchoolFormCode
from riskprofiles.models import ProfileFactor, RiskProfile, SchoolForm, SelfDiagnosisUpload
from roadmaps.models import Evidence, Measure, Roadmap, Section
from schools.importing.files import GivenFile
from schools.importing.prepared import queue_marked
from schools.importing.templates import reporting_year
from schools.models import (
    ClusterSet,
    IdentificationRuleSet,
    IdentificationRun,
    ImportBatch,
    ImportFile,
    School,
    SchoolAlias,
    SchoolList,
    SchoolSocialIndex,
    SchoolVerdict,
    SocialIndexRule,
    SocialIndexRun,
)
from tests.demo import demo_region
from tests.factories.clusters import make_cluster_set

pytestmark = pytest.mark.django_db

Address = tuple[str, URLPattern]
SCHOOL: Final = "edu900003"
ACTORS: Final = (
    "region-admin",
    "region",
    "coordinator",
    "methodist",
    "curator",
    "school3",
    "mentor",
    "observer",
)
ONE_OF_EACH_REACH: Final = ("region-admin", "coordinator", "school3")
STRANGERS: Final = ("neighbour", "school9")
ANSWERS: Final = {200, 204, 286, 302, 303, 400, 404, 405, 409, 422}


def addresses(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[Address]:
    """Yield every named pattern of ours with its full name; the admin site declares its access itself."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from addresses(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        else:
            yield ":".join((*spaces, pattern.name or str(pattern.pattern))), pattern


ADDRESSES: Final = list(addresses(get_resolver()))


def pk_of(model: Any, **conditions: Any) -> Callable[[], Mapping[str, Any]]:
    return lambda: {"pk": model.objects.filter(**conditions).order_by("pk").values_list("pk", flat=True)[0]}


def factor_of_profile() -> Mapping[str, Any]:
    factor = ProfileFactor.objects.filter(profile__school__login=SCHOOL).order_by("pk")[0]
    return {"pk": factor.profile_id, "factor_pk": factor.pk}


def upload_of_profile() -> Mapping[str, Any]:
    upload = SelfDiagnosisUpload.objects.select_related("diagnosis")[0]
    return {"pk": upload.diagnosis.profile_id, "upload_pk": upload.pk}


def own_form() -> Mapping[str, Any]:
    school = School.objects.get(login=SCHOOL)
    return {"school_pk": school.pk, "code": "SA-1", "year": reporting_year(timezone.localdate())}


profile = pk_of(RiskProfile, school__login=SCHOOL)
submission = pk_of(Submission, school__login=SCHOOL)
cycle = pk_of(MonitoringCycle, stage="interim")
batch = pk_of(ImportBatch, state="checked")
verdict = pk_of(SchoolVerdict, school__login=SCHOOL)
school_list = pk_of(SchoolList)
roadmap = pk_of(Roadmap, school__login=SCHOOL)
measure = pk_of(Measure, roadmap__school__login=SCHOOL)
section = pk_of(Section, roadmap__school__login=SCHOOL)
evidence = pk_of(Evidence, measure__roadmap__school__login=SCHOOL)

# Which object an address is asked about. All belong to school № 3 or to its municipality.
PARAMETERS: Final[Mapping[str, Callable[[], Mapping[str, Any]]]] = {
    "dashboards:school": pk_of(School, login=SCHOOL),
    "schools:change": lambda: {**pk_of(School, login=SCHOOL)(), "act": "details"},
    "schools:withdraw": pk_of(School, login=SCHOOL),
    **{f"schools:{name}": pk_of(School, login=SCHOOL) for name in ("results", "conditions")},
    **{f"identification:social_rule{name}": pk_of(SocialIndexRule) for name in ("", "_new")},
    **{f"identification:{name}": pk_of(SocialIndexRun) for name in ("social_run", "social_draft", "social_download")},
    "identification:social_school": pk_of(SchoolSocialIndex, school__login=SCHOOL),
    "jobs:status": lambda: {"pk": job_of_coordinator()},
    "jobs:cancel": lambda: {"pk": job_of_coordinator()},
    "jobs:retry": lambda: {"pk": job_of_coordinator()},
    **{
        f"imports:{name}": pk_of(ImportFile, state="recognised", batch__state="checked")
        for name in ("file", "marked", "prepare_marked", "correct", "leave_out")
    },
    **{
        f"imports:{name}": batch
        for name in (
            "batch",
            "progress",
            "cancel",
            "remarks",
            "schools",
            "problems",
            "batch_template",
            "prepare_batch_template",
            "check",
            "apply",
            "reject",
            "undo",
        )
    },
    "imports:alias_delete": lambda: {"pk": alias_of_school()},
    **{
        f"identification:rule_set{name}": pk_of(IdentificationRuleSet)
        for name in ("", "_copy", "_edit", "_words", "_delete")
    },
    **{f"identification:cluster_set{name}": lambda: {"pk": clusters_of_region()} for name in ("", "_edit", "_delete")},
    "identification:explain": verdict,
    "identification:decide": verdict,
    **{
        f"identification:{name}": school_list
        for name in (
            "list",
            "list_download",
            "list_add",
            "approve",
            "reopen",
            "publish",
            "cancel",
            "exclusions_download",
            "list_put_in",
            "list_take_out",
        )
    },
    **{
        f"identification:{name}": lambda: {**school_list(), "school": School.objects.get(login=SCHOOL).pk}
        for name in ("list_remove", "exclude", "exclusion_annul", "list_as_counted")
    },
    "identification:take_back": lambda: {**pk_of(IdentificationRun)(), "stamp": "2026-10-14T10:00:00+03:00"},
    "identification:compare_download": lambda: dict.fromkeys(("before", "after"), pk_of(IdentificationRun)()["pk"]),
    **{
        f"identification:{name}": pk_of(IdentificationRun)
        for name in ("run", "pictures", "save_version", "include", "draft", "download")
    },
    **{
        f"riskprofiles:{name}": profile
        for name in ("detail", "send", "activate", "approve", "reopen", "return", "complete", "add_factor")
    },
    "riskprofiles:judge": factor_of_profile,
    **{f"self_assessment:{name}": profile for name in ("form", "check", "submit", "add_own", "download", "upload")},
    "self_assessment:remove_own": factor_of_profile,
    "self_assessment:answer": lambda: {**factor_of_profile(), "field": "school_measures"},
    "imports:template": lambda: {"code": "SA-1"},
    "imports:prepare_template": lambda: {"code": "SA-1"},
    "imports:prepared": lambda: {"pk": workbook_of_coordinator()},
    "self_assessment:school_form_upload": own_form,
    **{
        f"self_assessment:school_form{name}": pk_of(SchoolForm, school__login=SCHOOL)
        for name in ("", "_progress", "_check", "_apply", "_give_up", "_accept", "_return")
    },
    **{f"self_assessment:{name}": upload_of_profile for name in ("preview", "apply", "discard")},
    **{f"monitoring:{name}": cycle for name in ("cycle", "move", "remind", "delete")},
    **{f"monitoring:{name}": submission for name in ("submission", "submit", "accept", "return")},
    "monitoring:reading": pk_of(Reading, submission__school__login=SCHOOL, metric__source="school"),
    **{
        f"roadmaps:{name}": roadmap
        for name in (
            "detail",
            "delete",
            "send",
            "return",
            "changes",
            "agree",
            "approve",
            "start",
            "close",
            "revise",
            "undo",
            "section_add",
            "library_add",
            "remarks",
        )
    },
    **{f"roadmaps:{name}": section for name in ("objective", "measure_add")},
    **{
        f"roadmaps:{name}": measure
        for name in (
            "measure",
            "row",
            "factors",
            "move",
            "exclude",
            "restore",
            "report",
            "evidence_add",
            "confirm",
            "measure_return",
        )
    },
    "roadmaps:cell": lambda: {**measure(), "name": "title"},
    **{f"roadmaps:{name}": evidence for name in ("evidence", "evidence_remove")},
    "reports:detail": pk_of(ReportVersion),
    "reports:rebuild": pk_of(ReportVersion),
    "reports:download": lambda: {**pk_of(ReportVersion)(), "file_format": "xlsx"},
}


def alias_of_school() -> Any:
    school = School.objects.get(login=SCHOOL)
    alias, _ = SchoolAlias.objects.get_or_create(school=school, normalised_name="логин из файла")
    return alias.pk


def job_of_coordinator() -> Any:
    coordinator = User.objects.get(username="coordinator")
    return enqueue(kind="report.build", params={"access": "matrix"}, by=coordinator, title="Справка").pk


def clusters_of_region() -> Any:
    school = School.objects.get(login=SCHOOL)
    region = school.territory.parent
    assert region
    stored = ClusterSet.objects.filter(territory=region).first() or make_cluster_set(region, {school: "А"})
    return stored.pk


def workbook_of_coordinator() -> Any:
    coordinator = User.objects.get(username="coordinator")
    file = ImportFile.objects.filter(state="recognised", batch__state="checked").order_by("pk")[0]
    return queue_marked(file, by=coordinator).pk


def url_of(address: Address) -> str:
    name, pattern = address
    if not pattern.pattern.converters:
        return reverse(name)
    assert name in PARAMETERS, f"{name}: tell in PARAMETERS which object to ask about"
    return reverse(name, kwargs=dict(PARAMETERS[name]()))


@pytest.fixture(autouse=True)
def _own_files() -> None:
    """Leave the files of the region where they are; the suite's fixture of this name would hide them."""


@pytest.fixture(scope="module", autouse=True)
def _region(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[None]:
    folder: Path = tmp_path_factory.mktemp("access")
    with demo_region(django_db_blocker, tmp_path_factory, folder / "files"):
        municipality = School.objects.get(login=SCHOOL).territory
        call_command(
            "build_report", "R8", territory=municipality.code, year=2026, formats="xlsx", output=folder / "out",
        )  # fmt: skip
        diagnosis = RiskProfile.objects.get(school__login=SCHOOL).self_diagnosis
        admin = User.objects.get(username="school3")
        SelfDiagnosisUpload.objects.create(
            diagnosis=diagnosis,
            file_name="СД-3.xlsx",
            file_sha256="0" * 64,
            size=1,
            uploaded_by=admin,
            uploaded_at=diagnosis.profile.created_at,
        )
        hand_in_form(
            school=School.objects.get(login=SCHOOL),
            code=SchoolFormCode.STAFF,
            year=reporting_year(timezone.localdate()),
            file=GivenFile(name="SA-4.xlsx", data=b"not read here"),
            by=admin,
            at=timezone.now(),
        )
        SESSIONS.update({actor: session_of(actor) for actor in (*ACTORS, *STRANGERS)})
        yield


SESSIONS: Final[dict[str, str]] = {}


def session_of(actor: str) -> str:
    """Sign a person in once for all requests; what a request does to the session is undone with its test."""
    client = Client()
    client.force_login(User.objects.get(username=actor))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def client_of(actor: str | None) -> Client:
    client = Client(raise_request_exception=True)
    if actor:
        client.cookies[settings.SESSION_COOKIE_NAME] = SESSIONS[actor]
    return client


def ask(actor: str | None, method: str, url: str) -> Any:
    response: Any = client_of(actor).generic(method, url)
    if response.streaming:
        b"".join(response.streaming_content)  # read to the end: the client closes the file then
    return response


@cache
def roles_of(actor: str) -> frozenset[str]:
    return frozenset(User.objects.get(username=actor).roles)


def is_allowed(actor: str, permission: Permission) -> bool:
    return bool(roles_of(actor) & roles_with(permission))


@pytest.mark.parametrize("address", ADDRESSES, ids=[name for name, _ in ADDRESSES])
def test_address_declares_its_access(address: Address) -> None:
    declared = getattr(address[1].callback, "access", None)

    assert declared in {PUBLIC, SIGNED_IN, *Permission}, f"{address[0]} has no access decorator"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("address", ADDRESSES, ids=[name for name, _ in ADDRESSES])
def test_address_answers_every_role_by_the_table(address: Address, method: str) -> None:
    declared = address[1].callback.access  # type: ignore[attr-defined]  # declared by the decorators
    url = url_of(address)

    assert_anonymous(declared, ask(None, method, url))
    for actor in actors():
        status = ask(actor, method, url).status_code
        if isinstance(declared, Permission) and not is_allowed(actor, declared):
            assert status in {403, 405}, f"{actor} {method} {url}"
        else:
            assert status in ANSWERS | {403}, f"{actor} {method} {url}"


def actors() -> tuple[str, ...]:
    """Return who asks: whom a page is open to is the same on every engine, that its queries run is seen by three."""
    return ACTORS if connection.vendor == "sqlite" else ONE_OF_EACH_REACH


def assert_anonymous(declared: str, response: Any) -> None:
    if declared == PUBLIC:
        assert response.status_code in ANSWERS
    else:
        assert (response.status_code, response.headers.get("Location", "")[:7]) in {(302, "/login/"), (405, "")}


@pytest.mark.engine_neutral
@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize(
    "address",
    [address for address in ADDRESSES if address[1].pattern.converters],
    ids=[name for name, pattern in ADDRESSES if pattern.pattern.converters],
)
def test_foreign_object_is_not_found(address: Address, stranger: str) -> None:
    """Ask a coordinator of another municipality, and another school, for what is not theirs."""
    url, name = url_of(address), address[0]
    school = School.objects.get(login=SCHOOL)

    response = ask(stranger, "GET", url)

    if name in SHARED_WITHIN_TERRITORY.get(stranger, set()):
        assert response.status_code in ANSWERS
    else:
        assert response.status_code in {403, 404, 405}, f"{stranger} {url}"
    assert school.name not in page_text(response)


# What lies open beyond one's own school by design: rules are everyone's, a set of clusters is the region's and shows
# each municipality its own schools, a cycle shows each school its own row, a template asked for nobody is of one's own
# territory.
SHARED_WITHIN_TERRITORY: Final[Mapping[str, set[str]]] = {
    "neighbour": {
        "identification:rule_set",
        "identification:social_rule",
        "identification:cluster_set",
        "imports:template",
    },
    "school9": {"identification:rule_set", "identification:social_rule", "monitoring:cycle"},
}


def page_text(response: Any) -> str:
    return "" if response.streaming else response.content.decode(errors="replace")


WRITING_READS: Final = {
    "reports:download": "who took the file is an audit event",
    "schools:download": "same",
    "imports:file": "same",
    "imports:problems": "same",
    "roadmaps:evidence": "same",
    "identification:download": "same",
    "identification:list_download": "same",
    "identification:exclusions_download": "same",
    "identification:compare_download": "same",
    "identification:social_download": "same",
    "self_assessment:download": "same",
    "imports:template": "same",
    "imports:prepared": "same",
    "jobs:status": "a poll picks up a job that nobody works on",
}


READS: Final = [address for address in ADDRESSES if address[0] not in WRITING_READS]


@pytest.mark.parametrize("actor", ["coordinator", pytest.param("school3", marks=pytest.mark.engine_neutral)])
@pytest.mark.parametrize("address", READS, ids=[name for name, _ in READS])
def test_reading_a_page_writes_nothing(address: Address, actor: str) -> None:
    url = url_of(address)
    client = client_of(actor)

    with connection.execute_wrapper(refuse_writing):
        client.get(url)


def refuse_writing(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
    assert sql.split(maxsplit=1)[0] in {"SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET", "SHOW"}, sql[:200]
    return execute(sql, params, many, context)


def test_admin_site_opens_to_the_regional_administrator_alone() -> None:
    statuses = {actor: ask(actor, "GET", "/admin/").status_code for actor in ACTORS}

    assert statuses == {actor: 200 if actor == "region-admin" else 302 for actor in ACTORS}


def test_person_without_a_role_gets_the_home_page_and_nothing_else() -> None:
    client = Client()
    client.force_login(User.objects.create_user("nobody-yet"))

    assert client.get("/").status_code == 200
    assert client.get("/schools/").status_code == 403


def test_view_without_a_declared_access_is_caught() -> None:
    pattern = URLPattern(get_resolver().url_patterns[0].pattern, lambda _request: None)

    with pytest.raises(AssertionError, match="no access decorator"):
        test_address_declares_its_access(("planted:leak", pattern))
