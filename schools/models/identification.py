"""Rule sets, runs and verdicts. A run is never overwritten: a re-run is a new row."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.db import KeptJSONField, PublicIdModel
from accounts.models import User
from accounts.permissions import Permission
from schools.access import Scope, scope_of
from schools.choices import (
    LOW_RESULT_LISTS,
    OPEN_DECISIONS,
    RESULTS_TARGET,
    STANDING_CHOICES,
    VERDICT_CHOICES,
    VERDICT_TITLES,
    Decision,
    DecisionReason,
    ListKind,
    ListState,
    RuleSetState,
    VerdictSegment,
    is_named,
    segment_of,
)
from schools.identification import (
    Comparison,
    Evidence,
    Flag,
    Part,
    Quarters,
    Rules,
    Standing,
    Trend,
    Verdict,
    quarters_from,
    reasons_of,
)
from schools.list_kinds import BY_VERDICT, NAMED
from schools.models.clusters import ClusterSet
from schools.models.imports import ImportBatch, ImportRow
from schools.models.registry import LegalAct, School, Territory
from schools.models.versions import EditedVersion


class IdentificationRuleSetQuerySet(models.QuerySet["IdentificationRuleSet"]):
    def with_uses(self) -> Self:
        """Add what `state` and lists of rule sets tell: the number of runs, whether a published list rests on one."""
        runs = IdentificationRun.objects.filter(rule_set=OuterRef("pk"))
        return self.annotate(
            run_count=Count("runs", distinct=True),
            is_final=Exists(runs.filter(school_lists__state=ListState.PUBLISHED)),
        )

    def for_page(self) -> Self:
        return self.select_related("basis_document", "based_on", "edited_by").with_uses()

    def of_code(self, code: str) -> Self:
        """Return the versions of a rule set, the newest first."""
        return self.filter(code=code).order_by("-version", "pk")

    def comparing_in(self, code: str) -> Self:
        """Return the versions whose rule compares schools in the clusters of a set."""
        return self.filter(parameters__relative_rule__cluster_set=code).order_by("code", "-version", "pk")

    def offered_to(self, user: User) -> Self:
        """Return what a person may run: a draft is tried by those who keep the rules, nobody else runs into it."""
        if user.may(Permission.MANAGE_RULES):
            return self.all()
        return self.exclude(frozen_at__isnull=True, based_on__isnull=False)


class IdentificationRuleSet(EditedVersion):
    """A rule with all its parameters; frozen once a run used it, changed by a copy.

    Source: domain specification, 1.3. `parameters` are read by `Rules.from_parameters`. based_on: the version that was
    copied, None for one that came from a file.
    """

    year = models.PositiveSmallIntegerField("год")
    provenance = models.TextField("происхождение параметров", blank=True)
    parameters = models.JSONField("параметры")
    justification = models.TextField("обоснование изменений", blank=True, default="")
    based_on = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name="сделан из",
    )
    edited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    edited_at = models.DateTimeField("изменён", null=True, blank=True)
    history = HistoricalRecords()

    objects = IdentificationRuleSetQuerySet.as_manager()

    class Meta:
        verbose_name = "набор правил"
        verbose_name_plural = "наборы правил"
        ordering: ClassVar[list[str]] = ["-year", "code", "-version", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="rule_set_version_unique",
                violation_error_message="Такая версия набора правил уже есть.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("identification:rule_set", args=[self.pk])

    @property
    def state(self) -> RuleSetState:
        """Return how far the version has come. Of the last two only rows of `with_uses` can tell."""
        if self.frozen_at:
            return RuleSetState.FINAL if getattr(self, "is_final", False) else RuleSetState.USED
        return RuleSetState.DRAFT if self.based_on_id else RuleSetState.SUPPLIED

    @property
    def is_draft(self) -> bool:
        """Answer whether it may be edited and deleted: a copy that no run has used."""
        return self.state == RuleSetState.DRAFT

    @property
    def rules(self) -> Rules:
        """Return the value object. Raises RulesRefused when the parameters are wrong."""
        return Rules.from_parameters(self.parameters)


class IdentificationRunQuerySet(models.QuerySet["IdentificationRun"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user, Permission.VIEW_IDENTIFICATION).territories_q("territory__"))

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "pk")

    def standing_first(self, *before: str) -> Self:
        """Order by what rests on a run: a published list of low results, then decisions, then the newest.

        before: fields that count more than that, «-year».
        """
        lists = IdentificationRun.objects.filter(
            pk=OuterRef("pk"), school_lists__state=ListState.PUBLISHED, school_lists__kind__in=LOW_RESULT_LISTS
        )
        decided = SchoolVerdict.objects.filter(run=OuterRef("pk")).exclude(decision=Decision.WAITING)
        marked = self.annotate(has_list=Exists(lists), has_decisions=Exists(decided))
        return marked.order_by(*before, "-has_list", "-has_decisions", "-created_at", "pk")

    def for_page(self) -> Self:
        """Annotate `has_newer_results`: an import of results over its schools was applied or undone since."""
        results = ImportRow.objects.filter(file__batch=OuterRef("pk"), target=RESULTS_TARGET)
        since = Q(applied_at__gt=OuterRef("created_at")) | Q(undone_at__gt=OuterRef("created_at"))
        over = Q(territory=OuterRef("territory")) | Q(territory=OuterRef("territory__parent"))
        batches = ImportBatch.objects.filter(since, over | Q(territory__parent=OuterRef("territory")), Exists(results))
        run = self.select_related("territory", "rule_set__basis_document", "cluster_set__basis_document", "created_by")
        return run.annotate(has_newer_results=Exists(batches))


class IdentificationRun(PublicIdModel):
    """One calculation over a territory and a year, with the rule and the data as they were.

    lower_quarters: `stored_quarters` of the scores over the region, empty for a rule that looks at no scores.
    """

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="identification_runs")
    rule_set = models.ForeignKey(IdentificationRuleSet, on_delete=models.PROTECT, related_name="runs")
    year = models.PositiveSmallIntegerField("год результатов")
    parameters = models.JSONField("параметры правила на момент расчёта", default=dict)
    cluster_set = models.ForeignKey(
        ClusterSet,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="runs",
        verbose_name="кластеры региона, по которым сравнивались школы",
    )
    data_fingerprint = models.CharField("отпечаток данных", max_length=64, blank=True)
    counts = models.JSONField("школ в каждой части списка", default=dict)  # and territories; kept by every decision
    lower_quarters = models.JSONField("нижние четверти первичных баллов", default=list, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("рассчитан")

    objects = IdentificationRunQuerySet.as_manager()

    class Meta:
        verbose_name = "расчёт"
        verbose_name_plural = "расчёты"
        ordering: ClassVar[list[str]] = ["-created_at", "pk"]

    def __str__(self) -> str:
        return f"Выявление по результатам {self.year} года: {self.territory}"

    def get_absolute_url(self) -> str:
        return reverse("identification:run", args=[self.pk])

    @property
    def rules(self) -> Rules:
        return Rules.from_parameters(self.parameters)

    @property
    def quarters(self) -> Quarters | None:
        """Return the lower quarters of the scores that the run judged by; None for a rule that looks at no scores."""
        return quarters_from(self.lower_quarters) if self.rules.quarter_kinds else None

    @property
    def reorganised(self) -> list[str]:
        """Return the schools that ended with results of the year: nothing was said of them, nor of their results."""
        return list(self.counts.get("reorganised", ()))

    @property
    def unmeasured(self) -> dict[str, Any]:
        """Return how many works have results that do not tell the low ones (`schools.unmeasured`); {} for none."""
        return dict(self.counts.get("unmeasured", {}))

    @property
    def looks_at_conditions(self) -> bool:
        """Answer whether it is kept of which year the contingent was: the rule asks, and the portal was not older."""
        return "contingent" in self.counts

    @property
    def contingent_year(self) -> int | None:
        """Return the year on whose 1 October the conditions of the schools are known; None when nothing is kept."""
        year: int | None = self.counts.get("contingent")
        return year

    def count_verdicts(self) -> None:
        """Keep how many schools stand where, and how many wait for a decision. Two queries."""
        self.counts = {**self.counts, **self.verdicts.all().counted()}
        self.save(update_fields=["counts"])


def runs_with_list() -> models.QuerySet[IdentificationRun]:
    """Return the runs of which a list of low results is in force."""
    return IdentificationRun.objects.filter(
        school_lists__state=ListState.PUBLISHED, school_lists__kind__in=LOW_RESULT_LISTS
    )


def in_territories_of(scope: Scope) -> Q:
    """Return the condition on verdicts: their schools lie in the territories of the person."""
    return Q(school__territory__in=scope.territories) | Q(school__territory__parent__in=scope.territories)


UNDECIDED: Final = (NAMED & Q(decision__in=OPEN_DECISIONS)) | Q(decision=Decision.POSTPONED)


class SchoolVerdictQuerySet(models.QuerySet["SchoolVerdict"]):
    def visible_to(self, user: User) -> Self:
        """Return the verdicts of the person's territories; of a single school only once a list is published.

        That is a list of low results of the run; or one that holds the school by its verdict, of low results or of the
        risk group, also when an order has annulled it since: what a school was once told it may read again. Another
        list of the run, or a person who put the school in, must not show a verdict that nobody has decided on.
        """
        scope = scope_of(user, Permission.VIEW_IDENTIFICATION)
        by_verdict = Q(school_lists__kind=ListKind.RISK_GROUP, school_lists__items__included_by_decision=False)
        telling = IdentificationRun.objects.filter(
            Q(school_lists__kind__in=LOW_RESULT_LISTS) | by_verdict,
            pk=OuterRef("run"),
            school_lists__published_at__isnull=False,
            school_lists__items__school=OuterRef("school"),
        )
        own = Q(Q(run__in=runs_with_list()) | Exists(telling), school__in=scope.schools)
        return self.filter(in_territories_of(scope) | own)

    def with_decision_told(self, user: User) -> Self:
        """Annotate `is_decision_told`: to a single school only while a list of low results of the run is in force.

        After its annulment decisions on the run are open again, and nobody outside hears of them before the next list.
        """
        scope = scope_of(user, Permission.VIEW_IDENTIFICATION)
        return self.annotate(is_decision_told=Q(in_territories_of(scope) | Q(run__in=runs_with_list())))

    def listed(self) -> Self:
        """Return the schools that the rule names, and those that a decision put in."""
        return self.filter(segment=VerdictSegment.LISTED)

    def counted(self) -> dict[str, int]:
        """Return how many schools stand in each segment, are of each kind of list, included, undecided. One query."""
        segments = {str(each): Count("pk", filter=Q(segment=each)) for each in VerdictSegment}
        included = Count("pk", filter=Q(decision=Decision.INCLUDED))
        kinds = {each.count: Count("pk", filter=each.condition) for each in BY_VERDICT.values()}
        undecided = Count("pk", filter=UNDECIDED)
        return self.order_by().aggregate(**segments, **kinds, included=included, undecided=undecided)

    def included(self) -> Self:
        return self.filter(decision=Decision.INCLUDED)

    def undecided(self) -> Self:
        """Return the schools that the rule names, or keeps on the list, and nobody has included or excluded.

        Also one that it does not name and a person has put off: whoever did so means to decide on it.
        """
        return self.filter(UNDECIDED)

    def for_page(self) -> Self:
        """Return the verdicts as the page of a run shows them, in its order: low procedures, then names."""
        return self.select_related("school__territory", "decided_by", "decision_document").order_by("place", "pk")


class SchoolVerdict(PublicIdModel):
    """What the rule says of a school, with every part; and what the coordinator decided.

    `verdict` is the rule's and never overwritten. parts: `Part.to_json`; grounds: a code and what it speaks of, or
    reasons in words as they were stored before; flags: codes of `identification.Flag`; details: what a rule that
    compares schools or years adds. Read them by `evidence` and `reasons`. facts: `used_facts`, empty in runs of
    earlier portals.
    """

    is_decision_told: bool  # annotated by `with_decision_told`
    run = models.ForeignKey(
        IdentificationRun,
        on_delete=models.CASCADE,
        related_name="verdicts",
        db_index=False,  # the key of a verdict begins with it
    )
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="verdicts")
    verdict = models.CharField("вывод", max_length=20, choices=VERDICT_CHOICES)
    c1 = models.BooleanField("условие 1")
    c2 = models.BooleanField("условие 2")
    low_procedures = models.PositiveSmallIntegerField("процедур за порогом", default=0)
    counted_procedures = models.PositiveSmallIntegerField("учтено процедур", default=0)
    repeated_procedures = models.PositiveSmallIntegerField("повторились два года подряд", default=0)
    parts = KeptJSONField("части вывода", default=list)
    grounds = KeptJSONField("причины", default=list)
    flags = KeptJSONField("на что обратить внимание", default=list)
    place = models.PositiveIntegerField("место в списке расчёта", default=0)  # from 1; the page turns by it
    segment = models.CharField(
        "часть списка", max_length=6, choices=VerdictSegment.choices, default=VerdictSegment.REST, editable=False
    )
    details = KeptJSONField("место среди школ и лет", default=dict)
    facts = KeptJSONField("сведения о школе, по которым судило правило", default=dict)
    standing = models.CharField("в перечнях", max_length=8, blank=True, default="", choices=STANDING_CHOICES)
    is_marked = models.BooleanField("в перечень признаков необъективности", default=False)
    is_high = models.BooleanField("в перечень стабильно высоких результатов", default=False)
    decision = models.CharField("решение", max_length=10, choices=Decision.choices, default=Decision.WAITING)
    decision_code = models.CharField("причина", max_length=40, blank=True, choices=DecisionReason.choices)
    decision_text = models.TextField("обоснование", blank=True)
    decision_document = models.ForeignKey(
        LegalAct,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="документ решения",
    )
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("решено", null=True, blank=True)
    history = HistoricalRecords(excluded_fields=["parts", "grounds", "flags", "details", "facts", "place", "segment"])

    objects = SchoolVerdictQuerySet.as_manager()

    class Meta:
        verbose_name = "вывод по школе"
        verbose_name_plural = "выводы по школам"
        ordering: ClassVar[list[str]] = ["place", "pk"]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["run", "segment", "place"], name="verdict_page_of_run")]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["run", "school"], name="verdict_once_in_run"),
            models.CheckConstraint(
                condition=Q(decision=Decision.WAITING, decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(decision=Decision.WAITING) & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="verdict_decided_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(decision=Decision.EXCLUDED) | ~Q(decision_text=""),
                name="verdict_excluded_with_reason",
                violation_error_message="Исключить школу можно только с обоснованием.",
            ),
            models.CheckConstraint(
                condition=~Q(decision=Decision.INCLUDED) | NAMED | ~Q(decision_text=""),
                name="verdict_manual_with_reason",
                violation_error_message="Включить школу вопреки расчёту можно только с обоснованием.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}: {VERDICT_TITLES[self.shown_verdict]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row, in the segment that follows from the verdict and the decision."""
        self.settle()
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "segment"}
        super().save(*args, **kwargs)

    def settle(self) -> None:
        """Set the segment; for rows that are stored in bulk."""
        self.segment = segment_of(self.verdict, self.standing, self.decision, self.low_procedures)

    def get_absolute_url(self) -> str:
        return reverse("identification:explain", args=[self.pk])

    @property
    def shown_verdict(self) -> Verdict:
        """Return MANUAL when a decision put the school into the list against the rule."""
        return Verdict.MANUAL if self.is_manual else Verdict(self.verdict)

    @property
    def is_manual(self) -> bool:
        return self.decision == Decision.INCLUDED and not self.is_named_by_rule

    @property
    def decision_stamp(self) -> str:
        """Return what tells one decision from another: a page sends it back to be told of a newer one."""
        return self.decided_at.isoformat() if self.decided_at else ""

    @property
    def is_named_by_rule(self) -> bool:
        """Answer whether the rule puts the school on the list, if only by its exit rule."""
        return is_named(self.verdict, self.standing)

    @property
    def needs_decision(self) -> bool:
        """Answer whether a decision is told of the school: the rule names it, or somebody has decided all the same."""
        return self.is_named_by_rule or self.decision != Decision.WAITING

    @property
    def known_repeats(self) -> int | None:
        """Return how many low works were low in the years before as well; None when that could not be checked.

        Without results of those years none is known to be, and a missing result is not a good one. A school with
        nothing low in its year repeats nothing, unless what it lacks of the year may be a repeat. Earlier portals kept
        only that years before were missing.
        """
        is_of_earlier_portal = self.low_procedures and not self.repeated_procedures and Flag.PREVIOUS_YEAR in self.flags
        is_unknown = is_of_earlier_portal or Flag.REPEAT_UNKNOWN in self.flags
        return None if is_unknown else self.repeated_procedures

    @property
    def kind_used(self) -> str | None:
        """Return the kind that the rule took the school for; None when an earlier portal has not kept it."""
        kind: str | None = self.facts.get("kind")
        return kind

    @property
    def is_held(self) -> bool:
        """Answer whether nothing but the exit rule keeps the school on the list."""
        return self.standing == Standing.HELD

    @property
    def evidence(self) -> list[Part]:
        """Return the parts as values, the current year first."""
        return [Part.from_json(part) for part in self.parts]

    @property
    def reasons(self) -> list[dict[str, str]]:
        """Return the reasons in words: {code, reference, text, printed}."""
        if self.grounds and isinstance(self.grounds[0], dict):  # how they were stored before
            return list(self.grounds)
        evidence = Evidence(parts=self.evidence, comparison=self.comparison, trend=self.trend)
        return [reason.to_json() for reason in reasons_of(self.grounds, evidence)]

    @property
    def comparison(self) -> Comparison | None:
        """Return where the school stands among others; None when the rule does not compare schools."""
        stored = self.details.get("comparison")
        return Comparison.from_json(stored) if stored else None

    @property
    def trend(self) -> Trend | None:
        stored = self.details.get("trend")
        return Trend.from_json(stored) if stored else None
