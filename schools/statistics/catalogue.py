"""Reading of a catalogue from its file, and what must hold in it."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
CONTEXT: Final = "SA-1"
CONTINGENT: Final = "SA-2"
STAFF: Final = "SA-4"
FORMS: Final = (CONTEXT, CONTINGENT, STAFF)
CODE_LENGTH: Final = 40


class ItemKind(StrEnum):
    COUNT = "count"
    DECIMAL = "decimal"
    PERCENT = "percent"
    INDEX = "index"
    FLAG = "flag"
    TEXT = "text"
    URL = "url"
    DATE = "date"

    @property
    def is_number(self) -> bool:
        return self in NUMBER_KINDS


NUMBER_KINDS: Final = frozenset({ItemKind.COUNT, ItemKind.DECIMAL, ItemKind.PERCENT, ItemKind.INDEX})


class Lines(StrEnum):
    """What stands one in a line of the form; the other one stands in columns."""

    ITEMS = "items"
    SECTIONS = "sections"


class CatalogueError(ValueError):
    """A catalogue contradicts itself; the message names the form and the place."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the school that a value is about: a level, a subject; the code "" is the school itself."""

    code: str
    title: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Item:
    """What is counted. whole: code of the item that it is a part of; distribution: parts that make up the whole.

    needs: items without which the value says nothing. sections: where it has a sense, empty for everywhere.
    """

    code: str
    number: str
    group: str
    title: str
    unit: str
    kind: ItemKind = ItemKind.COUNT
    whole: str = ""
    lowest: Decimal = Decimal(0)
    highest: Decimal | None = None
    required: bool = False
    distribution: str = ""
    needs: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()

    def is_asked_in(self, section: str) -> bool:
        return not self.sections or section in self.sections


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """One version of a form. total: code of the section that the others add up to, "" when there is none."""

    form: str
    version: int
    title: str
    lines: Lines
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    total: str = ""

    @cached_property
    def by_code(self) -> Mapping[str, Item]:
        return {item.code: item for item in self.items}

    def item(self, code: str) -> Item:
        return self.by_code[code]

    def section(self, code: str) -> Section:
        return next(section for section in self.sections if section.code == code)

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.group for item in self.items))

    @property
    def parts_of_total(self) -> tuple[str, ...]:
        """Return the sections that add up to the total."""
        return tuple(section.code for section in self.sections if section.code != self.total) if self.total else ()

    @property
    def distributions(self) -> Mapping[str, tuple[Item, ...]]:
        names = dict.fromkeys(item.distribution for item in self.items if item.distribution)
        return {name: tuple(item for item in self.items if item.distribution == name) for name in names}


@cache
def catalogue_of(form: str) -> Catalogue:
    """Return the shipped catalogue of a form. Raises KeyError for a form that has none, CatalogueError."""
    if form not in FORMS:
        raise KeyError(form)
    return read_catalogue(FOLDER / f"{form.replace('-', '').lower()}.toml")


def read_catalogue(path: Path) -> Catalogue:
    """Return a catalogue from its file. Raises CatalogueError naming everything that does not hold."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    catalogue = Catalogue(
        form=content["form"],
        version=content["version"],
        title=content["title"],
        lines=Lines(content["lines"]),
        sections=tuple(section_from(entry) for entry in content["sections"]),
        items=tuple(item_from(entry) for entry in content["items"]),
        total=content.get("total", ""),
    )
    if faults := [*repetitions(catalogue), *broken_links(catalogue), *broken_ranges(catalogue)]:
        raise CatalogueError(f"{catalogue.form}: {'; '.join(faults)}")
    return catalogue


def section_from(entry: Mapping[str, Any]) -> Section:
    return Section(code=entry["code"], title=entry["title"], synonyms=tuple(entry.get("synonyms", ())))


def item_from(entry: Mapping[str, Any]) -> Item:
    fields: dict[str, Any] = {"kind": ItemKind(entry.get("kind", ItemKind.COUNT))}
    if fields["kind"] == ItemKind.PERCENT:
        fields["highest"] = Decimal(100)
    fields |= {name: Decimal(str(entry[name])) for name in ("lowest", "highest") if name in entry}
    fields |= {name: tuple(entry[name]) for name in ("needs", "sections") if name in entry}
    return Item(**{**entry, **fields})


def repetitions(catalogue: Catalogue) -> Iterable[str]:
    for name, values in (
        ("section", [section.code for section in catalogue.sections]),
        ("item", [item.code for item in catalogue.items]),
        ("number", [item.number for item in catalogue.items]),
    ):
        yield from (f"{name} {value!r} is repeated" for value, times in Counter(values).items() if times > 1)
    yield from (f"code {item.code!r} is too long" for item in catalogue.items if len(item.code) > CODE_LENGTH)


def broken_links(catalogue: Catalogue) -> Iterable[str]:
    """Yield every reference to an item or a section that is not there or that makes no sense."""
    sections = {section.code for section in catalogue.sections}
    if catalogue.total and catalogue.total not in sections:
        yield f"total {catalogue.total!r} is no section"
    for item in catalogue.items:
        for other in (*item.needs, *([item.whole] if item.whole else [])):
            if other not in catalogue.by_code or other == item.code:
                yield f"{item.code}: no item {other!r} to lean on"
        if unknown := set(item.sections) - sections:
            yield f"{item.code}: no section {min(unknown)!r}"
        if item.distribution and not item.whole:
            yield f"{item.code}: a part of a distribution needs its whole"


def broken_ranges(catalogue: Catalogue) -> Iterable[str]:
    for item in catalogue.items:
        if item.highest is not None and item.highest <= item.lowest:
            yield f"{item.code}: highest {item.highest} is not above lowest {item.lowest}"
        if item.whole and not item.kind.is_number:
            yield f"{item.code}: {item.kind} cannot be a part of a whole"
