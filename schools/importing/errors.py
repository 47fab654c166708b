"""Why an import refuses; nothing is changed then."""

from collections.abc import Iterable

from accounts.errors import ActionRefused
from accounts.russian import agree, count

ROWS = "строка,строки,строк"


class NothingGiven(ActionRefused):
    """No file was chosen."""


class WrongBatchState(ActionRefused):
    """The batch is not in a state that allows this."""


class RejectedRows(ActionRefused):
    """Some rows or files are refused, and the person did not say to take the others."""


class NothingToApply(ActionRefused):
    """No row would change anything."""


class DataChanged(ActionRefused):
    """What stands in the portal has changed since the preview was made."""


class NewerDataStands(ActionRefused):
    """A later batch has changed rows of this one, or something rests on its schools."""


class CorrectionRefused(ActionRefused):
    """A cell cannot be put right like this."""


class NotInQueue(ActionRefused):
    """The school does not wait for a match, or the chosen one is not in reach."""


class ExplanationNeeded(ActionRefused):
    """Warnings need an explanation before the batch is applied."""


def newer_data(number: int, examples: Iterable[str]) -> NewerDataStands:
    """Return the refusal to undo. number: of rows changed since; examples: the first of them in words."""
    shown = list(examples)
    more = f" и ещё {number - len(shown)}" if number > len(shown) else ""
    return NewerDataStands(
        f"Отменить нельзя: {count(number, ROWS)} с тех пор {agree(number, 'изменена,изменены')} "
        f"другой загрузкой ({'; '.join(shown)}{more}). Сначала отмените более позднюю загрузку.",
    )
