"""The social index: its rules, its runs, and what they say of each school. A run is never overwritten."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.db import PublicIdModel
from accounts.models import User
from accounts.permissions import Permission
from schools.access import scope_of
from schools.choices import SOCIAL_VERDICT_CHOICES, Decision
from schools.identification import Verdict
from schools.list_kinds import NAMED
from schools.models.identification import IdentificationRun, SchoolVerdict
from schools.models.registry import School, Territory
from schools.models.versions import Version
from schools.social import Quadrant, SocialPart, SocialRule, SocialVerdict


class SocialIndexRule(Version):
    """A version of the rule; it never changes once a run used it, a change is a new version.

    Source: domain specification, 1.5. `parameters` are read by `SocialRule.from_parameters`.
    """

    provenance = models.TextField("происхождение параметров")
    parameters = models.JSONField("параметры")

    class Meta:
        verbose_name = "правило индекса социальных условий"
        verbose_name_plural = "правила индекса социальных условий"
        ordering: ClassVar[list[str]] = ["code", "-version", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="social_rule_version_unique",
                violation_error_message="Такая версия правила уже есть.",
            ),
        ]

    def is_used(self) -> bool:
        return not self._state.adding and self.runs.exists()

    def get_absolute_url(self) -> str:
        return reverse("identification:social_rule", args=[self.pk])

    @property
    def rule(self) -> SocialRule:
        """Return the value object. Raises SocialRuleRefused when the parameters are wrong."""
        return SocialRule.from_parameters(self.parameters)


class SocialIndexRunQuerySet(models.QuerySet["SocialIndexRun"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user, Permission.VIEW_IDENTIFICATION).territories_q("territory__"))

    def covering(self, territory: Territory) -> Self:
        """Return the runs over a territory itself or over its region."""
        return self.filter(Q(territory=territory) | Q(territory=territory.parent_id))

    def newest_first(self) -> Self:
        return self.order_by("-year", "-created_at", "pk")

    def for_page(self) -> Self:
        return self.select_related("territory", "rule__basis_document", "created_by")


class SocialIndexRun(PublicIdModel):
    """One calculation over a territory and a year of contingent, with the rule and the data as they were."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="social_runs")
    rule = models.ForeignKey(SocialIndexRule, on_delete=models.PROTECT, related_name="runs")
    year = models.PositiveSmallIntegerField("контингент на 1 октября года")
    parameters = models.JSONField("параметры правила на момент расчёта")
    data_fingerprint = models.CharField("отпечаток данных", max_length=64)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("рассчитан")

    objects = SocialIndexRunQuerySet.as_manager()

    class Meta:
        verbose_name = "расчёт индекса социальных условий"
        verbose_name_plural = "расчёты индекса социальных условий"
        ordering: ClassVar[list[str]] = ["-year", "-created_at", "pk"]

    def __str__(self) -> str:
        return f"Социальные условия на 1 октября {self.year} года: {self.territory}"

    def get_absolute_url(self) -> str:
        return reverse("identification:social_run", args=[self.pk])

    @property
    def used_rule(self) -> SocialRule:
        """Return the rule as it was when the run was made."""
        return SocialRule.from_parameters(self.parameters)


LISTED: Final = (NAMED & ~Q(decision=Decision.EXCLUDED)) | Q(decision=Decision.INCLUDED)
UNJUDGED: Final = (Verdict.INSUFFICIENT_DATA, Verdict.EXCLUDED)
KNOWN_INDEX: Final = (SocialVerdict.SHNSU, SocialVerdict.CLEAR)
QUADRANTS: Final = {  # cell -> (has low results, verdict on the conditions)
    Quadrant.BOTH: (True, SocialVerdict.SHNSU),
    Quadrant.LOW_RESULTS: (True, SocialVerdict.CLEAR),
    Quadrant.RESILIENT: (False, SocialVerdict.SHNSU),
    Quadrant.NEITHER: (False, SocialVerdict.CLEAR),
}


class SchoolSocialIndexQuerySet(models.QuerySet["SchoolSocialIndex"]):
    def visible_to(self, user: User) -> Self:
        """Return the indices of the person's territories, and of a single school where a role shows its verdicts."""
        return self.filter(scope_of(user, Permission.VIEW_IDENTIFICATION).schools_q("school__"))

    def beside(self, run: IdentificationRun) -> Self:
        """Annotate `is_judged` and `has_low_results` by the verdicts and decisions of an identification run.

        A school that the rule names and a decision took out is not judged: its results are no better for that.
        """
        verdicts = SchoolVerdict.objects.filter(run=run, school=OuterRef("school"))
        listed = verdicts.filter(LISTED)
        judged = verdicts.filter(LISTED | ~Q(verdict__in=(*UNJUDGED, Verdict.SHNOR)))
        return self.annotate(is_judged=Exists(judged), has_low_results=Exists(listed))

    def in_quadrant(self, quadrant: Quadrant) -> Self:
        """Return the schools of a cell; after `beside`."""
        return self.filter(quadrant_q(quadrant))

    def for_page(self) -> Self:
        return self.select_related("school").order_by("index", "school__name", "pk")


def quadrant_q(quadrant: Quadrant) -> Q:
    """Return the condition of a cell of the matrix, over the annotations of `beside`."""
    if quadrant is Quadrant.UNKNOWN:
        return Q(is_judged=False) | ~Q(verdict__in=KNOWN_INDEX)
    has_low_results, verdict = QUADRANTS[quadrant]
    return Q(is_judged=True, has_low_results=has_low_results, verdict=verdict)


class SchoolSocialIndex(PublicIdModel):
    """What the rule says of the conditions of a school, with every part.

    index None: too little is known, or what is missing could turn the verdict.

    lowest, highest: what the index could be with the missing indicators; parts: `SocialPart.to_json`.
    """

    run = models.ForeignKey(SocialIndexRun, on_delete=models.CASCADE, related_name="indices")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="social_indices")
    verdict = models.CharField("вывод", max_length=20, choices=SOCIAL_VERDICT_CHOICES)
    index = models.DecimalField("индекс", max_digits=7, decimal_places=4, null=True)
    completeness = models.DecimalField("полнота данных", max_digits=5, decimal_places=4)
    lowest = models.DecimalField("не меньше", max_digits=7, decimal_places=4)
    highest = models.DecimalField("не больше", max_digits=7, decimal_places=4)
    parts = models.JSONField("части индекса")

    objects = SchoolSocialIndexQuerySet.as_manager()

    class Meta:
        verbose_name = "индекс социальных условий школы"
        verbose_name_plural = "индексы социальных условий школ"
        ordering: ClassVar[list[str]] = ["run", "index", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["run", "school"], name="social_index_once_in_run"),
            models.CheckConstraint(
                condition=Q(verdict=SocialVerdict.INSUFFICIENT_DATA, index__isnull=True)
                | (~Q(verdict=SocialVerdict.INSUFFICIENT_DATA) & Q(index__isnull=False)),
                name="social_index_or_too_little_data",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}: {self.get_verdict_display()}"

    def get_absolute_url(self) -> str:
        return reverse("identification:social_school", args=[self.pk])

    @property
    def evidence(self) -> list[SocialPart]:
        """Return the parts as values, in the order of the rule."""
        return [SocialPart.from_json(part) for part in self.parts]

    @property
    def is_hard(self) -> bool:
        return self.verdict == SocialVerdict.SHNSU
