"""Similar schools and signs as the page of a school shows them. No queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from accounts.russian import NBSP, count, number, points
from schools.choices import Locality, SchoolKind
from schools.models import School
from schools.similar import Difference, FeatureKind, Outcome, pooled, shipped_similarity
from schools.similar_reading import Mentor, Resemblance, SimilarSchool

WORKS: Final = "работы,работ,работ"
SCHOOLS: Final = "школу,школы,школ"
HIDDEN: Final = "школа вне вашей территории"
HIDDEN_NEAR: Final = "другая школа муниципалитета"
NO_MENTORS: Final = "Среди похожих школ нет такой, у которой результаты заметно лучше и есть возможность сопровождать."
MENTORS_NEAR: Final = "Кандидаты есть. Другие школы видит муниципальный координатор: обратитесь к нему."
MENTORS_FAR: Final = "Кандидаты есть в других муниципалитетах. Их видит региональный координатор: обратитесь к нему."
WORDS: Final = {**dict(Locality.choices), **dict(SchoolKind.choices)}
ONE_DIGIT: Final = frozenset({"social_index", "pupils_per_teacher"})


@dataclass(frozen=True, kw_only=True)
class SimilarRow:
    """A school of the group; one that the person may not see keeps its name and its numbers to itself."""

    similar: SimilarSchool
    is_visible: bool
    is_near: bool  # of the same municipality

    @property
    def name(self) -> str:
        if self.is_visible:
            return self.similar.school.name
        return HIDDEN_NEAR if self.is_near else HIDDEN

    @property
    def likeness(self) -> str:
        """Return «92 %», how alike the inputs are."""
        return f"{number(100 * (1 - self.similar.distance))}{NBSP}%"

    @property
    def percent(self) -> str:
        return percent_words(self.similar.outcome) if self.is_visible else "не показывается"

    @property
    def works(self) -> str:
        return works_words(self.similar.outcome) if self.is_visible else ""

    @property
    def inputs(self) -> str:
        return inputs_words(self.similar.differences) if self.is_visible else ""


@dataclass(frozen=True, kw_only=True)
class MentorRow:
    mentor: Mentor
    own: Outcome

    @property
    def reasons(self) -> list[str]:
        """Return why this school: results, inputs, place, load."""
        candidate = self.mentor.candidate
        better = candidate.better_by(self.own)
        told = [f"доля низких результатов меньше на {number(better, 1)}{NBSP}п. п.: {outcome_words(candidate.outcome)}"]
        told.append(f"условия похожи на {number(100 * (1 - candidate.distance))}{NBSP}%")
        told.append("тот же муниципалитет" if candidate.is_near else self.mentor.school.territory.name)
        told.append(load_words(candidate.mentored))
        return [*told, *(["в перечне школ-наставников"] if candidate.is_listed else [])]


def load_words(mentored: int) -> str:
    return f"уже сопровождает {count(mentored, SCHOOLS)}" if mentored else "никого не сопровождает"


def outcome_words(outcome: Outcome) -> str:
    """Return «11,0 % (44 из 400 работ)», «нет данных»."""
    works = works_words(outcome)
    return f"{percent_words(outcome)} ({works})" if works else percent_words(outcome)


def percent_words(outcome: Outcome) -> str:
    """Return «11,0 %», «нет данных»."""
    return number(None) if outcome.percent is None else f"{number(outcome.percent, 1)}{NBSP}%"


def works_words(outcome: Outcome) -> str:
    """Return «44 из 400 работ», nothing where nothing is known."""
    return "" if outcome.percent is None else f"{outcome.low} из {count(outcome.participants, WORKS)}"


def inputs_words(differences: Sequence[Difference]) -> str:
    """Return the inputs of the other school: «Обучающихся: 187; Населённый пункт: село; …»."""
    return "; ".join(f"{each.feature.title}: {value_words(each)}" for each in differences)


def value_words(difference: Difference) -> str:
    value = difference.other
    if value is None:
        return number(None)
    if difference.feature.kind is FeatureKind.SAME:
        return str(WORDS.get(str(value), value))
    return number(float(value), 1 if difference.feature.code in ONE_DIGIT else 0)


@dataclass(frozen=True, kw_only=True)
class ResemblanceCard:
    """The reference group beside the school, and who could mentor it. school: the one whose page it is."""

    found: Resemblance
    school: School
    visible: Collection[UUID]

    @property
    def rows(self) -> list[SimilarRow]:
        return [
            SimilarRow(similar=each, is_visible=each.school.pk in self.visible, is_near=self.is_near(each.school))
            for each in self.found.group
        ]

    def is_near(self, other: School) -> bool:
        return other.territory_id == self.school.territory_id

    @property
    def mentors(self) -> list[MentorRow]:
        seen = [each for each in self.found.mentors if each.school.pk in self.visible]
        return [MentorRow(mentor=each, own=self.found.outcome) for each in seen]

    @property
    def no_mentors(self) -> str:
        """Return why the list of mentors is empty: nobody fits, or those who fit are shown to somebody else."""
        if not self.found.mentors:
            return NO_MENTORS
        return MENTORS_NEAR if any(self.is_near(each.school) for each in self.found.mentors) else MENTORS_FAR

    @property
    def own(self) -> str:
        return outcome_words(self.found.outcome)

    @property
    def is_small(self) -> bool:
        return len(self.found.group) < shipped_similarity().small_group

    @property
    def group_outcome(self) -> Outcome | None:
        """Return the group as one; None when a hidden school could be read out of it.

        With one or two hidden schools among visible ones the group is of the visible alone.
        """
        hidden = sum(not row.is_visible for row in self.rows)
        if not 0 < hidden < shipped_similarity().small_group:
            return self.found.group_outcome
        seen = [row.similar.outcome for row in self.rows if row.is_visible]
        return pooled(seen) if seen else None

    @property
    def group(self) -> str:
        outcome = self.group_outcome
        return "не показывается: школ в группе мало" if outcome is None else outcome_words(outcome)

    @property
    def difference(self) -> str:
        """Return how the school differs from its group; "" when either is not known or kept back."""
        own, group = self.found.outcome.percent, self.group_outcome
        if own is None or group is None or group.percent is None:
            return ""
        return points(own - group.percent, 1)

    @property
    def inputs(self) -> list[tuple[str, str]]:
        """Return the inputs of the school itself, for ui/facts.html."""
        own = self.found.own
        features = shipped_similarity().features
        told = [Difference(feature=each, own=None, other=own.get(each.code), value=None) for each in features]
        return [(each.feature.title, value_words(each)) for each in told]

    @property
    def weights(self) -> str:
        """Return what makes schools similar: «Обучающихся – 25 %, …»."""
        parts = [
            f"{each.title.lower()}{NBSP}– {number(100 * each.weight)}{NBSP}%" for each in shipped_similarity().features
        ]
        return ", ".join(parts)
