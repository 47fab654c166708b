"""The verdict on a school: its own conditions together with what other schools, or the years, say of it.

Source: specification, 1.2 and 1.4.
"""

from schools.identification.comparison import Compared, Comparison
from schools.identification.conditions import Conditions
from schools.identification.outcome import Verdict
from schools.identification.terms import Use
from schools.identification.trend import Course, Trend, trend_of


class Judgement:
    """The conditions of a school together with what other schools, or the years, say of it."""

    def __init__(self, conditions: Conditions, comparison: Comparison | None) -> None:
        self.conditions, self.rules, self.comparison = conditions, conditions.rules, comparison
        trend_rule = self.rules.trend_rule
        self.trend = trend_of(conditions, trend_rule) if trend_rule else None
        self.verdict = self._verdict()

    def _verdict(self) -> Verdict:
        conditions = self.conditions
        if conditions.case.facts.kind in self.rules.exclude_types:
            return Verdict.EXCLUDED
        if self.trend:
            return self.verdict_of_trend(self.trend)
        if self.holds:
            return Verdict.SHNOR
        if conditions.is_at_risk:
            return Verdict.RISK_GROUP
        return Verdict.INSUFFICIENT_DATA if self.is_insufficient else Verdict.CLEAR

    def verdict_of_trend(self, trend: Trend) -> Verdict:
        if trend.course is Course.LOW:
            return Verdict.SHNOR
        if trend.course in {Course.RISK, Course.KNOWN_LOW} or self.conditions.is_at_risk:
            return Verdict.RISK_GROUP
        return Verdict.INSUFFICIENT_DATA if self.is_insufficient else Verdict.CLEAR

    @property
    def holds(self) -> bool:
        is_behind = self.comparison is not None and self.comparison.holds is True
        match self.rules.use:
            case None:
                return self.conditions.holds
            case Use.SOLE:
                return is_behind
            case Use.ANY:
                return is_behind or self.conditions.holds
            case Use.ALL:
                return is_behind and self.conditions.holds

    @property
    def is_compared(self) -> bool:
        return self.comparison is not None and self.comparison.state is Compared.COMPARED

    @property
    def is_clear(self) -> bool:
        """Answer whether the conditions are known not to hold; not knowing is not a year without them."""
        return self.verdict in {Verdict.CLEAR, Verdict.RISK_GROUP} and not self.is_insufficient

    @property
    def is_insufficient(self) -> bool:
        """Answer whether «no» would say more than the data do: of the school itself, or of it among others.

        Where years make the lists, the last one tells whether its results are low.
        """
        if self.trend:
            return self.conditions.is_open(self.conditions.year)
        if self.rules.use is Use.SOLE:
            return not self.is_compared
        if self.rules.use is Use.ALL and not self.is_compared:
            return self.conditions.holds or self.conditions.is_insufficient
        return self.conditions.is_insufficient
