"""What every page shows around its content: sections, the person, the chosen look."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.permissions import Permission


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the portal; permission None opens it to everyone signed in."""

    path: str
    title: str
    permission: Permission | None = None


SECTIONS: Final = (
    Section(path="", title="Сегодня"),
    Section(path="schools/", title="Школы", permission=Permission.VIEW_SCHOOLS),
    Section(path="imports/", title="Импорт", permission=Permission.VIEW_IMPORTS),
    Section(path="identification/", title="Выявление", permission=Permission.VIEW_IDENTIFICATION),
    Section(path="risk-profiles/", title="Рисковые профили", permission=Permission.VIEW_RISK_PROFILES),
    Section(path="roadmaps/", title="Дорожные карты", permission=Permission.VIEW_ROADMAPS),
    Section(path="monitoring/", title="Мониторинг", permission=Permission.VIEW_MONITORING),
    Section(path="reports/", title="Отчёты", permission=Permission.VIEW_REPORTS),
)


class NavItem(NamedTuple):
    """A link to a section; `current` when the page belongs to it."""

    url: str
    title: str
    current: bool


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give every template `nav`, `scope_title`, `active_jobs` and `a11y`.

    All are lazy: error pages show none of them and must work while the database is away.
    """
    return {
        "nav": SimpleLazyObject(lambda: nav_items(request)),
        "scope_title": SimpleLazyObject(lambda: scope_title(request)),
        "active_jobs": SimpleLazyObject(lambda: active_jobs(request)),
        "a11y": SimpleLazyObject(lambda: preferences(request)),
    }


def person(request: HttpRequest) -> User | None:
    user = getattr(request, "user", None)
    return user if isinstance(user, User) and user.is_authenticated else None


def nav_items(request: HttpRequest) -> list[NavItem]:
    user = person(request)
    if user is None:
        return []
    permissions = user.permissions
    return [
        NavItem(url, section.title, current=is_current(request.path, url))
        for section in SECTIONS
        if section.permission is None or section.permission in permissions
        for url in [get_script_prefix() + section.path]
    ]


def is_current(path: str, url: str) -> bool:
    return path == url if url == get_script_prefix() else path.startswith(url)


def scope_title(request: HttpRequest) -> str:
    """Return the territory or the school of the person, with how many more there are."""
    user = person(request)
    titles = list(dict.fromkeys(member.scope_title for member in user.active_memberships)) if user else []
    if not titles:
        return ""
    return titles[0] if len(titles) == 1 else f"{titles[0]} и ещё {len(titles) - 1}"


def active_jobs(request: HttpRequest) -> int:
    """Return how many jobs of the person wait or run."""
    user = person(request)
    return user.jobs.filter(finished_at=None).count() if user else 0


def preferences(request: HttpRequest) -> Mapping[str, str]:
    """Return the chosen look: size, contrast, space; see `accounts.forms.PreferencesForm`."""
    user = person(request)
    return user.preferences if user else {}
