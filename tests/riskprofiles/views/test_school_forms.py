"""Pages of the forms that a school hands in as files."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role
from jobs.models import Job
from jobs.runner import execute
from riskprofiles import job_kinds
from riskprofiles.actions.school_forms import hand_in_form
from riskprofiles.choices import FormState, SchoolFormCode
from riskprofiles.models import SchoolForm
from schools.choices import BatchState
from schools.importing.files import GivenFile
from schools.importing.templates import reporting_year
from schools.models import ImportBatch, School, SchoolStatistic
from tests.factories.forms import filled, put_cells, template_of
from tests.factories.schools import make_actor, make_result, make_school, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def school() -> School:
    return make_school(name="МБОУ «Лесная СОШ»")


@pytest.fixture
def admin(school: School) -> User:
    return make_user(role=Role.SCHOOL_ADMIN, school=school)


def year() -> int:
    return reporting_year(timezone.localdate())


def text_of(response: Any) -> str:
    soup = BeautifulSoup(response.content, "html.parser")
    return " ".join(soup.get_text(" ").replace("\u00a0", " ").split())


def staff_book(school: School, teachers: int | str = 2) -> bytes:
    book = template_of("SA-4", school=school, period=str(year()))
    return filled(book, {("Физика", "Учителей"): teachers, ("Химия", "Учителей"): 1})


def send(client: Client, school: School, data: bytes, code: str = "SA-4", for_year: int | None = None) -> Any:
    url = reverse("self_assessment:school_form_upload", args=[school.pk, code, for_year or year()])
    return client.post(url, {"file": SimpleUploadedFile("кадры.xlsx", data)}, follow=True)


def page(name: str, form: SchoolForm) -> str:
    return reverse(f"self_assessment:school_form{name and '_'}{name}", args=[form.pk])


def run_jobs() -> None:
    for job in Job.objects.active():
        execute(job_id=job.pk)


def make_form(school: School, data: bytes | None = None) -> SchoolForm:
    """Return a form of the school that is checked."""
    by = make_user(role=Role.SCHOOL_ADMIN, school=school)
    file = GivenFile(name="кадры.xlsx", data=data or staff_book(school))
    form = hand_in_form(school=school, code=SchoolFormCode.STAFF, year=year(), file=file, by=by, at=timezone.now())
    job_kinds.queue(job_kinds.CHECK, form, by=by)
    run_jobs()
    return form


def make_applied(school: School) -> SchoolForm:
    form = make_form(school)
    job_kinds.queue(job_kinds.APPLY, form, by=form.uploaded_by)
    run_jobs()
    return form


def make_standing(school: School, code: SchoolFormCode) -> SchoolForm:
    """Return a form whose values stand in the portal, without a file behind it."""
    by, at = make_user(role=Role.SCHOOL_ADMIN, school=school), timezone.now()
    applied = {"state": BatchState.APPLIED, "applied_by": by, "applied_at": at}
    batch = ImportBatch.objects.create(
        territory=school.territory, school=school, created_by=by, created_at=at, **applied
    )
    return SchoolForm.objects.create(school=school, form=code, year=year(), batch=batch, uploaded_by=by, uploaded_at=at)


def state_of(form: SchoolForm) -> FormState:
    return SchoolForm.objects.with_batches().get(pk=form.pk).state


# The school


def test_page_lists_the_forms_beside_the_self_diagnosis(sign_in: SignIn, admin: User) -> None:
    response = sign_in(admin).get(reverse("self_assessment:list"))

    text = text_of(response)
    for words in ("SA-3.", "SA-1 «Контекст школы»", "SA-2 «Контингент»", "SA-4 «Кадры»", "SA-5 «Внутренние работы»"):
        assert words in text
    assert text.count("Не сдана") == 4


def test_form_is_downloaded_filled_and_handed_in(sign_in: SignIn, admin: User, school: School) -> None:
    client = sign_in(admin)

    waiting = send(client, school, staff_book(school))
    run_jobs()
    form = SchoolForm.objects.get()
    checked = client.get(page("", form))
    client.post(page("apply", form))
    run_jobs()
    done = client.get(page("", form))

    assert "Проверка формы школы" in text_of(waiting)
    assert "Записать и сдать форму" in text_of(checked)
    assert f"Кадры на 1 октября {year()} года: Учителей, Физика" in text_of(checked)
    assert "Сдана, ждёт методиста" in text_of(done)
    assert SchoolStatistic.objects.count() == 2


def test_page_that_waits_asks_for_itself_and_is_shown_anew(sign_in: SignIn, admin: User, school: School) -> None:
    client = sign_in(admin)
    send(client, school, staff_book(school))
    form = SchoolForm.objects.get()

    waiting = client.get(page("progress", form))
    run_jobs()
    done = client.get(page("progress", form))

    assert f'hx-get="{page("progress", form)}"' in waiting.content.decode()
    assert done.headers["HX-Refresh"] == "true"


def test_problems_are_shown_with_their_cells(sign_in: SignIn, admin: User, school: School) -> None:
    form = make_form(school, staff_book(school, "две"))

    text = text_of(sign_in(admin).get(page("", form)))

    assert "Не принята" in text
    assert "столбец «Учителей»" in text
    assert "Сдать только принятые строки" in text


def test_only_the_good_rows_are_written_when_asked(sign_in: SignIn, admin: User, school: School) -> None:
    form = make_form(school, staff_book(school, "две"))

    sign_in(admin).post(page("apply", form), {"only_good": "1"})
    run_jobs()

    assert list(SchoolStatistic.objects.values_list("section", flat=True)) == ["HI"]


def test_sharp_change_is_explained_before_it_is_written(sign_in: SignIn, admin: User, school: School) -> None:
    make_result(school=school, procedure="ENTRY", year=year() - 1, period="autumn", subject="MA", marks=(1, 5, 3, 1))
    row = {"E2": "Входной мониторинг", "F2": year(), "G2": "осень", "H2": "Математика", "I2": 5, "L2": 30}
    row |= {"M2": 20, "N2": 4, "O2": 3, "P2": 3}
    book = template_of("SA-5", school=school, period=str(year()))
    client = sign_in(admin)
    send(client, school, put_cells(book, "Результаты", row), "SA-5")
    run_jobs()
    form = SchoolForm.objects.get()

    asked = client.get(page("", form))
    short = client.post(page("apply", form), {"explanation": "так"}, follow=True)
    client.post(page("apply", form), {"explanation": "Открыты два новых пятых класса"})
    run_jobs()

    assert "Поясните резкие изменения" in text_of(asked)
    assert "не короче" in text_of(short)
    assert state_of(form) == FormState.HANDED_IN


def test_same_values_offer_nothing_to_change(sign_in: SignIn, admin: User, school: School) -> None:
    make_applied(school)
    form = make_form(school, template_of("SA-4", school=school, period=str(year())))

    assert "Всё, что есть в файле, уже стоит в портале." in text_of(sign_in(admin).get(page("", form)))


def test_form_of_another_school_is_refused_with_a_link(sign_in: SignIn, admin: User, school: School) -> None:
    form = make_form(school, staff_book(make_school(territory=school.territory, name="МБОУ «Лицей»")))

    response = sign_in(admin).get(page("", form))

    note = BeautifulSoup(response.content, "html.parser").select_one(".note-bad")
    assert note is not None
    assert "Форма другой школы" in note.get_text()
    assert [link["href"] for link in note.select("a")] == [
        f"/imports/templates/SA-4/?inn={school.inn}&period={year()}",
        f"/self-assessment/#file-SA-4-{school.pk}",
    ]


def test_refused_form_leads_back_to_its_field(sign_in: SignIn, admin: User, school: School) -> None:
    form = make_form(school, b"not a book")
    client = sign_in(admin)

    assert "Загрузить ещё раз" in text_of(client.get(page("", form)))
    assert f'id="file-SA-4-{school.pk}"' in client.get(reverse("self_assessment:list")).content.decode()


def test_refused_form_offers_no_upload_to_those_who_look(sign_in: SignIn, school: School) -> None:
    form = make_form(school, b"not a book")

    assert "Загрузить ещё раз" not in text_of(sign_in(make_actor(Role.METHODIST, school)).get(page("", form)))


def test_file_can_be_put_aside_once(sign_in: SignIn, admin: User, school: School) -> None:
    form = make_form(school)
    client = sign_in(admin)

    first, second = (client.post(page("give_up", form), follow=True) for _ in range(2))

    assert "Файл отложен" in text_of(first)
    assert "действие недоступно" in text_of(second)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "Выберите файл заполненной формы."),
        (b"x" * (5 * 1024 * 1024 + 1), "больше 5 МБ"),
    ],
)
def test_bad_upload_is_told_in_words(
    data: bytes | None, words: str, sign_in: SignIn, admin: User, school: School
) -> None:
    url = reverse("self_assessment:school_form_upload", args=[school.pk, "SA-4", year()])
    files = {"file": SimpleUploadedFile("кадры.xlsx", data)} if data else {}

    response = sign_in(admin).post(url, files, follow=True)

    assert words in text_of(response)
    assert not SchoolForm.objects.exists()


def test_empty_file_is_refused_at_its_check(sign_in: SignIn, admin: User, school: School) -> None:
    response = send(sign_in(admin), school, b"not a book")
    run_jobs()

    assert state_of(SchoolForm.objects.get()) == FormState.REFUSED
    assert response.status_code == 200


@pytest.mark.parametrize(("code", "shift"), [("SA-3", 0), ("XX", 0), ("SA-4", 1), ("SA-4", -9)])
def test_form_or_year_that_is_not_asked_for_is_not_found(
    code: str, shift: int, sign_in: SignIn, admin: User, school: School
) -> None:
    assert send(sign_in(admin), school, staff_book(school), code, year() + shift).status_code == 404


@pytest.mark.parametrize("name", ["apply", "check"])
def test_form_in_another_state_is_left_alone(name: str, sign_in: SignIn, admin: User, school: School) -> None:
    form = make_applied(school)

    response = sign_in(admin).post(page(name, form), follow=True)

    assert "Форма в состоянии «Сдана, ждёт методиста»" in text_of(response)
    assert not Job.objects.active().exists()


def test_file_whose_job_was_lost_is_checked_on_demand(sign_in: SignIn, admin: User, school: School) -> None:
    form = make_form(school)

    sign_in(admin).post(page("check", form))

    assert [job.kind for job in Job.objects.active()] == [job_kinds.CHECK]


# The methodist


def test_methodist_accepts_a_form(sign_in: SignIn, school: School) -> None:
    form = make_applied(school)
    client = sign_in(make_actor(Role.METHODIST, school))

    assert "Принять форму" in text_of(client.get(page("", form)))
    response = client.post(page("accept", form), follow=True)

    assert "Форма принята." in text_of(response)
    assert state_of(form) == FormState.ACCEPTED


def test_returned_form_shows_the_remark_to_the_school(sign_in: SignIn, admin: User, school: School) -> None:
    form = make_applied(school)
    sign_in(make_actor(Role.METHODIST, school)).post(page("return", form), {"remark": "Проверьте физику"})

    text = text_of(sign_in(admin).get(reverse("self_assessment:list")))

    assert "Замечание: Проверьте физику" in text
    assert "Возвращена" in text


def test_return_without_a_remark_is_refused(sign_in: SignIn, school: School) -> None:
    form = make_applied(school)

    response = sign_in(make_actor(Role.METHODIST, school)).post(page("return", form), follow=True)

    assert "Напишите, что исправить" in text_of(response)
    assert state_of(form) == FormState.HANDED_IN


def test_accepted_form_offers_no_upload(sign_in: SignIn, admin: User, school: School) -> None:
    form = make_applied(school)
    sign_in(make_actor(Role.METHODIST, school)).post(page("accept", form))
    client = sign_in(admin)

    html = client.get(reverse("self_assessment:list")).content.decode()

    assert reverse("self_assessment:school_form_upload", args=[school.pk, "SA-4", year()]) not in html
    assert "попросите методиста" in text_of(send(client, school, staff_book(school, 3)))


@pytest.mark.parametrize("name", ["", "progress", "check", "apply", "give_up", "accept", "return"])
def test_form_of_another_school_is_not_found(name: str, sign_in: SignIn, school: School) -> None:
    form = make_form(school)
    other = make_school()
    method = "get" if name in {"", "progress"} else "post"
    role = Role.METHODIST if name in {"accept", "return"} else Role.SCHOOL_ADMIN

    response = getattr(sign_in(make_actor(role, other)), method)(page(name, form))

    assert response.status_code == 404


def test_school_hands_in_nothing_for_another_one(sign_in: SignIn, admin: User) -> None:
    other = make_school()

    assert send(sign_in(admin), other, staff_book(other)).status_code == 404


# Who has handed in


def test_coordinator_sees_who_has_handed_in_what(sign_in: SignIn, school: School) -> None:
    make_applied(school)
    make_school(territory=school.territory, name="МБОУ «Речная СОШ»")
    hidden = make_school()

    text = text_of(sign_in(make_actor(Role.MUNICIPAL_COORDINATOR, school)).get(reverse("self_assessment:received")))

    assert "SA-4 Кадры сдали 1 из 2" in text
    assert text.count("Не сдана") == 7
    assert "Сдана, ждёт методиста" in text
    assert hidden.name not in text


def test_only_the_schools_that_owe_a_form_are_shown_when_asked(sign_in: SignIn, school: School) -> None:
    make_applied(school)
    complete = make_school(territory=school.territory, name="МБОУ «Лицей»")
    for code in SchoolFormCode:
        make_standing(complete, code)

    text = text_of(
        sign_in(make_actor(Role.METHODIST, school)).get(reverse("self_assessment:received"), {"only": "owing"})
    )

    assert school.name in text
    assert complete.name not in text
    assert "SA-4 Кадры сдали 2 из 2" in text


def test_filter_and_year_keep_each_other(sign_in: SignIn, school: School) -> None:
    client = sign_in(make_actor(Role.METHODIST, school))

    response = client.get(reverse("self_assessment:received"), {"only": "owing", "year": str(year() - 1)})
    links = [str(link["href"]) for link in BeautifulSoup(response.content, "html.parser").select(".seg a")]

    assert f"?year={year()}&only=owing" in links
    assert f"?year={year() - 1}" in links


def test_counts_are_told_beside_the_table_for_narrow_screens(sign_in: SignIn, school: School) -> None:
    make_applied(school)

    response = sign_in(make_actor(Role.METHODIST, school)).get(reverse("self_assessment:received"))

    narrow = BeautifulSoup(response.content, "html.parser").select_one("dl.d-md-none")
    assert narrow is not None
    assert "SA-4 Кадры сдали 1 из 1" in " ".join(narrow.get_text(" ").split())


def test_other_year_is_asked_by_its_link(sign_in: SignIn, school: School) -> None:
    make_applied(school)
    client = sign_in(make_actor(Role.METHODIST, school))

    last, unknown = (client.get(reverse("self_assessment:received"), {"year": asked}) for asked in (year() - 1, "x"))

    assert "SA-4 Кадры сдали 0 из 1" in text_of(last)
    assert "SA-4 Кадры сдали 1 из 1" in text_of(unknown)


def test_list_takes_as_many_queries_for_three_schools_as_for_one(sign_in: SignIn, school: School) -> None:
    client = sign_in(make_actor(Role.METHODIST, school))
    numbers = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("self_assessment:received"))
        numbers.append(len(queries))
        make_school(territory=school.territory)
        make_form(make_school(territory=school.territory))

    assert numbers[0] == numbers[1]


def test_page_of_the_school_takes_as_many_queries_with_forms_as_without(
    sign_in: SignIn, admin: User, school: School
) -> None:
    client = sign_in(admin)
    with CaptureQueriesContext(connection) as without:
        client.get(reverse("self_assessment:list"))
    make_applied(school)

    with CaptureQueriesContext(connection) as with_forms:
        client.get(reverse("self_assessment:list"))

    assert len(with_forms) == len(without)
