"""R8S, «Почему школа в перечне»: an extract of a published list for the head of one school.

Source: domain specification, 1.4. The same words and counts as the page of the verdict, which people print today:
stored, so that what was handed over can be shown again after the data have changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from accounts.russian import short_date
from reports.errors import NothingToReport
from reports.facts import queries
from reports.facts.cautions import list_cautions
from reports.facts.frame import ReportSpec, frame_of
from reports.facts.list_changes import annulled_later, why_none
from reports.facts.parts import Act, Caution, Frame, ListChange
from schools.choices import Decision, ListKind
from schools.identification import PartState
from schools.list_kinds import EXPLAINED
from schools.models import SchoolList, SchoolListItem, SchoolVerdict
from schools.models.lists import SchoolListItemQuerySet
from schools.part_rows import PartRow
from schools.reference_values import keys_of, sum_over, sums_of
from schools.rule_basis import run_told
from schools.verdict_pages import VerdictCard
from schools.verdict_reading import card_of


@dataclass(frozen=True, kw_only=True)
class WorkFacts:
    """A work against the threshold. needed: least number of low works that reaches it; source: file and row."""

    title: str
    year: int
    low: int | None
    participants: int | None
    needed: int | None
    is_low: bool
    is_counted: bool
    note: str
    interval: str
    source: str


@dataclass(frozen=True, kw_only=True)
class StepFacts:
    """A line of the explanation. kind: ok holds, no does not, warn to look at, info."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class AroundFacts:
    """A work over a territory, as the portal holds it today. Context, never a ground."""

    title: str
    place: str
    low: int
    participants: int


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What a calculation says of the school; rule_told: what the rule rests on.

    quarters: where the lower quarters of the scores of its works end, when low results are counted by them.
    """

    verdict: str
    rule: str
    rule_told: str
    threshold: str
    steps: tuple[StepFacts, ...]
    works: tuple[WorkFacts, ...]
    missing: str
    loaded: tuple[str, ...]
    signs: tuple[str, ...]
    reasons: tuple[str, ...]
    decision: str
    around: tuple[AroundFacts, ...]
    quarters: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class R8SFacts:
    """grounds None: the list came by a document, its reasons are those of the item. left: how the school left it.

    annulled: that the list of the day of the data holds no more.
    """

    frame: Frame
    school: str
    inn: str
    url: str
    kind: str
    year: int
    basis: Act | None
    item_reasons: tuple[str, ...]
    note: str
    left: str
    grounds: Grounds | None
    cautions: tuple[Caution, ...]
    annulled: ListChange | None = None


def collect(spec: ReportSpec) -> R8SFacts:
    """Read the published list of the period that holds the school.

    Raises NothingToReport, naming the year whose list does: a list of another year is never told as that of the
    period, and a draft says nothing to a school.
    """
    item = listed_item(spec)
    if item is None or spec.school is None:
        raise nothing_found(spec)
    verdict, annulled = item.verdict, annulled_later(list_with_days(item), spec)
    return R8SFacts(
        frame=frame_of(spec),
        school=item.school_name,
        inn=item.school.inn,
        url=item.why_url,
        kind=item.school_list.get_kind_display(),
        year=item.school_list.year,
        basis=queries.act_of(item.school_list.basis_document),
        item_reasons=tuple(reason["text"] for reason in item.reasons),
        note=item.note,
        left=left_words(item, spec.as_of),
        grounds=grounds_of(verdict, tells_decision=is_of_list(verdict, item)) if verdict and item.why_url else None,
        cautions=tuple(list_cautions([annulled] if annulled else [], spec.as_of)),
        annulled=annulled,
    )


def explained_items(spec: ReportSpec) -> SchoolListItemQuerySet:
    """Return the school in the lists that say why, of all years and in any state."""
    return SchoolListItem.objects.filter(school=spec.school, school_list__kind__in=EXPLAINED)


def of_period(items: SchoolListItemQuerySet, spec: ReportSpec) -> SchoolListItemQuerySet:
    return items.filter(school_list__year__range=(spec.period_from.year, spec.period_to.year))


def listed_item(spec: ReportSpec) -> SchoolListItem | None:
    """Return the school in the newest of these lists of the period that are in force on the day of the data.

    One of low results before the risk group.
    """
    items = of_period(explained_items(spec).published(spec.as_of), spec)
    found = items.select_related("school", "school_list__basis_document").order_by("-school_list__year", "pk")
    return min(found, key=preference, default=None)


def years_words(spec: ReportSpec) -> str:
    """Return «2026 года», «2025–2026 годов»."""
    first, last = spec.period_from.year, spec.period_to.year
    return f"{last} года" if first == last else f"{first}–{last} годов"


def nothing_found(spec: ReportSpec) -> NothingToReport:
    """Return that no list holds the school, and which day or year to ask for; else what an extract waits for."""
    none = f"Школы нет в опубликованном перечне по результатам {years_words(spec)}."
    asked = of_period(explained_items(spec), spec).values("school_list")
    if why := why_none(SchoolList.objects.filter(pk__in=asked), spec.as_of):
        return NothingToReport(f"{none} {why}", field="as_of")
    standing = explained_items(spec).published().order_by("-school_list__year")
    year = standing.values_list("school_list__year", flat=True).first()
    if year is None:
        return NothingToReport(f"{none} Выписка составляется после публикации перечня.", field="scope")
    advice = f"Она есть в перечне по результатам {year} года: выберите период этого года."
    return NothingToReport(f"{none} {advice}", field="period")


def preference(item: SchoolListItem) -> tuple[int, bool, bool]:
    return -item.school_list.year, item.school_list.kind == ListKind.RISK_GROUP, item.verdict_id is None


def list_with_days(item: SchoolListItem) -> SchoolList:
    return (
        SchoolList.objects.with_days().select_related("basis_document", "cancel_document").get(pk=item.school_list_id)
    )


def left_words(item: SchoolListItem, day: date) -> str:
    """Return «исключена с 01.12.2026: приказ …», "" while the school was in the list on a day."""
    left = item.exclusions.in_force(day).select_related("basis_document").first()
    return f"исключена с {short_date(left.excluded_on)}: {left.basis_document}" if left else ""


def grounds_of(short: SchoolVerdict, *, tells_decision: bool = True) -> Grounds:
    """Return what the page «Почему» says of a verdict. tells_decision: not one that a later list was made of."""
    verdict = SchoolVerdict.objects.select_related(
        "school__territory__parent",
        "decision_document",
        "decided_by",
        "run__rule_set__basis_document",
        "run__cluster_set__basis_document",
    ).get(pk=short.pk)
    card = card_of(verdict, verdict.run)
    return Grounds(
        verdict=verdict.get_verdict_display(),
        rule=f"{verdict.run.rule_set.title} ({verdict.run.rule_set})",
        rule_told=run_told(verdict.run),
        threshold=card.threshold_words,
        steps=tuple(StepFacts(kind=step.kind, text=step.text) for step in card.steps),
        works=tuple(work_facts(row) for row in card.rows),
        missing=card.missing,
        loaded=tuple(card.loaded),
        signs=signs_of(card),
        reasons=tuple(reason["text"] for reason in verdict.reasons),
        decision=decision_words(verdict) if tells_decision else "",
        around=tuple(around_of(card)),
        quarters=tuple(f"{row.part.name}, {row.part.year} год: {row.quarter}." for row in card.rows if row.quarter),
    )


def around_of(card: VerdictCard) -> Iterator[AroundFacts]:
    """Yield the works that decide over the municipality and the region. Two queries."""
    parts = [row.part for row in card.first_rows]
    keys = [key for part in parts for key in keys_of(part)]
    territory = card.verdict.school.territory
    places = dict.fromkeys([territory, territory.parent or territory])
    sums = {place.name: sums_of(place, keys, card.rules, card.quarters) for place in places}
    for part in parts:
        for place, found in sums.items():
            low, participants = sum_over(keys_of(part), found)
            if participants:
                title = f"{part.name}, {part.year} год"
                yield AroundFacts(title=title, place=place, low=low, participants=participants)


def work_facts(row: PartRow) -> WorkFacts:
    part = row.part
    return WorkFacts(
        title=part.name,
        year=part.year,
        low=part.low,
        participants=part.participants,
        needed=part.needed,
        is_low=part.is_low,
        is_counted=part.state is PartState.COUNTED,
        note=row.note,
        interval=row.interval,
        source=row.source,
    )


def signs_of(card: VerdictCard) -> tuple[str, ...]:
    return tuple(
        f"{work.title}: {'; '.join([*work.markers, *(sign.text for sign in work.signs)])}" for work in card.signs
    )


def is_of_list(verdict: SchoolVerdict, item: SchoolListItem) -> bool:
    """Answer whether the decision is the one that stood behind the list: what is decided after it is for another."""
    published, decided = item.school_list.published_at, verdict.decided_at
    return published is None or decided is None or decided <= published


def decision_words(verdict: SchoolVerdict) -> str:
    """Return «Включена. Решение комиссии. Текст»; "" when nobody decided."""
    if verdict.decision == Decision.WAITING:
        return ""
    parts = [verdict.get_decision_display(), verdict.get_decision_code_display(), verdict.decision_text]
    if verdict.decision_document:
        parts.append(f"документ: {verdict.decision_document}")
    return ". ".join(str(part).rstrip(".") for part in parts if part)
