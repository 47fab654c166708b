"""The wording of R1. Source: domain specification, 6.1, and the document of 2020-2021 that it analyses."""

from typing import TYPE_CHECKING, Final

from accounts.russian import NBSP, plural, short_date, typo
from reports.document import (
    Align,
    Block,
    BulletList,
    Column,
    Document,
    Figure,
    Heading,
    ListItem,
    Paragraph,
    Row,
    Source,
    SourceKind,
    Table,
    Text,
    numbered,
)
from reports.facts.parts import Circle
from reports.texts.execution import execution_sentence, execution_table, overdue_list
from reports.texts.library import ALGORITHM, TASKS, TO_HEADS, TO_METHODISTS
from reports.texts.list_changes import change_paragraphs
from reports.texts.phrases import (
    FACTORS,
    MEASURES,
    SCHOOLS,
    SCHOOLS_OF,
    act_genitive,
    act_instrumental,
    change_note,
    change_of,
    in_schools,
    is_feminine,
    list_source,
    listed,
    low_schools,
    lowered,
    period_words,
    quoted,
    sentence,
    share_of,
    signature,
    verb,
)

if TYPE_CHECKING:
    from reports.facts.parts import Frame, ListedSchools
    from reports.facts.r1 import CycleFacts, FactorSpread, MetricFacts, Outcome, Profiles, R1Facts

NAMED_FACTORS: Final = 3
PROCEDURES_BY: Final = "процедуре,процедурам,процедурам"  # после «по»
OUTCOME_NOTE: Final = f"Доля{NBSP}– участники с низким результатом среди всех участников, по {{}} вместе."
CIRCLES: Final = {  # после «по»
    Circle.LISTED: "школам перечня",
    Circle.PLANNED: "школам с утверждёнными дорожными картами",
    Circle.BOTH: "школам перечня и школам с утверждёнными дорожными картами",
}
FACTOR_COLUMNS: Final = (
    Column("Фактор риска", 50),
    Column("Подтверждён, школ", 18, Align.RIGHT),
    Column("В работе, школ", 14, Align.RIGHT),
)
OUTCOME_COLUMNS: Final = (
    Column("Процедура", 16),
    Column("Предмет", 20),
    Column("Год", 9, Align.CENTER, is_number=True),
    Column("Доля низких результатов годом ранее", 18, Align.RIGHT, "%"),
    Column("Доля низких результатов", 18, Align.RIGHT, "%"),
    Column("Изменение", 18, Align.RIGHT, f"п.{NBSP}п."),
)
METRIC_COLUMNS: Final = (
    Column("Показатель", 42),
    Column("Представили, школ", 18, Align.RIGHT),
    Column("Числитель", 14, Align.RIGHT),
    Column("Знаменатель", 17, Align.RIGHT),
    Column("Значение", 14, Align.RIGHT, "%"),
    Column("Цель, %", 9, Align.CENTER, is_number=True),
)


def document(facts: "R1Facts") -> Document:
    frame = facts.frame
    subject = (
        "по оказанию методической помощи школам с низкими образовательными результатами "
        f"в{NBSP}{frame.place.name_prepositional} за{NBSP}{period_words(frame)}"
    )
    return Document(
        code="R1",
        title=f"Аналитическая справка {subject}",
        organisation=(typo(frame.place.authority),),
        kind_title="Аналитическая справка",
        heading=typo(subject),
        place=frame.place.seat,
        date=frame.dated,
        blocks=(*_opening(facts), *_work(facts), *_outcomes(facts), *_recommendations(facts)),
        signature=signature(frame),
        executor=frame.executor,
    )


def _opening(facts: "R1Facts") -> list[Block]:
    lists = [Paragraph(_list(schools, facts)) for schools in facts.lists]
    return [*lists, *change_paragraphs(facts.changes, facts.lists, facts.frame, has_schools=bool(facts.schools))]


