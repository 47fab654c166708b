"""Vocabulary of territories, schools, results, lists; states and their allowed transitions."""

from collections.abc import Mapping
from typing import Final

from django.db import models

from schools.identification import Standing, Verdict
from schools.social import Quadrant, SocialVerdict


class TerritoryLevel(models.TextChoices):
    REGION = "region", "Субъект РФ"
    MUNICIPALITY = "municipality", "Муниципалитет"


class SchoolKind(models.TextChoices):
    """Types of schools. Source: domain specification, 1.3 (`exclude_types`) and 7.5."""

    PRIMARY = "НОШ", "начальная школа"
    BASIC = "ООШ", "основная школа"
    SECONDARY = "СОШ", "средняя школа"
    GYMNASIUM = "гимназия", "гимназия"
    LYCEUM = "лицей", "лицей"
    BOARDING = "школа-интернат", "школа-интернат"
    EVENING = "О(С)ОШ", "открытая (сменная) школа"
    CADET = "кадетская", "кадетская школа"
    CENTRE = "центр образования", "центр образования"
    SPECIAL = "коррекционная", "специальная (коррекционная) школа"
    PENAL = "при ИУ", "школа при исправительном учреждении"
    PRIVATE = "частная", "частная школа"
    BRANCH = "филиал", "филиал"


class Locality(models.TextChoices):
    CITY = "город", "город"
    TOWN = "пгт", "посёлок городского типа"
    VILLAGE = "село", "село"


class SchoolStatus(models.TextChoices):
    ACTIVE = "active", "действует"
    REORGANISED = "reorganised", "реорганизована"
    CLOSED = "closed", "ликвидирована"
    SUSPENDED = "suspended", "приостановлена"


LIVING_STATUSES: Final = (SchoolStatus.ACTIVE, SchoolStatus.SUSPENDED)
STATUS_TRANSITIONS: Final[Mapping[SchoolStatus, frozenset[SchoolStatus]]] = {
    SchoolStatus.ACTIVE: frozenset({SchoolStatus.SUSPENDED, SchoolStatus.CLOSED, SchoolStatus.REORGANISED}),
    SchoolStatus.SUSPENDED: frozenset({SchoolStatus.ACTIVE, SchoolStatus.CLOSED, SchoolStatus.REORGANISED}),
    SchoolStatus.CLOSED: frozenset(),
    SchoolStatus.REORGANISED: frozenset(),
}


class ReorganisationKind(models.TextChoices):
    """How one school goes on in another. Source: domain specification, 7.5 (status, «реорганизована (into)»)."""

    MERGER = "merger", "слияние или присоединение"
    SPLIT = "split", "разделение или выделение"
    NEW_ENTITY = "new_entity", "новое юридическое лицо"
    BRANCH = "branch", "филиал вошёл в состав"


class ActKind(models.TextChoices):
    ORDER = "order", "приказ"
    DIRECTIVE = "directive", "распоряжение"
    RESOLUTION = "resolution", "постановление"
    REGULATION = "regulation", "положение"
    LETTER = "letter", "письмо"
    PROTOCOL = "protocol", "протокол"


class Procedure(models.TextChoices):
    """Assessment procedures. Source: domain specification, 2.2."""

    VPR = "VPR", "ВПР"
    OGE = "OGE", "ОГЭ"
    EGE = "EGE", "ЕГЭ"
    GVE9 = "GVE9", "ГВЭ-9"
    GVE11 = "GVE11", "ГВЭ-11"
    KDR = "KDR", "КДР"
    RDR = "RDR", "РДР"
    NIKO = "NIKO", "НИКО"
    FG = "FG", "Функциональная грамотность"
    MUNICIPAL = "MUNICIPAL", "Муниципальная диагностическая работа"
    SCHOOL = "SCHOOL", "Школьная диагностическая работа"
    ENTRY = "ENTRY", "Входной мониторинг"


class Period(models.TextChoices):
    SPRING = "spring", "весна"
    AUTUMN = "autumn", "осень"
    MAIN = "main", "основной период"
    RESERVE = "reserve", "резервные дни"
    SEPTEMBER = "sept", "сентябрь"


OPENING_PERIODS: Final = (Period.AUTUMN, Period.SEPTEMBER)  # of the first year of an academic year


