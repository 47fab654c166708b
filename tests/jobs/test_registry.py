"""Kinds of jobs and the table of their states: no database."""

import pytest

from accounts.permissions import Permission
from jobs import registry
from jobs.choices import ACTIVE_STATES, FINISHED_STATES, TRANSITIONS, JobState
from jobs.errors import JobFailed, UnknownKind
from jobs.registry import DEFAULT_SECONDS, job_kind, kind_named


@pytest.fixture(autouse=True)
def _own_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test register kinds that are forgotten after it."""
    monkeypatch.setattr(registry, "registered", {})


def test_registered_kind_is_found_by_its_name() -> None:
    @job_kind("letters.send", title="Рассылка", permission=Permission.BUILD_REPORTS, seconds=30)
    def send(job: object, progress: object) -> None:
        """Send nothing."""

    kind = kind_named("letters.send")
    assert (kind.run, kind.title, kind.permission, kind.seconds) == (send, "Рассылка", Permission.BUILD_REPORTS, 30)


def test_kind_asks_for_no_right_and_the_usual_time_unless_told() -> None:
    job_kind("letters.send", title="Рассылка")(lambda _job, _progress: None)

    kind = kind_named("letters.send")
    assert (kind.permission, kind.seconds, kind.on_end) == (None, DEFAULT_SECONDS, None)


def test_unknown_kind_names_those_there_are() -> None:
    for name in ("b.second", "a.first"):
        job_kind(name, title="Задание")(lambda _job, _progress: None)

    with pytest.raises(UnknownKind, match=r"No job kind 'c.third'; registered: a.first, b.second"):
        kind_named("c.third")


def test_unknown_kind_without_any_says_none() -> None:
    with pytest.raises(UnknownKind, match="registered: none"):
        kind_named("c.third")


def test_refusal_keeps_its_words_and_code() -> None:
    plain, coded = JobFailed("Файл не читается."), JobFailed("Файл не читается.", code="unreadable")

    assert (plain.message, str(plain), plain.code) == ("Файл не читается.", "Файл не читается.", "refused")
    assert coded.code == "unreadable"


def test_every_state_is_active_or_finished() -> None:
    assert {*ACTIVE_STATES, *FINISHED_STATES} == set(JobState)
    assert not {*ACTIVE_STATES} & {*FINISHED_STATES}


def test_table_of_ways_tells_of_every_state() -> None:
    assert set(TRANSITIONS) == set(JobState)


def test_ready_job_stays_ready() -> None:
    assert TRANSITIONS[JobState.READY] == frozenset()


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED])
def test_unsuccessful_job_can_only_be_tried_again(state: JobState) -> None:
    assert TRANSITIONS[state] == {JobState.QUEUED}


def test_only_a_running_job_becomes_ready() -> None:
    assert [state for state, ways in TRANSITIONS.items() if JobState.READY in ways] == [JobState.RUNNING]


@pytest.mark.parametrize("state", list(JobState))
def test_no_way_leads_from_a_state_to_itself(state: JobState) -> None:
    assert state not in TRANSITIONS[state]
