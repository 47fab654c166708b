"""Answers exported from Google and Yandex forms: counted, and nothing else kept. No database."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from riskprofiles.choices import Audience
from schools.intake.layouts import recognise
from schools.intake.layouts.survey_answers import LAYOUT, moment_of
from schools.intake.parse import parse_file
from schools.intake.parsed_json import parsed_json
from schools.intake.refusals import Code, LayoutRefusal
from schools.intake.rows import ParsedFile, ProblemCode, Severity
from schools.intake.survey_words import (
    AUDIENCES,
    OTHER_ANSWER,
    Question,
    audience_of,
    closed_question,
    is_audience_title,
    is_personal,
    is_school_title,
)
from tests.factories.workbooks import book_of, workbook

AT = datetime(2026, 11, 16, 10, 2, 11)
HEADER = ("Отметка времени", "Ваша школа", "Кто вы?", "Хватает учебников", "Что мешает школе больше всего")


def google(*answers: tuple[Any, ...], header: tuple[str, ...] = HEADER) -> ParsedFile:
    return LAYOUT.parse(book_of(header, *((AT, *answer) for answer in answers), name="Ответы на форму (1)"))


def answers(number: int = 6) -> list[tuple[Any, ...]]:
    return [("СОШ № 1", "Учитель", "да" if i % 2 else "нет", f"Мешает причина {i}") for i in range(number)]


def counts(parsed: ParsedFile) -> dict[tuple[str, str], tuple[int, int]]:
    return {
        (str(record.key["question"]), str(record.key["option"])): (record.values["count"], record.values["answered"])
        for record in parsed.records
    }


def test_answers_of_google_are_counted_by_option() -> None:
    parsed = google(*answers())

    assert counts(parsed) == {("Хватает учебников", "да"): (3, 6), ("Хватает учебников", "нет"): (3, 6)}
    assert {(record.key["year"], record.key["audience"]) for record in parsed.records} == {(2026, "teacher")}
    assert parsed.title == "Ответы из Google Forms: 6, школ 1"


def test_answers_of_yandex_are_counted_alike() -> None:
    header = ("ID", "Время создания", "Выберите школу", "Есть травля?")
    rows = [(i, "2026-11-16T10:02:11Z", "СОШ № 1", "да" if i else "нет") for i in range(4)]

    parsed = LAYOUT.parse(book_of(header, *rows, name="Ученики 6 класса"))

    assert counts(parsed) == {("Есть травля?", "да"): (3, 4), ("Есть травля?", "нет"): (1, 4)}
    assert {record.key["audience"] for record in parsed.records} == {"pupil"}
    assert parsed.title.startswith("Ответы из Яндекс Форм")


def test_schools_and_audiences_are_counted_apart() -> None:
    rows = [*answers(4), ("СОШ № 2", "Родитель", "да", ""), ("СОШ № 2", "Родитель", "да", "")]

    parsed = google(*rows)

    told = Counter((record.school.name if record.school else "", record.key["audience"]) for record in parsed.records)
    assert told == {("СОШ № 1", "teacher"): 2, ("СОШ № 2", "parent"): 1}


def test_free_answers_are_not_loaded_and_it_is_said() -> None:
    [problem] = google(*answers()).problems

    assert (problem.code, problem.severity) == (ProblemCode.SKIPPED_QUESTION, Severity.WARNING)
    assert problem.text_ru.endswith("столбец «Что мешает школе больше всего»: вопрос не загружен: свободные ответы.")


def test_no_text_of_a_person_leaves_the_layout() -> None:
    rows = [*answers(8), ("СОШ № 1", "Учитель", "у меня своё мнение", "Иванова А. П. кричит")]

    kept = str(parsed_json(google(*rows)))

    assert "мнение" not in kept
    assert "Мешает" not in kept
    assert "Иванова" not in kept


def test_rare_answer_is_counted_without_its_text() -> None:
    parsed = google(*answers(8), ("СОШ № 1", "Учитель", "у меня своё мнение", ""))

    assert counts(parsed)["Хватает учебников", OTHER_ANSWER] == (1, 9)
    assert "редких и своих ответов 1" in parsed.problems[0].text_ru


@pytest.mark.parametrize("title", ["ФИО учителя", "Ваш e-mail", "Адрес электронной почты", "Номер телефона"])
def test_personal_columns_are_skipped_whatever_is_in_them(title: str) -> None:
    header = (*HEADER[:4], title)
    rows = [("СОШ № 1", "Учитель", "да", "одно и то же")] * 4

    parsed = google(*rows, header=header)

    assert {question for question, _ in counts(parsed)} == {"Хватает учебников"}
    assert "личные данные" in parsed.problems[0].text_ru


def test_answer_without_a_school_is_named_and_not_counted() -> None:
    parsed = google(*answers(4), (None, "Учитель", "да", ""))

    [problem] = parsed.errors
    assert (problem.row, problem.code) == (6, ProblemCode.EMPTY)
    assert counts(parsed)["Хватает учебников", "да"] == (2, 4)


def test_export_without_a_column_of_schools_is_refused() -> None:
    with pytest.raises(LayoutRefusal) as refused:
        google(("Учитель", "да"), header=("Отметка времени", "Кто вы", "Хватает учебников"))

    assert "нет столбца, по которому можно узнать школу" in refused.value.text_ru


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "Нет ни одного ответа"),
        ([("СОШ № 1", "Учитель", f"мнение {i}", f"ещё {i}") for i in range(5)], "считать нечего"),
    ],
)
def test_export_with_nothing_to_count_is_refused(rows: list[tuple[Any, ...]], words: str) -> None:
    with pytest.raises(LayoutRefusal) as refused:
        google(*rows)

    assert refused.value.code == Code.NO_ROWS
    assert words in refused.value.text_ru


def test_export_without_dates_is_refused() -> None:
    with pytest.raises(LayoutRefusal, match="Непонятно, когда отвечали"):
        LAYOUT.parse(book_of(HEADER, *(("вчера", *answer) for answer in answers())))


def test_file_of_a_service_is_recognised_from_its_bytes() -> None:
    data = workbook([HEADER, *((AT, *answer) for answer in answers())])

    assert parse_file(data).layout == "survey_answers"
    assert recognise(book_of(HEADER, (AT, *answers()[0]))).code == "survey_answers"


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        (datetime(2027, 2, 1), 2026),
        (datetime(2026, 8, 25), 2026),
        ("16.11.2026 10:02:11", 2026),
        ("2026/11/16 10:02:11 AM GMT+3", 2026),
        ("2027-05-01", 2026),
    ],
)
def test_year_is_the_academic_one(cell: Any, year: int) -> None:
    rows = [(cell, "СОШ № 1", "Учитель", "да", "")] * 3

    assert LAYOUT.parse(book_of(HEADER, *rows)).records[0].key["year"] == year


@pytest.mark.parametrize("cell", ["31.02.2026", "2026-13-01", "когда-то", None])
def test_what_is_no_moment_gives_none(cell: Any) -> None:
    assert moment_of(cell) is None


# Words


@pytest.mark.parametrize(
    ("title", "answer"),
    [
        ("Школа", True),
        ("Ваша образовательная организация:", True),
        ("Выберите свою школу", True),
        ("В какой школе учится ваш ребёнок?", True),
        ("Ребёнок идёт в школу с желанием", False),
        ("Школа слышит нас", False),
        (
            "Укажите, насколько вы согласны с тем, что в нашей школе детям безопасно и учителя всегда готовы помочь",
            False,
        ),
    ],
)
def test_column_of_schools_is_told_from_questions_about_school(title: str, answer: bool) -> None:
    assert is_school_title(title) is answer


@pytest.mark.parametrize(("title", "answer"), [("Кто вы?", True), ("Ваша роль", True), ("Кто вам помогает?", False)])
def test_column_of_roles_is_told_from_questions(title: str, answer: bool) -> None:
    assert is_audience_title(title) is answer


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        ("Заместитель директора", "director"),
        ("Педагог", "teacher"),
        ("Обучающийся 9 класса", "pupil"),
        ("Законный представитель ученика", "parent"),
        ("Прохожий", "other"),
    ],
)
def test_audience_is_told_by_a_word(text: str, audience: str) -> None:
    assert audience_of(text) == audience


def test_audiences_are_those_of_the_stored_tallies() -> None:
    assert dict(Audience.choices) == AUDIENCES


@pytest.mark.parametrize(("title", "answer"), [("Имя пользователя", True), ("Есть ли у вас имидж", False)])
def test_personal_titles_are_told(title: str, answer: bool) -> None:
    assert is_personal(title) is answer


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["да", "нет"], Question(options=frozenset({"да", "нет"}))),
        (["5", "3", "5"], Question(options=frozenset({"5", "3"}))),
        (["тесно, шумно", "далеко", "нет"], "свободные ответы"),
        (["Дом, лес", "лес", "Дом", "лес, Дом"], Question(options=frozenset({"Дом", "лес"}), separator=", ")),
        (["а;б", "а", "б", "б;а"], Question(options=frozenset({"а", "б"}), separator=";")),
        (["Да, часто"] * 3 + ["Да, редко"] * 3, Question(options=frozenset({"Да, часто", "Да, редко"}))),
        (["Иванова А. П.", "Петрова О. Н."] * 3, "в ответах имена людей"),
        (["Иванова Анна", "Петров Олег"] * 3, "в ответах имена людей"),
        ([f"вариант {i % 13}" for i in range(26)], "свободные ответы"),
        (["я" * 81] * 5, "свободные ответы"),
    ],
)
def test_closed_question_is_told_from_a_free_one(texts: list[str], expected: Question | str) -> None:
    assert closed_question(texts) == expected


def test_several_choices_of_one_person_count_once_each() -> None:
    question = Question(options=frozenset({"книги", "техника"}), separator=", ")

    assert question.chosen("книги, книги, свой вариант") == ["книги", OTHER_ANSWER]
