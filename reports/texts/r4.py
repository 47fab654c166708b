"""The wording of R4. Source: domain specification, 6.5, and the document of 29 December 2023 that it analyses."""

from typing import TYPE_CHECKING, Final

from accounts.russian import NBSP, listing, short_date, typo
from reports.document import (
    Block,
    Document,
    Figure,
    Heading,
    ListItem,
    Paragraph,
    Source,
    SourceKind,
    Text,
    numbered,
)
from reports.texts.execution import (
    execution_chart,
    execution_sentence,
    execution_table,
    overdue_list,
    overdue_text,
)
from reports.texts.library import TO_HEAD_ON_EXECUTION, TO_HEADS_ON_EXECUTION
from reports.texts.list_changes import change_paragraphs
from reports.texts.phrases import (
    MEASURES,
    SCHOOLS,
    act_genitive,
    act_instrumental,
    in_schools,
    is_feminine,
    list_source,
    listed,
    low_schools,
    lowered,
    of_schools,
    period_words,
    quoted,
    sentence,
    signature,
    verb,
)

if TYPE_CHECKING:
    from reports.facts.parts import Frame, ListedSchools, Plan, PlanSection
    from reports.facts.r4 import FactorExecution, R4Facts

PLAN: Final = "план мероприятий («дорожная карта»)"
PLAN_GENITIVE: Final = "Плана мероприятий («дорожной карты»)"
CHART_FROM: Final = 3  # schools; fewer bars say no more than the table


def document(facts: "R4Facts") -> Document:
    frame = facts.frame
    subject = (
        f"{PLAN_GENITIVE} по сопровождению школ с низкими образовательными результатами на{NBSP}{period_words(frame)}"
    )
    owner = f" ({typo(facts.school)})" if facts.school else ""
    return Document(
        code="R4",
        title=f"Информация об исполнении {subject}{owner}",
        organisation=(typo(frame.place.authority),),
        kind_title="Информация",
        heading=f"об исполнении {subject}{owner}",
        place=frame.place.seat,
        date=frame.dated,
        blocks=(*_opening(facts), *_conclusions(facts), *_execution(facts), *_recommendations(facts)),
        attachments=_attachments(facts),
        signature=signature(frame),
        executor=frame.executor,
    )


# What the document rests on


def _opening(facts: "R4Facts") -> list[Block]:
    listing_of = _listed_school if facts.school else _list
    paragraphs = [_monitoring(facts), *(listing_of(schools, facts.frame) for schools in facts.lists)]
    changed = change_paragraphs(
        facts.changes, facts.lists, facts.frame, facts.school, has_schools=any(each.counted for each in facts.schools)
    )
    rest = [_plan(facts.plan)] if facts.plan else []
    if facts.submitted.denominator:
        rest.append(_submitted(facts))
    return [*map(Paragraph, paragraphs), *changed, *map(Paragraph, rest)]


def _monitoring(facts: "R4Facts") -> Text:
    order = facts.monitoring_order
    if facts.changes is not None and not facts.monitoring_url:  # versions built before said that it was held
        day = short_date(facts.frame.as_of)
        return sentence(
            f"на{NBSP}{day} данных мониторинга исполнения {PLAN_GENITIVE} по сопровождению ",
            low_schools("genitive"),
            f" за{NBSP}{period_words(facts.frame)} нет.",
        )
    basis = f"на основании {act_genitive(order)} " if order else ""
    held = "проводится" if facts.is_monitoring_open else "проведён"
    return sentence(
        f"{basis}{held} мониторинг исполнения {PLAN_GENITIVE} по сопровождению ",
        low_schools("genitive"),
        f" на{NBSP}{period_words(facts.frame)}.",
    )


def _list(schools: "ListedSchools", frame: "Frame") -> Text:
    """Return «В соответствии с приказом … определён перечень …, в который вошли 4 школы: …»."""
    number = len(schools.names)
    basis = f"в соответствии с {act_instrumental(schools.basis)}{_titled(schools)} " if schools.basis else ""
    return sentence(
        f"{basis}определён {lowered(schools.kind)} по результатам {schools.year}{NBSP}года, в который ",
        f"{verb(number, 'вошла', 'вошли')} ",
        Figure.count(number, list_source(schools, frame), SCHOOLS),
        f": {listed(schools.names)}.",
    )


