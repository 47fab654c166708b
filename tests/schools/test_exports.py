"""The workbook of a run, opened and compared with the rows."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from accounts.russian import NBSP
from schools.exports import run_workbook
from tests.factories.lists import make_low_school, make_quiet_school, make_run, make_run_under
from tests.factories.schools import make_result, make_school, make_territory

pytestmark = pytest.mark.django_db


def test_workbook_holds_every_school_with_numbers_as_numbers() -> None:
    territory = make_territory()
    low = make_low_school(territory=territory)
    quiet = make_quiet_school(territory=territory)

    sheet = load_workbook(BytesIO(run_workbook(make_run(territory=territory)))).active

    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=9)]
    assert [row[1:9] for row in rows] == [
        [
            low.name,
            low.inn,
            "средняя школа",
            "Низкие результаты",
            2,
            2,
            1,
            "\n".join(
                [
                    f"C1:ВПР-РУ-5 2026 20/40=50,00{NBSP}%",
                    f"C1:ВПР-МА-5 2026 12/40=30,00{NBSP}%",
                    f"C2:ВПР-РУ-5 2025 15/40=37,50{NBSP}% → 2026 20/40=50,00{NBSP}%",
                ],
            ),
        ],
        [
            quiet.name,
            quiet.inn,
            "средняя школа",
            "Условия не выполнены",
            0,
            1,
            0,
            "NO_DATA:ВПР-МА-5\nPREVIOUS_YEAR:2025",
        ],
    ]


def test_workbook_says_that_a_repeat_could_not_be_checked() -> None:
    school = make_school()
    for subject in ("RU", "MA"):
        make_result(school=school, subject=subject, marks=(20, 20, 0, 0))

    sheet = load_workbook(BytesIO(run_workbook(make_run(territory=school.territory)))).active

    assert sheet is not None
    assert (sheet["H8"].value, sheet["H9"].value) == ("Повторились два года подряд", "не проверено")


def test_workbook_has_a_frozen_head_and_a_filter() -> None:
    territory = make_territory()
    make_low_school(territory=territory)

    sheet = load_workbook(BytesIO(run_workbook(make_run(territory=territory)))).active

    assert sheet is not None
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C9", "A8:L9")
    assert sheet["A1"].value.startswith("Выявление по результатам 2026 года")
    assert sheet["A3"].value.startswith("Документ-основание: не указан. Происхождение параметров: Доля участников")


def test_name_that_looks_like_a_formula_stays_a_text() -> None:
    territory = make_territory()
    make_low_school(territory=territory, name="=1+1")

    sheet = load_workbook(BytesIO(run_workbook(make_run(territory=territory)))).active

    assert sheet is not None
    assert (sheet["B9"].value, sheet["B9"].data_type) == ("=1+1", "s")


def test_workbook_says_what_its_codes_mean() -> None:
    territory = make_territory()
    make_low_school(territory=territory)

    sheet = load_workbook(BytesIO(run_workbook(make_run(territory=territory)))).active

    assert sheet is not None
    form, codes, subjects = (str(sheet.cell(row, 1).value).replace(NBSP, " ") for row in (4, 5, 6))
    assert form.startswith("Как записано: код, работа и класс, год")
    assert "C2 — условие 2, та же работа у порога и в прошлые годы" in codes
    assert "RANKING" not in codes
    assert "РУ — русский язык; МА — математика" in subjects


def test_workbook_has_no_column_of_repeats_where_the_rule_does_not_look_at_them() -> None:
    territory = make_territory()
    make_low_school(territory=territory)
    run = make_run_under(territory=territory, repeat_same_procedure=False, combine="C1_ONLY")

    sheet = load_workbook(BytesIO(run_workbook(run))).active

    assert sheet is not None
    head, row = ([cell.value for cell in cells] for cells in sheet.iter_rows(min_row=8, max_row=9))
    assert head[5:8] == ["Процедур за порогом", "Учтено процедур", "Причины"]
    assert row[5:7] == [2, 2]
    assert str(row[7]).startswith("C1:")
