"""What is unusual about the order of a list. Pure; a warning never stops anyone.

That the roadmap's order should not precede the list's is checked where roadmaps are (`roadmaps.lints`).
"""

from datetime import date

from accounts.russian import short_date


def publication_warnings(*, order_date: date, counted_on: date | None, today: date) -> list[str]:
    """Return Russian sentences. counted_on None: the list was made without a run."""
    warnings = []
    if order_date > today:
        warnings.append(f"Дата приказа {short_date(order_date)} ещё не наступила. Проверьте её.")
    if counted_on and order_date < counted_on:
        warnings.append(
            f"Приказ от {short_date(order_date)} издан раньше расчёта ({short_date(counted_on)}). Проверьте дату.",
        )
    return warnings
