"""What a school reports on itself once a year: context, contingent, staff."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from schools.access import scope_of
from schools.choices import StatisticForm
from schools.models.registry import School


class SchoolStatisticQuerySet(models.QuerySet["SchoolStatistic"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user).schools_q("school__"))

    def for_year(self, year: int) -> Self:
        return self.filter(year=year)


class SchoolStatistic(models.Model):
    """One value of a form: item of its catalogue, and the part of the school it is about (a level, a subject).

    A share keeps its numerator (`value`) and denominator (`whole`); None means «not reported», never zero.
    Source: domain specification, 2.6, 3.8, 5.4.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="statistics", verbose_name="школа")
    form = models.CharField("форма", max_length=4, choices=StatisticForm.choices)
    year = models.PositiveSmallIntegerField(
        "на 1 октября года",
        validators=[MinValueValidator(2015), MaxValueValidator(2100)],
    )
    item = models.CharField("показатель", max_length=40)
    section = models.CharField("часть", max_length=40, blank=True)
    value = models.DecimalField("значение", max_digits=12, decimal_places=2, null=True, blank=True)
    whole = models.DecimalField("из скольких", max_digits=12, decimal_places=2, null=True, blank=True)
    text = models.CharField("текст", max_length=500, blank=True)
    file = models.ForeignKey("schools.ImportFile", on_delete=models.PROTECT, related_name="+", verbose_name="файл")
    row = models.PositiveIntegerField("строка файла")

    objects = SchoolStatisticQuerySet.as_manager()

    class Meta:
        verbose_name = "сведение о школе"
        verbose_name_plural = "сведения о школах"
        ordering: ClassVar[list[str]] = ["school", "-year", "form", "item", "section", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["school", "form", "year", "item", "section"],
                name="school_statistic_key",
                violation_error_message="Этот показатель за год уже записан.",
            ),
            models.CheckConstraint(
                condition=Q(whole__isnull=True) | Q(value__isnull=True) | Q(value__lte=F("whole")),
                name="school_statistic_part_of_whole",
                violation_error_message="Часть больше целого.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.year}: {self.item} {self.section}".strip()
