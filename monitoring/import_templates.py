"""The template of methodical events; see `schools.importing.templates`."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from monitoring.choices import EventKind, EventMode
from monitoring.models import MethodEvent
from monitoring.models.events import MethodEventQuerySet, tag_of
from schools.importing import batch_template
from schools.importing.batch_template import Draft
from schools.importing.targets import rows_for
from schools.importing.templates import Asked, Template, register, years_of_events
from schools.intake.event_words import period_bounds
from schools.intake.layouts.portal_events import PARTICIPANTS, TARGET, TEXTS, VERSION
from schools.intake.template_meta import EVENTS
from schools.intake.templates_out import events_template
from schools.intake.templates_out.book import Line
from schools.models import ImportBatch, School, Territory

KEY: Final = ("kind", "topic", "starts_on")
PLAIN: Final = (*TEXTS, *PARTICIPANTS, "topic", "starts_on", "ends_on", "total", "unique_people", "materials_url")


def events_book(asked: Asked) -> bytes:
    return events_template(asked.refs, event_lines(asked) if asked.is_filled else [], asked.meta(EVENTS, VERSION))


def event_lines(asked: Asked) -> list[Line]:
    """Return the events of the territory in the period, of one school those held for it; old first. Two queries."""
    events = of_territory(asked.territory)
    if asked.school:
        events = events.filter(schools=asked.school)
    if bounds := period_bounds(asked.period):
        events = events.held_between(*bounds)
    return [event_line(event) for event in events]


def of_territory(territory: Territory) -> MethodEventQuerySet:
    events = MethodEvent.objects.filter(territory=territory, school=None)
    return events.prefetch_related("schools").order_by("starts_on", "pk")


def event_drafts(batch: ImportBatch) -> Iterator[Draft]:
    """Yield the events of a batch as they stand."""
    told = {tuple(key[name] for name in KEY) for key in rows_for(batch, TARGET).values_list("key", flat=True)}
    topics = {topic for _, topic, _ in told}
    events = of_territory(batch.territory).filter(topic__in=topics)
    lines = [event_line(event) for event in events if (event.kind, event.topic, event.starts_on.isoformat()) in told]
    schools = School.objects.in_territory(batch.territory).active().order_by("name", "pk")
    asked = Asked(territory=batch.territory, schools=list(schools))
    if lines:
        build = partial(events_template, asked.refs, lines, asked.meta(EVENTS, VERSION))
        yield Draft(name="Мероприятия загрузки.xlsx", lines=len(lines), build=build)


def event_line(event: MethodEvent) -> Line:
    schools = sorted(tag_of(school) for school in event.schools.all())
    return {
        **{name: getattr(event, name) for name in PLAIN},
        "kind": EventKind(event.kind).label,
        "mode": EventMode(event.mode).label if event.mode else None,
        "factors": "; ".join(event.factors),
        "schools": "; ".join(schools),
    }


register(
    Template(
        code=EVENTS,
        title="Мероприятия",
        purpose="Семинары, консультации, десанты и другие мероприятия: школы, участники числом, результат.",
        order=70,
        periods=years_of_events,
        build=events_book,
    ),
)
batch_template.register(TARGET, event_drafts)
