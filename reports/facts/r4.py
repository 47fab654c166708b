"""R4, «Информация об исполнении плана мероприятий («дорожной карты»)». Source: domain specification, 6.5."""

from dataclasses import dataclass

from reports.facts import queries
from reports.facts.cautions import caution, counted_caution, list_cautions
from reports.facts.frame import ReportSpec, frame_of
from reports.facts.list_changes import list_changes
from reports.facts.parts import (
    Act,
    Caution,
    CautionCode,
    Frame,
    ListChange,
    ListedSchools,
    Plan,
    SchoolExecution,
    Share,
)


@dataclass(frozen=True, kw_only=True)
class FactorExecution:
    """Measures of one risk factor over all schools: in how many schools planned, in how many all done."""

    title: str
    schools: int
    fulfilled: int
    counted: int
    done: int


@dataclass(frozen=True, kw_only=True)
class R4Facts:
    """school: the name when the report is about one school, else empty. monitoring_order: of the latest cycle.

    changes: what orders did to lists of the period; None in versions built before it was told. recommends: there are
    schools to advise.
    """

    frame: Frame
    school: str
    lists: tuple[ListedSchools, ...]
    plan: Plan | None
    monitoring_order: Act | None
    monitoring_url: str
    is_monitoring_open: bool
    submitted: Share
    schools: tuple[SchoolExecution, ...]
    factors: tuple[FactorExecution, ...]
    cautions: tuple[Caution, ...]
    changes: tuple[ListChange, ...] | None = None
    recommends: bool = True


def collect(spec: ReportSpec) -> R4Facts:
    """Read what the portal knows about execution on the day of the data."""
    in_force = queries.lists_in_force(spec)
    lists = queries.lists_of(spec, in_force)
    cycle = queries.latest_cycle(spec)
    schools = queries.schools_of(spec, in_force)
    changes = list_changes(spec, in_force, schools)
    executions = queries.executions(spec, schools, cycle)
    plan = queries.municipal_plan(spec)
    return R4Facts(
        frame=frame_of(spec),
        school=queries.names_of(spec, [spec.school])[spec.school.pk] if spec.school else "",
        lists=lists,
        plan=plan,
        monitoring_order=queries.act_of(cycle.basis_order) if cycle else None,
        monitoring_url=queries.cycle_url(cycle) if cycle else "",
        is_monitoring_open=cycle is not None and cycle.is_open,
        submitted=submitted_share(executions),
        schools=executions,
        factors=tuple(
            FactorExecution(
                title=title,
                schools=len(counts),
                fulfilled=sum(done == counted for counted, done in counts.values()),
                counted=sum(counted for counted, _ in counts.values()),
                done=sum(done for _, done in counts.values()),
            )
            for title, counts in queries.factor_executions(spec, schools).items()
        ),
        cautions=(*cautions(spec, lists, plan, executions), *list_cautions(changes, spec.as_of)),
        changes=changes,
        recommends=bool(schools),
    )


def submitted_share(schools: tuple[SchoolExecution, ...]) -> Share:
    """Return how many schools have handed in, of those that were asked; empty when nobody was asked."""
    asked = [school for school in schools if school.is_submitted is not None]
    if not asked:
        return Share(numerator=None, denominator=None)
    return Share(numerator=sum(bool(school.is_submitted) for school in asked), denominator=len(asked))


def cautions(
    spec: ReportSpec,
    lists: tuple[ListedSchools, ...],
    plan: Plan | None,
    schools: tuple[SchoolExecution, ...],
) -> list[Caution]:
    found = []
    if not lists:
        found.append(caution(CautionCode.NO_LIST, day=spec.as_of))
    if plan is None and spec.school is None:
        found.append(caution(CautionCode.NO_ROADMAP))
    found += before_list(lists, plan)
    late = [school.school for school in schools if school.is_submitted is False]
    found += counted_caution(CautionCode.SCHOOLS_NOT_SUBMITTED, late)
    found += counted_caution(
        CautionCode.SCHOOLS_WITHOUT_ROADMAP,
        [school.school for school in schools if school.counted is None],
    )
    return found


def before_list(lists: tuple[ListedSchools, ...], plan: Plan | None) -> list[Caution]:
    """Warn when the order that approved the plan is older than the order that fixed the list."""
    orders = [schools.basis for schools in lists if schools.basis]
    if plan is None or plan.approval is None or not orders:
        return []
    latest = max(order.date for order in orders)
    if plan.approval.date >= latest:
        return []
    return [caution(CautionCode.ROADMAP_BEFORE_LIST, plan=plan.approval.date, listed=latest)]
