"""The wording of R9, the dynamics of results over two to five years.

Source: domain specification, 5.5, 6.6 and 6.7.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from accounts.russian import NBSP, short_date, typo
from reports.document import (
    Align,
    Block,
    CellTone,
    Column,
    Document,
    Figure,
    Heading,
    Paragraph,
    Row,
    Slope,
    SlopeChart,
    Source,
    SourceKind,
    Table,
    Tones,
    Turn,
)
from reports.texts.execution import school_source
from reports.texts.phrases import MEASURES, sentence, signature
from reports.texts.r9_changes import VIEW_HINTS, VIEW_TITLES, changes, compared_schools
from reports.texts.r9_figures import compared_share, is_of_same_schools, judged_source, share_of, source_of, tones_at
from schools.dynamics import SchoolTrend, Trend, View

if TYPE_CHECKING:
    from reports.facts.r9 import (
        ChangeFacts,
        Levels,
        PairFacts,
        R9Facts,
        SchoolLine,
        YearCount,
    )

WORKS: Final = "работа,работы,работ"
WORKS_IN: Final = "работе,работам,работам"  # после «по»
VERDICTS: Final = {
    SchoolTrend.IMPROVING: "положительная",
    SchoolTrend.STABLE: "стабильная",
    SchoolTrend.DECLINING: "отрицательная",
    SchoolTrend.MIXED: "разнонаправленная",
    SchoolTrend.INSUFFICIENT_DATA: "не оценивается, данных мало",
}
VERDICT_TONES: Final = {
    SchoolTrend.IMPROVING: CellTone.OK,
    SchoolTrend.DECLINING: CellTone.BAD,
    SchoolTrend.MIXED: CellTone.WARN,
}
TURNS: Final = {Trend.IMPROVING: Turn.BETTER, Trend.DECLINING: Turn.WORSE}
LEVEL_NAMES: Final = ("+", "=", "−", "?")
LEVELS_NOTE: Final = (
    f"П{NBSP}– параллель, К{NBSP}– когорта: сколько работ имеют положительный (+), стабильный (=), отрицательный (−) "
    "уровень и сколько остались без уровня (?), потому что {why} или работы лет различались."
)
YEARS_NOTE: Final = "По годам: число участников и доля «2». Пустые ячейки: {empty}."
OTHER_SCHOOLS: Final = (
    "Состав школ по годам может быть разным, и разница двух лет здесь – не изменение: изменение у одних и тех же школ "
    "стоит в таблицах «Параллель к параллели» и «Когорта»."
)
SLOPES: Final = 12  # lines that a picture holds


def document(facts: "R9Facts") -> Document:
    frame = facts.frame
    span = span_words(facts.years)
    place = typo(facts.school) or typo(frame.place.name_genitive)
    of_whom = f"({place})" if facts.school else f"школ {place}"
    return Document(
        code="R9",
        title=f"Динамика результатов оценочных процедур {of_whom} за {span}",
        organisation=(typo(frame.place.authority),),
        kind_title="Справка",
        heading=f"о динамике результатов оценочных процедур {of_whom} за {span}",
        place=frame.place.seat,
        date=frame.dated,
        blocks=(
            *_summaries(facts),
            *_day(facts),
            *_pictures(facts),
            _years_table(facts),
            *changes(facts),
            *_beside(facts),
            *_schools(facts),
            *_execution(facts),
        ),
        signature=signature(frame),
        executor=frame.executor,
    )


def span_words(years: Sequence[int]) -> str:
    return f"{years[0]}–{years[-1]}{NBSP}годы"


# The summary


def _summaries(facts: "R9Facts") -> Iterator[Block]:
    if not facts.pairs:
        yield Paragraph(("Лет с результатами, которые следуют друг за другом, в периоде нет: уровни не даются.",))
    for pair in facts.pairs:
        if pair.view is View.PARALLEL:
            yield _verdict(pair, facts)
        yield from compared_schools(pair, judged_source(facts, pair.year))
        if pair.sentence:
            words = f"{VIEW_TITLES[pair.view]} ({VIEW_HINTS[pair.view]}). {pair.sentence}"
            yield Paragraph((words,))


def _day(facts: "R9Facts") -> list[Block]:
    """Return of which day the results are: corrections of past years are told as they stand on it."""
    if not facts.tells_day:
        return []
    return [Paragraph((f"Результаты всех лет – какими они были в портале на{NBSP}{short_date(facts.frame.as_of)}.",))]


def verdict_words(trend: SchoolTrend, facts: "R9Facts") -> str:
    """Return the verdict; without one, that no work has a level: why is told at each work."""
    if trend is SchoolTrend.INSUFFICIENT_DATA and facts.tells_shortage:
        return "не оценивается, уровня нет ни у одной работы"
    return VERDICTS[trend]


def _verdict(pair: "PairFacts", facts: "R9Facts") -> Paragraph:
    """Return «В 2026 году к 2025 году динамика … разнонаправленная: положительная – по 2 работам, …»."""
    source = judged_source(facts, pair.year)
    return Paragraph(
        sentence(
            f"в {pair.year}{NBSP}году к {pair.year - 1}{NBSP}году динамика по обязательным предметам (русский язык и "
            f"математика) {verdict_words(pair.trend, facts)}: положительная – по ",
            Figure.count(pair.levels.improving, source, WORKS_IN),
            ", отрицательная – по ",
            Figure.count(pair.levels.declining, source, WORKS_IN),
            ", стабильная – по ",
            Figure.count(pair.levels.stable, source, WORKS_IN),
            ", без уровня – по ",
            Figure.count(pair.levels.unknown, source, WORKS_IN),
            ".",
        )
    )


# Pictures


def _pictures(facts: "R9Facts") -> Iterator[Block]:
    for pair in facts.pairs:
        known = [each for each in pair.changes if change_size(each) is not None]
        if pair.view is not View.PARALLEL or not known:
            continue
        known.sort(key=lambda each: (-(change_size(each) or 0), each.title))
        of_whom = "школы, писавшие работу в оба года; " if is_of_same_schools(facts) else ""
        yield SlopeChart(
            f"Доля «2», %: {pair.year - 1} и {pair.year} годы, {of_whom}работы, которые изменились сильнее",
            (str(pair.year - 1), str(pair.year)),
            tuple(_slope(each, facts) for each in known[:SLOPES]),
        )


def change_size(change: "ChangeFacts") -> float | None:
    """Return how far a work moved, only to choose what is drawn; None when a year lacks its share."""
    shares = [part(each) for each in (change.before, change.after)]
    return None if shares[0] is None or shares[1] is None else abs(shares[1] - shares[0])


def part(count: "YearCount | None") -> float | None:
    return None if count is None or count.low is None or not count.participants else count.low / count.participants


def _slope(change: "ChangeFacts", facts: "R9Facts") -> Slope:
    before, after = (compared_share(each, facts) for each in (change.before, change.after))
    return Slope(change.code, before, after, TURNS.get(change.trend, Turn.NEITHER))


# Tables


def _years_table(facts: "R9Facts") -> Table:
    columns = (
        Column("Работа", 40),
        *(column for year in facts.years for column in year_columns(year)),
    )
    rows = tuple(
        (
            typo(work.title),
            *(cell for year in facts.years for cell in _year_cells(work.counts, year, facts)),
        )
        for work in facts.works
    )
    empty = "результата этого года нет" if facts.tells_shortage else "в этом году такой работы не было"
    title, notes = "Доля «2» по годам", [YEARS_NOTE.format(empty=empty)]
    if is_of_same_schools(facts):
        title, notes = f"{title}: все школы, писавшие работу в этом году", [*notes, OTHER_SCHOOLS]
    return Table(title, columns, rows, notes=tuple(notes), is_wide=len(facts.years) > 3)


def year_columns(year: int) -> tuple[Column, ...]:
    return (Column(str(year), 11, Align.RIGHT, "чел."), Column(f"{year}: «2»", 11, Align.RIGHT, "%"))


def _year_cells(counts: Iterable["YearCount"], year: int, facts: "R9Facts") -> Row:
    count = next((each for each in counts if each.year == year), None)
    if count is None:
        return ("", "")
    source = source_of(facts, year)
    return (Figure.count(count.participants, source), share_of(count, source))


# A school beside its municipality


def _beside(facts: "R9Facts") -> list[Block]:
    if not facts.beside:
        return []
    columns = (
        Column("Работы", 34),
        Column("Год", 8, Align.CENTER, is_number=True),
        Column("Школа: участников", 14, Align.RIGHT),
        Column("Школа: доля «2»", 14, Align.RIGHT, "%"),
        Column("Муниципалитет: участников", 16, Align.RIGHT),
        Column("Муниципалитет: доля «2»", 16, Align.RIGHT, "%"),
    )
    around = Source(kind=SourceKind.CALCULATION, label="Сумма по школам муниципалитета", as_of=facts.frame.as_of)
    rows: tuple[Row, ...] = tuple(
        (
            each.title,
            str(each.year),
            Figure.count(each.participants, source_of(facts, each.year)),
            Figure.share(each.low, each.participants, source_of(facts, each.year)),
            Figure.count(each.around_participants, around),
            Figure.share(each.around_low, each.around_participants, around),
        )
        for each in facts.beside
    )
    notes = ("Все классы вместе. Сведения муниципалитета не приводятся, когда работу писали меньше 3 школ.",)
    title = "Обязательные предметы: школа и муниципалитет"
    return [Table(title, columns, rows, notes=notes, is_grouped=True)]


# Schools of a territory


def _schools(facts: "R9Facts") -> list[Block]:
    if facts.school:
        return []
    if not facts.has_schools:
        return [Paragraph(("Динамика отдельных школ – в справках по муниципалитетам.",))]
    if not facts.schools:
        return []
    year = facts.years[-1]
    columns = (
        Column("№", 5, Align.RIGHT),
        Column("Школа", 36),
        Column("Параллель", 25),
        *(Column(f"П {name}", 7, Align.RIGHT) for name in LEVEL_NAMES),
        Column("Когорта", 25),
        *(Column(f"К {name}", 7, Align.RIGHT) for name in LEVEL_NAMES),
    )
    rows = tuple(_school_row(number, each, facts) for number, each in enumerate(facts.schools, start=1))
    tones = tuple(_school_tones(each, len(columns)) for each in facts.schools)
    title = f"Школы: {year} год к {year - 1} году"
    why = "участников мало, нет результата одного из лет" if facts.tells_shortage else "данных мало"
    told = (
        f"Динамика по русскому языку и математике, {year} год к {year - 1} году. Подробно{NBSP}– в справке о динамике "
        "по школе."
    )
    return [
        Heading(("Школы",)),
        Paragraph((told,)),
        Table(title, columns, rows, notes=(LEVELS_NOTE.format(why=why),), is_wide=True, tones=tones),
    ]


def _school_row(number: int, line: "SchoolLine", facts: "R9Facts") -> Row:
    source = Source(
        kind=SourceKind.RESULTS, label=typo(f"Результаты: {line.name}"), url=line.url, as_of=facts.frame.as_of
    )
    return (
        str(number),
        typo(line.name),
        verdict_words(line.parallel, facts),
        *_level_cells(line.parallel_levels, source),
        verdict_words(line.cohort, facts),
        *_level_cells(line.cohort_levels, source),
    )


def _level_cells(levels: "Levels", source: Source) -> tuple[Figure, ...]:
    every = (levels.improving, levels.stable, levels.declining, levels.unknown)
    return tuple(Figure.count(each, source) for each in every)


def _school_tones(line: "SchoolLine", columns: int) -> Tones:
    return tones_at({2: VERDICT_TONES.get(line.parallel), 7: VERDICT_TONES.get(line.cohort)}, columns)


# The roadmap


def _execution(facts: "R9Facts") -> list[Block]:
    """Return how the roadmap is fulfilled beside the results; nothing without one."""
    school = facts.execution
    if school is None:
        return []
    source = school_source(school, facts.frame)
    return [
        Heading(("Исполнение дорожной карты",)),
        Paragraph(
            sentence(
                "исполнено ",
                Figure.count(school.done, source, MEASURES),
                " из ",
                Figure.count(school.counted, source),
                " (",
                Figure.share(school.done, school.counted, source, is_told=True),
                "), просрочено – ",
                Figure.count(school.overdue, source),
                ".",
            )
        ),
    ]
