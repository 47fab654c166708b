"""Answers of surveys, counted: how many chose an option of a question, never who and never a text of theirs."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.permissions import Permission
from riskprofiles.choices import Audience
from schools.access import scope_of
from schools.models import ImportFile, School


class SurveyTallyQuerySet(models.QuerySet["SurveyTally"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user, Permission.VIEW_RISK_PROFILES).schools_q("school__"))

    def for_year(self, year: int) -> Self:
        return self.filter(year=year)


class SurveyTally(models.Model):
    """One option of one question in one school: chosen by `count` of the `answered`.

    year: the first year of the academic year. Source: domain specification, 3.4, 7.1.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="survey_tallies", verbose_name="школа")
    year = models.PositiveSmallIntegerField(
        "учебный год, первый год",
        validators=[MinValueValidator(2015), MaxValueValidator(2100)],
    )
    audience = models.CharField("кто отвечал", max_length=8, choices=Audience.choices)
    question = models.CharField("вопрос", max_length=300)
    option = models.CharField("ответ", max_length=80)
    count = models.PositiveIntegerField("выбрали")
    answered = models.PositiveIntegerField("ответили на вопрос")
    file = models.ForeignKey(ImportFile, on_delete=models.PROTECT, related_name="+", verbose_name="файл")
    row = models.PositiveIntegerField("строка файла")

    objects = SurveyTallyQuerySet.as_manager()

    class Meta:
        verbose_name = "итог анкеты"
        verbose_name_plural = "итоги анкет"
        ordering: ClassVar[list[str]] = ["school", "-year", "audience", "question", "option", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["school", "year", "audience", "question", "option"],
                name="survey_tally_key",
                violation_error_message="Ответы на этот вопрос уже посчитаны.",
            ),
            models.CheckConstraint(
                condition=Q(count__lte=F("answered")),
                name="survey_tally_part_of_whole",
                violation_error_message="Выбравших ответ больше, чем ответивших на вопрос.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.option} — {self.count} из {self.answered}"
