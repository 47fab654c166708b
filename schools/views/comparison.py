"""Two runs side by side: two rules, two years, two states of the data."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.audit import record
from accounts.choices import AuditCode
from accounts.forms import RowChoiceField
from accounts.http import AuthenticatedHttpRequest, attachment
from accounts.models import User
from accounts.permissions import Permission
from accounts.pieces import Segment
from accounts.russian import short_date
from schools.correction_rows import Correction, corrections_between
from schools.diff_words import ChangeRow, change_rows
from schools.fingerprints import Sameness, sameness_of
from schools.identification import Rules, Verdict, facts_read
from schools.lineage import Lineage, read_lineage
from schools.list_kinds import NAMED
from schools.models import IdentificationRun, SchoolVerdict
from schools.quarter_words import quarter_lines
from schools.result_groups import columns_of
from schools.rule_basis import run_told
from schools.rule_comparison import pairs, requisites
from schools.run_diff import Judged, Move, SchoolChange, Side, moves, school_change
from schools.social_pages import conditions_told
from schools.views.run_table import address
from schools.xlsx_stream import Look, written_book

PAGE_SIZE: Final = 30
PORTION: Final = 500
UNKNOWN_RUN: Final = "Такого расчёта нет. Выберите расчёт из списка."
SAME_RUN: Final = "Выбран один и тот же расчёт. Укажите другой."
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOVES: Final[Mapping[Move, str]] = {Move.ENTERED: "Войдут", Move.LEFT: "Выйдут", Move.STAYED: "Останутся"}
OF_EARLIER_PORTAL: Final = (
    "расчёт сделан прежней версией портала, сравнить данные нельзя. Что изменилось, сказано у школ"
)
OTHER_WORKS_READ: Final = "правила читают разные годы, работы или столбцы, поэтому контрольные суммы не сравниваются"
OTHER_RESULTS: Final = (
    "разные: результаты между расчётами менялись, контрольные суммы не совпадают. "
    "Суммы охватывают и работы, которые правило не учитывает; что изменилось в учтённых, сказано у школ"
)
OTHER_FACTS_READ: Final = "результаты те же; сведения о школах правила читают разные, поэтому они не сравниваются"
OTHER_FACTS: Final = (
    "разные: результаты те же, но между расчётами менялись сведения о школах, на которые смотрит правило: "
    "вид, прежние перечни, состав школ или то, по чему оно сравнивает"
)
COLUMNS: Final = (
    ("Школа", 42),
    ("Муниципалитет", 30),
    ("Что меняется", 14),
    ("Вывод первого расчёта", 24),
    ("Вывод второго расчёта", 24),
    ("Почему", 50),
    ("Процедуры", 80),
)


def run_field(label: str) -> RowChoiceField[IdentificationRun]:
    none = IdentificationRun.objects.none()
    return RowChoiceField(none, label=label, required=False, error_messages={"invalid_choice": UNKNOWN_RUN})


class SidesForm(forms.Form):
    """Which two runs to compare."""

    before = run_field("Было")
    after = run_field("Стало")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        runs = IdentificationRun.objects.visible_to(user).for_page().newest_first()
        choices = [("", "Выберите расчёт"), *((run.pk, run_words(run)) for run in runs)]
        for name in ("before", "after"):
            field: Any = self.fields[name]
            field.queryset, field.choices = runs, choices

    def clean_after(self) -> IdentificationRun | None:
        after: IdentificationRun | None = self.cleaned_data["after"]
        if after and after == self.cleaned_data.get("before"):
            raise forms.ValidationError(SAME_RUN)
        return after


def run_words(run: IdentificationRun) -> str:
    """Return what tells runs apart: time, rule, year of results, territory; a narrow field shows the first of them."""
    counted = timezone.localtime(run.created_at)
    return f"{short_date(counted)} {counted:%H:%M}, {run.rule_set}, {run.year} год, {run.territory}"


@dataclass(frozen=True)
class Comparison:
    """Two runs, and what their stored verdicts say."""

    before: IdentificationRun
    after: IdentificationRun

    @cached_property
    def sides(self) -> tuple[Side, Side]:
        return tuple(Side(rules=run.rules, year=run.year) for run in (self.before, self.after))  # type: ignore[return-value]

    @cached_property
    def sameness(self) -> Sameness | None:
        return sameness_of(self.before.data_fingerprint, self.after.data_fingerprint)

    @property
    def is_same_data(self) -> bool:
        return self.sameness is not None and all(self.sameness)

    @property
    def data_words(self) -> str:
        """Return whether both runs have read the same data: told apart from rules that read different data."""
        if self.is_same_data:
            return "те же"
        old, new = self.sides
        if old.year != new.year or not self.is_same_territory:
            return "разные: другой год результатов или другая территория"
        if self.sameness is None:
            return OF_EARLIER_PORTAL
        if not self.sameness.results:
            is_told = results_read(old.rules) == results_read(new.rules)
            return OTHER_RESULTS if is_told else OTHER_WORKS_READ
        return OTHER_FACTS if facts_read_by(old.rules) == facts_read_by(new.rules) else OTHER_FACTS_READ

    @property
    def quarters(self) -> tuple[list[str], list[str]]:
        """Return the boundaries of low scores that differ: of the first run, of the second one."""
        was, now = (quarter_lines(run)[1:] for run in (self.before, self.after))
        return [line for line in was if line not in now], [line for line in now if line not in was]

    @property
    def is_same_territory(self) -> bool:
        return self.before.territory_id == self.after.territory_id

    @cached_property
    def lineage(self) -> Lineage:
        """Return the schools that were registered anew: on both sides they stand as the school that each is now."""
        return read_lineage()

    @cached_property
    def names(self) -> dict[Any, tuple[str, str]]:
        """Return school id -> (name, municipality) of the schools that one side names. One query for both sides."""
        return {key: names for named in self.named for key, names in named.items()}

    @cached_property
    def named(self) -> tuple[dict[Any, tuple[str, str]], dict[Any, tuple[str, str]]]:
        rows = SchoolVerdict.objects.filter(NAMED, run__in=[self.before, self.after]).order_by()
        if not self.is_same_territory:  # only what both have judged can be compared
            for run in (self.before, self.after):
                rows = rows.filter(school__in=run.verdicts.order_by().values("school"))
        sides: dict[Any, dict[Any, tuple[str, str]]] = {self.before.pk: {}, self.after.pk: {}}
        for side, school, name, place in rows.values_list(
            "run_id", "school_id", "school__name", "school__territory__name"
        ):
            sides[side][self.lineage.now(school)] = (name, place)
        return sides[self.before.pk], sides[self.after.pk]

    @cached_property
    def moves(self) -> dict[Move, list[Any]]:
        """Return the ids of schools by what becomes of them, in the order of names."""
        return {
            move: sorted(keys, key=lambda key: (self.names[key], str(key))) for move, keys in moves(*self.named).items()
        }

    def changes(self, schools: Sequence[Any]) -> list[SchoolChange[Any]]:
        """Return why each of these schools moved. One query."""
        persons = self.lineage.with_former(schools)
        rows = SchoolVerdict.objects.filter(run__in=[self.before, self.after], school__in=persons).order_by()
        judged = {(each.run_id, self.lineage.now(each.school_id)): judged_of(each) for each in rows}
        old, new = self.sides
        return [
            school_change(
                pk,
                judged.get((self.before.pk, pk)),
                judged.get((self.after.pk, pk)),
                old,
                new,
                is_same_data=self.is_same_data,
            )
            for pk in schools
        ]

    def rows(self, schools: Sequence[Any]) -> list[ChangeRow]:
        """Return what a table says of these schools. Two queries."""
        found: Mapping[Any, Correction] = {}
        if self.before.year == self.after.year:
            found = corrections_between(schools, self.before.created_at, self.after.created_at, self.lineage)
        return change_rows(self.changes(schools), self.names, self.sides, found)


def results_read(rules: Rules) -> tuple[Any, ...]:
    """Return what of the stored results a rule reads: years, of whom the older ones, procedures, attempts, columns."""
    years = rules.years_read, rules.compares_schools
    kinds = frozenset(procedure.kind for procedure in rules.procedures)
    return years, kinds, rules.attempt, columns_of(rules)


def facts_read_by(rules: Rules) -> tuple[Any, ...]:
    """Return what a rule reads of schools, and the index and the set that their conditions and clusters come from."""
    clusters = rules.relative_rule.cluster_set if rules.relative_rule else ""
    return facts_read(rules), rules.shnsu_rule, clusters


def judged_of(verdict: SchoolVerdict) -> Judged:
    return Judged(
        verdict=Verdict(verdict.verdict),
        kind=verdict.kind_used,
        parts=tuple(verdict.evidence),
        comparison=verdict.comparison,
        is_held=verdict.is_held,
        facts=verdict.facts,
    )


def rule_differences(before: IdentificationRun, after: IdentificationRun) -> list[tuple[str, str, str]]:
    """Return (parameter, was, is) in words, of those that differ."""
    return [(pair.title, pair.first, pair.second) for pair in pairs(before.rules, after.rules) if pair.differs]


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def compare(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Let a person choose two runs, and show what differs between them."""
    form = SidesForm(request.GET or None, user=request.user)
    context: dict[str, Any] = {"form": form}
    if form.is_valid() and form.cleaned_data["before"] and form.cleaned_data["after"]:
        context |= comparison_context(request, Comparison(form.cleaned_data["before"], form.cleaned_data["after"]))
    return render(request, "identification/compare.html", context, status=422 if form.errors else 200)


