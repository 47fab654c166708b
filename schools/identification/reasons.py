"""Reasons of a verdict: a code to sort by, a reference to print, a Russian sentence to read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from accounts.russian import count, percent
from schools.identification.evidence import Part, PartState

PARTICIPANTS = "участника,участников,участников"  # «у 12 из 21 участника»


class ReasonCode(StrEnum):
    C1 = "C1"
    C2 = "C2"
    LOW = "LOW"  # reaches the threshold, though the condition as a whole does not hold
    RISK = "RISK"
    SMALL_N = "SMALL_N"
    MARKER = "MARKER"
    NO_DATA = "NO_DATA"
    PREVIOUS_YEAR = "PREVIOUS_YEAR"
    EXCLUDED_TYPE = "EXCLUDED_TYPE"


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


def share_reason(code: ReasonCode, part: Part) -> Reason:
    """Say that a procedure of a year reached a bound: C1, LOW, RISK."""
    return Reason(
        code=code,
        reference=f"{part.code} {part.fraction_text}",
        text=f"{part.name}, {part.year} год: {share_words(part)}.",
    )


def repeat_reason(before: Part, now: Part) -> Reason:
    return Reason(
        code=ReasonCode.C2,
        reference=f"{now.code} {before.fraction_text} → {now.fraction_text}",
        text=f"{now.name}, два года подряд: {before.year} год — {share_words(before)}; "
        f"{now.year} год — {share_words(now)}.",
    )


def share_words(part: Part) -> str:
    """Return «низкий результат у 12 из 40 участников (30,00 %)»."""
    people = count(part.participants or 0, PARTICIPANTS)
    return f"низкий результат у {part.low} из {people} ({percent(part.low, part.participants)})"


def uncounted_reasons(parts: Iterable[Part], min_participants: int) -> list[Reason]:
    """Say which procedures of the year took no part in the verdict, and which carry markers."""
    parts = list(parts)
    small = [part for part in parts if part.state is PartState.SMALL_N]
    absent = [part for part in parts if part.state is PartState.NO_DATA]
    reasons = [marker_reason(part) for part in parts if part.markers]
    if small:
        reasons.append(
            Reason(
                code=ReasonCode.SMALL_N,
                reference=codes(small),
                text=f"Не учтены, меньше {count(min_participants, PARTICIPANTS)}: {codes(small)}.",
            ),
        )
    if absent:
        reasons.append(
            Reason(code=ReasonCode.NO_DATA, reference=codes(absent), text=f"Нет результатов: {codes(absent)}."),
        )
    return reasons


def marker_reason(part: Part) -> Reason:
    outcome = "процедура не учтена" if part.state is PartState.DROPPED else "процедура учтена, проверьте результаты"
    return Reason(
        code=ReasonCode.MARKER,
        reference=", ".join(part.markers),
        text=f"{part.name}: признаки необъективности результатов, {outcome}.",
    )


def previous_year_reason(year: int) -> Reason:
    return Reason(
        code=ReasonCode.PREVIOUS_YEAR,
        reference=str(year),
        text=f"Нет учтённых результатов за {year} год: повтор процедуры не проверен.",
    )


def excluded_reason(kind: str) -> Reason:
    return Reason(
        code=ReasonCode.EXCLUDED_TYPE,
        reference=kind,
        text=f"Правило не распространяется на вид школы «{kind}».",
    )


def codes(parts: Sequence[Part]) -> str:
    return ", ".join(part.code for part in parts)
