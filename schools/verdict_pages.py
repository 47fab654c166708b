"""Verdicts as pages show them: rows of the table, and the card «Почему в списке». No queries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final

from django.utils import timezone

from accounts.russian import NBSP, count, listing, number, short_date
from schools.choices import Decision
from schools.identification import (
    Course,
    Flag,
    Part,
    PartState,
    Procedure,
    Quarters,
    ReasonCode,
    Rules,
    Standing,
    Verdict,
    WorkPlace,
    count_units,
)
from schools.importing.result_fields import UNIQUE
from schools.models import AssessmentResult, SchoolVerdict
from schools.objectivity import WORDING
from schools.objectivity_reading import WorkSigns, signs_of_results, works_without_borders
from schools.part_rows import PARTICIPANTS, PartRow, percent_of
from schools.quarter_words import part_words
from schools.results_of_day import DayRow, Place
from schools.rule_words import COMBINE_WORDS, NOT_CHECKED, years_running
from schools.social_pages import contingent_words
from schools.unmeasured import WORKS_OF
from schools.way_out import WayOut, deciding_works
from schools.what_if import is_quick, naming, works_of_parts

PROCEDURES: Final = "процедура,процедуры,процедур"
STUDENTS: Final = "обучающийся,обучающихся,обучающихся"
SUBJECTS: Final = "предмет,предмета,предметов"
DECISION_LOOKS: Final = {
    Decision.WAITING: "no",
    Decision.INCLUDED: "done",
    Decision.EXCLUDED: "cancel",
    Decision.POSTPONED: "wait",
}
ROWS_SHOWN: Final = 4
NOT_KEPT: Final = "источник не сохранился"
WAS_LISTED: Final = "Почему была в списке"  # an order has annulled the list, or taken the school out


@dataclass(frozen=True, kw_only=True)
class VerdictRow:
    """A school in the table."""

    verdict: SchoolVerdict
    rules: Rules
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

    @cached_property
    def worst(self) -> Part | None:
        """Return the counted procedure with the highest share: only to be shown, so the share need not be exact."""
        counted = [part for part in self.parts if part.state is PartState.COUNTED]
        return max(counted, key=lambda part: (part.low or 0) / (part.participants or 1), default=None)

    @property
    def worst_percent(self) -> float | None:
        return percent_of(self.worst) if self.worst else None

    @property
    def repeat_words(self) -> str:
        """Return «два года подряд: 8 процедур»; nothing where the rule does not look at repeats."""
        if self.rules.repeat_asked is None:
            return ""
        repeated, running = self.verdict.known_repeats, years_running(self.rules.repeat_asked)
        if repeated is None:
            return f"{running}: {NOT_CHECKED}"
        if not self.verdict.low_procedures:
            return ""
        return f"{running}: {count(repeated, PROCEDURES) if repeated else 'ни одной'}"

    @property
    def needs_decision(self) -> bool:
        return self.verdict.needs_decision

    @property
    def decision_look(self) -> str:
        return DECISION_LOOKS[Decision(self.verdict.decision)]

    @property
    def warnings(self) -> list[str]:
        words = {
            Flag.SMALL_SAMPLE: "малая выборка",
            Flag.MARKER: "признаки необъективности",
        }
        held = ["остаётся по правилу выхода"] if self.verdict.is_held else []
        return [*held, *(text for flag, text in words.items() if flag in self.verdict.flags)]


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
class VerdictCard:
    """Why a school is in the list, or is not."""

    verdict: SchoolVerdict
    rules: Rules
    year: int
    rows_of_day: Mapping[Place, Sequence[DayRow]]  # the parts with the rows of results as the run has read them
    inherited: tuple[str, ...] = ()  # what the school goes on from, and what of it the run has read
    contingent_year: int | None = None  # of the index of conditions that the run has read
    quarters: Quarters | None = None  # of the scores, that the run judged by

    @property
    def title(self) -> str:
        is_listed = self.verdict.is_named_by_rule or self.verdict.is_manual
        return "Почему в списке" if is_listed else "Почему не в списке"

    @property
    def school_line(self) -> str:
        """Return the line of the school, with «ШНСУ» when the rule looks at social conditions and they are hard."""
        line = school_line(self.verdict)
        return f"{line} · ШНСУ{contingent_told(self.contingent_year)}" if Flag.SHNSU in self.verdict.flags else line

    @cached_property
    def parts(self) -> list[Part]:
        return self.verdict.evidence

    @property
    def threshold(self) -> float:
        return float(self.rules.share_threshold_pct)

    @property
    def threshold_words(self) -> str:
        return threshold_words(self.rules)

    @cached_property
    def rows(self) -> list[PartRow]:
        """Return the procedures with data: the year first, in it the counted ones, the highest share first."""
        known = [part for part in self.parts if part.low is not None]
        known.sort(key=lambda part: (-part.year, part.state is not PartState.COUNTED, -(part.share or 0), part.code))
        places = self.places
        return [
            PartRow(
                part=part,
                source=self._source(part),
                min_participants=self.rules.min_participants,
                way_out=self.way_out(part),
                among=places.get(key_of(part)),
                quarter=part_words(part, self.quarters),
            )
            for part in known
        ]

    def way_out(self, part: Part) -> WayOut:
        """Return whom fewer low works would help: nobody where the conditions have not named the school."""
        if not part.is_low or self.verdict.verdict != Verdict.SHNOR or not self.rules.has_own_conditions:
            return WayOut.NOBODY
        return WayOut.SCHOOL if key_of(part) in self.deciding_works else WayOut.WORK

    @cached_property
    def deciding_works(self) -> frozenset[tuple[Procedure, int]]:
        """Return the works that alone have named the school; none where the exit rule would keep it all the same."""
        if self.verdict.standing == Standing.STAYS:
            return frozenset()
        kind = self.verdict.kind_used or self.verdict.school.kind
        return deciding_works(self.parts, self.rules, self.year, kind)

    @property
    def places(self) -> dict[tuple[Procedure, int], WorkPlace]:
        """Return the places of the works of the year among those of similar schools."""
        comparison = self.verdict.comparison
        return {(work.procedure, self.year): work for work in comparison.works} if comparison else {}

    @property
    def first_rows(self) -> list[PartRow]:
        """Return what decides: the low procedures of the year, or the nearest to the threshold."""
        low = [row for row in self.rows if row.part.year == self.year and row.part.is_low]
        return self.rows[: max(len(low), ROWS_SHOWN)]

    @property
    def other_rows(self) -> list[PartRow]:
        return self.rows[len(self.first_rows) :]

    @cached_property
    def results(self) -> list[AssessmentResult]:
        """Return the rows of results of the year, as they stood when the run was made; each once."""
        rows = [row.result for rows in self.rows_of_day.values() for row in rows if row.result.year == self.year]
        return list({work_key_of(row): row for row in rows}.values())

    @property
    def signs(self) -> list[WorkSigns]:
        """Return what asks for a closer look in the results of the year: nothing in the verdict rests on it."""
        return signs_of_results(self.results)

    @property
    def unscaled(self) -> list[str]:
        """Return the works of the year whose borders of marks nobody has told."""
        return works_without_borders(self.results)

    @property
    def signs_wording(self) -> str:
        return WORDING

    @property
    def missing(self) -> str:
        """Return the names of the procedures of the year without results."""
        absent = (part for part in self.parts if part.state is PartState.NO_DATA and not part.is_unmeasured)
        return listing([part.name for part in absent])

    @property
    def unmeasured(self) -> list[str]:
        """Return which works of each year have results that do not tell the low ones, as sentences."""
        return reason_texts(self.verdict, ReasonCode.LOW_UNKNOWN)

    @property
    def loaded(self) -> list[str]:
        """Return «Сергеева О. В., 12.10.2026» for each import that the results of the run came by."""
        files = [row.result.marks_file for rows in self.rows_of_day.values() for row in rows]
        batches = {file.batch for file in files if file and file.batch.applied_at}
        return sorted(f"{batch.applied_by}, {short_date(timezone.localtime(batch.applied_at))}" for batch in batches)

    @property
    def steps(self) -> list[Step]:
        if self.verdict.verdict == Verdict.EXCLUDED:
            return [Step(kind="info", text=reason["text"]) for reason in self.verdict.reasons[:1]]
        own = condition_steps(self.verdict, self.rules, self.year)
        inherited = [Step(kind="info", text=text) for text in self.inherited]
        return [*own, *other_steps(self.verdict), *inherited, *warning_steps(self)]

    def _source(self, part: Part) -> str:
        rows = self.rows_of_day.get(key_of(part), ())
        return listing([source_words(row) for row in rows]) or NOT_KEPT


def key_of(part: Part) -> Place:
    return part.procedure, part.year


def work_key_of(result: AssessmentResult) -> tuple[object, ...]:
    return tuple(getattr(result, name) for name in UNIQUE)


def source_words(row: DayRow) -> str:
    """Return «ру_5.xlsx, строка 118», «ру_5.xlsx, строка 118 (исправлено позже: файл ру_5_new.xlsx, …)»."""
    file, number = row.result.marks_file, row.result.marks_row
    told = NOT_KEPT if file is None else f"{file}" if number is None else f"{file}, строка {number}"
    return f"{told} ({row.since})" if row.since else told


def condition_steps(verdict: SchoolVerdict, rules: Rules, year: int) -> list[Step]:
    """Return the two conditions in words, and how they are combined; counts alone when only a comparison decides."""
    if not rules.has_own_conditions:
        low = low_words(verdict, rules, year)
        text = f"{low} с долей низких результатов не менее {threshold_words(rules)}: для ориентира, решает сравнение"
        return [Step(kind="info", text=text)]
    trend = verdict.trend
    holds = trend.course is Course.LOW if trend else verdict.c1
    steps = [Step(kind="ok" if holds else "no", text=first_step_words(verdict, rules, year))]
    return [
        *steps,
        *size_steps(verdict, rules),
        *repeat_steps(verdict, rules.repeat_asked, year),
        *joining_steps(rules),
    ]


def first_step_words(verdict: SchoolVerdict, rules: Rules, year: int) -> str:
    """Return how many low works condition 1 has found, and has asked for: in the year, or in each of several."""
    years = rules.trend_rule.years if rules.trend_rule else rules.years_required
    share = f"с долей низких результатов не менее {threshold_words(rules)}"
    needed = f"нужно не менее{NBSP}{rules.min_procedures}"
    if rules.count_subject_once:
        needed = f"нужно не менее {count(rules.min_procedures, 'предмета,предметов,предметов')}"
    if years == 1:
        return f"{low_words(verdict, rules, year)} {share}: {needed}"
    found = [f"{low_words(verdict, rules, each)} в {each} году" for each in range(year - years + 1, year + 1)]
    return f"{listing(found)} {share}: {needed} в каждом из {count(years, 'года,лет,лет')}"


def low_words(verdict: SchoolVerdict, rules: Rules, year: int) -> str:
    """Return «8 процедур», «8 процедур (3 предмета)» where the grades of a subject count as one."""
    low = [part for part in verdict.evidence if part.year == year and part.is_low]
    told = count(len(low), PROCEDURES)
    return f"{told} ({count(count_units(low, rules), SUBJECTS)})" if rules.count_subject_once else told


def repeat_steps(verdict: SchoolVerdict, asked: int | None, year: int) -> Iterator[Step]:
    """Yield condition 2. asked: how many years running it looks at, None when the rule has no such condition."""
    if asked is None:
        return
    repeated = verdict.known_repeats
    years = f"{listing([str(each) for each in range(year - asked + 1, year + 1)])} годах"
    if repeated:
        text = f"{count(repeated, PROCEDURES)} из них за порогом в {years}"
    elif repeated is None:
        text = f"Повтор в {years} не проверен: учтённые результаты есть не за все эти годы"
    else:
        text = f"Повтора в {years} нет"
    yield Step(kind="ok" if verdict.c2 else "warn" if repeated is None else "no", text=text)


def joining_steps(rules: Rules) -> Iterator[Step]:
    if rules.repeat_asked is not None:
        yield Step(kind="info", text=COMBINE_WORDS[rules.combine])


def size_steps(verdict: SchoolVerdict, rules: Rules) -> Iterator[Step]:
    """Yield that every work is large enough for the rule; of small ones a warning says more."""
    is_plain = {Flag.SMALL_N, Flag.POOLED}.isdisjoint(verdict.flags)
    if rules.min_participants > 1 and is_plain and verdict.counted_procedures:
        minimum = count(rules.min_participants, PARTICIPANTS)
        yield Step(kind="ok", text=f"В каждой процедуре не менее {minimum}")


def other_steps(verdict: SchoolVerdict) -> list[Step]:
    """Return what other schools and other years say of the school."""
    comparison = verdict.comparison
    kinds = {
        ReasonCode.RELATIVE: "ok" if comparison and comparison.holds else "no",
        ReasonCode.RELATIVE_COUNT: "ok" if comparison and comparison.holds else "no",
        ReasonCode.RANKING: "ok" if comparison and comparison.holds else "no",
        ReasonCode.NOT_COMPARED: "warn",
        ReasonCode.TREND: "info",
        ReasonCode.STAYS: "info",
        ReasonCode.LEAVES: "info",
    }
    if not verdict.details and not verdict.standing:
        return []
    found = [(ReasonCode(reason["code"]), reason["text"]) for reason in verdict.reasons]
    return [Step(kind=kinds[code], text=text) for code, text in found if code in kinds]


def contingent_told(year: int | None) -> str:
    """Return « (контингент на 01.10.2025)»; "" in runs of earlier portals, which did not keep it."""
    return "" if year is None else f" ({contingent_words(year)})"


def warning_steps(card: VerdictCard) -> list[Step]:
    """Return what one should know before deciding."""
    verdict, rules, year = card.verdict, card.rules, card.year
    minimum = count(rules.min_participants, PARTICIPANTS)
    words = {
        Flag.SMALL_N: f"Не учтены процедуры, где меньше {minimum}",
        Flag.SMALL_SAMPLE: small_sample_words(verdict, rules, year) if Flag.SMALL_SAMPLE in verdict.flags else "",
        Flag.MARKER: "Есть признаки необъективности результатов",
        Flag.PREVIOUS_YEAR: "За прошлые годы, на которые смотрит правило, учтённых результатов нет или есть не все",
        Flag.POOLED: "Участников мало: некоторые работы сложены вместе",
        Flag.NOT_COMPARED: "Сравнить школу с другими нельзя, причина названа выше",
        Flag.SHNSU: f"Школа работает в неблагоприятных социальных условиях{contingent_told(card.contingent_year)}",
    }
    flagged = [text for flag, text in words.items() if flag in verdict.flags]
    told = (*reason_texts(verdict, ReasonCode.FEW_COUNTED), *unmeasured_shares(card.parts), *flagged)
    return [Step(kind="warn", text=text.rstrip(".")) for text in told]


def reason_texts(verdict: SchoolVerdict, code: ReasonCode) -> list[str]:
    return [reason["text"] for reason in verdict.reasons if reason["code"] == code]


def unmeasured_shares(parts: Sequence[Part]) -> Iterator[str]:
    """Yield «Низкие результаты за 2026 год известны у 5 из 12 работ» for each year where it is not all of them."""
    for year in sorted({part.year for part in parts if part.is_unmeasured}, reverse=True):
        written = [part for part in parts if part.year == year and part.participants]
        known, works = sum(part.low is not None for part in written), count(len(written), WORKS_OF)
        share = f"известны у {known} из {works}" if known else f"не известны ни у одной из {works}"
        yield f"Низкие результаты за {year} год {share}"


def small_sample_words(verdict: SchoolVerdict, rules: Rules, year: int) -> str:
    """Return what one pupil means in the small procedures at the threshold: for the verdict, or for the share."""
    words = f"За порогом есть процедуры, где меньше {count(rules.small_n_warning, PARTICIPANTS)}"
    if is_changed_by_one(verdict, rules, year):
        return f"{words}: один человек меняет вывод"
    small = [part.participants for part in verdict.evidence if part.is_low and part.is_small and part.participants]
    if not small:
        return f"{words}: малая выборка"
    points = number(Fraction(100, min(small)), 1)
    return f"{words}: малая выборка, доля меняется на {points}{NBSP}п.{NBSP}п. от одного человека"


def is_changed_by_one(verdict: SchoolVerdict, rules: Rules, year: int) -> bool:
    """Answer whether one pupil with another mark in one small procedure of the year turns the conditions over.

    Never for rules that are judged by more than the two conditions: that would take all schools.
    """
    if not is_quick(rules):
        return False
    works, is_named = works_of_parts(verdict.parts), naming(rules, year)
    kind = verdict.kind_used or verdict.school.kind
    before = is_named(works, kind)
    return any(
        is_named([*works[:place], work._replace(low=low), *works[place + 1 :]], kind) != before
        for place, work in enumerate(works)
        if work.year == year and work.participants < rules.small_n_warning
        for low in (work.low - 1, work.low + 1)
        if 0 <= low <= work.participants
    )


def threshold_words(rules: Rules) -> str:
    """Return «30 %», «27,55 %»."""
    threshold = rules.share_threshold_pct
    digits = 0 if threshold == int(threshold) else 2
    return f"{number(threshold, digits)}{NBSP}%"


def names(schools: Iterable[object], limit: int = 10) -> str:
    """Return the names of schools, the rest as a number."""
    every: Sequence[str] = sorted(map(str, schools))
    shown = list(every[:limit])
    if len(every) > limit:
        shown.append(f"ещё {len(every) - limit}")
    return ", ".join(shown)
