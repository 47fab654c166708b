"""A procedure as the card «Почему в списке» and the extract for a school show it."""

from dataclasses import dataclass
from typing import Final

from accounts.russian import NBSP, count, number, plural
from schools.identification import Part, PartState, WorkPlace
from schools.way_out import WayOut

PARTICIPANTS: Final = "участника,участников,участников"
LOW_WORKS: Final = "низкой,низких,низких"
WAY_OUT_WORDS: Final = {
    WayOut.WORK: "чтобы работа не была за порогом,",
    WayOut.SCHOOL: "чтобы не попасть, хватит этой работы:",
}


@dataclass(frozen=True, kw_only=True)
class PartRow:
    """A procedure in the card with its source."""

    part: Part
    source: str
    min_participants: int
    way_out: WayOut = WayOut.NOBODY
    among: WorkPlace | None = None  # its place in the cluster, when works are compared one by one
    quarter: str = ""  # the lower quarter of the scores that its low works were counted by

    @property
    def percent(self) -> float | None:
        return percent_of(self.part)

    @property
    def note(self) -> str:
        """Return what stands under the name: why not counted, or how far the threshold is in pupils."""
        if self.part.state is PartState.SMALL_N:
            return f"не учтена: меньше {count(self.min_participants, PARTICIPANTS)}"
        if self.part.state is PartState.DROPPED:
            return "не учтена: признаки необъективности"
        if self.part.state is PartState.SET_ASIDE:
            return "не говорит в пользу школы: признаки необъективности"
        if self.part.state is PartState.POOLED:
            return "учтена вместе с другими параллелями"
        if self.part.is_low:
            return f"за порогом: {self.part.pupils_above_threshold}{NBSP}чел.{self.way_out_words}"
        return f"до порога: {self.part.pupils_to_threshold}{NBSP}чел."

    @property
    def way_out_words(self) -> str:
        """Return «; чтобы работа не была за порогом, не более 11 низких из 40», or what it would do for the school."""
        if self.way_out is WayOut.NOBODY:
            return ""
        most = (self.part.needed or 0) - 1
        bound = f"не более {most} {plural(most, LOW_WORKS)} из {self.part.participants}"
        return f"; {WAY_OUT_WORDS[self.way_out]} {bound}"

    @property
    def place(self) -> str:
        """Return «в кластере 14-е место из 18, за границей»."""
        if self.among is None:
            return ""
        end = {None: ", школ мало", True: ", за границей", False: ""}[self.among.is_behind]
        return f"в кластере {self.among.place}-е место из {self.among.schools}{end}"

    @property
    def interval(self) -> str:
        """Return «10,8–60,3 %»: how far the share alone may mislead. Context, never the rule."""
        if self.part.interval is None:
            return ""
        lower, upper = self.part.interval
        return f"{number(lower, 1)}–{number(upper, 1)}{NBSP}%"


def percent_of(part: Part) -> float | None:
    return None if part.share is None else float(100 * part.share)
