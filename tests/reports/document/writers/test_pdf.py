"""The PDF as a reader, a screen reader and a printer get it."""

import logging
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fontTools.pens.basePen import BasePen  # type: ignore[import-untyped]  # ships no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # same
from pypdf import PdfReader

from reports.document import BulletList, Document, Heading, ListItem, Paragraph, numbered
from reports.document.profiles import GOST_2025
from reports.document.writers import pdf
from reports.facts.run_pictures import YearShares
from reports.texts import r1, r4, r8
from tests.factories.documents import make_document, make_share, make_table
from tests.factories.facts import make_r1, make_r4, make_r8

needs_poppler = pytest.mark.skipif(
    not (shutil.which("pdftotext") and shutil.which("pdftoppm")),
    reason="нет pdftotext и pdftoppm: apt-get install poppler-utils",
)
POINTS_IN_MM = 72 / 25.4
TWO_YEARS = YearShares(name="МБОУ «СОШ № 3»", low_before=100, participants_before=900, low=90, participants=910)
SENTENCE = "Осуществляется анализ результатов, полученных образовательными организациями. "


def reader_of(document: Document) -> Any:
    return PdfReader(BytesIO(pdf.render(document).content))


def stored(document: Document, folder: Path) -> Path:
    path = folder / "report.pdf"
    path.write_bytes(pdf.render(document).content)
    return path


