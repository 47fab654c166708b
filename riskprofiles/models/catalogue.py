"""Versioned catalogues of risk factors: rows loaded from readable files, frozen by the first profile."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from accounts.db import PublicIdModel
from riskprofiles.scoring import FactorRule, LevelBounds


class FactorCatalogueQuerySet(models.QuerySet["FactorCatalogue"]):
    def newest_first(self) -> Self:
        return self.order_by("-code", "pk")


class FactorCatalogue(PublicIdModel):
    """An edition of the list of factors, with the bounds of significance.

    Source: domain specification, 3.2. A catalogue that a profile used is changed by a new one only.
    """

    code = models.CharField("код", max_length=40, unique=True)
    title = models.CharField("название", max_length=250)
    edition = models.CharField("редакция", max_length=40)
    provenance = models.TextField("происхождение", blank=True)
    level_bounds = models.JSONField("границы значимости")  # read by LevelBounds.from_parameters
    frozen = models.BooleanField("заморожен", default=False)

    objects = FactorCatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = "каталог факторов риска"
        verbose_name_plural = "каталоги факторов риска"
        ordering: ClassVar[list[str]] = ["code", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def bounds(self) -> LevelBounds:
        return LevelBounds.from_parameters(self.level_bounds)


class RiskFactor(PublicIdModel):
    """A factor of a catalogue. The code is the same in all editions, number and title are the edition's own."""

    catalogue = models.ForeignKey(FactorCatalogue, on_delete=models.CASCADE, related_name="factors")
    code = models.CharField("код", max_length=8)
    number = models.PositiveSmallIntegerField("номер в редакции")
    title = models.CharField("название", max_length=250)
    scoring = models.JSONField("расчёт", default=dict, blank=True)  # read by FactorRule.from_parameters

    class Meta:
        verbose_name = "фактор риска"
        verbose_name_plural = "факторы риска"
        ordering: ClassVar[list[str]] = ["catalogue", "number", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["catalogue", "code"],
                name="risk_factor_code_once",
                violation_error_message="Фактор с таким кодом в каталоге уже есть.",
            ),
            models.UniqueConstraint(
                fields=["catalogue", "number"],
                name="risk_factor_number_once",
                violation_error_message="Фактор с таким номером в каталоге уже есть.",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="risk_factor_number_positive"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def rule(self) -> FactorRule:
        return FactorRule.from_parameters(self.scoring)
