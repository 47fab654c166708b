"""Which school a file may mean where none matched: proposals for a person, each with its reason.

A proposal is never taken by the portal itself. Identifiers that differ by a slip of the hand weigh most, then names
that share their words; schools with another number in the name are not alike however close the letters.
Source: domain specification, 7.5 (how one school is spelled in three documents of one district).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Generic

from schools.intake.matching import Id, KnownSchool, normalised_name
from schools.intake.rows import SchoolRef
from schools.intake.territory_names import same_place

MOST: Final = 5
LEAST_SCORE: Final = 55  # of 100; below it names have little in common
NEAR_BEST: Final = 25  # beside a likely school an unlikely one only distracts
COMPARED: Final = 60  # letters are compared for the schools that share most words
STEM: Final = 4  # letters of a word that count when words are compared
KIND_WORDS: Final = frozenset({"сош", "оош", "нош", "осош", "школ", "лице", "гимн", "г", "с", "п", "пгт"})
SAME, SLIP = "same", "slip"
SCORES: Final = {("inn", SAME): 100, ("login", SAME): 99, ("gia_code", SAME): 98, ("inn", SLIP): 95}
CODE_SCORE: Final = 92
SAME_NAME: Final = 100
ELSEWHERE: Final = 40  # points that a name loses in another municipality: it may be spelled otherwise there
NEAR_LOGIN: Final = 8  # points beside a name: logins of one district stand side by side
TITLES: Final = {"inn": "ИНН", "login": "логин", "gia_code": "код ОО"}


@dataclass(frozen=True, kw_only=True)
class Proposal(Generic[Id]):
    """One school with what speaks for it; score 0..100."""

    school: KnownSchool[Id]
    reason: str
    score: int


@dataclass(frozen=True, kw_only=True)
class Candidate(Generic[Id]):
    school: KnownSchool[Id]
    name: str
    words: frozenset[str]


class Proposer(Generic[Id]):
    """Known schools, ready to be compared with what files say."""

    def __init__(self, schools: Iterable[KnownSchool[Id]]) -> None:
        self.candidates = [candidate(school) for school in schools]

    def propose(self, ref: SchoolRef) -> list[Proposal[Id]]:
        """Return at most five schools, the likeliest first; none when nothing is alike."""
        name = normalised_name(ref.name) if ref.name else ""
        words = words_of(name)
        nearest = sorted(self.candidates, key=lambda one: (-shared(words, one.words), one.name))[:COMPARED]
        by_identifier = [one for one in self.candidates if identifier_reason(ref, one.school)]
        found = {
            id(one.school): proposal
            for one in (*nearest, *by_identifier)
            if (proposal := compared(ref, name, words, one)) and proposal.score >= LEAST_SCORE
        }
        best = max((one.score for one in found.values()), default=0)
        near = [one for one in found.values() if one.score >= best - NEAR_BEST]
        return sorted(near, key=lambda one: (-one.score, one.school.name))[:MOST]


def candidate(school: KnownSchool[Id]) -> Candidate[Id]:
    name = normalised_name(school.name)
    return Candidate(school=school, name=name, words=words_of(name))


def words_of(name: str) -> frozenset[str]:
    """Return the beginnings of the words of a name: «Луговая» and «Луговская» share theirs, so do cases of a town."""
    return frozenset(word[:STEM] for word in re.findall(r"[^\W_]+", name))


def compared(ref: SchoolRef, name: str, words: frozenset[str], one: Candidate[Id]) -> Proposal[Id] | None:
    alike = name_score(name, words, one) if name else 0
    is_elsewhere = not same_place(ref.place, one.school.place)
    by_name = max(alike - ELSEWHERE, 0) if is_elsewhere else alike
    reason, score = identifier_reason(ref, one.school) or ("", 0)
    if reason and score <= NEAR_LOGIN:
        score = min(by_name + score, 94) if by_name >= LEAST_SCORE - NEAR_LOGIN else 0
    score = max(score, by_name)
    if not score:
        return None
    reasons = [part for part in (reason, name_reason(alike), "другой муниципалитет" if is_elsewhere else "") if part]
    return Proposal(school=one.school, reason=", ".join(reasons), score=score)


def name_reason(score: int) -> str:
    if score == SAME_NAME:
        return "название совпадает"
    return f"название похоже на {score} %" if score >= LEAST_SCORE else ""


def identifier_reason(ref: SchoolRef, school: KnownSchool[Id]) -> tuple[str, int] | None:
    """Return what the identifiers say with its weight, None when they say nothing."""
    for key, title in TITLES.items():
        given, known = getattr(ref, key), getattr(school, key)
        if given and given == known:
            return f"{title} совпадает", SCORES[key, SAME]
    if is_slip(ref.inn, school.inn):
        return "ИНН отличается опиской", SCORES["inn", SLIP]
    if ref.gia_code and ref.gia_code.lstrip("0") == school.gia_code.lstrip("0"):
        return "код ОО совпадает без нулей впереди", CODE_SCORE
    if is_slip(ref.login, school.login):
        return "логин отличается опиской", NEAR_LOGIN
    return None


def is_slip(one: str, other: str) -> bool:
    """Answer whether two identifiers of one length differ by a single digit or by two neighbours swapped."""
    if not one or len(one) != len(other):
        return False
    differ = [place for place, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
    if len(differ) != 2:
        return len(differ) == 1
    first, second = differ
    return second == first + 1 and (one[first], one[second]) == (other[second], other[first])


def name_score(name: str, words: frozenset[str], one: Candidate[Id]) -> int:
    """Return how alike two normalised names are: 100 for equal ones, 0 when their numbers differ."""
    if name == one.name:
        return SAME_NAME
    if numbers_differ(words, one.words):
        return 0
    letters = SequenceMatcher(None, name, one.name, autojunk=False).ratio()
    return min(99, round(100 * max(letters, shared(words, one.words))))


def numbers_differ(one: frozenset[str], other: frozenset[str]) -> bool:
    left, right = ({word for word in words if word.isdecimal()} for words in (one, other))
    return bool(left and right and not left & right)


def shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of common words, 0..1; words of kind and place weigh half.

    A short name inside a long one counts as alike: «СОШ № 5» and «СОШ № 5 г. Светлоборска».
    """
    common, left, right = weight(one & other), weight(one), weight(other)
    if not common:
        return 0.0
    return max(2 * common / (left + right), 0.9 * common / min(left, right) if common > 2 else 0.0)


def weight(words: frozenset[str]) -> int:
    return sum(1 if word in KIND_WORDS else 2 for word in words)
