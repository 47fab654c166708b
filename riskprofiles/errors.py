"""Refusals of the actions on risk profiles."""

from collections.abc import Sequence
from typing import Any

from accounts.errors import ActionRefused
from riskprofiles.answers import Gap


class ListNotPublished(ActionRefused):
    """Profiles are opened for the schools of a published list only."""


class ProfileExists(ActionRefused):
    """The school has a profile for this year."""


class CalculationClosed(ActionRefused):
    """The index is not computed anew once people work with it."""


class VerdictRefused(ActionRefused):
    """The verdict does not go with the factor, its level or its reason."""


class ActivationRefused(ActionRefused):
    """A factor to be activated is not a verified risk of this profile."""


class DiagnosisClosed(ActionRefused):
    """The self-diagnosis is handed in or accepted; nobody writes in it."""


class AnswerRefused(ActionRefused):
    """A value that the form does not know."""


class AnswerConflict(ActionRefused):
    """Somebody else changed the same field meanwhile; both values are kept for the person to choose."""

    def __init__(self, *, stored: Any, own: Any) -> None:
        super().__init__("Пока вы писали, это поле изменили. Выберите, какой текст оставить.")
        self.stored = stored
        self.own = own


class GapsLeft(ActionRefused):
    """The form lacks obligatory answers."""

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__(f"Самодиагностика не сдана: не заполнено полей — {len(gaps)}.")
        self.gaps = list(gaps)


class RemarksRequired(ActionRefused):
    """A return or a reopening without words."""


class FormRefused(ActionRefused):
    """An uploaded file is not the form of this school, year and version."""


class UploadClosed(ActionRefused):
    """The upload was applied or put aside already."""


class DraftMovedOn(ActionRefused):
    """The draft changed after the comparison was shown."""


class FormClosed(ActionRefused):
    """The form is accepted; it is opened by returning it."""


class FormUndecided(ActionRefused):
    """The form is not in a state that allows this decision."""
