"""What the stages of the demo work with."""

from dataclasses import dataclass

from accounts.models import User
from config.demo.calendar import DemoCalendar
from config.demo.people import MUNICIPALITY
from schools.models import LegalAct, School, Territory


@dataclass(frozen=True, kw_only=True)
class DemoRegion:
    """territories: by their part in the demo; schools: login in the federal system -> school."""

    territories: dict[str, Territory]
    schools: dict[str, School]
    calendar: DemoCalendar

    @property
    def municipality(self) -> Territory:
        return self.territories[MUNICIPALITY]

    def person(self, login: str) -> User:
        return User.objects.get(username=login)

    def order(self, *, offset: int, number: str, title: str) -> LegalAct:
        """Return an order of the municipal authority, not stored yet; offset: days from today."""
        return LegalAct(
            territory=self.municipality,
            issuer_genitive=self.municipality.authority_genitive,
            date=self.calendar.day(offset),
            number=number,
            title=title,
        )

    def school_order(self, school: School, *, offset: int, number: str, title: str) -> LegalAct:
        """Return an order of the head of a school, not stored yet."""
        return LegalAct(
            school=school,
            issuer_genitive="директора",
            date=self.calendar.day(offset),
            number=number,
            title=title,
        )
