"""Numbers of a document: each one that is shown is a `Figure` and knows where it comes from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final, Self

from accounts import russian
from accounts.russian import NBSP

MISSING: Final = "сведения не представлены"
SMALL_DENOMINATOR: Final = (
    10  # below it a share says how many of how many (FIOKO 2026: groups under 10 are not informative)
)


class Unit(StrEnum):
    COUNT = "count"
    PERCENT = "percent"
    POINTS = "points"  # percentage points, the difference of two shares; never «%»
    NUMBER = "number"


class SourceKind(StrEnum):
    REGISTRY = "registry"
    RESULTS = "results"
    LIST = "list"
    PROFILE = "profile"
    ROADMAP = "roadmap"
    CYCLE = "cycle"
    CALCULATION = "calculation"


SOURCE_TITLES: Final = {
    SourceKind.REGISTRY: "Реестр школ",
    SourceKind.RESULTS: "Результаты оценочных процедур",
    SourceKind.LIST: "Перечень школ",
    SourceKind.PROFILE: "Рисковые профили",
    SourceKind.ROADMAP: "Дорожные карты",
    SourceKind.CYCLE: "Мониторинг",
    SourceKind.CALCULATION: "Расчёт по данным портала",
}


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a number can be checked.

    label: what a person reads; url: path inside the portal, empty without a page; as_of: date of the data.
    """

    kind: SourceKind
    label: str
    url: str = ""
    as_of: date | None = None

    @property
    def title(self) -> str:
        return SOURCE_TITLES[self.kind]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with its origin.

    value: `None` means not submitted, never zero. A share has numerator and denominator, and its value is
    exactly 100 * numerator / denominator. forms: «школа,школы,школ» for a count printed with its noun. is_told: the
    sentence around a share names its counts already.
    """

    value: Fraction | None
    unit: Unit
    source: Source
    numerator: int | None = None
    denominator: int | None = None
    digits: int = 0
    forms: str = ""
    is_told: bool = False

    def __post_init__(self) -> None:
        if self.unit is not Unit.PERCENT or self.value is None:
            return
        if self.numerator is None or not self.denominator:
            raise ValueError("A share needs its numerator and denominator")
        if self.value != Fraction(100 * self.numerator, self.denominator):
            raise ValueError(f"{self.value} is not 100 * {self.numerator} / {self.denominator}")

    @classmethod
    def count(cls, value: int | None, source: Source, forms: str = "") -> Self:
        exact = None if value is None else Fraction(value)
        return cls(value=exact, unit=Unit.COUNT, source=source, forms=forms)

    @classmethod
    def share(
        cls,
        numerator: int | None,
        denominator: int | None,
        source: Source,
        digits: int = 1,
        *,
        is_told: bool = False,
    ) -> Self:
        """Return a percentage. Missing parts or a zero denominator give a missing figure."""
        value = None
        if numerator is not None and denominator:
            value = Fraction(100 * numerator, denominator)
        return cls(
            value=value,
            unit=Unit.PERCENT,
            source=source,
            numerator=numerator,
            denominator=denominator,
            digits=digits,
            is_told=is_told,
        )

    @classmethod
    def points(cls, later: Self, earlier: Self, source: Source, digits: int = 1) -> Self:
        """Return the change between two shares in percentage points: exact, so it is rounded once, when printed."""
        after, before = later.value, earlier.value
        value = None if after is None or before is None else after - before
        return cls(value=value, unit=Unit.POINTS, source=source, digits=digits)

    @classmethod
    def printed_points(cls, later: Self, earlier: Self, source: Source, digits: int = 1) -> Self:
        """Return the difference of two shares as printed: the rule of versions that were built before `points`."""
        after, before = later.rounded, earlier.rounded
        value = None if after is None or before is None else Fraction(after - before)
        return cls(value=value, unit=Unit.POINTS, source=source, digits=digits)

    @classmethod
    def number(cls, value: Decimal | Fraction | None, source: Source, digits: int = 2) -> Self:
        exact = None if value is None else Fraction(value)
        return cls(value=exact, unit=Unit.NUMBER, source=source, digits=digits)

    @property
    def is_small(self) -> bool:
        """Whether the share stands on so few cases that the counts must stand beside it."""
        return self.unit is Unit.PERCENT and 0 < (self.denominator or 0) < SMALL_DENOMINATOR

    @property
    def rounded(self) -> Decimal | None:
        """The value as printed."""
        return None if self.value is None else russian.rounded(self.value, self.digits)

    @property
    def text(self) -> str:
        """The figure as a table cell prints it: «38,5 %», «1 846», «−4,2 п. п.»."""
        if self.value is None:
            return MISSING
        match self.unit:
            case Unit.COUNT if self.forms:
                return russian.count(self.value, self.forms)
            case Unit.PERCENT:
                return f"{self.bare}{NBSP}%"
            case Unit.POINTS:
                return russian.points(self.value, self.digits)
            case _:
                return self.bare

    @property
    def bare(self) -> str:
        """The figure for a column whose head names the unit."""
        if self.value is None:
            return MISSING
        write = russian.signed if self.unit is Unit.POINTS else russian.number
        return write(self.value, self.digits)

    @property
    def phrase(self) -> str:
        """The figure inside a sentence: a share of few cases names them, «50 % (3 из 6)»."""
        return f"{self.text} ({self.parts})" if self.is_small and not self.is_told else self.text

    @property
    def parts(self) -> str:
        """Numerator and denominator in words, «71 из 118»; empty for anything but a share."""
        if self.numerator is None or self.denominator is None:
            return ""
        return f"{russian.number(self.numerator)} из {russian.number(self.denominator)}"