def _list(schools: "ListedSchools", facts: "R1Facts") -> Text:
    number, source = len(schools.names), list_source(schools, facts.frame)
    basis = f" Перечень утверждён {act_instrumental(schools.basis)}." if schools.basis else ""
    return sentence(
        "к ",
        low_schools("dative"),
        f" по результатам {schools.year}{NBSP}года {verb(number, 'относится', 'относятся')} ",
        Figure.count(number, source),
        " из ",
        Figure.count(facts.total_schools, source, SCHOOLS_OF),
        f" {facts.frame.place.name_genitive} (",
        Figure.share(number, facts.total_schools, source, is_told=True),
        f"): {listed(schools.names)}.{basis}",
    )


# What was done, point by point; a point without facts is left out and the others are renumbered


def _work(facts: "R1Facts") -> list[Block]:
    """Return the points with facts; without any of them the standard wording would claim work nobody recorded."""
    points = (
        _plan(facts),
        _toolkit(facts.profiles) if facts.profiles else None,
        _self_diagnosis(facts),
        _analysis(facts),
        _school_plans(facts),
        _complex_plan(facts),
        *(_cycle(cycle, facts.frame) for cycle in facts.cycles),
    )
    if not any(points):
        return []
    algorithm = ListItem(("Методическая поддержка школ ведётся по алгоритму:",), (_bullets(ALGORITHM),))
    opening = sentence("в рамках работы со ", low_schools("instrumental"), " проведена следующая работа:")
    return [Paragraph(opening), numbered(*points, algorithm)]


def _bullets(texts: tuple[str, ...]) -> BulletList:
    return BulletList(tuple((text,) for text in texts))


def _plan(facts: "R1Facts") -> ListItem | None:
    plan = facts.plan
    if plan is None:
        return None
    made, fixed = ("разработана", "утверждена") if is_feminine(plan.title) else ("разработан", "утверждён")
    approved = f", {fixed} {act_instrumental(plan.approval)}" if plan.approval else ""
    goal = f" Цель: {lowered(typo(plan.goal)).rstrip('.')}." if plan.goal else ""
    text = sentence(f"{made} {lowered(typo(plan.title))}{approved}.{goal} Приоритетные задачи:")
    return ListItem(text, (_bullets(TASKS),))


def _toolkit(profiles: "Profiles") -> ListItem:
    source = Source(kind=SourceKind.PROFILE, label=profiles.catalogue, url="/risk-profiles/")
    return ListItem(
        (
            f"Для анализа причин низких результатов применяется каталог «{typo(profiles.catalogue)}»: ",
            Figure.count(profiles.factors, source, FACTORS),
            " риска.",
        ),
    )


def profile_source(facts: "R1Facts") -> Source:
    return Source(
        kind=SourceKind.PROFILE,
        label="Рисковые профили школ",
        url="/risk-profiles/",
        as_of=facts.frame.as_of,
    )


def _self_diagnosis(facts: "R1Facts") -> ListItem | None:
    """Return «Самодиагностика по факторам риска проведена во всех 4 школах.»"""
    share = facts.profiles.self_diagnosed if facts.profiles else None
    if share is None or not share.numerator or not share.denominator:
        return None
    where = in_schools(share.numerator, share.denominator, profile_source(facts))
    return ListItem(("Самодиагностика по факторам риска проведена ", *where, "."))


def _analysis(facts: "R1Facts") -> ListItem | None:
    """Return how many profiles are verified, the commonest risks, and their table."""
    share = facts.profiles.verified if facts.profiles else None
    if share is None or not share.numerator or not share.denominator:
        return None
    where = in_schools(share.numerator, share.denominator, profile_source(facts))
    text: Text = ("Проведён анализ деятельности, рисковый профиль верифицирован ", *where, ".")
    if not facts.factors:
        return ListItem(text)
    return ListItem((*text, *_commonest(facts)), (_factor_table(facts),))


def _commonest(facts: "R1Facts") -> Text:
    """Return « Чаще других подтверждены риски: «…» (3 школы), «…» (2 школы).»"""
    parts: list[str | Figure] = []
    for factor in facts.factors[:NAMED_FACTORS]:
        count = Figure.count(factor.confirmed, profile_source(facts), SCHOOLS)
        parts += [f"{', ' if parts else ''}«{typo(factor.title)}» (", count, ")"]
    named = min(len(facts.factors), NAMED_FACTORS)
    risks = plural(named, "Подтверждён риск,Чаще других подтверждены риски,Чаще других подтверждены риски")
    return (f" {risks}: ", *parts, ".")


