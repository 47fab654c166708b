"""The school writes field by field; nothing that somebody typed is lost."""

import pytest

from accounts.choices import AuditCode
from accounts.models import AuditEvent
from riskprofiles import actions
from riskprofiles.answers import Field, Value
from riskprofiles.choices import DiagnosisState, ProfileState
from riskprofiles.errors import AnswerConflict, AnswerRefused, DiagnosisClosed, GapsLeft
from riskprofiles.models import ProfileFactor
from riskprofiles.review import Judgement
from tests.factories.riskprofiles import AT, diagnosis_of, factor_of, fill_self_diagnosis, make_profile
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        pytest.param(Field.RELEVANT, "yes", True, id="yes"),
        pytest.param(Field.RELEVANT, "no", False, id="no"),
        pytest.param(Field.LEVEL, "high", "high", id="level"),
        pytest.param(Field.MEASURES, "  Наставничество\u200b ", "Наставничество", id="clean text"),
        pytest.param(Field.EVIDENCE, "Протокол № 3\r\nот 12.11", "Протокол № 3\nот 12.11", id="lines"),
    ],
)
def test_answer_is_stored_clean(field: Field, value: str, stored: Value) -> None:
    factor = factor_of(make_profile(), "R02")

    actions.save_answer(factor=factor, field=field, value=value, seen="", by=make_user(), at=AT)

    assert getattr(ProfileFactor.objects.get(pk=factor.pk), field) == stored


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        pytest.param(Field.RELEVANT, "maybe", "«да» или «нет». Сейчас: «maybe»", id="neither yes nor no"),
        pytest.param(Field.LEVEL, "none", "высокая, средняя или низкая", id="level that schools do not give"),
        pytest.param(Field.MEASURES, "я" * 2001, "не больше 2000 знаков. Сейчас 2001", id="too long"),
    ],
)
def test_unknown_value_is_refused_naming_it(field: Field, value: str, words: str) -> None:
    factor = factor_of(make_profile(), "R02")

    with pytest.raises(AnswerRefused, match=words):
        actions.save_answer(factor=factor, field=field, value=value, seen="", by=make_user(), at=AT)


def test_each_saved_answer_is_a_new_version_and_an_event() -> None:
    profile = make_profile()
    factor = factor_of(profile, "R02")
    by = make_user()
    for value in ("Раз", "Два"):
        factor = factor_of(profile, "R02")
        actions.save_answer(factor=factor, field=Field.MEASURES, value=value, seen=factor.school_measures, by=by, at=AT)

    diagnosis = diagnosis_of(profile)
    assert (diagnosis.version, diagnosis.saved_by, diagnosis.saved_at) == (3, by, AT)
    events = AuditEvent.objects.filter(code=AuditCode.SELF_DIAGNOSIS_SAVED)
    assert [event.meta["fields"] for event in events] == [["school_measures"]] * 2


def test_same_answer_is_no_new_version() -> None:
    profile = make_profile()

    actions.save_answer(
        factor=factor_of(profile, "R02"), field=Field.MEASURES, value=" ", seen="", by=make_user(), at=AT
    )

    assert diagnosis_of(profile).version == 1


def test_field_that_another_person_changed_is_not_overwritten() -> None:
    factor = factor_of(make_profile(), "R02")
    actions.save_answer(factor=factor, field=Field.MEASURES, value="Чужой текст", seen="", by=make_user(), at=AT)

    with pytest.raises(AnswerConflict) as conflict:
        actions.save_answer(factor=factor, field=Field.MEASURES, value="Мой текст", seen="", by=make_user(), at=AT)

    assert (conflict.value.stored, conflict.value.own) == ("Чужой текст", "Мой текст")
    assert ProfileFactor.objects.get(pk=factor.pk).school_measures == "Чужой текст"


def test_other_fields_of_the_same_factor_do_not_clash() -> None:
    factor = factor_of(make_profile(), "R02")
    actions.save_answer(factor=factor, field=Field.MEASURES, value="Меры", seen="", by=make_user(), at=AT)

    actions.save_answer(factor=factor, field=Field.EVIDENCE, value="Протокол", seen="", by=make_user(), at=AT)

    saved = ProfileFactor.objects.get(pk=factor.pk)
    assert (saved.school_measures, saved.school_evidence) == ("Меры", "Протокол")


