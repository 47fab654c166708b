"""What a row of results fills, and whether it fits what stands there. No database."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.importing.benchmarks import benchmark_json
from schools.importing.result_fields import KEY_FIELDS, work_title
from schools.importing.result_remarks import crossed_borders, marker_of_nothing, year_ahead
from schools.importing.result_states import delivered, delivered_counts, delivered_shares, json_value, misfit
from schools.intake.rows import BenchmarkRow, Counts, Journal, ProblemCode, ResultRow, SchoolRef, Severity, WorkKey

WORK = WorkKey(procedure="VPR", year=2026, period="spring", subject="RU", grade=4)
FILE = str(UUID(int=5))
MARKS = dict(zip(("mark2", "mark3", "mark4", "mark5"), (1, 2, 3, 4), strict=True))


def row(**fields: Any) -> ResultRow:
    return ResultRow(**{"sheet": "Ф3", "row": 7, "school": SchoolRef(name="СОШ № 1"), "work": WORK, **fields})


def test_counts_come_with_the_place_that_said_them() -> None:
    state = delivered(row(counts=Counts(participants=10, marks=(1, 2, 3, 4))), FILE, None)

    assert {name: state[name] for name in MARKS} == MARKS
    assert (state["participants"], state["marks_file_id"], state["marks_row"]) == (10, FILE, 7)
    assert "journal_file_id" not in state


def test_what_a_file_does_not_say_is_not_filled() -> None:
    state = delivered_counts(Counts(participants=10))

    assert state == {"participants": 10}


def test_every_count_that_a_file_says_is_filled() -> None:
    state = delivered_counts(
        Counts(
            participants=2,
            enrolled=3,
            below_min=0,
            mean_score=Decimal("3.456"),
            mean_primary=Decimal(7),
            max_primary=38,
            score_hist=(0, 2),
            level_scale="kdr3",
            level_counts={"low": 2},
            high80=0,
            score100=0,
        )
    )

    assert (state["mean_score"], state["mean_primary"]) == ("3.46", "7.00")
    assert (state["score_hist"], state["level_counts"], state["level_scale"]) == ([0, 2], {"low": 2}, "kdr3")
    assert [state[name] for name in ("enrolled", "below_min", "max_primary", "high80", "score100")] == [3, 0, 38, 0, 0]


def test_journal_alone_of_a_new_work_gives_its_participants() -> None:
    journal = Journal(lowered=1, confirmed=5, raised=2)

    fresh, known = (delivered(row(journal=journal), FILE, current) for current in (None, {"participants": 9}))

    assert fresh["participants"] == 8
    assert "participants" not in known
    assert (known["lowered"], known["confirmed"], known["raised"], known["journal_row"]) == (1, 5, 2, 7)


@pytest.mark.parametrize(("markers", "kept"), [((), []), (("B1", "B2"), ["B1", "B2"])])
def test_markers_are_set_or_cleared(markers: tuple[str, ...], kept: list[str]) -> None:
    assert delivered(row(markers=markers), FILE, {})["objectivity_markers"] == kept


def test_row_that_says_nothing_of_markers_leaves_them() -> None:
    assert "objectivity_markers" not in delivered(row(counts=Counts(participants=1)), FILE, {})


def test_grade_actually_learned_is_kept_beside_the_programme() -> None:
    assert delivered(row(counts=Counts(participants=1), grade_actual=5), FILE, None)["grade_actual"] == 5


# Shares as delivered


def test_shares_of_marks_are_kept_and_the_counts_called_derived() -> None:
    percents = tuple(Decimal(text) for text in ("10.5", "20", "30", "39.5"))

    state = delivered_shares(Counts(participants=10, marks=(1, 2, 3, 4), percents=percents), None)

    assert state == {
        "delivered_percents": {"2": "10.5", "3": "20", "4": "30", "5": "39.5"},
        "counts_derived": True,
    }


def test_counts_as_such_replace_the_shares_of_marks() -> None:
    current = {"delivered_percents": {"2": "10", "score:0": "5"}}

    state = delivered_shares(Counts(participants=10, marks=(1, 2, 3, 4)), current)

    assert state == {"delivered_percents": {"score:0": "5"}, "counts_derived": False}


def test_scores_leave_what_stands_about_the_marks() -> None:
    current = {"delivered_percents": {"2": "10", "score:0": "5", "score:1": "95"}}
    scores = Counts(participants=10, score_hist=(4, 6), score_percents=(Decimal(40), Decimal(60)))

    state = delivered_shares(scores, current)

    assert state == {"delivered_percents": {"2": "10", "score:0": "40", "score:1": "60"}}


def test_scores_of_a_new_work_say_that_the_counts_are_derived() -> None:
    scores = Counts(participants=10, score_hist=(4, 6), score_percents=(Decimal(40), Decimal(60)))

    assert delivered_shares(scores, None)["counts_derived"] is True


# What fits and what does not


@pytest.mark.parametrize(
    ("current", "after", "reason"),
    [
        (None, {"participants": 10, **MARKS}, ""),
        (None, {"participants": 11, **MARKS}, "участников 11, а отметок в портале 10"),
        ({"participants": 10, **MARKS}, {"participants": 12}, "участников 12, а отметок в портале 10"),
        ({"participants": 10, "mark2": None}, {"participants": 12}, ""),
        ({"participants": 10}, {"below_min": 11}, "участников 10, а ниже минимума 11"),
        ({"participants": 10}, {"below_min": 10}, ""),
        (
            {"participants": 10},
            {"lowered": 5, "confirmed": 5, "raised": 1},
            "участников 10, а в сравнении с журналом 11",
        ),
        ({"participants": 10, "lowered": 9, "confirmed": 1}, {"raised": 0}, ""),
        ({"participants": 10}, {"enrolled": 9}, "участников 10, а обучающихся в параллели 9"),
        ({"participants": 10, "enrolled": 12}, {"participants": 13}, "участников 13, а обучающихся в параллели 12"),
        ({"participants": 10}, {"enrolled": 0}, "участников 10, а обучающихся в параллели 0"),
    ],
)
def test_new_values_must_fit_those_that_stay(current: Any, after: dict[str, Any], reason: str) -> None:
    assert misfit({**(current or {}), **after}) == reason


@given(st.tuples(*[st.integers(0, 50)] * 4), st.integers(-3, 3))
def test_marks_fit_exactly_when_they_add_up(marks: tuple[int, int, int, int], extra: int) -> None:
    state = dict(zip(MARKS, marks, strict=True))

    assert bool(misfit({"participants": sum(marks) + extra, **state})) is (extra != 0)


def test_marks_that_no_borders_give_are_warned_of() -> None:
    state = {"score_hist": [5, 0, 5], "mark2": 3, "mark3": 2, "mark4": 0, "mark5": 5}

    [problem] = crossed_borders(row(), state)

    assert (problem.code, problem.severity) == (ProblemCode.BORDERS_CROSS, Severity.WARNING)


@pytest.mark.parametrize(
    "state",
    [
        {"score_hist": [5, 0, 5], "mark2": 5, "mark3": 0, "mark4": 0, "mark5": 5},
        {"score_hist": None, "mark2": 3, "mark3": 2, "mark4": 0, "mark5": 5},
        {"score_hist": [5, 0, 5], "mark2": None, "mark3": 2, "mark4": 0, "mark5": 5},
    ],
    ids=["borders exist", "no scores", "no marks"],
)
def test_borders_that_exist_or_cannot_be_judged_are_no_news(state: dict[str, Any]) -> None:
    assert crossed_borders(row(), state) == []


# Words


def test_marker_of_a_work_without_results_says_what_to_load_first() -> None:
    [problem] = marker_of_nothing(row(markers=("B1",)))

    assert "«ВПР 2026, Русский язык, 4 класс»" in problem.text_ru
    assert "Сначала загрузите результаты этой работы." in problem.text_ru


@pytest.mark.parametrize("markers", [(), None])
def test_no_marker_of_a_work_without_results_needs_no_words(markers: Any) -> None:
    assert marker_of_nothing(row(markers=markers)) == []


def test_year_to_come_is_an_error_that_names_the_latest() -> None:
    problem = year_ahead(row(), 2026, 2025)

    assert (problem.code, problem.found, problem.expected) == (ProblemCode.OUT_OF_RANGE, "2026", "год не позже 2025")
    assert problem.is_error


def test_work_of_an_unknown_procedure_keeps_its_code() -> None:
    work = WorkKey(procedure="XYZ", year=2026, period="spring", subject="RU", grade=4)

    assert work_title(work) == "XYZ 2026, Русский язык, 4 класс"


def test_values_of_a_work_stand_in_the_order_of_the_key() -> None:
    assert dict(zip(KEY_FIELDS, WORK, strict=True)) == {name: getattr(WORK, name) for name in KEY_FIELDS}


@pytest.mark.parametrize(
    ("value", "kept"),
    [(Decimal("1.005"), "1.00"), (Decimal(7), "7.00"), (UUID(int=5), str(UUID(int=5))), (3, 3), (None, None), ("", "")],
)
def test_values_compare_as_json_keeps_them(value: object, kept: object) -> None:
    assert json_value(value) == kept


def test_reference_values_keep_their_shares_as_delivered() -> None:
    sample = BenchmarkRow(
        sheet="Ф3",
        row=4,
        work=WORK,
        sample="Вся выборка" * 40,
        participants=1_400_000,
        schools=None,
        percents={"mark2": Decimal("5.10")},
    )

    [stored] = benchmark_json([sample])

    assert (stored["percents"], stored["schools"], len(stored["sample"])) == ({"mark2": "5.10"}, None, 250)
    assert (stored["procedure"], stored["year"], stored["grade"]) == ("VPR", 2026, 4)
