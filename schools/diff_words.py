"""The diff of two runs in words: a line for each work that differs, with the file that brought the new counts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Any, Final, NamedTuple
from uuid import UUID

from accounts.russian import NBSP, percent
from schools.correction_rows import Correction, RowKey
from schools.identification import Comparison, Fact, Part, PartState, Verdict, not_compared_words, procedure_name
from schools.run_diff import FactChange, Move, SchoolChange, Side, WorkChange, source_words

CROSSED: Final = {1: "теперь за порогом", -1: "больше не за порогом", 0: ""}
NO_MATTER: Final = "Условия выполнены в обоих расчётах."
STATES: Final = {
    PartState.SMALL_N: "не учтена: мало участников",
    PartState.DROPPED: "не учтена: признаки необъективности",
    PartState.SET_ASIDE: "не учтена: признаки необъективности",
    PartState.POOLED: "учтена вместе с другими: мало участников",
}


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """A school of the diff. before, after: whether each rule names it. told: what turns, or was corrected;
    besides: works with other counts on the same side of the threshold (`is_worth_a_line`).
    """

    school_id: UUID
    name: str
    municipality: str
    before: str
    after: str
    why: str
    told: tuple[str, ...]
    besides: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        return (*self.told, *self.besides)


def change_rows(
    changes: Iterable[SchoolChange[Any]],
    names: Mapping[Any, tuple[str, str]],
    sides: tuple[Side, Side],
    corrections: Mapping[RowKey, Correction],
) -> list[ChangeRow]:
    """Return what a table says of schools. names: id -> (school, municipality)."""
    return [change_row(each, names[each.school], sides, corrections) for each in changes]


def change_row(
    change: SchoolChange[Any],
    named: tuple[str, str],
    sides: tuple[Side, Side],
    corrections: Mapping[RowKey, Correction],
) -> ChangeRow:
    before, after = verdict_words(change)
    works = [(work, correction_of(change, work, corrections)) for work in change.works]
    matters = [work.turns or correction is not None for work, correction in works]
    said = [work_words(work, correction) for work, correction in works]
    return ChangeRow(
        school_id=change.school,
        name=named[0],
        municipality=named[1],
        before=before,
        after=after,
        why=source_words(change, *sides) or NO_MATTER,
        told=(
            *compress(said, matters),
            *place_lines(*change.compared),
            *uncompared_lines(*change.compared),
            *map(fact_words, change.facts),
        ),
        besides=tuple(
            line
            for line, matter, work in zip(said, matters, change.works, strict=True)
            if not matter and is_worth_a_line(work, sides)
        ),
    )


def is_worth_a_line(work: WorkChange, sides: tuple[Side, Side]) -> bool:
    """Answer whether a work that turns nothing tells anything.

    Of two years of results every work has other counts. Those of the years before are told as the year of the other
    side, and a work without low ones in both years has not changed.
    """
    old, new = sides
    if old.year == new.year:
        return True
    lows = [part.low for part in (work.before, work.after) if part]
    return work.years == (old.year, new.year) and lows != [0, 0]


def verdict_words(change: SchoolChange[Any]) -> tuple[str, str]:
    """Return what the two calculations say: in the list, not in it and why so, not judged."""
    was, now = change.verdicts
    before = INSIDE if change.move is not Move.ENTERED else outside_words(was)
    return before, INSIDE if change.move is not Move.LEFT else outside_words(now)


INSIDE: Final = "в списке"
OUTSIDE: Final = {
    Verdict.INSUFFICIENT_DATA: "данных недостаточно",
    Verdict.EXCLUDED: "правило на школу не распространяется",
}


def outside_words(verdict: Verdict | None) -> str:
    return OUTSIDE.get(verdict, "не в списке") if verdict else "не рассчитывалась"


# Facts of a school

FACTS: Final = {
    Fact.KIND: "Вид школы",
    Fact.LISTED: "Была в перечнях по результатам годов",
    Fact.INHERITED: "Из них в перечнях присоединённых школ",
    Fact.LOCALITY: "Где школа",
    Fact.STUDENTS: "Обучающихся",
    Fact.SOCIAL: "Трудные социальные условия",
    Fact.CLUSTER: "Кластер региона",
}
YES_NO: Final = {True: "да", False: "нет"}


def fact_words(change: FactChange) -> str:
    """Return «Вид школы: СОШ → лицей», «Была в перечнях по результатам годов: нет → 2024, 2025»."""
    was, now = (value_words(each) for each in (change.before, change.after))
    return f"{FACTS[change.fact]}: {was} → {now}"


def value_words(value: Any) -> str:
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "нет"
    return "не известно" if value in {None, ""} else str(value)


# Among other schools


class PlaceAmong(NamedTuple):
    """A place among other schools. is_behind None: nothing was said."""

    place: int
    schools: int
    is_behind: bool | None


def place_lines(before: Comparison | None, after: Comparison | None) -> Iterator[str]:
    """Yield the places among other schools that differ: of each work, or of all of them together."""
    was, now = places_among(before), places_among(after)
    for name in {**was, **now}:
        if was.get(name) != now.get(name):
            yield place_words(name, was.get(name), now.get(name))


def uncompared_lines(before: Comparison | None, after: Comparison | None) -> Iterator[str]:
    """Yield why a calculation could not compare the school with others."""
    for number, comparison in (("Первый", before), ("Второй", after)):
        if comparison and comparison.holds is None:
            yield f"{number} расчёт. {not_compared_words(comparison)}"


def places_among(comparison: Comparison | None) -> dict[str, PlaceAmong]:
    """Return what is compared -> where the school stands."""
    if comparison is None:
        return {}
    if comparison.works:
        return {
            procedure_name(work.procedure): PlaceAmong(work.place, work.schools, work.is_behind)
            for work in comparison.works
        }
    if not comparison.place:
        return {}
    return {"Все работы вместе": PlaceAmong(comparison.place, comparison.schools, comparison.holds)}


def place_words(name: str, was: PlaceAmong | None, now: PlaceAmong | None) -> str:
    """Return «ВПР, русский язык, 5 класс: место среди других школ 9 из 18 → 14 из 18, теперь за границей»."""
    words = " → ".join(one_place(each) if each else "не сравнивалась" for each in (was, now))
    crossed = BEHIND[bool(was and was.is_behind), bool(now and now.is_behind)]
    return f"{name}: место среди других школ {words}{crossed}"


def one_place(place: PlaceAmong) -> str:
    """Return «2 из 6», «2 из 6 (школ мало, вывода нет)»."""
    return f"{place.place} из {place.schools}{' (школ мало, вывода нет)' if place.is_behind is None else ''}"


BEHIND: Final = {
    (False, True): ", теперь за границей",
    (True, False): ", больше не за границей",
    (True, True): "",
    (False, False): "",
}


def correction_of(
    change: SchoolChange[Any], work: WorkChange, corrections: Mapping[RowKey, Correction]
) -> Correction | None:
    part = work.after or work.before
    if part is None or not work.is_recounted:
        return None
    key = work.procedure
    return corrections.get((change.school, key.kind, key.subject, key.grade, part.year))


def work_words(work: WorkChange, correction: Correction | None = None) -> str:
    """Return «ВПР, русский язык, 5 класс: 2026 год 11 из 40 (27,50 %) → 12 из 40 (30,00 %), теперь за порогом»."""
    was, now = map(part_words, (work.before, work.after), absences(work))
    counts = f"{was} → {now}" if work.is_recounted else now
    notes = [CROSSED[work.crossing] if work.is_read_by_both else "", state_words(work)]
    if correction:
        notes.append(correction.words)
    return ", ".join(filter(None, [f"{procedure_name(work.procedure)}: {counts}", *notes]))


def absences(work: WorkChange) -> list[str]:
    """Return what each side says where it has no result; with its year when the sides look at different ones."""
    is_one_year = work.years.before == work.years.after
    return [UNSEEN if year is None else ABSENT if is_one_year else f"{year}{NBSP}год — {ABSENT}" for year in work.years]


ABSENT: Final = "нет результата"
UNSEEN: Final = "правило на неё не смотрит"


def part_words(part: Part | None, absent: str) -> str:
    """Return «2026 год 12 из 40 (30,00 %)», `absent` without a result."""
    if part is not None and part.is_unmeasured:
        return f"{part.year}{NBSP}год низкие не известны, участников {part.participants}"
    if part is None or part.participants is None or part.low is None:
        return absent
    return f"{part.year}{NBSP}год {part.low} из {part.participants} ({percent(part.low, part.participants)})"


def state_words(work: WorkChange) -> str:
    state = work.after.state if work.after else None
    return STATES.get(state, "") if state and work.is_counted_otherwise else ""
