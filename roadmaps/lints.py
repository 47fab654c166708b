"""What must be put right before a roadmap is agreed. Pure: no Django.

Source: domain specification, 4.4 (quality lints before approval).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from accounts.russian import percent, short_date
from roadmaps.terms import is_whole_period

WHOLE_PERIOD_LIMIT_PERCENT: Final = 40


class Weight(StrEnum):
    ERROR = "error"
    WARNING = "warning"  # shown, does not hold the roadmap back


@dataclass(frozen=True, kw_only=True)
class PlannedMeasure:
    """A measure as planned. factors: ids of the risk factors it works on. Excluded measures are left out before."""

    key: str
    number: str
    title: str = ""
    indicator: str = ""
    responsible: str = ""
    date_from: date | None = None
    due_date: date | None = None
    timing: str = ""
    factors: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """activated: id of a factor -> its title. list_date: of the order of the list of schools; None: no such list."""

    period_from: date
    period_to: date
    measures: Sequence[PlannedMeasure]
    activated: Mapping[str, str]
    order_date: date | None = None
    list_date: date | None = None


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One thing to put right; `measure` and `field` lead to the cell, None and "" when it is about the whole."""

    text: str
    measure: str | None = None
    field: str = ""
    weight: Weight = Weight.ERROR


def remarks(plan: Plan) -> list[Remark]:
    """Return all remarks, in the order of the table."""
    return [
        *empty_plan(plan),
        *factors_without_measure(plan),
        *(remark for measure in plan.measures for remark in measure_remarks(measure, plan)),
        *too_much_whole_period(plan),
        *order_before_list(plan),
    ]


def errors(found: Sequence[Remark]) -> list[Remark]:
    return [remark for remark in found if remark.weight is Weight.ERROR]


def empty_plan(plan: Plan) -> Iterator[Remark]:
    if not plan.measures:
        yield Remark(text="В карте нет мероприятий. Добавьте первое.")


def factors_without_measure(plan: Plan) -> Iterator[Remark]:
    covered = frozenset().union(*(measure.factors for measure in plan.measures))
    for factor, title in plan.activated.items():
        if factor not in covered:
            yield Remark(text=f"Для риска «{title}» нет мероприятия. Добавьте хотя бы одно.")


def measure_remarks(measure: PlannedMeasure, plan: Plan) -> Iterator[Remark]:
    def missing(field: str, what: str) -> Remark:
        return Remark(text=f"{measure.number}: {what}.", measure=measure.key, field=field)

    if not measure.title.strip():
        yield missing("title", "напишите, что будет сделано")
    if not measure.indicator.strip():
        yield missing("indicator", "укажите показатель, по которому увидим результат")
    if not measure.responsible.strip():
        yield missing("responsible", "назначьте ответственного")
    if measure.due_date is None:
        yield missing("term", "укажите срок")
    elif words := outside(measure, plan):
        limits = f"{short_date(plan.period_from)} — {short_date(plan.period_to)}"
        yield missing("term", f"{words} вне периода карты, {limits}")


def outside(measure: PlannedMeasure, plan: Plan) -> str:
    """Return «срок 15.01.2027» or «начало 30.12.2025», whichever lies outside of the period; "" when neither does."""
    days = (("срок", measure.due_date), ("начало", measure.date_from))
    strange = [
        f"{word} {short_date(day)}" for word, day in days if day and not plan.period_from <= day <= plan.period_to
    ]
    return " и ".join(strange)


def too_much_whole_period(plan: Plan) -> Iterator[Remark]:
    whole, total = sum(is_whole_period(measure.timing) for measure in plan.measures), len(plan.measures)
    if 100 * whole > WHOLE_PERIOD_LIMIT_PERCENT * total:
        yield Remark(
            text=f"Срок «в течение года» у {whole} из {total} мероприятий ({percent(whole, total, 1)}), "
            f"а можно не более {WHOLE_PERIOD_LIMIT_PERCENT}\u00a0%. Назовите месяцы или даты.",
        )


def order_before_list(plan: Plan) -> Iterator[Remark]:
    if plan.order_date and plan.list_date and plan.order_date < plan.list_date:
        yield Remark(
            text=f"Приказ об утверждении карты ({short_date(plan.order_date)}) раньше приказа о перечне школ "
            f"({short_date(plan.list_date)}). Проверьте даты.",
            weight=Weight.WARNING,
        )
