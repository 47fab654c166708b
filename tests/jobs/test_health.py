import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import OperationalError
from django.test import Client
from django.utils import timezone

from jobs import health
from jobs.choices import JobState
from jobs.health import Check, Health
from tests.factories.jobs import make_abandoned_job, make_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def database_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every statement end as with a server that went away."""

    def refuse(*_: Any) -> Any:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", refuse)


def test_live_answers_strangers(client: Client) -> None:
    response = client.get("/healthz/live")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_ready_answers_strangers_while_the_database_does(client: Client) -> None:
    assert client.get("/healthz/ready").status_code == 200


@pytest.mark.usefixtures("database_away")
def test_without_the_database_the_process_is_live_but_not_ready(client: Client) -> None:
    ready = client.get("/healthz/ready")

    assert client.get("/healthz/live").status_code == 200
    assert (ready.status_code, ready.headers["Retry-After"]) == (503, "5")


def test_all_checks_pass_on_a_sound_portal() -> None:
    checks = health.run_checks()

    assert set(checks) == {"database", "broker", "worker", "storage", "fonts", "disk"}
    assert {name: check for name, check in checks.items() if check.status is not Health.OK} == {}


@pytest.mark.usefixtures("database_away")
def test_without_the_database_the_portal_is_down_and_the_worker_unknown() -> None:
    checks = health.run_checks()

    assert health.overall(checks) is Health.DOWN
    assert "Неизвестно" in checks["worker"].text


def test_unapplied_migration_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")

    assert "migrate" in health.check_database().text


def test_broker_out_of_reach_degrades(broker_at: Callable[[str], None]) -> None:
    broker_at("redis://127.0.0.1:1/0")

    assert health.check_broker().status is Health.DEGRADED


def test_waiting_jobs_with_nobody_working_degrade() -> None:
    make_job(created_at=timezone.now() - timedelta(minutes=10))

    assert "никто их не берёт: 1" in health.check_worker().text


def test_waiting_jobs_behind_a_busy_worker_are_well() -> None:
    make_job(created_at=timezone.now() - timedelta(minutes=10))
    make_job(state=JobState.RUNNING)

    assert health.check_worker().status is Health.OK


def test_job_long_abandoned_degrades() -> None:
    make_abandoned_job().__class__.objects.update(lease_until=timezone.now() - timedelta(minutes=10))

    assert "пропал" in health.check_worker().text


def test_storage_that_cannot_be_written_is_down(settings: Any, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where a folder should be")
    storages = {**settings.STORAGES}
    storages["default"]["OPTIONS"] = {"location": str(blocked)}
    settings.STORAGES = storages

    assert health.check_storage().status is Health.DOWN


def test_little_disk_space_degrades(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "FREE_BYTES_NEEDED", 2**62)

    assert health.check_disk().status is Health.DEGRADED


@pytest.mark.parametrize(
    ("statuses", "worst"),
    [
        pytest.param([Health.OK, Health.OK], Health.OK, id="well"),
        pytest.param([Health.OK, Health.DEGRADED], Health.DEGRADED, id="degraded"),
        pytest.param([Health.DEGRADED, Health.DOWN, Health.OK], Health.DOWN, id="down"),
        pytest.param([], Health.OK, id="nothing-checked"),
    ],
)
def test_overall_is_the_worst(statuses: list[Health], worst: Health) -> None:
    checks = {str(number): Check(status=status, text="") for number, status in enumerate(statuses)}

    assert health.overall(checks) is worst


def test_command_prints_one_json_object() -> None:
    output = StringIO()

    call_command("healthcheck", "--json", stdout=output)

    answer = json.loads(output.getvalue())
    assert {check["status"] for check in answer["checks"].values()} == {"ok"}
    assert answer["status"] == "ok"


def test_command_prints_a_line_per_check() -> None:
    output = StringIO()

    call_command("healthcheck", stdout=output)

    assert len(output.getvalue().splitlines()) == 6


@pytest.mark.usefixtures("database_away")
def test_command_ends_with_one_when_the_portal_is_down() -> None:
    with pytest.raises(SystemExit) as ending:
        call_command("healthcheck", stdout=StringIO(), stderr=StringIO())

    assert ending.value.code == 1
