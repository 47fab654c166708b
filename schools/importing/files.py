"""Files as they are received: names made harmless, archives taken apart, sizes and duplicates looked at."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from schools.choices import BatchState, FileState, RowOutcome
from schools.intake.archives import files_of, is_archive
from schools.intake.cleaning import clean_text
from schools.intake.gate import check_size
from schools.intake.limits import DEFAULT_LIMITS, Limits
from schools.intake.refusals import Code, GateRefusal, Refusal
from schools.intake.rows import ParsedFile
from schools.models import ImportFile, ImportRow, Territory

NAME_LENGTH: Final = 255
LIVE_STATES: Final = (BatchState.CHECKING, BatchState.CHECKED, BatchState.APPLIED)


@dataclass(frozen=True, kw_only=True)
class GivenFile:
    """A file as a person or a command gave it."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, kw_only=True)
class ReceivedFile:
    """A single file with the reason why it is not taken further, if there is one.

    sums: what is kept instead of its bytes when it tells of single persons (`importing.at_once`).
    """

    given: GivenFile
    refusal: Refusal | None = None
    sums: ParsedFile | None = None


def safe_name(name: str) -> str:
    """Return the last part of a path without invisible characters; never empty."""
    base = re.split(r"[/\\]", clean_text(name.replace("\x00", "")))[-1].strip(". ")
    return base[-NAME_LENGTH:] or "файл"


def unpacked(files: Iterable[GivenFile], limits: Limits = DEFAULT_LIMITS) -> Iterator[ReceivedFile]:
    """Yield single files; an archive gives its files, one that cannot be opened stays one file with a refusal."""
    given = list(files)
    is_several = sum(is_archive(file.data) for file in given) > 1
    for file in given:
        if not is_archive(file.data):
            yield ReceivedFile(given=file, refusal=size_refusal(file.data, limits))
            continue
        try:
            inside = list(files_of(file.data, limits, within=safe_name(file.name) if is_several else ""))
        except GateRefusal as refusal:
            yield ReceivedFile(given=file, refusal=refusal)
            continue
        for name, data, refused in inside:
            yield ReceivedFile(given=GivenFile(name=name, data=data), refusal=refused or size_refusal(data, limits))


def size_refusal(data: bytes, limits: Limits) -> GateRefusal | None:
    try:
        check_size(data, limits)
    except GateRefusal as refusal:
        return refusal
    return None


def with_duplicates(files: Iterable[ReceivedFile], territory: Territory) -> Iterator[ReceivedFile]:
    """Refuse files that stand in a live batch of the territory already, and repetitions inside this upload."""
    received = list(files)
    known = {file.sha256: file for file in live_files(territory, {file.given.sha256 for file in received})}
    seen: dict[str, str] = {}
    for file in received:
        digest = file.given.sha256
        refusal = file.refusal
        if refusal is None and digest in known:
            refusal = already_loaded(known[digest])
        elif refusal is None and digest in seen:
            refusal = Refusal(Code.DUPLICATE_FILE, f"Этот файл выбран дважды: первый — «{seen[digest]}».")
        seen.setdefault(digest, safe_name(file.given.name))
        yield ReceivedFile(given=file.given, refusal=refusal)


def live_files(territory: Territory, digests: set[str]) -> list[ImportFile]:
    """Return the files with these checksums that say nothing new: of an applied one some rows may wait for a school."""
    files = ImportFile.objects.filter(
        sha256__in=digests,
        batch__territory=territory,
        batch__state__in=LIVE_STATES,
    ).exclude(state=FileState.REFUSED)
    left = ImportRow.objects.filter(file=OuterRef("pk"), outcome=RowOutcome.REJECTED)
    waits_for_more = Q(batch__state=BatchState.APPLIED) & Exists(left)
    return list(files.exclude(waits_for_more).select_related("batch"))


def already_loaded(file: ImportFile) -> Refusal:
    """Return «Этот файл уже загружен 12.09.2026 в 10:15.» with the way on."""
    at = timezone.localtime(file.batch.created_at)
    is_applied = file.batch.state == BatchState.APPLIED
    action = (
        "Чтобы загрузить его заново, отмените ту загрузку."
        if is_applied
        else "Откройте ту загрузку и примените её или откажитесь от неё."
    )
    return Refusal(Code.DUPLICATE_FILE, f"Этот файл уже загружен {at:%d.%m.%Y} в {at:%H:%M}.", action=action)
