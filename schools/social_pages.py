"""The social index as pages show it: rows, evidence in words, the matrix. No queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from accounts.russian import NBSP, number
from schools.choices import QUADRANT_TITLES
from schools.models import IdentificationRun, SchoolSocialIndex
from schools.social import Direction, Quadrant, SocialPart, SocialRule, SocialVerdict, index_digits, listed_missing
from schools.social.rule import Source
from schools.social_reading import OLDEST_CONTINGENT
from schools.statistics.catalogue import catalogue_of

VERDICT_PILLS: Final[Mapping[str, str]] = {
    SocialVerdict.SHNSU: "warn",
    SocialVerdict.CLEAR: "ok",
    SocialVerdict.INSUFFICIENT_DATA: "none",
}
DIRECTION_WORDS: Final = {
    Direction.HARDER: "чем больше, тем труднее",
    Direction.EASIER: "чем больше, тем легче",
}
SOURCE_DIGITS: Final = 2
NAMES_SHOWN: Final = 10


def contingent_words(year: int) -> str:
    """Return «контингент на 01.10.2025», which stands wherever an index stands beside results."""
    return f"контингент на 01.10.{year}"


def conditions_told(run: IdentificationRun) -> str:
    """Return of which contingent the conditions beside the results of a run are; "" when nothing is kept of it."""
    if not run.looks_at_conditions:
        return ""
    if run.contingent_year is None:
        asked = run.year - 1
        told = f"нет индекса по контингенту на 01.10.{asked} или на 01.10.{asked - OLDEST_CONTINGENT}"
        return f"Социальные условия школ не известны: {told}."
    return f"Социальные условия: {contingent_words(run.contingent_year)}."


@dataclass(frozen=True, kw_only=True)
class IndexRow:
    """A school in the list of a run."""

    stored: SchoolSocialIndex
    rule: SocialRule

    @property
    def index(self) -> str:
        """Return «43,6»; «не определён» where only what is missing would tell, «нет данных» where little is known."""
        return "не определён" if self.is_undecided else shown_index(self.stored.index, self.rule.cut)

    @property
    def pill(self) -> str:
        return VERDICT_PILLS[self.stored.verdict]

    @property
    def completeness(self) -> str:
        return f"{number(100 * self.stored.completeness)}{NBSP}%"

    @property
    def missing(self) -> list[str]:
        return listed_missing(self.stored.evidence)

    @property
    def range(self) -> str:
        """Return «38,6–48,6», what the index could be with the missing indicators; "" when nothing is missing."""
        lowest, highest = self.bounds
        return "" if self.stored.lowest == self.stored.highest else f"{lowest}–{highest}"

    @property
    def bounds(self) -> tuple[str, str]:
        """Return «38,6» and «48,6», each with as many digits as tell its side of the cut."""
        cut = self.rule.cut
        return shown_index(self.stored.lowest, cut), shown_index(self.stored.highest, cut)

    @property
    def is_undecided(self) -> bool:
        """Answer whether enough is known for an index, and the missing indicators could still turn the verdict."""
        if self.stored.index is not None:
            return False
        known = sum((Fraction(part.weight) for part in self.stored.evidence if part.is_known), Fraction(0))
        return known >= Fraction(self.rule.completeness_min)

    @property
    def open_words(self) -> str:
        """Return on what the verdict depends; "" where nothing that is missing could turn it.

        A run of an earlier portal gave a verdict there all the same: it stands, and so do its words.
        """
        if self.is_undecided:
            lowest, highest = self.bounds
            on = "недостающего показателя" if len(self.missing) == 1 else "недостающих показателей"
            return f"вывод зависит от {on}: индекс от {lowest} до {highest} при границе {plain(self.rule.cut)}"
        is_turned = self.stored.index is not None and self.stored.lowest < self.rule.cut <= self.stored.highest
        return "недостающие сведения могут изменить вывод" if is_turned else ""


def shown_index(index: Decimal | None, cut: Decimal) -> str:
    """Return «43,6», with as many digits as tell its side of the cut; «нет данных» for None."""
    return number(index, 1) if index is None else number(index, index_digits(Fraction(index), cut))


@dataclass(frozen=True, kw_only=True)
class PartRow:
    """One indicator of the evidence."""

    part: SocialPart

    @property
    def counts(self) -> str:
        """Return «24 из 200»."""
        if self.part.part is None or self.part.whole is None:
            return ""
        return f"{plain(self.part.part)} из {plain(self.part.whole)}"

    @property
    def x(self) -> str:
        return number(self.part.x, 2)

    @property
    def r(self) -> str:
        return number(self.part.r, 4)

    @property
    def weight(self) -> str:
        return plain(self.part.weight)

    @property
    def bounds(self) -> str:
        return f"{plain(self.part.low)}–{plain(self.part.high)}"

    @property
    def contribution(self) -> str:
        return number(self.part.contribution, 2)

    @property
    def direction(self) -> str:
        return DIRECTION_WORDS[self.part.direction]


def plain(value: Decimal) -> str:
    """Return «0,25», «200»: a number without the zeros after it."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


