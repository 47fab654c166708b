"""Refusals of monitoring."""

from collections.abc import Iterable

from accounts.errors import ActionRefused
from accounts.russian import count


class TransitionRefused(ActionRefused):
    """A state cannot follow from the present one."""

    def __init__(self, *, thing: str, current: str, wanted: str, allowed: Iterable[str]) -> None:
        following = ", ".join(f"«{state}»" for state in allowed) or "ничего"
        super().__init__(f"{thing}: из состояния «{current}» нельзя перейти в «{wanted}». Возможно: {following}.")


class NotEditable(ActionRefused):
    """The submission is handed in or the cycle is not collecting."""


class NotComplete(ActionRefused):
    """Readings are missing."""

    def __init__(self, titles: list[str]) -> None:
        self.titles = titles
        missing = count(len(titles), "показателя,показателей,показателей")
        super().__init__(f"Не хватает {missing}. Внесите числа или укажите, почему их нет.")


class ReadingChanged(ActionRefused):
    """Somebody else saved another value since the page was opened."""


class NoSchools(ActionRefused):
    """A cycle needs schools."""

    def __init__(self) -> None:
        super().__init__("Выберите хотя бы одну школу: без школ собирать нечего.")
