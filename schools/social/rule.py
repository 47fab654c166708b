"""The rule of the social index as a value: weights, bounds, directions, cut. Checked when it is read."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final, NamedTuple, Self

HUNDRED: Final = Decimal(100)


class Direction(StrEnum):
    """Which way an indicator works: a large share is hard for a school, or good for it."""

    HARDER = "HARDER"
    EASIER = "EASIER"


class Problem(NamedTuple):
    """What makes no index. places: the numbers that it is about, «cut», «foster-low»; none: the whole rule."""

    text: str
    places: tuple[str, ...] = ()


class SocialRuleRefused(ValueError):  # noqa: N818  an answer to the author of the rule, not a fault of the program
    """The parameters are wrong. `problems` are Russian sentences, `found` says what they are about."""

    def __init__(self, found: Sequence[Problem]) -> None:
        self.found = found
        self.problems = [problem.text for problem in found]
        super().__init__(" ".join(self.problems))


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where an indicator stands in the forms of schools: code of the form, of the item, of the part of the school."""

    form: str
    item: str
    section: str = ""


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A share of pupils or parents, per cent. low, high: the shares where its part of the difficulty begins and ends.

    sources: the first one that a school has told is taken.
    """

    code: str
    title: str
    weight: Decimal
    low: Decimal
    high: Decimal
    direction: Direction = Direction.HARDER
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SocialRule:
    """Indicators with weights that add up to 1. A school is in hard conditions when its index is below `cut`.

    completeness_min: least weight of the known indicators, 0..1, that gives an index at all.
    Source: domain specification, 1.5; a proposal of the portal, not an official method.
    """

    indicators: tuple[Indicator, ...]
    cut: Decimal = Decimal(40)
    completeness_min: Decimal = Decimal("0.8")

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any]) -> Self:
        """Read a rule as stored. Raises SocialRuleRefused, naming everything that does not hold."""
        reading = Reading()
        indicators = tuple(reading.indicator(entry) for entry in parameters.get("indicators", ()))
        rule = cls(
            indicators=indicators,
            cut=reading.decimal(parameters, "cut", "порог", Decimal(40)),
            completeness_min=reading.decimal(parameters, "completeness_min", "полнота данных", Decimal("0.8")),
        )
        if problems := reading.problems or list(contradictions(rule)):
            raise SocialRuleRefused(problems)
        return rule

    def to_parameters(self) -> dict[str, Any]:
        """Return the parameters as JSON values; decimals as text, for they are exact."""
        return {
            "cut": str(self.cut),
            "completeness_min": str(self.completeness_min),
            "indicators": [indicator_parameters(each) for each in self.indicators],
        }

    @property
    def sources(self) -> frozenset[Source]:
        return frozenset(source for indicator in self.indicators for source in indicator.sources)


def indicator_parameters(indicator: Indicator) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "title": indicator.title,
        "weight": str(indicator.weight),
        "low": str(indicator.low),
        "high": str(indicator.high),
        "direction": str(indicator.direction),
        "sources": [{"form": s.form, "item": s.item, "section": s.section} for s in indicator.sources],
    }


@dataclass
class Reading:
    """Values of one set of parameters; problems gather."""

    problems: list[Problem] = field(default_factory=list)

    def indicator(self, entry: Mapping[str, Any]) -> Indicator:
        title = str(entry.get("title", entry.get("code", "")))
        return Indicator(
            code=str(entry.get("code", "")),
            title=title,
            weight=self.decimal(entry, "weight", f"«{title}», вес"),
            low=self.decimal(entry, "low", f"«{title}», нижняя граница"),
            high=self.decimal(entry, "high", f"«{title}», верхняя граница"),
            direction=self.direction(entry, title),
            sources=tuple(Source(**source) for source in entry.get("sources", ())),
        )

    def decimal(self, entry: Mapping[str, Any], name: str, words: str, default: Decimal = Decimal(0)) -> Decimal:
        try:
            number = Decimal(str(entry.get(name, default)))
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return number
        self.problems.append(Problem(f"{words}: ожидается число, найдено «{entry[name]}»."))
        return default

    def direction(self, entry: Mapping[str, Any], title: str) -> Direction:
        found = str(entry.get("direction", Direction.HARDER))
        if found in set(Direction):
            return Direction(found)
        text = f"«{title}»: направление – {Direction.HARDER} или {Direction.EASIER}, найдено «{found}»."
        self.problems.append(Problem(text))
        return Direction.HARDER


def place_of(indicator: str, number: str) -> str:
    """Return what a number of an indicator is called: «foster-low»."""
    return f"{indicator}-{number}"


def contradictions(rule: SocialRule) -> Iterator[Problem]:
    """Yield everything that makes no index."""
    if not rule.indicators:
        yield Problem("В правиле нет ни одного показателя.")
        return
    repeated = [code for code, times in Counter(each.code for each in rule.indicators).items() if times > 1]
    yield from (Problem(f"Показатель «{code}» назван дважды.") for code in repeated)
    for each in rule.indicators:
        yield from faults_of(each)
    total = sum((each.weight for each in rule.indicators), Decimal(0))
    if total != 1:
        weights = tuple(place_of(each.code, "weight") for each in rule.indicators)
        yield Problem(f"Сумма весов должна быть 1, сейчас {shown(total)}.", weights)
    if not 0 < rule.cut <= HUNDRED:
        yield Problem("Порог индекса – больше 0 и не больше 100.", ("cut",))
    if not 0 < rule.completeness_min <= 1:
        yield Problem("Полнота данных – больше 0 и не больше 1.", ("completeness_min",))


def faults_of(indicator: Indicator) -> Iterator[Problem]:
    title, code = indicator.title, indicator.code
    if indicator.weight <= 0:
        yield Problem(f"«{title}»: вес должен быть больше 0.", (place_of(code, "weight"),))
    if not 0 <= indicator.low < indicator.high <= HUNDRED:
        both = (place_of(code, "low"), place_of(code, "high"))
        yield Problem(f"«{title}»: границы – от 0 до 100, нижняя меньше верхней.", both)
    if not indicator.sources:
        yield Problem(f"«{title}»: не сказано, откуда брать значение.")


def shown(number: Decimal) -> str:
    """Return «0,95»."""
    return f"{number.normalize():f}".replace(".", ",")
