"""Words of files for methodical events. Values are those of `monitoring.choices`. Source: domain specification, 5.4."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from schools.intake.headers import normalised
from schools.intake.template_meta import is_year

EVENT_KINDS: Final[Mapping[str, str]] = {
    "seminar": "семинар",
    "problem_seminar": "проблемно-ориентированный семинар",
    "standing_seminar": "постоянно действующий семинар",
    "webinar": "вебинар",
    "group_advice": "консультация групповая",
    "personal_advice": "консультация индивидуальная",
    "meeting": "совещание",
    "subject_union": "заседание РМО",
    "master_class": "мастер-класс",
    "open_lesson": "открытый урок",
    "council": "педсовет",
    "round_table": "круглый стол",
    "conference": "научно-практическая конференция",
    "internship": "стажировка",
    "training": "КПК",
    "landing": "методический или управленческий десант",
    "contest": "конкурс",
    "wider": "межрегиональное или федеральное мероприятие",
    "diagnosis": "диагностика",
    "recheck": "перепроверка",
    "observation": "независимое наблюдение",
    "expertise": "экспертная проверка",
}
OTHER_SPELLINGS: Final[Mapping[str, str]] = {
    "консультация": "personal_advice",
    "групповая консультация": "group_advice",
    "индивидуальная консультация": "personal_advice",
    "рмо": "subject_union",
    "педагогический совет": "council",
    "нпк": "conference",
    "повышение квалификации": "training",
    "курсы повышения квалификации": "training",
    "методический десант": "landing",
    "управленческий десант": "landing",
    "межрегиональное мероприятие": "wider",
    "федеральное мероприятие": "wider",
    "мероприятие фиоко": "wider",
}
KIND_WORDS: Final = {normalised(title): code for code, title in EVENT_KINDS.items()} | {
    normalised(spelling): code for spelling, code in OTHER_SPELLINGS.items()
}
EVENT_MODES: Final[Mapping[str, str]] = {"onsite": "очно", "online": "онлайн", "mixed": "смешанное"}
MODE_WORDS: Final = {normalised(title): code for code, title in EVENT_MODES.items()} | {
    "очная": "onsite",
    "очный": "onsite",
    "дистанционно": "online",
    "заочно": "online",
    "смешанная": "mixed",
    "смешанный": "mixed",
}


def period_bounds(period: str) -> tuple[date, date] | None:
    """Return the first and the last day of «2026» or of the academic year «2025/2026»; None for other texts."""
    if is_year(period):
        return date(int(period), 1, 1), date(int(period), 12, 31)
    first, slash, last = period.partition("/")
    if slash and is_year(first) and is_year(last):
        return date(int(first), 9, 1), date(int(last), 8, 31)
    return None
