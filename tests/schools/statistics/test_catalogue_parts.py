"""Parts of a catalogue: where an item is asked, what adds up, what may be written in the file. No database."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from schools.intake.headers import normalised
from schools.statistics import (
    CONTEXT,
    CONTINGENT,
    FORMS,
    STAFF,
    Catalogue,
    Item,
    ItemKind,
    Lines,
    Section,
    catalogue_of,
)
from schools.statistics.catalogue import (
    FOLDER,
    NUMBER_KINDS,
    broken_links,
    broken_ranges,
    item_from,
    repetitions,
    section_from,
)


def item(code: str = "pupils", **fields: Any) -> Item:
    known: dict[str, Any] = {"number": code, "group": "Дети", "title": code, "unit": "чел."}
    return Item(code=code, **{**known, **fields})


def catalogue(*items: Item, total: str = "", sections: tuple[str, ...] = ("noo", "ooo", "all")) -> Catalogue:
    return Catalogue(
        form="SA-9",
        version=1,
        title="Проба",
        lines=Lines.ITEMS,
        sections=tuple(Section(code=code, title=code) for code in sections),
        items=items,
        total=total,
    )


# Questions to a catalogue


@pytest.mark.parametrize(
    ("sections", "section", "is_asked"), [((), "noo", True), (("ooo",), "noo", False), (("ooo",), "ooo", True)]
)
def test_item_is_asked_everywhere_or_where_it_has_a_sense(
    sections: tuple[str, ...], section: str, is_asked: bool
) -> None:
    assert item(sections=sections).is_asked_in(section) is is_asked


def test_items_and_sections_are_found_by_their_codes() -> None:
    known = catalogue(item("pupils"), item("left"))

    assert known.item("left").code == "left"
    assert known.section("ooo").title == "ooo"
    with pytest.raises(KeyError):
        known.item("right")


def test_groups_are_told_once_in_the_order_of_the_form() -> None:
    known = catalogue(item("a", group="Второе"), item("b", group="Первое"), item("c", group="Второе"))

    assert known.groups == ("Второе", "Первое")


@pytest.mark.parametrize(("total", "parts"), [("all", ("noo", "ooo")), ("", ())])
def test_total_is_no_part_of_itself(total: str, parts: tuple[str, ...]) -> None:
    assert catalogue(item(), total=total).parts_of_total == parts


def test_parts_of_a_distribution_keep_their_order() -> None:
    known = catalogue(
        item(),
        item("b", distribution="8", whole="pupils"),
        item("x"),
        item("a", distribution="8", whole="pupils"),
        item("c", distribution="9", whole="pupils"),
    )

    assert {name: [part.code for part in parts] for name, parts in known.distributions.items()} == {
        "8": ["b", "a"],
        "9": ["c"],
    }


@pytest.mark.parametrize("kind", list(ItemKind))
def test_kind_is_a_number_or_not(kind: ItemKind) -> None:
    assert kind.is_number is (kind in {"count", "decimal", "percent", "index"})
    assert kind.is_number is (kind in NUMBER_KINDS)


# What the file says


def test_item_of_the_file_is_a_count_from_zero_unless_it_says_otherwise() -> None:
    made = item_from({"code": "a", "number": "1", "group": "Дети", "title": "А", "unit": "чел."})

    assert (made.kind, made.lowest, made.highest) == (ItemKind.COUNT, Decimal(0), None)
    assert not made.whole
    assert not made.needs


def test_percent_ends_at_a_hundred_unless_it_says_otherwise() -> None:
    entry = {"code": "a", "number": "1", "group": "Дети", "title": "А", "unit": "%", "kind": "percent"}

    assert item_from(entry).highest == Decimal(100)
    assert item_from({**entry, "highest": 120.5}).highest == Decimal("120.5")


def test_lists_of_the_file_become_tuples() -> None:
    entry = {"code": "a", "number": "1", "group": "Дети", "title": "А", "unit": "", "needs": ["b"], "sections": ["noo"]}

    assert (item_from(entry).needs, item_from(entry).sections) == (("b",), ("noo",))


def test_word_that_no_item_knows_is_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        item_from({"code": "a", "number": "1", "group": "", "title": "", "unit": "", "colour": "red"})


def test_section_may_have_other_names() -> None:
    assert section_from({"code": "RU", "title": "Русский", "synonyms": ["Язык"]}).synonyms == ("Язык",)
    assert section_from({"code": "RU", "title": "Русский"}).synonyms == ()


# What must hold


def faults(known: Catalogue) -> list[str]:
    return [*repetitions(known), *broken_links(known), *broken_ranges(known)]


def test_good_catalogue_has_no_faults() -> None:
    known = catalogue(item(), item("left", whole="pupils", needs=("pupils",), sections=("noo",)), total="all")

    assert faults(known) == []


def test_all_faults_are_told_at_once() -> None:
    known = catalogue(
        item("a", whole="b", needs=("c", "a")),
        item("a", number="7", lowest=Decimal(5), highest=Decimal(4)),
        total="nowhere",
    )

    assert len(faults(known)) == 6


def test_three_times_the_same_is_told_once() -> None:
    known = catalogue(item("a", number="1"), item("a", number="2"), item("a", number="3"))

    assert faults(known) == ["item 'a' is repeated"]


@pytest.mark.parametrize("length", [40, 41])
def test_code_must_fit_its_column(length: int) -> None:
    assert bool(faults(catalogue(item("x" * length)))) is (length > 40)


# The shipped catalogues


@pytest.mark.parametrize("form", FORMS)
def test_shipped_catalogue_has_a_file_of_its_name(form: str) -> None:
    assert (Path(FOLDER) / f"{form.replace('-', '').lower()}.toml").exists()
    assert catalogue_of(form) is catalogue_of(form)


@pytest.mark.parametrize("form", FORMS)
def test_items_of_a_group_stand_together(form: str) -> None:
    groups = [one.group for one in catalogue_of(form).items]

    runs = [group for place, group in enumerate(groups) if place == 0 or groups[place - 1] != group]
    assert len(runs) == len(set(runs))


@pytest.mark.parametrize("form", FORMS)
def test_every_item_and_section_has_words_of_one_line(form: str) -> None:
    known = catalogue_of(form)

    texts = [*(one.title for one in known.items), *(one.group for one in known.items)]
    assert all(text and text == text.strip() and "\n" not in text for text in texts)
    assert all(section.title for section in known.sections if section.code)


@pytest.mark.parametrize("form", [CONTINGENT, STAFF])
def test_names_of_sections_lead_to_one_section(form: str) -> None:
    names = [
        normalised(name)
        for section in catalogue_of(form).sections
        for name in {normalised(one) for one in (section.title, *section.synonyms)}
    ]

    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("form", FORMS)
def test_part_is_asked_wherever_its_whole_is(form: str) -> None:
    known = catalogue_of(form)
    sections = [section.code for section in known.sections]

    for one in known.items:
        if one.whole:
            whole = known.item(one.whole)
            assert all(whole.is_asked_in(code) for code in sections if one.is_asked_in(code)), one.code


@pytest.mark.parametrize("form", FORMS)
def test_parts_of_a_distribution_are_counts_of_one_whole(form: str) -> None:
    for parts in catalogue_of(form).distributions.values():
        assert len({part.whole for part in parts}) == 1
        assert {part.kind for part in parts} == {ItemKind.COUNT}
        assert len(parts) > 1


@pytest.mark.parametrize("form", FORMS)
def test_wholes_lead_to_an_item_that_is_no_part(form: str) -> None:
    known = catalogue_of(form)

    for one in known.items:
        seen = {one.code}
        while one.whole:
            one = known.item(one.whole)  # noqa: PLW2901  up the chain
            assert one.code not in seen
            seen.add(one.code)


def test_form_of_the_whole_school_has_no_total() -> None:
    assert catalogue_of(CONTEXT).total == ""
    assert catalogue_of(CONTEXT).parts_of_total == ()
