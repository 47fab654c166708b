"""How roadmaps are fulfilled: the sentence, the table and the chart of R1 and R4."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from accounts.russian import NBSP, adjective, plural, typo
from reports.document import Align, Bar, BarChart, BulletList, Column, Figure, Row, Source, SourceKind, Table, Text
from reports.texts.phrases import MEASURES, act_named, sentence

if TYPE_CHECKING:
    from reports.facts.parts import Frame, SchoolExecution

COLUMNS: Final = (
    Column("№", 5, Align.RIGHT),
    Column("Школа", 40),
    Column("Пунктов", 12, Align.RIGHT),
    Column("Исполнено", 15, Align.RIGHT),
    Column("В срок", 9, Align.RIGHT),
    Column("Просрочено", 16, Align.RIGHT),
    Column("Исполнение", 19, Align.RIGHT, "%"),
)
FORMULA: Final = (
    f"Исполнение{NBSP}– доля исполненных пунктов среди всех, кроме отменённых и признанных неприменимыми, "
    "на дату данных."
)


def school_source(school: "SchoolExecution", frame: "Frame") -> Source:
    label = f"Дорожная карта: {school.school}"
    if school.approval:
        label += f", {act_named(school.approval)}"
    return Source(kind=SourceKind.ROADMAP, label=typo(label), url=school.url, as_of=frame.as_of)


def total_source(frame: "Frame") -> Source:
    return Source(kind=SourceKind.CALCULATION, label="Сумма по дорожным картам школ", as_of=frame.as_of)


def execution_table(schools: Sequence["SchoolExecution"], frame: "Frame") -> Table:
    rows = tuple(_row(str(number), school, frame) for number, school in enumerate(schools, start=1))
    return Table(
        "Исполнение дорожных карт",
        COLUMNS,
        rows,
        total=_total(schools, frame) if len(schools) > 1 else None,
        notes=(FORMULA,),
    )


def _row(number: str, school: "SchoolExecution", frame: "Frame") -> Row:
    source = school_source(school, frame)
    counts = (school.counted, school.done, school.on_time, school.overdue)
    return (
        number,
        typo(school.school),
        *(Figure.count(value, source) for value in counts),
        Figure.share(school.done, school.counted, source),
    )


def _total(schools: Sequence["SchoolExecution"], frame: "Frame") -> Row:
    source = total_source(frame)
    counted, done = total(schools, "counted"), total(schools, "done")
    counts = (counted, done, total(schools, "on_time"), total(schools, "overdue"))
    return (
        "",
        "Итого",
        *(Figure.count(value, source) for value in counts),
        Figure.share(done, counted, source),
    )


def total(schools: Sequence["SchoolExecution"], field: str) -> int:
    """Return the sum over the schools that have a roadmap."""
    return sum(getattr(school, field) or 0 for school in schools)


def execution_chart(schools: Sequence["SchoolExecution"], frame: "Frame") -> BarChart:
    bars = (
        Bar(typo(school.school), Figure.share(school.done, school.counted, school_source(school, frame)))
        for school in schools
    )
    return BarChart("Исполнение дорожных карт, %", tuple(bars))


def execution_sentence(schools: Sequence["SchoolExecution"], frame: "Frame") -> Text:
    """Return «Исполнено 71 мероприятие из 118 (60,2 %), в срок 64, просрочено 7.» with its figures."""
    source = total_source(frame)
    done, counted = total(schools, "done"), total(schools, "counted")
    return sentence(
        "исполнено ",
        Figure.count(done, source, MEASURES),
        " из ",
        Figure.count(counted, source),
        " (",
        Figure.share(done, counted, source, is_told=True),
        "), в том числе в срок – ",
        Figure.count(total(schools, "on_time"), source),
        "; просрочено – ",
        Figure.count(total(schools, "overdue"), source, MEASURES),
        ".",
    )


def overdue_text(school: "SchoolExecution", frame: "Frame") -> Text:
    """Return «Исполнить 3 просроченных мероприятия дорожной карты.»"""
    overdue = school.overdue or 0
    return (
        "Исполнить ",
        Figure.count(overdue, school_source(school, frame)),
        f" {adjective(overdue, 'просроченное,просроченных')} {plural(overdue, MEASURES)} дорожной карты.",
    )


def overdue_list(schools: Sequence["SchoolExecution"], frame: "Frame") -> BulletList | None:
    """Return «МБОУ «СОШ № 5» – 3 мероприятия» for each late school, None when nobody is late."""
    late = [school for school in schools if school.overdue]
    items = tuple(
        (
            f"{typo(school.school)} – ",
            Figure.count(school.overdue, school_source(school, frame), MEASURES),
            "." if school is late[-1] else ";",
        )
        for school in late
    )
    return BulletList(items) if items else None
