"""Every made file through the upload page and the real reading process: none crashes, hangs or swells."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.test import Client

from schools.choices import FileState
from schools.intake.refusals import Code
from tests.schools.intake import hostile
from tests.schools.intake.variants.cases import upload

LONGEST_SECONDS = 10
LARGEST_MIB = 350
HEAVY = (
    "bomb in the sheet",
    "bomb in a picture",
    "too many parts",
    "every row of a sheet",
    "far corner alone",
    "deep xml",
    "long text",
    "huge dimension",
)

EMPTY_ARCHIVES = {"empty archive", "archive of folders", "zip of texts"}  # nothing in them that could be read


@pytest.mark.django_db
@pytest.mark.parametrize("name", hostile.ALL)
def test_made_file_is_answered_on_the_page_in_time(name: str, browser: Client) -> None:
    """A file whose cells can be read, and one in an archive, is refused as a table that the portal does not know."""
    data = hostile.made(name)
    begun = time.monotonic()

    batch = upload(browser, data)
    page = browser.get(batch.get_absolute_url())

    file = batch.files.get()
    code = hostile.ALL[name][1]
    is_read = code is None or (code is Code.ARCHIVE and name not in EMPTY_ARCHIVES)
    expected = Code.UNKNOWN_LAYOUT if is_read else code
    assert (page.status_code, file.state, file.refusal_code) == (200, FileState.REFUSED, expected), file.refusal
    assert time.monotonic() - begun < LONGEST_SECONDS


READ_AND_WEIGH = """
import resource
import sys
from pathlib import Path
from schools.intake.births import close_nursery
from schools.intake.parse import parse_file
from schools.intake.refusals import Refusal

for path in sys.argv[1:]:
    try:
        parse_file(Path(path).read_bytes())
    except Refusal:
        pass
close_nursery()  # what its children needed is told when it has ended
status = Path("/proc/self/status")  # of this program alone: getrusage tells what the process was before it, too
lines = status.read_text().splitlines() if status.exists() else []
peak = [line.split()[1] for line in lines if line.startswith("VmHWM")]
print(int(peak[0]) // 1024 if peak else 0, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def test_heavy_files_swell_neither_the_portal_nor_the_reading_process(tmp_path: Path) -> None:
    """Weigh in a process of its own: the one of the tests has other children, and is large itself."""
    paths = [tmp_path / f"{number}.xlsx" for number in range(len(HEAVY))]
    for path, name in zip(paths, HEAVY, strict=True):
        path.write_bytes(hostile.made(name))
    command = [sys.executable, "-c", READ_AND_WEIGH, *map(str, paths)]

    weighed = subprocess.run(command, capture_output=True, text=True, check=True)

    portal, child = map(int, weighed.stdout.split())
    assert portal < LARGEST_MIB
    assert child < LARGEST_MIB


def test_there_are_as_many_kinds_as_the_requirements_list() -> None:
    assert len(hostile.ALL) >= 65
