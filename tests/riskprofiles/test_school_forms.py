"""Forms that a school hands in as files: states, actions, jobs."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from accounts.permissions import Role
from jobs.choices import JobState
from jobs.models import Job
from jobs.runner import execute
from riskprofiles import job_kinds
from riskprofiles.actions.school_forms import decide_on_form, give_up_form, hand_in_form
from riskprofiles.choices import FormDecision, FormState, SchoolFormCode
from riskprofiles.errors import FormClosed, FormRefused, FormUndecided
from riskprofiles.form_lists import handed_in, lines_of, owing
from riskprofiles.models import SchoolForm
from schools.actions.import_apply import undo_batch
from schools.choices import BatchState
from schools.importing.files import GivenFile
from schools.importing.states import change_state
from schools.models import ImportBatch, School, SchoolStatistic
from tests.factories.forms import filled, put_cells, template_of
from tests.factories.imports import AT
from tests.factories.schools import make_actor, make_school, make_user

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


@pytest.fixture
def school() -> School:
    return make_school()


def admin_of(school: School) -> User:
    return make_user(role=Role.SCHOOL_ADMIN, school=school)


def staff_book(school: School, teachers: int = 2, *, year: int = 2026) -> bytes:
    return filled(template_of("SA-4", school=school, period=str(year)), {("Физика", "Учителей"): teachers})


def hand_in(school: School, data: bytes, *, by: User | None = None, **fields: Any) -> SchoolForm:
    asked = {"code": SchoolFormCode.STAFF, "year": 2026, "at": AT, **fields}
    file = GivenFile(name="форма.xlsx", data=data)
    return hand_in_form(school=school, file=file, by=by or admin_of(school), **asked)


def run(kind: str, form: SchoolForm, *, by: User | None = None, only_good: bool = False) -> Job:
    job = job_kinds.queue(kind, form, by=by or form.uploaded_by, only_good=only_good)
    execute(job_id=job.pk)
    return Job.objects.get(pk=job.pk)


def fresh(form: SchoolForm) -> SchoolForm:
    return SchoolForm.objects.with_batches().get(pk=form.pk)


def applied(school: School, data: bytes | None = None, **fields: Any) -> SchoolForm:
    """Return a form that the school has handed in."""
    form = hand_in(school, data or staff_book(school), **fields)
    for kind in (job_kinds.CHECK, job_kinds.APPLY):
        assert run(kind, form).state == JobState.READY
    return fresh(form)


def decide(form: SchoolForm, decision: FormDecision, remark: str = "", *, by: User | None = None) -> SchoolForm:
    methodist = by or make_actor(Role.METHODIST, form.school)
    standing = form.standing
    at = standing.applied_at if standing and standing.applied_at else AT
    return decide_on_form(form=form, decision=decision, remark=remark, by=methodist, at=at)


# The way of a form


def test_form_goes_its_whole_way(school: School) -> None:
    form = hand_in(school, staff_book(school))
    states = [fresh(form).state]
    for kind in (job_kinds.CHECK, job_kinds.APPLY):
        run(kind, form)
        states.append(fresh(form).state)
    states.append(decide(fresh(form), FormDecision.ACCEPTED).state)

    assert states == [FormState.UPLOADED, FormState.CHECKED, FormState.HANDED_IN, FormState.ACCEPTED]
    assert SchoolStatistic.objects.get().value == 2


def test_batch_of_a_form_is_the_school_s_own(school: School) -> None:
    form = hand_in(school, staff_book(school))

    assert (form.batch.school, form.batch.territory) == (school, school.territory)
    assert list(ImportBatch.objects.visible_to(form.uploaded_by)) == [form.batch]
    assert not ImportBatch.objects.visible_to(admin_of(make_school(territory=school.territory))).exists()


def test_returned_form_is_handed_in_anew(school: School) -> None:
    form = decide(applied(school), FormDecision.RETURNED, "Проверьте физику")
    assert (form.state, form.remark) == (FormState.RETURNED, "Проверьте физику")

    again = applied(school, staff_book(school, 3))

    assert again.pk == form.pk
    assert again.state == FormState.HANDED_IN
    assert SchoolStatistic.objects.get().value == 3


def kept_by_queries(form: SchoolForm) -> set[FormState]:
    """Return the states by which the database finds a form, as the pages ask for them."""
    found = {
        FormState.HANDED_IN: SchoolForm.objects.undecided(),
        FormState.RETURNED: SchoolForm.objects.returned(),
    }
    return {state for state, forms in found.items() if forms.filter(pk=form.pk).exists()}


def test_queries_find_a_form_by_the_state_that_it_has(school: School) -> None:
    """At every step of a form the two queries say what the property says."""
    steps = [hand_in(school, staff_book(school))]
    assert kept_by_queries(steps[0]) == set()

    form = applied(school)
    assert kept_by_queries(form) == {FormState.HANDED_IN} == {form.state}

    form = decide(form, FormDecision.RETURNED, "Проверьте физику")
    assert kept_by_queries(form) == {FormState.RETURNED} == {form.state}

    hand_in(school, staff_book(school, 3))
    assert kept_by_queries(form) == set()

    give_up_form(form=fresh(form), by=form.uploaded_by)
    assert kept_by_queries(form) == {FormState.RETURNED} == {fresh(form).state}


def test_accepted_form_waits_for_nobody_by_the_queries(school: School) -> None:
    assert kept_by_queries(decide(applied(school), FormDecision.ACCEPTED)) == set()


def test_refused_newer_file_leaves_the_form_waiting_by_the_queries(school: School) -> None:
    form = applied(school)
    hand_in(school, staff_book(make_school(territory=school.territory)))
    run(job_kinds.CHECK, fresh(form))

    assert kept_by_queries(form) == {FormState.HANDED_IN} == {fresh(form).state}


def test_newer_file_is_undecided_though_the_earlier_was_returned(school: School) -> None:
    form = decide(applied(school), FormDecision.RETURNED, "Проверьте физику")

    form = applied(school, staff_book(school, 3))

    assert kept_by_queries(form) == {FormState.HANDED_IN} == {form.state}


def counted(school: School) -> tuple[int, bool]:
    """Return how many of the school's SA-4 count as handed in, and whether the school owes something."""
    schools = School.objects.filter(pk=school.pk)
    return handed_in(schools, 2026)[SchoolFormCode.STAFF], owing(schools, 2026).exists()


