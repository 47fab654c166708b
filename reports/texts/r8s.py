"""The wording of R8S, the extract that tells the head of a school why it is in the list.

Source: domain specification, 1.4 and 6.7.
"""

from typing import TYPE_CHECKING, Final

from accounts.russian import NBSP, capitalized, typo
from reports.document import (
    Align,
    Block,
    BulletList,
    CellTone,
    Column,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Row,
    Source,
    SourceKind,
    Table,
    Tone,
    Tones,
)
from reports.texts.list_changes import change_sentence
from reports.texts.phrases import act_named, in_genitive, signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.facts.r8s import AroundFacts, Grounds, R8SFacts, WorkFacts

COLUMNS: Final = (
    Column("Работа", 34),
    Column("Год", 8, Align.CENTER, is_number=True),
    Column("Всего работ", 11, Align.RIGHT),
    Column("Из них низких", 11, Align.RIGHT),
    Column("Доля", 11, Align.RIGHT, "%"),
    Column("Порог: низких работ", 12, Align.RIGHT),
    Column("Расстояние до порога", 34),
    Column("Интервал 95 %", 18, Align.CENTER),
    Column("Источник", 34),
)
MARKS: Final = (
    f"•{NBSP}– порог достигнут. В скобках – не учтена. «Порог: низких работ» – наименьшее число низких работ, при "
    "котором доля достигает порога. Интервал (Уилсона) показывает, насколько доля могла бы отличаться при другом "
    "составе участников; на вывод он не влияет."
)
STEP_WORDS: Final = {"ok": "Выполнено", "no": "Не выполнено", "warn": "Обратите внимание", "info": "К сведению"}
MISTAKE: Final = (
    "Если в данных есть ошибка, сообщите координатору: расчёт проводят заново, опубликованный перечень меняют приказом."
)
AROUND_NOTE: Final = (
    "Суммы – по результатам, которые были в портале в день составления выписки; числа школы и их источники – по "
    "состоянию на день расчёта."
)
NO_GROUNDS: Final = "Школа включена в перечень по документу или решением: расчёт портала её не называет."


def document(facts: "R8SFacts") -> Document:
    frame, grounds = facts.frame, facts.grounds
    name = typo(facts.school)
    subject = f"{in_genitive(facts.kind)} по результатам {facts.year}{NBSP}года: основания включения школы {name}"
    return Document(
        code="R8S",
        title=f"Выписка из {subject}",
        organisation=(typo(frame.place.authority),),
        kind_title="Выписка",
        heading=f"из {subject}",
        place=frame.place.seat,
        date=frame.dated,
        blocks=(
            *_list(facts),
            *(_calculation(grounds, facts) if grounds else _by_document(facts)),
        ),
        signature=signature(frame),
        executor=frame.executor,
    )


def source_of(facts: "R8SFacts") -> Source:
    label = f"{facts.kind} по результатам {facts.year} года"
    return Source(kind=SourceKind.CALCULATION, label=label, url=facts.url, as_of=facts.frame.as_of)


def _list(facts: "R8SFacts") -> list[Block]:
    order = f" утверждён: {act_named(facts.basis)}." if facts.basis else " утверждён."
    inn = f" (ИНН {facts.inn})" if facts.inn else ""
    told = f"Школа: {typo(facts.school)}{inn}. {facts.kind} по результатам {facts.year}{NBSP}года{order}"
    blocks: list[Block] = [Paragraph((typo(told),))]
    if facts.annulled:
        blocks.append(Note((change_sentence(facts.annulled, facts.frame),), Tone.WARNING))
    if facts.left:
        blocks.append(Note((f"Школа {typo(facts.left)}.",)))
    if facts.note:
        blocks.append(Paragraph((f"Примечание перечня: {typo(facts.note).rstrip('.')}.",)))
    return blocks


def _by_document(facts: "R8SFacts") -> list[Block]:
    if not facts.item_reasons:
        return [Paragraph((NO_GROUNDS,)), Paragraph((MISTAKE,))]
    return [Heading(("Причины",)), reason_list(facts.item_reasons), Paragraph((MISTAKE,))]


