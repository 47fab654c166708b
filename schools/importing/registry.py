"""The registry of schools: planned changes of schools by ИНН, territories that are missing."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db.models import CharField, ProtectedError, Q, QuerySet
from django.db.models.functions import Cast
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.models import User
from accounts.russian import agree, count, short_date
from schools.choices import BatchState, RowOutcome, TerritoryLevel
from schools.importing.errors import NewerDataStands
from schools.importing.ground import FilePlan, Ground, PlannedRow
from schools.importing.ledger import Change, State
from schools.importing.registry_fit import RegistryFit, region_for
from schools.importing.registry_states import SCHOOL_FIELDS, delivered_school, registry_ledger
from schools.importing.school_spans import (
    Since,
    close_periods,
    date_openings,
    day_of,
    open_periods,
    sinces_of,
)
from schools.importing.targets import RowWords, rows_for
from schools.intake.rows import ParsedFile, SchoolRow, problem_at
from schools.intake.territory_names import genitive, prepositional
from schools.models import ImportBatch, ImportFile, ImportRow, School, Territory

CODE: Final = "registry"
LAYOUT: Final = "portal_schools"
FIELD_TITLES: Final[Mapping[str, str]] = {
    "territory": "муниципалитет",
    "name": "название",
    "kind": "вид",
    "locality": "населённый пункт",
    "ogrn": "ОГРН",
    "login": "логин",
    "gia_code": "код ОО",
    "students": "обучающихся",
}
SCHOOLS: Final = "школа,школы,школ"


class RegistryTarget:
    """Schools by ИНН, with the municipalities that are missing."""

    code = CODE
    title = "Реестр школ"
    order = 0

    def rows_of(self, parsed: ParsedFile) -> Sequence[SchoolRow]:
        return parsed.schools

    def plan(self, ground: Ground, plans: Sequence[FilePlan]) -> Iterator[None]:
        rows = [(plan, row) for plan in plans for row in plan.parsed.schools]
        ledger = registry_ledger(row.inn for _, row in rows)
        fit = RegistryFit.of(ground.batch, [row for _, row in rows])
        reasons = fit.refusals([row for _, row in rows], ledger.states)
        for (plan, row), reason in zip(rows, reasons, strict=True):
            if reason:
                code, what, action = reason
                plan.problems.append(problem_at(code, row.sheet, row.row, what, found=row.name, action=action))
                continue
            change = ledger.plan(row.inn, delivered_school(row))
            key = {"inn": row.inn, "territory_name": row.territory.name, "valid_from": row.valid_from}
            plan.rows.append(
                PlannedRow(CODE, row.sheet, row.row, row.name, None, change.outcome, key, change.before, change.after),
            )
        yield

    def write(self, batch: ImportBatch, *, by: User, at: datetime) -> None:
        rows = list(rows_for(batch, CODE))
        changes = registry_changes(rows)
        states = registry_ledger(change.key for change in changes).replay(changes)
        names = {row.after["territory"]: row.key["territory_name"] for row in rows if row.after}
        made = write_schools(states, names, region_above(batch.territory), sinces_of(rows), by=by, at=at)
        file = registry_files(batch).first()
        if file and made:
            file.meta["territories"] = made
            file.save(update_fields=["meta"])

    def undo(self, batch: ImportBatch, *, by: User, at: datetime) -> None:
        changes = registry_changes(rows_for(batch, CODE))
        ledger = registry_ledger(change.key for change in changes)
        restore, created, changed_since = ledger.rewind(changes)
        if changed_since:
            number = len(changed_since)
            raise NewerDataStands(
                f"Отменить нельзя: {count(number, SCHOOLS)} с тех пор {agree(number, 'изменена,изменены')}. "
                "Исправьте их в реестре.",
            )
        close_periods(batch)
        if standing := delete_schools(created):  # before the others take their old names and logins back
            names = ", ".join(standing[:3])
            raise NewerDataStands(f"Отменить нельзя: на эти школы уже опираются другие данные: {names}.")
        restore_schools(restore, by=by, at=at)
        for file in registry_files(batch):
            delete_empty_territories(file.meta.get("territories", []))

    def words(self, row: ImportRow) -> RowWords:
        since = day_of(row.key)
        told = f", с {short_date(since)}" if since else ""
        place = row.key.get("territory_name", "")
        spelled = {"territory": {(row.after or {}).get("territory", ""): place}} if place else {}
        return RowWords(about=f"ИНН {row.key.get('inn', '')}{told}", titles=FIELD_TITLES, spelled=spelled)


def registry_changes(rows: Iterable[ImportRow]) -> list[Change[str]]:
    return [
        Change(key=row.key["inn"], before=row.before, after=row.after or {}, outcome=RowOutcome(row.outcome))
        for row in rows
    ]


def registry_files(batch: ImportBatch) -> QuerySet[ImportFile]:
    return batch.files.filter(layout=LAYOUT).order_by("pk")


def region_above(territory: Territory) -> Territory:
    return territory if territory.level == TerritoryLevel.REGION else territory.parent or territory


def ensure_region(row: SchoolRow) -> Territory | None:
    """Return the region of a row of the registry, made if it is missing; None when the code names none."""
    code, name = region_for(row)
    if not code:
        return None
    existing = Territory.objects.filter(code=code).first()
    return existing or make_territory(code=code, name=name, level=TerritoryLevel.REGION, parent=None)


def make_territory(*, code: str, name: str, level: TerritoryLevel, parent: Territory | None) -> Territory:
    """Store a territory with the cases that documents need, formed by rule; an administrator may correct them."""
    is_region = level == TerritoryLevel.REGION
    authority = "Министерство образования" if is_region else "Управление образования"
    return Territory.objects.create(
        level=level,
        parent=parent,
        code=code,
        name=name,
        name_genitive=genitive(name),
        name_prepositional=prepositional(name),
        authority=f"{authority} {genitive(name)}",
        authority_genitive=f"{genitive(authority.lower())} {genitive(name)}",
    )


def write_schools(
    states: Mapping[str, State],
    names: Mapping[str, str],
    region: Territory,
    sinces: Mapping[str, Since],
    *,
    by: User,
    at: datetime,
) -> list[str]:
    """Create and change schools with their history; return the codes of territories that had to be made.

    names: code of a municipality -> its name in the file. sinces: ИНН -> from which day its row holds.
    """
    codes = {state["territory"] for state in states.values()}
    territories = {territory.code: territory for territory in Territory.objects.filter(code__in=codes)}
    made = sorted(codes - territories.keys())
    for code in made:
        territories[code] = make_territory(
            code=code,
            name=names[code],
            level=TerritoryLevel.MUNICIPALITY,
            parent=region,
        )
    known = {school.inn: school for school in School.objects.filter(inn__in=states).select_related("territory")}
    open_periods(known.values(), states, sinces, by=by, at=at)
    fresh = [school_of(School(inn=inn), state, territories) for inn, state in states.items() if inn not in known]
    changed = [school_of(school, states[inn], territories) for inn, school in known.items()]
    update_schools(changed, by=by, at=at)  # first: a new school may take the name of a renamed one
    bulk_create_with_history(fresh, School, batch_size=500, default_user=by, default_date=at)
    date_openings(fresh, sinces)
    return made


def update_schools(schools: list[School], *, by: User, at: datetime) -> None:
    if schools:
        make_way(schools)
        fields = ["territory", "name_folded", *SCHOOL_FIELDS]
        bulk_update_with_history(schools, School, fields, batch_size=500, default_user=by, default_date=at)


def make_way(schools: Collection[School]) -> None:
    """Take the names and logins that change off the schools: databases look for repetitions row after row."""
    stored = School.objects.filter(pk__in=[school.pk for school in schools])
    places = {pk: place for pk, *place in stored.values_list("pk", "territory_id", "name", "login")}
    moving = [one.pk for one in schools if places[one.pk] != [one.territory_id, one.name, one.login]]
    School.objects.filter(pk__in=moving).update(name=Cast("pk", CharField(max_length=36)), login="")


def school_of(school: School, state: State, territories: Mapping[str, Territory]) -> School:
    school.territory = territories[state["territory"]]
    for name in SCHOOL_FIELDS:
        if name in state:
            setattr(school, name, state[name])
    school.name_folded = school.name.casefold()  # save() is not called for sets
    return school


def restore_schools(states: Mapping[str, State], *, by: User, at: datetime) -> None:
    codes = {state["territory"] for state in states.values()}
    territories = {territory.code: territory for territory in Territory.objects.filter(code__in=codes)}
    known = School.objects.filter(inn__in=states)
    update_schools([school_of(school, states[school.inn], territories) for school in known], by=by, at=at)


def delete_schools(inns: Iterable[str]) -> list[str]:
    """Delete schools that nothing rests on; return the names of those that something does, with what it is."""
    schools = School.objects.filter(inn__in=set(inns))
    let_go(schools)
    standing = []
    for school in schools:
        try:
            school.delete()
        except ProtectedError as error:
            standing.append(f"{school.name} ({standing_on(error)})")
    return standing


def let_go(schools: QuerySet[School]) -> None:
    """Take schools out of the rows of batches that are over; the name that stood in the file stays with the row."""
    over = Q(file__batch__state__in=(BatchState.UNDONE, BatchState.REJECTED)) | Q(outcome=RowOutcome.REJECTED)
    ImportRow.objects.filter(over, school__in=schools).update(school=None)


def standing_on(error: ProtectedError) -> str:
    """Return what forbids to delete: «строка загрузки, результат работы»."""
    names = {str(one._meta.verbose_name) for one in error.protected_objects}  # noqa: SLF001  the public name of this API
    return ", ".join(sorted(names))


def delete_empty_territories(codes: Iterable[str]) -> None:
    for territory in Territory.objects.filter(code__in=list(codes), schools=None):
        try:
            territory.delete()
        except ProtectedError:
            continue
