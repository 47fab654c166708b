"""Results of assessment procedures: one row for a school, a procedure, a year, a subject and a grade."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from schools.access import scope_of
from schools.choices import CourseLevel, DetailKind, Period, Procedure
from schools.intake.level_scales import low_on_levels
from schools.intake.vocabulary import RETAKE_PERIODS, STATE_EXAMS
from schools.models.registry import School, Territory

MARKS = ("mark2", "mark3", "mark4", "mark5")


class AssessmentResultQuerySet(models.QuerySet["AssessmentResult"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(scope_of(user).schools_q("school__"))

    def in_territory(self, territory: Territory) -> Self:
        return self.filter(Q(school__territory=territory) | Q(school__territory__parent=territory))

    def without_retakes(self) -> Self:
        return self.exclude(period__in=RETAKE_PERIODS, procedure__in=STATE_EXAMS)

    def for_years(self, *years: int) -> Self:
        return self.filter(year__in=years)


class AssessmentResult(models.Model):
    """Counts of a school in one work. Counts are the truth; delivered percentages stand beside derived counts.

    Source: domain specification, 2.2. None means «not delivered», never zero.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="results", verbose_name="школа")
    procedure = models.CharField("процедура", max_length=12, choices=Procedure.choices)
    year = models.PositiveSmallIntegerField(
        "год",
        validators=[MinValueValidator(2015), MaxValueValidator(2100)],
    )
    period = models.CharField("период", max_length=8, choices=Period.choices, default=Period.SPRING)
    subject = models.CharField("предмет", max_length=8)  # codes of schools/intake/subjects.py
    grade = models.PositiveSmallIntegerField("класс программы")
    grade_actual = models.PositiveSmallIntegerField("класс обучения", null=True, blank=True)
    level = models.CharField("уровень", max_length=10, choices=CourseLevel.choices, default=CourseLevel.NONE)
    enrolled = models.PositiveIntegerField("обучающихся в параллели", null=True, blank=True)
    participants = models.PositiveIntegerField("участников")
    mark2 = models.PositiveIntegerField("«2»", null=True, blank=True)
    mark3 = models.PositiveIntegerField("«3»", null=True, blank=True)
    mark4 = models.PositiveIntegerField("«4»", null=True, blank=True)
    mark5 = models.PositiveIntegerField("«5»", null=True, blank=True)
    below_min = models.PositiveIntegerField("ниже минимума", null=True, blank=True)
    delivered_percents = models.JSONField("доли, как в файле", default=dict, blank=True)
    counts_derived = models.BooleanField("числа восстановлены из долей", default=False)
    lowered = models.PositiveIntegerField("понизили", null=True, blank=True)
    confirmed = models.PositiveIntegerField("подтвердили", null=True, blank=True)
    raised = models.PositiveIntegerField("повысили", null=True, blank=True)
    mean_score = models.DecimalField("средний балл", max_digits=6, decimal_places=2, null=True, blank=True)
    max_primary = models.PositiveSmallIntegerField("максимальный первичный балл", null=True, blank=True)
    mean_primary = models.DecimalField("средний первичный балл", max_digits=6, decimal_places=2, null=True, blank=True)
    score_hist = models.JSONField("участников с баллом 0, 1, …", default=list, blank=True)  # length max_primary + 1
    level_counts = models.JSONField("участников на каждом уровне", default=dict, blank=True)  # code of level -> count
    level_scale = models.CharField("шкала уровней", max_length=12, blank=True)
    high80 = models.PositiveIntegerField("80 баллов и выше", null=True, blank=True)
    score100 = models.PositiveIntegerField("100 баллов", null=True, blank=True)
    objectivity_markers = models.JSONField("признаки необъективности", default=list, blank=True)
    marks_file = models.ForeignKey(
        "schools.ImportFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="файл с отметками",
    )
    marks_row = models.PositiveIntegerField("строка файла с отметками", null=True, blank=True)
    journal_file = models.ForeignKey(
        "schools.ImportFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="файл сравнения с журналом",
    )
    journal_row = models.PositiveIntegerField("строка файла сравнения", null=True, blank=True)

    objects = AssessmentResultQuerySet.as_manager()

    class Meta:
        verbose_name = "результат"
        verbose_name_plural = "результаты"
        ordering: ClassVar[list[str]] = ["school", "-year", "procedure", "grade", "subject", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["school", "procedure", "year", "period", "subject", "grade", "level"],
                name="result_key",
                violation_error_message="Результат этой работы уже записан.",
            ),
            models.CheckConstraint(
                condition=Q(mark2__isnull=True) | Q(participants=F("mark2") + F("mark3") + F("mark4") + F("mark5")),
                name="result_marks_sum",
                violation_error_message="Сумма отметок не равна числу участников.",
            ),
            models.CheckConstraint(
                condition=Q(below_min__isnull=True) | Q(below_min__lte=F("participants")),
                name="result_below_min_range",
                violation_error_message="Не преодолевших минимум больше, чем участников.",
            ),
            models.CheckConstraint(
                condition=Q(enrolled__isnull=True) | Q(enrolled__gte=F("participants")),
                name="result_enrolled_range",
                violation_error_message="Участников больше, чем обучающихся в параллели.",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["year", "school", "procedure"], name="result_year_school"),
        ]

    def __str__(self) -> str:
        return f"{self.get_procedure_display()} {self.year}, {self.subject}, {self.grade} класс"

    @property
    def low(self) -> int | None:
        """Return how many did not pass the minimum: below it in scored exams, the mark «2», else on low levels.

        Low are the levels that their scale calls so; a rule may call others.
        """
        marked = self.mark2 if self.below_min is None else self.below_min
        return low_on_levels(self.level_scale, self.level_counts) if marked is None else marked

    @property
    def low_scale(self) -> str:
        """Return the scale whose levels tell the low works, "" where marks or points do.

        An import keeps the count on low levels below the minimum as well.
        """
        return "" if self.below_min is None and self.mark2 is not None else self.level_scale


