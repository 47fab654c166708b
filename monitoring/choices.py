"""Vocabulary of monitoring; states of a cycle and of a school's submission with their allowed transitions."""

from collections.abc import Mapping
from typing import Final

from django.db import models


class Stage(models.TextChoices):
    ENTRY = "entry", "Входной"
    INTERIM = "interim", "Промежуточный"
    FINAL = "final", "Итоговый"


class MetricGroup(models.TextChoices):
    RESULTS = "results", "Результаты"
    STAFF = "staff", "Кадры"
    SUPPORT = "support", "Поддержка"


class MetricSource(models.TextChoices):
    """Where a reading comes from; everything but `SCHOOL` is counted by the portal."""

    SCHOOL = "school", "вносит школа"
    VPR_LOW = "vpr_low", "результаты ВПР"
    OGE_LOW = "oge_low", "результаты ОГЭ"
    JOURNAL_CONFIRMED = "journal_confirmed", "сравнение ВПР с журналом"
    ROADMAP_DONE = "roadmap_done", "дорожная карта"


class Direction(models.TextChoices):
    UP = "up", "больше — лучше"
    DOWN = "down", "меньше — лучше"


class EventKind(models.TextChoices):
    """Kinds of methodical events, read by `schools.intake.event_words`. Source: domain specification, 5.4."""

    SEMINAR = "seminar", "семинар"
    PROBLEM_SEMINAR = "problem_seminar", "проблемно-ориентированный семинар"
    STANDING_SEMINAR = "standing_seminar", "постоянно действующий семинар"
    WEBINAR = "webinar", "вебинар"
    GROUP_ADVICE = "group_advice", "консультация групповая"
    PERSONAL_ADVICE = "personal_advice", "консультация индивидуальная"
    MEETING = "meeting", "совещание"
    SUBJECT_UNION = "subject_union", "заседание РМО"
    MASTER_CLASS = "master_class", "мастер-класс"
    OPEN_LESSON = "open_lesson", "открытый урок"
    COUNCIL = "council", "педсовет"
    ROUND_TABLE = "round_table", "круглый стол"
    CONFERENCE = "conference", "научно-практическая конференция"
    INTERNSHIP = "internship", "стажировка"
    TRAINING = "training", "КПК"
    LANDING = "landing", "методический или управленческий десант"
    CONTEST = "contest", "конкурс"
    WIDER = "wider", "межрегиональное или федеральное мероприятие"
    DIAGNOSIS = "diagnosis", "диагностика"
    RECHECK = "recheck", "перепроверка"
    OBSERVATION = "observation", "независимое наблюдение"
    EXPERTISE = "expertise", "экспертная проверка"


class EventMode(models.TextChoices):
    ONSITE = "onsite", "очно"
    ONLINE = "online", "онлайн"
    MIXED = "mixed", "смешанное"


class CycleState(models.TextChoices):
    PLANNED = "planned", "Запланирован"
    COLLECTING = "collecting", "Сбор данных"
    CHECKING = "checking", "Проверка"
    ANALYSIS = "analysis", "Анализ"
    REPORTED = "reported", "Справка сформирована"
    CLOSED = "closed", "Завершён"


CYCLE_TRANSITIONS: Final[Mapping[CycleState, frozenset[CycleState]]] = {
    CycleState.PLANNED: frozenset({CycleState.COLLECTING}),
    CycleState.COLLECTING: frozenset({CycleState.CHECKING}),
    CycleState.CHECKING: frozenset({CycleState.COLLECTING, CycleState.ANALYSIS}),
    CycleState.ANALYSIS: frozenset({CycleState.REPORTED}),
    CycleState.REPORTED: frozenset({CycleState.CLOSED}),
    CycleState.CLOSED: frozenset(),
}
OPEN_CYCLE_STATES: Final = frozenset({CycleState.COLLECTING, CycleState.CHECKING})


class SubmissionState(models.TextChoices):
    NOT_STARTED = "not_started", "Не начата"
    FILLING = "filling", "Заполняется"
    SUBMITTED = "submitted", "На проверке"
    RETURNED = "returned", "Возвращена"
    ACCEPTED = "accepted", "Принята"


SUBMISSION_TRANSITIONS: Final[Mapping[SubmissionState, frozenset[SubmissionState]]] = {
    SubmissionState.NOT_STARTED: frozenset({SubmissionState.FILLING}),
    SubmissionState.FILLING: frozenset({SubmissionState.SUBMITTED}),
    SubmissionState.SUBMITTED: frozenset({SubmissionState.RETURNED, SubmissionState.ACCEPTED}),
    SubmissionState.RETURNED: frozenset({SubmissionState.FILLING, SubmissionState.SUBMITTED}),
    SubmissionState.ACCEPTED: frozenset(),
}
EDITABLE_SUBMISSION_STATES: Final = frozenset(
    {SubmissionState.NOT_STARTED, SubmissionState.FILLING, SubmissionState.RETURNED},
)
HANDED_IN_STATES: Final = frozenset({SubmissionState.SUBMITTED, SubmissionState.ACCEPTED})
