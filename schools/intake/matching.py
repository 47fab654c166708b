"""Which known school a row is about: by ИНН, by login, by code, then by a name that only one school has.

Source: domain specification, 7.5 (how one school is spelled in three documents of one district).
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from schools.intake.identifiers import without_codes
from schools.intake.rows import SchoolRef

Id = TypeVar("Id")

LEGAL_FORMS: Final = re.compile(
    r"\b(?:мбоу|мобу|мкоу|маоу|мау|мбу|мку|моу|гбоу|гкоу|гаоу|гоу|обоу|окоу|фгкоу|фгбоу|чоу|аноо|"
    r"муниципальн\w+|государственн\w+|областн\w+|краев\w+|бюджетн\w+|казенн\w+|автономн\w+|"
    r"общеобразовательн\w+ учреждени\w+|образовательн\w+ учреждени\w+|учреждени\w+|организаци\w+)\b",
)
KINDS: Final = (
    (r"средн\w+ общеобразовательн\w+ школ\w+", "сош"),
    (r"основн\w+ общеобразовательн\w+ школ\w+", "оош"),
    (r"начальн\w+ общеобразовательн\w+ школ\w+", "нош"),
    (r"открыт\w+ \(?сменн\w+\)? общеобразовательн\w+ школ\w+", "осош"),
    (r"о\s?\(\s?с\s?\)\s?ош", "осош"),
    (r"средн\w+ школ\w+", "сош"),
    (r"основн\w+ школ\w+", "оош"),
)
PLACES: Final = ((r"\bгород[аеу]?\b|\bг\.", "г "), (r"\bсел[оаеу]\b|\bс\.", "с "), (r"\bпос[её]л\w+\b|\bп\.", "п "))
NAMED_AFTER: Final = re.compile(r"\b(?:имени|им\.?)\s.*?(?=\bг\b|\bс\b|\bп\b|\bпгт\b|$)")
SCHOOL_WORDS: Final = re.compile(
    r"\b(?:школ\w*|сош|оош|нош|осош|лице\w+|гимнази\w+|интернат\w*|кадетск\w+|мбоу|мобу|мкоу|маоу|моу|гбоу|гкоу)\b|№",
)


def normalised_name(name: str) -> str:
    """Return a name for comparison: no legal form, quotes, codes or «им. …», kinds shortened, «№5» as «№ 5»."""
    text = without_codes(name).casefold().replace("ё", "е")
    text = re.sub("[«»\"'„“”\\s]+", " ", text)
    for pattern, replacement in (*KINDS, *PLACES):
        text = re.sub(pattern, f" {replacement} ", text)
    text = LEGAL_FORMS.sub(" ", text)
    text = re.sub(r"\s+", " ", re.sub(r"[()\[\].,;:]", " ", text))
    text = NAMED_AFTER.sub("", text)
    text = re.sub(r"\s*№\s*(\d)", r" № \1", text)
    return re.sub(r"\s+", " ", re.sub(r"\s*[-–—]\s*", "-", text)).strip()


def looks_like_school(name: str) -> bool:
    """Answer whether a row of a federal export without a login is about a school and not about a territory."""
    return bool(SCHOOL_WORDS.search(name.casefold().replace("ё", "е")))


class Outcome(StrEnum):
    MATCHED = "matched"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, kw_only=True)
class KnownSchool(Generic[Id]):
    """What the portal knows of a school; aliases are normalised names confirmed by a person."""

    id: Id
    name: str
    inn: str = ""
    login: str = ""
    gia_code: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Match(Generic[Id]):
    """by: the identifier that decided («inn», «login», «gia_code», «name»), empty when nothing did."""

    outcome: Outcome
    school: KnownSchool[Id] | None = None
    by: str = ""


class SchoolIndex(Generic[Id]):
    """Known schools by every identifier."""

    def __init__(self, schools: Iterable[KnownSchool[Id]]) -> None:
        self.by: dict[str, dict[str, list[KnownSchool[Id]]]] = {
            key: defaultdict(list) for key in ("inn", "login", "gia_code", "name")
        }
        for school in schools:
            self.add(school)

    def add(self, school: KnownSchool[Id]) -> None:
        for key in ("inn", "login", "gia_code"):
            if value := getattr(school, key):
                self.by[key][value].append(school)
        for name in {normalised_name(school.name), *school.aliases}:
            self.by["name"][name].append(school)

    def match(self, ref: SchoolRef) -> Match[Id]:
        """Return the one school that every identifier of the row agrees on.

        Two identifiers that lead to different schools make the row ambiguous; a name counts only where no identifier
        of the row contradicts the school that bears it.
        """
        found: dict[str, KnownSchool[Id]] = {}
        for key in ("inn", "login", "gia_code"):
            candidates = self.by[key].get(getattr(ref, key), []) if getattr(ref, key) else []
            if len(candidates) == 1:
                found[key] = candidates[0]
        if len({id(school) for school in found.values()}) > 1:
            return Match(outcome=Outcome.AMBIGUOUS)
        if found:
            by, school = next(iter(found.items()))
            return Match(outcome=Outcome.MATCHED, school=school, by=by)
        return self.match_name(ref)

    def match_name(self, ref: SchoolRef) -> Match[Id]:
        candidates = self.by["name"].get(normalised_name(ref.name), []) if ref.name else []
        fitting = [school for school in candidates if not contradicts(school, ref)]
        if len(fitting) == 1:
            return Match(outcome=Outcome.MATCHED, school=fitting[0], by="name")
        return Match(outcome=Outcome.AMBIGUOUS if fitting else Outcome.UNKNOWN)


def contradicts(school: KnownSchool[Id], ref: SchoolRef) -> bool:
    """Answer whether the row carries an identifier that the school has with another value."""
    return any(
        getattr(ref, key) and getattr(school, key) and getattr(ref, key) != getattr(school, key)
        for key in ("inn", "login")
    )
