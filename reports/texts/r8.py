"""The wording of R8, the list with its grounds as an annex to the order.

Source: domain specification, 1.4, 6.6 and 6.7.
"""

from typing import TYPE_CHECKING, Final

from accounts.russian import NBSP, plural, typo
from reports.document import (
    Align,
    Block,
    Column,
    Document,
    Figure,
    Note,
    Paragraph,
    Row,
    Source,
    SourceKind,
    Table,
    Tone,
)
from reports.texts.phrases import SCHOOLS_OF, act_named, annex_lines, low_schools, sentence, signature, verb

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.facts.r8 import ListedSchool, R8Facts

SCHOOL_COLUMNS: Final = (
    Column("№", 5, Align.RIGHT),
    Column("Школа", 34),
    Column("ИНН", 15, Align.CENTER),
    Column("Условие", 12, Align.CENTER),
    Column("Процедур ниже порога", 14, Align.RIGHT),
    Column("Основание", 34),
)
GROUND_COLUMNS: Final = (
    Column("Школа", 32),
    Column("Процедура", 15),
    Column("Год", 7, Align.CENTER),
    Column("Условие", 11, Align.CENTER),
    Column("Участников", 15, Align.RIGHT),
    Column("Низкий результат", 14, Align.RIGHT),
    Column("Доля", 10, Align.RIGHT, "%"),
)
CONDITIONS: Final = (
    "Условие 1 – доля участников с низким результатом достигает порога не менее чем в двух процедурах одного года; "
    "условие 2 – порог достигнут по одной и той же процедуре два года подряд."
)
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
        blocks=(*_draft(facts), _summary(facts), *_tables(facts)),
        signature=signature(frame),
        executor=frame.executor,
    )


def _draft(facts: "R8Facts") -> list[Block]:
    return [Note((caution.text,), Tone.WARNING) for caution in facts.cautions]


def source_of(facts: "R8Facts") -> Source:
    label = f"{facts.kind} по результатам {facts.year} года"
    if facts.basis:
        label += f", {act_named(facts.basis)}"
    return Source(kind=SourceKind.LIST, label=label, url=facts.url, as_of=facts.frame.as_of)


def _summary(facts: "R8Facts") -> Paragraph:
    """Return «К школам с низкими … относятся 7 из 20 школ округа (35,0 %)»."""
    source, number = source_of(facts), len(facts.schools)
    rule = f" Правило: {typo(facts.rule)}." if facts.rule else ""
    return Paragraph(
        sentence(
            "к ",
            low_schools("dative"),
            f" {verb(number, 'относится', 'относятся')} ",
            Figure.count(number, source),
            " из ",
            Figure.count(facts.total_schools, source, SCHOOLS_OF),
            f" {facts.frame.place.name_genitive} (",
            Figure.share(number, facts.total_schools, source),
            f").{rule}",
        ),
    )


def _tables(facts: "R8Facts") -> list[Block]:
    if not facts.schools:
        return [Paragraph(("Школ с низкими образовательными результатами не выявлено.",))]
    rows = tuple(_school_row(number, school, facts) for number, school in enumerate(facts.schools, start=1))
    blocks: list[Block] = [Table("Перечень школ", SCHOOL_COLUMNS, rows, notes=(CONDITIONS,))]
    grounds = tuple(row for school in facts.schools for row in _ground_rows(school, facts))
    if grounds:
        blocks.append(Table("Основания включения", GROUND_COLUMNS, grounds))
    return blocks


def _school_row(number: int, school: "ListedSchool", facts: "R8Facts") -> Row:
    conditions = sorted({ground.condition for ground in school.grounds})
    low = {ground.procedure for ground in school.grounds if ground.year == facts.year}
    return (
        str(number),
        typo(school.name),
        school.inn,
        ", ".join(str(condition) for condition in conditions) or "–",
        Figure.count(len(low), source_of(facts)),
        _basis(school),
    )


def _basis(school: "ListedSchool") -> str:
    procedures = dict.fromkeys(ground.procedure for ground in school.grounds)
    named = ", ".join(procedures)
    parts = (
        f"{plural(len(procedures), 'процедура,процедуры,процедуры')} {named}" if named else "",
        MANUAL if school.is_manual else "",
        *(typo(remark).rstrip(".") for remark in school.remarks),
    )
    return "; ".join(part for part in parts if part)


def _ground_rows(school: "ListedSchool", facts: "R8Facts") -> list[Row]:
    source = Source(
        kind=SourceKind.RESULTS,
        label=f"Результаты: {typo(school.name)}",
        url=facts.url,
        as_of=facts.frame.as_of,
    )
    measured: dict[tuple[str, int, int, int], set[int]] = {}
    for ground in school.grounds:
        key = (ground.procedure, ground.year, ground.low, ground.participants)
        measured.setdefault(key, set()).add(ground.condition)
    return [
        (
            typo(school.name),
            procedure,
            str(year),
            ", ".join(str(condition) for condition in sorted(conditions)),
            Figure.count(participants, source),
            Figure.count(low, source),
            Figure.share(low, participants, source, 2),
        )
        for (procedure, year, low, participants), conditions in sorted(measured.items(), key=by_procedure(school))
    ]


def by_procedure(school: "ListedSchool") -> "Callable[[tuple[tuple[str, int, int, int], set[int]]], tuple[int, int]]":
    """Return the order of the grounds: procedures as they first come, years within a procedure."""
    order = list(dict.fromkeys(ground.procedure for ground in school.grounds))
    return lambda item: (order.index(item[0][0]), item[0][1])
