"""Remarks on files by their kind: how many rows break a rule, with examples; errors apart from warnings.

A file keeps the summary of its remarks in `meta["groups"]`, so that a page of a batch reads no long lists; all remarks
are in `problems`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from accounts.russian import count
from schools.intake.rows import Problem, ProblemCode, Severity
from schools.models import ImportFile

EXAMPLES: Final = 3
NEED_EXPLANATION: Final = frozenset({ProblemCode.JUMP})
MATCHED_IN_QUEUE: Final = frozenset({ProblemCode.UNKNOWN_SCHOOL, ProblemCode.AMBIGUOUS_SCHOOL})
# Code -> the rule that is broken. Codes of every layout; test_problem_groups.py asks for the ones that are missing.
RULES: Final[Mapping[str, str]] = {
    "not_a_number": "В ячейке не число",
    "not_whole": "Нужно целое число",
    "not_a_date": "В ячейке не дата",
    "out_of_range": "Значение вне допустимых границ",
    "empty": "Не заполнена обязательная ячейка",
    "bad_cell": "Ячейка не прочитана: ошибка формулы или слишком длинный текст",
    "unknown_value": "Значения нет в справочнике",
    "sum_of_marks": "Сумма отметок не равна числу участников",
    "sum_of_percents": "Доли не дают в сумме 100 %",
    "percent_not_of_count": "Такой доли не даёт ни одно целое число участников",
    "sum_of_journal": "Понизили, подтвердили и повысили не дают числа участников",
    "sum_of_levels": "Сумма по уровням не равна числу участников",
    "sum_of_markers": "Число признаков не равно отмеченным",
    "sum_of_parts": "Части не складываются в целое",
    "sum_of_sections": "Сумма по уровням не равна значению «Всего»",
    "other_template": "Строка не о школе или не о периоде этого шаблона",
    "out_of_period": "Дата вне отчётного периода",
    "skipped_question": "Вопрос анкеты не загружен или учтён без текста",
    "part_above_whole": "Часть больше целого",
    "no_participants": "Нет участников, строка не загружена",
    "no_result": "Нет результата, строка не загружена",
    "bad_identifier": "Ошибка в ИНН, логине или коде",
    "several_logins": "У школы несколько логинов",
    "corrections_left_out": "Исправления ячеек не применены",
    "repeated_row": "Строка повторяется",
    "two_files": "Одна и та же работа в двух файлах",
    "unknown_school": "Школа не найдена",
    "ambiguous_school": "Подходит несколько школ",
    "foreign_territory": "Школа вне вашей территории",
    "merged_cells": "Объединённые ячейки: прочитана только первая",
    "hidden_sheet": "Скрытые листы не загружены",
    "hidden_lines": "Скрытые строки и столбцы прочитаны",
    "unread_sheet": "На другом листе свой отчёт, он не загружен",
    "extra_columns": "Столбцы, которых нет в форме, не загружены",
    "previous_grade": "Работа за программу прошлого класса",
    "grade_above_school": "Класс старше, чем бывает у школы такого вида",
    "more_than_pupils": "Участников больше, чем обучающихся в школе",
    "jump": "Резкое изменение за год: больше 30 %",
    "counts_derived": "Числа участников получены из долей",
    "outside_scale": "Балл вне шкалы",
    "scale_unconfirmed": "Шкала года не подтверждена",
    "scale_absent": "Шкалы года нет, баллы не проверены",
    "borders_cross": "Границы отметок пересекаются",
    "pupils_left_out": "Часть участников не учтена",
}
OTHER_RULE: Final = "Другие замечания"


@dataclass(kw_only=True)
class ProblemGroup:
    """Remarks of one code. rows: how many places have it; examples: remarks as stored, with the name of the file."""

    code: str
    is_error: bool
    rows: int = 0
    files: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rule(self) -> str:
        return RULES.get(self.code, OTHER_RULE)

    @property
    def amount(self) -> str:
        """Return «3 строки», or «2 файла» of remarks that are about whole files."""
        if all(example["row"] == 0 for example in self.examples):
            return count(self.files, "файл,файла,файлов")
        return count(self.rows, "строка,строки,строк")

    @property
    def needs_explanation(self) -> bool:
        return self.code in NEED_EXPLANATION

    @property
    def is_of_schools(self) -> bool:
        """Answer whether the remarks are put right in the queue of schools and not in cells."""
        return self.code in MATCHED_IN_QUEUE

    def add(self, summary: Mapping[str, Any], file_name: str) -> None:
        self.rows += summary["rows"]
        self.files += 1
        room = EXAMPLES - len(self.examples)
        self.examples += [example | {"file": file_name} for example in summary["examples"][:room]]


def summarised(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return what a file keeps of its remarks: for each code and severity the number of rows and some examples."""
    found: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        found.setdefault((problem.code.value, problem.severity.value), []).append(problem)
    return [
        {
            "code": code,
            "severity": severity,
            "rows": len({(problem.sheet, problem.row) for problem in of_code}),
            "examples": [problem.as_json() for problem in of_code[:EXAMPLES]],
        }
        for (code, severity), of_code in found.items()
    ]


def groups_of(files: Iterable[ImportFile]) -> tuple[list[ProblemGroup], list[ProblemGroup]]:
    """Return the errors and the warnings of files by kind, the most frequent first."""
    groups: dict[tuple[str, bool], ProblemGroup] = {}
    for file in files:
        for summary in file.meta.get("groups", []):
            key = (summary["code"], summary["severity"] == Severity.ERROR)
            groups.setdefault(key, ProblemGroup(code=key[0], is_error=key[1])).add(summary, file.name)
    ordered = sorted(groups.values(), key=lambda group: (-group.rows, group.code))
    return [group for group in ordered if group.is_error], [group for group in ordered if not group.is_error]


def needs_explanation(files: Iterable[ImportFile]) -> bool:
    """Answer whether a file has warnings that may be applied only with an explanation."""
    return any(summary["code"] in NEED_EXPLANATION for file in files for summary in file.meta.get("groups", []))
