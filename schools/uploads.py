"""Uploads stay in memory: a file on single persons must never be spooled to the disk, and nobody knows it yet.

Source: domain specification, 7.1.
"""

import io
from typing import Any, Final

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from schools.intake.limits import DEFAULT_LIMITS, MEBIBYTE

FILE_BYTES: Final = DEFAULT_LIMITS.archive_bytes + 1  # one more than allowed tells that a file is too big
UPLOAD_BYTES: Final = 64 * MEBIBYTE
TOO_MUCH: Final = (
    f"Выбрано больше {UPLOAD_BYTES // MEBIBYTE} МБ, ни один файл не загружен. "
    "Разделите файлы на несколько загрузок или сожмите их в архив .zip."
)


class CutFile(InMemoryUploadedFile):
    """A file of an upload that is too big as a whole; its bytes are not all here."""


class MemoryUploadHandler(FileUploadHandler):
    """Keep files in memory whatever their size; bytes over the limits are dropped and the file says so."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.left = UPLOAD_BYTES
        self.kept = io.BytesIO()
        self.is_cut = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept, self.is_cut = io.BytesIO(), False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        room = max(0, FILE_BYTES - start)
        self.is_cut = self.is_cut or min(room, len(raw_data)) > self.left
        taken = raw_data[: min(room, self.left)]
        self.left -= len(taken)
        self.kept.write(taken)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Return the file with its size as it was sent."""
        self.kept.seek(0)
        kind = CutFile if self.is_cut else InMemoryUploadedFile
        return kind(
            self.kept,
            self.field_name,
            self.file_name,
            self.content_type,
            file_size,
            self.charset,
            self.content_type_extra,
        )
