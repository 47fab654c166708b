"""Batches as people make them, through the actions."""

from collections.abc import Mapping
from datetime import UTC, datetime

from accounts.models import User
from accounts.permissions import Role
from schools.actions.import_apply import apply_batch
from schools.actions.imports import check, receive
from schools.importing.files import GivenFile
from schools.models import AssessmentResult, ImportBatch, School, Territory
from tests.factories.schools import make_school, make_territory, make_user
from tests.factories.workbooks import federal_marks

AT = datetime(2026, 9, 12, 7, 15, tzinfo=UTC)  # 10:15 in Moscow
MARKS = (1, 2, 30, 5)


class ImportGround:
    """A municipality with two schools and its coordinator."""

    def __init__(self, *, first: str = "edu900001", second: str = "edu900002") -> None:
        self.territory: Territory = make_territory()
        self.coordinator: User = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=self.territory)
        self.first: School = make_school(territory=self.territory, name="МБОУ «СОШ № 1»", login=first)
        self.second: School = make_school(territory=self.territory, name="МБОУ «СОШ № 2»", login=second)

    def receive(self, files: Mapping[str, bytes], *, at: datetime = AT) -> ImportBatch:
        given = [GivenFile(name=name, data=data) for name, data in files.items()]
        return receive(files=given, by=self.coordinator, territory=self.territory, at=at)

    def checked(self, files: Mapping[str, bytes], *, at: datetime = AT) -> ImportBatch:
        return check(batch=self.receive(files, at=at), at=at)

    def applied(self, files: Mapping[str, bytes], *, at: datetime = AT, only_good: bool = False) -> ImportBatch:
        return apply_batch(batch=self.checked(files, at=at), by=self.coordinator, at=at, only_good=only_good)

    def result(self, school: School) -> AssessmentResult:
        return AssessmentResult.objects.get(school=school)


def named(school: School) -> str:
    """Return a school as a federal export names it."""
    return f"{school.name} ({school.login})"


def marks_of(schools: Mapping[School, tuple[int, int, int, int]], **work: object) -> bytes:
    return federal_marks({named(school): marks for school, marks in schools.items()}, **work)
