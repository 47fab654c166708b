"""All 84 variants of bad input are tested, and no other numbers are made up."""

from tests.schools.intake.variants import (
    cases,
    test_container,
    test_forms,
    test_layout,
    test_structure,
    test_text_files,
    test_values,
)

MODULES = (test_container, test_structure, test_layout, test_values, test_text_files, test_forms)


def test_every_variant_has_a_test_and_no_test_a_made_up_number() -> None:
    expected = {f"{group}{number}" for group, last in cases.GROUPS.items() for number in range(1, last + 1)}

    assert len(expected) == 84
    assert len(MODULES) == 6
    assert expected == cases.COVERED
