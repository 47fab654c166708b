"""Identifiers of schools as files write them, with check digits and lost leading zeros.

Source: domain specification, 7.5.
"""

import re
from collections.abc import Iterable
from typing import Final

INN_WEIGHTS: Final = (2, 4, 10, 3, 5, 9, 4, 6, 8)
LOGIN: Final = re.compile(r"\bedu\d{6}\b", re.IGNORECASE)
MUNICIPALITY_LOGIN: Final = re.compile(r"\breg\d{2}_m\d{3}\b", re.IGNORECASE)
REGION_LOGIN: Final = re.compile(r"\breg\d{2}\b", re.IGNORECASE)
IN_BRACKETS: Final = re.compile(r"\s*\(\s*(edu\w+|reg\w+)\s*\)", re.IGNORECASE)


def is_inn(text: str) -> bool:
    """Answer whether a text is an ИНН of a legal entity with the right check digit."""
    if not re.fullmatch(r"[0-9]{10}", text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:9], INN_WEIGHTS, strict=True))
    return total % 11 % 10 == int(text[9])


def inn_of(text: str) -> str | None:
    """Return a valid ИНН, with the leading zeros that Excel lost; None when it is none."""
    padded = text.strip().zfill(10)
    return padded if is_inn(padded) else None


def is_ogrn(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{13}", text)) and int(text[:12]) % 11 % 10 == int(text[12])


def login_of(text: str) -> str:
    """Return the login of a school inside a text, in lower case, or an empty string."""
    match = LOGIN.search(text)
    return match[0].casefold() if match else ""


def gia_code_of(text: str) -> str:
    """Return a code of ГИА without what Excel added; zeros in front are kept."""
    return re.sub(r"[.,]0+$", "", text.strip())


def with_lost_zeros(code: str, known: Iterable[str]) -> str:
    """Return the known code that a spreadsheet may have made this one of («123» of «0123»), if there is just one."""
    bare = code.lstrip("0")
    alike = [other for other in known if bare and other != code and other.lstrip("0") == bare]
    return alike[0] if len(alike) == 1 else ""


def without_codes(name: str) -> str:
    """Return a name without «(edu123456)» and «(reg24_m031)»."""
    return IN_BRACKETS.sub("", name).strip()
