"""What the versions of rules and of cluster sets have in common. A version that a run has used never changes."""

from __future__ import annotations

from typing import Any

from django.db import models

from accounts.db import PublicIdModel
from schools.errors import FrozenRow
from schools.models.registry import LegalAct


class Version(PublicIdModel):
    """A numbered version under a code, with what it rests on."""

    code = models.CharField("код", max_length=40)
    version = models.PositiveSmallIntegerField("версия", default=1)
    title = models.CharField("название", max_length=250)
    basis_document = models.ForeignKey(
        LegalAct,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="основание",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code}, версия {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row. Raises FrozenRow when a run used it."""
        if self.is_used():
            raise FrozenRow(self.frozen_words)
        super().save(*args, **kwargs)

    def is_used(self) -> bool:
        """Answer whether a run rests on the stored version. A query."""
        raise NotImplementedError

    @property
    def frozen_words(self) -> str:
        return f"Правило «{self}» неизменно: по нему проведён расчёт. Создайте новую версию."


class EditedVersion(Version):
    """A version that people edit until a run has used it.

    edition: grows with every change, so that two people notice each other.
    """

    frozen_at = models.DateTimeField("заморожен", null=True, blank=True)
    edition = models.PositiveIntegerField("правка", default=0)

    class Meta:
        abstract = True

    def is_used(self) -> bool:
        rows = type(self)._default_manager  # noqa: SLF001  how Django lets an abstract model ask for its rows
        return rows.filter(pk=self.pk, frozen_at__isnull=False).exists()
