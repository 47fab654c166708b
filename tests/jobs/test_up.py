"""The whole portal in one start, with real processes, and what it survives."""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.live import Portal, Redis, children_of, copy_migrated, is_alive, running, wait_until

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc"),
    pytest.mark.engine_neutral,  # the portal of these tests is always on SQLite
]


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    yield from running(Portal(tmp_path_factory.mktemp("portal")))


@pytest.fixture
def own_portal(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    copy_migrated(tmp_path_factory, tmp_path)
    yield from running(Portal(tmp_path))


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def test_start_prints_the_address(portal: Portal) -> None:
    wait_until(lambda: f"http://127.0.0.1:{portal.port}/" in portal.output, "the address")


def test_job_is_done_soon_after_it_was_asked_for(portal: Portal) -> None:
    job = portal.ask("tests.echo", {"text": "да"})

    assert portal.wait_for(job["id"], "ready", 30) == ("ready", 1)


def test_second_message_about_a_job_starts_no_second_run(portal: Portal, tmp_path: Path) -> None:
    file = tmp_path / "runs"
    job = portal.ask("tests.slow", {"file": str(file), "seconds": 1}, messages=3)

    portal.wait_for(job["id"], "ready")
    after = portal.ask("tests.echo", {"text": "после всех"})
    portal.wait_for(after["id"], "ready")

    assert lines(file) == ["start 1", "done 1"]


def test_worker_killed_in_the_middle_the_job_is_done_once(portal: Portal, tmp_path: Path) -> None:
    file = tmp_path / "runs"
    job = portal.ask("tests.slow", {"file": str(file), "seconds": 2})
    wait_until(lambda: lines(file), "the start of the job")

    killed = portal.kill_group("celery")

    assert portal.wait_for(job["id"], "ready") == ("ready", 2)
    assert lines(file) == ["start 1", "start 2", "done 2"]
    assert not is_alive(killed)


def test_only_the_pool_process_killed_the_job_is_done_once(portal: Portal, tmp_path: Path) -> None:
    file = tmp_path / "runs"
    job = portal.ask("tests.slow", {"file": str(file), "seconds": 2})
    wait_until(lambda: lines(file), "the start of the job")
    worker = portal.child("celery")
    assert worker

    for pid in children_of(worker):
        os.kill(pid, signal.SIGKILL)

    assert portal.wait_for(job["id"], "ready") == ("ready", 2)
    assert lines(file) == ["start 1", "start 2", "done 2"]
    assert portal.child("celery") == worker


def test_web_killed_comes_back(portal: Portal) -> None:
    killed = portal.kill_group("gunicorn")

    wait_until(lambda: portal.child("gunicorn") not in {None, killed}, "another web process")
    wait_until(portal.is_ready, "the page after the restart")


def test_second_start_on_the_same_data_is_refused_with_a_way_out(portal: Portal) -> None:
    second = portal.up()

    assert second.wait(timeout=30) == 1
    assert "уже запущен" in portal.output


def test_start_on_a_busy_port_is_refused_with_a_way_out(portal: Portal, tmp_path: Path) -> None:
    other = Portal(tmp_path, PORT=str(portal.port))

    assert other.up().wait(timeout=30) == 1
    assert f"PORT={portal.port + 1} make run" in other.output


def test_stop_ends_all_processes_in_time_and_the_next_start_takes_up_the_job(own_portal: Portal) -> None:
    file = own_portal.folder / "runs"
    job = own_portal.ask("tests.slow", {"file": str(file), "seconds": 1.5})
    wait_until(lambda: lines(file), "the start of the job")
    assert own_portal.process
    children = children_of(own_portal.process.pid)
    started = time.monotonic()

    assert own_portal.stop() == 0

    assert time.monotonic() - started < 30
    assert not [pid for pid in children if is_alive(pid)]
    assert own_portal.job(job["id"]) == ("ready", 1)  # a run that can end in time is let


def test_supervisor_killed_takes_its_children_along_and_the_next_start_does_the_job(own_portal: Portal) -> None:
    file = own_portal.folder / "runs"
    job = own_portal.ask("tests.slow", {"file": str(file), "seconds": 1})
    assert own_portal.process
    children = children_of(own_portal.process.pid)

    own_portal.process.kill()
    own_portal.process.wait()

    wait_until(lambda: not [pid for pid in children if is_alive(pid)], "the end of the children", 30)
    own_portal.start()
    assert own_portal.wait_for(job["id"], "ready")[0] == "ready"
    assert [line.split()[0] for line in lines(file)].count("done") == 1


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    if not shutil.which("redis-server"):
        pytest.skip("no redis-server here: apt-get install redis-server")
    server = Redis().start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def portal_on_redis(tmp_path_factory: pytest.TempPathFactory, redis: Redis) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("portal_on_redis")
    copy_migrated(tmp_path_factory, folder)
    yield from running(Portal(folder, REDIS_URL=redis.url))


def test_redis_stopped_the_answer_is_fast_and_the_job_done_without_a_second_click(
    portal_on_redis: Portal,
    redis: Redis,
    tmp_path: Path,
) -> None:
    portal, file = portal_on_redis, tmp_path / "runs"
    portal.wait_for(portal.ask("tests.echo", {})["id"], "ready")
    redis.stop()

    job = portal.ask("tests.slow", {"file": str(file), "seconds": 0.2})

    assert job["seconds"] < 3
    assert portal.job(job["id"]) == ("queued", 0)
    redis.start()
    assert portal.wait_for(job["id"], "ready", 90) == ("ready", 1)
    assert lines(file) == ["start 1", "done 1"]


def test_redis_restarted_empty_the_waiting_jobs_are_done(portal_on_redis: Portal, redis: Redis, tmp_path: Path) -> None:
    portal = portal_on_redis
    running_job = portal.ask("tests.slow", {"file": str(tmp_path / "runs"), "seconds": 3})
    waiting = [portal.ask("tests.echo", {"text": str(number)})["id"] for number in range(2)]

    redis.stop()
    redis.start()

    for job_id in (running_job["id"], *waiting):
        assert portal.wait_for(job_id, "ready", 90) == ("ready", 1)
