"""Build the demo: the Светлобор region by its story, or a made region of any size."""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import ActionRefused
from accounts.models import User
from config.catalogues import load_reference_data
from config.demo import generator
from config.demo.calendar import DemoCalendar
from config.demo.people import MUNICIPALITY, REGION, SignIn, make_people
from config.demo.region import DemoRegion
from config.demo.stages import Stage, import_files, live_until, load_registry
from config.demo.territories import make_territories
from schools.actions.service import service_account
from schools.importing.files import GivenFile
from schools.models import School, Territory


class NotADemoDatabase(ActionRefused):
    """The database has people or schools; demo data would mix with real ones."""

    def __init__(self) -> None:
        super().__init__("В базе уже есть данные. Демонстрационный регион загружается только в пустую базу.")


@dataclass(frozen=True, kw_only=True)
class MadeDemo:
    users: Sequence[SignIn]

    def as_json(self) -> dict[str, Any]:
        """Return the object of `seed --json`."""
        schools = School.objects.select_related("territory").order_by("inn")
        return {
            "users": [asdict(user) for user in self.users],
            "territories": [
                {"code": territory.code, "name": territory.name, "level": territory.level}
                for territory in Territory.objects.order_by("code")
            ],
            "schools": [
                {"inn": school.inn, "name": school.name, "login": school.login, "territory": school.territory.code}
                for school in schools
            ],
        }


@transaction.atomic
def build_demo(*, stage: Stage, seed: int, today: date | None = None) -> MadeDemo:
    """Build the Светлобор region up to a stage. Raises NotADemoDatabase."""
    refuse_real_data()
    load_reference_data()
    calendar = DemoCalendar(today=today or timezone.localdate())
    territories = make_territories()
    operator = service_account(territories[REGION])
    schools = load_registry(operator, territories[REGION], calendar)
    users = make_people(territories=territories, schools=schools, random=Random(seed))  # noqa: S311  demo data
    live_until(stage, DemoRegion(territories=territories, schools=schools, calendar=calendar))
    return MadeDemo(users=users)


@transaction.atomic
def build_region(*, schools: int, municipalities: int, years: Sequence[int], seed: int) -> MadeDemo:
    """Build a made region: schools and results only, with a coordinator of the region. Raises NotADemoDatabase."""
    refuse_real_data()
    load_reference_data()
    random = Random(seed)  # noqa: S311  demo data
    territories = make_territories()
    region, calendar = territories[REGION], DemoCalendar(today=timezone.localdate())
    operator = service_account(region)
    made = generator.make_schools(schools=schools, municipalities=municipalities, random=random)
    with tempfile.TemporaryDirectory() as folder:
        registry, results = Path(folder, "schools.csv"), Path(folder, "results.csv")
        generator.write_schools(registry, made)
        generator.write_results(results, generator.make_results(schools=made, years=years, random=random))
        for path in (registry, results):
            import_files([GivenFile(name=path.name, data=path.read_bytes())], operator, region, calendar, offset=-1)
    places = {**territories, MUNICIPALITY: Territory.objects.get(code=made[0].municipality_code)}
    known = {school.login: school for school in School.objects.all()}
    return MadeDemo(users=make_people(territories=places, schools=known, random=random, only_territories=True))


def refuse_real_data() -> None:
    if User.objects.exists() or School.objects.exists() or Territory.objects.exists():
        raise NotADemoDatabase
