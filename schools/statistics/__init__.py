"""Catalogues of the forms that the administration of a school fills in once a year: SA-1, SA-2, SA-4.

The way in is `catalogue_of(form)`. Knows no Django: layouts read by a catalogue, templates are written by it.
Source: domain specification, 2.6, 3.8, 5.4.
"""

from schools.statistics.catalogue import (
    CONTEXT,
    CONTINGENT,
    FORMS,
    STAFF,
    Catalogue,
    CatalogueError,
    Item,
    ItemKind,
    Lines,
    Section,
    catalogue_of,
)

__all__ = [
    "CONTEXT",
    "CONTINGENT",
    "FORMS",
    "STAFF",
    "Catalogue",
    "CatalogueError",
    "Item",
    "ItemKind",
    "Lines",
    "Section",
    "catalogue_of",
]
