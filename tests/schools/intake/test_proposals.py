"""A school that files call by another name is proposed with the reason, and never two schools for one number."""

import pytest

from schools.intake.matching import KnownSchool, Outcome, SchoolIndex, normalised_name, spelling
from schools.intake.proposals import MOST, Proposer, is_slip
from schools.intake.rows import SchoolRef

FIFTH = KnownSchool(id=5, name="МБОУ «СОШ № 5»", inn="1000000053", login="edu900005", gia_code="001005")
FIFTEENTH = KnownSchool(id=15, name="МБОУ «СОШ № 15»", inn="1000000150", login="edu900015")
GYMNASIUM = KnownSchool(id=6, name="МАОУ «Гимназия № 6 г. Светлоборска»", inn="1000000061", login="edu900006")
MEADOW = KnownSchool(id=7, name="МКОУ «Луговская ООШ»", inn="1000000078", login="edu900107")
PROPOSER = Proposer([FIFTH, FIFTEENTH, GYMNASIUM, MEADOW])


def proposed(**ref: str) -> list[tuple[int, str]]:
    return [(one.school.id, one.reason) for one in PROPOSER.propose(SchoolRef(**ref))]


@pytest.mark.parametrize(
    ("ref", "school", "reason"),
    [
        ({"name": "СОШ 5 г. Светлоборск"}, 5, "название похоже на 90 %"),
        ({"name": "Луговская основная школа"}, 7, "название совпадает"),
        ({"name": "Луговая ООШ"}, 7, "название похоже на 99 %"),
        ({"name": "Гимназия № 6"}, 6, "название похоже на 90 %"),
        ({"inn": "1000000035"}, 5, "ИНН отличается опиской"),
        ({"gia_code": "1005"}, 5, "код ОО совпадает без нулей впереди"),
        ({"name": "Луговская ООШ", "login": "edu900170"}, 7, "логин отличается опиской, название совпадает"),
        ({"name": "что угодно", "login": "edu900006"}, 6, "логин совпадает"),
    ],
)
def test_likeliest_school_comes_first_with_its_reason(ref: dict[str, str], school: int, reason: str) -> None:
    assert proposed(**ref)[0] == (school, reason)


def test_school_with_another_number_is_not_proposed() -> None:
    assert [school for school, _ in proposed(name="СОШ № 25")] == []


def test_login_that_slipped_says_nothing_alone() -> None:
    assert proposed(login="edu900008") == []


def test_nothing_alike_gives_nothing() -> None:
    assert proposed(name="Детский сад «Ромашка»") == []
    assert proposed() == []


def test_no_more_than_five_are_proposed() -> None:
    many = Proposer(KnownSchool(id=n, name=f"Лесная СОШ посёлка {n}") for n in range(20))

    found = many.propose(SchoolRef(name="Лесная СОШ"))

    assert len(found) == MOST
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("1000000053", "1000000054", True),
        ("1000000053", "1000000035", True),
        ("1000000053", "1000000053", False),
        ("1000000053", "1000000161", False),
        ("1003000050", "1005000030", False),
        ("", "", False),
        ("100", "1000", False),
    ],
)
def test_slip_of_the_hand(one: str, other: str, *, slips: bool) -> None:
    assert is_slip(one, other) is slips


# What a person has confirmed


def test_spelling_is_identifiers_or_the_normalised_name() -> None:
    assert spelling(SchoolRef(name="МБОУ «СОШ №5»")) == normalised_name("СОШ № 5")
    assert spelling(SchoolRef(name="МБОУ «СОШ №5»", login="edu1", inn="2")) == "inn:2 login:edu1"


def test_confirmed_login_is_matched_though_the_school_has_another() -> None:
    index = SchoolIndex([KnownSchool(id=1, name="СОШ № 1", login="edu900001", aliases=("login:edu999999",))])

    match = index.match(SchoolRef(name="Никакая СОШ", login="edu999999"))

    assert (match.outcome, match.by, match.school and match.school.id) == (Outcome.MATCHED, "alias", 1)


def test_confirmed_spelling_settles_two_identifiers_that_disagree() -> None:
    first = KnownSchool(id=1, name="СОШ № 1", inn="1000000053", aliases=("inn:1000000053 login:edu900002",))
    index = SchoolIndex([first, KnownSchool(id=2, name="СОШ № 2", login="edu900002")])

    assert index.match(SchoolRef(inn="1000000053", login="edu900002")).school is first
    assert index.match(SchoolRef(inn="1000000053", login="edu900002", gia_code="1")).outcome == Outcome.AMBIGUOUS


def test_remembered_answer_settles_no_name_that_two_schools_bear() -> None:
    first = KnownSchool(id=1, name="Лесная СОШ", aliases=(normalised_name("Лесная СОШ"),))
    second = KnownSchool(id=2, name="МБОУ «Лесная СОШ»")

    assert SchoolIndex([first]).match(SchoolRef(name="Лесная СОШ")).school is first
    assert SchoolIndex([first, second]).match(SchoolRef(name="Лесная СОШ")).outcome == Outcome.AMBIGUOUS


def test_identifier_of_the_registry_wins_over_a_remembered_spelling() -> None:
    old = KnownSchool(id=1, name="СОШ № 1", aliases=("login:edu900002",))
    owner = KnownSchool(id=2, name="СОШ № 2", login="edu900002")

    assert SchoolIndex([old, owner]).match(SchoolRef(login="edu900002")).school is owner


def test_spelling_confirmed_for_two_schools_settles_nothing() -> None:
    index = SchoolIndex(KnownSchool(id=n, name=f"СОШ № {n}", aliases=("базовая школа",)) for n in (1, 2))

    assert index.match(SchoolRef(name="Базовая школа")).outcome == Outcome.AMBIGUOUS


def test_school_of_another_municipality_is_proposed_and_told_so() -> None:
    here = KnownSchool(id=1, name="СОШ № 5", place="Энский район")
    there = KnownSchool(id=2, name="СОШ № 5", place="Заречный район")

    alone = Proposer([there]).propose(SchoolRef(name="СОШ № 5", place="Энский округ"))
    beside = Proposer([here, there]).propose(SchoolRef(name="СОШ № 5", place="Энский округ"))

    assert [(one.school.id, one.reason) for one in alone] == [(2, "название совпадает, другой муниципалитет")]
    assert [(one.school.id, one.reason) for one in beside] == [(1, "название совпадает")]
