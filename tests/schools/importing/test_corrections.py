"""Corrections of cells are laid over one another; what cannot be a cell is refused in words."""

import pytest

from schools.importing import corrections
from schools.importing.corrections import Correction, corrected, is_correctable, number_of, told
from schools.importing.errors import CorrectionRefused
from schools.models import ImportFile


def fix(cell: str, value: str, sheet: str = "Лист1") -> Correction:
    return Correction(sheet=sheet, cell=cell, value=value)


def test_correction_is_added_to_those_before() -> None:
    assert corrected({"Лист1": {"B2": "1"}}, [fix("c7", " 12 "), fix("A1", "x", "Лист2")]) == {
        "Лист1": {"B2": "1", "C7": "12"},
        "Лист2": {"A1": "x"},
    }


def test_empty_value_takes_a_correction_back() -> None:
    assert corrected({"Лист1": {"B2": "1"}}, [fix("B2", " ")]) == {}
    assert corrected({}, [fix("B2", "")]) == {}


def test_given_corrections_are_not_changed() -> None:
    known = {"Лист1": {"B2": "1"}}

    corrected(known, [fix("B2", "2")])

    assert known == {"Лист1": {"B2": "1"}}


@pytest.mark.parametrize("cell", ["7C", "C0", "C", "7", "ABCD1", "C7:D8", "'Лист'!C7", "Ц7"])
def test_what_is_no_cell_is_refused_with_an_example(cell: str) -> None:
    with pytest.raises(CorrectionRefused, match="Укажите столбец буквами и строку: C7"):
        corrected({}, [fix(cell, "1")])


def test_endless_value_is_refused() -> None:
    with pytest.raises(CorrectionRefused, match="C7: значение длиннее 200 знаков"):
        corrected({}, [fix("C7", "1" * 201)])


def test_too_many_corrections_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrections, "MOST", 1)

    with pytest.raises(CorrectionRefused, match="Исправлений 2, а можно не больше 1"):
        corrected({}, [fix("A1", "1"), fix("A2", "1")])


def test_corrections_are_told_by_place() -> None:
    known = {"Лист1": {"B10": "1", "AA2": "2", "B2": "3"}}

    assert [one.cell for one in told(known)] == ["B2", "AA2", "B10"]
    assert number_of(known) == 3


def test_file_without_its_bytes_cannot_be_corrected() -> None:
    assert is_correctable(ImportFile(content="imports/x"))
    assert not is_correctable(ImportFile(aggregate={}))
