"""Every figure of the tables in the files of R1, R4, R8 and R9, counted anew from the rows of the demo region.

Nothing of the code that makes reports is used to count: plain queries and plain arithmetic.
"""

import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from openpyxl import load_workbook
from pytest_django.plugin import DjangoDbBlocker

from monitoring.models import MonitoringCycle, Reading
from reports.building import build
from reports.choices import FileFormat
from reports.facts.frame import ReportSpec
from reports.facts.parts import Signer
from riskprofiles.models import ProfileFactor
from roadmaps.models import Measure
from schools.models import AssessmentResult, School, SchoolListItem, Territory
from tests.demo import TODAY, demo_region

pytestmark = pytest.mark.django_db
YEAR: Final = TODAY.year
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Files:
    """The two files of a report, read by programs that know nothing of it."""

    pdf: str
    sheets: dict[str, list[Row]]

    def table(self, title: str) -> list[Row]:
        """Return the rows under the head of a sheet, up to the first empty one."""
        rows = self.sheets[title][3:]
        end = next((number for number, row in enumerate(rows) if not any(cell is not None for cell in row)), len(rows))
        return [tuple(plain(cell) for cell in row) for row in rows[:end]]

    def printed(self, label: str, numbers: str) -> int:
        """Count the lines of the PDF that have a label, or its beginning, and end with these numbers."""
        found = 0
        for line in self.pdf.splitlines():
            words = " ".join(line.split())
            start = words.removesuffix(f" {numbers}").lstrip("0123456789 ")
            found += words.endswith(f" {numbers}") and bool(start) and label.startswith(start)
        return found


def plain(cell: Any) -> Any:
    return cell.replace("\u00a0", " ") if isinstance(cell, str) else cell


