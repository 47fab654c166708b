"""The risk profile of a school for a year, and its factors with calculated, school's and verified level apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, ClassVar, Self
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.db import PublicIdModel
from accounts.models import User
from accounts.permissions import Permission, Role
from riskprofiles.answers import OWN_FACTOR_CODE
from riskprofiles.choices import (
    JUDGING_STATES,
    LEVEL_CHOICES,
    ORDERED_STATES,
    RISK_LEVEL_CHOICES,
    RISK_LEVELS,
    VERDICT_CHOICES,
    ProfileState,
)
from riskprofiles.models.catalogue import FactorCatalogue, RiskFactor
from riskprofiles.review import FactorReview, Judgement
from riskprofiles.scoring import RiskLevel
from schools.access import scope_of
from schools.models import LegalAct, Membership, School


def lacks_curator() -> Q:
    """Return the condition of profiles that wait for the curator of their school while nobody is that."""
    curators = Membership.objects.with_role(Role.CURATOR).of_active_people()
    return Q(~Exists(curators.filter(school=OuterRef("school"))), state__in=JUDGING_STATES)


class RiskProfileQuerySet(models.QuerySet["RiskProfile"]):
    def visible_to(self, user: User) -> Self:
        """Return the profiles of the schools where a role of the person may look at profiles."""
        return self.filter(scope_of(user, Permission.VIEW_RISK_PROFILES).schools_q("school__"))

    def for_year(self, year: int) -> Self:
        return self.filter(year=year)

    def for_page(self) -> Self:
        """Read along what the pages of one profile show: the school, the orders, who answered and who signed."""
        return self.select_related(
            "school__territory",
            "catalogue",
            "order",
            "approved_by",
            "self_diagnosis__saved_by",
            "self_diagnosis__submitted_by",
        )

    def with_risks(self) -> Self:
        """Return the verified profiles in which the school has chosen risks to work on."""
        return self.in_state(ProfileState.VERIFIED, ProfileState.APPROVED).filter(factors__is_activated=True).distinct()

    def in_state(self, *states: ProfileState) -> Self:
        return self.filter(state__in=states)

    def awaiting_curator(self) -> Self:
        """Return the profiles that wait for the curator of their school while nobody is that."""
        return self.filter(lacks_curator())

    def matching(self, text: str) -> Self:
        """Return the profiles of schools whose name, ИНН or login has every word of a text."""
        return self.filter(school__in=School.objects.matching(text))

    def fillable_by(self, user: User) -> Self:
        """Return the profiles of the schools for which the person fills self-diagnoses."""
        return self.filter(scope_of(user, Permission.FILL_SELF_DIAGNOSIS).schools_q("school__"))

    def with_counts(self) -> Self:
        """Annotate what a list shows: `factor_count`, `judged_count`, `risk_count`, `activated_count`."""
        verified = Q(factors__verified_level__in=RISK_LEVELS)
        return self.annotate(
            factor_count=Count("factors"),
            judged_count=Count("factors", filter=~Q(factors__verdict="")),
            risk_count=Count("factors", filter=verified),
            activated_count=Count("factors", filter=Q(factors__is_activated=True)),
        )

    def for_list(self) -> Self:
        """Read along what a row of a list shows, newest first; grouping forgets the order of the model.

        lacks_curator: see `awaiting_curator`.
        """
        rows = self.select_related("school__territory", "catalogue", "order", "self_diagnosis").with_counts()
        return rows.annotate(lacks_curator=lacks_curator()).order_by("-year", "school__name", "pk")


class RiskProfile(PublicIdModel):
    """What a school struggles with, in a year: calculated, reviewed by the school, verified by the curator.

    Source: domain specification, 3.5. `results_year` says which assessment results the calculation used.
    """

    State = ProfileState

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="risk_profiles")
    year = models.PositiveSmallIntegerField(
        "год",
        validators=[MinValueValidator(2015), MaxValueValidator(2100)],
    )
    results_year = models.PositiveSmallIntegerField("результаты какого года", null=True, blank=True)
    catalogue = models.ForeignKey(FactorCatalogue, on_delete=models.PROTECT, related_name="profiles")
    state = models.CharField("состояние", max_length=20, choices=ProfileState.choices, default=ProfileState.DRAFT)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("заведён")
    changed_at = models.DateTimeField("в этом состоянии с")
    calculated_at = models.DateTimeField("рассчитан", null=True, blank=True)
    reviewed_at = models.DateTimeField("самоанализ сдан", null=True, blank=True)
    verified_at = models.DateTimeField("верифицирован", null=True, blank=True)
    order = models.ForeignKey(
        LegalAct,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="risk_profiles",
        verbose_name="приказ",
    )
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField("утверждён", null=True, blank=True)
    remarks = models.TextField("замечания или причина открытия заново", blank=True)
    history = HistoricalRecords()

    objects = RiskProfileQuerySet.as_manager()

    class Meta:
        verbose_name = "рисковый профиль"
        verbose_name_plural = "рисковые профили"
        ordering: ClassVar[list[str]] = ["-year", "school__name", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["school", "year"],
                name="risk_profile_once_a_year",
                violation_error_message="Профиль этой школы за этот год уже заведён.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(ORDERED_STATES))
                | Q(order__isnull=False, approved_by__isnull=False, approved_at__isnull=False),
                name="risk_profile_approved_with_order",
                violation_error_message="Утвердить профиль можно только приказом.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted({*ORDERED_STATES, ProfileState.VERIFIED})) | Q(verified_at__isnull=False),
                name="risk_profile_verified_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Рисковый профиль {self.year}: {self.school}"

    def get_absolute_url(self) -> str:
        return reverse("riskprofiles:detail", args=[self.pk])

    @property
    def is_being_judged(self) -> bool:
        return self.state in JUDGING_STATES


class ProfileFactorQuerySet(models.QuerySet["ProfileFactor"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user, Permission.VIEW_RISK_PROFILES).schools_q("profile__school__"))

    def verified(self) -> Self:
        """Return the factors that the curator holds for risks: of low significance or more."""
        return self.filter(verified_level__in=RISK_LEVELS)

    def activated(self) -> Self:
        """Return the verified factors that the school works on this year."""
        return self.verified().filter(is_activated=True)

    def judged(self) -> Self:
        return self.exclude(verdict="")

    def with_verifier(self) -> Self:
        return self.select_related("factor", "verified_by")

    def of_profile(self, profile: UUID | None) -> Self:
        return self.filter(profile=profile)

    def with_keys(self, keys: Iterable[str]) -> Self:
        return self.filter(pk__in=keys)

    def in_order(self) -> Self:
        """Order as the catalogue numbers them, own factors of the school last."""
        return self.order_by(F("factor__number").asc(nulls_last=True), "created_at", "pk")


class ProfileFactorManager(models.Manager["ProfileFactor"]):
    def get_queryset(self) -> ProfileFactorQuerySet:
        """Read the catalogue's factor along, so that the title never queries."""
        return ProfileFactorQuerySet(self.model, using=self._db).select_related("factor")


