"""What people asked for is done although a part of the installation died meanwhile."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.e2e.installation import installation
from tests.e2e.web import Answer, Visitor, rows, sign_in
from tests.jobs.live import Portal, Redis, wait_until

pytestmark = pytest.mark.live
RECOVERY_SECONDS = 120
ANSWER_SECONDS = 3
JOB = "SELECT state, attempts FROM jobs_job WHERE kind = 'report.build' ORDER BY created_at DESC LIMIT 1"
VERSIONS = "SELECT COUNT(*) FROM reports_reportversion"
FILES = "SELECT format FROM reports_reportfile ORDER BY format"


@contextmanager
def coordinator_of(factory: pytest.TempPathFactory, redis: Redis | None = None) -> Iterator[tuple[Portal, Visitor]]:
    with installation(factory, "monitored", redis) as (portal, passwords):
        base = f"http://127.0.0.1:{portal.port}"
        yield portal, sign_in(base, "coordinator", passwords["coordinator"])


def ask_for_report(coordinator: Visitor, kind: str) -> Answer:
    return coordinator.send("/reports/", "/reports/new/", kind=kind)


def job_of(portal: Portal) -> tuple[str, int]:
    (job,) = rows(portal, JOB) or [("none", 0)]
    return str(job[0]), int(job[1])


def wait_until_ready(portal: Portal) -> float:
    """Return the seconds that the report still took."""
    begun = time.monotonic()
    wait_until(lambda: job_of(portal)[0] == "ready", f"a ready report: {job_of(portal)}", RECOVERY_SECONDS)
    return time.monotonic() - begun


def assert_one_report(portal: Portal, coordinator: Visitor) -> None:
    """Expect one version with one file of each format: in the rows, on the disk and on the page."""
    page = coordinator.ask("/reports/").soup
    stored = [path.suffix for path in (portal.folder / "files" / "reports").rglob("*") if path.is_file()]

    assert rows(portal, VERSIONS) == [(1,)]
    assert [row[0] for row in rows(portal, FILES)] == ["pdf", "xlsx"]
    assert sorted(stored) == [".pdf", ".xlsx"]
    assert [len(page.select(f"a[href$='/files/{form}/']")) for form in ("pdf", "xlsx")] == [1, 1]


def test_worker_killed_while_building_the_report_is_ready_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    with coordinator_of(tmp_path_factory) as (portal, coordinator):
        ask_for_report(coordinator, "R1")
        wait_until(lambda: job_of(portal)[0] == "running", "the start of the report")

        portal.kill_group("celery")

        assert job_of(portal)[0] == "running", "the report was ready before the worker died: nothing is shown"
        wait_until_ready(portal)
        assert job_of(portal) == ("ready", 2)
        assert_one_report(portal, coordinator)


@pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server here: apt-get install redis-server")
def test_redis_stopped_the_report_is_accepted_fast_and_ready_without_a_second_click(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    redis = Redis().start()
    try:
        with coordinator_of(tmp_path_factory, redis) as (portal, coordinator):
            coordinator.ask("/reports/")
            redis.stop()

            answer = ask_for_report(coordinator, "R4")

            assert answer.seconds < ANSWER_SECONDS
            assert "Запрос принят. Служба формирования отчётов временно недоступна" in answer.text
            assert job_of(portal) == ("queued", 0)

            redis.start()
            wait_until_ready(portal)
            assert job_of(portal) == ("ready", 1)
            assert_one_report(portal, coordinator)
    finally:
        redis.stop()
