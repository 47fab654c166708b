"""Imports: put cells right, say which school is meant, look after what is remembered."""

import uuid
from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import access
from accounts.answers import outcome_told
from accounts.errors import ActionRefused
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.permissions import Permission
from accounts.russian import count, listing
from schools.access import may, scope_of
from schools.actions.import_review import confirm_school, correct_cells, forget_alias, leave_out, mark_absent
from schools.actions.imports import check
from schools.choices import BatchState
from schools.importing import job_runs
from schools.importing.all_problems import shown_problems
from schools.importing.corrections import Correction, corrected
from schools.importing.errors import CorrectionRefused, NotInQueue, WrongBatchState
from schools.importing.remarks import remarks_page
from schools.importing.unmatched import alias_words, queue_of, school_by_number, with_proposals
from schools.intake.corrections import address_of
from schools.intake.rows import ProblemCode, Severity
from schools.models import ImportBatch, ImportFile, School, SchoolAlias
from schools.views.imports import last_job, own_batch, visible_batch

QUEUE_ON_PAGE = 20
ALIASES_ON_PAGE = 50
SMALL_BYTES = 256 * 1024
SMALL_FILES = 3
NAMED = 3  # schools that a message calls by name
ABSENT = "absent"
CELLS = "ячейка,ячейки,ячеек"
SCHOOLS = "школа,школы,школ"


# Remarks and single cells


