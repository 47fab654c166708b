"""The hidden sheet of the portal's own templates: which form, which version, whose, for what period.

Every template that the portal gives out carries it; what comes back of another version, or with the sheet changed, is
refused with the way to the right one. Whether the owner is the right one only the portal knows: see
`schools.importing.template_owner`.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from openpyxl import Workbook

from schools.intake.cells import Book
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.safe_cells import put
from schools.intake.values import text_of

META_SHEET: Final = "meta"
PAGE: Final = "/imports/templates/"
RESULTS: Final = "results"
REGISTRY: Final = "registry"
INTERNAL_WORKS: Final = "SA-5"
EVENTS: Final = "events"
SELF_DIAGNOSIS: Final = "SA-3"
FORM_TITLES: Final = {
    RESULTS: "Результаты",
    REGISTRY: "Реестр школ",
    "SA-1": "SA-1 «Контекст школы»",
    "SA-2": "SA-2 «Контингент»",
    SELF_DIAGNOSIS: "SA-3 «Самодиагностика»",
    "SA-4": "SA-4 «Кадры»",
    INTERNAL_WORKS: "SA-5 «Внутренние работы»",
    EVENTS: "Мероприятия",
}


@dataclass(frozen=True, kw_only=True)
class TemplateMeta:
    """What the hidden sheet says. inn: of the one school; territory: code, where many schools; all empty: anyone's.

    school: public id of the one school, where it has no ИНН of its own (a branch).
    period: the year as text, empty for a form that belongs to no year.
    """

    form: str
    version: int
    inn: str = ""
    territory: str = ""
    period: str = ""
    school: str = ""

    @property
    def checksum(self) -> str:
        parts = [self.form, str(self.version), self.inn, self.territory, self.period]
        parts += [self.school] if self.school else []  # templates given out before branches had a key stay valid
        return hashlib.sha256("|".join(parts).encode()).hexdigest()

    @property
    def title(self) -> str:
        return FORM_TITLES.get(self.form, self.form)

    @property
    def path(self) -> str:
        """Return where the portal gives out this very template."""
        asked = {"inn": self.inn, "school": self.school, "territory": self.territory, "period": self.period}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{PAGE}{self.form}/" + (f"?{query}" if query else "")

    def lines(self) -> dict[str, str]:
        """Return what stands on the sheet, line by line."""
        return {
            "form": self.form,
            "version": str(self.version),
            "inn": self.inn,
            "school": self.school,
            "territory": self.territory,
            "period": self.period,
            "checksum": self.checksum,
        }

    def as_json(self) -> dict[str, str]:
        """Return what the file of a batch remembers of its template."""
        return {name: value for name, value in self.lines().items() if name != "checksum"}


def write_meta(book: Workbook, meta: TemplateMeta) -> None:
    sheet = book.create_sheet(META_SHEET)
    for number, (name, value) in enumerate(meta.lines().items(), start=1):
        put(sheet, number, 1, name)
        put(sheet, number, 2, value).number_format = "@"
    sheet.protection.sheet = True
    sheet.sheet_state = "hidden"


def form_of(book: Book) -> str:
    """Return the code of the form that a book says it is, or an empty string."""
    return said(book).get("form", "")


def said(book: Book) -> dict[str, str]:
    sheet = book.sheet(META_SHEET)
    return {text_of(row.at(0)): text_of(row.at(1)) for row in sheet.rows} if sheet else {}


def read_meta(book: Book, form: str, version: int) -> TemplateMeta | None:
    """Return the hidden sheet of a template of this form and version; None when the book has no such sheet.

    Raises LayoutRefusal for another version and for a sheet that somebody has changed.
    """
    found = said(book)
    if not found.keys() & {"form", "checksum"}:
        return None
    meta = meta_of(found)
    if found.get("checksum") != meta.checksum or meta.form != form:
        raise damaged(form)
    if meta.version != version:
        raise outdated(meta, version)
    return meta


def blank_meta(book: Book) -> dict[str, str]:
    """Return what a template without a value says of itself; nothing for other books and for a changed sheet."""
    found = said(book)
    meta = meta_of(found)
    is_own = meta.form in FORM_TITLES and found.get("checksum") == meta.checksum
    return meta.as_json() if is_own else {}


def meta_of(found: Mapping[str, str]) -> TemplateMeta:
    """Return the lines of a hidden sheet as they are; a version that is no number is 0."""
    given = found.get("version", "")
    return TemplateMeta(
        form=found.get("form", ""),
        version=int(given) if re.fullmatch(r"[0-9]{1,6}", given) else 0,
        inn=found.get("inn", ""),
        school=found.get("school", ""),
        territory=found.get("territory", ""),
        period=found.get("period", ""),
    )


def damaged(form: str) -> LayoutRefusal:
    return LayoutRefusal(
        Code.DAMAGED_TEMPLATE,
        f"Служебный лист шаблона «{FORM_TITLES[form]}» изменён, поэтому неизвестно, чей он и за какой год.",
        action=f"Скачайте шаблон заново и перенесите в него данные: {PAGE}{form}/.",
    )


def outdated(meta: TemplateMeta, version: int) -> LayoutRefusal:
    return LayoutRefusal(
        Code.OLD_TEMPLATE,
        f"Шаблон «{meta.title}» другой версии.",
        found=f"версия {meta.version}",
        expected=f"версия {version}",
        action=f"Скачайте действующий шаблон и перенесите в него данные: {meta.path}.",
    )


def is_year(text: str) -> bool:
    return bool(re.fullmatch(r"20[0-9]{2}", text))
