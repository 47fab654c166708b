"""Refusals of reports."""

from accounts.errors import ActionRefused


class UnknownReportKind(ActionRefused):
    pass


class WrongScope(ActionRefused):
    """A kind of report is asked for something that it is not about."""


class NothingToReport(ActionRefused):
    """There are no data of which the document could be made. field: of the question, what to change in it."""

    def __init__(self, text: str, *, field: str) -> None:
        super().__init__(text)
        self.field = field


class FileDamaged(ActionRefused):
    """A stored file differs from what was built, or is gone."""


class VersionFrozen(ActionRefused):
    """Somebody tries to change or delete a stored version."""
