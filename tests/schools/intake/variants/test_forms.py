"""E5 to E10: what comes as a form. Never a failure of the portal, and what the person typed is not lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from riskprofiles.models import SelfDiagnosisUpload
from schools.choices import BatchState
from schools.models import ImportBatch
from tests.factories.imports import ImportGround
from tests.factories.riskprofiles import factor_of, make_catalogue, make_profile
from tests.factories.schools import make_territory, make_user
from tests.factories.workbooks import results_workbook
from tests.schools.intake.variants.cases import alerts_of, covers, text_of

SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("near_child")]
BROKEN_FORM = "Форма пришла повреждённой или в ней слишком много полей"


# Many fields


@covers("E5", "E5 above the limit")
def test_form_of_a_thousand_fields_is_read_and_an_endless_one_answered(variant: str, browser: Client) -> None:
    count = 1_100 if variant == "E5" else 10_100
    fields = {f"form-{number}-note": "текст" for number in range(count)}

    response = browser.post("/imports/upload/", fields)

    assert response.status_code == 400
    said = text_of(response)
    assert ("Файл не выбран" in said) == (variant == "E5")
    assert (BROKEN_FORM in said) == (variant != "E5")


def catalogue_form(**management: str) -> dict[str, str]:
    fields = {"code": "x", "title": "Каталог", "edition": "2021"}
    return {**fields, **{f"factors-{name}": value for name, value in management.items()}}


FORGED_COUNTS = {
    "E6": {"TOTAL_FORMS": "100000", "INITIAL_FORMS": "0"},
    "E6 negative": {"TOTAL_FORMS": "-1", "INITIAL_FORMS": "-1"},
    "E6 no management": {},
    "E6 no number": {"TOTAL_FORMS": "много", "INITIAL_FORMS": "٤"},
}


@covers(*FORGED_COUNTS)
def test_forged_counts_of_a_formset_change_nothing(variant: str, client: Client) -> None:
    """Only the administration site has formsets: rows of the portal are saved one by one."""
    catalogue = make_catalogue()
    before = list(catalogue.factors.values())
    client.force_login(make_user(is_staff=True, is_superuser=True))
    url = reverse("admin:riskprofiles_factorcatalogue_change", args=[catalogue.pk])

    response = client.post(url, catalogue_form(**FORGED_COUNTS[variant]))

    assert response.status_code in {200, 400}
    assert list(catalogue.factors.values()) == before


# Forged ids


@covers("E7")
def test_batch_of_another_territory_is_not_found_and_not_touched(ground: ImportGround, sign_in: SignIn) -> None:
    batch = ground.checked({"а.xlsx": results_workbook({})})
    stranger = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory()))

    answers = [stranger.post(f"{batch.get_absolute_url()}{act}/") for act in ("apply", "reject", "check", "undo")]

    batch.refresh_from_db()
    assert [answer.status_code for answer in answers] == [404] * 4
    assert batch.state == BatchState.CHECKED
    assert ground.territory.name not in text_of(answers[0])


@covers("E7 territory")
def test_territory_of_others_cannot_be_forged_into_an_upload(ground: ImportGround, sign_in: SignIn) -> None:
    """A person of two territories sends the id of a third."""
    from schools.models import Membership

    Membership.objects.create(user=ground.coordinator, role=Role.MUNICIPAL_COORDINATOR, territory=make_territory())
    file = SimpleUploadedFile("а.xlsx", results_workbook({}))

    response = sign_in(ground.coordinator).post(
        "/imports/upload/", {"files": file, "territory": str(make_territory().pk)}
    )

    assert response.status_code == 400
    assert "Выберите территорию из списка." in text_of(response)
    assert not ImportBatch.objects.exists()


@covers("E7 state")
def test_state_sent_with_a_form_is_ignored(ground: ImportGround, browser: Client) -> None:
    batch = ground.checked({"а.xlsx": results_workbook({})})

    browser.post(f"{batch.get_absolute_url()}reject/", {"state": "applied", "created_by": "1", "territory": "1"})

    batch.refresh_from_db()
    assert (batch.state, batch.territory) == (BatchState.REJECTED, ground.territory)


# Ended sessions


@covers("E8")
def test_upload_after_the_session_ended_leads_back_to_the_page_of_the_form(
    client: Client, ground: ImportGround
) -> None:
    file = SimpleUploadedFile("а.xlsx", results_workbook({}))
    page = "http://testserver/imports/?page=2"

    response = client.post("/imports/upload/", {"files": file}, headers={"Referer": page}, follow=True)

    assert response.redirect_chain == [("/login/?next=/imports/%3Fpage%3D2", 302)]
    assert "Сессия закончилась, поэтому отправленное не сохранено." in text_of(response)
    assert "файлы нужно выбрать заново" in text_of(response)
    assert not ImportBatch.objects.exists()


@covers("E8 foreign page")
def test_page_of_another_site_is_not_led_back_to(client: Client) -> None:
    response = client.post("/imports/upload/", {}, headers={"Referer": "https://evil.example/imports/"})

    assert (response.status_code, response["Location"]) == (302, "/login/?next=/")


@covers("E8 cell")
def test_cell_saved_after_the_session_ended_stays_on_its_page(client: Client) -> None:
    """htmx gets 401 and app.js keeps the text and asks to sign in: tests/test_page_behaviour.py types it."""
    factor = make_profile().factors.in_order()[0]
    url = reverse("self_assessment:answer", args=[factor.profile_id, factor.pk, "school_measures"])

    response = client.post(url, {f"school_measures-{factor.pk}": "текст"}, headers={"HX-Request": "true"})

    assert (response.status_code, response.content.decode()) == (401, "Сессия закончилась. Войдите снова.")
    assert "Сессия закончилась" not in text_of(client.get("/login/"))


# Characters


@covers("E9")
def test_body_that_is_no_form_is_answered_as_an_empty_one(browser: Client) -> None:
    deep = "[" * 10_000 + "NaN" + "]" * 10_000

    response = browser.post("/imports/upload/", deep, content_type="application/json")

    assert response.status_code == 400
    assert "Файл не выбран" in text_of(response)


HOSTILE_TEXTS = {
    "E9 surrogate": b"%ED%A0%80",
    "E9 NUL": b"a%00b",
    "E9 JSON": b"%7B%22a%22%3A%22%5Cud800%5Cu0000%22%7D",
    "E9 controls": b"a%0B%1Bb%E2%80%AE",
}


@covers(*HOSTILE_TEXTS)
def test_hostile_characters_in_a_cell_are_cleaned_or_refused(variant: str, sign_in: SignIn) -> None:
    profile = make_profile()
    factor = profile.factors.in_order()[0]
    school = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=profile.school))
    url = reverse("self_assessment:answer", args=[profile.pk, factor.pk, "school_measures"])
    body = f"school_measures-{factor.pk}=".encode() + HOSTILE_TEXTS[variant]

    response = school.post(url, body, content_type="application/x-www-form-urlencoded", headers={"HX-Request": "true"})

    stored = factor_of(profile, factor.code).school_measures
    assert response.status_code in {200, 422}
    assert not set(stored) & {"\x00", "\x0b", "\x1b", "\ud800", "\u202e"}


@covers("E9 address")
def test_hostile_characters_in_an_address_are_no_failure(browser: Client) -> None:
    browser.raise_request_exception = False

    for address in ("/schools/?q=%00", "/schools/?q=%ED%A0%80", "/imports/?page=%00", "/imports/?page=9e999"):
        assert browser.get(address).status_code < 500, address


# Files in the wrong place


@covers("E10")
def test_upload_without_a_file_says_what_to_choose(browser: Client) -> None:
    response = browser.post("/imports/upload/", {})

    assert response.status_code == 400
    assert any("Файл не выбран. Выберите один или несколько файлов .xlsx" in alert for alert in alerts_of(response))


@covers("E10 text")
def test_text_in_the_field_of_files_is_no_file(browser: Client) -> None:
    response = browser.post("/imports/upload/", {"files": "Ф3.xlsx"})

    assert response.status_code == 400
    assert "Файл не выбран" in text_of(response)


@covers("E10 boundary")
def test_multipart_without_a_boundary_is_a_broken_form(browser: Client) -> None:
    response = browser.generic("POST", "/imports/upload/", b"--x\r\n\r\n", content_type="multipart/form-data")

    assert response.status_code == 400
    assert BROKEN_FORM in text_of(response)


def send_form(school: Client, url: str, *files: SimpleUploadedFile) -> Any:
    return school.post(url, {"file": list(files)} if files else {}, follow=True)


@covers("E10 form", "E10 two files", "E10 no file")
def test_form_of_a_school_takes_one_workbook(variant: str, sign_in: SignIn) -> None:
    profile = make_profile()
    school = sign_in(make_user(role=Role.SCHOOL_ADMIN, school=profile.school))
    files = {
        "E10 form": [SimpleUploadedFile("форма.txt", b"text")],
        "E10 two files": [SimpleUploadedFile(f"{name}.xlsx", results_workbook({})) for name in "аб"],
        "E10 no file": [],
    }[variant]

    response = send_form(school, reverse("self_assessment:upload", args=[profile.pk]), *files)

    words = {"E10 form": "Это не книга Excel.", "E10 two files": "Выберите один файл .xlsx", "E10 no file": "Выберите"}
    assert response.status_code == 200
    assert words[variant] in text_of(response)
    assert not SelfDiagnosisUpload.objects.exists()
