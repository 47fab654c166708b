"""Counts of the yearly forms that jumped against the year before are warned of; nothing is refused for them."""

import pytest

from schools.actions.import_apply import apply_batch
from schools.choices import RowOutcome
from schools.importing.errors import ExplanationNeeded
from schools.models import ImportBatch, School
from schools.statistics import CONTINGENT, STAFF
from tests.factories.forms import filled, template_of
from tests.factories.imports import AT, ImportGround

pytestmark = pytest.mark.django_db
TEACHERS = ("Физика", "Учителей")


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def staff(school: School, teachers: int, *, year: int = 2026) -> bytes:
    return filled(template_of(STAFF, school=school, period=str(year)), {TEACHERS: teachers})


def jumps(batch: ImportBatch) -> list[str]:
    return [problem["text"] for file in batch.files.all() for problem in file.problems if problem["code"] == "jump"]


def test_jump_of_staff_is_named_with_both_values_and_needs_a_word(ground: ImportGround) -> None:
    ground.applied({"2025.xlsx": staff(ground.first, 10, year=2025)})

    batch = ground.checked({"2026.xlsx": staff(ground.first, 4)})

    [text] = jumps(batch)
    assert "МБОУ «СОШ № 1», Кадры на 1 октября 2026 года: " in text
    assert "Физика: 4, год назад 10: изменение больше 30 %." in text
    assert list(batch.files.get().rows.values_list("outcome", flat=True)) == [RowOutcome.NEW]
    with pytest.raises(ExplanationNeeded):
        apply_batch(batch=batch, by=ground.coordinator, at=AT)


@pytest.mark.parametrize(("was", "now", "jumped"), [(10, 13, False), (10, 14, True), (1, 2, False), (0, 2, True)])
def test_change_is_judged_as_that_of_participants(was: int, now: int, jumped: bool, ground: ImportGround) -> None:
    ground.applied({"2025.xlsx": staff(ground.first, was, year=2025)})

    assert bool(jumps(ground.checked({"2026.xlsx": staff(ground.first, now)}))) is jumped


def test_jump_of_the_contingent_is_told_by_level(ground: ImportGround) -> None:
    cells = {("А", "НОО"): 90, ("А", "ООО"): 100}
    ground.applied({"1.xlsx": filled(template_of(CONTINGENT, school=ground.first, period="2025"), cells)})

    after = {("А", "НОО"): 40, ("А", "ООО"): 101}
    batch = ground.checked({"2.xlsx": filled(template_of(CONTINGENT, school=ground.first, period="2026"), after)})

    [text] = jumps(batch)
    assert "40, год назад 90" in text


def test_last_year_may_come_in_the_same_batch(ground: ImportGround) -> None:
    batch = ground.checked({"1.xlsx": staff(ground.first, 10, year=2025), "2.xlsx": staff(ground.first, 4)})

    assert len(jumps(batch)) == 1


@pytest.mark.parametrize("year", [2024, 2026])
def test_only_the_year_before_is_compared(year: int, ground: ImportGround) -> None:
    ground.applied({"раньше.xlsx": staff(ground.first, 10, year=year)})

    same_year_is_a_change = ground.checked({"2026.xlsx": staff(ground.first, 4)})

    assert jumps(same_year_is_a_change) == []


def test_value_that_stands_already_is_not_warned_of_again(ground: ImportGround) -> None:
    ground.applied({"2025.xlsx": staff(ground.first, 10, year=2025)})
    again = staff(ground.second, 4)
    ground.applied({"2026.xlsx": again})

    assert jumps(ground.checked({"ещё.xlsx": staff(ground.second, 4)})) == []


def test_shares_and_rates_are_not_judged(ground: ImportGround) -> None:
    rates = ("Физика", "Ставок")
    ground.applied({"1.xlsx": filled(template_of(STAFF, school=ground.first, period="2025"), {TEACHERS: 2, rates: 1})})

    batch = ground.checked({"2.xlsx": filled(template_of(STAFF, school=ground.first), {TEACHERS: 2, rates: 9})})

    assert jumps(batch) == []
