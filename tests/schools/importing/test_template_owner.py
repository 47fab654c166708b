"""Whose template came back: schools, branches without an ИНН, territories, years to come."""

import io
import uuid

import pytest
from openpyxl import load_workbook

from accounts.permissions import Role
from schools.actions.imports import check, receive
from schools.importing.files import GivenFile
from schools.importing.template_owner import owner_refusal, refusal_to_owner
from schools.importing.templates import Asked, keys_of
from schools.intake.refusals import Code, Refusal
from schools.intake.rows import ParsedFile
from schools.intake.template_meta import META_SHEET, TemplateMeta, write_meta
from schools.models import ImportBatch, School
from tests.factories.forms import template_of
from tests.factories.imports import AT, ImportGround
from tests.factories.schools import make_school, make_user
from tests.factories.workbooks import saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> ImportGround:
    return ImportGround()


@pytest.fixture
def branch(ground: ImportGround) -> School:
    return make_school(territory=ground.territory, parent=ground.first, inn="", login="", name="Филиал в с. Верхнем")


def batch_of(ground: ImportGround, school: School | None = None) -> ImportBatch:
    return ImportBatch.objects.create(
        territory=ground.territory, school=school, created_by=ground.coordinator, created_at=AT
    )


def came(**said: str) -> ParsedFile:
    meta = {"form": "SA-1", "version": "1", "period": "2026", **said} if said else {}
    return ParsedFile(layout="SA-1", title="SA-1", meta=meta)


def of(school: School) -> ParsedFile:
    return came(**keys_of(school))


def refused(batch: ImportBatch, parsed: ParsedFile) -> Refusal:
    refusal = owner_refusal(batch, parsed)
    assert refusal is not None
    return refusal


def test_school_hands_in_its_own_form(ground: ImportGround) -> None:
    assert owner_refusal(batch_of(ground, ground.first), of(ground.first)) is None


def test_form_of_another_school_leads_to_the_own_one(ground: ImportGround) -> None:
    refusal = refused(batch_of(ground, ground.first), of(ground.second))

    assert refusal.code == Code.OTHER_TEMPLATE
    assert f"Найдено: ИНН {ground.second.inn}" in refusal.text_ru
    assert f"/imports/templates/SA-1/?inn={ground.first.inn}&period=2026" in refusal.text_ru


def test_branch_is_told_by_its_public_id(branch: School) -> None:
    meta = Asked(territory=branch.territory, schools=[branch], school=branch, period="2026").meta("SA-1", 1)

    assert (meta.inn, meta.territory, meta.school) == ("", "", str(branch.pk))
    assert meta.path == f"/imports/templates/SA-1/?school={branch.pk}&period=2026"


def test_branch_hands_in_its_own_form(ground: ImportGround, branch: School) -> None:
    assert owner_refusal(batch_of(ground, branch), of(branch)) is None


def test_two_branches_are_not_taken_for_each_other(ground: ImportGround, branch: School) -> None:
    other = make_school(territory=ground.territory, parent=ground.first, inn="", login="", name="Филиал в с. Нижнем")

    refusal = refused(batch_of(ground, branch), of(other))

    assert "Найдено: шаблон другого филиала. Ожидается: Филиал в с. Верхнем." in refusal.text_ru
    assert f"?school={branch.pk}" in refusal.text_ru


@pytest.mark.parametrize(
    ("said", "found"),
    [({"territory": "m77"}, "код территории m77"), ({"inn": ""}, "шаблон без школы")],
)
def test_form_of_many_schools_is_not_a_form_of_a_branch(
    said: dict[str, str], found: str, ground: ImportGround, branch: School
) -> None:
    assert f"Найдено: {found}" in refused(batch_of(ground, branch), came(**said)).text_ru


def test_form_of_the_head_school_is_not_the_form_of_its_branch(ground: ImportGround, branch: School) -> None:
    assert refused(batch_of(ground, branch), of(ground.first)).code == Code.OTHER_TEMPLATE
    assert refused(batch_of(ground, ground.first), of(branch)).code == Code.OTHER_TEMPLATE


def test_territory_takes_forms_of_its_schools_and_branches(ground: ImportGround, branch: School) -> None:
    batch = batch_of(ground)

    assert [owner_refusal(batch, of(school)) for school in (ground.first, branch)] == [None, None]


def test_territory_takes_its_own_templates_and_those_of_anyone(ground: ImportGround) -> None:
    batch = batch_of(ground)

    assert owner_refusal(batch, came(territory=ground.territory.code)) is None
    assert owner_refusal(batch, came(territory="")) is None


def test_region_takes_templates_of_its_municipalities(ground: ImportGround) -> None:
    region = ground.territory.parent
    assert region
    batch = ImportBatch.objects.create(territory=region, created_by=ground.coordinator, created_at=AT)

    assert owner_refusal(batch, came(territory=ground.territory.code)) is None
    assert owner_refusal(batch, of(ground.first)) is None


@pytest.mark.parametrize("key", ["inn", "school", "territory"])
def test_template_from_elsewhere_is_refused_by_a_territory(key: str, ground: ImportGround) -> None:
    other = make_school()
    said = {"inn": other.inn, "school": str(other.pk), "territory": other.territory.code}[key]

    refusal = refused(batch_of(ground), came(**{key: said}))

    assert f"Ожидается: {ground.territory.name} или её школа" in refusal.text_ru
    assert f"?territory={ground.territory.code}" in refusal.text_ru