@pytest.mark.parametrize("state", [ProfileState.DRAFT, ProfileState.CURATOR_VERIFICATION, ProfileState.VERIFIED])
def test_school_writes_during_its_review_only(state: ProfileState) -> None:
    factor = factor_of(make_profile(state=state), "R02")

    with pytest.raises(DiagnosisClosed, match="изменить ответы нельзя"):
        actions.save_answer(factor=factor, field=Field.MEASURES, value="Меры", by=make_user(), at=AT)


def test_new_answer_drops_the_verdict_on_the_old_one() -> None:
    profile = make_profile(state=ProfileState.CURATOR_VERIFICATION)
    for code in ("R02", "R08"):
        actions.judge_factor(factor=factor_of(profile, code), verdict=Judgement.CONFIRMED, by=make_user(), at=AT)
    actions.return_to_school(profile=profile, remarks="Уточните меры", by=make_user(), at=AT)

    actions.save_answer(
        factor=factor_of(profile, "R02"), field=Field.LEVEL, value="high", seen="medium", by=make_user(), at=AT
    )

    assert factor_of(profile, "R02").verdict == ""
    assert factor_of(profile, "R08").verdict == Judgement.CONFIRMED


def test_form_with_gaps_is_not_handed_in() -> None:
    profile = make_profile()

    with pytest.raises(GapsLeft) as refused:
        actions.submit_self_diagnosis(profile=profile, by=make_user(), at=AT)

    assert len(refused.value.gaps) == 9
    assert diagnosis_of(profile).state == DiagnosisState.DRAFT


def test_full_form_goes_to_the_curator() -> None:
    profile = make_profile()
    by = make_user()
    fill_self_diagnosis(profile, by=by)

    sent = actions.submit_self_diagnosis(profile=profile, by=by, at=AT)

    diagnosis = diagnosis_of(profile)
    assert (sent.state, sent.reviewed_at) == (ProfileState.CURATOR_VERIFICATION, AT)
    assert (diagnosis.state, diagnosis.submitted_by, diagnosis.submitted_at) == (DiagnosisState.CHECKED, by, AT)
    assert AuditEvent.objects.filter(code=AuditCode.SELF_DIAGNOSIS_SUBMITTED).count() == 1


def test_warnings_stay_with_the_handed_in_form() -> None:
    profile = make_profile()
    by = make_user()
    fill_self_diagnosis(profile, by=by)
    actions.save_answer(
        factor=factor_of(profile, "R02"), field=Field.EVIDENCE, value="", by=by, at=AT, is_checked=False
    )

    actions.submit_self_diagnosis(profile=profile, by=by, at=AT)

    assert [problem["field"] for problem in diagnosis_of(profile).problems] == ["school_evidence"]


def test_own_risk_comes_after_the_catalogue_and_is_relevant() -> None:
    profile = make_profile()

    actions.add_own_factor(profile=profile, title="Удалённость школы", by=make_user(), at=AT)

    last = list(profile.factors.in_order())[-1]
    assert (last.code, last.title, last.school_relevant) == ("R13", "Удалённость школы", True)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        pytest.param("  ", "Назовите риск", id="blank"),
        pytest.param("я" * 251, "не больше 250", id="too long"),
        pytest.param("дефицит педагогических КАДРОВ", "уже есть", id="twice"),
    ],
)
def test_own_risk_needs_a_title_of_its_own(title: str, words: str) -> None:
    with pytest.raises(AnswerRefused, match=words):
        actions.add_own_factor(profile=make_profile(), title=title, by=make_user(), at=AT)


def test_own_risk_can_be_taken_out_and_history_keeps_it() -> None:
    profile = make_profile()
    factor = actions.add_own_factor(profile=profile, title="Удалённость школы", by=make_user(), at=AT)

    actions.remove_own_factor(factor=factor, by=make_user(), at=AT)

    assert profile.factors.count() == 9
    assert ProfileFactor.history.filter(own_title="Удалённость школы", history_type="-").exists()


def test_factor_of_the_catalogue_stays() -> None:
    with pytest.raises(AnswerRefused, match="не актуален"):
        actions.remove_own_factor(factor=factor_of(make_profile(), "R02"), by=make_user(), at=AT)