class CourseLevel(models.TextChoices):
    NONE = "none", "без уровня"
    BASE = "base", "базовый"
    ADVANCED = "advanced", "углублённый"
    PROFILE = "profile", "профильный"


class DetailKind(models.TextChoices):
    """What a file tells of a work besides marks. Source: domain specification, 2.3."""

    TASKS = "tasks", "Выполнение заданий"
    GROUPS = "groups", "Выполнение заданий группами участников"
    OUTCOMES = "outcomes", "Достижение планируемых результатов"


class StatisticForm(models.TextChoices):
    """Forms that the administration of a school fills in once a year. Source: domain specification, 3.8."""

    CONTEXT = "SA-1", "Контекст школы"
    CONTINGENT = "SA-2", "Контингент"
    STAFF = "SA-4", "Кадры"


RESULTS_TARGET: Final = "results"  # of a row of an import (schools/importing/targets.py)


class BatchState(models.TextChoices):
    """An import from the upload to its undo."""

    CHECKING = "checking", "Проверяется"
    CHECKED = "checked", "Проверена"
    APPLIED = "applied", "Применена"
    UNDONE = "undone", "Отменена"
    REJECTED = "rejected", "Не применена"


BATCH_TRANSITIONS: Final[Mapping[BatchState, frozenset[BatchState]]] = {
    BatchState.CHECKING: frozenset({BatchState.CHECKED, BatchState.REJECTED}),
    BatchState.CHECKED: frozenset({BatchState.CHECKED, BatchState.APPLIED, BatchState.REJECTED}),
    BatchState.APPLIED: frozenset({BatchState.UNDONE}),
    BatchState.UNDONE: frozenset(),
    BatchState.REJECTED: frozenset(),
}


class FileState(models.TextChoices):
    WAITING = "waiting", "Ждёт проверки"
    RECOGNISED = "recognised", "Распознан"
    REFUSED = "refused", "Не принят"


class RowOutcome(models.TextChoices):
    NEW = "new", "новая"
    CHANGED = "changed", "изменится"
    SAME = "same", "без изменений"
    REJECTED = "rejected", "не принята"


VERDICT_TITLES: Final[Mapping[Verdict, str]] = {
    Verdict.SHNOR: "Низкие результаты",
    Verdict.RISK_GROUP: "Группа риска",
    Verdict.CLEAR: "Условия не выполнены",
    Verdict.INSUFFICIENT_DATA: "Данных недостаточно",
    Verdict.EXCLUDED: "Правило не распространяется",
    Verdict.MANUAL: "Включена решением",
}
VERDICT_CHOICES: Final = [(str(verdict), title) for verdict, title in VERDICT_TITLES.items()]
STANDING_TITLES: Final[Mapping[Standing, str]] = {
    Standing.NONE: "",
    Standing.ENTERS: "Вошла",
    Standing.STAYS: "Остаётся: условия выполнены снова",
    Standing.HELD: "Остаётся: лет без условий мало",
    Standing.LEAVES: "Вышла",
}
STANDING_CHOICES: Final = [(str(standing), title) for standing, title in STANDING_TITLES.items() if standing]


class RuleSetState(models.TextChoices):
    """How far a version of a rule set has come; only a draft changes."""

    DRAFT = "draft", "Черновик"
    SUPPLIED = "supplied", "Не использовано"
    USED = "used", "Использовано"
    FINAL = "final", "Неизменно"


SOCIAL_VERDICT_TITLES: Final[Mapping[SocialVerdict, str]] = {
    SocialVerdict.SHNSU: "Сложные социальные условия",
    SocialVerdict.CLEAR: "Обычные условия",
    SocialVerdict.INSUFFICIENT_DATA: "Данных недостаточно",
}
SOCIAL_VERDICT_CHOICES: Final = [(str(verdict), title) for verdict, title in SOCIAL_VERDICT_TITLES.items()]
QUADRANT_TITLES: Final[Mapping[Quadrant, str]] = {
    Quadrant.BOTH: "ШНОР и ШНСУ",
    Quadrant.LOW_RESULTS: "Только ШНОР",
    Quadrant.RESILIENT: "Только ШНСУ: резильентные школы",
    Quadrant.NEITHER: "Ни ШНОР, ни ШНСУ",
    Quadrant.UNKNOWN: "Результаты или условия не известны",
}