def _factor_table(facts: "R1Facts") -> Table:
    rows = tuple(_factor_row(factor, facts) for factor in facts.factors)
    return Table("Подтверждённые факторы риска", FACTOR_COLUMNS, rows)


def _factor_row(factor: "FactorSpread", facts: "R1Facts") -> Row:
    source = profile_source(facts)
    return (typo(factor.title), Figure.count(factor.confirmed, source), Figure.count(factor.activated, source))


def _school_plans(facts: "R1Facts") -> ListItem | None:
    planned = sum(school.counted is not None for school in facts.schools)
    if not planned:
        return None
    source = Source(kind=SourceKind.ROADMAP, label="Дорожные карты школ", url="/roadmaps/", as_of=facts.frame.as_of)
    where = in_schools(planned, len(facts.schools), source)
    return ListItem(("Дорожные карты по снижению рисков утверждены ", *where, "."))


def _complex_plan(facts: "R1Facts") -> ListItem | None:
    """Return what the plan of the territory has brought: its done measures by sections."""
    plan = facts.plan
    sections = [section for section in plan.sections if section.done] if plan else []
    if plan is None or not sections:
        return None
    items = []
    for section in sections:
        source = Source(
            kind=SourceKind.ROADMAP, label=f"Раздел «{section.title}»", url=plan.url, as_of=facts.frame.as_of
        )
        titles = ", ".join(quoted(title) for title in section.done_titles)
        end = "." if section is sections[-1] else ";"
        done = Figure.count(section.done, source, MEASURES)
        items.append((f"направление {quoted(section.title)} – ", done, f": {titles}{end}"))
    return ListItem(("По плану проведены мероприятия:",), (BulletList(tuple(items)),))


def cycle_source(cycle: "CycleFacts") -> Source:
    return Source(kind=SourceKind.CYCLE, label=f"{cycle.stage} мониторинг", url=cycle.url, as_of=cycle.as_of)


def _cycle(cycle: "CycleFacts", frame: "Frame") -> ListItem | None:
    """Return «Проведён входной мониторинг (данные на 01.10.2026): показатели сдали 4 из 4 школ.»"""
    if not cycle.submitted.denominator or cycle.as_of > frame.as_of:
        return None
    basis = f" на основании {act_genitive(cycle.basis)}" if cycle.basis else ""
    held, stage = "Проводится" if cycle.is_open else "Проведён", cycle.stage.lower()
    opening = f"{held} {stage} мониторинг{basis} (данные на{NBSP}{short_date(cycle.as_of)}): "
    return ListItem((opening, *_handed_in(cycle)))


def _handed_in(cycle: "CycleFacts") -> Text:
    """Return «показатели сдали 4 из 6 школ.»"""
    given = cycle.submitted.numerator
    if not given:
        return (f"показатели школами {'пока ' if cycle.is_open else ''}не сданы.",)
    return (
        f"показатели {verb(given, 'сдала', 'сдали')} ",
        Figure.count(given, cycle_source(cycle)),
        " из ",
        Figure.count(cycle.submitted.denominator, cycle_source(cycle), SCHOOLS_OF),
        ".",
    )


# What came of it


def _outcomes(facts: "R1Facts") -> list[Block]:
    parts = [*_results(facts), *_metrics(facts), *_execution(facts)]
    return [Heading(("Результаты",)), *parts] if parts else []


def _results(facts: "R1Facts") -> list[Block]:
    if not facts.outcomes:
        return []
    lower = sum(_is_lower(outcome) for outcome in facts.outcomes)
    compared = sum(outcome.before.numerator is not None for outcome in facts.outcomes)
    blocks: list[Block] = []
    if compared:
        blocks.append(Paragraph(_lowered_in(lower, compared, facts)))
    rows = tuple(_outcome_row(outcome, facts) for outcome in facts.outcomes)
    note = f"{OUTCOME_NOTE.format(CIRCLES[facts.circle])} {change_note(facts.frame)}"
    return [*blocks, Table("Доля низких результатов", OUTCOME_COLUMNS, rows, notes=(note,))]


