"""Which data a run has read, as a short text: a digest of the results and one of what else the rule took of schools."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from schools.result_groups import BORDER

FORM: Final = "5"  # another one whenever the texts of rows are made otherwise: old runs then say so
DIGEST_LENGTH: Final = 30  # two of them, the form and two colons fit the column


class Sameness(NamedTuple):
    """Whether two runs have read the same results, and the same facts of schools."""

    results: bool
    facts: bool


def fingerprint_of(rows_by_school: Mapping[Any, str], facts_by_school: Mapping[Any, str]) -> str:
    """Return what tells runs over the same data of one database: the form, two digests. Order does not matter.

    rows_by_school: texts of `result_groups.result_texts`, each a JSON list of rows; facts_by_school: any texts.
    """
    rows = ((school, BORDER.join(sorted(text[2:-2].split(BORDER)))) for school, text in rows_by_school.items())
    return f"{FORM}:{digest_of(rows)}:{digest_of(facts_by_school.items())}"


def digest_of(texts: Iterable[tuple[Any, str]]) -> str:
    digest = hashlib.sha256()
    for school, text in sorted((str(school), text) for school, text in texts):
        digest.update(f"{school}{text}".encode())
    return digest.hexdigest()[:DIGEST_LENGTH]


def sameness_of(first: str, second: str) -> Sameness | None:
    """Return what two fingerprints say together; None when a run of an earlier portal has left none of this form."""
    sides = [fingerprint.split(":") for fingerprint in (first, second)]
    if any(form != FORM or len(digests) != 2 for form, *digests in sides):
        return None
    (_, *old), (_, *new) = sides
    return Sameness(*(was == now for was, now in zip(old, new, strict=True)))
