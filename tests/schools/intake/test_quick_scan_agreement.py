"""Whatever a sheet looks like, the look by whole rows never says anything that the look at every tag does not."""

import io
import zipfile
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schools.intake.limits import Limits
from schools.intake.quick_scan import (
    OWN_ROW,
    QuickScanner,
    Unsure,
    check_tags,
    check_text,
    column_of,
    quick_scan,
    row_kind,
    shapes_of,
)
from schools.intake.refusals import ReaderRefusal
from schools.intake.scan import SheetScan
from schools.intake.scan import scan_sheet as slow_scan
from tests.factories.workbooks import SHEET, number_cell, packed, parts_of, row_xml, sheet_xml, text_cell, with_rows

LIMITS = Limits()
LETTERS = "ABCDEFGH"
BODIES = (
    "<v>1</v>",
    "<v>-2.5</v>",
    "<v></v>",
    "<v/>",
    "<v> </v>",
    "<f>A1+1</f>",
    "<f>A1+1</f><v>7</v>",
    "<f>A1+1</f><v></v>",
    "<f/>",
    '<f t="shared" si="0"/><v>3</v>',
    "<is><t>12</t></is>",
    "<is><t></t></is>",
    "<is><t/></is>",
    '<is><t xml:space="preserve"> </t></is>',
    "<is><t>a &lt; b</t></is>",
    "<is><r><rPr><b/></rPr><t>жир</t></r><r><t>но</t></r></is>",
    "",
)
ATTRIBUTES = ("", ' s="3"', ' t="n"', ' t="inlineStr"', ' t="s"', ' s="1" t="str"', ' t="b"', ' t="d"', ' t="e"')
ERROR_BODIES = ("<v>#DIV/0!</v>", "<f>1/0</f><v>#N/A</v>", "<v></v>", "")
CELLS = st.tuples(st.sampled_from(ATTRIBUTES), st.sampled_from(BODIES)).filter(lambda cell: cell[0] != ' t="e"')
ERRORS = st.tuples(st.sampled_from((' t="e"', ' s="2" t="e"', ' t="e" s="2"')), st.sampled_from(ERROR_BODIES))
ROWS = st.dictionaries(st.sampled_from(LETTERS), st.one_of(CELLS, CELLS, ERRORS), max_size=5)


def written(row: dict[str, tuple[str, str]], number: int) -> str:
    cells = (f'<c r="{letter}{number}"{row[letter][0]}>{row[letter][1]}</c>' for letter in sorted(row))
    return row_xml(*cells, number=number)


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """Return rows of a sheet, some of them empty, with gaps between their numbers."""
    rows = draw(st.lists(ROWS, min_size=1, max_size=6))
    steps = draw(st.lists(st.integers(1, 30), min_size=len(rows), max_size=len(rows)))
    return "".join(written(row, number) for row, number in zip(rows, accumulate(steps), strict=True))


def opened(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def quick(rows: str, limits: Limits = LIMITS) -> SheetScan | None:
    with opened(with_rows(rows)) as archive:
        return quick_scan(archive, SHEET, limits)


def slow(rows: str, limits: Limits = LIMITS) -> SheetScan | None:
    """Return what the look at every tag finds, None where it refuses the sheet."""
    try:
        with opened(with_rows(rows)) as archive:
            return slow_scan(archive, SHEET, limits)
    except ReaderRefusal:
        return None


# Agreement


@settings(max_examples=75)
@given(sheets())
def test_ordinary_sheet_is_understood_alike_by_both(rows: str) -> None:
    assert quick(rows) == slow(rows)


@settings(max_examples=40)
@given(sheets(), st.integers(1, 4), st.integers(1, 40), st.integers(1, 8))
def test_nothing_beyond_a_limit_gets_through_by_rows(rows: str, filled: int, area: int, columns: int) -> None:
    limits = Limits(rows=filled, area=area, columns=columns)
    by_rows = quick(rows, limits)

    assert by_rows in (None, slow(rows, limits))
    assert by_rows is None or by_rows.filled_rows <= filled


@settings(max_examples=50)
@given(sheets(), st.data())
def test_sheet_with_a_piece_cut_out_is_never_understood_differently(rows: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(rows) - 1))
    broken = rows[:start] + rows[start + data.draw(st.integers(1, 12)) :]

    assert quick(broken) in (None, slow(broken))


@settings(max_examples=30)
@given(st.lists(sheets(), min_size=2, max_size=3))
def test_rows_that_go_back_are_left_to_the_look_at_every_tag_or_read_alike(pieces: list[str]) -> None:
    rows = "".join(pieces)

    assert quick(rows) in (None, slow(rows))


@settings(max_examples=30)
@given(sheets(), st.integers(1, 60))
def test_size_of_the_chunks_changes_nothing(rows: str, size: int) -> None:
    whole, text = quick(rows), sheet_xml(rows)
    scanner = QuickScanner(LIMITS)
    for start in range(0, len(text), size):
        scanner.feed(text[start : start + size])

    assert scanner.finished() == whole


