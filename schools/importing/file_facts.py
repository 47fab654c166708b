"""What a recognised file is about, in short: years, works, subjects, grades, number of rows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from schools.choices import Period
from schools.intake.rows import ParsedFile, WorkKey
from schools.intake.subjects import subject_name
from schools.intake.vocabulary import PROCEDURE_NAMES

NAMES_SHOWN: Final = 4
TITLES: Final = {
    "procedures": "Процедура",
    "years": "Год",
    "periods": "Период",
    "subjects": "Предмет",
    "grades": "Класс",
    "rows": "Строк прочитано",
    "benchmarks": "Строк для сравнения",
}


def facts_of(parsed: ParsedFile) -> dict[str, Any]:
    """Return what `ImportFile.meta["facts"]` keeps: codes and numbers, no words."""
    works = {row.work for row in parsed.rows} or ({parsed.work} if parsed.work else set[WorkKey]())
    return {
        "procedures": sorted({work.procedure for work in works}),
        "years": sorted({work.year for work in works}),
        "periods": sorted({work.period for work in works}),
        "subjects": sorted({work.subject for work in works}),
        "grades": sorted({work.grade for work in works}),
        "rows": len(parsed.rows) + len(parsed.schools) + len(parsed.records),
        "benchmarks": len(parsed.benchmarks),
    }


def with_judged(facts: Mapping[str, Any], judged: int) -> dict[str, Any]:
    """Return facts that count the rows of the plan: some could not be read and are not among the parsed ones."""
    return {**facts, "rows": max(judged, facts["rows"])}


def fact_words(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the facts as titles and words: («Класс», «4–8»); what is not there is left out."""
    words = {
        "procedures": named(PROCEDURE_NAMES.get(code, code) for code in facts.get("procedures", [])),
        "years": ranged(facts.get("years", [])),
        "periods": named(Period(code).label for code in facts.get("periods", []) if code in Period.values),
        "subjects": named(subject_name(code) for code in facts.get("subjects", [])),
        "grades": ranged(facts.get("grades", [])),
        "rows": str(facts.get("rows") or ""),
        "benchmarks": str(facts.get("benchmarks") or ""),
    }
    return [(TITLES[name], text) for name, text in words.items() if text]


def named(names: Iterable[str]) -> str:
    """Return «Математика, Русский язык», of many the first four and how many more there are."""
    known = list(names)
    more = len(known) - NAMES_SHOWN
    return ", ".join(known[:NAMES_SHOWN]) + (f" и ещё {more}" if more > 0 else "")


def ranged(numbers: Sequence[int]) -> str:
    """Return «2024–2026» of neighbours, «4, 6» of others."""
    if len(numbers) > 1 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]}–{numbers[-1]}"
    return ", ".join(map(str, numbers))
