"""R8, «Перечень школ с низкими образовательными результатами» with the grounds, annex to the order.

Source: domain specification, 6.6 and 1.4 (the parts of the verdicts that the list was made of).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q

from accounts.russian import short_date
from reports.errors import NothingToReport
from reports.facts import queries
from reports.facts.cautions import caution, list_cautions, reorganised_caution
from reports.facts.frame import ReportSpec, frame_of
from reports.facts.list_changes import Reported, annulled_later, list_change, turned_lists, why_none
from reports.facts.parts import Act, Caution, CautionCode, Frame, ListChange
from reports.facts.r8_decisions import TakenOut, missing_of, taken_out_of
from reports.facts.run_pictures import Apart, Heat, SpreadBand, YearShares, apart_of, heat_of, spread_of, year_shares
from schools.choices import ListState
from schools.identification import Course, Part, Procedure, Verdict
from schools.models import IdentificationRun, ListExclusion, School, SchoolList, SchoolListItem, SchoolVerdict
from schools.quarter_words import quarter_lines
from schools.rule_basis import run_told
from schools.rule_words import numbered_conditions

REMARKED: Final = frozenset(  # the other reasons stand as grounds, or explain the calculation and not the list
    {"MARKER", "SMALL_N", "POOLED", "RELATIVE", "RELATIVE_COUNT", "RANKING", "TREND", "STAYS"},
)


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
    calculation, repeated alone None when the repeat could not be checked. remarks: reasons in words that carry no
    counts, and the note of the decision.
    """

    name: str
    inn: str
    low: int | None
    repeated: int | None
    grounds: tuple[Ground, ...]
    is_manual: bool
    remarks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What the columns of a school mean under the rule that was applied.

    conditions: in words, under their numbers; is_numbered: whether the threshold of one work takes part in the verdict;
    repeat_years: years running that the rule asks of one procedure, None when it does not look at them. quarters: where
    the lower quarters of the scores end, as sentences, when low results are counted by them.
    """

    conditions: str
    is_numbered: bool
    repeat_years: int | None
    quarters: tuple[str, ...] = ()


BEFORE: Final = Applied(  # what versions said that were built when the rule was not asked
    conditions=(
        "Условие 1 – доля участников с низким результатом достигает порога не менее чем в двух процедурах одного года; "
        "условие 2 – порог достигнут по одной и той же процедуре два года подряд."
    ),
    is_numbered=True,
    repeat_years=2,
)


@dataclass(frozen=True, kw_only=True)
class NotJudged:
    """Schools of a run without a verdict on their results, those that a decision lists all the same left out.

    without_data: with too few results; not_covered: of a kind that the rule does not look at.
    """

    without_data: int = 0
    not_covered: int = 0

    @property
    def schools(self) -> int:
        return self.without_data + self.not_covered


@dataclass(frozen=True, kw_only=True)
class R8Facts:
    """total_schools: those of the run that are judged or listed, else the active ones. year: of the results.

    not_judged: the rest of the run; None without a run, and in versions that were built when the total held them.

    spread: all schools of the run against the threshold; apart: those it leaves out, None in versions built when it
    left out none for the rule; years: the listed ones in two years; heat: by their works.
    draws_years: versions built before tell the two years by a table alone.
    rule_told: what the rule rests on; applied: None for a list without a calculation. excluded: schools that orders
    had excluded by the day of the data, with the day and the order: the list stays as it was published. taken_out:
    schools that decisions kept off it; missing: what the list lacks before it is in force, as sentences. annulled: that
    the list of the day of the data holds no more. tells_left: how many schools the list holds after exclusions is told;
    versions built before name the excluded ones alone.
    """

    frame: Frame
    kind: str
    year: int
    url: str
    basis: Act | None
    rule: str
    rule_told: str
    total_schools: int
    schools: tuple[ListedSchool, ...]
    cautions: tuple[Caution, ...]
    spread: tuple[SpreadBand, ...] = ()
    years: tuple[YearShares, ...] = ()
    heat: Heat | None = None
    draws_years: bool = False
    excluded: tuple[str, ...] = ()
    applied: Applied | None = BEFORE
    taken_out: tuple[TakenOut, ...] = ()
    missing: tuple[str, ...] = ()
    apart: Apart | None = None
    not_judged: NotJudged | None = None
    annulled: ListChange | None = None
    tells_left: bool = False


def not_judged_of(school_list: SchoolList, items: Iterable[SchoolListItem]) -> NotJudged | None:
    """Return whom the rule of a list did not judge. items: of the list, with their verdicts. One query."""
    if school_list.run is None:
        return None
    listed = Counter(item.verdict.verdict for item in items if item.verdict)
    rows = school_list.run.verdicts.order_by().values_list("verdict").annotate(schools=Count("pk"))
    counts = Counter(dict(rows)) - listed
    return NotJudged(without_data=counts[Verdict.INSUFFICIENT_DATA], not_covered=counts[Verdict.EXCLUDED])


def all_schools(school_list: SchoolList, not_judged: NotJudged | None, spec: ReportSpec) -> int:
    """Return of how many schools the list is: not of those that nobody judged, or that came after its run."""
    if school_list.run and not_judged:
        return school_list.run.verdicts.count() - not_judged.schools
    return School.objects.active_on(spec.as_of).in_territory(school_list.territory).count()


def collect(spec: ReportSpec) -> R8Facts:
    """Read the newest list for the period, the one in force before its draft. Raises NothingToReport without any."""
    school_list = list_for(spec)
    if school_list is None:
        raise nothing_found(spec)
    items = list(
        school_list.items.select_related("school", "verdict__run", "verdict__school").order_by("school_name", "pk")
    )
    schools = tuple(listed_school(item, school_list.year) for item in items)
    not_judged = not_judged_of(school_list, items)
    years = (year_shares(item.school_name, item.verdict, school_list.year) for item in items)
    return R8Facts(
        frame=frame_of(spec),
        kind=school_list.get_kind_display(),
        year=school_list.year,
        url=school_list.get_absolute_url(),
        basis=queries.act_of(school_list.basis_document),
        rule=str(school_list.run.rule_set) if school_list.run else "",
        rule_told=run_told(school_list.run) if school_list.run else "",
        total_schools=all_schools(school_list, not_judged, spec),
        not_judged=not_judged,
        schools=schools,
        cautions=(
            *cautions_about(school_list, spec),
            *reorganised_caution(school_list.run.reorganised if school_list.run else ()),
        ),
        spread=spread_of(school_list.run),
        apart=apart_of(school_list.run),
        years=tuple(each for each in years if each),
        heat=heat_of([(item.school_name, item.verdict) for item in items], school_list.year),
        draws_years=True,
        excluded=tuple(excluded_words(school_list, spec)),
        applied=applied_of(school_list.run) if school_list.run else None,
        taken_out=taken_out_of(school_list),
        missing=missing_of(school_list, spec.signer),
        annulled=annulled_later(school_list, spec),
        tells_left=True,
    )


def applied_of(run: IdentificationRun) -> Applied:
    rules = run.rules
    return Applied(
        conditions=numbered_conditions(rules),
        is_numbered=rules.has_own_conditions,
        repeat_years=rules.repeat_asked,
        quarters=tuple(f"{line}." for line in quarter_lines(run)),
    )


def excluded_words(school_list: SchoolList, spec: ReportSpec) -> Iterator[str]:
    """Yield «МБОУ «СОШ № 5» с 10.11.2026, приказ … от 20.11.2026 № 700» for each school that left the list."""
    left = ListExclusion.objects.in_force(spec.as_of).filter(item__school_list=school_list)
    for each in left.select_related("item", "basis_document").order_by("excluded_on", "item__school_name", "pk"):
        yield f"{each.item.school_name} с {short_date(each.excluded_on)}, {each.basis_document}"


def list_for(spec: ReportSpec) -> SchoolList | None:
    """Return the list of the territory for the newest year up to the period's: the one in force, else the draft.

    In force on the day of the data; a draft is in force on no day, and is told as it is now.
    """
    lists = (
        SchoolList.objects.filter(
            territory=spec.territory,
            kind__in=queries.SHNOR_KINDS,
            year__lte=spec.period_to.year,
        )
        .with_days()
        .annotate(is_in_force=Q(pk__in=SchoolList.objects.in_force(spec.as_of).order_by().values("pk")))
        .filter(Q(is_in_force=True) | Q(published_at__isnull=True) & ~Q(state=ListState.CANCELLED))
        .select_related(
            "basis_document",
            "cancel_document",
            "run__rule_set__basis_document",
            "run__cluster_set__basis_document",
            "territory",
        )
        .order_by("-year", "-is_in_force", "-created_at", "-pk")
    )
    return lists.first()


def nothing_found(spec: ReportSpec) -> NothingToReport:
    """Return that there is no list, and by which order the one of the period came later or was cancelled."""
    year = spec.period_to.year
    lists = SchoolList.objects.filter(
        territory=spec.territory, kind__in=queries.SHNOR_KINDS, year__range=(spec.period_from.year, year)
    )
    if why := why_none(lists, spec.as_of):
        return NothingToReport(why, field="as_of")
    none = f"Перечня по результатам {year} года нет. Проведите выявление и составьте перечень."
    return NothingToReport(none, field="period")


def cautions_about(school_list: SchoolList, spec: ReportSpec) -> Iterator[Caution]:
    """Yield that the list is a draft or of an earlier year than those of the period, and what became of others."""
    if school_list.published_at is None:
        yield caution(CautionCode.LIST_NOT_PUBLISHED)
    if school_list.year < spec.period_from.year:
        yield caution(CautionCode.LIST_OF_EARLIER_YEAR, asked=spec.period_to.year, shown=school_list.year)
    around = turned_lists(spec, [school_list])
    shown = Reported(lists=[school_list])
    own = [list_change(one, turn, shown) for one, turn in around if one.territory_id == school_list.territory_id]
    yield from list_cautions(own, spec.as_of)


def listed_school(item: SchoolListItem, year: int) -> ListedSchool:
    """Return a school with its grounds out of the stored parts of its verdict, never out of printed reasons."""
    verdict = item.verdict
    parts = verdict.evidence if verdict else []
    remarks = tuple(reason["text"] for reason in item.reasons if reason["code"] in REMARKED)
    return ListedSchool(
        name=item.school_name,
        inn=item.school.inn,
        low=verdict.low_procedures if verdict else None,
        repeated=verdict.known_repeats if verdict else None,
        grounds=tuple(grounds_of(parts, year, first=first_year(verdict, year), repeat=repeat_years(verdict))),
        is_manual=item.included_by_decision,
        remarks=(*remarks, *((item.note,) if item.note else ())),
    )


def first_year(verdict: SchoolVerdict | None, year: int) -> int | None:
    """Return the oldest year in which condition 1 has to hold, None when it does not hold or is not asked."""
    if verdict is None or not verdict.c1 or not verdict.run.rules.has_own_conditions:
        return None
    rules, trend = verdict.run.rules, verdict.trend
    years = len(trend.years) if trend and trend.course is Course.LOW else rules.years_required
    return year - years + 1


def repeat_years(verdict: SchoolVerdict | None) -> int:
    """Return how many years running put a repeated work on the list, 0 when the rule does not ask."""
    return (verdict.run.rules.repeat_asked if verdict else None) or 0


def grounds_of(parts: Iterable[Part], year: int, *, first: int | None, repeat: int = 2) -> Iterator[Ground]:
    """Yield the works of both conditions: low ones from the first year on, and repeated ones in all their years."""
    by_year: dict[int, dict[Procedure, Part]] = defaultdict(dict)
    for part in parts:
        by_year[part.year][part.procedure] = part
    for each in sorted(by_year):
        low = (part for part in by_year[each].values() if part.is_low)
        yield from (ground(1, part) for part in low if first is not None and each >= first)
    for procedure, part in by_year[year].items():
        if part.is_repeated:
            yield from (ground(2, by_year[each][procedure]) for each in range(year - repeat + 1, year + 1))


def ground(condition: int, part: Part) -> Ground:
    return Ground(
        condition=condition,
        procedure=part.name,
        year=part.year,
        low=part.low or 0,
        participants=part.participants or 0,
    )
