"""A document as PDF on paper of ГОСТ Р 7.0.97: tagged, with its language and title, in fonts of our own.

Imported by the worker only: WeasyPrint costs half a second and 100 MB that a web process does not have.
"""

import logging
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from django.utils.html import format_html
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from reports.document.model import Document
from reports.document.profiles import FormatProfile, profile_on

from .html import print_html

logger = logging.getLogger(__name__)

MAX_TABLE_ROWS: Final = 2000  # 8 000 rows cost 25 s and 660 MB; the rest of a long table is read in XLSX
FONTS: Final = Path(__file__).resolve().parents[2] / "fonts"
STYLES: Final = Path(__file__).with_name("print.css")
SCHEME: Final = "asset:"
FONT_FILES: Final = ("PTSerif-Regular.ttf", "PTSerif-Bold.ttf")
ASSETS: Final = {name: (FONTS / name).read_bytes() for name in FONT_FILES}
UNTAGGED_NOTE: Final = (
    "Файл сформирован без разметки для программ экранного доступа. "
    "Доступная версия документа – на странице справки в портале."
)


class AssetFetcher(URLFetcher):
    """Gives our fonts and refuses everything else: neither files of the server nor addresses of the network."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        name = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or name not in ASSETS:
            raise ValueError(f"Not an asset of the portal: {url[:200]}")
        return URLFetcherResponse(url, BytesIO(ASSETS[name]), {"Content-Type": "font/ttf"})


@dataclass(frozen=True)
class Pdf:
    content: bytes
    pages: int
    is_tagged: bool


def render(document: Document, profile: FormatProfile | None = None) -> Pdf:
    """Return the PDF. Falls back to an untagged file with a visible note if the tagged one cannot be made."""
    styles = page_css(profile or profile_on(document.date))
    try:
        return _write(document, styles, variant="pdf/ua-1")
    except RecursionError:
        raise
    except Exception:  # the tagger of WeasyPrint fails on some layouts with errors of many types (its issue 2761)
        logger.exception("Tagged PDF failed, writing an untagged one: %s", document.code)
        return _write(document, styles, variant=None)


def page_css(profile: FormatProfile) -> str:
    """Return the sizes of the standard as a style sheet."""
    margins = (
        f"{profile.margin_top_mm}mm {profile.margin_right_mm}mm {profile.margin_bottom_mm}mm {profile.margin_left_mm}mm"
    )
    return f"""
@page {{ size: A4; margin: {margins};
  @top-center {{ content: counter(page); font: {profile.font_pt - 1}pt "PT Serif"; vertical-align: top;
    padding-top: {profile.page_number_mm}mm; }} }}
@page :first {{ @top-center {{ content: none; }} }}
@page wide {{ size: A4 landscape; }}
html {{ font-size: {profile.font_pt}pt; line-height: {profile.line_spacing}; }}
p {{ text-indent: {profile.indent_cm}cm; }}
h2, h3, ul > li {{ text-indent: {profile.indent_cm}cm; }}
table, .doc-tablenote, .doc-executor {{ font-size: {profile.table_font_pt}pt; line-height: 1.2; }}
.doc-annex, .doc-approval {{ width: {profile.requisite_width_cm}cm; }}
"""


def _write(document: Document, styles: str, *, variant: str | None) -> Pdf:
    note = "" if variant else UNTAGGED_NOTE
    markup = format_html(
        '<!DOCTYPE html><html lang="{}"><head><meta charset="utf-8"><title>{}</title>'
        '<meta name="generator" content="Ориентир"></head><body>{}</body></html>',
        document.language,
        document.title,
        print_html(document, note=note, max_rows=MAX_TABLE_ROWS),
    )
    fetcher, fonts = AssetFetcher(), FontConfiguration()
    sheets = [
        CSS(string=text, url_fetcher=fetcher, font_config=fonts, base_url=SCHEME)
        for text in (STYLES.read_text(encoding="utf-8"), styles)
    ]
    options = {"pdf_variant": variant, "pdf_tags": bool(variant), "presentational_hints": True}
    rendered = HTML(string=str(markup), url_fetcher=fetcher, base_url=SCHEME).render(
        font_config=fonts,
        stylesheets=sheets,
        **options,
    )
    content = rendered.write_pdf(**options)
    return Pdf(content=content, pages=len(rendered.pages), is_tagged=bool(variant))