def test_returned_form_is_not_counted_as_handed_in_until_a_newer_one_stands(school: School) -> None:
    form = applied(school)
    assert counted(school)[0] == 1

    form = decide(form, FormDecision.RETURNED, "Проверьте физику")
    assert counted(school)[0] == 0

    hand_in(school, staff_book(school, 3))
    assert counted(school)[0] == 0

    give_up_form(form=fresh(form), by=form.uploaded_by)
    applied(school, staff_book(school, 4))
    assert counted(school)[0] == 1


def test_school_with_a_returned_form_owes_it(school: School) -> None:
    forms = {code: standing_form(school, code) for code in SchoolFormCode}
    assert counted(school) == (1, False)

    decide(fresh(forms[SchoolFormCode.STAFF]), FormDecision.RETURNED, "Проверьте физику")

    assert counted(school) == (0, True)
    assert [one.code for line in lines_of([school], 2026) for one in line.forms if not one.is_handed_in] == ["SA-4"]


def test_accepted_form_takes_no_file_until_it_is_returned(school: School) -> None:
    form = decide(applied(school), FormDecision.ACCEPTED)

    with pytest.raises(FormClosed, match="попросите методиста"):
        hand_in(school, staff_book(school, 3))

    decide(form, FormDecision.RETURNED, "Уточните")
    assert hand_in(school, staff_book(school, 3)).state == FormState.UPLOADED


