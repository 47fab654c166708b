"""What goes on resting on a school that ends or changes its name; a warning never stops anyone."""

from schools.choices import FROZEN_LIST_STATES, ListState
from schools.models import School, SchoolListItem


def standing_on(school: School) -> list[str]:
    """Return Russian sentences on the lists that have the school. One query."""
    items = SchoolListItem.objects.filter(school=school).exclude(school_list__state=ListState.CANCELLED)
    warnings = []
    for item in items.select_related("school_list").order_by("-school_list__year", "pk"):
        school_list = item.school_list
        if school_list.state in FROZEN_LIST_STATES:
            warnings.append(f"Школа стоит в перечне «{school_list}». Он опубликован и останется с прежним названием.")
        else:
            warnings.append(f"Школа стоит в перечне «{school_list}», он ещё не опубликован. Проверьте его состав.")
    return warnings
