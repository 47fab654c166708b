"""What R8 says of decisions: schools that were taken out with their reasons, and what a draft still lacks.

Source: domain specification, 1.4 (a decision with reason and document), 1.6 (the order of a list).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.russian import count, short_date
from reports.facts.parts import Signer
from schools.choices import Decision, ListState
from schools.models import SchoolList, SchoolVerdict

SCHOOLS: Final = "школа,школы,школ"
NAMES_SHOWN: Final = 10
AGAINST_RULE: Final = Q(decision=Decision.EXCLUDED) | (Q(decision=Decision.INCLUDED) & ~Q(decision_text=""))
ORDER: Final = "Нет приказа: его номер и дата не указаны."
COMMISSION: Final = "Состав комиссии портал не хранит: впишите её членов, если перечень рассматривала комиссия."
SIGNER: Final = "Не указано, кто подписывает перечень."


@dataclass(frozen=True, kw_only=True)
class TakenOut:
    """A school that the rule names and a decision excluded. document: "" without; decided: by whom and when."""

    name: str
    reason: str
    text: str
    document: str
    decided: str


def taken_out_of(school_list: SchoolList) -> tuple[TakenOut, ...]:
    """Return the schools that decisions took out of a list made by a run, by name. One query.

    Of a published list by the decisions before it alone: those of today may be for the list that comes after it.
    """
    if school_list.run is None:
        return ()
    excluded = school_list.run.verdicts.filter(decision=Decision.EXCLUDED)
    if school_list.published_at:
        excluded = excluded.filter(decided_at__lte=school_list.published_at)
    rows = excluded.select_related("school", "decision_document", "decided_by").order_by("school__name", "pk")
    return tuple(map(taken_out, rows))


def taken_out(verdict: SchoolVerdict) -> TakenOut:
    on = f", {short_date(timezone.localtime(verdict.decided_at))}" if verdict.decided_at else ""
    return TakenOut(
        name=verdict.school.name,
        reason=verdict.get_decision_code_display(),
        text=verdict.decision_text,
        document=str(verdict.decision_document or ""),
        decided=f"{verdict.decided_by}{on}",
    )


def missing_of(school_list: SchoolList, signer: Signer | None) -> tuple[str, ...]:
    """Return as sentences what a list lacks before it is in force; nothing of one published once. Three queries."""
    if school_list.published_at:
        return ()
    lacks = [*undecided_words(school_list), *undocumented_words(school_list), *unreasoned_words(school_list)]
    if school_list.state == ListState.DRAFT:
        lacks.append("Состав перечня не утверждён.")
    return (*lacks, ORDER, *([] if signer else [SIGNER]), COMMISSION)


def undecided_words(school_list: SchoolList) -> Iterator[str]:
    if school_list.run:
        yield from told("Не принято решение", verdict_names(school_list.run.verdicts.undecided()))


def undocumented_words(school_list: SchoolList) -> Iterator[str]:
    if school_list.run:
        rows = school_list.run.verdicts.filter(AGAINST_RULE, decision_document=None)
        yield from told("Решение вопреки расчёту принято без документа", verdict_names(rows))


def unreasoned_words(school_list: SchoolList) -> Iterator[str]:
    """Yield which schools stand in the list without a reason of the rule and without a note."""
    items = school_list.items.filter(reasons=[], note="").order_by("school_name", "pk")
    yield from told("Нет причин включения", list(items.values_list("school_name", flat=True)))


def verdict_names(verdicts: QuerySet[SchoolVerdict]) -> list[str]:
    return list(verdicts.order_by("school__name", "pk").values_list("school__name", flat=True))


def told(what: str, names: Sequence[str]) -> Iterator[str]:
    """Yield «Не принято решение: 2 школы (СОШ № 5, СОШ № 9).», nothing for nobody."""
    if names:
        more = f" и ещё {len(names) - NAMES_SHOWN}" if len(names) > NAMES_SHOWN else ""
        yield f"{what}: {count(len(names), SCHOOLS)} ({', '.join(names[:NAMES_SHOWN])}{more})."
