"""How a reading child is asked: born by a nursery where the system can fork, else started as a new Python."""

import atexit
import contextlib
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

ORDER: Final = struct.Struct("d")  # what a nursery is told of an order: the seconds that its child may live
PROJECT: Final = Path(__file__).resolve().parents[2]
CLEAN: Final = {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}
CAN_FORK: Final = hasattr(os, "fork") and hasattr(socket, "send_fds")
PIECE: Final = 1024 * 1024
PATIENT_SECONDS: Final = 5
MOMENT_SECONDS: Final = 0.2


def answer_of_child(order: bytes, seconds: float) -> bytes | bytearray:
    """Return what a new child says to an order, nothing when it died. Raises TimeoutError after `seconds`."""
    return _nursery().ask(order, seconds) if CAN_FORK else _answer_of_python(order, seconds)


def _answer_of_python(order: bytes, seconds: float) -> bytes:
    command = [sys.executable, "-s", "-m", "schools.intake.child"]
    try:
        done = subprocess.run(  # noqa: S603  our own module, no shell, nothing of the user in the command
            command, input=order, capture_output=True, cwd=PROJECT, env=CLEAN, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    return done.stdout if done.returncode == 0 else b""


class Nursery:
    """The nursery of one process of the portal, begun with its first workbook and again when it has died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def ask(self, order: bytes, seconds: float) -> bytes | bytearray:
        """Return the answer of a child of its own, of a second one when the nursery died meanwhile."""
        until = time.monotonic() + seconds
        answer = self._asked(order, until)
        return self._asked(order, until) if not answer and self._has_died() else answer

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _has_died(self) -> bool:
        """Answer whether the nursery is gone, and its child with it; its socket is closed a moment before."""
        if self._process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(MOMENT_SECONDS)
        return not self.is_alive

    def _asked(self, order: bytes, until: float) -> bytes | bytearray:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._bear(theirs, _left(until))
            return _talk(ours, order, until)

    def close(self) -> None:
        """Let the nursery end: it notices that nobody holds the other end."""
        if self._control:
            self._control.close()
        if self._process:
            self._process.wait(PATIENT_SECONDS)
        self._process = self._control = None

    def abandon(self) -> None:
        """Leave the nursery to the process that this one was forked from."""
        if self._control:
            self._control.close()
        if self._process:
            self._process.returncode = 0  # not ours to wait for
        self._process = self._control = None

    def _bear(self, order: socket.socket, seconds: float) -> None:
        """Have a child born for the other end of a socket; a nursery that has died is begun anew, once."""
        with self._lock:
            control = self._living()
            try:
                socket.send_fds(control, [ORDER.pack(seconds)], [order.fileno()])
            except OSError:
                self._bury()
                socket.send_fds(self._living(), [ORDER.pack(seconds)], [order.fileno()])

    def _living(self) -> socket.socket:
        if not self.is_alive:
            self._bury()
        if self._control is None:
            self._control, theirs = socket.socketpair()
            with theirs:
                self._process = _started(theirs)
        return self._control

    def _bury(self) -> None:
        if self._process:
            self._process.kill()
        self.close()


def _started(control: socket.socket) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-s", "-m", "schools.intake.nursery"],
        stdin=control.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=PROJECT,
        env=CLEAN,
    )


def _talk(ours: socket.socket, order: bytes, until: float) -> bytes | bytearray:
    """Send an order to its end, then listen to the end. Raises TimeoutError."""
    answer = bytearray()
    try:
        ours.settimeout(_left(until))
        ours.sendall(order)
        ours.shutdown(socket.SHUT_WR)
        while piece := ours.recv(PIECE):
            answer += piece
            ours.settimeout(_left(until))
    except (BrokenPipeError, ConnectionResetError):  # the child died
        return b""
    return answer


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


_lock = threading.Lock()
_nurseries: list[Nursery] = []  # none or one


def _nursery() -> Nursery:
    with _lock:
        if not _nurseries:
            _nurseries.append(Nursery())
        return _nurseries[0]


def close_nursery() -> None:
    """Let the nursery of this process end; the next workbook begins another."""
    while _nurseries:
        _nurseries.pop().close()


def _forget() -> None:
    """Begin anew in a forked process: the nursery belongs to the other one, and so may the lock."""
    global _lock  # noqa: PLW0603  a lock cannot be taken from the thread that held it
    _lock = threading.Lock()
    while _nurseries:
        _nurseries.pop().abandon()


atexit.register(close_nursery)
if CAN_FORK:
    os.register_at_fork(after_in_child=_forget)