class Decision(models.TextChoices):
    """What the coordinator decided on a school of a run."""

    WAITING = "waiting", "Ждёт решения"
    INCLUDED = "included", "Включена"
    EXCLUDED = "excluded", "Исключена"
    POSTPONED = "postponed", "Отложена"


OPEN_DECISIONS: Final = frozenset({Decision.WAITING, Decision.POSTPONED})


class VerdictSegment(models.TextChoices):
    """The three common views of a run; where a school stands follows from the rule and the decision."""

    LISTED = "listed", "Попали в список"
    NEAR = "near", "Близко к порогу"
    REST = "rest", "Остальные"


def is_named(verdict: str, standing: str) -> bool:
    """Answer whether the rule puts a school on the list: its conditions hold, or the exit rule keeps it there."""
    return verdict == Verdict.SHNOR or standing == Standing.HELD


def segment_of(verdict: str, standing: str, decision: str, low_procedures: int) -> VerdictSegment:
    """Return where a school stands: in the list by the rule or a decision; near it by one low procedure or a risk."""
    if is_named(verdict, standing) or decision == Decision.INCLUDED:
        return VerdictSegment.LISTED
    is_near = verdict == Verdict.RISK_GROUP or low_procedures > 0
    return VerdictSegment.NEAR if is_near and verdict != Verdict.EXCLUDED else VerdictSegment.REST


class DecisionReason(models.TextChoices):
    """Why a decision differs from what the rule says; EXIT_RULE why it follows a rule whose conditions do not hold."""

    SPECIAL_CONTINGENT = "special", "Особый контингент: вечерняя (сменная) школа"
    SMALL_SAMPLE = "small_sample", "Малая выборка"
    DATA_ERROR = "data_error", "Ошибка в данных"
    REORGANISATION = "reorganisation", "Реорганизация школы"
    UPPER_LIST = "upper_list", "Школа в федеральном или региональном перечне"
    COMMISSION = "commission", "Решение комиссии"
    EXIT_RULE = "exit_rule", "Остаётся в перечне: правило выхода не выполнено"
    OTHER = "other", "Другое"


EXCLUSION_REASONS: Final = (
    DecisionReason.SPECIAL_CONTINGENT,
    DecisionReason.SMALL_SAMPLE,
    DecisionReason.DATA_ERROR,
    DecisionReason.REORGANISATION,
    DecisionReason.OTHER,
)
INCLUSION_REASONS: Final = (DecisionReason.UPPER_LIST, DecisionReason.COMMISSION, DecisionReason.OTHER)


class ListKind(models.TextChoices):
    """Source: domain specification, 1.6."""

    FEDERAL = "federal", "Федеральный перечень ШНОР"
    REGIONAL = "regional", "Региональный перечень ШНОР"
    MUNICIPAL = "municipal", "Муниципальный перечень ШНОР"
    PROJECT_500 = "project_500", "Участники проекта «500+»"
    SHNSU = "shnsu", "Перечень ШНСУ"
    RISK_GROUP = "risk_group", "Группа риска"
    BIAS_MARKERS = "bias_markers", "Школы с признаками необъективных результатов"
    HIGH_RESULTS = "high_results", "Школы со стабильно высокими результатами"
    MENTOR_SCHOOLS = "mentor_schools", "Школы-наставники"


LOW_RESULT_LISTS: Final = (ListKind.FEDERAL, ListKind.REGIONAL, ListKind.MUNICIPAL)


class ListState(models.TextChoices):
    DRAFT = "draft", "Черновик"
    APPROVED = "approved", "Утверждён"
    PUBLISHED = "published", "Опубликован"
    CANCELLED = "cancelled", "Отменён"


LIST_TRANSITIONS: Final[Mapping[ListState, frozenset[ListState]]] = {
    ListState.DRAFT: frozenset({ListState.APPROVED, ListState.CANCELLED}),
    ListState.APPROVED: frozenset({ListState.PUBLISHED, ListState.DRAFT, ListState.CANCELLED}),
    ListState.PUBLISHED: frozenset({ListState.CANCELLED}),
    ListState.CANCELLED: frozenset(),
}
FROZEN_LIST_STATES: Final = frozenset({ListState.PUBLISHED, ListState.CANCELLED})
