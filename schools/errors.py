"""Refusals of the app, each by its name. The text is Russian and says what to do next."""

from accounts.errors import ActionRefused


class FrozenRow(ActionRefused):
    """Something published would change."""


class RuleSetRefused(ActionRefused):
    """The parameters of a rule set are wrong or not supported."""


class RuleSetDiffers(ActionRefused):
    """A shipped rule has the code of a stored one and other parameters, and does not say why."""


class DraftMovedOn(ActionRefused):
    """Somebody saved the draft meanwhile."""


class RuleSetMovedOn(ActionRefused):
    """A draft was edited or deleted while a run by it was under way."""


class ClusterSetRefused(ActionRefused):
    """The code of a cluster set is taken, or other versions rest on it."""


class SocialRuleNotAccepted(ActionRefused):
    """The parameters of the social index are wrong. problems: sentences, one for a parameter."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class NothingToIndex(ActionRefused):
    """No school of the territory has told anything of its contingent for the year."""


class NothingToIdentify(ActionRefused):
    """There are no schools or no results to judge."""


class DecisionsClosed(ActionRefused):
    """The list of the run is approved or published."""


class DecisionRefused(ActionRefused):
    """The decision does not fit the verdict, or its reason is missing. field: of the form, None for the whole."""

    def __init__(self, text: str, *, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


class NothingToTakeBack(ActionRefused):
    """No decision of the person is left to be taken back: they were changed since, or it is too late."""


class DecisionsMissing(ActionRefused):
    """Some schools that the rule names still wait for a decision."""


class WrongListState(ActionRefused):
    """The list is in a state that does not allow this step."""


class ExclusionRefused(ActionRefused):
    """The school cannot leave the list so. field: of the form, None for the whole."""

    def __init__(self, text: str, *, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


class ActRefused(ActionRefused):
    """Another document is stored under the requisites. field: of its form."""

    def __init__(self, text: str, *, field: str) -> None:
        super().__init__(text)
        self.field = field


class ListAlreadyPublished(ActionRefused):
    """Another list of the kind, year and territory is in force."""


class ChangeRefused(ActionRefused):
    """The registry of schools cannot be changed like this. field: of the form, None for the whole."""

    def __init__(self, text: str, *, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field
