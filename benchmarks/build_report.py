"""R1 of a region of 100 supported schools: each file apart, so that the cost of a format is seen."""

from datetime import date

from benchmarks.harness import Benchmark
from reports.document import Document
from reports.document.writers import pdf, xlsx
from reports.facts.parts import Frame, ListedSchools, Place, SchoolExecution, Share
from reports.facts.r1 import MetricFacts, R1Facts
from reports.texts import r1

SCHOOLS = 100
METRICS = 10
DAY = date(2026, 12, 25)


def facts() -> R1Facts:
    names = tuple(f"МБОУ «СОШ № {number} г. Светлоборска»" for number in range(SCHOOLS))
    return R1Facts(
        frame=frame(),
        lists=(ListedSchools(kind="Региональный перечень ШНОР", year=2026, url="/", basis=None, names=names),),
        total_schools=10 * SCHOOLS,
        plan=None,
        profiles=None,
        factors=(),
        schools=tuple(execution(name) for name in names),
        cycles=(),
        metrics=tuple(metric(number) for number in range(METRICS)),
        outcomes=(),
        cautions=(),
    )


def frame() -> Frame:
    place = Place(
        name="Светлоборская область",
        name_genitive="Светлоборской области",
        name_prepositional="Светлоборской области",
        authority="Министерство образования Светлоборской области",
        authority_genitive="министерства образования Светлоборской области",
        seat="г. Светлоборск",
    )
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    return Frame(place=place, dated=DAY, period_from=first, period_to=last, as_of=DAY, signer=None, executor="")


def execution(name: str) -> SchoolExecution:
    return SchoolExecution(
        school=name,
        url="/",
        approval=None,
        counted=20,
        done=12,
        on_time=10,
        judged=15,
        overdue=3,
        is_submitted=True,
    )


def metric(number: int) -> MetricFacts:
    reported = Share(numerator=SCHOOLS, denominator=SCHOOLS)
    value = Share(numerator=4_100 + number, denominator=6_000)
    title = "Доля педагогов, прошедших диагностику"
    return MetricFacts(code=f"C{number}", title=title, url="/", value=value, reported=reported, target_percent="90")


def benchmark() -> Benchmark:
    document: Document = r1.document(facts())
    return Benchmark(
        title=f"R1 of {SCHOOLS} schools from its facts",
        alternatives={"PDF, tagged": lambda: pdf.render(document), "XLSX": lambda: xlsx.render(document)},
    )
