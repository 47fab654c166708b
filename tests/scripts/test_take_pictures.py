"""Whose eyes the pictures of the guides are taken with."""

import json
from pathlib import Path

import pytest

from scripts import take_pictures


def test_pictures_are_taken_as_the_coordinator_of_the_municipality(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = [
        {"login": "region", "password": "a", "role": "regional_coordinator"},
        {"login": "coordinator", "password": "b", "role": "municipal_coordinator"},
        {"login": "neighbour", "password": "c", "role": "municipal_coordinator"},
    ]
    path = tmp_path / "demo_signins.json"
    path.write_text(json.dumps(users), encoding="utf-8")
    monkeypatch.setattr(take_pictures, "SIGNINS", path)

    assert take_pictures.coordinator()["login"] == "coordinator"


def test_every_picture_of_the_documents_is_taken_by_the_script() -> None:
    images = {path.stem for path in (take_pictures.ROOT / "docs" / "images").glob("*.png")}

    assert images <= set(take_pictures.PICTURES)


def test_machine_without_chromium_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(take_pictures, "chromium", lambda: None)

    with pytest.raises(SystemExit, match="Нет Chromium"):
        take_pictures.main()