def test_newer_file_replaces_one_that_waited(school: School) -> None:
    first = hand_in(school, staff_book(school))

    second = hand_in(school, staff_book(school, 3))

    assert ImportBatch.objects.get(pk=first.batch_id).state == BatchState.REJECTED
    assert (second.pk, second.stood) == (first.pk, None)


def test_refused_file_takes_nothing_away(school: School) -> None:
    form = applied(school)
    other = make_school(territory=school.territory)
    hand_in(school, staff_book(other))

    run(job_kinds.CHECK, fresh(form))

    assert fresh(form).state == FormState.HANDED_IN
    assert fresh(form).batch.state == BatchState.REJECTED
    assert SchoolStatistic.objects.get().school == school


def test_first_file_that_is_refused_leaves_the_form_refused(school: School) -> None:
    form = hand_in(school, staff_book(make_school(territory=school.territory)))

    run(job_kinds.CHECK, form)

    assert fresh(form).state == FormState.REFUSED
    assert fresh(form).standing is None


def test_file_given_up_leaves_what_stood(school: School) -> None:
    form = applied(school)
    hand_in(school, staff_book(school, 3))
    run(job_kinds.CHECK, fresh(form))

    give_up_form(form=fresh(form), by=form.uploaded_by)

    assert fresh(form).state == FormState.HANDED_IN
    assert SchoolStatistic.objects.get().value == 2


def test_form_undone_by_a_coordinator_is_told_so(school: School) -> None:
    form = applied(school)

    undo_batch(batch=form.batch, by=make_actor(Role.MUNICIPAL_COORDINATOR, school), at=form.batch.applied_at or LATER)

    assert fresh(form).state == FormState.UNDONE


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"code": SchoolFormCode.CONTEXT}, "Загружена другая форма."),
        ({"year": 2025}, "Загружена форма за другой год."),
    ],
)
def test_other_form_than_asked_is_refused_with_the_way_to_it(
    fields: dict[str, Any], words: str, school: School
) -> None:
    form = hand_in(school, staff_book(school), **fields)

    run(job_kinds.CHECK, form)

    refusal = form.batch.files.get().refusal
    assert refusal.startswith(words)
    assert f"/imports/templates/{form.form}/?inn={school.inn}&period={form.year}" in refusal


def refusal_of(school: School, data: bytes, **fields: Any) -> str:
    """Return the words with which a file is refused by its check."""
    form = hand_in(school, data, **fields)
    run(job_kinds.CHECK, form)
    return form.batch.files.get().refusal


def test_blank_form_of_the_school_is_told_to_be_blank(school: School) -> None:
    assert refusal_of(school, template_of("SA-4", school=school)).startswith("В форме нет ни одного значения.")


def test_blank_form_of_another_school_is_refused_for_the_school(school: School) -> None:
    other = make_school(territory=school.territory)

    assert refusal_of(school, template_of("SA-4", school=other)).startswith("Форма другой школы")


@pytest.mark.parametrize(
    ("blank", "words"),
    [("SA-2", "Загружена другая форма."), ("results", "Это не форма самообследования")],
)
def test_blank_form_of_another_kind_is_refused_for_the_kind(blank: str, words: str, school: School) -> None:
    assert refusal_of(school, template_of(blank, school=school)).startswith(words)


def test_blank_form_of_another_year_is_refused_for_the_year(school: School) -> None:
    blank = template_of("SA-4", school=school, period="2025")

    assert refusal_of(school, blank).startswith("Загружена форма за другой год.")


def test_same_file_twice_is_refused_and_nothing_is_kept(school: School) -> None:
    data = staff_book(school)
    applied(school, data)

    with pytest.raises(FormRefused, match="Этот файл уже загружен"):
        hand_in(school, data)

    assert ImportBatch.objects.count() == 1


