"""The self-diagnosis of a school: saved field by field, handed in when nothing is missing."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from riskprofiles.actions.profiles import move
from riskprofiles.actions.transitions import locked
from riskprofiles.answers import FIELD_TITLES, TEXT_CHARS, Answer, Field, Gap, Value, errors, gaps
from riskprofiles.choices import RISK_LEVELS, DiagnosisSource, DiagnosisState, ProfileState
from riskprofiles.errors import AnswerConflict, AnswerRefused, DiagnosisClosed, GapsLeft
from riskprofiles.models import ProfileFactor, RiskProfile, SelfDiagnosis
from riskprofiles.scoring import RiskLevel
from schools.intake.cleaning import clean_text


def open_diagnosis(profile: RiskProfile) -> SelfDiagnosis:
    """Return the locked form of a profile. Raises DiagnosisClosed when the school may not write."""
    current = locked(profile)
    diagnosis = SelfDiagnosis.objects.select_for_update().get(profile=current)
    diagnosis.profile = current
    if not diagnosis.is_open:
        raise DiagnosisClosed(
            f"Самодиагностика в состоянии «{diagnosis.get_state_display()}», "
            f"профиль — «{current.get_state_display()}»: изменить ответы нельзя. Попросите куратора вернуть её.",
        )
    return diagnosis


@transaction.atomic
def save_answer(
    *,
    factor: ProfileFactor,
    field: Field,
    value: Value,
    by: User,
    at: datetime,
    seen: Value = None,
    is_checked: bool = True,
) -> SelfDiagnosis:
    """Store one answer; a verdict given on the old answer is dropped.

    seen: what the person saw in the field before writing; when something else is stored by now, nothing is overwritten
    and AnswerConflict tells both values. `is_checked` False writes over whatever is stored.
    Raises AnswerRefused, AnswerConflict, DiagnosisClosed.
    """
    diagnosis = open_diagnosis(factor.profile)
    current = ProfileFactor.objects.get(pk=factor.pk)
    own, stored = cleaned_value(field, value), getattr(current, field)
    if own == stored:
        return diagnosis
    if is_checked and stored != cleaned_value(field, seen):
        raise AnswerConflict(stored=stored, own=own)
    write_answers(current, {field: own})
    touch(diagnosis, by=by, at=at, fields=[str(field)], source=DiagnosisSource.WEB)
    return diagnosis


def cleaned_value(field: Field, value: Value) -> Any:
    """Return a value as it is stored: bool or None, a level or None, clean text. Raises AnswerRefused."""
    if field == Field.RELEVANT:
        return cleaned_relevant(value)
    if field == Field.LEVEL:
        if value in {None, ""}:
            return None
        if value not in RISK_LEVELS:
            raise AnswerRefused(f"Значимость бывает высокая, средняя или низкая. Сейчас: «{value}».")
        return RiskLevel(str(value))
    text = clean_text(str(value or ""))
    if len(text) > TEXT_CHARS:
        raise AnswerRefused(
            f"«{FIELD_TITLES[field]}»: не больше {TEXT_CHARS} знаков. Сейчас {len(text)}, сократите текст.",
        )
    return text


def cleaned_relevant(value: Value) -> bool | None:
    known = {"yes": True, "no": False, "": None, None: None, True: True, False: False}
    if value not in known:
        raise AnswerRefused(f"Ответ бывает «да» или «нет». Сейчас: «{value}».")
    return known[value]


def write_answers(factor: ProfileFactor, values: dict[Field, Any]) -> None:
    """Write answers of one factor. The curator's verdict was on other answers, so it goes; history keeps it."""
    for field, value in values.items():
        setattr(factor, field, value)
    factor.verdict, factor.verification_reason = "", ""
    factor.verified_level = factor.verified_by = factor.verified_at = None
    factor.is_activated, factor.activated_at = False, None
    factor.save()


def touch(
    diagnosis: SelfDiagnosis,
    *,
    by: User,
    at: datetime,
    fields: list[str],
    source: DiagnosisSource,
) -> None:
    """Count a new version of the draft."""
    diagnosis.version += 1
    diagnosis.source, diagnosis.saved_by, diagnosis.saved_at = source, by, at
    diagnosis.save()
    record(AuditCode.SELF_DIAGNOSIS_SAVED, actor=by, obj=diagnosis, version=diagnosis.version, fields=fields)


@transaction.atomic
def add_own_factor(*, profile: RiskProfile, title: str, by: User, at: datetime) -> ProfileFactor:
    """Add a risk that the catalogue does not have (R13). Raises AnswerRefused, DiagnosisClosed."""
    diagnosis = open_diagnosis(profile)
    own_title = clean_text(title)
    if not own_title:
        raise AnswerRefused("Назовите риск: что именно мешает школе.")
    if len(own_title) > 250:
        raise AnswerRefused("Название риска — не больше 250 знаков. Подробности напишите в описании мер.")
    if any(own_title.casefold() == factor.title.casefold() for factor in profile.factors.all()):
        raise AnswerRefused("Такой риск в форме уже есть.")
    factor = ProfileFactor.objects.create(profile=profile, own_title=own_title, school_relevant=True)
    touch(diagnosis, by=by, at=at, fields=["own_title"], source=DiagnosisSource.WEB)
    return factor


@transaction.atomic
def remove_own_factor(*, factor: ProfileFactor, by: User, at: datetime) -> None:
    """Take an own factor out of the draft; history keeps it. Raises AnswerRefused for a factor of the catalogue."""
    diagnosis = open_diagnosis(factor.profile)
    if factor.factor_id is not None:
        raise AnswerRefused("Риск из каталога убрать нельзя. Ответьте, что он не актуален.")
    factor.delete()
    touch(diagnosis, by=by, at=at, fields=["own_title"], source=DiagnosisSource.WEB)


def answer_of(factor: ProfileFactor) -> Answer:
    """Return the answers of a factor as plain values."""
    return Answer(
        factor=str(factor.pk),
        title=factor.title,
        calculated=RiskLevel(factor.calculated_level) if factor.calculated_level else None,
        relevant=factor.school_relevant,
        level=RiskLevel(factor.school_level) if factor.school_level else None,
        evidence=factor.school_evidence,
        measures=factor.school_measures,
        dispute=factor.dispute_reason,
    )


def gaps_in(factors: list[ProfileFactor]) -> list[Gap]:
    return gaps(answer_of(factor) for factor in factors)


@transaction.atomic
def submit_self_diagnosis(*, profile: RiskProfile, by: User, at: datetime) -> RiskProfile:
    """Hand the form in: check it, keep the warnings, give the profile to the curator.

    Raises GapsLeft with every gap, DiagnosisClosed.
    """
    diagnosis = open_diagnosis(profile)
    found = gaps_in(list(profile.factors.in_order()))
    if left := errors(found):
        raise GapsLeft(left)
    diagnosis.state = DiagnosisState.CHECKED
    diagnosis.problems = [{"label": gap.title, "field": str(gap.field), "text": gap.text} for gap in found]
    diagnosis.submitted_by, diagnosis.submitted_at, diagnosis.remarks = by, at, ""
    diagnosis.save()
    record(AuditCode.SELF_DIAGNOSIS_SUBMITTED, actor=by, obj=diagnosis, warnings=len(found))
    return move(profile, ProfileState.CURATOR_VERIFICATION, by=by, at=at, reviewed_at=at, remarks="")
