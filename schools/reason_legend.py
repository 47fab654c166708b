"""What the codes of reasons mean: the lines above the schools in the workbooks that print them."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from accounts.russian import NBSP
from schools.identification import ReasonCode, Rules
from schools.intake.subjects import BY_CODE

FORM: Final = (
    "Как записано: код, работа и класс, год, низких результатов из всех работ и их доля, например "
    f"C1:ВПР-РУ-6 2026 12/40=30,00{NBSP}%"
)
OWN: Final[Mapping[ReasonCode, str]] = {  # every rule may give them
    ReasonCode.C1: "условие 1, доля низких результатов не ниже порога",
    ReasonCode.LOW: "порог достигнут, а условие 1 в целом не выполнено",
    ReasonCode.RISK: "доля близка к порогу",
    ReasonCode.SMALL_N: "участников мало, не учтено",
    ReasonCode.POOLED: "малые работы сложены вместе",
    ReasonCode.MARKER: "признаки необъективности",
    ReasonCode.NO_DATA: "нет результатов",
    ReasonCode.LOW_UNKNOWN: "результаты есть, низкие не известны",
    ReasonCode.FEW_COUNTED: "учтённых работ мало, чтобы сказать «нет»",
    ReasonCode.PREVIOUS_YEAR: "нет учтённых результатов за год",
    ReasonCode.EXCLUDED_TYPE: "правило не распространяется на вид школы",
    ReasonCode.STAYS: "остаётся в перечне: лет без условий из нужных для выхода",
    ReasonCode.LEAVES: "вышла из перечня: лет без условий из нужных для выхода",
}
REPEAT: Final = {
    ReasonCode.C2: "условие 2, та же работа у порога и в прошлые годы",
    ReasonCode.REPEAT_UNKNOWN: "повтор не проверен",
}
COMPARED: Final = {
    ReasonCode.RELATIVE: "сравнение с похожими школами: доля школы и её место, 1-е — лучшее",
    ReasonCode.RELATIVE_COUNT: "в скольких работах школа за границей похожих школ",
    ReasonCode.RELATIVE_WORK: "место школы среди похожих по одной работе",
    ReasonCode.RANKING: "место в рейтинге",
    ReasonCode.NOT_COMPARED: "сравнить не с кем",
}
TREND: Final = {ReasonCode.TREND: "ход лет"}


def legend_lines(rules: Rules, among: Collection[str] | None = None) -> list[str]:
    """Return how a reason is written, and what the codes and the letters of subjects of a rule mean.

    among: the codes that a list of a kind keeps, None for all.
    """
    told = {code: words for code, words in codes_of(rules).items() if among is None or code in among}
    codes = "; ".join(f"{code}{NBSP}— {words}" for code, words in told.items())
    subjects = "; ".join(subjects_of(rules))
    return [FORM, f"Коды: {codes}", *([f"Предметы: {subjects}"] if subjects else [])]


def codes_of(rules: Rules) -> dict[ReasonCode, str]:
    return {
        **OWN,
        **(REPEAT if rules.repeat_asked else {}),
        **(COMPARED if rules.compares_schools else {}),
        **(TREND if rules.trend_rule else {}),
    }


def subjects_of(rules: Rules) -> Iterator[str]:
    """Yield «РУ — русский язык» for each subject of the works, once, in the order of the dictionary."""
    asked = {procedure.subject for procedure in rules.procedures}
    for code, subject in BY_CODE.items():
        if code in asked:
            yield f"{subject.short}{NBSP}— {subject.name[0].lower()}{subject.name[1:]}"
