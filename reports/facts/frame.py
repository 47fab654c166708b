"""What a report is asked about, and the facts that every kind has."""

from dataclasses import dataclass
from datetime import date

from reports.facts.parts import Frame, Place, Signer
from schools.models import School, Territory


@dataclass(frozen=True, kw_only=True)
class ReportSpec:
    """The question. school: a report about one school of the territory. executor: «Фамилия И. О., телефон»."""

    kind: str
    territory: Territory
    school: School | None
    period_from: date
    period_to: date
    as_of: date
    dated: date
    signer: Signer | None
    executor: str


def frame_of(spec: ReportSpec) -> Frame:
    return Frame(
        place=place_of(spec.territory),
        dated=spec.dated,
        period_from=spec.period_from,
        period_to=spec.period_to,
        as_of=spec.as_of,
        signer=spec.signer,
        executor=spec.executor,
        has_exact_changes=True,
    )


def place_of(territory: Territory) -> Place:
    return Place(
        name=territory.name,
        name_genitive=territory.name_genitive,
        name_prepositional=territory.name_prepositional,
        authority=territory.authority,
        authority_genitive=territory.authority_genitive,
        seat=territory.seat,
    )
