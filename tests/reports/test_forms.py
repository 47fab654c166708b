"""The question of a new report: what is refused and in what words, what the worker is asked."""

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup

from accounts.models import User
from accounts.permissions import Role
from reports.forms import OWN_PERIOD, ReportForm, executor_line, school_counts, scope_choices
from schools.models import School
from tests.factories.schools import make_region, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def coordinator(school: School) -> User:
    return make_user(
        role=Role.MUNICIPAL_COORDINATOR,
        territory=school.territory,
        last_name="Сергеева",
        first_name="Ольга",
        patronymic="Викторовна",
        position="главный специалист",
        phone="+7 900 000-00-00",
    )


@pytest.fixture
def ask(coordinator: User, school: School) -> Any:
    """Return a function that fills the form in as the coordinator would, with some fields changed."""

    def fill(**fields: Any) -> ReportForm:
        data = {
            "kind": "R4",
            "scope": f"territory:{school.territory_id}",
            "period": "y2026",
            "signer_position": "Начальник управления",
            "signer_name": "И.К. Воронов",
            "formats": ["xlsx", "pdf"],
        }
        return ReportForm({**data, **fields}, user=coordinator, today=TODAY)

    return fill


@pytest.mark.parametrize(
    ("fields", "name", "text"),
    [
        pytest.param({"kind": ""}, "kind", "Выберите вид справки.", id="no kind"),
        pytest.param({"scope": ""}, "scope", "Выберите территорию или школу.", id="no scope"),
        pytest.param({"period": ""}, "period", "Выберите период.", id="no period"),
        pytest.param({"formats": []}, "formats", "Выберите хотя бы один формат.", id="no format"),
        pytest.param({"signer_position": ""}, "signer_position", "Укажите должность: без неё", id="no position"),
        pytest.param({"signer_name": ""}, "signer_name", "Укажите инициалы и фамилию", id="no name"),
        pytest.param({"period": OWN_PERIOD}, "period_from", "Укажите первый день периода.", id="no first day"),
        pytest.param({"period": OWN_PERIOD}, "period_to", "Укажите последний день периода.", id="no last day"),
        pytest.param(
            {"period": OWN_PERIOD, "period_from": "2026-05-01", "period_to": "2026-04-30"},
            "period_to",
            "Период заканчивается раньше, чем начинается: 30.04.2026.",
            id="ends before it begins",
        ),
        pytest.param(
            {"period": OWN_PERIOD, "period_from": "1900-01-01", "period_to": "1900-12-31"},
            "period_from",
            "Укажите год от 2015 до",
            id="before there were results",
        ),
        pytest.param(
            {"period": OWN_PERIOD, "period_from": "2026-01-01", "period_to": "2099-12-31"},
            "period_to",
            "Укажите год от 2015 до",
            id="far ahead",
        ),
    ],
)
def test_missing_or_wrong_field_says_what_to_do(ask: Any, fields: dict[str, Any], name: str, text: str) -> None:
    form = ask(**fields)

    assert not form.is_valid()
    assert str(form.errors[name][0]).startswith(text)


def test_unreadable_day_is_told_once(ask: Any) -> None:
    form = ask(period=OWN_PERIOD, period_from="31.02.2026", period_to="2026-04-30")

    assert not form.is_valid()
    assert len(form.errors["period_from"]) == 1


def test_days_of_another_period_are_not_looked_at(ask: Any) -> None:
    assert ask(period_from="2026-05-01", period_to="2026-04-30").is_valid()


@pytest.mark.parametrize(
    ("period", "day", "as_of"),
    [
        pytest.param("s2025", "", date(2026, 8, 31), id="the end of the period"),
        pytest.param("y2026", "", TODAY, id="today, within the period"),
        pytest.param("s2025", "2026-09-20", date(2026, 9, 20), id="a day after the period"),
        pytest.param("s2025", "2025-09-01", date(2025, 9, 1), id="the first day"),
    ],
)
def test_day_of_the_data_is_chosen_or_the_end_of_the_period(ask: Any, period: str, day: str, as_of: date) -> None:
    form = ask(period=period, as_of=day)

    assert form.is_valid(), form.errors
    assert form.request().as_of == as_of


@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("2026-11-25", "Этот день ещё не наступил. Укажите день не позже 24.11.2026."),
        ("2025-08-31", "Период начинается 01.09.2025. Укажите день не раньше."),
        ("31 августа", "Введите дату в виде ДД.ММ.ГГГГ."),
    ],
)
def test_day_of_the_data_that_nobody_knows_is_refused(ask: Any, day: str, text: str) -> None:
    assert ask(period="s2025", as_of=day).errors["as_of"] == [text]


@pytest.mark.parametrize("day", ["", "2026-09-20", "2024-01-01"])
def test_dynamics_are_of_today_whatever_day_is_left_in_the_hidden_field(ask: Any, day: str) -> None:
    form = ask(kind="R9", period="y2025", as_of=day)

    assert form.is_valid(), form.errors
    assert form.request().as_of == TODAY


def test_day_waits_until_the_period_is_right(ask: Any) -> None:
    form = ask(period=OWN_PERIOD, period_from="", period_to="", as_of="2030-01-01")

    assert set(form.errors) == {"period_from", "period_to"}


def test_report_nobody_signs_is_allowed(ask: Any) -> None:
    assert ask(signer_position="", signer_name="").is_valid()


@pytest.mark.parametrize("kind", ["R1", "R8"])
def test_report_over_a_territory_refuses_a_single_school(ask: Any, school: School, kind: str) -> None:
    form = ask(kind=kind, scope=f"school:{school.pk}")

    assert form.errors["scope"] == ["Этот вид составляется по территории. Выберите «Все школы»."]


