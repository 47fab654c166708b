"""Forms that the administration of a school hands in as files: which came, and what was decided on them."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.db import PublicIdModel
from accounts.models import User
from accounts.permissions import Permission
from riskprofiles.choices import FORM_STATES, WAITING_STATES, FormDecision, FormState, SchoolFormCode
from schools.access import scope_of
from schools.choices import BatchState
from schools.models import ImportBatch, School


class SchoolFormQuerySet(models.QuerySet["SchoolForm"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user, Permission.VIEW_RISK_PROFILES).schools_q("school__"))

    def fillable_by(self, user: User) -> Self:
        """Return the forms of the schools for which the person hands them in."""
        return self.filter(scope_of(user, Permission.UPLOAD_OWN_DATA).schools_q("school__"))

    def for_year(self, year: int) -> Self:
        return self.filter(year=year)

    def with_batches(self) -> Self:
        """Read along what the state follows from."""
        return self.select_related("batch", "stood")

    def standing(self) -> Self:
        """Keep the forms whose values stand in the portal: those with `SchoolForm.standing`."""
        return self.filter(Q(batch__state=BatchState.APPLIED) | Q(stood__state=BatchState.APPLIED))

    def handed_in(self) -> Self:
        """Keep the forms that their schools have handed in and owe no more: standing, and not returned since."""
        return self.standing().exclude(decided_q(), decision=FormDecision.RETURNED)

    def undecided(self) -> Self:
        """Keep the forms handed in that wait for the methodist: the state HANDED_IN of `SchoolForm.state`."""
        return self.filter(standing_q() & ~decided_q())

    def returned(self) -> Self:
        """Keep the forms that wait for their school: the state RETURNED of `SchoolForm.state`."""
        return self.filter(standing_q() & decided_q(), decision=FormDecision.RETURNED)


def standing_q() -> Q:
    """Return the condition that values of the form stand in the portal and no newer file waits."""
    return Q(batch__state=BatchState.APPLIED) | (
        ~Q(batch__state__in=WAITING_STATES) & Q(stood__state=BatchState.APPLIED)
    )


def decided_q() -> Q:
    """Return the condition that the decision is about what stands, not about an earlier file."""
    of_latest = Q(batch__state=BatchState.APPLIED, decided_at__gte=F("batch__applied_at"))
    of_earlier = ~Q(batch__state=BatchState.APPLIED) & Q(decided_at__gte=F("stood__applied_at"))
    return Q(decided_at__isnull=False) & (of_latest | of_earlier)


class SchoolForm(PublicIdModel):
    """A form of a school for a year: the latest file that came, and the one that stands in the portal.

    batch: of the latest file. stood: the applied batch that a newer file has not replaced yet; a file that is refused
    takes nothing away. A decision counts while no newer file was applied after it.
    year: the form tells how things stood on 1 October of it. Source: domain specification, 3.8.
    """

    State = FormState

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="forms", verbose_name="школа")
    form = models.CharField("форма", max_length=4, choices=SchoolFormCode.choices)
    year = models.PositiveSmallIntegerField("год", validators=[MinValueValidator(2015), MaxValueValidator(2100)])
    batch = models.OneToOneField(
        ImportBatch, on_delete=models.PROTECT, related_name="school_form", verbose_name="загрузка"
    )
    stood = models.OneToOneField(
        ImportBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="прежняя загрузка"
    )
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("загружена")
    decision = models.CharField("решение", max_length=8, choices=FormDecision.choices, blank=True)
    remark = models.TextField("замечание", blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("решение принято", null=True, blank=True)

    objects = SchoolFormQuerySet.as_manager()

    class Meta:
        verbose_name = "форма школы"
        verbose_name_plural = "формы школ"
        ordering: ClassVar[list[str]] = ["-year", "school__name", "form", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["school", "form", "year"],
                name="school_form_once_a_year",
                violation_error_message="Эта форма школы за этот год уже есть.",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="school_form_decided_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(decision=FormDecision.RETURNED) | ~Q(remark=""),
                name="school_form_returned_with_remark",
                violation_error_message="Вернуть форму можно только с замечанием.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()}, {self.year}: {self.school}"

    def get_absolute_url(self) -> str:
        return reverse("self_assessment:school_form", args=[self.pk])

    @property
    def standing(self) -> ImportBatch | None:
        """Return the batch whose values stand in the portal."""
        candidates = (self.batch, self.stood)
        return next((batch for batch in candidates if batch and batch.state == BatchState.APPLIED), None)

    @property
    def state(self) -> FormState:
        """Return where the form stands: a file on its way, else what stands and what was decided on it."""
        batch = BatchState(self.batch.state)
        standing = None if batch in WAITING_STATES else self.standing
        if standing is None:
            return FORM_STATES[batch]
        return FormState(self.decision) if self.is_decided(standing) else FormState.HANDED_IN

    def is_decided(self, standing: ImportBatch) -> bool:
        """Answer whether the decision is about what stands, not about an earlier file."""
        return bool(self.decided_at and standing.applied_at and self.decided_at >= standing.applied_at)

    @property
    def is_handed_in(self) -> bool:
        """Answer what `SchoolFormQuerySet.handed_in` asks the database."""
        standing = self.standing
        return standing is not None and not (self.decision == FormDecision.RETURNED and self.is_decided(standing))
