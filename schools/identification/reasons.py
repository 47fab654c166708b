"""Reasons of a verdict: a code to sort by, a reference to print, a Russian sentence to read.

What is stored is a ground: a code and the places of the parts that it speaks of (`Grounds`). The words are made when
they are read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from accounts.russian import count, listing, number, percent, plural
from schools.identification.comparison import Compared, Comparison
from schools.identification.evidence import Part, PartState
from schools.identification.names import procedure_code, procedure_name
from schools.identification.trend import Trend, YearOf
from schools.intake.vocabulary import PROCEDURE_NAMES

PARTICIPANTS: Final = "участника,участников,участников"  # «у 12 из 21 участника»
SCHOOLS: Final = "школы,школ,школ"  # «из 21 школы»
YEARS: Final = "год,года,лет"
Ground = Sequence[Any]  # [code, what it speaks of ...]


class ReasonCode(StrEnum):
    C1 = "C1"
    C2 = "C2"
    LOW = "LOW"  # reaches the threshold, though the condition as a whole does not hold
    RISK = "RISK"
    RELATIVE = "RELATIVE"
    RELATIVE_COUNT = "RELATIVE_COUNT"  # compared work by work: in how many of them it is behind
    RELATIVE_WORK = "RELATIVE_WORK"  # one work in which it is
    RANKING = "RANKING"
    NOT_COMPARED = "NOT_COMPARED"
    TREND = "TREND"
    SMALL_N = "SMALL_N"
    POOLED = "POOLED"
    MARKER = "MARKER"
    NO_DATA = "NO_DATA"
    LOW_UNKNOWN = "LOW_UNKNOWN"  # there is a result, and nothing tells how many of its works are low
    FEW_COUNTED = "FEW_COUNTED"  # of a year, fewer works than the condition needs
    REPEAT_UNKNOWN = "REPEAT_UNKNOWN"
    PREVIOUS_YEAR = "PREVIOUS_YEAR"
    EXCLUDED_TYPE = "EXCLUDED_TYPE"
    STAYS = "STAYS"
    LEAVES = "LEAVES"


NOTES: Final = frozenset(  # what one should know besides; no school is listed for it
    {
        ReasonCode.LOW,
        ReasonCode.MARKER,
        ReasonCode.NOT_COMPARED,
        ReasonCode.SMALL_N,
        ReasonCode.POOLED,
        ReasonCode.NO_DATA,
        ReasonCode.LOW_UNKNOWN,
        ReasonCode.FEW_COUNTED,
        ReasonCode.REPEAT_UNKNOWN,
        ReasonCode.PREVIOUS_YEAR,
    },
)


@dataclass(frozen=True, kw_only=True)
class Reason:
    code: ReasonCode
    reference: str
    text: str

    def to_json(self) -> dict[str, str]:
        return {"code": str(self.code), "reference": self.reference, "text": self.text, "printed": str(self)}

    def __str__(self) -> str:
        """Return the printed code: «C1:ВПР-РУ-5 2026 12/40=30,00 %»."""
        return f"{self.code}:{self.reference}" if self.reference else str(self.code)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What grounds refer to."""

    parts: Sequence[Part]
    comparison: Comparison | None = None
    trend: Trend | None = None

    @property
    def year(self) -> int:
        """Return the year of the verdict: its parts are never older than others."""
        return max(part.year for part in self.parts)

    def at(self, places: Iterable[int]) -> list[Part]:
        return [self.parts[place] for place in places]


def reasons_of(grounds: Iterable[Ground], evidence: Evidence) -> list[Reason]:
    """Return the stored grounds in words."""
    return [reason_of(ground, evidence) for ground in grounds]


def reason_of(ground: Ground, evidence: Evidence) -> Reason:
    code = ReasonCode(ground[0])
    reference, text = WORDS[code](ground[1:], evidence)
    return Reason(code=code, reference=reference, text=text)


Words = tuple[str, str]  # reference, sentence


def share_reason(arguments: Ground, evidence: Evidence) -> Words:
    """Say that a procedure of a year reached a bound: C1, LOW, RISK."""
    part = evidence.parts[arguments[0]]
    return f"{part.code} {part.fraction_text}", f"{part.name}, {years_words(part)}: {share_words(part)}."


