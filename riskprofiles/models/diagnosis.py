"""Self-diagnosis by risk factors (SA-3): its state, and files uploaded for it. The answers stand in the factors."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.db import PublicIdModel
from accounts.models import User
from accounts.permissions import Permission
from riskprofiles.choices import (
    OPEN_DIAGNOSIS_STATES,
    SUBMITTED_DIAGNOSIS_STATES,
    DiagnosisSource,
    DiagnosisState,
    UploadState,
)
from riskprofiles.models.profile import RiskProfile
from schools.access import scope_of


class SelfDiagnosis(PublicIdModel):
    """What the school says of its own risks, as one form.

    `version` grows with every saved field: an uploaded file is applied only to the draft it was compared with.
    Source: domain specification, 3.8, form SA-3.
    """

    State = DiagnosisState

    profile = models.OneToOneField(RiskProfile, on_delete=models.CASCADE, related_name="self_diagnosis")
    state = models.CharField("состояние", max_length=8, choices=DiagnosisState.choices, default=DiagnosisState.DRAFT)
    version = models.PositiveIntegerField("версия", default=1)
    source = models.CharField(
        "как заполнена", max_length=4, choices=DiagnosisSource.choices, default=DiagnosisSource.WEB
    )
    file_name = models.CharField("файл", max_length=255, blank=True)
    file_sha256 = models.CharField("контрольная сумма файла", max_length=64, blank=True)
    problems = models.JSONField("замечания проверки", default=list, blank=True)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField("сохранена", null=True, blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField("сдана", null=True, blank=True)
    remarks = models.TextField("замечания куратора", blank=True)
    history = HistoricalRecords(excluded_fields=["problems"])

    class Meta:
        verbose_name = "самодиагностика"
        verbose_name_plural = "самодиагностики"
        ordering: ClassVar[list[str]] = ["profile", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=~Q(state__in=sorted(SUBMITTED_DIAGNOSIS_STATES))
                | Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="self_diagnosis_submitted_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=DiagnosisState.RETURNED) | ~Q(remarks=""),
                name="self_diagnosis_returned_with_remarks",
                violation_error_message="Вернуть самодиагностику можно только с замечаниями.",
            ),
        ]

    def __str__(self) -> str:
        return f"Самодиагностика {self.profile.year}: {self.profile.school}"

    def get_absolute_url(self) -> str:
        return reverse("self_assessment:form", args=[self.profile_id])

    @property
    def is_open(self) -> bool:
        """Return whether the school may still write."""
        return self.state in OPEN_DIAGNOSIS_STATES and self.profile.state == RiskProfile.State.SCHOOL_REVIEW


class SelfDiagnosisUploadQuerySet(models.QuerySet["SelfDiagnosisUpload"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user, Permission.VIEW_RISK_PROFILES).schools_q("diagnosis__profile__school__"))

    def waiting(self) -> Self:
        return self.filter(state=UploadState.WAITING)


class SelfDiagnosisUpload(PublicIdModel):
    """A filled form that came back as a file: what it would change, and what in it is wrong.

    rows: [{"row", "code", "title", "values": {field: value}}]; problems: [{"row", "label", "found", "text"}].
    """

    diagnosis = models.ForeignKey(SelfDiagnosis, on_delete=models.CASCADE, related_name="uploads")
    file_name = models.CharField("файл", max_length=255)
    file_sha256 = models.CharField("контрольная сумма", max_length=64)
    size = models.PositiveIntegerField("байт")
    rows = models.JSONField("ответы в файле", default=list, blank=True)
    problems = models.JSONField("замечания", default=list, blank=True)
    state = models.CharField("состояние", max_length=9, choices=UploadState.choices, default=UploadState.WAITING)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("загружен")
    applied_at = models.DateTimeField("применён", null=True, blank=True)

    objects = SelfDiagnosisUploadQuerySet.as_manager()

    class Meta:
        verbose_name = "файл самодиагностики"
        verbose_name_plural = "файлы самодиагностики"
        ordering: ClassVar[list[str]] = ["-uploaded_at", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=(Q(state=UploadState.APPLIED) & Q(applied_at__isnull=False))
                | (~Q(state=UploadState.APPLIED) & Q(applied_at__isnull=True)),
                name="self_diagnosis_upload_applied_when",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
