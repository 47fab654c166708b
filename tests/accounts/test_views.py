"""When something fails: the right status, Russian words, nothing of the fault shown."""

import pytest
from django.db import DataError, IntegrityError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.views import server_error
from tests.factories.schools import make_territory


def answer_to(failure: Exception, **headers: str) -> HttpResponse:
    request: HttpRequest = RequestFactory().get("/", headers=headers)
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


@pytest.fixture
def second_row(db: None) -> IntegrityError:
    """Return what the database itself says of a code that is taken."""
    make_territory(code="31")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make_territory(code="31")
    return caught.value


def test_second_row_of_two_stored_at_once_is_told_from_a_fault(second_row: IntegrityError) -> None:
    response = answer_to(second_row)

    assert response.status_code == 409
    assert "Такая запись уже есть" in response.content.decode()


def test_fragment_of_a_second_row_is_asked_for_again(second_row: IntegrityError) -> None:
    response = answer_to(second_row, **{"HX-Request": "true"})

    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")


def test_broken_condition_is_a_fault_of_the_portal() -> None:
    assert answer_to(IntegrityError("CHECK constraint failed: dates_order")).status_code == 500
