from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.choices import AuditCode
from accounts.models import AuditEvent, User
from riskprofiles.choices import ProfileState
from roadmaps.actions import editing, planning, versions
from roadmaps.actions.editing import CellConflict
from roadmaps.cells import CELLS
from roadmaps.choices import EvidenceKind, MeasureStatus, RevisionReason, RoadmapState
from roadmaps.errors import CellRefused, NothingToUndo, RoadmapFrozen, UndoRefused
from roadmaps.models import Measure
from tests.factories.riskprofiles import make_profile
from tests.factories.roadmaps import AT, make_measure, make_roadmap, make_running, measure_of
from tests.factories.schools import make_user

pytestmark = pytest.mark.django_db


def save(measure: Measure, cell: str, text: str, *, seen: int = 1, by: User | None = None) -> Measure:
    return editing.save_cell(measure=measure, cell=CELLS[cell], text=text, seen=seen, by=by or make_user())


def undo(measure: Measure, by: User, *, later: timedelta = timedelta()) -> str:
    at: datetime = timezone.now() + later
    return editing.undo_last(roadmap=measure.roadmap, by=by, at=at)


def test_save_cell_writes_version_history_and_audit() -> None:
    measure, user = make_measure(), make_user()

    saved = save(measure, "responsible", "Громова И. В.", by=user)

    assert (saved.responsible, saved.version) == ("Громова И. В.", 2)
    assert [record.history_user for record in measure.history.filter(version=2)] == [user]
    assert AuditEvent.objects.filter(code=AuditCode.ROADMAP_EDITED, actor=user).count() == 1


def test_save_cell_with_the_same_text_writes_nothing() -> None:
    measure = make_measure(responsible="Лапина Н. С.")

    assert save(measure, "responsible", "  Лапина Н. С. ").version == 1


def test_save_cell_merges_changes_of_other_cells() -> None:
    measure = make_measure()
    save(measure, "title", "Новое название")

    merged = save(measure, "term", "25.12.2026", seen=1)

    assert (merged.title, merged.version) == ("Новое название", 3)


def test_save_cell_shows_the_conflict_and_saves_nothing() -> None:
    measure, colleague = make_measure(term="01.12.2026"), make_user()
    save(measure, "term", "25.12.2026", by=colleague)

    with pytest.raises(CellConflict) as conflict:
        save(measure, "term", "15.12.2026", seen=1)

    assert (conflict.value.mine, conflict.value.theirs) == ("15.12.2026", "25.12.2026")
    assert conflict.value.who == colleague
    assert str(conflict.value) == "Срок 1.1 изменили, пока вы редактировали."
    measure.refresh_from_db()
    assert measure.timing + str(measure.due_date) == "2026-12-25"


def test_save_cell_of_the_same_value_as_the_colleague_is_no_conflict() -> None:
    measure = make_measure()
    save(measure, "term", "25.12.2026")

    assert save(measure, "term", "25.12", seen=1).version == 2


def test_save_cell_after_own_change_is_no_conflict() -> None:
    measure, user = make_measure(), make_user()
    save(measure, "term", "25.12.2026", by=user)

    assert save(measure, "term", "15.12.2026", seen=1, by=user).version == 3


def test_save_cell_answers_a_conflict_with_the_current_version() -> None:
    measure = make_measure()
    save(measure, "term", "25.12.2026")
    user = make_user()

    for text in ("15.12.2026", "15.12.2026"):
        editing.save_cell(measure=measure, cell=CELLS["term"], text=text, seen=2, by=user, chosen=True)

    events = AuditEvent.objects.filter(code=AuditCode.CONFLICT_RESOLVED).order_by("pk")
    assert [event.meta["side"] for event in events] == ["mine", "theirs"]


def test_save_cell_when_the_history_is_gone_is_a_conflict() -> None:
    measure = make_measure()
    save(measure, "term", "25.12.2026")
    measure.history.filter(version=1).delete()

    with pytest.raises(CellConflict):
        save(measure, "term", "15.12.2026", seen=1)


@pytest.mark.parametrize("state", [RoadmapState.AGREEMENT, RoadmapState.APPROVED, RoadmapState.IN_EXECUTION])
def test_save_cell_of_a_fixed_version_is_refused(state: RoadmapState) -> None:
    measure = measure_of(make_roadmap(state=state))

    with pytest.raises(RoadmapFrozen):
        save(measure, "title", "Другое")


