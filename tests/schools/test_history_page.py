"""The history of a school in words, from its periods and reorganisations."""

from datetime import date

import pytest

from accounts.models import User
from accounts.permissions import Role
from schools.actions.registry import change_school, set_status
from schools.actions.reorganisation import make_branch, merge_schools
from schools.choices import ListState, SchoolStatus
from schools.history_page import DetailChange, HistoryEntry, former_names, history_context
from schools.models import School, SchoolList, SchoolPeriod
from schools.registry_warnings import standing_on
from tests.factories.lists import make_list
from tests.factories.registry import AT, NEW, OLD, SEPTEMBER, make_basis, make_keeper, make_renamed, rename
from tests.factories.schools import make_school, make_user

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)


def history(school: School, user: User | None = None) -> list[HistoryEntry]:
    entries: list[HistoryEntry] = history_context(school, user or make_keeper(school))["history"]
    return entries


def change(title: str, before: str, after: str) -> DetailChange:
    return DetailChange(title=title, before=before, after=after)


def test_school_that_never_changed_has_its_first_entry_alone() -> None:
    (entry,) = history(make_school(name=OLD))

    assert (entry.day, entry.title) == (None, "Школа внесена в реестр")
    assert entry.changes == (change("краткое название", "", OLD),)


def test_changes_are_told_newest_first_with_what_was_and_is() -> None:
    school = make_renamed(gia_code="")
    rename(school, NEW, OCTOBER, kind="гимназия", gia_code="001005")

    latest, renamed, first = history(school)

    assert (latest.day, renamed.day, first.day) == (OCTOBER, SEPTEMBER, None)
    assert latest.changes == (change("вид", "средняя школа", "гимназия"), change("код ГИА", "", "001005"))
    assert renamed.changes == (change("краткое название", OLD, NEW),)


def test_basis_of_a_change_is_told() -> None:
    school = make_school()
    basis, keeper = make_basis(school.territory), make_keeper(school)

    change_school(school=school, changes={"name": NEW}, on=SEPTEMBER, by=keeper, at=AT, basis=basis)

    assert history(school)[0].basis == "постановление администрации округа от 20.06.2026 №\u00a0310"


def test_closing_is_told_by_its_states() -> None:
    school = make_school()
    set_status(school=school, status=SchoolStatus.CLOSED, on=SEPTEMBER, by=make_keeper(school), at=AT)

    assert history(school)[0].changes == (change("состояние", "действует", "ликвидирована"),)


def test_head_school_is_told_of_a_branch() -> None:
    head = make_school(name="Головная")
    school = make_school(territory=head.territory)
    make_branch(school=school, parent=head, on=SEPTEMBER, by=make_keeper(head), at=AT)

    told = history(School.objects.get(pk=school.pk))[0].changes

    assert change("головная школа", "", "Головная") in told


def test_both_sides_of_a_merger_lead_to_each_other() -> None:
    school = make_school(name=OLD)
    heir = make_school(name="Гимназия", territory=school.territory)
    keeper = make_keeper(school)
    merge_schools(predecessors=[school], successor=heir, on=SEPTEMBER, by=keeper, at=AT)

    ended, succeeded = history(school, keeper)[0], history(heir, keeper)[0]

    assert (ended.title, ended.school) == ("Присоединена к школе", heir)
    assert (succeeded.title, succeeded.school) == ("Присоединена школа", school)
    assert ended.is_linked
    assert succeeded.is_linked


def test_school_beyond_the_reach_is_named_without_a_link() -> None:
    school = make_school()
    heir = make_school(territory=school.territory)
    merge_schools(predecessors=[school], successor=heir, on=SEPTEMBER, by=make_keeper(school), at=AT)

    entry = history(school, make_user(role=Role.SCHOOL_ADMIN, school=school))[0]

    assert (entry.school, entry.is_linked) == (heir, False)


def test_former_names_are_told_once_without_the_present_one() -> None:
    school = make_renamed()
    rename(school, "МБОУ «Школа»", OCTOBER)
    rename(school, NEW, date(2026, 10, 2))
    rename(school, NEW, date(2026, 10, 3), kind="гимназия")

    periods = list(SchoolPeriod.objects.filter(school=school).oldest_first())

    assert former_names(periods) == ["МБОУ «Школа»", OLD]


@pytest.mark.parametrize(
    ("role", "acts"),
    [
        (Role.MUNICIPAL_COORDINATOR, ["details", "former", "status", "merge", "new-entity", "branch", "join"]),
        (Role.METHODIST, []),
    ],
)
def test_acts_are_offered_to_the_keeper_alone(role: Role, acts: list[str]) -> None:
    school = make_school()

    context = history_context(school, make_user(role=role, territory=school.territory))

    assert [link.act for link in context["registry_links"]] == acts


def test_branch_opens_no_branches_and_an_ended_school_offers_its_past() -> None:
    head = make_school()
    branch, ended = make_school(parent=head, inn="", territory=head.territory), make_school(status="closed")

    offered = {link.act for link in history_context(branch, make_keeper(branch))["registry_links"]}

    assert "branch" not in offered
    assert [link.act for link in history_context(ended, make_keeper(ended))["registry_links"]] == ["former"]


def test_lists_with_a_school_are_named_by_their_state() -> None:
    school = make_school()
    make_list([school], year=2025)
    make_list([school], year=2026, state=ListState.DRAFT)
    cancelled = make_list([school], year=2024, state=ListState.DRAFT)
    SchoolList.objects.filter(pk=cancelled.pk).update(state=ListState.CANCELLED)

    draft, published = standing_on(school)

    assert "по результатам 2026 года», он ещё не опубликован. Проверьте его состав." in draft
    assert "по результатам 2025 года». Он опубликован и останется с прежним названием." in published