class WorkDetail(models.Model):
    """What else a file tells of one school in one work: shares of tasks done, by groups of marks, planned outcomes.

    Source: domain specification, 2.3. Shares stay as delivered, in percent; None means «not delivered».
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="work_details", verbose_name="школа")
    procedure = models.CharField("процедура", max_length=12, choices=Procedure.choices)
    year = models.PositiveSmallIntegerField("год")
    period = models.CharField("период", max_length=8, choices=Period.choices)
    subject = models.CharField("предмет", max_length=8)
    grade = models.PositiveSmallIntegerField("класс программы")
    level = models.CharField("уровень", max_length=10, choices=CourseLevel.choices, default=CourseLevel.NONE)
    kind = models.CharField("что известно", max_length=12, choices=DetailKind.choices)
    participants = models.PositiveIntegerField("участников", null=True, blank=True)
    values = models.JSONField("значения", default=dict)
    file = models.ForeignKey("schools.ImportFile", on_delete=models.PROTECT, related_name="+", verbose_name="файл")
    row = models.PositiveIntegerField("строка файла")

    class Meta:
        verbose_name = "подробности работы"
        verbose_name_plural = "подробности работ"
        ordering: ClassVar[list[str]] = ["school", "-year", "procedure", "grade", "subject", "kind", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["school", "procedure", "year", "period", "subject", "grade", "level", "kind"],
                name="work_detail_key",
                violation_error_message="Эти подробности работы уже записаны.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_procedure_display()} {self.year}, {self.subject}, {self.grade} класс: {self.kind}"


class Benchmark(models.Model):
    """The same work in a wider sample, as it stood in the upper rows of a federal file. Percentages as delivered."""

    file = models.ForeignKey("schools.ImportFile", on_delete=models.CASCADE, related_name="benchmarks")
    procedure = models.CharField("процедура", max_length=12, choices=Procedure.choices)
    year = models.PositiveSmallIntegerField("год")
    subject = models.CharField("предмет", max_length=8)
    grade = models.PositiveSmallIntegerField("класс программы")
    sample = models.CharField("выборка", max_length=250)
    schools = models.PositiveIntegerField("школ", null=True, blank=True)
    participants = models.PositiveIntegerField("участников")
    percents = models.JSONField("доли", default=dict)

    class Meta:
        verbose_name = "справочное значение"
        verbose_name_plural = "справочные значения"
        ordering: ClassVar[list[str]] = ["-year", "procedure", "grade", "subject", "-participants", "pk"]

    def __str__(self) -> str:
        return f"{self.sample}: {self.procedure} {self.year}, {self.subject}, {self.grade}"
