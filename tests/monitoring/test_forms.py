"""What people type into monitoring is checked before it is stored, and named back to them."""

from datetime import date
from typing import Any

import pytest

from accounts.permissions import Role
from monitoring.actions.submissions import Value
from monitoring.catalogue import load_metric_set
from monitoring.forms import CycleForm, ReadingForm, RemarkForm
from tests.factories.lists import make_list
from tests.factories.schools import make_school, make_territory, make_user


def reading(**fields: str) -> ReadingForm:
    typed = {"numerator": "", "denominator": "", "absence_reason": "", "comment": "", "seen_version": "1"}
    return ReadingForm({**typed, **fields})


def test_empty_cells_are_no_value_and_not_zero() -> None:
    form = reading()

    assert form.is_valid()
    assert form.value() == Value(numerator=None, denominator=None)


def test_zero_is_a_value() -> None:
    form = reading(numerator="0", denominator="12")

    assert form.is_valid()
    assert form.value() == Value(numerator=0, denominator=12)


def test_count_with_a_space_between_thousands_is_read() -> None:
    form = reading(numerator="1 846", denominator="2000")

    assert form.is_valid()
    assert form.value().numerator == 1846


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"numerator": "3,5"}, "numerator", id="half a person"),
        pytest.param({"denominator": "много"}, "denominator", id="a word"),
        pytest.param({"numerator": "7", "denominator": "5"}, "numerator", id="more than the whole"),
        pytest.param({"denominator": "5", "absence_reason": "нет"}, "absence_reason", id="a number and a reason"),
        pytest.param({"seen_version": ""}, "seen_version", id="no version"),
    ],
)
def test_wrong_reading_is_refused_at_its_field(fields: dict[str, str], field: str) -> None:
    assert field in reading(**fields).errors


def test_remark_of_spaces_is_no_remark() -> None:
    form = RemarkForm({"remark": "   "})

    assert form.errors["remark"] == ["Напишите, что исправить: школа увидит это замечание."]


@pytest.mark.django_db
class TestCycleForm:
    """The form of a new cycle offers what the person may choose."""

    @staticmethod
    def typed(**fields: Any) -> dict[str, Any]:
        plain = {"stage": "interim", "year": "2026", "metric_set": load_metric_set().pk}
        days = {"as_of_date": "2026-02-16", "opens_on": "2026-02-02", "deadline": "2026-02-20"}
        return {**plain, **days, **fields}

    def test_offers_own_territories_and_schools_only(self) -> None:
        territory = make_territory()
        own, foreign = make_school(territory=territory), make_school()
        form = CycleForm(user=make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory))

        offered = form.fields["schools"].queryset  # type: ignore[attr-defined]  # a choice of rows
        assert own in offered
        assert foreign not in offered

    def test_checks_the_schools_on_support_from_the_start(self) -> None:
        territory = make_territory()
        listed, other = make_school(territory=territory), make_school(territory=territory)
        make_list([listed], year=2026)
        form = CycleForm(user=make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory))

        assert list(form.fields["schools"].initial) == [listed]
        assert other in form.fields["schools"].queryset  # type: ignore[attr-defined]  # a choice of rows

    def test_empty_form_says_what_to_do_in_each_field(self) -> None:
        territory = make_territory()
        form = CycleForm({}, user=make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory))

        told = {name: str(errors[0]) for name, errors in form.errors.items()}
        assert told["deadline"] == "Укажите, до какого дня школы сдают показатели."
        assert not [name for name, words in told.items() if words.startswith("Обязательное поле")]

    def test_school_of_another_territory_is_named(self) -> None:
        region = make_territory().parent
        first, second = make_territory(parent=region), make_territory(parent=region)
        school = make_school(territory=second)
        user = make_user(role=Role.REGIONAL_COORDINATOR, territory=region)

        form = CycleForm(self.typed(territory=first.pk, schools=[school.pk]), user=user)

        assert school.name in form.errors["schools"][0]

    def test_deadline_before_the_opening_is_refused_in_words(self) -> None:
        territory = make_territory()
        school = make_school(territory=territory)
        user = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)

        form = CycleForm(self.typed(territory=territory.pk, schools=[school.pk], deadline="2026-01-01"), user=user)

        assert "Сбор не может закончиться раньше, чем начался." in str(form.errors)

    def test_whole_form_gives_rows_and_days(self) -> None:
        territory = make_territory()
        school = make_school(territory=territory)
        user = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)

        form = CycleForm(self.typed(territory=territory.pk, schools=[school.pk]), user=user)

        assert form.is_valid(), form.errors
        assert form.cleaned_data["deadline"] == date(2026, 2, 20)
        assert list(form.cleaned_data["schools"]) == [school]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            pytest.param("year", "20266", id="a digit too many"),
            pytest.param("year", "26", id="a short year"),
            pytest.param("deadline", "9999-12-31", id="the last day of all"),
            pytest.param("as_of_date", "0001-01-01", id="the first day of all"),
        ],
    )
    def test_year_of_a_slip_is_told_at_its_field(self, field: str, value: str) -> None:
        school = make_school()
        user = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=school.territory)

        form = CycleForm(self.typed(territory=school.territory_id, schools=[school.pk], **{field: value}), user=user)

        assert form.errors[field] == ["Укажите год от 2015 до 2100."]

    def test_only_choice_is_made_from_the_start(self) -> None:
        metric_set, territory = load_metric_set(), make_territory()

        form = CycleForm(user=make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory))

        assert (form.fields["territory"].initial, form.fields["metric_set"].initial) == (territory, metric_set)

    def test_several_territories_are_left_to_choose_from(self) -> None:
        region = make_territory().parent
        make_territory(parent=region)

        form = CycleForm(user=make_user(role=Role.REGIONAL_COORDINATOR, territory=region))

        assert form.fields["territory"].initial is None
