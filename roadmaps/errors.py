"""Refusals of roadmap actions, in words for a person."""

from accounts.errors import ActionRefused


class RoadmapFrozen(ActionRefused):
    """The version is not a draft: its plan does not change."""

    def __init__(self, state: str) -> None:
        super().__init__(
            f"Карта в состоянии «{state}», её мероприятия не меняются. Чтобы изменить план, начните новую версию.",
        )


class DraftSent(ActionRefused):
    """The version has been before others: it is returned, agreed or changed, and not deleted."""

    def __init__(self) -> None:
        super().__init__("Карту уже направляли на согласование: её не удаляют, а исправляют или меняют новой версией.")


class NotInExecution(ActionRefused):
    def __init__(self, state: str) -> None:
        super().__init__(f"Исполнение отмечают, когда карта исполняется. Сейчас она в состоянии «{state}».")


class CellRefused(ActionRefused):
    """A typed value does not fit its cell."""


class ObjectiveChanged(ActionRefused):
    """Somebody wrote another aim of a section meanwhile. theirs: what stands there now."""

    def __init__(self, theirs: str) -> None:
        super().__init__("Цель раздела изменили, пока вы редактировали.")
        self.theirs = theirs


class EvidenceMissing(ActionRefused):
    def __init__(self, kind: str) -> None:
        super().__init__(f"Приложите подтверждение ({kind}): без него мероприятие не считается исполненным.")


class EvidenceRefused(ActionRefused):
    """A file or a link that does not serve as evidence."""


class NothingToUndo(ActionRefused):
    def __init__(self) -> None:
        super().__init__("За последние 10 минут у вас нет изменений, которые можно отменить.")


class UndoRefused(ActionRefused):
    """Somebody changed the same cell after the change that was to be undone."""


class ReasonMissing(ActionRefused):
    """A decision that needs a reason came without one."""


class RoadmapExists(ActionRefused):
    """A draft or a roadmap of this school for this profile is already there."""
