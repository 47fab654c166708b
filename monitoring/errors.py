"""Refusals of monitoring."""

from accounts.errors import ActionRefused
from accounts.russian import count


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


class CycleBegun(ActionRefused):
    """Schools have been asked already: their readings are not deleted."""

    def __init__(self) -> None:
        super().__init__("Сбор по этому циклу уже открывали: цикл с показателями школ не удаляют, его завершают.")


class NoSchools(ActionRefused):
    """A cycle needs schools."""

    def __init__(self) -> None:
        super().__init__("Выберите хотя бы одну школу: без школ собирать нечего.")
