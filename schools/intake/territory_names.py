"""Cases of names of territories, by rule: «Светлоборский округ» -> «Светлоборского округа»."""

import re
from typing import Final

# ending of a word -> its ending in the genitive and in the prepositional case; the first that fits is taken
ENDINGS: Final = (
    (r"ский$", "ского", "ском"),
    (r"цкий$", "цкого", "цком"),
    (r"ный$", "ного", "ном"),
    (r"ской$", "ского", "ском"),
    (r"ная$", "ной", "ной"),
    (r"ская$", "ской", "ской"),
    (r"^область$", "области", "области"),
    (r"^республика$", "республики", "республике"),
    (r"^край$", "края", "крае"),
    (r"^округ$", "округа", "округе"),
    (r"^район$", "района", "районе"),
    (r"^город$", "города", "городе"),
    (r"^регион$", "региона", "регионе"),
    (r"^управление$", "управления", "управлении"),
    (r"^министерство$", "министерства", "министерстве"),
)

KIND_WORDS: Final = re.compile(
    r"\b(?:муниципальн\w+|городск\w+|район\w*|округ\w*|город\w*|образовани\w+|го|мо|мр|г)\b|[№.«»\"]"
)
TOWN_WORDS: Final = (
    (re.compile(r"\bгородской округ\b|\bг\. ?о\."), "го "),
    (re.compile(r"\bгород\b|\bг\."), "г "),
    (re.compile(r"\bмуниципальный округ\b|\bм\. ?о\."), "мо "),
    (re.compile(r"\bмуниципальный район\b|\bм\. ?р\."), "мр "),
)


def genitive(name: str) -> str:
    return re.sub(r"[А-Яа-яЁё]+", lambda match: declined(match[0], 0), name)


def prepositional(name: str) -> str:
    return re.sub(r"[А-Яа-яЁё]+", lambda match: declined(match[0], 1), name)


def declined(word: str, case: int) -> str:
    for pattern, *endings in ENDINGS:
        if re.search(pattern, word.casefold()):
            stem = re.sub(pattern, "", word.casefold())
            changed = stem + endings[case]
            return changed[:1].upper() + changed[1:] if word[:1].isupper() else changed
    return word


def region_of(municipality: str) -> str:
    """Return the region that stands before the comma: «Заозёрская область, округ 1»; empty when there is none."""
    before, comma, _ = municipality.partition(",")
    return before.strip() if comma else ""


def folded_territory(name: str) -> str:
    """Return a name for comparison: «г. Энск», «город Энск» and «Город  Энск » are one."""
    text = " ".join(name.casefold().replace("ё", "е").split())
    for pattern, short in TOWN_WORDS:
        text = pattern.sub(short, text)
    return " ".join(text.split())


def core_of(name: str) -> str:
    """Return what tells a municipality from the others: «Энский район» and «Энский муниципальный округ» are one.

    The region before a comma is left out. A name made of such words alone, «Округ», stays whole.
    """
    own = folded_territory(name.rpartition(",")[2])
    return " ".join(KIND_WORDS.sub(" ", own).split()) or own


def same_place(one: str, other: str) -> bool:
    """Answer whether two spellings name one municipality; an empty one fits any."""
    return not one or not other or core_of(one) == core_of(other)
