"""Refusals of the jobs app, and the signals that end a run."""

from accounts.errors import ActionRefused


class JobFailed(Exception):  # noqa: N818 -- reads as a sentence where it is raised
    """The job cannot be done, and a second attempt would not help.

    message: Russian, what is wrong and what to do; the page shows it as it is.
    """

    def __init__(self, message: str, *, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class JobCancelled(Exception):  # noqa: N818 -- not an error: the person asked for it
    """The person cancelled the job; the run must stop and leave nothing behind."""


class LeaseLost(Exception):  # noqa: N818 -- not an error: another worker has the job now
    """This run no longer owns the job; whatever it has made must not be stored."""


class UnknownKind(LookupError):  # noqa: N818 -- named after what it tells
    """No installed module has registered the kind."""


class NotCancellable(ActionRefused):
    """The job has already finished."""


class NotRetryable(ActionRefused):
    """The job waits, runs or has succeeded."""