def repeat_reason(arguments: Ground, evidence: Evidence) -> Words:
    """Say that a procedure is low year after year, the earliest first."""
    parts = evidence.at(arguments[0])
    years = f"{'два' if len(parts) == 2 else len(parts)} {plural(len(parts), YEARS)} подряд"
    if len({part.code for part in parts}) > 1:
        return regrouped_words(parts, years)
    shares = "; ".join(f"{part.year} год — {share_words(part)}" for part in parts)
    return f"{parts[0].code} {' → '.join(part.fraction_text for part in parts)}", f"{parts[0].name}, {years}: {shares}."


def regrouped_words(parts: Sequence[Part], years: str) -> Words:
    """Say of small grades added up that they were not the same ones each year."""
    reference = " → ".join(f"{part.code} {part.fraction_text}" for part in parts)
    shares = "; ".join(f"{part.year} год, {part.name} — {share_words(part)}" for part in parts)
    return reference, f"Малые классы одного предмета, сложенные вместе, {years}: {shares}."


def small_reason(arguments: Ground, evidence: Evidence) -> Words:
    minimum, places = arguments
    named = codes(evidence.at(places))
    return named, f"Не учтены, меньше {count(minimum, PARTICIPANTS)}: {named}."


def absent_reason(arguments: Ground, evidence: Evidence) -> Words:
    named = codes(evidence.at(arguments[0]))
    return named, f"Нет результатов: {named}."


def low_unknown_reason(arguments: Ground, evidence: Evidence) -> Words:
    """Say which works of a year have results without what tells the low ones: scores, or marks."""
    is_by_scores, places = arguments
    parts = evidence.at(places)
    lack = "распределения первичных баллов нет" if is_by_scores else "числа низких результатов в них нет"
    text = f"Результаты за {parts[0].year} год есть, но {lack}, низкие не известны: {names_of(parts)}."
    return f"{parts[0].year} {codes(parts)}", text


def names_of(parts: Sequence[Part]) -> str:
    return "; ".join(part.name for part in parts)


def pooled_reason(arguments: Ground, evidence: Evidence) -> Words:
    part = evidence.parts[arguments[0]]
    pieces = ", ".join(piece_words(piece.grade, piece.year, piece.low, piece.participants) for piece in part.pieces)
    return f"{part.code} {part.fraction_text}", f"{part.name}: участников мало, сложены вместе — {pieces}."


def piece_words(grade: int, year: int, low: int, participants: int) -> str:
    return f"{grade} класс {year} года {low} из {participants}"


def marker_reason(arguments: Ground, evidence: Evidence) -> Words:
    part = evidence.parts[arguments[0]]
    outcome = MARKED.get(part.state, "процедура учтена, проверьте результаты")
    year = "" if part.year == evidence.year else f", {years_words(part)}"
    return ", ".join(part.markers), f"{part.name}{year}: признаки необъективности результатов, {outcome}."


MARKED: Final = {
    PartState.DROPPED: "процедура не учтена",
    PartState.SET_ASIDE: "результат не говорит в пользу школы",
    PartState.SMALL_N: "процедура не учтена: участников мало",
    PartState.POOLED: "процедура учтена вместе с другими, проверьте результаты",
}


def few_counted_reason(arguments: Ground, _: Evidence) -> Words:
    """Say that the works of a year are too few to say «no»: others were not counted or did not come."""
    year, counted, needed = arguments
    text = (
        f"За {year} год учтено работ: {counted}, для условия нужно {needed}. Остальные не поступили или не учтены: "
        "сказать, что условие не выполнено, нельзя."
    )
    return f"{year} {counted}/{needed}", text


def repeat_unknown_reason(arguments: Ground, evidence: Evidence) -> Words:
    """Say of which works nobody knows whether they are low year after year."""
    named = codes(evidence.at(arguments[0]))
    return named, f"Повтор не проверен, учтённые результаты есть не за все годы: {named}."


def previous_year_reason(arguments: Ground, _: Evidence) -> Words:
    (year,) = arguments
    return str(year), f"Нет учтённых результатов за {year} год: сравнить с ним нельзя."


def excluded_reason(arguments: Ground, _: Evidence) -> Words:
    (kind,) = arguments
    return kind, f"Правило не распространяется на вид школы «{kind}»."


# Other schools


