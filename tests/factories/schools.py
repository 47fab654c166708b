"""Territories, schools, people with roles, legal acts, results."""

from datetime import date
from itertools import count
from typing import Any

from accounts.models import User
from accounts.permissions import Role
from schools.choices import TerritoryLevel
from schools.models import AssessmentResult, LegalAct, Membership, School, Territory

numbers = count(1)
INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


def make_inn(number: int) -> str:
    """Return a fictional ИНН with the right check digit."""
    body = f"{100_000_000 + number:09d}"
    check = sum(int(digit) * weight for digit, weight in zip(body, INN_WEIGHTS, strict=True)) % 11 % 10
    return f"{body}{check}"


def make_region(**fields: Any) -> Territory:
    number = next(numbers)
    defaults = {
        "level": TerritoryLevel.REGION,
        "code": f"r{number}",
        "name": f"Область {number}",
        "name_genitive": f"Области {number}",
        "name_prepositional": f"Области {number}",
        "authority": f"Министерство образования Области {number}",
        "authority_genitive": f"министерства образования Области {number}",
    }
    return Territory.objects.create(**{**defaults, **fields})


def make_territory(**fields: Any) -> Territory:
    """Return a municipality, in a region of its own unless `parent` is given."""
    number = next(numbers)
    defaults = {
        "level": TerritoryLevel.MUNICIPALITY,
        "code": f"m{number}",
        "name": f"Округ {number}",
        "name_genitive": f"Округа {number}",
        "name_prepositional": f"Округе {number}",
        "authority": f"Управление образования Округа {number}",
        "authority_genitive": f"управления образования Округа {number}",
        "seat": f"г. Город {number}",
    }
    parent = fields.pop("parent", None) or make_region()
    return Territory.objects.create(**{**defaults, "parent": parent, **fields})


def make_school(**fields: Any) -> School:
    number = next(numbers)
    defaults = {
        "name": f"МБОУ «СОШ № {number}»",
        "kind": "СОШ",
        "locality": "город",
        "inn": make_inn(number),
        "login": f"edu{800_000 + number}",
        "students": 500,
    }
    territory = fields.pop("territory", None) or make_territory()
    return School.objects.create(**{**defaults, "territory": territory, **fields})


def make_user(
    *,
    role: Role | None = None,
    territory: Territory | None = None,
    school: School | None = None,
    **fields: Any,
) -> User:
    """Return a signed-in-able person; with a role, a member of the territory or school."""
    number = next(numbers)
    defaults = {
        "username": f"user{number}",
        "last_name": f"Фамильева{number}",
        "first_name": "Анна",
        "patronymic": "Ивановна",
    }
    user = User.objects.create_user(**{**defaults, **fields})
    if role is not None:
        Membership.objects.create(user=user, role=role, territory=territory, school=school)
    return user


def make_actor(role: Role, school: School) -> User:
    """Return a person of a role where it usually stands: in the single school or in its municipality."""
    if role in {Role.SCHOOL_ADMIN, Role.CURATOR, Role.MENTOR}:
        return make_user(role=role, school=school)
    return make_user(role=role, territory=school.territory)


def make_act(**fields: Any) -> LegalAct:
    number = next(numbers)
    defaults: dict[str, Any] = {
        "issuer_genitive": "отдела образования",
        "date": date(2026, 9, 15),
        "number": str(number),
        "title": "Об утверждении",
    }
    if "school" not in fields and "territory" not in fields:
        fields["territory"] = make_territory()
    return LegalAct.objects.create(**{**defaults, **fields})


def make_result(**fields: Any) -> AssessmentResult:
    """Return a ВПР result; give `marks=(n2, n3, n4, n5)` to set the counts."""
    marks = fields.pop("marks", (3, 10, 8, 4))
    defaults: dict[str, Any] = {
        "procedure": "VPR",
        "year": 2026,
        "subject": "RU",
        "grade": 5,
        "participants": sum(marks),
        **dict(zip(("mark2", "mark3", "mark4", "mark5"), marks, strict=True)),
    }
    school = fields.pop("school", None) or make_school()
    return AssessmentResult.objects.create(**{**defaults, "school": school, **fields})