def comparison_context(request: AuthenticatedHttpRequest, comparison: Comparison) -> dict[str, Any]:
    asked = request.GET.get("move", "")
    move = Move(asked) if asked in set(Move) else first_filled(comparison)
    page = Paginator(comparison.moves[move], PAGE_SIZE).get_page(request.GET.get("page"))
    return {
        "comparison": comparison,
        "move": move,
        "segments": segments(request, comparison, move),
        "page": page,
        "rows": comparison.rows(list(page.object_list)),
        "conditions": [conditions_told(run) for run in (comparison.before, comparison.after)],
        "quarters": comparison.quarters if any(comparison.quarters) else None,
        **rules_beside(comparison.before, comparison.after),
    }


def rules_beside(before: IdentificationRun, after: IdentificationRun) -> dict[str, Any]:
    """Return what differs in what the two rules say of themselves and in their parameters, and how much is the same."""
    told, parameters = requisites(before.rule_set, after.rule_set), pairs(before.rules, after.rules)
    return {
        "requisites": [pair for pair in told if pair.differs],
        "differences": [pair for pair in parameters if pair.differs],
        "same": sum(not pair.differs for pair in (*told, *parameters)),
    }


def first_filled(comparison: Comparison) -> Move:
    """Return the first tab that has schools: whoever compares looks for what has changed."""
    return next((move for move in MOVES if comparison.moves[move]), Move.ENTERED)