def pdf_text(path: Path, *options: str) -> str:
    command = ["pdftotext", *options, str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def words_of(path: Path) -> list[tuple[int, float, float, float, float, str]]:
    """Return (page, left, top, right, bottom in points, word)."""
    found, page = [], 0
    pattern = re.compile(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
    for row in pdf_text(path, "-bbox").splitlines():
        page += "<page " in row
        if match := pattern.search(row):
            left, top, right, bottom = (float(number) for number in match.groups()[:4])
            found.append((page, left, top, right, bottom, match[5]))
    return found


def test_pdf_is_tagged_and_names_itself() -> None:
    root = reader_of(make_document()).trailer["/Root"]

    assert root["/Lang"] == "ru-RU"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  a BooleanObject of pypdf
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712  same
    assert "/StructTreeRoot" in root
    assert re.search(rb"pdfuaid:part\W+1", root["/Metadata"].get_object().get_data())


def structure(node: object) -> Iterator[str]:
    """Yield the types of the structure tree."""
    if isinstance(node, list):
        for child in node:
            yield from structure(child.get_object())
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"])
        if "/K" in node:
            yield from structure(node["/K"].get_object())


def test_tags_tell_headings_lists_and_tables() -> None:
    document = make_document(Heading(("Выводы",)), numbered(ListItem(("Раз",))), make_table(2))

    types = set(structure(reader_of(document).trailer["/Root"]["/StructTreeRoot"]))

    assert {"/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TR", "/TH", "/TD"} <= types


def test_title_is_that_of_the_document() -> None:
    assert reader_of(make_document()).metadata.title == "Информация об исполнении плана за 2026 год"


def fonts_of(reader: Any) -> dict[str, bool]:
    """Return the name of each font and whether its program is inside the file."""
    found = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            found[str(inner["/BaseFont"]).split("+")[-1]] = "/FontFile2" in inner["/FontDescriptor"]
    return found


def test_fonts_are_ours_and_embedded() -> None:
    document = make_document(Heading(("№ 1 «ё»",)), Paragraph(("≥ 30 % — „цитата“ − 5",)), BulletList((("раз",),)))

    assert fonts_of(reader_of(document)) == {"PT-Serif": True, "PT-Serif-Bold": True}


@needs_poppler
def test_text_of_the_pdf_is_that_of_the_document(tmp_path: Path) -> None:
    text = pdf_text(
        stored(make_document(Paragraph(("Исполнено ", make_share(), ".")), make_table(2)), tmp_path), "-layout"
    )

    assert "ИНФОРМАЦИЯ" in text
    assert "Исполнено 38,5 %." in text.replace("\u00a0", " ")
    assert re.search(r"2\s+МБОУ «СОШ № 2»\s+1\s002\s+0,2", text)
    assert "И.К. Воронов" in text


@needs_poppler
def test_pages_after_the_first_are_numbered_at_the_top_centre(tmp_path: Path) -> None:
    words = words_of(stored(make_document(Paragraph((SENTENCE * 80,))), tmp_path))

    tops = {page: min((word for word in words if word[0] == page), key=lambda word: word[2]) for page in (1, 2)}
    _page, left, top, right, _bottom, text = tops[2]

    assert text == "2"
    assert top >= GOST_2025.page_number_mm * POINTS_IN_MM
    centre = (30 + (210 - 30 - 10) / 2) * POINTS_IN_MM
    assert (left + right) / 2 == pytest.approx(centre, abs=3)
    assert tops[1][5] != "1"


@needs_poppler
def test_margins_are_those_of_the_standard(tmp_path: Path) -> None:
    words = words_of(stored(make_document(Paragraph((SENTENCE * 80,)), make_table(5)), tmp_path))
    body = [word for word in words if not word[5].isdecimal()]

    assert min(word[1] for word in body) >= 30 * POINTS_IN_MM - 0.5
    assert max(word[3] for word in body) <= (210 - 10) * POINTS_IN_MM + 1.5  # boxes are wider than their ink
    assert min(word[2] for word in body) >= 20 * POINTS_IN_MM - 1
    assert max(word[4] for word in body) <= (297 - 20) * POINTS_IN_MM + 1


@needs_poppler
def test_head_of_a_table_repeats_on_every_page(tmp_path: Path) -> None:
    path = stored(make_document(make_table(100)), tmp_path)

    pages = pdf_text(path, "-layout").split("\f")[:-1]

    assert len(pages) >= 3
    assert all("Пунктов" in page for page in pages if "СОШ" in page)


@needs_poppler
@pytest.mark.parametrize(
    "made",
    [
        r1.document(make_r1()),
        r4.document(make_r4()),
        r8.document(make_r8(years=(TWO_YEARS,), draws_years=True)),
    ],
)
def test_heads_of_tables_are_not_broken_inside_words(made: Document, tmp_path: Path) -> None:
    text = pdf_text(stored(made, tmp_path))
    words = set(text.split())

    assert not re.search(r"^[а-я]{1,2}$", text, re.MULTILINE)  # the end of a word on a line of its own
    heads = {word for table in made.tables() for column in table.columns for word in column.head.split()}

    assert heads - words == set()


def test_notes_of_a_table_and_its_last_row_never_stand_alone_on_a_page() -> None:
    """Whatever the number of rows is: the ones around which a page is full are tried."""
    for rows in range(36, 56):
        document = make_document(make_table(rows, notes=("Пояснение.",)))
        (told,) = [page for page in (each.extract_text() for each in reader_of(document).pages) if "Пояснение" in page]
        assert told.count("СОШ") >= 2, rows  # and the total below them


@needs_poppler
def test_signature_never_stands_alone_on_a_page(tmp_path: Path) -> None:
    for sentences in range(20, 36):
        path = stored(make_document(Paragraph((SENTENCE * sentences,))), tmp_path)
        last = pdf_text(path, "-layout").rstrip("\f").split("\f")[-1]
        lines = [line for line in last.splitlines() if line.strip() and line.strip() != "2"]

        assert lines.index(next(line for line in lines if "Воронов" in line)) >= 2, sentences


@needs_poppler
def test_long_table_says_that_the_rest_is_in_the_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_TABLE_ROWS", 5)

    text = pdf_text(stored(make_document(make_table(8)), tmp_path))

    assert "Показано строк: 5 из 8" in text
    assert "№ 6»" not in text


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "http://127.0.0.1/", "https://example.org/a.png", "asset:../print.css", "data:,x"],
)
def test_nothing_but_our_fonts_is_fetched(url: str) -> None:
    with pytest.raises(ValueError, match="Not an asset"):
        pdf.AssetFetcher().fetch(url)


def test_untagged_file_with_a_remark_is_made_when_tagging_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise AttributeError("Table wrapper without a table")

    monkeypatch.setattr("weasyprint.pdf.add_tags", broken)
    with caplog.at_level(logging.ERROR):
        made = pdf.render(make_document())

    assert not made.is_tagged
    assert "Tagged PDF failed" in caplog.text
    assert "без разметки" in PdfReader(BytesIO(made.content)).pages[0].extract_text().replace("\n", " ")


def test_endless_nesting_is_not_hidden_by_the_fallback() -> None:
    block = numbered(ListItem(("дно",)))
    for _ in range(400):
        block = numbered(ListItem(("глубже",), (block,)))

    with pytest.raises(RecursionError):
        pdf.render(make_document(block))


