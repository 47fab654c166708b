"""What a document says of lists that came later, hold no more, or lost schools. Source: domain specification, 1.6."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from accounts.russian import NBSP, capitalized, plural, short_date
from reports.document import Block, Paragraph, Text
from reports.facts.parts import ListTurn
from reports.texts.phrases import act_instrumental, in_genitive, listed, low_schools, lowered, sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.facts.parts import Frame, ListChange, ListedSchools

OF_ROADMAPS: Final = (
    "Документ составлен по школам, у которых на этот день есть утверждённая дорожная карта: она исполняется и без "
    "перечня."
)
OF_ITS_ROADMAP: Final = "Документ составлен по утверждённой дорожной карте школы: она исполняется и без перечня."
BY_LIST: Final = "по другому действующему перечню"
BY_ROADMAP: Final = "по утверждённой дорожной карте"
EITHER: Final = "по другому перечню или утверждённой дорожной карте"  # in versions that do not tell them apart


def change_paragraphs(
    changes: "Sequence[ListChange] | None",
    lists: "Sequence[ListedSchools]",
    frame: "Frame",
    school: str = "",
    *,
    has_schools: bool,
) -> list[Block]:
    """Return that no list holds the schools of the document, what orders did to lists, and why schools stand there.

    changes None: a version built before it was told. school: the only one of the document, else "". has_schools: the
    document has some to speak of.
    """
    if changes is None:
        return []
    is_told = lists or any(each.turn is ListTurn.NAMES_NOBODY for each in changes)
    nothing = [] if is_told else [_nothing(frame, school)]
    planned = [(OF_ITS_ROADMAP if school else OF_ROADMAPS,)] if has_schools and not lists else []
    return [Paragraph(text) for text in (*nothing, *((change_sentence(each, frame),) for each in changes), *planned)]


def change_sentence(change: "ListChange", frame: "Frame") -> str:
    """Return what an order did to a list, with the schools that it concerns."""
    return SENTENCES[change.turn](change, frame)


def _nothing(frame: "Frame", school: str) -> Text:
    day = f"на{NBSP}{short_date(frame.as_of)} "
    if school:
        return sentence(f"{day}опубликованного перечня этого периода, в который включена школа, нет.")
    return sentence(f"{day}опубликованного перечня ", low_schools("genitive"), " за этот период нет.")


def _name(change: "ListChange") -> str:
    return f"{lowered(change.kind)} по результатам {change.year}{NBSP}года"


def _approved(change: "ListChange") -> str:
    """Return «муниципальный перечень ШНОР по результатам 2026 года, утверждённый приказом … от … № …,»."""
    return f"{_name(change)}, утверждённый {act_instrumental(change.basis)}," if change.basis else _name(change)


def _ordered(change: "ListChange") -> str:
    """Return by which act, else since when."""
    return act_instrumental(change.order) if change.order else f"с{NBSP}{short_date(change.since)}"


def _annulled(change: "ListChange", _frame: "Frame") -> str:
    former = "прежний " if change.has_other else ""
    return capitalized(f"{former}{_approved(change)} отменён {_ordered(change)}.{_schools(change)}")


def _annulled_later(change: "ListChange", frame: "Frame") -> str:
    day = short_date(frame.as_of)
    return capitalized(f"{_approved(change)} действовал на{NBSP}{day}; позже он отменён {_ordered(change)}.")


def _published_later(change: "ListChange", frame: "Frame") -> str:
    since = short_date(change.since)
    if change.has_other:
        when = f"опубликован позже дня данных, {since}"
        return f"Новый {_approved(change)} {when}. В настоящем документе он не учтён."
    later = f"утверждён позже, {act_instrumental(change.basis)}" if change.basis else f"опубликован позже, {since}"
    day = f"На{NBSP}{short_date(frame.as_of)}"
    return f"{day} {_name(change)} не был опубликован: он {later}. В настоящем документе он не учтён."


def _names_nobody(change: "ListChange", frame: "Frame") -> str:
    return capitalized(f"{_approved(change)} школ {frame.place.name_genitive} не называет.")


def _excluded(change: "ListChange", _frame: "Frame") -> str:
    names = (*change.left, *change.kept)
    gone = plural(len(names), "исключена,исключены,исключены")
    since = f"с{NBSP}{short_date(change.since)}"
    name = f"{in_genitive(change.kind)} по результатам {change.year}{NBSP}года"
    opening = f"Из {name} {_ordered(change)} {gone} {since}: {listed(names)}."
    why = _why_kept(change)
    if len(why) > 1 or (change.left and why):
        return f"{opening}{_schools(change)}"
    no, basis = ("", f" {why[0][0]}") if why else ("не ", "")
    they = plural(len(names), f"она {no}учтена,они {no}учтены,они {no}учтены")
    return f"{opening} В настоящем документе {they}{basis}."


def _schools(change: "ListChange") -> str:
    """Return which schools the document leaves out for it, and which it has all the same."""
    parts = []
    if change.left:
        words = plural(len(change.left), "не учтена школа,не учтены школы,не учтены школы")
        parts.append(f" Поэтому в настоящем документе {words}: {listed(change.left)}.")
    parts += [
        f" {capitalized(why)} {plural(len(names), 'учтена,учтены,учтены')}: {listed(names)}."
        for why, names in _why_kept(change)
    ]
    return "".join(parts)


def _why_kept(change: "ListChange") -> "list[tuple[str, Sequence[str]]]":
    """Return why the document has schools all the same, with these schools; nothing where it has none."""
    if change.planned is None:
        return [(EITHER, change.kept)] if change.kept else []
    told = ((BY_LIST, change.listed), (BY_ROADMAP, change.planned))
    return [(why, names) for why, names in told if names]


SENTENCES: "Final[dict[ListTurn, Callable[[ListChange, Frame], str]]]" = {
    ListTurn.ANNULLED: _annulled,
    ListTurn.EXCLUDED: _excluded,
    ListTurn.PUBLISHED_LATER: _published_later,
    ListTurn.ANNULLED_LATER: _annulled_later,
    ListTurn.NAMES_NOBODY: _names_nobody,
}
