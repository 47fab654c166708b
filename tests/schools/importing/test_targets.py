"""The list of tables that imports write."""

import pytest

from schools.importing.results import ResultTarget
from schools.importing.targets import register, target_of, targets


def test_registry_is_written_before_results_and_both_before_the_rest() -> None:
    codes = [target.code for target in targets()]

    assert codes[:2] == ["registry", "results"]
    assert {"details", "statistics"} <= set(codes[2:])


def test_code_is_taken_once() -> None:
    with pytest.raises(ValueError, match="results is registered twice"):
        register(ResultTarget())


def test_unknown_code_names_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"details, .*registry, results"):
        target_of("elsewhere")