# Odd shapes


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param('<c r="A1"\tt="e"><v>#N/A</v></c>', id="tab before the type"),
        pytest.param('<c r="A1"\nt="e"><v>#N/A</v></c>', id="new line before the type"),
        pytest.param('<c r="A1" t ="e"><v>#N/A</v></c>', id="blank before the sign"),
        pytest.param('<c r="A1" t= "e"><v>#N/A</v></c>', id="blank after the sign"),
        pytest.param('<c r="A1" ph=">" t="e"><v>#N/A</v></c>', id="bracket inside an attribute"),
        pytest.param('<c t="e" r="A1"><v>#N/A</v></c>', id="type before the address"),
    ],
)
def test_error_of_a_formula_is_not_lost_however_its_tag_is_written(cell: str) -> None:
    found = slow(row_xml(cell))

    assert found is not None
    assert found.errors == {(1, 0): "#N/A"}
    assert quick(row_xml(cell)) in (None, found)


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param('<c r="A1"><f>B1</f><![CDATA[7]]></c>', id="marked section"),
        pytest.param('<c r="A1"><f>B1</f><?go on?></c>', id="instruction"),
        pytest.param('<c r="A1"><v  >1</v></c>', id="blanks inside a tag"),
        pytest.param('<x:c r="A1"><v>1</v></x:c>', id="prefix"),
        pytest.param('<c r="a1"><v>1</v></c>', id="small letters"),
        pytest.param('<c r="A01"><v>1</v></c>', id="zero in an address"),
        pytest.param('<c r="A1"><v>1</v><c r="B1"/></c>', id="cell in a cell"),
        pytest.param('<c r="A1"><v><v></v></v></c>', id="empty value in a value"),
        pytest.param('<c r="A1"><v><v/></v></c>', id="closed value in a value"),
        pytest.param('<c r="A1" t="e"><v><v></v> </v></c>', id="empty value among blanks in a value"),
        pytest.param('<c r="A1"><is><t>a</t><extLst/></is></c>', id="tag of an extension"),
        pytest.param('<c r="A1"><is><t>&unknown;</t></is></c>', id="entity"),
        pytest.param('<c r="A1" r="A1"><v>1</v></c>', id="repeated attribute"),
        pytest.param('<c r="A1"><is><t>\uffff</t></is></c>', id="no character"),
    ],
)
def test_odd_cell_is_left_to_the_look_at_every_tag(cell: str) -> None:
    assert quick(row_xml(cell)) is None


ODD_NAMES = st.from_regex(r"(v|is|f|t|c|r)?[1-9.-]?(v|is|f|t|c|r)", fullmatch=True)
ODD_TYPES = st.sampled_from(("e", "e1", "1e", "e.", "-e", "str", "inlineStr", "n", ""))
ODD_TEXTS = st.sampled_from(("", " ", "7", "#N/A", "a &amp; b", "&lt;", "#REF\r\n!", "x"))


@st.composite
def odd_cells(draw: st.DrawFn) -> str:
    """Return a cell that is nearly ordinary: names and types with a sign too many, text where none should be."""
    tags = draw(st.lists(ODD_NAMES, max_size=3))
    body = "".join(f"{draw(ODD_TEXTS)}<{tag}>" for tag in tags) + draw(ODD_TEXTS)
    body += "".join(f"</{tag}>{draw(ODD_TEXTS)}" for tag in reversed(tags))
    return f'<c r="A1" {draw(st.sampled_from(("t", "t1", "T")))}="{draw(ODD_TYPES)}">{body}</c>'


@settings(max_examples=250)
@given(odd_cells(), st.sampled_from(("", number_cell("B1"), text_cell("B1", "12"))))
def test_nearly_ordinary_cell_is_never_understood_differently(cell: str, beside: str) -> None:
    rows = row_xml(cell, beside)

    assert quick(rows) in (None, slow(rows))


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param('<c r="A1"><f>B1</f><v1>7</v1></c>', id="name of a tag with a digit"),
        pytest.param('<c r="A1" t1="e"><v>#N/A</v></c>', id="attribute with a digit"),
        pytest.param('<c r="A1" t="inlineStr"><is> <t></t></is></c>', id="blank beside a text"),
        pytest.param('<c r="A1" t="e"><v>#N&amp;A</v></c>', id="entity in an error"),
        pytest.param('<c r="A1" t="e"><v>#N\r\nA</v></c>', id="ends of lines in an error"),
        pytest.param('<c r="A1" t="e"><v>#N</v><v>/A</v></c>', id="two values in an error"),
        pytest.param('<c r="A1" t="e"><is><t>#N/A</t></is></c>', id="text for an error"),
        pytest.param('<c r="A1"><v><f>B1</f></v></c>', id="formula in a value"),
    ],
)
def test_cell_that_only_looks_ordinary_is_left_to_the_look_at_every_tag(cell: str) -> None:
    assert quick(row_xml(number_cell("A1")) + row_xml(cell.replace("A1", "A2"), number=2)) is None


