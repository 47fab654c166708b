"""Territories, schools, legal acts, and who works where."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from simple_history.models import HistoricalRecords

from accounts.db import PublicIdModel
from accounts.models import User
from accounts.permissions import Permission, Role, roles_with
from accounts.russian import short_date
from schools.access import scope_of
from schools.choices import (
    LIVING_STATUSES,
    LOW_RESULT_LISTS,
    ActKind,
    ListKind,
    Locality,
    SchoolKind,
    SchoolStatus,
    TerritoryLevel,
)
from schools.models.periods import DATED_FIELDS, SchoolPeriod

if TYPE_CHECKING:
    from schools.models.lists import SchoolListItemQuerySet

NBSP = "\u00a0"


class TerritoryQuerySet(models.QuerySet["Territory"]):
    def visible_to(self, user: User) -> Self:
        """Return the territories whose own bodies (lists, cycles, reports) the person may look at."""
        return self.filter(scope_of(user).territories_q())

    def municipalities(self) -> Self:
        return self.filter(level=TerritoryLevel.MUNICIPALITY)


class Territory(PublicIdModel):
    """A region or a municipality with its education authority, in the cases that documents need."""

    level = models.CharField("уровень", max_length=12, choices=TerritoryLevel.choices)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="субъект РФ",
    )
    code = models.CharField("код", max_length=12, unique=True)
    name = models.CharField("название", max_length=200)
    name_genitive = models.CharField("название в родительном падеже", max_length=200)
    name_prepositional = models.CharField("название в предложном падеже", max_length=200)
    authority = models.CharField("орган управления образованием", max_length=250)
    authority_genitive = models.CharField("орган в родительном падеже", max_length=250)
    seat = models.CharField("место составления документов", max_length=120, blank=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "территория"
        verbose_name_plural = "территории"
        ordering: ClassVar[list[str]] = ["level", "name", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(level=TerritoryLevel.REGION, parent__isnull=True)
                | Q(level=TerritoryLevel.MUNICIPALITY, parent__isnull=False),
                name="territory_parent_by_level",
                violation_error_message="У муниципалитета должен быть субъект РФ, у субъекта РФ — нет.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


def list_items() -> SchoolListItemQuerySet:
    from schools.models.lists import SchoolListItem  # noqa: PLC0415  lists rest on schools

    return SchoolListItem.objects.all()


class SchoolQuerySet(models.QuerySet["School"]):
    def visible_to(self, user: User) -> Self:
        """Return the schools of the person's territories, and the single schools assigned to them."""
        return self.filter(scope_of(user).schools_q())

    def active(self) -> Self:
        return self.filter(status=SchoolStatus.ACTIVE)

    def active_on(self, day: date) -> Self:
        """Return the schools that worked on a day, whatever became of them since."""
        return self.filter(pk__in=SchoolPeriod.objects.as_of(day).filter(status=SchoolStatus.ACTIVE).values("school"))

    def living(self) -> Self:
        """Return the schools that are neither reorganised nor closed."""
        return self.filter(status__in=LIVING_STATUSES)

    def matching(self, text: str) -> Self:
        """Return the schools of whose name, ИНН, login or code a text has every word; former ones count too."""
        own, former = Q(), SchoolPeriod.objects.all()
        for word in text.split():
            named = Q(name_folded__contains=word.casefold()) | Q(login__contains=word) | Q(gia_code__contains=word)
            own &= named | Q(inn__contains=word)
            former = former.filter(named)
        return self.filter(own | Q(pk__in=former.values("school")))

    def with_name_on(self, day: date) -> Self:
        """Annotate `name_on`: what the school was called on a day; its first name before there was any record."""
        periods = SchoolPeriod.objects.filter(school=OuterRef("pk"))
        first = periods.oldest_first().values("name")[:1]
        return self.annotate(
            name_on=Coalesce(Subquery(periods.as_of(day).values("name")[:1]), Subquery(first), F("name")),
        )

    def with_periods(self) -> Self:
        """Fetch the periods of each school, oldest first. One more query."""
        return self.prefetch_related(Prefetch("periods", queryset=SchoolPeriod.objects.oldest_first()))

    def with_latest_list(self) -> Self:
        """Annotate `listed_year`: the latest year of results whose published list of low results holds the school."""
        held = list_items().of_low_results().in_force().filter(school=OuterRef("pk")).order_by("-school_list__year")
        return self.annotate(listed_year=Subquery(held.values("school_list__year")[:1]))

    def on_support(self) -> Self:
        """Return the schools that the newest published list of low results of a territory holds.

        A school that an order has excluded is on no support, and does not fall back to the list of the year before.
        """
        return self.held_by(LOW_RESULT_LISTS)

    def held_by(self, kinds: Collection[ListKind]) -> Self:
        """Return the schools that the newest published lists of some kinds hold, the newest of each territory.

        A body that has published no list this year yet keeps its schools of the year before, whatever others did.
        """
        return self.filter(Exists(list_items().in_newest(kinds).filter(school=OuterRef("pk"))))

    def in_territory(self, territory: Territory) -> Self:
        """Return the schools of a municipality, or of all municipalities of a region."""
        return self.filter(Q(territory=territory) | Q(territory__parent=territory))

    # Whatever way a card is written, its last period says the same: a new period is opened by actions and imports.

    def bulk_create(self, objs: Iterable[School], *args: Any, **kwargs: Any) -> list[School]:
        schools = super().bulk_create(objs, *args, **kwargs)
        SchoolPeriod.objects.open_for(schools)
        return schools

    def bulk_update(self, objs: Iterable[School], fields: Iterable[str], batch_size: int | None = None) -> int:
        schools = list(objs)
        number = super().bulk_update(schools, fields, batch_size)
        SchoolPeriod.objects.follow(schools)
        return number

    def update(self, **fields: Any) -> int:
        """Write plain values; expressions come from `bulk_update`, which brings the periods in line itself."""
        dated = {name: value for name, value in fields.items() if is_dated(name) and not is_expression(value)}
        if not dated:
            return super().update(**fields)
        touched = list(self.values_list("pk", flat=True))
        number = super().update(**fields)
        SchoolPeriod.objects.follow(self.model.objects.filter(pk__in=touched))
        return number


