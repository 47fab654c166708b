"""Remarks are told by kind: every code has its rule, every group its number of rows."""

from schools.importing.problem_groups import OTHER_RULE, RULES, groups_of, needs_explanation, summarised
from schools.intake.rows import Problem, ProblemCode, Severity, problem_at
from schools.models import ImportFile


def remark(code: ProblemCode, row: int, severity: Severity = Severity.ERROR) -> Problem:
    return problem_at(code, "Лист1", row, "что не так.", severity=severity)


def file_with(*problems: Problem, name: str = "а.xlsx") -> ImportFile:
    return ImportFile(name=name, meta={"groups": summarised(problems)})


def test_every_code_has_a_rule_in_words() -> None:
    assert [code.value for code in ProblemCode if code.value not in RULES] == []


def test_rows_are_counted_once_and_examples_are_few() -> None:
    problems = [remark(ProblemCode.EMPTY, row) for row in (2, 2, 3, 4, 5)]

    [summary] = summarised(problems)

    assert (summary["rows"], len(summary["examples"])) == (4, 3)


def test_errors_stand_apart_from_warnings_and_the_most_frequent_come_first() -> None:
    file = file_with(
        remark(ProblemCode.EMPTY, 2),
        *(remark(ProblemCode.NOT_A_NUMBER, row) for row in (3, 4)),
        remark(ProblemCode.JUMP, 5, Severity.WARNING),
    )

    errors, warnings = groups_of([file])

    assert [(group.code, group.rows) for group in errors] == [("not_a_number", 2), ("empty", 1)]
    assert [group.rule for group in warnings] == ["Резкое изменение за год: больше 30 %"]


def test_files_are_added_up_with_the_name_beside_each_example() -> None:
    files = [file_with(remark(ProblemCode.EMPTY, 2), name=name) for name in ("а.xlsx", "б.xlsx")]

    [[group], _] = groups_of(files)

    assert (group.rows, group.files) == (2, 2)
    assert [example["file"] for example in group.examples] == ["а.xlsx", "б.xlsx"]


def test_one_code_may_be_an_error_and_a_warning() -> None:
    file = file_with(remark(ProblemCode.OUT_OF_RANGE, 2), remark(ProblemCode.OUT_OF_RANGE, 3, Severity.WARNING))

    errors, warnings = groups_of([file])

    assert [len(errors), len(warnings)] == [1, 1]


def amounts(*files: ImportFile) -> list[str]:
    return [group.amount.replace("\u00a0", " ") for groups in groups_of(files) for group in groups]


def test_remarks_on_rows_are_counted_by_rows() -> None:
    assert amounts(file_with(*(remark(ProblemCode.EMPTY, row) for row in (2, 3)))) == ["2 строки"]


def test_remarks_on_whole_files_are_counted_by_files() -> None:
    """Numbers out of shares concern every row of a file, and are told once for it."""
    derived = remark(ProblemCode.COUNTS_DERIVED, 0, Severity.WARNING)

    assert amounts(file_with(derived)) == ["1 файл"]
    assert amounts(file_with(derived), file_with(derived, name="б.xlsx")) == ["2 файла"]


def test_only_a_jump_asks_for_an_explanation() -> None:
    assert needs_explanation([file_with(remark(ProblemCode.JUMP, 2, Severity.WARNING))])
    assert not needs_explanation([file_with(remark(ProblemCode.EMPTY, 2)), ImportFile(name="не прочитан.xlsx")])


def test_code_of_another_version_is_not_lost() -> None:
    stored = {"code": "of_the_future", "severity": "error", "rows": 1, "examples": []}

    [[group], _] = groups_of([ImportFile(name="а.xlsx", meta={"groups": [stored]})])

    assert group.rule == OTHER_RULE
