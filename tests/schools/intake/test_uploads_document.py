"""docs/uploads.md says the limits that the code keeps."""

import re
from pathlib import Path

from django.conf import settings

from roadmaps import uploads
from schools.intake.headers import HEADER_WITHIN_ROWS
from schools.intake.limits import DEFAULT_LIMITS, MEBIBYTE
from schools.intake.refusals import Code

DOCUMENT = (Path(settings.BASE_DIR) / "docs" / "uploads.md").read_text(encoding="utf-8")
BYTES = {
    "Размер одного файла": DEFAULT_LIMITS.file_bytes,
    "Размер архива .zip": DEFAULT_LIMITS.archive_bytes,
    "Книга после распаковки, все части вместе": DEFAULT_LIMITS.unpacked_bytes,
    "Одна часть книги после распаковки": DEFAULT_LIMITS.member_bytes,
    "Память процесса чтения": DEFAULT_LIMITS.child_memory_bytes,
    "Размер подтверждения мероприятия": uploads.LARGEST,
}
COUNTS = {
    "Файлов в архиве и за одну загрузку": DEFAULT_LIMITS.archive_files,
    "Архивов один в другом": DEFAULT_LIMITS.archive_depth,
    "Частей в книге": DEFAULT_LIMITS.members,
    "Во сколько раз часть книги может быть сжата": DEFAULT_LIMITS.ratio,
    "Листов в книге": DEFAULT_LIMITS.sheets,
    "Заполненных строк на листе": DEFAULT_LIMITS.rows,
    "Столбцов на листе": DEFAULT_LIMITS.columns,
    "Ячеек в прямоугольнике с данными": DEFAULT_LIMITS.area,
    "Строк в CSV": DEFAULT_LIMITS.csv_rows,
    "Длина строки CSV, символов": DEFAULT_LIMITS.csv_line_chars,
    "Длина текста в ячейке, символов": DEFAULT_LIMITS.text_chars,
    "Время чтения файла, секунд": DEFAULT_LIMITS.seconds,
    "Полей в одной форме на странице": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
}


def limits_told() -> dict[str, str]:
    """Return the table of limits: what -> value as it is written."""
    table = DOCUMENT.split("## Пределы")[1].split("##")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", table, re.MULTILINE)
    return {name: value for name, value in rows if name not in {"Предел", "---"}}


def test_document_tells_every_limit_as_the_code_keeps_it() -> None:
    bytes_kept = {name: f"{value // MEBIBYTE} МБ" for name, value in BYTES.items()}
    counts_kept = {name: grouped(value) for name, value in COUNTS.items()}

    assert limits_told() == bytes_kept | counts_kept


def grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ") if number >= 10_000 or number == DEFAULT_LIMITS.text_chars else str(number)


def test_document_tells_where_the_header_is_looked_for() -> None:
    assert f"в\nпервых {HEADER_WITHIN_ROWS} строках" in DOCUMENT


def test_limits_of_files_hold_in_the_settings_too() -> None:
    assert DEFAULT_LIMITS.archive_files == settings.DATA_UPLOAD_MAX_NUMBER_FILES
    assert DEFAULT_LIMITS.member_bytes < DEFAULT_LIMITS.unpacked_bytes


def test_support_code_looks_as_the_document_says() -> None:
    assert "`XL-…`" in DOCUMENT
    assert all(re.fullmatch(r"XL-\d\d", code) for code in Code)


def test_document_is_found_from_the_first_page() -> None:
    assert "docs/uploads.md" in (Path(settings.BASE_DIR) / "README.md").read_text(encoding="utf-8")