# Digits as ink: subsets of one font family print «2025» as other letters while the text layer stays right.

GLYPHS = "0123456789№%«»"
GRID = (24, 32)
RESOLUTION = 300

Mask = tuple[bool, ...]


class Outline(BasePen):
    """Flattens a glyph into segments."""

    def __init__(self, glyphs: object) -> None:
        super().__init__(glyphs)
        self.segments: list[tuple[tuple[float, float], tuple[float, float]]] = []

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802  name of fontTools
        self.start = self.at = point

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802  name of fontTools
        self.segments.append((self.at, point))
        self.at = point

    def _qCurveToOne(self, middle: tuple[float, float], end: tuple[float, float]) -> None:  # noqa: N802  name of fontTools
        begin = self.at
        for step in range(1, 9):
            t = step / 8
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
            self._lineTo((a * begin[0] + b * middle[0] + c * end[0], a * begin[1] + b * middle[1] + c * end[1]))

    def _closePath(self) -> None:  # noqa: N802  name of fontTools
        self._lineTo(self.start)


def inside(segments: list[tuple[tuple[float, float], tuple[float, float]]], x: float, y: float) -> bool:
    winding = 0
    for (x1, y1), (x2, y2) in segments:
        if (y1 <= y) != (y2 <= y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            winding += 1 if y2 > y1 else -1
    return winding != 0


@cache
def drawn_from_font(character: str) -> Mask:
    """Return the glyph of the font file on the grid, stretched to its ink."""
    font = TTFont(pdf.FONTS / "PTSerif-Regular.ttf")
    glyphs = font.getGlyphSet()
    pen = Outline(glyphs)
    glyphs[font.getBestCmap()[ord(character)]].draw(pen)
    xs = [point[0] for segment in pen.segments for point in segment]
    ys = [point[1] for segment in pen.segments for point in segment]
    width, height = GRID
    return tuple(
        inside(
            pen.segments,
            min(xs) + (column + 0.5) * (max(xs) - min(xs)) / width,
            max(ys) - (row + 0.5) * (max(ys) - min(ys)) / height,
        )
        for row in range(height)
        for column in range(width)
    )


def raster(path: Path) -> tuple[int, bytes]:
    """Return the width and the grey pixels of the first page."""
    command = ["pdftoppm", "-r", str(RESOLUTION), "-gray", "-f", "1", "-l", "1", str(path)]
    image = subprocess.run(command, check=True, capture_output=True).stdout
    header, pixels = image.split(b"255\n", 1)
    return int(header.split()[1]), pixels


def drawn_on_page(image: tuple[int, bytes], box: tuple[float, float, float, float]) -> Mask:
    """Return what the page shows in a box of points on the grid, stretched to its ink."""
    stride, pixels = image
    left, top, right, bottom = (round(number * RESOLUTION / 72) for number in box)
    ink = [(x, y) for y in range(top, bottom) for x in range(left - 2, right + 2) if pixels[y * stride + x] < 128]
    x0, x1 = min(x for x, _ in ink), max(x for x, _ in ink) + 1
    y0, y1 = min(y for _, y in ink), max(y for _, y in ink) + 1
    width, height = GRID
    dark = set(ink)
    return tuple(
        (
            int(x0 + (column + 0.5) * (x1 - x0) / width),
            int(y0 + (row + 0.5) * (y1 - y0) / height),
        )
        in dark
        for row in range(height)
        for column in range(width)
    )


def likeness(one: Mask, other: Mask) -> float:
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


@needs_poppler
def test_digits_are_printed_with_their_own_glyphs(tmp_path: Path) -> None:
    path = stored(make_document(Paragraph((" ".join(GLYPHS) + " .",)), place="", organisation=()), tmp_path)
    boxes = {word[5]: word[1:5] for word in words_of(path) if word[5] in GLYPHS}
    image = raster(path)

    printed = {glyph: drawn_on_page(image, boxes[glyph]) for glyph in GLYPHS}
    read = {glyph: max(GLYPHS, key=lambda other: likeness(printed[glyph], drawn_from_font(other))) for glyph in GLYPHS}

    assert read == {glyph: glyph for glyph in GLYPHS}
    assert min(likeness(printed[glyph], drawn_from_font(glyph)) for glyph in GLYPHS) > 0.85
