"""What is costly and the same for all processes of one run of the tests: made by the first that needs it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest


def shared_folder(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that `make` has filled; nobody may write into it.

    Two processes that need it at once both make it, and the second one's is thrown away.
    """
    base = factory.getbasetemp()
    root = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = root / name
    if folder.exists():
        return folder
    made = root / f"{name}-{uuid4().hex}"
    made.mkdir()
    make(made)
    try:
        made.rename(folder)
    except OSError:  # another process was faster
        shutil.rmtree(made)
    return folder
