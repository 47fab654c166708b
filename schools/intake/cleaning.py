"""Text of cells and CSV fields without what nobody sees: controls, zero width, bidi overrides, Latin «C» in «СОШ»."""

import re
import unicodedata
from typing import Final

INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ud800-\udfff\ufffe\uffff]",
)
BLANKS: Final = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")

WORD: Final = re.compile(r"[^\W\d_]+")
TWO_ALPHABETS: Final = re.compile("[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]")
LATIN: Final = re.compile("[A-Za-z]")
LOOK_ALIKE: Final = dict(zip("ABCEHKMOPTXYaceopxyk", "АВСЕНКМОРТХУасеорхук", strict=True))
TO_CYRILLIC: Final = str.maketrans(LOOK_ALIKE)


def clean_text(text: str) -> str:
    """Return NFC text without invisible characters, blanks squeezed to one, ends trimmed, words in one alphabet."""
    visible = INVISIBLE.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    return in_one_alphabet(BLANKS.sub(" ", visible).strip())


def in_one_alphabet(text: str) -> str:
    """Return a text whose Russian words have no Latin letters that look like Russian ones.

    «COШ» typed half in Latin finds no school and no column. A word with other Latin letters is left as it is.
    """
    if text.isascii() or not TWO_ALPHABETS.search(text):
        return text
    return WORD.sub(lambda word: russian_word(word[0]), text)


def russian_word(word: str) -> str:
    is_mixed = TWO_ALPHABETS.search(word) and all(letter in LOOK_ALIKE for letter in LATIN.findall(word))
    return word.translate(TO_CYRILLIC) if is_mixed else word
