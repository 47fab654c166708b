"""Keeps a few programs alive: starts, restarts with a growing pause, stops all within a deadline."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

logger = logging.getLogger(__name__)

LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 30.0  # seconds alive after which the pauses start small again
LOOK_EVERY = 0.2
STOP_SECONDS = 27.0  # within the thirty that container managers and people grant


@dataclass(kw_only=True)
class Program:
    """One child process and its history. `command` is run in a process group of its own, so that Ctrl-C in a
    terminal reaches the supervisor alone and the stop is orderly."""

    name: str
    command: Sequence[str]
    nice: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    deaths: int = 0

    def start(self, *, folder: Path) -> None:
        launcher = [sys.executable, "-m", "jobs.child", "--nice", str(self.nice), "--"]
        self.process = subprocess.Popen(  # noqa: S603  our own command lines
            [*launcher, *self.command],
            cwd=folder,
            env={**os.environ, "SUPERVISOR_PID": str(os.getpid()), **self.environment},
            process_group=0,
        )
        self.started_at = time.monotonic()

    def note_death(self, now: float) -> None:
        """Clear what is left of the process and set when to start it again."""
        assert self.process is not None  # noqa: S101  only a started program dies
        self.signal_group(signal.SIGKILL)
        if now - self.started_at >= HEALTHY_AFTER:
            self.deaths = 0
        pause = min(LONGEST_PAUSE, 0.5 * 2**self.deaths)
        self.deaths += 1
        self.due_at = now + pause
        logger.warning("%s ended with %s, again in %.1f s", self.name, self.process.returncode, pause)
        self.process = None

    def signal_group(self, number: signal.Signals) -> None:
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


class Supervisor:
    def __init__(self, programs: Sequence[Program], *, folder: Path) -> None:
        self.programs = programs
        self.folder = folder

    def start(self) -> None:
        for program in self.programs:
            program.start(folder=self.folder)

    def keep_until(self, stop: threading.Event) -> None:
        """Restart what dies until told to stop.

        To be called in the main thread: Linux counts the end of the thread that started a child as its parent's.
        """
        while not stop.wait(LOOK_EVERY):
            now = time.monotonic()
            for program in self.programs:
                self._look_after(program, now)

    def _look_after(self, program: Program, now: float) -> None:
        if program.process is None:
            if now >= program.due_at:
                program.start(folder=self.folder)
        elif program.process.poll() is not None:
            program.note_death(now)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ask all to finish what they do, then end what still runs. A job ended so is taken up after its lease."""
        running = [program for program in self.programs if program.process]
        for program in running:
            assert program.process is not None  # noqa: S101  filtered above
            program.process.terminate()
        deadline = time.monotonic() + seconds
        for program in running:
            self._wait(program, deadline)

    def _wait(self, program: Program, deadline: float) -> None:
        assert program.process is not None  # noqa: S101  called for running programs
        try:
            program.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            logger.warning("%s does not stop in time and is ended", program.name)
        program.signal_group(signal.SIGKILL)
        program.process.wait()
        program.process = None
