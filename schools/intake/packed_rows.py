"""Rows of a sheet on their way out of the child process: each value once, cells as codes of values.

Half a million cells in JSON would cost more than reading them; as codes they are two megabytes, and every row of one
school shares one text. The reader gets values and numbers only, whatever the child writes.
"""

from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

EMPTY: Final = 0  # code of the cell that holds nothing
SHORT: Final = "H"  # array of two bytes
LONG: Final = "I"  # of four
MOST_SHORT: Final = 65_536


@dataclass(frozen=True, kw_only=True)
class PackedRows:
    """values: by code, the first is None. numbers: of rows. codes: of all cells, row by row, `width` for each."""

    values: list[Any]
    width: int
    numbers: "array[int]"
    codes: "array[int]"

    def as_json(self) -> dict[str, Any]:
        return {
            "values": self.values,
            "width": self.width,
            "kind": self.codes.typecode,
            "numbers": b64encode(self.numbers.tobytes()).decode(),
            "codes": b64encode(self.codes.tobytes()).decode(),
        }

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what `as_json` gave. Raises ValueError or KeyError on anything else."""
        kind = {SHORT: SHORT, LONG: LONG}[data["kind"]]
        numbers, codes = array(LONG), array(kind)
        numbers.frombytes(b64decode(data["numbers"]))
        codes.frombytes(b64decode(data["codes"]))
        return cls(values=data["values"], width=data["width"], numbers=numbers, codes=codes)

    def rows(self, values: Sequence[Any]) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Yield number and cells of each row. values: the values by code, made into what cells hold."""
        cells = map(values.__getitem__, self.codes)
        return zip(self.numbers, zip(*[cells] * self.width, strict=True), strict=True)

    def row(self, place: int, values: Sequence[Any]) -> tuple[int, tuple[Any, ...]]:
        """Return number and cells of one row. place: from 0."""
        codes = self.codes[place * self.width : (place + 1) * self.width]
        return self.numbers[place], tuple(map(values.__getitem__, codes))


def pack(rows: Mapping[int, "array[int]"], values: list[Any]) -> PackedRows:
    """Return rows in their order. rows: number -> codes of cells; short rows are filled up with nothing."""
    width = max(map(len, rows.values()), default=0)
    numbers = sorted(rows)
    codes, empty = array(LONG), array(LONG, [EMPTY])
    ordered = map(rows.__getitem__, numbers)
    codes.frombytes(b"".join(row if len(row) == width else row + empty * (width - len(row)) for row in ordered))
    if len(values) < MOST_SHORT:
        codes = array(SHORT, codes)
    return PackedRows(values=values, width=width, numbers=array(LONG, numbers), codes=codes)
