"""Files that a job makes for the person who asked for it: kept for some days, given back by a page of the app.

with progress.finishing() as result:
    result |= keep(job, name="Шаблон.xlsx", data=data)
    result["url"] = reverse("imports:prepared", args=(job.pk,))
"""

from datetime import datetime, timedelta
from typing import IO, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from jobs.models import Job

FOLDER: Final = "job-files"
DAYS_KEPT: Final = 7
KEPT_WORDS: Final = f"Файл хранится {DAYS_KEPT} дней."


def keep(job: Job, *, name: str, data: bytes) -> dict[str, str]:
    """Store a file of a job and return what its result has to remember. Files of old jobs are dropped meanwhile."""
    drop_old(at=timezone.now())
    path = default_storage.save(f"{FOLDER}/{job.pk}", ContentFile(data))
    return {"file": path, "file_name": name}


def kept_file(job: Job) -> IO[bytes] | None:
    """Return the open file of a job, None when it has none or has it no longer."""
    path = job.result.get("file", "")
    if not path:
        return None
    try:
        return default_storage.open(path, "rb")
    except FileNotFoundError:
        return None


def drop_old(*, at: datetime) -> int:
    """Delete the files of jobs that ended long ago, after the commit; return how many there were."""
    old = Job.objects.filter(result__has_key="file", finished_at__lt=at - timedelta(days=DAYS_KEPT))
    paths = []
    for job in old.order_by("pk"):
        paths.append(job.result.pop("file"))
        job.save(update_fields=["result"])
    for path in paths:
        transaction.on_commit(lambda path=path: default_storage.delete(path), robust=True)  # type: ignore[misc]
    return len(paths)
