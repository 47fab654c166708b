"""The registry of schools: planned changes of schools by ИНН, territories that are missing."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import ProtectedError, Q, QuerySet
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.models import User
from accounts.russian import agree, count, short_date
from schools.choices import BatchState, RowOutcome, TerritoryLevel
from schools.importing.errors import NewerDataStands
from schools.importing.ground import FilePlan, Ground, PlannedRow
from schools.importing.ledger import Change, Ledger, State
from schools.importing.school_spans import (
    Since,
    close_periods,
    date_openings,
    day_of,
    is_turn,
    last_starts,
    open_periods,
    sinces_of,
)
from schools.importing.targets import RowWords, rows_for
from schools.intake.identifiers import MUNICIPALITY_LOGIN, REGION_LOGIN
from schools.intake.rows import ParsedFile, ProblemCode, SchoolRow, problem_at
from schools.intake.territory_names import genitive, prepositional, region_of
from schools.models import ImportBatch, ImportFile, ImportRow, School, Territory

CODE: Final = "registry"
LAYOUT: Final = "portal_schools"
SCHOOL_FIELDS: Final = ("name", "kind", "locality", "ogrn", "login", "gia_code", "students")
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
        for plan, row in rows:
            if reason := fit.refusal(row, ledger.states.get(row.inn)):
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
        restore_schools(restore, by=by, at=at)
        if standing := delete_schools(created):
            names = ", ".join(standing[:3])
            raise NewerDataStands(f"Отменить нельзя: на эти школы уже опираются другие данные: {names}.")
        for file in registry_files(batch):
            delete_empty_territories(file.meta.get("territories", []))

    def words(self, row: ImportRow) -> RowWords:
        since = day_of(row.key)
        told = f", с {short_date(since)}" if since else ""
        return RowWords(about=f"ИНН {row.key.get('inn', '')}{told}", titles=FIELD_TITLES)


def registry_changes(rows: Iterable[ImportRow]) -> list[Change[str]]:
    return [
        Change(key=row.key["inn"], before=row.before, after=row.after or {}, outcome=RowOutcome(row.outcome))
        for row in rows
    ]


def registry_files(batch: ImportBatch) -> QuerySet[ImportFile]:
    return batch.files.filter(layout=LAYOUT).order_by("pk")


def region_above(territory: Territory) -> Territory:
    return territory if territory.level == TerritoryLevel.REGION else territory.parent or territory


@dataclass
class RegistryFit:
    """What a row of the registry must fit: territories in reach, names and logins of living schools, known dates."""

    territory: Territory
    known: Mapping[str, Territory]  # by code
    logins: dict[str, str]  # login -> ИНН
    names: dict[tuple[str, str], str]  # code of the territory, name -> ИНН
    ended: frozenset[str]  # ИНН of schools that are reorganised or closed
    starts: Mapping[str, date | None]  # ИНН -> since when the last period of the school
    today: date

    @classmethod
    def of(cls, batch: ImportBatch, rows: Collection[SchoolRow]) -> "RegistryFit":
        codes = {row.territory.code for row in rows}
        logins = {row.login for row in rows if row.login}
        known = Territory.objects.filter(code__in=codes).select_related("parent")
        living = School.objects.living()
        named = living.filter(territory__code__in=codes).values_list("territory__code", "name", "inn")
        dated = School.objects.filter(inn__in={row.inn for row in rows if row.valid_from})
        gone = School.objects.filter(inn__in={row.inn for row in rows}).exclude(pk__in=living.values("pk"))
        return cls(
            territory=batch.territory,
            known={territory.code: territory for territory in known},
            logins=dict(living.filter(login__in=logins).values_list("login", "inn")),
            names={(code, name): inn for code, name, inn in named},
            ended=frozenset(gone.values_list("inn", flat=True)),
            starts=last_starts(dated),
            today=timezone.localdate(batch.created_at),
        )

    def refusal(self, row: SchoolRow, current: Mapping[str, Any] | None) -> tuple[ProblemCode, str, str] | None:
        """Return why a row is not taken and what to do, or None and remember its login and name."""
        if not self.is_in_reach(row) or (current and not self.is_own_code(current["territory"])):
            what = f"школа вне вашей территории ({self.territory.name})."
            return ProblemCode.FOREIGN_TERRITORY, what, "Проверьте код муниципалитета."
        return self.wrong_day(row, current) or self.taken(row)

    def wrong_day(self, row: SchoolRow, current: Mapping[str, Any] | None) -> tuple[ProblemCode, str, str] | None:
        """Return why the day of «Действует с» is not taken: it has not come, or something later is known."""
        if not row.valid_from:
            return None
        day, last = date.fromisoformat(row.valid_from), self.starts.get(row.inn)
        if day > self.today:
            what = f"дата {short_date(day)} ещё не наступила."
            return ProblemCode.OUT_OF_RANGE, what, "Загрузите изменение в этот день или позже."
        if current and last and day < last and is_turn(current, delivered_school(row)):
            what = f"с {short_date(last)} уже записано другое изменение этой школы."
            return ProblemCode.OUT_OF_RANGE, what, f"Укажите дату не раньше {short_date(last)}."
        return None

    def taken(self, row: SchoolRow) -> tuple[ProblemCode, str, str] | None:
        """Return which living school has the login or the name, or None and remember them for the rows below."""
        if row.inn in self.ended:
            return None
        if row.login and self.logins.setdefault(row.login, row.inn) != row.inn:
            what = f"логин {row.login} уже записан за другой школой."
            return ProblemCode.REPEATED_ROW, what, "Проверьте логин и ИНН."
        if self.names.setdefault((row.territory.code, row.name), row.inn) != row.inn:
            what = "школа с таким названием в муниципалитете уже есть, у неё другой ИНН."
            action = "Проверьте ИНН и название. Смену юридического лица запишите в карточке школы."
            return ProblemCode.REPEATED_ROW, what, action
        return None

    def is_in_reach(self, row: SchoolRow) -> bool:
        if row.territory.code in self.known:
            return self.covers(self.known[row.territory.code])
        is_region = self.territory.level == TerritoryLevel.REGION
        is_code = MUNICIPALITY_LOGIN.fullmatch(row.territory.code) is not None
        return is_region and (not is_code or region_for(row)[0] == self.territory.code)

    def is_own_code(self, code: str) -> bool:
        known = self.known.get(code) or Territory.objects.filter(code=code).select_related("parent").first()
        return known is not None and self.covers(known)

    def covers(self, territory: Territory) -> bool:
        return self.territory.pk in {territory.pk, territory.parent_id}


def registry_ledger(inns: Iterable[str]) -> Ledger[str]:
    """Return the known schools with these ИНН as they stand. One query."""
    rows = School.objects.filter(inn__in=set(inns)).values("inn", "territory__code", *SCHOOL_FIELDS)
    return Ledger({row["inn"]: registry_state(row) for row in rows})


def registry_state(row: Mapping[str, Any]) -> State:
    return {"territory": row["territory__code"], **{name: row[name] for name in SCHOOL_FIELDS}}


def delivered_school(row: SchoolRow) -> State:
    """Return the fields that a row of the registry fills; what it leaves empty stays as it is."""
    values: State = {"territory": row.territory.code, **{name: getattr(row, name) for name in SCHOOL_FIELDS}}
    return {name: value for name, value in values.items() if value not in {"", None}}


def region_for(row: SchoolRow) -> tuple[str, str]:
    """Return code and name of the region of a municipality: «reg24» of «reg24_m031»."""
    match = REGION_LOGIN.match(row.territory.code.split("_")[0])
    code = match[0].casefold() if match else ""
    return code, region_of(row.territory.name) or f"Регион {code.removeprefix('reg')}"


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
    bulk_create_with_history(fresh, School, batch_size=500, default_user=by, default_date=at)
    date_openings(fresh, sinces)
    update_schools(changed, by=by, at=at)
    return made


def update_schools(schools: list[School], *, by: User, at: datetime) -> None:
    if schools:
        fields = ["territory", "name_folded", *SCHOOL_FIELDS]
        bulk_update_with_history(schools, School, fields, batch_size=500, default_user=by, default_date=at)


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
