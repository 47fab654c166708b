"""Methodical events: what was held for which schools, with participants as numbers."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.permissions import Permission
from accounts.russian import period, short_date
from monitoring.choices import EventKind, EventMode
from schools.access import scope_of
from schools.models import ImportFile, School, Territory


class MethodEventQuerySet(models.QuerySet["MethodEvent"]):
    def visible_to(self, user: User) -> Self:
        """Return the events of the person's territories, and those held for or by their schools."""
        scope = scope_of(user, Permission.VIEW_MONITORING)
        own = Q(school__in=scope.schools) | Q(schools__in=scope.schools)
        return self.filter(scope.territories_q("territory__") | own).distinct()

    def in_territory(self, territory: Territory) -> Self:
        return self.filter(Q(territory=territory) | Q(territory__parent=territory))

    def held_between(self, first: date, last: date) -> Self:
        """Return the events that began in a period, both days inclusive."""
        return self.filter(starts_on__range=(first, last))


class MethodEvent(models.Model):
    """One event. Kind, topic and first day tell it from the others of its territory.

    school: whose own event it is, None for an event of the territory. Participants are counts, None is «not told».
    Source: domain specification, 5.4.
    """

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="method_events", verbose_name="территория"
    )
    school = models.ForeignKey(
        School,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="own_events",
        verbose_name="школа, которая провела",
    )
    kind = models.CharField("вид мероприятия", max_length=20, choices=EventKind.choices)
    topic = models.CharField("тема", max_length=300)
    starts_on = models.DateField("дата")
    ends_on = models.DateField("дата окончания", null=True, blank=True)
    place = models.CharField("место проведения", max_length=200, blank=True)
    mode = models.CharField("формат", max_length=8, choices=EventMode.choices, blank=True)
    organiser = models.CharField("организатор", max_length=200, blank=True)
    factors = models.JSONField("коды факторов риска", default=list, blank=True)
    schools = models.ManyToManyField(School, blank=True, related_name="method_events", verbose_name="школы")
    directors = models.PositiveIntegerField("директоров", null=True, blank=True)
    deputies = models.PositiveIntegerField("заместителей", null=True, blank=True)
    teachers = models.PositiveIntegerField("учителей", null=True, blank=True)
    methodists = models.PositiveIntegerField("методистов", null=True, blank=True)
    others = models.PositiveIntegerField("психологов и иных", null=True, blank=True)
    total = models.PositiveIntegerField("всего участников", null=True, blank=True)
    unique_people = models.PositiveIntegerField("уникальных участников", null=True, blank=True)
    materials_url = models.CharField("материалы", max_length=500, blank=True)
    measures = models.CharField("пункты дорожной карты", max_length=200, blank=True)
    result = models.TextField("результат", max_length=1000, blank=True)
    file = models.ForeignKey(ImportFile, on_delete=models.PROTECT, related_name="+", verbose_name="файл")
    row = models.PositiveIntegerField("строка файла")

    objects = MethodEventQuerySet.as_manager()

    class Meta:
        verbose_name = "мероприятие"
        verbose_name_plural = "мероприятия"
        ordering: ClassVar[list[str]] = ["-starts_on", "kind", "topic", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["territory", "kind", "topic", "starts_on"],
                condition=Q(school__isnull=True),
                name="event_of_territory_once",
                violation_error_message="Мероприятие с этим видом, темой и датой уже записано.",
            ),
            models.UniqueConstraint(
                fields=["school", "kind", "topic", "starts_on"],
                condition=Q(school__isnull=False),
                name="event_of_school_once",
                violation_error_message="Мероприятие с этим видом, темой и датой уже записано.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="event_dates_order",
                violation_error_message="Мероприятие не может закончиться раньше, чем началось.",
            ),
            models.CheckConstraint(
                condition=Q(unique_people__isnull=True) | Q(total__isnull=True) | Q(unique_people__lte=F("total")),
                name="event_unique_people_range",
                violation_error_message="Уникальных участников больше, чем всего.",
            ),
        ]

    def __str__(self) -> str:
        return event_title(self.kind, self.topic, self.starts_on)

    @property
    def dates(self) -> str:
        """Return «20.04.2026», or the span of an event of several days."""
        return period(self.starts_on, self.ends_on) if self.ends_on else short_date(self.starts_on)


def event_title(kind: str, topic: str, starts_on: date) -> str:
    """Return «Семинар «Работа с текстом», 20.04.2026»."""
    return f"{EventKind(kind).label.capitalize()} «{topic}», {short_date(starts_on)}"


def tag_of(school: School) -> str:
    """Return by what files and states of events name a school: a branch may have no ИНН of its own."""
    return school.inn or school.login or school.name
