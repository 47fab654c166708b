"""What people type into a new roadmap: bounds of its period, owners they keep."""

from datetime import date
from typing import Any

import pytest

from accounts.models import User
from accounts.permissions import Role
from roadmaps.forms import EvidenceForm, ReportForm, RevisionForm, RoadmapForm, owners_for, year_period
from schools.choices import SchoolStatus
from tests.factories.schools import make_region, make_school, make_territory, make_user


@pytest.fixture
def keeper() -> User:
    return make_user(role=Role.SCHOOL_ADMIN, school=make_school())


def form_of(user: User, **fields: Any) -> RoadmapForm:
    typed = {
        "owner": next(iter(owners_for(user))),
        "kind": "roadmap",
        "year_label": "2026",
        "period_from": "2026-01-01",
        "period_to": "2026-12-31",
    }
    return RoadmapForm({**typed, **fields}, user=user)


@pytest.mark.django_db
def test_whole_form_gives_days_and_the_owner(keeper: User) -> None:
    form = form_of(keeper)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["period_to"] == date(2026, 12, 31)
    assert form.chosen_owner == keeper.active_memberships[0].school


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        pytest.param({"owner": ""}, "owner", "Выберите школу или территорию.", id="nobody's"),
        pytest.param({"year_label": " "}, "year_label", "Укажите год карты.", id="no year"),
        pytest.param(
            {"year_label": "абв"},
            "year_label",
            "Укажите год цифрами, например: 2026 или 2026/27 учебный год.",
            id="year without digits",
        ),
        pytest.param({"period_from": ""}, "period_from", "Укажите начало периода.", id="no beginning"),
        pytest.param({"period_to": ""}, "period_to", "Укажите окончание периода.", id="no end"),
        pytest.param({"period_to": "31.02.2026"}, "period_to", "Введите дату в виде ДД.ММ.ГГГГ.", id="no such day"),
        pytest.param({"period_from": "0001-01-01"}, "period_from", "Укажите год от 2015 до 2100.", id="year one"),
        pytest.param({"period_to": "9999-12-31"}, "period_to", "Укажите год от 2015 до 2100.", id="year of a slip"),
        pytest.param({"period_to": "2037-01-01"}, "period_to", "Карта длиннее 10 лет. Проверьте даты.", id="eleven"),
        pytest.param(
            {"period_to": "2025-12-31"},
            "period_to",
            "Карта не может закончиться раньше, чем началась. Проверьте даты.",
            id="end before the beginning",
        ),
    ],
)
def test_wrong_field_is_told_in_its_own_words(keeper: User, fields: dict[str, str], field: str, words: str) -> None:
    assert words in form_of(keeper, **fields).errors[field]


@pytest.mark.django_db
@pytest.mark.parametrize("last", ["2026-01-01", "2036-12-31", "31.12.2028"])
def test_period_of_a_day_and_of_a_programme_are_both_taken(keeper: User, last: str) -> None:
    assert form_of(keeper, period_to=last).is_valid()


@pytest.mark.django_db
def test_owner_of_others_cannot_be_chosen(keeper: User) -> None:
    assert "owner" in form_of(keeper, owner=str(make_school().pk)).errors


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "territories", "schools"),
    [
        pytest.param(Role.MUNICIPAL_COORDINATOR, 1, 1, id="coordinator keeps both"),
        pytest.param(Role.METHODIST, 1, 1, id="methodist keeps both"),
        pytest.param(Role.OBSERVER, 0, 0, id="observer keeps nothing"),
    ],
)
def test_closed_schools_get_no_new_roadmap(role: Role, territories: int, schools: int) -> None:
    territory = make_territory()
    make_school(territory=territory)
    make_school(territory=territory, status=SchoolStatus.CLOSED)

    owners = list(owners_for(make_user(role=role, territory=territory)).values())

    assert sum(owner == territory for owner in owners) == territories
    assert len(owners) == territories + schools


@pytest.mark.django_db
def test_region_keeps_the_roadmaps_of_its_municipalities() -> None:
    region = make_region()
    municipality = make_territory(parent=region)
    user = make_user(role=Role.REGIONAL_COORDINATOR, territory=region)

    assert set(owners_for(user).values()) == {region, municipality}


@pytest.mark.parametrize(
    ("today", "year"),
    [(date(2026, 1, 1), 2026), (date(2026, 8, 31), 2026), (date(2026, 9, 1), 2027), (date(2026, 12, 31), 2027)],
)
def test_new_roadmap_is_of_the_next_year_from_autumn_on(today: date, year: int) -> None:
    period = year_period(today)

    assert period == {
        "year_label": str(year),
        "period_from": date(year, 1, 1),
        "period_to": date(year, 12, 31),
    }


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        pytest.param({"status": ""}, "status", "Выберите статус.", id="no status"),
        pytest.param({"status": "overdue"}, "status", "Выберите статус из предложенных.", id="computed status"),
        pytest.param({"progress": "101"}, "progress", "Введите число от 0 до 100.", id="above all"),
        pytest.param({"progress": "-1"}, "progress", "Введите число от 0 до 100.", id="below nothing"),
        pytest.param({"progress": "половина"}, "progress", "Введите целое число от 0 до 100.", id="a word"),
        pytest.param({"done_on": "вчера"}, "done_on", "Введите дату в виде ДД.ММ.ГГГГ.", id="a day in words"),
    ],
)
def test_wrong_report_of_execution_says_what_to_type(fields: dict[str, str], field: str, words: str) -> None:
    form = ReportForm({"status": "in_progress", **fields})

    assert form.errors[field] == [words]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        pytest.param({"kind": ""}, "kind", "Выберите вид документа.", id="no kind"),
        pytest.param({"kind": "selfie"}, "kind", "Выберите вид документа из предложенных.", id="unknown kind"),
        pytest.param({"url": "не адрес"}, "url", "Введите адрес страницы,", id="no address"),
    ],
)
def test_wrong_evidence_says_what_to_choose(fields: dict[str, str], field: str, words: str) -> None:
    form = EvidenceForm({"kind": "order", **fields})

    assert str(form.errors[field][0]).startswith(words)


def test_address_typed_without_its_scheme_is_a_secure_one() -> None:
    form = EvidenceForm({"kind": "link", "url": "school.example/plan"})

    assert form.is_valid()
    assert form.cleaned_data["url"] == "https://school.example/plan"


def test_revision_needs_a_reason_from_the_list() -> None:
    assert "reason" in RevisionForm({"reason": ""}).errors
    assert "reason" in RevisionForm({"reason": "because"}).errors
    assert RevisionForm({"reason": "dates"}).is_valid()
