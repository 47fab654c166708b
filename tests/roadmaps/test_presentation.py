from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.charts import gantt
from roadmaps import presentation
from roadmaps.choices import MeasureStatus, RoadmapState
from roadmaps.execution import Execution, ExecutionStatus, Ratio
from roadmaps.lints import Remark
from roadmaps.models import Measure, Roadmap, Section

TODAY = date(2026, 11, 24)
ROADMAP = Roadmap(state=RoadmapState.IN_EXECUTION, period_from=date(2026, 1, 1), period_to=date(2026, 12, 31))
SECTION = Section(roadmap=ROADMAP, position=1, title="Кадры")


def measure(**fields: Any) -> Measure:
    defaults: dict[str, Any] = {"number": "1.1", "title": "Закрепить наставников", "due_date": date(2026, 12, 31)}
    return Measure(roadmap=ROADMAP, section=SECTION, **{**defaults, **fields})


def row(one: Measure, **fields: Any) -> presentation.RowView:
    return presentation.row_view(one, today=TODAY, **{"editable": True, **fields})


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (Ratio(numerator=15, denominator=22), "15 из 22 (68,2\u00a0%)"),
        (Ratio(numerator=0, denominator=5), "0 из 5 (0,0\u00a0%)"),
        (Ratio(numerator=0, denominator=0), "нет данных"),
    ],
)
def test_ratio_text_keeps_both_counts(ratio: Ratio, text: str) -> None:
    assert presentation.ratio_text(ratio) == text


@pytest.mark.parametrize(
    ("counts", "risks", "approved", "line"),
    [
        ({}, 0, False, "0\u00a0мероприятий"),
        ({ExecutionStatus.NOT_STARTED: 21}, 4, False, "4\u00a0риска, 21\u00a0мероприятие"),
        ({ExecutionStatus.NOT_STARTED: 2}, 0, True, "2\u00a0мероприятия, исполнено 0 из 2 (0,0\u00a0%)"),
        (
            {ExecutionStatus.DONE: 15, ExecutionStatus.OVERDUE: 2, ExecutionStatus.IN_PROGRESS: 5},
            1,
            True,
            (
                "1\u00a0риск, 22\u00a0мероприятия, исполнено 15 из 22 (68,2\u00a0%), "
                "в срок 15 из 17 (88,2\u00a0%), просрочено 2"
            ),
        ),
    ],
)
def test_execution_line_tells_execution_of_approved_versions_only(
    counts: dict[ExecutionStatus, int], risks: int, line: str, *, approved: bool
) -> None:
    assert presentation.execution_line(Execution(counts=counts), risks=risks, approved=approved) == line


@pytest.mark.parametrize(
    ("fields", "look", "text", "kind", "hint"),
    [
        ({"due_date": date(2026, 11, 10)}, "late", "", "bad", "просрочено на\u00a014\u00a0дней"),
        ({"due_date": date(2026, 12, 4)}, "soon", "", "warn", "через\u00a010\u00a0дней"),
        ({"status": MeasureStatus.IN_PROGRESS}, "work", "Выполняется", "", ""),
        ({"status": MeasureStatus.DONE_LATE}, "done", "Исполнено с нарушением срока", "", ""),
        ({"due_date": None}, "no", "Не начато", "", ""),
    ],
)
def test_row_says_status_and_term_in_words(fields: dict[str, Any], look: str, text: str, kind: str, hint: str) -> None:
    shown = row(measure(**fields))

    assert (shown.look, shown.status_text, shown.due_kind, shown.due_hint) == (look, text, kind, hint)


def test_row_of_an_excluded_measure_has_no_fields() -> None:
    shown = row(measure(status=MeasureStatus.CANCELLED, cancel_reason="Нет средств"), reportable=True)

    assert (shown.editable, shown.reportable) == (False, False)


