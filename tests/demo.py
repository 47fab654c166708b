"""The demo region as a world for tests: built once for a module, gone after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.storage import storages
from django.db import transaction
from django.test import override_settings

from config.demo.build import build_demo
from config.demo.stages import Stage

TODAY = date(2026, 11, 22)


@contextmanager
def demo_region(blocker: Any, folder: Path, stage: Stage = Stage.MONITORED) -> Iterator[None]:
    """Build the region inside a transaction that is rolled back at the end.

    blocker: the fixture `django_db_blocker`; folder: for uploads.
    """
    file_storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}
    own_storage = override_settings(STORAGES={**storages.backends, "default": file_storage})
    with blocker.unblock(), own_storage, transaction.atomic():
        build_demo(stage=stage, seed=1, today=TODAY)
        yield
        transaction.set_rollback(True)
