"""What a list of each kind is made of when a run drafts it: which schools, by which reasons, in which words.

Source: domain specification, 1.3 and 1.6. One table for the counts of a run, the drafts, the pages and the files.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from schools.choices import LOW_RESULT_LISTS, Decision, ListKind
from schools.identification import ReasonCode, Standing, Verdict
from schools.social import SocialVerdict

Reasons = list[dict[str, str]]

NAMED: Final = Q(verdict=Verdict.SHNOR) | Q(standing=Standing.HELD)  # `choices.is_named`
NOT_INCLUDED: Final = ~Q(decision=Decision.INCLUDED)
OF_RISK: Final = Q(verdict=Verdict.RISK_GROUP) & NOT_INCLUDED
MARKED: Final = Q(is_marked=True)
HIGH: Final = Q(is_high=True)
HARD: Final = Q(verdict=SocialVerdict.SHNSU)  # over the indices of a social run


@dataclass(frozen=True, kw_only=True)
class ByVerdict:
    """A kind that follows from the verdicts of a run without anybody's decision.

    count: its name in `IdentificationRun.counts`; codes: the reasons that an item keeps.
    """

    count: str
    condition: Q
    codes: Collection[str]
    made_of: str


BY_VERDICT: Final[Mapping[ListKind, ByVerdict]] = {
    ListKind.RISK_GROUP: ByVerdict(
        count="risk",
        condition=OF_RISK,
        codes=frozenset({ReasonCode.RISK, ReasonCode.LOW, ReasonCode.TREND}),
        made_of=(
            "Школы с выводом правила «Группа риска», кроме включённых решением в перечень ШНОР. "
            "Решение о включении не требуется."
        ),
    ),
    ListKind.BIAS_MARKERS: ByVerdict(
        count="marked",
        condition=MARKED,
        codes=frozenset({ReasonCode.MARKER}),
        made_of=(
            "Школы, в работах которых есть признаки необъективности из файла региона. "
            "Признак — повод для анализа, а не вывод о школе. Решение о включении не требуется."
        ),
    ),
    ListKind.HIGH_RESULTS: ByVerdict(
        count="high",
        condition=HIGH,
        codes=frozenset({ReasonCode.TREND}),
        made_of=(
            "Школы, которые правило трёх перечней относит к стабильно высоким во все его годы. "
            "Решение о включении не требуется."
        ),
    ),
}
DECIDED: Final = "Школы, которые включены решениями по расчёту."
BY_INDEX: Final = (
    "Школы, индекс социальных условий которых меньше порога. Индекс — предложение портала, не официальная методика. "
    "Решение о включении не требуется."
)
EXPLAINED: Final = (*LOW_RESULT_LISTS, ListKind.RISK_GROUP)  # the page of the verdict says why the school is there
HAS_REASONS: Final = (*EXPLAINED, ListKind.SHNSU)


def made_of(kind: str, *, is_counted: bool) -> str:
    """Return in words what schools a list holds; "" for one that came by a document."""
    if not is_counted:
        return ""
    if kind == ListKind.SHNSU:
        return BY_INDEX
    by_verdict = BY_VERDICT.get(ListKind(kind))
    return by_verdict.made_of if by_verdict else DECIDED


def reasons_of_kind(kind: str, reasons: Reasons) -> Reasons:
    """Return the reasons that an item of a kind keeps, all of them for lists of low results."""
    by_verdict = BY_VERDICT.get(ListKind(kind))
    return [each for each in reasons if by_verdict is None or each["code"] in by_verdict.codes]


def offered(counts: Mapping[str, Any]) -> Iterator[tuple[ListKind, int]]:
    """Yield the kinds besides that of low results which a run has schools for, with their number."""
    for kind, by_verdict in BY_VERDICT.items():
        if number := counts.get(by_verdict.count, 0):
            yield kind, number
