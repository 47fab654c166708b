"""Vocabulary of risk profiles; states and their allowed transitions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import models

from accounts.permissions import Permission
from riskprofiles.review import Judgement
from riskprofiles.scoring import RiskLevel
from riskprofiles.workflow import (
    Condition,
    activated_or_nothing_to_activate,
    always,
    every_factor_judged,
    self_diagnosis_checked,
    surveys_exist,
)
from schools.choices import BatchState

LEVEL_TITLES: Final[Mapping[RiskLevel, str]] = {
    RiskLevel.HIGH: "Высокая",
    RiskLevel.MEDIUM: "Средняя",
    RiskLevel.LOW: "Низкая",
    RiskLevel.NONE: "Не выявлен",
}
LEVEL_CHOICES: Final = [(str(level), title) for level, title in LEVEL_TITLES.items()]
RISK_LEVELS: Final = (RiskLevel.HIGH, RiskLevel.MEDIUM, RiskLevel.LOW)
RISK_LEVEL_CHOICES: Final = [(str(level), LEVEL_TITLES[level]) for level in RISK_LEVELS]


class ProfileState(models.TextChoices):
    """Source: domain specification, 3.5. The SURVEY states and CALCULATED wait for questionnaires."""

    DRAFT = "draft", "Черновик"
    SURVEY_OPEN = "survey_open", "Анкетирование идёт"
    SURVEY_CLOSED = "survey_closed", "Анкетирование завершено"
    CALCULATED = "calculated", "Рассчитан"
    SCHOOL_REVIEW = "school_review", "Самоанализ школы"
    CURATOR_VERIFICATION = "curator_verification", "На верификации у куратора"
    VERIFIED = "verified", "Верифицирован"
    REOPENED = "reopened", "Открыт заново"
    APPROVED = "approved", "Утверждён"
    ARCHIVED = "archived", "В архиве"


JUDGING_STATES: Final = frozenset({ProfileState.CURATOR_VERIFICATION, ProfileState.REOPENED})
RECALCULABLE_STATES: Final = frozenset({ProfileState.DRAFT, ProfileState.SURVEY_CLOSED})
ORDERED_STATES: Final = frozenset({ProfileState.APPROVED, ProfileState.ARCHIVED})


class DiagnosisState(models.TextChoices):
    """Source: domain specification, 3.8."""

    DRAFT = "draft", "Черновик"
    UPLOADED = "uploaded", "Загружена"
    CHECKED = "checked", "Проверена"
    ACCEPTED = "accepted", "Принята"
    RETURNED = "returned", "Возвращена"


OPEN_DIAGNOSIS_STATES: Final = frozenset({DiagnosisState.DRAFT, DiagnosisState.UPLOADED, DiagnosisState.RETURNED})
SUBMITTED_DIAGNOSIS_STATES: Final = frozenset({DiagnosisState.CHECKED, DiagnosisState.ACCEPTED})


class DiagnosisSource(models.TextChoices):
    WEB = "web", "заполнена на портале"
    XLSX = "xlsx", "загружена файлом"


class UploadState(models.TextChoices):
    WAITING = "waiting", "Ждёт подтверждения"
    APPLIED = "applied", "Применён"
    DISCARDED = "discarded", "Не применён"


class Audience(models.TextChoices):
    """Whose answers are counted; files name them by `schools.intake.survey_words`."""

    DIRECTOR = "director", "Администрация"
    TEACHER = "teacher", "Учителя"
    PUPIL = "pupil", "Ученики"
    PARENT = "parent", "Родители"
    OTHER = "other", "Не указано"


class SchoolFormCode(models.TextChoices):
    """Forms that a school hands in as files. Source: domain specification, 3.8; SA-3 has pages of its own."""

    CONTEXT = "SA-1", "Контекст школы"
    CONTINGENT = "SA-2", "Контингент"
    STAFF = "SA-4", "Кадры"
    INTERNAL_WORKS = "SA-5", "Внутренние работы"


class FormDecision(models.TextChoices):
    ACCEPTED = "accepted", "Принята"
    RETURNED = "returned", "Возвращена"


class FormState(models.TextChoices):
    """Source: domain specification, 3.8."""

    UPLOADED = "uploaded", "Загружена, проверяется"
    CHECKED = "checked", "Проверена, ждёт записи"
    HANDED_IN = "handed_in", "Сдана, ждёт методиста"
    ACCEPTED = "accepted", "Принята"
    RETURNED = "returned", "Возвращена"
    REFUSED = "refused", "Не принята"
    UNDONE = "undone", "Отменена"


FORM_STATES: Final[Mapping[BatchState, FormState]] = {
    BatchState.CHECKING: FormState.UPLOADED,
    BatchState.CHECKED: FormState.CHECKED,
    BatchState.APPLIED: FormState.HANDED_IN,
    BatchState.REJECTED: FormState.REFUSED,
    BatchState.UNDONE: FormState.UNDONE,
}
WAITING_STATES: Final = frozenset({BatchState.CHECKING, BatchState.CHECKED})
FORM_DECISIONS: Final[Mapping[FormState, frozenset[FormDecision]]] = {
    FormState.UPLOADED: frozenset(),
    FormState.CHECKED: frozenset(),
    FormState.HANDED_IN: frozenset({FormDecision.ACCEPTED, FormDecision.RETURNED}),
    FormState.ACCEPTED: frozenset({FormDecision.RETURNED}),
    FormState.RETURNED: frozenset({FormDecision.ACCEPTED}),
    FormState.REFUSED: frozenset(),
    FormState.UNDONE: frozenset(),
}


VERDICT_TITLES: Final[Mapping[Judgement, str]] = {
    Judgement.CONFIRMED: "Подтверждён",
    Judgement.CHANGED: "Значимость изменена",
    Judgement.REJECTED: "Отклонён",
    Judgement.ADDED: "Добавлен",
}
VERDICT_CHOICES: Final = [(str(verdict), title) for verdict, title in VERDICT_TITLES.items()]


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One allowed step of a profile: from, to, who may, what must hold (the reason why not, "" when it holds)."""

    source: ProfileState
    target: ProfileState
    permission: Permission
    refusal: Condition


