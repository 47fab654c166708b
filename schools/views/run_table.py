"""The table of a run: its views with counts, filters that live in the address, pages that turn by place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self
from uuid import UUID

from django import forms
from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import QueryDict

from accounts.pieces import Segment
from schools.choices import STANDING_CHOICES, VERDICT_CHOICES, Decision, Locality, SchoolKind, VerdictSegment
from schools.identification import Flag
from schools.models import IdentificationRun, School, SchoolVerdict
from schools.models.identification import SchoolVerdictQuerySet
from schools.verdict_pages import VerdictRow

WITH_LOW_WORKS: Final = "Не названы, но есть низкие работы"
PAGE_SIZE: Final = 20
LAST_PLACE: Final = 2_000_000_000  # fits the column; a larger number in an address asks for nothing
ALL: Final = ("", "все")
FLAG_TITLES: Final[Mapping[Flag, str]] = {
    Flag.SMALL_N: "есть неучтённые малые процедуры",
    Flag.SMALL_SAMPLE: "вывод по малой выборке",
    Flag.MARKER: "признаки необъективности",
    Flag.NO_DATA: "нет части результатов",
    Flag.LOW_UNKNOWN: "низкие известны не по всем работам",
    Flag.PREVIOUS_YEAR: "нет прошлых лет",
    Flag.REPEAT_UNKNOWN: "повтор не проверен",
    Flag.POOLED: "малые работы сложены вместе",
    Flag.NOT_COMPARED: "не с кем сравнить",
    Flag.SHNSU: "трудные социальные условия",
}


class RunFilterForm(forms.Form):
    """Filters of the table. A value that is not offered asks for nothing."""

    territory = forms.ChoiceField(label="Муниципалитет", required=False)
    kind = forms.ChoiceField(label="Вид школы", required=False, choices=[ALL, *SchoolKind.choices])
    locality = forms.ChoiceField(label="Где", required=False, choices=[ALL, *Locality.choices])
    verdict = forms.ChoiceField(label="Вывод", required=False, choices=[ALL, *VERDICT_CHOICES])
    standing = forms.ChoiceField(label="В прежних перечнях", required=False, choices=[ALL, *STANDING_CHOICES])
    decision = forms.ChoiceField(label="Решение", required=False, choices=[ALL, *Decision.choices])
    flag = forms.ChoiceField(
        label="Особенность", required=False, choices=[ALL, *((str(flag), title) for flag, title in FLAG_TITLES.items())]
    )

    def __init__(self, data: QueryDict, *, run: IdentificationRun) -> None:
        super().__init__(data)
        territories = run.counts.get("territories", [])
        if len(territories) > 1:
            self.fields["territory"].choices = [ALL, *map(tuple, territories)]  # type: ignore[attr-defined]
        else:
            del self.fields["territory"]
        self.is_valid()

    def chosen(self) -> dict[str, str]:
        """Return the filters that are set, by name."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrowed(self, verdicts: SchoolVerdictQuerySet) -> SchoolVerdictQuerySet:
        chosen = self.chosen()
        columns = {name: f"school__{name}" for name in ("kind", "locality")}
        apart = {"flag", "territory"}
        conditions = {columns.get(name, name): value for name, value in chosen.items() if name not in apart}
        verdicts = verdicts.filter(**conditions)
        if territory := chosen.get("territory"):  # a few schools of very many: found first, not one by one
            verdicts = verdicts.filter(school__in=School.objects.filter(territory=UUID(territory)).values("pk"))
        if flag := chosen.get("flag"):
            verdicts = verdicts.annotate(flag_text=Cast("flags", TextField())).filter(flag_text__contains=f'"{flag}"')
        return verdicts

    def chips(self, query: QueryDict) -> list[tuple[str, str]]:
        """Return (title, address without it) of each filter that is set."""
        shown = []
        for name, value in self.chosen().items():
            title = dict(self.fields[name].choices)[value]  # type: ignore[attr-defined]
            shown.append((f"{self.fields[name].label}: {title}", address(query, **{name: None})))
        return shown


@dataclass(frozen=True, kw_only=True)
class VerdictPage:
    """Some rows of the table. previous, following: addresses of the neighbours, empty at an end."""

    rows: Sequence[VerdictRow]
    total: int
    previous: str = ""
    following: str = ""


