"""Who may do what: one table, printable as the access matrix (docs/access.md)."""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import Final

from django.db import models


class Role(models.TextChoices):
    """Roles of the portal. Source: domain specification, 3.6."""

    REGIONAL_ADMIN = "regional_admin", "Администратор региона"
    REGIONAL_COORDINATOR = "regional_coordinator", "Региональный координатор"
    MUNICIPAL_COORDINATOR = "municipal_coordinator", "Муниципальный координатор"
    METHODIST = "methodist", "Методист"
    CURATOR = "curator", "Куратор"
    SCHOOL_ADMIN = "school_admin", "Школьный администратор"
    MENTOR = "mentor", "Школа-наставник"
    OBSERVER = "observer", "Наблюдатель"


class Permission(StrEnum):
    """Verbs. Which rows they reach is scope (`visible_to`), when they are allowed is state."""

    VIEW_SCHOOLS = auto()
    MANAGE_SCHOOLS = auto()
    VIEW_IMPORTS = auto()
    IMPORT_RESULTS = auto()
    UPLOAD_OWN_DATA = auto()
    VIEW_IDENTIFICATION = auto()
    RUN_IDENTIFICATION = auto()
    DECIDE_IDENTIFICATION = auto()
    PUBLISH_LIST = auto()
    MANAGE_RULES = auto()
    VIEW_RISK_PROFILES = auto()
    FILL_SELF_DIAGNOSIS = auto()
    VERIFY_RISK_PROFILE = auto()
    APPROVE_RISK_PROFILE = auto()
    VIEW_ROADMAPS = auto()
    EDIT_ROADMAP = auto()
    EDIT_MUNICIPAL_ROADMAP = auto()
    APPROVE_ROADMAP = auto()
    REPORT_EXECUTION = auto()
    CONFIRM_EXECUTION = auto()
    VIEW_MONITORING = auto()
    MANAGE_CYCLES = auto()
    FILL_SUBMISSION = auto()
    ACCEPT_SUBMISSION = auto()
    VIEW_REPORTS = auto()
    BUILD_REPORTS = auto()
    VIEW_AUDIT = auto()
    MANAGE_USERS = auto()

    @property
    def label(self) -> str:
        return PERMISSION_TITLES[self]


PERMISSION_TITLES: Final[Mapping[Permission, str]] = {
    Permission.VIEW_SCHOOLS: "Смотреть школы",
    Permission.MANAGE_SCHOOLS: "Вести реестр школ",
    Permission.VIEW_IMPORTS: "Смотреть загрузки",
    Permission.IMPORT_RESULTS: "Загружать, применять и отменять результаты",
    Permission.UPLOAD_OWN_DATA: "Загружать и сдавать формы своей школы",
    Permission.VIEW_IDENTIFICATION: "Смотреть выявление",
    Permission.RUN_IDENTIFICATION: "Проводить расчёт",
    Permission.DECIDE_IDENTIFICATION: "Принимать решения по школам",
    Permission.PUBLISH_LIST: "Утверждать и публиковать перечень",
    Permission.MANAGE_RULES: "Вести правила и каталоги",
    Permission.VIEW_RISK_PROFILES: "Смотреть рисковые профили",
    Permission.FILL_SELF_DIAGNOSIS: "Сдавать самодиагностику и выбирать риски",
    Permission.VERIFY_RISK_PROFILE: "Верифицировать профиль",
    Permission.APPROVE_RISK_PROFILE: "Утверждать профиль",
    Permission.VIEW_ROADMAPS: "Смотреть дорожные карты",
    Permission.EDIT_ROADMAP: "Вести карту школы",
    Permission.EDIT_MUNICIPAL_ROADMAP: "Вести карту территории",
    Permission.APPROVE_ROADMAP: "Согласовать и утвердить карту",
    Permission.REPORT_EXECUTION: "Отмечать исполнение и прикладывать подтверждения",
    Permission.CONFIRM_EXECUTION: "Подтверждать исполнение",
    Permission.VIEW_MONITORING: "Смотреть мониторинг",
    Permission.MANAGE_CYCLES: "Вести циклы мониторинга",
    Permission.FILL_SUBMISSION: "Заполнять и сдавать показатели",
    Permission.ACCEPT_SUBMISSION: "Принимать и возвращать показатели и формы школ",
    Permission.VIEW_REPORTS: "Смотреть и скачивать справки",
    Permission.BUILD_REPORTS: "Формировать справки",
    Permission.VIEW_AUDIT: "Смотреть журнал событий",
    Permission.MANAGE_USERS: "Вести пользователей",
}

VIEWS: Final = frozenset(
    {
        Permission.VIEW_SCHOOLS,
        Permission.VIEW_RISK_PROFILES,
        Permission.VIEW_ROADMAPS,
        Permission.VIEW_MONITORING,
    },
)
OVERVIEW: Final = VIEWS | {Permission.VIEW_IMPORTS, Permission.VIEW_IDENTIFICATION, Permission.VIEW_REPORTS}
COORDINATION: Final = OVERVIEW | {
    Permission.MANAGE_SCHOOLS,
    Permission.IMPORT_RESULTS,
    Permission.RUN_IDENTIFICATION,
    Permission.DECIDE_IDENTIFICATION,
    Permission.PUBLISH_LIST,
    Permission.APPROVE_RISK_PROFILE,
    Permission.EDIT_ROADMAP,
    Permission.EDIT_MUNICIPAL_ROADMAP,
    Permission.APPROVE_ROADMAP,
    Permission.CONFIRM_EXECUTION,
    Permission.MANAGE_CYCLES,
    Permission.ACCEPT_SUBMISSION,
    Permission.BUILD_REPORTS,
}

ROLE_PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.REGIONAL_ADMIN: COORDINATION | {Permission.MANAGE_RULES, Permission.VIEW_AUDIT, Permission.MANAGE_USERS},
    Role.REGIONAL_COORDINATOR: COORDINATION,
    Role.MUNICIPAL_COORDINATOR: COORDINATION,
    Role.METHODIST: OVERVIEW
    | {
        Permission.EDIT_ROADMAP,
        Permission.EDIT_MUNICIPAL_ROADMAP,
        Permission.CONFIRM_EXECUTION,
        Permission.ACCEPT_SUBMISSION,
        Permission.BUILD_REPORTS,
    },
    Role.CURATOR: VIEWS | {Permission.VERIFY_RISK_PROFILE, Permission.CONFIRM_EXECUTION},
    Role.SCHOOL_ADMIN: VIEWS
    | {
        Permission.VIEW_IDENTIFICATION,
        Permission.UPLOAD_OWN_DATA,
        Permission.FILL_SELF_DIAGNOSIS,
        Permission.EDIT_ROADMAP,
        Permission.REPORT_EXECUTION,
        Permission.FILL_SUBMISSION,
        Permission.VIEW_REPORTS,
    },
    Role.MENTOR: frozenset({Permission.VIEW_SCHOOLS, Permission.VIEW_ROADMAPS}),
    Role.OBSERVER: OVERVIEW,
}


def roles_with(permission: Permission) -> frozenset[Role]:
    """Return the roles that hold a permission."""
    return frozenset(role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions)
