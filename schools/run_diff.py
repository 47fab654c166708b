"""Two calculations side by side: which schools enter, leave, stay, and what of the data or of the rule made it so.

Pure. A cause is not guessed: the rule of one side is asked about the data of the other (`schools.what_if`).
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, Generic, NamedTuple, TypeVar

from accounts.russian import listing
from schools.identification import POOLED_GRADE, Comparison, Fact, Part, PartState, Procedure, Rules, Verdict
from schools.what_if import Tally, fits_evidence, naming

Key = TypeVar("Key", bound=Hashable)
PARAMETERS: Final[Mapping[str, str]] = {  # of a rule, in the words that name what alone would have been enough
    "share_threshold_pct": "порог доли",
    "min_procedures": "число процедур",
    "years_required": "число лет",
    "repeat_same_procedure": "повтор процедуры",
    "combine": "соединение условий",
    "count_subject_once": "счёт параллелей предмета",
    "min_participants": "наименьшее число участников",
    "objectivity_mode": "признаки необъективности",
    "exclude_types": "виды школ",
}


class Move(StrEnum):
    ENTERED = "entered"
    LEFT = "left"
    STAYED = "stayed"


class Source(StrEnum):
    """What moved a school."""

    APPEARED = "appeared"  # the first calculation did not judge it
    GONE = "gone"
    RULE = "rule"
    DATA = "data"
    EITHER = "either"  # each alone would have been enough
    TOGETHER = "together"  # neither alone
    EXIT_RULE = "exit_rule"  # one side keeps it for the lists of years before, whatever its results
    OTHER_RULE = "other_rule"  # the same, but the results are known to be those that the other side has read
    NOT_KEPT = "not_kept"  # the rules look at the kind of a school, an earlier portal has not kept it
    UNKNOWN = "unknown"  # the stored parts of one side do not answer the rule of the other


@dataclass(frozen=True, kw_only=True)
class Side:
    """One calculation: its rule and its year of results."""

    rules: Rules
    year: int


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A school in a calculation.

    kind: None when an earlier portal has not kept it. is_held: its exit rule keeps the school on the list, the
    conditions do not hold. facts: what else the rule took of the school.
    """

    verdict: Verdict
    kind: str | None
    parts: tuple[Part, ...]
    comparison: Comparison | None = None
    is_held: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_named(self) -> bool:
        return self.verdict is Verdict.SHNOR or self.is_held

    @property
    def works(self) -> list[Tally]:
        return [
            Tally(*part.procedure, part.year, part.participants or 0, part.low, bool(part.markers))
            for part in self.parts
            if part.low is not None
        ]


class Years(NamedTuple):
    """The year of a work on each side; None: the rule of that side does not look at it."""

    before: int | None
    after: int | None


@dataclass(frozen=True, kw_only=True)
class WorkChange:
    """One work on both sides. None: that side has no result of it."""

    procedure: Procedure
    before: Part | None
    after: Part | None
    years: Years

    @property
    def is_recounted(self) -> bool:
        return counts_of(self.before) != counts_of(self.after)

    @property
    def crossing(self) -> int:
        """Return 1 when it became low, -1 when it ceased to be, 0 otherwise."""
        return int(is_low(self.after)) - int(is_low(self.before))

    @property
    def is_counted_otherwise(self) -> bool:
        return state_of(self.before) is not state_of(self.after)

    @property
    def turns(self) -> bool:
        """Answer whether it speaks otherwise than before: for or against the threshold, or counted or not."""
        is_in_both = all(part is not None and part.low is not None for part in (self.before, self.after))
        return bool(self.crossing) or (is_in_both and self.is_counted_otherwise)

    @property
    def is_read_by_both(self) -> bool:
        return None not in self.years

    @property
    def matters(self) -> bool:
        """Answer whether it is worth a line; what one of the rules leaves aside, only when it is at the threshold."""
        if not self.is_read_by_both:
            return bool(self.crossing)
        return bool(self.crossing) or self.is_recounted or self.is_counted_otherwise


class FactChange(NamedTuple):
    """What of a school besides its results is not what it was."""

    fact: Fact
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class SchoolChange(Generic[Key]):
    """A school that one of two calculations names. enough: parameters each of which alone would have moved it."""

    school: Key
    move: Move
    source: Source
    works: tuple[WorkChange, ...]  # those that differ; what crossed the threshold first
    enough: tuple[str, ...] = ()
    verdicts: tuple[Verdict | None, Verdict | None] = (None, None)  # before, after; None: not judged
    compared: tuple[Comparison | None, Comparison | None] = (None, None)  # among other schools: before, after
    facts: tuple[FactChange, ...] = ()


def moves(before: Iterable[Key], after: Iterable[Key]) -> dict[Move, set[Key]]:
    """Return which schools enter, leave and stay, of the ids that each side names."""
    old, new = set(before), set(after)
    return {Move.ENTERED: new - old, Move.LEFT: old - new, Move.STAYED: old & new}


def school_change(
    school: Key, before: Judged | None, after: Judged | None, old: Side, new: Side, *, is_same_data: bool = False
) -> SchoolChange[Key]:
    """Return what happened to a school and why. At least one side judges it.

    is_same_data: both sides are known to have read the same results and the same facts of schools.
    """
    source, enough = cause(before, after, old, new)
    if source is Source.UNKNOWN and is_same_data and old.rules != new.rules:
        source = Source.OTHER_RULE
    return SchoolChange(
        school=school,
        move=move_of(before, after),
        source=source,
        works=work_changes(before, after, old, new),
        enough=enough,
        verdicts=(before.verdict if before else None, after.verdict if after else None),
        compared=(before.comparison if before else None, after.comparison if after else None),
        facts=fact_changes(before, after),
    )


