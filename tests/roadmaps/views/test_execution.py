"""The card of a measure over HTTP: report, evidence, confirmation."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from roadmaps.actions import reporting
from roadmaps.choices import Confirmation, EvidenceKind, MeasureStatus
from roadmaps.models import Evidence, Measure
from tests.factories.roadmaps import AT, PDF, keeper_of, make_running, measure_of, territory_of
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
DONE = {"status": "done", "done_on": "2026-01-20", "actual_result": "Проведена"}


def curator_of(measure: Measure) -> User:
    return make_user(role=Role.CURATOR, school=measure.roadmap.school)


def attach(measure: Measure) -> Evidence:
    return reporting.add_evidence(
        measure=measure, kind=EvidenceKind.ORDER, name="Приказ № 5.pdf", data=PDF, by=make_user(), at=AT
    )


def post(client: Client, name: str, pk: object, **data: Any) -> Any:
    return client.post(reverse(f"roadmaps:{name}", args=[pk]), data, follow=True)


def test_card_shows_plan_and_history(sign_in: SignIn) -> None:
    measure = measure_of(make_running())
    reporting.report(measure=measure, status=MeasureStatus.IN_PROGRESS, progress=40, by=make_user(), at=AT)

    page = sign_in(keeper_of(measure.roadmap)).get(measure.get_absolute_url()).content.decode()

    assert "1.1 Провести диагностику дефицитов учителей" in page
    assert "Отметить исполнение" in page
    assert "мероприятие добавлено" in page
    assert "Выполняется" in page


def test_card_of_a_reader_has_no_forms_of_execution(sign_in: SignIn) -> None:
    measure = measure_of(make_running())

    page = sign_in(curator_of(measure)).get(measure.get_absolute_url()).content.decode()

    assert "Отметить исполнение" not in page
    assert "Приложить подтверждение" not in page


@pytest.mark.parametrize("name", ["measure", "row"])
def test_foreign_card_is_not_found(sign_in: SignIn, name: str) -> None:
    measure = measure_of(make_running())
    neighbour = make_user(role=Role.SCHOOL_ADMIN, school=make_school(territory=territory_of(measure.roadmap)))

    assert sign_in(neighbour).get(reverse(f"roadmaps:{name}", args=[measure.pk])).status_code == 404


def test_report_marks_execution(sign_in: SignIn) -> None:
    measure = measure_of(make_running())

    response = post(sign_in(keeper_of(measure.roadmap)), "report", measure.pk, **DONE)

    measure.refresh_from_db()
    assert (measure.status, measure.confirmation) == (MeasureStatus.DONE, Confirmation.SUBMITTED)
    assert "Исполнение 1.1 отмечено." in response.content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"status": "done"}, "Укажите дату исполнения."),
        ({"status": "in_progress", "progress": "101"}, "Введите число от 0 до 100."),
        ({"status": "cancelled"}, "Проверьте введённое"),
        ({**DONE, "done_on": "20 января"}, "Введите дату в виде ДД.ММ.ГГГГ."),
    ],
)
def test_report_says_what_to_put_right_and_keeps_the_text(sign_in: SignIn, data: dict[str, str], words: str) -> None:
    measure = measure_of(make_running())

    response = post(sign_in(keeper_of(measure.roadmap)), "report", measure.pk, **{"actual_result": "Мой текст", **data})

    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert data.get("actual_result", "Мой текст") in page


def test_report_is_closed_to_the_methodist_of_a_school_and_open_in_a_territory(sign_in: SignIn) -> None:
    measure = measure_of(make_running())
    methodist = make_user(role=Role.METHODIST, territory=territory_of(measure.roadmap))
    municipal = measure_of(make_running(territory=make_territory()))

    assert post(sign_in(methodist), "report", measure.pk, **DONE).status_code == 403
    assert post(sign_in(keeper_of(municipal.roadmap)), "report", municipal.pk, **DONE).status_code == 200


def test_evidence_is_uploaded_and_downloaded_under_its_name(sign_in: SignIn) -> None:
    measure = measure_of(make_running())
    client = sign_in(keeper_of(measure.roadmap))

    post(client, "evidence_add", measure.pk, kind="order", file=SimpleUploadedFile("Приказ № 5.pdf", PDF))
    response = client.get(Evidence.objects.get().get_absolute_url())

    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert AuditEvent.objects.filter(code=AuditCode.REPORT_DOWNLOADED).count() == 1


def test_evidence_that_the_storage_lost_is_told_on_the_card(sign_in: SignIn) -> None:
    measure = measure_of(make_running())
    evidence = attach(measure)
    evidence.file.storage.delete(str(evidence.file.name))

    page = sign_in(keeper_of(measure.roadmap)).get(evidence.get_absolute_url(), follow=True)

    assert page.status_code == 200
    assert "Файл «Приказ № 5.pdf» не найден в хранилище портала" in page.content.decode()
    assert not AuditEvent.objects.filter(code=AuditCode.REPORT_DOWNLOADED).exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "что-то одно"),
        ({"file": SimpleUploadedFile("virus.exe", b"MZ")}, "подходят PDF, DOCX, XLSX, JPG, PNG"),
        ({"file": SimpleUploadedFile("a.pdf", b"")}, "Файл пустой. Выберите другой."),
        ({"url": "не адрес"}, "Введите адрес страницы"),
        ({"url": "javascript:alert(1)"}, "Введите адрес страницы"),
    ],
)
def test_evidence_is_refused_with_words(sign_in: SignIn, data: dict[str, Any], words: str) -> None:
    measure = measure_of(make_running())

    response = post(sign_in(keeper_of(measure.roadmap)), "evidence_add", measure.pk, kind="order", **data)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Evidence.objects.exists()


def test_foreign_evidence_is_not_found_and_nothing_is_recorded(sign_in: SignIn) -> None:
    evidence = attach(measure_of(make_running()))
    client = sign_in(keeper_of(make_running()))

    assert client.get(evidence.get_absolute_url()).status_code == 404
    assert post(client, "evidence_remove", evidence.pk).status_code == 404
    assert not AuditEvent.objects.filter(code=AuditCode.REPORT_DOWNLOADED).exists()


def test_link_as_evidence_has_no_file_to_download(sign_in: SignIn) -> None:
    measure = measure_of(make_running())
    client = sign_in(keeper_of(measure.roadmap))

    post(client, "evidence_add", measure.pk, kind="link", url="https://school.example/plan")

    assert client.get(Evidence.objects.get().get_absolute_url()).status_code == 404


def test_evidence_is_removed_by_the_school_and_by_no_reader(sign_in: SignIn) -> None:
    measure = measure_of(make_running())
    evidence = attach(measure)

    assert post(sign_in(curator_of(measure)), "evidence_remove", evidence.pk).status_code == 403
    response = post(sign_in(keeper_of(measure.roadmap)), "evidence_remove", evidence.pk)
    assert "удалено" in response.content.decode()
    assert not Evidence.objects.exists()


def test_evidence_that_execution_rests_on_stays(sign_in: SignIn) -> None:
    measure = measure_of(make_running())
    Measure.objects.filter(pk=measure.pk).update(evidence_kind=EvidenceKind.ORDER)
    evidence = attach(measure)
    reporting.report(measure=measure, status=MeasureStatus.DONE, done_on=AT.date(), by=make_user(), at=AT)

    page = post(sign_in(keeper_of(measure.roadmap)), "evidence_remove", evidence.pk).content.decode()

    assert "Сначала приложите другой." in page
    assert str(Evidence.objects.get()) == "Приказ № 5.pdf"


def test_curator_confirms_or_returns(sign_in: SignIn) -> None:
    measure = measure_of(make_running())
    client = sign_in(curator_of(measure))
    assert "подтверждать нечего" in post(client, "confirm", measure.pk).content.decode()
    reporting.report(measure=measure, status=MeasureStatus.DONE, done_on=AT.date(), by=make_user(), at=AT)

    assert "без замечания исполнение не возвращают" in post(client, "measure_return", measure.pk).content.decode()
    assert "Исполнение 1.1 подтверждено." in post(client, "confirm", measure.pk).content.decode()
    measure.refresh_from_db()
    assert measure.confirmation == Confirmation.CONFIRMED


def test_curator_returns_with_a_remark(sign_in: SignIn) -> None:
    measure = measure_of(make_running())
    reporting.report(measure=measure, status=MeasureStatus.DONE, done_on=AT.date(), by=make_user(), at=AT)

    page = post(sign_in(curator_of(measure)), "measure_return", measure.pk, reason="Нет подписи").content.decode()

    assert "Исполнение вернули." in page
    assert "Нет подписи" in page


@pytest.mark.parametrize("name", ["confirm", "measure_return"])
def test_school_does_not_confirm_itself(sign_in: SignIn, name: str) -> None:
    measure = measure_of(make_running())

    assert post(sign_in(keeper_of(measure.roadmap)), name, measure.pk).status_code == 403
