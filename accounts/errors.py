"""Refusals that a person can read."""

from collections.abc import Iterable
from typing import Self


class ActionRefused(Exception):  # noqa: N818  an answer to a person, not a fault of the program
    """An action was not done and nothing was changed.

    The message is Russian and complete: what is wrong, and what to do next.
    """

    @property
    def text(self) -> str:
        return str(self)


class TransitionRefused(ActionRefused):
    """A table of states does not lead there, or the condition of the step does not hold."""

    @classmethod
    def by_table(cls, thing: str, *, current: str, wanted: str, allowed: Iterable[str]) -> Self:
        """Name the state, the wanted one and those that can be reached, all in Russian."""
        following = ", ".join(f"«{state}»" for state in allowed) or "ничего"
        return cls(f"{thing}: из состояния «{current}» нельзя перейти в «{wanted}». Возможно: {following}.")