@require_safe
@access(Permission.VIEW_IMPORTS)
def batch_remarks(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show all remarks on the files, with a field beside each cell that can be put right here."""
    batch = visible_batch(request, pk)
    context = {
        "batch": batch,
        "remarks": remarks_page(batch, request.GET),
        "may_correct": may(request.user, Permission.IMPORT_RESULTS, batch.territory)
        and batch.state == BatchState.CHECKED,
    }
    return render(request, "imports/batch_remarks.html", context)


@require_POST
@access(Permission.IMPORT_RESULTS)
def file_correct(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep the typed values of cells of one file and have its batch checked again."""
    file = get_object_or_404(ImportFile.objects.visible_to(request.user).for_page(), pk=pk)
    batch = own_batch(request, file.batch_id)
    given, refused = fitting([one for one in corrections_in(request.POST) if is_news(one, file)])
    for text in refused:  # the others are kept: one wrong address must not cost what stands beside it
        messages.error(request, text)
    back = f"{reverse('imports:remarks', args=(batch.pk,))}?{request.POST.get('query', '')}"
    if not given:
        if not refused:
            messages.warning(request, "Ничего не исправлено: впишите значение рядом с замечанием.")
        return answer(request, back)
    try:
        refuse_while_busy(batch)
        correct_cells(file=file, given=given, by=request.user)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
        return answer(request, back)
    if not check_again(request, batch):
        tell_of_check(request, f"Вписано: {count(len(given), CELLS)}.", is_checked=False)
        return answer(request, batch.get_absolute_url())
    reasons = in_vain(given, file)
    tell_of_corrections(request, len(given), reasons)
    return answer(request, back if reasons or refused else batch.get_absolute_url())


@require_POST
@access(Permission.IMPORT_RESULTS)
def file_leave_out(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take another file's word for a row, or take the rows of this file back."""
    file = get_object_or_404(ImportFile.objects.visible_to(request.user).for_page(), pk=pk)
    batch = own_batch(request, file.batch_id)
    row = request.POST.get("row", "")
    try:
        refuse_while_busy(batch)
        left = int(row) if row.isdecimal() else None
        leave_out(file=file, sheet=request.POST.get("sheet", ""), row=left, by=request.user)
        done = "Строка не будет взята." if row else "Строки файла возвращены."
        tell_of_check(request, done, is_checked=check_again(request, batch))
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
    return answer(request, batch.get_absolute_url())


def corrections_in(data: QueryDict) -> Iterator[Correction]:
    """Yield the fields of a form: sheet, cell and value come as three lists of one length."""
    lists = (data.getlist(name) for name in ("sheet", "cell", "value"))
    for sheet, cell, value in zip(*lists, strict=False):
        yield Correction(sheet=sheet, cell=cell.strip().upper(), value=value)


def fitting(given: Sequence[Correction]) -> tuple[list[Correction], list[str]]:
    """Return the corrections that can be kept, and why the others cannot."""
    kept, refused = [], []
    for one in given:
        try:
            corrected({}, [one])
            kept.append(one)
        except CorrectionRefused as refusal:
            refused.append(refusal.text)
    return kept, refused


def is_news(one: Correction, file: ImportFile) -> bool:
    """Answer whether a field was filled in, or emptied where a correction stood."""
    return bool(one.cell) and one.value.strip() != file.corrections.get(one.sheet, {}).get(one.cell, "")


def refuse_while_busy(batch: ImportBatch) -> None:
    job = last_job(batch)
    if job and job.is_active:
        raise WrongBatchState("Загрузка сейчас обрабатывается. Дождитесь окончания и повторите.")


def tell_of_corrections(request: AuthenticatedHttpRequest, typed: int, reasons: Sequence[str]) -> None:
    """Say «Исправлено: 1 ячейка. Ещё с ошибкой: 2 ячейки. Строка 7, столбец «2»: …» after the check."""
    right = typed - len(reasons)
    parts = [f"Исправлено: {count(right, CELLS)}."] if right else []
    if reasons:
        failed = "Ещё с ошибкой" if right else "Вписанное тоже с ошибкой"
        parts += [f"{failed}: {count(len(reasons), CELLS)}.", reasons[0]]
    level = messages.WARNING if reasons else messages.SUCCESS
    messages.add_message(request, level, " ".join([*parts, "Загрузка проверена заново."]))


def in_vain(given: Sequence[Correction], file: ImportFile) -> list[str]:
    """Return why typed values mend nothing: for each that is wrong, or for a cell that the file lacks, its remark."""
    file.refresh_from_db(fields=["problems"])
    wrong: dict[str, str] = {}
    for problem in shown_problems(file):
        if problem["code"] == ProblemCode.CORRECTIONS_LEFT_OUT:
            wrong.setdefault(problem["found"], problem["text"])
        elif problem["severity"] == Severity.ERROR and problem["cell"]:
            wrong.setdefault(address_of(problem["sheet"], problem["cell"]), problem["text"])
    places = (address_of(one.sheet, one.cell) for one in given)
    return [wrong[place] for place in places if place in wrong]


def check_again(request: AuthenticatedHttpRequest, batch: ImportBatch) -> bool:
    """Check a small batch at once, have a job check a large one; return whether it is checked already."""
    sizes = list(batch.files.exclude(content="").values_list("size", flat=True))
    if len(sizes) <= SMALL_FILES and sum(sizes) <= SMALL_BYTES:
        batch.refresh_from_db()
        check(batch=batch, at=timezone.now())
        return True
    job_runs.queue(job_runs.CHECK, batch, by=request.user)
    return False


def tell_of_check(request: AuthenticatedHttpRequest, done: str, *, is_checked: bool) -> None:
    messages.success(request, f"{done} Загрузка {'проверена' if is_checked else 'проверяется'} заново.")


def answer(request: AuthenticatedHttpRequest, url: str) -> HttpResponse:
    """Lead to a page: a form sent in the background keeps what was typed when the session has ended."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


# Schools that were not matched


@require_http_methods(["GET", "HEAD", "POST"])
@access(Permission.VIEW_IMPORTS)
def batch_schools(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the whole queue of schools; take the answers and have the batch checked again."""
    batch = visible_batch(request, pk)
    if request.method == "POST":
        return match_schools(request, own_batch(request, pk))
    page = Paginator(queue_of(batch.files.order_by("name", "pk")), QUEUE_ON_PAGE).get_page(request.GET.get("page"))
    with_proposals(page.object_list, batch, request.user)
    may_match = may(request.user, Permission.IMPORT_RESULTS, batch.territory) and batch.state == BatchState.CHECKED
    return render(request, "imports/batch_schools.html", {"batch": batch, "page": page, "may_match": may_match})


def match_schools(request: AuthenticatedHttpRequest, batch: ImportBatch) -> HttpResponse:
    back = reverse("imports:schools", args=(batch.pk,))
    try:
        refuse_while_busy(batch)
        matched, absent, refused = answered(request, batch)
    except ActionRefused as refusal:
        messages.error(request, refusal.text)
        return answer(request, back)
    for text in refused:
        messages.error(request, text)
    if matched:
        tell_of_check(request, f"Сопоставлено: {names_of(matched)}.", is_checked=check_again(request, batch))
    elif absent:
        messages.success(request, f"Отмечено, что в реестре нет: {count(absent, SCHOOLS)}.")
    elif not refused:
        messages.warning(request, "Ничего не выбрано: отметьте школу из предложенных или впишите её ИНН.")
    return answer(request, batch.get_absolute_url() if matched and not refused else back)


def answered(request: AuthenticatedHttpRequest, batch: ImportBatch) -> tuple[list[School], int, list[str]]:
    """Carry the answers of a form out, each by itself: one that cannot be must not cost the others.

    Return the schools that were matched, how many are not in the registry, and what could not be carried out.
    """
    matched, absent, refused = [], 0, []
    labels = {queued.key: queued.ref.label for queued in queue_of(batch.files.all())}
    for number, key in enumerate(request.POST.getlist("key")):
        choice = request.POST.get(f"choice-{number}", "")
        typed = request.POST.get(f"inn-{number}", "").strip()
        try:
            if typed or (choice and choice != ABSENT):
                school = told_school(choice, typed, batch, request.user)
                confirm_school(batch=batch, key=key, school=school, by=request.user, at=timezone.now())
                matched.append(school)
            elif choice == ABSENT:
                mark_absent(batch=batch, key=key, by=request.user)
                absent += 1
        except ActionRefused as refusal:
            refused.append(f"«{labels.get(key, key)}» в файле: {refusal.text}")
    return matched, absent, refused


def told_school(choice: str, typed: str, batch: ImportBatch, user: User) -> School:
    """Return the school that an answer means. Raises NotInQueue for an unknown one, and for two that differ."""
    school = school_by_number(typed or choice, batch, user)
    if school is None:
        raise NotInQueue(f"Школы «{typed or choice}» среди ваших школ нет. Проверьте ИНН или логин.")
    if typed and choice and choice != str(school.pk):
        raise NotInQueue(
            f"Отмечено одно, а вписан номер другой школы: {school.name}. Оставьте что-то одно: выбор или номер.",
        )
    return school


def names_of(schools: Sequence[School]) -> str:
    """Return the names of a few schools, the number of many."""
    return listing([school.name for school in schools]) if len(schools) <= NAMED else count(len(schools), SCHOOLS)


# What is remembered


@require_safe
@access(Permission.VIEW_IMPORTS)
def alias_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    aliases = SchoolAlias.objects.visible_to(request.user).for_page()
    page = Paginator(aliases.newest_first(), ALIASES_ON_PAGE).get_page(request.GET.get("page"))
    own = scope_of(request.user, Permission.IMPORT_RESULTS)
    lines = [(alias, alias_words(alias.normalised_name), own.covers(alias.school)) for alias in page]
    return render(request, "imports/alias_list.html", {"page": page, "lines": lines})


@require_POST
@access(Permission.IMPORT_RESULTS)
def alias_delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    alias = get_object_or_404(SchoolAlias.objects.visible_to(request.user).for_page(), pk=pk)
    with outcome_told(request, f"Сопоставление «{alias_words(alias.normalised_name)}» удалено."):
        forget_alias(alias=alias, by=request.user)
    return redirect("imports:aliases")