def test_extract_for_a_school_refuses_a_territory(ask: Any) -> None:
    assert ask(kind="R8S").errors["scope"] == ["Этот вид составляется по одной школе. Выберите школу."]


@pytest.mark.parametrize("kind", ["R4", "R8S", "R9"])
def test_kinds_about_a_school_take_one(ask: Any, school: School, kind: str) -> None:
    assert ask(kind=kind, scope=f"school:{school.pk}").is_valid()


def test_several_years_are_one_period_offered_with_the_dynamics(ask: Any, coordinator: User) -> None:
    form = ask(kind="R9", period="y2022-2026")

    assert form.is_valid()
    assert (form.request().period_from, form.request().period_to) == (date(2022, 1, 1), date(2026, 12, 31))
    soup = BeautifulSoup(str(ReportForm(user=coordinator, today=TODAY)["period"]), "html.parser")
    offered = {str(option["value"]): option["data-when"] for option in soup.select("option[data-when]")}
    assert offered == dict.fromkeys(("y2025-2026", "y2024-2026", "y2022-2026"), "kind=R9")


@pytest.mark.parametrize("limit", [0, 200])
def test_school_that_a_page_leads_with_is_offered_among_too_many(
    coordinator: User, school: School, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_school(territory=school.territory)
    monkeypatch.setattr("reports.forms.SCHOOLS_OFFERED", limit)
    asked = f"school:{school.pk}"

    (_, (_, offered)) = scope_choices(coordinator, asked)

    assert asked in dict(offered)
    assert len(offered) == (2 if limit else 1)


@pytest.mark.parametrize(
    "asked", ["", "school:", "school:x", "territory:1", "school:00000000-0000-0000-0000-000000000000"]
)
def test_forged_school_is_not_offered(
    coordinator: User, school: School, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.forms.SCHOOLS_OFFERED", 0)

    assert len(scope_choices(coordinator, asked)) == 1


def test_report_of_a_school_knows_its_territory(ask: Any, school: School) -> None:
    form = ask(scope=f"school:{school.pk}")

    assert form.is_valid()
    assert (form.request().school, form.request().territory) == (school.pk, school.territory_id)


def test_school_of_others_is_no_choice(ask: Any) -> None:
    assert not ask(scope=f"school:{make_school().pk}").is_valid()


def test_period_in_progress_is_read_as_of_today_and_a_past_one_at_its_end(ask: Any) -> None:
    for period, day in (("y2026", TODAY), ("y2025", date(2025, 12, 31)), ("s2025", date(2026, 8, 31))):
        form = ask(period=period)
        assert form.is_valid()
        assert form.request().as_of == day


def test_own_period_is_taken_as_given(ask: Any) -> None:
    form = ask(period=OWN_PERIOD, period_from="2026-02-01", period_to="2026-02-28")

    assert form.is_valid()
    assert (form.request().period_from, form.request().period_to) == (date(2026, 2, 1), date(2026, 2, 28))


def test_formats_reach_the_worker_in_one_order(ask: Any) -> None:
    form = ask()

    assert form.is_valid()
    assert form.request().formats == ("pdf", "xlsx")


def test_form_is_offered_with_the_person_as_its_signer(coordinator: User) -> None:
    form = ReportForm(user=coordinator, today=TODAY)

    assert form.initial["signer_name"] == coordinator.signature_name
    assert form.initial["period"] == "y2026"


def test_person_without_a_position_is_not_offered_as_the_signer(school: School) -> None:
    person = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=school.territory)

    assert ReportForm(user=person, today=TODAY).initial["signer_name"] == ""


def test_executor_is_named_unless_the_same_person_signs(coordinator: User) -> None:
    line = executor_line(coordinator, signer="И.К. Воронов").replace("\u00a0", " ")

    assert line == f"{coordinator.short_name}, главный специалист, +7 900 000-00-00".replace("\u00a0", " ")
    assert executor_line(coordinator, signer=coordinator.signature_name) == ""


def test_executor_without_position_and_phone_is_a_name() -> None:
    person = make_user()

    assert executor_line(person, signer="") == person.short_name


def test_choices_are_the_own_territory_and_its_schools(coordinator: User, school: School) -> None:
    make_school()

    (territory, (title, schools)) = scope_choices(coordinator)

    assert territory[0] == f"territory:{school.territory_id}"
    assert territory[1].replace("\u00a0", " ").endswith("(1 школа)")
    assert (title, schools) == (
        "Одна школа (только «Исполнение дорожных карт», «Почему школа в перечне», «Динамика результатов»)",
        [(f"school:{school.pk}", school.name)],
    )


def test_single_schools_are_offered_with_the_kind_that_is_about_one(coordinator: User, school: School) -> None:
    soup = BeautifulSoup(str(ReportForm(user=coordinator, today=TODAY)["scope"]), "html.parser")

    shown = {str(option["value"]): option.get("data-when") for option in soup.select("option")}

    assert shown == {f"territory:{school.territory_id}": None, f"school:{school.pk}": "kind=R4|R8S|R9"}


def test_person_who_may_not_build_reports_has_no_choice(school: School) -> None:
    assert scope_choices(make_user()) == []


def test_region_counts_the_schools_of_its_municipalities() -> None:
    region = make_region()
    first, second = make_territory(parent=region), make_territory(parent=region)
    for territory in (first, first, second):
        make_school(territory=territory)

    assert school_counts([region, first, second]) == [3, 2, 1]
    assert school_counts([]) == []
