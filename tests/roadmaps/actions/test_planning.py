import pytest

from accounts.choices import AuditCode
from accounts.models import AuditEvent
from riskprofiles.choices import ProfileState
from roadmaps.actions import planning, versions
from roadmaps.cells import CELLS
from roadmaps.choices import MeasureStatus, RevisionReason, RoadmapLevel, RoadmapState
from roadmaps.errors import CellRefused, DraftSent, ReasonMissing, RoadmapExists, RoadmapFrozen
from roadmaps.library import by_code, library
from roadmaps.models import Measure, Roadmap
from tests.factories.riskprofiles import make_profile
from tests.factories.roadmaps import AT, PERIOD, make_measure, make_roadmap, make_running, measure_of
from tests.factories.schools import make_region, make_school, make_territory, make_user

pytestmark = pytest.mark.django_db


def numbers(roadmap: Roadmap) -> list[str]:
    return [f"{row.number} {row.title}" for row in roadmap.measures.in_order()]


def test_create_roadmap_of_a_profile_has_a_section_per_activated_factor() -> None:
    profile = make_profile(state=ProfileState.APPROVED)

    roadmap = planning.create_roadmap(
        owner=profile.school, profile=profile, year_label="2026", period=PERIOD, by=make_user(), at=AT
    )

    activated = [factor.title for factor in profile.factors.activated().in_order()]
    assert [section.title for section in roadmap.sections.all()] == activated
    assert activated
    assert (roadmap.level, roadmap.title) == (RoadmapLevel.SCHOOL, "Дорожная карта на 2026 год")
    assert AuditEvent.objects.filter(code=AuditCode.ROADMAP_CREATED).count() == 1


def test_create_roadmap_twice_for_a_profile_is_refused() -> None:
    profile = make_profile(state=ProfileState.APPROVED)
    make_roadmap(profile=profile)

    with pytest.raises(RoadmapExists):
        make_roadmap(profile=profile)


def test_create_roadmap_of_a_territory_has_the_directions_of_work() -> None:
    roadmap = make_roadmap(territory=make_territory(), measures=0)

    assert roadmap.level == RoadmapLevel.MUNICIPAL
    assert [section.title for section in roadmap.sections.all()] == list(planning.TERRITORY_SECTIONS)
    assert make_roadmap(territory=make_region(), measures=0).level == RoadmapLevel.REGIONAL


def test_add_measure_takes_number_and_factor_of_its_section() -> None:
    profile = make_profile(state=ProfileState.APPROVED)
    roadmap = make_roadmap(profile=profile, measures=2)
    section = roadmap.sections.all()[1]

    rows = section.measures.in_order()

    assert [row.number for row in rows] == ["2.1", "2.2"]
    assert list(rows[0].factors.all()) == [section.factor]


def test_add_measure_from_the_library_copies_the_text() -> None:
    section = make_roadmap(measures=0).sections.all()[0]

    measure = planning.add_measure(section=section, standard=by_code("s-site"), by=make_user())

    assert measure.title == "Вести на сайте школы страницу о повышении качества образования"
    assert (measure.timing, measure.due_date, measure.evidence_kind) == ("ежемесячно", PERIOD[1], "link")
    assert measure.responsible == ""


def test_add_measure_to_a_fixed_version_is_refused() -> None:
    section = make_running().sections.all()[0]

    with pytest.raises(RoadmapFrozen):
        planning.add_measure(section=section, by=make_user())


def test_add_section_goes_to_the_end() -> None:
    roadmap = make_roadmap()

    section = planning.add_section(roadmap=roadmap, title=" Кадровое ", by=make_user())

    assert str(section) == "2. Кадровое"
    with pytest.raises(CellRefused):
        planning.add_section(roadmap=roadmap, title=" ", by=make_user())


def test_draft_that_nobody_was_asked_about_is_deleted_with_a_trace() -> None:
    roadmap = make_roadmap(measures=2)

    planning.drop_draft(roadmap=roadmap, by=make_user())

    assert not Roadmap.objects.exists()
    assert not Measure.objects.exists()
    event = AuditEvent.objects.get(code=AuditCode.ROADMAP_STATE_CHANGED)
    assert (event.object_id, event.meta["after"]) == (str(roadmap.pk), "deleted")


def test_running_roadmap_is_not_deleted() -> None:
    with pytest.raises(RoadmapFrozen):
        planning.drop_draft(roadmap=make_running(), by=make_user())


def test_draft_that_came_back_is_not_deleted() -> None:
    roadmap = make_roadmap(measures=1)
    Roadmap.objects.filter(pk=roadmap.pk).update(sent_by=make_user(), sent_at=AT)

    with pytest.raises(DraftSent, match="уже направляли"):
        planning.drop_draft(roadmap=roadmap, by=make_user())