def reason_list(reasons: "Sequence[str]") -> BulletList:
    """Return reasons of a verdict as this document sets them: pages have a long dash, documents a short one."""
    return BulletList(tuple((typo(reason).replace("—", "–"),) for reason in reasons))


def _calculation(grounds: "Grounds", facts: "R8SFacts") -> list[Block]:
    verdict = (
        f"Вывод правила: {grounds.verdict.lower()}. Правило: {typo(grounds.rule)}. {typo(grounds.rule_told)} "
        f"Порог доли низких результатов – {grounds.threshold}."
    )
    blocks: list[Block] = [
        Paragraph((verdict,)),
        Heading(("Как получен вывод",)),
        BulletList(tuple((f"{STEP_WORDS[step.kind]}: {typo(step.text).rstrip('.')}.",) for step in grounds.steps)),
        Heading(("Причины",)),
        reason_list(grounds.reasons),
    ]
    told = {
        "Решение координатора": typo(grounds.decision),
        "Нет результатов": grounds.missing,
        "Результаты загружены": "; ".join(grounds.loaded),
    }
    blocks += [Paragraph((f"{title}: {text}.",)) for title, text in told.items() if text]
    return [*blocks, *_signs(grounds), Paragraph((MISTAKE,)), *_around(grounds, facts), _works(grounds, facts)]


def _works(grounds: "Grounds", facts: "R8SFacts") -> Table:
    return Table(
        "Результаты процедур и порог",
        COLUMNS,
        tuple(_work_row(work, facts) for work in grounds.works),
        notes=(MARKS, *map(typo, grounds.quarters)),
        is_wide=True,
        tones=tuple(_work_tones(work) for work in grounds.works),
    )


def _work_row(work: "WorkFacts", facts: "R8SFacts") -> Row:
    label = typo(work.source) if work.source else f"Результаты: {typo(facts.school)}"
    source = Source(kind=SourceKind.RESULTS, label=label, url=facts.url, as_of=facts.frame.as_of)
    return (
        work.title,
        str(work.year),
        Figure.count(work.participants, source),
        Figure.count(work.low, source),
        Figure.share(work.low, work.participants, source, 2),
        Figure.count(work.needed, source_of(facts)),
        capitalized(work.note),
        work.interval,
        typo(work.source),
    )


def _work_tones(work: "WorkFacts") -> Tones:
    tone = CellTone.BAD if work.is_low else None if work.is_counted else CellTone.OUT
    return tuple(tone if place == 4 else None for place in range(len(COLUMNS)))


def _signs(grounds: "Grounds") -> list[Block]:
    if not grounds.signs:
        return []
    told = "Признаки необъективности – повод проверить работу, а не вывод о школе; расчёт они сами не меняют:"
    return [Paragraph((told,)), BulletList(tuple((f"{typo(sign).rstrip('.')}.",) for sign in grounds.signs))]


def _around(grounds: "Grounds", facts: "R8SFacts") -> list[Block]:
    """Return the same works around the school, which the verdict does not rest on."""
    if not grounds.around:
        return []
    columns = (
        Column("Работа", 40),
        Column("Где", 40),
        Column("Всего работ", 14, Align.RIGHT),
        Column("Из них низких", 14, Align.RIGHT),
        Column("Доля", 12, Align.RIGHT, "%"),
    )
    rows: tuple[Row, ...] = tuple(_around_row(each, facts) for each in grounds.around)
    title = "Для сравнения (на вывод не влияет)"
    return [Table(title, columns, rows, notes=(AROUND_NOTE,), is_grouped=True)]


def _around_row(each: "AroundFacts", facts: "R8SFacts") -> Row:
    label = typo(f"Сумма по результатам школ: {each.place}")
    source = Source(kind=SourceKind.RESULTS, label=label, as_of=facts.frame.as_of)
    return (
        each.title,
        typo(each.place),
        Figure.count(each.participants, source),
        Figure.count(each.low, source),
        Figure.share(each.low, each.participants, source, 2),
    )
