"""Vocabulary of reports. Source: domain specification, 6.6."""

from collections.abc import Mapping
from typing import Final

from django.db import models


class ReportKind(models.TextChoices):
    R1 = "R1", "Методическая помощь"
    R4 = "R4", "Исполнение дорожных карт"
    R8 = "R8", "Перечень ШНОР"
    R8S = "R8S", "Почему школа в перечне"  # an extract of R8 for one school
    R9 = "R9", "Динамика результатов"


KIND_HINTS: Final[Mapping[str, str]] = {
    ReportKind.R1: "Аналитическая справка: что сделано, результаты школ, адресные рекомендации",
    ReportKind.R4: "Информация об исполнении планов: выводы, просрочки по школам, рекомендации",
    ReportKind.R8: "Приложение к приказу: школы с низкими результатами и основания включения",
    ReportKind.R8S: "Выписка для руководителя: работы, доли, порог и условия правила по одной школе",
    ReportKind.R9: "ВПР, ОГЭ, ЕГЭ, КДР за 2–5 лет: параллели и когорты, значимость, сопоставимость",
}
SCHOOL_KINDS: Final = frozenset({ReportKind.R4, ReportKind.R8S, ReportKind.R9})  # the others are about a territory
ONE_SCHOOL_KINDS: Final = frozenset({ReportKind.R8S})  # never about a territory
TODAY_KINDS: Final = frozenset({ReportKind.R9})  # their results are those of the day of building, of no day before
DAY_KINDS: Final = tuple(kind for kind in ReportKind if kind not in TODAY_KINDS)
MONITORING_KINDS: Final = (ReportKind.R1, ReportKind.R4)  # they tell what schools have handed in to monitoring


class FileFormat(models.TextChoices):
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "XLSX"


CONTENT_TYPES: Final[Mapping[str, str]] = {
    FileFormat.PDF: "application/pdf",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
