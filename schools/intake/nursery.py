"""The process that reading children are born from: it has loaded the reader and forks a child for every workbook.

A new Python costs more than most workbooks (docs/adr/0015). `python -m schools.intake.nursery` gets a socket as its
input; with every message comes the socket of one order, which becomes input and output of the child. The nursery never
looks at a file, and ends when its host does.
"""

import contextlib
import gc
import os
import signal
import socket

from schools.intake import child
from schools.intake.births import ORDER

SPARE_SECONDS = 2  # the host has given an order up by then; its child must not outlive it


def serve(control: socket.socket) -> None:
    """Fork a child for every order until the host is gone."""
    signal.signal(signal.SIGCHLD, bury)
    gc.freeze()  # children share these pages
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, ORDER.size, 1)
        if not message:
            return
        for descriptor in descriptors:
            if os.fork() == 0:
                control.close()
                live(descriptor, ORDER.unpack(message)[0] + SPARE_SECONDS)
            os.close(descriptor)


def bury(*_: object) -> None:
    """Take note of children that ended; how they ended their answers say."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def live(descriptor: int, seconds: float) -> None:
    """Do one order as a process of its own; never returns."""
    code = 1
    with contextlib.suppress(BaseException):  # whatever it is, it must not get back into the loop of the nursery
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)  # kills, whatever the code is busy with
        os.dup2(descriptor, 0)
        os.dup2(descriptor, 1)
        os.close(descriptor)
        child.main()
        code = 0
    os._exit(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=0))