@dataclass(frozen=True, kw_only=True)
class SocialCard:
    """Why the index of a school is what it is."""

    stored: SchoolSocialIndex
    rule: SocialRule

    @property
    def row(self) -> IndexRow:
        return IndexRow(stored=self.stored, rule=self.rule)

    @property
    def parts(self) -> list[PartRow]:
        return [PartRow(part=part) for part in self.stored.evidence]

    @property
    def formula(self) -> str:
        """Return how the parts make the index, in numbers: «100 − 51,44 / 0,9 = 42,85»; or make its bounds."""
        known = [part for part in self.stored.evidence if part.is_known]
        lost = number(sum((part.contribution or Fraction(0) for part in known), Fraction(0)), 2)
        weight = sum((Fraction(part.weight) for part in known), Fraction(0))
        if self.row.is_undecided:
            at_most = f"100 − {lost} − {number(100 * (1 - weight), 2)} = {number(self.stored.lowest, 2)}"
            return f"от {at_most} до 100 − {lost} = {number(self.stored.highest, 2)}"
        divided = "" if weight == 1 else f" / {number(weight, 2)}"
        return "" if self.stored.index is None else f"100 − {lost}{divided} = {number(self.stored.index, 2)}"

    @property
    def cut(self) -> str:
        return plain(self.rule.cut)

    @property
    def completeness_min(self) -> str:
        return f"{number(100 * self.rule.completeness_min)}{NBSP}%"


@dataclass(frozen=True, kw_only=True)
class MatrixCell:
    """A cell of the matrix: how many schools, and the first of their names."""

    quadrant: Quadrant
    count: int
    names: Sequence[str]

    @property
    def title(self) -> str:
        return QUADRANT_TITLES[self.quadrant]

    @property
    def words(self) -> str:
        """Return the names, the rest as a number."""
        rest = self.count - len(self.names)
        return ", ".join([*self.names, *([f"ещё {rest}"] if rest else [])])


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Schools between results and conditions. run: the identification run that the results are taken of."""

    run: Any
    cells: Mapping[Quadrant, MatrixCell]

    @property
    def rows(self) -> list[tuple[str, list[MatrixCell]]]:
        """Return the lines of the table: title, cells of ШНСУ and not ШНСУ."""
        both, low = self.cells[Quadrant.BOTH], self.cells[Quadrant.LOW_RESULTS]
        resilient, neither = self.cells[Quadrant.RESILIENT], self.cells[Quadrant.NEITHER]
        return [("ШНОР", [both, low]), ("Не ШНОР", [resilient, neither])]

    @property
    def unknown(self) -> MatrixCell:
        return self.cells[Quadrant.UNKNOWN]

    @property
    def resilient(self) -> MatrixCell:
        return self.cells[Quadrant.RESILIENT]


def rule_facts(rule: SocialRule) -> list[tuple[str, str]]:
    """Return (parameter, value) pairs for ui/facts.html."""
    return [
        ("ШНСУ, если индекс меньше", plain(rule.cut)),
        ("Наименьшая полнота данных", f"{number(100 * rule.completeness_min)}{NBSP}% веса показателей"),
        ("Показателей", str(len(rule.indicators))),
        ("Нет значения", "не считается нулём: вес делят известные показатели"),
        ("Вывода нет", "если с недостающими показателями индекс мог бы оказаться по другую сторону порога"),
    ]


def source_words(source: Source) -> str:
    """Return a line of a form in its words: «SA-2, строка 8.1: Высшее (8. Уровень образования родителей), всего»."""
    catalogue = catalogue_of(source.form)
    item = catalogue.by_code.get(source.item)
    if item is None:
        return source.form
    group = f" ({item.group})" if item.group.startswith(item.number.split(".")[0]) else ""
    section = f", {catalogue.section(source.section).title.lower()}" if source.section else ""
    return f"{source.form}, строка {item.number}: {item.title}{group}{section}"


def indicator_rows(rule: SocialRule) -> list[PartRow]:
    """Return the indicators of a rule without values, for its page."""
    return [
        PartRow(
            part=SocialPart(
                code=each.code,
                title=each.title,
                weight=each.weight,
                low=each.low,
                high=each.high,
                direction=each.direction,
                source="; ".join(map(source_words, each.sources)),
            ),
        )
        for each in rule.indicators
    ]
