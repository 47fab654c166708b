"""Workbooks that are too big to be made while a page is waited for: made by jobs, kept for some days.

Parameters: of a marked file its id; of a template its code, what it is of (`school` or `territory`), `period`, `fill`;
of the templates of a batch its id.
"""

from typing import Final

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Permission
from accounts.russian import count
from jobs.actions import enqueue
from jobs.files import KEPT_WORDS, keep
from jobs.models import Job
from jobs.progress import Progress
from jobs.registry import JobFailed, JobResult, job_kind
from schools.importing.all_problems import problems_of_file
from schools.importing.annotation import marked_workbook
from schools.importing.batch_template import archived, batch_templates
from schools.importing.templates import REGISTERED, Asked
from schools.intake.limits import DEFAULT_LIMITS
from schools.models import ImportBatch, ImportFile, School, Territory

MARKED: Final = "imports.marked"
TEMPLATE: Final = "imports.template"
BATCH_TEMPLATE: Final = "imports.batch_template"
KINDS: Final = (MARKED, TEMPLATE, BATCH_TEMPLATE)
SECONDS: Final = 600
REMARKS: Final = "замечание,замечания,замечаний"
LOST: Final = "Файл не найден в хранилище портала. Сообщите администратору портала."


# Asking


def queue_marked(file: ImportFile, *, by: User) -> Job:
    return enqueue(kind=MARKED, params={"file": str(file.pk)}, by=by, title=f"Файл с пометками: {file.name}")


def queue_template(code: str, asked: Asked, *, by: User) -> Job:
    owner = {"school": str(asked.school.pk)} if asked.school else {"territory": asked.territory.code}
    params = {"code": code, **owner, "period": asked.period, "fill": asked.is_filled}
    return enqueue(kind=TEMPLATE, params=params, by=by, title=f"Шаблон «{REGISTERED[code].title}»: {asked.owner}")


def queue_batch_template(batch: ImportBatch, *, by: User) -> Job:
    return enqueue(kind=BATCH_TEMPLATE, params={"batch": str(batch.pk)}, by=by, title=f"Шаблоны: {batch}")


# Making


@job_kind(MARKED, title="Файл с пометками", permission=Permission.VIEW_IMPORTS, seconds=SECONDS)
def make_marked(job: Job, progress: Progress) -> JobResult:
    """Mark the problems of a file in itself, all that were found."""
    file = files_visible_to(person_of(job)).filter(pk=job.parameters["file"]).first()
    if file is None:
        raise JobFailed("Файла больше нет среди тех, которые вам видны.")
    progress.step("Читаем файл")
    try:
        with file.content.open("rb") as content:
            data = content.read()
    except (FileNotFoundError, ValueError):
        raise JobFailed(LOST) from None
    problems = list(problems_of_file(file))

    def step(text: str, done: int, total: int) -> None:
        progress.step(text, done=done, total=total)

    book = marked_workbook(data, problems, file.corrections, step=step)
    return finish(job, progress, marked_name(file), book, count(len(problems), REMARKS))


def files_visible_to(user: User) -> QuerySet[ImportFile]:
    return ImportFile.objects.filter(batch__in=ImportBatch.objects.visible_to(user))


def marked_name(file: ImportFile) -> str:
    return f"{file.name.rpartition('.')[0]} с пометками.xlsx"


@job_kind(TEMPLATE, title="Шаблон", permission=Permission.VIEW_SCHOOLS, seconds=SECONDS)
def make_template(job: Job, progress: Progress) -> JobResult:
    template, asked = REGISTERED[job.parameters["code"]], asked_of(job, person_of(job))
    lines = template.lines * len(asked.schools)
    if lines > DEFAULT_LIMITS.rows:
        about = count(lines, "строки,строк,строк")
        raise JobFailed(
            f"В шаблоне «{template.title}» получилось бы около {about}, а загрузить портал "
            f"может не больше {DEFAULT_LIMITS.rows}. Выберите муниципалитет или школу.",
        )
    progress.step(f"Заполняем шаблон: {count(len(asked.schools), 'школа,школы,школ')}")
    return finish(job, progress, template.file_name(asked), template.build(asked))


def asked_of(job: Job, by: User) -> Asked:
    """Return what was asked for, as the person sees it now. Raises JobFailed when nothing of it is seen any more."""
    params = job.parameters
    visible = School.objects.visible_to(by).select_related("territory")
    if params.get("school"):
        school = visible.filter(pk=params["school"]).first()
        territory, schools = (school.territory if school else None), ([school] if school else [])
    else:
        school, territory = None, Territory.objects.visible_to(by).filter(code=params["territory"]).first()
        schools = list(visible.in_territory(territory).active().order_by("name", "pk")) if territory else []
    if territory is None:
        raise JobFailed("Школы или территории больше нет среди тех, которые вам видны.")
    return Asked(territory=territory, school=school, schools=schools, period=params["period"], is_filled=params["fill"])


@job_kind(BATCH_TEMPLATE, title="Шаблоны загрузки", permission=Permission.VIEW_IMPORTS, seconds=SECONDS)
def make_batch_template(job: Job, progress: Progress) -> JobResult:
    batches = ImportBatch.objects.visible_to(person_of(job)).select_related("territory__parent", "school__territory")
    batch = batches.filter(pk=job.parameters["batch"]).first()
    if batch is None:
        raise JobFailed("Загрузки больше нет среди тех, которые вам видны.")
    progress.step("Собираем данные загрузки")
    books = batch_templates(batch, most_lines=DEFAULT_LIMITS.rows)
    return finish(job, progress, *one_file(books))


def one_file(books: dict[str, bytes]) -> tuple[str, bytes]:
    """Return name and bytes: of the one book, or of an archive of several."""
    if len(books) > 1:
        return "Шаблоны загрузки.zip", archived(books)
    [(name, data)] = books.items()
    return name, data


def person_of(job: Job) -> User:
    if job.requested_by is None:
        raise JobFailed("Задание осталось без пользователя, который его запросил.")
    return job.requested_by


def finish(job: Job, progress: Progress, name: str, data: bytes, told: str = "") -> JobResult:
    """Keep a workbook and end the job."""
    progress.step("Сохраняем файл")
    with progress.finishing() as result:
        result.update(keep(job, name=name, data=data))
        result["url"] = reverse("imports:prepared", args=(job.pk,))
        result["text"] = f"{told}. {KEPT_WORDS}" if told else KEPT_WORDS
    return None


# Giving


def may_take(job: Job, user: User) -> bool:
    """Answer whether the person still sees what the file of a job is about."""
    try:
        if job.kind == MARKED:
            return files_visible_to(user).filter(pk=job.parameters["file"]).exists()
        if job.kind == BATCH_TEMPLATE:
            return ImportBatch.objects.visible_to(user).filter(pk=job.parameters["batch"]).exists()
        asked_of(job, user)
    except JobFailed:
        return False
    return True
