"""What every page shows around its content: sections, the person, the chosen look."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import Count, Subquery
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
    Section(path="imports/", title="Загрузки", permission=Permission.VIEW_IMPORTS),
    Section(path="identification/", title="Выявление", permission=Permission.VIEW_IDENTIFICATION),
    Section(path="risk-profiles/", title="Рисковые профили", permission=Permission.VIEW_RISK_PROFILES),
    Section(path="self-assessment/", title="Самообследование", permission=Permission.UPLOAD_OWN_DATA),
    Section(path="roadmaps/", title="Дорожные карты", permission=Permission.VIEW_ROADMAPS),
    Section(path="monitoring/", title="Мониторинг", permission=Permission.VIEW_MONITORING),
    Section(path="reports/", title="Отчёты", permission=Permission.VIEW_REPORTS),
)


def section_of(path: str) -> Section:
    """Return the section that a page belongs to, the first one for pages outside of all."""
    inside = path.removeprefix(get_script_prefix())
    return next((each for each in SECTIONS if each.path and inside.startswith(each.path)), SECTIONS[0])


class NavItem(NamedTuple):
    """A link to a section; `current` when the page belongs to it."""

    url: str
    title: str
    current: bool


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give every template `nav`, `scope_title`, `bell` and `a11y`.

    All are lazy: error pages show none of them and must work while the database is away.
    """
    return {
        "nav": SimpleLazyObject(lambda: nav_items(request)),
        "scope_title": SimpleLazyObject(lambda: scope_title(request)),
        "bell": SimpleLazyObject(lambda: bell(request)),
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


class Bell(NamedTuple):
    """What the bell of the head counts: jobs that wait or run, news that nobody has read."""

    jobs: int = 0
    news: int = 0

    @property
    def total(self) -> int:
        return self.jobs + self.news


def bell(request: HttpRequest) -> Bell:
    """Return the counts of a person. One query."""
    user = person(request)
    if user is None:
        return Bell()
    jobs = user.jobs.filter(finished_at=None).order_by().values("requested_by").annotate(number=Count("pk"))
    news = user.notices.unread().order_by().values("user").annotate(number=Count("pk"))
    counted = User.objects.filter(pk=user.pk).values_list(
        Subquery(jobs.values("number")), Subquery(news.values("number"))
    )
    jobs_number, news_number = counted[0]
    return Bell(jobs=jobs_number or 0, news=news_number or 0)


def preferences(request: HttpRequest) -> Mapping[str, str]:
    """Return the chosen look: size, contrast, space; see `accounts.forms.PreferencesForm`."""
    user = person(request)
    return user.preferences if user else {}
