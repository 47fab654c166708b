"""Files that may tell of single persons: read while their bytes are in memory, kept as sums or not at all.

Source: domain specification, 7.1: parse in memory, aggregate, store the sums and the hash of the file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from time import monotonic
from typing import Final

from schools.importing.files import ReceivedFile
from schools.intake.layouts import keeps_bytes
from schools.intake.limits import DEFAULT_LIMITS, Limits
from schools.intake.parse import parse_file
from schools.intake.peek import may_hold_persons
from schools.intake.refusals import Code, Refusal

SECONDS: Final = 20  # a person waits for the page; a report of one school takes half a second


def read_at_once(
    files: Iterable[ReceivedFile],
    limits: Limits = DEFAULT_LIMITS,
    *,
    seconds: float = SECONDS,
) -> Iterator[ReceivedFile]:
    """Yield the files; of a suspected one either its sums, or why it is refused, or itself when the alarm was false.

    seconds: after so many no other file is read and the suspected ones are refused, for they may not be stored.
    """
    end = monotonic() + seconds
    for file in files:
        if file.refusal or not may_hold_persons(file.given.data, limits):
            yield file
        elif monotonic() >= end:
            yield replace(file, refusal=too_many())
        else:
            yield answered(file, limits)


def answered(file: ReceivedFile, limits: Limits) -> ReceivedFile:
    try:
        parsed = parse_file(file.given.data, limits)
    except Refusal as refusal:
        return replace(file, refusal=refusal)
    return file if keeps_bytes(parsed.layout) else replace(file, sums=parsed)


def too_many() -> Refusal:
    return Refusal(
        Code.TOO_MANY_AT_ONCE,
        "Файлов с отдельными участниками слишком много для одной загрузки: портал не хранит такие файлы "
        "и считает итоги сразу. Этот файл не прочитан и не сохранён.",
        action="Загрузите оставшиеся файлы отдельно, частями.",
    )
