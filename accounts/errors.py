"""Refusals that a person can read."""


class ActionRefused(Exception):  # noqa: N818  an answer to a person, not a fault of the program
    """An action was not done and nothing was changed.

    The message is Russian and complete: what is wrong, and what to do next.
    """

    @property
    def text(self) -> str:
        return str(self)