def is_dated(field: str) -> bool:
    return field in DATED_FIELDS or f"{field}_id" in DATED_FIELDS


def is_expression(value: Any) -> bool:
    return hasattr(value, "resolve_expression")


class School(PublicIdModel):
    """A school: one legal entity, or a branch (`parent`) with its own results and no ИНН of its own.

    The card says how things are now; `periods` say how they were on any day. Names and logins are unique among
    living schools: a closed school keeps its own, and another one may bear it since.
    """

    territory = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        related_name="schools",
        verbose_name="муниципалитет",
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="branches",
        verbose_name="головная школа",
        help_text="Только для филиала",
    )
    name = models.CharField("краткое название", max_length=200)
    name_folded = models.CharField(max_length=200, editable=False)  # SQLite knows no case of Cyrillic letters
    full_name = models.CharField("полное название", max_length=500, blank=True)
    kind = models.CharField("вид", max_length=20, choices=SchoolKind.choices)
    locality = models.CharField("населённый пункт", max_length=8, choices=Locality.choices)
    inn = models.CharField(
        "ИНН",
        max_length=10,
        blank=True,
        help_text="У филиала может не быть своего",
        validators=[RegexValidator(r"^\d{10}$", "ИНН состоит из 10 цифр.")],
    )
    ogrn = models.CharField("ОГРН", max_length=13, blank=True)
    login = models.CharField("логин в федеральной системе", max_length=9, blank=True)
    gia_code = models.CharField("код в региональной системе ГИА", max_length=6, blank=True)
    students = models.PositiveIntegerField("обучающихся", null=True, blank=True)
    status = models.CharField(
        "состояние",
        max_length=12,
        choices=SchoolStatus.choices,
        default=SchoolStatus.ACTIVE,
    )
    head_position = models.CharField("должность руководителя", max_length=120, default="Директор")
    head_name = models.CharField("руководитель, И.О. Фамилия", max_length=120, blank=True)
    history = HistoricalRecords()

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = "школа"
        verbose_name_plural = "школы"
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["inn"],
                condition=~Q(inn=""),
                name="school_inn_unique",
                violation_error_message="Школа с таким ИНН уже есть.",
            ),
            models.CheckConstraint(
                condition=~Q(inn="") | Q(parent__isnull=False),
                name="school_inn_or_branch",
                violation_error_message="Без ИНН бывает только филиал.",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
                name="school_branch_of_another",
                violation_error_message="Школа не бывает филиалом самой себя.",
            ),
            models.UniqueConstraint(
                fields=["login"],
                condition=~Q(login="") & Q(status__in=LIVING_STATUSES),
                name="school_login_unique",
                violation_error_message="Этот логин уже записан за другой школой.",
            ),
            models.UniqueConstraint(
                fields=["territory", "name"],
                condition=Q(status__in=LIVING_STATUSES),
                name="school_name_unique_in_territory",
                violation_error_message="Школа с таким названием в муниципалитете уже есть.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        is_new = self._state.adding
        self.name_folded = self.name.casefold()
        super().save(*args, **kwargs)
        if is_new:
            SchoolPeriod.objects.open_for([self])
        else:
            SchoolPeriod.objects.follow([self])

    def get_absolute_url(self) -> str:
        return reverse("dashboards:school", args=[self.pk])

    def clean(self) -> None:
        if not self.inn and not self.parent_id:
            raise ValidationError({"inn": "Укажите ИНН: без него бывает только филиал."})


class LegalActQuerySet(models.QuerySet["LegalAct"]):
    def visible_to(self, user: User) -> Self:
        scope = scope_of(user)
        return self.filter(scope.territories_q("territory__") | scope.schools_q("school__"))


class LegalAct(PublicIdModel):
    """An order or another document that something rests on."""

    territory = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="legal_acts",
        verbose_name="территория",
    )
    school = models.ForeignKey(
        School,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="legal_acts",
        verbose_name="школа",
    )
    kind = models.CharField("вид", max_length=12, choices=ActKind.choices, default=ActKind.ORDER)
    issuer_genitive = models.CharField(
        "чей документ, в родительном падеже",
        max_length=250,
        help_text="Например: отдела образования",
    )
    date = models.DateField("дата")
    number = models.CharField("номер", max_length=40)
    title = models.CharField("заголовок", max_length=500, blank=True)

    objects = LegalActQuerySet.as_manager()

    class Meta:
        verbose_name = "документ"
        verbose_name_plural = "документы"
        ordering: ClassVar[list[str]] = ["-date", "number", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(territory__isnull=True) ^ Q(school__isnull=True),
                name="legal_act_of_territory_or_school",
                violation_error_message="Документ относится либо к территории, либо к школе.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.issuer_genitive} {self.requisites}"

    @property
    def requisites(self) -> str:
        """Return «от 17.03.2023 № 124», one style everywhere."""
        return f"от {short_date(self.date)} №{NBSP}{self.number}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def with_role(self, *roles: Role) -> Self:
        return self.filter(role__in=roles)

    def of_school(self, school: UUID) -> Self:
        return self.filter(school=school)

    def of_territory(self, territory: UUID | None) -> Self:
        return self.filter(territory=territory)

    def holding(self, permission: Permission, territory: Territory) -> Self:
        """Return those that give a permission for a territory as a whole: of its own, or of the region."""
        places = [territory.pk, territory.parent_id]
        return self.of_active_people().filter(role__in=roles_with(permission), territory__in=places)

    def of_active_people(self) -> Self:
        return self.filter(user__is_active=True)

    def names(self) -> list[str]:
        """Return the names of the people, each once: whom to ask. One query."""
        return sorted({str(membership.user) for membership in self.select_related("user")})

    def by_name(self) -> Self:
        """Order by the names of the people, which are read along."""
        return self.select_related("user").order_by("user", "pk")


SCHOOL_ROLES: Final = frozenset({Role.CURATOR, Role.SCHOOL_ADMIN, Role.MENTOR})
REGIONAL_ROLES: Final = frozenset({Role.REGIONAL_ADMIN, Role.REGIONAL_COORDINATOR})
TERRITORY_ROLES: Final = REGIONAL_ROLES | {Role.MUNICIPAL_COORDINATOR, Role.METHODIST}  # an observer may look anywhere


class Membership(models.Model):
    """A role of a person in a territory or in one school."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name="пользователь",
    )
    role = models.CharField("роль", max_length=24, choices=Role.choices)
    territory = models.ForeignKey(
        Territory,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="территория",
    )
    school = models.ForeignKey(
        School,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="школа",
    )
    history = HistoricalRecords()

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "роль пользователя"
        verbose_name_plural = "роли пользователей"
        ordering: ClassVar[list[str]] = ["user", "role", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(territory__isnull=True) ^ Q(school__isnull=True),
                name="membership_in_territory_or_school",
                violation_error_message="Роль назначается либо в территории, либо в школе.",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "territory"],
                condition=Q(school__isnull=True),
                name="membership_in_territory_once",
                violation_error_message="Эта роль уже назначена.",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "school"],
                condition=Q(territory__isnull=True),
                name="membership_in_school_once",
                violation_error_message="Эта роль уже назначена.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.scope_title}"

    def clean(self) -> None:
        """Refuse a role where it makes no sense: its rights would reach further, or nowhere."""
        role = self.get_role_display()
        if self.role in SCHOOL_ROLES and self.territory:
            raise ValidationError({"territory": f"Роль «{role}» назначается в школе."})
        if self.role in TERRITORY_ROLES and self.school:
            raise ValidationError({"school": f"Роль «{role}» назначается в территории."})
        if self.role in REGIONAL_ROLES and self.territory and self.territory.level != TerritoryLevel.REGION:
            raise ValidationError({"territory": f"Роль «{role}» назначается в регионе."})

    @property
    def scope_title(self) -> str:
        return str(self.school or self.territory)