def relative_reason(arguments: Ground, evidence: Evidence) -> Words:
    """Say where the school stands inside its cluster."""
    compared = known(evidence.comparison)
    share = f"{compared.low}/{compared.participants}={percent(compared.low, compared.participants)}"
    outcome = "отстаёт от похожих школ" if arguments[0] else "не отстаёт от похожих школ"
    text = (
        f"Среди похожих ({', '.join(compared.cluster)}): доля низких результатов по всем работам "
        f"{percent(compared.low, compared.participants)} ({compared.low} из {compared.participants}), "
        f"в среднем {number(compared.mean, 2)} %; {compared.rank}-е место из {count(compared.schools, SCHOOLS)}, 1-е — "
        f"лучшее. Школа {outcome}."
    )
    return f"{share} {compared.rank}/{compared.schools}", text


def relative_count_reason(arguments: Ground, evidence: Evidence) -> Words:
    """Say in how many works the school is behind its cluster, and its place in each that could be compared."""
    holds, behind, needed = arguments
    compared = known(evidence.comparison)
    works = [work for work in compared.works if work.is_behind is not None]
    places = "; ".join(f"{procedure_code(work.procedure)} — {work.place} из {work.schools}" for work in works)
    outcome = "отстаёт от похожих школ" if holds else "не отстаёт от похожих школ"
    text = (
        f"Среди похожих ({', '.join(compared.cluster)}), каждая работа отдельно: за границей — {behind} из "
        f"{len(works)}, нужно не менее {needed}. Места в кластере: {places}. Школа {outcome}."
    )
    return f"{behind}/{len(works)}", text


def relative_work_reason(arguments: Ground, evidence: Evidence) -> Words:
    """Say where the school stands in its cluster by one work: «14-е место из 18 школ кластера»."""
    compared = known(evidence.comparison)
    work = compared.works[arguments[0]]
    share = percent(work.low, work.participants)
    code = f"{procedure_code(work.procedure)} {work.low}/{work.participants}={share} {work.place}/{work.schools}"
    text = (
        f"{procedure_name(work.procedure)}: {work.place}-е место из {count(work.schools, SCHOOLS)} кластера "
        f"({', '.join(compared.cluster)}). Доля низких результатов {share} ({work.low} из {work.participants}), "
        f"в среднем {number(Fraction(work.mean, 100), 2)} %{deviation_words(work.deviation)}."
    )
    return code, text


def deviation_words(hundredths: int | None) -> str:
    """Return «, хуже среднего на 1,53 стандартного отклонения»; nothing when all schools are alike."""
    if hundredths is None:
        return ""
    side = "хуже" if hundredths >= 0 else "лучше"
    return f", {side} среднего на {number(Fraction(abs(hundredths), 100), 2)} стандартного отклонения"


def ranking_reason(_: Ground, evidence: Evidence) -> Words:
    compared = known(evidence.comparison)
    place = f"{compared.place}/{compared.schools}"
    groups = "; ".join(
        f"{PROCEDURE_NAMES.get(rank.name, rank.name)} — {rank.place} из {rank.schools}" for rank in compared.groups
    )
    return place, f"Место в рейтинге: {compared.place} из {compared.schools}. По группам: {groups}."


def not_compared_reason(_: Ground, evidence: Evidence) -> Words:
    compared = known(evidence.comparison)
    if compared.works:
        return few_by_work(compared)
    return str(compared.state), not_compared_words(compared)


def not_compared_words(compared: Comparison) -> str:
    """Return why nothing can be said of a school among others."""
    if compared.works:
        return few_by_work(compared)[1]
    cluster = f" ({', '.join(compared.cluster)})" if compared.cluster else ""
    words = {
        Compared.FEW_SCHOOLS: (
            f"Школ с учтёнными результатами в кластере{cluster} {compared.schools}, считая эту: этого мало, чтобы "
            "сравнивать."
        ),
        Compared.NO_CLUSTER: "О школе известно не всё, по чему подбираются похожие: сравнить не с кем.",
        Compared.NO_RESULTS: "Учтённых результатов нет: сравнивать нечего.",
    }
    return words[compared.state]


def few_by_work(compared: Comparison) -> Words:
    """Say that too few works have enough schools around them."""
    works = [work for work in compared.works if work.is_behind is not None]
    text = (
        f"Похожих школ ({', '.join(compared.cluster)}) с теми же работами мало: сравнить можно работ — {len(works)} "
        f"из {len(compared.works)}, для вывода этого не хватает."
    )
    return f"{compared.state} {len(works)}/{len(compared.works)}", text


