"""What proves that a measure was carried out."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.db import PublicIdModel
from accounts.models import User
from roadmaps.choices import EvidenceKind
from roadmaps.models.measure import Measure
from schools.access import scope_of


def evidence_path(evidence: Evidence, _name: str) -> str:
    """Return where a file is stored: the name a person gave never reaches the disk."""
    suffix = evidence.name.rsplit(".", 1)[-1].lower()
    return f"evidence/{evidence.pk}.{suffix}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> Self:
        scope = scope_of(user)
        return self.filter(
            scope.schools_q("measure__roadmap__school__") | scope.territories_q("measure__roadmap__territory__"),
        )

    def with_owner(self) -> Self:
        return self.select_related("measure__roadmap__school__territory", "measure__roadmap__territory")


class Evidence(PublicIdModel):
    """A file, a link or a reference in words; exactly one of the three."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField("вид", max_length=16, choices=EvidenceKind.choices)
    name = models.CharField("название", max_length=250)
    file = models.FileField("файл", upload_to=evidence_path, max_length=200, blank=True)
    size = models.PositiveIntegerField("размер, байт", null=True, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    url = models.URLField("ссылка", max_length=500, blank=True)
    text = models.TextField("реквизиты или пояснение", blank=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("приложено")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "подтверждение"
        verbose_name_plural = "подтверждения"
        ordering: ClassVar[list[str]] = ["measure", "uploaded_at", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=(~Q(file="") & Q(url="", text=""))
                | (Q(file="", text="") & ~Q(url=""))
                | (Q(file="", url="") & ~Q(text="")),
                name="evidence_file_or_link_or_text",
                violation_error_message="Подтверждение — это файл, ссылка или реквизиты документа, что-то одно.",
            ),
            models.CheckConstraint(
                condition=Q(file="", sha256="") | (~Q(file="") & ~Q(sha256="") & Q(size__isnull=False)),
                name="evidence_file_with_sha256",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("roadmaps:evidence", args=[self.pk])

    @property
    def format(self) -> str:
        """Return «PDF», «DOCX» and so on; "" when it is no file."""
        return self.name.rsplit(".", 1)[-1].upper() if self.file else ""
