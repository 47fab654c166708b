"""The dictionary of school subjects: our code, the Russian name, the short code of federal sheets, other spellings."""

from dataclasses import dataclass
from typing import Final

from schools.intake.headers import normalised


@dataclass(frozen=True)
class Subject:
    code: str
    name: str
    short: str  # as in «РУ 4 Статистика по отметкам»
    aliases: tuple[str, ...] = ()
    level: str = "none"  # of the course, when the spelling itself tells it


# Source: domain specification, 2.2 and 2.3; codes of ГИА are matched by name, regions number them differently.
SUBJECTS: Final = (
    Subject("RU", "Русский язык", "РУ", ("рус", "русский", "русский яз")),
    Subject("MA", "Математика", "МА", ("мат", "алгебра и геометрия")),
    Subject("MAB", "Математика базовая", "МАБ", ("математика база", "математика базового уровня", "математика (база)")),
    Subject("MAP", "Математика профильная", "МАП", ("математика профиль", "математика профильного уровня")),
    Subject("OM", "Окружающий мир", "ОМ", ("окр мир",)),
    Subject("LC", "Литературное чтение", "ЛЧ", ("лит чтение",)),
    Subject("LI", "Литература", "ЛИ", ("лит",)),
    Subject("IS", "История", "ИС", ("история россии",)),
    Subject("OB", "Обществознание", "ОБ", ("общество",)),
    Subject("BI", "Биология", "БИ", ("био",)),
    Subject("GG", "География", "ГГ", ("гео",)),
    Subject("FI", "Физика", "ФИ", ("физ",)),
    Subject("HI", "Химия", "ХИ", ("хим",)),
    Subject("IN", "Информатика", "ИН", ("информатика и икт", "икт")),
    Subject("AYA", "Английский язык", "АЯ", ("английский", "англ яз")),
    Subject("NYA", "Немецкий язык", "НЯ", ("немецкий", "нем яз")),
    Subject("FYA", "Французский язык", "ФЯ", ("французский", "фр яз")),
    Subject("IYA", "Иностранный язык", "ИЯ", ("иностранный",)),
    Subject("FG", "Функциональная грамотность", "ФГ", ("фг",)),
    Subject("CHG", "Читательская грамотность", "ЧГ", ("читательская",)),
    Subject("MG", "Математическая грамотность", "МГ", ("математическая",)),
    Subject("ENG", "Естественно-научная грамотность", "ЕНГ", ("естественнонаучная грамотность",)),
)
BY_CODE: Final = {subject.code: subject for subject in SUBJECTS}
LEVEL_WORDS: Final = {
    "(базовый уровень)": "base",
    "базовый уровень": "base",
    "(углубленный уровень)": "advanced",
    "углубленный уровень": "advanced",
    "(профильный уровень)": "profile",
    "профильный уровень": "profile",
}


def spellings() -> dict[str, Subject]:
    known: dict[str, Subject] = {}
    for subject in SUBJECTS:
        for spelling in (subject.code, subject.name, subject.short, *subject.aliases):
            known.setdefault(normalised(spelling), subject)
    return known


BY_SPELLING: Final = spellings()


def find_subject(text: str) -> tuple[Subject, str] | None:
    """Return the subject and the level of its course («none», «base», «advanced», «profile») by any known spelling."""
    words = normalised(text)
    for suffix, level in LEVEL_WORDS.items():
        if words.endswith(suffix):
            subject = BY_SPELLING.get(words.removesuffix(suffix).strip(" ,."))
            return (subject, level) if subject else None
    subject = BY_SPELLING.get(words)
    return (subject, subject.level) if subject else None


def subject_name(code: str) -> str:
    """Return the Russian name of a code; an unknown code is shown as it is."""
    subject = BY_CODE.get(code)
    return subject.name if subject else code
