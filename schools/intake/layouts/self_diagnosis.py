"""The self-diagnosis form SA-3 has a page of its own: here it is refused with the way there."""

from typing import Final

from schools.intake.cells import Book
from schools.intake.layouts.base import Layout
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ParsedFile
from schools.intake.template_meta import FORM_TITLES, SELF_DIAGNOSIS, form_of

OWN_PAGE: Final = "/self-assessment/"


def affinity(book: Book) -> float:
    return float(form_of(book) == SELF_DIAGNOSIS)


def parse(book: Book) -> ParsedFile:
    raise LayoutRefusal(
        Code.OTHER_FORM,
        f"Это форма {FORM_TITLES[form_of(book)]}: она принимается на странице самообследования.",
        action=f"Откройте {OWN_PAGE}, выберите свою форму и загрузите файл там.",
    )


LAYOUT: Final = Layout(
    code="self_diagnosis",
    title=f"Форма {FORM_TITLES[SELF_DIAGNOSIS]}",
    hint=f"загружается на странице {OWN_PAGE}",
    affinity=affinity,
    parse=parse,
)