@dataclass(frozen=True, kw_only=True)
class RunTable:
    """What the address asks of a run."""

    run: IdentificationRun
    query: QueryDict
    segment: VerdictSegment
    form: RunFilterForm

    @classmethod
    def of(cls, run: IdentificationRun, query: QueryDict, verdict: SchoolVerdict | None) -> Self:
        """Read the address; without a view in it, the one where the shown school stands."""
        asked = query.get("segment", "")
        known = verdict.segment if verdict else VerdictSegment.LISTED
        segment = VerdictSegment(asked if asked in VerdictSegment.values else known)
        return cls(run=run, query=query, segment=segment, form=RunFilterForm(query, run=run))

    @property
    def text(self) -> str:
        return self.query.get("q", "").replace("\x00", "").strip()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.form.chosen())

    def found(self) -> SchoolVerdictQuerySet:
        verdicts = self.form.narrowed(self.run.verdicts.all())
        return verdicts.filter(school__in=School.objects.matching(self.text)) if self.text else verdicts

    def counts(self) -> Mapping[str, int]:
        """Return school counts by segment: those kept with the run, unless something narrows the table (one query)."""
        return self.found().counted() if self.is_narrowed else self.run.counts

    def segments(self, counts: Mapping[str, int]) -> list[Segment]:
        return [
            Segment(
                title=self.title_of(each),
                url=f"{address(self.query, segment=each)}#t-list",
                count=counts.get(each, 0),
                current=each == self.segment,
            )
            for each in VerdictSegment
        ]

    def title_of(self, segment: VerdictSegment) -> str:
        """Return the title of a part; where a comparison alone decides, low works bring no school near a threshold."""
        is_compared_only = segment is VerdictSegment.NEAR and not self.run.rules.has_own_conditions
        return WITH_LOW_WORKS if is_compared_only else str(segment.label)

    def page(self, total: int) -> VerdictPage:
        """Return the rows after a place, or before one. One query, whatever page it is."""
        after, before = place_of(self.query, "after"), place_of(self.query, "before")
        verdicts = self.found().filter(segment=self.segment).for_page()
        if before is not None:
            backwards = verdicts.filter(place__lt=before).order_by("-place", "-pk")[: PAGE_SIZE + 1]
            return self._page(list(backwards)[:PAGE_SIZE][::-1], total, earlier=len(backwards) > PAGE_SIZE, later=True)
        rows = list(verdicts.filter(place__gt=after or 0)[: PAGE_SIZE + 1])
        return self._page(rows[:PAGE_SIZE], total, earlier=bool(after), later=len(rows) > PAGE_SIZE)

    def _page(self, verdicts: Sequence[SchoolVerdict], total: int, *, earlier: bool, later: bool) -> VerdictPage:
        if not verdicts:
            return VerdictPage(rows=[], total=total)
        rules = self.run.rules
        return VerdictPage(
            rows=[VerdictRow(verdict=each, rules=rules, year=self.run.year) for each in verdicts],
            total=total,
            previous=address(self.query, before=verdicts[0].place) if earlier else "",
            following=address(self.query, after=verdicts[-1].place) if later else "",
        )


def address(query: QueryDict, **changes: object) -> str:
    """Return the query string with some keys changed; what is not told of the page and the card is dropped."""
    changed = query.copy()
    for name in ("after", "before", "school", *changes):
        changed.pop(name, None)
    for name, value in changes.items():
        if value is not None:
            changed[name] = str(value)
    return f"?{changed.urlencode()}"


def place_of(query: QueryDict, name: str) -> int | None:
    """Return a place of the address; None when it is not a number of the column."""
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 and int(text) < LAST_PLACE else None


def chosen_verdict(run: IdentificationRun, school: str | None, rows: Iterable[VerdictRow]) -> SchoolVerdict | None:
    """Return the verdict of the asked school, or the first of the table."""
    verdicts = [row.verdict for row in rows]
    for verdict in verdicts:
        if str(verdict.school_id) == school:
            return verdict
    if school and is_uuid(school):
        asked: SchoolVerdict | None = run.verdicts.for_page().filter(school=UUID(school)).first()
        return asked
    return verdicts[0] if verdicts else None


def is_uuid(text: str) -> bool:
    """Answer whether a text is an id at all; a forged one must not reach the database."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def table_context(table: RunTable) -> dict[str, Any]:
    """Return what the table shows. One query; one more for counts when it is narrowed, one when nobody is listed."""
    counts = table.counts()
    return {
        "table": table,
        "filter_form": table.form,
        "chips": table.form.chips(table.query),
        "segments": table.segments(counts),
        "segment": table.segment,
        "q": table.text,
        "page": table.page(counts.get(table.segment, 0)),
        "not_compared": not_compared(table.run) if not counts.get(VerdictSegment.LISTED) else 0,
    }


def not_compared(run: IdentificationRun) -> int:
    """Return how many schools could not be judged beside others. A query, for a rule that compares schools."""
    if not run.rules.compares_schools:
        return 0
    flags = run.verdicts.order_by().annotate(flag_text=Cast("flags", TextField()))
    return flags.filter(flag_text__contains=f'"{Flag.NOT_COMPARED}"').count()
