"""A ZIP of files to load: taken apart in memory with the archives inside it, each file is then judged alone."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from schools.intake.gate import ZIP_MAGIC, damaged, member_name
from schools.intake.limits import DEFAULT_LIMITS, MEBIBYTE, Limits
from schools.intake.refusals import Code, GateRefusal

TABLES: Final = (".xlsx", ".csv", ".xls", ".xlsm", ".zip")
BETWEEN: Final = " › "  # folders in a name: Windows saves such a file under it
UNREADABLE: Final = (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError)

Folders = tuple[str, ...]


class Member(NamedTuple):
    """A file of an archive. name: with the folders and archives it lies in; refusal: of an archive not opened."""

    name: str
    data: bytes
    refusal: GateRefusal | None = None


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
    return not is_document and any(name.casefold().endswith(TABLES) for name in names)


def files_of(data: bytes, limits: Limits = DEFAULT_LIMITS, *, within: str = "") -> Iterator[Member]:
    """Yield each file of an archive. Raises GateRefusal for a bomb or a damaged archive.

    within: the name of the archive, where several have come and their files may be called alike.

    An archive inside that cannot be opened, or lies too deep, is one file with its refusal: the others are taken.
    """
    yield from Unpacking(limits).files_of(data, (within,) if within else ())


@dataclass
class Unpacking:
    """One archive with those inside it: what all of them hold together is limited."""

    limits: Limits
    files: int = 0
    volume: int = 0

    def files_of(self, data: bytes, folders: Folders, depth: int = 1) -> Iterator[Member]:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = [member for member in archive.infolist() if is_wanted(member)]
                self.weigh(members)
                above = len(common_folders(members))
                for member in members:
                    path = (*folders, *parts_of(member)[above:])
                    yield from self.taken_apart(path, archive.read(member), depth)
        except UNREADABLE as error:
            raise damaged() from error

    def taken_apart(self, path: Folders, data: bytes, depth: int) -> Iterator[Member]:
        name = BETWEEN.join(path)
        if not is_archive(data):
            yield Member(name, data)
        elif depth >= self.limits.archive_depth:
            yield Member(name, data, too_deep(self.limits))
        else:
            try:
                inside = list(self.files_of(data, path, depth + 1))
            except GateRefusal as refusal:
                inside = [Member(name, data, refusal)]
            yield from inside

    def weigh(self, members: Sequence[zipfile.ZipInfo]) -> None:
        """Count what the heads of the members promise. Raises GateRefusal for more than is allowed."""
        self.files += len(members)
        self.volume += sum(member.file_size for member in members)
        is_much = self.files > self.limits.archive_files or self.volume > self.limits.archive_bytes
        if is_much or any(member.file_size > self.limits.file_bytes for member in members):
            raise too_much(self.limits)


def is_wanted(member: zipfile.ZipInfo) -> bool:
    name = member.filename
    is_service = name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith((".", "~$"))
    return not member.is_dir() and not is_service


def parts_of(member: zipfile.ZipInfo) -> Folders:
    """Return folders and name of a member as people see them."""
    parts = member_name(member).replace("\\", "/").split("/")
    return tuple(part for part in parts if part not in {"", ".", ".."}) or ("файл",)


def common_folders(members: Sequence[zipfile.ZipInfo]) -> Folders:
    """Return the folders that all members lie in: they tell nothing apart."""
    paths = [parts_of(member)[:-1] for member in members]
    shared: list[str] = []
    for names in zip(*paths, strict=False):
        if len(set(names)) > 1:
            break
        shared.append(names[0])
    return tuple(shared)


def too_deep(limits: Limits) -> GateRefusal:
    return GateRefusal(
        Code.ARCHIVE,
        f"Архивов один в другом больше {limits.archive_depth}: этот не открыт.",
        action="Распакуйте его и загрузите файлы из него.",
    )


def too_much(limits: Limits) -> GateRefusal:
    return GateRefusal(
        Code.TOO_BIG_UNPACKED,
        f"В архиве слишком много данных: допускается {limits.archive_files} файлов, "
        f"по {limits.file_bytes // MEBIBYTE} МБ каждый, {limits.archive_bytes // MEBIBYTE} МБ вместе.",
        action="Разделите архив на части.",
    )