def test_good_rows_are_taken_without_the_bad_ones(school: School) -> None:
    data = filled(staff_book(school), {("Химия", "Учителей"): "две"})
    form = hand_in(school, data)
    run(job_kinds.CHECK, form)

    assert run(job_kinds.APPLY, form).state == JobState.FAILED
    assert run(job_kinds.APPLY, form, only_good=True).state == JobState.READY
    assert SchoolStatistic.objects.count() == 1


def test_stale_preview_is_checked_again(school: School) -> None:
    form = hand_in(school, staff_book(school))
    run(job_kinds.CHECK, form)
    file = form.batch.files.get()
    SchoolStatistic.objects.create(
        school=school, form="SA-4", year=2026, item="teachers", section="FI", value=9, file=file, row=1
    )

    job = run(job_kinds.APPLY, form)

    assert job.state == JobState.FAILED
    assert "Проверка уже выполнена заново." in job.error_text
    assert fresh(form).state == FormState.CHECKED


def test_internal_works_of_the_school_are_written(school: School) -> None:
    row = {"E2": "Входной мониторинг", "F2": 2026, "G2": "осень", "H2": "Математика", "I2": 5, "L2": 10}
    row |= {"M2": 1, "N2": 4, "O2": 3, "P2": 2}
    data = put_cells(template_of("SA-5", school=school), "Результаты", row)

    form = applied(school, data, code=SchoolFormCode.INTERNAL_WORKS)

    assert form.state == FormState.HANDED_IN
    assert [(r.procedure, r.mark2) for r in school.results.all()] == [("ENTRY", 1)]


# Rights


@pytest.mark.parametrize("role", [Role.MUNICIPAL_COORDINATOR, Role.METHODIST, Role.CURATOR, Role.OBSERVER])
def test_nobody_but_the_school_hands_its_forms_in(role: Role, school: School) -> None:
    with pytest.raises(PermissionDenied):
        hand_in(school, staff_book(school), by=make_actor(role, school))


def test_neighbour_hands_nothing_in(school: School) -> None:
    with pytest.raises(PermissionDenied):
        hand_in(school, staff_book(school), by=admin_of(make_school(territory=school.territory)))


def test_school_decides_nothing(school: School) -> None:
    form = applied(school)

    with pytest.raises(PermissionDenied):
        decide(form, FormDecision.ACCEPTED, by=form.uploaded_by)


def test_methodist_of_another_territory_decides_nothing(school: School) -> None:
    with pytest.raises(PermissionDenied):
        decide(applied(school), FormDecision.ACCEPTED, by=make_actor(Role.METHODIST, make_school()))


def test_job_of_a_person_who_lost_the_role_fails(school: School) -> None:
    form = hand_in(school, staff_book(school))
    run(job_kinds.CHECK, form)
    form.uploaded_by.memberships.all().delete()

    assert run(job_kinds.APPLY, form).state == JobState.FAILED
    assert not SchoolStatistic.objects.exists()


# Decisions


@pytest.mark.parametrize("decision", list(FormDecision))
def test_form_that_is_not_handed_in_is_not_decided(decision: FormDecision, school: School) -> None:
    form = hand_in(school, staff_book(school))

    with pytest.raises(FormUndecided, match="Загружена, проверяется"):
        decide(form, decision, "Замечание")


def test_form_is_returned_with_a_remark_only(school: School) -> None:
    with pytest.raises(FormUndecided, match="Напишите, что исправить"):
        decide(applied(school), FormDecision.RETURNED, "  ")


def test_decisions_leave_audit_events(school: School) -> None:
    form = decide(applied(school), FormDecision.RETURNED, "Уточните")
    decide(form, FormDecision.ACCEPTED)

    codes = AuditEvent.objects.order_by("pk").values_list("code", flat=True)
    assert list(codes)[-2:] == [AuditCode.FORM_RETURNED, AuditCode.FORM_ACCEPTED]
    assert fresh(form).remark == ""


