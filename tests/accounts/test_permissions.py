"""The role table row by row: which roles hold each permission, and what every role must be able to look at."""

import pytest

from accounts.permissions import COORDINATION, OVERVIEW, ROLE_PERMISSIONS, VIEWS, Permission, Role, roles_with

ADMIN, REGION, MUNICIPALITY = Role.REGIONAL_ADMIN, Role.REGIONAL_COORDINATOR, Role.MUNICIPAL_COORDINATOR
METHODIST, CURATOR, SCHOOL, MENTOR, OBSERVER = (
    Role.METHODIST,
    Role.CURATOR,
    Role.SCHOOL_ADMIN,
    Role.MENTOR,
    Role.OBSERVER,
)
COORDINATORS = {ADMIN, REGION, MUNICIPALITY}
OVERSEERS = COORDINATORS | {METHODIST, OBSERVER}

# Source: domain specification, 3.6
HOLDERS = {
    Permission.VIEW_SCHOOLS: set(Role),
    Permission.MANAGE_SCHOOLS: COORDINATORS,
    Permission.VIEW_IMPORTS: OVERSEERS,
    Permission.IMPORT_RESULTS: COORDINATORS,
    Permission.UPLOAD_OWN_DATA: {SCHOOL},
    Permission.VIEW_IDENTIFICATION: OVERSEERS | {SCHOOL},
    Permission.RUN_IDENTIFICATION: COORDINATORS,
    Permission.DECIDE_IDENTIFICATION: COORDINATORS,
    Permission.PUBLISH_LIST: COORDINATORS,
    Permission.MANAGE_RULES: {ADMIN},
    Permission.VIEW_RISK_PROFILES: set(Role) - {MENTOR},
    Permission.FILL_SELF_DIAGNOSIS: {SCHOOL},
    Permission.VERIFY_RISK_PROFILE: {CURATOR},
    Permission.APPROVE_RISK_PROFILE: COORDINATORS,
    Permission.VIEW_ROADMAPS: set(Role),
    Permission.EDIT_ROADMAP: COORDINATORS | {METHODIST, SCHOOL},
    Permission.EDIT_MUNICIPAL_ROADMAP: COORDINATORS | {METHODIST},
    Permission.APPROVE_ROADMAP: COORDINATORS,
    Permission.REPORT_EXECUTION: {SCHOOL},
    Permission.CONFIRM_EXECUTION: COORDINATORS | {METHODIST, CURATOR},
    Permission.VIEW_MONITORING: set(Role) - {MENTOR},
    Permission.MANAGE_CYCLES: COORDINATORS,
    Permission.FILL_SUBMISSION: {SCHOOL},
    Permission.ACCEPT_SUBMISSION: COORDINATORS | {METHODIST},
    Permission.VIEW_REPORTS: OVERSEERS | {SCHOOL},
    Permission.BUILD_REPORTS: COORDINATORS | {METHODIST},
    Permission.VIEW_AUDIT: {ADMIN},
    Permission.MANAGE_USERS: {ADMIN},
}
LOOKED_AT = {  # what a person must see to do it
    Permission.MANAGE_SCHOOLS: Permission.VIEW_SCHOOLS,
    Permission.IMPORT_RESULTS: Permission.VIEW_IMPORTS,
    Permission.RUN_IDENTIFICATION: Permission.VIEW_IDENTIFICATION,
    Permission.DECIDE_IDENTIFICATION: Permission.VIEW_IDENTIFICATION,
    Permission.PUBLISH_LIST: Permission.VIEW_IDENTIFICATION,
    Permission.FILL_SELF_DIAGNOSIS: Permission.VIEW_RISK_PROFILES,
    Permission.VERIFY_RISK_PROFILE: Permission.VIEW_RISK_PROFILES,
    Permission.APPROVE_RISK_PROFILE: Permission.VIEW_RISK_PROFILES,
    Permission.EDIT_ROADMAP: Permission.VIEW_ROADMAPS,
    Permission.EDIT_MUNICIPAL_ROADMAP: Permission.VIEW_ROADMAPS,
    Permission.APPROVE_ROADMAP: Permission.VIEW_ROADMAPS,
    Permission.REPORT_EXECUTION: Permission.VIEW_ROADMAPS,
    Permission.CONFIRM_EXECUTION: Permission.VIEW_ROADMAPS,
    Permission.MANAGE_CYCLES: Permission.VIEW_MONITORING,
    Permission.FILL_SUBMISSION: Permission.VIEW_MONITORING,
    Permission.ACCEPT_SUBMISSION: Permission.VIEW_MONITORING,
    Permission.BUILD_REPORTS: Permission.VIEW_REPORTS,
}


def test_table_of_holders_names_every_permission() -> None:
    assert set(HOLDERS) == set(Permission)


@pytest.mark.parametrize("permission", Permission)
def test_permission_is_held_by_its_roles_and_by_no_other(permission: Permission) -> None:
    assert roles_with(permission) == HOLDERS[permission]


@pytest.mark.parametrize("verb", LOOKED_AT)
def test_whoever_acts_may_look_at_what_it_acts_on(verb: Permission) -> None:
    assert roles_with(verb) <= roles_with(LOOKED_AT[verb])


def test_coordinators_of_region_and_municipality_differ_by_scope_alone() -> None:
    assert ROLE_PERMISSIONS[REGION] == ROLE_PERMISSIONS[MUNICIPALITY] == COORDINATION


def test_administrator_of_the_region_adds_rules_audit_and_people_to_coordination() -> None:
    added = ROLE_PERMISSIONS[ADMIN] - COORDINATION

    assert added == {Permission.MANAGE_RULES, Permission.VIEW_AUDIT, Permission.MANAGE_USERS}


@pytest.mark.parametrize(
    ("does", "checks"),
    [
        pytest.param(Permission.FILL_SELF_DIAGNOSIS, Permission.VERIFY_RISK_PROFILE, id="profile"),
        pytest.param(Permission.VERIFY_RISK_PROFILE, Permission.APPROVE_RISK_PROFILE, id="verdict"),
        pytest.param(Permission.REPORT_EXECUTION, Permission.CONFIRM_EXECUTION, id="execution"),
        pytest.param(Permission.FILL_SUBMISSION, Permission.ACCEPT_SUBMISSION, id="readings"),
    ],
)
def test_nobody_checks_own_work(does: Permission, checks: Permission) -> None:
    assert not roles_with(does) & roles_with(checks)


def test_sets_of_looking_hold_nothing_but_looking() -> None:
    assert {permission for permission in VIEWS | OVERVIEW if not permission.startswith("view_")} == set()
    assert VIEWS < OVERVIEW < COORDINATION


@pytest.mark.parametrize("permission", Permission)
def test_title_of_a_permission_is_a_russian_phrase(permission: Permission) -> None:
    assert permission.label[0].isupper()
    assert not permission.label.endswith(".")


def test_titles_of_permissions_do_not_repeat() -> None:
    assert len({permission.label for permission in Permission}) == len(Permission)
