"""From parsed files to planned rows: which school, what changes, what is refused and why."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from schools.choices import RowOutcome, TerritoryLevel
from schools.importing.ledger import Ledger
from schools.importing.reach import school_index
from schools.importing.registry import delivered_school, region_for, registry_ledger
from schools.importing.results import ResultKey, delivered, misfit, result_ledger
from schools.intake.identifiers import MUNICIPALITY_LOGIN
from schools.intake.matching import Outcome, SchoolIndex
from schools.intake.rows import ParsedFile, Problem, ProblemCode, ResultRow, SchoolRow, problem_at
from schools.models import ImportBatch, ImportFile, ImportRow, School, Territory

REGISTRY_LAYOUT: Final = "portal_schools"
LABEL_LENGTH: Final = 300
SHEET_LENGTH: Final = 40


@dataclass(frozen=True, kw_only=True)
class FilePlan:
    """A file of a batch with what its rows would do."""

    file: ImportFile
    parsed: ParsedFile
    rows: list[ImportRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def plan_files(batch: ImportBatch, parsed: Sequence[tuple[ImportFile, ParsedFile]]) -> list[FilePlan]:
    """Return the plans of the files in the order of applying: registry, marks, then comparisons with the journal."""
    plans = [FilePlan(file=file, parsed=content, problems=list(content.problems)) for file, content in parsed]
    plans.sort(key=lambda plan: order_of(plan.parsed))
    plan_registry(batch, [plan for plan in plans if plan.parsed.layout == REGISTRY_LAYOUT])
    plan_results(batch, [plan for plan in plans if plan.parsed.layout != REGISTRY_LAYOUT])
    for plan in plans:
        plan.rows.extend(refused_rows(plan))
    return plans


def order_of(parsed: ParsedFile) -> int:
    if parsed.layout == REGISTRY_LAYOUT:
        return 0
    return 1 if any(row.counts for row in parsed.rows) else 2


def refused_rows(plan: FilePlan) -> Iterator[ImportRow]:
    """Yield one row for each place of the file with an error."""
    places = {(problem.sheet, problem.row) for problem in plan.problems if problem.is_error}
    for sheet, number in sorted(places):
        yield ImportRow(file=plan.file, sheet=sheet[:SHEET_LENGTH], number=number, outcome=RowOutcome.REJECTED)


# Results


def plan_results(batch: ImportBatch, plans: Sequence[FilePlan]) -> None:
    if not plans:
        return
    index = school_index(batch)
    matched = [
        (plan, row, school)
        for plan in plans
        for row in plan.parsed.rows
        if (school := find_school(index, row, plan, batch.territory))
    ]
    schools = {school.pk for _, _, school in matched}
    ledger = result_ledger(schools, {row.work.year for _, row, _ in matched})
    seen: dict[tuple[object, ResultKey], int] = {}
    latest = batch.created_at.year + 1
    for plan, row, school in matched:
        if row.work.year > latest:
            plan.problems.append(year_ahead(row, latest))
        elif planned := plan_result(ledger, seen, plan, row, school):
            plan.rows.append(planned)


def find_school(
    index: SchoolIndex[School],
    row: ResultRow,
    plan: FilePlan,
    territory: Territory,
) -> School | None:
    """Return the school of a row. A foreign school and one that nobody knows get the same words."""
    match = index.match(row.school)
    if match.school:
        return match.school.id
    label = row.school.label + (f" ({row.school.login})" if row.school.login else "")
    if match.outcome == Outcome.AMBIGUOUS:
        code = ProblemCode.AMBIGUOUS_SCHOOL
        what = f"школа «{label}» подходит к нескольким школам. Укажите её ИНН или логин."
    else:
        code = ProblemCode.UNKNOWN_SCHOOL
        what = (
            f"школа «{label}» не найдена: её нет в реестре или она вне вашей территории ({territory.name}). "
            "Проверьте ИНН, логин и название или добавьте школу в реестр."
        )
    plan.problems.append(problem_at(code, row.sheet, row.row, what, found=label, expected="школа из реестра"))
    return None


def year_ahead(row: ResultRow, latest: int) -> Problem:
    """Return the problem of a year that has not come. latest: the second year of the academic year that has begun."""
    what = f"год {row.work.year} ещё не наступил: ожидается не позже {latest}. Исправьте год."
    expected = f"год не позже {latest}"
    return problem_at(ProblemCode.OUT_OF_RANGE, row.sheet, row.row, what, found=str(row.work.year), expected=expected)


def plan_result(
    ledger: Ledger[ResultKey],
    seen: dict[tuple[object, ResultKey], int],
    plan: FilePlan,
    row: ResultRow,
    school: School,
) -> ImportRow | None:
    key = (school.pk, row.work)
    first = seen.setdefault((plan.file.pk, key), row.row)
    if first != row.row:
        what = f"повтор строки {first}: та же школа и та же работа. Оставьте одну строку."
        plan.problems.append(problem_at(ProblemCode.REPEATED_ROW, row.sheet, row.row, what, found=school.name))
        return None
    current = ledger.states.get(key)
    after = delivered(row, plan.file, is_first=current is None)
    if reason := misfit(current, after):
        what = f"данные не сходятся: {reason}. Сверьте файл с уже загруженными результатами."
        plan.problems.append(problem_at(ProblemCode.PART_ABOVE_WHOLE, row.sheet, row.row, what, found=reason))
        return None
    change = ledger.plan(key, after)
    return ImportRow(
        file=plan.file,
        sheet=row.sheet[:SHEET_LENGTH],
        number=row.row,
        label=row.school.label[:LABEL_LENGTH],
        school=school,
        outcome=change.outcome,
        key=asdict(row.work),
        before=change.before,
        after=change.after,
    )


# Registry


def plan_registry(batch: ImportBatch, plans: Sequence[FilePlan]) -> None:
    if not plans:
        return
    rows = [(plan, row) for plan in plans for row in plan.parsed.schools]
    ledger = registry_ledger(row.inn for _, row in rows)
    ground = RegistryGround.of(batch, [row for _, row in rows])
    for plan, row in rows:
        if reason := ground.refusal(row, ledger.states.get(row.inn)):
            code, what = reason
            plan.problems.append(problem_at(code, row.sheet, row.row, what, found=row.name))
            continue
        change = ledger.plan(row.inn, delivered_school(row))
        plan.rows.append(
            ImportRow(
                file=plan.file,
                sheet=row.sheet[:SHEET_LENGTH],
                number=row.row,
                label=row.name[:LABEL_LENGTH],
                outcome=change.outcome,
                key={"inn": row.inn, "territory_name": row.territory.name},
                before=change.before,
                after=change.after,
            ),
        )


@dataclass
class RegistryGround:
    """What a row of the registry must fit: territories in reach, logins and names that are taken."""

    territory: Territory
    known: Mapping[str, Territory]  # by code
    logins: dict[str, str]  # login -> ИНН
    names: dict[tuple[str, str], str]  # code of the territory, name -> ИНН

    @classmethod
    def of(cls, batch: ImportBatch, rows: Collection[SchoolRow]) -> "RegistryGround":
        codes = {row.territory.code for row in rows}
        logins = {row.login for row in rows if row.login}
        known = Territory.objects.filter(code__in=codes).select_related("parent")
        named = School.objects.filter(territory__code__in=codes).values_list("territory__code", "name", "inn")
        return cls(
            territory=batch.territory,
            known={territory.code: territory for territory in known},
            logins=dict(School.objects.filter(login__in=logins).values_list("login", "inn")),
            names={(code, name): inn for code, name, inn in named},
        )

    def refusal(self, row: SchoolRow, current: Mapping[str, Any] | None) -> tuple[ProblemCode, str] | None:
        """Return why a row is not taken, or None and remember its login and name."""
        if not self.is_in_reach(row) or (current and not self.is_own_code(current["territory"])):
            where = f"вне вашей территории ({self.territory.name})"
            return ProblemCode.FOREIGN_TERRITORY, f"школа {where}. Проверьте код муниципалитета."
        if row.login and self.logins.setdefault(row.login, row.inn) != row.inn:
            return ProblemCode.REPEATED_ROW, f"логин {row.login} уже записан за другой школой."
        if self.names.setdefault((row.territory.code, row.name), row.inn) != row.inn:
            return ProblemCode.REPEATED_ROW, "школа с таким названием в муниципалитете уже есть, у неё другой ИНН."
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
