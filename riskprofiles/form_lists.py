"""Forms of schools for pages: what one school has to hand in, and which schools of a territory have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db.models import Count

from riskprofiles.choices import FormState, SchoolFormCode
from riskprofiles.models import SchoolForm
from schools.importing.templates import REGISTERED, Template, keys_of
from schools.intake.template_meta import TemplateMeta
from schools.models import School

if TYPE_CHECKING:
    from schools.models.registry import SchoolQuerySet

PILLS: Final[Mapping[FormState | None, str]] = {
    None: "no",
    FormState.UPLOADED: "run",
    FormState.CHECKED: "wait",
    FormState.HANDED_IN: "sent",
    FormState.ACCEPTED: "done",
    FormState.RETURNED: "fix",
    FormState.REFUSED: "fail",
    FormState.UNDONE: "cancel",
}
NOT_HANDED_IN: Final = "Не сдана"


@dataclass(frozen=True, kw_only=True)
class FormLine:
    """A form that a school hands in for a year. form: None when no file has come."""

    school: School
    code: SchoolFormCode
    year: int
    form: SchoolForm | None = None

    @property
    def state(self) -> FormState | None:
        return self.form.state if self.form else None

    @property
    def pill(self) -> str:
        return PILLS[self.state]

    @property
    def state_title(self) -> str:
        return self.state.label if self.state else NOT_HANDED_IN

    @property
    def is_handed_in(self) -> bool:
        """Answer whether the school owes the form no more: its values stand and nobody has returned them."""
        return self.form is not None and self.form.is_handed_in

    @property
    def is_closed(self) -> bool:
        """Answer whether the form is accepted: no file is taken until it is returned."""
        return self.state == FormState.ACCEPTED

    @property
    def template(self) -> Template:
        return REGISTERED[self.code]

    @property
    def template_path(self) -> str:
        return TemplateMeta(form=self.code, version=1, period=str(self.year), **keys_of(self.school)).path


@dataclass(frozen=True, kw_only=True)
class SchoolLine:
    """A school with all its forms of a year, in the order of the codes."""

    school: School
    forms: tuple[FormLine, ...]


def lines_of(schools: Sequence[School], year: int) -> list[SchoolLine]:
    """Return the forms of schools for a year, handed in or not. One query."""
    found: dict[tuple[UUID, str], SchoolForm] = {
        (form.school_id, form.form): form
        for form in SchoolForm.objects.filter(school__in=schools).for_year(year).with_batches()
    }
    return [
        SchoolLine(
            school=school,
            forms=tuple(
                FormLine(school=school, code=code, year=year, form=found.get((school.pk, code)))
                for code in SchoolFormCode
            ),
        )
        for school in schools
    ]


def handed_in(schools: SchoolQuerySet, year: int) -> dict[SchoolFormCode, int]:
    """Return for each form how many of the schools have handed it in for a year, returned ones aside. One query."""
    standing = SchoolForm.objects.for_year(year).handed_in().filter(school__in=schools.order_by())
    found = dict(standing.order_by().values_list("form").annotate(Count("pk")))
    return {code: found.get(code, 0) for code in SchoolFormCode}


def owing(schools: SchoolQuerySet, year: int) -> SchoolQuerySet:
    """Keep the schools that have not handed in every form of a year, or that have one to mend."""
    standing = SchoolForm.objects.for_year(year).handed_in().order_by().values("school")
    complete = standing.annotate(forms=Count("pk")).filter(forms=len(SchoolFormCode))
    return schools.exclude(pk__in=complete.values("school"))
