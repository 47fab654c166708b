"""Methodical events as a table that imports write: a row of a territory with the schools it was held for."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from monitoring.models import MethodEvent
from monitoring.models.events import event_title, tag_of
from schools.importing.ground import FilePlan, Ground
from schools.importing.ledger import Ledger, State
from schools.importing.tables import RecordKey, TableTarget
from schools.importing.targets import register
from schools.intake.layouts.portal_events import PARTICIPANTS, TARGET, TEXTS
from schools.intake.matching import Moment
from schools.intake.rows import Record, SchoolRef
from schools.models import ImportBatch, School

SCHOOLS: Final = "schools"
YEARS_PLANNED: Final = 2  # events are planned for this and the next academic year; a later date is a slip of the hand
LINKED: Final = ("methodevent", "school")
HeldFor = MethodEvent.schools.through


class EventTarget(TableTarget):
    """The schools of an event are kept by their ИНН or login in states, and as links in the table."""

    def plan(self, ground: Ground, plans: Sequence[FilePlan]) -> Iterator[None]:
        """Find the schools that the files name, then plan as any table; an event with an unknown school is refused."""
        for plan in plans:
            records = [record for event in self.rows_of(plan.parsed) if (record := resolve(ground, plan, event))]
            plan.parsed = replace(plan.parsed, records=tuple(records))
        return super().plan(ground, plans)

    def year_of(self, key: Mapping[str, Any]) -> int | None:
        return date.fromisoformat(str(key["starts_on"])).year

    def as_json(self, name: str, value: Any) -> Any:
        return list(value) if name == SCHOOLS else super().as_json(name, value)

    def ledger(self, schools: Collection[UUID], batch: ImportBatch) -> Ledger[RecordKey]:
        """Return the events of the territory as they stand, each with its schools. Two queries."""
        ledger = super().ledger(schools, batch)
        for state in ledger.states.values():
            state[SCHOOLS] = []
        for link in HeldFor.objects.filter(methodevent__territory=batch.territory_id).select_related(*LINKED):
            event = link.methodevent
            key = (event.school_id, *self.key_of({name: getattr(event, name) for name in self.key_fields}))
            if key in ledger.states:
                ledger.states[key][SCHOOLS] = sorted([*ledger.states[key][SCHOOLS], tag_of(link.school)])
        return ledger

    def store(self, states: Mapping[RecordKey, State], batch: ImportBatch) -> None:
        super().store(states, batch)
        events = self.primary_keys(states, batch)
        HeldFor.objects.filter(methodevent__in=list(events.values())).delete()
        schools = {tag_of(school): school.pk for school in School.objects.in_territory(batch.territory)}
        HeldFor.objects.bulk_create(
            HeldFor(methodevent_id=events[key], school_id=schools[tag])
            for key, state in states.items()
            for tag in state.get(SCHOOLS, ())
        )

    def remove(self, keys: Collection[RecordKey], batch: ImportBatch) -> None:
        events = list(self.primary_keys(keys, batch).values())
        HeldFor.objects.filter(methodevent__in=events).delete()
        super().remove(keys, batch)


def resolve(ground: Ground, plan: FilePlan, record: Record) -> Record | None:
    """Return the event with the tags of its schools as they were called on its first day; None if one is unknown.

    A file without their column leaves them as they are.
    """
    if SCHOOLS not in record.values:
        return record
    refs = [SchoolRef(**ref) for ref in record.values[SCHOOLS]]
    when = Moment.of_day(date.fromisoformat(str(record.key["starts_on"])))
    found = [ground.find(ref, plan, sheet=record.sheet, row=record.row, when=when) for ref in refs]
    if None in found:
        return None
    tags = sorted({tag_of(school) for school in found if school})
    return replace(record, values={**record.values, SCHOOLS: tags})


def about(key: Mapping[str, Any]) -> str:
    return event_title(key["kind"], key["topic"], date.fromisoformat(key["starts_on"]))


def of_territory(batch: ImportBatch) -> Mapping[str, Any]:
    return {"territory_id": batch.territory_id}


register(
    EventTarget(
        code=TARGET,
        years_ahead=YEARS_PLANNED,
        title="Мероприятия",
        model=MethodEvent,
        key_fields=("kind", "topic", "starts_on"),
        value_fields=(
            "ends_on",
            "mode",
            "factors",
            *TEXTS,
            *PARTICIPANTS,
            "total",
            "unique_people",
            "materials_url",
        ),
        titles={
            "ends_on": "по",
            "place": "место",
            "mode": "формат",
            "organiser": "организатор",
            "factors": "факторы риска",
            SCHOOLS: "школы",
            "directors": "директоров",
            "deputies": "заместителей",
            "teachers": "учителей",
            "methodists": "методистов",
            "others": "иных",
            "total": "всего участников",
            "unique_people": "уникальных",
            "materials_url": "материалы",
            "measures": "пункты карты",
            "result": "результат",
        },
        about=about,
        constants=of_territory,
    ),
)
