"""Roadmaps in any state with measures that pass the checks, evidence files. Everything goes through the actions."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final

from accounts.models import User
from accounts.permissions import Role
from riskprofiles.models import RiskProfile
from roadmaps.actions import flow, planning
from roadmaps.choices import RoadmapState
from roadmaps.models import Measure, Roadmap, Section
from schools.models import LegalAct, School, Territory
from tests.factories.schools import make_school, make_user

AT: Final = datetime(2026, 1, 20, 9, 0, tzinfo=UTC)
PERIOD: Final = (date(2026, 1, 1), date(2026, 12, 31))
PDF: Final = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"
PNG: Final = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
COMPLETE: Final = {
    "title": "Провести диагностику дефицитов учителей",
    "indicator": "100 % учителей прошли диагностику",
    "term": "15.03.2026",
    "responsible": "Лапина Н. С.",
}


def make_roadmap(
    *,
    school: School | None = None,
    territory: Territory | None = None,
    profile: RiskProfile | None = None,
    state: RoadmapState = RoadmapState.DRAFT,
    measures: int = 1,
    by: User | None = None,
    **fields: Any,
) -> Roadmap:
    """Return a roadmap of a school (of a new one by default) or of a territory, with complete measures."""
    owner = territory or school or (profile.school if profile else make_school())
    by = by or make_user()
    defaults: dict[str, Any] = {"year_label": "2026", "period": PERIOD, "at": AT}
    roadmap = planning.create_roadmap(owner=owner, profile=profile, by=by, **{**defaults, **fields})
    for section in roadmap.sections.all() if profile else [roadmap.sections.all()[0]]:
        for _ in range(measures):
            make_measure(section=section, by=by)
    return advance(roadmap, state, by=by)


def advance(roadmap: Roadmap, state: RoadmapState, *, by: User) -> Roadmap:
    """Take a roadmap along its way up to a state."""
    steps: dict[RoadmapState, Callable[[], Roadmap]] = {
        RoadmapState.AGREEMENT: lambda: flow.send(roadmap=roadmap, by=by, at=AT),
        RoadmapState.AGREED: lambda: flow.agree(roadmap=roadmap, by=by, at=AT),
        RoadmapState.APPROVED: lambda: flow.approve(roadmap=roadmap, order=order_for(roadmap), by=by, at=AT),
        RoadmapState.IN_EXECUTION: lambda: flow.start_execution(roadmap=roadmap, by=by, at=AT),
    }
    for target, step in steps.items():
        if roadmap.state == state:
            break
        if roadmap.state != target:
            roadmap = step()
    assert roadmap.state == state
    return roadmap


def make_running(**fields: Any) -> Roadmap:
    """Return a roadmap that is carried out."""
    return make_roadmap(state=RoadmapState.IN_EXECUTION, **fields)


def make_measure(*, section: Section | None = None, by: User | None = None, **cells: str) -> Measure:
    """Return a complete measure of a draft; cells override its texts."""
    section = section or make_roadmap(measures=0).sections.all()[0]
    texts: Any = {**COMPLETE, **cells}
    return planning.add_measure(section=section, by=by or make_user(), **texts)


def measure_of(roadmap: Roadmap) -> Measure:
    """Return the first measure of a roadmap."""
    return roadmap.measures.in_order()[0]


def order_for(roadmap: Roadmap, **fields: Any) -> LegalAct:
    """Return an order on a roadmap that is not stored yet."""
    defaults = {
        "school": roadmap.school,
        "territory": roadmap.territory,
        "issuer_genitive": "отдела образования",
        "number": "124",
        "date": date(2026, 1, 25),
        "title": "Об утверждении дорожной карты",
    }
    return LegalAct(**{**defaults, **fields})


def keeper_of(roadmap: Roadmap) -> User:
    """Return a person who keeps the roadmap: the school administrator, or the methodist of the territory."""
    if roadmap.school:
        return make_user(role=Role.SCHOOL_ADMIN, school=roadmap.school)
    return make_user(role=Role.METHODIST, territory=roadmap.territory)


def territory_of(roadmap: Roadmap) -> Territory:
    """Return the municipality of a roadmap, its own or that of its school."""
    owner = roadmap.owner
    return owner.territory if isinstance(owner, School) else owner


def coordinator_of(roadmap: Roadmap) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory_of(roadmap))