def _listed_school(schools: "ListedSchools", _frame: "Frame") -> Text:
    """Return «В соответствии с приказом … школа включена в муниципальный перечень ШНОР по результатам 2026 года.»"""
    basis = f"в соответствии с {act_instrumental(schools.basis)}{_titled(schools)} " if schools.basis else ""
    return sentence(f"{basis}школа включена в {lowered(schools.kind)} по результатам {schools.year}{NBSP}года.")


def _titled(schools: "ListedSchools") -> str:
    return f" «{typo(schools.basis.title)}»" if schools.basis and schools.basis.title else ""


def _plan(plan: "Plan") -> Text:
    goal = f" Цель: {lowered(typo(plan.goal)).rstrip('.')}." if plan.goal else ""
    fixed = "утверждена" if is_feminine(plan.title) else "утверждён"
    approved = f"{fixed} {act_instrumental(plan.approval)}" if plan.approval else "действует"
    return sentence(f"{typo(plan.title)} {approved}.{goal}")


def _submitted(facts: "R4Facts") -> Text:
    """Return «Отчёты о реализации представили 3 из 4 школ»."""
    source = monitoring_source(facts)
    given, asked = facts.submitted.numerator or 0, facts.submitted.denominator or 0
    if facts.school:
        return (f"Отчёт о реализации плана {'представлен (прилагается)' if given else 'не представлен'}.",)
    if given == 0:
        return ("Отчёты о реализации планов школами не представлены.",)
    if given == asked:
        return sentence("отчёты о реализации планов получены от ", of_schools(given, asked, source), " (прилагаются).")
    missing = [typo(school.school) for school in facts.schools if school.is_submitted is False]
    return sentence(
        "отчёты о реализации планов получены от ",
        of_schools(given, asked, source),
        f" (прилагаются). Не представили: {listing(missing)}.",
    )


def monitoring_source(facts: "R4Facts") -> Source:
    return Source(
        kind=SourceKind.CYCLE,
        label="Сдача показателей школами",
        url=facts.monitoring_url,
        as_of=facts.frame.as_of,
    )


# Conclusions


def _conclusions(facts: "R4Facts") -> list[Block]:
    municipal = [_section(section, facts) for section in facts.plan.sections if section.counted] if facts.plan else []
    school = [*_coverage(facts), *(_factor(factor, facts) for factor in facts.factors), *_without_factor(facts)]
    levels = (
        ListItem(("На муниципальном уровне:",), (numbered(*municipal),)) if municipal else None,
        ListItem(("На школьном уровне:",), (numbered(*school),)) if school else None,
    )
    points = numbered(*(school if facts.school else levels))
    if not points.items:
        return []
    return [Heading(("Выводы",)), points]


def _section(section: "PlanSection", facts: "R4Facts") -> ListItem:
    """Return «Направление «…»: исполнено 3 мероприятия из 4 («…», «…», «…»)."""
    url = facts.plan.url if facts.plan else ""
    source = Source(kind=SourceKind.ROADMAP, label=f"Раздел «{section.title}»", url=url, as_of=facts.frame.as_of)
    done = ", ".join(quoted(title) for title in section.done_titles)
    text = (
        f"Направление {quoted(section.title)}: исполнено ",
        Figure.count(section.done, source, MEASURES),
        " из ",
        Figure.count(section.counted, source),
        f" ({done})." if done else ".",
    )
    return ListItem(text)


def _coverage(facts: "R4Facts") -> list[ListItem]:
    """Return in how many schools a roadmap is approved and in how many nothing is overdue."""
    total = len(facts.schools)
    if facts.school or not total:
        return _own_plan(facts)
    source = Source(kind=SourceKind.ROADMAP, label="Дорожные карты школ", url="/roadmaps/", as_of=facts.frame.as_of)
    planned = sum(school.counted is not None for school in facts.schools)
    punctual = sum(school.overdue == 0 for school in facts.schools)
    items = []
    if planned:
        items.append(ListItem(sentence(in_schools(planned, total, source), f" утверждён и реализуется {PLAN}.")))
    if punctual:
        items.append(ListItem(sentence(in_schools(punctual, total, source), " нет просроченных мероприятий.")))
    return items


