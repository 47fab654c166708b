"""Parts of `manage.py up` that need no processes; tests/jobs/test_up.py starts the real thing."""

import json
import socket
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from jobs.management.commands import up


def test_signins_are_one_per_role_with_its_russian_name(tmp_path: Path) -> None:
    path = tmp_path / "signins.json"
    users = [
        {"login": "egorova", "password": "first", "role": "municipal_coordinator", "territory": "Светлобор"},
        {"login": "petrova", "password": "second", "role": "municipal_coordinator", "territory": "Светлобор"},
        {"login": "school5", "password": "third", "role": "school_admin", "territory": "Светлобор"},
    ]
    path.write_text(json.dumps(users), encoding="utf-8")

    _, *lines = up.signin_lines(path)

    assert [line.split() for line in lines] == [
        ["Муниципальный", "координатор", "egorova", "/", "first"],
        ["Школьный", "администратор", "school5", "/", "third"],
    ]


def test_no_signins_are_printed_where_there_is_no_demo_region(tmp_path: Path) -> None:
    assert up.signin_lines(tmp_path / "missing.json") == []


def test_busy_port_is_refused_with_another_one() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=f"PORT={port + 1}"):
            up.refuse_busy_port("127.0.0.1", port)


def test_waiting_ends_when_told_to_stop() -> None:
    stop = threading.Event()
    stop.set()

    assert up.wait_for("127.0.0.1", 1, stop) is False


def test_data_directory_is_held_by_one(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path

    with up.only_one(), pytest.raises(CommandError, match="уже запущен"), up.only_one():
        pass


def test_worker_is_niced_and_web_is_not() -> None:
    web, worker = up.programs("127.0.0.1", 8000)

    assert (web.nice, worker.nice) == (0, 10)
    assert "127.0.0.1:8000" in web.command


@pytest.mark.django_db
def test_number_of_web_processes_can_be_set(settings: Any) -> None:
    settings.WEB_CONCURRENCY = 3

    web, _ = up.programs("127.0.0.1", 8000)

    assert web.command[web.command.index("--workers") + 1] == "3"
