"""A real installation for tests: `manage.py up` on data of its own, with leases of four seconds."""

import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.databases import make_template, on_server
from tests.shared import shared_folder

ROOT = Path(__file__).resolve().parents[2]
SHORT = {
    "JOBS_LEASE_SECONDS": "4",
    "JOBS_HEARTBEAT_SECONDS": "0.5",
    "JOBS_TEND_SECONDS": "0.5",
    "JOBS_RESEND_SECONDS": "4",
    "JOBS_EXTRA_KINDS": "tests.jobs.kinds",
}
PATIENCE = 60.0
KEPT_PORTS = (20_000, 30_000)  # below those that systems choose from for connections


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def kept_port() -> int:
    """Return a free port that the system gives to nobody by itself, so that it is still free after a stop."""
    while True:
        port = random.randrange(*KEPT_PORTS)
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_until(condition: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Return the first true answer; fail with `what` when none comes in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what}")


class Portal:
    """One installation: start, look, break, stop."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port = free_port()
        plain = {"DATABASE_URL": "", "REDIS_URL": "", "DEBUG": "false", "SECRET_KEY": "only-for-this-test"}
        self.environment = {
            **os.environ,
            **plain,
            **SHORT,
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            **environment,
        }
        self.process: subprocess.Popen[str] | None = None

    def up(self) -> subprocess.Popen[str]:
        """Start without waiting."""
        with (self.folder / "out.log").open("a") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", "up", "--no-seed"],
                cwd=ROOT,
                env=self.environment,
                text=True,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def start(self) -> "Portal":
        self.process = self.up()
        wait_until(self.is_ready, "the first page")
        return self

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def manage(self, *arguments: str) -> str:
        """Run a management command against the installation and return what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def output(self) -> str:
        return (self.folder / "out.log").read_text()

    def ask(self, kind: str, parameters: Mapping[str, Any], messages: int = 1) -> dict[str, Any]:
        command = [sys.executable, "-m", "tests.jobs.ask", kind, json.dumps(parameters), str(messages)]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True)
        return dict(json.loads(done.stdout))

    def job(self, job_id: str) -> tuple[str, int]:
        """Return state and attempts."""
        with closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=20)) as database:
            row = database.execute("SELECT state, attempts FROM jobs_job WHERE id = ?", [job_id]).fetchone()
        return str(row[0]), int(row[1])

    def wait_for(self, job_id: str, state: str, seconds: float = PATIENCE) -> tuple[str, int]:
        wait_until(lambda: self.job(job_id)[0] == state, f"{state} of a job: {self.job(job_id)}", seconds)
        return self.job(job_id)

    def child(self, word: str) -> int | None:
        """Return the id of the supervisor's child whose command line has the word."""
        assert self.process
        for pid in children_of(self.process.pid):
            if word in command_of(pid):
                return pid
        return None

    def kill_group(self, word: str) -> int:
        """Kill a child and its own children at once, as an out-of-memory killer or a power cut does."""
        pid = wait_until(lambda: self.child(word), f"a child with {word}")
        os.killpg(pid, signal.SIGKILL)
        return int(pid)

    def stop(self) -> int:
        """Ask to stop; return the exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=40)

    def clean(self) -> None:
        """End whatever a failed test has left."""
        if self.process is None:
            return
        groups = children_of(self.process.pid)
        self.process.kill()
        self.process.wait()
        for group in groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)


def children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_alive(pid: int) -> bool:
    return bool(command_of(pid))  # the command line of a zombie is empty


class Redis:
    """A redis-server of the test's own, which forgets everything when it stops."""

    def __init__(self) -> None:
        self.port = kept_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> "Redis":
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        wait_until(self.answers, "redis-server")
        assert self.process.poll() is None, "another program answers on the port of redis-server"
        return self

    def answers(self) -> bool:
        try:
            with closing(socket.create_connection(("127.0.0.1", self.port), timeout=1)):
                return True
        except OSError:
            return False

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def migrated(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an installation that has all tables and no rows; made once for all."""

    def make(folder: Path) -> None:
        database = make_template(folder) if on_server() else {}
        Portal(folder, **database).manage("migrate", "--verbosity", "0")

    return shared_folder(factory, "migrated", make)


def copy_migrated(factory: pytest.TempPathFactory, folder: Path) -> None:
    """Put an empty SQLite database with all tables into the folder of an installation: its start migrates nothing."""
    shutil.copytree(migrated(factory), folder, dirs_exist_ok=True)


def running(portal: Portal) -> Iterator[Portal]:
    """Start, give, and clean up; the body of a fixture."""
    try:
        yield portal.start()
    finally:
        portal.clean()
