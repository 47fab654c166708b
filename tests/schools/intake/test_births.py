"""Children of the nursery: each workbook has its own, and neither a dead one nor a dead nursery stops the next."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from schools.intake import births
from schools.intake.limits import Limits
from schools.intake.reader import read_workbook
from schools.intake.refusals import Code, ReaderRefusal
from tests.factories.workbooks import workbook
from tests.schools.intake import hostile

pytestmark = pytest.mark.skipif(not births.CAN_FORK, reason="this system cannot fork")
ROOT = Path(__file__).parents[3]
# Less than the workbook takes, whatever the loading of modules has left free inside the child.
TOO_LITTLE = Limits(rows=70_000, child_memory_bytes=8 * 1024 * 1024)
FORK_AND_READ = """
import os
from schools.intake import births
from schools.intake.reader import read_workbook
from tests.schools.intake import hostile

def nursery():
    read_workbook(hostile.good())
    return births._nursery()._process.pid

own = nursery()
ours, theirs = os.pipe()
if os.fork() == 0:
    os.write(theirs, str(nursery()).encode())
    births.close_nursery()
    os._exit(0)
os.wait()
print(own, os.read(ours, 100).decode(), nursery(), flush=True)
os._exit(0)  # as one that is killed: nothing is tidied up
"""


@pytest.fixture(autouse=True)
def _begin_anew() -> Iterator[None]:
    births.close_nursery()
    yield
    births.close_nursery()


def nursery_pid() -> int:
    process = births._nursery()._process  # noqa: SLF001  the tests are there to kill it
    assert process
    return process.pid


def read(text: str) -> object:
    return read_workbook(workbook([(text,)])).sheets[0].at(1, 0)


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def wait_until_gone(pid: int) -> None:
    until = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(pid)


def test_one_nursery_serves_many_workbooks() -> None:
    assert read("первая") == "первая"
    first = nursery_pid()

    assert read("вторая") == "вторая"
    assert nursery_pid() == first


def test_threads_get_the_answers_to_their_own_orders() -> None:
    texts = [f"школа {number}" for number in range(24)]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, texts)) == texts


def test_dead_child_leaves_the_nursery_alive() -> None:
    read("до")
    before = nursery_pid()

    with pytest.raises(ReaderRefusal) as caught:
        read_workbook(hostile.many_rows(), TOO_LITTLE)

    assert caught.value.code in {Code.NOT_READ, Code.TOO_BIG_UNPACKED, Code.DAMAGED}
    assert read("после") == "после"
    assert nursery_pid() == before


def test_killed_nursery_is_begun_anew_without_a_word() -> None:
    read("до")
    before = nursery_pid()
    os.kill(before, signal.SIGKILL)

    assert read("после") == "после"
    assert nursery_pid() != before


def test_nursery_killed_with_an_order_in_hand_costs_nobody_the_file() -> None:
    read("до")
    before = nursery_pid()
    os.kill(before, signal.SIGSTOP)  # takes the order and does nothing

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(read, "в руках")
        time.sleep(0.3)
        os.kill(before, signal.SIGKILL)

        assert waiting.result(timeout=20) == "в руках"


def test_answer_that_does_not_come_in_time_is_given_up() -> None:
    read("до")
    stopped = nursery_pid()
    os.kill(stopped, signal.SIGSTOP)
    try:
        with pytest.raises(TimeoutError):
            births.answer_of_child(b"{}\n", 0.3)
    finally:
        os.kill(stopped, signal.SIGCONT)

    assert read("после") == "после"


def test_child_that_lives_too_long_is_ended_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give it a socket that says nothing, as a host that has forgotten it."""
    monkeypatch.setattr(births, "_talk", say_nothing)

    assert births.answer_of_child(b"", 0.1) == b""


def say_nothing(ours: socket.socket, *_: object) -> bytes:
    ours.settimeout(20)
    return ours.recv(1)


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_twenty_workbooks_leave_no_descriptor_open() -> None:
    read("начало")
    before = open_descriptors()

    for number in range(20):
        read(str(number))

    assert open_descriptors() == before


def test_forked_process_has_a_nursery_of_its_own_and_each_ends_with_its_host() -> None:
    command = [sys.executable, "-c", FORK_AND_READ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)

    own, of_fork, own_again = map(int, done.stdout.split())

    assert own == own_again != of_fork
    wait_until_gone(own)
    wait_until_gone(of_fork)


def test_nursery_knows_nothing_of_the_portal() -> None:
    code = "import sys, schools.intake.nursery; print([name for name in ('django', 'config') if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_where_nothing_forks_a_new_python_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(births, "CAN_FORK", False)

    assert read("без развилки") == "без развилки"
    with pytest.raises(ReaderRefusal) as caught:
        read_workbook(hostile.many_rows(), TOO_LITTLE)
    assert caught.value.code in {Code.NOT_READ, Code.TOO_BIG_UNPACKED, Code.DAMAGED}
