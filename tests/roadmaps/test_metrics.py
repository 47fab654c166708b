from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from roadmaps.actions import reporting
from roadmaps.choices import MeasureStatus
from roadmaps.metrics import execution_of, executions
from tests.factories.roadmaps import AT, make_running
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def test_executions_count_each_roadmap_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first, second = make_running(measures=3), make_running(measures=1)
    done, partial, _ = first.measures.in_order()
    user = make_user()
    reporting.report(measure=done, status=MeasureStatus.DONE, done_on=AT.date(), by=user, at=AT)
    reporting.report(measure=partial, status=MeasureStatus.PARTIAL, actual_result="Половина", by=user, at=AT)

    with django_assert_num_queries(1):
        found = executions([first.pk, second.pk], TODAY)

    assert (found[first.pk].done.numerator, found[first.pk].done.denominator) == (1, 3)
    assert (found[first.pk].in_time.numerator, found[first.pk].in_time.denominator) == (1, 3)
    assert found[second.pk].overdue == 1
    assert execution_of(first.measures.all(), TODAY) == found[first.pk]
