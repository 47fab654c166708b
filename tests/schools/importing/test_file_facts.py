"""What a file is about is told in a few words."""

from schools.importing.file_facts import fact_words, facts_of, named, ranged, with_judged
from schools.intake.rows import ParsedFile, ResultRow, SchoolRef, WorkKey


def work(**fields: object) -> WorkKey:
    defaults = {"procedure": "VPR", "year": 2026, "period": "spring", "subject": "RU", "grade": 4}
    return WorkKey(**{**defaults, **fields})  # type: ignore[arg-type]  # plain values of a test


def parsed(*works: WorkKey) -> ParsedFile:
    rows = tuple(ResultRow(sheet="", row=n, school=SchoolRef(name="СОШ"), work=one) for n, one in enumerate(works))
    return ParsedFile(layout="flat_results", title="Таблица", rows=rows, work=works[0] if works else None)


def test_works_of_all_rows_are_told_together() -> None:
    facts = facts_of(parsed(work(), work(grade=5), work(grade=6, subject="MA", year=2025)))

    assert fact_words(facts) == [
        ("Процедура", "ВПР"),
        ("Год", "2025–2026"),
        ("Период", "весна"),
        ("Предмет", "Математика, Русский язык"),
        ("Класс", "4–6"),
        ("Строк прочитано", "3"),
    ]


def test_file_without_results_tells_only_what_it_has() -> None:
    assert fact_words(facts_of(parsed())) == []
    assert fact_words({}) == []


def test_rows_that_could_not_be_read_are_counted_as_read() -> None:
    facts = facts_of(parsed(work(), work(grade=5)))

    assert with_judged(facts, 12) == {**facts, "rows": 12}
    assert with_judged(facts, 1) == facts


def test_many_names_are_cut() -> None:
    assert named("абвгде") == "а, б, в, г и ещё 2"


def test_gap_in_numbers_is_not_hidden() -> None:
    assert [ranged([4]), ranged([4, 5]), ranged([4, 6]), ranged([])] == ["4", "4–5", "4, 6", ""]
