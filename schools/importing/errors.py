"""Why an import refuses; nothing is changed then."""

from accounts.errors import ActionRefused


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
