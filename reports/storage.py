"""Files of reports: each job has a folder of its own, and a file is there whole or not at all."""

import os
import uuid
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

FOLDER = "reports"


def folder_of(job: uuid.UUID) -> str:
    return f"{FOLDER}/{job}"


def store(name: str, content: bytes) -> str:
    """Write a file so that no crash leaves a part of it under its name. Returns the stored name."""
    if isinstance(default_storage._wrapped, FileSystemStorage):  # type: ignore[attr-defined]  # noqa: SLF001
        _replace(Path(default_storage.path(name)), content)
        return name
    return default_storage.save(name, ContentFile(content))  # an object store writes whole objects


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f"{path.suffix}.tmp")
    with draft.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.chmod(0o640)
    draft.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power loss."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def discard(job: uuid.UUID) -> None:
    """Remove what an attempt that did not end left in the job's folder."""
    folder = folder_of(job)
    if not default_storage.exists(folder):
        return
    _folders, files = default_storage.listdir(folder)
    for file in files:
        default_storage.delete(f"{folder}/{file}")