def fact_changes(before: Judged | None, after: Judged | None) -> tuple[FactChange, ...]:
    """Return the facts that both sides have kept and that differ."""
    was, now = (each.facts if each else {} for each in (before, after))
    both = [fact for fact in Fact if fact in was and fact in now]
    return tuple(FactChange(fact, was[fact], now[fact]) for fact in both if was[fact] != now[fact])


def move_of(before: Judged | None, after: Judged | None) -> Move:
    was, now = bool(before and before.is_named), bool(after and after.is_named)
    return Move.STAYED if was and now else Move.ENTERED if now else Move.LEFT


def cause(before: Judged | None, after: Judged | None, old: Side, new: Side) -> tuple[Source, tuple[str, ...]]:
    """Return what moved a school, and the parameters that alone would have done it. For those that stay: DATA, none."""
    if before is None or after is None:
        return (Source.APPEARED if before is None else Source.GONE), ()
    if before.is_held or after.is_held:
        return Source.EXIT_RULE, ()
    if before.is_named is after.is_named:
        return Source.DATA, ()
    if not (fits_evidence(old.rules, new.rules) and fits_evidence(new.rules, old.rules)):
        return Source.UNKNOWN, ()
    if None in {before.kind, after.kind} and (old.rules.exclude_types or new.rules.exclude_types):
        return Source.NOT_KEPT, ()
    by_rule = named(before, Side(rules=new.rules, year=old.year)) is after.is_named
    by_data = named(after, Side(rules=old.rules, year=new.year)) is after.is_named
    sources = {(True, True): Source.EITHER, (True, False): Source.RULE, (False, True): Source.DATA}
    return sources.get((by_rule, by_data), Source.TOGETHER), enough_parameters(before, old, new.rules)


def enough_parameters(before: Judged, old: Side, asked: Rules) -> tuple[str, ...]:
    """Return the parameters of the second rule that alone, put into the first, turn what it says of the old data."""
    changed = [name for name in PARAMETERS if getattr(old.rules, name) != getattr(asked, name)]
    turned = []
    for name in changed:
        one = replace(old.rules, **{name: getattr(asked, name)})
        if fits_evidence(old.rules, one) and named(before, Side(rules=one, year=old.year)) is not before.is_named:
            turned.append(name)
    return tuple(turned)


def named(judged: Judged, side: Side) -> bool:
    return naming(side.rules, side.year)(judged.works, judged.kind or "")


def work_changes(before: Judged | None, after: Judged | None, old: Side, new: Side) -> tuple[WorkChange, ...]:
    """Return the works that differ. Years are matched by how far back they lie: the year, the year before."""
    was, now = by_age(before, old.year), by_age(after, new.year)
    changes = [
        WorkChange(
            procedure=procedure,
            before=was.get((age, procedure)),
            after=now.get((age, procedure)),
            years=Years(year_looked_at(old, age, procedure), year_looked_at(new, age, procedure)),
        )
        for age, procedure in sorted({*was, *now})
    ]
    return tuple(sorted((each for each in changes if each.matters), key=lambda each: not each.crossing))


def year_looked_at(side: Side, age: int, procedure: Procedure) -> int | None:
    """Return the year of a work so many years back, None when the rule looks at neither it nor the year."""
    is_asked = procedure.grade == POOLED_GRADE or procedure in side.rules.procedures
    return side.year - age if is_asked and age < side.rules.years else None


def by_age(judged: Judged | None, year: int) -> dict[tuple[int, Procedure], Part]:
    """Return (years back, procedure) -> part with a result."""
    parts = judged.parts if judged else ()
    return {(year - part.year, part.procedure): part for part in parts if part.low is not None or part.is_unmeasured}


def counts_of(part: Part | None) -> tuple[int | None, int | None] | None:
    return (part.low, part.participants) if part else None


def state_of(part: Part | None) -> PartState | None:
    return part.state if part else None


def is_low(part: Part | None) -> bool:
    return part is not None and part.is_low


# Words

HELD_WORDS: Final = {
    Move.ENTERED: "Второй расчёт оставляет школу в перечне: правило выхода не выполнено.",
    Move.LEFT: "Первый расчёт оставлял школу в перечне по правилу выхода, второй не оставляет.",
    Move.STAYED: "Условия выполнены не в обоих расчётах: школу оставляет в перечне правило выхода.",
}


def source_words(change: SchoolChange[Key], old: Side, new: Side) -> str:
    """Return why a school moved, as a sentence; "" for one whose conditions hold on both sides."""
    if change.source is Source.EXIT_RULE:
        return HELD_WORDS[change.move]
    if change.move is Move.STAYED:
        return ""
    alone = listing([PARAMETERS[name] for name in change.enough])
    data = "Изменились данные" if old.year == new.year else f"Другие результаты: {new.year} год вместо {old.year}"
    words = {
        Source.APPEARED: "В первом расчёте школы не было.",
        Source.GONE: "Во втором расчёте школы нет: она закрыта, реорганизована или не входит в территорию.",
        Source.RULE: f"Изменилось правило: {alone}." if alone else "Изменилось правило: несколько параметров вместе.",
        Source.DATA: f"{data}, правило то же." if old.rules == new.rules else f"{data}; правило вывода не меняет.",
        Source.EITHER: f"{data}; хватило бы и одного нового правила{f' ({alone})' if alone else ''}.",
        Source.TOGETHER: f"{data} и правило: по отдельности вывода не изменили бы.",
        Source.NOT_KEPT: "Расчёт прежней версии портала вида школы не сохранил: причину назвать нельзя.",
        Source.OTHER_RULE: "Изменилось правило, результаты те же.",
        Source.UNKNOWN: "Изменились правило или данные: расчёты смотрят на разные работы или годы.",
    }
    return words[change.source]
