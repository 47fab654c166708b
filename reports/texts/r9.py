"""The wording of R9, the dynamics of results over two to five years.

Source: domain specification, 5.5, 6.6 and 6.7.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from accounts.russian import NBSP, typo
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
from schools.dynamics import SchoolTrend, Trend, View

if TYPE_CHECKING:
    from reports.facts.r9 import ChangeFacts, Levels, PairFacts, R9Facts, RemarkFacts, SchoolLine, YearCount

WORKS: Final = "работа,работы,работ"
WORKS_IN: Final = "работе,работам,работам"  # после «по»
LEVELS: Final = {
    Trend.IMPROVING: "положительная",
    Trend.STABLE: "стабильная",
    Trend.DECLINING: "отрицательная",
    Trend.INSUFFICIENT_DATA: "мало данных",
    Trend.NOT_CALCULATED: "не рассчитывается: числа низких нет",
    Trend.NOT_COMPARABLE: "несопоставимо",
}
VERDICTS: Final = {
    SchoolTrend.IMPROVING: "положительная",
    SchoolTrend.STABLE: "стабильная",
    SchoolTrend.DECLINING: "отрицательная",
    SchoolTrend.MIXED: "разнонаправленная",
    SchoolTrend.INSUFFICIENT_DATA: "не оценивается, данных мало",
}
LEVEL_TONES: Final = {
    Trend.IMPROVING: CellTone.OK,
    Trend.DECLINING: CellTone.BAD,
    Trend.NOT_COMPARABLE: CellTone.WARN,
}
VERDICT_TONES: Final = {
    SchoolTrend.IMPROVING: CellTone.OK,
    SchoolTrend.DECLINING: CellTone.BAD,
    SchoolTrend.MIXED: CellTone.WARN,
}
TURNS: Final = {Trend.IMPROVING: Turn.BETTER, Trend.DECLINING: Turn.WORSE}
VIEW_TITLES: Final = {View.PARALLEL: "Параллель к параллели", View.COHORT: "Когорта"}
VIEW_HINTS: Final = {
    View.PARALLEL: "сравнивается тот же класс год назад, дети другие",
    View.COHORT: "сравнивается класс младше год назад: дети те же, работа другая",
}
LEVEL_NAMES: Final = ("+", "=", "−", "?")
LEVELS_NOTE: Final = (
    f"П{NBSP}– параллель, К{NBSP}– когорта: сколько работ имеют положительный (+), стабильный (=), отрицательный (−) "
    "уровень и сколько остались без уровня (?), потому что данных мало или работы лет различались."
)
SLOPES: Final = 12  # lines that a picture holds
LOW: Final = (
    "Доля «2» – доля участников с отметкой «2»; в ЕГЭ – доля не преодолевших минимальный балл, в работах с уровнями – "
    "доля участников на низких уровнях."
)


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
            *_pictures(facts),
            _years_table(facts),
            *_changes(facts),
            *_beside(facts),
            *_schools(facts),
            *_execution(facts),
        ),
        signature=signature(frame),
        executor=frame.executor,
    )


def span_words(years: Sequence[int]) -> str:
    return f"{years[0]}–{years[-1]}{NBSP}годы"


def source_of(facts: "R9Facts", year: int) -> Source:
    """Return where counts of a year can be checked: the results of the school, or of all schools added up."""
    if not facts.school:
        label = f"Сумма по результатам школ {facts.frame.place.name_genitive}, {year} год"
        return Source(kind=SourceKind.RESULTS, label=typo(label), as_of=facts.frame.as_of)
    label = f"Результаты: {facts.school}, {year} год"
    return Source(kind=SourceKind.RESULTS, label=typo(label), url=f"{facts.url}?year={year}", as_of=facts.frame.as_of)


def judged_source(facts: "R9Facts", year: int) -> Source:
    label = f"Уровни динамики, {year} год к {year - 1} году"
    return Source(kind=SourceKind.CALCULATION, label=label, url=facts.url, as_of=facts.frame.as_of)


# The summary


def _summaries(facts: "R9Facts") -> Iterator[Block]:
    if not facts.pairs:
        yield Paragraph(("Лет с результатами, которые следуют друг за другом, в периоде нет: уровни не даются.",))
    for pair in facts.pairs:
        if pair.view is View.PARALLEL:
            yield _verdict(pair, judged_source(facts, pair.year))
        if pair.sentence:
            words = f"{VIEW_TITLES[pair.view]} ({VIEW_HINTS[pair.view]}). {pair.sentence}"
            yield Paragraph((words,))


def _verdict(pair: "PairFacts", source: Source) -> Paragraph:
    """Return «В 2026 году к 2025 году динамика … разнонаправленная: положительная – по 2 работам, …»."""
    return Paragraph(
        sentence(
            f"в {pair.year}{NBSP}году к {pair.year - 1}{NBSP}году динамика по обязательным предметам (русский язык и "
            f"математика) {VERDICTS[pair.trend]}: положительная – по ",
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
        yield SlopeChart(
            f"Доля «2», %: {pair.year - 1} и {pair.year} годы, работы, которые изменились сильнее",
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
    before, after = (share_of(each, facts) for each in (change.before, change.after))
    return Slope(change.code, before, after, TURNS.get(change.trend, Turn.NEITHER))


def share_of(count: "YearCount | None", facts: "R9Facts") -> Figure:
    year = count.year if count else facts.years[-1]
    low, participants = (count.low, count.participants) if count else (None, None)
    return Figure.share(low, participants, source_of(facts, year))


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
    notes = ("По годам: число участников и доля «2». Пустые ячейки: в этом году такой работы не было.",)
    return Table("Доля «2» по годам", columns, rows, notes=notes, is_wide=len(facts.years) > 3)


def year_columns(year: int) -> tuple[Column, ...]:
    return (Column(str(year), 11, Align.RIGHT, "чел."), Column(f"{year}: «2»", 11, Align.RIGHT, "%"))


def _year_cells(counts: Iterable["YearCount"], year: int, facts: "R9Facts") -> Row:
    count = next((each for each in counts if each.year == year), None)
    if count is None:
        return ("", "")
    return (Figure.count(count.participants, source_of(facts, year)), share_of(count, facts))


def _changes(facts: "R9Facts") -> Iterator[Block]:
    if not any(pair.changes for pair in facts.pairs):
        return
    yield Heading(("Изменение от года к году",))
    for text in reading(facts):
        yield Paragraph((text,))
    remarks = remarks_of(facts)
    for view in View:
        pairs = [pair for pair in facts.pairs if pair.view is view and pair.changes]
        if pairs:
            yield _change_table(view, pairs, remarks, facts)


def reading(facts: "R9Facts") -> tuple[str, ...]:
    """Return how the levels are given, with the parameters that they were given by."""
    bounds = facts.bounds
    points = f"{NBSP}п.{NBSP}п."
    levels = (
        f"Динамика положительная, когда доля «2» упала на {bounds.improving_to}{points} и больше, отрицательная – "
        f"когда выросла на {bounds.declining_from}{points} и больше, иначе стабильная. Если в любом из двух лет "
        f"участников меньше {bounds.small_n}, данных мало и уровень не даётся. Изменение значимо, когда оно вряд ли "
        f"случайно: сравнение двух долей, |z|{NBSP}не меньше {bounds.significant_z}."
    )
    verdict = (
        "Динамика по обязательным предметам положительная, когда положительных работ не меньше "
        f"{bounds.improving_needed} и нет отрицательных; отрицательная, когда есть отрицательные и нет положительных; "
        "стабильная, когда нет ни тех, ни других; иначе разнонаправленная. Сравниваются школы и работы, а не учителя."
    )
    return (LOW, levels, verdict)


def remarks_of(facts: "R9Facts") -> dict["RemarkFacts", int]:
    """Number what stands between the years, each text once, in the order of the tables."""
    found = [remark for pair in facts.pairs for change in pair.changes for remark in change.remarks]
    return {remark: number for number, remark in enumerate(dict.fromkeys(found), start=1)}


def _change_table(
    view: View, pairs: Sequence["PairFacts"], remarks: dict["RemarkFacts", int], facts: "R9Facts"
) -> Table:
    marked = [(pair, change) for pair in pairs for change in pair.changes]
    used = sorted({remarks[remark] for _, change in marked for remark in change.remarks})
    columns = (
        Column("Годы", 14),
        Column("Работа", 32),
        Column("Было", 11, Align.RIGHT, "чел."),
        Column("Было «2»", 11, Align.RIGHT, "%"),
        Column("Стало", 11, Align.RIGHT, "чел."),
        Column("Стало «2»", 11, Align.RIGHT, "%"),
        Column("Разница", 14, Align.RIGHT, "п. п."),
        Column("Значимо", 15, Align.CENTER),
        Column("Динамика", 23),
        *((Column("Прим.", 12, Align.CENTER),) if used else ()),
    )
    rows = tuple(_change_row(pair, change, remarks, facts)[: len(columns)] for pair, change in marked)
    return Table(
        f"{VIEW_TITLES[view]}: {VIEW_HINTS[view]}",
        columns,
        rows,
        notes=tuple(remark_words(remark, number) for remark, number in remarks.items() if number in used),
        is_grouped=True,
        tones=tuple(_change_tones(change, len(columns)) for _, change in marked),
    )


def remark_words(remark: "RemarkFacts", number: int) -> str:
    source = f" Источник: {remark.source}." if remark.source else ""
    refused = " Уровень не даётся." if remark.forbids else ""
    return f"Примечание {number}. {remark.text}.{refused}{source}"


def _change_row(pair: "PairFacts", change: "ChangeFacts", remarks: dict["RemarkFacts", int], facts: "R9Facts") -> Row:
    before, after = share_of(change.before, facts), share_of(change.after, facts)
    is_significant = {True: "да", False: "нет", None: "–"}[change.is_significant]
    return (
        f"{pair.year} год к {pair.year - 1} году",
        typo(change.title),
        _participants(change.before, facts),
        before,
        _participants(change.after, facts),
        after,
        Figure.points(after, before, judged_source(facts, pair.year)),
        is_significant,
        LEVELS[change.trend],
        ", ".join(str(number) for number in sorted(remarks[each] for each in change.remarks)),
    )


def _participants(count: "YearCount | None", facts: "R9Facts") -> Figure:
    year = count.year if count else facts.years[-1]
    return Figure.count(count.participants if count else None, source_of(facts, year))


def _change_tones(change: "ChangeFacts", columns: int) -> Tones:
    tones: list[CellTone | None] = [None] * columns
    tones[8] = LEVEL_TONES.get(change.trend)
    return tuple(tones)


# A school beside its municipality


def _beside(facts: "R9Facts") -> list[Block]:
    if not facts.beside:
        return []
    columns = (
        Column("Работы", 34),
        Column("Год", 8, Align.CENTER, is_number=True),
        Column("Школа: участников", 14, Align.RIGHT),
        Column("Школа: доля «2»", 14, Align.RIGHT, "%"),
        Column("Муниципалитет: доля «2»", 18, Align.RIGHT, "%"),
    )
    around = Source(kind=SourceKind.CALCULATION, label="Сумма по школам муниципалитета", as_of=facts.frame.as_of)
    rows: tuple[Row, ...] = tuple(
        (
            each.title,
            str(each.year),
            Figure.count(each.participants, source_of(facts, each.year)),
            Figure.share(each.low, each.participants, source_of(facts, each.year)),
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
    told = (
        f"Динамика по русскому языку и математике, {year} год к {year - 1} году. Подробно{NBSP}– в справке о динамике "
        "по школе."
    )
    return [
        Heading(("Школы",)),
        Paragraph((told,)),
        Table(title, columns, rows, notes=(LEVELS_NOTE,), is_wide=True, tones=tones),
    ]


def _school_row(number: int, line: "SchoolLine", facts: "R9Facts") -> Row:
    source = Source(
        kind=SourceKind.RESULTS, label=typo(f"Результаты: {line.name}"), url=line.url, as_of=facts.frame.as_of
    )
    return (
        str(number),
        typo(line.name),
        VERDICTS[line.parallel],
        *_level_cells(line.parallel_levels, source),
        VERDICTS[line.cohort],
        *_level_cells(line.cohort_levels, source),
    )


def _level_cells(levels: "Levels", source: Source) -> tuple[Figure, ...]:
    every = (levels.improving, levels.stable, levels.declining, levels.unknown)
    return tuple(Figure.count(each, source) for each in every)


def _school_tones(line: "SchoolLine", columns: int) -> Tones:
    tones: list[CellTone | None] = [None] * columns
    tones[2], tones[7] = VERDICT_TONES.get(line.parallel), VERDICT_TONES.get(line.cohort)
    return tuple(tones)


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
