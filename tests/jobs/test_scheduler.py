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
from tests.jobs.live import ROOT


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
    process = subprocess.Popen(
        [sys.executable, "manage.py", "scheduler"], cwd=ROOT, env=environment, stderr=subprocess.PIPE
    )
    time.sleep(3)

    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)

    assert process.returncode == 0
    assert b"lost a round" in errors  # there is no table yet, and that ended a round, not the loop
