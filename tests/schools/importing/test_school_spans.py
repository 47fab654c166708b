"""What files change in the past of schools, and whom they mean in it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from schools.actions.import_apply import apply_batch, undo_batch
from schools.actions.imports import check, receive
from schools.actions.registry import change_school, withdraw_change
from schools.actions.reorganisation import merge_schools, open_branch, register_anew
from schools.choices import RowOutcome
from schools.errors import ChangeRefused
from schools.importing.errors import NewerDataStands
from schools.importing.files import GivenFile
from schools.intake.layouts import portal_schools
from schools.intake.parse import parse_file
from schools.intake.rows import SchoolRow
from schools.intake.templates_out import registry_template
from schools.models import AssessmentResult, ImportBatch, ImportRow, School, SchoolPeriod
from tests.factories.imports import ImportGround
from tests.factories.registry import NEW, OLD, SEPTEMBER
from tests.factories.schools import make_inn

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
LATER = AT + timedelta(days=3)
HEAD = "inn;login;gia_code;name;kind;locality;municipality_code;municipality;Действует с\n"


class Registry(ImportGround):
    """A municipality whose first school is «СОШ № 5»."""

    def __init__(self) -> None:
        super().__init__()
        self.first.name = OLD
        self.first.save()

    def line(self, school: School | None = None, **changes: str) -> str:
        known = school or self.first
        cells = {
            "inn": known.inn,
            "login": known.login,
            "gia_code": known.gia_code,
            "name": known.name,
            "kind": known.kind,
            "locality": known.locality,
            "code": self.territory.code,
            "territory": self.territory.name,
            "since": "",
        }
        return ";".join({**cells, **changes}.values()) + "\n"

    def check(self, *lines: str, at: datetime = AT) -> ImportBatch:
        file = GivenFile(name="Реестр.csv", data=(HEAD + "".join(lines)).encode())
        return check(batch=receive(files=[file], by=self.coordinator, territory=self.territory, at=at), at=at)

    def load(self, *lines: str, at: datetime = AT) -> ImportBatch:
        return apply_batch(batch=self.check(*lines, at=at), by=self.coordinator, at=at)

    def undo(self, batch: ImportBatch) -> None:
        undo_batch(batch=batch, by=self.coordinator, at=LATER)

    def problem(self, *lines: str) -> str:
        (file,) = self.check(*lines).files.all()
        return str(file.problems[0]["text"])

    def results(self, year: int, period: str = "весна", **cells: str) -> ImportBatch:
        """Apply a flat file with one row of results; cells: how it names the school."""
        named = ";".join([*cells, "year", "procedure", "period", "subject", "grade", "participants"])
        marks = "mark2;mark3;mark4;mark5"
        row = ";".join([*cells.values(), str(year), "VPR", period, "RU", "5", "10", "1", "4", "3", "2"])
        file = GivenFile(name=f"{year}.csv", data=f"{named};{marks}\n{row}\n".encode())
        return check(batch=receive(files=[file], by=self.coordinator, territory=self.territory, at=AT), at=AT)

    def meant(self, year: int, period: str = "весна", **cells: str) -> School | None:
        return ImportRow.objects.get(file__batch=self.results(year, period, **cells)).school


@pytest.fixture
def ground() -> Registry:
    return Registry()


def names(school: School) -> list[tuple[date | None, str]]:
    return list(SchoolPeriod.objects.filter(school=school).oldest_first().values_list("valid_from", "name"))


def everything() -> tuple[list[object], list[object]]:
    periods = SchoolPeriod.objects.order_by("school", "pk").values()
    return list(School.objects.order_by("pk").values()), list(periods)


# The registry


def test_changed_name_opens_a_period_from_the_day_of_the_import(ground: Registry) -> None:
    batch = ground.load(ground.line(name=NEW))

    period = SchoolPeriod.objects.current().get(school=ground.first)
    assert names(ground.first) == [(None, OLD), (AT.date(), NEW)]
    assert (period.file, period.recorded_by, period.recorded_at) == (batch.files.get(), ground.coordinator, AT)


@pytest.mark.parametrize("since", ["01.09.2026", "1.09.2026"])
def test_day_of_the_column_is_the_day_of_the_change(ground: Registry, since: str) -> None:
    ground.load(ground.line(name=NEW, since=since))

    assert names(ground.first) == [(None, OLD), (SEPTEMBER, NEW)]


@pytest.mark.parametrize(
    "changes",
    [{"kind": "гимназия"}, {"login": "edu700001"}, {"name": NEW}],
)
def test_each_dated_detail_opens_a_period(ground: Registry, changes: dict[str, Any]) -> None:
    ground.load(ground.line(**changes))

    assert len(names(ground.first)) == 2


def test_missing_code_is_filled_in_for_the_past_too(ground: Registry) -> None:
    ground.load(ground.line(gia_code="001005"))

    period = SchoolPeriod.objects.get(school=ground.first)
    assert (period.valid_from, period.gia_code) == (None, "001005")


def test_place_is_not_part_of_the_history(ground: Registry) -> None:
    ground.load(ground.line(locality="село"))

    assert names(ground.first) == [(None, OLD)]


def test_second_file_of_the_day_corrects_the_first(ground: Registry) -> None:
    ground.load(ground.line(name="МБОУ «СШ № 55»"))

    ground.load(ground.line(name=NEW))

    assert names(ground.first) == [(None, OLD), (AT.date(), NEW)]


def test_new_school_begins_on_the_day_that_its_row_tells(ground: Registry) -> None:
    ground.load(
        ground.line(inn=make_inn(5_000_901), login="", name="МБОУ «СОШ № 8»", since="01.09.2026"),
        ground.line(inn=make_inn(5_000_902), login="", name="МБОУ «СОШ № 9»"),
    )

    eighth, ninth = (School.objects.get(name=f"МБОУ «СОШ № {number}»") for number in (8, 9))
    assert names(eighth) == [(SEPTEMBER, "МБОУ «СОШ № 8»")]
    assert names(ninth) == [(None, "МБОУ «СОШ № 9»")]


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ("03.11.2026", "дата 03.11.2026 ещё не наступила"),
        ("сентябрь", "столбец «Действует с»: ожидается дата"),
        ("31.02.2026", "столбец «Действует с»: ожидается дата"),
    ],
)
def test_day_that_cannot_be_is_a_problem_of_the_row(ground: Registry, since: str, words: str) -> None:
    assert words in ground.problem(ground.line(name=NEW, since=since))


def test_change_before_a_known_one_is_a_problem(ground: Registry) -> None:
    ground.load(ground.line(name=NEW, since="01.09.2026"))

    assert "с 01.09.2026 уже записано другое изменение" in ground.problem(ground.line(name="Иная", since="01.06.2026"))


def test_same_row_with_its_day_is_no_change(ground: Registry) -> None:
    ground.load(ground.line(name=NEW, since="01.09.2026"))

    batch = ground.check(ground.line(name=NEW, since="01.09.2026"), "\n")

    assert ImportRow.objects.get(file__batch=batch).outcome == RowOutcome.SAME


def test_preview_names_the_day(ground: Registry) -> None:
    from schools.importing.targets import target_of

    batch = ground.check(ground.line(name=NEW, since="01.09.2026"))

    row = ImportRow.objects.get(file__batch=batch)
    assert target_of("registry").words(row).about == f"ИНН {ground.first.inn}, с 01.09.2026"


def test_name_of_a_school_that_ended_is_free_for_a_new_one(ground: Registry) -> None:
    merge_schools(
        predecessors=[ground.second], successor=ground.first, on=SEPTEMBER, by=ground.coordinator, at=AT
    )  # fmt: skip
    line = ground.line(ground.second, inn=make_inn(5_000_903))

    ground.load(line)

    assert School.objects.filter(name=ground.second.name, login=ground.second.login).count() == 2


def test_row_of_a_school_that_ended_changes_nothing_and_is_no_problem(ground: Registry) -> None:
    ended = ground.second
    register_anew(school=ended, inn=make_inn(5_000_904), ogrn="", on=SEPTEMBER, by=ground.coordinator, at=AT)

    batch = ground.check(ground.line(ended))

    assert ImportRow.objects.get(file__batch=batch).outcome == RowOutcome.SAME


# Taking a registry back


def test_undone_registry_restores_cards_and_periods(ground: Registry) -> None:
    before = everything()
    batch = ground.load(
        ground.line(name=NEW, login="edu700001", since="01.09.2026"),
        ground.line(ground.second, gia_code="001002"),
        ground.line(inn=make_inn(5_000_905), login="", name="МБОУ «СОШ № 8»"),
    )

    ground.undo(batch)

    assert everything() == before


def test_two_registries_undone_in_turn_restore_everything(ground: Registry) -> None:
    before = everything()
    first = ground.load(ground.line(name=NEW, since="01.09.2026"))
    second = ground.load(ground.line(name="МБОУ «Гимназия № 5»", kind="гимназия"))

    ground.undo(second)
    assert names(ground.first) == [(None, OLD), (SEPTEMBER, NEW)]
    ground.undo(first)

    assert everything() == before


def test_registry_under_a_newer_name_is_not_undone(ground: Registry) -> None:
    batch = ground.load(ground.line(name=NEW, since="01.09.2026"))
    change_school(
        school=ground.first, changes={"name": "Иная"}, on=date(2026, 10, 1), by=ground.coordinator, at=AT
    )  # fmt: skip

    with pytest.raises(NewerDataStands):
        ground.undo(batch)

    assert len(names(ground.first)) == 3


def test_change_of_a_file_is_taken_back_with_its_import_alone(ground: Registry) -> None:
    ground.load(ground.line(name=NEW))

    with pytest.raises(ChangeRefused, match=r"пришло из файла реестра\. Отмените ту загрузку"):
        withdraw_change(school=ground.first, by=ground.coordinator)


# The template


def test_template_asks_for_the_day_and_explains_it(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    (tmp_path / "t.xlsx").write_bytes(registry_template())
    book = load_workbook(tmp_path / "t.xlsx")

    assert "Действует с" in [cell.value for cell in book["Школы"][1]]
    assert any("с какого дня" in str(cell.value) for (cell,) in book["Инструкция"].iter_rows())


def test_rows_without_the_column_are_read_as_before() -> None:
    line = f"{make_inn(5_000_906)};МБОУ «СОШ № 8»;СОШ;город;reg99_m001;Область, округ 1\n"
    head = "inn;name;kind;locality;municipality_code;municipality\n"

    parsed = parse_file((head + line).encode())

    (row,) = parsed.schools
    assert (parsed.layout, row.valid_from) == (portal_schools.LAYOUT.code, "")
    assert isinstance(row, SchoolRow)


# Results of the years


def test_old_name_in_an_old_file_means_the_school_that_bore_it(ground: Registry) -> None:
    ground.load(ground.line(name=NEW, since="01.09.2026"))
    ground.load(ground.line(ground.second, name=OLD, since="02.09.2026"))

    assert ground.meant(2024, name=OLD) == ground.first
    assert ground.meant(2026, "осень", name=OLD) == ground.second


def test_former_login_in_an_old_file_means_the_school(ground: Registry) -> None:
    former = ground.first.login
    ground.load(ground.line(login="edu700001", since="01.09.2026"))

    assert ground.meant(2024, login=former) == ground.meant(2026, login="edu700001") == ground.first


def test_results_of_the_year_before_a_merger_stay_with_the_school_that_ended(ground: Registry) -> None:
    merge_schools(
        predecessors=[ground.second], successor=ground.first, on=SEPTEMBER, by=ground.coordinator, at=AT
    )  # fmt: skip
    batch = ground.results(2026, login=ground.second.login)

    apply_batch(batch=batch, by=ground.coordinator, at=AT)

    assert AssessmentResult.objects.get().school == ground.second


def test_results_after_a_merger_are_refused_with_the_reason(ground: Registry) -> None:
    merge_schools(
        predecessors=[ground.second], successor=ground.first, on=SEPTEMBER, by=ground.coordinator, at=AT
    )  # fmt: skip

    (file,) = ground.results(2026, "осень", login=ground.second.login).files.all()

    assert "в этом учебном году не работала" in file.problems[0]["text"]
    assert "загружают на преемника" in file.problems[0]["text"]


def test_branch_is_told_from_its_head_by_login(ground: Registry) -> None:
    details = {"name": "Филиал в Лесном", "locality": "село", "login": "edu700002"}
    branch = open_branch(parent=ground.first, details=details, on=SEPTEMBER, by=ground.coordinator, at=AT)

    assert ground.meant(2026, "осень", inn=ground.first.inn, login="edu700002") == branch
    assert ground.meant(2026, "осень", inn=ground.first.inn) == ground.first


@pytest.mark.parametrize("year", [1, 99999])
def test_year_that_cannot_be_is_a_problem_and_no_fault(ground: Registry, year: int) -> None:
    assert ground.results(year, login=ground.first.login).files.get().problems
