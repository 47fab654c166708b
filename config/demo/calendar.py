"""When things happened in the demo region: counted from the day it is made, so that it always looks alive."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone


@dataclass(frozen=True, kw_only=True)
class DemoCalendar:
    """Days of the demo, before or after `today`."""

    today: date

    def day(self, offset: int) -> date:
        """Return the day `offset` days from today; negative is the past."""
        return self.today + timedelta(days=offset)

    def moment(self, offset: int, hour: int = 10, minute: int = 0) -> datetime:
        return timezone.make_aware(datetime.combine(self.day(offset), time(hour, minute)))
