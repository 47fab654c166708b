"""Verdicts as pages show them: rows of the table, and the card «Почему в списке». No queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.utils import timezone

from accounts.russian import NBSP, count, listing, number, short_date
from schools.choices import Decision
from schools.identification import Combine, Flag, Part, PartState, Rules, Verdict
from schools.models import AssessmentResult, SchoolVerdict

PROCEDURES: Final = "процедура,процедуры,процедур"
STUDENTS: Final = "обучающийся,обучающихся,обучающихся"
PARTICIPANTS: Final = "участника,участников,участников"
DECISION_LOOKS: Final = {
    Decision.WAITING: "no",
    Decision.INCLUDED: "done",
    Decision.EXCLUDED: "cancel",
    Decision.POSTPONED: "wait",
}
COMBINE_WORDS: Final = {
    Combine.ANY: "Достаточно одного из двух условий",
    Combine.ALL: "Нужны оба условия",
    Combine.C1_ONLY: "Решает только первое условие",
    Combine.C2_ONLY: "Решает только второе условие",
}
ROWS_SHOWN: Final = 4
BAR_WIDTH: Final = 60  # most shares fit; a larger one stretches the scale of its school


@dataclass(frozen=True, kw_only=True)
class VerdictRow:
    """A school in the table."""

    verdict: SchoolVerdict
    year: int

    @cached_property
    def parts(self) -> list[Part]:
        return [part for part in self.verdict.evidence if part.year == self.year]

    @property
    def school_line(self) -> str:
        return school_line(self.verdict)

    @property
    def dots(self) -> list[str]:
        """Return a class for each procedure: x low, "" counted, e without a place in the verdict."""
        marks = ["x" if part.is_low else "" if part.state is PartState.COUNTED else "e" for part in self.parts]
        return sorted(marks, key=["x", "", "e"].index)

    @property
    def worst(self) -> Part | None:
        counted = [part for part in self.parts if part.state is PartState.COUNTED]
        return max(counted, key=lambda part: part.share or 0, default=None)

    @property
    def worst_percent(self) -> float | None:
        return percent_of(self.worst) if self.worst else None

    @property
    def repeat_words(self) -> str:
        repeated = self.verdict.repeated_procedures
        if repeated:
            return f"два года подряд: {count(repeated, PROCEDURES)}"
        return "без повтора прошлого года" if self.verdict.low_procedures else ""

    @property
    def needs_decision(self) -> bool:
        return self.verdict.is_named_by_rule or self.verdict.decision != Decision.WAITING

    @property
    def decision_look(self) -> str:
        return DECISION_LOOKS[Decision(self.verdict.decision)]

    @property
    def warnings(self) -> list[str]:
        words = {
            Flag.SMALL_SAMPLE: "малая выборка",
            Flag.MARKER: "признаки необъективности",
        }
        return [text for flag, text in words.items() if flag in self.verdict.flags]


def school_line(verdict: SchoolVerdict) -> str:
    """Return «средняя школа, село, 164 обучающихся»."""
    school = verdict.school
    students = [] if school.students is None else [count(school.students, STUDENTS)]
    return ", ".join([school.get_kind_display(), school.get_locality_display(), *students])


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of the explanation. kind: ok holds, no does not, warn to look at, info."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PartRow:
    """A procedure in the card with its source."""

    part: Part
    source: str
    min_participants: int

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
        if self.part.is_low:
            return f"за порогом: {self.part.pupils_above_threshold}{NBSP}чел."
        return f"до порога: {self.part.pupils_to_threshold}{NBSP}чел."

    @property
    def interval(self) -> str:
        """Return «10,8–60,3 %» for a small class, where the share alone misleads."""
        if not self.part.is_small or self.part.interval is None:
            return ""
        lower, upper = self.part.interval
        return f"{number(lower, 1)}–{number(upper, 1)}{NBSP}%"


@dataclass(frozen=True, kw_only=True)
class VerdictCard:
    """Why a school is in the list, or is not."""

    verdict: SchoolVerdict
    rules: Rules
    year: int
    results: Mapping[str, AssessmentResult]  # id -> row with its file, for the sources

    @property
    def title(self) -> str:
        shown = self.verdict.shown_verdict in {Verdict.SHNOR, Verdict.MANUAL}
        return "Почему в списке" if shown else "Почему не в списке"

    @property
    def school_line(self) -> str:
        return school_line(self.verdict)

    @cached_property
    def parts(self) -> list[Part]:
        return self.verdict.evidence

    @property
    def threshold(self) -> float:
        return float(self.rules.share_threshold_pct)

    @property
    def threshold_words(self) -> str:
        return threshold_words(self.rules)

    @property
    def bar_maximum(self) -> float:
        return max([BAR_WIDTH, *(percent_of(part) or 0 for part in self.parts)])

    @cached_property
    def rows(self) -> list[PartRow]:
        """Return the procedures with data: the year first, in it the counted ones, the highest share first."""
        known = [part for part in self.parts if part.participants is not None]
        known.sort(key=lambda part: (-part.year, part.state is not PartState.COUNTED, -(part.share or 0), part.code))
        minimum = self.rules.min_participants
        return [PartRow(part=part, source=self._source(part), min_participants=minimum) for part in known]

    @property
    def first_rows(self) -> list[PartRow]:
        """Return what decides: the low procedures of the year, or the nearest to the threshold."""
        low = [row for row in self.rows if row.part.year == self.year and row.part.is_low]
        return self.rows[: max(len(low), ROWS_SHOWN)]

    @property
    def other_rows(self) -> list[PartRow]:
        return self.rows[len(self.first_rows) :]

    @property
    def missing(self) -> str:
        """Return the names of the procedures without results."""
        return listing([part.name for part in self.parts if part.state is PartState.NO_DATA])

    @property
    def loaded(self) -> list[str]:
        """Return «загрузила Сергеева О. В. 12.10.2026» for each import that the results came by."""
        batches = {
            result.marks_file.batch
            for result in self.results.values()
            if result.marks_file and result.marks_file.batch.applied_at
        }
        return sorted(f"{batch.applied_by}, {short_date(timezone.localtime(batch.applied_at))}" for batch in batches)

    @property
    def steps(self) -> list[Step]:
        return [*condition_steps(self.verdict, self.rules, self.year), *warning_steps(self.verdict, self.rules)]

    def _source(self, part: Part) -> str:
        rows = [self.results[key] for key in part.source.split(",") if key in self.results]
        return listing([source_words(row) for row in rows if row.marks_file])


def source_words(result: AssessmentResult) -> str:
    row = "" if result.marks_row is None else f", строка {result.marks_row}"
    return f"{result.marks_file}{row}"


def condition_steps(verdict: SchoolVerdict, rules: Rules, year: int) -> list[Step]:
    """Return the two conditions in words, and how they are combined."""
    low = count(verdict.low_procedures, PROCEDURES)
    years = f" в каждом из {count(rules.years_required, 'года,лет,лет')}" if rules.years_required > 1 else ""
    needed = f"нужно не менее{NBSP}{rules.min_procedures}{years}"
    first = f"{low} с долей низких результатов не менее {threshold_words(rules)}: {needed}"
    steps = [Step(kind="ok" if verdict.c1 else "no", text=first)]
    if rules.repeat_same_procedure:
        repeated = verdict.repeated_procedures
        pair = f"{year - 1} и {year} годах"
        text = f"{count(repeated, PROCEDURES)} из них за порогом в {pair}" if repeated else f"Повтора в {pair} нет"
        steps += [
            Step(kind="ok" if verdict.c2 else "no", text=text),
            Step(kind="info", text=COMBINE_WORDS[rules.combine]),
        ]
    return steps


def warning_steps(verdict: SchoolVerdict, rules: Rules) -> list[Step]:
    """Return what one should know before deciding."""
    minimum = count(rules.min_participants, PARTICIPANTS)
    words = {
        Flag.SMALL_N: f"Не учтены процедуры, где меньше {minimum}",
        Flag.SMALL_SAMPLE: f"За порогом есть процедуры, где меньше {count(rules.small_n_warning, PARTICIPANTS)}: "
        "один человек меняет вывод",
        Flag.MARKER: "Есть признаки необъективности результатов",
        Flag.PREVIOUS_YEAR: "За прошлый год результатов нет, повтор не проверен",
    }
    return [Step(kind="warn", text=text) for flag, text in words.items() if flag in verdict.flags]


def threshold_words(rules: Rules) -> str:
    """Return «30 %», «27,55 %»."""
    threshold = rules.share_threshold_pct
    digits = 0 if threshold == int(threshold) else 2
    return f"{number(threshold, digits)}{NBSP}%"


def percent_of(part: Part) -> float | None:
    return None if part.share is None else float(100 * part.share)


def names(schools: Iterable[object], limit: int = 10) -> str:
    """Return the names of schools, the rest as a number."""
    every: Sequence[str] = sorted(map(str, schools))
    shown = list(every[:limit])
    if len(every) > limit:
        shown.append(f"ещё {len(every) - limit}")
    return ", ".join(shown)
