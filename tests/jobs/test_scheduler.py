import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import OperationalError

from jobs.choices import JobState
from jobs.scheduler import tend_once, tend_until
from tests.factories.jobs import make_abandoned_job
from tests.jobs.live import ROOT, wait_until


@pytest.mark.django_db(transaction=True)
def test_loop_takes_an_abandoned_job_back_and_ends_when_told(settings: Any) -> None:
    settings.JOBS_TEND_SECONDS = 0.05
    job = make_abandoned_job()
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()

    tend_until(stop)

    job.refresh_from_db()
    assert job.state == JobState.QUEUED


@pytest.mark.django_db
def test_round_without_a_database_is_logged_and_the_loop_lives(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(*_: Any) -> Any:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", refuse)

    tend_once()

    assert "lost a round" in caplog.text


@pytest.mark.live
def test_command_ends_politely(tmp_path: Any) -> None:
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": "", "REDIS_URL": ""}
    with (tmp_path / "log").open("w") as log:
        command = [sys.executable, "manage.py", "scheduler"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    wait_until(lambda: "lost a round" in (tmp_path / "log").read_text(), "a round; there is no table yet", 30)

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=20) == 0