PROFILE_TRANSITIONS: Final[tuple[Transition, ...]] = tuple(
    Transition(source=source, target=target, permission=permission, refusal=refusal)
    for source, target, permission, refusal in (
        (ProfileState.DRAFT, ProfileState.SCHOOL_REVIEW, Permission.APPROVE_RISK_PROFILE, always),
        (ProfileState.DRAFT, ProfileState.SURVEY_OPEN, Permission.APPROVE_RISK_PROFILE, surveys_exist),
        (ProfileState.SURVEY_OPEN, ProfileState.SURVEY_CLOSED, Permission.APPROVE_RISK_PROFILE, surveys_exist),
        (ProfileState.SURVEY_CLOSED, ProfileState.CALCULATED, Permission.APPROVE_RISK_PROFILE, surveys_exist),
        (ProfileState.CALCULATED, ProfileState.SCHOOL_REVIEW, Permission.APPROVE_RISK_PROFILE, surveys_exist),
        (
            ProfileState.SCHOOL_REVIEW,
            ProfileState.CURATOR_VERIFICATION,
            Permission.FILL_SELF_DIAGNOSIS,
            self_diagnosis_checked,
        ),
        (
            ProfileState.CURATOR_VERIFICATION,
            ProfileState.SCHOOL_REVIEW,
            Permission.VERIFY_RISK_PROFILE,
            always,
        ),
        (
            ProfileState.CURATOR_VERIFICATION,
            ProfileState.VERIFIED,
            Permission.VERIFY_RISK_PROFILE,
            every_factor_judged,
        ),
        (ProfileState.REOPENED, ProfileState.SCHOOL_REVIEW, Permission.VERIFY_RISK_PROFILE, always),
        (ProfileState.REOPENED, ProfileState.VERIFIED, Permission.VERIFY_RISK_PROFILE, every_factor_judged),
        (
            ProfileState.VERIFIED,
            ProfileState.APPROVED,
            Permission.APPROVE_RISK_PROFILE,
            activated_or_nothing_to_activate,
        ),
        (ProfileState.VERIFIED, ProfileState.REOPENED, Permission.APPROVE_RISK_PROFILE, always),
        (ProfileState.APPROVED, ProfileState.REOPENED, Permission.APPROVE_RISK_PROFILE, always),
        (ProfileState.APPROVED, ProfileState.ARCHIVED, Permission.APPROVE_RISK_PROFILE, always),
    )
)
