"""What a person should know before signing, in words. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from accounts.russian import count, plural, short_date
from reports.facts.parts import Caution, CautionCode, ListChange, ListTurn

SCHOOLS: Final = "школа,школы,школ"
NAMED_SCHOOLS: Final = 3  # more names than these make a caution unreadable

TEXTS: Final = {
    CautionCode.NO_LIST: "На {day} ни один опубликованный перечень этого периода не называет школ справки. "
    "Так и сказано в документе.",
    CautionCode.NO_ROADMAP: "У территории нет утверждённой дорожной карты на этот период. "
    "Выводы муниципального уровня в документ не войдут.",
    CautionCode.ROADMAP_BEFORE_LIST: "Дорожная карта утверждена {plan}, раньше приказа о перечне ({listed}). "
    "Проверьте даты приказов.",
    CautionCode.NO_PROFILE: "Ни у одной школы нет рискового профиля за этот период.",
    CautionCode.NO_MONITORING: "За этот период нет мониторинга: раздел о показателях в документ не войдёт.",
    CautionCode.LIST_NOT_PUBLISHED: "Перечень ещё не опубликован: это проект, в нём нет приказа.",
    CautionCode.LIST_OF_EARLIER_YEAR: "Перечня по результатам {asked} года нет: показан перечень по результатам "
    "{shown} года.",
    CautionCode.LIST_PUBLISHED_LATER: "На {day} перечень по результатам {year} года ещё не был опубликован: его приказ "
    "от {since}. Если справка должна говорить о нём, укажите в поле «Данные на» день не раньше {since}.",
    CautionCode.LIST_ANNULLED: "Перечень по результатам {year} года отменён с {since}: справка его не учитывает.",
    CautionCode.LIST_ANNULLED_LATER: "Перечень по результатам {year} года действовал на {day}, с {since} он отменён.",
}


TURNS: Final = {  # the others need no warning: NO_LIST tells the one, the document the other
    ListTurn.PUBLISHED_LATER: CautionCode.LIST_PUBLISHED_LATER,
    ListTurn.ANNULLED: CautionCode.LIST_ANNULLED,
    ListTurn.ANNULLED_LATER: CautionCode.LIST_ANNULLED_LATER,
}


def list_cautions(changes: Sequence[ListChange], day: date) -> list[Caution]:
    """Return what orders did to the lists of a report, seen from the day of its data."""
    return [
        caution(TURNS[each.turn], day=day, year=each.year, since=each.since) for each in changes if each.turn in TURNS
    ]


def caution(code: CautionCode, **words: date | int) -> Caution:
    """Return a warning. words: dates and years that its text has places for."""
    told = {name: short_date(word) if isinstance(word, date) else word for name, word in words.items()}
    return Caution(code=code, text=TEXTS[code].format(**told))


def reorganised_caution(schools: Sequence[str]) -> list[Caution]:
    """Return which schools ended with results that nobody was judged by; nothing when there are none."""
    if not schools:
        return []
    text = f"Реорганизованы после результатов: {'; '.join(schools)}. Выводы по ним не сделаны."
    return [Caution(code=CautionCode.REORGANISED, text=text.replace("—", "–"))]


def counted_caution(code: CautionCode, schools: Sequence[str]) -> list[Caution]:
    """Return one warning about some schools, or none."""
    if not schools:
        return []
    number = len(schools)
    subject = count(number, SCHOOLS)
    if code is CautionCode.SCHOOLS_NOT_SUBMITTED:
        verb = plural(number, "не сдала,не сдали,не сдали")
        text = f"{subject} ещё {verb} показатели{_names(schools)}. В документе это будет сказано."
    else:
        text = f"{subject} без утверждённой дорожной карты{_names(schools)}: вместо чисел будет прочерк."
    return [Caution(code=code, text=text)]


def _names(schools: Sequence[str]) -> str:
    shown = ", ".join(schools[:NAMED_SCHOOLS])
    return f" ({shown}{' и другие' if len(schools) > NAMED_SCHOOLS else ''})"
