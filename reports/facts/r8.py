"""R8, «Перечень школ с низкими образовательными результатами» with the grounds, annex to the order.

Source: domain specification, 6.6 and 1.4 (the parts of the verdicts that the list was made of).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from reports.errors import NothingToReport
from reports.facts import queries
from reports.facts.cautions import caution
from reports.facts.frame import ReportSpec, frame_of
from reports.facts.parts import Act, Caution, CautionCode, Frame
from schools.choices import ListState
from schools.identification import Part
from schools.models import School, SchoolList, SchoolListItem, SchoolVerdict

REMARKED: Final = frozenset({"MARKER", "SMALL_N"})  # the other reasons explain the calculation, not the list


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One procedure of one year that put a school on the list.

    condition: 1 or 2 of the rule; procedure: «ВПР, русский язык, 5 класс».
    """

    condition: int
    procedure: str
    year: int
    low: int
    participants: int


@dataclass(frozen=True, kw_only=True)
class ListedSchool:
    """low, repeated: procedures with low results in the year of the list, and two years running; None without a
    calculation. remarks: reasons in words that carry no counts, and the note of the decision.
    """

    name: str
    inn: str
    low: int | None
    repeated: int | None
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
        listed_school(item, school_list.year)
        for item in school_list.items.select_related("school", "verdict__run").order_by("school_name", "pk")
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


def listed_school(item: SchoolListItem, year: int) -> ListedSchool:
    """Return a school with its grounds out of the stored parts of its verdict, never out of printed reasons."""
    verdict = item.verdict
    parts = verdict.evidence if verdict else []
    remarks = tuple(reason["text"] for reason in item.reasons if reason["code"] in REMARKED)
    return ListedSchool(
        name=item.school_name,
        inn=item.school.inn,
        low=verdict.low_procedures if verdict else None,
        repeated=verdict.repeated_procedures if verdict else None,
        grounds=tuple(grounds_of(parts, year, first=first_year(verdict, year))),
        is_manual=item.included_by_decision,
        remarks=(*remarks, *((item.note,) if item.note else ())),
    )


def first_year(verdict: SchoolVerdict | None, year: int) -> int | None:
    """Return the oldest year in which condition 1 has to hold, None when it does not hold."""
    return year - verdict.run.rules.years_required + 1 if verdict and verdict.c1 else None


def grounds_of(parts: Iterable[Part], year: int, *, first: int | None) -> Iterator[Ground]:
    """Yield the works of both conditions: low ones from the first year on, and repeated ones in their two years."""
    by_year: dict[int, dict[str, Part]] = defaultdict(dict)
    for part in parts:
        by_year[part.year][part.name] = part
    for each in sorted(by_year):
        low = (part for part in by_year[each].values() if part.is_low)
        yield from (ground(1, part) for part in low if first is not None and each >= first)
    for name, part in by_year[year].items():
        if part.is_repeated:
            yield ground(2, by_year[year - 1][name])
            yield ground(2, part)


def ground(condition: int, part: Part) -> Ground:
    return Ground(
        condition=condition,
        procedure=part.name,
        year=part.year,
        low=part.low or 0,
        participants=part.participants or 0,
    )
