"""Every page of the demo region in a real browser: whole, accessible, within its width, from this host alone."""

from typing import Final

from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from accounts.permissions import ROLE_PERMISSIONS, Role
from tests.e2e.visitor import LOOKS, Visitor
from tests.factories.schools import make_user

pytestmark = LOOKS

COORDINATOR: Final = {
    "/",
    "/jobs/",
    "/schools/",
    "/imports/",
    "/imports/*/",
    "/imports/*/remarks/",
    "/imports/aliases/",
    "/identification/",
    "/identification/lists/*/",
    "/identification/rules/*/",
    "/identification/verdicts/*/",
    "/risk-profiles/",
    "/risk-profiles/*/",
    "/roadmaps/",
    "/roadmaps/*/",
    "/roadmaps/measures/*/",
    "/monitoring/",
    "/monitoring/*/",
    "/monitoring/new/",
    "/monitoring/submissions/*/",
    "/reports/",
}
SCHOOL: Final = {
    "/",
    "/jobs/",
    "/risk-profiles/*/",
    "/self-assessment/",
    "/self-assessment/*/",
    "/roadmaps/*/",
    "/roadmaps/measures/*/",
    "/monitoring/submissions/*/",
}


OTHERS: Final = ("region-admin", "methodist", "curator", "mentor", "observer")


def test_pages_of_every_role_are_whole_and_accessible(browser: Browser, portal: LiveServer) -> None:
    looked_at: dict[str, set[str]] = {}
    coordinator, school, *others = (
        Visitor(browser, portal, login, looked_at) for login in ("coordinator", "school3", *OTHERS)
    )

    pages_of_coordinator = coordinator.walk("/", "/jobs/")
    pages_of_school = school.walk("/", "/jobs/", "/self-assessment/")
    pages_of_others = [visitor.walk("/", "/jobs/") for visitor in others]
    coordinator.tab_through("/")

    assert [found for visitor in (coordinator, school, *others) for found in visitor.wrong] == []
    assert pages_of_coordinator >= COORDINATOR
    assert pages_of_school >= SCHOOL
    assert all("/schools/*/" in pages for pages in pages_of_others)


def test_regional_coordinator_needs_no_walk_of_their_own() -> None:
    """They may do what the municipal coordinator may, whose pages are walked."""
    assert ROLE_PERMISSIONS[Role.REGIONAL_COORDINATOR] == ROLE_PERMISSIONS[Role.MUNICIPAL_COORDINATOR]


def test_admin_site_works_under_the_strict_policy(browser: Browser, live_server: LiveServer) -> None:
    person = make_user(is_staff=True, is_superuser=True)
    visitor = Visitor(browser, live_server, person.username)
    own_page = reverse("admin:accounts_user_change", args=[person.pk])
    forms = [reverse(f"admin:{model}_add") for model in ("accounts_user", "schools_membership", "schools_territory")]

    for path in (reverse("admin:index"), reverse("admin:accounts_user_changelist"), own_page, *forms):
        visitor.open(path)

    assert visitor.wrong == []
