"""From a question to bytes: facts, document, files. Nothing is stored here."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from accounts.db import consistent_read
from reports.choices import FileFormat
from reports.document import Document
from reports.document.writers import xlsx
from reports.facts.codec import to_json
from reports.facts.frame import ReportSpec
from reports.kinds import kind_of, stored_document

STEPS = {FileFormat.XLSX: "Строим таблицы", FileFormat.PDF: "Верстаем страницы"}
Tell = Callable[[str, int], None]


@dataclass(frozen=True, kw_only=True)
class BuiltFile:
    format: FileFormat
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Built:
    """pages: of the PDF, None without one."""

    facts: dict[str, Any]
    document: Document
    files: tuple[BuiltFile, ...]
    pages: int | None

    @property
    def facts_sha256(self) -> str:
        return seal(self.facts)


def seal(facts: dict[str, Any]) -> str:
    """Return SHA-256 of the canonical JSON of facts."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_facts(spec: ReportSpec) -> dict[str, Any]:
    """Return the facts as they are stored. Raises UnknownReportKind, NothingToReport."""
    with consistent_read():
        facts: dict[str, Any] = to_json(kind_of(spec.kind).collect(spec))
    return facts


def build(spec: ReportSpec, formats: Iterable[FileFormat], tell: Tell) -> Built:
    """Return everything that a version stores. tell: called with the text and number of each step.

    The document is made of the stored form of the facts, so that the page of the version shows just the same.
    """
    tell("Собираем данные", 0)
    facts = read_facts(spec)
    document = stored_document(spec.kind, facts)
    files, pages = [], None
    for number, each in enumerate(formats, start=1):
        tell(STEPS[each], number)
        content, pages_now = write(document, each)
        files.append(BuiltFile(format=each, content=content))
        pages = pages_now or pages
    return Built(facts=facts, document=document, files=tuple(files), pages=pages)


def write(document: Document, file_format: FileFormat) -> tuple[bytes, int | None]:
    """Return the bytes of one format, and the number of pages if it has pages."""
    if file_format is FileFormat.XLSX:
        return xlsx.render(document), None
    from reports.document.writers import pdf  # noqa: PLC0415  WeasyPrint is for the worker, not for web processes

    made = pdf.render(document)
    return made.content, made.pages
