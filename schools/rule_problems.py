"""What is wrong with a rule, said to the person who edits it: at which field, and without the names of the file."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from accounts.russian import capitalized
from schools.identification import PARAMETERS, Parameter
from schools.intake.vocabulary import PROCEDURE_NAMES

PLACE: Final = re.compile(r"([a-z_0-9]+)(?:\.([A-Za-z_0-9]+))?: ")
WORD: Final = re.compile(r"[A-Za-z_0-9]+")


def said(problem: str) -> tuple[str, str]:
    """Return (name of the form field, sentence) of a problem of `RulesRefused`.

    «combine: ALL опирается на …» -> ("combine", "«Нужны оба» опирается на …"); the field is "" when none is named.
    """
    place = PLACE.match(problem)
    if place is None:
        return "", problem
    field = "-".join(part for part in place.groups() if part)
    return field, capitalized(WORD.sub(worded, problem[place.end() :]))


def worded(match: re.Match[str]) -> str:
    """Return the Russian title of a parameter or of a value, in quotes; any other word as it is."""
    word = match.group()
    return f"«{TITLES[word]}»" if word in TITLES else PROCEDURE_NAMES.get(word, word)


def titles(parameters: tuple[Parameter, ...]) -> Iterator[tuple[str, str]]:
    """Yield the names of parameters and of their values with what people read instead."""
    for parameter in parameters:
        yield parameter.name, parameter.title
        yield from (parameter.choices or {}).items()
        yield from titles(parameter.parts)


TITLES: Final[Mapping[str, str]] = dict(reversed([*titles(PARAMETERS)]))  # the outer of two parameters of one name
