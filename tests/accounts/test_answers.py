"""What the next page says after an action."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import RequestFactory

from accounts.answers import outcome_told
from accounts.errors import ActionRefused, TransitionRefused


@pytest.fixture
def request_with_messages() -> HttpRequest:
    request = RequestFactory().post("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]  # noqa: SLF001  as the middleware does
    return request


def told(request: HttpRequest) -> list[tuple[str, str]]:
    return [(message.level_tag, str(message)) for message in get_messages(request)]


def test_done_action_is_told_as_success(request_with_messages: HttpRequest) -> None:
    with outcome_told(request_with_messages, "Показатели приняты."):
        pass

    assert told(request_with_messages) == [("success", "Показатели приняты.")]


def test_refusal_is_told_in_its_own_words(request_with_messages: HttpRequest) -> None:
    with outcome_told(request_with_messages, "Показатели приняты."):
        raise ActionRefused("Сбор показателей закрыт.")

    assert told(request_with_messages) == [("error", "Сбор показателей закрыт.")]


def test_fault_of_the_program_is_not_swallowed(request_with_messages: HttpRequest) -> None:
    with pytest.raises(ZeroDivisionError), outcome_told(request_with_messages, "Готово."):
        raise ZeroDivisionError

    assert told(request_with_messages) == []


def test_refused_transition_names_the_states_that_can_be_reached() -> None:
    refusal = TransitionRefused.by_table("Карта", current="Черновик", wanted="Завершена", allowed=["На согласовании"])

    assert refusal.text == ("Карта: из состояния «Черновик» нельзя перейти в «Завершена». Возможно: «На согласовании».")


def test_refused_transition_of_a_last_state_says_that_nothing_follows() -> None:
    refusal = TransitionRefused.by_table("Карта", current="В архиве", wanted="Черновик", allowed=[])

    assert refusal.text.endswith("Возможно: ничего.")
