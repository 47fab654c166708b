"""Every parameter of a rule set, declared once: its type, bounds, allowed values, and what it is called in Russian.

Reading, the words of a rule and forms are made from this table. Source: domain specification, 1.3.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final

from schools.identification.reading import Reader
from schools.identification.terms import (
    Attempt,
    ClusterKey,
    Combine,
    CutKind,
    ExitRule,
    LowDefinition,
    Measure,
    MissingMode,
    ObjectivityMode,
    Pooling,
    Procedure,
    RankingRule,
    RelativeRule,
    RiskGroupRule,
    SocialRule,
    Statistic,
    TrendRule,
    Use,
)


class Kind(StrEnum):
    """What a value of a parameter is, and so how it is asked for."""

    INTEGER = "INTEGER"
    INTEGERS = "INTEGERS"  # a growing list
    DECIMAL = "DECIMAL"  # above 0, at most two digits after the point
    PERCENT = "PERCENT"  # the same, up to 100
    BOOLEAN = "BOOLEAN"
    CHOICE = "CHOICE"
    CHOICES = "CHOICES"  # some members, their order kept
    CODE = "CODE"  # a reference to something outside of the rule
    STRINGS = "STRINGS"  # a set of words; `offered` names those that make sense
    KINDS = "KINDS"  # a list of kinds of procedures
    PROCEDURES = "PROCEDURES"
    LOW_DEFINITION = "LOW_DEFINITION"  # kind of procedure -> choice
    LOW_LEVELS = "LOW_LEVELS"  # code of a scale -> its low levels
    RULE = "RULE"  # a table of parameters of its own, or nothing when `is_optional`


class Section(StrEnum):
    WORKS = "Какие работы считаются"
    CONDITIONS = "Условия"
    SMALL = "Малые школы"
    DATA = "Данные"
    REGION = "Сравнение с другими школами"
    OUTCOME = "Группа риска и выход из перечня"


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter. choices: value -> Russian title; parts: parameters of a nested rule, read into `rule`."""

    name: str
    kind: Kind
    title: str
    hint: str = ""
    section: Section = Section.CONDITIONS
    choices: Mapping[str, str] | None = None
    choice: type[StrEnum] | None = None
    least: int | None = None
    parts: tuple["Parameter", ...] = ()
    rule: type[Any] | None = None
    is_optional: bool = False

    def title_of(self, value: object) -> str:
        """Return the Russian title of one of the choices."""
        return (self.choices or {})[str(value)]


def choice(name: str, of: type[StrEnum], titles: Mapping[Any, str], **fields: Any) -> Parameter:
    titled = {str(member): titles[member] for member in of}
    return Parameter(name=name, **{"kind": Kind.CHOICE, **fields}, choice=of, choices=titled)


USE_TITLES: Final = {
    Use.SOLE: "решает только оно",
    Use.ANY: "достаточно его или условий самой школы",
    Use.ALL: "нужны и оно, и условия самой школы",
}
LOW_TITLES: Final = {
    LowDefinition.MARK_2: "отметка «2»",
    LowDefinition.BELOW_MINIMUM: "ниже минимального балла",
    LowDefinition.LEVEL_INSUFFICIENT: "самый низкий уровень шкалы",
    LowDefinition.LEVEL_INSUFFICIENT_OR_LOW: "два самых низких уровня шкалы",
    LowDefinition.LEVELS_OF_SCALE: "уровни, названные низкими",
    LowDefinition.LOWER_QUARTILE: "в нижней четверти первичных баллов",
}
CLUSTER_TITLES: Final = {
    ClusterKey.KIND: "вид школы",
    ClusterKey.LOCALITY: "тип населённого пункта",
    ClusterKey.SIZE: "число обучающихся",
    ClusterKey.SOCIAL: "социальные условия",
    ClusterKey.ASSIGNED: "кластер региона",
}