def _lowered_in(lower: int, compared: int, facts: "R1Facts") -> Text:
    """Return «… доля низких результатов снизилась по 2 процедурам из 4.»"""
    source = result_source(facts)
    opening = f"В целом по {CIRCLES[facts.circle]} доля низких результатов "
    if not lower:
        return (f"{opening}не снизилась ни по одной процедуре.",)
    return (
        f"{opening}снизилась по ",
        Figure.count(lower, source, PROCEDURES_BY),
        " из ",
        Figure.count(compared, source),
        ".",
    )


def result_source(facts: "R1Facts") -> Source:
    return Source(
        kind=SourceKind.RESULTS,
        label=f"Сумма по {CIRCLES[facts.circle]}, русский язык и математика",
        url="/schools/",
        as_of=facts.frame.as_of,
    )


def _is_lower(outcome: "Outcome") -> bool:
    """Compare exact shares: by counts, never by rounded percentages."""
    before, now = outcome.before, outcome.now
    if not before.denominator or before.numerator is None or not now.denominator or now.numerator is None:
        return False
    return now.numerator * before.denominator < before.numerator * now.denominator


def _outcome_row(outcome: "Outcome", facts: "R1Facts") -> Row:
    source = result_source(facts)
    before, now = share_of(outcome.before, source), share_of(outcome.now, source)
    return (
        outcome.procedure,
        outcome.subject,
        str(outcome.year),
        before,
        now,
        change_of(now, before, source, facts.frame),
    )


def _metrics(facts: "R1Facts") -> list[Block]:
    if not facts.metrics:
        return []
    rows = tuple(_metric_row(metric, facts) for metric in facts.metrics)
    return [Table("Показатели мониторинга", METRIC_COLUMNS, rows, notes=tuple(map(_stage_note, facts.cycles[-1:])))]


def _stage_note(cycle: "CycleFacts") -> str:
    return (
        f"{cycle.stage} мониторинг, данные на{NBSP}{short_date(cycle.as_of)}. Учтены показатели, которые школы сдали; "
        "числители и знаменатели сложены по школам."
    )


def _metric_row(metric: "MetricFacts", facts: "R1Facts") -> Row:
    source = Source(
        kind=SourceKind.CYCLE,
        label=f"{metric.code} {metric.title}",
        url=metric.url,
        as_of=facts.frame.as_of,
    )
    return (
        f"{metric.code} {typo(metric.title)}",
        Figure.count(metric.reported.numerator, source),
        Figure.count(metric.value.numerator, source),
        Figure.count(metric.value.denominator, source),
        share_of(metric.value, source),
        metric.target_percent.replace(".", ",") or "–",
    )


def _execution(facts: "R1Facts") -> list[Block]:
    if not any(school.counted for school in facts.schools):
        return []
    first, *rest = execution_sentence(facts.schools, facts.frame)
    return [
        Paragraph((f"По дорожным картам школ {lowered(str(first))}", *rest)),
        execution_table(facts.schools, facts.frame),
    ]


# Recommendations, grouped by those who are asked


def _recommendations(facts: "R1Facts") -> list[Block]:
    if not facts.recommends:
        return []
    late = overdue_list(facts.schools, facts.frame)
    late_point = ListItem(("Исполнить просроченные мероприятия дорожных карт:",), (late,)) if late else None
    to_methodists = numbered(*(ListItem((text,)) for text in TO_METHODISTS))
    to_heads = numbered(late_point, *(ListItem((text,)) for text in TO_HEADS))
    points = numbered(
        ListItem(("Муниципальной методической службе:",), (to_methodists,)),
        ListItem(sentence("руководителям ", low_schools("genitive"), ":"), (to_heads,)),
    )
    return [Heading(("Адресные рекомендации",)), points]