class ProfileFactor(PublicIdModel):
    """One factor of a profile. The calculated level is never overwritten: the curator's stands beside it.

    `factor` None is an own factor of the school (R13) with `own_title`. Levels: None means not known or not given.
    """

    profile = models.ForeignKey(RiskProfile, on_delete=models.CASCADE, related_name="factors")
    factor = models.ForeignKey(
        RiskFactor, on_delete=models.PROTECT, null=True, blank=True, related_name="profile_factors"
    )
    own_title = models.CharField("свой фактор школы", max_length=250, blank=True)
    created_at = models.DateTimeField("добавлен", auto_now_add=True)

    calculated_score = models.DecimalField("индекс риска", max_digits=5, decimal_places=2, null=True, blank=True)
    calculated_level = models.CharField(
        "значимость по расчёту", max_length=6, choices=LEVEL_CHOICES, null=True, blank=True
    )
    calculated_parts = models.JSONField("части расчёта", default=list, blank=True)

    school_relevant = models.BooleanField("актуален для школы", null=True, blank=True)
    school_level = models.CharField(
        "значимость по оценке школы", max_length=6, choices=RISK_LEVEL_CHOICES, null=True, blank=True
    )
    school_measures = models.TextField("краткое описание мер", blank=True)
    school_evidence = models.TextField("чем подтверждается", blank=True)
    dispute_reason = models.TextField("почему школа не согласна с расчётом", blank=True)

    verdict = models.CharField("заключение", max_length=9, choices=VERDICT_CHOICES, blank=True)
    verified_level = models.CharField(
        "верифицированная значимость", max_length=6, choices=LEVEL_CHOICES, null=True, blank=True
    )
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField("верифицирован", null=True, blank=True)
    verification_reason = models.TextField("обоснование куратора", blank=True)

    is_activated = models.BooleanField("выбран для работы", default=False)
    activated_at = models.DateTimeField("выбран", null=True, blank=True)
    history = HistoricalRecords()

    objects = ProfileFactorManager.from_queryset(ProfileFactorQuerySet)()

    class Meta:
        verbose_name = "фактор профиля"
        verbose_name_plural = "факторы профиля"
        base_manager_name = "objects"
        ordering: ClassVar[list[Any]] = ["profile", F("factor__number").asc(nulls_last=True), "created_at", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["profile", "factor"], name="profile_factor_once"),
            models.CheckConstraint(
                condition=Q(factor__isnull=False, own_title="") | (Q(factor__isnull=True) & ~Q(own_title="")),
                name="profile_factor_of_catalogue_or_own",
                violation_error_message="Фактор берётся из каталога либо называется школой.",
            ),
            models.CheckConstraint(
                condition=Q(calculated_score__isnull=True, calculated_level__isnull=True)
                | Q(
                    calculated_score__gte=0,
                    calculated_score__lte=100,
                    calculated_level__isnull=False,
                ),
                name="profile_factor_score_with_level",
                violation_error_message="Индекс риска лежит от 0 до 100 и стоит рядом со значимостью.",
            ),
            models.CheckConstraint(
                condition=Q(
                    verdict="",
                    verified_level__isnull=True,
                    verified_by__isnull=True,
                    verified_at__isnull=True,
                )
                | (
                    ~Q(verdict="")
                    & Q(
                        verified_level__isnull=False,
                        verified_by__isnull=False,
                        verified_at__isnull=False,
                    )
                ),
                name="profile_factor_verified_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["", Judgement.CONFIRMED]) | ~Q(verification_reason=""),
                name="profile_factor_verdict_with_reason",
                violation_error_message="Напишите, почему значимость изменена, фактор отклонён или добавлен.",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Judgement.REJECTED) | Q(verified_level=RiskLevel.NONE),
                name="profile_factor_rejected_is_no_risk",
            ),
            models.CheckConstraint(
                condition=Q(is_activated=False, activated_at__isnull=True)
                | Q(
                    is_activated=True,
                    activated_at__isnull=False,
                    verified_level__isnull=False,
                    verified_level__in=[str(level) for level in RISK_LEVELS],
                ),
                name="profile_factor_activated_when_verified",
                violation_error_message="Выбрать для работы можно только подтверждённый риск.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        self.check_calculation()
        super().save(**kwargs)

    def check_calculation(self) -> None:
        """Keep the calculated level as it was computed, once the curator has judged the factor.

        Raises CalculatedLevelFixed.
        """
        if self._loaded_calculation is not None and self.calculation != self._loaded_calculation:
            raise CalculatedLevelFixed(self.title)

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any) -> Self:
        instance = super().from_db(db, field_names, values, **options)
        if {"verdict", "calculated_level", "calculated_score"} <= set(field_names) and instance.verdict:
            instance._loaded_calculation = instance.calculation  # noqa: SLF001  own class
        return instance

    _loaded_calculation: tuple[Any, Any] | None = None

    @property
    def verdict_words(self) -> str:
        """Return the verdict of the curator; «подтверждён» alone would read as a risk where none was found."""
        if self.verdict == Judgement.CONFIRMED and self.verified_level == RiskLevel.NONE:
            return "Подтверждено, что риска нет"
        return self.get_verdict_display()

    @property
    def calculation(self) -> tuple[Any, Any]:
        return self.calculated_level, self.calculated_score

    @property
    def title(self) -> str:
        return self.factor.title if self.factor is not None else self.own_title

    @property
    def code(self) -> str:
        return self.factor.code if self.factor is not None else OWN_FACTOR_CODE

    @property
    def number(self) -> int | None:
        return self.factor.number if self.factor is not None else None

    @property
    def index(self) -> float | None:
        """Return the calculated index as charts take it."""
        return None if self.calculated_score is None else float(self.calculated_score)

    @property
    def effective_level(self) -> RiskLevel | None:
        """Return the verified level; without the curator's word there is none, whatever was calculated."""
        return RiskLevel(self.verified_level) if self.verified_level else None

    @property
    def proposed_level(self) -> RiskLevel | None:
        """Return what the curator is asked to confirm: the calculated level, else the school's own."""
        review = self.review
        return review.calculated or review.school_level

    @property
    def is_risk(self) -> bool:
        return self.verified_level in RISK_LEVELS

    @property
    def review(self) -> FactorReview:
        """Return the three opinions as plain values."""
        return FactorReview(
            title=self.title,
            calculated=RiskLevel(self.calculated_level) if self.calculated_level else None,
            is_relevant=self.school_relevant,
            marked=RiskLevel(self.school_level) if self.school_level else None,
            judgement=Judgement(self.verdict) if self.verdict else None,
            verified=self.effective_level,
        )

    @property
    def is_disputed(self) -> bool:
        return bool(self.dispute_reason)


class CalculatedLevelFixed(Exception):  # noqa: N818  a broken invariant of the code, not an answer to a person
    """The calculated level of a verified factor was about to change."""
