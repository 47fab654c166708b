"""What kinds of jobs there are. An app registers its own in `<app>/job_kinds.py`.

    @job_kind("reports.build", title="Аналитическая справка", permission=Permission.BUILD_REPORTS)
    def build(job: Job, progress: Progress) -> JobResult:
        progress.step("Собираем данные", done=0, total=3)
        ...
        with progress.finishing() as result:   # one transaction with the rows: they and «готово», or neither
            report = save_report(...)
            result["url"] = report.get_absolute_url()
        return None

`result` keys that the pages know: `url` (where the link «Открыть» leads), `text` (one line beside it).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accounts.permissions import Permission
from jobs.errors import JobFailed, UnknownKind

if TYPE_CHECKING:
    from jobs.models import Job
    from jobs.progress import Progress

__all__ = ["JobFailed", "JobKind", "JobResult", "job_kind", "kind_named"]

JobResult = Mapping[str, Any] | None
Run = Callable[["Job", "Progress"], JobResult]
DEFAULT_SECONDS = 150


@dataclass(frozen=True, kw_only=True)
class JobKind:
    name: str
    title: str  # Russian; the title of a job that was given none
    run: Run
    permission: Permission | None  # checked again when the job starts, for rights may have been withdrawn
    seconds: int  # a run that takes longer is stopped
    on_end: Callable[["Job"], None] | None  # called in the transaction that makes the job failed or cancelled


registered: dict[str, JobKind] = {}


def job_kind(
    name: str,
    *,
    title: str,
    permission: Permission | None = None,
    seconds: int = DEFAULT_SECONDS,
    on_end: Callable[["Job"], None] | None = None,
) -> Callable[[Run], Run]:
    """Register the decorated function as the run of a kind of job.

    The run may be started more than once for one job (a worker died); it must leave nothing behind unless it
    ends in `progress.finishing()`. It refuses by JobFailed or an ActionRefused; any other error is tried again,
    three times in all.
    """

    def register(run: Run) -> Run:
        registered[name] = JobKind(
            name=name,
            title=title,
            run=run,
            permission=permission,
            seconds=seconds,
            on_end=on_end,
        )
        return run

    return register


def kind_named(name: str) -> JobKind:
    try:
        return registered[name]
    except KeyError:
        known = ", ".join(sorted(registered)) or "none"
        raise UnknownKind(f"No job kind {name!r}; registered: {known}") from None
