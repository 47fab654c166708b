"""What is unusual about the order of a list. Pure; a warning never stops anyone.

A date that has not come is asked about before, by the form of the order (`schools.forms.LegalActForm`).

That the roadmap's order should not precede the list's is checked where roadmaps are (`roadmaps.lints`).
"""

from datetime import date

from accounts.russian import short_date


def publication_warnings(*, order_date: date, counted_on: date | None) -> list[str]:
    """Return Russian sentences. counted_on None: the list was made without a run."""
    warnings = []
    if counted_on and order_date < counted_on:
        warnings.append(
            f"Приказ от {short_date(order_date)} издан раньше расчёта ({short_date(counted_on)}). Проверьте дату.",
        )
    return warnings
