"""When something fails: the right status, Russian words, nothing of the fault shown."""

import pytest
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.views import server_error


def answer_to(failure: Exception) -> HttpResponse:
    request: HttpRequest = RequestFactory().get("/")
    try:
        raise failure
    except type(failure):
        return server_error(request)


@pytest.mark.parametrize(
    ("failure", "status", "words"),
    [
        pytest.param(DataError("too long"), 400, "Данные не сохранены", id="a value the database cannot hold"),
        pytest.param(OperationalError("gone"), 503, "База данных не отвечает", id="the database is away"),
        pytest.param(ValueError("secret detail"), 500, "<h1", id="anything else"),
    ],
)
def test_failure_answers_in_russian_and_hides_the_fault(failure: Exception, status: int, words: str) -> None:
    response = answer_to(failure)

    text = response.content.decode()
    assert response.status_code == status
    assert words in text
    assert str(failure) not in text


def test_database_away_says_when_to_come_back() -> None:
    assert answer_to(OperationalError("gone")).headers["Retry-After"] == "5"
