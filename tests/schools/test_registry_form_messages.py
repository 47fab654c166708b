"""Forms of the registry say what is wrong and what the act will do, before anything is asked of a database."""

from datetime import date
from typing import Any

import pytest

from accounts.models import User
from schools.choices import Locality, SchoolKind, SchoolStatus
from schools.forms_registry import (
    ACTS,
    ENDED,
    BasisForm,
    BranchForm,
    DetailsForm,
    FormerForm,
    JoinForm,
    MergeForm,
    NewEntityForm,
    RegistryForm,
    StatusForm,
)
from schools.models import School, Territory

KIND = SchoolKind.values[0]
INN, OGRN = "1000000059", "1000000000000"
BASIS = {"kind": "order", "issuer_genitive": "управления образования", "date": "2026-06-20", "number": "310"}


def make_card(**fields: Any) -> School:
    return School(**{"name": "СОШ № 1", "kind": KIND, "inn": INN, "status": SchoolStatus.ACTIVE, **fields})


def filled(form: type[RegistryForm], school: School | None = None, **data: Any) -> RegistryForm:
    return form(data={"on": "2026-09-01", **data}, school=school or make_card(), user=User())


def errors(form: type[RegistryForm], **data: Any) -> dict[str, list[str]]:
    return {name: [str(text) for text in texts] for name, texts in filled(form, **data).errors.items()}


def basis(**data: str) -> BasisForm:
    return BasisForm(data={f"act-{name}": value for name, value in data.items()})


# Details


def test_details_begin_with_what_the_card_says() -> None:
    form = DetailsForm(school=make_card(login="edu900001"), user=User())

    assert (form["name"].value(), form["login"].value(), form["kind"].value()) == ("СОШ № 1", "edu900001", KIND)


def test_given_beginning_wins_over_the_card() -> None:
    form = DetailsForm(school=make_card(), user=User(), initial={"name": "Гимназия"})

    assert (form["name"].value(), form["kind"].value()) == ("Гимназия", KIND)


def test_empty_details_are_told_field_by_field() -> None:
    assert errors(DetailsForm, on="") == {
        "on": ["Укажите дату."],
        "name": ["Укажите краткое название."],
        "kind": ["Выберите вид школы."],
    }


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("on", "вчера", "Введите дату в виде ДД.ММ.ГГГГ."),
        ("on", "31.02.2026", "Введите дату в виде ДД.ММ.ГГГГ."),
        ("kind", "дворец", "Выберите вид из предложенных."),
        ("login", "edu12345", "Логин — «edu» и 6 цифр, например edu123456. Проверьте его."),
        ("login", "123456", "Логин — «edu» и 6 цифр, например edu123456. Проверьте его."),
        ("login", "edu12345х", "Логин — «edu» и 6 цифр, например edu123456. Проверьте его."),
    ],
)
def test_wrong_detail_is_told_in_words(field: str, value: str, message: str) -> None:
    assert errors(DetailsForm, **{"name": "Гимназия", "kind": KIND, field: value}) == {field: [message]}


@pytest.mark.parametrize(
    ("typed", "kept"), [("EDU900001", "edu900001"), (" edu900001 ", "edu900001"), ("", ""), ("  ", "")]
)
def test_login_is_kept_in_small_letters_or_left_out(typed: str, kept: str) -> None:
    form = filled(DetailsForm, name="Гимназия", kind=KIND, login=typed)

    assert form.is_valid()
    assert form.cleaned_data["login"] == kept


def test_details_are_the_fields_of_the_card_without_the_day() -> None:
    form = filled(DetailsForm, name="Гимназия", kind=KIND)

    assert form.is_valid()
    assert isinstance(form, DetailsForm)
    assert form.details() == {"name": "Гимназия", "full_name": "", "kind": KIND, "login": "", "gia_code": ""}


def test_former_details_ask_until_what_day() -> None:
    form = FormerForm(school=make_card(), user=User())

    assert form.fields["on"].label == "До какой даты"
    assert "уже не действовали" in str(form.fields["on"].help_text)
    assert DetailsForm(school=make_card(), user=User()).fields["on"].label == "С какой даты"


# New legal entity


@pytest.mark.parametrize("inn", ["1000000054", "100000005", "10000000a3", "١٠٠٠٠٠٠٠٥٣"])
def test_wrong_inn_is_told_with_what_it_should_be(inn: str) -> None:
    assert errors(NewEntityForm, inn=inn) == {"inn": ["ИНН состоит из 10 цифр с верной контрольной. Проверьте его."]}


@pytest.mark.parametrize("ogrn", ["1000000000004", "100000000000", "огрн"])
def test_wrong_ogrn_is_told_with_what_it_should_be(ogrn: str) -> None:
    found = errors(NewEntityForm, inn=INN, ogrn=ogrn)

    assert found == {"ogrn": ["ОГРН состоит из 13 цифр с верной контрольной. Проверьте его."]}


def test_inn_is_asked_and_ogrn_may_be_left_out() -> None:
    assert errors(NewEntityForm, inn="") == {"inn": ["Укажите новый ИНН."]}
    assert errors(NewEntityForm, inn=INN) == {}
    assert errors(NewEntityForm, inn=INN, ogrn=OGRN) == {}