RELATIVE_PARTS: Final = (
    choice(
        "cluster_by", ClusterKey, CLUSTER_TITLES, kind=Kind.CHOICES, title="Похожими считаются школы, у которых общие"
    ),
    Parameter(
        name="cluster_set",
        kind=Kind.CODE,
        title="Набор кластеров региона",
        hint="Нужен, когда отмечен кластер региона. Расчёт берёт последнюю версию набора на год результатов",
    ),
    choice(
        "statistic",
        Statistic,
        {
            Statistic.QUARTILE: "нижняя четверть кластера",
            Statistic.PERCENTILE: "худшие проценты кластера",
            Statistic.ZSCORE: "стандартные отклонения от среднего",
        },
        title="Чем измеряется отставание",
    ),
    Parameter(
        name="cut",
        kind=Kind.DECIMAL,
        title="Граница",
        hint="Для четверти — 25; для худших процентов — меньше 100; для стандартных отклонений — их число",
    ),
    Parameter(name="min_schools", kind=Kind.INTEGER, least=2, title="Школ в кластере не менее"),
    Parameter(
        name="size_bounds",
        kind=Kind.INTEGERS,
        least=1,
        title="Границы размеров, обучающихся",
        hint="Нужны, когда школы сравниваются по числу обучающихся",
    ),
    choice(
        "measure",
        Measure,
        {Measure.TOTAL: "все работы года вместе", Measure.EACH_WORK: "каждая работа отдельно"},
        title="Что сравнивается",
        hint="Отдельно — место в кластере по каждой работе, затем число работ за границей",
    ),
    Parameter(
        name="min_procedures",
        kind=Kind.INTEGER,
        least=1,
        title="Работ за границей не менее",
        hint="Когда каждая работа сравнивается отдельно",
    ),
    choice("use", Use, USE_TITLES, title="Как соединяется с условиями школы"),
)
RANKING_PARTS: Final = (
    Parameter(name="groups", kind=Kind.KINDS, title="Группы показателей", hint="Виды работ, каждый — своя группа"),
    choice(
        "cut_kind",
        CutKind,
        {CutKind.PERCENT: "проценты школ", CutKind.SCHOOLS: "число школ"},
        title="Чем задана граница",
    ),
    Parameter(name="cut", kind=Kind.DECIMAL, title="Последние в рейтинге"),
    Parameter(name="min_schools", kind=Kind.INTEGER, least=2, title="Школ в рейтинге не менее"),
    choice("use", Use, USE_TITLES, title="Как соединяется с условиями школы"),
)
TREND_PARTS: Final = (
    Parameter(name="years", kind=Kind.INTEGER, least=2, title="За сколько лет"),
    Parameter(name="high_share_pct", kind=Kind.PERCENT, title="Стабильно высокие: доля «4» и «5» не менее, %"),
)
RISK_PARTS: Final = (
    Parameter(name="share_min", kind=Kind.PERCENT, title="Доля низких результатов от, %"),
    Parameter(name="share_max", kind=Kind.PERCENT, title="Доля низких результатов до, %"),
    Parameter(name="min_procedures", kind=Kind.INTEGER, least=1, title="Процедур не менее"),
)

PARAMETERS: Final = (
    Parameter(
        name="procedures",
        kind=Kind.PROCEDURES,
        title="Оценочные процедуры",
        hint="Вид работы, предмет и класс программы",
        section=Section.WORKS,
    ),
    choice(
        "low_definition",
        LowDefinition,
        LOW_TITLES,
        kind=Kind.LOW_DEFINITION,
        title="Низкий результат",
        hint="Для каждого вида работы",
        section=Section.WORKS,
    ),
    Parameter(
        name="low_levels",
        kind=Kind.LOW_LEVELS,
        title="Низкие уровни шкал",
        hint="Если не указаны — те, что названы низкими в самой шкале",
        section=Section.WORKS,
    ),
    Parameter(
        name="share_threshold_pct",
        kind=Kind.PERCENT,
        title="Доля низких результатов не менее",
        hint="Сравниваются целые числа участников, доля не округляется",
    ),
    Parameter(name="min_procedures", kind=Kind.INTEGER, least=1, title="Условие 1: процедур за порогом"),
    Parameter(
        name="years_required", kind=Kind.INTEGER, least=1, title="Условие 1 выполняется подряд", hint="Сколько лет"
    ),
    Parameter(name="repeat_same_procedure", kind=Kind.BOOLEAN, title="Условие 2: та же процедура за порогом подряд"),
    Parameter(name="repeat_years", kind=Kind.INTEGER, least=2, title="Условие 2: лет подряд"),
    choice(
        "combine",
        Combine,
        {
            Combine.ANY: "достаточно одного",
            Combine.ALL: "нужны оба",
            Combine.C1_ONLY: "только условие 1",
            Combine.C2_ONLY: "только условие 2",
        },
        title="Соединение условий",
        hint="Официально «и» или «или» не установлено",
    ),
    Parameter(name="count_subject_once", kind=Kind.BOOLEAN, title="Параллели предмета — одна процедура"),
    Parameter(
        name="min_participants",
        kind=Kind.INTEGER,
        least=1,
        title="Участников не менее",
        hint="Работа с меньшим числом участников не учитывается, но показывается",
        section=Section.SMALL,
    ),
    Parameter(
        name="small_n_warning",
        kind=Kind.INTEGER,
        least=0,
        title="Предупреждать о малой выборке",
        section=Section.SMALL,
    ),
    choice(
        "pool_small_schools",
        Pooling,
        {
            Pooling.NONE: "не объединяются",
            Pooling.GRADES: "малые параллели предмета — вместе",
            Pooling.YEARS: "та же работа за три года — вместе",
        },
        title="Работы, где участников мало",
        section=Section.SMALL,
    ),
    Parameter(
        name="exclude_types",
        kind=Kind.STRINGS,
        title="Правило не распространяется на виды",
        section=Section.DATA,
    ),
    Parameter(
        name="exclude_adapted_programmes",
        kind=Kind.BOOLEAN,
        title="Обучающиеся по адаптированным программам не входят",
        hint="Так построены исходные файлы; портал их числа не пересчитывает",
        section=Section.DATA,
    ),
    choice(
        "attempt",
        Attempt,
        {Attempt.FIRST: "до пересдач", Attempt.FINAL: "с учётом пересдач"},
        title="ОГЭ и ЕГЭ",
        section=Section.DATA,
    ),
    choice(
        "objectivity_mode",
        ObjectivityMode,
        {
            ObjectivityMode.IGNORE: "не учитываются",
            ObjectivityMode.FLAG: "процедура учитывается, школа отмечается",
            ObjectivityMode.DROP_PROCEDURE: "процедура не учитывается",
            ObjectivityMode.SEPARATE_LIST: "отдельный перечень; такой результат не говорит в пользу школы",
        },
        title="Признаки необъективности",
        section=Section.DATA,
    ),
    choice(
        "missing_mode",
        MissingMode,
        {
            MissingMode.NO_DATA: "не считается хорошим результатом",
            MissingMode.TREAT_AS_OK: "считается хорошим результатом",
        },
        title="Нет результата",
        section=Section.DATA,
    ),
    Parameter(
        name="relative_rule",
        kind=Kind.RULE,
        title="Среди похожих школ",
        section=Section.REGION,
        parts=RELATIVE_PARTS,
        rule=RelativeRule,
        is_optional=True,
    ),
    Parameter(
        name="ranking_rule",
        kind=Kind.RULE,
        title="Рейтинг по группам показателей",
        section=Section.REGION,
        parts=RANKING_PARTS,
        rule=RankingRule,
        is_optional=True,
    ),
    Parameter(
        name="trend_rule",
        kind=Kind.RULE,
        title="Три перечня за несколько лет",
        section=Section.OUTCOME,
        parts=TREND_PARTS,
        rule=TrendRule,
        is_optional=True,
    ),
    Parameter(
        name="shnsu_rule",
        kind=Kind.RULE,
        title="Индекс социальных условий",
        hint="Отмечает школы в неблагоприятных социальных условиях; на вывод не влияет",
        section=Section.REGION,
        parts=(Parameter(name="index", kind=Kind.CODE, title="Правило индекса"),),
        rule=SocialRule,
        is_optional=True,
    ),
    Parameter(
        name="exit_rule",
        kind=Kind.RULE,
        title="Выход из перечня",
        section=Section.OUTCOME,
        parts=(Parameter(name="years_clear", kind=Kind.INTEGER, least=1, title="Лет без условий подряд"),),
        rule=ExitRule,
    ),
    Parameter(
        name="risk_group_rule",
        kind=Kind.RULE,
        title="Группа риска",
        section=Section.OUTCOME,
        parts=RISK_PARTS,
        rule=RiskGroupRule,
        is_optional=True,
    ),
)
BY_NAME: Final = {parameter.name: parameter for parameter in PARAMETERS}


