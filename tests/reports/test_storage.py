import uuid
from pathlib import Path

from django.core.files.storage import default_storage

from reports import storage


def read(name: str) -> bytes:
    with default_storage.open(name) as file:
        return bytes(file.read())


def test_file_is_whole_and_leaves_no_draft() -> None:
    job = uuid.uuid4()

    name = storage.store(f"{storage.folder_of(job)}/a.pdf", b"content")

    folder = Path(default_storage.path(storage.folder_of(job)))
    assert read(name) == b"content"
    assert [path.name for path in folder.iterdir()] == ["a.pdf"]


def test_same_name_is_replaced() -> None:
    name = f"{storage.folder_of(uuid.uuid4())}/a.pdf"
    storage.store(name, b"old")

    assert storage.store(name, b"new") == name
    assert read(name) == b"new"


def test_discard_empties_the_folder_of_one_job() -> None:
    mine, other = uuid.uuid4(), uuid.uuid4()
    storage.store(f"{storage.folder_of(mine)}/a.pdf", b"x")
    storage.store(f"{storage.folder_of(other)}/a.pdf", b"x")

    storage.discard(mine)
    storage.discard(uuid.uuid4())

    assert not default_storage.exists(f"{storage.folder_of(mine)}/a.pdf")
    assert default_storage.exists(f"{storage.folder_of(other)}/a.pdf")