def _own_plan(facts: "R4Facts") -> list[ListItem]:
    """Return what is said of the plan of the one school of the report."""
    items = []
    for school in facts.schools:
        approved = f"утверждён {act_instrumental(school.approval)}" if school.approval else "утверждён"
        if school.counted is not None:
            items.append(ListItem(sentence(f"{PLAN} школы {approved} и реализуется.")))
        if school.overdue == 0:
            items.append(ListItem(("Просроченных мероприятий нет.",)))
    return items


def _factor(factor: "FactorExecution", facts: "R4Facts") -> ListItem:
    source = Source(
        kind=SourceKind.ROADMAP,
        label=f"Мероприятия школ по фактору риска «{factor.title}»",
        url="/roadmaps/",
        as_of=facts.frame.as_of,
    )
    is_told = factor.fulfilled and not facts.school
    return ListItem(
        (
            f"Фактор риска «{typo(factor.title)}»: исполнено ",
            Figure.count(factor.done, source, MEASURES),
            " из ",
            Figure.count(factor.counted, source),
            *(("; полностью – ", *in_schools(factor.fulfilled, factor.schools, source)) if is_told else ()),
            ".",
        ),
    )


def _without_factor(facts: "R4Facts") -> list[ListItem]:
    """Return the measures that work on no risk factor, so that the items add up to the whole of the schools."""
    counted = sum(school.counted or 0 for school in facts.schools) - sum(factor.counted for factor in facts.factors)
    done = sum(school.done or 0 for school in facts.schools) - sum(factor.done for factor in facts.factors)
    if not facts.factors or counted <= 0:
        return []
    source = Source(
        kind=SourceKind.ROADMAP, label="Мероприятия школ вне факторов риска", url="/roadmaps/", as_of=facts.frame.as_of
    )
    told = ("Мероприятия вне факторов риска: исполнено ", Figure.count(done, source, MEASURES))
    return [ListItem((*told, " из ", Figure.count(counted, source), "."))]


def _execution(facts: "R4Facts") -> list[Block]:
    if not facts.schools:
        return []
    blocks: list[Block] = [
        Heading(("Исполнение дорожной карты" if facts.school else "Исполнение по школам",)),
        Paragraph(execution_sentence(facts.schools, facts.frame)),
        execution_table(facts.schools, facts.frame),
    ]
    if len(facts.schools) >= CHART_FROM:
        blocks.append(execution_chart(facts.schools, facts.frame))
    return blocks


# Recommendations


def _recommendations(facts: "R4Facts") -> list[Block]:
    if not facts.recommends:
        return []
    points = _to_head(facts) if facts.school else _to_heads(facts)
    whom = "Руководителю общеобразовательной организации:"
    return [
        Heading(("Рекомендации",)),
        Paragraph((whom if facts.school else "Руководителям общеобразовательных организаций:",)),
        numbered(*points),
    ]


def _to_heads(facts: "R4Facts") -> list[ListItem]:
    late = overdue_list(facts.schools, facts.frame)
    addressed = [ListItem(("Исполнить просроченные мероприятия дорожных карт:",), (late,))] if late else []
    return [*addressed, *(ListItem((text,)) for text in TO_HEADS_ON_EXECUTION)]


def _to_head(facts: "R4Facts") -> list[ListItem]:
    late = [ListItem(overdue_text(school, facts.frame)) for school in facts.schools if school.overdue]
    return [*late, *(ListItem((text,)) for text in TO_HEAD_ON_EXECUTION)]


def _attachments(facts: "R4Facts") -> tuple[str, ...]:
    if not facts.submitted.numerator:
        return ()
    one = "Приложение: отчёт школы о реализации плана мероприятий."
    return (one if facts.school else "Приложение: отчёты школ о реализации планов мероприятий.",)
