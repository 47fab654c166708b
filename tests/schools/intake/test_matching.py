"""One school is spelled in many ways, and two schools are never taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.intake.matching import KnownSchool, Outcome, SchoolIndex, looks_like_school, normalised_name, spelling
from schools.intake.rows import SchoolRef

FIFTH = KnownSchool(id=5, name="МБОУ «СОШ № 5»", inn="1000000053", login="edu900005", gia_code="001005")
SIXTH = KnownSchool(id=6, name="МАОУ «Гимназия № 6 г. Светлоборска»", inn="1000000061", login="edu900006")
BARE = KnownSchool(id=7, name="МКОУ «Луговская ООШ»")
INDEX = SchoolIndex([FIFTH, SIXTH, BARE])


@pytest.mark.parametrize(
    "name",
    [
        "МОБУ «СОШ№5»",
        'МБОУ "СОШ №5"',
        "МБОУ „СОШ № 5“ (edu900005)",
        "муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № 5»",
        "МБОУ  «Средняя  школа №  5»",
        "МБОУ СОШ № 5 имени Героя Труда А. Б. Вымышленного",
    ],
)
def test_spellings_of_one_school_are_equal(name: str) -> None:
    assert normalised_name(name) == normalised_name("МБОУ «СОШ № 5»")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("СОШ № 5", "СОШ № 15"),
        ("СОШ № 5", "ООШ № 5"),
        ("СОШ № 5 г. Светлоборска", "СОШ № 5 г. Заозёрска"),
        ("Боровская СОШ", "Ключевская СОШ"),
    ],
)
def test_different_schools_stay_different(one: str, other: str) -> None:
    assert normalised_name(one) != normalised_name(other)


def test_city_is_spelled_out_or_shortened() -> None:
    assert normalised_name("Лицей № 4 города Светлоборска") == normalised_name("Лицей № 4 г.Светлоборска")


@given(st.text(max_size=80))
def test_normalised_name_is_stable(name: str) -> None:
    once = normalised_name(name)

    assert normalised_name(once) == once or "им" in once or len(normalised_name(once)) <= len(once)


@pytest.mark.parametrize(
    ("ref", "school", "by"),
    [
        (SchoolRef(inn="1000000053"), FIFTH, "inn"),
        (SchoolRef(login="edu900005", name="что угодно"), FIFTH, "login"),
        (SchoolRef(gia_code="001005"), FIFTH, "gia_code"),
        (SchoolRef(name="гимназия №6 город Светлоборска"), SIXTH, "name"),
        (SchoolRef(name="Луговская ООШ", login="edu999999"), BARE, "name"),
    ],
)
def test_school_is_found_by_each_identifier(ref: SchoolRef, school: KnownSchool[int], by: str) -> None:
    match = INDEX.match(ref)

    assert (match.outcome, match.school, match.by) == (Outcome.MATCHED, school, by)


def test_name_does_not_count_against_another_login() -> None:
    match = INDEX.match(SchoolRef(name="МБОУ «СОШ № 5»", login="edu999999"))

    assert (match.outcome, match.school) == (Outcome.UNKNOWN, None)


def test_identifiers_of_two_schools_are_ambiguous() -> None:
    assert INDEX.match(SchoolRef(inn=FIFTH.inn, login=SIXTH.login)).outcome == Outcome.AMBIGUOUS


def test_name_of_two_schools_is_ambiguous() -> None:
    index = SchoolIndex([KnownSchool(id=1, name="СОШ № 1"), KnownSchool(id=2, name="МБОУ «СОШ № 1»")])

    assert index.match(SchoolRef(name="МКОУ СОШ №1")).outcome == Outcome.AMBIGUOUS


def test_code_of_two_schools_decides_nothing() -> None:
    index = SchoolIndex([KnownSchool(id=1, name="А", gia_code="1"), KnownSchool(id=2, name="Б", gia_code="1")])

    assert index.match(SchoolRef(gia_code="1")).outcome == Outcome.UNKNOWN
    assert index.match(SchoolRef(gia_code="1", name="Б")).school is not None


def test_alias_is_a_name() -> None:
    index = SchoolIndex([KnownSchool(id=1, name="СОШ № 1", aliases=(normalised_name("Базовая школа"),))])

    assert index.match(SchoolRef(name="МБОУ «Базовая школа»")).school is not None


def test_unknown_school_is_unknown() -> None:
    assert INDEX.match(SchoolRef(name="СОШ № 77")).outcome == Outcome.UNKNOWN
    assert INDEX.match(SchoolRef()).outcome == Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("name", "is_school"),
    [
        ("Вся выборка", False),
        ("РФ", False),
        ("Красноярский край", False),
        ("Москва", False),
        ("г. Энск", False),
        ("Школьный муниципальный округ", False),
        ("Итого", False),
        ("Итого по школам", False),
        ("В среднем по учреждениям города", False),
        ("По общеобразовательным организациям", False),
        ("МАОУ «Центр образования»", True),
        ("Центр образования № 3 города Энска", True),
        ("Прогимназия «Росток»", True),
        ("Кадетский корпус", True),
        ("Школа-интернат Энского района", True),
        ("ЧОУ «Развитие»", True),
        ("Учебно-воспитательный комплекс", True),
        ("Академия «Взлёт»", True),
        ("Заозёрская область", False),
        ("Светлоборский муниципальный округ", False),
        ("МБОУ «Боровская СОШ»", True),
        ("Лицей № 4", True),
        ("Кадетский корпус № 1", True),
    ],
)
def test_school_is_told_from_a_territory_by_its_words(name: str, is_school: bool) -> None:
    assert looks_like_school(name) == is_school


# Municipalities


HERE = KnownSchool(id=1, name="МБОУ «СОШ № 5»", place="Энский район", login="edu900001")
THERE = KnownSchool(id=2, name="МКОУ «СОШ № 5»", place="Заозёрская область, город Заречный", login="edu900002")
PLACED = SchoolIndex([HERE, THERE])


@pytest.mark.parametrize(
    ("place", "outcome", "school"),
    [
        ("Энский район", Outcome.MATCHED, HERE),
        ("Энский муниципальный округ", Outcome.MATCHED, HERE),
        ("г. Заречный", Outcome.MATCHED, THERE),
        ("Заречный городской округ", Outcome.MATCHED, THERE),
        ("Дальний район", Outcome.UNKNOWN, None),
        ("", Outcome.AMBIGUOUS, None),
    ],
)
def test_name_is_of_its_municipality(place: str, outcome: Outcome, school: KnownSchool[int] | None) -> None:
    found = PLACED.match(SchoolRef(name="СОШ № 5", place=place))

    assert (found.outcome, found.school) == (outcome, school)


def test_identifier_counts_whatever_the_municipality_is_called() -> None:
    assert PLACED.match(SchoolRef(name="СОШ № 5", login="edu900002", place="Энский район")).school is THERE


def test_only_school_of_a_name_is_not_taken_for_one_of_another_municipality() -> None:
    ref = SchoolRef(name="СОШ № 5", place="Дальний район")

    assert SchoolIndex([HERE]).match(ref).outcome == Outcome.UNKNOWN


def test_answer_of_a_person_is_remembered_for_the_municipality() -> None:
    ref = SchoolRef(name="Школа на реке", place="Дальний район")
    known = KnownSchool(id=1, name="МБОУ «СОШ № 5»", place="Энский район", aliases=(spelling(ref),))

    index = SchoolIndex([known])

    assert index.match(ref).by == "alias"
    assert index.match(ref._replace(place="Ближний район")).outcome == Outcome.UNKNOWN


# Identifiers that contradict each other


@pytest.mark.parametrize("ref", [{"login": "edu900005"}, {"gia_code": "001005"}])
def test_inn_of_nobody_contradicts_the_login_of_a_school(ref: dict[str, str]) -> None:
    found = INDEX.match(SchoolRef(inn="1000000078", name="СОШ № 5", **ref))

    assert (found.outcome, found.school) == (Outcome.CONTRADICTED, None)


def test_inn_of_nobody_is_confirmed_by_a_person() -> None:
    ref = SchoolRef(inn="1000000078", login="edu900005")
    known = KnownSchool(id=5, name="СОШ № 5", inn="1000000053", login="edu900005", aliases=(spelling(ref),))

    assert SchoolIndex([known]).match(ref).by == "alias"


def test_school_without_an_inn_contradicts_none() -> None:
    school = KnownSchool(id=1, name="СОШ № 1", login="edu900001")

    assert SchoolIndex([school]).match(SchoolRef(inn="1000000078", login="edu900001")).school is school
