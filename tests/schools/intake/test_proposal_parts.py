"""What likeness of schools is made of: words, letters, numbers and slips in identifiers."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schools.intake.matching import KnownSchool
from schools.intake.proposals import (
    LEAST_SCORE,
    MOST,
    NEAR_BEST,
    Proposer,
    candidate,
    identifier_reason,
    is_slip,
    name_reason,
    name_score,
    numbers_differ,
    shared,
    weight,
    words_of,
)
from schools.intake.rows import SchoolRef

DIGITS = st.text("0123456789", min_size=2, max_size=10)
NAMES = st.lists(
    st.sampled_from(["СОШ", "Лицей", "Лесная", "Луговская", "№ 5", "№ 15", "г. Светлоборск", "имени", "Героя"]),
    min_size=1,
    max_size=5,
).map(lambda parts: " ".join(("Посёлка", *parts)))  # of «имени Героя» alone nothing would stay


def make_known(**fields: Any) -> KnownSchool[int]:
    return KnownSchool(**{"id": 1, "name": "МБОУ «СОШ № 5»", **fields})


def words(*all_of: str) -> frozenset[str]:
    return frozenset(all_of)


# Identifiers


@pytest.mark.parametrize(
    ("ref", "known", "reason", "score"),
    [
        ({"inn": "1000000053"}, {"inn": "1000000053"}, "ИНН совпадает", 100),
        ({"login": "edu900005"}, {"login": "edu900005"}, "логин совпадает", 99),
        ({"gia_code": "001005"}, {"gia_code": "001005"}, "код ОО совпадает", 98),
        ({"inn": "1000000054"}, {"inn": "1000000053"}, "ИНН отличается опиской", 95),
        ({"gia_code": "1005"}, {"gia_code": "001005"}, "код ОО совпадает без нулей впереди", 92),
        ({"login": "edu900006"}, {"login": "edu900005"}, "логин отличается опиской", 8),
    ],
)
def test_identifier_tells_its_reason_and_its_weight(
    ref: dict[str, str], known: dict[str, str], reason: str, score: int
) -> None:
    assert identifier_reason(SchoolRef(**ref), make_known(**known)) == (reason, score)


@pytest.mark.parametrize(
    ("ref", "known"),
    [
        pytest.param({}, {"inn": "1000000053"}, id="file says nothing"),
        pytest.param({"inn": "1000000053"}, {}, id="registry says nothing"),
        pytest.param({"inn": "1000000053"}, {"inn": "1000000161"}, id="another school"),
        pytest.param({"gia_code": "1005"}, {"gia_code": "1006"}, id="another code"),
        pytest.param({"login": "edu900005"}, {"inn": "edu900005"}, id="same text of another kind"),
    ],
)
def test_identifiers_that_say_nothing(ref: dict[str, str], known: dict[str, str]) -> None:
    assert identifier_reason(SchoolRef(**ref), make_known(**known)) is None


def test_same_login_outweighs_a_slip_in_the_inn() -> None:
    ref = SchoolRef(inn="1000000054", login="edu900005")

    assert identifier_reason(ref, make_known(inn="1000000053", login="edu900005")) == ("логин совпадает", 99)


@given(DIGITS, st.data())
def test_one_changed_digit_is_a_slip_in_both_directions(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    other = text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]

    assert is_slip(text, other)
    assert is_slip(other, text)


@given(DIGITS, st.data())
def test_neighbours_swapped_are_a_slip_unless_they_are_alike(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 2))
    other = text[:place] + text[place + 1] + text[place] + text[place + 2 :]

    assert is_slip(text, other) is (text != other)


@given(DIGITS, DIGITS)
def test_slip_is_mutual_and_never_of_other_lengths(one: str, other: str) -> None:
    assert is_slip(one, other) is is_slip(other, one)
    assert not (is_slip(one, other) and len(one) != len(other))


# Names


@pytest.mark.parametrize(
    ("one", "other"),
    [("луговая", "луговская"), ("светлоборск", "светлоборска"), ("школа", "школы"), ("гимназия", "гимназии")],
)
def test_cases_of_a_word_share_its_beginning(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


def test_marks_between_words_are_no_words() -> None:
    assert words_of("сош № 5, г. лесной_бор") == words("сош", "5", "г", "лесн", "бор")
    assert words_of("«—»") == frozenset()


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        pytest.param(words("сош", "5"), words("сош", "15"), True, id="other numbers"),
        pytest.param(words("сош", "5"), words("сош", "5"), False, id="same number"),
        pytest.param(words("сош", "5"), words("сош"), False, id="no number on one side"),
        pytest.param(words("5", "1945"), words("5"), False, id="one number of two in common"),
        pytest.param(words("сош"), words("оош"), False, id="no numbers"),
    ],
)
def test_numbers_in_names_differ(one: frozenset[str], other: frozenset[str], *, differ: bool) -> None:
    assert numbers_differ(one, other) is differ


def test_words_of_kind_weigh_half() -> None:
    assert (weight(words("сош", "г")), weight(words("лугов", "5")), weight(frozenset())) == (2, 4, 0)


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        pytest.param(words("сош", "5"), words("сош", "5"), 1.0, id="equal"),
        pytest.param(words("сош", "5"), words("сош", "5", "г", "свет"), 0.9, id="short inside a long one"),
        pytest.param(words("сош"), words("сош", "лесн"), 0.5, id="kind alone"),
        pytest.param(words("сош"), words("оош"), 0.0, id="nothing"),
        pytest.param(frozenset(), words("сош"), 0.0, id="empty name"),
    ],
)
def test_share_of_common_words(one: frozenset[str], other: frozenset[str], share: float) -> None:
    assert shared(one, other) == pytest.approx(share)
    assert shared(other, one) == pytest.approx(share)


def test_likeness_short_of_equality_is_never_a_hundred() -> None:
    known = candidate(make_known(name="Луговская ООШ"))

    assert name_score(known.name, known.words, known) == 100
    assert name_score(known.name + "х", known.words, known) == 99


@pytest.mark.parametrize(
    ("score", "words_ru"),
    [(100, "название совпадает"), (99, "название похоже на 99 %"), (LEAST_SCORE, "название похоже на 55 %"), (54, "")],
)
def test_reason_of_a_name_is_told_from_a_bound_on(score: int, words_ru: str) -> None:
    assert name_reason(score) == words_ru


# Proposals


@settings(max_examples=60)
@given(st.lists(NAMES, max_size=8), NAMES)
def test_proposals_are_few_ordered_and_near_the_best(known: list[str], name: str) -> None:
    schools = [make_known(id=number, name=text) for number, text in enumerate(known)]
    scores = [one.score for one in Proposer(schools).propose(SchoolRef(name=name))]

    assert len(scores) <= MOST
    assert scores == sorted(scores, reverse=True)
    assert all(LEAST_SCORE <= score <= 100 and score >= scores[0] - NEAR_BEST for score in scores)


@settings(max_examples=40)
@given(st.lists(NAMES, min_size=1, max_size=8, unique=True), st.data())
def test_school_under_its_own_name_is_always_proposed_with_full_score(known: list[str], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(known))
    found = Proposer([make_known(name=text) for text in known]).propose(SchoolRef(name=name))

    assert found[0].score == 100
    assert found[0].reason == "название совпадает"


def test_identifier_finds_a_school_beyond_those_whose_names_are_compared() -> None:
    schools = [make_known(id=number, name=f"Лесная СОШ посёлка {number}") for number in range(80)]
    last = make_known(id=99, name="Я", inn="1000000053")

    (found,) = Proposer([*schools, last]).propose(SchoolRef(name="Лесная", inn="1000000053"))[:1]

    assert (found.school.id, found.reason, found.score) == (99, "ИНН совпадает", 100)


def test_login_that_slipped_lifts_a_name_but_not_above_other_identifiers() -> None:
    known = make_known(name="Луговская ООШ", login="edu900107")

    plain = Proposer([known]).propose(SchoolRef(name="Луговая школа посёлка"))
    lifted = Proposer([known]).propose(SchoolRef(name="Луговая школа посёлка", login="edu900170"))

    assert lifted[0].score == min(plain[0].score + 8, 94) > plain[0].score
    assert lifted[0].reason.startswith("логин отличается опиской, ")


def test_unlikely_school_stands_not_beside_a_likely_one() -> None:
    sure = make_known(id=1, name="Гимназия", inn="1000000053")
    other = make_known(id=2, name="Лесная основная СОШ")
    proposer = Proposer([sure, other])

    assert [one.school.id for one in proposer.propose(SchoolRef(name="Лесная СОШ"))] == [2]
    assert 1 in [one.school.id for one in proposer.propose(SchoolRef(name="Лесная СОШ", inn="1000000053"))]


def test_nobody_is_proposed_where_no_school_is_known() -> None:
    assert Proposer[int]([]).propose(SchoolRef(name="СОШ № 5", inn="1000000053")) == []
