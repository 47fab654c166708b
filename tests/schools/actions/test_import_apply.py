"""Applying, undoing and giving up of batches."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.choices import AuditCode
from accounts.models import AuditEvent
from accounts.permissions import Role
from schools.actions.import_apply import apply_batch, reject_batch, undo_batch
from schools.actions.imports import check, receive
from schools.choices import BatchState, TerritoryLevel
from schools.importing.errors import (
    DataChanged,
    NewerDataStands,
    NothingToApply,
    RejectedRows,
    WrongBatchState,
)
from schools.importing.files import GivenFile
from schools.importing.states import outcome_counts
from schools.models import AssessmentResult, Benchmark, ImportBatch, ImportRow, School, Territory
from tests.factories.imports import AT, MARKS, ImportGround, marks_of, named
from tests.factories.schools import make_result, make_school, make_user
from tests.factories.workbooks import federal_journal, federal_marks

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


def snapshot() -> list[dict[str, object]]:
    fields = AssessmentResult._meta.concrete_fields  # noqa: SLF001  the public name of this API
    names = [field.attname for field in fields if field.name != "id"]
    return list(AssessmentResult.objects.order_by("school", "subject", "grade", "year").values(*names))


# Applying


def test_applied_row_has_the_counts_their_source_and_the_delivered_shares(ground: ImportGround) -> None:
    batch = ground.applied({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    result = ground.result(ground.first)
    assert (result.mark2, result.mark3, result.mark4, result.mark5, result.participants) == (1, 2, 30, 5, 38)
    assert result.delivered_percents == {"2": "2.63", "3": "5.26", "4": "78.95", "5": "13.16"}
    assert result.counts_derived
    assert (result.marks_file, result.marks_row) == (batch.files.get(), 10)
    assert (result.procedure, result.year, result.subject, result.grade, result.max_primary) == (
        "VPR",
        2026,
        "RU",
        4,
        38,
    )
    assert (batch.state, batch.applied_by, batch.applied_at) == (BatchState.APPLIED, ground.coordinator, AT)


def test_journal_is_added_to_the_marks(ground: ImportGround) -> None:
    journal = federal_journal({named(ground.first): (10, 25, 3)})

    ground.applied({"а.xlsx": journal, "б.xlsx": marks_of({ground.first: MARKS})})

    result = ground.result(ground.first)
    assert (result.mark2, result.lowered, result.confirmed, result.raised) == (1, 10, 25, 3)
    assert result.marks_file_id != result.journal_file_id


def test_journal_alone_knows_no_marks(ground: ImportGround) -> None:
    ground.applied({"а.xlsx": federal_journal({named(ground.first): (10, 25, 3)})})

    result = ground.result(ground.first)
    assert (result.participants, result.mark2, result.lowered) == (38, None, 10)


def test_marks_after_the_journal_keep_it(ground: ImportGround) -> None:
    ground.applied({"а.xlsx": federal_journal({named(ground.first): (10, 20, 3)})})
    ground.applied({"б.xlsx": marks_of({ground.first: MARKS})})

    result = ground.result(ground.first)
    assert (result.participants, result.mark2, result.lowered) == (38, 1, 10)


def test_reference_values_are_stored_with_the_batch(ground: ImportGround) -> None:
    ground.applied({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    benchmark = Benchmark.objects.get()
    assert (benchmark.sample, benchmark.subject, benchmark.schools) == ("Вся выборка", "RU", 35589)
    assert benchmark.percents["2"] == "5.06"


def test_preview_is_what_is_done(ground: ImportGround) -> None:
    make_result(school=ground.second, grade=4, marks=(0, 0, 1, 1))
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS, ground.second: MARKS})})
    before = AssessmentResult.objects.count()

    apply_batch(batch=batch, by=ground.coordinator, at=AT)

    assert AssessmentResult.objects.count() == before + 1
    event = AuditEvent.objects.get(code=AuditCode.IMPORT_APPLIED)
    assert event.meta["totals"] == {"new": 1, "changed": 1, "same": 0, "rejected": 0}


def test_data_changed_since_the_preview_stop_everything(ground: ImportGround) -> None:
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS, ground.second: MARKS})})
    make_result(school=ground.second, grade=4, marks=(4, 0, 0, 0))

    with pytest.raises(DataChanged, match="изменились после проверки"):
        apply_batch(batch=batch, by=ground.coordinator, at=AT)

    assert AssessmentResult.objects.count() == 1
    assert ImportBatch.objects.get().state == BatchState.CHECKED


def test_rejected_rows_stop_a_batch_unless_the_good_ones_are_asked_for(ground: ImportGround) -> None:
    data = federal_marks({named(ground.first): MARKS, "МБОУ «Никакая СОШ» (edu999999)": MARKS})
    batch = ground.checked({"а.xlsx": data, "б.xlsx": b"text"})

    with pytest.raises(RejectedRows, match=r"Не приняты: 1.строка и 1.файл"):
        apply_batch(batch=batch, by=ground.coordinator, at=AT)
    assert not AssessmentResult.objects.exists()

    apply_batch(batch=batch, by=ground.coordinator, at=AT, only_good=True)
    assert AssessmentResult.objects.count() == 1


def test_batch_without_good_rows_is_not_applied(ground: ImportGround) -> None:
    batch = ground.checked({"а.xlsx": federal_marks({"МБОУ «Никакая СОШ» (edu999999)": MARKS})})

    with pytest.raises(NothingToApply):
        apply_batch(batch=batch, by=ground.coordinator, at=AT, only_good=True)


def test_batch_is_applied_once(ground: ImportGround) -> None:
    batch = ground.applied({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    with pytest.raises(WrongBatchState, match="Обновите страницу"):
        apply_batch(batch=batch, by=ground.coordinator, at=AT)


@pytest.mark.parametrize("role", [Role.METHODIST, Role.OBSERVER, Role.SCHOOL_ADMIN])
def test_person_without_the_right_changes_nothing(ground: ImportGround, role: Role) -> None:
    person = make_user(role=role, territory=ground.territory)
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    for act in (apply_batch, undo_batch):
        with pytest.raises(PermissionDenied):
            act(batch=batch, by=person, at=AT)
    with pytest.raises(PermissionDenied):
        reject_batch(batch=batch, by=person)


def test_applying_costs_the_same_for_one_school_and_for_forty(
    ground: ImportGround,
    django_assert_max_num_queries: object,
) -> None:
    schools = [make_school(territory=ground.territory) for _ in range(40)]
    batch = ground.checked({"Ф3.xlsx": marks_of(dict.fromkeys(schools, MARKS))})

    with django_assert_max_num_queries(30):  # type: ignore[operator]
        apply_batch(batch=batch, by=ground.coordinator, at=AT)


# Undoing


def test_undone_batch_leaves_everything_as_it_was(ground: ImportGround) -> None:
    make_result(school=ground.second, grade=4, marks=(0, 0, 1, 1), lowered=1, confirmed=1, raised=0)
    before = snapshot()
    journal = federal_journal({named(ground.first): (10, 25, 3), named(ground.second): (10, 25, 3)})
    batch = ground.applied({"а.xlsx": journal, "б.xlsx": marks_of({ground.first: MARKS, ground.second: MARKS})})
    assert snapshot() != before

    batch = undo_batch(batch=batch, by=ground.coordinator, at=LATER)

    assert snapshot() == before
    assert (batch.state, batch.undone_by, batch.undone_at) == (BatchState.UNDONE, ground.coordinator, LATER)
    assert not Benchmark.objects.exists()
    assert AuditEvent.objects.filter(code=AuditCode.IMPORT_UNDONE).count() == 1


counts = st.tuples(*[st.integers(0, 9)] * 4).filter(any)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(first=counts, second=counts)
def test_two_batches_undone_in_turn_leave_nothing(
    ground: ImportGround,
    first: tuple[int, int, int, int],
    second: tuple[int, int, int, int],
) -> None:
    one = ground.applied({"а.xlsx": marks_of({ground.first: first})})
    middle = snapshot()
    two = ground.applied({"б.xlsx": marks_of({ground.first: second, ground.second: first})})

    undo_batch(batch=two, by=ground.coordinator, at=LATER)
    assert snapshot() == middle

    undo_batch(batch=one, by=ground.coordinator, at=LATER)
    assert snapshot() == []


def test_batch_under_a_newer_one_is_not_undone_and_says_what_stands_on_it(ground: ImportGround) -> None:
    older = ground.applied({"а.xlsx": marks_of({ground.first: MARKS})})
    ground.applied({"б.xlsx": marks_of({ground.first: (2, 2, 2, 2)})})
    before = snapshot()

    with pytest.raises(NewerDataStands) as caught:
        undo_batch(batch=older, by=ground.coordinator, at=LATER)

    assert "МБОУ «СОШ № 1», ВПР 2026, Русский язык, 4 класс" in caught.value.text
    assert snapshot() == before


def test_batch_whose_rows_got_a_journal_since_is_not_undone(ground: ImportGround) -> None:
    older = ground.applied({"а.xlsx": marks_of({ground.first: MARKS})})
    ground.applied({"б.xlsx": federal_journal({named(ground.first): (10, 25, 3)})})

    with pytest.raises(NewerDataStands):
        undo_batch(batch=older, by=ground.coordinator, at=LATER)


def test_batch_whose_rows_a_later_one_confirmed_waits_for_the_later_one(ground: ImportGround) -> None:
    older = ground.applied({"а.xlsx": marks_of({ground.first: MARKS, ground.second: MARKS})})
    later = ground.applied({"б.xlsx": marks_of({ground.first: MARKS})}, at=AT + timedelta(hours=1))
    before = snapshot()

    with pytest.raises(NewerDataStands, match=rf"1.строка с тех пор подтверждена без изменений \({later}\)"):
        undo_batch(batch=older, by=ground.coordinator, at=LATER)
    assert snapshot() == before

    undo_batch(batch=later, by=ground.coordinator, at=LATER)
    assert snapshot() == before

    undo_batch(batch=older, by=ground.coordinator, at=LATER)
    assert snapshot() == []


def test_batch_of_other_fields_of_the_same_rows_confirms_nothing(ground: ImportGround) -> None:
    marks = ground.applied({"а.xlsx": marks_of({ground.first: MARKS})})
    journal = ground.applied({"б.xlsx": federal_journal({named(ground.first): (10, 25, 3)})})
    ground.applied({"в.xlsx": marks_of({ground.first: MARKS, ground.second: MARKS})}, at=AT + timedelta(hours=1))

    undo_batch(batch=journal, by=ground.coordinator, at=LATER)

    with pytest.raises(NewerDataStands, match="подтверждена без изменений"):
        undo_batch(batch=marks, by=ground.coordinator, at=LATER)


def test_many_blocked_rows_are_counted(ground: ImportGround) -> None:
    schools = [make_school(territory=ground.territory) for _ in range(5)]
    older = ground.applied({"а.xlsx": marks_of(dict.fromkeys(schools, MARKS))})
    ground.applied({"б.xlsx": marks_of(dict.fromkeys(schools, (2, 2, 2, 2)))})

    with pytest.raises(NewerDataStands, match=r"5.строк .* и ещё 2"):
        undo_batch(batch=older, by=ground.coordinator, at=LATER)


def test_batch_that_was_not_applied_is_not_undone(ground: ImportGround) -> None:
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    with pytest.raises(WrongBatchState):
        undo_batch(batch=batch, by=ground.coordinator, at=LATER)


def test_undone_file_may_come_again(ground: ImportGround) -> None:
    files = {"Ф3.xlsx": marks_of({ground.first: MARKS})}
    undo_batch(batch=ground.applied(files), by=ground.coordinator, at=LATER)

    ground.applied(files)

    assert AssessmentResult.objects.count() == 1


def test_batch_given_up_changes_nothing(ground: ImportGround) -> None:
    batch = ground.checked({"Ф3.xlsx": marks_of({ground.first: MARKS})})

    batch = reject_batch(batch=batch, by=ground.coordinator)

    assert batch.state == BatchState.REJECTED
    assert not AssessmentResult.objects.exists()
    assert AuditEvent.objects.filter(code=AuditCode.IMPORT_CANCELLED).count() == 1


# The registry

HEADER = "inn;ogrn;login;gia_code;name;kind;locality;municipality_code;municipality;students\n"
FIRST = "0000100037;;edu910003;001003;МБОУ «СОШ № 33»;СОШ;село;reg99_m001;Заозёрская область, округ 1;187\n"
SECOND = "0000100051;;edu910005;001005;МБОУ «СОШ № 55»;СОШ;город;reg99_m002;Заозёрская область, округ 2;531\n"


class RegistryGround:
    """An empty region and its coordinator."""

    def __init__(self) -> None:
        self.region = Territory.objects.create(
            level=TerritoryLevel.REGION,
            code="reg99",
            name="Заозёрская область",
            name_genitive="Заозёрской области",
            name_prepositional="Заозёрской области",
            authority="Министерство",
            authority_genitive="министерства",
        )
        self.coordinator = make_user(role=Role.REGIONAL_COORDINATOR, territory=self.region)

    def checked(self, *lines: str, header: str = HEADER) -> ImportBatch:
        files = [GivenFile(name="schools.csv", data=(header + "".join(lines)).encode())]
        batch = receive(files=files, by=self.coordinator, territory=self.region, at=AT)
        return check(batch=batch, at=AT)

    def applied(self, *lines: str, only_good: bool = False) -> ImportBatch:
        return apply_batch(batch=self.checked(*lines), by=self.coordinator, at=AT, only_good=only_good)

    def problems(self, *lines: str) -> list[str]:
        return [problem["text"] for file in self.checked(*lines).files.all() for problem in file.problems]


@pytest.fixture
def region() -> RegistryGround:
    return RegistryGround()


def test_registry_makes_schools_and_missing_territories(region: RegistryGround) -> None:
    region.applied(FIRST, SECOND)

    school = School.objects.get(inn="0000100037")
    assert (school.name, school.login, school.students) == ("МБОУ «СОШ № 33»", "edu910003", 187)
    assert school.name_folded == "мбоу «сош № 33»"
    assert (school.territory.code, school.territory.parent) == ("reg99_m001", region.region)
    assert school.territory.name_genitive == "Заозёрской области, округа 1"
    assert school.history.count() == 1
    assert Territory.objects.filter(level=TerritoryLevel.MUNICIPALITY).count() == 2


def test_registry_changes_a_known_school_and_keeps_its_history(region: RegistryGround) -> None:
    region.applied(FIRST)

    region.applied(FIRST.replace("187", "200").replace("001003", ""))

    school = School.objects.get(inn="0000100037")
    assert (school.students, school.gia_code) == (200, "001003")
    assert school.history.count() == 2


def test_same_registry_changes_nothing(region: RegistryGround) -> None:
    region.applied(FIRST)
    batch = region.checked(FIRST + "\n")

    assert batch.files.get().rows.get().outcome == "same"


def test_undone_registry_takes_its_schools_and_territories_back(region: RegistryGround) -> None:
    region.applied(FIRST)
    batch = region.applied(FIRST.replace("187", "200"), SECOND)

    undo_batch(batch=batch, by=region.coordinator, at=LATER)

    assert list(School.objects.values_list("inn", "students")) == [("0000100037", 187)]
    assert list(Territory.objects.filter(parent=region.region).values_list("code", flat=True)) == ["reg99_m001"]


def test_school_with_results_is_not_taken_back(region: RegistryGround) -> None:
    batch = region.applied(FIRST)
    make_result(school=School.objects.get())

    with pytest.raises(NewerDataStands, match="СОШ № 33"):
        undo_batch(batch=batch, by=region.coordinator, at=LATER)

    assert School.objects.count() == 1


def test_school_that_only_batches_that_are_over_name_is_taken_back(region: RegistryGround) -> None:
    batch = region.applied(FIRST)
    school = School.objects.get()
    results = receive(
        files=[GivenFile(name="Ф3.xlsx", data=marks_of({school: (1, 2, 30, 5)}))],
        by=region.coordinator,
        territory=region.region,
        at=AT,
    )
    results = apply_batch(batch=check(batch=results, at=AT), by=region.coordinator, at=AT)
    undo_batch(batch=results, by=region.coordinator, at=LATER)

    undo_batch(batch=batch, by=region.coordinator, at=LATER)

    assert not School.objects.exists()
    [row] = ImportRow.objects.filter(file__batch=results)
    assert (row.school, row.label) == (None, school.name)


def test_school_that_a_waiting_batch_names_is_not_taken_back(region: RegistryGround) -> None:
    batch = region.applied(FIRST)
    data = marks_of({School.objects.get(): (1, 2, 30, 5)})
    given = [GivenFile(name="Ф3.xlsx", data=data)]
    check(batch=receive(files=given, by=region.coordinator, territory=region.region, at=AT), at=AT)

    with pytest.raises(NewerDataStands, match=r"СОШ № 33» \(строка загрузки\)"):
        undo_batch(batch=batch, by=region.coordinator, at=LATER)


def test_school_changed_since_is_not_taken_back(region: RegistryGround) -> None:
    batch = region.applied(FIRST)
    School.objects.update(students=1)

    with pytest.raises(NewerDataStands, match="1 школа с тех пор изменена"):
        undo_batch(batch=batch, by=region.coordinator, at=LATER)


def test_login_of_another_school_is_a_problem(region: RegistryGround) -> None:
    assert "логин edu910003 уже записан" in region.problems(FIRST, SECOND.replace("edu910005", "edu910003"))[0]


def test_name_of_another_school_in_the_municipality_is_a_problem(region: RegistryGround) -> None:
    twin = SECOND.replace("СОШ № 55", "СОШ № 33").replace("m002", "m001")

    assert "у неё другой ИНН" in region.problems(FIRST, twin)[0]


RENAMED = SECOND.replace("СОШ № 55", "СОШ № 33").replace("m002", "m001").replace("edu910005", "edu910003")


@pytest.mark.parametrize("rows", [(0, 1), (1, 0)])
def test_names_and_logins_pass_from_one_school_to_another(region: RegistryGround, rows: tuple[int, int]) -> None:
    region.applied(FIRST, SECOND.replace("m002", "m001"))
    before = list(School.objects.order_by("inn").values_list("inn", "name", "login"))
    swapped = (FIRST.replace("СОШ № 33", "СОШ № 55").replace("edu910003", "edu910005"), RENAMED)

    batch = region.applied(*(swapped[number] for number in rows))

    after = list(School.objects.order_by("inn").values_list("inn", "name", "login"))
    assert after == [(before[0][0], *before[1][1:]), (before[1][0], *before[0][1:])]
    assert {school.history.count() for school in School.objects.all()} == {2}
    undo_batch(batch=batch, by=region.coordinator, at=LATER)
    assert list(School.objects.order_by("inn").values_list("inn", "name", "login")) == before


def test_new_school_takes_the_name_that_another_gives_up(region: RegistryGround) -> None:
    region.applied(FIRST)
    moved = FIRST.replace("СОШ № 33", "СОШ № 34").replace("edu910003", "edu910004")

    batch = region.applied(RENAMED, moved)

    assert set(School.objects.values_list("inn", "name")) == {
        ("0000100037", "МБОУ «СОШ № 34»"),
        ("0000100051", "МБОУ «СОШ № 33»"),
    }
    undo_batch(batch=batch, by=region.coordinator, at=LATER)
    assert list(School.objects.values_list("inn", "name")) == [("0000100037", "МБОУ «СОШ № 33»")]


def test_name_that_a_refused_row_would_give_up_is_still_taken(region: RegistryGround) -> None:
    region.applied(FIRST, SECOND.replace("m002", "m001"))
    third = SECOND.replace("0000100051", "0000100069").replace("m002", "m001").replace("edu910005", "edu910007")

    problems = region.problems(third, RENAMED.replace("edu910003", "edu910005"))

    assert len(problems) == 2
    assert all("у неё другой ИНН" in problem for problem in problems)


def test_school_of_another_region_is_a_problem_without_its_name(region: RegistryGround) -> None:
    foreign = make_school(inn="0000100051")

    [by_code, by_school] = region.problems(
        FIRST.replace("reg99", "reg77"),
        SECOND,
    )

    assert "вне вашей территории (Заозёрская область)" in by_code
    assert "вне вашей территории (Заозёрская область)" in by_school
    assert foreign.name not in by_school


def test_municipal_coordinator_makes_no_territories(region: RegistryGround) -> None:
    region.applied(FIRST)
    territory = Territory.objects.get(code="reg99_m001")
    person = make_user(role=Role.MUNICIPAL_COORDINATOR, territory=territory)
    files = [GivenFile(name="schools.csv", data=(HEADER + SECOND).encode())]

    batch = check(batch=receive(files=files, by=person, territory=territory, at=AT), at=AT)

    assert outcome_counts(batch) == {"new": 0, "changed": 0, "same": 0, "rejected": 1}
    assert batch.files.get().problems[0]["code"] == "foreign_territory"
