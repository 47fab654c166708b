"""What tells that two runs have read the same data."""

import pytest

from schools.fingerprints import FORM, Sameness, fingerprint_of, sameness_of
from schools.result_groups import result_texts
from tests.factories.identification import make_rules
from tests.factories.schools import make_result, make_school


def test_fingerprint_knows_neither_the_order_of_schools_nor_of_rows() -> None:
    one, two = "[[1,2026,[],4],[2,2026,[],5]]", "[[2,2026,[],5],[1,2026,[],4]]"

    assert fingerprint_of({"a": one, "b": two}, {}) == fingerprint_of({"b": one, "a": two}, {})
    assert fingerprint_of({"a": one}, {}) != fingerprint_of({"b": one}, {})
    assert fingerprint_of({"a": one}, {}) != fingerprint_of({"a": one.replace("5]", "6]")}, {})


def test_fingerprint_fits_its_column_and_says_the_form_of_what_was_hashed() -> None:
    fingerprint = fingerprint_of({"a": "[[1]]"}, {"a": "{}"})

    assert fingerprint.startswith(f"{FORM}:")
    assert len(fingerprint) <= 64


@pytest.mark.parametrize(
    ("rows", "facts", "same"),
    [
        pytest.param("[[1]]", "{}", (True, True), id="the same"),
        pytest.param("[[2]]", "{}", (False, True), id="other results"),
        pytest.param("[[1]]", '{"kind":"НОШ"}', (True, False), id="other facts"),
    ],
)
def test_results_and_facts_are_told_apart(rows: str, facts: str, same: tuple[bool, bool]) -> None:
    first, second = fingerprint_of({"a": "[[1]]"}, {"a": "{}"}), fingerprint_of({"a": rows}, {"a": facts})

    assert sameness_of(first, second) == Sameness(*same)
    assert sameness_of(second, first) == Sameness(*same)


@pytest.mark.parametrize("old", ["", "a" * 64, "3:" + "a" * 62, "5:" + "a" * 62, "4:" + "a" * 30 + ":" + "b" * 30])
def test_nothing_is_told_of_what_an_earlier_portal_hashed(old: str) -> None:
    assert sameness_of(old, fingerprint_of({}, {})) is None
    assert sameness_of(old, old) is None


@pytest.mark.django_db
def test_fingerprint_changes_when_a_mark_is_corrected() -> None:
    school = make_school()
    row = make_result(school=school, marks=(1, 10, 5, 4))
    schools = type(school).objects.filter(pk=school.pk)
    before = fingerprint_of(result_texts(schools, [2026], make_rules()), {})
    row.mark2, row.mark3 = 2, 9
    row.save()

    assert fingerprint_of(result_texts(schools, [2026], make_rules()), {}) != before