def segments(request: AuthenticatedHttpRequest, comparison: Comparison, current: Move) -> list[Segment]:
    return [
        Segment(
            title=title,
            url=f"{address(request.GET, move=each, page=None)}#t-moves",
            count=len(comparison.moves[each]),
            current=each is current,
        )
        for each, title in MOVES.items()
    ]


@require_safe
@access(Permission.VIEW_IDENTIFICATION)
def download(request: AuthenticatedHttpRequest, before: uuid.UUID, after: uuid.UUID) -> HttpResponse:
    """Give the comparison as a workbook: every school that moves, and those that stay with changed counts.

    Who took it is an event of the later run.
    """
    runs = IdentificationRun.objects.visible_to(request.user).for_page()
    comparison = Comparison(get_object_or_404(runs, pk=before), get_object_or_404(runs, pk=after))
    titles, widths = zip(*COLUMNS, strict=True)
    look = Look(widths=widths, above=lines_above(comparison), is_wrapped=True, is_printed_across=True)
    book = written_book("Сравнение", titles, sheet_rows(comparison), look=look)
    record(
        AuditCode.REPORT_DOWNLOADED, actor=request.user, obj=comparison.after, workbook="comparison", before=str(before)
    )
    years = " и ".join(map(str, dict.fromkeys((comparison.before.year, comparison.after.year))))
    return HttpResponse(book, content_type=XLSX, headers=attachment(f"Сравнение расчётов {years}.xlsx"))


def lines_above(comparison: Comparison) -> list[str]:
    """Return which runs are compared, what their rules rest on, and what differs between them."""
    before, after = comparison.before, comparison.after
    differences = [f"{title}: {was} → {now}" for title, was, now in rule_differences(before, after)]
    return [
        "Сравнение двух расчётов",
        f"Было. {side_told(before)}",
        f"Стало. {side_told(after)}",
        f"Данные: {comparison.data_words}.",
        f"Параметры правила: {'; '.join(differences) or 'те же'}.",
        *quarters_told(comparison),
    ]


def quarters_told(comparison: Comparison) -> Iterable[str]:
    sides = dict(zip(("было", "стало"), comparison.quarters, strict=True))
    yield from (f"Границы низких баллов, {side}: {'; '.join(lines)}." for side, lines in sides.items() if lines)


def side_told(run: IdentificationRun) -> str:
    """Return the name of a run, its time, its rule and what that rests on."""
    counted = timezone.localtime(run.created_at)
    rule = f"{run.rule_set.title} ({run.rule_set})"
    told = f"{run}. Рассчитано {short_date(counted)} {counted:%H:%M}. Правило: {rule}. {run_told(run)}"
    return " ".join(filter(None, (told, conditions_told(run))))


def sheet_rows(comparison: Comparison) -> Iterable[Sequence[str]]:
    for move, title in MOVES.items():
        keys = comparison.moves[move]
        for start in range(0, len(keys), PORTION):
            for row in comparison.rows(keys[start : start + PORTION]):
                yield [row.name, row.municipality, title, row.before, row.after, row.why, "\n".join(row.lines)]