@pytest.mark.parametrize("kind", ["e1", "1e", "e.", "-e"])
def test_type_that_only_looks_like_an_error_is_none_for_both(kind: str) -> None:
    rows = row_xml(f'<c r="A1" t="{kind}"><v>#N/A</v></c>')
    found = quick(rows)

    assert found is not None
    assert (found, found.errors) == (slow(rows), {})


@pytest.mark.parametrize("row", ['<row r="0">', '<row r="01">', '<row r="12345678">', '<row s="1" r="1">', "<row>"])
def test_row_without_a_plain_number_is_left_to_the_look_at_every_tag(row: str) -> None:
    assert quick(f"{row}{number_cell('A1')}</row>") is None


@pytest.mark.parametrize("number", [2, 50, 1_000])
def test_gaps_between_rows_are_counted_into_the_area(number: int) -> None:
    rows = row_xml(number_cell("A1")) + row_xml(number_cell(f"B{number}"), number=number)

    assert quick(rows, Limits(area=2 * number)) == slow(rows)
    assert quick(rows, Limits(area=2 * number - 1)) is None


def test_empty_rows_after_the_last_one_count_as_rows() -> None:
    rows = row_xml(number_cell("A1")) + "".join(f'<row r="{number}"/>' for number in range(2, 6))

    assert quick(rows, Limits(row_elements=5)) == slow(rows, Limits(row_elements=5))
    assert quick(rows, Limits(row_elements=4)) is None
    assert slow(rows, Limits(row_elements=4)) is None


def test_row_longer_than_any_is_not_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schools.intake.quick_scan.LONGEST_ROW", 50)
    scanner = QuickScanner(LIMITS)

    with pytest.raises(Unsure):
        scanner.feed(b"<worksheet><sheetData>" + b"<row>" * 20)


def test_rows_alike_but_for_digits_and_texts_are_one_kind() -> None:
    scanner = QuickScanner(LIMITS)
    rows = (row_xml(text_cell(f"A{n}", f"СОШ № {n}"), number_cell(f"B{n}", str(n)), number=n) for n in range(1, 40))
    scanner.feed(sheet_xml("".join(rows)))

    assert len(scanner.kinds) == 1
    assert scanner.finished().filled_cells == 78


def test_part_that_is_not_there_is_left_to_the_look_at_every_tag() -> None:
    with opened(packed(parts_of())) as archive:
        assert quick_scan(archive, "xl/worksheets/sheet9.xml", LIMITS) is None


# Parts of the look


def test_kind_of_a_row_tells_its_filled_and_its_uncalculated_cells() -> None:
    text = b'<row r="0"><c r="A0"><v>0</v></c><c r="C0"><f>A0</f></c><c r="D0" t="e"><v>#N/A</v></c><c r="E0" s="0"/>'
    kind = row_kind(text.replace(b'0"', OWN_ROW + b'"'))

    assert (kind.columns, kind.filled, kind.uncalculated, kind.has_errors) == ((0, 2, 3, 4), (0, 2, 3), (2,), True)


@pytest.mark.parametrize("text", [b"a\x00b", b"a\x1fb", b"\xef\xbf\xbe", b"\xef\xbf\xbf"])
def test_character_that_xml_forbids_is_doubted(text: bytes) -> None:
    with pytest.raises(Unsure):
        check_text(text)


@pytest.mark.parametrize("text", [b"\xd0", b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\xaf"])
def test_bytes_that_are_no_utf_8_are_doubted(text: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        check_text(text)


@pytest.mark.parametrize(
    ("rows", "shape"),
    [
        (b'<row r="12"><c r="A12"><v>-3.5</v></c>', b'<row r="\x01"><c r="A\x01"><v>0</v></c>'),
        (b'<row r="12"><c r="A312"><v>12</v></c>', b'<row r="\x01"><c r="A0\x01"><v>0</v></c>'),
        (b'<row r="12"><c r="A13" s="12"/>', b'<row r="\x01"><c r="A0" s="\x01"/>'),
    ],
)
def test_address_of_its_own_row_is_told_from_any_other(rows: bytes, shape: bytes) -> None:
    assert shapes_of(rows + b"</row>", [b"12"])[0] == shape


def test_tags_deeper_than_allowed_are_doubted() -> None:
    check_tags(b"<a><a/></a>", "a".__eq__, 2)

    with pytest.raises(Unsure):
        check_tags(b"<a><a><a/></a></a>", "a".__eq__, 2)


def test_declaration_of_a_type_is_doubted() -> None:
    with pytest.raises(Unsure):
        check_tags(b"<!DOCTYPE a><a/>", "a".__eq__, 2)


@pytest.mark.parametrize(("letters", "column"), [(b"A", 0), (b"Z", 25), (b"AA", 26), (b"XFD", 16_383)])
def test_letters_name_a_column(letters: bytes, column: int) -> None:
    assert column_of(letters) == column


def test_letters_beyond_the_last_column_are_doubted() -> None:
    with pytest.raises(Unsure):
        column_of(b"XFE")
