"""The wording of R8, the list with its grounds as an annex to the order.

Source: domain specification, 1.4, 6.6 and 6.7.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from accounts.russian import NBSP, capitalized, short_date, typo
from reports.document import (
    Align,
    Block,
    BulletList,
    Cell,
    Column,
    Document,
    Figure,
    Note,
    Paragraph,
    Row,
    Source,
    SourceKind,
    Table,
    Text,
    Tone,
)
from reports.facts.parts import CautionCode
from reports.texts.list_changes import change_sentence
from reports.texts.phrases import SCHOOLS_OF, act_named, annex_lines, sentence, signature, verb
from reports.texts.run_pictures import heat_blocks, spread_blocks, year_blocks
from schools.rule_words import NOT_CHECKED, years_running

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reports.facts.r8 import Ground, ListedSchool, R8Facts

NUMBER: Final = Column("№", 5, Align.RIGHT)
GROUND_COLUMNS: Final = (Column("Школа", 34), Column("Процедура", 28), Column("Условие", 9, Align.CENTER))
LOW_RESULT: Final = (
    f"Низкие{NBSP}– работы с низким результатом. Пустые ячейки: результат этого года основанием не служит."
)
UNCHECKED: Final = (
    f"Не проверено{NBSP}– учтённые результаты есть не за все годы, в которых правило ищет повтор: это не ноль."
)
TAKEN_OUT_COLUMNS: Final = (
    Column("Школа", 34),
    Column("Причина", 24),
    Column("Обоснование", 60),
    Column("Документ", 34),
    Column("Кто и когда решил", 24),
)
NO_DOCUMENT: Final = "не указан"
SCHOOLS: Final = "школа,школы,школ"
MANUAL: Final = "включена решением"


def document(facts: "R8Facts") -> Document:
    frame = facts.frame
    subject = (
        f"школ с низкими образовательными результатами {frame.place.name_genitive} "
        f"по результатам {facts.year}{NBSP}года"
    )
    return Document(
        code="R8",
        title=f"Перечень {subject}",
        organisation=() if facts.basis else (typo(frame.place.authority),),
        annex_to=annex_lines(facts.basis) if facts.basis else (),
        kind_title="Перечень",
        heading=typo(subject),
        place="" if facts.basis else frame.place.seat,
        date=facts.basis.date if facts.basis else frame.dated,
        number=facts.basis.number if facts.basis else "",
        blocks=(
            *_draft(facts),
            _summary(facts),
            *_excluded(facts),
            *_rule(facts),
            *_tables(facts),
            *_taken_out(facts),
            *_pictures(facts),
        ),
        signature=signature(frame),
        executor=frame.executor,
    )


def _draft(facts: "R8Facts") -> list[Block]:
    """Return that the list is a draft and what it lacks, or that it holds no more; the year is in the heading."""
    drafts = [caution.text for caution in facts.cautions if caution.code is CautionCode.LIST_NOT_PUBLISHED]
    annulled = [change_sentence(facts.annulled, facts.frame)] if facts.annulled else []
    notes: list[Block] = [Note((text,), Tone.WARNING) for text in (*drafts, *annulled)]
    if not facts.missing:
        return notes
    items = tuple((typo(sentence),) for sentence in facts.missing)
    return [*notes, Paragraph(("До вступления перечня в силу не хватает:",)), BulletList(items)]


def source_of(facts: "R8Facts") -> Source:
    label = f"{facts.kind} по результатам {facts.year} года"
    if facts.basis:
        label += f", {act_named(facts.basis)}"
    return Source(kind=SourceKind.LIST, label=label, url=facts.url, as_of=facts.frame.as_of)


def _summary(facts: "R8Facts") -> Paragraph:
    """Return «К школам с низкими … относятся 7 из 20 школ округа, по которым сделан вывод (35,0 %)»."""
    source, number = source_of(facts), len(facts.schools)
    judged = ", по которым сделан вывод" if facts.not_judged and facts.not_judged.schools else ""
    rule = f" Выявление проведено по правилу {typo(facts.rule)}." if facts.rule else ""
    return Paragraph(
        sentence(
            f"к школам с низкими образовательными результатами {verb(number, 'относится', 'относятся')} ",
            Figure.count(number, source),
            " из ",
            Figure.count(facts.total_schools, source, SCHOOLS_OF),
            f" {facts.frame.place.name_genitive}{judged} (",
            Figure.share(number, facts.total_schools, source, is_told=True),
            f").{rule}",
            *_not_judged(facts, source),
        ),
    )


def _not_judged(facts: "R8Facts", source: Source) -> Text:
    """Return whom the total leaves out, so that the parts add up to the schools of the run; nothing for nobody."""
    left = facts.not_judged
    if left is None or not left.schools:
        return ()
    told = {
        ", данных недостаточно у ": left.without_data,
        ", правило не распространяется на ": left.not_covered,
    }
    parts: list[Text] = [(words, Figure.count(number, source)) for words, number in told.items() if number]
    return (
        " Всего в расчёте ",
        Figure.count(facts.total_schools + left.schools, source, SCHOOLS),
        ": вывод сделан по ",
        Figure.count(facts.total_schools, source),
        *(piece for part in parts for piece in part),
        ".",
    )


def _excluded(facts: "R8Facts") -> list[Block]:
    """Return who has left the list since by an order of its own; nothing for nobody."""
    if not facts.excluded:
        return []
    told = "; ".join(map(typo, facts.excluded))
    opening = f"После утверждения перечня из него исключены: {told}."
    if not facts.tells_left:
        return [Paragraph((opening,))]
    left = Figure.count(len(facts.schools) - len(facts.excluded), source_of(facts), SCHOOLS)
    day = f"На{NBSP}{short_date(facts.frame.as_of)} в перечне "
    return [Paragraph((f"{opening} {day}", left, "."))]


def _rule(facts: "R8Facts") -> list[Block]:
    """Return what the rule rests on, nothing for a list without a calculation."""
    return [Paragraph((typo(facts.rule_told),))] if facts.rule_told else []


def _tables(facts: "R8Facts") -> list[Block]:
    if not facts.schools:
        return [Paragraph(("Школ с низкими образовательными результатами не выявлено.",))]
    columns = [column for column, _ in school_cells(facts.schools[0], facts)]
    rows = tuple(
        (str(number), *(cell for _, cell in school_cells(school, facts)))
        for number, school in enumerate(facts.schools, start=1)
    )
    return [Table("Перечень школ", (NUMBER, *columns), rows, notes=tuple(_notes(facts))), *_grounds(facts)]


def _notes(facts: "R8Facts") -> "Iterator[str]":
    """Yield what the columns mean under the rule, and why some repeats are not checked."""
    if facts.applied is None:
        return
    yield typo(facts.applied.conditions)
    yield from map(typo, facts.applied.quarters)
    if facts.applied.repeat_years and any(map(_is_unchecked, facts.schools)):
        yield UNCHECKED


def _taken_out(facts: "R8Facts") -> list[Block]:
    """Return the schools that the rule names and decisions kept off the list; nothing for nobody."""
    if not facts.taken_out:
        return []
    rows = tuple(
        (str(number), typo(each.name), each.reason, typo(each.text), typo(each.document) or NO_DOCUMENT, each.decided)
        for number, each in enumerate(facts.taken_out, start=1)
    )
    return [Table("Исключены решением", (NUMBER, *TAKEN_OUT_COLUMNS), rows, is_wide=True)]


def _pictures(facts: "R8Facts") -> list[Block]:
    """Return what the run shows of all schools; versions built before it was kept have none."""
    source = replace(source_of(facts), kind=SourceKind.CALCULATION)
    return [
        *heat_blocks(facts.heat, facts.year, source),
        *year_blocks(facts.years, facts.year, source, facts.frame, is_drawn=facts.draws_years),
        *spread_blocks(facts.spread, source, facts.apart),
    ]


def school_cells(school: "ListedSchool", facts: "R8Facts") -> "Iterator[tuple[Column, Cell]]":
    """Yield the columns with what a school has in them: those that the rule and the list give a sense to."""
    source, applied = source_of(facts), facts.applied
    yield Column("Школа", 36), typo(school.name)
    yield Column("ИНН", 15, Align.CENTER), school.inn
    if applied and applied.is_numbered:
        yield Column("Условие", 12, Align.CENTER), conditions(ground.condition for ground in school.grounds)
    if applied:
        yield Column("Процедур с низкими результатами", 18, Align.RIGHT), Figure.count(school.low, source)
    if applied and applied.repeat_years:
        title = f"Из них {years_running(applied.repeat_years)}"
        yield (
            Column(title, 13, Align.RIGHT),
            NOT_CHECKED if _is_unchecked(school) else Figure.count(school.repeated, source),
        )
    if any(map(_remarks, facts.schools)):
        yield Column("Примечание", 24), capitalized("; ".join(_remarks(school)))


def _is_unchecked(school: "ListedSchool") -> bool:
    """Answer whether a calculation stands behind the school and could not tell whether its works are a repeat."""
    return school.low is not None and school.repeated is None


def _remarks(school: "ListedSchool") -> list[str]:
    return [*([MANUAL] if school.is_manual else []), *(typo(remark).rstrip(".") for remark in school.remarks)]


def conditions(numbers: "Iterable[int]") -> str:
    return ", ".join(str(number) for number in sorted(set(numbers))) or "–"


def _grounds(facts: "R8Facts") -> list[Table]:
    """Return the procedures that put the schools on the list, the years side by side."""
    years = sorted({ground.year for school in facts.schools for ground in school.grounds})
    if not years:
        return []
    columns = (*GROUND_COLUMNS, *(column for year in years for column in year_columns(year)))
    rows = tuple(row for school in facts.schools for row in _ground_rows(school, years, facts))
    return [Table("Основания включения", columns, rows, notes=(LOW_RESULT,), is_grouped=True)]


def year_columns(year: int) -> tuple[Column, ...]:
    return (
        Column(f"{year}: всего работ", 11, Align.RIGHT),
        Column(f"{year}: из них низких", 11, Align.RIGHT),
        Column(f"{year}: доля", 10, Align.RIGHT, "%"),
    )


def _ground_rows(school: "ListedSchool", years: "Sequence[int]", facts: "R8Facts") -> list[Row]:
    source = Source(
        kind=SourceKind.RESULTS,
        label=f"Результаты: {typo(school.name)}",
        url=facts.url,
        as_of=facts.frame.as_of,
    )
    by_procedure: dict[str, list[Ground]] = {}
    for ground in school.grounds:
        by_procedure.setdefault(ground.procedure, []).append(ground)
    return [
        (
            typo(school.name),
            typo(procedure),
            conditions(ground.condition for ground in grounds),
            *(cell for year in years for cell in _year_cells(grounds, year, source)),
        )
        for procedure, grounds in by_procedure.items()
    ]


def _year_cells(grounds: "Iterable[Ground]", year: int, source: Source) -> Row:
    """Return the counts and the share of a year, empty cells when the rule did not need that year."""
    ground = next((ground for ground in grounds if ground.year == year), None)
    if ground is None:
        return ("", "", "")
    return (
        Figure.count(ground.participants, source),
        Figure.count(ground.low, source),
        Figure.share(ground.low, ground.participants, source, 2),
    )
