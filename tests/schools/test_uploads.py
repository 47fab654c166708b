"""Uploads stay in memory whatever their size."""

import io

import pytest
from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client, RequestFactory

from accounts.permissions import Role
from schools.uploads import FILE_BYTES, TOO_MUCH, UPLOAD_BYTES, CutFile, MemoryUploadHandler
from tests.factories.schools import make_territory, make_user

MEBIBYTE = 1024 * 1024


def sent(*sizes: int) -> list[InMemoryUploadedFile]:
    """Return files of an upload through the handler, in chunks of a mebibyte."""
    handler = MemoryUploadHandler(HttpRequest())
    files = []
    for number, size in enumerate(sizes):
        handler.new_file("files", f"{number}.xlsx", "application/octet-stream", size)
        for start in range(0, size, MEBIBYTE):
            handler.receive_data_chunk(b"x" * min(MEBIBYTE, size - start), start)
        files.append(handler.file_complete(size))
    return files


def test_portal_has_no_handler_that_writes_to_the_disk() -> None:
    assert settings.FILE_UPLOAD_HANDLERS == ["schools.uploads.MemoryUploadHandler"]


def test_large_file_stays_in_memory_whole() -> None:
    size = settings.FILE_UPLOAD_MAX_MEMORY_SIZE + MEBIBYTE
    request = RequestFactory().post("/", {"files": SimpleUploadedFile("a.xlsx", b"x" * size)})

    file = request.FILES["files"]

    assert isinstance(file, InMemoryUploadedFile)
    assert isinstance(file.file, io.BytesIO)
    assert (file.size, len(file.read())) == (size, size)


def test_file_over_its_limit_is_kept_as_far_as_tells_that_it_is_too_big() -> None:
    [file] = sent(FILE_BYTES + 3 * MEBIBYTE)

    assert not isinstance(file, CutFile)
    assert (file.size, len(file.read())) == (FILE_BYTES + 3 * MEBIBYTE, FILE_BYTES)


def test_upload_over_its_limit_says_so_on_the_files_that_are_cut() -> None:
    first, second = sent(40 * MEBIBYTE, UPLOAD_BYTES - 39 * MEBIBYTE)

    assert not isinstance(first, CutFile)
    assert isinstance(second, CutFile)
    assert len(second.read()) == 24 * MEBIBYTE


@pytest.mark.django_db
def test_upload_over_its_limit_is_refused_with_the_way_on(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("schools.uploads.UPLOAD_BYTES", 1000)
    client.force_login(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory()))

    response = client.post("/imports/upload/", {"files": SimpleUploadedFile("a.xlsx", b"x" * 2000)})

    assert response.status_code == 400
    assert TOO_MUCH in response.content.decode()
