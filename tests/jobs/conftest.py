from collections.abc import Callable, Iterator

import pytest
from celery import Celery
from celery._state import get_current_app

from jobs import broker

IMPATIENT = {"socket_connect_timeout": 1, "socket_timeout": 2, "max_retries": 0}  # as the settings have them


@pytest.fixture(autouse=True)
def _no_outage() -> Iterator[None]:
    """Forget outages of the broker that a test has staged."""
    broker.forget_outage()
    yield
    broker.forget_outage()


@pytest.fixture
def broker_at() -> Iterator[Callable[[str], None]]:
    """Return a function that points the application to another broker for the length of the test."""
    before = get_current_app()

    def point(url: str) -> None:
        other = Celery("other", broker=url, set_as_current=True)
        other.conf.broker_transport_options = IMPATIENT

    yield point
    before.set_current()
