"""Which files serve as evidence: by extension, size and first bytes. Knows no database."""

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Final

from accounts.russian import file_size
from roadmaps.errors import EvidenceRefused
from schools.intake import gate
from schools.intake.limits import Limits
from schools.intake.refusals import GateRefusal

MEBIBYTE: Final = 1024 * 1024
LARGEST: Final = 20 * MEBIBYTE
UNPACKED_LARGEST: Final = 200 * MEBIBYTE
BOOK_LIMITS: Final = Limits(file_bytes=LARGEST)  # evidence is kept, not read: pictures in it may be large
ALLOWED: Final = "PDF, DOCX, XLSX, JPG, PNG"


def check_evidence_file(name: str, data: bytes) -> None:
    """Raise EvidenceRefused unless the bytes are what the extension says, and the kind and the size are allowed."""
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    check = CHECKS.get(suffix)
    if check is None:
        raise EvidenceRefused(f"Файл «{name}» не принят: подходят {ALLOWED}. Сохраните документ как PDF.")
    if not data:
        raise EvidenceRefused(f"Файл «{name}» пустой. Выберите другой.")
    check_evidence_size(name, len(data))
    check(name, data)


def check_evidence_size(name: str, size: int) -> None:
    """Raise EvidenceRefused for what is not even worth reading."""
    if size > LARGEST:
        found, limit = file_size(size), file_size(LARGEST)
        raise EvidenceRefused(f"Файл «{name}» занимает {found}, а можно не более {limit}. Уменьшите скан.")


def starts_with(*magics: bytes) -> Callable[[str, bytes], None]:
    def check(name: str, data: bytes) -> None:
        if not data.startswith(magics):
            raise EvidenceRefused(f"Содержимое файла «{name}» не соответствует расширению. Сохраните документ заново.")

    return check


def check_xlsx(name: str, data: bytes) -> None:
    try:
        gate.check(data, BOOK_LIMITS)
    except GateRefusal as refusal:
        raise EvidenceRefused(f"Файл «{name}» не принят. {refusal}") from None


def check_docx(name: str, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, OSError):
        raise EvidenceRefused(f"Файл «{name}» повреждён или защищён паролем. Сохраните документ заново.") from None
    names = {member.filename for member in members}
    if "word/document.xml" not in names or sum(member.file_size for member in members) > UNPACKED_LARGEST:
        raise EvidenceRefused(f"Файл «{name}» — не документ Word. Сохраните документ как DOCX или PDF.")
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        raise EvidenceRefused(f"В файле «{name}» есть макросы. Сохраните документ без них, как DOCX или PDF.")


CHECKS: Final[Mapping[str, Callable[[str, bytes], None]]] = {
    "pdf": starts_with(b"%PDF-"),
    "docx": check_docx,
    "xlsx": check_xlsx,
    "jpg": starts_with(b"\xff\xd8\xff"),
    "jpeg": starts_with(b"\xff\xd8\xff"),
    "png": starts_with(b"\x89PNG\r\n\x1a\n"),
}
CONTENT_TYPES: Final[Mapping[str, str]] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}
