"""News at the bell."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.context import bell
from accounts.models import Notice, User
from accounts.notices import mark_read, tell
from tests.factories.jobs import make_job
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)


def notice(user: User, title: str = "Школа включена в перечень", **fields: object) -> Notice:
    return Notice(user=user, title=title, url="/identification/", **{"created_at": AT, **fields})


def bell_of(user: User | AnonymousUser) -> tuple[int, int, int]:
    request = RequestFactory().get("/")
    request.user = user
    counted = bell(request)
    return counted.jobs, counted.news, counted.total


def test_news_are_counted_at_the_bell_until_they_are_read() -> None:
    user, other = make_user(), make_user()
    tell([notice(user), notice(user, "Перечень отменён"), notice(other)])

    assert bell_of(user) == (0, 2, 2)
    assert mark_read(user, AT) == 2
    assert bell_of(user) == (0, 0, 0)
    assert bell_of(other) == (0, 1, 1)
    assert {each.read_at for each in user.notices.all()} == {AT}


def test_jobs_and_news_are_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user = make_user()
    make_job(requested_by=user)
    tell([notice(user)])

    with django_assert_num_queries(1):
        counted = bell_of(user)

    assert counted == (1, 1, 2)


def test_nobody_has_no_bell() -> None:
    assert bell_of(AnonymousUser()) == (0, 0, 0)


def test_newest_news_stand_first_and_say_themselves() -> None:
    user = make_user()
    tell([notice(user, "старое", created_at=datetime(2026, 1, 1, tzinfo=UTC)), notice(user, "новое")])

    assert [str(each) for each in user.notices.newest_first()] == ["новое", "старое"]
