"""What a person should know before signing, in words. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from accounts.russian import capitalized, count, plural, short_date
from reports.facts.parts import Act, Caution, CautionCode, ListChange, ListTurn

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
}


def list_cautions(changes: Sequence[ListChange], day: date) -> list[Caution]:
    """Return what orders did to the lists of a report, seen from the day of its data.

    Each list by its own order: of a year there may be one that was annulled and one that came in its place.
    """
    return [Caution(code=TURNS[each.turn], text=turn_words(each, day)) for each in changes if each.turn in TURNS]


TURNS: Final = {  # the others need no warning: NO_LIST tells the one, the document the other
    ListTurn.PUBLISHED_LATER: CautionCode.LIST_PUBLISHED_LATER,
    ListTurn.ANNULLED: CautionCode.LIST_ANNULLED,
    ListTurn.ANNULLED_LATER: CautionCode.LIST_ANNULLED_LATER,
}


def turn_words(change: ListChange, day: date) -> str:
    name = f"перечень по результатам {change.year} года{in_brackets(change.basis)}"
    since, order = short_date(change.since), in_brackets(change.order)
    if change.turn is ListTurn.ANNULLED_LATER:
        return capitalized(f"{name} действовал на {short_date(day)}, с {since} он отменён{order}.")
    if change.turn is ListTurn.ANNULLED:
        former = "прежний " if change.has_other else ""
        return capitalized(f"{former}{name} отменён с {since}{order}: справка его не учитывает.")
    later = f"новый {name} опубликован позже {short_date(day)}: с {since}."
    never = f"на {short_date(day)} {name} ещё не был опубликован."
    ask = f"Если справка должна говорить о нём, укажите в поле «Данные на» день не раньше {since}."
    return f"{capitalized(later if change.has_other else never)} {ask}"


def in_brackets(act: Act | None) -> str:
    """Return « (приказ от 20.09.2026 № 412)», "" without an act."""
    return f" ({act.kind} {act.requisites})" if act else ""


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
