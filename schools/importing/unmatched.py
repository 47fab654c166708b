"""The queue of schools that files name and the portal could not tell, with proposals from the person's own reach."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.permissions import Permission
from schools.access import scope_of
from schools.importing.reach import schools_in_reach
from schools.intake.matching import IDENTIFIERS, KnownSchool, Outcome, spelling
from schools.intake.proposals import TITLES, Proposal, Proposer
from schools.intake.rows import SchoolRef
from schools.models import ImportBatch, ImportFile, School


@dataclass(kw_only=True)
class QueuedSchool:
    """A school of the files that waits for a person. key: its spelling, by which the answer is remembered."""

    ref: SchoolRef
    is_ambiguous: bool
    rows: int = 0
    files: list[str] = field(default_factory=list)
    is_absent: bool = False  # a person has said that the registry has no such school
    proposals: Sequence[Proposal[School]] = ()

    @property
    def key(self) -> str:
        return spelling(self.ref)

    @property
    def is_of_one_batch(self) -> bool:
        """Answer whether the answer is for this batch alone: the next file may mean the other school of the name."""
        return self.is_ambiguous and not any(getattr(self.ref, name) for name in IDENTIFIERS)

    @property
    def identifiers(self) -> str:
        """Return «Энский округ, ИНН 1000000053, логин edu900005»."""
        told = ((TITLES[name], getattr(self.ref, name)) for name in IDENTIFIERS)
        numbers = (f"{title} {value}" for title, value in told if value)
        return ", ".join(filter(None, (self.ref.place, *numbers)))


def queue_of(files: Iterable[ImportFile]) -> list[QueuedSchool]:
    """Return each school once, those that wait first, then by the number of rows. No query."""
    queue: dict[str, QueuedSchool] = {}
    for file in files:
        absent = set(file.meta.get("absent", []))
        for entry in file.meta.get("unmatched", []):
            ref = ref_of(entry)
            fresh = QueuedSchool(ref=ref, is_ambiguous=entry["outcome"] != Outcome.UNKNOWN)
            queued = queue.setdefault(fresh.key, fresh)
            queued.rows += entry["rows"]
            queued.files.append(file.name)
            queued.is_absent = queued.is_absent or queued.key in absent
    return sorted(queue.values(), key=lambda one: (one.is_absent, -one.rows, one.ref.label))


def ref_of(entry: Mapping[str, Any]) -> SchoolRef:
    return SchoolRef(**{name: str(entry.get(name, "")) for name in SchoolRef._fields})


def with_proposals(queue: Iterable[QueuedSchool], batch: ImportBatch, user: User) -> None:
    """Add proposals to schools of the queue: only schools of the batch where the person may import. One query."""
    waiting = [queued for queued in queue if not queued.is_absent]
    if not waiting:
        return
    proposer = Proposer(known_school(school) for school in proposable(batch, user))
    for queued in waiting:
        queued.proposals = proposer.propose(queued.ref)


def proposable(batch: ImportBatch, user: User) -> list[School]:
    """Return the schools that this person may give to rows of this batch. One query."""
    return list(reachable(batch, user).select_related("territory").order_by("name", "pk"))


def reachable(batch: ImportBatch, user: User) -> QuerySet[School]:
    """Return the schools of a batch where this person may import: nothing else is proposed, found or confirmed."""
    return schools_in_reach(batch).filter(scope_of(user, Permission.IMPORT_RESULTS).schools_q())


def known_school(school: School) -> KnownSchool[School]:
    return KnownSchool(
        id=school,
        name=school.name,
        inn=school.inn,
        login=school.login,
        gia_code=school.gia_code,
        place=school.territory.name,
    )


def alias_words(spelled: str) -> str:
    """Return a remembered spelling for a person: «логин edu900005» of «login:edu900005», a name as it is."""
    parts = (part.partition(":") for part in spelled.split(" "))
    words = [f"{TITLES[name]} {value}" for name, mark, value in parts if mark and name in TITLES]
    return ", ".join(words) or spelled


def school_by_number(number: str, batch: ImportBatch, user: User) -> School | None:
    """Return the school with an id, ИНН or login that this person may give to rows of this batch."""
    if not number:  # branches without an ИНН, schools without a login
        return None
    try:
        condition = Q(pk=UUID(number))
    except ValueError:
        condition = Q(inn=number) | Q(login=number.casefold())
    return reachable(batch, user).filter(condition).first()
