"""What of a survey may be counted: whose column is the school, what is a choice and what is a free answer.

The portal keeps how many people chose an option, never who, and never a text that somebody wrote.
Source: domain specification, 3.4, 7.1.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from schools.intake.headers import normalised

AUDIENCES: Final = {
    "director": "Администрация",
    "teacher": "Учителя",
    "pupil": "Ученики",
    "parent": "Родители",
    "other": "Не указано",
}
AUDIENCE_WORDS: Final = (
    (re.compile(r"директор|заместител|администрац|руководит"), "director"),
    (re.compile(r"родител|законн\w+ представит"), "parent"),
    (re.compile(r"учител|педагог|преподават"), "teacher"),
    (re.compile(r"учени|обучающ|школьник|учащ"), "pupil"),
)
SCHOOL_TITLES: Final = frozenset(
    {
        "школа",
        "ваша школа",
        "оо",
        "образовательная организация",
        "ваша образовательная организация",
        "инн школы",
        "инн оо",
        "логин школы",
    },
)
SCHOOL_QUESTION: Final = re.compile(
    r"^(?:(?:укажите|выберите|назовите|напишите|название|наименование|полное название|краткое название)\b.*"
    r"\b(?:школ\w*|организаци\w+|оо)\b|в какой (?:школе|организации)\b.*)$",
)
LONGEST_TITLE: Final = 90
AUDIENCE_TITLES: Final = re.compile(
    r"^(?:кто вы|вы|ваша роль|роль|ваш статус|кем вы являетесь|категория(?: участника| респондента)?|"
    r"кто (?:заполняет|отвечает).*|ваша категория)$",
)
PERSONAL: Final = re.compile(
    r"\bфио\b|\bф\.\s?и\.\s?о|фамили|отчеств|\bимя\b|зовут|e-?mail|почт|телефон|контакт|\bip\b|снилс|паспорт|"
    r"дата рождения|домашний адрес|username|имя пользователя",
)
SYSTEM: Final = frozenset({"отметка времени", "timestamp", "id", "время создания", "баллы", "score", "балл"})

LONGEST_OPTION: Final = 80
MOST_OPTIONS: Final = 12
SEEN_TWICE: Final = 2
COVERED: Final = 0.8  # share of the answers that must be options, or the question is a free one
OTHER_ANSWER: Final = "другой ответ"
SCALE: Final = frozenset(
    {
        *(str(number) for number in range(11)),
        *("да", "нет", "скорее да", "скорее нет", "не знаю", "затрудняюсь ответить", "затрудняюсь"),
        *("никогда", "редко", "иногда", "часто", "всегда", "почти всегда", "почти никогда", "на каждом уроке"),
        *("согласен", "не согласен", "полностью согласен", "скорее согласен", "скорее не согласен"),
        *("совершенно не согласен", "полностью не согласен", "частично", "полностью", "совсем нет", "другое"),
        *("очень плохо", "плохо", "удовлетворительно", "хорошо", "отлично", "низкий", "средний", "высокий"),
    },
)
INITIALS: Final = re.compile(r"\b[А-ЯЁ][а-яё]+\s+[А-ЯЁ]\.\s?[А-ЯЁ]?\.?|\b[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё]+")
FULL_NAME: Final = re.compile(r"^[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?\s+[А-ЯЁ][а-яё]+(?:\s+[А-ЯЁ][а-яё]+)?$")
SEPARATORS: Final = ("; ", ";", ", ")


def is_school_title(title: str) -> bool:
    """Answer whether a column names the school; a question about the school does not."""
    words = normalised(title).rstrip("?")
    return words in SCHOOL_TITLES or (len(words) <= LONGEST_TITLE and bool(SCHOOL_QUESTION.match(words)))


def is_audience_title(title: str) -> bool:
    return bool(AUDIENCE_TITLES.match(normalised(title).rstrip("?")))


def is_personal(title: str) -> bool:
    return bool(PERSONAL.search(normalised(title)))


def audience_of(text: str) -> str:
    """Return whose answers these are by a word of theirs; «other» when nothing tells."""
    words = normalised(text)
    return next((code for pattern, code in AUDIENCE_WORDS if pattern.search(words)), "other")


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question whose answers may be counted. folded: how many answers became «другой ответ»."""

    options: frozenset[str]
    separator: str = ""
    folded: int = 0

    def chosen(self, text: str) -> list[str]:
        """Return the options that one answer names, each once."""
        return list(dict.fromkeys(self.known(part) for part in parts_of(text, self.separator)))

    def known(self, part: str) -> str:
        return part if part in self.options else OTHER_ANSWER


def parts_of(text: str, separator: str) -> list[str]:
    parts = text.split(separator) if separator else [text]
    return [part.strip() for part in parts if part.strip()]


def closed_question(texts: Sequence[str]) -> Question | str:
    """Return how to count the answers to a question, or the reason why they are not counted."""
    separator = separator_of(texts)
    parts = [part for text in texts for part in parts_of(text, separator)]
    times = Counter(parts)
    if looks_like_people(times):
        return "в ответах имена людей"
    options = frozenset(part for part in times if is_option(part, times[part]))
    covered = sum(times[option] for option in options)
    if not options or len(options) > MOST_OPTIONS or covered < COVERED * len(parts):
        return "свободные ответы"
    return Question(options=options, separator=separator, folded=len(parts) - covered)


def separator_of(texts: Sequence[str]) -> str:
    """Return what stands between several choices of one answer, "" where an answer is one choice.

    Splitting is right when the parts repeat: there are fewer different parts than different answers.
    """
    whole = len(set(texts))
    for separator in SEPARATORS:
        if not any(separator in text for text in texts):
            continue
        if len({part for text in texts for part in parts_of(text, separator)}) < whole:
            return separator
    return ""


def is_option(text: str, times: int) -> bool:
    """Answer whether a text is a choice: a word of a scale, or a short text that several people gave alike."""
    return normalised(text) in SCALE or (times >= SEEN_TWICE and len(text) <= LONGEST_OPTION)


def looks_like_people(texts: Iterable[str]) -> bool:
    given = list(texts)
    names = sum(bool(FULL_NAME.match(text)) for text in given)
    return any(INITIALS.search(text) for text in given) or 2 * names > len(given) > 0
