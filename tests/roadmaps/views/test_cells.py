"""The editable table over HTTP: one request, one cell, one row back."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from riskprofiles.choices import ProfileState
from roadmaps.actions import editing, flow, versions
from roadmaps.cells import CELLS
from roadmaps.choices import MeasureStatus, RevisionReason, RoadmapState
from roadmaps.models import Measure
from tests.factories.riskprofiles import make_profile
from tests.factories.roadmaps import AT, keeper_of, make_measure, make_roadmap, make_running, measure_of, territory_of
from tests.factories.schools import make_school, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def save(client: Client, measure: Measure, name: str, text: str, **extra: str) -> Any:
    url = reverse("roadmaps:cell", args=[measure.pk, name])
    return client.post(url, {name: text, "version": "1", **extra}, headers={"HX-Request": "true"})


def field(response: HttpResponse, name: str) -> Any:
    return BeautifulSoup(response.content, "html.parser").select_one(f"[data-col={name}]")


def text_of(html: bytes, selector: str) -> str:
    found = BeautifulSoup(html, "html.parser").select_one(selector)
    assert found is not None
    return str(found)


def test_cell_save_answers_with_the_row_and_the_event(sign_in: SignIn) -> None:
    measure = make_measure()

    response = save(sign_in(keeper_of(measure.roadmap)), measure, "responsible", "Громова И. В.")

    assert response.status_code == 200
    assert response.headers["HX-Trigger"] == "saved"
    assert field(response, "responsible").text == "Громова И. В."
    assert '"version": "2"' in response.content.decode()


def test_cell_save_answers_with_the_very_row_of_the_page(sign_in: SignIn) -> None:
    measure = make_measure(indicator="")
    client = sign_in(keeper_of(measure.roadmap))

    row = text_of(save(client, measure, "term", "15.12").content, "tbody")

    assert row == text_of(client.get(measure.roadmap.get_absolute_url()).content, f"#m-{measure.pk}")


def test_cell_save_of_a_wrong_value_keeps_it_with_the_error(sign_in: SignIn) -> None:
    measure = make_measure()

    response = save(sign_in(keeper_of(measure.roadmap)), measure, "term", "когда-нибудь")

    assert response.status_code == 422
    assert field(response, "term")["value"] == "когда-нибудь"
    assert "Срок «когда-нибудь» не распознан." in response.content.decode()
    assert Measure.objects.get().version == 1


def test_cell_save_in_a_conflict_shows_both_values_and_who(sign_in: SignIn) -> None:
    measure, colleague = make_measure(), make_user(last_name="Егорова")
    editing.save_cell(measure=measure, cell=CELLS["term"], text="25.12.2026", seen=1, by=colleague)
    client = sign_in(keeper_of(measure.roadmap))

    response = save(client, measure, "term", "15.12.2026")

    page = response.content.decode()
    assert response.status_code == 409
    assert field(response, "term")["value"] == "15.12.2026"
    assert "Срок 1.1 изменили, пока вы редактировали." in page
    assert "Егорова" in page
    assert "Взять 25.12.2026" in page
    kept = save(client, measure, "term", "15.12.2026", version="2", field="term")
    assert kept.status_code == 200
    assert str(Measure.objects.get().due_date) == "2026-12-15"


@pytest.mark.parametrize("version", ["", "x", "99999999999"])
def test_cell_save_without_a_readable_version_never_overwrites_silently(sign_in: SignIn, version: str) -> None:
    measure = make_measure()
    editing.save_cell(measure=measure, cell=CELLS["term"], text="25.12.2026", seen=1, by=make_user())

    response = save(sign_in(keeper_of(measure.roadmap)), measure, "term", "15.12.2026", version=version)

    assert response.status_code == 409


def test_cell_save_of_a_sent_roadmap_gives_the_typed_text_back(sign_in: SignIn) -> None:
    measure = make_measure()
    client = sign_in(keeper_of(measure.roadmap))
    flow.send(roadmap=measure.roadmap, by=make_user(), at=AT)

    response = save(client, measure, "title", "Новое название")

    page = response.content.decode()
    assert response.status_code == 409
    assert "Карта в состоянии «На согласовании»" in page
    assert "Новое название" in page
    assert field(response, "title") is None


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.SCHOOL_ADMIN, 200), (Role.METHODIST, 200), (Role.OBSERVER, 403), (Role.CURATOR, 403), (Role.MENTOR, 403)],
)
def test_cell_save_is_open_to_those_who_keep_the_roadmap(sign_in: SignIn, role: Role, status: int) -> None:
    measure = make_measure()
    school = measure.roadmap.school
    scope = (
        {"school": school}
        if role in {Role.SCHOOL_ADMIN, Role.CURATOR}
        else {"territory": territory_of(measure.roadmap)}
    )

    assert save(sign_in(make_user(role=role, **scope)), measure, "title", "Другое").status_code == status


def test_cell_save_of_a_foreign_roadmap_or_an_unknown_cell_is_not_found(sign_in: SignIn) -> None:
    measure = make_measure()

    assert save(sign_in(keeper_of(make_roadmap())), measure, "title", "Другое").status_code == 404
    assert save(sign_in(keeper_of(measure.roadmap)), measure, "status", "done").status_code == 404


def test_cell_save_of_an_ended_session_is_401(client: Client) -> None:
    assert save(client, make_measure(), "title", "Другое").status_code == 401


def test_row_shows_the_other_cells_and_a_save_keeps_them_open(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.APPROVED)
    measure = measure_of(make_roadmap(profile=profile))
    client = sign_in(keeper_of(measure.roadmap))

    opened = client.get(reverse("roadmaps:row", args=[measure.pk]), {"details": "1"}).content.decode()
    saved = save(client, measure, "unit", "%", details="1").content.decode()

    assert 'name="expected_result"' in opened
    assert opened.count('name="factors"') == profile.factors.activated().count()
    assert 'name="unit" value="%"' in saved


def test_row_is_read_by_those_who_only_look(sign_in: SignIn) -> None:
    measure = measure_of(make_running())
    observer = make_user(role=Role.OBSERVER, territory=territory_of(measure.roadmap))

    page = sign_in(observer).get(reverse("roadmaps:row", args=[measure.pk]), {"details": "1"}).content.decode()

    assert "Ожидаемый результат" in page
    assert "hx-post" not in page


def test_factors_are_saved(sign_in: SignIn) -> None:
    profile = make_profile(state=ProfileState.APPROVED)
    measure = measure_of(make_roadmap(profile=profile))
    chosen = [str(factor.pk) for factor in profile.factors.activated()]
    url = reverse("roadmaps:factors", args=[measure.pk])

    response = sign_in(keeper_of(measure.roadmap)).post(url, {"factors": chosen})

    assert response.status_code == 200
    assert measure.factors.count() == len(chosen)


def test_factors_of_a_fixed_version_are_refused(sign_in: SignIn) -> None:
    measure = measure_of(make_running())

    response = sign_in(keeper_of(measure.roadmap)).post(reverse("roadmaps:factors", args=[measure.pk]))

    assert response.status_code == 409


def test_measure_add_answers_with_the_table_and_the_cursor_in_the_new_row(sign_in: SignIn) -> None:
    roadmap = make_roadmap()
    url = reverse("roadmaps:measure_add", args=[roadmap.sections.all()[0].pk])

    response = sign_in(keeper_of(roadmap)).post(url, headers={"HX-Request": "true"})

    fresh = roadmap.measures.in_order()[1]
    focused = BeautifulSoup(response.content, "html.parser").find(autofocus=True)
    assert focused is not None
    assert focused["id"] == f"title-{fresh.pk}"


def test_measure_add_without_scripts_leads_back_to_the_row(sign_in: SignIn) -> None:
    roadmap = make_roadmap(measures=0)
    url = reverse("roadmaps:measure_add", args=[roadmap.sections.all()[0].pk])

    response = sign_in(keeper_of(roadmap)).post(url, {"code": "s-gia"})

    measure = measure_of(roadmap)
    assert response.headers["Location"] == f"{roadmap.get_absolute_url()}#m-{measure.pk}"
    assert measure.title == "Провести дополнительные занятия по подготовке к ГИА"


def test_library_add_copies_what_was_chosen(sign_in: SignIn) -> None:
    roadmap = make_roadmap(measures=0)
    section = roadmap.sections.all()[0]
    url = reverse("roadmaps:library_add", args=[roadmap.pk])

    sign_in(keeper_of(roadmap)).post(url, {"section": section.pk, "code": ["s-gia", "s-site", "unknown"]})

    assert roadmap.measures.count() == 2


@pytest.mark.parametrize(("section", "status"), [("", 404), ("x", 404), ("foreign", 404), ("own", 302)])
def test_library_add_needs_a_section_of_the_roadmap(sign_in: SignIn, section: str, status: int) -> None:
    roadmap = make_roadmap(measures=0)
    pk = {"foreign": make_roadmap().sections.all()[0].pk, "own": roadmap.sections.all()[0].pk}.get(section, section)

    response = sign_in(keeper_of(roadmap)).post(reverse("roadmaps:library_add", args=[roadmap.pk]), {"section": pk})

    assert response.status_code == status
    assert roadmap.measures.count() == 0


def test_section_add_and_objective(sign_in: SignIn) -> None:
    roadmap = make_roadmap()
    client = sign_in(keeper_of(roadmap))

    client.post(reverse("roadmaps:section_add", args=[roadmap.pk]), {"title": "Кадровое"})
    section = roadmap.sections.get(title="Кадровое")
    response = client.post(reverse("roadmaps:objective", args=[section.pk]), {"objective": "С 42 % до 20 %"})

    assert "С 42 % до 20 %</textarea>" in response.content.decode()
    section.refresh_from_db()
    assert section.objective == "С 42 % до 20 %"


def test_objective_of_a_fixed_version_is_refused_and_given_back(sign_in: SignIn) -> None:
    roadmap = make_running()
    url = reverse("roadmaps:objective", args=[roadmap.sections.all()[0].pk])

    response = sign_in(keeper_of(roadmap)).post(url, {"objective": "Новая цель"})

    assert response.status_code == 409
    assert "Новая цель" in response.content.decode()


def test_aim_that_somebody_changed_meanwhile_shows_both_texts(sign_in: SignIn) -> None:
    roadmap = make_roadmap()
    section = roadmap.sections.all()[0]
    url = reverse("roadmaps:objective", args=[section.pk])
    client = sign_in(keeper_of(roadmap))
    client.post(url, {"objective": "С 42 % до 20 %", "seen": ""})

    response = client.post(url, {"objective": "С 42 % до 30 %", "seen": ""})

    page = response.content.decode()
    section.refresh_from_db()
    assert (response.status_code, section.objective) == (409, "С 42 % до 20 %")
    assert "изменили, пока вы редактировали" in page
    assert "С 42 % до 30 %</textarea>" in page
    assert 'name="seen" value="С 42 % до 20 %"' in page

    client.post(url, {"objective": "С 42 % до 30 %", "seen": "С 42 % до 20 %"})
    section.refresh_from_db()
    assert section.objective == "С 42 % до 30 %"


def test_same_aim_of_two_people_is_no_conflict(sign_in: SignIn) -> None:
    roadmap = make_roadmap()
    url = reverse("roadmaps:objective", args=[roadmap.sections.all()[0].pk])
    client = sign_in(keeper_of(roadmap))

    for _ in range(2):
        assert client.post(url, {"objective": "С 42 % до 20 %", "seen": ""}).status_code == 200


def test_aim_that_is_too_long_is_kept_on_the_page_and_not_cut(sign_in: SignIn) -> None:
    roadmap = make_roadmap()
    section = roadmap.sections.all()[0]
    long = "ц" * 2_001

    response = sign_in(keeper_of(roadmap)).post(reverse("roadmaps:objective", args=[section.pk]), {"objective": long})

    page = response.content.decode()
    section.refresh_from_db()
    assert (response.status_code, section.objective) == (422, "")
    assert f"{long}</textarea>" in page
    assert "Не больше 2000 знаков. Сейчас 2001." in page


def test_move_exclude_and_undo_answer_with_the_table(sign_in: SignIn) -> None:
    roadmap = make_roadmap(measures=2)
    first, second = roadmap.measures.in_order()
    client = sign_in(keeper_of(roadmap))

    def post(name: str, pk: object, **data: str) -> str:
        response = client.post(reverse(f"roadmaps:{name}", args=[pk]), data, headers={"HX-Request": "true"})
        assert response.status_code == 200
        return response.content.decode()

    assert 'id="sheet"' in post("move", second.pk, to="up")
    assert list(roadmap.measures.in_order()) == [second, first]
    assert "Мероприятие 1.2 исключено" in post("exclude", first.pk)
    assert "Отменено: удаление 1.2" in post("undo", roadmap.pk)
    assert roadmap.measures.count() == 2


def test_exclude_without_a_reason_of_an_approved_measure_says_so(sign_in: SignIn) -> None:
    draft = versions.start_revision(roadmap=make_running(), reason=RevisionReason.STAFF, by=make_user(), at=AT)
    measure = measure_of(draft)
    client = sign_in(keeper_of(draft))
    url = reverse("roadmaps:exclude", args=[measure.pk])

    refused = client.post(url, headers={"HX-Request": "true"}).content.decode()
    excluded = client.post(url, {"reason": "Нет средств"}, headers={"HX-Request": "true"}).content.decode()
    restored = client.post(reverse("roadmaps:restore", args=[measure.pk]), headers={"HX-Request": "true"})

    assert "Напишите, почему мероприятие 1.1 исключено" in refused
    assert "Исключено: Нет средств" in excluded
    assert restored.status_code == 200
    assert Measure.objects.get(pk=measure.pk).status == MeasureStatus.NOT_STARTED


@pytest.mark.parametrize("name", ["measure_add", "section_add", "library_add", "undo", "move", "exclude", "restore"])
def test_table_of_a_fixed_version_says_why_it_does_not_change(sign_in: SignIn, name: str) -> None:
    roadmap = make_roadmap(state=RoadmapState.AGREED)
    section, measure = roadmap.sections.all()[0], measure_of(roadmap)
    pk = {"measure_add": section.pk, "section_add": roadmap.pk, "undo": roadmap.pk, "library_add": roadmap.pk}
    client = sign_in(keeper_of(roadmap))

    response = client.post(
        reverse(f"roadmaps:{name}", args=[pk.get(name, measure.pk)]),
        {"section": section.pk, "code": "s-gia", "title": "Новый", "reason": "Нет средств"},
        headers={"HX-Request": "true"},
    )

    assert "её мероприятия не меняются" in response.content.decode()
    assert roadmap.measures.count() == 1


@pytest.mark.parametrize("name", ["move", "exclude", "restore", "factors"])
def test_foreign_measure_is_not_found(sign_in: SignIn, name: str) -> None:
    measure = make_measure()
    neighbour = make_user(role=Role.SCHOOL_ADMIN, school=make_school(territory=territory_of(measure.roadmap)))

    assert sign_in(neighbour).post(reverse(f"roadmaps:{name}", args=[measure.pk])).status_code == 404
