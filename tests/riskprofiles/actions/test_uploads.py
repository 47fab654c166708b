"""The form as a file: downloaded, filled, compared, applied."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from accounts.choices import AuditCode
from accounts.models import AuditEvent
from riskprofiles import actions
from riskprofiles.actions.uploads import form_book, upload_changes
from riskprofiles.answers import Field
from riskprofiles.choices import DiagnosisSource, DiagnosisState, ProfileState, UploadState
from riskprofiles.errors import DiagnosisClosed, DraftMovedOn, FormRefused, UploadClosed
from riskprofiles.models import RiskProfile, SelfDiagnosisUpload
from schools.intake.reader import read_workbook
from tests.factories.riskprofiles import AT, diagnosis_of, factor_of, make_profile
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db


def filled(profile: RiskProfile, **cells: str) -> bytes:
    """Return the form of a profile as a person sends it back. R01 is in row 4, R02 in row 5; D relevant, G measures."""
    book = load_workbook(BytesIO(form_book(profile)))
    for cell, value in cells.items():
        book["Данные"][cell] = value
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def send(profile: RiskProfile, data: bytes) -> SelfDiagnosisUpload:
    return actions.receive_upload(
        profile=profile, name="форма.xlsx", data=data, book=read_workbook(data), by=make_user(), at=AT
    )


def apply(upload: SelfDiagnosisUpload, **changes: Any) -> int:
    version = diagnosis_of(upload.diagnosis.profile).version
    arguments = {"upload": upload, "seen_version": version, "by": make_user(), "at": AT, **changes}
    return actions.apply_upload(**arguments)


def test_received_file_changes_nothing_yet() -> None:
    profile = make_profile()

    upload = send(profile, filled(profile, D5="да", G5="Наставничество"))

    assert upload.state == UploadState.WAITING
    assert factor_of(profile, "R02").school_measures == ""
    assert AuditEvent.objects.filter(code=AuditCode.UPLOAD_RECEIVED).count() == 1


def test_applied_file_fills_the_draft() -> None:
    profile = make_profile()
    upload = send(profile, filled(profile, D5="да", E5="высокая", F5="Протокол", G5="Наставничество"))

    changed = apply(upload)

    factor, diagnosis = factor_of(profile, "R02"), diagnosis_of(profile)
    assert changed == 4
    assert (factor.school_relevant, factor.school_level) == (True, "high")
    assert (factor.school_evidence, factor.school_measures) == ("Протокол", "Наставничество")
    assert (diagnosis.state, diagnosis.source) == (DiagnosisState.UPLOADED, DiagnosisSource.XLSX)
    assert diagnosis.file_sha256 == upload.file_sha256


def test_preview_shows_old_and_new_and_the_file_does_not_erase() -> None:
    profile = make_profile()
    factor = factor_of(profile, "R02")
    data = filled(profile, G5="Из файла")
    for field, value in ((Field.MEASURES, "С портала"), (Field.EVIDENCE, "Протокол")):
        actions.save_answer(factor=factor, field=field, value=value, by=make_user(), at=AT, is_checked=False)

    upload = send(profile, data)

    found = [(c.old_words, c.new_words) for c in upload_changes(upload, list(profile.factors.in_order()))]
    assert found == [("С портала", "Из файла")]


def test_draft_that_moved_on_is_compared_again() -> None:
    profile = make_profile()
    upload = send(profile, filled(profile, G5="Из файла"))
    seen = diagnosis_of(profile).version
    actions.save_answer(
        factor=factor_of(profile, "R02"), field=Field.MEASURES, value="С портала", by=make_user(), at=AT
    )

    with pytest.raises(DraftMovedOn, match="Сравните"):
        apply(upload, seen_version=seen)

    assert factor_of(profile, "R02").school_measures == "С портала"
    assert apply(upload) == 1


def test_new_own_risk_of_the_file_is_added() -> None:
    profile = make_profile()
    upload = send(profile, filled(profile, B13="Удалённость школы", D13="да", E13="низкая", G13="Подвоз"))

    apply(upload)

    own = profile.factors.get(factor=None)
    assert (own.own_title, own.school_relevant, own.school_level) == ("Удалённость школы", True, "low")


def test_good_rows_are_applied_and_bad_ones_named() -> None:
    profile = make_profile()
    upload = send(profile, filled(profile, D4="может быть", G5="Наставничество"))

    assert apply(upload) == 1
    assert [(problem["row"], problem["found"]) for problem in upload.problems] == [(4, "может быть")]


def test_form_of_another_school_is_refused_naming_both() -> None:
    other, own = make_profile(), make_profile()

    with pytest.raises(FormRefused) as refused:
        send(own, filled(other, G5="Наставничество"))

    assert other.school.inn in str(refused.value)
    assert own.school.inn in str(refused.value)
    assert not SelfDiagnosisUpload.objects.exists()


def test_form_of_another_year_is_refused() -> None:
    profile = make_profile()
    older = make_profile(school=profile.school, year=2026)

    with pytest.raises(FormRefused, match="в файле 2026, нужен 2027"):
        send(profile, filled(older, G5="Наставничество"))


def test_newer_file_puts_the_waiting_one_aside() -> None:
    profile = make_profile()
    first = send(profile, filled(profile, G5="Первый"))

    send(profile, filled(profile, G5="Второй"))

    with pytest.raises(UploadClosed, match="Не применён"):
        apply(first)


def test_file_is_applied_once() -> None:
    profile = make_profile()
    upload = send(profile, filled(profile, G5="Наставничество"))
    apply(upload)

    with pytest.raises(UploadClosed, match="Применён"):
        apply(upload)


def test_file_put_aside_is_not_applied() -> None:
    profile = make_profile()
    upload = send(profile, filled(profile, G5="Наставничество"))

    actions.discard_upload(upload=upload, by=make_user())

    with pytest.raises(UploadClosed):
        actions.discard_upload(upload=upload, by=make_user())
    with pytest.raises(UploadClosed):
        apply(upload)


def test_handed_in_form_takes_no_file() -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)

    with pytest.raises(DiagnosisClosed):
        send(profile, filled(profile, G5="Наставничество"))
