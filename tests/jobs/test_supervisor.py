import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.supervisor import Program, Supervisor
from tests.jobs.live import ROOT, command_of, is_alive, wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('x', flush=True); time.sleep(60)",
]
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")


@pytest.fixture
def kept() -> Iterator[list[Supervisor]]:
    """Collect supervisors whose children must not outlive the test."""
    supervisors: list[Supervisor] = []
    yield supervisors
    for supervisor in supervisors:
        supervisor.stop(0.1)


def started(kept: list[Supervisor], *programs: Program) -> Supervisor:
    supervisor = Supervisor(programs, folder=ROOT)
    kept.append(supervisor)
    supervisor.start()
    return supervisor


def pid_of(program: Program) -> int:
    assert program.process
    return program.process.pid


def is_exec(pid: int) -> bool:
    """Answer whether the launcher has become the program."""
    return bool(command_of(pid)) and "jobs.child" not in command_of(pid)


@linux
def test_dead_program_is_started_again(kept: list[Supervisor]) -> None:
    program = Program(name="sleep", command=SLEEP)
    supervisor = started(kept, program)
    first, stop = pid_of(program), threading.Event()

    def break_and_wait() -> None:
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: program.process and program.process.pid != first, "another process", 15)
        stop.set()

    threading.Thread(target=break_and_wait).start()
    supervisor.keep_until(stop)

    assert is_alive(pid_of(program))


def test_pauses_between_restarts_grow_to_half_a_minute_and_start_anew_after_a_healthy_run() -> None:
    program = Program(name="broken", command=SLEEP)
    now, pauses = 1000.0, []
    for _ in range(8):
        program.process = subprocess.Popen([sys.executable, "-c", ""])
        program.process.wait()
        program.started_at = now - 1
        program.note_death(now)
        pauses.append(program.due_at - now)
    program.process = subprocess.Popen([sys.executable, "-c", ""])
    program.process.wait()
    program.started_at = now - 31
    program.note_death(now)

    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert program.due_at - now == 0.5


@linux
def test_stop_ends_the_polite_by_request_and_the_stubborn_by_force(kept: list[Supervisor]) -> None:
    polite, stubborn = Program(name="polite", command=SLEEP), Program(name="stubborn", command=STUBBORN)
    supervisor = started(kept, polite, stubborn)
    pids = [pid_of(polite), pid_of(stubborn)]
    wait_until(lambda: all(is_exec(pid) for pid in pids), "both programs", 15)
    time.sleep(0.3)  # the stubborn one sets its mind
    begun = time.monotonic()

    supervisor.stop(1)

    assert time.monotonic() - begun < 5
    assert not [pid for pid in pids if is_alive(pid)]


@linux
def test_program_runs_in_its_own_group_with_its_priority(kept: list[Supervisor]) -> None:
    program = Program(name="sleep", command=SLEEP, nice=7)
    started(kept, program)

    wait_until(lambda: is_exec(pid_of(program)), "the program", 15)

    assert os.getpgid(pid_of(program)) == pid_of(program)
    assert os.getpriority(os.PRIO_PROCESS, pid_of(program)) == os.getpriority(os.PRIO_PROCESS, 0) + 7


@linux
def test_program_dies_with_its_parent(tmp_path: Path) -> None:
    start_and_die = (
        "import pathlib, sys, time; from jobs.supervisor import Program;"
        f"p = Program(name='sleep', command={SLEEP!r}); p.start(folder=pathlib.Path({str(ROOT)!r}));"
        "time.sleep(1.5); print(p.process.pid)"
    )

    done = subprocess.run([sys.executable, "-c", start_and_die], cwd=ROOT, capture_output=True, text=True, check=True)

    wait_until(lambda: not is_alive(int(done.stdout)), "the end of the child", 10)
