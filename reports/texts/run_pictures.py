"""The pictures of a run in words of a document: a distribution as bars, two years as a table."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from accounts.russian import NBSP, count, plural, typo
from reports.document import (
    Align,
    Bar,
    BarChart,
    Block,
    CellTone,
    Column,
    Figure,
    Paragraph,
    Row,
    Slope,
    SlopeChart,
    Source,
    Table,
    Tones,
    Turn,
)
from reports.facts.run_pictures import HeatMark
from reports.texts.phrases import change_note, change_of
from schools.dynamics import DEFAULT_BOUNDS

if TYPE_CHECKING:
    from reports.facts.parts import Frame
    from reports.facts.run_pictures import Apart, Heat, HeatCell, HeatRow, SpreadBand, YearShares

SCHOOLS: Final = "школа,школы,школ"
LAST_START: Final = 60
WORKS: Final = ("учтённых процедур", "процедур")
SUBJECTS: Final = ("учтённых предметов (у предмета – наибольшая доля из его параллелей)", "предметов")
HEAT_NOTE: Final = (
    f"•{NBSP}– порог достигнут; ◊{NBSP}– зона группы риска; в скобках – результат не учтён; пустая ячейка – результата "
    "нет."
)
HEAT_TONES: Final = {
    HeatMark.LOW: CellTone.BAD,
    HeatMark.RISK: CellTone.WARN,
    HeatMark.NOT_COUNTED: CellTone.OUT,
}
SLOPES: Final = 14  # lines that a picture holds
POOLED: Final = "Все учтённые процедуры школы за год вместе; в каждом году их состав свой."  # in versions before
SAME_WORKS: Final = "Процедуры, учтённые у школы в оба года, вместе."
PROCEDURES: Final = "процедура,процедуры,процедур"
AT_SCHOOLS: Final = "школы,школ,школ"  # после «у»


def spread_blocks(bands: "Sequence[SpreadBand]", source: Source, apart: "Apart | None" = None) -> list[Block]:
    """Return the distribution of the schools of a run; nothing when it is not known."""
    if not bands:
        return []
    bars = tuple(Bar(band_title(band), Figure.count(band.schools, source, SCHOOLS)) for band in bands)
    most = max(band.schools for band in bands)
    title = "Школы территории по доле низких результатов, которая решает условие 1"
    return [BarChart(title, bars, maximum=most), Paragraph((spread_note(apart),))]


def spread_note(apart: "Apart | None") -> str:
    """Return which share decides, and how many schools have none."""
    among, units = SUBJECTS if apart and apart.by_subject else WORKS
    meaning = (
        f"Для каждой школы взята доля, которая решает условие 1: N-я по величине среди {among} года, где N – сколько "
        f"{units} требует правило. Когда она не меньше порога, в этом году их столько, сколько нужно условию 1."
    )
    left = apart_words(apart, units) if apart else []
    return f"{meaning} Не показаны {'; '.join(left)}." if left else meaning


def apart_words(apart: "Apart", units: str) -> list[str]:
    """Return «3 школы, где учтённых процедур меньше», «1 школа, на которую правило не распространяется»."""
    whom = "которую" if plural(apart.excluded, SCHOOLS) == "школа" else "которые"
    words = (
        (apart.too_few, f"где учтённых {units} меньше"),
        (apart.excluded, f"на {whom} правило не распространяется"),
    )
    return [f"{count(schools, SCHOOLS)}, {why}" for schools, why in words if schools]


def band_title(band: "SpreadBand") -> str:
    """Return «25–30 %», «30–35 %, порог достигнут», «60 % и больше»."""
    share = f"{band.start}{NBSP}% и больше" if band.start >= LAST_START else f"{band.start}–{band.end}{NBSP}%"
    if not band.reached:
        return share
    return f"{share}, за порогом" if band.reached == band.schools else f"{share}, за порогом {band.reached}"


def year_blocks(
    shares: "Iterable[YearShares]", year: int, source: Source, frame: "Frame", *, is_drawn: bool = False
) -> list[Block]:
    """Return the listed schools in two years; nothing when none of them has both."""
    known = [each for each in shares if each.participants_before and each.participants]
    if not known:
        return []
    columns = (
        Column("Школа", 36),
        *(
            column
            for each in (year - 1, year)
            for column in (
                Column(f"Работ в {each}{NBSP}году", 15, Align.RIGHT),
                Column(f"Доля низких результатов в {each}{NBSP}году", 20, Align.RIGHT),
            )
        ),
        Column("Изменение, п. п.", 16, Align.RIGHT),
    )
    rows = tuple(year_row(each, source, frame) for each in known)
    pooled = pooled_words(known)
    notes = (f"{pooled} {change_note(frame)}",) if frame.has_exact_changes else (pooled,)
    if not is_drawn:
        return [Table("Год к году", columns, rows, notes=notes)]
    numbered = tuple((str(number), *row) for number, row in enumerate(rows, start=1))
    chart = SlopeChart(
        f"Год к году: доля низких результатов, %, {year - 1} и {year}{NBSP}годы (номера – как в таблице)",
        (str(year - 1), str(year)),
        tuple(slope_of(number, row) for number, row in enumerate(rows[:SLOPES], start=1)),
    )
    return [Table("Год к году", (Column("№", 5, Align.RIGHT), *columns), numbered, notes=notes), chart]


def slope_of(number: int, row: Row) -> Slope:
    """Return the line of a row of the table: its number, both shares and where they lead."""
    _, _, before, _, after, change = row
    assert isinstance(before, Figure) and isinstance(after, Figure) and isinstance(change, Figure)  # noqa: S101, PT018
    return Slope(f"№{NBSP}{number}", before, after, turn_of(change))


def turn_of(change: Figure) -> Turn:
    """Return which way a change leads, with the bounds of the dynamics of a work."""
    if change.value is None:
        return Turn.NEITHER
    if change.value >= DEFAULT_BOUNDS.declining_from:
        return Turn.WORSE
    return Turn.BETTER if change.value <= DEFAULT_BOUNDS.improving_to else Turn.NEITHER


def pooled_words(shares: "Sequence[YearShares]") -> str:
    """Return what the shares are of, and how much is not compared."""
    if any(each.left_out is None for each in shares):
        return POOLED
    left = [each.left_out for each in shares if each.left_out]
    if not left:
        return SAME_WORKS
    works, schools = count(sum(left), PROCEDURES), count(len(left), AT_SCHOOLS)
    return f"{SAME_WORKS} Учтённые только в одном из двух лет не сравниваются: {works} у {schools}."


def year_row(shares: "YearShares", source: Source, frame: "Frame") -> Row:
    before = Figure.share(shares.low_before, shares.participants_before, source)
    after = Figure.share(shares.low, shares.participants, source)
    whole = (Figure.count(each, source) for each in (shares.participants_before, shares.participants))
    return (typo(shares.name), next(whole), before, next(whole), after, change_of(after, before, source, frame))


def heat_blocks(heat: "Heat | None", year: int, source: Source) -> list[Block]:
    """Return the listed schools by works; nothing when no work is known."""
    if heat is None:
        return []
    columns = (Column("Школа", 34), *(Column(work, 11, Align.RIGHT, "%") for work in heat.works))
    rows = tuple(heat_row(row, len(heat.works), source) for row in heat.rows)
    named = "; ".join(f"{short}{NBSP}– {title}" for short, title in zip(heat.works, heat.titles, strict=True))
    title = f"Школы перечня и работы {year}{NBSP}года: доля низких результатов"
    tones = tuple(heat_tones(row, len(heat.works)) for row in heat.rows)
    return [Table(title, columns, rows, notes=(HEAT_NOTE, f"{named}."), is_wide=True, tones=tones)]


def heat_row(row: "HeatRow", works: int, source: Source) -> Row:
    by_work = {cell.work: cell for cell in row.cells}
    return (typo(row.name), *(heat_figure(by_work.get(work), source) for work in range(works)))


def heat_figure(cell: "HeatCell | None", source: Source) -> str | Figure:
    return "" if cell is None else Figure.share(cell.low, cell.participants, source)


def heat_tones(row: "HeatRow", works: int) -> Tones:
    marks = {cell.work: HEAT_TONES.get(cell.mark) for cell in row.cells}
    return (None, *(marks.get(work) for work in range(works)))