def test_new_entity_tells_both_numbers_and_what_stays() -> None:
    form = filled(NewEntityForm, make_card(inn="1000000150"), inn=INN)
    assert form.is_valid()

    ends, begins, stays = form.sentences()

    assert "школа с ИНН 1000000150 прекращает работу" in ends
    assert f"Появится школа с ИНН {INN}" in begins
    assert stays.startswith(ENDED)


# State


@pytest.mark.parametrize(
    ("status", "ways"),
    [
        (SchoolStatus.ACTIVE, {SchoolStatus.SUSPENDED, SchoolStatus.CLOSED}),
        (SchoolStatus.SUSPENDED, {SchoolStatus.ACTIVE, SchoolStatus.CLOSED}),
        (SchoolStatus.CLOSED, set()),
    ],
)
def test_states_to_choose_are_those_of_the_table_without_the_reorganised(
    status: SchoolStatus, ways: set[SchoolStatus]
) -> None:
    form = StatusForm(school=make_card(status=status), user=User())

    assert {value for value, _ in form.fields["status"].choices} == ways  # type: ignore[attr-defined]  # a choice


@pytest.mark.parametrize(
    ("status", "message"),
    [
        ("", "Выберите состояние."),
        ("active", "Выберите состояние из предложенных."),
        ("reorganised", "Выберите состояние из предложенных."),
    ],
)
def test_state_that_cannot_follow_is_refused_in_words(status: str, message: str) -> None:
    assert errors(StatusForm, status=status) == {"status": [message]}


@pytest.mark.parametrize(("status", "sentences"), [(SchoolStatus.CLOSED, 2), (SchoolStatus.SUSPENDED, 1)])
def test_closing_tells_what_stays_with_the_school(status: SchoolStatus, sentences: int) -> None:
    form = filled(StatusForm, status=status.value)
    assert form.is_valid()

    told = form.sentences()

    assert len(told) == sentences
    assert f"«{status.label}»" in told[0]
    assert "1\u00a0сентября 2026" in told[0]
    assert (ENDED in told) is (status == SchoolStatus.CLOSED)


# Branch


@pytest.mark.parametrize(
    ("students", "is_refused"), [("0", False), ("20000", False), ("20001", True), ("-1", True), ("много", True)]
)
def test_number_of_students_has_bounds(students: str, *, is_refused: bool) -> None:
    found = errors(BranchForm, name="Филиал", locality=Locality.values[0], students=students)

    assert ("students" in found) is is_refused


def test_branch_asks_its_name_and_place() -> None:
    found = errors(BranchForm)

    assert found["name"] == ["Укажите краткое название."]
    assert set(found) == {"name", "locality"}


# Acts and states


@pytest.mark.parametrize("status", [SchoolStatus.CLOSED, SchoolStatus.REORGANISED])
def test_ended_school_has_only_its_past_to_record(status: SchoolStatus) -> None:
    school = make_card(status=status)

    assert [act for act, form in ACTS.items() if form.is_open_to(school)] == ["former"]


def test_living_school_is_open_to_every_act_and_a_branch_to_all_but_a_branch() -> None:
    assert all(form.is_open_to(make_card()) for form in ACTS.values())
    assert [act for act, form in ACTS.items() if not form.is_open_to(make_card(parent=make_card()))] == ["branch"]


def test_acts_that_end_a_school_ask_to_confirm() -> None:
    assert {form for form in ACTS.values() if form.needs_confirmation} == {MergeForm, NewEntityForm, StatusForm}
    assert not JoinForm.needs_confirmation


def test_each_act_has_its_own_words() -> None:
    assert len({form.title for form in ACTS.values()}) == len(ACTS)
    assert all(form.done.endswith(".") and not form.verb.endswith(".") for form in ACTS.values())


# Document


def test_document_left_out_is_none() -> None:
    form = basis(kind="order", issuer_genitive="управления образования")

    assert form.is_valid()
    assert form.document(Territory()) is None


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("number", "Укажите номер документа."),
        ("date", "Укажите дату документа."),
        ("issuer_genitive", "Укажите, чей это документ."),
        ("kind", "Выберите вид документа."),
    ],
)
def test_document_given_by_half_is_refused(missing: str, message: str) -> None:
    form = basis(**{**BASIS, "title": "О сети школ", missing: ""})

    assert dict(form.errors) == {missing: [message]}


@pytest.mark.parametrize(
    ("day", "message"),
    [("32.01.2026", "Введите дату в виде ДД.ММ.ГГГГ."), ("0026-06-20", "Укажите год от ")],
)
def test_wrong_day_of_a_document_is_told_once(day: str, message: str) -> None:
    (told,) = basis(**{**BASIS, "date": day}).errors["date"]

    assert str(told).startswith(message)


def test_whole_document_belongs_to_the_territory() -> None:
    form, territory = basis(**BASIS), Territory(name="Округ")
    assert form.is_valid()

    act = form.document(territory)

    assert act is not None
    assert (act.territory, act.school, act.number, act.date) == (territory, None, "310", date(2026, 6, 20))
