"""The history of a school in words: names, codes, states, mergers and branches, each with its day and its basis."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from accounts.models import User
from accounts.permissions import Permission
from schools.access import may
from schools.choices import ReorganisationKind
from schools.forms_registry import ACTS
from schools.models import School, SchoolPeriod, SchoolSuccession

CHANGED: Final = "Сведения изменены"
FIRST: Final = "Школа внесена в реестр"
SUCCESSIONS: Final[Mapping[str, tuple[str, str]]] = {  # as the one that ended or gave tells it, as the other one does
    ReorganisationKind.MERGER: ("Присоединена к школе", "Присоединена школа"),
    ReorganisationKind.BRANCH: ("Вошла в состав школы", "В состав вошёл филиал"),
    ReorganisationKind.NEW_ENTITY: ("Новое юридическое лицо", "Прежнее юридическое лицо"),
    ReorganisationKind.SPLIT: ("Открыт филиал", "Выделен из школы"),
}


@dataclass(frozen=True, kw_only=True)
class DetailChange:
    """One field of the card. Empty texts: there was or is nothing."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class HistoryEntry:
    """What happened on a day. day None: at the start of the record. school: the other side of a reorganisation."""

    day: date | None
    title: str
    changes: tuple[DetailChange, ...] = ()
    basis: str = ""
    school: School | None = None
    is_linked: bool = False


@dataclass(frozen=True, kw_only=True)
class RegistryLink:
    """An act that the state of the school allows."""

    act: str
    title: str


def history_context(school: School, user: User) -> dict[str, Any]:
    """Return the history of a school for its card, and what its keeper may do. Two to four queries."""
    periods = list(
        SchoolPeriod.objects.filter(school=school).select_related("basis", "territory", "parent").oldest_first(),
    )
    successions = list(SchoolSuccession.objects.all().of(school))
    return {
        "history": entries(school, periods, successions, seen_by(user, successions)),
        "former_names": former_names(periods),
        "registry_links": links(school, user),
        "may_withdraw": len(periods) > 1,
    }


def seen_by(user: User, successions: Sequence[SchoolSuccession]) -> set[Any]:
    others = {pk for row in successions for pk in (row.predecessor_id, row.successor_id)}
    if not others:
        return set()
    return set(School.objects.visible_to(user).filter(pk__in=others).values_list("pk", flat=True))


def entries(
    school: School,
    periods: Sequence[SchoolPeriod],
    successions: Iterable[SchoolSuccession],
    visible: set[Any],
) -> list[HistoryEntry]:
    """Return what happened, newest first; of one day the reorganisation above what it changed in the card."""
    told = [first_entry(periods[0])] if periods else []
    told += [turn_entry(before, after) for before, after in pairwise(periods)]
    told += [succession_entry(school, row, visible) for row in successions]
    return sorted(told, key=lambda entry: (entry.day or date.min, entry.school is not None), reverse=True)


def first_entry(period: SchoolPeriod) -> HistoryEntry:
    known = (DetailChange(title="краткое название", before="", after=period.name),)
    return HistoryEntry(day=period.valid_from, title=FIRST, changes=known, basis=basis_of(period))


def turn_entry(before: SchoolPeriod, after: SchoolPeriod) -> HistoryEntry:
    """Return what changed between two periods."""
    was, now = shown(before), shown(after)
    changes = tuple(
        DetailChange(title=title, before=was[title], after=now[title]) for title in was if was[title] != now[title]
    )
    return HistoryEntry(day=after.valid_from, title=CHANGED, changes=changes, basis=basis_of(after))


def shown(period: SchoolPeriod) -> dict[str, str]:
    return {
        "краткое название": period.name,
        "полное название": period.full_name,
        "вид": period.get_kind_display(),
        "логин": period.login,
        "код ГИА": period.gia_code,
        "муниципалитет": period.territory.name,
        "головная школа": period.parent.name if period.parent else "",
        "состояние": period.get_status_display(),
    }


def succession_entry(school: School, row: SchoolSuccession, visible: set[Any]) -> HistoryEntry:
    is_end = row.predecessor_id == school.pk
    other = row.successor if is_end else row.predecessor
    ended, succeeded = SUCCESSIONS[row.kind]
    return HistoryEntry(
        day=row.date,
        title=ended if is_end else succeeded,
        basis=str(row.basis or ""),
        school=other,
        is_linked=other.pk in visible,
    )


def basis_of(period: SchoolPeriod) -> str:
    if period.basis:
        return str(period.basis)
    return "загрузка реестра" if period.file_id else ""


def former_names(periods: Sequence[SchoolPeriod]) -> list[str]:
    """Return the names of before, newest first, each once."""
    names = [period.name for period in reversed(periods)]
    return [name for name in dict.fromkeys(names) if name != names[0]]


def links(school: School, user: User) -> list[RegistryLink]:
    if not may(user, Permission.MANAGE_SCHOOLS, school):
        return []
    return [RegistryLink(act=act, title=form.title) for act, form in ACTS.items() if form.is_open_to(school)]
