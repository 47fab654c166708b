"""The fictional region: Заозёрская область, the Светлоборский округ with its 20 schools, and a neighbour."""

from typing import Any, Final

from config.demo.people import MUNICIPALITY, NEIGHBOUR, REGION
from schools.choices import TerritoryLevel
from schools.models import Territory

REGION_FIELDS: Final[dict[str, Any]] = {
    "level": TerritoryLevel.REGION,
    "code": "reg99",
    "name": "Заозёрская область",
    "name_genitive": "Заозёрской области",
    "name_prepositional": "Заозёрской области",
    "authority": "Министерство образования Заозёрской области",
    "authority_genitive": "министерства образования Заозёрской области",
    "seat": "г. Заозёрск",
}
MUNICIPALITY_FIELDS: Final[dict[str, Any]] = {
    "level": TerritoryLevel.MUNICIPALITY,
    "code": "reg99_m001",
    "name": "Светлоборский муниципальный округ",
    "name_genitive": "Светлоборского муниципального округа",
    "name_prepositional": "Светлоборском муниципальном округе",
    "authority": "Управление образования Светлоборского муниципального округа",
    "authority_genitive": "управления образования Светлоборского муниципального округа",
    "seat": "г. Светлоборск",
}
NEIGHBOUR_FIELDS: Final[dict[str, Any]] = {
    "level": TerritoryLevel.MUNICIPALITY,
    "code": "reg99_m002",
    "name": "Верхнеключевской муниципальный район",
    "name_genitive": "Верхнеключевского муниципального района",
    "name_prepositional": "Верхнеключевском муниципальном районе",
    "authority": "Отдел образования Верхнеключевского муниципального района",
    "authority_genitive": "отдела образования Верхнеключевского муниципального района",
    "seat": "пгт. Верхний Ключ",
}


def make_territories() -> dict[str, Territory]:
    """Return the rows by their part in the demo: REGION, MUNICIPALITY, NEIGHBOUR."""
    region = Territory.objects.create(**REGION_FIELDS)
    return {
        REGION: region,
        MUNICIPALITY: Territory.objects.create(parent=region, **MUNICIPALITY_FIELDS),
        NEIGHBOUR: Territory.objects.create(parent=region, **NEIGHBOUR_FIELDS),
    }
