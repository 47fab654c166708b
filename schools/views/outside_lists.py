"""Lists typed in with their order: opened, filled by search, paste or a workbook, mended while they are drafts."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import access
from accounts.answers import outcome_told
from accounts.errors import ActionRefused
from accounts.http import FORM_METHODS, AuthenticatedHttpRequest
from accounts.permissions import Permission
from accounts.russian import count
from schools.access import require
from schools.actions.outside_lists import add_schools, open_list, remove_school
from schools.choices import ListKind
from schools.forms_lists import OutsideListForm, SchoolsForm
from schools.intake.limits import DEFAULT_LIMITS
from schools.intake.reader import read_workbook
from schools.intake.refusals import Refusal
from schools.list_rows import rows_of_book, rows_of_text, schools_named
from schools.models import SchoolList
from schools.views.identification import show_runs
from schools.views.lists import own_list, show_list
from schools.views.run_table import is_uuid

SCHOOLS: Final = "школа,школы,школ"
LINES: Final = "строка,строки,строк"
UNKNOWN_SHOWN: Final = 10
LETTERS: Final = 2
MEND: Final = "Проверьте ИНН или найдите школы поиском."


@require_http_methods(FORM_METHODS)
@access(Permission.PUBLISH_LIST)
def create(request: AuthenticatedHttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("identification:runs")
    form = OutsideListForm(request.POST, user=request.user)
    if not form.is_valid():
        return show_runs(request, outside=form)
    territory = form.cleaned_data["territory"]
    require(request.user, Permission.PUBLISH_LIST, territory)
    kind, year = ListKind(form.cleaned_data["kind"]), form.cleaned_data["year"]
    return redirect(open_list(kind=kind, year=year, territory=territory, by=request.user, at=timezone.now()))


@require_POST
@access(Permission.PUBLISH_LIST)
def add(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put schools into a draft; what nobody was found for stays in the form to be corrected, the others go in (422)."""
    school_list = own_list(request, pk)
    form = SchoolsForm(request.POST, request.FILES)
    if not form.is_valid():
        return show_list(request, school_list, filling=form)
    try:
        chosen = chosen_schools(form, school_list)
        number = add_schools(
            school_list=school_list, schools=chosen.schools, note=form.cleaned_data["note"], by=request.user
        )
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
        return redirect(school_list)
    except Refusal as refusal:
        form.add_error("file", str(refusal))
        return show_list(request, school_list, filling=form)
    tell_added(request, number, len(chosen.schools) - number)
    if not chosen.unknown_lines and not chosen.unknown_rows:
        return redirect(school_list)
    form.leave(chosen.unknown_lines)
    for name, error in unknown_words(chosen).items():
        form.add_error(name, error)
    return show_list(request, school_list, filling=form)


def tell_added(request: AuthenticatedHttpRequest, added: int, rest: int) -> None:
    """Say how many schools went in, and how many of those named did not: they are in the list or of another place."""
    if added:
        messages.success(request, f"Добавлено: {count(added, SCHOOLS)}.")
    if rest:
        messages.info(request, f"Не добавлено: {count(rest, SCHOOLS)}. Они уже в перечне или не на его территории.")


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What a form names. unknown_lines: as pasted; unknown_rows: number in the book -> first letters, no more."""

    schools: set[uuid.UUID]
    unknown_lines: list[str] = field(default_factory=list)
    unknown_rows: dict[int, str] = field(default_factory=dict)


def chosen_schools(form: SchoolsForm, school_list: SchoolList) -> Chosen:
    """Return the schools that the form names, and what nobody was found for. Raises Refusal for a wrong file."""
    ticked = {uuid.UUID(key) for key in form.cleaned_data["school"] if is_uuid(key)}
    lines = form.cleaned_data["pasted"].splitlines()
    pasted, book = rows_of_text(form.cleaned_data["pasted"]), list(rows_of_file(form.cleaned_data["file"]))
    rows = [*pasted, *(cells for _, cells in book)]
    if not rows:
        return Chosen(schools=ticked)
    named = schools_named(rows, school_list.territory)
    in_book = [book[place - len(pasted)] for place in named.unknown if place >= len(pasted)]
    return Chosen(
        schools=ticked | {school.pk for school in named.schools},
        unknown_lines=[lines[place] for place in named.unknown if place < len(pasted)],
        unknown_rows={number: first_letters(cells) for number, cells in in_book},
    )


def rows_of_file(file: Any) -> Iterator[tuple[int, list[str]]]:
    if file:
        yield from rows_of_book(read_workbook(file.read(DEFAULT_LIMITS.file_bytes + 1)))


def first_letters(cells: Sequence[str]) -> str:
    """Return enough to find a cell and too little to know a person by."""
    word = next((cell.strip() for cell in cells if any(letter.isalpha() for letter in cell)), "")
    return f"{word[:LETTERS]}…" if word else "…"


def unknown_words(chosen: Chosen) -> dict[str, str]:
    """Return field of the form -> what of it was not found."""
    told = {}
    if chosen.unknown_lines:
        told["pasted"] = f"Не найдены на территории перечня: {count(len(chosen.unknown_lines), LINES)}. {MEND}"
    if chosen.unknown_rows:
        rows = [f"{number} («{letters}»)" for number, letters in chosen.unknown_rows.items()]
        more = f" и ещё {len(rows) - UNKNOWN_SHOWN}" if len(rows) > UNKNOWN_SHOWN else ""
        told["file"] = f"Не найдены на территории перечня строки книги: {', '.join(rows[:UNKNOWN_SHOWN])}{more}. {MEND}"
    return told


@require_POST
@access(Permission.PUBLISH_LIST)
def remove(request: AuthenticatedHttpRequest, pk: uuid.UUID, school: uuid.UUID) -> HttpResponse:
    school_list = own_list(request, pk)
    with outcome_told(request, "Школа убрана из черновика."):
        remove_school(school_list=school_list, school=school, by=request.user)
    return redirect(school_list)
