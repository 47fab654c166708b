"""R8, «Перечень школ с низкими образовательными результатами» with the grounds, annex to the order.

Source: domain specification, 6.6 and 1.4 (reason codes as they were frozen with the list).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reports.errors import NothingToReport
from reports.facts import queries
from reports.facts.cautions import caution
from reports.facts.frame import ReportSpec, frame_of
from reports.facts.parts import Act, Caution, CautionCode, Frame
from schools.choices import ListState
from schools.models import School, SchoolList, SchoolListItem

CONDITIONS: Final = {"C1": 1, "C2": 2}
REMARKED: Final = frozenset({"MARKER", "SMALL_N"})  # the other reasons explain the calculation, not the list
MEASURED: Final = re.compile(r"(\d{4}) (\d+)/(\d+)=")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One procedure of one year that put a school on the list. condition: 1 or 2 of the rule."""

    condition: int
    procedure: str
    year: int
    low: int
    participants: int


@dataclass(frozen=True, kw_only=True)
class ListedSchool:
    """remarks: reasons in words that carry no counts, and the note of the decision."""

    name: str
    inn: str
    grounds: tuple[Ground, ...]
    is_manual: bool
    remarks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class R8Facts:
    """total_schools: active schools of the territory. year: of the results."""

    frame: Frame
    kind: str
    year: int
    url: str
    basis: Act | None
    rule: str
    total_schools: int
    schools: tuple[ListedSchool, ...]
    cautions: tuple[Caution, ...]


def collect(spec: ReportSpec) -> R8Facts:
    """Read the list in force for the period, else the newest draft. Raises NothingToReport without any."""
    school_list = list_for(spec)
    if school_list is None:
        raise NothingToReport(
            f"Перечня по результатам {spec.period_to.year} года нет. Проведите выявление и составьте перечень."
        )
    schools = tuple(
        listed_school(item) for item in school_list.items.select_related("school").order_by("school_name", "pk")
    )
    is_published = school_list.state == ListState.PUBLISHED
    return R8Facts(
        frame=frame_of(spec),
        kind=school_list.get_kind_display(),
        year=school_list.year,
        url=school_list.get_absolute_url(),
        basis=queries.act_of(school_list.basis_document),
        rule=str(school_list.run.rule_set) if school_list.run else "",
        total_schools=School.objects.active().in_territory(school_list.territory).count(),
        schools=schools,
        cautions=() if is_published else (caution(CautionCode.LIST_NOT_PUBLISHED),),
    )


def list_for(spec: ReportSpec) -> SchoolList | None:
    """Return the newest list of the territory for the period's year or before: published ones first."""
    lists = (
        SchoolList.objects.filter(
            territory=spec.territory,
            kind__in=queries.SHNOR_KINDS,
            year__lte=spec.period_to.year,
        )
        .exclude(state=ListState.CANCELLED)
        .select_related("basis_document", "run__rule_set", "territory")
        .order_by("-year", "-created_at", "-pk")
    )
    return lists.published().first() or lists.first()


def listed_school(item: SchoolListItem) -> ListedSchool:
    grounds = tuple(ground for reason in item.reasons for ground in grounds_of(reason))
    remarks = tuple(reason["text"] for reason in item.reasons if reason["code"] in REMARKED)
    return ListedSchool(
        name=item.school_name,
        inn=item.school.inn,
        grounds=tuple(dict.fromkeys(grounds)),
        is_manual=item.included_by_decision,
        remarks=(*remarks, *((item.note,) if item.note else ())),
    )


def grounds_of(reason: Mapping[str, Any]) -> Iterator[Ground]:
    """Yield the measured works of a reason: «ВПР-МА-6 2025 30/66=45,45 % → 2026 26/59=44,07 %» has two."""
    condition = CONDITIONS.get(reason["code"])
    if condition is None:
        return
    procedure, _, measured = reason["reference"].partition(" ")
    for year, low, participants in MEASURED.findall(measured):
        yield Ground(
            condition=condition,
            procedure=procedure,
            year=int(year),
            low=int(low),
            participants=int(participants),
        )