def read_parameters(source: Mapping[str, Any]) -> Reader:
    """Return a reader with the values of all parameters that are present, and every problem that was met."""
    reader = Reader(source, known=BY_NAME)
    for parameter in PARAMETERS:
        read_into(reader, parameter)
    return reader


def read_into(reader: Reader, parameter: Parameter) -> None:
    """Read one parameter in the way of its kind."""
    name = parameter.name
    match parameter.kind:
        case Kind.INTEGER:
            reader.integer(name, least=parameter.least or 0)
        case Kind.CHOICE if parameter.choice:
            reader.member(name, parameter.choice)
        case Kind.CHOICES if parameter.choice:
            reader.members(name, parameter.choice)
        case Kind.LOW_DEFINITION if parameter.choice:
            reader.mapping_of(name, parameter.choice)
        case Kind.PROCEDURES:
            reader.procedures(name, Procedure)
        case Kind.RULE:
            read_rule(reader, parameter)
        case _:
            SIMPLE[parameter.kind](reader, name)


SIMPLE: Final = {
    Kind.INTEGERS: Reader.growing,
    Kind.DECIMAL: Reader.decimal,
    Kind.PERCENT: Reader.percent,
    Kind.BOOLEAN: Reader.boolean,
    Kind.CODE: Reader.text,
    Kind.STRINGS: Reader.strings,
    Kind.KINDS: Reader.words,
    Kind.LOW_LEVELS: Reader.lists,
}


def read_rule(reader: Reader, parameter: Parameter) -> None:
    """Read a nested rule; null switches an optional one off."""
    if parameter.name in reader.source and reader.source[parameter.name] is None and not parameter.is_optional:
        reader.refuse(parameter.name, "таблица")
        return
    part = reader.part(parameter.name, known={each.name for each in parameter.parts})
    if part is None:
        return
    for each in parameter.parts:
        read_into(part, each)
    reader.accept(parameter.name, part, parameter.rule)


def undeclared(rules: type[Any]) -> Iterator[str]:
    """Yield the fields of a rule that the table does not have; there must be none."""
    yield from sorted({each.name for each in fields(rules)} ^ BY_NAME.keys())
