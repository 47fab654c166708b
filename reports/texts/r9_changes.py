"""The changes of R9 from year to year, work by work: of a school, or of the same schools of a territory.

Source: domain specification, 5.5.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from accounts.russian import NBSP, typo
from reports.document import Align, Block, CellTone, Column, Figure, Heading, Paragraph, Row, Source, Table
from reports.texts.phrases import sentence
from reports.texts.r9_figures import compared_share, compared_source, count_span, judged_source, tones_at
from schools.dynamics import Trend, View

if TYPE_CHECKING:
    from reports.facts.r9 import ChangeFacts, ComparedFacts, PairFacts, R9Facts, RemarkFacts, YearCount

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
LEVEL_TONES: Final = {
    Trend.IMPROVING: CellTone.OK,
    Trend.DECLINING: CellTone.BAD,
    Trend.NOT_COMPARABLE: CellTone.WARN,
}
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
DYNAMICS: Final = Column("Динамика", 23)
COMPARED_NOTE: Final = (
    "Школ – сколько школ сравнено: работа есть у них в оба года. Только было, только стало – у скольких она есть в "
    "одном из двух лет: они не сравниваются, их работы стоят в таблице по годам. Работа без числа низких не "
    "считается. Школа с новым юридическим лицом – та же школа, присоединённая к другой – отдельная."
)
LOW: Final = (
    "Доля «2» – доля участников с отметкой «2»; в ЕГЭ – доля не преодолевших минимальный балл, в работах с уровнями – "
    "доля участников на низких уровнях."
)


def compared_schools(pair: "PairFacts", source: Source) -> Iterator[Paragraph]:
    """Yield how many schools of a territory are compared and how many are not; its works may differ in them."""
    every = [change.schools for change in pair.changes if change.schools]
    known = [each for each in every if each.both]
    before, after = f"{pair.year - 1}", f"{pair.year}{NBSP}году"
    if known:
        told = sentence(
            f"{VIEW_TITLES[pair.view]}: сравнены школы, писавшие работу и в {before}, и в {after}, – ",
            count_span([each.both for each in known], source),
            *left_out(known, before, after, source),
            ".",
        )
        yield Paragraph(told)
    elif every:
        yield Paragraph((f"Школ, писавших работу и в {before}, и в {after}, нет: сравнивать нечего.",))


def left_out(
    known: Sequence["ComparedFacts"], before: str, after: str, source: Source
) -> Iterator[str | tuple[str | Figure, ...]]:
    """Yield «; нет в сравнении писавших только в 2025 году – 3 школы, только в 2026 году – 2 школы»."""
    left = {
        f"только в {before}{NBSP}году": [each.only_before for each in known],
        f"только в {after}": [each.only_after for each in known],
    }
    joint = "; нет в сравнении писавших "
    for words, numbers in left.items():
        if any(numbers):
            yield joint
            yield (f"{words} – ", *count_span(numbers, source))
            joint = ", "


def changes(facts: "R9Facts") -> Iterator[Block]:
    if not any(pair.changes for pair in facts.pairs):
        return
    yield Heading(("Изменение от года к году",))
    for text in reading(facts):
        yield Paragraph((text,))
    remarks = remarks_of(facts)
    for view in View:
        pairs = [pair for pair in facts.pairs if pair.view is view and pair.changes]
        if pairs:
            yield change_table(view, pairs, remarks, facts)


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


def change_table(
    view: View, pairs: Sequence["PairFacts"], remarks: dict["RemarkFacts", int], facts: "R9Facts"
) -> Table:
    marked = [(pair, change) for pair in pairs for change in pair.changes]
    used = {remark for _, change in marked for remark in change.remarks}
    is_of_schools = any(change.schools for _, change in marked)
    columns = change_columns(is_of_schools=is_of_schools, has_remarks=bool(used))
    place = columns.index(DYNAMICS)
    told = (remark_words(remark, number) for remark, number in remarks.items() if remark in used)
    return Table(
        f"{VIEW_TITLES[view]}: {VIEW_HINTS[view]}",
        columns,
        tuple(change_row(pair, change, remarks, facts)[: len(columns)] for pair, change in marked),
        notes=(*((COMPARED_NOTE,) if is_of_schools else ()), *told),
        is_wide=is_of_schools,
        is_grouped=True,
        tones=tuple(tones_at({place: LEVEL_TONES.get(change.trend)}, len(columns)) for _, change in marked),
    )


def change_columns(*, is_of_schools: bool, has_remarks: bool) -> tuple[Column, ...]:
    return (
        Column("Годы", 14),
        Column("Работа", 32),
        *(SCHOOL_COLUMNS if is_of_schools else ()),
        Column("Было", 11, Align.RIGHT, "чел."),
        Column("Было «2»", 11, Align.RIGHT, "%"),
        Column("Стало", 11, Align.RIGHT, "чел."),
        Column("Стало «2»", 11, Align.RIGHT, "%"),
        Column("Разница", 14, Align.RIGHT, "п. п."),
        Column("Значимо", 15, Align.CENTER),
        DYNAMICS,
        *((Column("Прим.", 12, Align.CENTER),) if has_remarks else ()),
    )


def remark_words(remark: "RemarkFacts", number: int) -> str:
    source = f" Источник: {remark.source}." if remark.source else ""
    refused = " Уровень не даётся." if remark.forbids else ""
    return f"Примечание {number}. {remark.text}.{refused}{source}"


def change_row(pair: "PairFacts", change: "ChangeFacts", remarks: dict["RemarkFacts", int], facts: "R9Facts") -> Row:
    is_significant = {True: "да", False: "нет", None: "–"}[change.is_significant]
    return (
        f"{pair.year} год к {pair.year - 1} году",
        typo(change.title),
        *school_cells(change.schools, judged_source(facts, pair.year)),
        *count_cells(pair, change, facts),
        is_significant,
        change.shortage or LEVELS[change.trend],
        ", ".join(str(number) for number in sorted(remarks[each] for each in change.remarks)),
    )


def school_cells(schools: "ComparedFacts | None", source: Source) -> tuple[Figure, ...]:
    if schools is None:
        return ()
    return tuple(Figure.count(each, source) for each in (schools.both, schools.only_before, schools.only_after))


def count_cells(pair: "PairFacts", change: "ChangeFacts", facts: "R9Facts") -> tuple[Figure | str, ...]:
    """Return participants and shares of both years and their difference."""
    if change.schools and not change.schools.both:
        return (NOBODY,) * 5
    before, after = compared_share(change.before, facts), compared_share(change.after, facts)
    return (
        participants_of(change.before, facts),
        before,
        participants_of(change.after, facts),
        after,
        Figure.points(after, before, judged_source(facts, pair.year)),
    )


def participants_of(count: "YearCount | None", facts: "R9Facts") -> Figure:
    year = count.year if count else facts.years[-1]
    return Figure.count(count.participants if count else None, compared_source(facts, year))