def known(comparison: Comparison | None) -> Comparison:
    if comparison is None:
        raise ValueError("a ground speaks of a comparison that was not stored")
    return comparison


# Years


def trend_reason(arguments: Ground, evidence: Evidence) -> Words:
    """Say what the years have been like, the earliest first."""
    if evidence.trend is None:
        raise ValueError("a ground speaks of years that were not stored")
    (course,) = arguments
    years = sorted(evidence.trend.years)
    shown = "; ".join(f"{each.year} — {low_of_year(each)}" for each in years)
    return f"{course} {years[0].year}–{years[-1].year}", f"{COURSES[course]}: {shown}."


def low_of_year(year: YearOf) -> str:
    return f"за порогом {year.low} из {year.counted}" if year.counted else "нет учтённых результатов"


COURSES: Final = {
    "LOW": "Низкие результаты в каждом году",
    "KNOWN_LOW": "Низкие результаты в каждом году, за который они известны",
    "RISK": "Низкие результаты в последнем году, но не в каждом",
    "HIGH": "Стабильно высокие результаты",
    "ORDINARY": "Ни низкие, ни стабильно высокие результаты",
    "UNKNOWN": "Результаты известны не за все годы",
}


def stays_reason(arguments: Ground, _: Evidence) -> Words:
    clear, needed, *inherited = arguments
    years = f"лет без условий подряд {clear}, для выхода нужно {needed}."
    if inherited:
        return f"{clear}/{needed}", f"{inherited_words(*inherited)} Школа остаётся в перечне: {years}"
    return f"{clear}/{needed}", f"Школа была в перечне и остаётся в нём: {years}"


def leaves_reason(arguments: Ground, _: Evidence) -> Words:
    clear, needed, *inherited = arguments
    years = f"лет без условий подряд {clear}."
    if inherited:
        return f"{clear}/{needed}", f"{inherited_words(*inherited)} Школа вышла из перечня: {years}"
    return f"{clear}/{needed}", f"Школа была в перечне и вышла из него: {years}"


def inherited_words(schools: Sequence[str]) -> str:
    """Say whose years in lists these are. schools: «СОШ № 3 (с 01.09.2026)» of each that was merged into this one."""
    named = listing(schools)
    if len(schools) == 1:
        return f"В перечне была присоединённая школа — {named}, её годы перешли к этой."
    return f"В перечне были присоединённые школы — {named}, их годы перешли к этой."


WORDS: Final[Mapping[ReasonCode, Callable[[Ground, Evidence], Words]]] = {
    ReasonCode.C1: share_reason,
    ReasonCode.C2: repeat_reason,
    ReasonCode.LOW: share_reason,
    ReasonCode.RISK: share_reason,
    ReasonCode.RELATIVE: relative_reason,
    ReasonCode.RELATIVE_COUNT: relative_count_reason,
    ReasonCode.RELATIVE_WORK: relative_work_reason,
    ReasonCode.RANKING: ranking_reason,
    ReasonCode.NOT_COMPARED: not_compared_reason,
    ReasonCode.TREND: trend_reason,
    ReasonCode.SMALL_N: small_reason,
    ReasonCode.POOLED: pooled_reason,
    ReasonCode.MARKER: marker_reason,
    ReasonCode.NO_DATA: absent_reason,
    ReasonCode.LOW_UNKNOWN: low_unknown_reason,
    ReasonCode.FEW_COUNTED: few_counted_reason,
    ReasonCode.REPEAT_UNKNOWN: repeat_unknown_reason,
    ReasonCode.PREVIOUS_YEAR: previous_year_reason,
    ReasonCode.EXCLUDED_TYPE: excluded_reason,
    ReasonCode.STAYS: stays_reason,
    ReasonCode.LEAVES: leaves_reason,
}


def years_words(part: Part) -> str:
    years = part.years
    return f"{years[0]}–{years[-1]} годы" if len(years) > 1 else f"{part.year} год"


def share_words(part: Part) -> str:
    """Return «низкий результат у 12 из 40 участников (30,00 %)»."""
    people = count(part.participants or 0, PARTICIPANTS)
    return f"низкий результат у {part.low} из {people} ({percent(part.low, part.participants)})"


def codes(parts: Sequence[Part]) -> str:
    return ", ".join(part.code for part in parts)