def test_save_objective_writes_the_aim_of_a_section() -> None:
    section = make_roadmap().sections.all()[0]

    saved = planning.save_objective(section=section, objective=" С 42 % до 20 % ", by=make_user())

    assert saved.objective == "С 42 % до 20 %"


def test_set_factors_takes_only_factors_of_the_profile() -> None:
    profile = make_profile(state=ProfileState.APPROVED)
    measure = measure_of(make_roadmap(profile=profile))
    factors = list(profile.factors.activated())

    planning.set_factors(measure=measure, factors=factors, by=make_user())

    assert set(measure.factors.all()) == set(factors)
    foreign = make_profile(state=ProfileState.APPROVED).factors.activated()[0]
    with pytest.raises(CellRefused):
        planning.set_factors(measure=measure, factors=[foreign], by=make_user())


def test_exclude_removes_what_only_the_draft_holds_and_closes_the_gap() -> None:
    roadmap = make_roadmap(measures=3)
    second = roadmap.measures.in_order()[1]

    assert planning.exclude(measure=second, reason="", by=make_user()) is None
    assert [row.number for row in roadmap.measures.in_order()] == ["1.1", "1.2"]


def test_exclude_of_an_approved_measure_needs_a_reason_and_stays_visible() -> None:
    draft = versions.start_revision(roadmap=make_running(), reason=RevisionReason.DATES, by=make_user(), at=AT)
    measure = measure_of(draft)

    with pytest.raises(ReasonMissing):
        planning.exclude(measure=measure, reason=" ", by=make_user())
    excluded = planning.exclude(measure=measure, reason="Нет средств", by=make_user())

    assert excluded is not None
    assert (excluded.status, excluded.cancel_reason) == (MeasureStatus.CANCELLED, "Нет средств")
    restored = planning.restore(measure=excluded, by=make_user())
    assert (restored.status, restored.cancel_reason) == (MeasureStatus.NOT_STARTED, "")


def test_restore_of_a_measure_that_is_in_the_plan_leaves_it_as_it_is() -> None:
    measure = measure_of(make_roadmap())
    Measure.objects.filter(pk=measure.pk).update(status=MeasureStatus.IN_PROGRESS)

    assert planning.restore(measure=measure, by=make_user()).status == MeasureStatus.IN_PROGRESS
    assert AuditEvent.objects.filter(meta__change="restored").count() == 0


def test_move_swaps_neighbours_and_numbers() -> None:
    roadmap = make_roadmap(measures=0)
    section = roadmap.sections.all()[0]
    first, second = (make_measure(section=section, title=title) for title in ("А", "Б"))

    planning.move(measure=second, step=-1, by=make_user())

    assert numbers(roadmap) == ["1.1 Б", "1.2 А"]
    assert planning.move(measure=first, step=1, by=make_user()).number == "1.2"
    assert numbers(roadmap) == ["1.1 Б", "1.2 А"]


@pytest.mark.parametrize("state", [RoadmapState.AGREEMENT, RoadmapState.AGREED])
def test_plan_of_a_sent_roadmap_does_not_change(state: RoadmapState) -> None:
    measure = measure_of(make_roadmap(school=make_school(), state=state))

    with pytest.raises(RoadmapFrozen):
        planning.exclude(measure=measure, reason="Нет средств", by=make_user())
    with pytest.raises(RoadmapFrozen):
        planning.move(measure=measure, step=1, by=make_user())


@pytest.mark.parametrize(
    ("year_label", "title"),
    [("2026", "Дорожная карта на 2026 год"), ("2026/2027 учебный год", "Дорожная карта на 2026/2027 учебный год")],
)
def test_default_title_agrees_with_its_year(year_label: str, title: str) -> None:
    assert planning.default_title(year_label) == title


def test_measure_written_by_hand_takes_no_texts() -> None:
    assert planning.standard_cells(None) == {}


@pytest.mark.parametrize("code", [measure.code for measure in library()])
def test_every_standard_measure_fits_the_cells_of_a_plan(code: str) -> None:
    cells = planning.standard_cells(by_code(code))
    measure = Measure(roadmap=Roadmap(period_from=PERIOD[0], period_to=PERIOD[1]))

    assert cells["title"]
    assert all(CELLS[name].parse(text, measure) is not None for name, text in cells.items() if text)


@pytest.mark.parametrize("step", [-1, 1])
def test_move_beyond_the_edge_changes_nothing(step: int) -> None:
    roadmap = make_roadmap(measures=1)
    before = numbers(roadmap)

    planning.move(measure=measure_of(roadmap), step=step, by=make_user())

    assert numbers(roadmap) == before
    assert not AuditEvent.objects.filter(meta__change="moved").exists()
