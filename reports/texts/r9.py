"""The wording of R9, the dynamics of results over two to five years.

Source: domain specification, 5.5, 6.6 and 6.7.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    from reports.facts.r9 import (
        ChangeFacts,
        ComparedFacts,
        Levels,
        PairFacts,
        R9Facts,
        RemarkFacts,
        SchoolLine,
        YearCount,
    )

WORKS: Final = "работа,работы,работ"
WORKS_IN: Final = "работе,работам,работам"  # после «по»
SCHOOLS: Final = "школа,школы,школ"
OF_SCHOOLS: Final = "школы,школ,школ"  # после «до»
NOBODY: Final = "–"  # no school has the work in both years, so there is nothing to be compared
LEVELS: Final = {
    Trend.IMPROVING: "положительная",
    Trend.STABLE: "стабильная",
    Trend.DECLINING: "отрицательная",
    Trend.INSUFFICIENT_DATA: "мало данных",  # of versions that do not tell what lacks
    Trend.NOT_WRITTEN: "нет результата одного из лет",
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
SCHOOL_COLUMNS: Final = (
    Column("Школ", 9, Align.RIGHT),
    Column("Только было", 10, Align.RIGHT, "школ"),
    Column("Только стало", 10, Align.RIGHT, "школ"),
)
LEVEL_NAMES: Final = ("+", "=", "−", "?")
LEVELS_NOTE: Final = (
    f"П{NBSP}– параллель, К{NBSP}– когорта: сколько работ имеют положительный (+), стабильный (=), отрицательный (−) "
    "уровень и сколько остались без уровня (?), потому что {why} или работы лет различались."
)
COMPARED_NOTE: Final = (
    "Школ – сколько школ сравнено: работа есть у них в оба года. Только было, только стало – у скольких она есть в "
    "одном из двух лет: они не сравниваются, их работы стоят в таблице по годам. Работа без числа низких не "
    "считается. Школа с новым юридическим лицом – та же школа, присоединённая к другой – отдельная."
)
YEARS_NOTE: Final = "По годам: число участников и доля «2». Пустые ячейки: {empty}."
OTHER_SCHOOLS: Final = (
    "Состав школ по годам может быть разным, и разница двух лет здесь – не изменение: изменение у одних и тех же школ "
    "стоит в таблицах «Параллель к параллели» и «Когорта»."
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


def is_of_same_schools(facts: "R9Facts") -> bool:
    """Answer whether the changes are those of a territory over the same schools; earlier versions have none."""
    return any(change.schools for pair in facts.pairs for change in pair.changes)


def compared_source(facts: "R9Facts", year: int) -> Source:
    """Return where counts of a comparison can be checked: those of a territory are not of all schools of the year."""
    if not is_of_same_schools(facts):
        return source_of(facts, year)
    label = f"Сумма по школам {facts.frame.place.name_genitive}, писавшим работу в оба года, {year} год"
    return Source(kind=SourceKind.RESULTS, label=typo(label), as_of=facts.frame.as_of)


def judged_source(facts: "R9Facts", year: int) -> Source:
    label = f"Уровни динамики, {year} год к {year - 1} году"
    return Source(kind=SourceKind.CALCULATION, label=label, url=facts.url, as_of=facts.frame.as_of)


# The summary


def _summaries(facts: "R9Facts") -> Iterator[Block]:
    if not facts.pairs:
        yield Paragraph(("Лет с результатами, которые следуют друг за другом, в периоде нет: уровни не даются.",))
    for pair in facts.pairs:
        if pair.view is View.PARALLEL:
            yield _verdict(pair, facts)
        yield from _compared(pair, judged_source(facts, pair.year))
        if pair.sentence:
            words = f"{VIEW_TITLES[pair.view]} ({VIEW_HINTS[pair.view]}). {pair.sentence}"
            yield Paragraph((words,))


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


def _compared(pair: "PairFacts", source: Source) -> Iterator[Paragraph]:
    """Yield how many schools of a territory are compared and how many are not; its works may differ in them."""
    every = [change.schools for change in pair.changes if change.schools]
    known = [each for each in every if each.both]
    before, after = f"{pair.year - 1}", f"{pair.year}{NBSP}году"
    if every and not known:
        yield Paragraph((f"Школ, писавших работу и в {before}, и в {after}, нет: сравнивать нечего.",))
    if not known:
        return
    left = {
        f"только в {before}{NBSP}году": [each.only_before for each in known],
        f"только в {after}": [each.only_after for each in known],
    }
    told = [(f"{words} – ", *_span(numbers, source)) for words, numbers in left.items() if any(numbers)]
    yield Paragraph(
        sentence(
            f"{VIEW_TITLES[pair.view]}: сравнены школы, писавшие работу и в {before}, и в {after}, – ",
            _span([each.both for each in known], source),
            *(part for at, words in enumerate(told) for part in (", " if at else "; нет в сравнении писавших ", words)),
            ".",
        )
    )


def _span(numbers: Sequence[int], source: Source) -> tuple[str | Figure, ...]:
    """Return «15 школ», or «от 12 до 15 школ» where works differ."""
    low, high = min(numbers), max(numbers)
    if low == high:
        return (Figure.count(high, source, SCHOOLS),)
    return ("от ", Figure.count(low, source), " до ", Figure.count(high, source, OF_SCHOOLS))


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


def share_of(count: "YearCount", source: Source) -> Figure:
    return Figure.share(count.low, count.participants, source)


def compared_share(count: "YearCount | None", facts: "R9Facts") -> Figure:
    """Return a share of a comparison, missing where the work was not written."""
    if count is None:
        return Figure.share(None, None, compared_source(facts, facts.years[-1]))
    return share_of(count, compared_source(facts, count.year))


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
    lacking = "данных мало и уровень не даётся"
    if facts.tells_shortage:
        lacking = "их мало и уровень не даётся; не даётся он и тогда, когда результата одного из лет нет"
    points = f"{NBSP}п.{NBSP}п."
    levels = (
        f"Динамика положительная, когда доля «2» упала на {bounds.improving_to}{points} и больше, отрицательная – "
        f"когда выросла на {bounds.declining_from}{points} и больше, иначе стабильная. Если в любом из двух лет "
        f"участников меньше {bounds.small_n}, {lacking}. Изменение значимо, когда оно вряд ли "
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
    is_of_schools = any(change.schools for _, change in marked)
    columns = (
        Column("Годы", 14),
        Column("Работа", 32),
        *(SCHOOL_COLUMNS if is_of_schools else ()),
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
    told = tuple(remark_words(remark, number) for remark, number in remarks.items() if number in used)
    place = next(place for place, column in enumerate(columns) if column.title == "Динамика")
    return Table(
        f"{VIEW_TITLES[view]}: {VIEW_HINTS[view]}",
        columns,
        rows,
        notes=(*((COMPARED_NOTE,) if is_of_schools else ()), *told),
        is_wide=is_of_schools,
        is_grouped=True,
        tones=tuple(_tones_at({place: LEVEL_TONES.get(change.trend)}, len(columns)) for _, change in marked),
    )


def remark_words(remark: "RemarkFacts", number: int) -> str:
    source = f" Источник: {remark.source}." if remark.source else ""
    refused = " Уровень не даётся." if remark.forbids else ""
    return f"Примечание {number}. {remark.text}.{refused}{source}"


def _change_row(pair: "PairFacts", change: "ChangeFacts", remarks: dict["RemarkFacts", int], facts: "R9Facts") -> Row:
    is_significant = {True: "да", False: "нет", None: "–"}[change.is_significant]
    return (
        f"{pair.year} год к {pair.year - 1} году",
        typo(change.title),
        *_school_cells(change.schools, judged_source(facts, pair.year)),
        *_count_cells(pair, change, facts),
        is_significant,
        change.shortage or LEVELS[change.trend],
        ", ".join(str(number) for number in sorted(remarks[each] for each in change.remarks)),
    )


def _school_cells(schools: "ComparedFacts | None", source: Source) -> tuple[Figure, ...]:
    if schools is None:
        return ()
    return tuple(Figure.count(each, source) for each in (schools.both, schools.only_before, schools.only_after))


def _count_cells(pair: "PairFacts", change: "ChangeFacts", facts: "R9Facts") -> tuple[Figure | str, ...]:
    """Return participants and shares of both years and their difference."""
    if change.schools and not change.schools.both:
        return (NOBODY,) * 5
    before, after = compared_share(change.before, facts), compared_share(change.after, facts)
    return (
        _participants(change.before, facts),
        before,
        _participants(change.after, facts),
        after,
        Figure.points(after, before, judged_source(facts, pair.year)),
    )


def _participants(count: "YearCount | None", facts: "R9Facts") -> Figure:
    year = count.year if count else facts.years[-1]
    return Figure.count(count.participants if count else None, compared_source(facts, year))


def _tones_at(tones: Mapping[int, CellTone | None], columns: int) -> Tones:
    """Return the tones of a row. tones: place of a column -> tone."""
    return tuple(tones.get(place) for place in range(columns))


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
    return _tones_at({2: VERDICT_TONES.get(line.parallel), 7: VERDICT_TONES.get(line.cohort)}, columns)


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
