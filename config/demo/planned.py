"""Roadmaps of the demo: four in execution, one of them with changes under way, one being agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from typing import Final

from accounts.models import User
from accounts.russian import short_date
from config.demo.region import DemoRegion
from riskprofiles.models import RiskProfile
from roadmaps.actions.flow import agree, approve, send, start_execution
from roadmaps.actions.planning import add_measure, create_roadmap, save_objective
from roadmaps.actions.reporting import add_evidence, confirm, report
from roadmaps.actions.versions import start_revision
from roadmaps.choices import EvidenceKind, MeasureStatus, RevisionReason
from roadmaps.library import LibraryMeasure, offered
from roadmaps.models import Measure, Roadmap, Section
from schools.actions.acts import register_act
from schools.models import LegalAct, School, Territory

PERIOD: Final = (-80, 190)  # days from today
FIRST_TERM: Final = -35
TERM_STEP: Final = 17
SCHOOL_PEOPLE: Final = ("Заместитель директора по УВР", "Руководитель методического объединения", "Педагог-психолог")
AUTHORITY_PEOPLE: Final = ("Сергеева О. В.", "Егорова М. А.", "Руководители школ")
PLACEHOLDER_EVIDENCE: Final = EvidenceKind.NOTE


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A roadmap to make. approved: days from today of the approving order, None while it is being agreed."""

    login: str | None
    keeper: str
    per_section: int
    approved: int | None
    number: str
    done: int = 0
    started: int = 0


PLANS: Final[Sequence[Plan]] = (
    Plan(login=None, keeper="methodist", per_section=3, approved=-62, number="530", done=6, started=4),
    Plan(login="edu900003", keeper="school3", per_section=4, approved=-40, number="118", done=7, started=3),
    Plan(login="edu900005", keeper="school5", per_section=4, approved=-38, number="94", done=5, started=2),
    # Deliberate: approved before the order that made the list (-68), the portal warns of it.
    Plan(login="edu900008", keeper="school8", per_section=5, approved=-76, number="31", done=2, started=1),
    Plan(login="edu900011", keeper="school11", per_section=3, approved=None, number=""),
)


def make_roadmaps(region: DemoRegion) -> None:
    made = {plan.login: make_roadmap(plan, region) for plan in PLANS}
    start_revision(
        roadmap=made["edu900005"],
        reason=RevisionReason.MONITORING,
        by=region.person("school5"),
        at=region.calendar.moment(-3),
        note="Уточнены сроки по итогам входного мониторинга",
    )


def make_roadmap(plan: Plan, region: DemoRegion) -> Roadmap:
    """Draft, fill, agree, approve and partly carry out one roadmap."""
    keeper, calendar = region.person(plan.keeper), region.calendar
    owner: School | Territory = region.schools[plan.login] if plan.login else region.municipality
    drafted = (plan.approved if plan.approved is not None else -10) - 2
    roadmap = create_roadmap(
        owner=owner,
        year_label=year_label(calendar.day(PERIOD[0]), calendar.day(PERIOD[1])),
        period=(calendar.day(PERIOD[0]), calendar.day(PERIOD[1])),
        goal="Снизить долю обучающихся, не освоивших программу, до значений округа",
        profile=RiskProfile.objects.filter(school__login=plan.login, factors__is_activated=True).first(),
        by=keeper,
        at=calendar.moment(drafted),
    )
    fill(roadmap, plan, keeper, region)
    roadmap = send(roadmap=roadmap, by=keeper, at=calendar.moment(drafted + 1))
    if plan.approved is None:
        return roadmap
    return carry_out(put_in_force(roadmap, plan, region), plan, keeper, region)


def year_label(first: date, last: date) -> str:
    return f"{first.year} год" if first.year == last.year else f"{first.year}/{last.year} учебный год"


