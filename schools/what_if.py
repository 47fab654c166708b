"""Which schools other thresholds would name: the condition alone, over counts, fast enough to answer at once.

Pure. The rule itself is `schools.identification.identify`; what is here repeats its two conditions without parts,
reasons and flags, and tests hold the two together. A rule that asks for more than the conditions is not `is_quick`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any, Final, NamedTuple

from schools.identification import Combine, ObjectivityMode, Part, Procedure, Result, Rules, Work

QUICK: Final = frozenset(
    {
        "share_threshold_pct",
        "min_procedures",
        "years_required",
        "repeat_same_procedure",
        "combine",
        "count_subject_once",
        "min_participants",
        "objectivity_mode",
        "exclude_types",
    },
)
SILENT: Final = frozenset(
    {"small_n_warning", "exclude_adapted_programmes", "missing_mode", "exit_rule", "risk_group_rule"}
)
MARKERS: Final = Part._fields.index("markers")
QUICK_MODES: Final = frozenset({ObjectivityMode.IGNORE, ObjectivityMode.FLAG, ObjectivityMode.DROP_PROCEDURE})


class Tally(NamedTuple):
    """Counts of a school in one work of one year."""

    kind: str
    subject: str
    grade: int
    year: int
    participants: int
    low: int
    has_markers: bool


IsNamed = Callable[[Iterable[Tally], str], bool]


def naming(rules: Rules, year: int) -> IsNamed:
    """Return a function (works of a school, its type) -> whether the rule names the school for a year.

    rules must be quick (`is_quick`). Works of other years and other procedures are left aside.
    """
    wanted = frozenset((each.kind, each.subject, each.grade) for each in rules.procedures)
    hundredths = int(rules.share_threshold_pct * 100)  # exact: a threshold has at most two digits
    drops = rules.objectivity_mode is ObjectivityMode.DROP_PROCEDURE
    least, years = rules.min_participants, frozenset(range(year - rules.years + 1, year + 1))

    def is_low(work: Tally) -> bool:
        kind, subject, grade, of_year, participants, low, has_markers = work
        return (
            10_000 * low >= hundredths * participants
            and of_year in years
            and participants >= least
            and not (drops and has_markers)
            and (kind, subject, grade) in wanted
        )

    def is_named(works: Iterable[Tally], kind: str) -> bool:
        if kind in rules.exclude_types:
            return False
        return conditions_hold([work for work in works if is_low(work)], rules, year)

    return is_named


def conditions_hold(low: list[Tally], rules: Rules, year: int) -> bool:
    """Answer whether the low works of a school fulfil the two conditions as the rule combines them."""
    first = all(
        _units(low, each, rules) >= rules.min_procedures for each in range(year - rules.years_required + 1, year + 1)
    )
    now, before = ({work[:3] for work in low if work.year == each} for each in (year, year - 1))
    second = rules.repeat_same_procedure and not now.isdisjoint(before)
    return {
        Combine.ANY: first or second,
        Combine.ALL: first and second,
        Combine.C1_ONLY: first,
        Combine.C2_ONLY: second,
    }[rules.combine]


def _units(low: list[Tally], year: int, rules: Rules) -> int:
    length = 2 if rules.count_subject_once else 3
    return len({work[:length] for work in low if work.year == year})


def is_quick(rules: Rules) -> bool:
    """Answer whether the conditions alone make the verdict: every other parameter stands at its default."""
    plain = {each.name: getattr(rules, each.name) for each in fields(rules)}
    other = set(plain) - QUICK - SILENT - {"procedures", "low_definition"}
    standard = Rules(procedures=rules.procedures, low_definition=rules.low_definition)
    return rules.objectivity_mode in QUICK_MODES and all(plain[name] == getattr(standard, name) for name in other)


def judges_alone(rules: Rules) -> bool:
    """Answer whether the results of a school alone make its verdict: not where others say which works are low."""
    return is_quick(rules) and not rules.quarter_kinds


def fits_evidence(evidence_of: Rules, asked: Rules) -> bool:
    """Answer whether the parts that one rule stored hold all that another one asks for."""
    return asked.years <= evidence_of.years and fits_but_for_years(evidence_of, asked)


def fits_but_for_years(evidence_of: Rules, asked: Rules) -> bool:
    """Answer the same, whatever years before the stored ones are asked for besides."""
    keeps_markers = evidence_of.objectivity_mode is not ObjectivityMode.IGNORE
    return (
        is_quick(evidence_of)
        and is_quick(asked)
        and (evidence_of.years > 1 or not asked.repeat_same_procedure)
        and set(asked.procedures) <= set(evidence_of.procedures)
        and all(evidence_of.low_definition.get(kind) == how for kind, how in asked.low_definition.items())
        and (keeps_markers or asked.objectivity_mode is not ObjectivityMode.DROP_PROCEDURE)
    )


def looking_back(asked: Rules, years: int) -> Rules:
    """Return a rule made easier: it looks back as far as some years and no further.

    It names every school that the rule itself names: more years in a row never add one.
    """
    return replace(asked, years_required=min(asked.years_required, years))


def works_of_parts(parts: Iterable[Any]) -> list[Tally]:
    """Return the works behind stored parts (`Part.to_json`, or mappings as they were before); without counts none."""
    return [tally for part in parts if (tally := tally_of_part(part))]


def tally_of_part(part: Any) -> Tally | None:
    if isinstance(part, Mapping):
        key = (part["kind"], part["subject"], part["grade"])
        year, participants, low, markers = part["year"], part["participants"], part["low"], part["markers"]
    else:
        key, year, participants, low = part[0], part[1], part[3], part[4]
        markers = part[MARKERS] if len(part) > MARKERS else ()
    return None if low is None else Tally(*key, year, participants, low, bool(markers))


def works_of_results(results: Iterable[Result]) -> list[Tally]:
    return [
        Tally(each.kind, each.subject, each.grade, each.year, each.participants, each.low, bool(each.markers))
        for each in results
        if each.low is not None
    ]


def works_of_grid(grid: Mapping[int, Mapping[Procedure, Work]]) -> list[Tally]:
    """Return the works of a school as `result_groups` reads them."""
    return [
        Tally(*procedure, year, work.participants, work.low, bool(work.markers))
        for year, works in grid.items()
        for procedure, work in works.items()
        if work.low is not None
    ]
