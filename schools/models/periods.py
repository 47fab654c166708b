"""What a school was called, coded and how it stood, from which day on; what it was made of and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from schools.choices import ReorganisationKind, SchoolKind, SchoolStatus

if TYPE_CHECKING:
    from schools.models.registry import School

DATED_FIELDS: Final = ("name", "full_name", "kind", "login", "gia_code", "territory_id", "parent_id", "status")
BEGINNING: Final = date.min  # stands for «from the start of the record» where two starts are compared


class SchoolPeriodQuerySet(models.QuerySet["SchoolPeriod"]):
    def with_end(self) -> Self:
        """Annotate `valid_to`: the first day of the next period, None while there is none."""
        later = SchoolPeriod.objects.filter(
            school=OuterRef("school"),
            valid_from__gt=Coalesce(OuterRef("valid_from"), Value(BEGINNING)),
        )
        return self.annotate(valid_to=Subquery(later.order_by("valid_from").values("valid_from")[:1]))

    def as_of(self, day: date) -> Self:
        """Return the period of each school that a day falls into: one, or none before the school was there."""
        started = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
        return self.with_end().filter(started & (Q(valid_to__isnull=True) | Q(valid_to__gt=day)))

    def current(self) -> Self:
        """Return the last period of each school, the one that its card shows."""
        return self.with_end().filter(valid_to__isnull=True)

    def oldest_first(self) -> Self:
        return self.order_by(F("valid_from").asc(nulls_first=True), "pk")

    def open_for(self, schools: Iterable[School]) -> list[SchoolPeriod]:
        """Store the first periods of new schools: from the start of the record."""
        return self.bulk_create(SchoolPeriod.of(school) for school in schools)

    def follow(self, schools: Iterable[School]) -> None:
        """Bring the last periods in line with corrected cards. Two queries, none to write when nothing differs."""
        cards = {school.pk: school for school in schools}
        differing = [
            period for period in self.current().filter(school__in=cards) if period.differs_from(cards[period.school_id])
        ]
        for period in differing:
            period.copy_from(cards[period.school_id])
        if differing:
            self.bulk_update(differing, ["name_folded", *DATED_FIELDS], batch_size=500)


class SchoolPeriod(models.Model):
    """The details of a school from one day until the next period begins.

    valid_from None: from the start of the record, when nobody has said since when. The end is not stored: it is the
    start of the next period, so periods can neither overlap nor leave a gap (docs/adr/0013). The last period says
    what the card of the school says. file: the registry that brought the change, to take it back with it.
    """

    school = models.ForeignKey(
        "schools.School",
        on_delete=models.CASCADE,
        related_name="periods",
        verbose_name="школа",
    )
    valid_from = models.DateField("действует с", null=True, blank=True)
    name = models.CharField("краткое название", max_length=200)
    name_folded = models.CharField(max_length=200, editable=False)
    full_name = models.CharField("полное название", max_length=500, blank=True)
    kind = models.CharField("вид", max_length=20, choices=SchoolKind.choices)
    login = models.CharField("логин в федеральной системе", max_length=9, blank=True)
    gia_code = models.CharField("код в региональной системе ГИА", max_length=6, blank=True)
    territory = models.ForeignKey("schools.Territory", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("schools.School", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField("состояние", max_length=12, choices=SchoolStatus.choices, default=SchoolStatus.ACTIVE)
    basis = models.ForeignKey(
        "schools.LegalAct",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="основание",
    )
    file = models.ForeignKey(
        "schools.ImportFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="файл реестра",
    )
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField("внесено", null=True, blank=True)

    objects = SchoolPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "период школы"
        verbose_name_plural = "периоды школ"
        ordering: ClassVar[list[Any]] = ["school", F("valid_from").asc(nulls_first=True), "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["school", "valid_from"],
                name="school_period_starts_once",
                violation_error_message="С этой даты уже записано другое изменение.",
            ),
            models.UniqueConstraint(
                fields=["school"],
                condition=Q(valid_from__isnull=True),
                name="school_period_first_once",
                violation_error_message="Первый период школы уже записан.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="school_period_named",
                violation_error_message="У школы всегда есть название.",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True, recorded_by__isnull=True)
                | Q(recorded_at__isnull=False, recorded_by__isnull=False),
                name="school_period_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_folded = self.name.casefold()
        super().save(*args, **kwargs)

    @classmethod
    def of(cls, school: School, **fields: Any) -> SchoolPeriod:
        """Return a period, not stored yet, that says what the card of a school says."""
        period = cls(school=school, **fields)
        period.copy_from(school)
        return period

    def copy_from(self, source: School | SchoolPeriod) -> None:
        for name in DATED_FIELDS:
            setattr(self, name, getattr(source, name))
        self.name_folded = self.name.casefold()

    def differs_from(self, other: School | SchoolPeriod) -> bool:
        return any(getattr(self, name) != getattr(other, name) for name in DATED_FIELDS)


class SchoolSuccessionQuerySet(models.QuerySet["SchoolSuccession"]):
    def of(self, school: School) -> Self:
        """Return what a school came from and what became of it, oldest first."""
        either = Q(predecessor=school) | Q(successor=school)
        return self.filter(either).select_related("predecessor", "successor", "basis").order_by("date", "pk")


class SchoolSuccession(models.Model):
    """From a day on, one school goes on where another one ended or gave a part of itself away."""

    predecessor = models.ForeignKey(
        "schools.School",
        on_delete=models.PROTECT,
        related_name="successions",
        verbose_name="прежняя школа",
    )
    successor = models.ForeignKey(
        "schools.School",
        on_delete=models.PROTECT,
        related_name="origins",
        verbose_name="преемник",
    )
    date = models.DateField("с даты")
    kind = models.CharField("вид реорганизации", max_length=12, choices=ReorganisationKind.choices)
    basis = models.ForeignKey(
        "schools.LegalAct",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="основание",
    )
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("внесено")

    objects = SchoolSuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = "реорганизация"
        verbose_name_plural = "реорганизации"
        ordering: ClassVar[list[str]] = ["date", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                name="school_succession_once",
                violation_error_message="Эта реорганизация уже записана.",
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="school_succeeds_another",
                violation_error_message="Школа не бывает преемником самой себя.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.predecessor} — {self.successor}"
