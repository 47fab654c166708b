"""A ZIP of files to load: taken apart in memory, each file is then judged alone."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from schools.intake.gate import ZIP_MAGIC, damaged, member_name
from schools.intake.limits import DEFAULT_LIMITS, MEBIBYTE, Limits
from schools.intake.refusals import Code, GateRefusal


def is_archive(data: bytes) -> bool:
    """Answer whether the bytes are a ZIP of files and not a document, which is a ZIP too."""
    if not data.startswith(ZIP_MAGIC):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return False
    is_document = any(name in {"[Content_Types].xml", "mimetype"} or name.startswith("xl/") for name in names)
    return not is_document and any(name.casefold().endswith((".xlsx", ".csv", ".xls", ".xlsm")) for name in names)


def files_of(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each file of an archive. Raises GateRefusal for a bomb or a damaged archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if is_wanted(member)]
            check_volume(members, limits)
            for member in members:
                yield PurePosixPath(member_name(member)).name, archive.read(member)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError) as error:
        raise damaged() from error


def is_wanted(member: zipfile.ZipInfo) -> bool:
    name = member.filename
    is_service = name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith((".", "~$"))
    return not member.is_dir() and not is_service


def check_volume(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    total = sum(member.file_size for member in members)
    too_many = len(members) > limits.archive_files
    if too_many or total > limits.archive_bytes or any(m.file_size > limits.file_bytes for m in members):
        raise GateRefusal(
            Code.TOO_BIG_UNPACKED,
            f"В архиве слишком много данных: допускается {limits.archive_files} файлов, "
            f"по {limits.file_bytes // MEBIBYTE} МБ каждый, {limits.archive_bytes // MEBIBYTE} МБ вместе.",
            action="Разделите архив на части.",
        )