@pytest.mark.parametrize("key", ["1", "' or 1=1", str(uuid.UUID(int=1))])
def test_forged_id_of_a_school_is_refused_and_breaks_nothing(key: str, ground: ImportGround) -> None:
    assert refused(batch_of(ground), came(school=key)).code == Code.OTHER_TEMPLATE


def test_file_without_a_hidden_sheet_is_no_template(ground: ImportGround) -> None:
    assert owner_refusal(batch_of(ground), came()) is None


def test_school_gives_only_forms_of_the_portal(ground: ImportGround) -> None:
    batch = batch_of(ground, ground.first)

    assert "файл без служебного листа" in refused(batch, came()).text_ru
    assert "«Результаты»" in refused(batch, came(form="results", inn=ground.first.inn)).text_ru


@pytest.mark.parametrize("year", [AT.year, AT.year - 1])
def test_year_that_has_come_is_taken(year: int, ground: ImportGround) -> None:
    assert owner_refusal(batch_of(ground), came(inn=ground.first.inn, period=str(year))) is None


def test_year_to_come_leads_to_the_latest_template_of_the_same_school(ground: ImportGround, branch: School) -> None:
    refusal = refused(batch_of(ground), came(**keys_of(branch), period=str(AT.year + 1)))

    assert f"Ожидается: не позже {AT.year} года" in refusal.text_ru
    assert f"?school={branch.pk}&period={AT.year}" in refusal.text_ru


def test_academic_year_is_no_year_to_come(ground: ImportGround) -> None:
    period = f"{AT.year + 1}/{AT.year + 2}"

    assert owner_refusal(batch_of(ground), came(form="events", territory=ground.territory.code, period=period)) is None


def test_sheets_given_out_before_branches_had_a_key_stay_valid() -> None:
    plain = TemplateMeta(form="SA-1", version=1, inn="1000000053", period="2026")

    assert plain.checksum == TemplateMeta(form="SA-1", version=1, inn="1000000053", period="2026", school="").checksum
    assert plain.checksum != TemplateMeta(form="SA-1", version=1, period="2026", school="1000000053").checksum


# Blank templates: whose they are is told before that they hold nothing


def blank(**said: str) -> Refusal:
    return Refusal(Code.NO_ROWS, "Нет ни одной заполненной строки.", meta=came(**said).meta)


def test_own_blank_template_is_told_to_be_blank(ground: ImportGround) -> None:
    refusal = blank(territory=ground.territory.code)

    assert refusal_to_owner(batch_of(ground), refusal) is refusal


def test_blank_template_of_another_territory_is_refused_for_that(ground: ImportGround) -> None:
    refusal = refusal_to_owner(batch_of(ground), blank(territory=make_school().territory.code))

    assert refusal.code == Code.OTHER_TEMPLATE


def test_other_refusals_stand_as_they_are(ground: ImportGround) -> None:
    refusal = Refusal(Code.DAMAGED, "Файл повреждён.")

    assert refusal_to_owner(batch_of(ground, ground.first), refusal) is refusal


def refusal_of(ground: ImportGround, data: bytes) -> str:
    return ground.checked({"шаблон.xlsx": data}).files.get().refusal


@pytest.mark.parametrize("code", ["results", "SA-1", "SA-4", "events"])
def test_blank_file_of_another_territory_is_refused_for_the_territory(code: str, ground: ImportGround) -> None:
    other = make_school()

    refusal = refusal_of(ground, template_of(code, schools=[other], territory=other.territory))

    assert "другой школы или территории" in refusal


def test_blank_file_of_another_version_is_refused_for_the_version(ground: ImportGround) -> None:
    meta = TemplateMeta(form="SA-4", version=99, territory=ground.territory.code, period="2026")
    book = load_workbook(io.BytesIO(template_of("SA-4", schools=[ground.first])))
    del book["meta"]
    write_meta(book, meta)

    assert refusal_of(ground, saved(book)).startswith("Шаблон «SA-4 «Кадры»» другой версии.")


def test_blank_file_with_a_changed_meta_sheet_is_told_to_be_changed(ground: ImportGround) -> None:
    book = load_workbook(io.BytesIO(template_of("SA-4", schools=[ground.first])))
    book["meta"]["B4"] = make_school().inn

    assert "Служебный лист шаблона «SA-4 «Кадры»» изменён" in refusal_of(ground, saved(book))


def test_old_form_of_another_school_leads_to_the_own_one(ground: ImportGround) -> None:
    book = load_workbook(io.BytesIO(template_of("SA-4", school=ground.second)))
    del book[META_SHEET]
    write_meta(book, TemplateMeta(form="SA-4", version=99, inn=ground.second.inn, period="2026"))
    person = make_user(role=Role.SCHOOL_ADMIN, school=ground.first)
    given = [GivenFile(name="SA-4.xlsx", data=saved(book))]
    batch = receive(files=given, by=person, territory=ground.territory, school=ground.first, at=AT)

    [file] = check(batch=batch, at=AT).files.all()

    assert file.refusal_code == Code.OTHER_TEMPLATE
    assert f"/imports/templates/SA-4/?inn={ground.first.inn}&period=2026" in file.refusal