def fill(roadmap: Roadmap, plan: Plan, keeper: User, region: DemoRegion) -> None:
    """Put standard measures into every section, with terms spread over the period."""
    people = cycle(SCHOOL_PEOPLE if plan.login else AUTHORITY_PEOPLE)
    terms = iter(range(FIRST_TERM, PERIOD[1], TERM_STEP))
    for section in roadmap.sections.order_by("position"):
        save_objective(section=section, objective="Доля «2» снижается не менее чем на 5 п. п.", by=keeper)
        for standard in chosen_measures(section, plan):
            offset = next(terms, PERIOD[1] - 5)
            add_measure(
                section=section,
                by=keeper,
                standard=standard,
                term=short_date(region.calendar.day(offset)),
                responsible=next(people),
            )


def chosen_measures(section: Section, plan: Plan) -> list[LibraryMeasure]:
    """Return the first standard measures that suit a section: its factor, or its direction for a territory."""
    if plan.login is None:
        return [measure for measure in offered("municipal") if measure.section == section.title][: plan.per_section]
    return offered("school", section.factor.code if section.factor else None)[: plan.per_section]


def put_in_force(roadmap: Roadmap, plan: Plan, region: DemoRegion) -> Roadmap:
    assert plan.approved is not None  # noqa: S101  asked before
    coordinator, calendar = region.person("coordinator"), region.calendar
    roadmap = agree(roadmap=roadmap, by=coordinator, at=calendar.moment(plan.approved - 1, 15))
    order = register_act(act=order_for(roadmap, plan, region), by=coordinator)
    roadmap = approve(roadmap=roadmap, order=order, by=coordinator, at=calendar.moment(plan.approved))
    return start_execution(roadmap=roadmap, by=coordinator, at=calendar.moment(plan.approved, 12))


def order_for(roadmap: Roadmap, plan: Plan, region: DemoRegion) -> LegalAct:
    title = "Об утверждении плана мероприятий («дорожной карты»)"
    if roadmap.school is None:
        return region.order(offset=plan.approved or 0, number=plan.number, title=title)
    return region.school_order(roadmap.school, offset=plan.approved or 0, number=plan.number, title=title)


def carry_out(roadmap: Roadmap, plan: Plan, keeper: User, region: DemoRegion) -> Roadmap:
    """Report measures done with evidence, the next ones under way; confirm all but the last done.

    The third one, with a term just past, is left alone: it is overdue.
    """
    measures = list(roadmap.measures.in_order())
    measures.pop(2)
    for position, measure in enumerate(measures[: plan.done]):
        finish(measure, keeper, region, is_late=position == 1)
    for measure in measures[plan.done : plan.done + plan.started]:
        report(
            measure=measure,
            status=MeasureStatus.IN_PROGRESS,
            progress=45,
            by=keeper,
            at=region.calendar.moment(-4),
        )
    methodist = region.person("methodist")
    for measure in roadmap.measures.to_confirm().in_order()[: max(plan.done - 1, 0)]:
        confirm(measure=measure, by=methodist, at=region.calendar.moment(-2))
    return roadmap


def finish(measure: Measure, keeper: User, region: DemoRegion, *, is_late: bool) -> None:
    """Attach an evidence and mark a measure done: on its term or, when late, five days after it."""
    term = measure.due_date or region.calendar.today
    done_on = min(term + timedelta(days=5) if is_late else term, region.calendar.day(-3))
    add_evidence(
        measure=measure,
        kind=EvidenceKind(measure.evidence_kind) if measure.evidence_kind else PLACEHOLDER_EVIDENCE,
        by=keeper,
        at=region.calendar.moment(-3),
        name="Итоги мероприятия",
        text=EVIDENCE_TEXTS.get(measure.evidence_kind, "Справка заместителя директора"),
    )
    report(
        measure=measure,
        status=MeasureStatus.DONE,
        done_on=done_on,
        actual_result="Мероприятие проведено в полном объёме",
        by=keeper,
        at=region.calendar.moment(-3),
    )


EVIDENCE_TEXTS: Final[Mapping[str, str]] = {
    "order": "Приказ директора школы, копия в деле 02-14",
    "protocol": "Протокол педагогического совета № 3",
    "programme": "Программа утверждена педагогическим советом",
    "attendance": "Лист регистрации участников, 14 подписей",
}
