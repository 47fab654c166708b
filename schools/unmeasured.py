"""How many works of a run have results that do not tell the low ones: what a verdict could not look at.

A work without a distribution of scores tells nothing to a rule of the lower quarter, however many marks it has. Not
known is not zero, so the share of it stands wherever the verdicts of a run are read together.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from accounts.russian import NBSP, count, listing
from schools.identification import Identification, ReasonCode

if TYPE_CHECKING:
    from schools.models import IdentificationRun

SCHOOLS_OF: Final = "школы,школ,школ"  # «из 21 школы»
WORKS_OF: Final = "работы,работ,работ"


class Unmeasured:
    """Counts schools with such works, those of them that have nothing else in the year, and the works by year."""

    def __init__(self) -> None:
        self.judged = 0
        self.schools = 0
        self.wholly = 0
        self.works: Counter[int] = Counter()

    def add(self, identification: Identification) -> None:
        self.judged += 1
        if places := unmeasured_places(identification):
            works = Counter(identification.parts[place].year for place in places)
            self.schools += 1
            self.wholly += identification.year in works and not identification.counted
            self.works += works

    def to_json(self) -> dict[str, Any]:
        """Return what a run keeps, nothing when every result tells its low works."""
        if not self.schools:
            return {}
        works = sorted(self.works.items(), reverse=True)
        return {"judged": self.judged, "schools": self.schools, "wholly": self.wholly, "works": works}


def unmeasured_places(identification: Identification) -> list[int]:
    grounds = (ground for ground in identification.grounds if ground[0] == ReasonCode.LOW_UNKNOWN)
    return [place for _, _, places in grounds for place in places]


def unmeasured_words(run: IdentificationRun) -> str:
    """Return «У 5 из 20 школ низкие результаты известны не по всем работам …»; "" when all are known."""
    kept = run.unmeasured
    if not kept:
        return ""
    schools = f"{kept['schools']} из {count(kept['judged'], SCHOOLS_OF)}"
    wholly = f", у {kept['wholly']} из них – ни по одной работе {run.year}{NBSP}года" if kept["wholly"] else ""
    works = listing([f"{count(number, WORKS_OF)} {year}{NBSP}года" for year, number in kept["works"]])
    lack = "нет распределений первичных баллов" if run.rules.quarter_kinds else "не названо число низких результатов"
    return (
        f"У {schools} низкие результаты известны не по всем работам{wholly}: у {works} {lack}. "
        "Не известно – не значит «нет»: выводы сделаны по остальным работам"
    )
