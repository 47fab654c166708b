"""Pieces of facts that several kinds of reports share. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from accounts.russian import NBSP, short_date


@dataclass(frozen=True, kw_only=True)
class Act:
    """A legal act as sentences need it. kind: «приказ» in the nominative."""

    kind: str
    issuer_genitive: str
    date: date
    number: str
    title: str
    url: str

    @property
    def requisites(self) -> str:
        """Return «от 17.03.2023 № 124»."""
        return f"от{NBSP}{short_date(self.date)} №{NBSP}{self.number}"


@dataclass(frozen=True, kw_only=True)
class Share:
    """Counts behind a percentage. None means that nobody has submitted them."""

    numerator: int | None
    denominator: int | None


@dataclass(frozen=True, kw_only=True)
class Signer:
    """name: «И.О. Фамилия»."""

    position: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """The territory of a report, in the cases that its text needs."""

    name: str
    name_genitive: str
    name_prepositional: str
    authority: str
    authority_genitive: str
    seat: str


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What every report has: for whom, when, over which time, on which data.

    dated: the date of the document. period_from, period_to: inclusive. as_of: the day the data were read.
    has_exact_changes: changes of shares are exact, rounded once; older versions print those of rounded shares.
    """

    place: Place
    dated: date
    period_from: date
    period_to: date
    as_of: date
    signer: Signer | None
    executor: str
    has_exact_changes: bool = False

    @property
    def year(self) -> int:
        return self.period_to.year


class CautionCode(StrEnum):
    NO_LIST = "no_list"
    NO_ROADMAP = "no_roadmap"
    ROADMAP_BEFORE_LIST = "roadmap_before_list"
    SCHOOLS_NOT_SUBMITTED = "schools_not_submitted"
    SCHOOLS_WITHOUT_ROADMAP = "schools_without_roadmap"
    NO_PROFILE = "no_profile"
    NO_MONITORING = "no_monitoring"
    LIST_NOT_PUBLISHED = "list_not_published"
    LIST_OF_EARLIER_YEAR = "list_of_earlier_year"
    LIST_PUBLISHED_LATER = "list_published_later"
    LIST_ANNULLED = "list_annulled"
    LIST_ANNULLED_LATER = "list_annulled_later"
    REORGANISED = "reorganised"


@dataclass(frozen=True, kw_only=True)
class Caution:
    """Something that a person should know before signing. text: Russian, complete."""

    code: CautionCode
    text: str


@dataclass(frozen=True, kw_only=True)
class ListedSchools:
    """A list of schools as an order fixed it. kind: «Муниципальный перечень ШНОР»; year: of the results."""

    kind: str
    year: int
    url: str
    basis: Act | None
    names: tuple[str, ...]


class ListTurn(StrEnum):
    """What an order did to a list, as seen from the day of the data."""

    ANNULLED = "annulled"
    EXCLUDED = "excluded"  # some of its schools
    PUBLISHED_LATER = "published_later"
    ANNULLED_LATER = "annulled_later"
    NAMES_NOBODY = "names_nobody"  # it is in force, and has no school of the report


@dataclass(frozen=True, kw_only=True)
class ListChange:
    """Why a report does not speak of a list, or of schools of it, or for how long it still did.

    basis: the order of the list; order: the one that annulled it or excluded schools; since: from which day on.
    left: schools that the report therefore leaves out; kept: those that it has all the same, for another list or an
    approved roadmap; planned: those of them that have a roadmap and are in no list, None: a version built before they
    were told apart. All only of an annulment and an exclusion. has_other: another list of the kind and the year is told
    by the report.
    """

    turn: ListTurn
    kind: str
    year: int
    basis: Act | None
    order: Act | None
    since: date
    left: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    planned: tuple[str, ...] | None = None
    has_other: bool = False

    @property
    def listed(self) -> tuple[str, ...]:
        """Return the kept schools that another list holds."""
        return tuple(name for name in self.kept if name not in (self.planned or ()))


class Circle(StrEnum):
    """Which schools a report adds up."""

    LISTED = "listed"
    PLANNED = "planned"  # with an approved roadmap, in no list
    BOTH = "both"


@dataclass(frozen=True, kw_only=True)
class SchoolExecution:
    """How a school fulfils its roadmap on the day of the data. counted: without cancelled and not applicable.

    is_submitted: the school has handed in its part of the monitoring; None without a monitoring.
    """

    school: str
    url: str
    approval: Act | None
    counted: int | None
    done: int | None
    on_time: int | None
    judged: int | None
    overdue: int | None
    is_submitted: bool | None


@dataclass(frozen=True, kw_only=True)
class PlanSection:
    """A section of a plan: how many of its measures are done, and which."""

    title: str
    counted: int
    done: int
    done_titles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A municipal roadmap. title: in full, with its year."""

    title: str
    url: str
    goal: str
    approval: Act | None
    sections: tuple[PlanSection, ...]
