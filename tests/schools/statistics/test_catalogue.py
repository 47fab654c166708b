"""The catalogues of the forms SA-1, SA-2, SA-4 as data. No database."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from schools.choices import StatisticForm
from schools.statistics import CONTEXT, CONTINGENT, FORMS, STAFF, CatalogueError, ItemKind, Lines, catalogue_of
from schools.statistics.catalogue import read_catalogue

GOOD = """
form = "SA-9"
version = 3
title = "Проба"
lines = "items"
total = "all"
[[sections]]
code = "noo"
title = "НОО"
[[sections]]
code = "all"
title = "Всего"
[[items]]
code = "pupils"
number = "А"
group = "Дети"
title = "Обучающихся"
unit = "чел."
[[items]]
code = "left"
number = "1"
group = "Дети"
title = "Выбыли"
unit = "чел."
whole = "pupils"
"""


def read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sa9.toml"
    path.write_text(text, encoding="utf-8")
    read_catalogue(path)


def test_catalogues_are_those_of_the_stored_forms() -> None:
    assert set(FORMS) == set(StatisticForm.values)
    assert [catalogue_of(form).form for form in FORMS] == list(FORMS)
    assert [catalogue_of(form).title for form in FORMS] == [StatisticForm(form).label for form in FORMS]


def test_context_asks_about_sixty_values_of_the_whole_school() -> None:
    catalogue = catalogue_of(CONTEXT)

    assert 55 <= len(catalogue.items) <= 65
    assert [section.code for section in catalogue.sections] == [""]
    assert {"pupils", "teachers", "teacher_vacancies", "computers", "site_url"} <= set(catalogue.by_code)


def test_contingent_has_exactly_twelve_items_by_three_levels_and_in_all() -> None:
    catalogue = catalogue_of(CONTINGENT)
    numbers = {match[1] for item in catalogue.items if (match := re.match(r"(\d+)", item.number))}

    assert numbers == {str(number) for number in range(1, 13)}
    assert [section.code for section in catalogue.sections] == ["noo", "ooo", "soo", "total"]
    assert catalogue.parts_of_total == ("noo", "ooo", "soo")


def test_contingent_counts_have_their_denominators() -> None:
    catalogue = catalogue_of(CONTINGENT)
    counted = [item for item in catalogue.items if item.kind == ItemKind.COUNT and item.number[0].isdecimal()]

    assert {item.whole for item in counted} == {"pupils", "parents", "graduates"}


def test_contingent_has_four_distributions_and_one_index() -> None:
    catalogue = catalogue_of(CONTINGENT)
    climate = catalogue.item("climate")

    assert {name: len(parts) for name, parts in catalogue.distributions.items()} == {"8": 5, "9": 4, "11": 5, "12": 5}
    assert (climate.kind, climate.lowest, climate.highest) == (ItemKind.INDEX, Decimal(1), Decimal(5))
    assert climate.needs == ("climate_method", "climate_date")


def test_staff_has_a_line_for_each_of_eighteen_subjects_and_counts_only() -> None:
    catalogue = catalogue_of(STAFF)

    assert (catalogue.lines, len(catalogue.sections)) == (Lines.SECTIONS, 18)
    assert {item.kind for item in catalogue.items} == {ItemKind.COUNT, ItemKind.DECIMAL}


@pytest.mark.parametrize("form", FORMS)
def test_codes_fit_the_table_that_keeps_them(form: str) -> None:
    catalogue = catalogue_of(form)

    assert max(len(item.code) for item in catalogue.items) <= 40
    assert max(len(section.code) for section in catalogue.sections) <= 40


@pytest.mark.parametrize("form", FORMS)
def test_wholes_stand_before_their_parts(form: str) -> None:
    codes = [item.code for item in catalogue_of(form).items]

    assert [i.code for i in catalogue_of(form).items if i.whole and codes.index(i.whole) > codes.index(i.code)] == []


def test_catalogue_without_faults_is_read(tmp_path: Path) -> None:
    read(tmp_path, GOOD)


def test_form_without_a_catalogue_is_named() -> None:
    with pytest.raises(KeyError, match="SA-3"):
        catalogue_of("SA-3")


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ('code = "left"', 'code = "pupils"', "item 'pupils' is repeated"),
        ('number = "1"', 'number = "А"', "number 'А' is repeated"),
        ('code = "all"', 'code = "noo"', "section 'noo' is repeated"),
        ('total = "all"', 'total = "everything"', "total 'everything' is no section"),
        ('whole = "pupils"', 'whole = "people"', "left: no item 'people'"),
        ('whole = "pupils"', 'whole = "left"', "left: no item 'left'"),
        ('whole = "pupils"', 'distribution = "8"', "left: a part of a distribution needs its whole"),
        ('whole = "pupils"', 'sections = ["soo"]', "left: no section 'soo'"),
        ('whole = "pupils"', 'needs = ["method"]', "left: no item 'method'"),
        ('whole = "pupils"', 'whole = "pupils"\nkind = "text"', "left: text cannot be a part"),
        ('whole = "pupils"', "lowest = 5\nhighest = 5", "left: highest 5 is not above lowest 5"),
        ('code = "left"', f'code = "{"x" * 41}"', "is too long"),
    ],
)
def test_catalogue_that_contradicts_itself_is_refused(was: str, now: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=re.escape(words)):
        read(tmp_path, GOOD.replace(was, now))
