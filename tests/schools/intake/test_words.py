"""Dictionaries of files and the vocabulary of the portal agree; names, identifiers and texts are read as written."""

import pytest

from schools.choices import CourseLevel, Locality, Period, Procedure, SchoolKind
from schools.intake import vocabulary
from schools.intake.cleaning import clean_text
from schools.intake.identifiers import gia_code_of, inn_of, is_inn, is_ogrn, login_of, without_codes
from schools.intake.layouts import portal_schools
from schools.intake.rows import ProblemCode, problem_at
from schools.intake.subjects import SUBJECTS, find_subject, subject_name
from schools.intake.territory_names import genitive, prepositional, region_of


def test_words_of_files_lead_to_values_of_the_portal() -> None:
    assert set(vocabulary.PROCEDURES.values()) == set(Procedure.values) == set(vocabulary.PROCEDURE_NAMES)
    assert set(vocabulary.PERIODS.values()) == set(Period.values) == set(vocabulary.PERIOD_NAMES)
    assert set(vocabulary.LEVELS.values()) == set(CourseLevel.values) == set(vocabulary.LEVEL_NAMES)
    assert set(portal_schools.KINDS.values()) == set(SchoolKind.values)
    assert set(portal_schools.LOCALITIES.values()) == set(Locality.values)


def test_names_in_our_templates_are_words_of_files() -> None:
    for names, words in (
        (vocabulary.PROCEDURE_NAMES, vocabulary.PROCEDURES),
        (vocabulary.PERIOD_NAMES, vocabulary.PERIODS),
        (vocabulary.LEVEL_NAMES, vocabulary.LEVELS),
    ):
        for code, name in names.items():
            assert words[name.casefold().replace("ё", "е")] == code


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.code)
def test_subject_is_found_by_code_name_and_short_code(subject: object) -> None:
    for spelling in (subject.code, subject.name, f" {subject.name.upper()} ", subject.short):  # type: ignore[attr-defined]
        found = find_subject(spelling)
        assert found is not None
        assert found[0] == subject


@pytest.mark.parametrize(
    ("text", "code", "level"),
    [
        ("Математика (углублённый уровень)", "MA", "advanced"),
        ("Физика (базовый уровень)", "FI", "base"),
        ("математика база", "MAB", "none"),
        ("Русский  язык", "RU", "none"),
    ],
)
def test_level_is_part_of_the_name(text: str, code: str, level: str) -> None:
    found = find_subject(text)

    assert found is not None
    assert (found[0].code, found[1]) == (code, level)


@pytest.mark.parametrize("text", ["", "Алхимия", "Алхимия (базовый уровень)"])
def test_unknown_subject_is_not_guessed(text: str) -> None:
    assert find_subject(text) is None


def test_name_of_an_unknown_code_is_the_code() -> None:
    assert (subject_name("RU"), subject_name("XX")) == ("Русский язык", "XX")


def test_lengths_fit_the_table_of_results() -> None:
    assert all(len(subject.code) <= 8 for subject in SUBJECTS)


@pytest.mark.parametrize(
    ("text", "inn"), [("0000100037", "0000100037"), ("100037", "0000100037"), ("123", None), ("x", None)]
)
def test_inn_gets_back_its_lost_zeros_if_the_check_digit_is_right(text: str, inn: str | None) -> None:
    assert inn_of(text) == inn


@pytest.mark.parametrize("text", ["0000100038", "000010003", "00001000377", "٠٠٠٠١٠٠٠٣٧"])
def test_wrong_inn_is_known(text: str) -> None:
    assert not is_inn(text)


def test_ogrn_has_a_check_digit() -> None:
    assert is_ogrn("1000000000011") == (100000000001 % 11 % 10 == 1)
    assert not is_ogrn("1")


def test_codes_are_taken_out_of_a_name() -> None:
    name = "МБОУ «СОШ № 3» (EDU900003)"

    assert login_of(name) == "edu900003"
    assert without_codes(name) == "МБОУ «СОШ № 3»"
    assert without_codes("Округ (reg24_m031)") == "Округ"
    assert login_of("edu12") == ""
    assert gia_code_of(" 0123,0 ") == "0123"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Шко\u200bла\ufeff", "Школа"),
        (" a \u00a0 b ", "a b"),
        ("a\x00b\x1f", "ab"),
        ("a\r\nb", "a\nb"),
        ("и\u0306", "й"),
        ("\ud800x", "x"),
        ("МБОУ «COШ № 1»", "МБОУ «СОШ № 1»"),
        ("BПР, Wi-Fi, edu900001, 5A", "ВПР, Wi-Fi, edu900001, 5A"),
        ("SEOшник", "SEOшник"),
    ],
)
def test_text_is_cleaned_of_what_nobody_sees(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    ("name", "of", "about"),
    [
        (
            "Светлоборский муниципальный округ",
            "Светлоборского муниципального округа",
            "Светлоборском муниципальном округе",
        ),
        ("Заозёрская область, округ 1", "Заозёрской области, округа 1", "Заозёрской области, округе 1"),
        ("город Энск", "города Энск", "городе Энск"),
        ("Энский край", "Энского края", "Энском крае"),
    ],
)
def test_territory_has_its_cases(name: str, of: str, about: str) -> None:
    assert (genitive(name), prepositional(name)) == (of, about)


def test_region_stands_before_the_comma() -> None:
    assert region_of("Заозёрская область, округ 1") == "Заозёрская область"
    assert region_of("округ 1") == ""


def test_place_of_a_problem_does_not_quote_a_quoted_column_twice() -> None:
    problem = problem_at(ProblemCode.OUT_OF_RANGE, "Результаты", 9, "ожидается целое число от 0.", column="«2»")

    assert problem.text_ru == "Лист «Результаты», строка 9, столбец «2»: ожидается целое число от 0."
