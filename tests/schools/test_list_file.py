"""A published list comes out the same on any later day, and its page tells what was corrected since."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from schools.actions.lists import cancel_list
from schools.choices import ListKind, ListState
from schools.list_corrections import corrected_schools
from schools.list_file import list_workbook
from schools.models import AssessmentResult, SchoolList, SchoolListItem
from tests.factories.lists import (
    AT,
    make_draft,
    make_list,
    make_low_school,
    make_near_school,
    make_order,
    make_published_list,
    make_run,
    publish_kind,
)
from tests.factories.schools import make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def published() -> SchoolList:
    """A published list of one school."""
    territory = make_territory(name="Заречный округ")
    make_low_school(territory=territory, name="Низкая")
    make_near_school(territory=territory, name="Близкая")
    return make_published_list(make_run(territory=territory))


def fresh(school_list: SchoolList) -> SchoolList:
    return SchoolList.objects.for_page().get(pk=school_list.pk)


def cells(data: bytes) -> list[list[Any]]:
    """Return the rows of schools, without the lines above and the head."""
    sheet = load_workbook(BytesIO(data)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return rows[next(place for place, row in enumerate(rows, start=1) if row[0] == "№ п/п") :]


def lines_above(data: bytes) -> list[str]:
    sheet = load_workbook(BytesIO(data)).active
    assert sheet is not None
    return [str(sheet.cell(row, 1).value) for row in range(1, 4)]


def every_line(data: bytes) -> list[str]:
    """Return the lines above the head."""
    sheet = load_workbook(BytesIO(data)).active
    assert sheet is not None
    texts = [str(row[0].value) for row in sheet.iter_rows()]
    return texts[: texts.index("№ п/п")]


def correct(subject: str, low: int) -> AssessmentResult:
    result = AssessmentResult.objects.get(school__name="Низкая", subject=subject, year=2026)
    passed = (result.mark2 or 0) + (result.mark3 or 0) - low
    AssessmentResult.objects.filter(pk=result.pk).update(mark2=low, mark3=passed)
    return result


def test_published_list_is_the_same_bytes_after_everything_around_it_changed(published: SchoolList) -> None:
    before = list_workbook(fresh(published))
    school = published.items.get().school

    correct("RU", 3)
    school.name, school.inn, school.kind = "Переименованная", "7701234567", "ООШ"
    school.save()
    territory = published.territory
    territory.name = "Другое название"
    territory.save()
    order = published.basis_document
    assert order is not None
    order.number = "999"
    order.save()

    after = list_workbook(fresh(published))

    assert after == before
    assert fresh(published).is_intact()


def test_file_holds_school_grounds_and_order(published: SchoolList) -> None:
    (row,) = cells(list_workbook(fresh(published)))

    assert row[:5] == [1, "Низкая", published.items.get().school.inn, "средняя школа", "Заречный округ"]
    assert row[5].startswith("C1:ВПР-РУ-5 2026 20/40=50,00")
    assert row[6:] == [None, None]


def test_file_says_above_the_schools_what_it_rests_on(published: SchoolList) -> None:
    title, order, rule = lines_above(list_workbook(fresh(published)))

    assert title.endswith("Заречный округ")
    assert "№\u00a0418" in order
    assert order.endswith("Опубликован 12.10.2026")
    assert rule.startswith("Правило: RU-2025, версия 1. Документ-основание: не указан. Происхождение параметров:")


def test_file_says_what_its_codes_mean_and_one_published_before_stays_as_it_was(published: SchoolList) -> None:
    with_legend = list_workbook(fresh(published))
    published.sealed = {name: value for name, value in published.sealed.items() if name != "legend"}
    before = list_workbook(published)

    assert any(line.startswith("Коды: C1\u00a0— условие 1") for line in every_line(with_legend))
    assert not any(line.startswith(("Коды", "Как записано", "Предметы")) for line in every_line(before))


def test_list_of_the_risk_group_explains_its_own_codes_alone(published: SchoolList) -> None:
    assert published.run is not None
    file = list_workbook(fresh(publish_kind(published.run, ListKind.RISK_GROUP)))

    (codes,) = (line for line in every_line(file) if line.startswith("Коды"))
    assert codes.replace("\u00a0", " ") == (
        "Коды: LOW — порог достигнут, а условие 1 в целом не выполнено; RISK — доля близка к порогу"
    )


def test_draft_is_exported_as_it_stands() -> None:
    territory = make_territory()
    make_low_school(territory=territory, name="Низкая")
    draft = make_draft(make_run(territory=territory))

    assert [row[1] for row in cells(list_workbook(fresh(draft)))] == ["Низкая"]
    assert draft.sealed == {}


def test_file_of_a_cancelled_list_says_so_and_what_it_was(published: SchoolList) -> None:
    before = lines_above(list_workbook(fresh(published)))
    cancel_list(school_list=published, order=make_order(published.territory, "500"), by=make_user(), at=AT)

    sheet = load_workbook(BytesIO(list_workbook(fresh(published)))).active

    assert sheet is not None
    lines = [str(sheet.cell(row, 1).value) for row in range(1, 9)]
    assert lines[:3] == before
    assert "Перечень отменён: приказ управления образования от 15.10.2026 №\u00a0500" in lines


def test_list_from_outside_is_exported_too() -> None:
    school = make_school(name="Чужая")
    outside = make_list([school], state=ListState.PUBLISHED)

    assert [row[1] for row in cells(list_workbook(fresh(outside)))] == ["Чужая"]


def test_seal_covers_what_was_sealed_with_the_list(published: SchoolList) -> None:
    published.sealed = {**published.sealed, "order": "другой приказ"}

    assert not published.is_intact()


# What was corrected since


def test_untouched_data_are_no_news(published: SchoolList) -> None:
    assert corrected_schools(fresh(published)) == []


def test_corrected_rows_are_named_with_then_and_now(published: SchoolList) -> None:
    correct("MA", 11)

    (school,) = corrected_schools(fresh(published))

    assert school.item.school_name == "Низкая"
    (line,) = school.lines
    assert "2026\u00a0год 12 из 40 (30,00\u00a0%) → 2026\u00a0год 11 из 40 (27,50\u00a0%)" in line
    assert line.endswith("больше не за порогом")
    assert school.is_named is True  # the repeat of the other work still holds


def test_school_that_the_rule_would_no_longer_name_is_marked(published: SchoolList) -> None:
    correct("MA", 2)
    correct("RU", 2)

    (school,) = corrected_schools(fresh(published))

    assert (school.is_named, len(school.lines)) == (False, 2)


def test_lost_and_late_results_are_corrections(published: SchoolList) -> None:
    school = published.items.get().school
    AssessmentResult.objects.filter(school=school, year=2025).delete()

    (corrected,) = corrected_schools(fresh(published))

    assert corrected.lines[0].endswith("→ нет результата, больше не за порогом")


def test_late_result_of_a_work_that_was_missing_is_told() -> None:
    territory = make_territory()
    low = make_low_school(territory=territory, name="Низкая")
    other = make_near_school(territory=territory)
    make_result(school=other, subject="RU", grade=6, marks=(2, 20, 16, 2))
    published = make_published_list(make_run(territory=territory))
    make_result(school=low, subject="RU", grade=6, marks=(4, 20, 14, 2))

    (corrected,) = corrected_schools(fresh(published))

    assert "6 класс: нет результата → 2026\u00a0год 4 из 40" in corrected.lines[0]


def test_list_without_a_run_has_no_evidence_to_compare() -> None:
    outside = make_list([make_school()])

    assert corrected_schools(fresh(outside)) == []
    assert SchoolListItem.objects.filter(verdict__isnull=False).count() == 0
