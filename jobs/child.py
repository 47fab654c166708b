"""Start a program so that it dies with its supervisor: `python -m jobs.child [--nice N] -- program arguments…`.

Linux tells a process of its parent's death when it asks for it, and the wish survives exec; elsewhere the program
simply starts.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask for SIGTERM when the parent dies."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == 1 and os.environ.get("SUPERVISOR_PID") not in {None, "1"}:
        sys.exit("The supervisor died before its child started.")


def main(arguments: Sequence[str]) -> None:
    """Become the program after `--`."""
    options, program = list(arguments[: arguments.index("--")]), list(arguments[arguments.index("--") + 1 :])
    die_with_parent()
    if "--nice" in options:
        os.nice(int(options[options.index("--nice") + 1]))
    os.execvp(program[0], program)  # noqa: S606  the supervisor's own command line


if __name__ == "__main__":
    main(sys.argv[1:])
