"""The plan itself: roadmaps, sections, measures, their order."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Max

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from riskprofiles.models import ProfileFactor, RiskProfile
from roadmaps.actions.locking import draft_measure, locked_draft
from roadmaps.cells import CELLS
from roadmaps.choices import MeasureStatus, RoadmapKind, RoadmapLevel
from roadmaps.errors import CellRefused, DraftSent, ObjectiveChanged, ReasonMissing, RoadmapExists
from roadmaps.library import LibraryMeasure
from roadmaps.models import Measure, Roadmap, Section
from schools.choices import TerritoryLevel
from schools.models import School, Territory

TERRITORY_SECTIONS: Final = (
    "Нормативное",
    "Аналитическое",
    "Методическое",
    "Кадровое",
    "Информационное",
    "Контроль",
)
SCHOOL_SECTION: Final = "Повышение качества образования"
LONGEST_OBJECTIVE: Final = 2_000


def default_title(year_label: str) -> str:
    """Return «Дорожная карта на 2026 год», also from a bare year."""
    return f"Дорожная карта на {year_label if 'год' in year_label else f'{year_label} год'}"


@transaction.atomic
def create_roadmap(
    *,
    owner: School | Territory,
    year_label: str,
    period: tuple[date, date],
    by: User,
    at: datetime,
    title: str = "",
    goal: str = "",
    kind: RoadmapKind = RoadmapKind.ROADMAP,
    profile: RiskProfile | None = None,
) -> Roadmap:
    """Begin a roadmap of a school or a territory.

    The sections of a school are the activated factors of its profile, those of a territory are the directions of work.
    Raises RoadmapExists when the profile has a roadmap already.
    """
    if profile and Roadmap.objects.filter(profile=profile).exists():
        raise RoadmapExists(f"Карта по профилю «{profile}» уже есть. Откройте её в списке карт.")
    roadmap = Roadmap.objects.create(
        level=level_of(owner),
        school=owner if isinstance(owner, School) else None,
        territory=owner if isinstance(owner, Territory) else None,
        profile=profile,
        kind=kind,
        title=title or default_title(year_label),
        goal=goal,
        year_label=year_label,
        period_from=period[0],
        period_to=period[1],
        created_by=by,
        created_at=at,
    )
    Section.objects.bulk_create(first_sections(roadmap))
    record(AuditCode.ROADMAP_CREATED, actor=by, obj=roadmap, level=roadmap.level)
    return roadmap


def level_of(owner: School | Territory) -> RoadmapLevel:
    if isinstance(owner, School):
        return RoadmapLevel.SCHOOL
    return RoadmapLevel.REGIONAL if owner.level == TerritoryLevel.REGION else RoadmapLevel.MUNICIPAL


def first_sections(roadmap: Roadmap) -> list[Section]:
    if roadmap.profile_id:
        factors = ProfileFactor.objects.activated().filter(profile=roadmap.profile_id).in_order()
        return [
            Section(roadmap=roadmap, position=place, title=factor.title, factor=factor)
            for place, factor in enumerate(factors, 1)
        ]
    titles = (SCHOOL_SECTION,) if roadmap.level == RoadmapLevel.SCHOOL else TERRITORY_SECTIONS
    return [Section(roadmap=roadmap, position=place, title=title) for place, title in enumerate(titles, 1)]


@transaction.atomic
def drop_draft(*, roadmap: Roadmap, by: User) -> None:
    """Delete a draft that nobody else was asked about, with its measures. Raises RoadmapFrozen, DraftSent."""
    roadmap = locked_draft(roadmap)
    if roadmap.sent_at:
        raise DraftSent
    record(AuditCode.ROADMAP_STATE_CHANGED, actor=by, obj=roadmap, before=roadmap.state, after="deleted")
    roadmap.measures.all().delete()
    roadmap.delete()


@transaction.atomic
def add_section(*, roadmap: Roadmap, title: str, by: User, factor: ProfileFactor | None = None) -> Section:
    """Add a part at the end. Raises RoadmapFrozen, CellRefused."""
    roadmap = locked_draft(roadmap)
    if not title.strip():
        raise CellRefused("Напишите название раздела.")
    last = roadmap.sections.aggregate(last=Max("position"))["last"] or 0
    section = Section.objects.create(roadmap=roadmap, position=last + 1, title=title.strip()[:250], factor=factor)
    record(AuditCode.ROADMAP_EDITED, actor=by, obj=roadmap, change="section")
    return section


@transaction.atomic
def save_objective(*, section: Section, objective: str, seen: str | None = None, by: User) -> Section:
    """Write what a section is to reach. seen: what stood on the person's page, None not to compare.

    Raises RoadmapFrozen, CellRefused, ObjectiveChanged.
    """
    roadmap = locked_draft(section.roadmap)
    section.refresh_from_db(fields=["objective"])
    clean = objective.strip()
    if len(clean) > LONGEST_OBJECTIVE:
        raise CellRefused(f"Не больше {LONGEST_OBJECTIVE} знаков. Сейчас {len(clean)}.")
    if seen is not None and section.objective.split() not in (seen.split(), clean.split()):
        raise ObjectiveChanged(section.objective)
    section.objective = clean
    section.save(update_fields=["objective"])
    record(AuditCode.ROADMAP_EDITED, actor=by, obj=roadmap, change="objective", section=section.position)
    return section


@transaction.atomic
def add_measure(*, section: Section, by: User, standard: LibraryMeasure | None = None, **cells: str) -> Measure:
    """Add a measure at the end of a section, empty, with texts of cells, or with the text of a standard one.

    cells: name of a cell of `roadmaps.cells` -> text. Raises RoadmapFrozen, CellRefused.
    """
    roadmap = locked_draft(section.roadmap)
    last = section.measures.aggregate(last=Max("position"))["last"] or 0
    measure = Measure(roadmap=roadmap, section=section, position=last + 1, number=f"{section.position}.{last + 1}")
    for name, text in {**standard_cells(standard), **cells}.items():
        for column, value in CELLS[name].parse(text, measure).items():
            setattr(measure, column, value)
    measure.save_by(by)
    if section.factor:
        measure.factors.add(section.factor)
    record(AuditCode.ROADMAP_EDITED, actor=by, obj=roadmap, change="added", measure=measure.number)
    return measure


def standard_cells(standard: LibraryMeasure | None) -> dict[str, str]:
    if standard is None:
        return {}
    return {
        "title": standard.title,
        "indicator": standard.indicator,
        "expected_result": standard.expected_result,
        "evidence_kind": standard.evidence_kind,
        "term": standard.timing,
    }


@transaction.atomic
def set_factors(*, measure: Measure, factors: Sequence[ProfileFactor], by: User) -> Measure:
    """Say which risk factors a measure works on. Raises RoadmapFrozen, CellRefused for factors of another profile."""
    measure = draft_measure(measure)
    if any(factor.profile_id != measure.roadmap.profile_id for factor in factors):
        raise CellRefused("Выберите факторы из профиля этой школы.")
    measure.factors.set(factors)
    record(AuditCode.ROADMAP_EDITED, actor=by, obj=measure.roadmap, change="factors", measure=measure.number)
    return measure


@transaction.atomic
def exclude(*, measure: Measure, reason: str, by: User) -> Measure | None:
    """Take a measure out of the plan.

    What an approved version held stays visible as excluded and needs a reason; what only the draft holds is removed.
    Returns None when the row is gone. Raises RoadmapFrozen, ReasonMissing.
    """
    measure = draft_measure(measure)
    roadmap, number = measure.roadmap, measure.number
    kept = was_approved(measure)
    if kept and not reason.strip():
        raise ReasonMissing(f"Напишите, почему мероприятие {number} исключено: оно есть в утверждённой карте.")
    record(AuditCode.ROADMAP_EDITED, actor=by, obj=roadmap, change="excluded", measure=number)
    if not kept:
        remove(measure, by)
        return None
    measure.status, measure.cancel_reason = MeasureStatus.CANCELLED, reason.strip()
    measure.save_by(by)
    return measure


def was_approved(measure: Measure) -> bool:
    """Answer whether the version before this one holds the measure."""
    previous = measure.roadmap.previous_id
    return bool(previous) and Measure.objects.filter(roadmap=previous, stable_id=measure.stable_id).exists()


def remove(measure: Measure, by: User, *, reason: str = "") -> None:
    """Delete a row of a draft and close the gap in the numbers; the history keeps it for undoing."""
    measure._history_user = by  # noqa: SLF001  read by django-simple-history
    measure._change_reason = reason or None  # noqa: SLF001  same
    roadmap = measure.roadmap
    measure.delete()
    renumber(roadmap)


@transaction.atomic
def restore(*, measure: Measure, by: User) -> Measure:
    """Take an excluded measure back into the plan; any other stays as it is. Raises RoadmapFrozen."""
    measure = draft_measure(measure)
    if measure.status != MeasureStatus.CANCELLED:
        return measure
    measure.status, measure.cancel_reason = MeasureStatus.NOT_STARTED, ""
    measure.save_by(by)
    record(AuditCode.ROADMAP_EDITED, actor=by, obj=measure.roadmap, change="restored", measure=measure.number)
    return measure


@transaction.atomic
def move(*, measure: Measure, step: int, by: User) -> Measure:
    """Move a measure up (-1) or down (1) in its section; at the edge nothing happens. Raises RoadmapFrozen."""
    measure = draft_measure(measure)
    rows = list(measure.section.measures.order_by("position", "pk"))
    place = rows.index(measure)
    other = place + step
    if not 0 <= other < len(rows):
        return measure
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows, 1):
        row.position = position
    Measure.objects.bulk_update(rows, ["position"])
    renumber(measure.roadmap)
    record(AuditCode.ROADMAP_EDITED, actor=by, obj=measure.roadmap, change="moved", measure=measure.number)
    measure.refresh_from_db(fields=["position", "number"])
    return measure


def renumber(roadmap: Roadmap) -> None:
    """Give positions and numbers anew, section by section; rows that keep theirs are not written."""
    changed = []
    places: dict[int, int] = {}
    for measure in roadmap.measures.select_related("section").in_order():
        section = measure.section.position
        places[section] = places.get(section, 0) + 1
        position, number = places[section], f"{section}.{places[section]}"
        if (measure.position, measure.number) != (position, number):
            measure.position, measure.number = position, number
            changed.append(measure)
    Measure.objects.bulk_update(changed, ["position", "number"])