def test_row_keeps_the_refused_text_and_hints_the_rest() -> None:
    one = measure(indicator="")
    hints = presentation.cell_hints(
        one, [Remark(text="1.1: укажите показатель.", measure=str(one.pk), field="indicator")]
    )

    shown = row(one, hints=hints, errors={"term": ("вчера", "Срок не распознан.")})

    assert (shown.cells["term"].text, shown.cells["term"].error) == ("вчера", "Срок не распознан.")
    assert shown.cells["indicator"].hint == "Укажите показатель"
    assert shown.cells["title"].text == "Закрепить наставников"


def test_cells_have_names_that_differ_by_row() -> None:
    cell = row(measure(number="2.3")).cells["term"]

    assert cell.label == "Срок 2.3"
    assert cell.id.startswith("term-")


@pytest.mark.parametrize(
    ("show", "titles"),
    [("", ["Кадры", "Пустой"]), ("overdue", []), ("soon", []), ("no-indicator", ["Кадры"])],
)
def test_groups_of_a_view_leave_out_empty_sections(show: str, titles: list[str]) -> None:
    empty = Section(roadmap=ROADMAP, position=2, title="Пустой")

    found = presentation.groups([SECTION, empty], [measure()], today=TODAY, show=show, row=row)

    assert [group.section.title for group in found] == titles


def test_group_counts_done_out_of_planned() -> None:
    rows = [
        measure(status=MeasureStatus.DONE),
        measure(),
        measure(status=MeasureStatus.CANCELLED, cancel_reason="Нет"),
    ]

    [group] = presentation.groups([SECTION], rows, today=TODAY, show="", row=row)

    assert (group.done, group.total, group.level_look) == (1, 2, "")


def test_segments_count_each_view_and_mark_the_current() -> None:
    rows = [measure(due_date=date(2026, 11, 10)), measure(due_date=date(2026, 12, 4), indicator="Есть")]

    found = presentation.segments(rows, "soon", TODAY)

    assert [(segment.url, segment.count) for segment in found] == [
        ("?", 2),
        ("?show=overdue", 1),
        ("?show=soon", 1),
        ("?show=no-indicator", 1),
        ("?show=to-confirm", 0),
    ]
    assert [segment.url for segment in found if segment.current] == ["?show=soon"]


def test_bars_leave_out_what_has_no_term_or_is_excluded() -> None:
    rows = [
        measure(date_from=date(2026, 2, 1), due_date=date(2026, 3, 15)),
        measure(due_date=None),
        measure(status=MeasureStatus.CANCELLED, cancel_reason="Нет"),
    ]

    [group] = presentation.bars([SECTION], rows, TODAY)

    [bar] = group.rows
    assert (bar.start, bar.end, bar.fill, bar.late) == (date(2026, 2, 1), date(2026, 3, 15), "f-bad", True)
    assert group.title == "1. Кадры"
    assert "15.03 просрочено" in gantt([group], today=TODAY, label="Сроки")


@pytest.mark.parametrize(
    ("fields", "fill", "progress"),
    [
        ({"status": MeasureStatus.DONE}, "f-ok", None),
        ({"status": MeasureStatus.IN_PROGRESS, "progress": 62}, "f1", 62),
        ({}, "f2", None),
        ({"due_date": date(2026, 12, 1)}, "f-warn", None),
    ],
)
def test_bar_is_coloured_by_state(fields: dict[str, Any], fill: str, progress: int | None) -> None:
    [group] = presentation.bars([SECTION], [measure(**fields)], TODAY)

    assert (group.rows[0].fill, group.rows[0].progress) == (fill, progress)


def test_changed_texts_name_only_what_changed_in_russian() -> None:
    before = SimpleNamespace(**{column.attname: getattr(measure(), column.attname) for column in Measure._meta.fields})  # noqa: SLF001
    after = SimpleNamespace(**{**vars(before), "status": "done", "done_on": TODAY, "progress": 100})

    assert presentation.changed_texts(before, after) == [
        ("Статус", "Не начато", "Исполнено"),
        ("Готовность", "0\u00a0%", "100\u00a0%"),
        ("Исполнено", "", "24.11.2026"),
    ]
