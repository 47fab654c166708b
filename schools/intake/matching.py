"""Which known school a row is about: by ИНН, by login, by code, then by a name that only one school has.

Names and codes are those of the time that the file speaks of: a name may have moved to another school since.

Source: domain specification, 7.5 (how one school is spelled in three documents of one district).
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from typing import Final, Generic, TypeVar

from schools.intake.identifiers import without_codes
from schools.intake.rows import SchoolRef, WorkKey
from schools.intake.territory_names import core_of, same_place

Id = TypeVar("Id")

IDENTIFIERS: Final = ("inn", "login", "gia_code")
DATED_IDENTIFIERS: Final = ("login", "gia_code")  # an ИНН stays with its legal entity
SCHOOL_YEAR_STARTS: Final = 9  # September
FIRST_YEAR, LAST_YEAR = 1900, 2999
AUTUMN_PERIODS: Final = frozenset({"autumn", "sept"})
LONGEST_SPELLING: Final = 300

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
    r"\b(?:школ(?:а|ы|е|у|ой|ам|ах)?|сош|оош|нош|осош|лице\w+|\w*гимнази\w+|\w*интернат\w*|кадетск\w+|пансион\w*|"
    r"корпус\w*|колледж\w*|техникум\w*|училищ\w+|учреждени\w+|общеобразовательн\w+|детск\w+ сад\w*|"
    r"центр\w* образовани\w+|(?:образовательн\w+|учебн\w+)(?:-\w+)? (?:центр\w*|комплекс\w*)|"
    r"(?:[мгон]|фг)?[бкач]?оу|мобу|мбу|мку|мау|аноо|ано)\b|№",
)
TERRITORY_WORDS: Final = re.compile(
    r"\b(?:выборк\w+|рф|росси\w+|федераци\w+|област\w+|край|края|республик\w+|округ\w*|район\w*|муниципал\w+|"
    r"город\w*|г|го|мо|мр|регион\w*|зато|автономн\w+|москва|санкт-петербург|севастополь)\b",
)
TOTALS: Final = re.compile(r"^(?:итого?|всего|в среднем|среднее|по)\b")  # rows of sums: «Итого по школам»


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
    """Answer whether a row of a federal export without a login is about a school and not about a territory.

    A name without any word of either is taken for a school's: it comes to the queue, where a person sees it.
    """
    text = name.casefold().replace("ё", "е")
    if TOTALS.match(text.strip()):
        return False
    return bool(SCHOOL_WORDS.search(text)) or not TERRITORY_WORDS.search(text)


class Outcome(StrEnum):
    MATCHED = "matched"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    CONTRADICTED = "contradicted"  # the school that one identifier leads to has another ИНН than the row


@dataclass(frozen=True, kw_only=True)
class Moment:
    """When a file speaks of: the day of the work, and the school year around it, both ends inclusive."""

    day: date
    first: date
    last: date

    def __hash__(self) -> int:
        return hash(self.day)  # every row of a file asks for it, and the day nearly always tells

    @classmethod
    def of_day(cls, day: date) -> "Moment":
        start = day.year if day.month >= SCHOOL_YEAR_STARTS else day.year - 1
        return cls(day=day, first=date(start, SCHOOL_YEAR_STARTS, 1), last=date(start + 1, SCHOOL_YEAR_STARTS - 1, 31))


@cache
def moment_of_year(year: int, period: str) -> Moment:
    """Return the end of the school year of a work, or the beginning of the next one for works of the autumn.

    A file names the calendar year of the spring or of the autumn; one that cannot be is refused where it is read.
    Source: domain specification, 2.1.
    """
    possible = min(max(year, FIRST_YEAR), LAST_YEAR)
    return Moment.of_day(date(possible, 10, 1) if period in AUTUMN_PERIODS else date(possible, 6, 15))


def moment_of(work: WorkKey) -> Moment:
    return moment_of_year(work.year, work.period)


ANY_TIME: Final = Moment(day=date.max, first=date.min, last=date.max)


@dataclass(frozen=True, kw_only=True)
class Span:
    """What a living school was called and coded from one day (inclusive) to another (not inclusive); None: no end."""

    name: str
    login: str = ""
    gia_code: str = ""
    start: date | None = None
    end: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, kw_only=True)
class KnownSchool(Generic[Id]):
    """What the portal knows of a school; aliases are spellings (see `spelling`) confirmed by a person.

    name, login, gia_code: of now. spans: of its whole life; without any the school has always been as it is.
    is_branch: shares the ИНН of its head school. place: its municipality, empty where nobody asks.
    """

    id: Id
    name: str
    inn: str = ""
    login: str = ""
    gia_code: str = ""
    aliases: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    is_branch: bool = False
    place: str = ""

    @property
    def life(self) -> tuple[Span, ...]:
        return self.spans or (Span(name=self.name, login=self.login, gia_code=self.gia_code),)

    def lived_within(self, moment: Moment) -> bool:
        """Answer whether the school was there on any day of the school year."""
        if not self.spans:
            return True
        starts_late = all(span.start is not None and span.start > moment.last for span in self.life)
        ended = all(span.end is not None and span.end <= moment.first for span in self.life)
        return not starts_late and not ended


@dataclass(frozen=True, kw_only=True)
class Match(Generic[Id]):
    """by: the identifier that decided («inn», «login», «gia_code», «alias», «name»), empty when nothing did."""

    outcome: Outcome
    school: KnownSchool[Id] | None = None
    by: str = ""


@dataclass(frozen=True)
class Bearer(Generic[Id]):
    """A school and the time in which it bore a name or a code."""

    school: KnownSchool[Id]
    span: Span


Bearers = dict[str, list[Bearer[Id]]]


def there_on(bearers: Iterable[Bearer[Id]], moment: Moment) -> list[KnownSchool[Id]]:
    """Return the schools of those that bore it on the day; else of those that were there in the school year."""
    there = [bearer for bearer in bearers if bearer.school.lived_within(moment)]
    on_day = [bearer for bearer in there if bearer.span.holds_on(moment.day)]
    return list({id(bearer.school): bearer.school for bearer in on_day or there}.values())


class SchoolIndex(Generic[Id]):
    """Known schools by every identifier, those of now and those of before."""

    def __init__(self, schools: Iterable[KnownSchool[Id]]) -> None:
        self.schools = list(schools)
        self.by: dict[str, Bearers[Id]] = {key: defaultdict(list) for key in IDENTIFIERS}
        self.aliases: dict[str, list[KnownSchool[Id]]] = defaultdict(list)
        for school in self.schools:
            self.add(school)

    def add(self, school: KnownSchool[Id]) -> None:
        for alias in set(school.aliases):
            self.aliases[alias].append(school)
        if school.inn:
            self.by["inn"][school.inn].append(Bearer(school, Span(name=school.name)))
        for span in school.life:
            for key in DATED_IDENTIFIERS:
                if value := getattr(span, key):
                    self.by[key][value].append(Bearer(school, span))

    @cached_property
    def names(self) -> "Bearers[Id]":
        """Return the bearers of names and aliases; a region of names is only compared when a row has nothing else."""
        found: Bearers[Id] = defaultdict(list)
        for school in self.schools:
            for alias in set(school.aliases):
                found[alias].append(Bearer(school, Span(name=school.name)))
            for span in school.life:
                found[normalised_name(span.name)].append(Bearer(school, span))
        return found

    def bearers(self, key: str, value: str, moment: Moment) -> list[KnownSchool[Id]]:
        """Return the schools that bore a code on the day; else those that ever did and were there then."""
        return there_on(self.by[key].get(value, ()) if value else (), moment)

    def match(self, ref: SchoolRef, when: Moment | None = None) -> Match[Id]:
        """Return the one school that every identifier of the row agrees on, as they were when the file speaks of.

        when: None for what knows no time; then the identifiers of now count first. Two identifiers that lead to
        different schools make the row ambiguous; a name counts only where no identifier of the row contradicts the
        school that bears it, nor its municipality. An ИНН of another school than a login or a code contradicts them.
        Where identifiers do not decide, a spelling that a person has confirmed does.
        """
        moment = when or ANY_TIME
        found = self.by_identifiers(ref, moment)
        if len({id(school) for school in found.values()}) == 1:
            by, school = next(iter(found.items()))
            if not has_another_inn(school, ref):
                return Match(outcome=Outcome.MATCHED, school=school, by=by)
        confirmed = self.aliases.get(spelling(ref), [])
        if len(confirmed) == 1 and not self.is_borne_by_several(ref, moment):
            return Match(outcome=Outcome.MATCHED, school=confirmed[0], by="alias")
        if found:
            is_one = len({id(school) for school in found.values()}) == 1
            return Match(outcome=Outcome.CONTRADICTED if is_one else Outcome.AMBIGUOUS)
        named = self.match_name(ref, moment)
        return named if named.school else self.match_head(ref, moment) or named

    def by_identifiers(self, ref: SchoolRef, moment: Moment) -> dict[str, KnownSchool[Id]]:
        """Return the one school that bears each identifier of the row, where there is one.

        An ИНН that a head school shares with its branches tells none of them, but goes with each.
        """
        candidates = {key: self.bearers(key, getattr(ref, key), moment) for key in IDENTIFIERS}
        return {key: schools[0] for key, schools in candidates.items() if len(schools) == 1}

    def match_name(self, ref: SchoolRef, moment: Moment) -> Match[Id]:
        candidates = there_on(self.names.get(normalised_name(ref.name), ()), moment) if ref.name else []
        fitting = [school for school in candidates if not contradicts(school, ref)]
        if len(fitting) == 1:
            return Match(outcome=Outcome.MATCHED, school=fitting[0], by="name")
        return Match(outcome=Outcome.AMBIGUOUS if fitting else Outcome.UNKNOWN)

    def is_borne_by_several(self, ref: SchoolRef, moment: Moment) -> bool:
        """Answer whether a row that tells a name alone fits several schools that bear it: no answer is for ever."""
        if any(getattr(ref, key) for key in IDENTIFIERS):
            return False
        bearers = there_on(self.names.get(normalised_name(ref.name), ()), moment)
        name = normalised_name(ref.name)
        own = [school for school in bearers if any(normalised_name(span.name) == name for span in school.life)]
        return sum(not contradicts(school, ref) for school in own) > 1

    def match_head(self, ref: SchoolRef, moment: Moment) -> Match[Id] | None:
        """Return the head school of an ИНН that branches share, for a row that tells no more."""
        heads = [school for school in self.bearers("inn", ref.inn, moment) if not school.is_branch]
        fits = len(heads) == 1 and not ref.login and not ref.name
        return Match(outcome=Outcome.MATCHED, school=heads[0], by="inn") if fits else None


def spelling(ref: SchoolRef) -> str:
    """Return how a row tells its school, to remember it by: «inn:1000000053 login:edu900005», or its name and place.

    Names lose their colons when they are normalised, so the two kinds never meet.
    """
    told = [f"{key}:{value}" for key in IDENTIFIERS if (value := getattr(ref, key))]
    return (" ".join(told) or placed_name(ref))[:LONGEST_SPELLING]


def placed_name(ref: SchoolRef) -> str:
    """Return «сош № 5 [энский]»: in another municipality the same name is another school."""
    name = normalised_name(ref.name)
    return f"{name} [{core_of(ref.place)}]" if name and ref.place else name


def contradicts(school: KnownSchool[Id], ref: SchoolRef) -> bool:
    """Answer whether the row says another municipality, or an identifier that the school has with other values only."""
    logins = {school.login, *(span.login for span in school.spans)} - {""}
    has_another_login = bool(ref.login and logins and ref.login not in logins)
    return has_another_inn(school, ref) or has_another_login or not same_place(school.place, ref.place)


def has_another_inn(school: KnownSchool[Id], ref: SchoolRef) -> bool:
    return bool(ref.inn and school.inn and ref.inn != school.inn)
