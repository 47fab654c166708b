"""People of the demo region: one for every role, and one more school to show what is not theirs.

Names are made up from neutral lists; nobody real is meant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from accounts.audit import record
from accounts.choices import AuditCode
from accounts.models import User
from accounts.permissions import Role
from schools.models import Membership, School, Territory

REGION: Final = "region"
MUNICIPALITY: Final = "municipality"
NEIGHBOUR: Final = "neighbour"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person of the demo region. where: REGION, MUNICIPALITY, NEIGHBOUR or the logins of schools."""

    login: str
    role: Role
    name: str
    position: str
    where: str | tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """What the start prints and `seed --json` gives."""

    login: str
    password: str
    role: str
    territory: str
    totp_secret: str = ""


PEOPLE: Final[Sequence[Person]] = (
    Person(
        login="region-admin",
        role=Role.REGIONAL_ADMIN,
        name="Ветрова Алла Олеговна",
        position="консультант министерства",
        where=REGION,
    ),
    Person(
        login="region",
        role=Role.REGIONAL_COORDINATOR,
        name="Холмов Игорь Петрович",
        position="начальник отдела министерства",
        where=REGION,
    ),
    Person(
        login="coordinator",
        role=Role.MUNICIPAL_COORDINATOR,
        name="Сергеева Ольга Викторовна",
        position="главный специалист управления образования",
        where=MUNICIPALITY,
    ),
    Person(
        login="methodist",
        role=Role.METHODIST,
        name="Егорова Мария Андреевна",
        position="методист информационно-методического центра",
        where=MUNICIPALITY,
    ),
    Person(
        login="curator",
        role=Role.CURATOR,
        name="Озеров Павел Сергеевич",
        position="директор МАОУ «Лицей № 4 г. Светлоборска»",
        where=("edu900003", "edu900005", "edu900008", "edu900011"),
    ),
    Person(
        login="school3",
        role=Role.SCHOOL_ADMIN,
        name="Лапина Нина Семёновна",
        position="заместитель директора",
        where=("edu900003",),
    ),
    Person(
        login="school5",
        role=Role.SCHOOL_ADMIN,
        name="Громова Инна Валерьевна",
        position="заместитель директора",
        where=("edu900005",),
    ),
    Person(
        login="school8",
        role=Role.SCHOOL_ADMIN,
        name="Фомина Елена Юрьевна",
        position="директор",
        where=("edu900008",),
    ),
    Person(
        login="school9",
        role=Role.SCHOOL_ADMIN,
        name="Полянская Вера Игоревна",
        position="директор",
        where=("edu900009",),
    ),
    Person(
        login="school11",
        role=Role.SCHOOL_ADMIN,
        name="Лугов Андрей Максимович",
        position="директор",
        where=("edu900011",),
    ),
    Person(
        login="mentor",
        role=Role.MENTOR,
        name="Рощина Дарья Львовна",
        position="директор МАОУ «Гимназия № 6 г. Светлоборска»",
        where=("edu900003", "edu900011"),
    ),
    Person(
        login="observer",
        role=Role.OBSERVER,
        name="Тихонова Юлия Романовна",
        position="специалист центра оценки качества образования",
        where=MUNICIPALITY,
    ),
    Person(
        login="neighbour",
        role=Role.MUNICIPAL_COORDINATOR,
        name="Кленова Софья Дмитриевна",
        position="главный специалист отдела образования",
        where=NEIGHBOUR,
    ),
)


def make_people(
    *,
    territories: Mapping[str, Territory],
    schools: Mapping[str, School],
    random: Random,
    only_territories: bool = False,
) -> list[SignIn]:
    """Make the accounts and return their sign-ins.

    territories: REGION, MUNICIPALITY, NEIGHBOUR -> row; schools: login in the federal system -> row.
    `only_territories` leaves out the people of single schools.
    """
    people = [person for person in PEOPLE if isinstance(person.where, str) or not only_territories]
    return [make_person(person, territories, schools, random) for person in people]


def make_person(
    person: Person,
    territories: Mapping[str, Territory],
    schools: Mapping[str, School],
    random: Random,
) -> SignIn:
    last_name, first_name, patronymic = person.name.split()
    password = f"bor-{random.randrange(10**7, 10**8)}"
    user = User.objects.create_user(
        person.login,
        password=password,
        last_name=last_name,
        first_name=first_name,
        patronymic=patronymic,
        position=person.position,
        is_staff=person.role == Role.REGIONAL_ADMIN,
        is_superuser=person.role == Role.REGIONAL_ADMIN,
    )
    record(AuditCode.USER_CREATED, actor=None, obj=user)
    memberships = [Membership(user=user, role=person.role, **place) for place in places(person, territories, schools)]
    for membership in memberships:
        membership.save()
        record(AuditCode.ROLE_GRANTED, actor=None, obj=user, role=person.role, scope=membership.scope_title)
    return SignIn(
        login=person.login,
        password=password,
        role=str(person.role),
        territory=", ".join(membership.scope_title for membership in memberships),
    )


def places(
    person: Person,
    territories: Mapping[str, Territory],
    schools: Mapping[str, School],
) -> list[dict[str, Territory | School]]:
    """Return the scope of each membership as model fields."""
    if isinstance(person.where, str):
        return [{"territory": territories[person.where]}]
    return [{"school": schools[login]} for login in person.where]
