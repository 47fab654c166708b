"""The form as a file, on the pages of the school."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from accounts.permissions import Role
from riskprofiles.models import RiskProfile, SelfDiagnosisUpload
from tests.factories.riskprofiles import factor_of, make_profile
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def text_of(response: Any) -> str:
    soup = BeautifulSoup(response.content, "html.parser")
    return " ".join(soup.get_text(" ").replace("\u00a0", " ").split())


def page(name: str, profile: RiskProfile, *args: Any) -> str:
    return reverse(f"self_assessment:{name}", args=[profile.pk, *args])


def school_client(sign_in: SignIn, profile: RiskProfile) -> Client:
    return sign_in(make_user(role=Role.SCHOOL_ADMIN, school=profile.school))


def filled(client: Client, profile: RiskProfile, **cells: str) -> bytes:
    """Download the form, fill cells, return the bytes."""
    book = load_workbook(BytesIO(client.get(page("download", profile)).content))
    for cell, value in cells.items():
        book["Данные"][cell] = value
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def send(client: Client, profile: RiskProfile, data: bytes, name: str = "форма.xlsx") -> Any:
    return client.post(page("upload", profile), {"file": SimpleUploadedFile(name, data)}, follow=True)


def test_download_is_a_book_named_by_school_and_year(sign_in: SignIn) -> None:
    profile = make_profile()

    response = school_client(sign_in, profile).get(page("download", profile))

    assert f"Самодиагностика 2027 {profile.school.inn}.xlsx" in unquote(response["Content-Disposition"])
    assert load_workbook(BytesIO(response.content)).sheetnames == ["Данные", "Инструкция", "meta"]


def test_round_trip_shows_the_preview_and_saves(sign_in: SignIn) -> None:
    profile = make_profile()
    client = school_client(sign_in, profile)
    preview = send(client, profile, filled(client, profile, D5="да", G5="Наставничество", D6="может быть"))
    upload = SelfDiagnosisUpload.objects.get()

    assert "Не принято: 1" in text_of(preview)
    assert "Сохранить 2 ответа" in text_of(preview)

    saved = client.post(page("apply", profile, upload.pk), {"version": "1"}, follow=True)

    assert "Сохранено из файла: 2 ответа." in text_of(saved)
    assert factor_of(profile, "R02").school_measures == "Наставничество"


@pytest.mark.parametrize("version", ["старая", "9" * 5000])
def test_stale_preview_is_shown_again(version: str, sign_in: SignIn) -> None:
    profile = make_profile()
    client = school_client(sign_in, profile)
    send(client, profile, filled(client, profile, G5="Наставничество"))
    upload = SelfDiagnosisUpload.objects.get()

    response = client.post(page("apply", profile, upload.pk), {"version": version}, follow=True)

    assert "Сравните файл с ней ещё раз." in text_of(response)
    assert "Изменится: 1" in text_of(response)


def test_file_can_be_put_aside_once(sign_in: SignIn) -> None:
    profile = make_profile()
    client = school_client(sign_in, profile)
    send(client, profile, filled(client, profile, G5="Наставничество"))
    url = page("discard", profile, SelfDiagnosisUpload.objects.get().pk)

    first, second = (client.post(url, follow=True) for _ in range(2))

    assert "Файл отложен" in text_of(first)
    assert "Загрузите форму ещё раз" in text_of(second)


def test_same_answers_offer_nothing_to_save(sign_in: SignIn) -> None:
    profile = make_profile()
    client = school_client(sign_in, profile)
    data = filled(client, profile, G5="Наставничество")
    send(client, profile, data)
    client.post(page("apply", profile, SelfDiagnosisUpload.objects.get().pk), {"version": "1"})

    response = send(client, profile, data)

    assert "Ответы в файле совпадают с формой на портале." in text_of(response)
    assert "Сохранить" not in [button.get_text() for button in BeautifulSoup(response.content, "html.parser")("button")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"", "Файл пустой", id="empty"),
        pytest.param(b"not a book", "Это не книга Excel.", id="text"),
        pytest.param(b"PK\x03\x04broken", "Файл повреждён", id="damaged"),
        pytest.param(b"x" * (5 * 1024 * 1024 + 1), "Файл больше 5 МБ.", id="too big"),
    ],
)
def test_bad_file_is_refused_in_words(data: bytes, words: str, sign_in: SignIn) -> None:
    profile = make_profile()

    response = send(school_client(sign_in, profile), profile, data)

    assert response.status_code == 200
    assert words in text_of(response)
    assert not SelfDiagnosisUpload.objects.exists()


def test_missing_file_is_told(sign_in: SignIn) -> None:
    profile = make_profile()

    response = school_client(sign_in, profile).post(page("upload", profile), follow=True)

    assert "Выберите файл заполненной формы." in text_of(response)


def test_form_of_another_school_is_refused_naming_both(sign_in: SignIn) -> None:
    own, other = make_profile(), make_profile()
    data = filled(school_client(sign_in, other), other, G5="Наставничество")

    response = send(school_client(sign_in, own), own, data)

    assert f"в файле ИНН {other.school.inn}" in text_of(response)
    assert own.school.inn in text_of(response)


@pytest.mark.parametrize("name", ["preview", "apply", "discard"])
def test_upload_of_another_school_is_not_found(name: str, sign_in: SignIn) -> None:
    own, other = make_profile(), make_profile()
    client = school_client(sign_in, other)
    send(client, other, filled(client, other, G5="Наставничество"))
    foreign = SelfDiagnosisUpload.objects.get()
    client = school_client(sign_in, own)
    method = client.get if name == "preview" else client.post

    assert method(page(name, own, foreign.pk)).status_code == 404
    assert method(page(name, other, foreign.pk)).status_code == 404
