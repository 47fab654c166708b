"""The life of the demo region, step by step and through the actions alone.

identified -> profiled -> planned -> monitored: each stage rests on the ones before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final

from accounts.models import User
from config.demo import contingent, files, monitored, planned, profiled
from config.demo.calendar import DemoCalendar
from config.demo.region import DemoRegion
from schools.actions.identification import decide, run_identification
from schools.actions.import_apply import apply_batch
from schools.actions.import_review import explain_if_needed
from schools.actions.imports import check, receive
from schools.actions.lists import approve_list, draft_list, publish_list
from schools.actions.rule_sets import load_rule_set
from schools.actions.social import load_social_rule, run_social_index
from schools.choices import Decision, DecisionReason
from schools.importing.files import GivenFile
from schools.models import IdentificationRun, ImportBatch, School, SchoolList, Territory

EXCLUDED_LOGIN: Final = "edu900019"
EXCLUSION_TEXT: Final = (
    "В классах по 2–4 обучающихся: доля «2» меняется на треть из-за одного ученика. "
    "Школе назначена методическая помощь."
)

EXPLANATION: Final = "Сверено с отчётами школ: состав классов изменился, в малых школах доли меняются сильно."


class Stage(StrEnum):
    """How far the life of the region goes; EMPTY has schools and people but no results."""

    EMPTY = "empty"
    IDENTIFIED = "identified"
    PROFILED = "profiled"
    PLANNED = "planned"
    MONITORED = "monitored"


def load_registry(region_admin: User, territory: Territory, calendar: DemoCalendar) -> dict[str, School]:
    """Import the registry file and return the schools by login."""
    import_files([files.registry_file()], region_admin, territory, calendar, offset=-120)
    return {school.login: school for school in School.objects.filter(territory__parent=territory)}


def import_files(
    given: Sequence[GivenFile],
    by: User,
    territory: Territory,
    calendar: DemoCalendar,
    *,
    offset: int,
) -> ImportBatch:
    """Receive, check and apply files at once."""
    batch = receive(files=given, by=by, territory=territory, at=calendar.moment(offset))
    check(batch=batch, at=calendar.moment(offset, 10, 5))
    explain_if_needed(batch=batch, text=EXPLANATION, by=by, at=calendar.moment(offset, 10, 10))
    return apply_batch(batch=batch, by=by, at=calendar.moment(offset, 10, 15))


def identify(region: DemoRegion) -> None:
    """Import the results of both years, leave one batch of errors unapplied, run the rule, decide, publish."""
    coordinator = region.person("coordinator")
    for year, offset in zip(files.YEARS, (-100, -90), strict=True):
        given = [*files.federal_files(year), files.exams_file(year)]
        import_files(given, coordinator, region.municipality, region.calendar, offset=offset)
    tell_conditions(region, coordinator)
    faulty = receive(
        files=files.faulty_files(),
        by=coordinator,
        territory=region.municipality,
        at=region.calendar.moment(-1, 16),
    )
    check(batch=faulty, at=region.calendar.moment(-1, 16, 5))
    publish(region, run(region, coordinator), coordinator)
    run_social_index(
        rule=load_social_rule(by=region.person("region-admin")),
        territory=region.municipality,
        year=contingent.YEAR,
        by=coordinator,
        at=region.calendar.moment(-66),
    )


def tell_conditions(region: DemoRegion, coordinator: User) -> None:
    """Import what the schools told of their contingent, and the primary scores of the newest year."""
    given = [
        *contingent.form_files(region.municipality, region.schools),
        *contingent.score_files(files.YEARS[-1]),
        contingent.signs_file(files.YEARS[-1], region.municipality.name),
    ]
    import_files(given, coordinator, region.municipality, region.calendar, offset=-85)


def run(region: DemoRegion, coordinator: User) -> IdentificationRun:
    rule_set = load_rule_set(by=region.person("region-admin"))
    return run_identification(
        rule_set=rule_set,
        territory=region.municipality,
        year=files.YEARS[-1],
        by=coordinator,
        at=region.calendar.moment(-75),
    )


def publish(region: DemoRegion, calculated: IdentificationRun, coordinator: User) -> SchoolList:
    """Include all schools with the verdict but the smallest, and publish the list with its order."""
    calendar = region.calendar
    for verdict in calculated.verdicts.undecided().select_related("school"):
        is_excluded = verdict.school.login == EXCLUDED_LOGIN
        decide(
            verdict=verdict,
            decision=Decision.EXCLUDED if is_excluded else Decision.INCLUDED,
            reason_code=DecisionReason.SMALL_SAMPLE if is_excluded else "",
            text=EXCLUSION_TEXT if is_excluded else "",
            by=coordinator,
            at=calendar.moment(-72),
        )
    school_list = draft_list(run=calculated, by=coordinator, at=calendar.moment(-71))
    approve_list(school_list=school_list, by=coordinator, at=calendar.moment(-70))
    order = region.order(offset=-68, number="512", title="Об утверждении перечня школ")
    return publish_list(school_list=school_list, order=order, by=coordinator, at=calendar.moment(-68))


def profile(region: DemoRegion) -> None:
    profiled.make_profiles(region)


def plan(region: DemoRegion) -> None:
    planned.make_roadmaps(region)


def monitor(region: DemoRegion) -> None:
    monitored.make_cycles(region)


STEPS: Final[Sequence[tuple[Stage, Callable[[DemoRegion], None]]]] = (
    (Stage.IDENTIFIED, identify),
    (Stage.PROFILED, profile),
    (Stage.PLANNED, plan),
    (Stage.MONITORED, monitor),
)


def live_until(stage: Stage, region: DemoRegion) -> None:
    """Go through the stages up to one, that one included."""
    for reached, step in STEPS:
        if stage is Stage.EMPTY:
            return
        step(region)
        if reached is stage:
            return
