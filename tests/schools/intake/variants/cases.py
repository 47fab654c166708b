"""The 84 ways in which an input can be bad, as cases: what is uploaded and what the page has to say of it.

Source: reliability requirements, bad inputs (A container, B structure, C layout, D cells, E text files and forms).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jobs.choices import JobState
from jobs.models import Job
from jobs.runner import execute
from schools.choices import BatchState, FileState, RowOutcome
from schools.importing.states import outcome_counts
from schools.intake.refusals import Code
from schools.intake.rows import ProblemCode
from schools.models import AssessmentResult, ImportBatch, ImportFile

GROUPS: Final = {"A": 22, "B": 18, "C": 14, "D": 20, "E": 10}
COVERED: Final[set[str]] = set()


@dataclass(frozen=True, kw_only=True)
class Case:
    """A file and the answer to it.

    id: number of the variant, with a word where a variant has several files. code: of the refusal of the file or of
    the problem of a row, None where all is taken. says: phrases of the answer, spaces folded. rows: accepted ones.
    """

    id: str
    build: Callable[[], bytes]
    says: tuple[str, ...] = ()
    code: Code | ProblemCode | None = None
    rows: int = 0
    name: str = "файл.xlsx"
    results: dict[str, Any] = field(default_factory=dict)  # fields of the result after applying, in test_values.py

    @property
    def variant(self) -> str:
        return self.id.split()[0]


def variants(*cases: Case) -> pytest.MarkDecorator:
    """Parametrise a test by cases under their numbers."""
    COVERED.update(case.variant for case in cases)
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in cases])


def covers(*numbers: str) -> pytest.MarkDecorator:
    """Give a test the numbers of the variants that it is about."""
    COVERED.update(number.split()[0] for number in numbers)
    return pytest.mark.parametrize("variant", numbers, ids=numbers, indirect=True)


def upload(browser: Client, data: bytes, name: str = "файл.xlsx") -> ImportBatch:
    """Drop a file on the page of imports and let the job check it."""
    response = browser.post("/imports/upload/", {"files": SimpleUploadedFile(name, data)})
    assert response.status_code == 302, response.content.decode()
    run_jobs()
    return ImportBatch.objects.newest_first()[0]


def run_jobs() -> None:
    for job in Job.objects.filter(state=JobState.QUEUED):
        execute(job_id=job.pk)
    assert not Job.objects.filter(state=JobState.FAILED).exists()


def folded(text: str) -> str:
    return " ".join(text.split())


def solid(text: str) -> str:
    return "".join(text.split())


def text_of(response: Any) -> str:
    return folded(BeautifulSoup(response.content, "html.parser").get_text(" "))


def missing(phrases: tuple[str, ...], text: str) -> list[str]:
    return [phrase for phrase in phrases if phrase not in folded(text)]


def assert_refused(browser: Client, case: Case) -> ImportFile:
    """Expect the whole file to be refused on a page that is fine itself, with nothing of it kept."""
    batch = upload(browser, case.build(), case.name)
    page = browser.get(batch.get_absolute_url())
    file = batch.files.get()

    assert (file.state, file.refusal_code) == (FileState.REFUSED, case.code), file.refusal
    assert missing(case.says, file.refusal) == []
    assert page.status_code == 200
    assert solid(file.refusal) in map(solid, alerts_of(page))  # a path of the portal is a link with blanks around it
    assert f"Код {case.code}" in text_of(page)
    assert_nothing_is_saved(file)
    return file


def alerts_of(page: Any) -> list[str]:
    soup = BeautifulSoup(page.content, "html.parser")
    assert soup.html
    assert soup.html["lang"] == "ru"
    return [folded(alert.get_text(" ")) for alert in soup.select('[role="alert"]')]


def assert_nothing_is_saved(file: ImportFile) -> None:
    assert file.batch.state == BatchState.REJECTED
    assert not file.content
    assert not file.rows.exists()
    assert not AssessmentResult.objects.exists()


def assert_rows(browser: Client, case: Case) -> ImportFile:
    """Expect a file to be taken except for the rows with problems, which the page tells."""
    batch = upload(browser, case.build(), case.name)
    page = browser.get(batch.get_absolute_url())
    file = batch.files.get()
    told = [problem for problem in file.problems if case.code is None or problem["code"] == case.code]

    assert file.state == FileState.RECOGNISED, file.refusal
    assert page.status_code == 200
    assert missing(case.says, " ".join(problem["text"] for problem in told)) == [], file.problems
    assert case.code is None or [problem for problem in told if folded(problem["text"]) in text_of(page)]
    assert accepted_rows(batch) == case.rows
    assert not AssessmentResult.objects.exists()
    return file


def accepted_rows(batch: ImportBatch) -> int:
    totals = outcome_counts(batch)
    return sum(totals[outcome] for outcome in (RowOutcome.NEW, RowOutcome.CHANGED, RowOutcome.SAME))