# The table


def make_form(school: School, **fields: Any) -> SchoolForm:
    user = admin_of(school)
    batch = ImportBatch.objects.create(territory=school.territory, school=school, created_by=user, created_at=AT)
    known = {"school": school, "form": "SA-4", "year": 2026, "batch": batch, "uploaded_by": user, "uploaded_at": AT}
    return SchoolForm.objects.create(**{**known, **fields})


def test_form_is_one_a_year(school: School) -> None:
    make_form(school)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_form(school)


@pytest.mark.parametrize("fields", [{"decision": "accepted"}, {"decided_at": AT}])
def test_decision_has_who_and_when(fields: dict[str, Any], school: School) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_form(school, **fields)


def test_return_without_a_remark_is_refused_by_the_database(school: School) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_form(school, decision="returned", decided_by=admin_of(school), decided_at=AT)


def test_form_is_seen_by_its_school_and_its_territory(school: School) -> None:
    form = make_form(school)
    people = (
        form.uploaded_by,
        make_actor(Role.METHODIST, school),
        admin_of(make_school(territory=school.territory)),
        make_actor(Role.METHODIST, make_school()),
    )

    assert [SchoolForm.objects.visible_to(user).count() for user in people] == [1, 1, 0, 0]
    assert [SchoolForm.objects.fillable_by(user).count() for user in people] == [1, 0, 0, 0]
    assert str(form) == f"Кадры, 2026: {school.name}"


# Lists


def test_lines_show_every_form_of_every_school(school: School) -> None:
    form = make_form(school)
    other = make_school(territory=school.territory)

    lines = lines_of([school, other], 2026)

    assert [[one.state for one in line.forms] for line in lines] == [[None, None, FormState.UPLOADED, None], [None] * 4]
    assert [one.code for one in lines[0].forms] == list(SchoolFormCode)
    assert lines[0].forms[2].form == form
    assert (lines[1].forms[2].pill, lines[1].forms[2].state_title) == ("no", "Не сдана")
    assert lines[0].forms[0].template_path == f"/imports/templates/SA-1/?inn={school.inn}&period=2026"


def test_forms_are_counted_when_they_stand_in_the_portal(school: School) -> None:
    form = make_form(school)
    schools = School.objects.all()
    before = handed_in(schools, 2026)[SchoolFormCode.STAFF]
    change_state(form.batch, BatchState.CHECKED)
    form.batch.applied_by, form.batch.applied_at = form.uploaded_by, LATER
    change_state(form.batch, BatchState.APPLIED)

    assert (before, handed_in(schools, 2026)[SchoolFormCode.STAFF]) == (0, 1)
    assert handed_in(schools, 2025)[SchoolFormCode.STAFF] == 0
    assert handed_in(schools.exclude(pk=school.pk), 2026)[SchoolFormCode.STAFF] == 0


def standing_form(school: School, code: SchoolFormCode) -> SchoolForm:
    form = make_form(school, form=code)
    ImportBatch.objects.filter(pk=form.batch_id).update(
        state=BatchState.APPLIED, applied_by=form.uploaded_by, applied_at=LATER
    )
    return form


def test_school_owes_until_every_form_stands_in_the_portal(school: School) -> None:
    first, *others = SchoolFormCode
    for code in others:
        standing_form(school, code)
    assert list(owing(School.objects.all(), 2026)) == [school]

    standing_form(school, first)

    assert list(owing(School.objects.all(), 2026)) == []
    assert list(owing(School.objects.all(), 2025)) == [school]


def test_lines_of_many_schools_take_one_query() -> None:
    schools = [make_form(make_school()).school for _ in range(3)]

    with CaptureQueriesContext(connection) as queries:
        titles = [one.state_title for line in lines_of(schools, 2026) for one in line.forms if one.is_handed_in]

    assert (titles, len(queries)) == ([], 1)