@pytest.fixture(scope="module")
def files(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Build the four reports once; the region stays for the queries of the tests."""
    folder = tmp_path_factory.mktemp("against_rows")
    with demo_region(django_db_blocker, tmp_path_factory, folder / "files"):
        yield {kind: read(kind, folder) for kind in ("R1", "R4", "R8", "R9")}


def read(kind: str, folder: Path) -> Files:
    made = {file.format: file.content for file in build(spec(kind), FileFormat, lambda _text, _done: None).files}
    path = folder / f"{kind}.pdf"
    path.write_bytes(made[FileFormat.PDF])
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    book = load_workbook(BytesIO(made[FileFormat.XLSX]), data_only=True)
    return Files(text, {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book})


def spec(kind: str) -> ReportSpec:
    return ReportSpec(
        kind=kind,
        territory=territory(),
        school=None,
        period_from=date(YEAR, 1, 1),
        period_to=date(YEAR, 12, 31),
        as_of=TODAY,
        dated=TODAY,
        signer=Signer(position="Начальник управления", name="И.К. Воронов"),
        executor="",
    )


def territory() -> Territory:
    return Territory.objects.get(pk=SchoolListItem.objects.values_list("school__territory", flat=True)[:1])


def listed() -> dict[Any, str]:
    """Return the schools of the published list: key -> name, in the order of the names."""
    rows = SchoolListItem.objects.filter(school_list__state="published").order_by("school_name")
    return dict(rows.values_list("school_id", "school_name"))


def percent(part: int, whole: int, digits: int = 1) -> str:
    """Return a share as it is printed, rounded half up: «46,7»."""
    scaled = Fraction(100 * part * 10**digits, whole)
    number = int(scaled + Fraction(1, 2))
    text = f"{number / 10**digits:.{digits}f}".replace(".", ",")
    return f"{text}*" if whole < 10 else text


def spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def same(found: list[Row], expected: list[Row]) -> None:
    """Compare rows; shares within the error of a float."""
    assert len(found) == len(expected), (found, expected)
    for got, wanted in zip(found, expected, strict=True):
        assert got[: len(wanted)] == tuple(
            pytest.approx(each, abs=1e-9) if isinstance(each, float) else each for each in wanted
        ), got


# Execution, in R1 and R4


def executions() -> dict[Any, Counter[str]]:
    """Count the measures of each school by hand: planned, done, in time, overdue."""
    counts: dict[Any, Counter[str]] = defaultdict(Counter)
    measures = Measure.objects.filter(roadmap__school__in=listed(), roadmap__approval_act__isnull=False)
    for school, status, due, done_on in measures.values_list("roadmap__school", "status", "due_date", "done_on"):
        if status in {"cancelled", "not_applicable"}:
            continue
        is_done = status in {"done", "done_late"}
        counts[school]["planned"] += 1
        counts[school]["done"] += is_done
        counts[school]["in_time"] += status == "done" and (done_on is None or due is None or done_on <= due)
        is_over = due is not None and due < TODAY
        counts[school]["overdue"] += is_over and not is_done and status != "partial"
    return counts


def execution_rows() -> list[tuple[str, tuple[int, ...]]]:
    counted = executions()
    keys = ("planned", "done", "in_time", "overdue")
    return [(name, tuple(counted[pk][key] for key in keys)) for pk, name in listed().items() if pk in counted]


@pytest.mark.parametrize("kind", ["R1", "R4"])
def test_execution_of_roadmaps_is_that_of_the_measures(files: dict[str, Files], kind: str) -> None:
    rows = execution_rows()
    total = tuple(sum(numbers[place] for _, numbers in rows) for place in range(4))
    without = len(listed()) - len(rows)
    table = files[kind].table("Исполнение дорожных карт")

    same(
        [row[1:] for row in table if isinstance(row[2], int)],
        [(name, *numbers, numbers[1] / numbers[0]) for name, numbers in [*rows, ("Итого", total)]],
    )
    assert [row[2:] for row in table if not isinstance(row[2], int)] == [("—",) * 5] * without
    for name, numbers in [*rows, ("Итого", total)]:
        assert files[kind].printed(name, " ".join([*map(str, numbers), percent(numbers[1], numbers[0])])) == 1, name


@pytest.mark.parametrize("kind", ["R1", "R4"])
def test_execution_in_words_is_the_total_of_the_table(files: dict[str, Files], kind: str) -> None:
    rows = execution_rows()
    planned, done, in_time, overdue = (sum(numbers[place] for _, numbers in rows) for place in range(4))
    text = " ".join(files[kind].pdf.split())

    words = (
        rf"сполнено {done} мероприяти\w+ из {planned} \({percent(done, planned)} %\), в том числе в срок – {in_time};"
    )
    assert re.search(words, text)
    assert re.search(rf"просро(‐ )?чено – {overdue} мероприяти", text)


# R1


def test_risks_are_counted_from_the_verified_factors(files: dict[str, Files]) -> None:
    rows = ProfileFactor.objects.filter(
        profile__school__in=listed(),
        profile__state__in=("VERIFIED", "APPROVED", "verified", "approved"),
        verified_level__in=("high", "medium", "low", "HIGH", "MEDIUM", "LOW"),
    )
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for factor in rows.select_related("factor"):
        title = factor.factor.title if factor.factor else factor.own_title
        counted[title][0] += 1
        counted[title][1] += factor.is_activated
    table = files["R1"].table("Подтверждённые факторы риска")

    assert table
    assert {row[0]: list(row[1:3]) for row in table} == dict(counted)
    for title, numbers in counted.items():
        assert files["R1"].printed(title, " ".join(map(str, numbers))) == 1, title


def test_metrics_are_the_sums_of_what_schools_handed_in(files: dict[str, Files]) -> None:
    cycle = MonitoringCycle.objects.exclude(state="planned").order_by("-as_of_date")[0]
    sums: dict[str, list[int]] = {}
    readings = Reading.objects.filter(submission__cycle=cycle, submission__state__in=("submitted", "accepted"))
    for reading in readings.select_related("metric").order_by("metric__position"):
        numbers = sums.setdefault(f"{reading.metric.code} {reading.metric.title}", [0, 0, 0])
        if reading.numerator is not None and reading.denominator is not None:
            for place, value in enumerate((1, reading.numerator, reading.denominator)):
                numbers[place] += value

    assert sums
    same(
        [row[:5] for row in files["R1"].table("Показатели мониторинга")],
        [(title, *numbers, numbers[1] / numbers[2]) for title, numbers in sums.items()],
    )
    for title, numbers in sums.items():
        printed = " ".join([*map(spaced, numbers), percent(numbers[1], numbers[2])])
        label = title.split(maxsplit=1)[0]
        assert re.search(rf"^\s*{label} .*\s{re.escape(printed)} ", squeezed(files["R1"].pdf), re.MULTILINE), title


def squeezed(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def test_outcomes_are_the_sums_of_the_results(files: dict[str, Files]) -> None:
    sums: Counter[tuple[str, str, int, str]] = Counter()
    for result in AssessmentResult.objects.filter(school__in=listed(), procedure__in=("VPR", "OGE")):
        sums[result.procedure, result.subject, result.year, "low"] += result.mark2 or 0
        sums[result.procedure, result.subject, result.year, "all"] += result.participants
    expected = []
    for procedure, name in (("VPR", "ВПР"), ("OGE", "ОГЭ")):
        for subject, title in (("RU", "русский язык"), ("MA", "математика")):
            shares = [
                Fraction(sums[procedure, subject, year, "low"], sums[procedure, subject, year, "all"])
                for year in (YEAR - 1, YEAR)
            ]
            exact = 1000 * (shares[1] - shares[0])
            tenths = int(abs(exact) + Fraction(1, 2)) * (1 if exact > 0 else -1)
            expected.append((name, title, YEAR, float(shares[0]), float(shares[1]), tenths / 10))

    same(files["R1"].table("Доля низких результатов"), expected)
    for name, title, year, before, now, change in expected:
        sign = "+" if change > 0 else "−" if change < 0 else ""
        numbers = f"{100 * before:.1f} {100 * now:.1f} {sign}{abs(change):.1f}".replace(".", ",")
        assert files["R1"].printed(f"{name} {title} {year}", numbers) == 1


@pytest.mark.parametrize("kind", ["R1", "R8"])
def test_number_of_schools_is_that_of_the_list(files: dict[str, Files], kind: str) -> None:
    schools = School.objects.filter(territory=territory(), status="active").count()
    text = " ".join(files[kind].pdf.split())

    assert f"относятся {len(listed())} из {schools} школ" in text
    assert f"({percent(len(listed()), schools)} %)" in text


# R8


@dataclass(frozen=True)
class Work:
    low: int
    participants: int

    @property
    def is_low(self) -> bool:
        """Thirty per cent and more, of ten works or more of a usual school, as RU-2025 counts."""
        return 100 * self.low >= 30 * self.participants


def works() -> dict[Any, dict[tuple[str, str, int], dict[int, Work]]]:
    """Return school -> (procedure, subject, grade) -> year -> counts."""
    found: dict[Any, dict[tuple[str, str, int], dict[int, Work]]] = defaultdict(lambda: defaultdict(dict))
    for result in AssessmentResult.objects.filter(school__in=listed()):
        low = result.mark2 if result.below_min is None else result.below_min
        if low is not None:
            key = (result.procedure, result.subject, result.grade)
            found[result.school_id][key][result.year] = Work(low, result.participants)
    return found


def grounds(school: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the conditions and numbers of each low work of the year: both years only when it was low in both."""
    for years in works()[school].values():
        now, before = years.get(YEAR), years.get(YEAR - 1)
        if now is None or not now.is_low:
            continue
        numbers: tuple[Any, ...] = (now.participants, now.low, now.low / now.participants)
        if before and before.is_low:
            yield "1, 2", (before.participants, before.low, before.low / before.participants, *numbers)
        else:
            yield "1", (None, None, None, *numbers)


def test_list_counts_the_low_works_of_each_school(files: dict[str, Files]) -> None:
    table = files["R8"].table("Перечень школ")

    assert [row[1] for row in table] == list(listed().values())
    for row, (school, name) in zip(table, listed().items(), strict=True):
        conditions = [each for each, _ in grounds(school)]
        counts = (len(conditions), conditions.count("1, 2"))
        assert row[4:6] == counts, name
        assert files["R8"].printed(name, f"{row[2]} {row[3]} {counts[0]} {counts[1]}") == 1, name


def rounded(condition: str, numbers: Row) -> Row:
    return (condition, *(round(cell, 9) if isinstance(cell, float) else cell or None for cell in numbers))


def test_grounds_are_the_results_of_the_rows(files: dict[str, Files]) -> None:
    table = files["R8"].table("Основания включения")

    assert {row[0] for row in table} == set(listed().values())
    for school, name in listed().items():
        found = sorted((rounded(row[2], row[3:9]) for row in table if row[0] == name), key=repr)
        assert found == sorted((rounded(*ground) for ground in grounds(school)), key=repr), name


def test_grounds_on_paper_are_those_of_the_rows(files: dict[str, Files]) -> None:
    lines = Counter(line for line in squeezed(files["R8"].pdf).splitlines())
    printed: Counter[str] = Counter()
    for school in listed():
        for condition, numbers in grounds(school):
            pairs = [(numbers[1], numbers[0]), (numbers[4], numbers[3])]
            shown = [f"{whole} {low} {percent(low, whole, 2)}" for low, whole in pairs if whole]
            printed[" ".join([condition, *shown])] += 1

    assert printed
    for text, number in printed.items():
        assert sum(count for line, count in lines.items() if line.endswith(f" {text}")) == number, text


def test_works_of_the_list_are_marked_by_the_threshold(files: dict[str, Files]) -> None:
    title = next(title for title in files["R8"].sheets if title.startswith("Школы перечня и работы"))
    table = files["R8"].table(title)
    counts = {
        name: sorted(round(work.low / work.participants, 9) for years in works()[school].values()
                     for year, work in years.items() if year == YEAR)
        for school, name in listed().items()
    }  # fmt: skip

    assert [row[0] for row in table] == list(listed().values())
    for row in table:
        assert sorted(round(cell, 9) for cell in row[1:] if isinstance(cell, int | float)) == counts[row[0]]


# R9


def sums_of_works() -> dict[tuple[str, str, int], dict[int, Work]]:
    """Return (procedure, subject, grade) -> year -> counts of all schools, by hand."""
    found: dict[tuple[str, str, int], dict[int, Work]] = defaultdict(dict)
    for result in AssessmentResult.objects.filter(school__territory=territory(), year__in=(YEAR - 1, YEAR)):
        low = result.mark2 if result.below_min is None else result.below_min
        if low is not None:
            key = (result.procedure, result.subject, result.grade)
            before = found[key].get(result.year, Work(0, 0))
            found[key][result.year] = Work(before.low + low, before.participants + result.participants)
    return found


def works_of_schools() -> dict[tuple[str, str, int], dict[object, dict[int, Work]]]:
    """Return (procedure, subject, grade) -> school -> year -> counts, by hand."""
    found: dict[tuple[str, str, int], dict[object, dict[int, Work]]] = defaultdict(lambda: defaultdict(dict))
    for result in AssessmentResult.objects.filter(school__territory=territory(), year__in=(YEAR - 1, YEAR)):
        low = result.mark2 if result.below_min is None else result.below_min
        if low is not None:
            key = (result.procedure, result.subject, result.grade)
            before = found[key][result.school_id].get(result.year, Work(0, 0))
            counts = Work(before.low + low, before.participants + result.participants)
            found[key][result.school_id][result.year] = counts
    return found


def same_schools(schools: dict[object, dict[int, Work]]) -> tuple[int, Work, Work]:
    """Return how many schools have the work in both years, and their sums."""
    both = [years for years in schools.values() if len(years) > 1]
    sums = [
        Work(sum(years[year].low for years in both), sum(years[year].participants for years in both))
        for year in (YEAR - 1, YEAR)
    ]
    return len(both), sums[0], sums[1]


def test_dynamics_of_the_territory_are_the_sums_of_its_schools(files: dict[str, Files]) -> None:
    rows = files["R9"].table(next(title for title in files["R9"].sheets if title.startswith("Доля «2» по годам")))
    expected = sorted(
        tuple(number for year in (YEAR - 1, YEAR) for number in (years[year].participants, years[year].low))
        for years in sums_of_works().values()
    )

    found = sorted((row[1], round(row[1] * row[2]), row[3], round(row[3] * row[4])) for row in rows)
    assert found == expected


def test_changes_are_the_differences_of_exact_shares_with_their_level(files: dict[str, Files]) -> None:
    title = next(title for title in files["R9"].sheets if title.startswith("Параллель к параллели"))
    expected = []
    for schools in works_of_schools().values():
        number, before, after = same_schools(schools)
        points = 100 * (Fraction(after.low, after.participants) - Fraction(before.low, before.participants))
        level = "отрицательная" if points >= 10 else "положительная" if points <= -10 else "стабильная"
        tenths = int(abs(10 * points) + Fraction(1, 2)) * (1 if points > 0 else -1)
        left = (sum(len(years) == 1 and year in years for years in schools.values()) for year in (YEAR - 1, YEAR))
        expected.append((number, *left, before.participants, after.participants, tenths / 10, level))

    found = [(*row[2:5], row[5], row[7], row[9], row[11]) for row in files["R9"].table(title)]
    assert sorted(found) == sorted(expected)
