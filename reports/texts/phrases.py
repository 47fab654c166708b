"""Words and sources that several kinds of reports share."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from accounts.russian import NBSP, capitalized, plural, typo
from reports.document import Figure, Signature, Source, SourceKind, Term, Text
from reports.periods import title_of

if TYPE_CHECKING:
    from reports.facts.parts import Act, Frame, ListedSchools, Share

SHNOR: Final = "ШНОР"
SCHOOLS: Final = "школа,школы,школ"
SCHOOLS_OF: Final = "школы,школ,школ"  # после «из»: из 21 школы, из 2 школ
SCHOOLS_IN: Final = "школе,школах,школах"  # после «в»
MEASURES: Final = "мероприятие,мероприятия,мероприятий"
FACTORS: Final = "фактор,фактора,факторов"

ACT_GENITIVE: Final = {
    "приказ": "приказа",
    "распоряжение": "распоряжения",
    "постановление": "постановления",
    "положение": "положения",
    "письмо": "письма",
    "протокол": "протокола",
}
ACT_INSTRUMENTAL: Final = {
    "приказ": "приказом",
    "распоряжение": "распоряжением",
    "постановление": "постановлением",
    "положение": "положением",
    "письмо": "письмом",
    "протокол": "протоколом",
}

ACT_DATIVE: Final = {
    "приказ": "приказу",
    "распоряжение": "распоряжению",
    "постановление": "постановлению",
    "положение": "положению",
    "письмо": "письму",
    "протокол": "протоколу",
}


def act_requisites(act: "Act") -> str:
    """Return «отдела образования от 08.12.2023 № 515»."""
    return f"{act.issuer_genitive} {act.requisites}"


def act_genitive(act: "Act") -> str:
    """Return «приказа отдела образования от 08.12.2023 № 515»."""
    return f"{ACT_GENITIVE[act.kind]} {act_requisites(act)}"


def act_instrumental(act: "Act") -> str:
    """Return «приказом отдела образования от 17.03.2023 № 124»."""
    return f"{ACT_INSTRUMENTAL[act.kind]} {act_requisites(act)}"


def act_named(act: "Act") -> str:
    """Return «приказ отдела образования от 17.03.2023 № 124»."""
    return f"{act.kind} {act_requisites(act)}"


def annex_lines(act: "Act") -> tuple[str, str, str]:
    """Return the requisite of an annex: «Приложение № 1», «к приказу отдела образования», «от 17.03.2023 № 124»."""
    return (
        f"Приложение №{NBSP}1",
        f"к {ACT_DATIVE[act.kind]} {act.issuer_genitive}",
        act.requisites,
    )


def in_genitive(kind: str) -> str:
    """Return «муниципального перечня ШНОР» for «Муниципальный перечень ШНОР», «перечня «Группа риска»» for that."""
    if kind == "Группа риска":
        return "перечня «Группа риска»"
    adjective, rest = kind.split(" ", 1)
    return f"{adjective.lower().removesuffix('ый')}ого {rest.replace('перечень', 'перечня')}"


def is_feminine(title: str) -> bool:
    """Answer whether the name of a plan is feminine: a programme or a roadmap is «утверждена»."""
    return title.lower().startswith(("программа", "дорожная карта", "среднесрочная", "антирисковая"))


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them; the quotes and numbers of schools never part."""
    return ", ".join(typo(name) for name in names)


def low_schools(case: str) -> Term:
    """Return the term «школы с низкими образовательными результатами» in a case, ШНОР after its first use."""
    words = {
        "nominative": "школы",
        "genitive": "школ",
        "dative": "школам",
        "instrumental": "школами",
        "prepositional": "школах",
    }
    return Term(f"{words[case]} с низкими образовательными результатами", SHNOR)


def of_schools(numerator: int, denominator: int, source: Source) -> Text:
    """Return «3 из 4 школ» as figures, or «всех 4 школ» for all."""
    if numerator == denominator and denominator > 1:
        return ("всех ", Figure.count(denominator, source, SCHOOLS_OF))
    return (Figure.count(numerator, source), " из ", Figure.count(denominator, source, SCHOOLS_OF))


def in_schools(numerator: int, denominator: int, source: Source) -> Text:
    """Return «во всех 4 школах» or «в 3 школах из 4»."""
    if numerator == denominator and denominator > 1:
        return ("во всех ", Figure.count(denominator, source, SCHOOLS_IN))
    return ("в ", Figure.count(numerator, source, SCHOOLS_IN), " из ", Figure.count(denominator, source))


def lowered(text: str) -> str:
    """Lower the first letter for the middle of a sentence; an abbreviation keeps its own."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def quoted(title: str) -> str:
    """Return a title in quotes, its own quotes inside made „inner“."""
    return f"«{typo(title).rstrip('.;').replace('«', '„').replace('»', '“')}»"


def share_of(share: "Share", source: Source, digits: int = 1) -> Figure:
    return Figure.share(share.numerator, share.denominator, source, digits)


def change_of(later: Figure, earlier: Figure, source: Source, frame: "Frame") -> Figure:
    """Return the change between two shares by the rule that the version was built with."""
    change = Figure.points if frame.has_exact_changes else Figure.printed_points
    return change(later, earlier, source)


def change_note(frame: "Frame") -> str:
    """Return what the column of changes is, in the words of that rule."""
    if not frame.has_exact_changes:
        return "Изменение – разность долей, округлённых до десятых."
    return (
        "Изменение – разность точных долей, округлённая до десятых один раз; с разностью напечатанных долей она может "
        f"расходиться на 0,1{NBSP}п.{NBSP}п."
    )


def sentence(*parts: object) -> Text:
    """Join strings, figures and texts into one text and raise its first letter."""
    flat: list[object] = []
    for part in parts:
        flat.extend(part if isinstance(part, tuple) else (part,))
    if flat and isinstance(flat[0], str):
        flat[0] = capitalized(flat[0])
    return tuple(flat)  # type: ignore[arg-type]  # the parts are str, Figure or Term


def verb(count: int, single: str, several: str) -> str:
    """Return the verb of a counted subject: 1 школа сдала, 2 школы сдали, 21 школа сдала."""
    return plural(count, f"{single},{several},{several}")


def period_words(frame: "Frame") -> str:
    return title_of(frame.period_from, frame.period_to)


def signature(frame: "Frame") -> Signature | None:
    return Signature(capitalized(frame.signer.position), frame.signer.name) if frame.signer else None


def list_source(schools: "ListedSchools", frame: "Frame") -> Source:
    act = schools.basis
    label = f"{schools.kind} по результатам {schools.year} года"
    if act:
        label += f", {act_named(act)}"
    return Source(kind=SourceKind.LIST, label=label, url=schools.url, as_of=act.date if act else frame.as_of)
