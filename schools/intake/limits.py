"""How much an uploaded file may be. Measured: honest workbooks unpack 14 to 16 times."""

from dataclasses import dataclass
from typing import Final

MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    file_bytes: int = 5 * MEBIBYTE
    archive_bytes: int = 50 * MEBIBYTE  # a ZIP of many files
    archive_files: int = 1000
    archive_depth: int = 3  # archives one in another: a region sends those of its municipalities, they of schools
    members: int = 200
    unpacked_bytes: int = 64 * MEBIBYTE
    member_bytes: int = 48 * MEBIBYTE
    ratio: int = 100
    ratio_from_bytes: int = MEBIBYTE  # short members may pack as well as they like
    sheets: int = 10
    rows: int = 60_000  # filled rows of one sheet
    csv_rows: int = 500_000
    csv_line_chars: int = 65_536
    row_elements: int = 200_000  # with the formatted empty ones
    columns: int = 256
    area: int = 2_000_000  # cells of the rectangle that holds the data
    text_chars: int = 2_000
    xml_depth: int = 64
    seconds: int = 10
    child_memory_bytes: int = 256 * MEBIBYTE


DEFAULT_LIMITS: Final = Limits()
