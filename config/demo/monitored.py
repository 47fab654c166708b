"""Cycles of the demo: the entry one closed, the interim one collecting, every school at another step."""

from collections.abc import Mapping, Sequence
from typing import Final

from accounts.models import User
from config.demo.region import DemoRegion
from monitoring.actions.cycles import move_cycle, plan_cycle, remind
from monitoring.actions.submissions import Value, accept, give_back, save_reading, submit
from monitoring.catalogue import load_metric_set
from monitoring.choices import CycleState, Stage
from monitoring.models import MonitoringCycle, Submission
from schools.actions.acts import register_act
from schools.models import School, SchoolList

Counts = Mapping[str, tuple[int, int]]
PUPILS: Final = 531  # of the school that the counts below are of; those of others are in proportion
ENTRY: Final[Counts] = {
    "B8": (6, 310),
    "C1": (9, 26),
    "C2": (8, 26),
    "C3": (21, 26),
    "C5": (1, 3),
    "D1": (10, 26),
}
# Deliberate: the school says of routes «90 %» in its numbers and «100 %» in its note.
INTERIM: Final[Counts] = {
    "B8": (4, 310),
    "C1": (18, 26),
    "C2": (18, 20),
    "C3": (24, 26),
    "C5": (3, 3),
    "D1": (19, 26),
}
CONTRADICTION: Final = "Маршруты составлены для 100 % педагогов"
ADMINS: Final[Mapping[str, str]] = {
    "edu900003": "school3",
    "edu900005": "school5",
    "edu900008": "school8",
    "edu900009": "school9",
    "edu900011": "school11",
}


def make_cycles(region: DemoRegion) -> None:
    schools = listed_schools(region)
    entry = plan(region, Stage.ENTRY, schools, offset=-60)
    for submission in entry.submissions.select_related("school"):
        hand_in(submission, ENTRY, region, offset=-55)
        accept(submission=submission, by=region.person("methodist"), at=region.calendar.moment(-52))
    coordinator = region.person("coordinator")
    for state in (CycleState.CHECKING, CycleState.ANALYSIS, CycleState.REPORTED, CycleState.CLOSED):
        entry = move_cycle(cycle=entry, to=state, by=coordinator)
    interim = plan(region, Stage.INTERIM, schools, offset=-6)
    live_interim({row.school.login: row for row in interim.submissions.select_related("school")}, region)
    remind(cycle=interim, by=coordinator, at=region.calendar.moment(-1))


def listed_schools(region: DemoRegion) -> list[School]:
    school_list = SchoolList.objects.published().get(territory=region.municipality)
    return list(School.objects.filter(list_items__school_list=school_list).order_by("name"))


def plan(region: DemoRegion, stage: Stage, schools: Sequence[School], *, offset: int) -> MonitoringCycle:
    """Plan and open a cycle; its data are as of two days before it opens, schools have 16 days."""
    coordinator, calendar = region.person("coordinator"), region.calendar
    order = region.order(offset=offset - 4, number=str(700 + offset), title=f"О проведении мониторинга: {stage.label}")
    cycle = plan_cycle(
        stage=stage,
        territory=region.municipality,
        year=calendar.today.year,
        metric_set=load_metric_set(),
        schools=schools,
        as_of_date=calendar.day(offset - 2),
        opens_on=calendar.day(offset),
        deadline=calendar.day(offset + 16),
        basis_order=register_act(act=order, by=coordinator),
        by=coordinator,
        at=calendar.moment(offset - 3),
    )
    return move_cycle(cycle=cycle, to=CycleState.COLLECTING, by=coordinator)


def live_interim(submissions: Mapping[str, Submission], region: DemoRegion) -> None:
    """Accepted, on check, being filled in, given back; the rest not started."""
    hand_in(submissions["edu900003"], INTERIM, region, offset=-4)
    accept(submission=submissions["edu900003"], by=region.person("methodist"), at=region.calendar.moment(-2))
    hand_in(submissions["edu900005"], INTERIM, region, offset=-3, note=CONTRADICTION)
    fill(submissions["edu900008"], dict(list(INTERIM.items())[:2]), region.person("school8"))
    hand_in(submissions["edu900009"], INTERIM, region, offset=-3)
    give_back(
        submission=submissions["edu900009"],
        remark="Проверьте число педагогов: по отчёту за сентябрь их 24.",
        by=region.person("methodist"),
    )


def hand_in(submission: Submission, counts: Counts, region: DemoRegion, *, offset: int, note: str = "") -> None:
    admin = region.person(ADMINS.get(submission.school.login, "coordinator"))
    fill(submission, counts, admin, note=note)
    submit(submission=submission, by=admin, at=region.calendar.moment(offset))


def in_proportion(counts: Counts, pupils: int) -> dict[str, tuple[int, int]]:
    """Return the counts as a school of this size has them: nobody has more pupils or teachers than there are."""
    scaled = {}
    for code, (part, whole) in counts.items():
        size = max(1, round(whole * pupils / PUPILS))
        scaled[code] = min(size, round(part * pupils / PUPILS)), size
    return scaled


def fill(submission: Submission, counts: Counts, admin: User, *, note: str = "") -> None:
    """Type the readings that the school gives; the note goes to the metric of routes."""
    scaled = in_proportion(counts, submission.school.students or PUPILS)
    for reading in submission.readings.select_related("metric"):
        if pair := scaled.get(reading.metric.code):
            value = Value(
                numerator=pair[0],
                denominator=pair[1],
                comment=note if reading.metric.code == "C2" else "",
            )
            save_reading(reading=reading, value=value, seen_version=reading.version, by=admin)
