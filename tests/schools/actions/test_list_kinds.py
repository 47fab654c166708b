"""Lists of the risk group, of markers, of high results and of hard conditions, drafted from their runs."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from accounts.choices import AuditCode
from accounts.models import AuditEvent, Notice, User
from accounts.permissions import Role
from accounts.russian import NBSP
from schools.actions.identification import decide
from schools.actions.lists import approve_list, cancel_list, draft_list, draft_social_list, publish_list
from schools.actions.social import run_social_index
from schools.choices import Decision, DecisionReason, ListKind, ListState
from schools.errors import DecisionsClosed, FrozenRow, ListAlreadyPublished, WrongListState
from schools.list_corrections import corrected_schools
from schools.list_file import list_workbook
from schools.models import IdentificationRun, SchoolList, SchoolVerdict, SocialIndexRun, Territory
from tests.factories import social
from tests.factories.lists import (
    AT,
    REASON,
    make_draft,
    make_high_school,
    make_low_school,
    make_marked_school,
    make_near_school,
    make_order,
    make_published_list,
    make_quiet_school,
    make_run,
    make_run_of_kinds,
    publish_kind,
)
from tests.factories.schools import make_result, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db

SCHOOL_OF: dict[ListKind, str] = {
    ListKind.RISK_GROUP: "Близкая",
    ListKind.BIAS_MARKERS: "С признаком",
    ListKind.HIGH_RESULTS: "Высокая",
}
KINDS = list(SCHOOL_OF)


@pytest.fixture
def territory() -> Territory:
    return make_territory(name="Заречный округ")


@pytest.fixture
def coordinator() -> User:
    return make_user()


@pytest.fixture
def run(territory: Territory) -> IdentificationRun:
    """A run with a school for each kind; nobody has decided on the low one."""
    make_low_school(territory=territory, name="Низкая")
    make_near_school(territory=territory, name="Близкая")
    make_marked_school(territory=territory, name="С признаком")
    make_high_school(territory=territory, name="Высокая")
    make_quiet_school(territory=territory, name="Обычная")
    return make_run_of_kinds(territory=territory)


@pytest.fixture
def at_risk(territory: Territory) -> IdentificationRun:
    """A run whose rule looks at one year: a low school and one near the threshold."""
    make_low_school(territory=territory, name="Низкая")
    make_near_school(territory=territory, name="Близкая")
    return make_run(territory=territory)


def names(school_list: SchoolList) -> list[str]:
    return list(school_list.items.order_by("school_name").values_list("school_name", flat=True))


def codes(school_list: SchoolList) -> set[str]:
    return {reason["code"] for item in school_list.items.all() for reason in item.reasons}


def include(run: IdentificationRun, name: str, by: User, decision: Decision = Decision.INCLUDED) -> SchoolVerdict:
    is_open = decision == Decision.WAITING
    return decide(
        verdict=run.verdicts.get(school__name=name),
        decision=decision,
        reason_code="" if is_open else DecisionReason.COMMISSION,
        text="" if is_open else REASON,
        by=by,
        at=AT,
    )


# Which schools, by which reasons


def test_risk_group_holds_its_schools_without_any_decision(at_risk: IdentificationRun, coordinator: User) -> None:
    draft = draft_list(run=at_risk, kind=ListKind.RISK_GROUP, by=coordinator, at=AT)

    (item,) = draft.items.all()
    assert (draft.state, draft.kind, draft.year) == (ListState.DRAFT, ListKind.RISK_GROUP, 2026)
    assert (item.school_name, item.included_by_decision, item.note) == ("Близкая", False, "")
    assert item.verdict == at_risk.verdicts.get(school__name="Близкая")
    (reason,) = item.reasons
    assert reason["printed"].replace(NBSP, " ") == "RISK:ВПР-РУ-5 2026 11/40=27,50 %"


@pytest.mark.parametrize(
    ("kind", "kept"),
    [(ListKind.BIAS_MARKERS, {"MARKER"}), (ListKind.HIGH_RESULTS, {"TREND"})],
)
def test_list_holds_the_flagged_school_with_reasons_of_its_own_kind(
    run: IdentificationRun, coordinator: User, kind: ListKind, kept: set[str]
) -> None:
    draft = draft_list(run=run, kind=kind, by=coordinator, at=AT)

    assert names(draft) == [SCHOOL_OF[kind]]
    assert codes(draft) == kept


def test_reasons_of_markers_speak_of_signs_only(run: IdentificationRun, coordinator: User) -> None:
    draft = draft_list(run=run, kind=ListKind.BIAS_MARKERS, by=coordinator, at=AT)

    texts = [reason["text"] for item in draft.items.all() for reason in item.reasons]
    assert texts
    assert all("признаки необъективности" in text for text in texts)


def test_counts_of_a_run_say_how_many_schools_each_kind_has(run: IdentificationRun) -> None:
    assert {name: run.counts[name] for name in ("risk", "marked", "high")} == {"risk": 2, "marked": 1, "high": 1}


def test_risk_group_of_three_lists_keeps_the_course_of_the_years(run: IdentificationRun, coordinator: User) -> None:
    """The low school was not low in each of the three years, so that the rule of three lists puts it here."""
    draft = draft_list(run=run, kind=ListKind.RISK_GROUP, by=coordinator, at=AT)

    assert names(draft) == ["Близкая", "Низкая"]
    low, near = (item.reasons for item in draft.items.order_by("-school_name"))
    assert [reason["code"] for reason in low] == ["TREND"]
    assert {reason["code"] for reason in near} == {"TREND", "RISK"}


def test_school_included_by_decision_is_not_in_the_risk_group(at_risk: IdentificationRun, coordinator: User) -> None:
    draft = draft_list(run=at_risk, kind=ListKind.RISK_GROUP, by=coordinator, at=AT)

    include(at_risk, "Близкая", coordinator)
    at_risk.refresh_from_db()
    after, counted = names(draft), at_risk.counts["risk"]
    include(at_risk, "Близкая", coordinator, Decision.WAITING)

    assert (after, counted) == ([], 0)
    assert names(draft) == ["Близкая"]


def test_draft_that_a_decision_emptied_is_not_approved(at_risk: IdentificationRun, coordinator: User) -> None:
    draft = draft_list(run=at_risk, kind=ListKind.RISK_GROUP, by=coordinator, at=AT)
    include(at_risk, "Близкая", coordinator)

    with pytest.raises(WrongListState, match="не попадает ни одна школа"):
        approve_list(school_list=draft, by=coordinator, at=AT)


# One draft of a kind, and of what a run offers


@pytest.mark.parametrize("kind", KINDS)
def test_second_draft_of_a_kind_is_the_same(run: IdentificationRun, coordinator: User, kind: ListKind) -> None:
    first = draft_list(run=run, kind=kind, by=coordinator, at=AT)

    assert draft_list(run=run, kind=kind, by=coordinator, at=AT) == first
    assert SchoolList.objects.count() == 1


def test_kinds_have_their_drafts_side_by_side(run: IdentificationRun, coordinator: User) -> None:
    for kind in KINDS:
        draft_list(run=run, kind=kind, by=coordinator, at=AT)
    make_draft(run, coordinator)

    assert set(run.school_lists.values_list("kind", flat=True)) == {*KINDS, ListKind.MUNICIPAL}


def test_kind_without_schools_is_refused_and_leaves_nothing(at_risk: IdentificationRun, coordinator: User) -> None:
    with pytest.raises(WrongListState, match=r"«Школы с признаками необъективных результатов .* ни одна школа"):
        draft_list(run=at_risk, kind=ListKind.BIAS_MARKERS, by=coordinator, at=AT)

    assert not SchoolList.objects.exists()


@pytest.mark.parametrize("kind", [ListKind.SHNSU, ListKind.FEDERAL, ListKind.REGIONAL, ListKind.MENTOR_SCHOOLS])
def test_kind_that_a_run_does_not_make_is_refused(run: IdentificationRun, coordinator: User, kind: ListKind) -> None:
    with pytest.raises(WrongListState, match="Перечень этого вида по расчёту не составить"):
        draft_list(run=run, kind=kind, by=coordinator, at=AT)


def test_cancelled_draft_makes_room_for_another(at_risk: IdentificationRun, coordinator: User) -> None:
    first = draft_list(run=at_risk, kind=ListKind.RISK_GROUP, by=coordinator, at=AT)
    cancel_list(school_list=first, order=None, by=coordinator, at=AT)

    assert draft_list(run=at_risk, kind=ListKind.RISK_GROUP, by=coordinator, at=AT) != first


# To the order


@pytest.mark.parametrize("kind", KINDS)
def test_list_of_every_kind_goes_the_whole_way(run: IdentificationRun, coordinator: User, kind: ListKind) -> None:
    published = publish_kind(run, kind, coordinator)

    steps = AuditEvent.objects.filter(object_id=str(published.pk)).order_by("pk").values_list("code", flat=True)
    assert (published.state, published.is_intact()) == (ListState.PUBLISHED, True)
    assert list(steps) == [AuditCode.LIST_CREATED, AuditCode.LIST_APPROVED, AuditCode.LIST_PUBLISHED]
    with pytest.raises(FrozenRow):
        published.items.update(school_name="Другая")


@pytest.mark.parametrize("kind", KINDS)
def test_second_list_of_a_kind_and_year_waits_for_an_order(
    run: IdentificationRun, coordinator: User, kind: ListKind
) -> None:
    publish_kind(run, kind, coordinator)
    again = make_run_of_kinds(territory=run.territory)

    with pytest.raises(ListAlreadyPublished):
        draft_list(run=again, kind=kind, by=coordinator, at=AT)


@pytest.mark.parametrize("kind", KINDS)
def test_published_kind_is_the_same_bytes_after_its_schools_changed(run: IdentificationRun, kind: ListKind) -> None:
    published = publish_kind(run, kind)
    before = list_workbook(SchoolList.objects.for_page().get(pk=published.pk))

    school = published.items.all()[0].school
    school.name = "Переименованная"
    school.save()
    school.results.all().delete()

    assert list_workbook(SchoolList.objects.for_page().get(pk=published.pk)) == before


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (ListKind.RISK_GROUP, "с выводом правила «Группа риска», кроме включённых решением"),
        (ListKind.BIAS_MARKERS, "Признак — повод для анализа, а не вывод о школе"),
        (ListKind.HIGH_RESULTS, "к стабильно высоким во все его годы"),
    ],
)
def test_file_says_what_the_list_is_made_of(run: IdentificationRun, kind: ListKind, words: str) -> None:
    published = publish_kind(run, kind)

    sheet = load_workbook(BytesIO(list_workbook(published))).active
    assert sheet is not None
    assert words in " ".join(str(sheet.cell(row, 1).value) for row in range(1, 6))


def test_published_risk_group_closes_no_decision(at_risk: IdentificationRun, coordinator: User) -> None:
    published = publish_kind(at_risk, ListKind.RISK_GROUP, coordinator)

    include(at_risk, "Близкая", coordinator)

    assert names(published) == ["Близкая"]
    assert published.is_intact()
    make_published_list(at_risk, coordinator)
    with pytest.raises(DecisionsClosed):
        include(at_risk, "Близкая", coordinator, Decision.WAITING)


def test_corrected_data_of_a_risk_group_say_nothing_of_low_results(at_risk: IdentificationRun) -> None:
    published = publish_kind(at_risk, ListKind.RISK_GROUP)
    published.items.get().school.results.update(mark2=0, mark3=31)

    (corrected,) = corrected_schools(SchoolList.objects.for_page().get(pk=published.pk))

    assert corrected.is_named is None
    assert "11 из 40" in corrected.lines[0]


# What a school sees of it


def seen(user: User, run: IdentificationRun) -> list[str]:
    return list(SchoolVerdict.objects.visible_to(user).filter(run=run).values_list("school__name", flat=True))


def director_of(run: IdentificationRun, name: str) -> User:
    return make_user(role=Role.SCHOOL_ADMIN, school=run.verdicts.get(school__name=name).school)


def test_published_risk_group_shows_its_schools_why_and_nobody_else(at_risk: IdentificationRun) -> None:
    near, low = director_of(at_risk, "Близкая"), director_of(at_risk, "Низкая")

    publish_kind(at_risk, ListKind.RISK_GROUP)

    notice = Notice.objects.get()
    assert seen(near, at_risk) == ["Близкая"]
    assert seen(low, at_risk) == []  # nobody has decided on it yet
    assert (notice.user, notice.url) == (near, at_risk.verdicts.get(school__name="Близкая").get_absolute_url())
    assert notice.text.endswith("Посмотрите, почему.")


@pytest.mark.parametrize("kind", [ListKind.BIAS_MARKERS, ListKind.HIGH_RESULTS])
def test_other_kinds_show_no_verdict_that_waits_for_a_decision(run: IdentificationRun, kind: ListKind) -> None:
    director = director_of(run, SCHOOL_OF[kind])

    published = publish_kind(run, kind)

    assert seen(director, run) == []
    assert published.items.get().why_url == ""
    assert Notice.objects.get(user=director).url == published.items.get().school.get_absolute_url()


def test_draft_is_no_news(at_risk: IdentificationRun, coordinator: User) -> None:
    director = director_of(at_risk, "Близкая")

    draft_list(run=at_risk, kind=ListKind.RISK_GROUP, by=coordinator, at=AT)

    assert seen(director, at_risk) == []
    assert not Notice.objects.exists()


# Hard social conditions


@pytest.fixture
def conditions(territory: Territory) -> SocialIndexRun:
    hard, plain = make_school(territory=territory, name="Трудная"), make_school(territory=territory, name="Простая")
    social.tell(hard, social.HARD, "foster")
    social.tell(plain)
    return social.make_run({hard: {}, plain: {}, make_school(territory=territory): {}}, territory=territory)


def publish_social(run: SocialIndexRun, by: User) -> SchoolList:
    approved = approve_list(school_list=draft_social_list(run=run, by=by, at=AT), by=by, at=AT)
    return publish_list(school_list=approved, order=make_order(run.territory, "77"), by=by, at=AT)


def test_social_list_holds_hard_schools_with_the_parts_of_the_index(
    conditions: SocialIndexRun, coordinator: User
) -> None:
    draft = draft_social_list(run=conditions, by=coordinator, at=AT)

    (item,) = draft.items.all()
    texts = [reason["printed"].replace(NBSP, " ") for reason in item.reasons]
    assert (draft.kind, draft.year, str(draft)) == (
        ListKind.SHNSU,
        2025,
        "Перечень ШНСУ по контингенту на 1 октября 2025 года",
    )
    assert (item.school_name, item.social_index) == ("Трудная", conditions.indices.get(school=item.school))
    assert texts[0].startswith("Индекс 19,3 при пороге 40, известно 90 % веса показателей, с недостающими")
    assert "Неполные семьи: 80 из 200 (40,00 %), вес 0,15, из 100 баллов снято 15,00." in texts
    assert "Опекаемые и приёмные: нет сведений, вес 0,1 разделён между известными." in texts
    assert len(texts) == 8


def test_social_list_goes_the_whole_way(conditions: SocialIndexRun, coordinator: User) -> None:
    director = make_user(role=Role.SCHOOL_ADMIN, school=conditions.indices.get(school__name="Трудная").school)

    published = publish_social(conditions, coordinator)

    assert (published.state, published.is_intact()) == (ListState.PUBLISHED, True)
    assert published.sealed["rule"].startswith(str(conditions.rule))
    assert "не официальная методика" in published.sealed["made_of"]
    notice = Notice.objects.get(user=director)
    assert notice.url == conditions.indices.get(school__name="Трудная").get_absolute_url()


def test_social_run_has_one_draft(conditions: SocialIndexRun, coordinator: User) -> None:
    first = draft_social_list(run=conditions, by=coordinator, at=AT)

    assert draft_social_list(run=conditions, by=coordinator, at=AT) == first


def test_second_social_list_of_a_year_is_refused(conditions: SocialIndexRun, coordinator: User) -> None:
    publish_social(conditions, coordinator)
    again = run_social_index(rule=conditions.rule, territory=conditions.territory, year=2025, by=None, at=AT)

    with pytest.raises(ListAlreadyPublished):
        draft_social_list(run=again, by=coordinator, at=AT)


def test_social_run_without_hard_schools_makes_no_list(territory: Territory, coordinator: User) -> None:
    run = social.make_run({make_school(territory=territory): social.WORKED})

    with pytest.raises(WrongListState, match=r"Перечень ШНСУ по контингенту .* ни одна школа"):
        draft_social_list(run=run, by=coordinator, at=AT)


def with_both_runs(row: SchoolList, run: IdentificationRun) -> None:
    row.run = run


def of_another_kind(row: SchoolList, _run: IdentificationRun) -> None:
    row.kind = ListKind.FEDERAL


@pytest.mark.parametrize("spoil", [with_both_runs, of_another_kind])
def test_list_of_a_social_run_is_of_its_kind_and_of_no_other_run(
    conditions: SocialIndexRun,
    territory: Territory,
    coordinator: User,
    spoil: Callable[[SchoolList, IdentificationRun], None],
) -> None:
    draft = draft_social_list(run=conditions, by=coordinator, at=AT)
    make_result(school=make_school(territory=territory))
    spoil(draft, make_run(territory=territory))

    with pytest.raises(IntegrityError), transaction.atomic():
        draft.save()
