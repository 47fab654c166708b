"""Vocabulary of roadmaps: levels, kinds, statuses of measures, and the table of states."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import models

from accounts.permissions import Permission
from roadmaps.workflow import Condition, always, is_first_version, is_revision, may_close, nothing_to_fix


class RoadmapLevel(models.TextChoices):
    SCHOOL = "school", "Школа"
    MUNICIPAL = "municipal", "Муниципалитет"
    REGIONAL = "regional", "Субъект РФ"


class RoadmapKind(models.TextChoices):
    """Source: domain specification, 4.1."""

    ROADMAP = "roadmap", "План мероприятий («дорожная карта»)"
    COMPLEX_PLAN = "complex_plan", "Комплексный план мероприятий"
    TRANSITION_PLAN = "transition_plan", "План мероприятий по переходу в эффективный режим работы"
    MIDTERM_PROGRAMME = "midterm_programme", "Среднесрочная программа развития"
    ANTIRISK_PROGRAMME = "antirisk_programme", "Антирисковая программа"


class RoadmapState(models.TextChoices):
    """Source: domain specification, 4.4. `AGREEMENT` is the time between sending and the answer."""

    DRAFT = "draft", "Черновик"
    REVISION_DRAFT = "revision_draft", "Черновик изменений"
    AGREEMENT = "agreement", "На согласовании"
    AGREED = "agreed", "Согласована"
    APPROVED = "approved", "Утверждена"
    IN_EXECUTION = "in_execution", "Исполняется"
    CLOSED = "closed", "Завершена"
    ARCHIVED = "archived", "В архиве"


EDITABLE_STATES: Final = frozenset({RoadmapState.DRAFT, RoadmapState.REVISION_DRAFT})
OPEN_VERSION_STATES: Final = EDITABLE_STATES | {RoadmapState.AGREEMENT, RoadmapState.AGREED}
ORDERED_STATES: Final = frozenset(
    {RoadmapState.APPROVED, RoadmapState.IN_EXECUTION, RoadmapState.CLOSED, RoadmapState.ARCHIVED},
)
AGREED_STATES: Final = ORDERED_STATES | {RoadmapState.AGREED}
REVISABLE_STATES: Final = frozenset({RoadmapState.APPROVED, RoadmapState.IN_EXECUTION})
STATE_LOOKS: Final[Mapping[RoadmapState, str]] = {  # keys of accounts.templatetags.ui.STATUSES
    RoadmapState.DRAFT: "draft",
    RoadmapState.REVISION_DRAFT: "draft",
    RoadmapState.AGREEMENT: "sent",
    RoadmapState.AGREED: "agreed",
    RoadmapState.APPROVED: "agreed",
    RoadmapState.IN_EXECUTION: "work",
    RoadmapState.CLOSED: "lock",
    RoadmapState.ARCHIVED: "archive",
}


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One allowed step: who may take it and what must hold (a condition answers why not, "" when it holds).

    permission None stands for the right to edit, which depends on the level of the roadmap.
    """

    permission: Permission | None = Permission.APPROVE_ROADMAP
    condition: Condition = always


ROADMAP_TRANSITIONS: Final[Mapping[tuple[RoadmapState, RoadmapState], Transition]] = {
    (RoadmapState.DRAFT, RoadmapState.AGREEMENT): Transition(permission=None, condition=nothing_to_fix),
    (RoadmapState.REVISION_DRAFT, RoadmapState.AGREEMENT): Transition(permission=None, condition=nothing_to_fix),
    (RoadmapState.AGREEMENT, RoadmapState.DRAFT): Transition(condition=is_first_version),
    (RoadmapState.AGREEMENT, RoadmapState.REVISION_DRAFT): Transition(condition=is_revision),
    (RoadmapState.AGREEMENT, RoadmapState.AGREED): Transition(),
    (RoadmapState.AGREED, RoadmapState.DRAFT): Transition(condition=is_first_version),
    (RoadmapState.AGREED, RoadmapState.REVISION_DRAFT): Transition(condition=is_revision),
    (RoadmapState.AGREED, RoadmapState.APPROVED): Transition(),
    (RoadmapState.APPROVED, RoadmapState.IN_EXECUTION): Transition(),
    (RoadmapState.APPROVED, RoadmapState.ARCHIVED): Transition(),  # a newer version came into force
    (RoadmapState.IN_EXECUTION, RoadmapState.ARCHIVED): Transition(condition=always),  # same
    (RoadmapState.IN_EXECUTION, RoadmapState.CLOSED): Transition(condition=may_close),
    (RoadmapState.CLOSED, RoadmapState.ARCHIVED): Transition(),
}


class RevisionReason(models.TextChoices):
    """Why an approved roadmap changes. Source: domain specification, 4.4."""

    NEW_LIST = "new_list", "Новый перечень школ"
    MONITORING = "monitoring", "Результаты мониторинга"
    DATES = "dates", "Изменение сроков"
    STAFF = "staff", "Кадровые изменения"
    FUNDING = "funding", "Финансирование"
    CURATOR_REMARK = "curator_remark", "Замечание куратора"
    OTHER = "other", "Иное"


class MeasureStatus(models.TextChoices):
    """What is stored. «Просрочено» is computed (`roadmaps.execution`). Source: domain specification, 4.2."""

    NOT_STARTED = "not_started", "Не начато"
    IN_PROGRESS = "in_progress", "Выполняется"
    DONE = "done", "Исполнено"
    DONE_LATE = "done_late", "Исполнено с нарушением срока"
    PARTIAL = "partial", "Исполнено частично"
    POSTPONED = "postponed", "Срок перенесён"
    CANCELLED = "cancelled", "Исключено"
    NOT_APPLICABLE = "not_applicable", "Не требуется"


DONE_STATUSES: Final = frozenset({MeasureStatus.DONE, MeasureStatus.DONE_LATE})
OUT_OF_PLAN_STATUSES: Final = frozenset({MeasureStatus.CANCELLED, MeasureStatus.NOT_APPLICABLE})
RUNNING_STATUSES: Final = frozenset(
    {MeasureStatus.NOT_STARTED, MeasureStatus.IN_PROGRESS, MeasureStatus.POSTPONED},
)
STATUS_LOOKS: Final[Mapping[MeasureStatus, str]] = {
    MeasureStatus.NOT_STARTED: "no",
    MeasureStatus.IN_PROGRESS: "work",
    MeasureStatus.DONE: "done",
    MeasureStatus.DONE_LATE: "done",
    MeasureStatus.PARTIAL: "warn",
    MeasureStatus.POSTPONED: "soon",
    MeasureStatus.CANCELLED: "cancel",
    MeasureStatus.NOT_APPLICABLE: "cancel",
}


class EvidenceKind(models.TextChoices):
    """Source: domain specification, 4.2."""

    ORDER = "order", "приказ"
    NOTE = "note", "справка"
    ANALYTICAL_NOTE = "analytical_note", "аналитическая справка"
    PROTOCOL = "protocol", "протокол"
    PROGRAMME = "programme", "программа"
    PHOTO = "photo", "фото"
    LINK = "link", "ссылка"
    ATTENDANCE = "attendance", "лист регистрации"


class Confirmation(models.TextChoices):
    """The flag of the curator or the methodist, apart from the status."""

    NONE = "", "Не направлено"
    SUBMITTED = "submitted", "На проверке"
    CONFIRMED = "confirmed", "Подтверждено"
    RETURNED = "returned", "Возвращено"
