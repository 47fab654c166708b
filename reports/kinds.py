"""The kinds of reports: how each reads its facts and words its document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reports.choices import ReportKind
from reports.document import Document
from reports.errors import UnknownReportKind
from reports.facts import r1, r4, r8, r8s, r9
from reports.facts.codec import from_json
from reports.facts.frame import ReportSpec
from reports.facts.parts import Caution
from reports.texts import r1 as r1_text
from reports.texts import r4 as r4_text
from reports.texts import r8 as r8_text
from reports.texts import r8s as r8s_text
from reports.texts import r9 as r9_text


@dataclass(frozen=True, kw_only=True)
class Kind:
    """facts: the class; collect: reads rows; document: pure, from the facts alone."""

    facts: type[Any]
    collect: Callable[[ReportSpec], Any]
    document: Callable[[Any], Document]


KINDS: Final[Mapping[str, Kind]] = {
    ReportKind.R1: Kind(facts=r1.R1Facts, collect=r1.collect, document=r1_text.document),
    ReportKind.R4: Kind(facts=r4.R4Facts, collect=r4.collect, document=r4_text.document),
    ReportKind.R8: Kind(facts=r8.R8Facts, collect=r8.collect, document=r8_text.document),
    ReportKind.R8S: Kind(facts=r8s.R8SFacts, collect=r8s.collect, document=r8s_text.document),
    ReportKind.R9: Kind(facts=r9.R9Facts, collect=r9.collect, document=r9_text.document),
}


def kind_of(code: str) -> Kind:
    """Return a kind by its code. Raises UnknownReportKind."""
    try:
        return KINDS[code]
    except KeyError:
        raise UnknownReportKind(f"Вида справки «{code}» нет. Есть: {', '.join(KINDS)}.") from None


def stored_document(code: str, facts: Mapping[str, Any]) -> Document:
    """Return the document of stored facts; nothing else is read. Raises UnknownReportKind, UnreadableFacts."""
    kind = kind_of(code)
    return kind.document(from_json(kind.facts, facts))


def stored_cautions(code: str, facts: Mapping[str, Any]) -> tuple[Caution, ...]:
    cautions: tuple[Caution, ...] = from_json(kind_of(code).facts, facts).cautions
    return cautions
