"""Pages of monitoring, by role; nobody sees the schools of others."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.permissions import Role
from monitoring.actions.submissions import submit
from monitoring.choices import CycleState, Stage, SubmissionState
from monitoring.models import MonitoringCycle, Submission
from tests.factories.acts import assert_told_at_title, store_meanwhile
from tests.factories.monitoring import AT, fill, make_cycle, make_open_cycle, make_submission
from tests.factories.schools import make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def school_admin(submission: Submission) -> User:
    return make_user(role=Role.SCHOOL_ADMIN, school=submission.school)


def coordinator(cycle: MonitoringCycle) -> User:
    return make_user(role=Role.MUNICIPAL_COORDINATOR, territory=cycle.territory)


def reading_url(submission: Submission, code: str = "C1") -> str:
    return reverse("monitoring:reading", args=[submission.readings.get(metric__code=code).pk])


def typed(**fields: object) -> dict[str, object]:
    return {"numerator": "5", "denominator": "10", "absence_reason": "", "comment": "", "seen_version": "1", **fields}


def test_cycle_list_of_a_neighbour_is_empty(sign_in: SignIn) -> None:
    make_open_cycle()
    neighbour = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=make_territory())

    page = sign_in(neighbour).get(reverse("monitoring:cycles"))

    assert "Циклов мониторинга ещё нет" in page.content.decode()


@pytest.mark.parametrize("schools", [1, 3])
def test_cycle_list_takes_the_same_queries_for_any_number(
    schools: int,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    territory = make_territory()
    for stage in list(Stage)[:schools]:
        make_cycle(territory=territory, stage=stage, as_of_date=date(2026, 1 + schools, 1))
    client = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory))

    with django_assert_num_queries(5):
        client.get(reverse("monitoring:cycles"))


@pytest.mark.parametrize("schools", [1, 3])
def test_matrix_takes_the_same_queries_for_any_number_of_schools(
    schools: int,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    territory = make_territory()
    cycle = make_open_cycle(schools=[make_school(territory=territory) for _ in range(schools)])
    client = sign_in(coordinator(cycle))

    with django_assert_num_queries(11):
        client.get(reverse("monitoring:cycle", args=[cycle.pk]))


def test_matrix_shows_share_with_its_counts(sign_in: SignIn) -> None:
    submission = make_submission()
    fill(submission, numerator=9, denominator=10)

    page = sign_in(coordinator(submission.cycle)).get(reverse("monitoring:cycle", args=[submission.cycle_id]))

    text = page.content.decode()
    assert "90,0" in text
    assert "9 из 10" in text


def test_matrix_compares_with_the_cycle_before(sign_in: SignIn) -> None:
    school = make_school()
    before = make_submission(schools=[school], stage=Stage.ENTRY, as_of_date=date(2026, 1, 10))
    fill(before, numerator=4, denominator=10)
    now = make_submission(schools=[school], basis_order=before.cycle.basis_order)
    fill(now, numerator=6, denominator=10)

    url = reverse("monitoring:cycle", args=[now.cycle_id])
    page = sign_in(coordinator(now.cycle)).get(f"{url}?look=change")

    assert "+20,0" in page.content.decode()


def test_school_sees_only_its_row_of_the_matrix(sign_in: SignIn) -> None:
    territory = make_territory()
    own, other = make_school(territory=territory), make_school(territory=territory)
    cycle = make_open_cycle(schools=[own, other])
    admin = make_user(role=Role.SCHOOL_ADMIN, school=own)

    text = sign_in(admin).get(reverse("monitoring:cycle", args=[cycle.pk])).content.decode()

    assert other.name.split("№ ")[1] not in text.split("<tbody>")[1].split("</tbody>")[0]


def test_coordinator_plans_a_cycle_with_its_order(sign_in: SignIn) -> None:
    cycle = make_cycle()

    response = sign_in(coordinator(cycle)).post(reverse("monitoring:create"), cycle_post(cycle))

    made = MonitoringCycle.objects.get(stage="final")
    assert response["Location"] == reverse("monitoring:cycle", args=[made.pk])
    assert made.basis_order.number == "515"


def cycle_post(cycle: MonitoringCycle) -> dict[str, Any]:
    """Return what the form of a final cycle sends for the school of another one."""
    return {
        "stage": "final",
        "territory": cycle.territory_id,
        "year": 2026,
        "metric_set": cycle.metric_set_id,
        "as_of_date": "2026-12-01",
        "opens_on": "2026-11-16",
        "deadline": "2026-12-04",
        "schools": [cycle.submissions.get().school.pk],
        "act-kind": "order",
        "act-issuer_genitive": "управления образования",
        "act-date": "2026-11-10",
        "act-number": "515",
        "act-title": "О мониторинге",
    }


def test_cycle_form_with_gaps_keeps_what_was_typed(sign_in: SignIn) -> None:
    cycle = make_cycle()

    response = sign_in(coordinator(cycle)).post(reverse("monitoring:create"), {"year": "2031", "act-number": "77"})

    text = response.content.decode()
    assert response.status_code == 422
    assert 'value="2031"' in text
    assert "Выберите хотя бы одну школу." in text


def test_coordinator_cannot_plan_for_a_foreign_territory(sign_in: SignIn) -> None:
    cycle, foreign = make_cycle(), make_cycle()

    response = sign_in(coordinator(cycle)).post(reverse("monitoring:create"), {"territory": foreign.territory_id})

    assert response.status_code == 422
    assert foreign.territory.name not in response.content.decode()


@pytest.mark.parametrize(
    ("to", "state"),
    [
        pytest.param("collecting", CycleState.COLLECTING, id="the next state"),
        pytest.param("closed", CycleState.PLANNED, id="a state too far"),
        pytest.param("nonsense", CycleState.PLANNED, id="no state at all"),
    ],
)
def test_move(to: str, state: CycleState, sign_in: SignIn) -> None:
    cycle = make_cycle()

    response = sign_in(coordinator(cycle)).post(reverse("monitoring:move", args=[cycle.pk]), {"to": to}, follow=True)

    cycle.refresh_from_db()
    assert cycle.state == state
    assert response.status_code == 200


def test_remind_tells_how_many_schools(sign_in: SignIn) -> None:
    cycle = make_open_cycle()

    page = sign_in(coordinator(cycle)).post(reverse("monitoring:remind", args=[cycle.pk]), follow=True)

    assert "1\u00a0школа" in page.content.decode()


def test_reading_saved_gives_the_row_back_with_the_share(sign_in: SignIn) -> None:
    submission = make_submission()

    response = sign_in(school_admin(submission)).post(reading_url(submission), typed())

    text = response.content.decode()
    assert response.status_code == 200
    assert "50,0" in text
    assert "Сохранено в" in text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param({"numerator": "5б"}, "Введите целое число от 0 до 1 000 000. Сейчас в поле «5б».", id="a letter"),
        pytest.param({"numerator": "-1"}, "от 0 до 1 000 000. Сейчас в поле «-1».", id="negative"),
        pytest.param({"denominator": "9" * 41}, f"Сейчас в поле «{'9' * 40}».", id="longer than a number"),
        pytest.param({"numerator": "11"}, "Доля не бывает больше 100 %: 11 из 10.", id="more than the whole"),
        pytest.param({"absence_reason": "нет"}, "Укажите либо числа, либо причину", id="numbers and a reason"),
    ],
)
def test_wrong_reading_is_422_and_stays_in_the_row(fields: dict[str, str], message: str, sign_in: SignIn) -> None:
    submission = make_submission()

    response = sign_in(school_admin(submission)).post(reading_url(submission), typed(**fields))

    text = response.content.decode()
    assert response.status_code == 422
    assert message in text
    assert f'value="{next(iter(fields.values()))}"' in text
    assert text.count(" data-unsaved") == 1  # the browser warns before the page is left


def test_reading_copied_with_spaces_between_digits_is_saved(sign_in: SignIn) -> None:
    submission = make_submission()

    response = sign_in(school_admin(submission)).post(reading_url(submission), typed(denominator="1\u00a0846"))

    assert response.status_code == 200
    assert submission.readings.get(metric__code="C1").denominator == 1846


def test_remark_longer_than_allowed_is_refused_and_stays_in_the_form(sign_in: SignIn) -> None:
    submission = make_submission()
    fill(submission)
    submit(submission=submission, by=school_admin(submission), at=AT)
    url = reverse("monitoring:return", args=[submission.pk])

    response = sign_in(coordinator(submission.cycle)).post(url, {"remark": "ё" * 2001})

    assert response.status_code == 422
    assert "Не больше 2000 знаков" in response.content.decode()
    assert "ё" * 2001 in response.content.decode()


def test_reading_changed_by_another_is_409_and_keeps_the_typed(sign_in: SignIn) -> None:
    submission = make_submission()
    client = sign_in(school_admin(submission))
    client.post(reading_url(submission), typed())

    response = client.post(reading_url(submission), typed(numerator="7"))

    assert response.status_code == 409
    assert 'value="7" aria-label' in response.content.decode()
    assert "data-unsaved" in response.content.decode()
    assert submission.readings.get(metric__code="C1").numerator == 5


def test_reading_of_another_school_is_404(sign_in: SignIn) -> None:
    submission, foreign = make_submission(), make_submission()

    response = sign_in(school_admin(submission)).post(reading_url(foreign), typed())

    assert response.status_code == 404


def test_submit_with_gaps_lists_them(sign_in: SignIn) -> None:
    submission = make_submission()

    response = sign_in(school_admin(submission)).post(reverse("monitoring:submit", args=[submission.pk]))

    assert response.status_code == 422
    assert "Доля педагогов, прошедших диагностику компетенций" in response.content.decode()


def test_whole_way_of_a_submission(sign_in: SignIn) -> None:
    submission = make_submission()
    fill(submission)

    sign_in(school_admin(submission)).post(reverse("monitoring:submit", args=[submission.pk]))
    client = sign_in(coordinator(submission.cycle))
    client.post(reverse("monitoring:return", args=[submission.pk]), {"remark": "Проверьте C1"})
    sign_in(school_admin(submission)).post(reverse("monitoring:submit", args=[submission.pk]))
    sign_in(coordinator(submission.cycle)).post(reverse("monitoring:accept", args=[submission.pk]))

    submission.refresh_from_db()
    assert submission.state == SubmissionState.ACCEPTED


def test_return_without_a_remark_is_refused(sign_in: SignIn) -> None:
    submission = make_submission()
    fill(submission)
    submit(submission=submission, by=school_admin(submission), at=AT)

    response = sign_in(coordinator(submission.cycle)).post(reverse("monitoring:return", args=[submission.pk]))

    assert response.status_code == 422
    assert "Напишите, что исправить" in response.content.decode()


def test_accept_twice_is_a_message_and_not_a_fault(sign_in: SignIn) -> None:
    submission = make_submission()

    response = sign_in(coordinator(submission.cycle)).post(
        reverse("monitoring:accept", args=[submission.pk]),
        follow=True,
    )

    assert response.status_code == 200
    assert "нельзя перейти" in response.content.decode()


def test_observer_reads_but_has_no_fields(sign_in: SignIn) -> None:
    submission = make_submission()
    observer = make_user(role=Role.OBSERVER, territory=submission.cycle.territory)

    page = sign_in(observer).get(reverse("monitoring:submission", args=[submission.pk]))

    assert 'name="numerator"' not in page.content.decode()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        pytest.param(CycleState.PLANNED, "Сбор ещё не открыт.", id="before"),
        pytest.param(
            CycleState.CHECKING, "Сбор закрыт. Чтобы исправить показатели, попросите координатора", id="closed"
        ),
        pytest.param(CycleState.ANALYSIS, "Сбор закрыт.", id="after"),
    ],
)
def test_school_reads_why_it_cannot_type(sign_in: SignIn, state: CycleState, words: str) -> None:
    submission = make_submission()
    MonitoringCycle.objects.update(state=state)

    page = sign_in(school_admin(submission)).get(reverse("monitoring:submission", args=[submission.pk]))

    assert words in page.content.decode()
    assert 'name="numerator"' not in page.content.decode()


@pytest.mark.parametrize(
    ("state", "told"),
    [
        pytest.param(CycleState.COLLECTING, "Показатели возвращены школе с замечанием.", id="collecting"),
        pytest.param(CycleState.CHECKING, "Сбор закрыт: откройте его снова", id="closed"),
        pytest.param(CycleState.ANALYSIS, "исправить показатели школа уже не сможет", id="too late"),
    ],
)
def test_coordinator_reads_what_follows_a_return(sign_in: SignIn, state: CycleState, told: str) -> None:
    submission = make_submission()
    fill(submission)
    submit(submission=submission, by=school_admin(submission), at=AT)
    MonitoringCycle.objects.update(state=state)

    page = sign_in(coordinator(submission.cycle)).post(
        reverse("monitoring:return", args=[submission.pk]), {"remark": "Проверьте C1"}, follow=True
    )

    assert told in page.content.decode()
    returned = Submission.objects.filter(state=SubmissionState.RETURNED).exists()
    assert returned is (state != CycleState.ANALYSIS)


@pytest.mark.parametrize(("look", "is_told"), [("values", False), ("change", True), ("filled", False)])
def test_change_is_explained_only_where_it_is_shown(sign_in: SignIn, look: str, is_told: bool) -> None:
    first = make_open_cycle(stage=Stage.ENTRY, as_of_date=date(2026, 1, 15))
    school = first.submissions.get().school
    cycle = make_open_cycle(schools=[school], stage=Stage.INTERIM)

    page = sign_in(coordinator(cycle)).get(reverse("monitoring:cycle", args=[cycle.pk]), {"look": look})

    assert ("Изменение — к циклу" in page.content.decode()) is is_told


def test_form_of_a_school_leads_to_the_table_of_its_cycle(sign_in: SignIn) -> None:
    submission = make_submission()

    page = sign_in(school_admin(submission)).get(reverse("monitoring:submission", args=[submission.pk]))

    assert reverse("monitoring:cycle", args=[submission.cycle_id]) in page.content.decode()


def test_planned_cycle_is_deleted_from_its_page_and_an_open_one_is_not(sign_in: SignIn) -> None:
    planned, opened = make_cycle(), make_open_cycle()
    for cycle, rest in ((planned, 1), (opened, 1)):
        client = sign_in(make_user(role=Role.MUNICIPAL_COORDINATOR, territory=cycle.territory))
        address = reverse("monitoring:delete", args=[cycle.pk])
        assert (address in client.get(reverse("monitoring:cycle", args=[cycle.pk])).content.decode()) is (
            cycle == planned
        )
        client.post(address)
        assert MonitoringCycle.objects.count() == rest


def test_order_of_a_cycle_stored_meanwhile_under_another_title_is_told_at_its_field(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    cycle = make_cycle()
    post = cycle_post(cycle)
    store_meanwhile(monkeypatch, cycle.territory, post)

    response = sign_in(coordinator(cycle)).post(reverse("monitoring:create"), post)

    assert_told_at_title(response, "О мониторинге")
    assert 'value="2026-12-04"' in response.content.decode()
    assert MonitoringCycle.objects.get() == cycle
