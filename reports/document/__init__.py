"""An official document: its words (`model`, `figures`), its paper (`profiles`), and its writers.

This is the front door: builders of documents import from here. Writers are imported one by one, because
the PDF writer is too heavy for a web process.
"""

from .figures import MISSING, Figure, Source, SourceKind, Unit
from .model import (
    Align,
    Approval,
    Bar,
    BarChart,
    Block,
    BulletList,
    Column,
    Document,
    Heading,
    ListItem,
    Note,
    NumberedList,
    PageBreak,
    Paragraph,
    Row,
    Signature,
    Table,
    Term,
    Text,
    Tone,
    numbered,
)

__all__ = [
    "MISSING",
    "Align",
    "Approval",
    "Bar",
    "BarChart",
    "Block",
    "BulletList",
    "Column",
    "Document",
    "Figure",
    "Heading",
    "ListItem",
    "Note",
    "NumberedList",
    "PageBreak",
    "Paragraph",
    "Row",
    "Signature",
    "Source",
    "SourceKind",
    "Table",
    "Term",
    "Text",
    "Tone",
    "Unit",
    "numbered",
]