def test_save_cell_says_what_the_database_would_refuse() -> None:
    measure = make_measure()
    Measure.objects.filter(pk=measure.pk).update(status=MeasureStatus.DONE, done_on="2026-03-01")

    with pytest.raises(CellRefused, match="Приложите подтверждение"):
        save(measure, "evidence_kind", EvidenceKind.ORDER)


def test_undo_last_takes_back_a_cell() -> None:
    measure, user = make_measure(responsible="Лапина Н. С."), make_user()
    save(measure, "responsible", "Громова И. В.", by=user)

    words = undo(measure, user)

    measure.refresh_from_db()
    assert (words, measure.responsible, measure.version) == ("Отменено: Ответственный, 1.1", "Лапина Н. С.", 3)


def test_undo_last_goes_back_step_by_step() -> None:
    measure, user = make_measure(title="А", responsible="Б"), make_user()
    save(measure, "title", "А1", by=user)
    save(measure, "responsible", "Б1", by=user)

    undo(measure, user)
    undo(measure, user)

    measure.refresh_from_db()
    assert (measure.title, measure.responsible) == ("А", "Б")
    with pytest.raises(NothingToUndo):
        undo(measure, user)


def test_undo_last_leaves_the_changes_of_others() -> None:
    measure = make_measure()
    save(measure, "title", "Чужое")

    with pytest.raises(NothingToUndo):
        undo(measure, make_user())


def test_undo_last_ends_after_ten_minutes() -> None:
    measure, user = make_measure(), make_user()
    save(measure, "title", "Новое", by=user)

    with pytest.raises(NothingToUndo):
        undo(measure, user, later=timedelta(minutes=11))


def test_undo_last_does_not_overwrite_a_later_change_of_another() -> None:
    measure, user = make_measure(), make_user()
    save(measure, "title", "Моё", by=user)
    save(measure, "title", "Чужое", seen=2)

    with pytest.raises(UndoRefused):
        undo(measure, user)


def test_undo_last_removes_an_added_measure() -> None:
    user = make_user()
    measure = make_measure(by=user)

    assert undo(measure, user) == "Отменено: добавление 1.1"
    assert not measure.roadmap.measures.exists()


def test_undo_last_brings_a_removed_measure_back() -> None:
    roadmap = make_roadmap(measures=2)
    first, user = measure_of(roadmap), make_user()
    planning.exclude(measure=first, reason="", by=user)

    undo(first, user)

    assert [row.number for row in roadmap.measures.in_order()] == ["1.1", "1.2"]
    assert roadmap.measures.filter(pk=first.pk).exists()


def test_undo_last_of_a_fixed_version_is_refused() -> None:
    measure = measure_of(make_running())

    with pytest.raises(RoadmapFrozen):
        undo(measure, make_user())


def test_undo_last_brings_the_factor_of_the_section_back() -> None:
    roadmap = make_roadmap(profile=make_profile(state=ProfileState.APPROVED))
    measure, user = measure_of(roadmap), make_user()
    planning.exclude(measure=measure, reason="", by=user)

    undo(measure, user)

    assert list(roadmap.measures.get(pk=measure.pk).factors.all()) == [measure.section.factor]


def test_undo_last_right_after_a_revision_finds_nothing() -> None:
    user = make_user()
    draft = versions.start_revision(roadmap=make_running(), reason=RevisionReason.DATES, by=user, at=AT)

    with pytest.raises(NothingToUndo):
        undo(measure_of(draft), user)


@pytest.mark.skipif(not settings.DATABASE_URL, reason="SQLite в памяти держит одно соединение")
@pytest.mark.django_db(transaction=True)
def test_save_cell_of_two_people_at_once_keeps_one_and_shows_the_other() -> None:
    measure, people = make_measure(), [make_user(), make_user()]
    start = Barrier(2)

    def write(person: User, text: str) -> str:
        start.wait()
        try:
            return save(Measure.objects.get(pk=measure.pk), "responsible", text, by=person).responsible
        except CellConflict as conflict:
            return f"{conflict.mine} или {conflict.theirs}"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        texts = list(pool.map(write, people, ["А", "Б"]))

    assert sorted(texts) in (["А", "Б или А"], ["А или Б", "Б"])
    assert Measure.objects.get(pk=measure.pk).version == 2
