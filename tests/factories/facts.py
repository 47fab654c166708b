"""Facts of reports as values, without a database."""

from datetime import date
from typing import Any

from reports.facts.frame import ReportSpec
from reports.facts.parts import (
    Act,
    Frame,
    ListedSchools,
    Place,
    Plan,
    PlanSection,
    SchoolExecution,
    Share,
    Signer,
)
from reports.facts.r1 import CycleFacts, FactorSpread, MetricFacts, Outcome, Profiles, R1Facts
from reports.facts.r4 import FactorExecution, R4Facts
from reports.facts.r8 import Ground, ListedSchool, R8Facts
from schools.models import School, Territory

PLACE = Place(
    name="Светлоборский муниципальный округ",
    name_genitive="Светлоборского муниципального округа",
    name_prepositional="Светлоборском муниципальном округе",
    authority="Управление образования Светлоборского муниципального округа",
    authority_genitive="управления образования Светлоборского муниципального округа",
    seat="г. Светлый Бор",
)
FRAME = Frame(
    place=PLACE,
    dated=date(2026, 12, 29),
    period_from=date(2026, 1, 1),
    period_to=date(2026, 12, 31),
    as_of=date(2026, 12, 25),
    signer=Signer(position="Начальник управления", name="И.К. Воронов"),
    executor="Егорова М. А., методист",
    has_exact_changes=True,
)


def make_act_facts(**fields: Any) -> Act:
    defaults = {
        "kind": "приказ",
        "issuer_genitive": "управления образования",
        "date": date(2026, 3, 17),
        "number": "124",
        "title": "",
        "url": "",
    }
    return Act(**{**defaults, **fields})


def make_listed(names: tuple[str, ...] = ("МБОУ «СОШ № 3»", "МБОУ «СОШ № 5»"), **fields: Any) -> ListedSchools:
    defaults = {
        "kind": "Муниципальный перечень ШНОР",
        "year": 2025,
        "url": "/identification/",
        "basis": make_act_facts(date=date(2026, 1, 30), number="15", title="Об утверждении перечня"),
        "names": names,
    }
    return ListedSchools(**{**defaults, **fields})


def make_execution(school: str = "МБОУ «СОШ № 3»", **fields: Any) -> SchoolExecution:
    defaults = {
        "url": "/roadmaps/3/",
        "approval": make_act_facts(issuer_genitive="директора школы", number="7-од"),
        "counted": 20,
        "done": 12,
        "on_time": 10,
        "judged": 15,
        "overdue": 3,
        "is_submitted": True,
    }
    return SchoolExecution(**{**defaults, "school": school, **fields})


def make_plan(**fields: Any) -> Plan:
    section = PlanSection(
        title="Организационно-методическая работа",
        counted=4,
        done=2,
        done_titles=("Провести семинар для заместителей директоров.", "Провести совещание руководителей"),
    )
    defaults = {
        "title": "План мероприятий («дорожная карта») на 2026 год",
        "url": "/roadmaps/1/",
        "goal": "повышение качества образования",
        "approval": make_act_facts(),
        "sections": (section,),
    }
    return Plan(**{**defaults, **fields})


def make_r4(**fields: Any) -> R4Facts:
    schools = (make_execution(), make_execution("МБОУ «СОШ № 5»", overdue=0, is_submitted=False))
    factor = FactorExecution(
        title="Недостаточная предметная и методическая компетентность педагогов",
        schools=2,
        fulfilled=1,
        counted=9,
        done=7,
    )
    defaults = {
        "frame": FRAME,
        "school": "",
        "lists": (make_listed(),),
        "plan": make_plan(),
        "monitoring_order": make_act_facts(date=date(2026, 12, 8), number="515"),
        "monitoring_url": "/monitoring/1/",
        "is_monitoring_open": False,
        "submitted": Share(numerator=1, denominator=2),
        "schools": schools,
        "factors": (factor,),
        "cautions": (),
    }
    return R4Facts(**{**defaults, **fields})


def make_listed_school(name: str = "МБОУ «СОШ № 5»", **fields: Any) -> ListedSchool:
    grounds = (
        Ground(condition=1, procedure="ВПР, русский язык, 5 класс", year=2026, low=12, participants=40),
        Ground(condition=1, procedure="ВПР, математика, 6 класс", year=2026, low=26, participants=59),
        Ground(condition=2, procedure="ВПР, математика, 6 класс", year=2025, low=30, participants=66),
        Ground(condition=2, procedure="ВПР, математика, 6 класс", year=2026, low=26, participants=59),
    )
    defaults = {
        "inn": "7700000017",
        "low": 2,
        "repeated": 1,
        "grounds": grounds,
        "is_manual": False,
        "remarks": (),
    }
    return ListedSchool(**{**defaults, "name": name, **fields})


def make_r8(**fields: Any) -> R8Facts:
    defaults = {
        "frame": FRAME,
        "kind": "Муниципальный перечень ШНОР",
        "year": 2026,
        "url": "/identification/",
        "basis": make_act_facts(date=date(2026, 11, 20), number="412"),
        "rule": "Федеральный подход, версия 1",
        "rule_told": "Документ-основание: не указан. Происхождение параметров: предложение портала.",
        "total_schools": 20,
        "schools": (make_listed_school(),),
        "cautions": (),
    }
    return R8Facts(**{**defaults, **fields})


def make_r1(**fields: Any) -> R1Facts:
    everyone = Share(numerator=2, denominator=2)
    defaults = {
        "frame": FRAME,
        "lists": (make_listed(),),
        "total_schools": 20,
        "plan": make_plan(),
        "profiles": Profiles(
            catalogue="Факторы риска, редакция 2021",
            factors=9,
            self_diagnosed=everyone,
            verified=Share(numerator=1, denominator=2),
        ),
        "factors": (FactorSpread(title="Низкая учебная мотивация", confirmed=2, activated=1),),
        "schools": (make_execution(), make_execution("МБОУ «СОШ № 5»", overdue=0)),
        "cycles": (
            CycleFacts(
                stage="Входной",
                is_open=False,
                url="/monitoring/1/",
                basis=make_act_facts(number="31"),
                as_of=date(2026, 2, 16),
                submitted=everyone,
            ),
        ),
        "metrics": (
            MetricFacts(
                code="C1",
                title="Доля педагогов, прошедших диагностику",
                url="/monitoring/1/",
                value=Share(numerator=41, denominator=60),
                reported=everyone,
                target_percent="90",
            ),
        ),
        "outcomes": (
            Outcome(
                procedure="ВПР",
                subject="математика",
                year=2026,
                before=Share(numerator=30, denominator=66),
                now=Share(numerator=26, denominator=59),
            ),
        ),
        "cautions": (),
    }
    return R1Facts(**{**defaults, **fields})


def make_spec(territory: Territory, *, kind: str = "R4", school: School | None = None, **fields: Any) -> ReportSpec:
    """Return the question about 2026 as of 25 December."""
    defaults = {
        "period_from": date(2026, 1, 1),
        "period_to": date(2026, 12, 31),
        "as_of": date(2026, 12, 25),
        "dated": date(2026, 12, 29),
        "signer": Signer(position="Начальник управления", name="И.К. Воронов"),
        "executor": "",
    }
    return ReportSpec(**{**defaults, "kind": kind, "territory": territory, "school": school, **fields})
